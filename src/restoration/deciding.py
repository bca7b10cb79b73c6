"""What a decision about a site rests on and makes: facts at a move, a correction, whether a waiver holds. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import pandas as pd

from .checks import RULES, Proposal, Results, State, slip_told
from .entering import (
    LONGEST_TEXT,
    attribute_value,
    checked_measured,
    field_name,
    measured_change,
    require_agreeing,
    require_recorder,
    too_long,
)
from .errors import BadRequest, MoveRefused, Stale
from .importing import Signed, following
from .lifecycle import Lifecycle
from .model import AREAS, KIND_LABEL, MEASURED, Attributes, Event, Finding, Kind, statuses_of, today
from .model import State as SiteState
from .personal import require_impersonal
from .store import Entry, Head
from .text import Text
from .thresholds import Thresholds
from .units import rounded, written_mu


def facts_at(head: Head, history: Sequence[Event], payload: Mapping[str, Any], signed: Signed) -> dict[str, object]:
    """What is known at a move: what is given now, and what was measured since the last one (an older survey does not count)."""
    found: dict[str, object] = {"closure_on": head.attributes.closure_on, "closure_years": head.attributes.closure_years}
    begun = next((event.happened_on for event in history if event.state.status == "in_progress"), None)
    found["closure_on"] = found["closure_on"] or begun
    since = next((at for at in range(len(history) - 1, 0, -1) if history[at].kind == "moved"), -1)  # or from its first entry on
    for told in (*(event.payload for event in history[since + 1 :]), payload):
        found |= told.get("measured", {})
        found["surveyed_on"] = told.get("surveyed_on", found.get("surveyed_on"))
    return {**found, "doc_no": signed.doc_no, "note": signed.note}


SURVEYED = frozenset(MEASURED) - {"reported_m2"}
"""What only a survey can tell; the reported area is what the unit that did the work says."""


def survey(measured: Mapping[str, float], surveyed_on: date | None, *, on: date) -> dict[str, Any]:
    """What an entry of ``on`` says was measured, and when; the day of the survey is ``on`` if a surveyed value comes without one.

    Raises
    ------
    BadRequest
        The survey would come after the entry that rests on it.
    """
    if surveyed_on and surveyed_on > on:
        raise BadRequest(
            Text(f"调查日期 {surveyed_on} 晚于本次日期 {on}。", f"The survey of {surveyed_on} is after this entry, {on}."),
            Text("请核对两个日期。", "Check the two dates."),
        )
    payload: dict[str, Any] = {"measured": dict(measured)} if measured else {}
    day = surveyed_on or (on if SURVEYED & set(measured) else None)
    return payload | ({"surveyed_on": day.isoformat()} if day else {})


def correction(head: Head, changes: Mapping[str, str], signed: Signed, table: Lifecycle) -> Entry:
    """The event that puts a record right, from new values as they were typed.

    Raises
    ------
    BadRequest, UnknownName
        A field or value that cannot be, or nothing that would change.
    """
    status: str | None = None
    measured: dict[str, float | None] = {}
    named: dict[str, Any] = {}
    for said, text in changes.items():
        name = field_name(said)
        if name == "status":
            status = table.status(text).code
        elif name.removesuffix("_mu") + "_m2" in MEASURED or name in MEASURED:
            measured |= measured_change(name, text)
        else:
            named[name] = attribute_value(name, text, table)
    payload: dict[str, Any] = {"reason": signed.note}
    if measured:
        checked_measured({name: value for name, value in measured.items() if value is not None}, count=1)
        require_agreeing(head.event.state.measured, measured)
        payload["measured"] = measured
    if named:
        payload["attributes"] = head.event.state.attributes + 1
    event = following(head.event, kind="corrected", payload=payload, signed=signed, to_status=status)
    attributes = replace(head.attributes, **named)
    _require_change(head, event, attributes)
    return Entry(event, attributes=attributes if named else None)


def _require_change(head: Head, event: Event, attributes: Attributes) -> None:
    was, now = head.event.state, event.state
    if (was.status, was.measured, head.attributes) == (now.status, now.measured, attributes):
        raise BadRequest(
            Text("更正后的值与现在的一样，没有需要更正的。", "The new values are those that stand already: there is nothing to correct."),
            Text("用 restoration show 查看现在的值。", "See them with `restoration show`."),
        )


def require_repairs(proposals: Sequence[Proposal], *, named: set[str], limits: Thresholds) -> None:
    """Every proposal may be written: it is wholly mended, and its area changes little or the site is named for it.

    Raises
    ------
    BadRequest
    """
    unmended = [one.site_id for one in proposals if one.verdict == "unmended"]
    if unmended:
        raise BadRequest(
            Text(f"修不好的小班：{'、'.join(unmended)}；什么都没有写入。", f"Not mended: {', '.join(unmended)}. Nothing was written."),
            Text("这些请在 GIS 里改好后导入；其余的写明小班再修复。", "Mend these in a GIS and import them; name the other sites."),
        )
    limit = limits.numbers["repair"]["change_pct"]
    large = [one for one in proposals if one.verdict == "large" and one.site_id not in named]
    if large:
        told = "、".join(f"{one.site_id} {rounded(one.before_m2, 2)}→{rounded(one.after_m2, 2)} m²" for one in large)
        raise BadRequest(
            Text(f"面积变化超过 {limit:g}%：{told}；什么都没有写入。",
                 f"The area would change by more than {limit:g}%: {told.replace('、', ', ')}. Nothing was written."),
            Text("核对实地后，确实要改的用 --large 逐个写明。", "Look at the ground; then name each that is right with --large."),
        )  # fmt: skip


def repair_entry(head: Head, proposal: Proposal, signed: Signed) -> Entry:
    """The event that makes a proposed boundary the present one; the old one stays as the version before.

    Raises
    ------
    Stale
        The site was redrawn since the proposal was made.
    """
    state = head.event.state
    if state.boundary != proposal.boundary_version:
        raise Stale(
            Text(f"{proposal.site_id} 的边界刚刚被改过。", f"{proposal.site_id} was redrawn meanwhile."),
            Text("请重新看修复建议后再办。", "Look at the proposal again."),
        )
    done = {name: getattr(proposal, name) for name in ("before_m2", "after_m2", "made_valid", "points_dropped", "tips_dropped")}
    payload = {"boundary": state.boundary + 1, "repair": {"codes": list(proposal.codes), **done}}
    return Entry(following(head.event, kind="redrawn", payload=payload, signed=signed), proposal.after)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and whether it stands.

    * ``failed``: nobody accepted it.
    * ``waived``: somebody did, and every boundary and figure that it was accepted for is still the present one. ``waiver`` is the entry.
    * ``stale``: it was accepted, but of each waiver at least one boundary (its own site's or the other's) or one figure that the rule
      judges has changed since, so that none holds; ``waiver`` is the latest. It counts as one that stands until it is waived anew.
      A finding that a new boundary does away with is none any more, and its waiver is past, not stale.
    """

    finding: Finding
    state: State
    waiver: Event | None = None


