"""Scales, graticules and textures, against what they are by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration.data import builtin
from restoration.figures.outlines import chords, dots, outline_of, slants
from restoration.figures.plane import graticule, kilometres, window_of
from restoration.geometry import from_plane, to_plane


@given(st.floats(0.0005, 2.5), st.floats(0.0005, 2.5), st.floats(75, 130), st.floats(5, 52))
def test_a_window_holds_its_ground_at_a_round_scale(width: float, height: float, west: float, south: float) -> None:
    ground = np.array([shapely.box(west, south, west + width, south + height)])
    window = window_of(ground, width_mm=180, height_mm=150)
    assert window.east_m - window.west_m == pytest.approx(0.18 * window.scale)
    assert window.north_m - window.south_m == pytest.approx(0.15 * window.scale)
    assert shapely.box(*window[2:]).covers(to_plane(ground, window.zone)[0])
    assert window.scale / 10 ** (len(str(window.scale)) - 1) in builtin("figure")["scale"]["steps"]
    assert window.scale >= 500


def test_a_line_of_the_graticule_is_where_its_label_says() -> None:
    window = window_of(np.array([shapely.box(104.9, 24.9, 105.4, 25.3)]), width_mm=180, height_mm=150)
    lines = list(graticule(window))
    assert {"105°E", "105°10′E", "25°N", "25°10′N"} <= {line.label for line in lines}
    for line in lines:
        degrees = shapely.get_coordinates(from_plane(np.array([shapely.LineString(line.xy_m)]), window.zone))
        along = degrees[:, 0 if line.is_meridian else 1]
        whole, _, minutes = line.label[:-1].rstrip("′").partition("°")
        assert along == pytest.approx(int(whole) + int(minutes or 0) / 60, abs=1e-5)


def test_kilometres_are_round_and_far_enough_apart() -> None:
    assert kilometres(484_300, 542_000, least_m=13_000) == [500_000, 520_000, 540_000]
    assert kilometres(484_300, 484_900, least_m=100) == []


def test_chords_run_inside_a_polygon_and_not_in_its_hole() -> None:
    shape = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    found = chords(np.array([shape]), pitch=5.0, phase=0.5)
    assert [(int(row), x0, x1) for row, x0, x1 in zip(*found, strict=True)] == [(0, 0.0, 10.0), (1, 0.0, 4.0), (1, 6.0, 10.0)]


def test_textures_lie_inside_and_run_on_from_site_to_site() -> None:
    left, right = shapely.box(0, 0, 50, 40), shapely.box(50, 0, 90, 40)
    both = {tuple(point) for point in dots(np.array([left, right]), px=1.0)}
    assert both == {tuple(point) for point in dots(np.array([left.union(right)]), px=1.0)}
    assert len(both) == pytest.approx(90 * 40 / 32, rel=0.15)
    lines = slants(np.array([left]), px=1.0).vertices
    assert shapely.covers(left.buffer(1e-9), shapely.points(np.asarray(lines))).all()
    assert dots(np.zeros(0, dtype=object), px=1.0).shape == (0, 2)


def test_paths_turn_holes_the_other_way() -> None:
    holed = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    path = outline_of(np.array([holed, shapely.box(8, 8, 12, 12), None]))
    assert np.count_nonzero(path.codes == path.MOVETO) == 3
    assert path.contains_point((1, 1))
    signs = [
        np.sign(shapely.LinearRing(ring).is_ccw - 0.5) for ring in np.split(path.vertices, np.flatnonzero(path.codes == path.MOVETO)[1:])
    ]
    assert sorted(signs) == [-1, 1, 1]
