"""Formulas of a template whose pattern row becomes many rows: what they refer to moves with it, or the template is refused."""

from __future__ import annotations

import re
from typing import NamedTuple

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from ..errors import FileRefused
from ..text import Text

_CORNER = r"(\$?[A-Z]{1,3})(\$?)([0-9]{1,7})"
_CELL = re.compile(_CORNER, re.IGNORECASE)
_AREA = re.compile(f"{_CORNER}:{_CORNER}", re.IGNORECASE)
_ROWS = re.compile(r"()(\$?)([0-9]{1,7}):()(\$?)([0-9]{1,7})")
_COLUMNS = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}", re.IGNORECASE)
_BLIND = ("INDIRECT(", "OFFSET(")
"""Functions whose cells nobody can tell from the formula."""


class Growth(NamedTuple):
    """The row of a sheet that becomes ``1 + more`` rows; ``has_totals``: some of them are subtotals or the whole."""

    path_name: str
    sheet: str
    row: int
    more: int
    has_totals: bool


class _At(NamedTuple):
    """A formula: the words of a refusal name its place; ``own`` is the row that it is repeated on, if it is one of the pattern row."""

    sheet: str
    place: str
    formula: str
    own: int | None
    is_filled: bool


def grown(formula: str, growth: Growth, *, sheet: str, place: str, own: int | None = None, is_filled: bool = False) -> str:
    """A formula as it is to stand once the pattern row has become many.

    A range that touches the pattern row takes in all of them, what stands below moves down.

    Parameters
    ----------
    formula
        With its equals sign.
    sheet, place
        The sheet that it stands on, and its cell in the template, such as ``B5``.
    own
        For a formula that is repeated on every row: the row that this one is on. In it, the pattern row without ``$`` is this row.
    is_filled
        It is what the name of a cell stands for that is filled, which may be in the pattern row.

    Raises
    ------
    FileRefused
        It refers to a single cell of the pattern row, or to all of the rows while some of them are totals.

    Examples
    --------
    >>> growth = Growth("form.xlsx", "Sheet", row=4, more=14, has_totals=False)
    >>> grown("=SUM(B4:B4)+B6", growth, sheet="Sheet", place="B5")
    '=SUM(B4:B18)+B20'
    >>> grown("=C4/B4", growth, sheet="Sheet", place="D4", own=7)
    '=C7/B7'
    """
    at = _At(sheet, place, formula, own, is_filled)
    try:
        tokens = Tokenizer(formula).items
    except (TokenizerError, IndexError) as error:
        raise _refused(growth, at, Text("读不懂", "cannot be read"), _PLAIN) from error
    return "=" + "".join(_token(token, growth, at) for token in tokens)


def grown_area(area: str, growth: Growth) -> str:
    """An area of the sheet, such as ``A1:F9``, once the pattern row has become many."""
    cell = _CELL.fullmatch(area)
    found = _AREA.fullmatch(f"{area}:{area}" if cell else area) or _ROWS.fullmatch(area)
    return area if found is None else _joined(found, _start(int(found[3]), growth), _end(int(found[6]), growth))


def _token(token: Token, growth: Growth, at: _At) -> str:
    value = str(token.value)
    if token.type == Token.FUNC and token.subtype == Token.OPEN and (value.upper() in _BLIND or ":" in value):
        raise _refused(growth, at, Text(f"用了 {value[:-1]}，看不出指哪些格", f"uses {value[:-1]}: its cells cannot be told"), _PLAIN)
    if token.type != Token.OPERAND or token.subtype != Token.RANGE:
        return value
    before, mark, reference = value.rpartition("!")
    sheet = before[1:-1].replace("''", "'") if before.startswith("'") else before
    if mark and ":" in sheet:
        raise _refused(growth, at, Text(f"引用了几张工作表 {value}", f"refers to several sheets, {value}"), _PLAIN)
    if (sheet if mark else at.sheet) != growth.sheet:
        return value
    return f"{before}{mark}{_reference(reference, growth, at)}"


