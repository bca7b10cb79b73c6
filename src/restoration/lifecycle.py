"""Measures, statuses, and who may follow whom.

The table itself is data (`restoration/data/lifecycle.toml`, each part with its source); an office may put its own
in its place. Here is only what reads the table and what asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from .data import builtin, from_file
from .errors import FileRefused, MoveRefused, UnknownName
from .text import Text

Facts = Mapping[str, object]
"""What is known of a site at a move: measured values, ``doc_no``, ``note``, ``surveyed_on``, ``closure_on``, ``closure_years``."""

COUNTS_AS = ("accepted", "in_progress", "not_started", "other")
"""What a display group may count as in the figures of progress."""
_COUNTED_AS = {
    "accepted": "accepted",
    "closed": "accepted",
    "under_way": "in_progress",
    "awaiting": "in_progress",
    "rectifying": "in_progress",
    "not_started": "not_started",
}
"""What groups count as in an office's table that is older than ``counts_as``."""


@dataclass(frozen=True, slots=True)
class Status:
    """One status of the one vocabulary."""

    code: str
    label: Text
    group: str
    moves: tuple[str, ...]
    counted: bool = True
    returns: bool = False
    returns_or: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of restoration, its layer, and where it departs from the common table of moves."""

    code: str
    label: Text
    layer: str
    abbr: str
    aliases: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    label_of: Mapping[str, Text] = field(default_factory=dict)
    counted_by: str = "site_id"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a move asks for beside being in the table."""

    to: str
    source: str
    measures: frozenset[str] = frozenset()
    start: str | None = None
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    closure_over: bool = False

    def concerns(self, measure: Measure, start: str, to: str) -> bool:
        """Whether this guard stands before this move of this measure."""
        return self.to == to and (not self.measures or measure.code in self.measures) and self.start in (None, start)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a measured value sends the site."""

    measures: frozenset[str]
    indicator: str
    bands: tuple[tuple[float, str], ...]
    borderline: tuple[tuple[float, float], ...]
    source: str

    def of(self, value: float) -> str:
        """The status that the value leads to; a band holds from its lower bound on."""
        return next(to for at_least, to in self.bands if value >= at_least)

    def is_borderline(self, value: float) -> bool:
        """Whether the value is so near a bound that its rounding decides."""
        return any(low <= value <= high for low, high in self.borderline)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole table: layers, display groups, statuses, measures, guards and verdicts.

    ``counts_as`` says of each display group which word of `COUNTS_AS` its sites are in the figures of progress.
    """

    layers: Mapping[str, Text]
    groups: Mapping[str, Text]
    counts_as: Mapping[str, str]
    statuses: Mapping[str, Status]
    measures: Mapping[str, Measure]
    guards: tuple[Guard, ...]
    verdicts: tuple[Verdict, ...]
    facts: Mapping[str, tuple[Text, str]]

    def measure(self, name: str) -> Measure:
        """The measure by its code, its Chinese or English label, or an alias.

        Raises
        ------
        UnknownName
            No measure goes by that name.

        Examples
        --------
        >>> table().measure("封山育林").code
        'hill_closure'
        """
        wanted = name.strip()
        for measure in self.measures.values():
            if wanted in (measure.code, measure.label.zh, measure.label.en, *measure.aliases):
                return measure
        raise UnknownName(Text("措施", "measure"), name, [f"{m.label.zh} {m.code}" for m in self.measures.values()])

    def status(self, name: str) -> Status:
        """The status by its code or by a label, also one that only some measure uses (封育中).

        Raises
        ------
        UnknownName
            No status goes by that name.
        """
        wanted = name.strip()
        for status in self.statuses.values():
            if wanted in self._names(status):
                return status
        raise UnknownName(Text("状态", "status"), name, [f"{s.label.zh} {s.code}" for s in self.statuses.values()])

    def _names(self, status: Status) -> set[str]:
        own = [m.label_of[status.code] for m in self.measures.values() if status.code in m.label_of]
        return {status.code, *status.aliases} | {word for label in (status.label, *own) for word in (label.zh, label.en)}

    def label(self, status: str, measure: str | None = None) -> Text:
        """How a status is called, for one measure where that has its own word."""
        own = self.measures[measure].label_of if measure is not None and measure in self.measures else {}
        return own.get(status, self.statuses[status].label)

    def every_label(self, status: str) -> Text:
        """How a status is called by all measures: its own label, then the words that some have for it."""
        told = dict.fromkeys([self.label(status), *(self.label(status, code) for code in self.measures)])
        return Text("/".join(text.zh for text in told), " / ".join(text.en for text in told))

    def allowed(self, measure: Measure, passed: Sequence[str]) -> tuple[str, ...]:
        """The statuses that may follow, guards apart.

        Parameters
        ----------
        measure
            The site's measure.
        passed
            The statuses of the site so far, oldest first; the last is the present one.
        """
        status = self.statuses[passed[-1]]
        moves = (*status.moves, *measure.also.get(status.code, ()))
        if status.returns:
            left = next((code for code in reversed(passed) if code != status.code), None)
            # A site that was taken over in this status left nobody knows which: any of the moves may be the way back.
            moves = tuple(code for code in moves if left is None or code == left or code in status.returns_or)
        return tuple(code for code in moves if code not in measure.without)

    def require_move(self, measure: Measure, passed: Sequence[str], to: str, *, on: date, facts: Facts) -> None:
        """Refuse a move that the table or a guard does not allow.

        Parameters
        ----------
        measure
            The site's measure.
        passed
            The statuses so far, oldest first.
        to
            The code of the status wanted.
        on
            The day of the move.
        facts
            What is known of the site at the move.

        Raises
        ------
        MoveRefused
            The message says what is allowed, or what is missing and with which option to give it.
        """
        allowed = self.allowed(measure, passed)
        if to not in allowed:
            raise self._not_allowed(measure, passed[-1], to, allowed)
        for guard in self.guards:
            if guard.concerns(measure, passed[-1], to):
                self._require_facts(guard, facts)
                self._require_passed(guard, passed)
                if guard.closure_over:
                    _require_closure_over(on, facts)
        self._require_verdict(measure, to, facts)

    def verdict(self, measure: Measure, facts: Facts) -> tuple[Verdict, float] | None:
        """The rule that judges this measure and the value that it judges, where both are there."""
        for rule in self.verdicts:
            value = facts.get(rule.indicator)
            if measure.code in rule.measures and isinstance(value, (int, float)):
                return rule, float(value)
        return None

    def _not_allowed(self, measure: Measure, start: str, to: str, allowed: Iterable[str]) -> MoveRefused:
        names = [(self.label(code, measure.code), code) for code in allowed]
        old, new = self.label(start, measure.code), self.label(to, measure.code)
        return MoveRefused(
            Text(
                f"{measure.label.zh}不能由“{old.zh}”变为“{new.zh}”。",
                f"{measure.label.en}: {start!r} cannot become {to!r}.",
            ),
            Text(
                f"可以变为：{'、'.join(f'{label.zh} {code}' for label, code in names) or '（无，已是终点）'}。",
                f"It may become: {', '.join(code for _, code in names) or '(nothing: this is an end)'}.",
            ),
        )

    def _require_facts(self, guard: Guard, facts: Facts) -> None:
        missing = [name for name in guard.needs if facts.get(name) in (None, "")]
        if guard.any_of and all(facts.get(name) in (None, "") for name in guard.any_of):
            missing += guard.any_of
        if not missing:
            return
        joint = (" 或 ", " or ") if guard.any_of else ("、", ", ")
        labels = [self.facts[name] for name in missing]
        raise MoveRefused(
            Text(
                f"转为“{self.statuses[guard.to].label.zh}”还缺：{joint[0].join(label.zh for label, _ in labels)}。",
                f"To become {guard.to!r} it lacks: {joint[1].join(label.en for label, _ in labels)}.",
            ),
            Text(
                f"请补上 {' '.join(option for _, option in labels)}（依据：{guard.source}）。",
                f"Give {' '.join(option for _, option in labels)} (by: {guard.source}).",
            ),
            facts=missing,
        )

    def _require_passed(self, guard: Guard, passed: Sequence[str]) -> None:
        missing = [code for code in guard.passed if code not in passed]
        if missing:
            raise MoveRefused(
                Text(
                    f"转为“{self.statuses[guard.to].label.zh}”之前必须经过："
                    f"{'、'.join(self.statuses[code].label.zh for code in missing)}。",
                    f"Before {guard.to!r} it must have been: {', '.join(missing)}.",
                ),
                Text("请先办理前面的手续；补录旧账用 correct。", "Do those first; for an old record use `correct`."),
            )

    def _require_verdict(self, measure: Measure, to: str, facts: Facts) -> None:
        judged = self.verdict(measure, facts)
        if judged is None:
            return
        rule, value = judged
        outcomes = {code for _, code in rule.bands}
        right = rule.of(value)
        if to in outcomes and right != to and to == rule.bands[0][1]:
            label = self.facts[rule.indicator][0]
            raise MoveRefused(
                Text(
                    f"{label.zh} {value:g}% 达不到“{self.statuses[to].label.zh}”（须 ≥{rule.bands[0][0]:g}%）。",
                    f"{label.en} of {value:g}% does not reach {to!r} (at least {rule.bands[0][0]:g}%).",
                ),
                Text(
                    f"按规定应转为：{self.statuses[right].label.zh} {right}（依据：{rule.source}）。",
                    f"By the rule it becomes {right!r} (by: {rule.source}).",
                ),
                facts=[rule.indicator],
            )


