"""A workbook that comes back: its cells by openpyxl in a child process, within limits, and where the columns stand."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from .. import apart
from ..data import builtin
from ..errors import FileRefused, NotFound
from ..readers import require_honest
from ..readers.cells import plain
from ..readers.workbook import UNSOUND, parts_of
from ..text import Text
from .layout import ABOUT, EVENT, FIELDS, OPEN, REASON, SEAL, SITE, WAS, field_of

_CHILD = Path(__file__).with_name("reading_child.py")
_HEAD_WITHIN = 12
"""Rows from the top among which the headings are looked for."""


class Cell(NamedTuple):
    """What stands in a cell: ``kind`` is empty, text, number, percent, day, time, boolean, error or formula."""

    kind: str
    text: str


NOTHING = Cell("empty", "")
_Row = Sequence[Sequence[str]]
"""A row's cells from the first on, each as its kind and its text."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that came back: of each its number in the sheet and its cells by the fields' names."""

    file: str
    about: Mapping[str, str]
    rows: Sequence[tuple[int, Mapping[str, Cell]]]
    merged: Mapping[int, frozenset[str]]
    """By row the fields whose cells are merged with others."""
    ignored: Sequence[str] = ()
    """Headings of columns that are none of the sheet's, and hold something."""
    left_empty: Sequence[int] = ()
    """Rows that came back before, with the reason in front, and in which nothing is filled in now."""
    is_open: bool = False
    """Whether a program seems to have it open, and may hold what is not saved yet."""


def read_sheet(path: Path) -> Sheet:
    """Read a sheet that was made by `write_worksheet` or `write_returned`, as Excel, WPS or LibreOffice saved it.

    Raises
    ------
    NotFound
        There is no such file.
    FileRefused
        It is no workbook, too large, made to harm, or no sheet of ours; columns that are needed are gone or doubled.
    """
    _require_name(path)
    if not path.is_file():
        raise NotFound(
            Text(f"没有这个文件：{path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name.")
        )
    told = _read(path)
    sheets = {name: dict(one["rows"]) for name, one in told["sheets"].items()}
    about = _about(sheets, path.name)
    found = [(name, number) for name, rows in sheets.items() for number in [_heading_row(rows)] if number is not None]
    if not found:
        raise _not_ours(
            path.name, Text("找不到表头（“新状态”“日期”和隐藏列）", "its headings (new status, date, the hidden columns) are not there")
        )
    if len(found) > 1:
        raise _not_ours(path.name, Text(f"有 {len(found)} 页都像变更表", f"{len(found)} of its sheets look like one"))
    name, head = found[0]
    rows = {number: row for number, row in sheets[name].items() if number > head}
    place = _columns(sheets[name][head], path.name)
    ignored = _ignored(sheets[name][head], rows, place)
    _require_all_known(place, ignored, path.name)
    cells = [(number, _cells(row, place, counts_from_1904=told["counts_from_1904"])) for number, row in rows.items()]
    empty = [number for number, row in cells if _says(row, REASON) and not any(_says(row, field.name) for field in OPEN)]
    is_open = any(path.with_name(lock).exists() for lock in (f"{_EXCELS}{path.name}", f"{_LIBREOFFICES}{path.name}#"))
    return Sheet(path.name, about, cells, _merged(told["sheets"][name]["merged"], place), ignored, empty, is_open)


_EXCELS, _LIBREOFFICES = "~$", ".~lock."
"""How the files begin that say who has a workbook open; WPS names them as Excel does."""


def _require_name(path: Path) -> None:
    lock = next((begin for begin in (_EXCELS, _LIBREOFFICES) if path.name.startswith(begin)), "")
    if lock:
        meant = path.name.removeprefix(lock).removesuffix("#")
        raise FileRefused(
            Text(f"{path.name} 是 Excel、WPS 打开表时留下的占位文件，不是表。",
                 f"{path.name} only marks a sheet as open in Excel: it is none itself."),
            Text(f"请先存盘、关闭，再交 {meant}。", f"Save and close the sheet, and hand in {meant}."),
        )  # fmt: skip
    if path.is_file() and path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise FileRefused(Text(f"{path.name} 不是 .xlsx 文件。", f"{path.name} is no .xlsx file."), _SAVE_ANEW)


def _says(row: Mapping[str, Cell], name: str) -> bool:
    return bool(row.get(name, NOTHING).text.strip())


def _cells(row: _Row, place: Mapping[str, int], *, counts_from_1904: bool) -> dict[str, Cell]:
    """A row's cells by field. Where a workbook counts days from 1904, a bare count is none that `cells` knows: it is left as a text."""
    cells = {field: Cell(*row[column]) for field, column in place.items() if column < len(row)}
    bare = [field for field, cell in cells.items() if counts_from_1904 and field.endswith("_on") and cell.kind == "number"]
    return {**cells, **{field: Cell("text", plain(float(cells[field].text))) for field in bare}}


def _ignored(headings: _Row, rows: Mapping[int, _Row], place: Mapping[str, int]) -> tuple[str, ...]:
    known = {*place.values()}
    filled = {column for row in rows.values() for column, (_, text) in enumerate(row) if column not in known and text.strip()}
    return tuple(headings[at][1] if at < len(headings) and headings[at][1] else f"({xl_col_to_name(at)})" for at in sorted(filled))


