"""Areas against the standard's vectors, against a peer, and by the laws that they must keep."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from restoration.ellipsoid import LONGEST_EDGE_M
from restoration.errors import BadRequest
from restoration.geometry import (
    area_of_record_m2,
    from_plane,
    ground_area_m2,
    plane_area_of_record_m2,
    procedure_area_m2,
    repaired,
    to_plane,
    zone_of,
)
from tests.making import points_leave_m2

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
    assert area_of_record_m2([shape])[0] == pytest.approx(procedure_area_m2([shape])[0], abs=1e-4)  # 0.00002 m² was seen


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


def test_parcels_from_all_latitudes_at_once_are_each_as_if_alone() -> None:
    chance = np.random.default_rng(4)
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    middles = np.column_stack([chance.uniform(-170, 170, 900), chance.uniform(-84, 84, 900)])
    radii = 0.0008 * (0.4 + 0.6 * chance.random((900, 24)))
    across = 1 / np.cos(np.radians(middles[:, 1:]))
    ring = middles[:, None, :] + np.stack([radii * across * np.cos(turn), radii * np.sin(turn)], axis=-1)
    shapes: Any = shapely.polygons(ring)
    together = area_of_record_m2(shapes)
    assert together.tolist() == pytest.approx([area(shape) for shape in shapes], abs=1e-5)  # over the whole earth digits are lost
    assert together.tolist() == pytest.approx(procedure_area_m2(shapes).tolist(), abs=0.001)


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


@given(RING, st.integers(0, 40), st.sampled_from(["", "turned", "pierced", "turned pierced"]), st.floats(0.0002, 0.002))
@settings(max_examples=100, deadline=None)
def test_where_a_ring_begins_and_which_way_it_runs_changes_nothing(
    turns: list[tuple[float, float]], begin: int, how: str, size: float
) -> None:
    """By the quick way, with a hole that runs either way."""
    shape, turned, pierced = star(turns, size=size), "turned" in how, "pierced" in how
    hole = shapely.affinity.scale(shape, 0.3, 0.3, origin=(105.2, 25.1)).exterior if pierced else None
    corners = list(shape.exterior.coords)[:-1]
    begin %= len(corners)
    again = corners[begin:] + corners[:begin]
    moved = shapely.Polygon(again[::-1] if turned else again, [hole.reverse() if turned else hole] if hole else [])
    first = shapely.Polygon(corners, [hole] if hole else [])
    assert area(moved) == pytest.approx(area(first), rel=1e-11, abs=1e-7)
    if hole:
        assert area(first) == pytest.approx(area(shape) - area(shapely.Polygon(hole)), rel=1e-11, abs=1e-7)


@pytest.mark.parametrize("length_m", [40.0, 700.0])
@pytest.mark.parametrize("as_what", ["shell", "hole", "part"])
def test_a_ring_that_is_one_point_or_a_line_has_no_area(length_m: float, as_what: str) -> None:
    """On both ways: with short edges beside it, and with an edge that is for the procedure."""
    outer = shapely.box(520000, 2775000, 520000 + length_m, 2775030)
    for ring in ([(520010, 2775010)] * 4, [(520010, 2775010), (520020, 2775010), (520010, 2775010), (520010, 2775010)]):
        flat: Any = shapely.Polygon(ring)
        made = {"shell": flat, "hole": shapely.Polygon(outer.exterior, [ring]), "part": shapely.MultiPolygon([outer, flat])}[as_what]
        expected = 0.0 if as_what == "shell" else area(degrees(outer))
        assert area(degrees(made)) == pytest.approx(expected, abs=1e-6)
        assert procedure_area_m2([degrees(made)])[0] == pytest.approx(expected, abs=1e-3)


def test_the_parts_of_a_site_lie_in_the_zone_of_its_middle() -> None:
    """Two parts on either side of 106.5° E with edges of 300 m: both are measured in zone 35, where the middle of all lies."""
    parts = [shapely.box(x, 2_775_000, x + 300, 2_775_000 + 300) for x in (600_000, 652_000)]
    both = degrees(shapely.MultiPolygon(parts))
    assert zone_of(np.array([both])).tolist() == [35]
    assert zone_of(np.array([degrees(part) for part in parts])).tolist() == [35, 36]
    planar = np.array([shapely.MultiPolygon(parts)], dtype=object)
    assert area(both) == pytest.approx(plane_area_of_record_m2(planar, 35)[0], abs=1e-6)


@pytest.mark.parametrize("turn_deg", [0.0, 36.87, 53.13])
def test_edges_of_a_whole_number_of_pieces_go_by_the_procedure(turn_deg: float) -> None:
    """Steps of 70 and 140 m by integers, as survey plans have them: the last digit of a length decides how many pieces it has."""
    steps = shapely.Polygon([(0, 0), (42, 56), (126, 168), (56, 168), (56, 308), (-42, 266), (-126, 154), (-126, 84), (-56, 84)])
    planar = shapely.affinity.rotate(steps, turn_deg, origin=(0, 0))
    shape = degrees(shapely.transform(planar, lambda xy: xy + np.array([640_000, 2_775_000])))
    assert area(shape) == pytest.approx(procedure_area_m2([shape])[0], abs=1e-6)


def test_each_site_in_the_zone_that_its_middle_lies_in() -> None:
    shapes = np.array([shapely.box(lon, 25, lon + 0.01, 25.01) for lon in (104.9, 106.6, 107.9)])
    assert zone_of(shapes).tolist() == [35, 36, 36]
    together = area_of_record_m2(shapes)
    assert together.tolist() == [area(shape) for shape in shapes]


CUTS = st.tuples(st.floats(0, 2 * np.pi), st.floats(-0.6, 0.6))


def halves(planar: Any, cut: tuple[float, float]) -> list[Any]:
    """The two sides of a line through a shape, at an angle, off its middle by a share of its size."""
    turn, off = cut
    reach = max(planar.bounds[2] - planar.bounds[0], planar.bounds[3] - planar.bounds[1])
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    middle = np.array(planar.centroid.coords[0]) + across * off * reach / 2
    side = [middle + along * 9 * reach, middle - along * 9 * reach]
    parts = [
        planar.intersection(shapely.Polygon([*side, side[1] + s * across * 9 * reach, side[0] + s * across * 9 * reach])) for s in (1, -1)
    ]
    return [part for part in parts if part.area > 0]


@given(RING, CUTS, st.floats(0.0001, 0.01))
@settings(max_examples=150, deadline=None)
def test_cutting_a_polygon_anywhere_leaves_the_sum_of_its_ground(
    turns: list[tuple[float, float]], cut: tuple[float, float], size: float
) -> None:
    """Parcels 20 m to 2 km across, to 1e-8 or a millionth of a square metre."""
    planar = to_plane(np.array([star(turns, size=size)]), 35)[0]
    assume(planar.is_valid and planar.area > 0)
    whole, parts = ground_area_m2(np.array([planar]))[0], ground_area_m2(np.array(halves(planar, cut), dtype=object))
    assert parts.sum() == pytest.approx(whole, rel=1e-8, abs=1e-6)


@given(RING, CUTS, st.floats(0.0001, 0.01))
@settings(max_examples=150, deadline=None)
def test_cutting_a_polygon_anywhere_leaves_the_area_of_record_but_for_the_points(
    turns: list[tuple[float, float]], cut: tuple[float, float], size: float
) -> None:
    """The procedure puts its points anew on the edges that are cut: no more may change than the points can make."""
    planar = to_plane(np.array([star(turns, size=size)]), 35)[0]
    assume(planar.is_valid and planar.area > 0)
    parts = halves(planar, cut)
    anew_m = 2 * sum(longest_edge_m(part) for part in (planar, *parts))
    assert sum(area(degrees(part)) for part in parts) == pytest.approx(area(degrees(planar)), abs=points_leave_m2(anew_m, 25.1) + 1e-6)


def longest_edge_m(planar: shapely.Geometry) -> float:
    rings = shapely.get_rings(shapely.get_parts(planar))
    return float(max(np.hypot(*np.diff(shapely.get_coordinates(ring), axis=0).T).max() for ring in rings))


@given(RING, st.floats(-1.45, 1.45), st.floats(0.0001, 0.01))
@settings(max_examples=100, deadline=None)
def test_ground_and_the_area_of_record_differ_by_what_lies_between_the_points(
    turns: list[tuple[float, float]], offset: float, size: float
) -> None:
    moved = shapely.transform(star(turns, size=size), lambda xy: xy + np.array([offset - 0.2, 0]))
    planar = to_plane(np.array([moved]), 35)
    assume(planar[0].is_valid and planar[0].area > 0)
    record, ground = area_of_record_m2([moved])[0], ground_area_m2(planar)[0]
    assert ground == pytest.approx(record, rel=2e-9, abs=points_leave_m2(planar[0].length / 2, 25.1) + 1e-4)


@pytest.mark.parametrize("zone", [34, 36, 40])
@given(RING, st.floats(-1.4, 1.4))
@settings(max_examples=20, deadline=None)
def test_moving_by_whole_zones_along_a_parallel_changes_nothing(zone: int, turns: list[tuple[float, float]], offset: float) -> None:
    """Within a zone the plane's straight lines bend with the distance from its meridian, so only whole zones leave an area as it is."""
    here = shapely.transform(star(turns), lambda xy: xy + np.array([offset - 0.2, 0]))
    there = shapely.transform(here, lambda xy: xy + np.array([(zone - 35) * 3.0, 0]))
    assert area(there) == pytest.approx(area(here), rel=1e-9, abs=1e-5)


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
    whole = area(degrees(shapely.Polygon(pierced.exterior)))
    holes_m2 = area_of_record_m2([degrees(shapely.Polygon(hole)) for hole in pierced.interiors]).sum()
    assert area(degrees(pierced)) == pytest.approx(whole - holes_m2, abs=1e-5)
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    ring = shapely.Polygon(np.column_stack([520000 + 1000 * np.cos(turn), 2775000 + 1000 * np.sin(turn)]))
    assert area(degrees(ring)) == pytest.approx(ground_area_m2(np.array([ring], dtype=object))[0], rel=1e-9)


