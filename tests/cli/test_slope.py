"""``restoration slope``: what it prints, in both languages and every form, and that it always says what the numbers are not."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from restoration.terrain import elevation
from tests.making import run, taken_in

STEP_DEG = 1 / 3600


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"名称": "红岩", "乡镇": "鲁屯镇"}, {"名称": "白岩", "乡镇": "龙广镇"}, {"名称": "远山", "乡镇": "龙广镇"})


@pytest.fixture
def dem(tmp_path: Path) -> Path:
    """Ground that rises by 25° to the north; the third site is only half on it."""
    rows, columns, north = 60, 36, 25.108
    metres = 110_787 * STEP_DEG  # a second of latitude at 25.1°
    heights = 1000 + math.tan(math.radians(25)) * metres * np.arange(rows, 0, -1)[:, None] + np.zeros((rows, columns))
    transform, path = Affine(STEP_DEG, 0, 105.1, 0, -STEP_DEG, north), tmp_path / "dem.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32", crs="EPSG:4490", transform=transform
    ) as file:
        file.write(heights.astype("float32"), 1)
    return path


def test_each_site_its_slope_and_the_line_that_it_is_not_of_record(project: Path, dem: Path) -> None:
    said = run("slope", dem, "--project", project)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["编号", "图斑面积(亩)", "平均坡度(°)", "坡面面积(亩,", "非上报)", "倍数", "覆盖率(%)", "说明"]
    assert [line.split()[2:] for line in lines[2:4]] == [["25.0", lines[2].split()[3], "1.103", "100.0"]] * 2
    assert lines[4].split()[-1] == "高程模型覆盖不足"
    assert lines[5].split()[0] == "合计"
    assert lines[5].split()[-2:] == ["2/3", "个小班"]
    assert lines[6] == "坡面面积为非上报面积，不得作为验收和补助依据；只用于估算种子、客土、挂网等用量。"
    assert "1 个小班没有坡面面积（高程模型覆盖不足 1 个）" in lines[8]


def test_groups_and_units_in_english(project: Path, dem: Path) -> None:
    said = run("slope", dem, "--project", project, "--by", "town", "--unit", "ha", "--lang", "en")
    lines = said.out.splitlines()
    assert lines[0].startswith("town")
    assert "surface area(ha, not of record)" in lines[0]
    assert [line.split()[0] for line in lines[2:5]] == ["鲁屯镇", "龙广镇", "in"]
    assert lines[3].endswith("1 of 2 sites")
    assert lines[5].startswith("Surface area is not of record: no ground for acceptance or subsidy")


def test_a_site_by_its_name(project: Path, dem: Path) -> None:
    said = run("slope", dem, "--project", project, "--site", "红岩", "--format", "json").data()
    assert len(said["rows"]) == 1
    assert said["of_record"] is False
    assert "不得作为验收和补助依据" in said["says"]
    assert said["rows"][0]["surface_m2"] / said["rows"][0]["area_m2"] == pytest.approx(1.1034, abs=1e-3)
    assert run("slope", dem, "--project", project, "--site", "没有的").code == 3


def test_csv_says_it_in_the_heading_and_leaves_unknown_blank(project: Path, dem: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("slope", dem, "--project", project, "--format", "csv").out)))
    assert rows[2]["坡面面积(亩, 非上报面积, 不得作为验收和补助依据)"] == ""
    assert rows[2]["平均坡度(°)"] == ""
    assert rows[2]["图斑面积(亩)"]
    assert len(rows) == 4


def test_no_site_at_all_is_a_total_of_nothing(project: Path, dem: Path) -> None:
    said = run("slope", dem, "--project", project, "--as-of", "2001-01-01", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert "0 of 0 sites" in said.out
    assert run("slope", dem, "--project", project, "--as-of", "2001-01-01", "--by", "layer").code == 0


def test_wrong_calls_end_with_their_codes(project: Path, dem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.tif").write_text("no raster", encoding="utf-8")
    assert run("slope", tmp_path / "none.tif", "--project", project).code == 3
    assert run("slope", tmp_path / "text.tif", "--project", project).code == 4
    assert run("slope", dem, "--project", project, "--by", "colour").code == 2
    monkeypatch.setattr(elevation, "find_spec", {}.get)
    said = run("slope", dem, "--project", project, "--lang", "en")
    assert said.code == 11
    assert 'pip install "restoration[raster]"' in said.err
