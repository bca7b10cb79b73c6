"""Boundaries come back from their encoding as they went in, to a centimetre or to the stated distance."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration.errors import BadRequest
from restoration.geometry import Geometries
from restoration.maps.encoding import FULL_UP_TO, Detail, add_rings, rings_of
from restoration.maps.packing import Pack

from .conftest import square, unpacked

degrees = st.tuples(st.floats(73, 135), st.floats(18, 53))


def objects(*shapes: shapely.Geometry | None) -> Geometries:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def circle(lon: float, lat: float, points: int, radius: float = 0.01) -> shapely.Polygon:
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return shapely.Polygon(np.column_stack([lon + radius * np.cos(turn), lat + radius * np.sin(turn)]))


@given(st.lists(st.lists(degrees, min_size=3, max_size=30, unique=True), max_size=5))
def test_points_come_back(rings: list[list[tuple[float, float]]]) -> None:
    shapes = objects(*(shapely.Polygon(ring) for ring in rings))
    made = rings_of(shapes, detail="full")
    pack = Pack()
    add_rings(pack, made)
    columns = unpacked(pack.finished())
    step = columns["step_deg"]
    first = np.cumsum(np.column_stack([columns["first_x"], columns["first_y"]]), axis=0)
    steps = np.column_stack([columns["step_x"], columns["step_y"]])
    after = np.split(steps, np.cumsum(columns["points"] - 1)[:-1])
    back = [np.cumsum(np.vstack([begin[None], moves]), axis=0) for begin, moves in zip(first, after, strict=False)]
    assert np.array_equal(np.concatenate([np.empty((0, 2)), *back]), made.xy)
    went_in = np.concatenate([np.empty((0, 2)), *(np.asarray(polygon.exterior.coords[:-1]) for polygon in shapely.orient_polygons(shapes))])
    grid = np.rint(went_in / step)
    kept = {tuple(place) for place in made.xy.tolist()}
    assert kept == {tuple(place) for place in grid.astype(int).tolist()}


def test_none_and_empty_have_no_ring_and_parts_and_holes_are_rings() -> None:
    holed = square(105, 25, hole=True)
    made = rings_of(objects(None, shapely.Polygon(), holed, shapely.union_all([holed, square(106, 25)])))
    assert made.rings.tolist() == [0, 0, 2, 3]
    assert made.points.tolist() == [4, 4, 4, 4, 4]


def test_nothing_at_all_is_no_ring() -> None:
    either: tuple[Detail, ...] = ("full", 2.0)
    for detail in either:
        made = rings_of(objects(), detail=detail)
        assert (made.xy.shape, made.points.tolist(), made.rings.tolist()) == ((0, 2), [], [])


def test_holes_run_the_other_way_round() -> None:
    made = rings_of(objects(shapely.reverse(square(105, 25, hole=True))), detail=2)
    assert [shapely.LinearRing(made.xy[start : start + 4]).is_ccw for start in (0, 4)] == [True, False]


def test_a_small_map_has_every_point_and_a_large_one_does_not() -> None:
    small, large = objects(circle(105, 25, FULL_UP_TO // 10)), objects(*(circle(105 + k / 50, 25, FULL_UP_TO // 10) for k in range(11)))
    assert (rings_of(small).error_m, len(rings_of(small).xy)) == (0.0, FULL_UP_TO // 10)
    assert (rings_of(large).error_m, rings_of(large, detail="full").error_m) == (2.0, 0.0)


def test_a_ring_smaller_than_a_step_is_still_a_point() -> None:
    made = rings_of(objects(square(105, 25, 1e-8), square(105, 25)), detail=100)
    assert made.points.tolist()[0] == 1
    assert made.rings.tolist() == [1, 1]


@pytest.mark.parametrize("detail", [0.05, 101, float("nan"), "fine"])
def test_a_detail_that_is_none_is_refused(detail: float | str) -> None:
    with pytest.raises(BadRequest, match=r"full"):
        rings_of(objects(square(105, 25)), detail=detail)  # type: ignore[arg-type]
