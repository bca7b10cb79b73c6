"""A filled table as an Excel sheet: merged headers, the unit, the foot for signatures, one page wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from itertools import accumulate
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..text import Text
from ..units import LABEL
from ..workbooks import put_number, put_text, save
from .filling import Cell, Filled
from .layout import Column
from .template import filled_template

FOOT = (Text("填表人：", "Filled in by:"), Text("审核人：", "Checked by:"), Text("负责人：", "Responsible:"), Text("（盖章）", "(seal)"))
_FONT = "宋体"
_THIN = Side(style="thin", color="000000")
_LINES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOTAL = PatternFill("solid", fgColor="F1EFE8")
_HEAD = PatternFill("solid", fgColor="DCD9CD")
_PAPER = {"A3": "8", "A4": "9"}
"""The numbers of papers in a workbook."""


class Page(NamedTuple):
    """What a page shows: title, left and right of the line under it, headings in two rows, lines of cells, notes."""

    title: str
    left: str
    right: str
    headings: Sequence[tuple[str, str]]
    widths: Sequence[float]
    lines: Sequence[tuple[bool, Sequence[Cell]]]
    notes: Sequence[str]
    paper: str = "A4"
    is_signed: bool = True


def write(filled: Filled, out: Path) -> Path:
    """Write a filled table as a workbook, in the template of its layout where it has one; the file that is there is replaced.

    Raises
    ------
    CannotWrite
    FileRefused
        The template cannot be read, or has no cell named ``rows``.
    """
    if filled.layout.template:
        return save(filled_template(filled), out)
    book = Workbook()
    book.remove(book.worksheets[0])
    _add(book, laid_out(filled))
    return save(book, out)


class Plain(NamedTuple):
    """A table that has no layout; each line says first whether it is a total."""

    title: str
    when: str
    unit: str
    headings: Sequence[str]
    lines: Sequence[tuple[bool, Sequence[Cell]]]
    notes: Sequence[str]


def plain(out: Path, tables: Sequence[Plain]) -> Path:
    """Write tables that have no layout, each on a sheet of its own; the file that is there is replaced.

    Raises
    ------
    CannotWrite
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in tables:
        texts = [[text, *(cells[at].text for _, cells in one.lines)] for at, text in enumerate(one.headings)]
        widths = [float(min(max(max(map(_wide, column)) + 2, 8), 30)) for column in texts]
        _add(
            book, Page(one.title, one.when, one.unit, [("", text) for text in one.headings], widths, one.lines, one.notes, is_signed=False)
        )
    return save(book, out)


def laid_out(filled: Filled) -> Page:
    """A filled table as a page shows it."""
    layout = filled.layout
    title = f"{filled.days.year}{Text('年', ' ')}{layout.title}" if layout.of_year and filled.days.year else str(layout.title)
    office = f"{Text('填报单位：', 'Office: ')}{filled.office}"
    return Page(
        title, f"{office}    {Text('截至', 'As of')} {filled.days.as_of}", unit_line(layout.columns, layout.unit),
        [(str(column.under or ""), str(column.heading)) for column in layout.columns], [column.width for column in layout.columns],
        [(line.kind != "row", line.cells) for line in filled.lines], [str(note) for note in filled.notes], layout.paper,
    )  # fmt: skip


def unit_line(columns: Sequence[Column], unit: str) -> str:
    """The unit line, with 万元 where a column is about money."""
    money = any("万元" in f"{column.heading.zh}{column.under.zh if column.under else ''}" for column in columns)
    return f"{Text('单位：', 'Unit: ')}{LABEL[unit]}{Text('、万元', ', 10 000 yuan') if money else ''}"


_LEAST_WIDE, _MOST_WIDENED = 60.0, 120.0
"""Narrower than the first no sheet is; wider than the second none is made for the sake of what stands above the table."""


def _wide_enough(page: Page) -> list[float]:
    """The widths of columns, all of them wider where the title, or the line under it, would not stand on one line."""
    above = max(1.7 * _wide(page.title) + 2, 1.5 * (_wide(page.left) + _wide(page.right)))
    least, total = max(_LEAST_WIDE, min(above, _MOST_WIDENED)), sum(page.widths)
    return [width * max(least / total, 1.0) for width in page.widths]


