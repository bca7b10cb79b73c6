"""The overlap statement and net areas: by hand, and that they add up to the land under every rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration.errors import FileRefused, UnknownName
from restoration.frame import conform
from restoration.sharing import ground_of_sites
from restoration.tally import matrix, net_areas, net_rules, overlap_statement, totals
from restoration.tally.overlap import Statement
from restoration.thresholds import thresholds
from tests.making import sites_frame, square

RULES = tuple(net_rules().rules)


def site(
    name: str, column: float, *, row: float = 0.0, year: int = 2021, measure: str = "人工造林", on: str = "", status: str = "施工中"
) -> dict[str, object]:
    return {
        "site_id": name, "measure": measure, "status": status, "plan_year": year, "registered_on": on, "town": f"镇{name[0]}",
        "geometry": square(column, row),
    }  # fmt: skip


def stated(*rows: dict[str, object], rule: str = "first_registered") -> Statement:
    return overlap_statement(conform(sites_frame(*rows)), rule=net_rules().rule(rule), limits=thresholds())


CLOSED = site("F1", 0, measure="封山育林", year=2016, on="2016-03-01", status="封育中")
PLANTED = site("R1", 0.25, year=2021, on="2021-03-01")
AGAIN = site("R2", 0.5, year=2021, on="2021-02-01")


def shares(found: Statement, name: str) -> float:
    """A site's net area in squares."""
    row = found.sites[found.sites["site_id"] == name]
    return round(float(row["net_m2"].item()) / float(row["area_m2"].item()), 4)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first_registered", {"F1": 1.0, "R2": 0.5, "R1": 0.0}),  # F1 0–1, then R2 1–1.5, and of R1 (0.25–1.25) nothing is left
        ("newer_measure", {"F1": 0.25, "R1": 1.0, "R2": 0.25}),  # of the two of 2021 the one registered later keeps it
        ("even", {"F1": 0.5417, "R1": 0.4167, "R2": 0.5417}),  # ¼ alone, ¼ under two, ½ under three: ¼ + ⅛ + ⅙
        ("ask", {"F1": 0.25, "R1": 0.0, "R2": 0.25}),
    ],
)
def test_who_keeps_what_under_each_rule(rule: str, expected: dict[str, float]) -> None:
    """Three squares: from 0 to 1 (closed in 2016), from 0.25 to 1.25 and from 0.5 to 1.5 (both planted in 2021)."""
    found = stated(CLOSED, PLANTED, AGAIN, rule=rule)
    assert {name: shares(found, name) for name in expected} == pytest.approx(expected, abs=2e-4)
    assert found.land_m2 == pytest.approx(1.5 * found.sites["area_m2"].iloc[0], rel=1e-4)
    assert found.sites["net_m2"].sum() + found.undecided_m2 == pytest.approx(found.land_m2, rel=1e-12)
    assert (found.undecided_m2 > 0) == (rule == "ask")


def test_pairs_say_who_with_whom_how_much_and_of_what_kind() -> None:
    twin = {**site("T1", 9), "town": ""}
    nearly = site("T3", 9.004, row=5)
    found = stated(
        CLOSED,
        PLANTED,
        twin,
        {**twin, "site_id": "T2", "plan_year": 2022},
        {**nearly, "geometry": square(9, 5)},
        {**nearly, "site_id": "T4"},
    )
    told = found.pairs.set_index(["site_id", "other_id"])[["kind", "verdict", "keeps"]]
    assert {key: tuple(row) for key, row in told.iterrows()} == {
        ("F1", "R1"): ("overlap", "successive", "F1"),
        ("T1", "T2"): ("duplicate", "suspicious", "T1"),
        ("T3", "T4"): ("near_duplicate", "double", "T3"),
    }
    assert found.pairs["area_m2"].is_monotonic_decreasing
    first = found.pairs[found.pairs["site_id"] == "F1"].iloc[0]
    assert first["likeness_pct"] == pytest.approx(60, abs=0.1)  # ¾ shared of 1¼
    assert first["width_m"] == pytest.approx(2 * first["area_m2"] / (2 * (first["area_m2"] / 221.5 + 221.5)), rel=0.02)
    assert first["geometry"].bounds[0] == pytest.approx(105.1 + 0.25 * 0.002, abs=1e-9)