def test_metres_that_are_called_degrees_are_told() -> None:
    with pytest.raises(BadRequest, match="不是经纬度"):
        area_of_record_m2([shapely.box(520000, 2775000, 521000, 2776000)])


def test_latitudes_far_apart_and_what_no_plane_holds() -> None:
    near_the_poles = np.array([shapely.box(105, 89, 105.0001, 89.0001), shapely.box(105, -81, 105.0001, -80.9999)])
    assert area_of_record_m2(near_the_poles).tolist() == pytest.approx(procedure_area_m2(near_the_poles).tolist(), abs=1e-5)
    over_the_date_line = shapely.Polygon([(179.99, 25), (-179.99, 25), (-179.99, 25.01), (179.99, 25.01)])
    with np.errstate(invalid="ignore"):
        nan = shapely.from_wkt("POLYGON ((105 25, 105.1 25, NaN 25.1, 105 25))")
    found = area_of_record_m2([over_the_date_line, nan, shapely.box(105, 25, 105.01, 25.01)])
    assert np.isnan(found).tolist() == [True, True, False]


def test_only_degrees_on_cgcs2000_are_taken() -> None:
    series = gpd.GeoSeries([shapely.box(105, 25, 105.01, 25.01)], crs=4326)
    assert area_of_record_m2(series).tolist() == area_of_record_m2(series.to_numpy()).tolist()
    for crs in (4523, 4214, 4610):
        with pytest.raises(BadRequest, match="to_crs"):
            area_of_record_m2(series.set_crs(crs, allow_override=True))