def _add(book: Workbook, page: Page) -> None:
    page = page._replace(widths=_wide_enough(page))
    sheet = book.create_sheet("".join(" " if mark in r"[]:*?/\'" else mark for mark in page.title)[:31].strip() or "Sheet1")
    count = len(page.headings)
    _put(sheet, 1, 1, page.title, size=16, bold=True, across="center", until=count)
    room = list(accumulate(reversed(page.widths)))
    aside = min(1 + sum(width < _wide(page.right) + 2 for width in room), count)
    _put(sheet, 2, 1, page.left, until=max(count - aside, 1))
    sheet.cell(2, 1).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    sheet.row_dimensions[2].height = 14 * (1 + int(_wide(page.left) / max(sum(page.widths[: count - aside]), 1)))
    if count > aside:
        _put(sheet, 2, count - aside + 1, page.right, across="right", until=count)
    top = _headings(sheet, page)
    looks: dict[tuple[bool, bool], StyleArray] = {}
    for row, (is_total, cells) in enumerate(page.lines, top):
        _line(sheet, row, cells, looks, is_total=is_total)
        lines = [ceil(_wide(cell.text) / width) for cell, width in zip(cells, page.widths, strict=True) if cell.number is None]
        if max(lines, default=0) > 1:
            sheet.row_dimensions[row].height = 13.5 * max(lines)
    _below(sheet, top + len(page.lines), page)
    for at, width in enumerate(page.widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = sheet.cell(top, 1)
    _paper(sheet, page, top)


def _put(
    sheet: Worksheet, row: int, column: int, text: str, *, size: float = 10, bold: bool = False, across: str = "left", until: int = 0
) -> None:
    cell = sheet.cell(row, column)
    put_text(cell, text)
    cell.font = Font(name=_FONT, size=size, bold=bold)
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=size < 10)
    if until > column:
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=until)


def _headings(sheet: Worksheet, page: Page) -> int:
    """The rows of headings, those of one group under one; gives the row below them."""
    is_double = any(under for under, _ in page.headings)
    bottom = 4 if is_double else 3
    for row in range(3, bottom + 1):
        for at in range(1, len(page.headings) + 1):
            cell = sheet.cell(row, at)
            cell.font, cell.border, cell.fill = Font(name=_FONT, size=10, bold=True), _LINES, _HEAD
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for start, end, under in _groups([under for under, _ in page.headings]):
        if under:
            put_text(sheet.cell(3, start), under)
            if end > start:
                sheet.merge_cells(start_row=3, end_row=3, start_column=start, end_column=end)
    for at, (under, heading) in enumerate(page.headings, 1):
        put_text(sheet.cell(bottom if under else 3, at), heading)
        if is_double and not under:
            sheet.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
    heights = [_wide(heading) / max(width - 1, 1) for (_, heading), width in zip(page.headings, page.widths, strict=True)]
    sheet.row_dimensions[bottom].height = 14 * max(2, *(int(lines) + 1 for lines in heights)) if heights else 28
    return bottom + 1


def _groups(unders: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of columns under the same heading: first, last, heading."""
    start = 1
    for at in range(1, len(unders) + 1):
        if at == len(unders) or unders[at] != unders[at - 1]:
            yield start, at, unders[at - 1]
            start = at + 1


def _line(sheet: Worksheet, row: int, cells: Sequence[Cell], looks: dict[tuple[bool, bool], StyleArray], *, is_total: bool) -> None:
    """One line of cells; a style that was made once is copied, which is much faster than to make it again."""
    for at, held in enumerate(cells, 1):
        cell: Any = sheet.cell(row, at)
        is_number = held.number is not None
        if (is_number, is_total) not in looks:
            cell.font, cell.border = Font(name=_FONT, size=10, bold=is_total), _LINES
            cell.alignment = Alignment(horizontal="right" if is_number else "left", vertical="center", wrap_text=not is_number)
            if is_total:
                cell.fill = _TOTAL
            looks[is_number, is_total] = copy(cell._style)
        cell._style = copy(looks[is_number, is_total])
        if held.number is not None:
            put_number(cell, held.number, digits=held.digits, zero=held.is_zero_shown)
        else:
            put_text(cell, held.text)


def _below(sheet: Worksheet, row: int, page: Page) -> None:
    """The foot for signatures, and the notes."""
    count = len(page.headings)
    if page.is_signed:
        ends, column = list(accumulate(page.widths)), 0
        for at, text in enumerate(FOOT):
            column = max(column + 1, 1 + sum(end <= ends[-1] * at / len(FOOT) for end in ends))
            _put(sheet, row, column, str(text))
        sheet.row_dimensions[row].height = 24
        row += 1
    room = max(sum(page.widths) * 1.05, 20)
    for at, note in enumerate(page.notes):
        _put(sheet, row + at, 1, note, size=9, until=count)
        sheet.row_dimensions[row + at].height = 13 * (int(_wide(note) / room) + 1)


def _paper(sheet: Worksheet, page: Page, top: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPER[page.paper]
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{top - 1}"
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    footer = sheet.oddFooter
    assert footer is not None and footer.center is not None  # noqa: PT018
    footer.center.text = "&P / &N"


def _wide(text: str) -> int:
    """How many narrow characters a text is wide: Chinese ones take two."""
    return sum(2 if ord(mark) > 0x2E7F else 1 for mark in text)