def _require_all_known(place: Mapping[str, int], ignored: Sequence[str], file: str) -> None:
    """Where a column to be filled in is gone and another has come, its heading may have been changed to what we do not know."""
    gone = [field.heading for field in OPEN if field.name not in place]
    if gone and ignored:
        zh, en = "、".join(one.zh for one in gone), ", ".join(one.en for one in gone)
        raise _not_ours(
            file,
            Text(
                f"缺少列 {zh}，却有填了内容而认不出的列 {'、'.join(ignored)}（是不是改了列名或单位）",
                f"columns are gone: {en}; others are filled in and not known: {', '.join(ignored)} (was a heading or its unit changed?)",
            ),
            Text(
                f"把列名改回{'、'.join(f'“{one.zh}”' for one in gone)}；数若是别的单位，要换算成亩，或在格子里带上单位，如 12.5公顷。",
                f"Call the columns {en} again; what is in another unit has to be turned into mu, or have its unit in the cell, as 12.5 ha.",
            ),
        )


def _read(path: Path) -> dict[str, Any]:
    limits = builtin("limits")["worksheet"]
    if path.stat().st_size > limits["file_bytes"]:
        raise _not_ours(path.name, Text("文件太大", "it is too large"))
    try:
        with zipfile.ZipFile(path) as book:
            require_honest(book, file=path.name, size=path.stat().st_size)
            unpacked = sum(entry.file_size for entry in book.infolist())
            parts = dict(parts_of(book))
    except UNSOUND as error:
        raise FileRefused(Text(f"{path.name} 不是 .xlsx 文件。", f"{path.name} is no .xlsx file."), _SAVE_ANEW) from error
    if unpacked > limits["unpacked_bytes"]:
        raise _not_ours(path.name, Text("解开后太大", "unpacked it is too large"))
    bounds = {"rows": limits["read_rows"], "columns": limits["read_columns"], "last_row": limits["last_row"]}
    job = {"path": str(path.resolve()), "parts": parts, **bounds}
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        try:
            out = apart.run(_CHILD, job, folder=Path(folder), env=apart.environment({}), shown=path.name)
        except FileRefused as error:
            raise FileRefused(error.fact, _SAVE_ANEW) from error
        with np.load(out, allow_pickle=False) as arrays:
            told: dict[str, Any] = json.loads(str(arrays["meta"]))
    if "refused" in told:
        raise _not_ours(path.name, Text(*told["refused"]))
    return told


_SAVE_ANEW = Text(
    "请在 Excel 或 WPS 里打开，另存为 .xlsx（不加密码）。", "Open it in Excel or WPS and save it as .xlsx, without a password."
)


def _about(sheets: Mapping[str, Mapping[int, _Row]], file: str) -> dict[str, str]:
    """What the hidden sheet says of where the workbook comes from."""
    try:
        told = json.loads(sheets[ABOUT][1][0][1])
        return {str(name): str(value) for name, value in told.items()}
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise _not_ours(file, Text("缺少认项目的隐藏页", "the hidden sheet that says whose it is, is not there")) from error


def _heading_row(rows: Mapping[int, _Row]) -> int | None:
    """The number of the first row that has the heading of the site's hidden number and of a column that is filled in."""
    names = {field.name for field in OPEN}
    for number, row in rows.items():
        fields = {field.name for _, text in row if (field := field_of(text))} if number <= _HEAD_WITHIN else set()
        if SITE in fields and fields & names:
            return number
    return None


def _columns(headings: _Row, file: str) -> dict[str, int]:
    place: dict[str, int] = {}
    for column, (_, text) in enumerate(headings):
        field = field_of(text)
        if field is None:
            continue
        if field.name in place:
            first, heading = place[field.name], headings[place[field.name]][1]
            one, other = xl_col_to_name(first), xl_col_to_name(column)
            raise _not_ours(
                file,
                Text(f"{one} 列“{_line(heading)}”和 {other} 列“{_line(text)}”都是“{field.heading.zh}”这一列",
                     f"columns {one} ({_line(heading)}) and {other} ({_line(text)}) are both the column {field.heading.en}"),
                Text("把自己加的那一列改成别的名字（这一列不收），再交。", "Give the one that you added another name; it is not taken."),
            )  # fmt: skip
        place[field.name] = column
    missing = [field for field in FIELDS if field.name in _NEEDED and field.name not in place]
    if missing:
        names = "、".join(field.heading.zh for field in missing)
        raise _not_ours(file, Text(f"缺少列：{names}", f"columns are gone: {names}"))
    return place


_NEEDED = frozenset({SITE, EVENT, SEAL, WAS, "site_id"})


def _merged(ranges: Sequence[Sequence[int]], place: Mapping[str, int]) -> dict[int, frozenset[str]]:
    """By row the fields that a merged range covers; a range is its first column, first row, last column, last row."""
    found: dict[int, set[str]] = {}
    for left, top, right, bottom in ranges:
        fields = {name for name, column in place.items() if left <= column + 1 <= right}
        for row in range(top, min(bottom, builtin("limits")["worksheet"]["read_rows"]) + 1):
            found.setdefault(row, set()).update(fields)
    return {row: frozenset(fields) for row, fields in found.items() if fields}


def _line(heading: str) -> str:
    return "".join(heading.split())


_MAKE_ANEW = Text("请用 restoration worksheet 重新导出一张表来填。", "Make a new one with `restoration worksheet` and fill that in.")


def _not_ours(file: str, why: Text, way_out: Text = _MAKE_ANEW) -> FileRefused:
    return FileRefused(
        Text(f"{file} 不能用：{why.zh}。什么都没有写入。", f"{file} cannot be used: {why.en}. Nothing was written."), way_out
    )
