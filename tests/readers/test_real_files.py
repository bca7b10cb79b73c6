"""Real files from elsewhere, where they are beside the repository: each is read or refused with a reason, never anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from restoration import readers
from restoration.errors import FileRefused

from ..conftest import NOT_BESIDE
from .files import codes


@pytest.fixture
def real() -> Path:
    """The folder of real files: named by RESTORATION_SHARED_DATA, or beside the repository."""
    named = os.environ.get("RESTORATION_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(NOT_BESIDE)
    return folder


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("admin/xingyi_anlong_xingren_tianditu.geojson", 3),
        ("mining/amw_subset_2018_2025.geojson", 204),
        ("restoration/whisp_example_50_multipolygons.geojson", 50),
        ("restoration/test-shapefile.zip", 3),
        ("restoration/defra_bng/shape-27700.zip", 1),
        ("restoration/defra_bng/near-welsh-border-4326.geojson", 1),
        ("restoration/defra_bng/shape-27700.geojson", 1),
        ("restoration/defra_bng/geopackage-land-boundary-4326.gpkg", 1),
    ],
)
def test_every_row_is_kept_or_refused_with_a_reason(real: Path, name: str, rows: int) -> None:
    layers, findings = readers.read(real / name)
    assert sum(len(layer.rows) + len(layer.refused) for layer in layers) == rows
    assert all(layer.rows.geometry.is_valid.all() for layer in layers)
    assert {finding.level for finding in findings} <= {"note", "warning", "error"}


@pytest.mark.parametrize(
    "name",
    [
        "restoration/incomplete-shapefile.zip",
        "restoration/defra_bng/empty-geopackage.gpkg",
        "restoration/defra_bng/invalid-file-content.geojson",
        "restoration/defra_bng/unsupported-file-format.json",
        "restoration/defra_bng/1MB.geojson",
    ],
)
def test_what_is_no_layer_is_refused_with_a_way_out(real: Path, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        readers.read(real / name)
    assert refused.value.way_out.zh
    assert Path(name).name in refused.value.fact.zh


def test_the_counties_lie_in_the_envelope(real: Path) -> None:
    _, findings = readers.read(real / "admin/xingyi_anlong_xingren_tianditu.geojson")
    assert "R112" not in codes(findings)
