"""Progress month by month from the ledger, beside reading the whole frame for each month.

    python benchmarks/progress.py [SITES] [EVENTS_A_SITE] [MONTHS]

One process, one run, seeded; the ledger is that of `ledger.py`, its events spread over the months.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ledger import FIRST, registered, shapes, timed

from restoration import lifecycle, tally
from restoration.model import Event, Target, new_id, result_of, utc_now
from restoration.store import Entry, Ledger, create_ledger

PASSED = ("designed", "in_progress", "works_done", "self_checked", "county_accepted")
TARGETS = (Target("hill_closure", 2021, "bench", area_m2=1e9),)


def main(sites: int, events: int, months: int) -> None:
    """Fill a ledger and time its progress."""
    days = tally.month_ends(FIRST, FIRST + timedelta(days=round(30.4 * months) - 1))
    with tempfile.TemporaryDirectory() as folder:
        ledger = create_ledger(Path(folder) / "ledger.gpkg", about={}, table=lifecycle.table())
        fill(ledger, sites, events, (days[-1] - FIRST).days // events)
        print(f"{sites} sites, {sites * events} events, {len(days)} months")
        for name, by in (("the whole", ()), ("by measure and year", ("measure", "year")), ("by town and status", ("town", "status"))):
            taken_s, found = timed(lambda by=by: tally.series(ledger.sites_on(days), TARGETS, by=by, table=ledger.table))
            print(f"{name:28} {taken_s:8.2f} s   {len(found)} rows")
        once_s, _ = timed(lambda: list(ledger.sites_on(days)))
        print(f"{'of it reading':28} {once_s:8.2f} s")
        frame_s, _ = timed(lambda: ledger.sites(as_of=days[-1]))
        print(f"{'whole frames, one a month':28} {frame_s * len(days):8.2f} s   (one, times the months)")


def fill(ledger: Ledger, sites: int, events: int, apart_days: int) -> None:
    """Register the sites, then move each of them on, every so many days."""
    last = ledger.append([registered(site, shape) for site, shape in enumerate(shapes(sites))])
    for step in range(1, events):
        last = ledger.append([moved(event, PASSED[(step - 1) % len(PASSED)], FIRST + timedelta(days=step * apart_days)) for event in last])


def moved(last: Event, to: str, on: date) -> Entry:
    """One more event, with areas that were measured."""
    payload = {"measured": {"verified_m2": 39_000.0, "qualified_m2": 38_000.0}}
    event = Event(new_id(), last.site_id, last.step + 1, last.id, "moved", to, on, utc_now(), "bench", "", "", payload, last.state)
    return Entry(replace(event, state=result_of(last.state, event)))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*[*given, *(20_000, 5, 36)[len(given) :]][:3])
