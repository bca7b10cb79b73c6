"""Every rule keeps the conventions: a code, an explanation in two languages, a golden pair."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import shapely

from restoration import checks
from restoration.errors import UnknownName
from restoration.model import Level
from restoration.text import Text
from restoration.thresholds import thresholds

from .golden_pairs import FOLDER, differences, findings_of, sites_of

PARTS = Text("问题：.+影响：.+改法：.+", "What: .+Why: .+Mend: .+")
GRAVITY: dict[Level, int] = {"note": 0, "warning": 1, "error": 2}
BETWEEN = "S205"
"""The one rule whose place lies in neither of its two sites."""
CJK = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def test_codes_are_unique_and_well_formed() -> None:
    assert len(set(checks.CODES)) == len(checks.CODES) == len(checks.RULES)
    assert all(re.fullmatch(r"S[1-4]\d\d", code) for code in checks.CODES)


@pytest.mark.parametrize("code", checks.CODES)
def test_an_explanation_has_three_parts_in_each_language(code: str) -> None:
    said = checks.explain(code)
    assert re.fullmatch(PARTS.zh, said.zh, re.DOTALL)
    assert re.fullmatch(PARTS.en, said.en, re.DOTALL)
    assert not CJK.search(said.en)


def test_explain_takes_a_code_in_small_letters_and_refuses_a_strange_one() -> None:
    assert checks.explain(" s101 ") == checks.explain("S101")
    with pytest.raises(UnknownName, match="S999"):
        checks.explain("S999")


def test_what_is_found_is_as_it_was_when_somebody_looked_at_it() -> None:
    assert differences(FOLDER, checks.CODES) == []


def test_a_golden_pair_that_is_broken_missing_or_strange_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "golden"
    shutil.copytree(FOLDER, planted)
    with (planted / "S101.txt").open("a", encoding="utf-8") as file:
        file.write("error S101 S9 -: \n")
    (planted / "S102.txt").unlink()
    (planted / "S103.geojson").write_text((FOLDER / "S404.geojson").read_text(encoding="utf-8"), encoding="utf-8")
    (planted / "S999.txt").touch()
    assert differences(planted, ("S101", "S102", "S103", *checks.CODES[3:])) == [
        "S101: printed differs",
        "S102: no golden pair",
        "S103: printed differs",
        "S103: no case that is found",
        "S999: no such rule",
    ]


@pytest.mark.parametrize("rule", checks.RULES, ids=checks.CODES)
def test_a_finding_is_no_graver_than_its_rule_and_says_where_and_what_to_do(rule: checks.Rule) -> None:
    file = FOLDER / f"{rule.code}.geojson"
    shapes = sites_of(file).set_index("site_id").geometry
    for finding in findings_of(file):
        assert GRAVITY[finding.level] <= GRAVITY[rule.level]
        assert finding.layer
        assert finding.way_out.zh
        assert finding.way_out.en
        assert not CJK.search(finding.way_out.en)
        shape = shapes[finding.site_id]
        assert (finding.place is None) == (shape is None)
        if finding.place is not None:
            both = [shape, shapes[finding.other_site_id]] if rule.code == BETWEEN else [shape]
            around = shapely.MultiPoint(shapely.get_coordinates(both)).convex_hull  # a hole may lie outside its shell
            assert shapely.dwithin(around, shapely.Point(finding.place), 1e-7)


def test_the_gravest_level_of_a_rule_is_reached_or_can_be_set() -> None:
    reached = {(finding.code, finding.level) for code in checks.CODES for finding in findings_of(FOLDER / f"{code}.geojson")}
    set_by_table = set(thresholds().levels)
    assert [rule.code for rule in checks.RULES if (rule.code, rule.level) not in reached and rule.code not in set_by_table] == []
