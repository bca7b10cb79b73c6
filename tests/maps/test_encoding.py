"""Boundaries come back from their encoding as they went in, to a centimetre."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from restoration.geometry import Geometries
from restoration.maps.encoding import encoded

from .conftest import square

degrees = st.tuples(st.floats(73, 135), st.floats(18, 53))


def objects(*shapes: shapely.Geometry | None) -> Geometries:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def decoded(deltas: list[int], digits: int) -> list[tuple[float, float]]:
    unit = 10.0**-digits
    return [(x * unit, y * unit) for x, y in zip(accumulate(deltas[::2]), accumulate(deltas[1::2]), strict=True)]


@given(st.lists(st.lists(degrees, min_size=3, max_size=30), max_size=5))
def test_points_come_back(rings: list[list[tuple[float, float]]]) -> None:
    shapes = objects(*(shapely.Polygon(ring) for ring in rings))
    made = encoded(shapes)
    back = decoded(made["deltas"], made["digits"])
    went_in = shapely.get_coordinates(
        [p for polygon in shapely.orient_polygons(shapes) for p in shapely.points(polygon.exterior.coords[:-1])]
    )
    assert np.allclose(np.array(back).reshape(-1, 2), went_in.reshape(-1, 2), atol=0.6e-7)


def test_none_and_empty_have_no_ring_and_parts_and_holes_are_rings() -> None:
    holed = square(105, 25, hole=True)
    made = encoded(objects(None, shapely.Polygon(), holed, shapely.union_all([holed, square(106, 25)])))
    assert made["rings"] == [0, 0, 2, 3]
    assert made["points"] == [4, 4, 4, 4, 4]


def test_holes_run_the_other_way_round() -> None:
    made = encoded(objects(shapely.reverse(square(105, 25, hole=True))))
    back = decoded(made["deltas"], made["digits"])
    assert [shapely.LinearRing(back[start : start + 4]).is_ccw for start in (0, 4)] == [True, False]
