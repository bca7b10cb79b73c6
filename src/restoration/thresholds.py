"""The numbers and levels that the rules go by: the built-in ones, or with an office's own in their place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from .data import builtin, from_file
from .errors import FileRefused
from .model import Level
from .text import Text

LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Cause:
    """What a ratio of two areas is a sign of."""

    factor: float
    label: Text


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Everything that a rule compares with: ``numbers["S102"]["area_m2"]``, ``levels["S201"][…]``, ``groups["S304"]``."""

    numbers: Mapping[str, Mapping[str, float]]
    levels: Mapping[str, Mapping[str, Level]]
    groups: Mapping[str, frozenset[str]]
    causes: tuple[Cause, ...]
    ranges: Mapping[str, tuple[float, float]]

    def cause_of(self, factor: float) -> Text | None:
        """What a ratio of two areas is a sign of, with the ratio in words; ``None`` if it is near no known factor.

        Examples
        --------
        >>> thresholds().cause_of(15.1).zh, thresholds().cause_of(1.1)
        ('15.1 倍：亩数可能被当成了公顷', None)
        """
        near = self.numbers["S301"]["cause_pct"] / 100
        cause = next((cause for cause in self.causes if abs(factor / cause.factor - 1) <= near), None)
        times = f"{float(f'{factor:.4g}'):g}"
        return None if cause is None else Text(f"{times} 倍：{cause.label.zh}", f"{times} times: {cause.label.en}")


@cache
def thresholds(path: Path | None = None) -> Thresholds:
    """The built-in thresholds, or with those in their place that an office's own file gives.

    Parameters
    ----------
    path
        A TOML file with only what the office changes, each number with its ``source``.

    Raises
    ------
    FileRefused
        The file is not readable, or has a name that no rule knows, no source, or a value of the wrong kind.

    Examples
    --------
    >>> thresholds().numbers["S102"]["area_m2"]
    400.0
    """
    shipped = builtin("thresholds")
    if path is None:
        return _parsed(shipped)
    own = from_file(path)
    try:
        return _parsed(_merged(shipped, own))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(
            Text(f"检查阈值文件 {path} 有误：{error}。", f"The file of thresholds {path} is wrong: {error}."),
            Text(
                "请对照软件自带的 thresholds.toml 改正：名称相同，每个值都写明 source。",
                "Mend it after the built-in thresholds.toml: the same names, and a source for every value.",
            ),
        ) from error


def _merged(shipped: Mapping[str, Any], own: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """Tables are merged name by name; a value with its source, and a list (causes, ranges), is replaced whole."""
    made = dict(shipped)
    for name, value in own.items():
        here = f"{where}{name}"
        if name not in shipped or type(value) is not type(shipped[name]):
            raise ValueError(here)
        whole = not isinstance(value, dict) or "source" in shipped[name]
        made[name] = value if whole else _merged(shipped[name], value, f"{here}.")
    return made


def _parsed(raw: Mapping[str, Any]) -> Thresholds:
    return Thresholds(
        numbers={
            code: {name: _number(row, "value", f"number.{code}.{name}") for name, row in rows.items()}
            for code, rows in raw["number"].items()
        },
        levels={code: {name: _level(level, f"level.{code}.{name}") for name, level in rows.items()} for code, rows in raw["level"].items()},
        groups={name: _codes(row, f"group.{name}.codes") for name, row in raw["group"].items()},
        causes=tuple(Cause(_number(row, "factor", "cause"), Text(row["zh"], row["en"])) for row in raw["cause"]),
        ranges={row["indicator"]: (_number(row, "low", "range"), _number(row, "high", "range")) for row in raw["range"]},
    )


def _sourced(row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    if not row.get("source"):
        raise ValueError(f"{where}.source")
    return row


def _codes(row: Mapping[str, Any], where: str) -> frozenset[str]:
    codes = _sourced(row, where)["codes"]
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise ValueError(f"{where} = {codes!r}")
    return frozenset(codes)


def _number(row: Mapping[str, Any], name: str, where: str) -> float:
    value = _sourced(row, where).get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise ValueError(f"{where}.{name} = {value!r}")
    return float(value)


def _level(value: str, where: str) -> Level:
    for level in LEVELS:
        if level == value:
            return level
    raise ValueError(f"{where} = {value!r}")
