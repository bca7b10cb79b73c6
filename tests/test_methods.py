"""Every method of measuring against what it must agree with, and the table that sets them side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from restoration.ellipsoid import lonlat_ring_sums_m2, trapezoid_sums_m2
from restoration.errors import BadRequest
from restoration.geometry import area_of_record_m2, from_plane, ground_area_m2, to_plane
from restoration.methods import METHODS, areas_by_method, geodesic_area_m2, lonlat_area_m2, neighbour_zone_of, shape_of, utm_zone_of
from restoration.text import speaking

GRS80, WGS84 = Geod(ellps="GRS80"), Geod(ellps="WGS84")
PARCEL_B = [
    (522000.123, 2776000.456), (522431.874, 2776088.201), (522610.338, 2776402.917), (522288.009, 2776655.500), (521904.770, 2776390.225),
]  # fmt: skip
PLANAR = {
    "A": shapely.box(520000, 2775000, 521000, 2776000),
    "B": shapely.Polygon(PARCEL_B),
    "C": shapely.box(520000, 2775000, 530000, 2785000),
    "D": shapely.box(560000, 2775000, 561000, 2776000),
}
DEGREES = dict(zip(PLANAR, from_plane(np.array(list(PLANAR.values()), dtype=object), 35), strict=True))
GEODESIC_M2 = {"A": 999_989.6250, "B": 289_368.3959, "C": 99_998_457.0352, "D": 999_909.6417}


def areas(shape: shapely.Geometry) -> dict[str, float]:
    found = areas_by_method([shape])
    return dict(zip(found["method"], found["area_m2"], strict=True))


def ring_at(latitude: float, turns: list[tuple[float, float]], *, across_m: float, longitude: float = 105.0) -> shapely.Polygon:
    """A ring of a given size in metres, its corners in order of angle."""
    north, east = across_m / 2 / 111_000, across_m / 2 / (111_320 * np.cos(np.radians(latitude)))
    return shapely.Polygon(
        [(longitude + east * r * np.cos(2 * np.pi * t), latitude + north * r * np.sin(2 * np.pi * t)) for t, r in sorted(turns)]
    )


RING = st.lists(st.tuples(st.floats(0, 1), st.floats(0.2, 1)), min_size=3, max_size=20, unique_by=lambda pair: pair[0])


# GeographicLib's planimeter tests that are areas of rings (latitude, longitude; WGS84), with its areas and tolerance of 1 m².
ONE_TURN_M2 = 39_433_884_866_571.4277
TURN: list[tuple[float, float]] = [(45, 60), (45, 180), (45, -60)]
PLANIMETER: dict[str, tuple[list[tuple[float, float]], float]] = {
    "0 around the north pole": ([(89, 0), (89, 90), (89, 180), (89, 270)], 24_952_305_678.0),
    "0 around the south pole": ([(-89, 0), (-89, 90), (-89, 180), (-89, 270)], 24_952_305_678.0),
    "0 on the equator": ([(0, -1), (-1, 0), (0, 1), (1, 0)], 24_619_419_146.0),
    "0 an octant with a corner at the pole": ([(90, 0), (0, 0), (0, 90)], 63_758_202_715_511.0),
    "5 around the pole, over the antimeridian": ([(89, 0.1), (89, 90.1), (89, -179.9)], 12_476_152_838.5),
    "6 there and back over the pole, from the west": ([(9, -1e-14), (9, 180), (9, 0)], 0.0),
    "6 and the other way": ([(9, 1e-14), (9, 0), (9, 180)], 0.0),
    "6 there and back over the pole, from the east": ([(9, 1e-14), (9, 180), (9, 0)], 0.0),
    "6 and the other way round": ([(9, -1e-14), (9, 0), (9, 180)], 0.0),
    "12 the arctic circle as two geodesics": ([(66.562222222, 0), (66.562222222, 180), (66.562222222, 360)], 0.0),
    "12r reversed": ([(66.562222222, 0), (66.562222222, -180), (66.562222222, -360)], 0.0),
    "13 around the pole twice": ([(89, -360), (89, -240), (89, -120), (89, 0), (89, 120), (89, 240)], 32_415_230_256.0),
    "15 a triangle": ([(2, 1), (1, 2), (3, 3)], 18_454_562_325.45119),
    "16-18 a triangle reversed": ([(3, 3), (1, 2), (2, 1)], 18_454_562_325.45119),
    "19 a point": ([(1, 1), (1, 1), (1, 1)], 0.0),
    "21 around the pole once": (TURN, ONE_TURN_M2),
    "21 around the pole twice": (TURN * 2, 2 * ONE_TURN_M2),
    "21-28 around the pole three times": (TURN * 3, 3 * ONE_TURN_M2),
    "21-28 around the pole four times, reversed": ((TURN * 4)[::-1], 4 * ONE_TURN_M2),
}


@pytest.mark.parametrize("name", PLANIMETER)
def test_the_planimeter_cases_of_geographiclib(name: str) -> None:
    corners, expected_m2 = PLANIMETER[name]
    ring = shapely.Polygon([(longitude, latitude) for latitude, longitude in corners])
    assert geodesic_area_m2([ring], ellipsoid="WGS84")[0] == pytest.approx(expected_m2, abs=1.0, rel=0)


@given(RING, st.floats(0, 60), st.floats(1, 4), st.sampled_from([105.0, 179.95, -179.9]))
@settings(max_examples=150, deadline=None)
def test_geodesic_edges_are_geods_on_parcels_of_ten_metres_to_ten_kilometres(
    turns: list[tuple[float, float]], latitude: float, size: float, longitude: float
) -> None:
    ring = ring_at(latitude, turns, across_m=10**size, longitude=longitude)
    over = shapely.Polygon([(x - 360 if x > 180 else x, y) for x, y in ring.exterior.coords])
    expected_m2 = abs(GRS80.geometry_area_perimeter(ring)[0])
    for shape in (ring, over, over.reverse()):
        assert geodesic_area_m2([shape])[0] == pytest.approx(expected_m2, rel=1e-8, abs=0.001)


def geodesic_points(ring: shapely.Polygon, *, count: int) -> list[tuple[float, float]]:
    """The ring in degrees with points on its geodesic edges."""
    corners = [(float(x), float(y)) for x, y in ring.exterior.coords]
    points: list[tuple[float, float]] = []
    for start, end in pairwise(corners):
        points += [start, *GRS80.npts(start[0], start[1], end[0], end[1], count)]
    return [*points, corners[-1]]


@pytest.mark.parametrize("latitude", [0.0, 25.0, 43.0, 60.0])
@pytest.mark.parametrize("across_m", [10.0, 300.0, 10_000.0])
def test_geodesic_edges_are_what_the_annexs_series_gives_along_them(latitude: float, across_m: float) -> None:
    """A second witness that knows nothing of Geod's areas: points on the geodesics, and our own sum between them."""
    ring = ring_at(latitude, [(0.02, 0.9), (0.3, 1.0), (0.55, 0.7), (0.8, 0.95)], across_m=across_m)
    dense = shapely.Polygon(geodesic_points(ring, count=200))
    assert geodesic_area_m2([ring])[0] == pytest.approx(lonlat_area_m2([dense])[0], rel=1e-8, abs=0.001)


