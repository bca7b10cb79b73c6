"""Real files from elsewhere, where they are beside the project: nothing breaks, and every row is told."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import NOT_BESIDE, SHARED
from tests.making import project_in, run

FILES = (
    "admin/xingyi_anlong_xingren_tianditu.geojson", "mining/amw_subset_2018_2025.geojson",
    "restoration/whisp_example_50_multipolygons.geojson", "restoration/test-shapefile.zip", "restoration/incomplete-shapefile.zip",
    *(f"restoration/defra_bng/{name}" for name in (
        "1MB.geojson", "crosses-scottish-border-27700.geojson", "crosses-welsh-border-4326.geojson", "empty-geopackage.gpkg",
        "geopackage-land-boundary-4326.gpkg", "in-scotland-27700.geojson", "in-wales-4326.geojson", "invalid-file-content.geojson",
        "land-boundary-4326.geojson", "near-scottish-border-27700.geojson", "near-welsh-border-4326.geojson", "scotland-27700.gpkg",
        "shape-27700.geojson", "shape-27700.zip", "unsupported-file-format.json",
    )),
)  # fmt: skip
IDS = ("gb", "uuid", "user_id", "year", "fid")


@pytest.fixture(scope="module")
def shared() -> Path:
    """The folder of real files: named by RESTORATION_SHARED_DATA, or beside the repository."""
    named = os.environ.get("RESTORATION_SHARED_DATA")
    found = Path(named) if named else SHARED / "data"
    if not found.is_dir():
        pytest.skip(NOT_BESIDE)
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_taken_or_refused_with_an_account(shared: Path, tmp_path: Path, name: str) -> None:
    project = project_in(tmp_path)
    file = Path(shutil.copy(shared / name, tmp_path))  # what is refused is kept beside the file
    usual = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--crs", "auto", "--project", project, "--format", "json")
    said = run("import", file, *usual)
    for column in IDS:
        if "--id" in said.err and f"、{column}" in said.err.replace("：", "、"):
            said = run("import", file, *usual, "--id", column)
    assert said.code in (0, 2, 3, 4), said
    if said.out:
        account = said.data()["account"]
        assert all(told["why"] or told["outcome"] != "refused" for told in account)
        taken = sum(told["outcome"] == "new" for told in account)
        assert len(run("list", "--project", project, "--format", "json").data()) == taken
        assert run("check", "--project", project).code in (0, 1)
        assert run("map", tmp_path / "map.html", "--project", project).code == 0
    else:
        assert len(said.err.splitlines()) >= 2
        assert Path(name).name in said.err
    assert "未发现改动" in run("verify", "--project", project).out