def _require_closure_over(on: date, facts: Facts) -> None:
    start, years = facts.get("closure_on"), facts.get("closure_years")
    if not isinstance(start, date) or not isinstance(years, int):
        raise MoveRefused(
            Text("封育起始日期或封育年限没有登记，不能判断封育期是否已满。", "The start or the years of the closure are not known."),
            Text(
                "请先登记：restoration correct 小班 --set closure_on=日期 --set closure_years=年数 --reason …",
                "Record them first: restoration correct SITE --set closure_on=DATE --set closure_years=N --reason ...",
            ),
        )
    ends = _years_later(start, years)
    if on < ends:
        raise MoveRefused(
            Text(f"封育期到 {ends} 才满（{start} 起 {years} 年）。", f"The closure lasts until {ends} ({years} years from {start})."),
            Text(f"{ends} 及以后再办；提前结束请改用 rectifying 或 cancelled。", f"Do it on {ends} or later."),
        )


def _years_later(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return date(start.year + years, 3, 1)


@cache
def table(path: Path | None = None) -> Lifecycle:
    """The built-in table, or an office's own.

    Raises
    ------
    FileRefused
        The file is not readable, or names a status, group, layer or measure that it does not define.
    """
    raw = from_file(path) if path else builtin("lifecycle")
    name = str(path or "lifecycle.toml")
    try:
        made = _parse(raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _bad_table(name, Text(f"缺少或写错了 {error}", f"{error} is missing or wrong")) from error
    _require_consistent(made, name)
    return made


def _parse(raw: Mapping[str, Any]) -> Lifecycle:
    return Lifecycle(
        layers={code: _text(row) for code, row in raw["layer"].items()},
        groups={code: _text(row) for code, row in raw["group"].items()},
        counts_as={code: str(row.get("counts_as", _COUNTED_AS.get(code, "other"))) for code, row in raw["group"].items()},
        statuses={code: _status(code, row) for code, row in raw["status"].items()},
        measures={code: _measure(code, row) for code, row in raw["measure"].items()},
        guards=tuple(_guard(row) for row in raw.get("guard", ())),
        verdicts=tuple(_verdict(row) for row in raw.get("verdict", ())),
        facts={code: (_text(row), str(row["option"])) for code, row in raw["fact"].items()},
    )


def _text(row: Mapping[str, Any]) -> Text:
    return Text(str(row["zh"]), str(row["en"]))


def _status(code: str, row: Mapping[str, Any]) -> Status:
    return Status(
        code,
        _text(row),
        row["group"],
        tuple(row["moves"]),
        counted=bool(row.get("counted", True)),
        returns=bool(row.get("returns", False)),
        returns_or=tuple(row.get("returns_or", ())),
        aliases=tuple(row.get("aliases", ())),
    )


def _measure(code: str, row: Mapping[str, Any]) -> Measure:
    return Measure(
        code,
        _text(row),
        row["layer"],
        row["abbr"],
        aliases=tuple(row.get("aliases", ())),
        without=frozenset(row.get("without", ())),
        also={start: tuple(to) for start, to in row.get("also", {}).items()},
        label_of={status: _text(label) for status, label in row.get("label", {}).items()},
        counted_by=row.get("counted_by", "site_id"),
    )


def _guard(row: Mapping[str, Any]) -> Guard:
    return Guard(
        row["to"],
        row["source"],
        measures=frozenset(row.get("measures", ())),
        start=row.get("from"),
        needs=tuple(row.get("needs", ())),
        any_of=tuple(row.get("any_of", ())),
        passed=tuple(row.get("passed", ())),
        closure_over=bool(row.get("closure_over", False)),
    )


def _verdict(row: Mapping[str, Any]) -> Verdict:
    bands = sorted(((float(band["at_least"]), str(band["to"])) for band in row["bands"]), reverse=True)
    if bands[-1][0] > 0:
        raise ValueError("bands: at_least = 0")
    return Verdict(
        frozenset(row["measures"]),
        row["indicator"],
        tuple(bands),
        tuple((float(low), float(high)) for low, high in row.get("borderline", ())),
        row["source"],
    )


def _require_consistent(made: Lifecycle, name: str) -> None:
    for kind, used, known in _references(made):
        unknown = sorted(set(used) - set(known))
        if unknown:
            raise _bad_table(name, Text(f"{kind}里没有定义 {'、'.join(unknown)}", f"no {kind} is defined for {', '.join(unknown)}"))


def _references(made: Lifecycle) -> Iterable[tuple[str, Iterable[str], Iterable[str]]]:
    statuses, measures = made.statuses.values(), made.measures.values()
    yield "group", [status.group for status in statuses], made.groups
    yield "counts_as", made.counts_as.values(), COUNTS_AS
    yield "layer", [measure.layer for measure in measures], made.layers
    yield "status", [to for status in statuses for to in (*status.moves, *status.returns_or)], made.statuses
    yield "status", [code for m in measures for code in (*m.without, *m.label_of, *m.also)], made.statuses
    yield "status", [code for m in measures for to in m.also.values() for code in to], made.statuses
    yield "status", [code for g in made.guards for code in (g.to, *g.passed, *([g.start] if g.start else []))], made.statuses
    yield "status", [code for verdict in made.verdicts for _, code in verdict.bands], made.statuses
    yield "measure", [code for guard in made.guards for code in guard.measures], made.measures
    yield "measure", [code for verdict in made.verdicts for code in verdict.measures], made.measures
    yield "fact", [code for guard in made.guards for code in (*guard.needs, *guard.any_of)], made.facts


def _bad_table(name: str, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"措施与状态表 {name} 有误：{what.zh}。", f"The table of measures and statuses {name} is wrong: {what.en}."),
        Text("请对照软件自带的 lifecycle.toml 改正。", "Mend it after the pattern of the built-in lifecycle.toml."),
    )
