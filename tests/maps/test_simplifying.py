"""Simplified boundaries are as near as stated, and what is shared stays shared, whatever lies on what."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration.geometry import Geometries, to_plane
from restoration.maps import simplifying
from restoration.maps.encoding import Rings, rings_of


def drawn(made: Rings) -> Geometries:
    """What the page draws, in degrees: one line a ring."""
    closed = [np.vstack([ring, ring[:1]]) * made.step_deg for ring in np.split(made.xy, np.cumsum(made.points)[:-1])]
    return np.array([shapely.LineString(ring) for ring in closed], dtype=object)


def wavy(seed: int, lon: float = 105.0, lat: float = 25.0, radius: float = 0.002) -> shapely.Polygon:
    """A digitised boundary: waves, and a vertex every few metres that is off by a metre or so."""
    chance = np.random.default_rng(seed)
    turn = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    away = radius * (1 + 0.2 * np.sin(3 * turn + seed) + 0.05 * np.sin(17 * turn)) + chance.normal(0, 1e-5, 300)
    return shapely.Polygon(np.column_stack([lon + away * np.cos(turn), lat + away * np.sin(turn)]))


def halves(whole: shapely.Polygon, seed: int) -> tuple[shapely.Geometry, shapely.Geometry]:
    """A polygon cut along a digitised line: both halves have the line's very points."""
    chance = np.random.default_rng(seed)
    y = np.linspace(whole.bounds[1] - 0.001, whole.bounds[3] + 0.001, 200)
    line = np.column_stack([whole.centroid.x + 2e-4 * np.sin(y * 3000) + chance.normal(0, 1e-5, 200), y])
    left = shapely.Polygon([*line, (whole.bounds[0] - 1, y[-1]), (whole.bounds[0] - 1, y[0])])
    # The line's ends on the boundary are put into both, so that nothing but the line is shared.
    return shapely.intersection(whole, left), shapely.difference(whole, left)


def off_m(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """How far two boundaries are apart at most, metres."""
    planar = to_plane(np.array([one, other], dtype=object), 35)
    return float(shapely.hausdorff_distance(planar[0], planar[1], densify=0.05))


@pytest.mark.parametrize("detail", [0.5, 2.0, 10.0])
@pytest.mark.parametrize("lat", [20.0, 25.0, 45.0])
def test_no_boundary_is_farther_off_than_stated(detail: float, lat: float) -> None:
    shapes = np.array([wavy(seed, 105 + seed / 100, lat) for seed in range(5)], dtype=object)
    made = rings_of(shapes, detail=detail)
    assert made.points.sum() < 0.8 * 5 * 300
    for shape, ring in zip(shapes, drawn(made), strict=True):
        assert off_m(shape.exterior, ring) <= detail


@pytest.mark.parametrize("detail", [2.0, 10.0])
def test_neighbours_keep_one_line_between_them(detail: float) -> None:
    left, right = halves(wavy(1), 1)
    made = rings_of(np.array([left, right], dtype=object), detail=detail)
    one, other = (shapely.set_precision(shapely.Polygon(line.coords), made.step_deg / 100) for line in drawn(made))
    whole = shapely.area(shapely.union(one, other))
    assert shapely.area(shapely.intersection(one, other)) < 1e-6 * whole, "they do not overlap"
    assert shapely.get_num_interior_rings(shapely.union(one, other)) == 0, "and there is no gap"
    edges = [{frozenset([a, b]) for a, b in zip(line.coords[:-1], line.coords[1:], strict=True)} for line in drawn(made)]
    assert len(edges[0] & edges[1]) >= 5


def test_copies_and_copies_that_begin_elsewhere_or_run_back_are_drawn_alike() -> None:
    shape = wavy(3)
    ring = shape.exterior.coords[:-1]
    shapes = np.array([shape, shapely.Polygon([*ring[77:], *ring[:77]]), shapely.Polygon(ring[::-1])], dtype=object)
    one, *others = ({tuple(point) for point in line.coords} for line in drawn(rings_of(shapes, detail=5)))
    assert [other == one for other in others] == [True, True]


def test_a_site_is_drawn_alike_alone_and_beneath_one_that_overlaps_it() -> None:
    shape, over = wavy(4), shapely.box(105.0003, 24.999, 105.01, 25.01)
    alone, below = rings_of(np.array([shape], dtype=object), detail=2), rings_of(np.array([shape, over], dtype=object), detail=2)
    assert np.array_equal(alone.xy, below.xy[: below.points[0]])


@pytest.mark.parametrize("thin", [1e-6, 1e-5])
def test_a_strip_narrower_than_the_distance_keeps_its_length_and_three_points(thin: float) -> None:
    turned = shapely.Polygon([(105, 25), (105.01, 25.01), (105.01 + thin, 25.01), (105.005 + thin, 25.005), (105 + thin, 25)])
    made = rings_of(np.array([turned], dtype=object), detail=10)
    assert made.points.tolist()[0] >= 3
    assert off_m(turned.exterior, drawn(made)[0]) <= 10


@given(st.integers(0, 10_000), st.sampled_from([1.0, 4.0]))
@settings(max_examples=25, deadline=None)
def test_every_ring_keeps_its_place_in_the_order(seed: int, detail: float) -> None:
    chance = np.random.default_rng(seed)
    many = int(chance.integers(1, 6))
    shapes = np.array([wavy(seed + k, 105 + 0.002 * float(chance.random()), 25) for k in range(many)], dtype=object)
    made = rings_of(shapes, detail=detail)
    assert made.rings.tolist() == [1] * many
    for shape, ring in zip(shapes, drawn(made), strict=True):
        assert off_m(shape.exterior, ring) <= detail


def test_it_makes_no_difference_how_many_lines_are_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = np.array([*halves(wavy(1), 1), wavy(2), wavy(9, 105.001)], dtype=object)
    at_once = rings_of(shapes, detail=2)
    monkeypatch.setattr(simplifying, "HANDFUL", 50)
    in_handfuls = rings_of(shapes, detail=2)
    assert np.array_equal(at_once.xy, in_handfuls.xy)
    assert at_once.points.tolist() == in_handfuls.points.tolist()
