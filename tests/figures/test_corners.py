"""The corners of a site on its map have the numbers that the table of corners gives them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from restoration import figures
from restoration.corner_lists import corner_table
from restoration.figures.corners import APART_MM, OFF_MM
from tests.making import sites_frame

NOTCHED = shapely.Polygon([(105.0, 25.0), (105.02, 25.0), (105.02, 25.02), (105.01, 25.004), (105.0, 25.02)], [
    [(105.004, 25.002), (105.004, 25.006), (105.008, 25.006), (105.008, 25.002)]])  # fmt: skip
TWO = shapely.MultiPolygon([NOTCHED, shapely.box(105.03, 25.0, 105.04, 25.01)])
DENSE = shapely.Point(105.0, 25.0).buffer(0.01, quad_segs=100)


def drawn(shape: shapely.Geometry, around: list[shapely.Geometry]) -> tuple[Figure, Axes, int]:
    site = sites_frame({"geometry": shape, "measure": "hill_closure", "status": "in_progress"})
    made = figures.figure(site)
    number = figures.draw_corners(made, shape, np.array(around, dtype=object))
    return made, next(axes for axes in made.axes if axes.get_label() == "map"), number


def numbers_of(axes: Axes) -> dict[int, np.ndarray]:
    return {int(text.get_text()): np.array(text.get_position()) for text in axes.texts}


def of_table(shape: shapely.Geometry) -> dict[int, np.ndarray]:
    """The corners as the table has them, in the metres of the map: east without the zone, north."""
    frame = gpd.GeoDataFrame(
        {"source_id": "1", "site_id": "1", "name": "", "measure_label": "", "plan_year": 2021, "sample_label": "", "area_m2": 1.0},
        index=[0], geometry=[shape], crs=4490,
    )  # fmt: skip
    _, rows = corner_table(frame, crs="EPSG:4544")
    return {int(row[-3]): np.array([float(row[-1]), float(row[-2])]) for row in rows}


@pytest.mark.parametrize("shape", [NOTCHED, TWO], ids=["hole", "parts"])
def test_a_number_stands_by_its_corner_outside_the_site(shape: shapely.Geometry) -> None:
    made, axes, number = drawn(shape, [])
    told, corners = numbers_of(axes), of_table(shape)
    assert number == len(told) == len(corners)
    west, east = axes.get_xlim()
    mm_m = (east - west) / (axes.get_position().width * made.get_figwidth() * 25.4)
    planar = gpd.GeoSeries([shape], crs=4490).to_crs(4544)[0]
    for at, place in told.items():
        assert np.hypot(*(place - corners[at])) == pytest.approx(OFF_MM * mm_m, rel=1e-3)
        assert not planar.contains(shapely.Point(place))


def test_numbers_do_not_run_into_each_other() -> None:
    made, axes, number = drawn(DENSE, [])
    told = numbers_of(axes)
    assert 20 < number == len(told) < 400
    west, east = axes.get_xlim()
    mm_m = (east - west) / (axes.get_position().width * made.get_figwidth() * 25.4)
    points = [shapely.Point(place) for place in told.values()]
    near = shapely.STRtree(points).query(points, predicate="dwithin", distance=APART_MM * mm_m * (1 - 1e-9))
    assert (near[0] == near[1]).all()


def test_what_lies_around_is_drawn_and_moves_nothing() -> None:
    _, alone, _ = drawn(NOTCHED, [])
    _, axes, _ = drawn(NOTCHED, [shapely.box(104.9, 24.9, 105.1, 25.1), shapely.box(200, 0, 201, 1)])
    assert axes.get_xlim() == alone.get_xlim()
    assert axes.get_ylim() == alone.get_ylim()
    (path,) = [patch for patch in axes.get_children() if isinstance(patch, PathPatch) and patch.get_zorder() == 2.5]
    assert np.shape(path.get_path().vertices) == (5, 2)
