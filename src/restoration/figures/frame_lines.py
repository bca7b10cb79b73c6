"""The map's frame: two lines with the degrees of the graticule and the kilometres of the plane between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes

from ..ellipsoid import FALSE_EASTING_M
from .outlines import outline_of
from .plane import SPACING_MM, Window, graticule, kilometres
from .sheet import GROUND, INK, SOFT, Sheet, put

BAND = 4.6
"""Between the two lines, mm on A4."""
DEGREES_PT, KM_PT = 6.2, 5.6
TICK = 1.1


class Place(NamedTuple):
    """A rectangle of the sheet: lower left corner, width and height, mm."""

    x: float
    y: float
    width: float
    height: float

    def inner(self, by: float) -> Place:
        """The same without a band on every side."""
        return Place(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


def map_axes(sheet: Sheet, place: Place, window: Window) -> Axes:
    """Axes in the metres of the window's plane that fill a place of the sheet, so that the scale holds on paper."""
    position = (place.x / sheet.width, place.y / sheet.height, place.width / sheet.width, place.height / sheet.height)
    axes = sheet.figure.add_axes(position, label="map", zorder=1)
    axes.set(xlim=(window.west_m, window.east_m), ylim=(window.south_m, window.north_m), aspect="equal")
    axes.set_axis_off()
    put(axes, outline_of(np.array([shapely.box(*window[2:])])), zorder=0, face=GROUND)
    return axes


def draw_frame(sheet: Sheet, place: Place, window: Window) -> None:
    """Two lines round a map that fills ``place``, with degrees below and on the left, kilometres of the plane above and on the right."""
    band = BAND * sheet.unit
    sheet.box(*place, edge=INK, width_pt=0.5)
    sheet.box(*place.inner(-band), edge=INK, width_pt=1.3)
    _degrees(sheet, place, window)
    _kilometres(sheet, place, window)


def _degrees(sheet: Sheet, place: Place, window: Window) -> None:
    tick, room = TICK * sheet.unit, SPACING_MM * 0.9
    for line in graticule(window):
        first, last = ((x / window.mm_m, y / window.mm_m) for x, y in (line.xy_m[0] - window[2:4], line.xy_m[-1] - window[2:4]))
        at = min(first, last, key=lambda end: end[line.is_meridian])
        if line.is_meridian and at[1] < 0.1 and _is_inside(at[0], place.width, sheet):
            x = place.x + at[0]
            sheet.rule(x, place.y, x, place.y - tick, colour=INK)
            sheet.write(x, place.y - 3.4 * sheet.unit, line.label, DEGREES_PT, room=room, side="center")
        if not line.is_meridian and at[0] < 0.1 and _is_inside(at[1], place.height, sheet):
            y = place.y + at[1]
            sheet.rule(place.x, y, place.x - tick, y, colour=INK)
            sheet.write(place.x - 1.6 * sheet.unit, y, line.label, DEGREES_PT, room=room, side="center", turned=90)


def _kilometres(sheet: Sheet, place: Place, window: Window) -> None:
    """The plane's own coordinates, eastings with the number of the zone in front."""
    tick, least_m, room = TICK * sheet.unit, SPACING_MM * window.mm_m, SPACING_MM * 0.9
    top, right = place.y + place.height, place.x + place.width
    for easting in kilometres(window.west_m, window.east_m, least_m=least_m):
        at = (easting - window.west_m) / window.mm_m
        if _is_inside(at, place.width, sheet):
            sheet.rule(place.x + at, top, place.x + at, top + tick, colour=SOFT)
            sheet.write(place.x + at, top + 1.7 * sheet.unit, _told(easting, window.zone), KM_PT, room=room, side="center", colour=SOFT)
    for northing in kilometres(window.south_m, window.north_m, least_m=least_m):
        at = (northing - window.south_m) / window.mm_m
        if _is_inside(at, place.height, sheet):
            sheet.rule(right, place.y + at, right + tick, place.y + at, colour=SOFT)
            sheet.write(
                right + 3.2 * sheet.unit, place.y + at, _told(northing, None), KM_PT, room=room, side="center", turned=90, colour=SOFT
            )


def _told(metres: int, zone: int | None) -> str:
    """A coordinate of the plane in kilometres.

    Examples
    --------
    >>> _told(520_000, 35), _told(2_780_000, None)
    ('35520 km', '2780 km')
    """
    kilometres = metres // 1000
    return f"{zone}{kilometres:03} km" if zone is not None and 0 <= metres < 2 * FALSE_EASTING_M else f"{kilometres} km"


def _is_inside(at: float, length: float, sheet: Sheet) -> bool:
    """Whether a label has room before the corner."""
    return 8 * sheet.unit < at < length - 8 * sheet.unit
