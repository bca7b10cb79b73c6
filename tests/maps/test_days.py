"""Every day of a made-up history, and all pairs of its days: the page says what the ledger and the tally say."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from restoration import maps, totals
from restoration.frame import COLUMNS
from restoration.maps.legend import thousands
from restoration.maps.timeline import KINDS
from restoration.model import AREAS, INDICATORS, Attributes, Event, Kind, State, new_id, result_of
from restoration.overlay import Ground
from restoration.project import Project
from restoration.sharing import ground_of_sites
from restoration.store import Clock, Entry
from restoration.text import speaking
from restoration.units import rounded
from restoration.units import shown as in_mu
from tests.making import project_in
from tests.making import square as parcel

from .conftest import Opened

Open = Callable[[folium.Map], Opened]
EPOCH = date(1970, 1, 1)
BEGIN = datetime(2021, 1, 5, 3, tzinfo=UTC)
MEASURES = ("hill_closure", "afforestation", "mine_regreen")
STATUSES = ("planned", "in_progress", "works_done", "county_accepted", "tending", "closed", "rectifying", "suspended", "cancelled",
            "cancelled")  # fmt: skip
TOWNS = ("郑屯镇", "鲁屯镇")
FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"group": ("accepted", "under_way")},
    {"town": TOWNS[:1]},
    {"layer": ("reforestation",), "plan_year": ("2020",)},
    {"status": ("施工中", "暂停")},
    {"measure": MEASURES[:1], "group": ("other",)},
)
"""What is left out, by column: text as the page has it."""
SHOW = """([off, days]) => {
    const store = restoration.opened.store;
    Object.keys(store.off).forEach(kind => { store.off[kind] = Object.create(null); });
    Object.keys(off).forEach(kind => off[kind].forEach(code => { store.off[kind][code] = true; }));
    return store.past.then(past => days.map(([day, clock]) => { store.showDay(day, clock, past); return store.sums(); }));
}"""
TELL = """([names, areas, days]) => {
    const store = restoration.opened.store;
    return store.past.then(past => days.map(([day, clock]) => {
        store.showDay(day, clock, past);
        const told = {};
        for (let row = 0; row < store.number; row++) {
            if (!store.visible(row)) { continue; }
            const site = told[store.text('site_id', row)] = {};
            names.forEach(name => { site[name] = store.text(name, row); });
            areas.forEach(name => { site[name] = store.area(name, 'mu', row); });
        }
        return told;
    }));
}"""
COMPARE = """([days, clock]) => {
    const store = restoration.opened.store;
    return store.past.then(past => {
        const stood = days.map(day => store.standing(day, clock, past)), made = [];
        for (let after = 1; after < days.length; after++) {
            store.showDay(days[after], clock, past);
            for (let before = 0; before < after; before++) {
                const kinds = store.changesBetween(stood[before], stood[after]), told = {}, name = row => store.text('site_id', row);
                Object.keys(kinds).forEach(kind => { told[kind] = [kinds[kind].rows.map(name).sort(), kinds[kind].steps]; });
                made.push(told);
            }
        }
        return made;
    });
}"""


def history_of(seed: int, *, sites: int = 9, events: int = 60) -> Iterator[Entry]:
    """Sites that lie on one another, and what happens to them: every kind of change, by two clocks that do not agree."""
    chance = random.Random(seed)
    heads: dict[str, Event] = {}
    known: dict[str, Attributes] = {}
    for number in range(events):
        recorded = BEGIN + timedelta(days=6 * number + chance.randrange(5), hours=chance.randrange(20))
        site_id = f"S{chance.randrange(sites)}"
        last = heads.get(site_id)
        earliest, state = (last.happened_on, last.state) if last else (date(2020, 1, 1), None)
        on = max(recorded.date() - timedelta(days=chance.choice([0, 0, 3, 40])), earliest)
        kind: Kind = chance.choice(["moved", "moved", "moved", "redrawn", "measured", "corrected", "noted"]) if last else "registered"
        payload = payload_of(kind, state, chance)
        shape = parcel(chance.choice([0, 0.4, 0.8, 3]), chance.choice([0, 0.3, 5]), side=chance.choice([0.002, 0.003]))
        named = known.get(site_id, Attributes(site_id, "", chance.choice([2020, 2021]), mine_id="K1"))
        named = replace(named, town=chance.choice(TOWNS), measure=chance.choice(MEASURES), name=f"名{number}")
        to = {"moved": chance.choice(STATUSES), "registered": "planned"}.get(kind)
        moment = recorded.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        step, after = (last.step + 1, last.id) if last else (1, None)
        event = Event(new_id(), site_id, step, after, kind, to, on, moment, "甲", "", "", payload, State("", 0, 0))
        heads[site_id] = event = replace(event, state=result_of(state, event))
        known[site_id] = named if "attributes" in payload else known[site_id]
        yield Entry(event, shape if "boundary" in payload else None, named if "attributes" in payload else None)


def payload_of(kind: Kind, state: State | None, chance: random.Random) -> dict[str, Any]:
    """What an event of a kind brings."""
    if kind == "measured":
        return {"measured": {chance.choice(AREAS): chance.uniform(0, 9e4), chance.choice(INDICATORS): chance.uniform(0, 99)}}
    brings = {"registered": ("boundary", "attributes"), "redrawn": ("boundary",), "corrected": ("attributes",)}.get(kind, ())
    return {name: getattr(state, name, 0) + 1 for name in brings}


@pytest.fixture(scope="module", params=range(2))
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project.open(project_in(tmp_path_factory.mktemp("days")))
    made.ledger.append(list(history_of(request.param)))
    return made


def drawn(project: Project) -> folium.Map:
    ledger = project.ledger
    with speaking("zh"):
        return maps.build(
            project.sites(), histories=ledger.histories(), versions=ledger.boundary_versions(), attributes=ledger.changed_attributes()
        )


@pytest.fixture
def shown(opened: Open, project: Project) -> Opened:
    return opened(drawn(project))


def days_of(project: Project, clock: Clock) -> list[date | None]:
    """Every day on which something was, the day before the first, and now."""
    events = [event for history in project.ledger.histories().values() for event in history]
    moments = {event.happened_on for event in events}
    if clock == "office":
        moments = {(datetime.fromisoformat(event.recorded_at) + timedelta(hours=8)).date() for event in events}
    return [min(moments) - timedelta(days=1), *sorted(moments), None]


def number(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def left_by(sites: gpd.GeoDataFrame, off: dict[str, tuple[str, ...]], project: Project) -> gpd.GeoDataFrame:
    """The sites of a frame that a filter leaves."""
    kept = np.ones(len(sites), dtype=bool)
    for column, texts in off.items():
        said = sites[column].astype("str")
        if column == "status":
            with speaking("zh"):
                said = pd.Series(labels(sites, project))
        kept &= ~said.isin(texts).to_numpy()
    return sites[kept].reset_index(drop=True)


def labels(sites: gpd.GeoDataFrame, project: Project) -> list[str]:
    """What the statuses are called."""
    return [str(project.table.label(*pair)) for pair in zip(sites["status"], sites["measure"], strict=True)]


@pytest.mark.parametrize("clock", ["field", "office"])
def test_numbers_and_areas_are_the_tally_s_on_every_day_under_every_filter(shown: Opened, project: Project, clock: Clock) -> None:
    every, has_shared = days_of(project, clock), 0
    for at, off in enumerate(FILTERS):
        days = every if not off else every[at % 4 :: 4]
        found = shown.page.evaluate(SHOW, [off, [[number(day), clock] for day in days]])
        for day, sums in zip(days, found, strict=True):
            sites = left_by(project.sites(as_of=day, clock=clock), off, project)
            ground = ground_of_sites(sites)
            told = {key: [sums[key][what] for what in ("sites", "mines", "task", "land")] for key in sums}
            assert told == sums_of(sites, ground), (day, off)
            has_shared += bool(ground.land_m2 < ground.area_m2.sum() - 100)
    assert has_shared > len(every)


def sums_of(sites: gpd.GeoDataFrame, ground: Ground) -> dict[str, list[Any]]:
    """What `tally.totals` says of sites, as the page has it."""
    rows: dict[str, Any] = {}
    for kind in ("layer", "measure", "group"):
        made = totals(sites, by=[kind], ground=ground)
        rows |= {f"{kind} {row[kind]}": row for row in made.rows.to_dict("records")}
        rows |= {"whole ": made.whole} if made.whole["sites"] else {}
    areas = {key: [thousands(in_mu(row[name])) for name in ("task_m2", "land_m2")] for key, row in rows.items()}
    return {key: [row["sites"], row["mines"], *areas[key]] for key, row in rows.items()}


@pytest.mark.parametrize("clock", ["field", "office"])
def test_what_is_told_of_a_site_is_of_the_day(shown: Opened, project: Project, clock: Clock) -> None:
    days = days_of(project, clock)
    head = shown.page.evaluate("restoration.opened.store.page.facts.map(fact => [fact.name, fact.kind])")
    texts = ["group", *(name for name, kind in head if kind != "area" and not name.startswith("last_"))]
    areas = [name for name, kind in head if kind == "area"]
    assert {"boundary_version", "town", "name"} <= {"name", *texts}
    assert ("area_m2" in areas, len(areas) > 2, "survival_pct" in texts or "cover_pct" in texts) == (True, True, True)
    found = shown.page.evaluate(TELL, [[*texts, "name", "status"], areas, [[number(day), clock] for day in days]])
    for day, told in zip(days, found, strict=True):
        sites = project.sites(as_of=day, clock=clock)
        with speaking("zh"):
            status = labels(sites, project)
        wanted = {}
        for at, site in sites.iterrows():
            said = {name: str(site[name]) for name in [*texts, "name"]}
            said |= {name: rounded(site[name], 2) for name in texts if isinstance(site[name], float)}
            said |= {name: thousands(in_mu(site[name])) for name in areas}
            wanted[site["site_id"]] = said | {"status": status[at]}
        assert told == wanted, day


def kinds_between(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, project: Project) -> dict[str, tuple[list[str], float]]:
    """What became of sites between two frames: by kind the sites and the area, m²."""
    was = {site.site_id: site for site in before.itertuples()}
    found: dict[str, tuple[list[str], list[float]]] = {kind: ([], []) for kind in KINDS}
    attributes = [name for name in Attributes.__dataclass_fields__ if name in {column.name for column in COLUMNS}]
    for now in after.itertuples():
        old = was.get(now.site_id)
        word = project.table.counts_as[now.group] if now.counted else "struck"
        then = "absent" if old is None else project.table.counts_as[old.group] if old.counted else "struck"
        is_accepted, was_accepted = word == "accepted", then == "accepted"
        told = {
            "new": (old is None, now.area_m2),
            "accepted": (is_accepted and not was_accepted, now.area_m2),
            "begun": (word == "in_progress" and then not in ("in_progress", "accepted"), now.area_m2),
            "fallen": (was_accepted and not is_accepted, old.area_m2 if old else 0),
            "struck": (word == "struck" and then != "struck", (old or now).area_m2),
        }
        is_other = old is not None and old.status != now.status and not any(told[kind][0] for kind in told)
        told["moved"] = (is_other, now.area_m2)
        told["redrawn"] = (old is not None and old.boundary_version != now.boundary_version, now.area_m2 - (old.area_m2 if old else 0))
        told["revised"] = (old is not None and any(str(getattr(old, name)) != str(getattr(now, name)) for name in attributes), now.area_m2)
        for kind, (holds, area_m2) in told.items():
            if holds:
                found[kind][0].append(now.site_id)
                found[kind][1].append(area_m2)
    return {kind: (sorted(sites), sum(areas_m2)) for kind, (sites, areas_m2) in found.items()}


@pytest.mark.parametrize("clock", ["field", "office"])
def test_all_pairs_of_days_are_compared_as_the_ledger_has_them(shown: Opened, project: Project, clock: Clock) -> None:
    days = days_of(project, clock)
    frames = [project.sites(as_of=day, clock=clock) for day in days]
    found = shown.page.evaluate(COMPARE, [[number(day) for day in days], clock])
    seen: set[str] = set()
    pairs = [(before, after) for after in range(1, len(days)) for before in range(after)]
    for (before, after), told in zip(pairs, found, strict=True):
        for kind, (sites, area_m2) in kinds_between(frames[before], frames[after], project).items():
            assert (told[kind][0], kind) == (sites, kind), (days[before], days[after])
            assert told[kind][1] / 1e4 == pytest.approx(area_m2, abs=1e-2)
            seen |= {kind} if sites else set()
    assert seen == set(KINDS)


def test_with_too_many_pairs_in_the_past_land_area_is_of_now_only(opened: Open, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps.ground, "MOST_PAIRS", 1)
    shown = opened(drawn(project))
    land = shown.page.locator('[data-sum="whole  land"]')
    assert land.inner_text() == thousands(in_mu(ground_of_sites(project.sites()).land_m2))
    shown.page.locator(".track input").press("Home")
    assert (land.inner_text(), shown.texts(".told")[0].endswith("土地面积只算全部图斑的现状")) == ("—", True)
