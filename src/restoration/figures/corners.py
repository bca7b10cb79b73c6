"""The corners of one site on its map, with their numbers, and what lies around it."""

from __future__ import annotations

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from ..ellipsoid import Floats, Integers
from ..geometry import Geometries, zone_of
from ..style import Look
from .lettering import lettering_for
from .outlines import outline_of
from .plane import planar
from .sheet import INK, SOFT, put, stroke_of

OFF_MM, APART_MM = 2.4, 4.2
"""How far a number stands from its corner, and how near two numbers may come; of corners closer than that one is numbered."""
_PT = 5.6
_FAINT = "#e7e5dc"


def draw_corners(drawn: Figure, site: shapely.Geometry, around: Geometries) -> int:
    """Draw the corners of a site with their numbers on a figure of it, and faintly what lies around.

    Parameters
    ----------
    drawn
        What `figure` gave for the site alone.
    site
        Its boundary in degrees. Its corners are numbered from 1 on over its rings, as `corner_lists.corner_table` numbers them.
    around
        Shape (n,), the boundaries of other sites in degrees.

    Returns
    -------
    How many corners have their number on the map; the others stand too close to one that has.

    Examples
    --------
    >>> import geopandas
    >>> from restoration import figures
    >>> square = shapely.box(105.1, 25.1, 105.11, 25.11)
    >>> site = geopandas.GeoDataFrame({"measure": ["人工造林"], "status": ["施工中"]}, geometry=[square], crs=4490)
    >>> draw_corners(figures.figure(site), square, np.array([], dtype=object))
    4
    """
    axes = next(one for one in drawn.axes if one.get_label() == "map")
    zone = int(zone_of(np.array([site], dtype=object))[0])
    near = planar(around, zone)
    put(axes, outline_of(near[~shapely.is_missing(near)]), zorder=2.5, face=_FAINT, alpha=0.6, line=stroke_of(Look(SOFT, "2 2", 1.2, 0.0)))
    shape = planar(np.array([site], dtype=object), zone)[0]
    corners, outward = _corners(shape)
    metres_of_mm = (axes.get_xlim()[1] - axes.get_xlim()[0]) / (axes.get_position().width * drawn.get_figwidth() * 25.4)
    places = _outside(shape, corners, OFF_MM * metres_of_mm * outward)
    axes.plot(*corners.T, ls="", marker="o", ms=1.7, mfc="white", mec=INK, mew=0.5, zorder=6, scalex=False, scaley=False)
    font, told = lettering_for([]).font(_PT), _apart(places, APART_MM * metres_of_mm)
    for at in told:
        x, y = places[at]
        axes.text(
            x, y, str(at + 1), fontproperties=font, color=INK, ha="center", va="center", zorder=7, clip_on=True, parse_math=False,
            path_effects=[withStroke(linewidth=1.4, foreground="white")],
        )  # fmt: skip
    return len(told)


def _corners(shape: shapely.Geometry) -> tuple[Floats, Floats]:
    """The corners of all rings, closing points left out, and a direction square to the boundary at each; both of shape (n, 2)."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    is_first, is_last = np.r_[True, ring[1:] != ring[:-1]], np.r_[ring[1:] != ring[:-1], True]
    at = np.flatnonzero(~is_last)
    before = at - 1
    before[is_first[at]] = np.flatnonzero(is_last) - 1
    along = _units(xy[at] - xy[before]) + _units(xy[at + 1] - xy[at])
    return xy[at], _units(np.column_stack([along[:, 1], -along[:, 0]]))


def _units(vectors: Floats) -> Floats:
    lengths = np.hypot(*vectors.T)[:, None]
    return np.where(lengths > 0, vectors / np.where(lengths > 0, lengths, 1.0), 0.0)


def _outside(shape: shapely.Geometry, corners: Floats, away: Floats) -> Floats:
    """Places beside corners, on the side that is not the site's ground."""
    is_inside = shapely.contains_xy(shape, corners + away)
    return corners + np.where(is_inside[:, None], -away, away)


def _apart(places: Floats, least: float) -> Integers:
    """The places that may have a text: one of each square of ground, and none too near to one before it."""
    _, first = np.unique(np.floor(places / least), axis=0, return_index=True)
    chosen = np.sort(first)
    points = np.atleast_1d(np.asarray(shapely.points(places[chosen]), dtype=object))
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=least)
    return np.delete(chosen, np.unique(one[other < one]))
