"""Where things stand on a sheet: the title above, the map, the panel beside it, and what is said below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..maps.sheet_words import plane_line
from ..maps.words import WORDS
from .frame_lines import BAND, Place
from .ground import Marked
from .measures import draw_north, draw_scale
from .panel import draw_panel
from .plane import Window
from .sheet import INK, SOFT, STAMP, Sheet

EDGE, PANEL, GUTTER, HEAD, FOOT, MEASURES = 9.0, 75.0, 6.0, 17.0, 6.0, 15.0
"""The margin, the panel's width, what lies between map and panel, the height above and below the map, and of scale and arrow; mm on A4."""
TITLE_PT, LINE_PT, FOOT_PT = 18.0, 8.2, 6.6


class Said(NamedTuple):
    """The texts of a sheet: title, day and clock, who made it and when, the mark of an internal map, the review number."""

    title: str
    as_of: str
    made: str
    mark: str
    review: str


def map_place(sheet: Sheet) -> Place:
    """Where the map itself stands, inside its frame."""
    unit = sheet.unit
    width, height = sheet.width - (2 * EDGE + PANEL + GUTTER) * unit, sheet.height - (2 * EDGE + HEAD + FOOT) * unit
    return Place(EDGE * unit, (EDGE + FOOT) * unit, width, height).inner(BAND * unit)


def draw_texts(sheet: Sheet, said: Said, window: Window) -> None:
    """Title, day and clock, and the line below the map."""
    unit, left, right = sheet.unit, EDGE * sheet.unit, sheet.width - EDGE * sheet.unit
    top, foot = sheet.height - EDGE * unit, EDGE * unit + 0.6 * unit
    mark_room = PANEL * unit if said.mark else 0.0
    sheet.write(left, top - 6.6 * unit, said.title, TITLE_PT, room=right - left - mark_room, least=0.7, bold=True)
    sheet.write(left, top - 13.0 * unit, said.as_of, LINE_PT, room=right - left, colour=SOFT)
    if said.mark:
        sheet.write(right, top - 6.0 * unit, said.mark, LINE_PT, room=mark_room, side="right", bold=True, colour=STAMP)
    map_right = right - (PANEL + GUTTER) * unit
    plane = str(plane_line(window.zone))
    sheet.write(left, foot, plane, FOOT_PT, room=0.62 * (map_right - left), colour=SOFT)
    sheet.write(map_right, foot, said.made, FOOT_PT, room=0.36 * (map_right - left), least=0.5, side="right", colour=SOFT)
    if said.review:
        sheet.write(right, foot, said.review, FOOT_PT, room=PANEL * unit, least=0.5, side="right", colour=STAMP if said.mark else INK)


def draw_side(sheet: Sheet, window: Window, legend: Mapping[str, Any], *, has_outline: bool, marked: Marked, unseen: int) -> None:
    """The panel, and below it the north arrow and the scale."""
    unit, width = sheet.unit, PANEL * sheet.unit
    left, foot = sheet.width - EDGE * unit - width, (EDGE + FOOT) * unit
    top = sheet.height - (EDGE + HEAD) * unit
    arrow = 12.0 * unit
    draw_north(sheet, Place(left, foot, arrow, MEASURES * unit))
    draw_scale(sheet, Place(left + arrow, foot, width - arrow, MEASURES * unit), window)
    panel = Place(left, foot + (MEASURES + 4.0) * unit, width, top - foot - (MEASURES + 4.0) * unit)
    draw_panel(sheet, panel, legend, has_outline=has_outline, marked=marked, unseen=unseen)


def draw_emptiness(sheet: Sheet, place: Place) -> None:
    """Say that there is no site."""
    middle = place.x + place.width / 2, place.y + place.height / 2
    sheet.write(*middle, str(WORDS["no_sites"]), 12.0, room=place.width, side="center", colour=SOFT)
