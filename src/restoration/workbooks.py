"""Excel workbooks: cells in which text stays text, and the same bytes for the same content. With `tables` what knows openpyxl."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell

from .naming import replace_file
from .text import is_like_formula, visible

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 -- a file says nothing of when it was made, so that the same table is the same bytes
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Write a text that stays a text: no formula, no number, no control characters, also when somebody edits the cell later."""
    cell.value = visible(text)[:LONGEST_CELL] or None
    if cell.value:
        cell.data_type = "s"
        cell.number_format = "@"
    if is_like_formula(text):
        cell.quotePrefix = True


def put_number(cell: Cell | MergedCell, number: float, *, digits: int, zero: bool = False) -> None:
    """Write a number that is shown with so many decimals; nought is shown as nothing unless it is asked for."""
    shown = f"0.{'0' * digits}" if digits else "0"
    cell.value = number
    cell.number_format = shown if zero else f"{shown};-{shown};;@"


def content_of(book: Workbook) -> bytes:
    """The file that a workbook is: without a moment of making, so that the same content is the same bytes."""
    book.properties.creator = "restoration"
    book.properties.created = _MADE_AT
    written = io.BytesIO()
    book.save(written)
    return timeless(written.getvalue())


def timeless(content: bytes) -> bytes:
    """An Office file packed anew, so that it says of no moment when it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            told = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", part) if name == "docProps/core.xml" else part
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), told, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def save(book: Workbook, path: Path) -> Path:
    """Write a workbook in one step, in the place of the one that is there.

    Raises
    ------
    CannotWrite
        The folder is missing or read-only, the disk is full, or Excel holds the file.
    """
    replace_file(path, content_of(book))
    return path
