"""The panel beside the map: the legend with its numbers, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import shapely

from ..maps.sheet_words import LEGEND, MARKED, NO_SHAPE, NUMBER, OUTLINE, WHOLE
from ..maps.words import WORDS
from ..style import look_of
from ..units import LABEL
from .frame_lines import Place
from .ground import LAND, Marked, boundary_line
from .lettering import MM_PER_PT
from .outlines import Pen, draw_texture, outline_of
from .sheet import INK, PX_PT, RULE, SOFT, Sheet, put, stroke_of

HEAD_PT, ROW_PT, MEASURE_PT, SMALL_PT, NOTE_PT = 10.5, 7.0, 6.2, 5.6, 5.2
LABEL_TO, NUMBER_AT, TASK_AT, LAND_AT = 0.43, 0.51, 0.76, 1.0
"""Where labels and columns of numbers end, as shares of the panel's width."""
SWATCH, LABEL_AT = 7.6, 9.8
NOTE_LINE = 2.5
SWATCH_PX = 0.9
"""Textures of swatches are a little finer than on the map, so that a small square shows them."""


class Part(NamedTuple):
    """A row of the panel: its height, mm on A4, and what draws it below a height of the sheet."""

    height: float
    draw: Callable[[Sheet, Place, float], None]


def draw_panel(sheet: Sheet, place: Place, legend: Mapping[str, Any], *, has_outline: bool, marked: Marked, unseen: int) -> None:
    """The legend of `restoration.maps.legend`; all of it is smaller where it lacks room.

    Parameters
    ----------
    marked
        The sites that squares stand for.
    unseen
        How many sites have nothing that can be drawn.
    """
    parts = list(_parts(sheet, place, legend, has_outline=has_outline, marked=marked, unseen=unseen))
    scaled = replace(sheet, unit=min(sheet.unit, place.height / sum(part.height for part in parts)))
    top = place.y + place.height
    for part in parts:
        part.draw(scaled, place, top)
        top -= part.height * scaled.unit


def _parts(sheet: Sheet, place: Place, legend: Mapping[str, Any], *, has_outline: bool, marked: Marked, unseen: int) -> Iterator[Part]:
    yield Part(5.5, _title)
    yield Part(8.4, partial(_headings, text=str(WORDS["statuses"])))
    for group in legend["groups"]:
        yield Part(6.9, partial(_row, row=group, swatch=partial(_group_swatch, code=group["code"])))
    yield Part(8.0, partial(_row, row={**legend["whole"], "label": str(WHOLE)}, swatch=_whole_line))
    if legend["layers"]:
        yield Part(8.4, partial(_headings, text=str(WORDS["layers"])))
    for layer in legend["layers"]:
        yield Part(6.9, partial(_row, row=layer, swatch=partial(_layer_swatch, number=layer["texture"])))
        if layer["mines"]:
            yield Part(3.6, partial(_mines, row=layer))
        for measure in legend["measures"]:
            if measure["layer"] == layer["code"] and measure["label"] != layer["label"]:
                yield Part(6.0, partial(_measure, row=measure))
    if has_outline:
        yield Part(6.4, _boundary)
    lines = [line for note in _notes(legend, marked, unseen) for line in sheet.lettering.wrapped(note, NOTE_PT * sheet.unit, place.width)]
    yield Part(3.4 + NOTE_LINE * len(lines), partial(_note_lines, lines=lines))


def _notes(legend: Mapping[str, Any], marked: Marked, unseen: int) -> Iterator[str]:
    yield str(WORDS["task_note"])
    yield str(WORDS["land_note"])
    if legend["shared"]:
        yield str(WORDS["shared"]).replace("{a}", legend["shared"])
    if legend["left_out"]:
        yield str(WORDS["left_out"]).replace("{n}", str(legend["left_out"]))
    if marked.number:
        yield str(MARKED).replace("{d}", f"{marked.side_mm:g}").replace("{n}", str(marked.number))
    if unseen:
        yield str(NO_SHAPE).replace("{n}", str(unseen))
    yield str(WORDS["rule"])


def _title(sheet: Sheet, place: Place, top: float) -> None:
    sheet.write(place.x, top - 3.4 * sheet.unit, str(LEGEND), HEAD_PT, room=place.width, bold=True)


def _headings(sheet: Sheet, place: Place, top: float, *, text: str) -> None:
    first, second, under = (top - down * sheet.unit for down in (4.2, 6.6, 7.7))
    sheet.write(place.x, first, text, ROW_PT, room=0.36 * place.width, bold=True)
    units = f"{LABEL['mu']} / {LABEL['ha']}"
    for words, at, room in ((NUMBER, NUMBER_AT, 0.13), (WORDS["task"], TASK_AT, 0.24), (WORDS["land"], LAND_AT, 0.23)):
        sheet.write(_across(place, at), first, str(words), SMALL_PT, room=room * place.width, side="right", colour=SOFT)
        if words is not NUMBER:
            sheet.write(_across(place, at), second, units, SMALL_PT * 0.9, room=room * place.width, side="right", colour=SOFT)
    sheet.rule(place.x, under, place.x + place.width, under, colour=INK, width_pt=0.5)


def _row(sheet: Sheet, place: Place, top: float, *, row: Mapping[str, Any], swatch: Callable[[Sheet, Place, float], None]) -> None:
    swatch(sheet, place, top)
    bold = swatch is _whole_line
    _named(sheet, place, top, row["label"], left=place.x + (0.0 if bold else LABEL_AT * sheet.unit), size=ROW_PT, bold=bold)
    _numbers(sheet, place, top, row, size=ROW_PT, bold=bold)