def test_holes_and_parts_whatever_their_direction_by_every_method() -> None:
    hole = shapely.box(520200, 2775200, 520300, 2775700)
    whole, inner, other = from_plane(np.array([PLANAR["A"], hole, PLANAR["D"]], dtype=object), 35)
    for pierced in (
        shapely.Polygon(whole.exterior, [inner.exterior]),
        shapely.Polygon(whole.exterior, [inner.exterior.reverse()]),
        shapely.Polygon(whole.exterior.reverse(), [inner.exterior]),
    ):
        for method in METHODS:
            measure: Any = method.area_m2
            parts = measure(np.array([whole, inner, other, shapely.MultiPolygon([pierced, other])], dtype=object))
            assert parts[3] == pytest.approx(parts[0] - parts[1] + parts[2], rel=2e-8), method.name  # parts lie in one zone of UTM too


@given(RING, st.floats(-80, 80), st.floats(1, 5))
@settings(max_examples=100, deadline=None)
def test_edges_straight_in_degrees_are_the_sum_of_many_trapezoids(turns: list[tuple[float, float]], latitude: float, size: float) -> None:
    ring = ring_at(latitude, turns, across_m=10**size)
    dense = shapely.segmentize(ring.exterior, ring.length / 4000)  # a polygon that crosses itself would be mended first
    east, north = np.radians(shapely.get_coordinates(dense)).T
    belongs = np.zeros(len(east), dtype=np.intp)
    many = abs(trapezoid_sums_m2(east, north, belongs, meridian=np.radians(105), count=1)[0])
    assert lonlat_area_m2([ring])[0] == pytest.approx(many, rel=1e-6, abs=0.001)


