"""Polygons as paths, and the textures that tell layers apart, from arrays of coordinates."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline

from ..ellipsoid import Floats, Integers
from ..geometry import Geometries
from .sheet import PX_PT, put

PATTERN_PX = 8.0
"""The side of a texture's square on the HTML map (``surface.js``)."""
_ROOT_2 = float(np.sqrt(2.0))


def outline_of(polygons: Geometries) -> Outline:
    """All polygons as one path: shells one way and holes the other, so that filling by the non-zero rule leaves holes open."""
    oriented = np.asarray(shapely.orient_polygons(polygons), dtype=object)
    rings = shapely.get_rings(shapely.get_parts(oriented))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    changes = np.flatnonzero(np.diff(ring)) + 1
    codes = np.full(len(xy), Outline.LINETO, dtype=Outline.code_type)
    if len(xy):
        codes[np.r_[0, changes]] = Outline.MOVETO
        codes[np.r_[changes - 1, len(xy) - 1]] = Outline.CLOSEPOLY
    return Outline(xy, codes)


class Chords(NamedTuple):
    """Where level lines run inside polygons: the line's number, and from which x to which."""

    row: Integers
    x0: Floats
    x1: Floats


def chords(polygons: Geometries, *, pitch: float, phase: float = 0.0, turn: bool = False) -> Chords:
    """Cut polygons by the level lines ``y = row * pitch + phase``; ``turn`` turns the ground by 45° clockwise before."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if turn:
        xy = np.column_stack([xy[:, 0] + xy[:, 1], xy[:, 1] - xy[:, 0]]) / _ROOT_2
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.stack([xy[begin], xy[begin + 1]])
    levels = np.ceil((ends[:, :, 1] - phase) / pitch).astype(np.intp)
    first, crossed = levels.min(axis=0), np.abs(levels[1] - levels[0])
    edge = np.repeat(np.arange(len(begin)), crossed)
    row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(crossed) - crossed, crossed)
    (ax, ay), (bx, by) = ends[0, edge].T, ends[1, edge].T
    x = ax + (row * pitch + phase - ay) / (by - ay) * (bx - ax)
    order = np.lexsort((x, row, owner[part][ring[begin]][edge]))  # every line enters a polygon as often as it leaves it
    return Chords(row[order][::2], x[order][::2], x[order][1::2])


def dots(polygons: Geometries, *, px: float) -> Floats:
    """The points of the texture of dots that lie inside polygons, shape (n, 2); each once."""
    found = chords(polygons, pitch=PATTERN_PX / 2 * px)
    return _points_on(found, step=PATTERN_PX * px, offset=np.where(found.row % 2, PATTERN_PX / 2 * px, 0.0), pitch=PATTERN_PX / 2 * px)


def squares(polygons: Geometries, *, px: float) -> Floats:
    """The middles of the texture of squares that lie inside polygons, shape (n, 2); each once."""
    found = chords(polygons, pitch=PATTERN_PX * px)
    return _points_on(found, step=PATTERN_PX * px, offset=np.zeros(len(found.row)), pitch=PATTERN_PX * px)


def _points_on(found: Chords, *, step: float, offset: Floats, pitch: float) -> Floats:
    first = np.ceil((found.x0 - offset) / step).astype(np.intp)
    number = np.maximum(np.floor((found.x1 - offset) / step).astype(np.intp) - first + 1, 0)
    at = np.repeat(np.arange(len(number)), number)
    column = first[at] + np.arange(len(at)) - np.repeat(np.cumsum(number) - number, number)
    return np.unique(np.column_stack([column * step + offset[at], found.row[at] * pitch]), axis=0)


def slants(polygons: Geometries, *, px: float) -> Outline:
    """The texture of slanting lines inside polygons."""
    pitch = PATTERN_PX / _ROOT_2 * px
    found = chords(polygons, pitch=pitch, turn=True)
    u, v = np.column_stack([found.x0, found.x1]).ravel(), np.repeat(found.row * pitch, 2)
    codes = np.tile(np.array([Outline.MOVETO, Outline.LINETO], dtype=Outline.code_type), len(found.row))
    return Outline(np.column_stack([u - v, u + v]) / _ROOT_2, codes)


class Pen(NamedTuple):
    """How a texture is drawn: the axes, units of the axes in a pixel of the HTML map, colour, opacity and order."""

    axes: Axes
    px: float
    colour: str
    alpha: float
    zorder: float


def _draw_dots(polygons: Geometries, pen: Pen) -> None:
    _mark(dots(polygons, px=pen.px), pen, "o", size_px=1.8, filled=True)


def _draw_slants(polygons: Geometries, pen: Pen) -> None:
    line = {"edgecolor": pen.colour, "linewidth": 1.1 * PX_PT, "capstyle": "butt"}
    put(pen.axes, slants(polygons, px=pen.px), zorder=pen.zorder, alpha=pen.alpha, line=line)


def _draw_squares(polygons: Geometries, pen: Pen) -> None:
    _mark(squares(polygons, px=pen.px), pen, "s", size_px=5.0, filled=False)


def _mark(points: Floats, pen: Pen, marker: str, *, size_px: float, filled: bool) -> None:
    face, edge = (pen.colour, "none") if filled else ("none", pen.colour)
    pen.axes.plot(
        points[:, 0], points[:, 1], linestyle="none", marker=marker, markersize=size_px * PX_PT, markerfacecolor=face, markeredgecolor=edge,
        markeredgewidth=PX_PT, alpha=pen.alpha, zorder=pen.zorder, scalex=False, scaley=False,
    )  # fmt: skip


_TEXTURES: tuple[Callable[[Geometries, Pen], None] | None, ...] = (None, _draw_dots, _draw_slants, _draw_squares)


def draw_texture(number: int, polygons: Geometries, pen: Pen) -> None:
    """Draw the texture of a layer, by its place in the lifecycle, inside polygons that are in the units of the axes."""
    draw = _TEXTURES[number % len(_TEXTURES)]
    if draw is not None and len(polygons):
        draw(polygons, pen)
