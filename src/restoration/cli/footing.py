"""What tables of areas share: what groups are called, the day of the figures, and by how much a whole is off its rows as shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ..text import Text
from .look import shown_value

if TYPE_CHECKING:
    from ..lifecycle import Lifecycle


class Footed(NamedTuple):
    """A column of areas as it is shown: its rows, and what stands below them."""

    label: Text
    rows: Sequence[str]
    whole: str


def when_told(about: Mapping[str, Any]) -> Text:
    """The day that figures are of, and by which clock: ``as_of`` and ``clock`` as the options give them."""
    from ..model import today

    day, field = about["as_of"], about["clock"] == "field"
    return Text(
        f"截至 {day or today()}（{'按发生日期' if field else '按录入日期'}{'' if day else '，现在'}）",
        f"As of {day or today()}{'' if day else ' (now)'} by the {about['clock']} clock",
    )


def groups_told(row: Mapping[Any, Any], by: Sequence[str], table: Lifecycle) -> list[str]:
    """What the groups of a row are called; a status that some measures have their own word for is called by all of them."""
    return [_group_told(name, row, table) or str(Text("（未填）", "(blank)")) for name in by]


def _group_told(name: str, row: Mapping[Any, Any], table: Lifecycle) -> str:
    value = row.get(name)
    if name == "status" and "measure" not in row and value is not None:
        return str(table.every_label(str(value)))
    return shown_value(name, value, table, str(row.get("measure", "")))


def residual_told(columns: Iterable[Footed], unit: str) -> Text:
    """By how much each whole, summed unrounded, is off the sum of its rows."""
    from ..units import LABEL

    off = [(column.label, residual) for column in columns if column.whole and (residual := _residual(column))]
    if not off:
        return Text("合计由未取整的数相加，与各行显示数之和相等。", "Totals are of unrounded numbers, and the sum of the rows as shown.")
    return Text(
        f"合计由未取整的数相加；因四舍五入，合计－各行之和：{'，'.join(f'{label.zh} {size}' for label, size in off)} {LABEL[unit].zh}。",
        f"Totals are of unrounded numbers; by rounding, total less sum of rows: "
        f"{', '.join(f'{label.en} {size}' for label, size in off)} {LABEL[unit].en}.",
    )


def _residual(column: Footed) -> str:
    size = Decimal(column.whole) - sum((Decimal(row) for row in column.rows if row), Decimal(0))
    return f"{size:+f}".replace("-", "−") if size else ""


def nothing_yet(about: Mapping[str, Any]) -> Text:
    """That the ledger had no site on a day."""
    day: date = about["as_of"]
    return Text(f"到 {day} 为止台账里还没有小班。", f"Up to {day} the ledger has no site.")
