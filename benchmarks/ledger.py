"""Reading the ledger, beside a plain table of the same read by pyogrio; and what one update costs.

    python benchmarks/ledger.py [SITES] [EVENTS_A_SITE]

One process, one run, seeded; each line says its seconds, and ours divided by the peer's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from restoration import lifecycle
from restoration.model import Attributes, Event, State, new_id, result_of, utc_now
from restoration.store import Entry, Ledger, create_ledger

VERTICES = 60
FIRST = date(2015, 1, 1)


def main(sites: int, events: int) -> None:
    """Fill a ledger and time what is done with it."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = create_ledger(Path(folder) / "ledger.gpkg", about={}, table=lifecycle.table())
        filled_s, _ = timed(lambda: fill(ledger, sites, events))
        each_us = filled_s / sites / events * 1e6
        print(f"{sites} sites, {sites * events} events, {VERTICES} vertices; filled in {filled_s:.1f} s ({each_us:.0f} µs an event)")
        plain = Path(folder) / "plain.gpkg"
        frame = ledger.sites()
        pyogrio.write_dataframe(frame, plain)
        peer_s, _ = timed(lambda: pyogrio.read_dataframe(plain))
        print(f"plain table by pyogrio       {peer_s:8.2f} s   1.00")
        for name, read in (
            ("the present", ledger.sites),
            ("as of a day in the middle", lambda: ledger.sites(as_of=FIRST + timedelta(days=events // 2))),
            ("verify (every byte)", ledger.verify),
        ):
            taken_s, _ = timed(read)
            print(f"{name:28} {taken_s:8.2f} s   {taken_s / peer_s:.2f}")
        print(f"{'one update, written safely':28} {1e3 * one_update_s(ledger):8.2f} ms")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the clock, and the result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def fill(ledger: Ledger, sites: int, events: int) -> None:
    """Register the sites, then note something about each of them, day after day."""
    last = ledger.append([registered(site, shape) for site, shape in enumerate(shapes(sites))])
    for day in range(1, events):
        last = ledger.append([noted(event, FIRST + timedelta(days=day)) for event in last])


def shapes(count: int) -> list[shapely.MultiPolygon]:
    """Irregular rings on a loose grid."""
    chance = np.random.default_rng(20211231)
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 0.0004 * (0.6 + 0.4 * chance.random((count, VERTICES)))
    middle = np.column_stack([105 + 0.001 * (np.arange(count) % 400), 25 + 0.001 * (np.arange(count) // 400)])
    rings = middle[:, None, :] + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)
    polygons = np.asarray(shapely.polygons(rings), dtype=object)
    return [shapely.MultiPolygon([polygon]) for polygon in polygons]


def registered(site: int, shape: shapely.MultiPolygon) -> Entry:
    """The first event of a site."""
    payload = {"boundary": 1, "attributes": 1, "measured": {"reported_m2": 40_000.0}}
    event = Event(new_id(), f"S{site}", 1, None, "registered", "sited", FIRST, utc_now(), "bench", "", "", payload, State("", 0, 0))
    return Entry(replace(event, state=result_of(None, event)), shape, Attributes(str(site), "hill_closure", 2021, name=f"site {site}"))


def noted(last: Event, on: date) -> Entry:
    """One more event."""
    event = Event(new_id(), last.site_id, last.step + 1, last.id, "noted", None, on, utc_now(), "bench", "", "x", {}, last.state)
    return Entry(event)


def one_update_s(ledger: Ledger, *, times: int = 50) -> float:
    """Seconds of one update of one site, read and write, each in its own transaction."""
    start = time.perf_counter()
    for number in range(times):
        head = ledger.heads([f"S{number}"])[f"S{number}"]
        ledger.append([noted(head.event, head.event.happened_on)])
    return (time.perf_counter() - start) / times


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*[*given, *(20_000, 5)[len(given) :]][:2])
