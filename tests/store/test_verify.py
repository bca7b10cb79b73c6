"""One byte of the history is changed: the proof names the event."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from restoration import lifecycle
from restoration.model import Target
from restoration.store import open_ledger
from tests.making import ledger_of, next_event

UNGUARDED = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"


def altered(path: Path, statement: str) -> list[str]:
    """What the proof says after somebody took the triggers away, changed something, and put them back."""
    with closing(sqlite3.connect(path)) as database:
        triggers = [text for (text,) in database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()]
        for (drop,) in database.execute(UNGUARDED).fetchall():
            database.execute(drop)
        database.execute(statement)
        for trigger in triggers:
            database.execute(trigger)
        database.commit()
    proof = open_ledger(path, table=lifecycle.table(), read_only=True).verify()
    return [f"{finding.code} {finding.site_id}" for finding in proof.findings]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    ledger = ledger_of(tmp_path / "p.gpkg", 3)
    ledger.append([next_event(ledger.heads()["S1"].event, to="designed")])
    ledger.add_targets([Target("hill_closure", 2021, "来源", area_m2=3e6)])
    assert ledger.verify().findings == ()
    return tmp_path / "p.gpkg"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE event SET recorded_by = '丙' WHERE seq = 2", {"V003 S1"}),
        ("UPDATE event SET reported_m2 = 40001 WHERE seq = 2", {"V003 S1"}),
        ("UPDATE event SET status = 'closed' WHERE seq = 4", {"V003 S1"}),
        ("UPDATE event SET happened_on = '2021-13-01' WHERE seq = 3", {"V003 S2"}),
        ("UPDATE event SET payload = replace(payload, ':', ': ') WHERE seq = 3", {"V003 S2"}),
        ("UPDATE event SET payload = 'x' WHERE seq = 3", {"V003 S2"}),
        ("UPDATE boundary SET area_m2 = area_m2 + 0.001 WHERE site_id = 'S0'", {"V004 S0", "V003 S0"}),
        ("UPDATE boundary SET geom = (SELECT geom FROM boundary WHERE site_id = 'S2') WHERE site_id = 'S0'", {"V004 S0", "V003 S0"}),
        ("UPDATE attribute SET name = 'x' WHERE site_id = 'S2'", {"V004 S2", "V003 S2"}),
        ("UPDATE head SET seq = 2 WHERE site_id = 'S1'", {"V005 S1"}),
        ("DELETE FROM event WHERE seq = 4", {"V005 S1"}),
        ("UPDATE target SET area_m2 = 1", {"V007 "}),
        (
            (
                "INSERT INTO boundary (site_id, version, area_m2, digest, geom) "
                "SELECT site_id, 2, area_m2, digest, geom FROM boundary WHERE fid = 1"
            ),
            {"V006 S0"},
        ),
    ],
)
def test_a_change_behind_the_triggers_is_named(path: Path, statement: str, found: set[str]) -> None:
    assert set(altered(path, statement)) == found


def test_one_flipped_byte_of_the_file_names_the_event(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        event_id, name = database.execute("SELECT e.id, a.name FROM event e JOIN attribute a USING (site_id) WHERE e.seq = 3").fetchone()
    content = bytearray(path.read_bytes())
    at = content.index(name.encode())
    content[at] ^= 1
    path.write_bytes(content)
    proof = open_ledger(path, table=lifecycle.table(), read_only=True).verify()
    assert any(event_id in finding.message.zh for finding in proof.findings)


def test_every_flipped_byte_of_an_events_row_is_noticed(path: Path) -> None:
    """From the row's header (which precedes the id) to the end of its chain, every third byte: the proof does not pass."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
        marks = database.execute("SELECT id, digest, chain FROM event WHERE seq IN (2, 4)").fetchall()
    whole = path.read_bytes()
    places: list[int] = []
    for event_id, digest, chain in marks:
        end = whole.index(chain.encode(), whole.index(digest.encode())) + len(chain)
        places += range(whole.rindex(event_id.encode(), 0, end) - 20, end, 3)
    assert len(places) > 150
    assert [at for at in places if not _is_noticed(path, whole, at)] == []


def _is_noticed(path: Path, whole: bytes, at: int) -> bool:
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    return bool(open_ledger(path, table=lifecycle.table(), read_only=True, checked=False).verify().findings)


def test_a_head_that_was_noted_is_found_again(path: Path) -> None:
    ledger = open_ledger(path, table=lifecycle.table())
    noted = ledger.verify().head
    ledger.append([next_event(ledger.heads()["S0"].event, kind="noted")])
    ledger.add_targets([Target("afforestation", 2021, "来源", number=1)])
    proof = ledger.verify()
    assert proof.head != noted
    assert proof.contains(noted)
    assert not proof.contains("0" * 64)


def test_a_head_that_was_noted_tells_that_the_end_was_cut_off(path: Path) -> None:
    """Without a trace inside the file: the last event or the last target is taken away and the present set back."""
    noted = open_ledger(path, table=lifecycle.table()).verify().head
    cuts = (["DELETE FROM target"], ["DELETE FROM event WHERE seq = 4", "UPDATE head SET seq = 2 WHERE site_id = 'S1'"])
    for number, statements in enumerate(cuts):
        copy = path.with_name(f"copy{number}.gpkg")
        open_ledger(path, table=lifecycle.table()).backup(copy)
        found = [altered(copy, statement) for statement in statements][-1]
        assert found == []
        assert not open_ledger(copy, table=lifecycle.table(), read_only=True).verify().contains(noted)
