"""What is told of a site, and what a public map leaves out."""

from __future__ import annotations

from datetime import date

from restoration import lifecycle
from restoration.frame import conform
from restoration.maps.facts import facts_of, latest_of
from restoration.model import Event, State
from restoration.text import speaking

from .conftest import sites_of, square

TABLE = lifecycle.table()


def event(step: int, *, on: date, recorded_at: str, to: str | None = None) -> Event:
    kind = "moved" if to else "noted"
    state = State(to or "planned", 1, 1)
    return Event(f"e{step}", "1", step, None, kind, to, on, recorded_at, "王工", "林字1号", "看过", {}, state)  # type: ignore[arg-type]


def test_areas_are_told_in_mu_and_ha_from_the_column_not_from_the_shape() -> None:
    sites = conform(sites_of({"geometry": square(105, 25), "reported_m2": None})).assign(area_m2=12_345.0)
    with speaking("zh"):
        (area,) = [fact for fact in facts_of(sites, table=TABLE, public=False) if fact["name"].endswith("_m2")]
    assert area["label"] == "图斑面积(椭球)"
    assert (area["mu"]["values"], area["ha"]["values"]) == (["18.52"], ["1.2345"])


def test_a_public_map_has_only_public_columns() -> None:
    private = {"unit": "县林业局", "last_by": "王工", "last_doc_no": "林字1号"}
    sites = conform(sites_of({"geometry": square(105, 25), "town": "坪上镇", "last_event_id": "e1", **private}))
    told = {fact["name"] for fact in facts_of(sites, table=TABLE, public=True)}
    assert told.isdisjoint(private)
    assert "town" in told
    inside = {fact["name"] for fact in facts_of(sites, table=TABLE, public=False)}
    assert set(private) <= inside
    assert "last_event_id" not in inside


def test_the_last_ten_events_known_on_the_day_newest_first() -> None:
    sites = conform(sites_of({"geometry": square(105, 25)}))
    history = [event(k, on=date(2025, 1, 1 + k), recorded_at="2025-06-30T15:59:59.000Z") for k in range(12)]
    late = event(12, on=date(2025, 2, 1), recorded_at="2025-06-30T16:00:00.000Z", to="in_progress")
    with speaking("zh"):
        field = latest_of({"1": [*history, late]}, sites, table=TABLE, public=False, as_of=date(2025, 2, 1), clock="field")["0"]
        office = latest_of({"1": [*history, late]}, sites, table=TABLE, public=False, as_of=date(2025, 6, 30), clock="office")["0"]
    assert field[0] == ["2025-02-01", "状态变更", "封育中", "林字1号", "看过", "王工"]
    assert len(field) == len(office) == 10
    assert office[0][0] == "2025-01-12", "it was recorded after midnight in the office"


def test_a_public_map_tells_neither_documents_nor_notes_nor_who() -> None:
    sites = conform(sites_of({"geometry": square(105, 25)}))
    history = [event(0, on=date(2025, 1, 1), recorded_at="2025-01-01T00:00:00.000Z", to="planned")]
    with speaking("en"):
        told = latest_of({"1": history}, sites, table=TABLE, public=True, as_of=None, clock="field")
    assert told == {"0": [["2025-01-01", "moved", "planned"]]}
