"""Towns in two lists that contradict each other."""

from __future__ import annotations

from datetime import date

import pytest

from restoration.data import builtin
from restoration.readers.places import is_town, readings, town_code_of


@pytest.mark.parametrize(
    ("code", "town"),
    [
        ("522301112", "郑屯镇"),
        ("522301116", "郑屯镇"),
        ("522301116", "七舍镇"),
        ("522328104", "木咱镇"),
        ("522328112", "木咱"),
        ("522328101", ""),
        ("522302104", "雨樟镇"),
    ],
)
def test_pairs_of_either_list(code: str, town: str) -> None:
    assert is_town(code, town)


@pytest.mark.parametrize(("code", "town"), [("522301112", "七舍镇"), ("522328999", ""), ("522340101", "顶效街道"), ("522328101", "德卧镇")])
def test_pairs_of_neither(code: str, town: str) -> None:
    assert not is_town(code, town)


def test_both_readings_are_given() -> None:
    said = readings("522301112", "七舍镇")
    assert "2023-06-30" in said.zh
    assert "522301112 是郑屯镇" in said.zh
    assert "七舍镇是 522301116" in said.zh
    assert "七舍镇是 522301120" in said.zh
    assert "statistics bureau" in said.en


def test_longer_and_older_codes_come_down_to_the_town() -> None:
    assert town_code_of("522301112200", "") == town_code_of("5223011122000000000", "") == "522301112"
    assert town_code_of("522322104", "") == "522302104"
    assert town_code_of("104", "522328") == "522328104"


def test_the_members_of_the_area_are_of_the_list_that_is_named() -> None:
    places = builtin("places")
    assert len(places["member"]) == 11
    for row in places["member"]:
        assert places["list"][row["list"]]["town"][row["code"]] == row["town"]
        assert row["member"] in {"yes", "no", "unknown"}
        assert isinstance(row["valid_from"], date)
        assert row["source"]


def test_every_list_says_its_version_and_source() -> None:
    assert all(towns["version"] and towns["source"] and towns["town"] for towns in builtin("places")["list"].values())
