"""Which column means what: aliases, cut names, and what the caller says."""

from __future__ import annotations

import pytest

from restoration.data import builtin
from restoration.errors import UnknownName
from restoration.readers.headings import canonical_names, understood
from restoration.readers.intake import COLUMNS


def meaning(*columns: str, **fields: str) -> dict[str, str]:
    return dict(understood(columns, fields=fields).columns)


@pytest.mark.parametrize(
    ("name", "words"), list(builtin("aliases")["alias"].items()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_alias_is_known_whatever_its_case_and_width(name: str, words: list[str]) -> None:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    for word in words:
        assert meaning(word) == meaning(f" {word.lower()} ") == meaning(word.upper().translate(wide)) or word.translate(wide)
        assert list(meaning(word)) == [name], word


def test_no_alias_means_two_things() -> None:
    words = [word for listed in builtin("aliases")["alias"].values() for word in listed]
    assert len({word.casefold() for word in words}) == len(words)


def test_the_meanings_are_the_columns_of_an_intake() -> None:
    assert set(canonical_names()) == set(COLUMNS) - {"source_row"}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("面积", ""),
        ("面积(亩)", "mu"),
        ("面积（公顷）", "ha"),
        ("上报面积_亩", "mu"),
        ("XBMJ", ""),
        ("小班面积/亩", "mu"),
        ("reported_m2", "m2"),
        ("reported_mu", "mu"),
        ("面积[㎡]", "m2"),
        ("面积(平方公里)", "km2"),
    ],
)
def test_units_stand_behind_the_word(heading: str, unit: str) -> None:
    found = understood([heading], fields={})
    assert found.columns == {"reported_m2": heading}
    assert found.units.get("reported_m2", "") == unit


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("成活率(%)", "survival_pct"),
        ("survival_p", "survival_pct"),
        ("canopy_rat", "canopy_ratio"),
        ("closure_ye", "closure_years"),
        ("county_cod", "county_code"),
        ("happened_o", "happened_on"),
        ("surveyed_o", "surveyed_on"),
        ("植被综合盖", "cover_pct"),
        ("封育起始日", "closure_on"),
    ],
)
def test_names_cut_to_ten_bytes_are_known(heading: str, name: str) -> None:
    assert meaning(heading) == {name: heading}


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("qualified_", "qualified_m2", ""),
        ("reported_h", "reported_m2", "ha"),
        ("reported_m", "reported_m2", ""),
        ("上报面积(", "reported_m2", ""),
        ("上报面", "", ""),
    ],
)
def test_a_unit_that_was_cut_away_is_not_guessed(heading: str, name: str, unit: str) -> None:
    found = understood([heading], fields={})
    assert found.units.get("reported_m2", "") == unit
    assert list(found.columns) == ([name] if name else []) or heading == "上报面"


def test_the_alias_that_stands_first_is_taken() -> None:
    found = understood(["TBMJ", "小班面积(亩)", "XBMJ"], fields={})
    assert found.columns == {"reported_m2": "小班面积(亩)"}
    assert found.doubles == {"reported_m2": ("XBMJ", "TBMJ")}


def test_a_whole_name_is_better_than_a_cut_one() -> None:
    assert meaning("植被综合盖", "zbgd") == {"cover_pct": "zbgd"}


def test_what_the_caller_says_counts() -> None:
    found = understood(["TBMJ", "XBMJ", "别名"], fields={"reported_m2": "xbmj", "measure": "别名"})
    assert found.columns == {"reported_m2": "XBMJ", "measure": "别名"}
    assert found.doubles == {}


def test_an_unknown_column_or_meaning_lists_what_there_is() -> None:
    with pytest.raises(UnknownName, match="TBMJ"):
        understood(["TBMJ"], fields={"measure": "措施"})
    with pytest.raises(UnknownName, match="plan_year"):
        understood(["TBMJ"], fields={"year": "TBMJ"})


def test_what_means_nothing_is_left() -> None:
    assert meaning("OBJECTID", "Shape_Area", "备注") == {}
