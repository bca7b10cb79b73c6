"""The map itself: the district's ground, the graticule and the sites, in the plane of the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes

from ..ellipsoid import Floats
from ..geometry import Geometries, kept_where
from ..style import Look, look_of
from .lettering import MM_PER_PT
from .outlines import Pen, draw_texture, outline_of
from .plane import Window, graticule
from .sheet import PX_PT, put, stroke_of

TINY_MM, LARGEST_MARK_MM, INKED = 0.5, 1.3, 0.004
"""A site smaller than a mark on paper is drawn as one, which is the larger the fewer sites there are: so that marks of all of them would
take this share of the map."""
THINNEST_MM = 0.02
"""Corners that bend a line by less than this on paper are left out."""
HALO_PX = 2.0
FINE_BELOW_MM, FINEST = 1.8, 0.4
"""Where most of the sites are smaller than this on paper lines are finer, down to a share of their weight."""
LAND, EDGE, GRID = "#fdfcf9", "#6f6a5b", "#d8d4c8"


def draw_district(axes: Axes, outline: Geometries, window: Window) -> None:
    """The ground inside the outline, and its boundary."""
    path = outline_of(_thinned(outline, window))
    put(axes, path, zorder=1, alpha=0.35, line={"edgecolor": "#b9b29d", "linewidth": 7 * PX_PT, "joinstyle": "round"})
    put(axes, path, zorder=1.1, face=LAND)
    put(axes, path, zorder=5, line=boundary_line())


def boundary_line() -> dict[str, Any]:
    """How the boundary of the district is drawn."""
    return stroke_of(Look(EDGE, "9 3 2 3", 1.6, 0.0), px_pt=PX_PT * 1.25)


def draw_graticule(axes: Axes, window: Window) -> None:
    """Meridians and parallels."""
    for line in graticule(window):
        axes.plot(*line.xy_m.T, color=GRID, lw=0.35, zorder=2, scalex=False, scaley=False)


class _Class(NamedTuple):
    """The sites of one display group and layer: how they are drawn, which texture, and where they are in the plane."""

    look: Look
    texture: int
    planar: Geometries


class Marked(NamedTuple):
    """How many sites were too small to be drawn by their boundaries, and the side of the square that stands for each, mm."""

    number: int
    side_mm: float


def draw_sites(axes: Axes, sites: gpd.GeoDataFrame, planar: Geometries, window: Window, *, groups: list[str], layers: list[str]) -> Marked:
    """The sites, one path a display group and layer, as the HTML map draws them: every fill first, then every line.

    Parameters
    ----------
    sites
        The sites frame; ``layer`` and ``group`` are read.
    planar
        Shape (n,), the boundaries in the plane of the window; ``None`` where there is none to draw.
    groups, layers
        Codes in the order of drawing; a layer's place is its texture.
    """
    side_mm = _mark_mm(planar, window)
    tiny = _sizes_mm(planar, window) < side_mm
    px_pt = PX_PT * _fineness(planar[~tiny], window)
    for part in _classes(sites, kept_where(tiny, _squares(planar, side_mm * window.mm_m)), groups, layers):
        line = {"edgecolor": "#ffffff", "linewidth": PX_PT, "joinstyle": "miter"}
        put(axes, outline_of(part.planar), zorder=3.4, face=part.look.colour, alpha=0.95, line=line)
    for part in _classes(sites, kept_where(~tiny, _thinned(planar, window)), groups, layers):
        path = outline_of(part.planar)
        put(axes, path, zorder=3, face=part.look.colour, alpha=part.look.fill_opacity)
        pen = Pen(axes, PX_PT * MM_PER_PT * window.mm_m, part.look.colour, 0.55, 3.1)
        draw_texture(part.texture, part.planar, pen)
        put(axes, path, zorder=3.3, alpha=0.55, line=stroke_of(Look("#ffffff", "", part.look.weight + HALO_PX, 0.0), px_pt=px_pt))
        put(axes, path, zorder=3.3, line=stroke_of(part.look, px_pt=px_pt))
    return Marked(int(tiny.sum()), side_mm)


def _classes(sites: gpd.GeoDataFrame, planar: Geometries, groups: list[str], layers: list[str]) -> Iterator[_Class]:
    group, layer, there = sites["group"].to_numpy(), sites["layer"].to_numpy(), ~shapely.is_missing(planar)
    for code in groups:
        for texture, name in enumerate(layers):
            members = planar[there & (group == code) & (layer == name)]
            if len(members):
                yield _Class(look_of(code), texture, members)


def _sizes_mm(planar: Geometries, window: Window) -> Floats:
    """The longer side of each on paper, shape (n,); NaN for none."""
    bounds = shapely.bounds(planar)
    return np.asarray((bounds[:, 2:] - bounds[:, :2]).max(axis=1) / window.mm_m, dtype=np.float64)


def _mark_mm(planar: Geometries, window: Window) -> float:
    map_mm2 = (window.east_m - window.west_m) * (window.north_m - window.south_m) / window.mm_m**2
    return round(float(np.clip(np.sqrt(INKED * map_mm2 / max(len(planar), 1)), TINY_MM, LARGEST_MARK_MM)), 1)


def _fineness(planar: Geometries, window: Window) -> float:
    """How much finer lines are drawn than usual: the smaller most of the sites are on paper, so that their fill still shows."""
    there = planar[~shapely.is_missing(planar)]
    usual_mm = float(np.median(_sizes_mm(there, window))) if len(there) else FINE_BELOW_MM
    return float(np.clip(usual_mm / FINE_BELOW_MM, FINEST, 1.0))


def _squares(planar: Geometries, side_m: float) -> Geometries:
    """A square of one size in the middle of each."""
    bounds, half = shapely.bounds(planar), side_m / 2
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    return np.asarray(shapely.box(x - half, y - half, x + half, y + half), dtype=object)


def _thinned(planar: Geometries, window: Window) -> Geometries:
    """Without the corners that nobody can see; what would vanish stays as it is."""
    thin = np.asarray(shapely.simplify(planar, THINNEST_MM * window.mm_m, preserve_topology=False), dtype=object)
    return np.where(shapely.is_empty(thin), planar, thin)
