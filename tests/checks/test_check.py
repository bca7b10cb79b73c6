"""What `check` takes, and in what order it answers."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import checks
from restoration.errors import BadRequest
from restoration.frame import conform
from restoration.geometry import from_plane
from restoration.model import Finding
from restoration.thresholds import Thresholds, thresholds

ATTRIBUTES = {"county_code": "522301", "town": "郑屯镇", "village": "前锋村", "species": "马尾松"}


def frame(*shapes: shapely.Geometry | None, plane: bool = True, **columns: object) -> gpd.GeoDataFrame:
    """Plantings that are planned, with all their attributes; shapes in metres of zone 35, less (520000, 2775000)."""
    geometries = np.array(shapes, dtype=object)
    if plane:
        geometries = from_plane(shapely.transform(geometries, lambda xy: xy + np.array([520_000, 2_775_000])), 35)
    rows = {"measure": "afforestation", "status": "planned", "plan_year": 2026, **ATTRIBUTES, **columns}
    rows = {"source_id": [str(number) for number in range(len(shapes))]} | rows
    return gpd.GeoDataFrame(rows, geometry=list(geometries), index=range(len(shapes)), crs=4490)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


SQUARE = shapely.box(0, 0, 200, 200)


def test_an_empty_frame_has_nothing_wrong() -> None:
    assert checks.check(frame(plane=False)) == []


def test_a_frame_of_an_analyst_is_conformed_and_a_sites_frame_is_not_changed() -> None:
    mine = frame(SQUARE, SQUARE).to_crs(4523)
    assert codes(checks.check(mine)) == ["S203"]
    sites = conform(mine)
    before = sites.copy()
    assert codes(checks.check(sites)) == ["S203"]
    assert_geodataframe_equal(sites, before)


def test_a_frame_without_a_measure_is_a_wrong_call() -> None:
    with pytest.raises(BadRequest, match="measure"):
        checks.check(frame(SQUARE).drop(columns="measure"))


def test_rows_are_told_by_position_whatever_the_index_is() -> None:
    sites = conform(frame(SQUARE, shapely.box(0, 0, 10, 10), None)).set_index(np.array([7, 7, 7]))
    assert [(finding.code, finding.site_id, finding.other_site_id) for finding in checks.check(sites)] == [
        ("S101", "2", ""),
        ("S102", "1", ""),
        ("S201", "0", "1"),
    ]


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_numbers_that_are_no_degrees_are_told_and_do_not_stop_the_rest() -> None:
    nowhere = shapely.Polygon([(105.1, 25.1), (105.2, np.nan), (105.2, 25.2)])
    wide = shapely.box(0, 0, 105, 25)
    metres = shapely.box(35_520_000, 2_775_000, 35_520_200, 2_775_200)
    sites = frame(nowhere, wide, metres, metres, plane=False, area_m2=1.0)
    told = [(finding.code, finding.site_id) for finding in checks.check(sites)]
    assert told == [("S101", "0"), ("S105", "1"), ("S105", "2"), ("S105", "3")]


def test_the_day_of_the_check_decides_what_is_late() -> None:
    closed = frame(SQUARE, measure="hill_closure", status="in_progress", closure_on="2020-02-29", closure_years=5)
    limits = thresholds()
    at_once = Thresholds(
        {**limits.numbers, "S401": {"grace_days": 0.0, "idle_years": 3.0}}, limits.levels, limits.groups, limits.causes, limits.ranges
    )
    assert codes(checks.check(closed, today=date(2025, 2, 28), limits=at_once)) == []
    assert codes(checks.check(closed, today=date(2025, 3, 1), limits=at_once)) == ["S401"]


SPIKED = [(0, 0), (200, 0), (200, 95), (260, 97.5), (200, 100), (200, 200), (0, 200)]


@settings(max_examples=30, deadline=None)
@given(first=st.integers(0, 6), turned=st.booleans(), degrees=st.floats(0, 360), dx=st.floats(-3e4, 3e4))
def test_a_spike_is_one_wherever_its_ring_begins_and_however_it_lies(first: int, turned: bool, degrees: float, dx: float) -> None:  # noqa: FBT001
    ring = SPIKED[first:] + SPIKED[:first]
    shape = shapely.Polygon(ring[::-1] if turned else ring)
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    lain = shapely.transform(shape, lambda xy: xy @ matrix + np.array([dx, 0]))
    (finding,) = checks.check(frame(lain))
    assert (finding.code, round(finding.value or 0)) == ("S104", 60)


@settings(max_examples=20, deadline=None)
@given(noise_m=st.floats(0.0, 0.15), length_m=st.floats(50, 2000))
def test_noise_along_a_shared_edge_is_no_overlap_however_long_it_is(noise_m: float, length_m: float) -> None:
    neighbours = frame(shapely.box(0, 0, length_m, 100), shapely.box(0, 100 - noise_m, length_m, 200))
    assert checks.check(neighbours) == []


@settings(max_examples=20, deadline=None)
@given(depth_m=st.floats(0.5, 150), length_m=st.floats(50, 2000))
def test_an_overlap_is_told_with_its_area(depth_m: float, length_m: float) -> None:
    (finding,) = checks.check(frame(shapely.box(0, 0, length_m, 200), shapely.box(0, 200 - depth_m, length_m, 400)))
    assert finding.code == "S201"
    assert finding.value == pytest.approx(depth_m * length_m, rel=1e-3)


def lain(shape: shapely.Geometry, degrees: float) -> shapely.Geometry:
    """A shape turned about the origin."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return shapely.transform(shape, lambda xy: xy @ matrix)


