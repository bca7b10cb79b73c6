"""Areas against the standard's vectors, against a peer, and by the laws that they must keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from restoration.ellipsoid import LONGEST_EDGE_M
from restoration.errors import BadRequest
from restoration.geometry import area_of_record_m2, from_plane, land_area_m2, overlaps, procedure_area_m2, repaired, to_plane, zone_of

PARCEL_B = [
    (522000.123, 2776000.456), (522431.874, 2776088.201), (522610.338, 2776402.917), (522288.009, 2776655.500), (521904.770, 2776390.225),
]  # fmt: skip
# TD/T 1055-2019 annex D worked on polygons in EPSG:4523 (eastings here without the zone prefix 35), points every 70 m at most.
VECTORS = {
    "A 1 km square 20 km off the meridian": (shapely.box(520000, 2775000, 521000, 2776000), 999_989.6229),
    "B five corners, 29 ha": (shapely.Polygon(PARCEL_B), 289_368.3922),
    "C 10 km square": (shapely.box(520000, 2775000, 530000, 2785000), 99_998_436.4615),
    "D 1 km square 60 km off the meridian": (shapely.box(560000, 2775000, 561000, 2776000), 999_909.6396),
}
RING = st.lists(st.tuples(st.floats(0, 1), st.floats(0.2, 1)), min_size=3, max_size=30, unique_by=lambda pair: pair[0])


def degrees(planar: shapely.Geometry, zone: int = 35) -> shapely.Geometry:
    made: shapely.Geometry = from_plane(np.array([planar]), zone)[0]
    return made


def area(shape: shapely.Geometry) -> float:
    return float(area_of_record_m2([shape])[0])


def star(turns: list[tuple[float, float]], *, size: float = 0.003) -> shapely.Polygon:
    """A ring around a point of the district, its corners in order of angle."""
    return shapely.Polygon([(105.2 + size * r * np.cos(2 * np.pi * t), 25.1 + size * r * np.sin(2 * np.pi * t)) for t, r in sorted(turns)])


@pytest.mark.parametrize("name", VECTORS)
def test_the_standards_vectors(name: str) -> None:
    planar, expected_m2 = VECTORS[name]
    assert area(degrees(planar)) == pytest.approx(expected_m2, abs=0.01)


@pytest.mark.parametrize("name", VECTORS)
def test_the_standards_vectors_by_the_procedure_itself(name: str) -> None:
    planar, expected_m2 = VECTORS[name]
    assert procedure_area_m2([degrees(planar)])[0] == pytest.approx(expected_m2, abs=0.01)


@given(RING, st.floats(-1.45, 1.45), st.floats(-60, 60), st.floats(0.02, 0.98))
@settings(max_examples=150, deadline=None)
def test_the_quick_way_is_the_procedure_to_a_hundredth_in_a_hundred_hectares(
    turns: list[tuple[float, float]], offset: float, latitude: float, size: float
) -> None:
    """Anywhere in a zone, at any latitude up to 60°, with edges up to the longest that the quick way takes."""
    metres = LONGEST_EDGE_M * size
    across = metres / (111_320 * np.cos(np.radians(latitude)))
    ring = [
        (105 + offset + across * r * np.cos(2 * np.pi * t), latitude + metres / 111_000 * r * np.sin(2 * np.pi * t))
        for t, r in sorted(turns)
    ]
    shape = shapely.Polygon(ring)
    allowed = 0.01 * max(1.0, shape.area * 111_000**2 / 1e6)
    assert area_of_record_m2([shape])[0] == pytest.approx(procedure_area_m2([shape])[0], abs=allowed)


def test_many_parcels_at_once_are_each_as_if_alone() -> None:
    chance = np.random.default_rng(3)
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    middles = np.column_stack([chance.uniform(103, 109, 700), chance.uniform(24, 26, 700)])
    radii = 0.002 * (0.4 + 0.6 * chance.random((700, 40)))
    shapes: Any = shapely.polygons(middles[:, None, :] + np.stack([radii * np.cos(turn), radii * np.sin(turn)], axis=-1))
    mixed: Any = np.array(
        [*shapes, None, shapely.MultiPolygon(list(shapes[:2])), shapes[0].difference(shapes[0].buffer(-0.0004))], dtype=object
    )
    together = area_of_record_m2(mixed)
    assert together.tolist() == pytest.approx([area(shape) if shape else 0.0 for shape in mixed], rel=1e-12, abs=1e-9)
    assert together.tolist() == pytest.approx(procedure_area_m2(mixed).tolist(), abs=0.01)


def test_vertices_in_longitude_and_latitude_give_the_same() -> None:
    corners = [
        (105.21808883, 25.08962909),
        (105.22237021, 25.09041483),
        (105.22414452, 25.09325321),
        (105.22095327, 25.09553814),
        (105.21714980, 25.09314904),
    ]
    assert area(shapely.Polygon(corners)) == pytest.approx(289_368.39, abs=0.5)  # eight decimals of a degree are 1 mm


def test_agrees_with_geodesic_edges_where_edges_are_short() -> None:
    geod = Geod(ellps="GRS80")
    for _, (planar, _expected) in zip(range(2), VECTORS.values(), strict=False):
        shape = degrees(planar)
        assert area(shape) == pytest.approx(abs(geod.geometry_area_perimeter(shape)[0]), abs=0.01)


def test_nothing_has_no_area() -> None:
    assert area_of_record_m2([None, shapely.Polygon(), shapely.Point(105, 25)]).tolist() == [0.0, 0.0, 0.0]
    assert area_of_record_m2([]).tolist() == []
    assert land_area_m2(np.array([], dtype=object)) == 0.0
    assert land_area_m2(np.array([None, shapely.Polygon()], dtype=object)) == 0.0


def test_holes_parts_direction_and_start_of_a_ring() -> None:
    outer, hole = shapely.box(520000, 2775000, 521000, 2776000), shapely.box(520200, 2775200, 520300, 2775300)
    whole, inner = area(degrees(outer)), area(degrees(hole))
    pierced = shapely.Polygon(outer.exterior, [hole.exterior])
    assert area(degrees(pierced)) == pytest.approx(whole - inner, abs=1e-6)
    assert area(degrees(shapely.Polygon(outer.exterior, [hole.exterior.reverse()]))) == pytest.approx(whole - inner, abs=1e-6)
    assert area(degrees(shapely.MultiPolygon([outer, shapely.box(530000, 2775000, 531000, 2776000)]))) == pytest.approx(
        whole + area(degrees(shapely.box(530000, 2775000, 531000, 2776000))), abs=1e-6
    )
    assert area(degrees(outer.reverse())) == pytest.approx(whole, abs=1e-6)
    corners = list(outer.exterior.coords)[:-1]
    assert area(degrees(shapely.Polygon(corners[2:] + corners[:2]))) == pytest.approx(whole, abs=1e-6)


def test_each_site_in_the_zone_that_its_middle_lies_in() -> None:
    shapes = np.array([shapely.box(lon, 25, lon + 0.01, 25.01) for lon in (104.9, 106.6, 107.9)])
    assert zone_of(shapes).tolist() == [35, 36, 36]
    together = area_of_record_m2(shapes)
    assert together.tolist() == [area(shape) for shape in shapes]


@given(RING, st.floats(-0.003, 0.003))
@settings(max_examples=60, deadline=None)
def test_cutting_a_polygon_leaves_the_sum(turns: list[tuple[float, float]], offset: float) -> None:
    """Cut in the plane where edges are straight, north to south.

    The procedure itself puts its points anew on a cut edge, which moves the sum by some 0.001 m². A shape so thin that it is
    no polygon any more in the plane cannot be cut there.
    """
    shape = repaired([star(turns)]).geometries[0]
    assume(shape is not None)
    planar = to_plane(np.array([shape]), 35)[0]
    assume(planar.is_valid)
    middle = planar.centroid.x + offset * 1e5
    west, south, east, north = planar.bounds
    halves = [
        planar.intersection(shapely.box(*box))
        for box in ((west - 1, south - 1, middle, north + 1), (middle, south - 1, east + 1, north + 1))
    ]
    parts = sum(area(degrees(half)) for half in halves if not half.is_empty and half.area > 0)
    assert parts == pytest.approx(area(shape), abs=0.01)


@given(st.lists(RING, min_size=1, max_size=6), st.lists(st.integers(-3, 3), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_land_is_no_more_than_the_sum_and_no_less_than_the_largest(rings: list[list[tuple[float, float]]], steps: list[int]) -> None:
    stars = [shapely.affinity.translate(star(ring), 0.001 * step, 0.001 * step) for ring, step in zip(rings, steps, strict=False)]
    shapes = np.array([shape for shape in repaired(stars).geometries if shape is not None], dtype=object)
    if not len(shapes):
        return
    areas, land_m2 = area_of_record_m2(shapes), land_area_m2(shapes)
    assert areas.max() - 1e-3 <= land_m2 <= areas.sum() + 1e-3
    assert land_area_m2(shapes[::-1]) == pytest.approx(land_m2, rel=1e-9, abs=1e-4)
    planar = to_plane(shapes, 35)
    united = degrees(shapely.union_all(planar))
    assert land_m2 == pytest.approx(area(united), rel=1e-9, abs=1e-3)


def test_ground_counted_once_a_chain_and_a_loner() -> None:
    chain = [shapely.box(105 + 0.001 * step, 25, 105.0015 + 0.001 * step, 25.001) for step in range(50)]
    shapes = np.array([*chain, shapely.box(106, 25, 106.001, 25.001)])
    expected = area(shapely.box(105, 25, 105.0505, 25.001)) + area(shapes[-1])
    assert land_area_m2(shapes) == pytest.approx(expected, rel=1e-6)


def test_neighbours_that_share_an_edge_do_not_overlap() -> None:
    shapes = np.array([shapely.box(105, 25, 105.001, 25.001), shapely.box(105.001, 25, 105.002, 25.001)])
    assert len(overlaps(shapes).first) == 0


def test_an_overlap_is_told_with_its_area_and_width() -> None:
    shapes = from_plane(np.array([shapely.box(520000, 2775000, 520100, 2775100), shapely.box(520098, 2775000, 520198, 2775100)]), 35)
    found = overlaps(shapes)
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.area_m2[0] == pytest.approx(200, abs=0.01)
    assert found.width_m[0] == pytest.approx(2 * 200 / 204, abs=0.01)
    assert found.shared[0].area > 0


def test_repair_says_what_was_wrong() -> None:
    infinite = shapely.Polygon([(0, 0), (1, 0), (np.inf, 1)])
    line = shapely.LineString([(0, 0), (1, 1)])
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), line])
    mended = repaired([shapely.box(0, 0, 1, 1, ccw=False), line, infinite, mixed, shapely.Polygon()])
    assert [reason.split("[")[0] for reason in mended.reasons] == ["", "no ground", "not a number", "", "no geometry"]
    assert mended.geometries[0].geoms[0].exterior.is_ccw
    assert mended.geometries[3].equals(shapely.box(0, 0, 1, 1))
    assert repaired([shapely.force_3d(shapely.box(0, 0, 1, 1), 9)]).geometries[0].has_z is False


def test_a_polygon_with_many_holes_and_a_ring_of_many_vertices_finish() -> None:
    holes = [
        shapely.box(
            520000 + 10 * (n % 64) + 2, 2775000 + 10 * (n // 64) + 2, 520000 + 10 * (n % 64) + 6, 2775000 + 10 * (n // 64) + 6
        ).exterior
        for n in range(4047)
    ]
    pierced = shapely.Polygon(shapely.box(520000, 2775000, 520640, 2775640).exterior, holes)
    assert area(degrees(pierced)) == pytest.approx(640 * 640 - 4047 * 16, rel=1e-4)
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    ring = shapely.Polygon(np.column_stack([520000 + 1000 * np.cos(turn), 2775000 + 1000 * np.sin(turn)]))
    assert area(degrees(ring)) == pytest.approx(np.pi * 1e6, rel=2e-5)


def test_metres_that_are_called_degrees_are_told() -> None:
    with pytest.raises(BadRequest, match="不是经纬度"):
        area_of_record_m2([shapely.box(520000, 2775000, 521000, 2776000)])