def _reference(reference: str, growth: Growth, at: _At) -> str:
    if cell := _CELL.fullmatch(reference):
        return f"{cell[1]}{cell[2]}{_single(cell, growth, at)}"
    area = _AREA.fullmatch(reference) or _ROWS.fullmatch(reference)
    if area is None:
        if _COLUMNS.fullmatch(reference) or "[" in reference:
            _require_no_totals(reference, growth, at)
        elif ":" in reference or "#" in reference:
            raise _refused(growth, at, Text(f"里的 {reference} 读不懂", f"refers to {reference}, which cannot be read"), _PLAIN)
        return reference
    first, last = int(area[3]), int(area[6])
    if at.own is not None and not (area[2] and area[5]):
        return _joined(area, _of_own(first, area[2], growth, at, is_end=False), _of_own(last, area[5], growth, at, is_end=True))
    if first <= growth.row <= last:
        _require_no_totals(reference, growth, at)
    return _joined(area, _start(first, growth), _end(last, growth))


def _joined(area: re.Match[str], first: int, last: int) -> str:
    return f"{area[1]}{area[2]}{first}:{area[4]}{area[5]}{last}"


def _start(row: int, growth: Growth) -> int:
    return row + growth.more if row > growth.row else row


def _end(row: int, growth: Growth) -> int:
    return row + growth.more if row >= growth.row else row


def _single(cell: re.Match[str], growth: Growth, at: _At) -> int:
    row = int(cell[3])
    if at.own is not None and not cell[2]:
        return _of_own(row, "", growth, at, is_end=False)
    if row == growth.row and not at.is_filled:
        raise _refused(
            growth, at,
            Text(f"引用了样行的一格 {cell[0]}；样行要变成许多行，指哪一行说不定",
                 f"refers to {cell[0]}, one cell of the pattern row, which becomes many rows"),
            _TOTALS,
        )  # fmt: skip
    return _start(row, growth)


def _of_own(row: int, fixed: str, growth: Growth, at: _At, *, is_end: bool) -> int:
    """A row that a formula of the pattern row refers to, on the row that it is repeated on."""
    assert at.own is not None
    if not fixed and row != growth.row:
        raise _refused(
            growth, at,
            Text(f"在样行里，要逐行重复，却引用了第 {row} 行", f"is repeated on every row, and refers to row {row}"),
            Text(f"别的行请用 $ 固定，如 B${row}。", f"Fix another row with $, such as B${row}."),
        )  # fmt: skip
    if not fixed:
        return at.own
    if row == growth.row or is_end:  # from a fixed row to its own one: what has been added up so far
        _require_no_totals(at.formula, growth, at)
    return _end(row, growth) if is_end else _start(row, growth)


def _require_no_totals(reference: str, growth: Growth, at: _At) -> None:
    if growth.has_totals:
        raise _refused(
            growth, at,
            Text(f"引用 {reference}，这些行里有小计、合计，会重复计算",
                 f"refers to {reference}, rows that have subtotals or the whole among them, which would count twice"),
            _TOTALS,
        )  # fmt: skip


_PLAIN = Text(
    "表样里的公式请只用普通的单元格和区域，如 =SUM(B4:B4)；要合计的，给单元格起名 whole_加列的 name。",
    "Use plain cells and ranges in a template, such as =SUM(B4:B4); for a total name a cell whole_ and the column's name.",
)
_TOTALS = Text(
    "要合计的，不写公式，给那一格起名 whole_加列的 name（如 whole_area），合计会填进去；别的公式引用那一格。"
    '要各行之和的，写成区域（如 =SUM(B4:B4)），并在 tables.toml 里写 whole = "none"、不要小计。',
    "For a total, write no formula: name the cell whole_ and the column's name (such as whole_area), it is filled in, and other formulas "
    'may refer to it. For a sum of the rows write a range (such as =SUM(B4:B4)) in a layout with whole = "none" and no subtotals.',
)


def unreadable(growth: Growth, sheet: str, place: str) -> FileRefused:
    """The refusal of a formula over several cells that cannot follow the rows."""
    return _refused(growth, _At(sheet, place, "{…}", None, is_filled=False), Text("是数组公式或模拟运算表", "is of several cells"), _PLAIN)


def _refused(growth: Growth, at: _At, what: Text, way_out: Text) -> FileRefused:
    return FileRefused(
        Text(f"表样 {growth.path_name} 的“{at.sheet}”{at.place} 的公式 {at.formula} {what.zh}，填出来的数会错。",
             f"In the template {growth.path_name}, {at.place} of {at.sheet!r}: {at.formula} {what.en}; its figure would be wrong."),
        way_out,
    )  # fmt: skip
