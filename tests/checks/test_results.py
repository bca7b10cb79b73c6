"""Five results, five different things: what each rule gives back for each site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely

from restoration import checks
from restoration.checks.inspection import Inspection, rule
from restoration.checks.results import RESULTS, State, lacking_of, obstacles
from restoration.frame import conform
from restoration.lifecycle import table
from restoration.model import Finding, today
from restoration.text import speaking
from restoration.thresholds import thresholds

from .golden_pairs import FOLDER, TODAY, against, sites_of
from .test_check import SQUARE, frame


@pytest.mark.parametrize("code", checks.CODES)
def test_a_rule_finds_nothing_at_a_site_that_it_could_not_judge(code: str) -> None:
    file = FOLDER / f"{code}.geojson"
    references, photos = against(file)
    ran = checks.run(sites_of(file), today=TODAY, references=references, photos=photos)
    row = {site_id: at for at, site_id in enumerate(ran.sites)}
    blind = [
        (finding.code, site)
        for finding in ran.findings
        for site in (finding.site_id, finding.other_site_id)
        if site and ran.lacking[checks.CODES.index(finding.code), row[site]]
    ]
    assert blind == []


@pytest.mark.parametrize("code", checks.CODES)
def test_every_site_has_one_result_of_every_rule(code: str) -> None:
    file = FOLDER / f"{code}.geojson"
    (references, photos), sites = against(file), sites_of(file)
    results = checks.check_results(sites, today=TODAY, references=references, photos=photos)
    by_rule = results.by_rule()
    assert (by_rule[list(RESULTS)].sum(axis=1) == len(sites)).all()
    assert [sum(number for _, number in why) for why in by_rule["why"]] == by_rule["not_run"].tolist()
    assert by_rule["failed"].tolist()[checks.CODES.index(code)] > 0
    assert results.by_site().shape == (len(sites), len(checks.RULES))


def reasons(*shapes: shapely.Geometry | None, **columns: Any) -> dict[str, str]:
    """Of the first site, by code why a rule did not run."""
    results = checks.check_results(frame(*shapes, **columns))
    return {rule.code: why.en for rule, _, why in results.of("0") if why}


def test_a_rule_that_lacks_what_it_judges_by_is_not_run_and_says_what() -> None:
    planned = reasons(SQUARE, town="")
    assert planned["S301"] == "no reported area"
    assert planned["S304"] == "not accepted yet"
    assert planned["S305"] == "no indicator recorded"
    assert planned["S402"] == "no town given"
    assert planned["S403"] == "no mine"
    own = {code: why for code, why in planned.items() if not why.endswith(("(--against)", "(--photos)"))}
    assert set(own) == {"S301", "S302", "S303", "S304", "S305", "S402", "S403"}
    assert {rule.code for rule in checks.RULES if rule.needs} == set(planned) - set(own)
    assert set(planned) - set(reasons(SQUARE, reported_m2=40_000.0)) == {"S301", "S402"}
    assert reasons(SQUARE, plan_year=None)["S401"] == "no day and years of closure, or no plan year"
    assert reasons(SQUARE, status="cancelled")["S201"] == "struck off"
    nothing = reasons(None, reported_m2=1.0)
    assert {nothing[code] for code in ("S102", "S103", "S104", "S201")} == {"no boundary that can be measured"}
    assert (nothing["S105"], nothing["S301"], "S101" in nothing) == ("no coordinates", "no area of record", False)


def test_of_several_findings_the_gravest_is_the_sites_result() -> None:
    pile = frame(SQUARE, SQUARE, SQUARE)
    ran = checks.run(pile)
    assert [finding.code for finding in ran.findings] == ["S203"] * 3
    states: list[tuple[State, State, State]] = [("waived", "waived", "failed"), ("waived", "stale", "waived"), ("waived",) * 3]
    told = [ran.results(each).by_site()["S203"].tolist() for each in states]
    # the pairs are 1-2, 1-3, 2-3
    assert told == [["waived", "failed", "failed"], ["stale", "waived", "stale"], ["waived"] * 3]


def test_a_layer_that_a_rule_needs_and_was_not_given_is_why_it_is_not_run() -> None:
    @rule("S999", "error", needs=("cropland",))
    def on_cropland(_: Inspection) -> Iterator[Finding]:
        yield from ()

    seen = Inspection(conform(frame(SQUARE, SQUARE)), table(), today(), thresholds())
    assert lacking_of(on_cropland, seen, ()).tolist() == [1, 1]
    assert lacking_of(on_cropland, seen, {"cropland"}).tolist() == [0, 0]
    assert obstacles(on_cropland)[0].en == "no layer of cropland was given (--against)"


def test_an_empty_frame_has_no_result_and_no_fault() -> None:
    by_rule = checks.check_results(frame(plane=False)).by_rule()
    assert np.asarray(by_rule[list(RESULTS)]).sum() == 0


def test_what_a_rule_is_about_is_one_line_in_each_language() -> None:
    for known in checks.RULES:
        for language in ("zh", "en"):
            with speaking(language):
                told = str(checks.about(known))
                assert told
                assert "\n" not in told
                assert not told.startswith(("问题", "What"))