def told(code: str, *shapes: shapely.Geometry) -> list[Finding]:
    return [finding for finding in checks.check(frame(*shapes)) if finding.code == code]


@settings(max_examples=30, deadline=None)
@given(width_m=st.floats(0.25, 0.95), length_m=st.floats(15, 900), degrees=st.floats(0, 360), pieces=st.integers(1, 40), swap=st.booleans())
def test_a_gap_is_told_with_its_area_however_it_lies_and_is_cut(
    width_m: float, length_m: float, degrees: float, pieces: int, *, swap: bool
) -> None:
    one = shapely.segmentize(shapely.box(0, 0, length_m, 100), length_m / pieces)
    other = shapely.box(0, 100 + width_m, length_m, 200)
    pair = [lain(one, degrees), lain(other, degrees)]
    (finding,) = told("S205", *(pair[::-1] if swap else pair))
    assert finding.value == pytest.approx(width_m * length_m, rel=2e-3)
    assert {finding.site_id, finding.other_site_id} == {"0", "1"}
    assert finding.place
    inside = shapely.Point(finding.place)
    assert not any(shape.contains(inside) for shape in frame(*pair).geometry)


@settings(max_examples=20, deadline=None)
@given(apart_m=st.one_of(st.floats(0, 0.19), st.floats(1.01, 30)), degrees=st.floats(0, 360))
def test_noise_and_roads_are_no_gaps(apart_m: float, degrees: float) -> None:
    pair = (shapely.box(0, 0, 300, 100), shapely.box(0, 100 + apart_m, 300, 200))
    assert told("S205", *(lain(shape, degrees) for shape in pair)) == []


def test_a_gap_across_the_line_between_two_zones_is_seen() -> None:
    west, east = shapely.box(106.498, 25.1, 106.499999, 25.102), shapely.box(106.500004, 25.1, 106.502, 25.102)
    (finding,) = [f for f in checks.check(frame(west, east, plane=False)) if f.code == "S205"]
    assert finding.value == pytest.approx(0.5 * 221.5, rel=0.02)


@settings(max_examples=20, deadline=None)
@given(width_m=st.floats(0.6, 0.95), length_m=st.floats(7, 200), degrees=st.floats(0, 360))
def test_an_arm_is_told_with_its_length_and_a_wide_one_is_not(width_m: float, length_m: float, degrees: float) -> None:
    def armed(width_m: float) -> shapely.Geometry:
        return lain(shapely.union(SQUARE, shapely.box(200, 100, 200 + length_m, 100 + width_m)), degrees)

    (finding,) = told("S106", armed(width_m))
    assert finding.value == pytest.approx(length_m, abs=0.2)
    assert told("S106", armed(width_m + 0.5)) == []
