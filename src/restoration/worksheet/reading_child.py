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
from openpyxl.utils import range_boundaries

from restoration.apart import limit_process


def sheets(job: dict[str, Any]) -> dict[str, Any]:
    """The cells of every sheet, each as its kind and its text, and the merged ranges."""
    if not openpyxl.xml.DEFUSEDXML:
        raise RuntimeError("defusedxml is not in use")
    _require_small_merges(job)
    book = openpyxl.load_workbook(job["path"], keep_links=False)
    told = {sheet.title: _cells(sheet, job) for sheet in book.worksheets}
    if any(kind == "formula" for one in told.values() for row in one["rows"] for kind, _ in row):
        kept = openpyxl.load_workbook(job["path"], keep_links=False, data_only=True)
        for name, one in told.items():
            _with_results(one, kept[name])
    return told


def _cells(sheet: Any, job: dict[str, Any]) -> dict[str, Any]:
    if sheet.max_row > job["rows"] or sheet.max_column > job["columns"]:
        return {"rows": [], "merged": [], "cut": True}
    rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    return {"rows": rows, "merged": [list(one.bounds) for one in sheet.merged_cells.ranges], "cut": False}


def _require_small_merges(job: dict[str, Any]) -> None:
    """A merge over a whole sheet would become a cell object for each of its billions of cells."""
    with zipfile.ZipFile(job["path"]) as book:
        for part in book.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                for found in _MERGE.finditer(book.read(part)):
                    left, top, right, bottom = (edge or 0 for edge in range_boundaries(found[1].decode("ascii")))
                    if (right - left + 1) * (bottom - top + 1) > job["rows"]:
                        raise ValueError(f"merged cells {found[1].decode('ascii')}")


_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+(?::[A-Z]+\d+)?)")


def _with_results(one: dict[str, Any], kept: Any) -> None:
    """A formula's result as it was saved with the file; one that was saved without stays a formula."""
    for at, row in enumerate(one["rows"]):
        for column, (kind, _) in enumerate(row):
            if kind == "formula":
                result = _cell(kept.cell(at + 1, column + 1))
                if result[0] not in ("empty", "error"):
                    row[column] = result


def _cell(cell: Any) -> tuple[str, str]:
    value = cell.value
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
    return "text", str(value)


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        limit_process(request["limits"])
        warnings.simplefilter("ignore")  # what openpyxl does not keep (a picture, a macro) is not wanted either
        np.savez(request["out"], meta=np.array(json.dumps(sheets(request))))
    except Exception as error:  # noqa: BLE001 - whatever openpyxl says of a hostile file, the parent turns it into a refusal
        Path(request["error"]).write_text(f"{type(error).__name__}: {error}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
