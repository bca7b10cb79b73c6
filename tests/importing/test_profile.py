"""How a contractor's files are read, kept and used again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from restoration.errors import FileRefused
from restoration.importing import read_profile
from restoration.text import speaking
from tests.making import Said, parcels, project_in, run, square, written

MEASURE = ("--measure", "人工造林", "--year", 2021)
COLUMNS = {"乡": "01", "号": "1", "种类": "x", "大小": 66.9, "备注": "甲\"'\\\n乙"}


def take(folder: Path, file: Path, *more: object) -> Said:
    return run("import", file, "--by", "甲", "--project", folder / "p.gpkg", *more)


def first(folder: Path, *more: object) -> Path:
    """A profile kept from a first file: a number of two columns, an area without a unit, no .prj, coordinates of a zone."""
    project_in(folder)
    file = written(parcels(COLUMNS, {**COLUMNS, "号": "2"}, crs="EPSG:4523"), folder / "甲一.shp", encoding="GBK", bare=True)
    fields = ("--id", "乡", "--id", "号", "--field", "reported_m2=大小", "--field", "name=备注", "--crs", "EPSG:4523")
    said = take(folder, file, *MEASURE, *fields, "--unit", "mu", "--encoding", "GBK", "--save-profile", folder / "甲.toml", *more)
    assert said.code == 0, said
    assert f"读法存为口径 {folder / '甲.toml'}" in said.out
    return folder / "甲.toml"


def test_a_profile_says_what_was_used_and_can_be_read(tmp_path: Path) -> None:
    profile = first(tmp_path)
    text = profile.read_text(encoding="utf-8")
    assert text.startswith("# 导入口径")
    assert "# 取自 甲一.shp（GB18030，EPSG:4523）" in text
    assert tomllib.loads(text) == {
        "file": {"encoding": "GBK", "crs": "EPSG:4523"},
        "columns": {"number": ["乡", "号"], "name": "备注", "reported_m2": "大小"},
        "values": {"measure": "人工造林", "plan_year": 2021},
        "area": {"unit": "mu"},
    }


def test_the_next_file_is_read_as_the_first(tmp_path: Path) -> None:
    profile = first(tmp_path)
    more = parcels({**COLUMNS, "号": "3", "geometry": square(9)}, crs="EPSG:4523")
    said = take(tmp_path, written(more, tmp_path / "甲二.shp", encoding="GBK", bare=True), "--profile", profile)
    assert said.code == 0, said
    assert "新登记 1，" in said.out
    shown = run("show", "RGZL-2021-01-3", "--project", tmp_path / "p.gpkg").out
    assert "上报面积(亩)：66.90" in shown


def test_what_is_written_out_goes_before_the_profile(tmp_path: Path) -> None:
    profile = first(tmp_path)
    more = parcels({**COLUMNS, "号": "3", "亩数": 50.0, "geometry": square(9)}, crs="EPSG:4523")
    file = written(more, tmp_path / "甲二.shp", encoding="GBK", bare=True)
    said = take(tmp_path, file, "--profile", profile, "--year", 2022, "--field", "reported_m2=亩数", "--field", "name=")
    assert said.code == 0, said
    shown = run("show", "RGZL-2022-01-3", "--project", tmp_path / "p.gpkg").out
    assert "上报面积(亩)：50.00" in shown
    assert "名称" not in shown


def test_a_column_that_is_no_more_is_told_and_no_other_is_guessed(tmp_path: Path) -> None:
    profile = first(tmp_path)
    more = parcels({"乡": "01", "号": "3", "面积": 50.0, "geometry": square(9)}, crs="EPSG:4523")
    file = written(more, tmp_path / "甲二.shp", encoding="GBK", bare=True)
    said = take(tmp_path, file, "--profile", profile)
    assert said.code == 2
    assert "甲二.shp 没有口径 甲.toml 里写的列：大小、备注。" in said.err
    with speaking("en"):
        assert "甲二.shp lacks columns that the profile 甲.toml names: 大小, 备注." in take(tmp_path, file, "--profile", profile).err
    assert take(tmp_path, file, "--profile", profile, "--field", "reported_m2=面积", "--field", "name=").code == 0


def test_a_profile_s_crs_does_not_go_before_what_another_file_declares(tmp_path: Path) -> None:
    profile = first(tmp_path)
    more = written(parcels({**COLUMNS, "号": "3", "geometry": square(9)}, crs="EPSG:4544"), tmp_path / "甲二.shp", encoding="GBK")
    said = take(tmp_path, more, "--profile", profile)
    assert said.code == 4
    assert "口径 甲.toml 的坐标系与文件不符" in said.err


def test_a_profile_takes_no_file_s_place_and_nothing_is_imported_for_it(tmp_path: Path) -> None:
    profile = first(tmp_path)
    kept = profile.read_bytes()
    more = written(parcels({**COLUMNS, "号": "3", "geometry": square(9)}), tmp_path / "b.geojson")
    said = take(tmp_path, more, *MEASURE, "--id", "号", "--unit", "mu", "--save-profile", profile)
    assert (said.code, "同名的文件已经存在" in said.err) == (10, True)
    assert profile.read_bytes() == kept
    assert len(run("list", "--project", tmp_path / "p.gpkg", "--format", "json").data()) == 2


def test_files_that_were_read_in_two_ways_are_no_one_profile(tmp_path: Path) -> None:
    project_in(tmp_path)
    one = written(parcels({"名称": "x"}), tmp_path / "a.geojson")
    two = written(parcels({"小地名": "y", "小班号": "9", "geometry": square(9)}), tmp_path / "b.geojson")
    said = take(tmp_path, one, two, *MEASURE, "--save-profile", tmp_path / "x.toml")
    assert (said.code, "2 种不同的读法" in said.err, (tmp_path / "x.toml").exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[file]\ncrs = 4523\n", "file.crs 应是文字"),
        ("[file]\nswapped = 1\n", "file.swapped 应是true"),
        ("[file]\nshift = ['a']\n", "file.shift 应是方括号"),
        ("[columns]\nnumber = [1]\n", "columns.number 应是方括号"),
        ("[columns]\n\"面积\" = 'x'\n", "“columns.面积”不认识"),
        ("[values]\nplan_year = true\n", "values.plan_year 应是整数"),
        ("[script]\nrun = 'x'\n", "“script”不认识"),
        ("file = 1\n", "“file”不认识"),
        ("[file\n", "读不了"),
    ],
)
def test_a_profile_that_says_something_else_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with speaking("zh"), pytest.raises(FileRefused, match=r"x\.toml") as refused:
        read_profile(path)
    assert said in str(refused.value)