@dataclass(frozen=True)
class Examined:
    """What the checks say of a ledger: each finding with whether it stands, and the result of every rule for every site."""

    judged: list[Judged]
    results: Results


_About = tuple[str, frozenset[str]]
"""What a waiver accepts: a finding's code and the sites that it is about."""


def figures_judged(code: str, site: pd.Series) -> dict[str, float | None]:
    """The figures of a site (a row of the sites frame) that the rule of a code judges: what a waiver accepts beside the boundaries."""
    names = [name for rule in RULES if rule.code == code for name in rule.judges]
    return {name: None if pd.isna(site[name]) else float(site[name]) for name in names}


def judged(findings: Iterable[Finding], histories: Mapping[str, Sequence[Event]], drawn: Mapping[str, int]) -> list[Judged]:
    """Each finding, and whether it was waived and the waiver still holds.

    Parameters
    ----------
    histories
        By site its events.
    drawn
        By site the version of its present boundary.
    """
    waivers: dict[_About, list[Event]] = {}
    for event in (event for history in histories.values() for event in history if event.kind == "waived"):
        about = (event.payload["code"], frozenset({event.site_id, event.payload["other"]}))
        waivers.setdefault(about, []).append(event)
    now = {event.site_id: histories[event.site_id][-1].state for given in waivers.values() for event in given}
    return [_judged(finding, waivers, drawn, now) for finding in findings]


def _judged(finding: Finding, waivers: Mapping[_About, Sequence[Event]], drawn: Mapping[str, int], now: Mapping[str, SiteState]) -> Judged:
    """A finding is waived if any waiver holds: if no boundary and no figure that it was given for has changed since."""
    given = waivers.get((finding.code, frozenset({finding.site_id, finding.other_site_id})), ())
    for waiver in given:
        same_ground = all(drawn.get(site) == version for site, version in waiver.payload["waived_at"].items())
        measured = now[waiver.site_id].measured
        if same_ground and all(measured.get(name) == value for name, value in waiver.payload.get("figures", {}).items()):
            return Judged(finding, "waived", waiver)
    return Judged(finding, "stale", max(given, key=lambda event: (event.recorded_at, event.id))) if given else Judged(finding, "failed")


