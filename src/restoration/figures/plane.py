"""What of the ground a map shows, in the Gauss-Krüger plane of one zone, and at which scale; knows no paper but its size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from ..data import builtin
from ..ellipsoid import Floats
from ..geometry import Geometries, from_plane, is_finite, kept_where, to_plane, zone_of

MARGIN = 0.035
"""Free ground on each side of what is shown, as a share of the map."""
STEPS_S = (36000, 18000, 7200, 3600, 1800, 1200, 600, 300, 120, 60, 30, 20, 10, 5, 2, 1)
"""Seconds of a degree between two lines of the graticule (those of the HTML map)."""
SPACING_MM = 38.0
"""Lines of the graticule are no nearer than this."""
KILOMETRES = (1, 2, 5)
FURTHEST_M = 1e7
"""From equator and meridian: a quarter of the earth, as far as the plane reaches."""


class Window(NamedTuple):
    """The ground that a map shows: its zone, the scale 1 : ``scale``, and metres in the plane, easting without the zone first."""

    zone: int
    scale: int
    west_m: float
    south_m: float
    east_m: float
    north_m: float

    @property
    def mm_m(self) -> float:
        """Metres on the ground that are a millimetre on paper."""
        return self.scale / 1000


def window_of(degrees: Geometries, *, width_mm: float, height_mm: float) -> Window:
    """The window of a map of some mm in which everything has room, at a scale of round numbers.

    Parameters
    ----------
    degrees
        Shape (n,), in degrees on CGCS2000. Where there is nothing, the office's own ground is shown.
    """
    home = builtin("crs")["envelope"]
    shapes = degrees if len(degrees) else np.array([shapely.box(*(home[side] for side in ("west", "south", "east", "north")))])
    zone = int(np.sort(zone_of(shapes))[len(shapes) // 2])  # a stray must not take the map out of its zone
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(planar(shapes, zone)))
    room = 1 - 2 * MARGIN
    scale = _round_scale(1000 * max((east - west) / (width_mm * room), (north - south) / (height_mm * room)))
    x, y, half_x, half_y = (west + east) / 2, (south + north) / 2, width_mm * scale / 2000, height_mm * scale / 2000
    return Window(zone, scale, x - half_x, y - half_y, x + half_x, y + half_y)


def planar(degrees: Geometries, zone: int) -> Geometries:
    """The same in the plane of a zone; nothing in the place of what has no place there."""
    shapes = to_plane(degrees, zone)
    with np.errstate(invalid="ignore"):
        near = (np.abs(np.nan_to_num(shapely.bounds(shapes))) < FURTHEST_M).all(axis=1)
    return kept_where(is_finite(shapes) & near, shapes)


def _round_scale(needed: float) -> int:
    scales = builtin("figure")["scale"]
    least, steps = max(needed, float(scales["least"])), [*map(float, scales["steps"]), 10.0]
    tens = 10.0 ** math.floor(math.log10(least))
    return round(next(step * tens for step in steps if step * tens >= least * (1 - 1e-9)))


class Grid(NamedTuple):
    """One line of the graticule in the plane (shape (n, 2), metres), what it is called, and whether it is a meridian."""

    xy_m: Floats
    label: str
    is_meridian: bool


def graticule(window: Window) -> Iterator[Grid]:
    """The meridians and parallels that cross a window."""
    frame = shapely.box(*window[2:])
    border = from_plane(np.array([shapely.segmentize(frame, (window.east_m - window.west_m) / 50)]), window.zone)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(border))
    step_s = _step_s(window)
    if not np.isfinite([west, south, east, north]).all():
        return
    for is_meridian, low, high, first, last in ((True, west, east, south, north), (False, south, north, west, east)):
        for number in range(math.ceil(low * 3600 / step_s), math.floor(high * 3600 / step_s) + 1):
            at, along = number * step_s / 3600, np.linspace(first, last, 101)
            ends = np.column_stack([np.full(101, at), along] if is_meridian else [along, np.full(101, at)])
            line = shapely.intersection(to_plane(np.array([shapely.LineString(ends)]), window.zone)[0], frame)
            if line.geom_type == "LineString" and not line.is_empty:
                yield Grid(shapely.get_coordinates(line), degrees_told(number * step_s, "EW" if is_meridian else "NS"), is_meridian)


def _step_s(window: Window) -> int:
    least_s = SPACING_MM * window.mm_m / 111_000 * 3600
    return min((step for step in STEPS_S if step >= least_s), default=STEPS_S[0])


def degrees_told(seconds: int, letters: str) -> str:
    """A longitude or latitude of whole seconds, without minutes and seconds that are none.

    Examples
    --------
    >>> degrees_told(105 * 3600, "EW"), degrees_told(25 * 3600 + 600, "NS"), degrees_told(-61, "NS")
    ('105°E', '25°10′N', '0°01′01″S')
    """
    whole, rest = divmod(abs(seconds), 3600)
    told = f"{whole}°"
    if rest:
        told += f"{rest // 60:02}′"
    if rest % 60:
        told += f"{rest % 60:02}″"
    return told + letters[seconds < 0]


def kilometres(low_m: float, high_m: float, *, least_m: float) -> list[int]:
    """Round metres in a range, at least so far apart and whole kilometres."""
    step = _round_step(max(least_m, 1000.0))
    return [number * step for number in range(math.ceil(low_m / step), math.floor(high_m / step) + 1)]


def _round_step(least: float) -> int:
    tens = 10.0 ** math.floor(math.log10(least))
    return round(next(step * tens for step in (*KILOMETRES, 10) if step * tens >= least * (1 - 1e-9)))


def bar_of(window: Window, *, longest_mm: float) -> int:
    """The length of a scale bar, metres: the longest of 1, 2, 5, 10 ... that has room."""
    longest = longest_mm * window.mm_m
    tens = 10.0 ** math.floor(math.log10(longest))
    return round(max(step * tens for step in KILOMETRES if step * tens <= longest * (1 + 1e-9)))
