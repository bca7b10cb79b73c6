"""What stands in a cell: text made plain, and dates, years, numbers and areas read from it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TypeVar

import pandas as pd

from ..data import builtin
from ..text import folded

T = TypeVar("T")

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width forms of ASCII, U+FF01-U+FF5E, and the ideographic space."""
_WHOLE = re.compile(r"([+-]?\d+)\.0*")
_DATE = re.compile(
    r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})| ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_MONTH = re.compile(r"(\d{4})(?: ?年 ?(\d{1,2}) ?月份?|[-/](\d{1,2}))")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SERIAL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's usual count ("1900 date system"), from 1 March 1900 on."""
"""Whole numbers from here on are not all told apart by a float of 64 bits."""
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?度?")
_POWER = re.compile(r"\d(?:\.\d+[eE]\+?|[eE]\+)\d+")
_POWER_SIGN = re.compile("[eEｅＥ]")
_EXACT = 2**53  # from there on a float64 leaves whole numbers out
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?")
_AREA = re.compile(r"([+-]?[\d.,eE+-]+)(.*)")


def plain(value: object) -> str:
    """A cell as text: full-width folded, blanks at the ends gone, a whole number without its ``.0``; ``""`` for nothing.

    Examples
    --------
    >>> plain("００１２ "), plain(12.0), plain(None), plain(float("nan"))
    ('0012', '12', '', '')
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    return " ".join(str(value).translate(_WIDE).split())


def as_id(text: str) -> str:
    """A number that names something: ``1.0`` is ``1``, leading zeros stay.

    Examples
    --------
    >>> as_id("1.0"), as_id("007"), as_id("红9")
    ('1', '007', '红9')
    """
    whole = _WHOLE.fullmatch(text)
    return whole.group(1) if whole else text


def as_date(text: str) -> date:
    """A day, in any of the ways that offices write it; a time behind it is left out.

    Raises
    ------
    ValueError
        It is no day, or lacks its day.

    Examples
    --------
    >>> {as_date(text).isoformat() for text in ("2021.3.5", "20210305", "2021年3月5日", "2021-03-05 00:00:00")}
    {'2021-03-05'}
    """
    found = _DATE.fullmatch(text) or _EIGHT.fullmatch(as_id(text))
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) for part in found.groups() if part and part.isdigit())
    return date(year, month, day)


def as_month(text: str) -> date:
    """The last day of a month that is written without a day: by then it had happened. ``2021.3`` is none, as a number may be cut.

    Raises
    ------
    ValueError
        It is no month.

    Examples
    --------
    >>> as_month("2021年2月").isoformat(), as_month("2021-03").isoformat()
    ('2021-02-28', '2021-03-31')
    """
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month = int(found.group(1)), int(found.group(2) or found.group(3))
    return (date(year, month, 1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def as_serial(text: str) -> date:
    """The day of a spreadsheet's count (44260), from the first plan year that there can be on.

    Raises
    ------
    ValueError
        It is no such count.

    Examples
    --------
    >>> as_serial("44260").isoformat()
    '2021-03-05'
    """
    found = _SERIAL.fullmatch(text)
    day = _SERIAL_EPOCH + timedelta(days=int(found.group(1))) if found else None
    low, high = builtin("aliases")["range"]["plan_year"]
    if day is None or not low <= day.year <= high:
        raise ValueError(text)
    return day


def digits_lost(value: object) -> bool:
    """Whether a number that names something came as one that cannot hold its digits: a float too large, or ``5.22328E+18``.

    Examples
    --------
    >>> digits_lost(5.22328101200001e18), digits_lost("5.22328E+18"), digits_lost("5223281012000010001"), digits_lost(12.0)
    (True, True, False, False)
    """
    if isinstance(value, float):
        return abs(value) >= _EXACT
    return isinstance(value, str) and _POWER_SIGN.search(value) is not None and _POWER.fullmatch(plain(value)) is not None


def as_year(text: str) -> int:
    """A plan year: ``2021``, ``2021年``, ``2021年度``, ``2021.0``.

    Raises
    ------
    ValueError
        It is no year in the range of `data/aliases.toml`.
    """
    found = _YEAR.fullmatch(as_id(text))
    low, high = builtin("aliases")["range"]["plan_year"]
    if found is None or not low <= int(found.group(1)) <= high:
        raise ValueError(text)
    return int(found.group(1))


def as_number(text: str) -> float:
    """A finite number; commas between thousands are allowed.

    Raises
    ------
    ValueError
        It is none.

    Examples
    --------
    >>> as_number("1,234.5")
    1234.5
    """
    if not text or not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number = float(text.replace(",", ""))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def as_share(text: str, *, name: str) -> float:
    """A percentage or ratio in the range of `data/aliases.toml`; a percent sign behind a percentage is left out.

    Raises
    ------
    ValueError
        It is no number, or out of range.
    """
    low, high = builtin("aliases")["range"][name]
    number = as_number(text.removesuffix("%").strip())
    if text.endswith("%") and not name.endswith("_pct"):
        number /= 100
    if not low <= number <= high:
        raise ValueError(text)
    return number


def as_years(text: str) -> int:
    """A whole number of years: ``5``, ``5年``.

    Raises
    ------
    ValueError
        It is none, or out of the range of `data/aliases.toml`.
    """
    low, high = builtin("aliases")["range"]["closure_years"]
    number = int(as_id(text.removesuffix("年").strip()))
    if not low <= number <= high:
        raise ValueError(text)
    return number


def as_area(text: str) -> tuple[float, str]:
    """A number of zero or more, and the unit that stands behind it in the cell (``""`` for none).

    Raises
    ------
    ValueError
        It is no such number, or the unit is not known.

    Examples
    --------
    >>> as_area("300亩"), as_area("12.5 公顷"), as_area("7")
    ((300.0, 'mu'), (12.5, 'ha'), (7.0, ''))
    """
    found = _AREA.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    number, said = as_number(found.group(1)), found.group(2).strip()
    unit = unit_named(said)
    if number < 0 or (said and not unit):
        raise ValueError(text)
    return number, unit


def unit_named(word: str) -> str:
    """The unit of area that a word names, ``""`` for none.

    Examples
    --------
    >>> unit_named("亩"), unit_named("㎡"), unit_named("HA")
    ('mu', 'm2', 'ha')
    """
    wanted = folded(word)
    words = builtin("aliases")["unit"]
    return next((unit for unit in ("mu", "ha", "m2", "km2") if wanted in words[unit]), "")


def read_each(texts: Sequence[str], parse: Callable[[str], T]) -> tuple[list[T | None], list[int]]:
    """Parse each text once, however often it comes: the values (``None`` where empty or wrong) and the wrong positions."""
    values: dict[str, T | None] = {"": None}
    wrong = set()
    for text in dict.fromkeys(texts):
        if text:
            try:
                values[text] = parse(text)
            except ValueError:
                values[text] = None
                wrong.add(text)
    return [values[text] for text in texts], [at for at, text in enumerate(texts) if text in wrong] if wrong else []