def slips(events: Iterable[Event], polygons_m2: Mapping[str, float], *, limits: Thresholds) -> list[Text]:
    """What is to be looked at again in entries, written or not: areas so far from their polygons that they must be slips.

    Parameters
    ----------
    polygons_m2
        By site the area of record of its polygon.
    """
    told = []
    for event in events:
        for name, value in event.payload.get("measured", {}).items():
            said = slip_told(name, value, polygons_m2[event.site_id], limits=limits) if name in AREAS and value is not None else None
            told += [Text(f"提醒：{event.site_id} 的{said.zh}。", f"Warning: {event.site_id}: {said.en}.")] if said else []
    return told


def signed_by(by: str, on: date | None, doc_no: str, note: str) -> Signed:
    """Who signs an entry, of which day, with which words; today if no day is given.

    Raises
    ------
    BadRequest
        Nobody signs, a text is too long or holds a personal number, or the day is still to come.
    """
    require_recorder(by)
    if len(note) > LONGEST_TEXT or len(doc_no) > LONGEST_TEXT:
        raise too_long()
    require_impersonal(Text("说明、文号或姓名", "note, document number or name"), note, doc_no, by)
    return Signed(by.strip(), not_future(on or today()), doc_no.strip(), note.strip())


def not_future(day: date) -> date:
    """The day, unless it is still to come."""
    if day > today():
        raise BadRequest(
            Text(f"日期 {day} 在今天（{today()}）之后。", f"The date {day} is after today ({today()})."),
            Text("请改正日期。", "Mend the date."),
        )
    return day


def require_order(last: Event, on: date) -> None:
    """A site's entries go forward in time."""
    if on < last.happened_on:
        raise BadRequest(
            Text(
                f"日期 {on} 早于末次事项的日期 {last.happened_on}。", f"The date {on} is before that of the last entry, {last.happened_on}."
            ),
            Text(
                f"一个小班的记录按日期先后，不能插到前面。补记过去的事：用 correct，--on 最早写 {last.happened_on}，"
                "在理由里写明实际日期；在那一天之前的截至数不会随之改变。",
                f"A site's entries go forward in time. For a fact that comes to light late use `correct`, --on {last.happened_on} "
                "at the earliest, and give the true day in the reason; figures as of a day before that do not change.",
            ),
        )


