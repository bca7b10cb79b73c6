"""What is typed by hand: which field is meant, and whether its value can be at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from .data import builtin
from .errors import BadRequest, UnknownName
from .frame import COLUMNS, label_of
from .lifecycle import Lifecycle
from .model import AREAS, MEASURED, Attributes, Target
from .personal import require_impersonal
from .text import Text
from .units import LABEL, in_unit, shown, to_m2

LONGEST_NAME = 100
LONGEST_TEXT = 4_000
LARGEST_AREA_M2: float = builtin("limits")["entering"]["area_m2"]


def checked_measured(values: Mapping[str, float], *, count: int) -> dict[str, float]:
    """The measured values (m², %, ratios), each of which can be; ``count`` is the number of sites that they are for.

    Raises
    ------
    UnknownName, BadRequest
    """
    for name, value in values.items():
        if name not in MEASURED:
            raise UnknownName(Text("指标", "measured value"), name, MEASURED)
        _require_possible(name, value)
    if count > 1 and set(values) & set(AREAS):
        raise BadRequest(
            Text("面积是一个小班的，不能同时记给几个小班。", "An area belongs to one site and cannot be given for several at once."),
            Text("请逐个小班办理。", "Update them one by one."),
        )
    return {name: float(value) for name, value in values.items()}


def _require_possible(name: str, value: float) -> None:
    least, most = _RANGES.get(name, (0.0, LARGEST_AREA_M2))
    if least <= value <= most:
        return
    unit = "mu" if name in AREAS else ""
    given, low, high = (f"{in_unit(number, 'mu') if unit else number:g}" for number in (value, least, most))
    label = label_of(name)
    raise BadRequest(
        Text(
            f"{label.zh} {given}{LABEL[unit].zh if unit else ''} 不对。",
            f"The {label.en} cannot be {given}{' ' + LABEL[unit].en if unit else ''}.",
        ),
        Text(f"应为 {low} 到 {high} 之间的数。", f"It is a number from {low} to {high}."),
    )


_RANGES: Mapping[str, tuple[float, float]] = {
    name: tuple(bounds) for name, bounds in builtin("aliases")["range"].items() if name != "source"
}
"""The least and the most that a value can be at all, the same for what a file says and what is typed."""


def require_agreeing(known: Mapping[str, float], changed: Mapping[str, float | None]) -> None:
    """The qualified area is part of the verified one, whichever of them was known before."""
    both = {**known, **changed}
    qualified, verified = both.get("qualified_m2"), both.get("verified_m2")
    if set(changed) & {"qualified_m2", "verified_m2"} and qualified is not None and verified is not None and qualified > verified:
        raise BadRequest(
            Text(
                f"合格面积 {shown(qualified)} 亩大于核实面积 {shown(verified)} 亩。",
                f"The qualified area, {shown(qualified)} mu, is larger than the verified area, {shown(verified)} mu.",
            ),
            Text("请核对，两个面积一起给出。", "Check them, and give both."),
        )


CORRECTABLE = tuple(field.name for field in fields(Attributes) if field.name != "source_id")


def field_name(field: str) -> str:
    """The field's own name, also from its heading (上报面积 is in 亩, as the office writes it)."""
    wanted = field.strip().removesuffix("(亩)")
    areas_mu = tuple(name.removesuffix("_m2") + "_mu" for name in AREAS)
    if wanted in (*CORRECTABLE, *MEASURED, *areas_mu, "status"):
        return wanted
    for column in COLUMNS:
        if wanted in (column.label.zh, column.label.en) and column.name in (*CORRECTABLE, *MEASURED, "status"):
            return column.name.removesuffix("_m2") + "_mu" if column.name in AREAS else column.name
    raise UnknownName(Text("字段", "field"), field, ("status", *CORRECTABLE, *areas_mu, *MEASURED[len(AREAS) :]))


def measured_change(name: str, text: str) -> dict[str, float | None]:
    """A measured value as the ledger has it (m²), from a text that is in 亩 where the name says so; ``None`` takes it away."""
    key = name.removesuffix("_mu") + "_m2" if name.endswith("_mu") else name
    if not text.strip():
        return {key: None}
    return {key: to_m2(_number(name, text), "mu") if name.endswith("_mu") else _number(name, text)}


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadRequest(
            Text(f"{name} 的值“{text}”不是数字。", f"{name}: {text!r} is not a number."), Text("请只写数字。", "Give a number.")
        ) from None


def attribute_value(name: str, text: str, table: Lifecycle) -> Any:
    """The value of an attribute, from its text."""
    try:
        if name == "measure":
            return table.measure(text).code
        if name == "closure_on":
            return date.fromisoformat(text) if text else None
        if name in ("plan_year", "closure_years"):
            return None if name == "closure_years" and not text else _whole(name, text)
    except ValueError:
        raise BadRequest(
            Text(f"{label_of(name).zh}的值“{text}”写法不对。", f"{label_of(name).en}: {text!r} is not well formed."),
            Text("日期写成 2021-03-05，年度和年数写成整数。", "Dates as 2021-03-05, years as whole numbers."),
        ) from None
    if len(text) > LONGEST_TEXT:
        raise too_long()
    require_impersonal(label_of(name), text)
    return text.casefold() not in builtin("aliases")["no"]["words"] if name == "is_sample" else text


def _whole(name: str, text: str) -> int:
    least, most = _RANGES[name]
    if not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)


def require_recorder(by: str) -> None:
    """Refuse an entry that nobody signs."""
    if not by.strip() or len(by) > LONGEST_NAME:
        raise BadRequest(
            Text("须写明填报人（100 字以内）。", "Say who records this (100 characters at most)."),
            Text("请加 --by 姓名。", "Give --by NAME."),
        )


def too_long() -> BadRequest:
    """The error of a text that no column of an office's table would hold."""
    return BadRequest(
        Text(f"文字太长（{LONGEST_TEXT} 字以内）。", f"The text is too long ({LONGEST_TEXT} characters at most)."),
        Text("请缩短后再试。", "Shorten it."),
    )


def require_target(target: Target) -> None:
    """Refuse a target without a figure, a year that can be, a source or a recorder."""
    figures = [float(figure) for figure in (target.area_m2, target.number) if figure is not None]
    if not figures or not all(0 <= figure <= LARGEST_AREA_M2 for figure in figures):
        raise BadRequest(
            Text("任务须有面积或个数，且不能为负。", "A target needs an area or a number, not below zero."),
            Text("请加 --area-mu 或 --number。", "Give --area-mu or --number."),
        )
    least, most = _RANGES["plan_year"]
    if not least <= target.plan_year <= most:
        raise BadRequest(
            Text(f"年度 {target.plan_year} 不在 {least}–{most} 之间。", f"The plan year {target.plan_year} is not from {least} to {most}."),
            Text("请写成四位数年份。", "Give four digits."),
        )
    if not target.source.strip() or len(target.source) > LONGEST_TEXT:
        raise BadRequest(
            Text("任务须写明来源（文件名称、文号）。", "A target needs its source."), Text("请加 --source。", "Give --source.")
        )
    require_impersonal(Text("来源", "source"), target.source)
    require_recorder(target.recorded_by)
