"""Texts, units, records, the frame."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration.errors import BadRequest, UnknownName
from restoration.frame import COLUMNS, conform
from restoration.model import Event, State, canonical, digest_of, new_id, result_of, statuses_of
from restoration.text import Text, language, speaking
from restoration.units import UNITS, in_unit, rounded, shown, to_m2
from tests.making import next_event, registration


def test_a_text_speaks_the_language_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESTORATION_LANG", raising=False)
    assert (str(Text("亩", "mu")), language()) == ("亩", "zh")
    with speaking("en"):
        assert f"{Text('亩', 'mu'):>4}" == "  mu"
    monkeypatch.setenv("RESTORATION_LANG", "en_US")
    assert str(Text("亩", "mu")) == "mu"


@given(st.floats(0, 1e12), st.sampled_from(UNITS))
def test_a_unit_there_and_back(area_m2: float, unit: str) -> None:
    assert to_m2(in_unit(area_m2, unit), unit) == pytest.approx(area_m2, rel=1e-14)


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (0.075, 2, "0.08"), (1.005, 2, "1.01"),
        (-0.5, 0, "-1"), (-0.001, 2, "0.00"), (1e9 + 0.5, 0, "1000000001"), (float("nan"), 2, ""),
    ],
)  # fmt: skip
def test_half_up(value: float, digits: int, told: str) -> None:
    assert rounded(value, digits) == told


def test_fifteen_mu_are_a_hectare_exactly() -> None:
    assert to_m2(100_000, "mu") == 200_000_000 / 3
    assert shown(1_000_000, "km2") == "1.0000"


def test_the_fold_and_the_digest() -> None:
    first = registration("S0").event
    second = next_event(first, to="designed").event
    assert second.state == State("designed", 1, 1, {"reported_m2": 40_000.0})
    corrected = next_event(second, kind="corrected").event
    erased = result_of(corrected.state, replace(corrected, payload={"measured": {"reported_m2": None, "lost_m2": 5.0}}))
    assert erased.measured == {"lost_m2": 5.0}
    digest = digest_of(second, previous="", boundary="b", attributes="a")
    assert digest != digest_of(replace(second, note="x"), previous="", boundary="b", attributes="a")
    assert digest != digest_of(second, previous="p", boundary="b", attributes="a")
    assert digest == digest_of(second, previous="", boundary="b", attributes="a")


def test_a_status_that_was_corrected_away_was_never_gone_through() -> None:
    first = registration("S0").event
    wrong = next_event(first, to="cancelled").event
    right = next_event(wrong, kind="corrected", to="designed").event
    assert statuses_of([first, wrong, right]) == ["sited", "designed"]
    assert statuses_of([first]) == ["sited"]


def test_ids_sort_by_the_time_they_were_made() -> None:
    first = new_id()
    time.sleep(0.003)
    assert first < new_id()


def test_canonical_refuses_what_json_has_not() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"x": float("nan")})


def test_any_frame_becomes_a_sites_frame() -> None:
    mine = gpd.GeoDataFrame(
        {"measure": ["矿区复绿", "afforestation"], "status": ["已销号归档", "核减/调出"], "note": ["x", "y"]},
        geometry=[shapely.box(522000, 2776000, 522100, 2776100), None],
        crs="EPSG:4544",
    )
    made = conform(mine)
    assert list(made.columns) == [*(column.name for column in COLUMNS), "geometry"]
    assert made["group"].tolist() == ["closed", "other"]
    assert made["counted"].tolist() == [True, False]
    assert made["area_m2"].tolist() == pytest.approx([9999.87, 0], abs=0.05)
    assert {column.name: column.dtype for column in COLUMNS} == {name: str(made[name].dtype) for name in made.columns if name != "geometry"}
    assert list(mine.columns) == ["measure", "status", "note", "geometry"]


def test_a_frame_that_lacks_something_is_told_what() -> None:
    with pytest.raises(BadRequest, match="status"):
        conform(gpd.GeoDataFrame({"measure": ["封山育林"]}, geometry=[shapely.Point(0, 0)], crs=4490))
    with pytest.raises(BadRequest, match="坐标系"):
        conform(gpd.GeoDataFrame({"measure": ["封山育林"], "status": ["planned"]}, geometry=[shapely.Point(0, 0)]))
    with pytest.raises(UnknownName, match="种树"):
        conform(gpd.GeoDataFrame({"measure": ["种树"], "status": ["planned"]}, geometry=[shapely.Point(0, 0)], crs=4490))


def test_an_event_is_what_it_says() -> None:
    event = registration("S0", on=date(2021, 1, 2)).event
    assert isinstance(event, Event)
    assert event.happened_on == date(2021, 1, 2)
