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
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from ..data import builtin
from ..errors import FileRefused
from ..text import Text
from ..units import LABEL
from ..workbooks import put_number, put_text
from .filling import Cell, Filled
from .formulas import Growth, grown, grown_area, unreadable

ROWS = "rows"
"""The name of the cell where the rows begin: its row is the pattern of all of them."""
_FILLED = (ROWS, "title", "as_of", "unit", "office", "notes")
"""The names of cells that are filled, beside those of totals."""


def filled_template(filled: Filled) -> Workbook:
    """The workbook of a layout's template with the table in it.

    Named cells are filled: ``rows`` with the rows (each in the style of the template's row), ``title``, ``as_of``, ``unit``, ``office``,
    ``notes``, and ``whole_NAME`` with the total of the column of that ``name``. A name that is not among these stays as it is.
    What refers to the row of the pattern or to rows below it, on any sheet, goes with them; see `formulas.grown`.

    Raises
    ------
    FileRefused
        It cannot be read, has no cell ``rows``, or has a formula whose figure would be wrong.
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
    first = named[ROWS]
    sheet: Any = first.parent
    growth = Growth(
        path.name, sheet.title, first.row, max(len(filled.lines) - 1, 0),
        has_totals=bool(filled.layout.subtotals) or filled.layout.whole != "none",
    )  # fmt: skip
    repeated = _let_grow(book, growth)
    _move_down(sheet, first.row + 1, growth.more)
    _put_rows(filled, first)
    _repeat(filled, first, growth, repeated)
    return book


def _let_grow(book: Workbook, growth: Growth) -> dict[int, str]:
    """Let everything in a workbook that refers to rows follow them; gives the formulas of the pattern row by column."""
    repeated: dict[int, str] = {}
    for sheet in book.worksheets:
        is_here = sheet.title == growth.sheet
        for cell in [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, SheetCell) and cell.data_type == "f"]:
            held: Any = cell.value
            is_pattern = is_here and cell.row == growth.row
            if isinstance(held, DataTableFormula) or (isinstance(held, ArrayFormula) and is_pattern):
                raise unreadable(growth, sheet.title, cell.coordinate)
            if isinstance(held, ArrayFormula):
                held.text = grown(str(held.text), growth, sheet=sheet.title, place=cell.coordinate)
                held.ref = grown_area(held.ref, growth) if is_here else held.ref
            elif is_pattern:
                repeated[cell.column] = str(held)
            else:
                cell.value = grown(str(held), growth, sheet=sheet.title, place=cell.coordinate)
        _let_names_grow(sheet.defined_names, sheet.title, growth)
        if is_here:
            _let_areas_grow(sheet, growth)
    _let_names_grow(book.defined_names, "", growth)
    return repeated


def _let_names_grow(names: Mapping[str, DefinedName], sheet: str, growth: Growth) -> None:
    """Let the names of areas grow, and those of cells below the pattern row move down with them; what is filled in that row stays."""
    for name, defined in names.items():
        if defined.attr_text and not defined.hidden:
            is_filled = name in _FILLED or name.startswith("whole_")
            defined.attr_text = grown(f"={defined.attr_text}", growth, sheet=sheet, place=name, is_filled=is_filled)[1:]


def _let_areas_grow(sheet: Worksheet, growth: Growth) -> None:
    """Let what a sheet says of areas grow: what is printed, tables, what may be typed, colours by value."""
    if sheet.print_area:
        sheet.print_area = ",".join(grown_area(area.rpartition("!")[2].replace("$", ""), growth) for area in sheet.print_area.split(","))
    for table in sheet.tables.values():
        table.ref = grown_area(table.ref, growth)
        if table.autoFilter:
            table.autoFilter.ref = grown_area(table.autoFilter.ref, growth)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = grown_area(sheet.auto_filter.ref, growth)
    for allowed in sheet.data_validations.dataValidation:
        allowed.formula1, allowed.formula2 = (_rule(told, allowed.sqref, growth) for told in (allowed.formula1, allowed.formula2))
        allowed.sqref = _grown_areas(allowed.sqref, growth)
    coloured, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for areas in coloured:
        for rule in areas.rules:
            rule.formula = [_rule(told, areas.sqref, growth) for told in rule.formula]
            sheet.conditional_formatting.add(str(_grown_areas(areas.sqref, growth)), rule)


def _grown_areas(areas: MultiCellRange, growth: Growth) -> MultiCellRange:
    return MultiCellRange([grown_area(str(area), growth) for area in areas.ranges])


def _rule(formula: Any, areas: MultiCellRange, growth: Growth) -> Any:
    """What a colour or a permitted value goes by, told of the first cell of its areas; it adds nothing up."""
    if not formula:
        return formula
    first = min(area.min_row for area in areas.ranges)
    growth, own = growth._replace(has_totals=False), growth.row if first == growth.row else None
    return grown(f"={formula}", growth, sheet=growth.sheet, place=str(areas), own=own)[1:]


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


def _repeat(filled: Filled, first: SheetCell, growth: Growth, repeated: Mapping[int, str]) -> None:
    """The formulas of the pattern row on every row, beside the table and in its columns that the ledger does not fill."""
    sheet: Any = first.parent
    empty = {first.column + at for at, column in enumerate(filled.layout.columns) if not column.value}
    taken = {first.column + at for at in range(len(filled.layout.columns))} - empty
    for column, formula in repeated.items():
        for row in range(first.row, first.row + len(filled.lines)) if column not in taken else ():
            cell = sheet.cell(row, column)
            if cell.value is None or row == first.row:
                cell._style = copy(sheet.cell(first.row, column)._style)
                cell.value = grown(formula, growth, sheet=growth.sheet, place=sheet.cell(first.row, column).coordinate, own=row)


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
    sheet.move_range(f"{column}:{last}", rows=count)  # its formulas know already where they are going
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
