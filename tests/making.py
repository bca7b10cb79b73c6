"""Sites and entries made for tests: squares of a known size near 105.1° E, 25.1° N."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from restoration import lifecycle
from restoration.model import Attributes, Event, Kind, State, new_id, result_of, utc_now
from restoration.store import Entry, Ledger, create_ledger

SIDE_DEG = 0.002


def square(column: float, row: float = 0.0, *, side: float = SIDE_DEG) -> shapely.MultiPolygon:
    """A square at a place of a grid whose cells are one side wide."""
    west, south = 105.1 + column * SIDE_DEG, 25.1 + row * SIDE_DEG
    return shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)])


def registration(
    site_id: str, *, status: str = "sited", on: date = date(2021, 3, 1), column: float = 0.0, measure: str = "hill_closure"
) -> Entry:
    """The first event of a site, with its boundary and attributes."""
    payload = {"boundary": 1, "attributes": 1, "measured": {"reported_m2": 40_000.0}}
    event = Event(new_id(), site_id, 1, None, "registered", status, on, utc_now(), "甲", "", "", payload, State("", 0, 0))
    return Entry(replace(event, state=result_of(None, event)), square(column), Attributes(site_id, measure, 2021, name=f"名{site_id}"))


def next_event(last: Event, *, kind: Kind = "moved", to: str | None = None, on: date = date(2021, 4, 1), by: str = "乙") -> Entry:
    """An event that follows another."""
    event = Event(new_id(), last.site_id, last.step + 1, last.id, kind, to, on, utc_now(), by, "", "", {}, last.state)
    return Entry(replace(event, state=result_of(last.state, event)))


def ledger_of(path: Path, count: int) -> Ledger:
    """A new ledger with sites S0, S1, ... side by side."""
    ledger = create_ledger(path, about={"title": "测试"}, table=lifecycle.table())
    ledger.append([registration(f"S{number}", column=number) for number in range(count)])
    return ledger


def sites_frame(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """An analyst's frame: each row a dict with a ``geometry``."""
    return gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4490")
