"""The preview of an import: what would change, drawn over the sites and told as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import pytest

from restoration import maps
from restoration.drawing import preview
from restoration.errors import BadRequest
from restoration.importing import Options
from restoration.maps.changes import LOOKS, changes_of
from restoration.project import Project
from restoration.readers import Given
from restoration.text import speaking
from tests.making import parcels, run, taken_in, written
from tests.making import square as parcel

from .conftest import Opened, sites_of, square
from .test_hostile_text import PAYLOADS

Open = Callable[[folium.Map], Opened]


def changes(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    usual = {"kind": "new", "title": "甲", "text": ""}
    return gpd.GeoDataFrame([{**usual, **row} for row in rows], geometry="geometry", crs=4490)


def test_every_kind_is_counted_in_the_order_of_the_legend_also_without_a_shape() -> None:
    found = changes_of(changes({"geometry": square(105, 25), "kind": "refused"}, {"geometry": None, "kind": "refused"}, {"geometry": None}))
    assert [(kind["code"], kind["number"]) for kind in found["kinds"]] == [("new", 1), ("refused", 2)]
    assert set(LOOKS) >= {"new", "redrawn", "revised", "unchanged", "refused", "gone", "before"}


def test_outlines_are_seen_told_and_turned_off(opened: Open) -> None:
    ground = square(105.0, 25.0, 0.1)
    sites = sites_of({"geometry": ground})
    with speaking("zh"):
        shown = opened(maps.build(sites, changes=changes({"geometry": ground, "title": "RGZL-1", "text": "为什么", "kind": "refused"})))
    edge = shown.where(105.05, 25.0)
    red, green, _ = shown.colours(edge)[0]
    assert (red > 150, green < 90) == (True, True)
    shown.page.mouse.move(*shown.where(105.05, 25.05))
    shown.page.locator(".change-tip").wait_for()
    assert shown.texts(".change-tip")[0].split("\n") == ["RGZL-1", "未采用", "为什么"]
    assert "未采用" in shown.texts(".changes")[0]
    shown.page.mouse.move(5, 5)
    shown.page.locator("[data-change=refused]").uncheck()
    assert shown.colours(edge)[0][1] > 90


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_file_says_is_text_in_the_preview(opened: Open, payload: str) -> None:
    ground = square(105.0, 25.0, 0.1)
    shown = opened(maps.build(sites_of({"geometry": ground}), changes=changes({"geometry": ground, "title": payload, "text": payload})))
    shown.page.mouse.move(*shown.where(105.05, 25.05))
    shown.page.locator(".change-tip").wait_for()
    assert shown.page.evaluate("window.ran") is None
    assert shown.page.locator(".change-tip img, .change-tip script, .change-tip svg").count() == 0


def test_a_dry_run_s_preview_has_every_row_by_its_outcome(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"}, {"名称": "黑岩"}, {"名称": "青岩"})
    rows = parcels({"名称": "红岩", "geometry": parcel(1.5, side=0.001)}, {"名称": "白崖"}, {"名称": "黑岩", "状态": "不懂"}).assign(
        小班号=["001", "002", "003"]
    )
    new = parcels({"小班号": "009", "geometry": parcel(30)})
    file = written(pd.concat([rows, new], ignore_index=True), tmp_path / "later.geojson")
    (tmp_path / "rows.geojson").unlink()
    file = file.rename(tmp_path / "rows.geojson")
    held = Project.open(project, read_only=True)
    given = Given(measure="afforestation", plan_year=2021)
    account = held.import_files([file], by="甲", options=Options(given=given), dry_run=True)
    out = preview(held, account, tmp_path / "out.html")
    page = out.read_text(encoding="utf-8")
    for kind in ("before", "redrawn", "revised", "refused", "new"):
        assert f'"code":"{kind}"' in page, kind
    assert "状态“不懂”不认识" in page
    assert "导入预览：rows.geojson" in page
    with pytest.raises(BadRequest):
        preview(held, account, tmp_path / "p.gpkg")


def test_the_preview_goes_beside_the_file_or_where_it_is_told(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"})
    words = ("import", tmp_path / "rows.geojson", "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert f"预览图：{tmp_path / 'rows.preview.html'}（可断网打开）" in run(*words, "--dry-run").out
    assert (tmp_path / "rows.preview.html").is_file()
    elsewhere = tmp_path / "看.html"
    assert str(elsewhere) in run(*words, "--dry-run", "--preview", elsewhere).out
    assert elsewhere.is_file()
    elsewhere.unlink()
    assert run(*words, "--preview", elsewhere).code == 0
    assert elsewhere.is_file()
    told = run(*words, "--dry-run", "--preview", tmp_path / "none" / "x.html")
    assert told.code == 10


def test_a_preview_that_nobody_named_stops_nothing(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"})
    (tmp_path / "rows.preview.html").mkdir()
    said = run(
        "import", tmp_path / "rows.geojson", "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project, "--dry-run"
    )
    assert (said.code, "预览图没有画成" in said.out, "无变化 1" in said.out) == (0, True, True)
