"""Areas inside a boundary as staff read them: regions, site by site, a layer to look at, and files that will not do."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import cast

import geopandas as gpd
import pyogrio
import pytest
import shapely

from tests.making import SIDE_DEG, Said, run, square, taken_in, written

MU = "67.04"
"""One of the squares."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two plantings of 67 亩, a side and a half apart: columns 1.5 and 3 of the grid."""
    return taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"})


def towns(*, names: tuple[str | None, ...] = ("龙广镇", "德卧镇")) -> gpd.GeoDataFrame:
    """Two towns that meet in the middle of the first site; the second ends in the middle of the other."""
    west, middle, east = (square(column).bounds[0] for column in (0, 2, 3.5))
    south, north = 25.099, 25.103
    shapes = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    return gpd.GeoDataFrame({"镇名": list(names)}, geometry=shapes, crs="EPSG:4490")


def cells(said: Said) -> list[list[str]]:
    assert said.code == 0, said
    return [line.split() for line in said.out.splitlines()]


def test_a_clerk_reads_each_town_the_whole_and_what_lies_outside(project: Path, tmp_path: Path) -> None:
    lines = cells(run("inside", written(towns(), tmp_path / "t.geojson"), "--name", "镇名", "--project", project))
    assert lines[0] == ["镇名", "小班数", "任务面积(亩)", "土地面积(亩)", "范围面积(亩)", "占范围%"]
    assert [line[:4] for line in lines[2:7]] == [
        ["德卧镇", "2", MU, MU],
        ["龙广镇", "1", "33.52", "33.52"],
        ["各范围重叠(减)", "0.00", "0.00", "0.00"],
        ["范围内", "2", "100.56", "100.56"],
        ["范围外", "1", "33.52", "33.52"],
    ]
    assert lines[7] == ["合计", "2", "134.08", "134.08"]
    said = run("inside", tmp_path / "t.geojson", "--project", project, "--unit", "ha", "--lang", "en")
    assert [line[0] for line in cells(said)[2:5]] == ["inside", "outside", "in"]
    assert "4.4691" not in said.out
    assert "add up to all" in said.out


def test_site_by_site_in_the_three_forms(project: Path, tmp_path: Path) -> None:
    words = ("inside", written(towns(), tmp_path / "t.geojson"), "--name", "镇名", "--sites", "--project", project)
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").out)))
    assert [(row["名称"], row["范围"], row["在该范围内(亩)"], row["占小班%"]) for row in rows] == [
        ("红岩", "德卧镇", "33.52", "50.00"),
        ("红岩", "龙广镇", "33.52", "50.00"),
        ("白岩", "德卧镇", "33.52", "50.00"),
        ("白岩", "范围外", "33.52", "50.00"),
    ]
    assert "白岩" in run(*words).out
    data = run(*words, "--format", "json").data()
    assert data["within"]["task_m2"] + data["beyond"]["task_m2"] == pytest.approx(data["whole"]["task_m2"], abs=1e-6)
    assert [row["outside_pct"] for row in data["outside"]] == pytest.approx([0, 50], abs=1e-3)
    assert "sites" not in run(*words[:4], "--project", project, "--format", "json").data()


def test_an_older_day_has_no_sites(project: Path, tmp_path: Path) -> None:
    said = run("inside", written(towns(), tmp_path / "t.geojson"), "--as-of", "2021-02-28", "--project", project)
    assert cells(said)[2][:3] == ["范围内", "0", "0.00"]
    assert "台账里还没有小班" in said.out


def test_the_parts_are_a_layer_to_look_at_and_nothing_is_overwritten(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "parts.gpkg"
    words = ("inside", written(towns(), tmp_path / "t.geojson"), "--name", "镇名", "--out", out, "--project", project)
    assert f"已写出 {out}" in run(*words).out
    parts = gpd.read_file(out, layer="parts")
    assert parts[["name", "place", "region"]].values.tolist() == [
        ["红岩", "inside", "德卧镇"], ["红岩", "inside", "龙广镇"], ["白岩", "inside", "德卧镇"], ["白岩", "outside", ""]
    ]  # fmt: skip
    assert (parts.crs.to_epsg(), len(pyogrio.list_layers(out))) == (4490, 1)
    assert shapely.area(parts.geometry.to_numpy()) == pytest.approx(SIDE_DEG**2 / 2, rel=1e-5)
    before = out.read_bytes()
    again = run(*words)
    assert (again.code, again.out, out.read_bytes()) == (10, "", before)
    assert run(*words[:4], "--out", tmp_path / "parts.shp", "--project", project).code == 2


def test_a_file_in_gbk_without_a_crs_is_refused_as_an_import_would_and_read_when_it_is_told(project: Path, tmp_path: Path) -> None:
    file = written(cast(gpd.GeoDataFrame, towns().to_crs("EPSG:4523")), tmp_path / "t.shp", encoding="GBK", bare=True)
    refused = run("inside", file, "--name", "镇名", "--project", project)
    assert (refused.code, refused.out) == (4, "")
    assert "--crs EPSG:4523" in refused.err
    lines = cells(run("inside", file, "--name", "镇名", "--crs", "EPSG:4523", "--project", project))
    assert ["德卧镇", "2", MU, MU] in [line[:4] for line in lines]


def test_what_is_no_boundary_is_refused(project: Path, tmp_path: Path) -> None:
    file = written(towns(), tmp_path / "t.geojson")
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(105.1, 25.1), (105.2, 25.2)])], crs="EPSG:4490")
    both = tmp_path / "both.gpkg"
    towns().to_file(both, layer="乡镇", engine="pyogrio")
    towns().to_file(both, layer="林场", engine="pyogrio", mode="a" if both.exists() else "w")
    for words, code, told in (
        ((file, "--name", "镇"), 2, "列“镇”不认识。"),
        ((project,), 4, "是本软件的项目文件，不是范围。"),
        ((written(lines, tmp_path / "l.geojson"),), 4, "没有可用的面"),
        ((both,), 2, "有 2 个图层"),
        ((both, "--layer", "无"), 2, "图层“无”不认识。"),
        ((tmp_path / "none.shp",), 3, "none.shp"),
    ):
        said = run("inside", *words, "--project", project)
        assert (said.code, said.out) == (code, ""), said
        assert told in said.err, said
        assert len(said.err.strip().splitlines()) == 2, said
    assert run("inside", both, "--layer", "林场", "--name", "镇名", "--project", project).code == 0


def test_a_refused_row_is_told_loudly_and_the_exit_code_says_so(project: Path, tmp_path: Path) -> None:
    rows = towns()
    rows.loc[1, "geometry"] = shapely.LineString([(105.1, 25.1), (105.2, 25.2)])
    for form in ("table", "csv", "json"):
        said = run("inside", written(rows, tmp_path / f"{form}.geojson"), "--name", "镇名", "--format", form, "--project", project)
        assert said.code == 4
        assert "有 1 行未采用" in said.err
    assert said.data()["refused_rows"] == 1
    assert not list(tmp_path.glob("*.refused.gpkg"))