_UNSAID = Text("", "")
Outcome = Literal["taken", "unchanged", "refused", "stale"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that a sheet asks for, by somebody who had seen a site as it was after an event.

    ``seen`` is that event's id. ``mark`` is the same for the same request on the same sheet, so that it is written once. Measured values
    are in m², percent and ratios, by the names of `model.MEASURED`; ``to`` is a status's code.
    """

    site_id: str
    seen: str
    mark: str
    on: date
    to: str | None = None
    measured: Mapping[str, float] = field(default_factory=dict)
    surveyed_on: date | None = None
    doc_no: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a change that was asked for: the entry that it makes, or why it makes none and what to do.

    ``blamed`` are the names of what was asked that a refusal is about: ``status``, ``on``, ``surveyed_on``, ``doc_no``, ``note`` or a
    measured value.
    """

    asked: Asked
    outcome: Outcome
    why: Text = _UNSAID
    way_out: Text = _UNSAID
    entry: Entry | None = None
    blamed: tuple[str, ...] = ()


def decided(asked: Asked, head: Head | None, history: Sequence[Event], *, by: str, table: Lifecycle) -> Decided:
    """What becomes of a change that was asked for; a request that is in the history already, or changes nothing, is ``unchanged``.

    A value that is asked for is recorded also where it is the known one, if anything else is told with it: a new survey may find the
    same, and a move rests on what was found since the last.
    """
    if head is None:
        return Decided(asked, "refused", Text("台账里没有这个小班。", "The ledger has no such site."))
    written = next((event for event in history if event.payload.get("asked") == asked.mark), None)
    if written is not None:
        return Decided(asked, "unchanged", _done_already(written))
    if asked.seen != head.event.id:
        return Decided(asked, "stale", _changed_since(asked, history, by, table), _LOOK_AGAIN)
    now = head.event.state
    asked = replace(asked, to=asked.to if asked.to != now.status else None, measured=_as_known(asked.measured, now.measured))
    told = asked.to or asked.doc_no or asked.note
    if not told and not asked.surveyed_on and all(now.measured.get(name) == value for name, value in asked.measured.items()):
        return Decided(asked, "unchanged", Text("与台账相同。", "As the ledger has it.") if asked.measured else _ONLY_A_DAY)
    if not asked.to and not asked.measured and asked.surveyed_on:
        return Decided(asked, "refused", _ONLY_A_SURVEY, _WRITE_FIGURES, blamed=("surveyed_on",))
    if not asked.to and not asked.measured and not asked.note:
        return Decided(asked, "refused", _ONLY_A_DOCUMENT, _WRITE_NOTE, blamed=("doc_no",))
    try:
        return Decided(asked, "taken", entry=_entry(asked, head, history, by=by, table=table))
    except _Blamed as refused:
        return Decided(asked, "refused", refused.error.fact, refused.error.way_out, blamed=refused.names)


_ONLY_A_DAY = Text("只填了日期，没有要改的。", "It has a date and nothing that changes.")
_ONLY_A_SURVEY = Text("填了调查日期，没有填查得的面积或指标。", "It has a day of survey, and nothing that was found.")
_WRITE_FIGURES = Text("请填查得的数；与原来一样也要填。", "Fill in what was found, also where it is as before.")
_ONLY_A_DOCUMENT = Text("只填了文号，没有填改什么。", "It has a document number, and nothing that the document says.")
_WRITE_NOTE = Text("请填新状态、查得的数或说明。", "Fill in a new status, what was found, or a note.")


def _as_known(values: Mapping[str, float], known: Mapping[str, float]) -> dict[str, float]:
    """Values, each area that is the known one as sheets write it being the known one to the last digit."""
    return {
        name: known[name] if name in AREAS and name in known and written_mu(value) == written_mu(known[name]) else value
        for name, value in values.items()
    }


class _Blamed(Exception):
    """A refusal, and the names of what was asked that it is about."""

    def __init__(self, error: BadRequest | MoveRefused, names: tuple[str, ...]) -> None:
        super().__init__(str(error))
        self.error, self.names = error, names


@contextmanager
def _blaming(*names: str) -> Iterator[None]:
    try:
        yield
    except (BadRequest, MoveRefused) as error:
        raise _Blamed(error, names) from error


def _entry(asked: Asked, head: Head, history: Sequence[Event], *, by: str, table: Lifecycle) -> Entry:
    """The entry that a change makes; the rules are those of a change that is typed as a command."""
    with _blaming("on"):
        require_order(head.event, not_future(asked.on))
    with _blaming(*(name for name, text in (("doc_no", asked.doc_no), ("note", asked.note)) if text)):
        signed = signed_by(by, asked.on, asked.doc_no, asked.note)
    for name, value in asked.measured.items():
        with _blaming(name):
            checked_measured({name: value}, count=1)
    with _blaming("surveyed_on"):
        payload = {**survey(asked.measured, asked.surveyed_on, on=signed.on), "asked": asked.mark}
    with _blaming(*(name for name in ("verified_m2", "qualified_m2") if name in asked.measured)):
        require_agreeing(head.event.state.measured, asked.measured)
    if asked.to:
        facts = facts_at(head, history, payload, signed)
        try:
            table.require_move(table.measures[head.attributes.measure], statuses_of(history), asked.to, on=signed.on, facts=facts)
        except MoveRefused as error:
            raise _Blamed(error, error.facts or ("status",)) from error
    kind: Kind = "moved" if asked.to else "measured" if asked.measured else "noted"
    return Entry(following(head.event, kind=kind, payload=payload, signed=signed, to_status=asked.to))


_LOOK_AGAIN = Text(
    "请看清现在的情况：仍要改的，用退回的表（已是最新情况）再交一次。",
    "See how it stands now; what is still to change, hand in again on the sheet that comes back, which is up to date.",
)


def _done_already(event: Event) -> Text:
    return Text(
        f"这一行已经写入过（{event.recorded_by}，{event.recorded_at[:10]}）。",
        f"This row was written before ({event.recorded_by}, {event.recorded_at[:10]}).",
    )


def _changed_since(asked: Asked, history: Sequence[Event], by: str, table: Lifecycle) -> Text:
    """Who did what since the sheet was made; of others only where it was somebody else than who hands it in."""
    seen = next((at for at, event in enumerate(history) if event.id == asked.seen), len(history) - 1)
    since = history[seen + 1 :]
    zh, en = [], []
    for event in since[-_TOLD_SINCE:]:
        to = table.label(event.to_status) if event.to_status else Text("", "")
        zh.append(f"{event.happened_on} {event.recorded_by} {KIND_LABEL[event.kind].zh} {to.zh}".rstrip())
        en.append(f"{event.happened_on} {event.recorded_by} {KIND_LABEL[event.kind].en} {to.en}".rstrip())
    who = "别人改过" if any(event.recorded_by != by.strip() for event in since) else "又有改动"
    return Text(f"做表以后{who}：{'；'.join(zh)}。", f"It was changed since the sheet was made: {'; '.join(en)}.")


_TOLD_SINCE = 3
