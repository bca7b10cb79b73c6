"""What stands below a table: its day, what its words mean, which columns are empty and why, and by how much rounding is off."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ..lifecycle import Lifecycle
from ..text import Text
from ..units import LABEL, Rounding, in_unit, rounded
from .layout import Column, Key, Layout

if TYPE_CHECKING:
    from .counted import Counted


class Days(NamedTuple):
    """The day of a table, the earlier one that changes are counted from, the clock, and the plan year that it is of."""

    as_of: date
    since: date | None = None
    clock: str = "field"
    year: int | None = None


def when_told(days: Days, *, has_change: bool) -> Text:
    """The day, the clock, and what changes are against."""
    field = days.clock == "field"
    against = Text(f"“比上月”与 {days.since} 相比。", f"Changes are against {days.since}.") if has_change and days.since else Text("", "")
    return Text(
        f"截至 {days.as_of}（{'按发生日期' if field else '按录入日期'}）；核减/调出的不计，暂停的照计；空白是没有数或 0。{against.zh}",
        f"As of {days.as_of} by the {days.clock} clock; cancelled sites are left out, suspended ones count; blank is unknown or 0. "
        f"{against.en}".rstrip(),
    )


def heading_of(column: Column) -> Text:
    """A column's heading with the one that it stands under."""
    if column.under is None:
        return column.heading
    return Text(f"{column.under.zh}：{column.heading.zh}", f"{column.under.en}: {column.heading.en}")


def empty_told(layout: Layout) -> Text | None:
    """Which columns are left for those who fill them in."""
    empty = [heading_of(column) for column in layout.columns if not column.value]
    rows = [row.label for row in layout.rows if row.only is None]
    if not empty and not rows:
        return None
    zh = "、".join([*(text.zh for text in empty), *(text.zh.strip() for text in rows)])
    en = ", ".join([*(text.en for text in empty), *(text.en.strip() for text in rows)])
    return Text(f"台账没有、留空由填表人填写的：{zh}。", f"Not kept by the ledger, left for you to fill in: {en}.")


def excluded_told(counted: Counted) -> Text | None:
    """How many sites that count are not in the table."""
    whole = counted.frames[False]
    left = counted.listed_in_none() if counted.layout.rows else 0
    told = len(whole) if whole is not None else 0
    out = counted.total - told
    zh = f"本表计 {told - left} 个小班；台账里另有 {out + left} 个不属于本表。" if out + left else f"本表计全部 {told} 个小班。"
    en = f"Sites in this table: {told - left}; not of this table: {out + left}." if out + left else f"All {told} sites are in this table."
    return Text(zh, en)


def unknown_codes_told(layout: Layout, table: Lifecycle) -> Text | None:
    """Codes that a layout counts and the office's lifecycle does not have."""
    known = {"measure": table.measures, "status": table.statuses, "group": table.groups, "layer": table.layers}
    asked = [layout.only, *(c.only for c in layout.columns), *(c.per_only for c in layout.columns), *(r.only or {} for r in layout.rows)]
    missing = sorted(
        {str(code) for only in asked for name, codes in only.items() if name in known for code in codes if code not in known[name]}
    )
    if not missing:
        return None
    return Text(
        f"表样里的 {'、'.join(missing)} 在措施与状态表里没有，没有小班计入。",
        f"The layout counts {', '.join(missing)}, which the lifecycle does not have: no site is in them.",
    )


def sample_told(sites: pd.DataFrame) -> Text | None:
    """That there is sample data among the sites."""
    if not sites["is_sample"].any():
        return None
    return Text("含示例数据，图形和数字为虚构，不得上报。", "There is sample data in it, which is made up: not to be handed in.")


def residual_told(
    layout: Layout, lines: Sequence[tuple[str, Any, Any]], rounding: Rounding, raws: Sequence[Sequence[float]]
) -> Text | None:
    """By how much totals are off their rows as shown, or, where they are those sums, off the unrounded total."""
    areas = [at for at, column in enumerate(layout.columns) if column.value.endswith("_m2") and not column.is_rate]
    areas = [at for at in areas if any(kind == "row" and cells[at].number is not None for kind, _, cells in lines)]
    if not areas or all(kind == "row" for kind, _, _ in lines):
        return None
    if rounding == "rows":
        off = {at: _off_truth(layout.columns[at], at, lines, raws) for at in areas}
        told = _listed(layout, off)
        return Text(
            f"小计、合计＝各行显示数之和；比未取整的合计多：{told.zh or '0'}。",
            f"Totals are the sums of the rows as shown; more than the unrounded whole by: {told.en or '0'}.",
        )
    told = _listed(layout, {at: _off_rows(at, lines) for at in areas})
    if not told.zh:
        return Text(
            "小计、合计由未取整的数相加，与各行显示数之和相等。", "Totals are of unrounded numbers, and the sums of the rows as shown."
        )
    return Text(
        f"小计、合计由未取整的数相加；因四舍五入，与各行显示数之和相差（最多）：{told.zh}。",
        f"Totals are of unrounded numbers; by rounding they are off the sums of their rows by (at most): {told.en}.",
    )


def _off_rows(at: int, lines: Sequence[tuple[str, Any, Any]]) -> Decimal:
    """The greatest difference of a total from its rows as shown."""
    rows = [(key, number) for kind, key, cells in lines if kind == "row" and (number := _shown(cells[at])) is not None]
    totals = {key: number for kind, key, cells in lines if kind != "row" and (number := _shown(cells[at])) is not None}
    below = added_below(rows, totals)
    return max((totals[key] - added for key, added in below.items()), key=abs, default=Decimal(0))


def added_below(rows: Iterable[tuple[Key, Decimal]], totals: Container[Key]) -> dict[Key, Decimal]:
    """By the key of each total that has any rows the sum of them."""
    added: dict[Key, Decimal] = {}
    for key, number in rows:
        for depth in range(len(key)):
            if key[:depth] in totals:
                added[key[:depth]] = added.get(key[:depth], Decimal(0)) + number
    return added


def _off_truth(column: Column, at: int, lines: Sequence[tuple[str, Any, Any]], raws: Sequence[Sequence[float]]) -> Decimal:
    whole = next((row for row, (kind, _, _) in enumerate(lines) if kind == "whole"), None)
    if whole is None or raws[whole][at] != raws[whole][at]:
        return Decimal(0)
    return (_shown(lines[whole][2][at]) or Decimal(0)) - Decimal(rounded(in_unit(raws[whole][at], column.unit), column.digits))


def _shown(cell: Any) -> Decimal | None:
    return None if cell.number is None else Decimal(rounded(cell.number, cell.digits))


def _listed(layout: Layout, off: dict[int, Decimal]) -> Text:
    said = [(heading_of(layout.columns[at]), size, LABEL[layout.columns[at].unit]) for at, size in off.items() if size]
    return Text(
        "，".join(f"{label.zh} {size:+f} {unit.zh}".replace("-", "−") for label, size, unit in said),
        ", ".join(f"{label.en} {size:+f} {unit.en}".replace("-", "−") for label, size, unit in said),
    )
