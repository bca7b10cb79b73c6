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

from .. import apart
from ..data import builtin
from ..errors import FileRefused, NotFound
from ..readers import require_honest
from ..text import Text
from .layout import ABOUT, FIELDS, HIDDEN, OPEN, SITE, Field, field_of

_CHILD = Path(__file__).with_name("reading_child.py")
_HEAD_WITHIN = 12
"""Rows from the top among which the headings are looked for."""


class Cell(NamedTuple):
    """What stands in a cell: ``kind`` is empty, text, number, percent, day, time, boolean, error or formula."""

    kind: str
    text: str


NOTHING = Cell("empty", "")


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet that came back: of each its number in the sheet and its cells by the fields' names."""

    file: str
    about: Mapping[str, str]
    rows: Sequence[tuple[int, Mapping[str, Cell]]]
    letters: Mapping[str, str]
    """In which column of the sheet a field stands."""
    merged: Mapping[int, frozenset[str]]
    """By row the fields whose cells are merged with others."""


def read_sheet(path: Path) -> Sheet:
    """Read a sheet that was made by `write_worksheet` or `write_returned`, as Excel, WPS or LibreOffice saved it.

    Raises
    ------
    NotFound
        There is no such file.
    FileRefused
        It is no workbook, too large, made to harm, or no sheet of ours; columns that are needed are gone or doubled.
    """
    if not path.is_file():
        raise NotFound(
            Text(f"没有这个文件：{path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name.")
        )
    sheets = _sheets(path)
    about = _about(sheets, path.name)
    if any(one["cut"] for one in sheets.values()):
        raise _not_ours(path.name, Text("行或列太多", "it has too many rows or columns"))
    found = [(name, at) for name, one in sheets.items() for at in [_heading_row(one["rows"])] if at is not None]
    if not found:
        raise _not_ours(
            path.name, Text("找不到表头（“新状态”“日期”和隐藏列）", "its headings (new status, date, the hidden columns) are not there")
        )
    if len(found) > 1:
        raise _not_ours(path.name, Text(f"有 {len(found)} 页都像变更表", f"{len(found)} of its sheets look like one"))
    name, head = found[0]
    place = _columns(sheets[name]["rows"][head], path.name)
    rows = [
        (at + 1, {field: Cell(*row[column]) for field, column in place.items() if column < len(row)})
        for at, row in enumerate(sheets[name]["rows"])
        if at > head and any(kind != "empty" and text.strip() for kind, text in row)
    ]
    return Sheet(
        path.name, about, rows, {field: _letter(column) for field, column in place.items()}, _merged(sheets[name]["merged"], place)
    )


def _sheets(path: Path) -> dict[str, Any]:
    limits = builtin("limits")["worksheet"]
    if path.stat().st_size > limits["file_bytes"]:
        raise _not_ours(path.name, Text("文件太大", "it is too large"))
    try:
        with zipfile.ZipFile(path) as book:
            require_honest(book, file=path.name, size=path.stat().st_size)
    except zipfile.BadZipFile as error:
        raise FileRefused(
            Text(f"{path.name} 不是 .xlsx 文件。", f"{path.name} is no .xlsx file."),
            Text(
                "请在 Excel 或 WPS 里打开，另存为 .xlsx（不加密码）。", "Open it in Excel or WPS and save it as .xlsx, without a password."
            ),
        ) from error
    job = {"path": str(path.resolve()), "rows": limits["read_rows"], "columns": limits["read_columns"]}
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        out = apart.run(_CHILD, job, folder=Path(folder), env=apart.environment({}), shown=path.name)
        with np.load(out, allow_pickle=False) as arrays:
            told: dict[str, Any] = json.loads(str(arrays["meta"]))
            return told


def _about(sheets: Mapping[str, Any], file: str) -> dict[str, str]:
    """What the hidden sheet says of where the workbook comes from."""
    try:
        told = json.loads(sheets[ABOUT]["rows"][0][0][1])
        return {str(name): str(value) for name, value in told.items()}
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise _not_ours(file, Text("缺少认项目的隐藏页", "the hidden sheet that says whose it is, is not there")) from error


def _heading_row(rows: Sequence[Sequence[Sequence[str]]]) -> int | None:
    """The first row that has the heading of the site's hidden number and of a column that is filled in."""
    names = {field.name for field in OPEN}
    for at, row in enumerate(rows[:_HEAD_WITHIN]):
        fields = {field.name for _, text in row if (field := field_of(text))}
        if SITE in fields and fields & names:
            return at
    return None


def _columns(headings: Sequence[Sequence[str]], file: str) -> dict[str, int]:
    place: dict[str, int] = {}
    for column, (_, text) in enumerate(headings):
        field = field_of(text)
        if field is None:
            continue
        if field.name in place:
            raise _not_ours(file, Text(f"“{text}”这一列有两个", f"there are two columns {text!r}"))
        place[field.name] = column
    missing = [field for field in (*HIDDEN[:3], _IDENTITY) if field.name not in place]
    if missing:
        names = "、".join(field.heading.zh for field in missing)
        raise _not_ours(file, Text(f"缺少列：{names}", f"columns are gone: {names}"))
    return place


_IDENTITY: Field = next(field for field in FIELDS if field.name == "site_id")


def _merged(ranges: Sequence[Sequence[int]], place: Mapping[str, int]) -> dict[int, frozenset[str]]:
    """By row the fields that a merged range covers; a range is its first column, first row, last column, last row."""
    found: dict[int, set[str]] = {}
    for left, top, right, bottom in ranges:
        fields = {name for name, column in place.items() if left <= column + 1 <= right}
        for row in range(top, min(bottom, builtin("limits")["worksheet"]["read_rows"]) + 1):
            found.setdefault(row, set()).update(fields)
    return {row: frozenset(fields) for row, fields in found.items() if fields}


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _not_ours(file: str, why: Text) -> FileRefused:
    return FileRefused(
        Text(f"{file} 不能用：{why.zh}。什么都没有写入。", f"{file} cannot be used: {why.en}. Nothing was written."),
        Text("请用 restoration worksheet 重新导出一张表来填。", "Make a new one with `restoration worksheet` and fill that in."),
    )
