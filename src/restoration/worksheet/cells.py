"""What was typed into a cell of the sheet, understood without guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ..errors import UnknownName
from ..lifecycle import Lifecycle
from ..model import AREAS
from ..readers.cells import as_area, as_date, as_month, as_number, as_serial, as_share, as_year, plain
from ..text import Text
from ..units import to_m2
from .reading import Cell


class Unclear(Exception):
    """A cell that cannot be what its column asks for: what is wrong, and what to write."""

    def __init__(self, fact: Text, way_out: Text) -> None:
        super().__init__(str(fact))
        self.fact, self.way_out = fact, way_out


def understood(name: str, cell: Cell, table: Lifecycle) -> Any:
    """The value of a cell that was filled in: a status's code, a day, m², percent, a ratio or a text; ``None`` for blanks.

    Raises
    ------
    Unclear
        It is none, or might be more than one.

    Examples
    --------
    >>> from restoration import lifecycle
    >>> table = lifecycle.table()
    >>> understood("new_verified_m2", Cell("text", "３００亩"), table), understood("new_on", Cell("number", "44260"), table)
    (200000.0, datetime.date(2021, 3, 5))
    """
    if cell.kind == "formula":
        raise Unclear(
            Text(
                f"格子里是公式 {cell.text[:40]}，而且没有存下结果。", f"The cell is a formula, {cell.text[:40]}, saved without its result."
            ),
            _INSTEAD.get(name, Text("请直接写数。", "Write the number itself.")),
        )
    if cell.kind in ("error", "boolean", "time"):
        raise Unclear(Text(f"格子里是 {cell.text}。", f"The cell holds {cell.text}."), Text("请改正。", "Mend it."))
    text = plain(float(cell.text)) if cell.kind in ("number", "percent") else plain(cell.text)
    if not text:
        return None
    if name in ("new_doc_no", "new_note"):
        return text.removesuffix(" 00:00:00") if cell.kind == "day" else cell.text.strip() if cell.kind == "text" else text
    return _READ.get(name, _area)(text, cell.kind, table)


_A_TEXT = Text(
    "请直接写字；要以“=”开头的，前面先打一个英文的单引号（'）。",
    "Write the text itself; before one that begins with =, type an apostrophe (').",
)
_A_DAY = Text("请直接写日期，如 2021-03-05。", "Write the date itself, as 2021-03-05.")
_INSTEAD: dict[str, Text] = {
    "new_doc_no": _A_TEXT, "new_note": _A_TEXT, "new_on": _A_DAY, "new_surveyed_on": _A_DAY,
    "new_status": Text("请从下拉框里选。", "Choose from the list."),
}  # fmt: skip
"""What to write in place of a formula, where it is no number."""


def _status(text: str, _: str, table: Lifecycle) -> str:
    try:
        return table.status(text).code
    except UnknownName as error:
        raise Unclear(error.fact, Text("请从下拉框里选。", "Choose from the list.")) from error


def _day(text: str, kind: str, _: Lifecycle) -> date:
    if kind == "day" and not _is(as_year, text[:4]):
        raise Unclear(
            Text(f"格子里是 {text.removesuffix(' 00:00:00')}，多半是写了 2021.5 之类的数，被 Excel 当成了日期。",
                 f"The cell holds {text.removesuffix(' 00:00:00')}: Excel took a number such as 2021.5 for a day."), _WRITE_DAY,
        )  # fmt: skip
    for read in (as_date, as_serial) if kind != "text" else (as_date,):
        try:
            return read(text)
        except ValueError:
            continue
    if _is(as_month, text):
        raise Unclear(Text(f"“{text}”只写到月。", f"{text!r} is only a month."), _WRITE_DAY)
    raise Unclear(Text(f"“{text}”不是日期。", f"{text!r} is no date."), _WRITE_DAY)


_WRITE_DAY = Text("请写到日，如 2021-03-05。", "Write the day too, as 2021-03-05.")


def _area(text: str, kind: str, _: Lifecycle) -> float:
    if kind in ("day", "percent"):
        raise _no_area(text)
    try:
        number, unit = as_area(text)
    except ValueError as error:
        raise _no_area(text) from error
    return to_m2(number, unit or "mu")


def _no_area(text: str) -> Unclear:
    return Unclear(
        Text(f"“{text}”不是面积。", f"{text!r} is no area."),
        Text("请写亩数，或带单位，如 12.5公顷。", "Write a number of mu, or one with its unit, as 12.5 ha."),
    )


def _percentage(name: str) -> Callable[[str, str, Lifecycle], float]:
    def read(text: str, kind: str, _: Lifecycle) -> float:
        if kind == "percent":
            text = f"{float(text) * 100:.10g}%"
        try:
            value = as_share(text, name=name)
        except ValueError as error:
            raise _no_share(text, Text("0 到 100", "0 to 100")) from error
        if 0 < value <= 1 and not text.endswith("%"):
            raise Unclear(
                Text(
                    f"“{text}”说不清是 {text}% 还是 {as_number(text) * 100:g}%。", f"{text!r}: is it {text}% or {as_number(text) * 100:g}%?"
                ),
                Text("请带上百分号。", "Write the percent sign."),
            )
        return value

    return read


def _ratio(text: str, kind: str, _: Lifecycle) -> float:
    if kind == "percent":
        text = f"{float(text) * 100:.10g}%"
    try:
        return as_share(text, name="canopy_ratio")
    except ValueError as error:
        raise _no_share(text, Text("0 到 1", "0 to 1")) from error


def _no_share(text: str, range_: Text) -> Unclear:
    return Unclear(
        Text(f"“{text}”不对。", f"{text!r} cannot be."),
        Text(f"应为 {range_.zh} 之间的数。", f"It is a number from {range_.en}."),
    )


def _is(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_READ: dict[str, Callable[[str, str, Lifecycle], Any]] = {
    "new_status": _status,
    "new_on": _day,
    "new_surveyed_on": _day,
    "new_survival_pct": _percentage("survival_pct"),
    "new_cover_pct": _percentage("cover_pct"),
    "new_canopy_ratio": _ratio,
}
assert {f"new_{name}" for name in AREAS}.isdisjoint(_READ)
