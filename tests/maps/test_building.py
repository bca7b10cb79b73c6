"""Any polygons with a measure and a status make a map; the call says what it cannot take."""

from __future__ import annotations

from datetime import date
from typing import Any

import folium
import geopandas as gpd
import pytest

from restoration import maps
from restoration.errors import BadRequest, UnknownName
from restoration.frame import conform
from restoration.text import Text, speaking

from .conftest import payload_of, sites_of, square


def test_an_analyst_s_own_frame_in_another_crs_will_do() -> None:
    own = sites_of({"geometry": square(105, 25), "measure": "人工造林", "status": "施工中"}).to_crs(4545)
    head, packs = payload_of(maps.build(own))
    assert head["legend"]["measures"][0]["code"] == "afforestation"
    assert abs(packs["shapes"]["first_x"][0] - 1_050_000_000) <= 200_000


def test_areas_are_the_column_s() -> None:
    sites = conform(sites_of({"geometry": square(105, 25)}))
    for detail in ("full", 50.0):
        _, packs = payload_of(maps.build(sites.assign(area_m2=2000 / 3), detail=detail))
        assert (packs["columns"]["area_m2"].tolist(), packs["columns"]["area_m2±"].tolist()) == ([668], [0])


def test_the_frame_is_left_as_it_was() -> None:
    sites = sites_of({"geometry": square(105, 25)})
    before = sites.copy(deep=True)
    maps.build(sites)
    assert sites.equals(before)


def test_one_folium_layer_for_each_layer_that_has_sites() -> None:
    made = maps.build(sites_of({"geometry": square(105, 25)}, {"geometry": square(105.1, 25), "measure": "mine_regreen"}))
    codes = [child.code for child in made._children.values() if isinstance(child, maps.SitesLayer)]
    assert codes == ["desertification_control", "mine_sites"]
    assert [edge for corner in made.get_bounds() for edge in corner] == pytest.approx([25.0, 105.0, 25.02, 105.12])


@pytest.mark.parametrize(
    ("as_of", "clock", "line"),
    [
        (date(2025, 6, 30), "field", "截至 2025-06-30 · 按发生日期"),
        (date(2025, 6, 30), "office", "截至 2025-06-30 · 按录入时间"),
    ],
)
def test_the_heading_says_which_day_and_by_which_clock(as_of: date, clock: Any, line: str) -> None:
    with speaking("zh"):
        told, _ = payload_of(maps.build(sites_of({"geometry": square(105, 25)}), title=Text("甲", "A"), as_of=as_of, clock=clock))
    assert (told["title"], told["as_of"]) == ("甲", line)


def test_what_the_call_cannot_mean_is_said() -> None:
    one = sites_of({"geometry": square(105, 25)})
    with pytest.raises(UnknownName, match="moon"):
        maps.build(one, clock="moon")  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="status"):
        maps.build(gpd.GeoDataFrame({"measure": ["封山育林"]}, geometry=[square(105, 25)], crs=4490))


def told(made: folium.Map) -> str:
    """Everything that is in the file, unpacked."""
    return made.get_root().render() + repr(payload_of(made))


def test_a_public_map_s_file_does_not_hold_what_is_private() -> None:
    sites = sites_of({"geometry": square(105, 25), "unit": "县林业局甲科", "last_by": "王工程师"})
    assert "县林业局甲科" in told(maps.build(sites))
    public = told(maps.build(sites, public=True))
    assert "县林业局甲科" not in public
    assert "王工程师" not in public
