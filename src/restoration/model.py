"""The records that are kept: events, what they result in, findings, targets. All immutable; none knows a file."""

from __future__ import annotations

import gc
import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from inspect import cleandoc
from typing import Any, Literal, get_args

from .text import Text

OFFICE_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time and no summer time, so the office's zone is a fixed +8 h (no zone database is needed)."""

Kind = Literal["registered", "moved", "measured", "redrawn", "corrected", "noted", "waived"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_LABEL: dict[str, Text] = {
    "registered": Text("登记", "registered"),
    "moved": Text("状态变更", "moved"),
    "measured": Text("面积/指标", "measured"),
    "redrawn": Text("边界重划", "redrawn"),
    "corrected": Text("更正", "corrected"),
    "noted": Text("备注", "noted"),
    "waived": Text("豁免", "waived"),
}

AREAS = ("reported_m2", "verified_m2", "qualified_m2", "replant_m2", "lost_m2", "preserved_m2")
"""The kinds of area that are measured or reported, apart from the area of record, which is computed."""
INDICATORS = ("survival_pct", "cover_pct", "canopy_ratio", "stems_per_ha")
MEASURED = (*AREAS, *INDICATORS)
"""Everything that a ``measured`` event may set; all are numbers."""

Level = Literal["error", "warning", "note"]
LEVEL_LABEL: dict[Level, Text] = {"error": Text("错误", "error"), "warning": Text("提醒", "warning"), "note": Text("说明", "note")}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a site is called and where it belongs; a change makes a new version."""

    source_id: str
    measure: str
    plan_year: int
    name: str = ""
    county_code: str = ""
    town_code: str = ""
    town: str = ""
    village: str = ""
    unit: str = ""
    mine_id: str = ""
    species: str = ""
    closure_on: date | None = None
    closure_years: int | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a site is after its last event: a fold over its history."""

    status: str
    boundary: int
    attributes: int
    measured: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one site; never changed, never removed.

    ``after`` is the id of the event that it follows (``None`` for the first), ``step`` its depth, and ``state`` what results.
    ``happened_on`` is the field's clock, ``recorded_at`` the office's (UTC, ISO 8601, milliseconds, ``Z``).
    ``digest`` chains the content to the event before it.
    """

    id: str
    site_id: str
    step: int
    after: str | None
    kind: Kind
    to_status: str | None
    happened_on: date
    recorded_at: str
    recorded_by: str
    doc_no: str
    note: str
    payload: Mapping[str, Any]
    state: State
    digest: str = ""


_NOTHING = State(status="", boundary=0, attributes=0)


def result_of(state: State | None, event: Event) -> State:
    """The state that an event leads to, from the state before it (``None`` before the first).

    This is the fold that is kept on the event's row and that ``verify`` does anew.
    """
    return state_after(state, to_status=event.to_status, payload=event.payload)


def state_after(state: State | None, *, to_status: str | None, payload: Mapping[str, Any]) -> State:
    """The state that an event of that status and payload leads to: `result_of` before there is an event."""
    before = state or _NOTHING
    measured = {**before.measured, **payload.get("measured", {})}
    return State(
        status=to_status or before.status,
        boundary=int(payload.get("boundary", before.boundary)),
        attributes=int(payload.get("attributes", before.attributes)),
        measured={key: value for key, value in measured.items() if value is not None},
    )


SURVEY_LABEL = Text("调查日期", "surveyed on")


def survey_of(history: Sequence[Event]) -> str:
    """The day of the last survey that a site's entries tell of; ``""`` if they tell of none."""
    return next((str(event.payload["surveyed_on"]) for event in reversed(history) if event.payload.get("surveyed_on")), "")


def digest_of(event: Event, *, previous: str, boundary: str, attributes: str) -> str:
    """The event's digest: SHA-256 over its content, the digest before it, and those of its boundary and attributes.

    Parameters
    ----------
    event
        The event; its own ``digest`` is not read.
    previous
        Digest of the event that it follows, ``""`` for the first.
    boundary, attributes
        Digests of the boundary and attribute versions that result.
    """
    state = event.state
    content = [
        event.id, event.site_id, event.step, event.after, event.kind, event.to_status,
        event.happened_on.isoformat(), event.recorded_at, event.recorded_by, event.doc_no, event.note,
        event.payload, [state.status, state.boundary, state.attributes, dict(state.measured)],
        previous, boundary, attributes,
    ]  # fmt: skip
    return sha256(canonical(content).encode()).hexdigest()


def canonical(content: object) -> str:
    """JSON that is the same text for the same content: keys sorted, no spaces, no NaN."""
    return _CANONICAL.encode(content)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or worth knowing, in *data*: what it is, where it is, how to mend it.

    ``place`` is a point in EPSG:4490 (longitude, latitude) that one can zoom to. ``row`` counts the file's records from 1.
    """

    code: str
    level: Level
    message: Text
    way_out: Text
    file: str = ""
    layer: str = ""
    row: int | None = None
    site_id: str = ""
    other_site_id: str = ""
    place: tuple[float, float] | None = None
    value: float | None = None

    @property
    def lon_lat(self) -> str:
        """The place as one types it into a GIS, ``105.123456,25.123456``; ``""`` where there is none."""
        return "" if self.place is None else f"{self.place[0]:.6f},{self.place[1]:.6f}"


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was planned: an area or a number of sites of one measure in one year, with who said so."""

    measure: str
    plan_year: int
    source: str
    area_m2: float | None = None
    number: int | None = None
    recorded_by: str = ""
    recorded_at: str = ""


def explanation_in(documentation: str | None) -> Text:
    r"""The explanation that a rule's docstring is: Chinese, a line ``---``, English.

    Examples
    --------
    >>> explanation_in("中文\n\n---\nEnglish").en
    'English'
    """
    zh, _, en = cleandoc(documentation or "").partition("\n---\n")
    return Text(zh.strip(), en.strip())


def headline_of(explanation: Text) -> Text:
    r"""What an explanation is about: its first line, without the word that begins it.

    Examples
    --------
    >>> headline_of(Text("问题：图形无效。\n影响：…", "What: it is invalid.\nWhy: ...")).en
    'it is invalid.'
    """
    begun = ((explanation.zh, "问题："), (explanation.en, "What:"))
    zh, en = (f"{text}\n".splitlines()[0].removeprefix(begin).strip() for text, begin in begun)
    return Text(zh, en)


@contextmanager
def made_in_numbers() -> Iterator[None]:
    """Keeps Python from looking for cycles while a great many records are made: they hold none, and to look again and again is dear."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def new_id() -> str:
    """A UUIDv7 (RFC 9562 §5.7): sortable by time of making, made without asking the store.

    Examples
    --------
    >>> first, second = new_id(), new_id()
    >>> len(first), first[14]
    (36, '7')
    """
    milliseconds = time.time_ns() // 1_000_000
    tail = secrets.randbits(74)
    number = (milliseconds << 80) | (0x7 << 76) | ((tail >> 62) << 64) | (0b10 << 62) | (tail & (1 << 62) - 1)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def utc_now() -> str:
    """Now by the office's clock: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today() -> date:
    """The day that it is in the office (Asia/Shanghai)."""
    return datetime.now(OFFICE_TIME).date()


def statuses_of(history: Iterable[Event]) -> list[str]:
    """The statuses that a site went through, oldest first; one that was corrected away was never gone through."""
    passed: list[str] = []
    for event in history:
        if event.kind == "corrected" and event.to_status:
            passed[-1:] = []
        if not passed or passed[-1] != event.state.status:
            passed.append(event.state.status)
    return passed
