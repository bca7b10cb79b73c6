"""What a site's state, dates and numbers say of each other: S304, S305, S401, S403, S404."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

from ..ellipsoid import Booleans, Floats
from ..lifecycle import Guard, Lifecycle, Measure, Verdict
from ..model import INDICATORS, MEASURED, Finding
from ..text import Text
from . import phrases
from .conditions import (
    ACCEPTED,
    COUNTED,
    DATED,
    INDICATOR,
    MINE,
    NUMBERED,
    WAITING,
    closed_for,
    closure_since,
    mines,
    not_begun,
    under_closure,
)
from .inspection import Inspection, rule


@rule("S304", "warning", applies=(ACCEPTED,))
def unproven(seen: Inspection) -> Iterator[Finding]:
    """问题：已验收或已销号的小班，没有登记核实面积、合格面积，或者没有该措施验收所要的指标。
    影响：验收结论没有数据支撑，上级核查时要退回，合格率也算不出来。
    改法：按检查验收表补登；其实没有验收的，更正状态。
    ---
    What: the site is accepted or closed, but the verified or qualified area is missing, or the indicator that its measure is judged by.
    Why: an acceptance without its figures is sent back by a higher check, and no rate can be computed from it.
    Mend: record the figures of the inspection sheet; if it was never accepted, correct the status.
    """
    done = np.isin(seen.words["group"], list(seen.limits.groups["S304"]))
    measure, status = seen.words["measure"], seen.words["status"]
    for code, now in sorted(set(zip(measure[done], status[done], strict=True))):
        rows = np.flatnonzero(done & (measure == code) & (status == now))
        guards = guards_behind(seen.table, seen.table.measures[code], now)
        yield from _unproven(seen, rows.tolist(), guards)


def _unproven(seen: Inspection, rows: list[int], guards: list[Guard]) -> Iterator[Finding]:
    for row in rows:
        missing = [name for guard in guards for name in _missing(seen, row, guard)]
        if missing:
            yield _lacks(seen, row, list(dict.fromkeys(missing)))


def _missing(seen: Inspection, row: int, guard: Guard) -> list[str]:
    """What a guard asks for and the site has not; alternatives stand together, joined by ``|``."""
    lacking = [name for name in guard.needs if name in MEASURED and np.isnan(seen.numbers[name][row])]
    choice = [name for name in guard.any_of if name in MEASURED]
    if choice and all(np.isnan(seen.numbers[name][row]) for name in choice):
        lacking.append("|".join(choice))
    return lacking


def _lacks(seen: Inspection, row: int, missing: list[str]) -> Finding:
    facts = [[seen.table.facts[name][0] for name in choice.split("|")] for choice in missing]
    status = seen.table.label(str(seen.words["status"][row]), str(seen.words["measure"][row]))
    right = phrases.measure(str(seen.words["site_id"][row]), *(seen.table.facts[choice.split("|")[0]][1] for choice in missing))
    return seen.finding(
        "S304", "warning", row,
        Text(f"已是“{status.zh}”，但没有登记：{'、'.join('或'.join(label.zh for label in choice) for choice in facts)}。",
             f"It is {status.en!r}, but has no {', no '.join(' or '.join(label.en for label in choice) for choice in facts)}."),
        Text(f"按检查验收表补登：{right.zh}", f"Record the figures of the inspection sheet: {right.en}"),
        value=float(len(missing)),
    )  # fmt: skip


def guards_behind(table: Lifecycle, measure: Measure, status: str) -> list[Guard]:
    """The guards that a site must have passed to be where it is: without their status there is no way to it."""
    return [
        guard
        for guard in table.guards
        if guard.start is None and (not guard.measures or measure.code in guard.measures) and not _reached(table, measure, status, guard.to)
    ]


def _reached(table: Lifecycle, measure: Measure, status: str, without: str) -> bool:
    """Whether the moves lead from the first status to this one and never through ``without``."""
    first = next(iter(table.statuses))
    seen, waiting = {without}, [first]
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            moves = (*table.statuses[code].moves, *measure.also.get(code, ()))
            waiting += [to for to in moves if to not in measure.without]
    return status in seen - {without}


@rule("S305", "error", applies=(INDICATOR,), judges=INDICATORS)
def indicators(seen: Inspection) -> Iterator[Finding]:
    """问题：成活率、盖度、郁闭度等指标的数值不可能，或者与验收结论不符，或者正好在合格线边上。
    影响：指标决定合格、补植还是重造；写成小数（0.87）或取整进位，都会改变结论。
    改法：查调查表，更正数值；在线边上的（84–86、40–42）请复核取整前的数。
    ---
    What: survival, cover, canopy or stems has an impossible value, or contradicts the acceptance, or lies right at the bar.
    Why: the value decides between acceptance, replanting and redoing; a ratio (0.87) or a rounding up turns the verdict.
    Mend: look at the survey sheet and correct it; at the bar (84-86, 40-42) look at the value before it was rounded.
    """
    for name in INDICATORS:
        yield from _impossible(seen, name)
    for verdict in seen.table.verdicts:
        yield from _judged(seen, verdict)


def _impossible(seen: Inspection, name: str) -> Iterator[Finding]:
    values, (low, high) = seen.numbers[name], seen.limits.ranges[name]
    label = seen.table.facts[name][0]
    for row in np.flatnonzero((values < low) | (values > high)).tolist():
        right = _corrected(seen, row, name)
        yield seen.finding(
            "S305", "error", row,
            Text(f"{label.zh} {values[row]:g} 不可能（应在 {low:g} 到 {high:g} 之间）。",
                 f"{label.en} of {values[row]:g} is impossible ({low:g} to {high:g} is possible)."),
            right, value=values[row],
        )  # fmt: skip


def _corrected(seen: Inspection, row: int, name: str) -> Text:
    right = phrases.correct(str(seen.words["site_id"][row]), f"{name}=…")
    return Text(f"查调查表后更正：{right.zh}", f"Look at the survey sheet and correct it: {right.en}")


def _judged(seen: Inspection, verdict: Verdict) -> Iterator[Finding]:
    values = seen.numbers[verdict.indicator]
    low, high = seen.limits.ranges[verdict.indicator]
    concerned = np.isin(seen.words["measure"], list(verdict.measures)) & (values >= low) & (values <= high)
    accepted = np.isin(seen.words["group"], list(seen.limits.groups["S304"]))
    for row in np.flatnonzero(concerned & _is_doubtful(seen, verdict, values, accepted)).tolist():
        yield _doubt(seen, verdict, row, float(values[row]), accepted=bool(accepted[row]))


def _is_doubtful(seen: Inspection, verdict: Verdict, values: Floats, accepted: Booleans) -> Booleans:
    near = np.any([(values >= low) & (values <= high) for low, high in verdict.borderline], axis=0) if verdict.borderline else False
    ratio = _is_ratio(seen, verdict.indicator, values)
    return np.asarray(near | ratio | (accepted & (values < verdict.bands[0][0])), dtype=np.bool_)


def _is_ratio(seen: Inspection, name: str, values: Floats) -> Booleans:
    """A percentage that looks like a ratio of one."""
    return np.asarray((values > 0) & (values <= seen.limits.numbers["S305"]["ratio_up_to"]) & name.endswith("_pct"), dtype=np.bool_)


def _doubt(seen: Inspection, verdict: Verdict, row: int, value: float, *, accepted: bool) -> Finding:
    label, bar = seen.table.facts[verdict.indicator][0], verdict.bands[0][0]
    if _is_ratio(seen, verdict.indicator, np.array([value]))[0]:
        message = Text(f"{label.zh} {value:g}% 像是写成了小数，或应为 {value * 100:g}%。",
                       f"{label.en} of {value:g}% looks like a ratio: perhaps {value * 100:g}%.")  # fmt: skip
    elif accepted and value < bar:
        message = Text(f"{label.zh} {value:g}% 达不到合格线 {bar:g}%，却已验收。",
                       f"{label.en} of {value:g}% does not reach {bar:g}%, but the site is accepted.")  # fmt: skip
    else:
        label_to = seen.table.statuses[verdict.of(value)].label
        message = Text(f"{label.zh} {value:g}% 在线边上（按此数应为“{label_to.zh}”），取整会改变结论。",
                       f"{label.en} of {value:g}% lies at the bar (it leads to {label_to.en!r}): rounding decides.")  # fmt: skip
        return seen.finding("S305", "note", row, message, _corrected(seen, row, verdict.indicator), value=value)
    return seen.finding("S305", "warning", row, message, _corrected(seen, row, verdict.indicator), value=value)


@rule("S401", "note", applies=(WAITING, DATED))
def late(seen: Inspection) -> Iterator[Finding]:
    """问题：封育年限已满还在“封育中”，或者计划年度早已过去还没有开工。
    影响：到期不验收，面积一直挂在“实施中”；多年未开工的任务，资金会被收回，计划应当核减。
    改法：封育期满的组织验收并更新状态；不再实施的转为“核减/调出”，已开工的补登。
    ---
    What: a closure is over by its years and still under way, or a site was planned long ago and has not begun.
    Why: ground that is never inspected stays "under way"; money for a task that does not begin is taken back.
    Mend: inspect the closure and move it on; cancel what will not be done, record what was begun.
    """
    yield from _over(seen)
    yield from _idle(seen)


def _over(seen: Inspection) -> Iterator[Finding]:
    """Closures that ended more than the grace before today."""
    to, since = closed_for(seen.table), closure_since(seen)
    years = seen.numbers["closure_years"]
    passed = _whole_years(since, seen, grace_days=seen.limits.numbers["S401"]["grace_days"])
    for row in np.flatnonzero(under_closure(seen) & (passed >= years)).tolist():
        move, start = phrases.update(str(seen.words["site_id"][row]), to[str(seen.words["measure"][row])]), since[row].date()
        yield seen.finding(
            "S401", "note", row,
            Text(f"封育 {start} 起 {years[row]:.0f} 年，已满，仍在封育中。",
                 f"Closed since {start} for {years[row]:.0f} years: it is over, and the site is still under way."),
            Text(f"组织验收：{move.zh}", f"Inspect it: {move.en}"),
            value=passed[row],
        )  # fmt: skip


def _whole_years(since: pd.DatetimeIndex, seen: Inspection, *, grace_days: float) -> Floats:
    """Whole years from a day until the grace before today; NaN where the day is not known."""
    until = seen.today - timedelta(days=grace_days)
    # A year that began on 29 February is over on 1 March.
    not_yet = (since.month > until.month) | ((since.month == until.month) & (since.day > until.day))
    return np.asarray(until.year - since.year - not_yet, dtype=np.float64)


def _idle(seen: Inspection) -> Iterator[Finding]:
    years = seen.today.year - seen.numbers["plan_year"]
    for row in np.flatnonzero(not_begun(seen) & (years > seen.limits.numbers["S401"]["idle_years"])).tolist():
        cancel = phrases.update(str(seen.words["site_id"][row]), "cancelled")
        status = seen.table.label(str(seen.words["status"][row]))
        yield seen.finding(
            "S401", "note", row,
            Text(f"计划年度已过 {years[row]:.0f} 年，仍是“{status.zh}”。",
                 f"It was planned {years[row]:.0f} years ago and is still {status.en!r}."),
            Text(f"已开工的补登，不再实施的：{cancel.zh}",
                 f"Record what was begun; if it will not be done: {cancel.en}"),
            value=years[row],
        )  # fmt: skip


@rule("S403", "note", applies=(COUNTED, MINE))
def divided_mine(seen: Inspection) -> Iterator[Finding]:
    """问题：同一座矿山的几个图斑处在不同的状态分组。
    影响：矿山按“座”计数，全部图斑都验收了才算已验收；有一块落后，整座就算不上。
    改法：核对落后的图斑，更新状态；已调出的转为“核减/调出”。
    ---
    What: the polygons of one mine stand in different display groups.
    Why: mines are counted as mines, and one is accepted only when all its polygons are: one that lags holds the whole back.
    Mend: look at the polygon that lags and move it on; cancel one that is no longer part of it.
    """
    mine, group = seen.words["mine_id"], seen.words["group"]
    kept = np.isin(seen.words["measure"], mines(seen.table)) & (mine != "") & seen.counted
    table = pd.DataFrame({"mine": mine[kept], "group": group[kept], "row": np.flatnonzero(kept)})
    for mine_id, members in table[table.groupby("mine")["group"].transform("nunique") > 1].groupby("mine", sort=False):
        first = members.iloc[0]
        other = members[members["group"] != first["group"]].iloc[0]
        yield _divided(seen, str(mine_id), members["group"].value_counts(sort=False), (int(first["row"]), int(other["row"])))


def _divided(seen: Inspection, mine_id: str, counts: pd.Series, rows: tuple[int, int]) -> Finding:
    labels = [(seen.table.groups[str(group)], number) for group, number in counts.items()]
    other_id = str(seen.words["site_id"][rows[1]])
    return seen.finding(
        "S403", "note", rows[0],
        Text(f"矿山 {mine_id} 的图斑状态不一：{'、'.join(f'{label.zh} {number} 块' for label, number in labels)}。",
             f"Mine {mine_id} is divided: {', '.join(f'{number} {label.en}' for label, number in labels)}."),
        Text(f"核对落后的图斑：restoration history {other_id}", f"Look at the polygon that lags: restoration history {other_id}"),
        other=rows[1], value=float(len(labels)),
    )  # fmt: skip


@rule("S404", "error", applies=(COUNTED, NUMBERED))
def registered_twice(seen: Inspection) -> Iterator[Finding]:
    """问题：同一乡镇村的同一小班号，同措施同年度，登记了两个编号。
    影响：多半是同一小班导入了两次，面积和个数都算了两遍；以后更新也不知道改哪一个。
    改法：核对后把多余的一个转为“核减/调出”；确是两个小班的，写明理由豁免。
    ---
    What: one number in the source, of one town, village, measure and year, stands under two site ids.
    Why: it was most likely imported twice: area and number count double, and nobody knows which of them to update.
    Mend: cancel the one too many; if they are two sites indeed, waive it with the reason.
    """
    key = ["source_id", "measure", "plan_year", "county_code", "town_code", "town", "village"]
    frame = pd.DataFrame(seen.sites[[*key, "site_id"]]).assign(row=np.arange(len(seen.sites)))
    kept = frame[seen.counted & (seen.words["source_id"] != "")]
    twice = kept[kept.duplicated(key, keep=False)]
    for _, members in twice.groupby(key, sort=False, dropna=False):
        for row in members["row"].iloc[1:]:
            yield _twice(seen, int(members["row"].iloc[0]), int(row))


def _twice(seen: Inspection, first: int, second: int) -> Finding:
    source_id, measure = str(seen.words["source_id"][first]), seen.measured_as(first)
    site_id, other_id = (str(seen.words["site_id"][row]) for row in (first, second))
    waive, cancel = phrases.waive(site_id, "S404", other_id), phrases.correct(other_id, "status=cancelled")
    return seen.finding(
        "S404", "error", first,
        Text(f"小班号 {source_id}（{measure.zh}）登记了两次：{site_id} 与 {other_id}。",
             f"Number {source_id} ({measure.en}) is registered twice: {site_id} and {other_id}."),
        Text(f"核减多余的一个：{cancel.zh}；两个都对的：{waive.zh}",
             f"Cancel the one too many: {cancel.en}; if both are right: {waive.en}"),
        other=second,
    )  # fmt: skip
