"""Why a total changed: every change on one line, and the lines add up."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import fsum
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import Project, lifecycle, sample
from restoration.errors import BadRequest, UnknownName
from restoration.frame import with_groups
from restoration.importing import Options
from restoration.readers import Given
from restoration.tally import LINES, TOTALS, Bridge, bridge, progress
from tests.making import parcels, taken_in, written

TABLE = lifecycle.table()
USUAL: dict[str, Any] = {
    "source_id": "", "measure": "afforestation", "plan_year": 2021, "status": "in_progress", "county_code": "", "town": "龙广镇",
    "village": "", "mine_id": "", "area_m2": 100.0, "reported_m2": float("nan"), "verified_m2": float("nan"),
    "qualified_m2": float("nan"), "preserved_m2": float("nan"), "last_kind": "", "last_event_id": "", "last_on": "", "last_doc_no": "",
}  # fmt: skip


def states(*rows: dict[str, Any]) -> pd.DataFrame:
    """States of sites as the ledger gives them."""
    made = pd.DataFrame([{**USUAL, **row} for row in rows], columns=["site_id", *USUAL])
    typed = made.astype({"plan_year": "Int64", **{name: "float64" for name in USUAL if name.endswith("_m2")}})
    return pd.DataFrame(with_groups(typed, table=TABLE))


def told(found: Bridge) -> dict[str, float]:
    """The lines of the whole; an opening or closing of nought is left out."""
    lines = dict(zip(found.whole["line"], found.whole["area_m2"], strict=True))
    return {line: area for line, area in lines.items() if area or line not in ("opening", "closing")}


def step(site: str, kind: str, **new: Any) -> dict[str, Any]:
    return {"site_id": site, "last_kind": kind, "last_event_id": f"{site}-{kind}", **new}


def test_every_kind_of_change_has_its_line() -> None:
    opening = states(*({"site_id": f"S{number}"} for number in range(5)))
    between = states(
        step("S0", "moved", status="cancelled"),
        step("S1", "redrawn", area_m2=130.0),
        step("S2", "corrected", area_m2=90.0),
        step("S3", "moved", status="works_done"),
        step("S9", "registered", area_m2=50.0),
    )
    closing = states(
        {"site_id": "S0", "status": "cancelled"}, {"site_id": "S1", "area_m2": 130.0}, {"site_id": "S2", "area_m2": 90.0},
        {"site_id": "S3", "status": "works_done"}, {"site_id": "S4"}, {"site_id": "S9", "area_m2": 50.0},
    )  # fmt: skip
    found = bridge(opening, closing, between)
    assert told(found) == {"opening": 500.0, "new": 50.0, "cancelled": -100.0, "redrawn": 30.0, "corrected": -10.0, "closing": 470.0}
    assert list(found.sites["site_id"]) == ["S9", "S0", "S1", "S2"]
    assert list(found.sites["last_event_id"]) == ["S9-registered", "S0-moved", "S1-redrawn", "S2-corrected"]
    assert list(found.whole["sites"]) == [5, 1, 1, 1, 1, 5]


def test_two_frames_alone_say_what_changed_but_not_what_was_corrected() -> None:
    found = bridge(
        states({"site_id": "A"}, {"site_id": "B"}, {"site_id": "C"}),
        states({"site_id": "A", "area_m2": 70.0}, {"site_id": "B", "status": "cancelled"}, {"site_id": "D"}),
    )
    assert told(found) == {"opening": 300.0, "new": 100.0, "cancelled": -100.0, "redrawn": -30.0, "gone": -100.0, "closing": 170.0}


def test_a_change_and_its_taking_back_both_stand_on_their_lines() -> None:
    opening = closing = states({"site_id": "A", "status": "self_checked"})
    between = states(
        step("A", "moved", status="county_accepted", qualified_m2=80.0), step("A", "corrected", status="self_checked", qualified_m2=80.0),
        step("A", "corrected", status="self_checked"),
    )  # fmt: skip
    assert told(bridge(opening, closing, between, total="accepted")) == {"moved": 100.0, "corrected": -100.0}
    assert told(bridge(opening, closing, between, total="qualified")) == {"measured": 80.0, "corrected": -80.0}


def test_a_site_that_changes_its_group_leaves_one_and_enters_the_other() -> None:
    opening, closing = (
        states({"site_id": "A"}, {"site_id": "B"}),
        states({"site_id": "A", "town": "德卧镇", "area_m2": 120.0}, {"site_id": "B"}),
    )
    between = states(step("A", "corrected", town="德卧镇"), step("A", "redrawn", town="德卧镇", area_m2=120.0))
    found = bridge(opening, closing, between, by=["town"])
    rows = {(row.town, row.line): row.area_m2 for row in found.rows.itertuples()}
    assert rows == {
        ("龙广镇", "opening"): 200.0, ("龙广镇", "corrected"): -100.0, ("龙广镇", "closing"): 100.0,
        ("德卧镇", "corrected"): 100.0, ("德卧镇", "redrawn"): 20.0, ("德卧镇", "closing"): 120.0,
    }  # fmt: skip
    assert told(found) == {"opening": 200.0, "redrawn": 20.0, "corrected": 0.0, "closing": 220.0}


def test_a_mine_is_accepted_as_a_whole_and_the_line_says_so() -> None:
    mine = {"measure": "mine_regreen", "mine_id": "M"}
    opening = states({"site_id": "A", "status": "county_accepted", **mine}, {"site_id": "B", "area_m2": 40.0, **mine})
    closing = states(
        {"site_id": "A", "status": "county_accepted", **mine}, {"site_id": "B", "status": "county_accepted", "area_m2": 40.0, **mine}
    )
    found = bridge(opening, closing, states(step("B", "moved", status="county_accepted", area_m2=40.0, **mine)), total="accepted")
    assert told(found) == {"moved": 40.0, "mine": 100.0, "closing": 140.0}


def test_one_measure_alone() -> None:
    opening, closing = states({"site_id": "A"}), states({"site_id": "A"}, {"site_id": "B", "measure": "low_yield"})
    assert told(bridge(opening, closing, measure="low_yield")) == {"new": 100.0, "closing": 100.0}
    with pytest.raises(UnknownName):
        bridge(opening, closing, total="land")


STATUSES = ["sited", "in_progress", "works_done", "county_accepted", "closed", "suspended", "cancelled"]
STATE = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "measure": st.sampled_from(["afforestation", "mine_regreen"]),
        "town": st.sampled_from(["龙广镇", "德卧镇", ""]),
        "mine_id": st.sampled_from(["M1", "M2"]),
        "area_m2": st.floats(0.01, 1e7),
        "qualified_m2": st.one_of(st.just(float("nan")), st.floats(0, 1e7)),
        "last_kind": st.sampled_from(["moved", "measured", "redrawn", "corrected", "noted"]),
    }
)
HISTORY = st.tuples(st.booleans(), st.lists(STATE, min_size=1, max_size=5))


@settings(max_examples=60, deadline=None)
@given(histories=st.lists(HISTORY, min_size=1, max_size=8), total=st.sampled_from(["task", "accepted", "qualified"]), by_town=st.booleans())
def test_the_lines_add_up_on_any_history(histories: list[tuple[bool, list[dict[str, Any]]]], total: str, by_town: bool) -> None:  # noqa: FBT001
    opening, between, closing = [], [], []
    for number, (is_there, walked) in enumerate(histories):
        said = [{"site_id": f"S{number}", **state} for state in walked]
        opening += said[:1] if is_there else []
        between += said[1:] if is_there else [{**said[0], "last_kind": "registered"}, *said[1:]]
        closing.append(said[-1])
    first, last = states(*opening), states(*closing)
    found = bridge(first, last, states(*between), total=total, by=["town"] if by_town else [])
    name = {"task": "task_m2", "accepted": "accepted_m2", "qualified": "qualified_m2"}[total]
    for frame, line in ((first, "opening"), (last, "closing")):
        counted = progress(frame, [], by=[]).whole[name]
        assert told(found).get(line, 0.0) == pytest.approx(0.0 if counted != counted else counted, rel=1e-12, abs=1e-9)
    for _, rows in found.rows.groupby("town") if by_town else [("", found.whole)]:
        lines = rows.set_index("line")["area_m2"].to_dict()
        assert fsum(area for line, area in lines.items() if line != "closing") == pytest.approx(
            lines.get("closing", 0.0), rel=1e-12, abs=1e-7
        )
    assert found.whole["line"].map(list(LINES).index).is_monotonic_increasing
    assert fsum(found.sites["change_m2"]) == pytest.approx(told(found).get("closing", 0.0) - told(found).get("opening", 0.0), abs=1e-6)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


@pytest.mark.parametrize("total", TOTALS)
def test_a_ledgers_bridge_begins_and_ends_with_the_figures_of_progress(project: Project, total: str) -> None:
    name = "accepted_m2" if total == "accepted" else f"{total}_m2"
    days = [date(2018, 12, 31), date(2020, 6, 30), date(2021, 6, 30), date(2021, 12, 31)]
    for since, until in pairwise(days):
        lines = told(project.bridge(since, until, total=total))
        for day, line in ((since, "opening"), (until, "closing")):
            counted = progress(project.sites(as_of=day), [], by=[]).whole[name]
            assert lines.get(line, 0.0) == pytest.approx(0.0 if counted != counted else counted, abs=1e-6)
        assert sum(area for line, area in lines.items() if line != "closing") == pytest.approx(lines.get("closing", 0.0), abs=1e-6)


def test_the_two_clocks_tell_two_things(tmp_path: Path) -> None:
    made = Project.open(taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"}))
    moved = written(parcels({"geometry": parcels({}).geometry[0].buffer(0.0001)}), tmp_path / "new.geojson")
    made.import_files([moved], by="乙", on=date(2021, 5, 1), options=Options(given=Given(measure="人工造林", plan_year=2021)), check=False)
    field = told(made.bridge(date(2021, 3, 31), date(2021, 6, 30)))
    assert list(field) == ["opening", "redrawn", "closing"]
    assert field["redrawn"] > 0
    office = told(made.bridge(date(2021, 3, 31), clock="office"))
    assert list(office) == ["new", "redrawn", "closing"]
    with pytest.raises(BadRequest, match="2021-07-01"):
        made.bridge(date(2021, 7, 1), date(2021, 6, 30))