def test_a_point_on_an_edge_straight_in_degrees_changes_nothing_and_rings_stay_apart() -> None:
    box = np.radians([(105, 25), (106, 25.5), (105.5, 26), (105, 25)])
    cut = np.insert(box, 1, (box[0] + box[1]) / 2, axis=0)
    east, north = np.vstack([box, cut, box[::-1]]).T
    found = lonlat_ring_sums_m2(east, north, np.repeat([0, 1, 2], [4, 5, 4]), count=3)
    assert found[1] == pytest.approx(found[0], rel=1e-13)
    assert found[2] == pytest.approx(-found[0], rel=1e-13)
    assert found[0] < 0  # counter-clockwise


def test_a_band_between_two_parallels_is_the_ellipsoids() -> None:
    """The whole ellipsoid, as GeographicLib has it, from boxes all round it."""
    boxes = np.array([shapely.box(west, -90, west + 90, 90) for west in (-180, -90, 0, 90)])
    assert lonlat_area_m2(boxes).sum() == pytest.approx(510_065_621_724_088.5, rel=1e-10)


@pytest.mark.parametrize("name", PLANAR)
def test_the_vectors_by_every_method(name: str) -> None:
    found, planar_m2 = areas(DEGREES[name]), PLANAR[name].area
    assert found["record"] == area_of_record_m2([DEGREES[name]])[0]
    assert found["geodesic"] == pytest.approx(GEODESIC_M2[name], abs=0.0005)
    assert found["plane"] == pytest.approx(planar_m2, abs=0.001)
    assert found["plane_edges"] == pytest.approx(ground_area_m2(np.array([PLANAR[name]], dtype=object))[0], abs=1e-4)
    ratios = {method: area_m2 / found["geodesic"] for method, area_m2 in found.items()}
    assert ratios["plane"] - 1 == pytest.approx((PLANAR[name].centroid.x - 500_000) ** 2 / 6_367_000**2, rel=0.05)
    assert 0.0013 < ratios["neighbour_plane"] - 1 < 0.0021
    assert ratios["equal_area"] == pytest.approx(1, abs=1e-6)
    assert ratios["lonlat"] == pytest.approx(1, abs=1e-6)
    assert -0.0008 < ratios["utm"] - 1 < -0.0007
    assert 1.2240 < ratios["web_mercator"] < 1.2255


def test_web_mercator_of_vector_b_by_its_plane() -> None:
    found = areas(DEGREES["B"])
    assert found["web_mercator"] / found["plane"] == pytest.approx(1.22453, abs=5e-6)


@pytest.mark.parametrize(("method", "crs"), [("plane", 4523), ("neighbour_plane", 4524), ("utm", 32648), ("web_mercator", 3857)])
def test_a_plane_is_that_of_its_epsg_code(method: str, crs: int) -> None:
    to_crs = Transformer.from_crs(4490, crs, always_xy=True)
    projected = shapely.transform(DEGREES["B"], lambda xy: np.column_stack(to_crs.transform(*xy.T)))
    assert areas(DEGREES["B"])[method] == pytest.approx(projected.area, rel=1e-9)


def test_the_equal_area_plane_keeps_areas_where_its_edges_have_points() -> None:
    dense = shapely.segmentize(shapely.box(98, 24, 98.5, 24.5), 0.001)
    found = areas(dense)
    assert found["equal_area"] == pytest.approx(found["lonlat"], rel=2e-10)


def test_zones_beside_and_of_utm() -> None:
    shapes = np.array([shapely.box(lon, 25, lon + 0.01, 25.01) for lon in (105.2, 104.8, 106.6, 107.99, -179.99)])
    assert neighbour_zone_of(shapes).tolist() == [36, 34, 35, 35, -59]
    assert utm_zone_of(shapes).tolist() == [48, 48, 48, 48, 1]


def test_the_table_has_a_row_a_geometry_and_method_with_the_difference_from_the_record() -> None:
    found = areas_by_method([DEGREES["B"], None, DEGREES["A"], shapely.Polygon(), shapely.Point(105, 25)])
    assert list(found.columns) == ["position", "method", "area_m2", "difference_m2", "difference_pct"]
    assert found["position"].tolist() == [position for position in range(5) for _ in METHODS]
    assert found["method"].tolist() == [method.name for method in METHODS] * 5
    assert METHODS[0].name == "record"
    b = found[found["position"] == 0].set_index("method")
    assert (b["difference_m2"]["record"], b["difference_pct"]["record"]) == (0.0, 0.0)
    assert b["difference_m2"]["plane"] == pytest.approx(289_371.93 - 289_368.3922, abs=0.001)
    assert b["difference_pct"]["plane"] == pytest.approx(100 * 3.5378 / 289_368.3922, rel=1e-4)
    nothing = found[found["position"].isin([1, 3, 4])]
    assert nothing["area_m2"].tolist() == [0.0] * len(nothing)
    assert nothing["difference_pct"].isna().all()
    assert areas_by_method([]).empty


