"""Every rule keeps the conventions, and every threshold has its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from restoration.data import builtin
from restoration.readers import RULES
from restoration.readers.rule import Rule, Where, listed
from restoration.readers.rules_file import no_geometry

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_explains_itself_in_both_languages(rule: Rule[Any]) -> None:
    zh, en = (part.strip() for part in (rule.__doc__ or "").split("\n    ---\n"))
    assert len(zh.splitlines()) >= 3
    assert len(en.splitlines()) >= 3
    assert CHINESE.search(zh)


def test_codes_are_unique_and_well_formed() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"R[12]\d\d", code) for code in codes)


def test_a_finding_says_where() -> None:
    finding = no_geometry(Where("a.shp", "小班").at(3, place=(105.0, 25.0)))
    assert (finding.code, finding.level, finding.file, finding.layer, finding.row, finding.place) == (
        "R121",
        "error",
        "a.shp",
        "小班",
        3,
        (105.0, 25.0),
    )


def test_a_long_list_is_cut() -> None:
    assert listed(range(7)).zh == "0、1、2、3、4 等7个"
    assert listed([]).en == ""


@pytest.mark.parametrize("name", ["crs", "limits", "aliases", "places", "corners", "tracks", "importing"])
def test_every_table_of_numbers_has_its_source(name: str) -> None:
    assert [path for path, table in tables(builtin(name), name) if _has_numbers(table) and not table.get("source")] == []


def tables(table: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, table
    for key, value in table.items():
        for at, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict) and key != "gauss_kruger":
                yield from tables(one, f"{path}.{key}[{at}]")


def _has_numbers(table: dict[str, Any]) -> bool:
    flat = [one for value in table.values() for one in (value if isinstance(value, list) else [value])]
    return any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in flat)
