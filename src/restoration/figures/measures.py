"""Scale bar, scale and north arrow."""

from __future__ import annotations

import numpy as np
import shapely

from ..maps.sheet_words import GRID_NORTH, UNITS
from .frame_lines import Place
from .outlines import outline_of
from .plane import Window, bar_of
from .sheet import INK, SOFT, Sheet, put

PIECES = 4
BAR_HEIGHT = 1.3
UNIT_ROOM = 9.0
"""For the name of the unit beside the bar, mm on A4."""


def draw_scale(sheet: Sheet, place: Place, window: Window) -> None:
    """A bar of black and white pieces, true to the printed size, with the scale beneath, in the middle of a place."""
    beside = UNIT_ROOM * sheet.unit
    length_m = bar_of(window, longest_mm=place.width - 2 * beside)
    piece, high = length_m / window.mm_m / PIECES, BAR_HEIGHT * sheet.unit
    left, bottom = place.x + (place.width - PIECES * piece) / 2, place.y + 5.2 * sheet.unit
    boxes = [shapely.box(left + number * piece, bottom, left + (number + 1) * piece, bottom + high) for number in range(PIECES)]
    for number, box in enumerate(boxes):
        line = {"edgecolor": INK, "linewidth": 0.5, "joinstyle": "miter"}
        put(sheet.axes, outline_of(np.array([box])), zorder=20, face="white" if number % 2 else INK, line=line)
    unit = "km" if length_m >= 1000 else "m"
    for number in (0, PIECES // 2, PIECES):
        told = f"{length_m * number / PIECES / (1000 if unit == 'km' else 1):g}"
        x = left + number * piece
        sheet.write(x, bottom + high + 1.0 * sheet.unit, told, 6.2, room=piece * 2, side="center")
    sheet.write(left + PIECES * piece + 3.2 * sheet.unit, bottom + high + 1.0 * sheet.unit, str(UNITS[unit]), 6.2, room=beside)
    middle, foot = place.x + place.width / 2, place.y + 0.8 * sheet.unit
    sheet.write(middle, foot, scale_told(window.scale), 8.4, room=place.width, bold=True, side="center")


def scale_told(scale: int) -> str:
    """A scale as it is read, with its digits in threes.

    Examples
    --------
    >>> scale_told(350_000)
    '1 : 350 000'
    """
    return f"1 : {scale:,}".replace(",", " ")


def draw_north(sheet: Sheet, place: Place) -> None:
    """An arrow to grid north, half of it dark, that fills a place."""
    middle, top, foot = place.x + place.width / 2, place.y + place.height - 3.2 * sheet.unit, place.y + 3.4 * sheet.unit
    wing, notch = 2.1 * sheet.unit, foot + 1.5 * sheet.unit
    for face, side in ((INK, -1), ("white", 1)):
        half = shapely.Polygon([(middle, top), (middle + side * wing, foot), (middle, notch)])
        put(sheet.axes, outline_of(np.array([half])), zorder=20, face=face, line={"edgecolor": INK, "linewidth": 0.5, "joinstyle": "miter"})
    sheet.write(middle, top + 0.9 * sheet.unit, "N", 8.0, room=place.width, side="center", bold=True)
    sheet.write(middle, place.y + 0.4 * sheet.unit, str(GRID_NORTH), 5.6, room=2 * place.width, side="center", colour=SOFT)