def _mines(sheet: Sheet, place: Place, top: float, *, row: Mapping[str, Any]) -> None:
    """How many mines the sites of a layer are: they are what its plan counts."""
    said = str(WORDS["number_mines"]).replace("{m}", f"{row['mines']:,}").replace("{n}", f"{row['sites']:,}")
    sheet.write(place.x + LABEL_AT * sheet.unit, top - 2.4 * sheet.unit, said, MEASURE_PT, room=0.8 * place.width, colour=SOFT)


def _measure(sheet: Sheet, place: Place, top: float, *, row: Mapping[str, Any]) -> None:
    _named(sheet, place, top + 0.5 * sheet.unit, row["label"], left=place.x + LABEL_AT * sheet.unit, size=MEASURE_PT, colour=SOFT)
    _numbers(sheet, place, top + 0.5 * sheet.unit, row, size=MEASURE_PT, colour=SOFT)


def _named(sheet: Sheet, place: Place, top: float, label: str, *, left: float, size: float, colour: str = INK, bold: bool = False) -> None:
    """A label on one line or, a little smaller, on two."""
    room = _across(place, LABEL_TO) - left
    if sheet.lettering.width_mm(sheet.lettering.plain(label), size * sheet.unit, bold=bold) <= room:
        sheet.write(left, top - 3.9 * sheet.unit, label, size, room=room, bold=bold, colour=colour)
        return
    first, *others = sheet.lettering.wrapped(label, 0.86 * size * sheet.unit, room)
    lines = [first, " ".join(others)] if others else [first]
    for number, line in enumerate(lines):
        down = (2.9 + 2.5 * number if others else 3.9) * sheet.unit
        sheet.write(left, top - down, line, 0.86 * size, room=room, least=0.7, bold=bold, colour=colour)


def _numbers(sheet: Sheet, place: Place, top: float, row: Mapping[str, Any], *, size: float, colour: str = INK, bold: bool = False) -> None:
    """Number, task and land area, with 公顷 beneath 亩; a number is never cut."""
    first, second, middle = (top - down * sheet.unit for down in (2.9, 5.5, 3.9))
    sheet.write(
        _across(place, NUMBER_AT), middle, f"{row['sites']:,}", size, room=0.12 * place.width, least=0.0, side="right", colour=colour
    )
    for at, name, room in ((TASK_AT, "task", 0.235), (LAND_AT, "land", 0.225)):
        x, wide = _across(place, at), room * place.width
        sheet.write(x, first, row[name], size, room=wide, least=0.0, side="right", colour=colour, bold=bold)
        sheet.write(x, second, row[f"{name}_ha"], SMALL_PT, room=wide, least=0.0, side="right", colour=SOFT)


def _across(place: Place, share: float) -> float:
    return place.x + share * place.width


def _whole_line(sheet: Sheet, place: Place, top: float) -> None:
    sheet.rule(place.x, top - 0.3 * sheet.unit, place.x + place.width, top - 0.3 * sheet.unit, colour=RULE)


def _swatch_box(sheet: Sheet, place: Place, top: float) -> Any:
    x, y = place.x + 0.4 * sheet.unit, top - 5.6 * sheet.unit
    return np.array([shapely.box(x, y, x + SWATCH * sheet.unit, y + 4.2 * sheet.unit)])


def _group_swatch(sheet: Sheet, place: Place, top: float, *, code: str) -> None:
    look = look_of(code)
    outline = outline_of(_swatch_box(sheet, place, top))
    put(sheet.axes, outline, zorder=20, face=look.colour, alpha=look.fill_opacity)
    put(sheet.axes, outline, zorder=21, line=stroke_of(look))


def _layer_swatch(sheet: Sheet, place: Place, top: float, *, number: int) -> None:
    shape = _swatch_box(sheet, place, top)
    outline = outline_of(shape)
    put(sheet.axes, outline, zorder=20, face="#e7e5dc")
    draw_texture(number, shape, Pen(sheet.axes, SWATCH_PX * PX_PT * MM_PER_PT, "#5d5b52", 1.0, 21))
    put(sheet.axes, outline, zorder=22, line={"edgecolor": "#bab6a8", "linewidth": 0.4, "joinstyle": "miter"})


def _boundary(sheet: Sheet, place: Place, top: float) -> None:
    x, y, wide = place.x + 0.4 * sheet.unit, top - 5.4 * sheet.unit, SWATCH * sheet.unit
    put(sheet.axes, outline_of(np.array([shapely.box(x, y, x + wide, y + 3.6 * sheet.unit)])), zorder=20, face=LAND)
    put(sheet.axes, outline_of(np.array([shapely.box(x, y, x + wide, y + 3.6 * sheet.unit)])), zorder=21, line=boundary_line())
    sheet.write(place.x + LABEL_AT * sheet.unit, y + 0.9 * sheet.unit, str(OUTLINE), ROW_PT, room=0.5 * place.width)


def _note_lines(sheet: Sheet, place: Place, top: float, *, lines: list[str]) -> None:
    sheet.rule(place.x, top - 1.0 * sheet.unit, place.x + place.width, top - 1.0 * sheet.unit)
    for number, line in enumerate(lines):
        sheet.write(place.x, top - (3.6 + NOTE_LINE * number) * sheet.unit, line, NOTE_PT, room=place.width, colour=SOFT)
