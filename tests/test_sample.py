"""The embedded default project says what the district published, by the command line, in the map, and by a computation apart."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import Page

from restoration import sample
from restoration.project import Project
from tests.making import run, state_of

DAY = "2021-12-31"
MU = 2000 / 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample")
    said = run("demo", made)
    assert said.code == 0, said
    assert "导入 mine_sites.geojson" in said.out
    assert f"地图：{made / 'map.html'}" in said.out
    return made


def area(folder: Path, *words: object, form: str = "json") -> object:
    said = run("area", *words, "--as-of", DAY, "--project", folder / sample.PROJECT_FILE, "--format", form)
    assert said.code == 0, said
    return said.data() if form == "json" else said.out


def test_the_mines_are_those_of_the_bulletin(folder: Path) -> None:
    rows = run("targets", "--as-of", DAY, "--project", folder / sample.PROJECT_FILE, "--format", "json").data()
    mines = next(row for row in rows if row["measure"] == "mine_regreen")
    assert (mines["number"], mines["accepted_number"], mines["in_progress_number"]) == (28, 13, 15)
    assert mines["accepted_m2"] / MU > 600


def test_totals_add_up_and_agree_with_a_plain_computation(folder: Path) -> None:
    told = area(folder)
    assert isinstance(told, dict)
    sites = Project.open(folder / sample.PROJECT_FILE, read_only=True).sites(as_of=sample.PUBLISHED_ON)
    counted = sites[sites["status"] != "cancelled"]
    plane = counted.to_crs("+proj=laea +lat_0=25.2 +lon_0=105.2 +ellps=GRS80")
    whole, rows = told["whole"], told["rows"]
    assert whole["task_m2"] == pytest.approx(plane.area.sum(), rel=2e-6)
    assert whole["land_m2"] == pytest.approx(plane.union_all().area, rel=2e-6)
    assert whole["task_m2"] == pytest.approx(sum(row["task_m2"] for row in rows), rel=1e-12)
    assert whole["land_m2"] == pytest.approx(sum(row["land_m2"] for row in rows) - told["shared_m2"], rel=1e-12)
    assert whole["sites"] == sum(row["sites"] for row in rows) == len(counted)
    for row in rows:
        assert row["task_m2"] == pytest.approx(plane[counted["layer"] == row["layer"]].area.sum(), rel=2e-6)


@pytest.mark.parametrize(("unit", "square_metres", "digits"), [("mu", MU, 2), ("ha", 10_000, 4), ("m2", 1, 2), ("km2", 1_000_000, 4)])
def test_table_csv_and_json_have_the_same_numbers(folder: Path, unit: str, square_metres: float, digits: int) -> None:
    told, table, sheet = (area(folder, "--unit", unit, form=form) for form in ("json", "table", "csv"))
    assert isinstance(told, dict) and isinstance(table, str) and isinstance(sheet, str)  # noqa: PT018
    rows = list(csv.reader(io.StringIO(sheet)))
    lines = {line.split()[0]: line.split()[1:] for line in table.splitlines() if line}
    for row, record in zip(rows[1:-2], told["rows"], strict=True):
        assert row[1:] == lines[row[0]][: len(row) - 1]
        assert float(row[2]) == pytest.approx(record["task_m2"] / square_metres, abs=0.5000001 * 10**-digits)
    assert rows[-1][0] == "合计"
    assert float(rows[-1][3]) == pytest.approx(told["whole"]["land_m2"] / square_metres, abs=0.5000001 * 10**-digits)


def test_the_legend_of_the_map_has_the_same_areas(folder: Path, page: Page) -> None:
    table = area(folder, form="table")
    assert isinstance(table, str)
    page.goto((folder / sample.MAP_FILE).as_uri())
    page.wait_for_timeout(500)
    text = page.inner_text("body")
    shown = {float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.\d+|\d[\d,]+", text)}
    for line in table.splitlines()[2:5]:
        name, _, task, *_ = line.split()
        assert name in text
        assert float(task) in shown or round(float(task)) in shown or round(float(task), 1) in shown, (name, task, sorted(shown))


def test_building_again_changes_nothing(folder: Path) -> None:
    before = state_of(folder)
    said = run("demo", folder)
    assert "已有示例项目" in said.out
    after = state_of(folder)
    assert {name: content for name, content in after.items() if name != "map.html"} == {
        name: content for name, content in before.items() if name != "map.html"
    }


def test_what_lies_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "outline.geojson").write_bytes((sample.geodata() / "outline.geojson").read_bytes() + b"\n")
    before = (tmp_path / "outline.geojson").read_bytes()
    said = run("demo", tmp_path, "--format", "json")
    assert said.code == 0
    assert said.data()["whole"]["sites"] > 90
    assert (tmp_path / "outline.geojson").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.html", "outline.geojson", "yilong-sample.gpkg"]


def test_the_sample_is_sound(folder: Path) -> None:
    assert "未发现改动" in run("verify", "--project", folder / sample.PROJECT_FILE).out
    said = run("check", "--project", folder / sample.PROJECT_FILE)
    assert said.code in (0, 1)
    assert gpd.read_file(folder / "outline.geojson").crs is not None