def test_noise_along_an_edge_is_no_overlap_but_counted_once() -> None:
    """5 cm of a square's edge, 222 m long: 11 m², a strip of 5 cm."""
    found = stated(site("A", 0), site("B", 1 - 0.05 / 201.6))
    assert (found.noise_pairs, found.pairs["kind"].tolist(), found.pairs["verdict"].tolist()) == (1, ["noise"], [""])
    assert found.task_m2 - found.land_m2 == pytest.approx(found.noise_m2, abs=1e-6)
    assert found.noise_m2 == pytest.approx(11.1, abs=0.2)
    assert len(matrix(found.pairs)) == 0


def test_a_wide_overlap_of_less_than_the_limit_of_area_is_noise_too() -> None:
    """0.7 × 0.7 m at a corner: half a square metre, wider than any sliver."""
    found = stated(site("A", 0), site("B", 1 - 0.7 / 201.6, row=1 - 0.7 / 221.5))
    assert (found.noise_pairs, found.noise_m2 < 1) == (1, True)


def test_an_office_says_itself_what_is_counted_twice() -> None:
    limits = thresholds()
    milder = replace(limits, levels={**limits.levels, "S201": {**limits.levels["S201"], "same_measure_same_year": "warning"}})
    sites = conform(sites_frame(site("A", 0), site("B", 0.5)))
    found = overlap_statement(sites, rule=net_rules().rule(), limits=milder)
    assert found.pairs["verdict"].tolist() == ["double"]


def test_what_was_struck_off_shares_nothing() -> None:
    found = stated(CLOSED, {**PLANTED, "status": "cancelled"})
    assert (len(found.pairs), found.sites["site_id"].tolist()) == (0, ["F1"])
    assert found.task_m2 == found.land_m2


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("measure", {("afforestation", "afforestation"): 0.75, ("afforestation", "hill_closure"): 1.25}),
        ("year", {(2016, 2021): 1.25, (2021, 2021): 0.75}),
        ("town", {("镇F", "镇R"): 1.25, ("镇R", "镇R"): 0.75}),
    ],
)
def test_the_matrix_has_each_pair_of_groups_once(by: str, expected: dict[Any, float]) -> None:
    found = stated(AGAIN, CLOSED, PLANTED)
    table = matrix(found.pairs, by=by)
    one = found.sites["area_m2"].iloc[0]
    told = {tuple(row[:2]): round(row[3] / one, 3) for row in table.itertuples(index=False)}
    assert told == pytest.approx(expected, abs=2e-3)
    parts = table[["successive_m2", "suspicious_m2", "double_m2"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["shared_m2"].tolist())


def test_unknown_years_are_one_group() -> None:
    unknown = [{**site(f"N{n}", n / 3), "plan_year": None} for n in range(4)]
    table = matrix(stated(*unknown, site("R1", 1.2)).pairs, by="year")
    assert table[["plan_year", "other_plan_year"]].to_numpy().tolist() in ([["", ""], ["", 2021]], [["", 2021], ["", ""]])


def test_a_grouping_that_is_not_known_is_told() -> None:
    with pytest.raises(UnknownName, match="colour"):
        matrix(stated(CLOSED, PLANTED).pairs, by="colour")


PLACES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(2019, 2022)), min_size=1, max_size=12)


