"""What is appended is kept, as of any day, and nothing can be changed behind the history's back."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from restoration import lifecycle
from restoration.errors import CannotWrite, Damaged, NotAProject, NotFound, Stale
from restoration.model import Target, today
from restoration.store import Clock, create_ledger, is_project, open_ledger
from tests.making import ledger_of, next_event, registration

FORGED = (
    "INSERT INTO event SELECT NULL, id || 'x', site_id, 2, 'nobody', kind, to_status, happened_on, recorded_at, recorded_by, doc_no, note,"
    " payload, status, boundary, attributes, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, digest, chain"
    " FROM event WHERE seq = 1"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.gpkg"


def test_a_new_site_stands_in_the_frame(path: Path) -> None:
    site = ledger_of(path, 2).sites().iloc[0]
    assert (site["site_id"], site["status"], site["group"], site["layer"]) == ("S0", "sited", "not_started", "desertification_control")
    assert site["reported_m2"] == 40_000
    assert site["area_m2"] == pytest.approx(44_695, abs=50)


def test_the_present_and_any_past_day(path: Path) -> None:
    ledger = ledger_of(path, 1)
    first = ledger.heads()["S0"].event
    ledger.append([next_event(first, to="designed", on=date(2021, 6, 1))])
    status = {
        day: ledger.sites(as_of=date.fromisoformat(day))["status"].tolist()
        for day in ("2021-02-28", "2021-03-01", "2021-05-31", "2021-06-01")
    }
    assert status == {"2021-02-28": [], "2021-03-01": ["sited"], "2021-05-31": ["sited"], "2021-06-01": ["designed"]}


def test_the_offices_clock_counts_the_day_of_recording(path: Path) -> None:
    ledger = ledger_of(path, 1)
    assert len(ledger.sites(as_of=today() - timedelta(days=1), clock="office")) == 0
    assert len(ledger.sites(as_of=today(), clock="office")) == 1


def test_several_days_in_one_reading_are_each_as_that_day_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restoration.store.ledger.CHUNK", 2)
    ledger = ledger_of(path, 3)
    moved = ledger.append([next_event(head.event, to="designed", on=date(2021, 3, 1)) for head in ledger.heads(["S0", "S2"]).values()])
    ledger.append([next_event(moved[0], to="in_progress", on=date(2021, 5, 2))])
    ledger.append([registration("S9", on=date(2021, 6, 1), column=9)])
    days = [date(2021, 2, 28), date(2021, 3, 1), date(2021, 5, 1), date(2021, 5, 31), date(2021, 6, 30)]
    asked_by: dict[Clock, list[date]] = {"field": days, "office": [today() - timedelta(days=1), today()]}
    for clock, asked in asked_by.items():
        found = list(ledger.sites_on(asked, clock=clock))
        assert [day for day, _ in found] == asked
        for day, frame in found:
            assert "geometry" not in frame
            pd.testing.assert_frame_equal(frame, pd.DataFrame(ledger.sites(as_of=day, clock=clock))[list(frame.columns)])
    assert [len(frame) for _, frame in ledger.sites_on(days)] == [0, 3, 3, 3, 4]


def test_the_first_day_by_each_clock(path: Path) -> None:
    assert create_ledger(path.with_name("empty.gpkg"), about={}, table=lifecycle.table()).first_on() is None
    ledger = ledger_of(path, 2)
    assert (ledger.first_on(), ledger.first_on(clock="office")) == (date(2021, 3, 1), today())


def test_two_that_follow_the_same_event_the_second_is_told_who_and_what(path: Path) -> None:
    ledger = ledger_of(path, 1)
    first = ledger.heads()["S0"].event
    ledger.append([next_event(first, to="designed", by="王")])
    with pytest.raises(Stale, match=r"王.*designed"):
        ledger.append([next_event(first, to="cancelled", by="李")])
    assert [event.state.status for event in ledger.histories(["S0"])["S0"]] == ["sited", "designed"]


def test_a_write_whose_answer_was_lost_may_be_repeated(path: Path) -> None:
    ledger = ledger_of(path, 1)
    entry = next_event(ledger.heads()["S0"].event, to="designed")
    first = ledger.append([entry])
    assert ledger.append([entry]) == first
    assert first[0].digest
    assert len(ledger.histories()["S0"]) == 2
    other = replace(entry, event=replace(entry.event, note="另一个内容"))
    with pytest.raises(Stale):
        ledger.append([other])


def test_all_or_none(path: Path) -> None:
    ledger = ledger_of(path, 2)
    heads = ledger.heads()
    good, stale = next_event(heads["S0"].event, to="designed"), next_event(heads["S0"].event, to="designed")
    with pytest.raises(Stale):
        ledger.append([next_event(heads["S1"].event, to="designed"), good, stale])
    assert {site: head.event.step for site, head in ledger.heads().items()} == {"S0": 1, "S1": 1}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET recorded_by = '丙'",
        "DELETE FROM event",
        "UPDATE boundary SET area_m2 = 1",
        "DELETE FROM boundary",
        "UPDATE attribute SET name = 'x'",
        "DELETE FROM target",
        "DELETE FROM head",
        "UPDATE head SET seq = 1 WHERE site_id = 'S1'",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
        "INSERT OR REPLACE INTO boundary SELECT * FROM boundary",
        "INSERT OR REPLACE INTO attribute SELECT * FROM attribute",
        "REPLACE INTO target SELECT * FROM target",
        FORGED,
    ],
)
def test_the_database_itself_refuses_to_forget(path: Path, statement: str) -> None:
    ledger = ledger_of(path, 2)
    ledger.add_targets([Target("hill_closure", 2021, "来源", area_m2=1.0)])
    before = ledger.verify()
    with closing(sqlite3.connect(path, isolation_level=None)) as other, pytest.raises(sqlite3.IntegrityError, match=r"append-only|stale"):
        other.execute(statement)
    assert ledger.verify() == before
    assert before.findings == ()


def test_a_later_event_may_not_be_earlier(path: Path) -> None:
    ledger = ledger_of(path, 1)
    with pytest.raises(Exception, match="order"):
        ledger.append([next_event(ledger.heads()["S0"].event, to="designed", on=date(2020, 1, 1))])


def test_init_does_not_overwrite(path: Path) -> None:
    path.write_text("not ours")
    with pytest.raises(CannotWrite, match="已经存在"):
        create_ledger(path, about={}, table=lifecycle.table())
    assert path.read_text() == "not ours"


def test_files_that_are_not_projects(tmp_path: Path) -> None:
    nothing, text, other = tmp_path / "没有.gpkg", tmp_path / "文字.gpkg", tmp_path / "别的.gpkg"
    text.write_text("石漠化" * 2000, encoding="utf-8")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE plots (fid INTEGER)")
    for path, error in ((nothing, NotFound), (text, NotAProject), (other, NotAProject)):
        with pytest.raises(error, match=path.name):
            open_ledger(path, table=lifecycle.table())
    assert not any(is_project(path) for path in (text, other))


def test_a_newer_file_is_left_alone(path: Path) -> None:
    ledger_of(path, 1)
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO migration VALUES (99, '2030-01-01')")
        database.commit()
    with pytest.raises(NotAProject, match="更新版本"):
        open_ledger(path, table=lifecycle.table())


def test_a_project_with_a_strange_trigger_is_not_opened(path: Path) -> None:
    ledger_of(path, 1)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TRIGGER accept AFTER INSERT ON event BEGIN UPDATE project SET value = 'x'; END")
    with pytest.raises(Damaged, match="accept"):
        open_ledger(path, table=lifecycle.table())


def test_targets_the_later_one_holds_and_the_earlier_stays(path: Path) -> None:
    ledger = ledger_of(path, 1)
    ledger.add_targets([Target("hill_closure", 2021, "一号文", area_m2=1.0)])
    ledger.add_targets([Target("hill_closure", 2021, "二号文", area_m2=2.0)])
    assert [(target.source, target.area_m2) for target in ledger.targets()] == [("二号文", 2.0)]
    assert ledger.verify().findings == ()


def test_a_backup_while_others_write_is_whole(path: Path, tmp_path: Path) -> None:
    ledger = ledger_of(path, 20)
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            other = open_ledger(path, table=lifecycle.table())
            other.append([next_event(other.heads(["S3"])["S3"].event, kind="noted")])

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for number in range(5):
            ledger.backup(tmp_path / f"备份{number}.gpkg")
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        assert open_ledger(tmp_path / f"备份{number}.gpkg", table=lifecycle.table()).verify().findings == ()
    with pytest.raises(CannotWrite, match="已经存在"):
        ledger.backup(tmp_path / "备份0.gpkg")


def test_many_sites_are_read_whole_and_picked(path: Path) -> None:
    ledger = ledger_of(path, 450)
    wanted = [f"S{number}" for number in range(420)]
    assert list(ledger.histories(wanted)) == wanted
    assert set(ledger.heads(wanted)) == set(wanted)


def test_registering_a_site_twice_is_refused(path: Path) -> None:
    ledger = ledger_of(path, 1)
    with pytest.raises(Stale):
        ledger.append([registration("S0", column=5)])