def test_what_no_zone_holds_is_measured_by_geodesics_alone() -> None:
    over = shapely.box(-179.9, 50, 179.9, 51)  # its corners are 0.2° apart over the antimeridian
    found = areas_by_method([over]).set_index("method")
    assert found["area_m2"].dropna().index.tolist() == ["geodesic"]
    assert found.loc["geodesic", "area_m2"] == pytest.approx(geodesic_area_m2([shapely.box(179.9, 50, 180.1, 51)])[0], rel=1e-9)
    assert found["difference_m2"].isna().all()


def test_metres_that_are_called_degrees_are_told() -> None:
    with pytest.raises(BadRequest, match="不是经纬度"):
        areas_by_method([PLANAR["A"]])


def test_the_numbers_that_a_clerk_reads_in_the_reasons_are_so() -> None:
    """(y/R)² at the distances named; UTM true to area some 180 km off its meridian; Web Mercator 22 % at 25°."""
    for off_m, told_pct in ((30_000, 0.002), (150_000, 0.055), (280_000, 0.2)):
        planar: Any = np.array([shapely.box(500_000 + off_m - 50, 2775000, 500_000 + off_m + 50, 2775100)], dtype=object)
        share_pct = 100 * (10_000 / geodesic_area_m2(from_plane(planar, 35))[0] - 1)
        assert share_pct == pytest.approx(told_pct, rel=0.12)
    at_25 = areas(shapely.box(105.0, 24.9995, 105.001, 25.0005))
    assert at_25["web_mercator"] / at_25["record"] == pytest.approx(1.22, abs=0.005)
    assert areas(shapely.box(105.0, 25, 105.001, 25.001))["utm"] / at_25["record"] == pytest.approx(0.9992, abs=1e-4)
    true: Any = np.array([shapely.box(105 + 1.785, 25, 105 + 1.786, 25.001)])
    assert to_plane(true, 35)[0].centroid.x - 500_000 == pytest.approx(180_000, abs=500)
    assert areas(true[0])["utm"] / areas(true[0])["record"] == pytest.approx(1, abs=1e-5)


def test_every_method_is_told_in_both_languages() -> None:
    for method in METHODS:
        for text in (method.label, method.why):
            assert any("\u4e00" <= mark <= "\u9fff" for mark in text.zh)
            assert not any("\u4e00" <= mark <= "\u9fff" for mark in text.en)
    with speaking("en"):
        assert len({str(method.label) for method in METHODS}) == len(METHODS)


def test_the_shape_of_a_site_with_parts_and_a_hole() -> None:
    hole = shapely.box(520200, 2775200, 520300, 2775300)
    pierced = shapely.Polygon(shapely.box(520000, 2775000, 521000, 2776000).exterior, [hole.exterior])
    planar: Any = np.array([shapely.MultiPolygon([pierced, shapely.box(522000, 2775000, 524000, 2775100)])], dtype=object)
    drawn = shape_of(from_plane(planar, 35)[0])
    assert drawn[:7] == (35, 105, 36, 48, 12, 2, 1)
    assert drawn.longest_edge_m == pytest.approx(2000, abs=1e-6)


@pytest.mark.parametrize("method", [geodesic_area_m2, lonlat_area_m2])
@pytest.mark.parametrize("by_deg", [-20.0, -1.4, 0.7, 31.3])
def test_moving_along_a_parallel_changes_nothing_where_no_plane_is_asked(method: Any, by_deg: float) -> None:
    chance = np.random.default_rng(11)
    turn = np.linspace(0, 2 * np.pi, 17, endpoint=False)
    radius = 0.004 * (0.3 + 0.7 * chance.random((40, 17)))
    middles = np.column_stack([chance.uniform(104, 106, 40), chance.uniform(18, 53, 40)])
    rings = middles[:, None, :] + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)
    here, there = (np.asarray(shapely.polygons(rings + np.array([shift, 0.0])), dtype=object) for shift in (0.0, by_deg))
    assert method(there).tolist() == pytest.approx(method(here).tolist(), rel=1e-8, abs=1e-3)
