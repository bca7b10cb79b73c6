"""The sites as files for others: what a GIS reads back."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
from pathlib import Path

import fiona
import geopandas as gpd
import pyogrio
import pytest
import shapely

from restoration.errors import CannotWrite
from restoration.export import write_refused
from restoration.frame import COLUMNS
from restoration.geometry import area_of_record_m2
from tests.making import parcels, project_in, run, square, state_of, taken_in, written

ROWS: tuple[dict[str, object], ...] = (
    {"名称": "红岩·退耕", "乡镇": "雨樟镇", "上报面积(亩)": 66.66, "责任单位": "某公司"},
    {"名称": "白岩"},
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, *ROWS)


def export(project: Path, name: str, *words: object) -> Path:
    said = run("export", project.parent / name, *words, "--project", project)
    assert said.code == 0, said
    assert all(Path(line.removeprefix("已写出 ")).is_file() for line in said.out.splitlines())
    return project.parent / name


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_shapefile_is_read_back_by_both_readers_with_its_chinese_text(project: Path, encoding: str) -> None:
    out = export(project, "上报 表.shp", "--encoding", encoding)
    assert sorted(path.suffix for path in out.parent.glob(f"{out.stem}.*")) == [".cpg", ".csv", ".dbf", ".prj", ".shp", ".shx"]
    assert out.with_suffix(".cpg").read_text() == encoding.upper()
    frame = pyogrio.read_dataframe(out)
    with fiona.open(out) as file:
        records = list(file)
        names = list(file.schema["properties"])
        widths = file.schema["properties"]
    for told in (frame["MINGCHENG"].tolist(), [record["properties"]["MINGCHENG"] for record in records]):
        assert told == ["红岩·退耕", "白岩"]
    assert frame["XIANG"].tolist()[0] == "雨樟镇"
    assert frame["CUOSHI"].tolist() == ["人工造林"] * 2
    assert frame["ZHUANGTAI"].tolist() == ["已落地上图"] * 2
    assert [len(name.encode()) <= 10 for name in names] == [True] * len(names)
    assert widths["MINGCHENG"] == "str:100"
    assert frame["SBMJ_MU"].tolist()[0] == pytest.approx(66.66, abs=1e-4)
    assert frame["MJ_M2"].tolist() == pytest.approx(area_of_record_m2(frame.geometry.array).tolist(), abs=0.01)
    assert frame.crs.to_epsg() == 4490
    with out.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["字段"] for row in rows] == names
    assert all(row["含义"] for row in rows)


def test_geojson_is_as_the_standard_has_it(project: Path) -> None:
    content = json.loads(export(project, "out.geojson").read_text(encoding="utf-8"))
    assert "crs" not in content
    for feature in content["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert all(part.exterior.is_ccw for part in shapely.get_parts(shape))
        assert 105 < shape.bounds[0] < 106 and 25 < shape.bounds[1] < 26  # noqa: PT018
    assert [feature["properties"]["name"] for feature in content["features"]] == ["红岩·退耕", "白岩"]
    assert content["features"][0]["properties"]["status_label"] == "已落地上图"


def test_a_geopackage_keeps_the_numbers_and_is_in_the_crs_asked_for(project: Path) -> None:
    kept = gpd.read_file(export(project, "a.gpkg"))
    assert kept.crs.to_epsg() == 4490
    assert kept["area_m2"].tolist() == area_of_record_m2(kept.geometry.array).tolist()
    turned = gpd.read_file(export(project, "b.gpkg", "--crs", "EPSG:4523"))
    assert turned.crs.to_epsg() == 4523
    assert turned.total_bounds[0] > 35_000_000


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson", "out.shp"])
def test_what_only_the_office_may_see_is_not_there(project: Path, name: str) -> None:
    out = export(project, name)
    private = {column.name for column in COLUMNS if not column.public}
    assert not private & set(gpd.read_file(out).columns)
    assert "某公司".encode() not in b"".join(path.read_bytes() for path in out.parent.glob("out.*"))


@pytest.mark.parametrize("there", ["out.shp", "out.dbf", "out.csv", "out.cpg"])
def test_no_file_is_written_over_not_even_a_sibling(project: Path, there: str) -> None:
    (project.parent / there).write_text("别人的", encoding="utf-8")
    before = state_of(project.parent)
    said = run("export", project.parent / "out.shp", "--project", project)
    assert said.code == 10
    assert there in said.err
    assert state_of(project.parent) == before


def test_a_project_and_a_gpkg_are_not_written_over(project: Path) -> None:
    before = state_of(project.parent)
    for command in ("export", "backup"):
        assert run(command, project, "--project", project).code == 10
    for name in ("p.gpkg", "p.shp", "map"):
        assert run("map", project.parent / name, "--project", project).code == 2
    assert state_of(project.parent) == before


@pytest.mark.parametrize(
    ("name", "encoding", "why"), [("长" * 40, "utf-8", "100 字节"), ("长" * 60, "gbk", "100 字节"), ("𠮷", "gbk", "gbk")]
)
def test_a_text_that_does_not_fit_is_refused_by_site_and_nothing_is_left(tmp_path: Path, name: str, encoding: str, why: str) -> None:
    project = taken_in(tmp_path, {"名称": "短"}, {"名称": name})
    before = state_of(tmp_path)
    said = run("export", tmp_path / "out.shp", "--encoding", encoding, "--project", project)
    assert said.code == 2
    assert "RGZL-2021-002 的名称" in said.err
    assert why in said.err
    assert state_of(tmp_path) == before
    assert run("export", tmp_path / "out.gpkg", "--project", project).code == 0


@pytest.mark.parametrize(
    "words", [("out.xyz",), ("out",), ("out.gpkg", "--crs", "EPSG:99999"), ("out.shp", "--crs", "西安"), ("no/out.gpkg",)]
)
def test_a_call_that_cannot_be_leaves_nothing(project: Path, words: tuple[str, ...]) -> None:
    before = state_of(project.parent)
    said = run("export", project.parent / words[0], *words[1:], "--project", project)
    assert said.code in (2, 10)
    assert state_of(project.parent) == before


@pytest.mark.parametrize("name", ["out.gpkg", "out.geojson", "out.shp"])
def test_no_sites_are_a_file_without_rows(tmp_path: Path, name: str) -> None:
    out = export(project_in(tmp_path), name)
    assert len(gpd.read_file(out)) == 0


def test_what_is_exported_comes_back_as_the_same_sites(project: Path) -> None:
    out = export(project, "out.geojson")
    said = run("import", out, "--by", "甲", "--project", project)
    assert "新登记 0，" in said.out
    assert "无变化 2" in said.out


KEPT = ("source_id", "name", "measure", "plan_year", "status", "town", "village", "mine_id", "is_sample", "geometry")
NUMBERS = ("reported_m2", "verified_m2", "qualified_m2", "survival_pct", "cover_pct", "canopy_ratio", "area_m2")


@pytest.mark.parametrize(("name", "encoding"), [("out.shp", "utf-8"), ("out.shp", "gbk"), ("out.gpkg", "utf-8")])
def test_an_export_is_understood_without_a_word_by_its_own_and_by_a_new_project(tmp_path: Path, name: str, encoding: str) -> None:
    project = taken_in(
        tmp_path,
        {
            "名称": "红岩",
            "乡镇": "雨樟镇",
            "村": "红岩村",
            "上报面积(亩)": 66.66,
            "状态": "county_accepted",
            "合格面积(亩)": 60.5,
            "成活率": 88.5,
        },
        {"名称": "白岩", "核实面积(公顷)": 4.4444, "综合盖度": 71.25, "郁闭度": 0.35, "矿山编号": "KS-1"},
        {"名称": "样地", "上报面积(亩)": 0.01, "示例数据": "是"},
    )
    out = export(project, name, "--encoding", encoding)
    said = run("import", out, "--by", "甲", "--project", project)
    assert "新登记 0，边界重划 0，内容有改 0，无变化 3，未采用 0" in said.out
    new = project_in(tmp_path, "new.gpkg")
    assert "新登记 3" in run("import", out, "--by", "甲", "--project", new).out
    before, after = (gpd.read_file(export(one, f"{one.stem}.back.gpkg")) for one in (project, new))
    assert set(after["status"]) == {"sited", "county_accepted"}
    for column in KEPT:
        assert after[column].tolist() == before[column].tolist(), column
    for column in NUMBERS:
        assert after[column].tolist() == pytest.approx(before[column].tolist(), rel=1e-9, nan_ok=True), column


@pytest.mark.parametrize(("place", "name"), [("a!b", "out"), ("a", "o!ut"), ("a!b.zip!", "x!y.v1")])
@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp"])
def test_a_path_with_an_exclamation_mark_is_a_path(project: Path, place: str, name: str, ending: str) -> None:
    folder = project.parent / place
    folder.mkdir()
    before = state_of(project.parent)
    said = run("export", folder / f"{name}{ending}", "--project", project)
    assert said.code == 0, said
    endings = [".cpg", ".csv", ".dbf", ".prj", ".shp", ".shx"] if ending == ".shp" else [ending]
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}{one}" for one in endings]
    assert set(state_of(project.parent)) - set(before) == {f"{place}/{name}{one}" for one in endings}
    plain = project.parent / "plain"
    plain.mkdir()
    for path in folder.iterdir():
        shutil.copy(path, plain / f"out{path.suffix}")
    assert len(gpd.read_file(plain / f"out{ending}")) == 2


def test_a_name_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    rows = parcels({"名称": "红岩"})
    kept = write_refused([rows], beside=tmp_path / "a.shp", otherwise=tmp_path)
    out = kept.__enter__()
    assert out is not None
    assert not out.exists()
    out.write_text("别人的", encoding="utf-8")
    with pytest.raises(CannotWrite, match="已经存在"):
        kept.__exit__(None, None, None)
    assert state_of(tmp_path) == {"a.refused.gpkg": "别人的".encode()}


def test_a_folder_without_hard_links_gets_its_files_all_the_same(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert len(gpd.read_file(export(project, "out.shp"))) == 2
    assert run("backup", project.parent / "b.gpkg", "--project", project).code == 0
    assert run("verify", "--project", project.parent / "b.gpkg").code == 0


def test_holes_and_parts_survive_every_format(tmp_path: Path) -> None:
    shape = shapely.union_all([square(0).difference(square(0).buffer(-0.0005)), square(3)])
    rows = parcels({"geometry": shape})
    project = project_in(tmp_path)
    run("import", written(rows, tmp_path / "a.gpkg"), "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    for name in ("out.gpkg", "out.geojson", "out.shp"):
        back = gpd.read_file(export(project, name)).geometry.iloc[0]
        assert area_of_record_m2([back])[0] == pytest.approx(area_of_record_m2([shape])[0], abs=0.1)
