"""A table in an office's own workbook: the rows go where a cell is named for them, what stands below moves down."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from ..data import builtin
from ..errors import FileRefused
from ..text import Text
from ..units import LABEL
from ..workbooks import put_number, put_text
from .filling import Cell, Filled

ROWS = "rows"
"""The name of the cell where the rows begin: its row is the pattern of all of them."""


def filled_template(filled: Filled) -> Workbook:
    """The workbook of a layout's template with the table in it.

    Named cells are filled: ``rows`` with the rows (each in the style of the template's row), ``title``, ``as_of``, ``unit``, ``office``,
    ``notes``, and ``whole_NAME`` with the total of the column of that ``name``. A name that is not among these stays as it is.

    Raises
    ------
    FileRefused
    """
    path = filled.layout.template
    assert path is not None
    book = _loaded(path)
    named = _named_cells(book)
    if ROWS not in named:
        raise FileRefused(
            Text(f"表样 {path.name} 里没有名称为 rows 的单元格。", f"The template {path.name} has no cell named rows."),
            Text("请在 Excel 的“名称管理器”里把第一行数据的第一格命名为 rows。", "Name the first cell of the first row of data `rows`."),
        )
    texts = {
        "title": str(filled.layout.title), "as_of": str(filled.days.as_of), "unit": str(LABEL[filled.layout.unit]),
        "office": filled.office, "notes": "\n".join(str(note) for note in filled.notes),
    }  # fmt: skip
    for name, text in texts.items():
        if name in named:
            put_text(named[name], text)
    if "notes" in named:  # one note a line
        named["notes"].alignment = Alignment(wrap_text=True, vertical="top")
    _put_totals(filled, named)
    _put_rows(filled, named[ROWS])
    return book


def _loaded(path: Path) -> Workbook:
    limits = builtin("limits")["template"]
    try:
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            is_macro = any(part.filename.lower().endswith("vbaproject.bin") for part in parts.infolist())
        if unpacked > limits["unpacked_bytes"] or is_macro:
            raise ValueError(f"{unpacked} bytes" if not is_macro else "vbaProject.bin")
        return load_workbook(io.BytesIO(content))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile, SyntaxError) as error:
        raise FileRefused(
            Text(f"表样 {path.name} 读不了：{error}。", f"The template {path.name} cannot be read: {error}."),
            Text("请在 Excel 里另存为不带宏的 .xlsx，放在 tables.toml 旁边。", "Save it as an .xlsx without macros beside tables.toml."),
        ) from error


def _named_cells(book: Workbook) -> dict[str, SheetCell]:
    """The single cells that the workbook has names for."""
    found: dict[str, SheetCell] = {}
    for name, defined in book.defined_names.items():
        for title, where in defined.destinations:
            place = where.replace("$", "")
            if title in book.sheetnames and ":" not in place:
                cell = book[title][place]
                if isinstance(cell, SheetCell):
                    found[str(name)] = cell
    return found


def _put_totals(filled: Filled, named: Mapping[str, SheetCell]) -> None:
    whole = next((line for line in filled.lines if line.kind == "whole"), None)
    for at, column in enumerate(filled.layout.columns):
        cell = named.get(f"whole_{column.name}") if column.name else None
        if cell is not None and whole is not None:
            _put(cell, whole.cells[at])


def _put_rows(filled: Filled, first: SheetCell) -> None:
    sheet: Any = first.parent
    lines = filled.lines
    _move_down(sheet, first.row + 1, len(lines) - 1)
    width = len(filled.layout.columns)
    pattern = [sheet.cell(first.row, first.column + at) for at in range(width)]
    for row in range(len(lines)):
        for at in range(width if row else 0):
            cell = sheet.cell(first.row + row, first.column + at)
            cell._style = copy(pattern[at]._style)  # the one way to take over a style as a whole
        sheet.row_dimensions[first.row + row].height = sheet.row_dimensions[first.row].height
    for row, line in enumerate(lines):
        for at, held in enumerate(line.cells):
            _put(sheet.cell(first.row + row, first.column + at), held)
    if not lines:
        for cell in pattern:
            cell.value = None


def _move_down(sheet: Worksheet, start: int, count: int) -> None:
    """Move what stands from a row on down, with its merged cells and heights."""
    if count <= 0 or sheet.max_row < start:
        return
    merged = [area for area in sheet.merged_cells.ranges if area.min_row >= start]
    for area in merged:
        sheet.unmerge_cells(area.coord)
    heights = {row: sheet.row_dimensions[row].height for row in range(start, sheet.max_row + 1)}
    last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
    column = sheet.cell(start, sheet.min_column).coordinate
    sheet.move_range(f"{column}:{last}", rows=count, translate=True)
    for area in merged:
        area.shift(row_shift=count)
        sheet.merge_cells(area.coord)
    for row, height in heights.items():
        sheet.row_dimensions[row + count].height = height


def _put(cell: SheetCell, held: Cell) -> None:
    if held.number is None:
        put_text(cell, held.text)
    else:
        put_number(cell, held.number, digits=held.digits, zero=held.is_zero_shown)
