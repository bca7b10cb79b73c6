"""What the page tells of a site: its facts, its last events. Only what is here is in the file at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from ..frame import COLUMNS, Column
from ..lifecycle import Lifecycle
from ..model import KIND_LABEL, OFFICE_TIME, Event
from ..personal import masked
from ..text import Text
from ..units import rounded, shown
from .legend import thousands
from .words import ELLIPSOIDAL

Clock = Literal["field", "office"]

LATEST = 10
"""How many of a site's events the page tells."""
ELSEWHERE = frozenset({"name", "status", "group", "counted", "is_sample", "last_event_id"})
"""Columns that are shown above the list of facts, as heading, chip or badge, or that say nothing to a reader."""
SHOWN_DIGITS = 2


def facts_of(sites: gpd.GeoDataFrame, *, table: Lifecycle, public: bool) -> list[dict[str, Any]]:
    """The columns of facts, in the order of the frame, without those that no site has.

    Each is ``label`` and ``text`` (a packed column of texts), or for an area ``mu`` and ``ha``.
    """
    columns = [column for column in COLUMNS if column.name not in ELSEWHERE and (column.public or not public)]
    labels: dict[str, Mapping[str, Text]] = {
        "layer": table.layers,
        "measure": {code: measure.label for code, measure in table.measures.items()},
        "last_kind": KIND_LABEL,
    }
    facts = [_fact(sites[column.name], column, labels.get(column.name, {})) for column in columns]
    return [fact for fact in facts if fact["filled"]]


def _fact(values: pd.Series, column: Column, labels: Mapping[str, Text]) -> dict[str, Any]:
    label = str(column.label) + (str(ELLIPSOIDAL) if column.name == "area_m2" else "")
    made: dict[str, Any] = {"name": column.name, "label": label, "filled": bool((values.notna() & (values.astype("str") != "")).any())}
    if column.name.endswith("_m2"):
        numbers = values.tolist()
        return made | {unit: packed([thousands(shown(number, unit)) for number in numbers]) for unit in ("mu", "ha")}
    return made | {"text": packed([_told(value, labels) for value in values.tolist()])}


def _told(value: Any, labels: Mapping[str, Text]) -> str:
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):
        return rounded(value, SHOWN_DIGITS)
    return str(labels.get(value, value))


def packed(values: Sequence[str]) -> dict[str, list[Any]]:
    """A column of texts, each different one kept once.

    Examples
    --------
    >>> packed(["a", "b", "a"])
    {'values': ['a', 'b'], 'rows': [0, 1, 0]}
    """
    position = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return {"values": list(position), "rows": [position[value] for value in values]}


def latest_of(
    histories: Mapping[str, Sequence[Event]], sites: gpd.GeoDataFrame, *, table: Lifecycle, public: bool, as_of: date | None, clock: Clock
) -> dict[str, list[list[str]]]:
    """By row of the frame, the last events that were known on the day, newest first.

    Each is ``[day, kind, status]`` and, unless the map is public, ``document, note, recorded by``.
    """
    told = {}
    for row, (site_id, measure) in enumerate(zip(sites["site_id"], sites["measure"], strict=True)):
        known = [event for event in histories.get(site_id, ()) if as_of is None or _day(event, clock) <= as_of]
        if known:
            told[str(row)] = [_entry(event, measure, table, public=public) for event in reversed(known[-LATEST:])]
    return told


def _day(event: Event, clock: Clock) -> date:
    if clock == "field":
        return event.happened_on
    return datetime.fromisoformat(event.recorded_at).astimezone(OFFICE_TIME).date()


def _entry(event: Event, measure: str, table: Lifecycle, *, public: bool) -> list[str]:
    label = str(table.label(event.to_status, measure)) if event.to_status else ""
    entry = [event.happened_on.isoformat(), str(KIND_LABEL[event.kind]), label]
    return entry if public else [*entry, *(masked(text) for text in (event.doc_no, event.note, event.recorded_by))]
