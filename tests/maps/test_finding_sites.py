"""Filters, the legend's numbers under them, the table of what is in view, the address of a site, and plane coordinates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pytest
from pyproj import Transformer

from restoration import maps, sample, totals
from restoration.maps.columns import areas, rest_of
from restoration.maps.legend import thousands
from restoration.text import speaking
from restoration.units import shown as in_mu

from .conftest import Opened, sites_of, square

Open = Callable[[folium.Map], Opened]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> gpd.GeoDataFrame:
    return sample.build(tmp_path_factory.mktemp("sample")).project.sites()


def told(shown: Opened, kind: str, code: str, what: str) -> str:
    return shown.page.locator(f'[data-sum="{kind} {code} {what}"]').first.inner_text()


def test_the_legend_s_numbers_are_those_of_what_is_shown(opened: Open, district: gpd.GeoDataFrame) -> None:
    with speaking("zh"):
        shown = opened(maps.build(district))
    whole = totals(district, by=["group"]).whole
    assert told(shown, "whole", "", "task") == thousands(in_mu(whole["task_m2"]))
    assert told(shown, "whole", "", "land") == thousands(in_mu(whole["land_m2"]))
    shown.page.click("[data-group=accepted]")
    shown.page.click("[data-group=under_way]")
    left = district[district["group"].isin(["accepted", "under_way"])]
    for kind in ("group", "layer", "measure"):
        for row in totals(left, by=[kind]).rows.to_dict("records"):
            assert told(shown, kind, row[kind], "task") == thousands(in_mu(row["task_m2"])), row[kind]
            if kind == "layer":
                assert told(shown, kind, row[kind], "land") == thousands(in_mu(row["land_m2"])), row[kind]
            if kind != "layer" or row["sites"]:
                assert told(shown, kind, row[kind], "sites") == str(row["sites"])
    whole = totals(left, by=["group"]).whole
    assert [told(shown, "whole", "", what) for what in ("task", "land", "sites", "mines")] == [
        thousands(in_mu(whole["task_m2"])), thousands(in_mu(whole["land_m2"])), str(whole["sites"]), str(whole["mines"]),
    ]  # fmt: skip
    assert told(shown, "group", "closed", "task") == "0.00"
    assert shown.texts(".told") == [f"已筛选：{len(left)} / {len(district)} 个图斑，数字是筛选后的"]
    shown.page.click(".reset")
    assert told(shown, "whole", "", "land") != "—"


def test_where_too_much_overlaps_land_area_is_told_of_all_sites_only(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps.ground, "MOST_CELLS", 1)
    rows = [{"geometry": square(105.0 + 0.01 * at, 25.0), "status": status} for at, status in enumerate(["closed", "planned", "closed"])]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows)))
    assert told(shown, "whole", "", "land") != "—"
    shown.page.click("[data-group=closed]")
    assert told(shown, "whole", "", "land") == "—"
    assert shown.texts(".told")[0].endswith("土地面积只算全部图斑的现状")


@pytest.mark.parametrize("seed", range(3))
def test_areas_of_many_sites_add_up_to_the_last_digit(seed: int) -> None:
    areas_m2 = np.random.default_rng(seed).uniform(0, 1e6, 5_000)
    metres, _ = areas(areas_m2)
    steps = int(((metres - 1) * 10_000 + rest_of(areas_m2)).sum())
    assert (3 * steps + 100_000) // 200_000 == round(float(in_mu(float(areas_m2.sum()))) * 100)


def test_towns_and_years_filter_whatever_they_are_called(opened: Open) -> None:
    rows = [
        {"geometry": square(105.0 + 0.1 * at, 25.0), "town": town, "plan_year": year, "name": f"{town}{at}"}
        for at, (town, year) in enumerate([("constructor", 2020), ("郑屯镇", 2021), ("郑屯镇", 2020), ("", 2021)])
    ]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows)))
    assert told(shown, "whole", "", "sites") == "4"
    shown.page.click("details[data-kind=town] summary")
    assert [text.split() for text in shown.texts("details[data-kind=town] label")] == [
        ["郑屯镇", "2"],
        ["（没有填）", "1"],
        ["constructor", "1"],
    ]
    shown.page.locator("details[data-kind=town] input[value=constructor]").click()
    assert (told(shown, "whole", "", "sites"), shown.texts("details[data-kind=town] summary small")) == ("1", ["constructor"])
    shown.page.locator("details[data-kind=town] input[value=郑屯镇]").click()
    assert told(shown, "whole", "", "sites") == "3"
    shown.page.click("details[data-kind=plan_year] summary")
    shown.page.locator("details[data-kind=plan_year] input[value='2020']").click()
    assert told(shown, "whole", "", "sites") == "2"
    shown.page.click(".reset")
    assert told(shown, "whole", "", "sites") == "4"


def test_the_table_has_what_is_in_view_sorted_and_copied(opened: Open) -> None:
    rows = [
        {"geometry": square(105.0, 25.0), "name": "=1+1", "site_id": "A"},
        {"geometry": square(105.1, 25.0, 0.01), "name": "<b>乙</b>", "site_id": "B"},
        {"geometry": square(105.2, 25.0, 0.03), "name": "丙", "site_id": "C"},
    ]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows)))
    shown.page.click(".open-table")
    assert shown.texts(".table header .quiet") == ["视野内 3 个"]
    shown.page.click(".table th >> text=面积")
    assert shown.texts(".to-site") == ["<b>乙</b>", "=1+1", "丙"]
    shown.page.click(".table th >> text=面积")
    assert (shown.texts(".to-site")[0], shown.page.locator(".table th").last.get_attribute("aria-sort")) == ("丙", "descending")
    shown.page.evaluate("document.addEventListener('copy', function () { window.said = document.activeElement.value; })")
    shown.page.click(".table >> text=复制")
    lines = shown.page.evaluate("window.said").split("\n")
    assert (len(lines), [line.split("\t")[0] for line in lines[1:]]) == (4, ["丙", "'=1+1", "<b>乙</b>"])
    shown.page.evaluate("restoration.opened.map.setView([25.005, 105.105], 15, { animate: false });0")
    shown.page.wait_for_timeout(500)
    assert shown.texts(".to-site") == ["<b>乙</b>"]
    shown.page.click(".to-site")
    assert shown.texts(".facts h2") == ["<b>乙</b>"]
    shown.page.click(".table .close")
    assert shown.texts(".table") == []


def test_the_address_opens_a_site_and_follows_what_is_open(opened: Open) -> None:
    rows = [
        {"geometry": square(105.0, 25.0), "site_id": "甲 1", "name": "一"},
        {"geometry": square(105.3, 25.2), "site_id": "乙#2", "name": "二"},
    ]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows)))
    address = shown.page.evaluate("location.href")
    shown.click(105.01, 25.01)
    assert shown.page.evaluate("location.href") == f"{address}#site=%E7%94%B2%201"
    shown.page.keyboard.press("Escape")
    assert shown.page.evaluate("location.href").rstrip("#") == address
    shown.page.evaluate("location.hash = '#site=' + encodeURIComponent('乙#2')")
    shown.page.locator(".facts h2").wait_for()
    assert shown.texts(".facts h2") == ["二"]
    shown.page.evaluate("location.hash = '#site=<img src=x onerror=window.ran=1>'")
    shown.page.locator(".empty").wait_for()
    assert shown.texts(".empty") == ["图上没有 <img src=x onerror=window.ran=1>"]
    assert shown.page.evaluate("window.ran") is None
    shown.page.evaluate("location.hash = '#site=%E0%A4%A'")
    assert Path(shown.page.evaluate("location.pathname")).name == "map.html"


def test_plane_coordinates_are_those_of_proj(opened: Open) -> None:
    shown = opened(maps.build(sites_of({"geometry": square(105.0, 25.0)})))
    for lon, lat in [(105.2, 25.1), (104.6, 24.7), (106.49, 25.9), (106.51, 25.9), (103.51, 30.0), (119.9, 52.0)]:
        zone = round(lon / 3)
        east, north = Transformer.from_crs(4490, 4513 + zone - 25, always_xy=True).transform(lon, lat)
        found = shown.page.evaluate("at => restoration.toPlane(at[0], at[1])", [lon, lat])
        assert (found["zone"], found["east"], found["north"]) == (zone, pytest.approx(east, abs=1e-3), pytest.approx(north, abs=1e-3))
