"""Layers that the office gives: how they are named, read, and told to be wrong; what a check does without them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from restoration import checks
from restoration.errors import BadRequest, UnknownName
from restoration.project import Project
from restoration.references import kind_named, kinds, reference_of
from tests.making import run, square, taken_in

FIELD = shapely.box(105.101, 25.1, 105.109, 25.102)
DONE: dict[str, object] = {"状态": "县级验收合格"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"名称": "红岩", **DONE}, {"名称": "白岩", **DONE})


def written(path: Path, *shapes: shapely.Geometry, crs: int = 4490, **columns: object) -> Path:
    gpd.GeoDataFrame(columns, geometry=list(shapes), index=range(len(shapes)), crs=4490).to_crs(crs).to_file(path)
    return path


def codes(project: Path, *words: object) -> list[str]:
    said = run("check", "--all", "--format", "json", *words, "--project", project)
    return sorted({row["code"] for row in said.data()["findings"]})


def test_every_word_for_a_kind_means_one_kind() -> None:
    words = [word for kind in kinds().values() for word in {kind.code, kind.label.zh, kind.label.en, *kind.aliases}]
    assert len(words) == len(set(words))
    assert all(kind_named(word) for word in words)


def test_every_need_of_a_rule_can_be_given() -> None:
    assert {need for rule in checks.RULES for need in rule.needs} <= {*kinds(), "photos"}


def test_a_rule_whose_layer_is_not_given_does_not_run() -> None:
    site = gpd.GeoDataFrame({"measure": ["afforestation"], "status": ["planned"]}, geometry=[FIELD], crs=4490)
    assert "S206" not in {finding.code for finding in checks.check(site)}
    found = checks.check(site, references={"耕地": gpd.GeoDataFrame(geometry=[FIELD], crs=4490)})
    assert {"S206"} == {finding.code for finding in found} & {rule.code for rule in checks.RULES if rule.needs}


def test_a_layer_in_another_crs_is_laid_where_it_is() -> None:
    site = gpd.GeoDataFrame({"measure": ["afforestation"], "status": ["planned"]}, geometry=[FIELD], crs=4490)
    layer = gpd.GeoDataFrame(geometry=[FIELD], crs=4490)
    (one,) = [finding for finding in checks.check(site, references={"cropland": layer}) if finding.code == "S206"]
    (other,) = [finding for finding in checks.check(site, references={"cropland": layer.to_crs(4523)}) if finding.code == "S206"]
    assert one.value == pytest.approx(other.value, abs=0.01)


def test_of_a_whole_dltb_only_cropland_is_cropland() -> None:
    layer = gpd.GeoDataFrame({"DLBM": ["0103", "0301", None], "DLMC": ["旱地", "乔木林地", None]}, geometry=[FIELD] * 3, crs=4490)
    assert reference_of("耕地", layer).names.tolist() == ["旱地"]
    assert len(reference_of("原地类", layer).names) == 3


@pytest.mark.parametrize(
    ("kind", "layer", "said"),
    [
        ("耕地", gpd.GeoDataFrame(geometry=[FIELD]), "没有坐标系"),
        ("耕地", gpd.GeoDataFrame(geometry=[FIELD.boundary], crs=4490), "没有可用的面"),
        ("耕地", gpd.GeoDataFrame({"DLBM": ["0301"]}, geometry=[FIELD], crs=4490), "没有可用的面"),
        ("乡镇", gpd.GeoDataFrame({"x": ["郑屯镇"]}, geometry=[FIELD], crs=4490), "没有名称或代码的列"),
    ],
)
def test_a_layer_that_cannot_be_used_says_why(kind: str, layer: gpd.GeoDataFrame, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        reference_of(kind, layer)


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UnknownName, match="basic_farmland"):
        kind_named("公园")


def test_files_are_named_for_one_check_or_once_beside_the_project(project: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "耕地.shp", FIELD, crs=4523, DLBM="0103")
    assert "S206" not in codes(project)
    assert "S206" in codes(project, "--against", f"耕地={file}")
    assert "S206" in codes(project, "--against", f"cropland={file}")
    (tmp_path / "references.toml").write_text('[[layer]]\nkind = "耕地"\nfile = "耕地.shp"\n', encoding="utf-8")
    assert "S206" in codes(project)
    held = Project.open(project)
    site = next(judged.finding.site_id for judged in held.check() if judged.finding.code == "S206")
    held.waive(site, code="S206", reason="图层过时", by="甲")
    assert [judged.state for judged in held.check() if judged.finding.code == "S206" and judged.finding.site_id == site] == ["waived"]


def test_an_import_is_held_against_the_layers_that_are_named(project: Path, tmp_path: Path) -> None:
    written(tmp_path / "耕地.geojson", square(8).buffer(0.001))
    (tmp_path / "references.toml").write_text('[[layer]]\nkind = "耕地"\nfile = "耕地.geojson"\n', encoding="utf-8")
    rows = gpd.GeoDataFrame({"小班号": ["9"], "措施": ["人工造林"], "年度": [2021]}, geometry=[square(8)], crs=4490)
    rows.to_file(tmp_path / "new.geojson")
    said = run("import", tmp_path / "new.geojson", "--by", "甲", "--project", project)
    assert "[错误 S206]" in said.out


def test_a_layer_that_changes_is_read_again(project: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "耕地.geojson", shapely.box(106, 26, 106.1, 26.1))
    held = Project.open(project)
    away = held.check(given=held.given(against={"耕地": file}))
    file.unlink()
    written(file, FIELD)
    there = held.check(given=held.given(against={"耕地": file}))
    assert [any(judged.finding.code == "S206" for judged in told) for told in (away, there)] == [False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[layer]]\nkind = "公园"\nfile = "x.shp"\n', "公园"),
        ('[[layer]]\nkind = "耕地"\n', "耕地"),
        ('[[layer]]\nkind = "耕地"\nfile = "x.shp"\ncolour = "red"\n', "colour"),
        ('[[layer]]\nkind = "耕地"\nfile = "a.shp"\n[[layer]]\nkind = "cropland"\nfile = "b.shp"\n', "cropland"),
        ("[files]\ncropland = 'a.shp'\n", "files"),
        ("photos = 3\n", "references.toml"),
        ("耕地 = 'a.shp'\n", "references.toml"),
    ],
)
def test_a_references_file_that_is_wrong_says_what(project: Path, text: str, said: str) -> None:
    (project.parent / "references.toml").write_text(text, encoding="utf-8")
    told = run("check", "--project", project)
    assert told.code == 4
    assert said in told.err


@pytest.mark.parametrize(
    "words", [("--against", "耕地=没有.shp"), ("--photos", "没有"), ("--against", "公园=x.shp"), ("--against", "耕地")]
)
def test_what_is_not_there_or_not_known_is_a_wrong_call(project: Path, words: tuple[str, str]) -> None:
    said = run("check", *words, "--project", project)
    assert said.code in (2, 3)
    assert words[1].split("=")[0] in said.err or words[1].split("=")[-1] in said.err


def test_a_file_with_several_layers_needs_one_named(project: Path, tmp_path: Path) -> None:
    rows = gpd.GeoDataFrame({"DLBM": ["0103"]}, geometry=[FIELD], crs=4490)
    for name in ("a", "b"):
        rows.to_file(tmp_path / "two.gpkg", layer=name)
    assert "a、b" in run("check", "--against", f"耕地={tmp_path / 'two.gpkg'}", "--project", project).err
    (tmp_path / "references.toml").write_text('[[layer]]\nkind = "耕地"\nfile = "two.gpkg"\nlayer = "b"\n', encoding="utf-8")
    assert "S206" in codes(project)


def test_rows_of_a_layer_that_cannot_be_used_are_told(project: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "耕地.geojson", FIELD, shapely.Point(105, 25))
    assert "耕地.geojson 有 1 行用不了" in run("check", "--against", f"耕地={file}", "--project", project).err


def test_photos_are_looked_for_in_folders_within_too(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "照片" / "2021"
    folder.mkdir(parents=True)
    frame = Project.open(project).sites()
    (folder / f"{frame['site_id'].iloc[0]}.jpg").touch()
    said = run("check", "--format", "json", "--photos", tmp_path / "照片", "--project", project)
    assert [row["site_id"] for row in said.data()["findings"] if row["code"] == "S408"] == [frame["site_id"].iloc[1]]
