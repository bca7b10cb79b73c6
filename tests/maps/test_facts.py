"""What is told of a site, and what a public map leaves out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import geopandas as gpd

from restoration import lifecycle
from restoration.frame import conform
from restoration.maps.columns import Columns
from restoration.maps.facts import add_columns, facts_of, latest_of
from restoration.maps.packing import Pack
from restoration.model import Event, State
from restoration.text import speaking

from .conftest import sites_of, square, unpacked

TABLE = lifecycle.table()


def event(step: int, *, on: date, recorded_at: str, to: str | None = None) -> Event:
    kind = "moved" if to else "noted"
    state = State(to or "planned", 1, 1)
    return Event(f"e{step}", "1", step, None, kind, to, on, recorded_at, "王工", "林字1号", "看过", {}, state)  # type: ignore[arg-type]


def told(histories: dict[str, list[Event]], sites: gpd.GeoDataFrame, **how: Any) -> list[dict[str, Any]]:
    """The entries of a frame of one site, one after the other."""
    entries = latest_of(histories, sites, table=TABLE, **how)
    texts = [{name: column.values[column.codes[row]] for name, column in entries.texts.items()} for row in range(len(entries.days))]
    days = [date(1970, 1, 1) + timedelta(days=int(day)) for day in entries.days]
    return [{"day": day, **words} for day, words in zip(days, texts, strict=True)]


def test_areas_are_told_in_mu_and_ha_from_the_column_not_from_the_shape() -> None:
    sites = conform(sites_of({"geometry": square(105, 25), "reported_m2": None})).assign(area_m2=12_345.0)
    with speaking("zh"):
        facts = facts_of(sites, public=False)
    assert [(fact["label"], fact["kind"]) for fact in facts if fact["name"].endswith("_m2")] == [("图斑面积(椭球)", "area")]
    pack = Pack()
    add_columns(Columns(pack, sites), facts, table=TABLE)
    columns = unpacked(pack.finished())
    assert (columns["area_m2"].tolist(), columns["area_m2±"].tolist()) == ([12_346], [0])


def test_a_public_map_has_only_public_columns() -> None:
    private = {"unit": "县林业局", "last_by": "王工", "last_doc_no": "林字1号"}
    sites = conform(sites_of({"geometry": square(105, 25), "town": "坪上镇", "last_event_id": "e1", **private}))
    told = {fact["name"] for fact in facts_of(sites, public=True)}
    assert told.isdisjoint(private)
    assert "town" in told
    inside = {fact["name"] for fact in facts_of(sites, public=False)}
    assert set(private) <= inside
    assert "last_event_id" not in inside


def test_the_last_ten_events_known_on_the_day_newest_first() -> None:
    sites = conform(sites_of({"geometry": square(105, 25)}))
    history = [event(k, on=date(2025, 1, 1 + k), recorded_at="2025-06-30T15:59:59.000Z") for k in range(12)]
    late = event(12, on=date(2025, 2, 1), recorded_at="2025-06-30T16:00:00.000Z", to="in_progress")
    with speaking("zh"):
        field = told({"1": [*history, late]}, sites, public=False, as_of=date(2025, 2, 1), clock="field")
        office = told({"1": [*history, late]}, sites, public=False, as_of=date(2025, 6, 30), clock="office")
    assert field[0] == {
        "day": date(2025, 2, 1), "kind": "状态变更", "status": "封育中", "document": "林字1号", "note": "看过", "by": "王工"
    }  # fmt: skip
    assert len(field) == len(office) == 10
    assert office[0]["day"] == date(2025, 1, 12), "it was recorded after midnight in the office"


def test_a_public_map_tells_neither_documents_nor_notes_nor_who() -> None:
    sites = conform(sites_of({"geometry": square(105, 25)}))
    history = [event(0, on=date(2025, 1, 1), recorded_at="2025-01-01T00:00:00.000Z", to="planned")]
    with speaking("en"):
        assert told({"1": history}, sites, public=True, as_of=None, clock="field") == [
            {"day": date(2025, 1, 1), "kind": "moved", "status": "planned"}
        ]


def test_events_stand_with_their_own_site_and_status_words_are_the_measure_s() -> None:
    measures = ("hill_closure", "afforestation", "afforestation")
    rows = [{"geometry": square(105 + k / 10, 25), "measure": measure} for k, measure in enumerate(measures)]
    sites = conform(sites_of(*rows))
    moved = [event(0, on=date(2025, 1, 1), recorded_at="2025-01-01T00:00:00.000Z", to="in_progress")]
    with speaking("zh"):
        entries = latest_of({"1": moved, "3": [*moved, *moved]}, sites, table=TABLE, public=True, as_of=None, clock="field")
    assert entries.of_site.tolist() == [1, 0, 2]
    status = entries.texts["status"]
    words = [TABLE.label("in_progress", measure).zh for measure in measures]
    assert [status.values[code] for code in status.codes] == words
    assert words[0] != words[1]
