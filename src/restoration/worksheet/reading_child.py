"""Runs openpyxl on one untrusted workbook, in a process of its own that may come to grief. Run as a script by `reading`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # this package, where it is not installed

import numpy as np
import openpyxl
import openpyxl.xml
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from restoration.apart import limit_process

_Rows = dict[int, list[tuple[str, str]]]


class TooMuch(Exception):
    """A workbook that holds more than a sheet of ours can: what, in Chinese and in English."""


def sheets(job: dict[str, Any]) -> dict[str, Any]:
    """Of every sheet the rows that hold anything, by number, each cell as its kind and its text, and the merged ranges."""
    if not openpyxl.xml.DEFUSEDXML:
        raise RuntimeError("defusedxml is not in use")
    merged = _merged(job)
    book = _opened(job["path"])
    told = {sheet.title: _rows(sheet, job) for sheet in book.worksheets}
    if any(kind == "formula" for rows in told.values() for row in rows.values() for kind, _ in row):
        kept = _opened(job["path"], data_only=True)
        for name, rows in told.items():
            _with_results(rows, _rows(kept[name], job))
    return {
        "sheets": {name: {"rows": list(rows.items()), "merged": merged.get(name, [])} for name, rows in told.items()},
        "counts_from_1904": book.epoch == CALENDAR_MAC_1904,
    }


def _opened(path: str, *, data_only: bool = False) -> Any:
    """The workbook, whose days come as the numbers that they are: openpyxl keeps nothing of one that is too large for a day."""
    book: Any = openpyxl.load_workbook(path, read_only=True, keep_links=False, data_only=data_only)
    book._date_formats = book._timedelta_formats = frozenset()  # by these it would tell days
    return book


def _rows(sheet: Any, job: dict[str, Any]) -> _Rows:
    """By number the rows that hold anything; cells that are only formatted, however far out, are none."""
    sheet.reset_dimensions()  # what the file says of its size may be anything
    found: _Rows = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > job["last_row"]:  # openpyxl gives an empty row for each that a far number passes over
            raise TooMuch(f"有第 {job['last_row']} 行以后的行", f"it has rows beyond the {job['last_row']}th")
        cells = [_cell(cell, sheet.parent.epoch) for cell in row]
        while cells and cells[-1][0] == "empty":
            cells.pop()
        if len(cells) > job["columns"]:
            raise TooMuch(f"第 {number} 行的列太多", f"row {number} has too many columns")
        if cells:
            found[number] = cells
        if len(found) > job["rows"]:
            raise TooMuch(f"有内容的行多于 {job['rows']}", f"more than {job['rows']} rows hold something")
    return found


def _merged(job: dict[str, Any]) -> dict[str, list[list[int]]]:
    """By sheet its merged ranges: first column, first row, last column, last row."""
    found: dict[str, list[list[int]]] = {}
    with zipfile.ZipFile(job["path"]) as book:
        for name, part in job["parts"].items():
            for one in _MERGE.finditer(book.read(part)) if part in book.namelist() else ():
                said = one[1].decode("ascii")
                left, top, right, bottom = (edge or 0 for edge in range_boundaries(said))
                if (right - left + 1) * (bottom - top + 1) > job["rows"]:
                    raise TooMuch(f"合并单元格 {said} 太大", f"the merged cells {said} are too many")
                found.setdefault(name, []).append([left, top, right, bottom])
                if len(found[name]) > job["rows"]:
                    raise TooMuch("合并单元格太多", "too many cells are merged")
    return found


_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+(?::[A-Z]+\d+)?)")


def _with_results(rows: _Rows, kept: _Rows) -> None:
    """A formula's result as it was saved with the file; one that was saved without stays a formula."""
    for number, row in rows.items():
        results = kept.get(number, [])
        for column, (kind, _) in enumerate(row):
            if kind == "formula" and column < len(results) and results[column][0] not in ("empty", "error"):
                row[column] = results[column]


def _cell(cell: Any, epoch: datetime) -> tuple[str, str]:
    value = _day(cell, epoch) if cell.data_type == "n" and cell.value is not None else cell.value
    if value is None:
        return "empty", ""
    if cell.data_type == "f":
        return "formula", str(getattr(value, "text", value))
    if cell.data_type == "e":
        return "error", str(value)
    if isinstance(value, bool):
        return "boolean", str(value)
    if isinstance(value, datetime):
        return "day", value.isoformat(" ")
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, time):
        return "time", value.isoformat()
    if isinstance(value, (int, float)):
        return ("percent" if "%" in (cell.number_format or "") else "number"), repr(value)
    return ("text", _ESCAPED.sub(lambda one: chr(int(one[1], 16)), value)) if isinstance(value, str) else ("time", str(value))


def _day(cell: Any, epoch: datetime) -> Any:
    """A number as the day or time that its format shows; it stays a number where there is none so late, as in 20211205."""
    shown = cell.number_format or ""
    if not is_date_format(shown):
        return cell.value
    try:
        return from_excel(cell.value, epoch, timedelta=is_timedelta_format(shown))
    except (OverflowError, ValueError):
        return cell.value


_ESCAPED = re.compile("_x(00[01][0-9A-F]|005F)_")
"""Control characters, and the underscore that Excel puts so before a text that only looks like one; LibreOffice puts none."""


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        limit_process(request["limits"])
        warnings.simplefilter("ignore")  # what openpyxl does not keep (a picture, a macro) is not wanted either
        try:
            read = sheets(request)
        except TooMuch as much:
            read = {"refused": list(much.args)}
        np.savez(request["out"], meta=np.array(json.dumps(read)))
    except Exception as error:  # noqa: BLE001 - whatever openpyxl says of a hostile file, the parent turns it into a refusal
        Path(request["error"]).write_text(f"{type(error).__name__}: {error}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
