"""Days and states that cannot be together, whatever the table of moves let in by an import or a correction: S405."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ..ellipsoid import Booleans
from ..frame import closure_ends
from ..model import Finding
from ..text import Text
from . import phrases
from .inspection import Inspection, rule
from .states import guards_behind


@rule("S405", "warning")
def contradicting(seen: Inspection) -> Iterator[Finding]:
    """问题：日期、年度与状态互相矛盾：状态不是该措施会有的，日期在今天以后或次序颠倒，年度还没到就已验收，封育期未满就已期满验收。
    影响：导入和更正可以不经过状态变更的限制，错了就留在台账里；按年度、按日期汇总的数都会跟着错。
    改法：查原始文件和验收表，更正写错的年度、日期或状态。
    ---
    What: days, years and status contradict each other: a status that the measure does not have, a day ahead or out of order,
    accepted before its plan year, or a closure accepted as over before its years are.
    Why: an import or a correction need not keep to the table of moves; the error stays, and sums by year and day go wrong with it.
    Mend: look at the source and the inspection sheet, and correct the year, the day or the status.
    """
    yield from _strange_status(seen)
    yield from _too_early(seen)
    yield from _out_of_order(seen)
    yield from _closed_too_short(seen)


def _strange_status(seen: Inspection) -> Iterator[Finding]:
    measure, status = seen.words["measure"], seen.words["status"]
    strange = {(code, now) for code, now in set(zip(measure, status, strict=True)) if now in seen.table.measures[code].without}
    for row in (row for row, pair in enumerate(zip(measure, status, strict=True)) if pair in strange):
        label, told = seen.table.measures[measure[row]].label, seen.table.label(str(status[row]))
        yield _told(
            seen, row, Text(f"{label.zh}没有“{told.zh}”这个状态。", f"{label.en} has no status {told.en!r}."), "status=…", "measure=…"
        )


def _too_early(seen: Inspection) -> Iterator[Finding]:
    """Years to come: planned too far ahead, or accepted before they begin."""
    years, now = seen.numbers["plan_year"], seen.today.year
    accepted = np.isin(seen.words["group"], list(seen.limits.groups["S304"]))
    far = years > now + seen.limits.numbers["S405"]["ahead_years"]
    for row in np.flatnonzero(far | (accepted & (years > now))).tolist():
        status = seen.table.label(str(seen.words["status"][row]), str(seen.words["measure"][row]))
        yield _told(
            seen, row, Text(f"年度是 {years[row]:.0f}，还没有到，状态已是“{status.zh}”。",
                            f"Its plan year {years[row]:.0f} is still to come, and it is {status.en!r}."), "plan_year=…", "status=…",
        )  # fmt: skip


def _days(seen: Inspection, name: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(pd.to_datetime(seen.sites[name], errors="coerce", format="ISO8601"))


def _out_of_order(seen: Inspection) -> Iterator[Finding]:
    registered, last, closure = (_days(seen, name) for name in ("registered_on", "last_on", "closure_on"))
    today = pd.Timestamp(seen.today)
    under_way = ~np.isin(seen.words["group"], list(seen.limits.groups["S401_idle"]))
    for what, field, days, wrong in (
        (Text("登记日期", "day of registration"), "", registered, registered > today),
        (Text("末次日期", "last day"), "", last, (last > today) | (last < registered)),
        (Text("封育起始日期", "day that the closure began"), "closure_on=…", closure, (closure > today) & under_way & _is_closed(seen)),
    ):
        for row in np.flatnonzero(np.asarray(wrong, dtype=np.bool_)).tolist():
            day = days[row].date()
            message = Text(f"{what.zh} {day} 在今天（{seen.today}）之后。", f"The {what.en}, {day}, is after today ({seen.today}).")
            if days[row] <= today:
                begun = registered[row].date()
                message = Text(f"{what.zh} {day} 早于登记日期 {begun}。", f"The {what.en}, {day}, is before the registration, {begun}.")
            yield _told(seen, row, message, *([field] if field else []))


def _is_closed(seen: Inspection) -> Booleans:
    closing = {measure for guard in seen.table.guards if guard.closure_over for measure in guard.measures}
    return np.isin(seen.words["measure"], list(closing))


def _closed_too_short(seen: Inspection) -> Iterator[Finding]:
    """Closures that stand behind the guard which asks for their years, before those are over."""
    ends = closure_ends(seen.sites)
    running = np.flatnonzero(_is_closed(seen) & np.asarray(ends > pd.Timestamp(seen.today), dtype=np.bool_))
    measure, status = seen.words["measure"], seen.words["status"]
    behind: dict[tuple[str, str], bool] = {}
    for row in running.tolist():
        pair = (str(measure[row]), str(status[row]))
        if pair not in behind:
            behind[pair] = any(guard.closure_over for guard in guards_behind(seen.table, seen.table.measures[pair[0]], pair[1]))
        if behind[pair]:
            label, day = seen.table.label(pair[1], pair[0]), ends[row].date()
            yield _told(
                seen, row, Text(f"封育到 {day} 才满，已是“{label.zh}”。", f"Its closure lasts until {day}, and it is {label.en!r}."),
                "closure_on=…", "closure_years=…", "status=…",
            )  # fmt: skip


def _told(seen: Inspection, row: int, message: Text, *settings: str) -> Finding:
    site_id = str(seen.words["site_id"][row])
    history = Text(f"查看记录：restoration history {site_id}", f"See its history: restoration history {site_id}")
    choices = [phrases.correct(site_id, setting) for setting in settings]
    way_out = Text("查明后更正其一：", "See which is wrong and correct it: ")
    told = Text(way_out.zh + "；".join(one.zh for one in choices), way_out.en + "; ".join(one.en for one in choices))
    return seen.finding("S405", "warning", row, message, told if settings else history)
