"""Old datums with parameters: each case worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS

from restoration import readers
from restoration.errors import BadRequest
from restoration.geometry import to_plane
from restoration.readers.shift import shifted

from .files import SQUARE, codes, shapefile


def plane_after(x: float, y: float, shift: list[float], *, source: int = 2380) -> list[float]:
    """Where a point of the old plane (easting, northing) comes to lie in the plane of CM 105E, CGCS2000."""
    moved = shifted(np.array([shapely.Point(x, y)]), source=CRS(source), shift=shift)
    return [round(float(value), 3) for value in shapely.get_coordinates(to_plane(moved, 35))[0]]


def test_a_translation_adds_north_and_east() -> None:
    """dx is north, dy is east, as surveyors write X and Y."""
    assert plane_after(520_000, 2_775_000, [-4.5, 116.25, 0, 0]) == [520_116.25, 2_774_995.5]


def test_the_zone_number_is_no_part_of_the_plane() -> None:
    assert plane_after(35_520_000, 2_775_000, [10, 20, 0, 0], source=2359) == [520_020.0, 2_775_010.0]


def test_a_scale_of_one_ppm_is_a_metre_in_a_thousand_kilometres() -> None:
    """North 2 775 000 grows by 2.775 m, east 520 000 by 0.52 m."""
    assert plane_after(520_000, 2_775_000, [0, 0, 0, 1]) == [520_000.52, 2_775_002.775]


def test_a_rotation_turns_north_towards_east() -> None:
    """One second is 1/206 264.806: east gains 2 775 000 / 206 264.806 = 13.4536 m, north loses 520 000 / 206 264.806 = 2.5210 m."""
    east, north = plane_after(520_000, 2_775_000, [0, 0, 1, 0])
    assert (east, north) == pytest.approx((520_013.4536, 2_774_997.4790), abs=2e-3)


def test_four_parameters_take_geographic_coordinates_too() -> None:
    """On the central meridian the easting is 500 000, so 100 m east is 100 m east."""
    moved = shifted(np.array([shapely.Point(105.0, 25.0)]), source=CRS(4610), shift=[0, 100, 0, 0])
    assert shapely.get_coordinates(to_plane(moved, 35))[0][0] == pytest.approx(500_100.0, abs=1e-6)


def equator(longitude: float, shift: list[float]) -> list[float]:
    moved = shifted(np.array([shapely.Point(longitude, 0.0)]), source=CRS(4610), shift=shift)
    return [float(value) for value in shapely.get_coordinates(moved)[0]]


def test_seven_parameters_move_the_geocentric_point() -> None:
    """At 90° E on the equator the point is (0, a, 0) with a = 6 378 140 m; 100 m along -x is atan(100 / a) of longitude."""
    assert equator(90.0, [-100, 0, 0, 0, 0, 0, 0]) == pytest.approx([90 + np.degrees(np.arctan(100 / 6_378_140)), 0.0], abs=1e-10)


def test_seven_parameters_turn_by_the_position_vector() -> None:
    """A turn of one second about the pole adds one second of longitude."""
    assert equator(90.0, [0, 0, 0, 0, 0, 1.0, 0]) == pytest.approx([90 + 1 / 3600, 0.0], abs=1e-10)


def test_seven_parameters_of_nothing_change_the_ellipsoid_alone() -> None:
    """Xian80 and CGCS2000 share the equator plane: longitude stays, and so does latitude zero."""
    assert equator(105.0, [0, 0, 0, 0, 0, 0, 5.0]) == pytest.approx([105.0, 0.0], abs=1e-12)


def test_a_layer_of_xian80_is_read_with_parameters(tmp_path: Path) -> None:
    layers, findings = readers.read(shapefile(tmp_path, [SQUARE], crs=2380), shift=[10.0, 20.0, 0.0, 0.0])
    assert np.round(shapely.bounds(to_plane(layers[0].rows.geometry.to_numpy(), 35))[0], 3).tolist() == [
        520_020,
        2_775_010,
        521_020,
        2_776_010,
    ]
    assert codes(findings) == ["R111"]


def test_beijing54_with_a_zone_number_missing_is_mended_first(tmp_path: Path) -> None:
    layers, findings = readers.read(shapefile(tmp_path, [SQUARE], crs=2411), shift=[0.0, 0.0, 0.0, 0.0])
    assert codes(findings) == ["R109", "R111"]
    assert layers[0].crs == "EPSG:2432"


@pytest.mark.parametrize("shift", [[1.0], [1.0, 2.0, 3.0], [0.0] * 5, [float("nan"), 0.0, 0.0, 0.0]])
def test_anything_but_four_or_seven_numbers_is_refused(tmp_path: Path, shift: list[float]) -> None:
    with pytest.raises(BadRequest, match="dx,dy"):
        readers.read(shapefile(tmp_path, [SQUARE], crs=2380), shift=shift)
