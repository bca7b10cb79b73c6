"""Real files from elsewhere, where they are beside the repository: each is read as its notes say, or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import shapely
from pyproj import Geod

from restoration import readers
from restoration.errors import FileRefused
from restoration.geometry import area_of_record_m2

from ..conftest import NOT_BESIDE
from .files import codes

VECTORS = {".geojson", ".json", ".gpkg", ".zip", ".csv"}


@pytest.fixture
def real() -> Path:
    """The folder of real files: named by RESTORATION_SHARED_DATA, or beside the repository."""
    named = os.environ.get("RESTORATION_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(NOT_BESIDE)
    return folder


class Holds(NamedTuple):
    """What a file holds: rows that are ground, rows that are not, its CRS, and what is told."""

    rows: int
    left: int
    crs: str
    told: Sequence[str] = ("R112",)


BNG, LONGITUDES = "EPSG:27700", "OGC:CRS84"
READ: Mapping[str, Holds] = {
    "admin/xingyi_anlong_xingren_tianditu.geojson": Holds(3, 0, "EPSG:4490", ()),
    "mining/amw_subset_2018_2025.geojson": Holds(204, 0, LONGITUDES),
    "restoration/whisp_example_50_multipolygons.geojson": Holds(50, 0, LONGITUDES),
    # One site, and two records of its table without a shape.
    "restoration/test-shapefile.zip": Holds(1, 2, "EPSG:4326", ("R118", "R112", "R121")),
    "restoration/defra_bng/shape-27700.zip": Holds(1, 0, BNG),
    "restoration/defra_bng/shape-27700.geojson": Holds(1, 0, BNG),
    "restoration/defra_bng/scotland-27700.gpkg": Holds(1, 0, BNG),
    "restoration/defra_bng/in-scotland-27700.geojson": Holds(1, 0, BNG),
    "restoration/defra_bng/near-scottish-border-27700.geojson": Holds(1, 0, BNG),
    "restoration/defra_bng/crosses-scottish-border-27700.geojson": Holds(1, 0, BNG, ("R131", "R112")),
    "restoration/defra_bng/in-wales-4326.geojson": Holds(1, 0, LONGITUDES),
    "restoration/defra_bng/near-welsh-border-4326.geojson": Holds(1, 0, LONGITUDES),
    "restoration/defra_bng/crosses-welsh-border-4326.geojson": Holds(1, 0, LONGITUDES),
    "restoration/defra_bng/land-boundary-4326.geojson": Holds(1, 0, LONGITUDES, ("R131", "R112")),
    "restoration/defra_bng/geopackage-land-boundary-4326.gpkg": Holds(1, 0, "EPSG:4326", ("R131", "R112")),
}
REFUSED: Mapping[str, str] = {
    "restoration/incomplete-shapefile.zip": ".shp",
    "restoration/defra_bng/empty-geopackage.gpkg": "GeoPackage",
    "restoration/defra_bng/invalid-file-content.geojson": "GeoJSON",
    "restoration/defra_bng/unsupported-file-format.json": "GeoJSON",
    "restoration/defra_bng/1MB.geojson": "GeoJSON",
    "admin/qianxinan_level4.csv": "拐点",  # names and codes, no geometry
    "vectors/china-cities.json": "GeoJSON",  # pairs of points
}


def test_every_vector_file_there_is_expected_to_be_something(real: Path) -> None:
    found = {path.relative_to(real).as_posix() for path in real.rglob("*") if path.suffix in VECTORS}
    assert found == {*READ, *REFUSED}


@pytest.mark.parametrize("name", READ)
def test_a_layer_is_read_as_it_is_described(real: Path, name: str) -> None:
    (layer,), findings = readers.read(real / name)
    wanted = READ[name]
    assert (len(layer.rows), len(layer.refused), layer.crs, layer.encoding) == (wanted.rows, wanted.left, wanted.crs, "UTF-8")
    assert set(codes(findings)) == set(wanted.told)
    assert layer.rows.geometry.is_valid.all()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_layer_is_refused_with_a_way_out(real: Path, name: str) -> None:
    with pytest.raises(FileRefused, match=REFUSED[name]) as refused:
        readers.read(real / name)
    assert refused.value.way_out.zh
    assert Path(name).name in refused.value.fact.zh


def test_the_counties_lie_in_the_envelope(real: Path) -> None:
    _, findings = readers.read(real / "admin/xingyi_anlong_xingren_tianditu.geojson")
    assert "R112" not in codes(findings)


def test_one_boundary_in_two_formats_is_one(real: Path) -> None:
    folder = real / "restoration" / "defra_bng"
    for pair in (("shape-27700.zip", "shape-27700.geojson"), ("land-boundary-4326.geojson", "geopackage-land-boundary-4326.gpkg")):
        one, other = (readers.read(folder / name)[0][0].rows.geometry.iloc[0] for name in pair)
        assert shapely.area(shapely.symmetric_difference(one, other)) <= 1e-6 * one.area, pair


@pytest.mark.parametrize("name", ["mining/amw_subset_2018_2025.geojson", "restoration/whisp_example_50_multipolygons.geojson"])
def test_areas_are_those_of_the_geodesic_to_a_ten_thousandth(real: Path, name: str) -> None:
    shapes = np.asarray(readers.read(real / name)[0][0].rows.geometry.array)
    geodesic_m2 = np.array([abs(Geod(ellps="GRS80").geometry_area_perimeter(shape)[0]) for shape in shapes])
    assert area_of_record_m2(shapes) == pytest.approx(geodesic_m2, rel=1e-4)
