"""Areas and ground counted once against others' programs: pyproj's Geod and GEOS's union, on made and on real layers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from benchmarks.parcels import coarse_parcels, mosaic, parcels
from pyproj import Geod

from restoration.geometry import Geometries, area_of_record_m2, ground_area_m2, procedure_area_m2, to_plane, zone_of
from restoration.overlay import ground_of

from .conftest import NOT_BESIDE, SHARED

GEOD = Geod(ellps="GRS80")
MADE = {"digitised": parcels, "coarse": coarse_parcels, "mosaic": mosaic}
REAL = {
    "mining/amw_subset_2018_2025.geojson": 3e-7,  # by edges of up to 1.9 km
    "restoration/whisp_example_50_multipolygons.geojson": 2e-6,  # by edges of up to 4 km, up to 150 km from a meridian
    "admin/xingyi_anlong_xingren_tianditu.geojson": 3e-8,
}
"""Real layers, and how far an edge straight in the plane may be from a geodesic one, by the size of the largest edges."""


def geodesic_m2(shapes: Geometries) -> Any:
    return np.array([abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) for shape in shapes])


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest) -> tuple[Geometries, float]:
    """A real layer and how near geodesic edges must be."""
    named = os.environ.get("RESTORATION_SHARED_DATA")
    folder = Path(named) if named else SHARED / "data"
    if not folder.is_dir():
        pytest.skip(NOT_BESIDE)
    return np.asarray(pyogrio.read_dataframe(folder / request.param).geometry.array, dtype=object), REAL[request.param]


@pytest.mark.parametrize("kind", MADE)
def test_made_parcels_against_the_procedure_and_geod(kind: str) -> None:
    shapes = MADE[kind](1_500)
    found_m2 = area_of_record_m2(shapes)
    assert found_m2.tolist() == pytest.approx(procedure_area_m2(shapes).tolist(), abs=1e-4)
    assert found_m2.tolist() == pytest.approx(geodesic_m2(shapes).tolist(), rel=2e-7, abs=0.05)
    assert found_m2.sum() == pytest.approx(geodesic_m2(shapes).sum(), rel=1e-8)


@pytest.mark.parametrize("kind", MADE)
def test_ground_counted_once_against_geoss_union_of_everything(kind: str) -> None:
    shapes = MADE[kind](1_500)
    assert_as_geos_unites(shapes)


def assert_as_geos_unites(shapes: Geometries) -> None:
    zones = np.unique(zone_of(shapes))
    assert len(zones) == 1
    planar, ground = to_plane(shapes, int(zones[0])), ground_of(shapes)
    united_m2 = ground_area_m2(np.array([shapely.union_all(planar)], dtype=object))[0]
    assert ground.area_m2.sum() - ground.land_m2 == pytest.approx(ground_area_m2(planar).sum() - united_m2, rel=1e-9, abs=1e-3)


def test_real_layers_against_the_procedure_and_geod(real: tuple[Geometries, float]) -> None:
    shapes, near = real
    found_m2 = area_of_record_m2(shapes)
    assert found_m2.tolist() == pytest.approx(procedure_area_m2(shapes).tolist(), abs=1e-4)
    assert found_m2.tolist() == pytest.approx(geodesic_m2(shapes).tolist(), rel=near, abs=0.01)


def test_real_layers_counted_once_against_geos(real: tuple[Geometries, float]) -> None:
    shapes, _ = real
    zones, counts = np.unique(zone_of(shapes), return_counts=True)
    assert_as_geos_unites(shapes[zone_of(shapes) == zones[counts.argmax()]])