@given(PLACES, st.sampled_from(RULES))
@settings(max_examples=60, deadline=None)
def test_net_areas_add_up_to_the_land_under_every_rule(places: list[tuple[int, int, int]], rule: str) -> None:
    rows = [site(f"S{n}", x / 4, row=y / 4, year=year, on=f"{year}-0{n % 9 + 1}-01") for n, (x, y, year) in enumerate(places)]
    sites = conform(sites_frame(*rows))
    found = overlap_statement(sites, rule=net_rules().rule(rule), limits=thresholds())
    assert found.land_m2 == pytest.approx(totals(sites, by=[]).whole["land_m2"], rel=1e-8)  # GEOS snaps by micrometres
    assert found.sites["net_m2"].sum() + found.undecided_m2 == pytest.approx(found.land_m2, rel=1e-9)
    assert (found.sites["net_m2"] > -0.01).all()
    assert found.sites["area_m2"].sum() == pytest.approx(found.task_m2)


def test_the_order_of_the_sites_changes_no_net_area() -> None:
    rows = [site(f"S{n}", n / 3, year=2019 + n % 3, on=f"2021-01-0{1 + n % 4}") for n in range(9)]
    for rule in RULES:
        one, other = stated(*rows, rule=rule), stated(*rows[::-1], rule=rule)
        there = other.sites.set_index("site_id")["net_m2"]
        assert one.sites.set_index("site_id")["net_m2"].to_dict() == pytest.approx(there.to_dict(), abs=1e-5)


def test_unknown_days_come_last_and_ties_go_by_number() -> None:
    early, unknown = site("B", 0, on="2021-05-01"), site("A", 0.5)
    assert stated(unknown, early).pairs["keeps"].tolist() == ["B"]
    assert stated(site("B", 0), site("A", 0.5)).pairs["keeps"].tolist() == ["A"]


def test_an_offices_own_choice_and_rule(tmp_path: Path) -> None:
    own = tmp_path / "net_rules.toml"
    own.write_text(
        'default = "mines_last"\nsource = "义林通〔2022〕3号"\n'
        '[rule.mines_last]\nzh = "矿区让"\nen = "mines give way"\nway = "order"\norder = ["layer", "plan_year"]\nsource = "同上"\n',
        encoding="utf-8",
    )
    rules = net_rules(own)
    assert (rules.rule().code, rules.rule("平均分摊").way, set(RULES) < set(rules.rules)) == ("mines_last", "even", True)
    with pytest.raises(UnknownName, match="first_registered"):
        rules.rule("nobody")


@pytest.mark.parametrize(
    "wrong",
    [
        'default = "no_such"\nsource = "x"\n',
        '[rule.a]\nzh = "a"\nen = "a"\nway = "order"\norder = ["colour"]\nsource = "x"\n',
        '[rule.a]\nzh = "a"\nen = "a"\nway = "order"\nsource = "x"\n',
        '[rule.a]\nzh = "a"\nen = "a"\nway = "even"\n',
        '[rule.a]\nzh = "a"\nen = "a"\nway = "dice"\nsource = "x"\n',
        "rule = 3\n",
        '[rule.a]\nzh = "a"\nen = "a"\nway = "order"\norder = ["plan_year", "-plan_year"]\nsource = "x"\n',
        '[rule.a]\nzh = "a"\nen = "a"\nway = "order"\norder = ["site_id"]\nsource = "x"\n',
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: str, tmp_path: Path) -> None:
    own = tmp_path / "net_rules.toml"
    own.write_text(wrong, encoding="utf-8")
    with pytest.raises(FileRefused, match=r"net_rules\.toml"):
        net_rules(own)


def test_ground_that_is_known_is_not_found_again() -> None:
    sites: gpd.GeoDataFrame = conform(sites_frame(CLOSED, PLANTED, AGAIN))
    ground = ground_of_sites(sites)
    known, found = (totals(sites, by=["measure"], ground=shared).rows["land_m2"].tolist() for shared in (ground, None))
    assert known == found
    net = net_areas(sites, ground, rule=net_rules().rule())
    assert net.net_m2.sum() == pytest.approx(net.land_m2)
