"""A file of a township, from its import to closed sites, areas, a map, files for others, and a proof."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import pyogrio
import pytest
from playwright.sync_api import Page
from pyogrio import raw

from restoration.project import Project
from restoration.units import shown
from tests.making import parcels, project_in, run, taken_in, written

ROWS = ({"名称": "红岩", "上报面积(亩)": 60.0}, {"名称": "白岩", "上报面积(亩)": 61.0}, {"名称": "黑岩", "上报面积(亩)": 62.0})
Maker = Callable[[Path], tuple[Path, list[str]]]
HOW = ("--measure", "人工造林", "--year", "2021", "--by", "甲", "--on", "2021-03-01")


def shapefile(folder: Path) -> tuple[Path, list[str]]:
    rows = parcels(*ROWS, crs="EPSG:4523").rename(columns={"上报面积(亩)": "上报面积"})
    return written(rows, folder / "造林 2021.shp", encoding="GBK", bare=True), ["--crs", "EPSG:4523", "--unit", "mu"]


def archive(folder: Path) -> tuple[Path, list[str]]:
    shp, options = shapefile(folder)
    with zipfile.ZipFile(folder / "送来.zip", "w") as made:
        for path in sorted(folder.glob(f"{shp.stem}.*")):
            made.write(path, f"资料/{path.name}")
            path.unlink()
    return folder / "送来.zip", options


def geopackage(folder: Path) -> tuple[Path, list[str]]:
    return written(parcels(*ROWS), folder / "rows.gpkg"), []


def geojson(folder: Path) -> tuple[Path, list[str]]:
    return written(parcels(*ROWS), folder / "rows.geojson"), []


def kml(folder: Path) -> tuple[Path, list[str]]:
    placemarks = "".join(
        f"<Placemark><name>{row['名称']}</name><ExtendedData><Data name='小班号'><value>{row['小班号']}</value></Data>"
        f"<Data name='上报面积(亩)'><value>{row['上报面积(亩)']}</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{' '.join(f'{x},{y},0' for x, y in row.geometry.geoms[0].exterior.coords)}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for _, row in parcels(*ROWS).iterrows()
    )
    path = folder / "rows.kml"
    path.write_text(f"<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{placemarks}</Document></kml>", encoding="utf-8")
    return path, []


@pytest.mark.parametrize("make", [shapefile, archive, geopackage, geojson, kml], ids=lambda make: make.__name__)
def test_a_file_of_any_kind_is_taken_in_and_a_second_time_changes_nothing(make: Maker, tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file, options = make(tmp_path)
    said = run("import", file, *HOW, *options, "--project", project)
    assert said.code == 0, said
    assert "共 3 行：新登记 3，边界重划 0，内容有改 0，无变化 0，未采用 0。" in said.out
    listed = run("list", "--project", project, "--format", "json").data()
    assert [row["name"] for row in listed] == ["红岩", "白岩", "黑岩"]
    assert {row["status"] for row in listed} == {"sited"}
    history = run("history", "红岩", "--project", project).out
    assert f"{file.name} 第1行" in history
    area = run("area", "--project", project, "--format", "json").data()["whole"]
    assert shown(area["reported_m2"]) == "183.00"
    before = project.read_bytes()
    again = run("import", file, *HOW, *options, "--project", project)
    assert "无变化 3，未采用 0" in again.out
    assert project.read_bytes() == before


LIFE = (
    ("designed", "2021-03-10", ()),
    ("in_progress", "2021-04-01", ()),
    ("works_done", "2021-06-01", ()),
    ("self_checked", "2021-07-01", ()),
    ("county_accepted", "2021-08-01", ("--verified-mu", "58", "--qualified-mu", "57.5", "--survival-pct", "91")),
    ("tending", "2021-09-01", ()),
    ("final_accepted", "2022-09-01", ()),
    ("closed", "2022-10-01", ("--doc", "销号〔2022〕7号")),
)


def test_a_site_goes_through_its_whole_life_and_everything_shows_it(tmp_path: Path, page: Page) -> None:
    project = taken_in(tmp_path, *ROWS)
    for status, day, more in LIFE:
        said = run("update", "红岩", "--to", status, "--by", "乙", "--on", day, *more, "--project", project)
        assert said.code == 0, said
    told = run("show", "RGZL-2021-001", "--project", project, "--format", "json").data()
    assert (told["status"], told["group"], told["last_by"], told["last_doc_no"]) == ("closed", "closed", "乙", "销号〔2022〕7号")
    assert told["may_become"] == ["relapsed"]
    history = run("history", "红岩", "--project", project, "--format", "json").data()
    assert [event["state"]["status"] for event in history] == ["sited", *(status for status, *_ in LIFE)]
    half = run("list", "--as-of", "2021-06-30", "--project", project, "--format", "json").data()
    assert [row["status"] for row in half] == ["works_done", "sited", "sited"]
    by_group = run("area", "--by", "group", "--project", project, "--format", "json").data()
    assert {row["group"]: row["sites"] for row in by_group["rows"]} == {"closed": 1, "not_started": 2}

    assert run("map", tmp_path / "map.html", "--project", project).code == 0
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_timeout(500)
    assert "测试" in page.inner_text("body")

    assert run("export", tmp_path / "out.gpkg", "--project", project).code == 0
    assert sorted(gpd.read_file(tmp_path / "out.gpkg")["status"]) == ["closed", "sited", "sited"]
    assert "未发现改动" in run("verify", "--project", project).out
    assert run("backup", tmp_path / "copy.gpkg", "--project", project).code == 0
    assert run("verify", "--project", tmp_path / "copy.gpkg").out == run("verify", "--project", project).out


def test_every_view_of_a_backup_opens_in_a_gis(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    run("backup", tmp_path / "copy.gpkg", "--project", project)
    layers = {str(name) for name, kind in pyogrio.list_layers(tmp_path / "copy.gpkg") if kind}
    assert {"site", "desertification_control", "reforestation", "mine_sites", "boundary"} <= layers
    for name in layers:
        read = gpd.read_file(tmp_path / "copy.gpkg", layer=name)
        assert read.crs.to_epsg() == 4490
        assert len(read) == (3 if name in ("site", "reforestation", "boundary") else 0)


def test_the_live_project_is_never_opened_by_gdal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    _record(monkeypatch, opened)
    project = taken_in(tmp_path, *ROWS, {"名称": "坏", "上报面积(亩)": -1.0})
    run("update", "红岩", "--to", "designed", "--by", "乙", "--project", project)
    for command in ("list", "check", "verify", "area", "targets"):
        run(command, "--project", project)
    assert run("map", tmp_path / "map.html", "--project", project).code == 0
    for name in ("a.gpkg", "a.geojson", "a.shp"):
        assert run("export", tmp_path / name, "--project", project).code == 0
    assert run("backup", tmp_path / "copy.gpkg", "--project", project).code == 0
    assert run("import", project, *HOW, "--project", project).code == 4
    assert run("map", tmp_path / "map.html", "--outline", project, "--project", project).code == 4
    assert opened
    assert [path for path in opened if Path(path).name == "p.gpkg"] == []


def _record(monkeypatch: pytest.MonkeyPatch, opened: list[str]) -> None:
    def recorded(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            opened.extend(str(argument) for argument in (*arguments, *options.values()) if isinstance(argument, (str, Path)))
            return function(*arguments, **options)

        return call

    for module, name in ((fiona, "open"), (raw, "ogr_read"), (raw, "ogr_write"), (raw, "ogr_open_arrow")):
        monkeypatch.setattr(module, name, recorded(getattr(module, name)))


def test_a_ledger_is_taken_over_with_the_states_that_it_has(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"状态": "施工中", "登记日期": "2021-05-01", "文号": "林〔2021〕3号"},
        {"状态": "已销号归档", "登记日期": "2020-02-01", "文号": "销〔2020〕1号"},
        {"状态": "", "登记日期": None, "文号": ""},
    ]
    file = written(parcels(*rows), tmp_path / "旧台账.gpkg")
    project = project_in(tmp_path)
    said = run("import", file, *HOW, "--doc", "移交〔2021〕1号", "--project", project)
    assert said.code == 0, said
    heads = Project.open(project, read_only=True).ledger.heads()
    firsts = [heads[f"RGZL-2021-00{number}"].event for number in (1, 2, 3)]
    assert [event.state.status for event in firsts] == ["in_progress", "closed", "sited"]
    assert [event.doc_no for event in firsts] == ["林〔2021〕3号", "销〔2020〕1号", "移交〔2021〕1号"]
    assert [event.happened_on.isoformat() for event in firsts] == ["2021-05-01", "2020-02-01", "2021-03-01"]
    assert [(event.payload["source"]["file"], event.payload["source"]["row"]) for event in firsts] == [
        ("旧台账.gpkg", n) for n in (1, 2, 3)
    ]
