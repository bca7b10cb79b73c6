"""What the page tells of a site: its facts, its last events. Only what is here is in the file at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..ellipsoid import Integers
from ..frame import COLUMNS, Column
from ..lifecycle import Lifecycle
from ..model import KIND_LABEL, OFFICE_TIME, Event
from ..personal import masked
from ..units import rounded
from .columns import Coded, Columns, areas, coded, rest_of
from .packing import Pack
from .words import ELLIPSOIDAL

Clock = Literal["field", "office"]

LATEST = 10
"""How many of a site's events the page tells."""
ELSEWHERE = frozenset({"name", "status", "group", "counted", "is_sample", "last_event_id"})
"""Columns that are shown above the list of facts, as heading, chip or badge, or that say nothing to a reader."""
SOUGHT = ("site_id", "source_id", "name", "town", "village", "mine_id")
"""Texts that the page names and seeks sites by, whether or not they are facts."""
CODES = ("layer", "measure")
"""Columns of codes, which the page has labels for."""
SHOWN_DIGITS = 2


def facts_of(sites: gpd.GeoDataFrame, *, public: bool, steps: pd.DataFrame | None = None) -> list[dict[str, str]]:
    """What is told of a site, in the order of the frame: name of the column, label, and what it is.

    What no site has, or had at any of its ``steps``, is left out. A column is ``area``, ``code`` (its label is in the legend) or ``text``.
    """
    told = [column for column in COLUMNS if column.name not in ELSEWHERE and (column.public or not public)]
    had = set() if steps is None else {name for name in steps if _is_filled(steps[name])}
    filled = [column for column in told if column.name in had or _is_filled(sites[column.name])]
    return [{"name": column.name, "label": _label(column), "kind": _kind(column.name)} for column in filled]


def _label(column: Column) -> str:
    return str(column.label) + (str(ELLIPSOIDAL) if column.name == "area_m2" else "")


def _kind(name: str) -> str:
    return "area" if name.endswith("_m2") else "code" if name in CODES else "text"


def _is_filled(values: pd.Series) -> bool:
    return bool((values.notna() & (values.astype("str") != "")).any())


def add_columns(columns: Columns, facts: Sequence[Mapping[str, str]], *, table: Lifecycle) -> None:
    """Put in every column that is told or sought, and the statuses' labels."""
    for name in dict.fromkeys(["area_m2", *(fact["name"] for fact in facts if fact["kind"] == "area")]):
        square_metres, correction = areas(columns.values(name).to_numpy(dtype=np.float64, na_value=np.nan))
        columns.add(name, square_metres)
        columns.add(f"{name}±", correction)
    columns.add("area_rest", rest_of(columns.values("area_m2").to_numpy(dtype=np.float64, na_value=np.nan)))
    for name in dict.fromkeys([*SOUGHT, *(fact["name"] for fact in facts if fact["kind"] == "text")]):
        labels = KIND_LABEL if name == "last_kind" else {}
        columns.add_texts(name, *coded(columns.values(name), told=lambda value, labels=labels: _told(value, labels)))  # type: ignore[misc]
    columns.add_texts("status", *_labels_of(coded(columns.values("status")), coded(columns.values("measure")), table))


def _told(value: Any, labels: Mapping[Any, Any]) -> str:
    return rounded(value, SHOWN_DIGITS) if isinstance(value, float) else str(labels.get(value, value))


def _labels_of(statuses: Coded, measures: Coded, table: Lifecycle) -> Coded:
    """A status is called by a word of its measure; no status, by none."""
    many = len(measures.values)
    pairs, codes = np.unique(statuses.codes * many + measures.codes, return_inverse=True)
    named = [(statuses.values[pair // many], measures.values[pair % many]) for pair in pairs]
    labels = coded([str(table.label(status, measure)) if status else "" for status, measure in named])
    return Coded(labels.values, labels.codes[codes.reshape(-1)])


class Entries(NamedTuple):
    """The last events of sites, newest first, row after row: how many each row has, their days, and columns of texts."""

    of_site: Integers
    days: Integers
    """Days since 1970-01-01."""
    texts: dict[str, Coded]
    """``kind`` and ``status`` and, unless the map is public, ``document``, ``note`` and ``by``."""
    recorded: Integers | None = None
    """Days of recording, as ``days``, if they were asked for."""


def latest_of(
    histories: Mapping[str, Sequence[Event]],
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle,
    public: bool,
    as_of: date | None,
    clock: Clock,
    recorded: bool = False,
) -> Entries:
    """The last events of each row of the frame that were known on the day; with their days of recording, if wanted."""
    known = [_latest(histories.get(site_id, ()), as_of, clock) for site_id in sites["site_id"]]
    count = np.array([len(events) for events in known], dtype=np.intp)
    events = [event for of_site in known for event in of_site]
    measures = coded(sites["measure"])
    of_event = Coded(measures.values, np.repeat(measures.codes, count))
    texts = {
        "kind": coded([event.kind for event in events], told=lambda kind: str(KIND_LABEL[kind])),
        "status": _labels_of(coded([event.to_status or "" for event in events]), of_event, table),
    }
    if not public:
        texts["document"] = coded([masked(event.doc_no) for event in events])
        texts["note"] = coded([masked(event.note) for event in events])
        texts["by"] = coded([masked(event.recorded_by) for event in events])
    days = np.array([event.happened_on for event in events], dtype="datetime64[D]").astype(np.int64)
    by_office = np.array([day_of(event, "office") for event in events], dtype="datetime64[D]").astype(np.int64) if recorded else None
    return Entries(count, days, texts, by_office)


def add_entries(pack: Pack, entries: Entries) -> None:
    """Put events into a pack."""
    pack.add("of_site", entries.of_site)
    pack.add("day", entries.days)
    if entries.recorded is not None:
        pack.add("office", entries.recorded)
    for name, column in entries.texts.items():
        pack.add_texts(name, *column)


def _latest(history: Sequence[Event], as_of: date | None, clock: Clock) -> list[Event]:
    known = history if as_of is None else [event for event in history if day_of(event, clock) <= as_of]
    return list(reversed(known[-LATEST:]))


def day_of(event: Event, clock: Clock) -> date:
    """The day of an event by a clock."""
    if clock == "field":
        return event.happened_on
    return datetime.fromisoformat(event.recorded_at).astimezone(OFFICE_TIME).date()
