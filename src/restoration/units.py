"""Units of area, and how a number is shown. Areas are kept in m² and are never rounded before they are shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal, NamedTuple, get_args

from .text import Text

Unit = Literal["mu", "ha", "m2", "km2"]
UNITS: tuple[Unit, ...] = get_args(Unit)
_PER_UNIT: dict[str, tuple[int, int]] = {"mu": (2000, 3), "ha": (10_000, 1), "m2": (1, 1), "km2": (1_000_000, 1)}
"""m² in one unit as a fraction: 1 亩 = 2000/3 m² and 15 亩 = 1 ha, both exactly."""
LABEL: dict[str, Text] = {
    "mu": Text("亩", "mu"),
    "ha": Text("公顷", "ha"),
    "m2": Text("平方米", "m²"),
    "km2": Text("平方公里", "km²"),
}
DIGITS: dict[str, int] = {"mu": 2, "ha": 4, "m2": 2, "km2": 4}
"""Decimals shown for each unit."""


def in_unit(area_m2: float, unit: str) -> float:
    """An area in another unit.

    Examples
    --------
    >>> in_unit(10_000, "mu")
    15.0
    """
    whole, parts = _PER_UNIT[unit]
    return area_m2 * parts / whole


def to_m2(area: float, unit: str) -> float:
    """An area in m², from another unit.

    Examples
    --------
    >>> to_m2(15, "mu"), to_m2(1, "ha")
    (10000.0, 10000.0)
    """
    whole, parts = _PER_UNIT[unit]
    return area * whole / parts


def written_mu(area_m2: float) -> float:
    """An area in 亩 as it is written into sheets, with four decimals (0.07 m²).

    Examples
    --------
    >>> written_mu(12_345.678)
    18.5185
    """
    return round(in_unit(area_m2, "mu"), 4)


_WIDE = Context(prec=330)
"""Digits for any number that a float64 holds."""


def rounded(value: float, digits: int) -> str:
    """The number as it is shown: half up, as Chinese tables have it (四舍五入); ``""`` for unknown.

    Examples
    --------
    >>> rounded(0.125, 2), rounded(2.5, 0), rounded(float("nan"), 2), rounded(1e20, 1)
    ('0.13', '3', '', '100000000000000000000.0')
    """
    if value is None or math.isnan(value):
        return ""
    if math.isinf(value):
        return f"{value}"
    # Ten digits behind the point take away what binary arithmetic added (0.0749999999999 for 0.075).
    exact = Decimal(value).quantize(Decimal(1).scaleb(-10), context=_WIDE)
    shown = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDE)
    return f"{_WIDE.plus(shown):f}"


def shown(area_m2: float, unit: str = "mu") -> str:
    """An area as it is shown in a unit, without the unit's name.

    Examples
    --------
    >>> shown(999_989.6229)
    '1499.98'
    """
    return rounded(in_unit(area_m2, unit), DIGITS[unit])


Rounding = Literal["whole", "rows"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
"""``whole``: the whole is its own unrounded sum, rounded; ``rows``: it is the sum of the rows as they are shown (合计=各行之和)."""


class ShownColumn(NamedTuple):
    """A column of areas as it is shown, and by how much its whole is off: from its rows, or, if it is their sum, from the true one."""

    rows: list[str]
    whole: str
    residual: str


def shown_column(areas_m2: Sequence[float], whole_m2: float, unit: str, *, rounding: Rounding = "whole") -> ShownColumn:
    """Areas that add up to a whole as they are shown, by one of `ROUNDINGS`, with the residual stated.

    Examples
    --------
    >>> thirds = [10_000 / 3] * 3
    >>> shown_column(thirds, 10_000, "ha")
    ShownColumn(rows=['0.3333', '0.3333', '0.3333'], whole='1.0000', residual='0.0001')
    >>> shown_column(thirds, 10_000, "ha", rounding="rows")
    ShownColumn(rows=['0.3333', '0.3333', '0.3333'], whole='0.9999', residual='-0.0001')
    """
    rows, whole = [shown(area_m2, unit) for area_m2 in areas_m2], shown(whole_m2, unit)
    added = sum((Decimal(row) for row in rows if row), Decimal(0))
    residual = Decimal(whole or 0) - added
    if rounding == "whole" or not whole:
        return ShownColumn(rows, whole, f"{residual + 0:f}")
    return ShownColumn(rows, rounded(float(added), DIGITS[unit]), f"{-residual + 0:f}")
