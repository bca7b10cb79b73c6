"""A full disk, a read-only file, a file that somebody holds, a half-made file, an older file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from restoration import lifecycle
from restoration.errors import Busy, CannotWrite, Damaged
from restoration.store import create_ledger, geopackage, open_ledger, schema, snapshot
from tests.making import ledger_of, next_event, registration


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 2)
    before = ledger.verify()
    _limit_pages(monkeypatch)
    with pytest.raises(CannotWrite, match="磁盘已满"):
        ledger.append([registration(f"T{number}", column=number) for number in range(4000)])
    monkeypatch.undo()
    assert ledger.verify() == before


def test_a_full_disk_leaves_no_half_made_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit_pages(monkeypatch, pages=10)
    with pytest.raises(CannotWrite):
        create_ledger(tmp_path / "p.gpkg", about={}, table=lifecycle.table())
    assert list(tmp_path.iterdir()) == []


def _limit_pages(monkeypatch: pytest.MonkeyPatch, *, pages: int | None = None) -> None:
    """SQLite's own limit on the size of a file gives the very error of a full disk."""
    connect = geopackage._connect

    def limited(path: Path, *, read_only: bool) -> sqlite3.Connection:
        connection = connect(path, read_only=read_only)
        connection.execute(f"PRAGMA max_page_count={pages or connection.execute('PRAGMA page_count').fetchone()[0] + 2}")
        return connection

    monkeypatch.setattr(geopackage, "_connect", limited)


# Root's processes write where they like; without these two capabilities permissions hold for them too.
ORDINARY = (
    "import ctypes, os, sys\n"
    "if sys.platform == 'linux' and os.geteuid() == 0:\n"
    "    libc = ctypes.CDLL(None)\n"
    "    assert libc.prctl(24, 1) == libc.prctl(24, 2) == 0\n"  # PR_CAPBSET_DROP: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
READ_THEN_WRITE = (
    "import sys; from pathlib import Path; from restoration import lifecycle; from restoration.store import open_ledger\n"
    "from restoration.errors import CannotWrite\n"
    "path = Path(sys.argv[1]); print(len(open_ledger(path, table=lifecycle.table(), read_only=True).sites()))\n"
    "try: open_ledger(path, table=lifecycle.table()).keep_terms(); print('written')\n"
    "except CannotWrite as error: print(error.fact.zh)"
)


def test_a_read_only_file_is_read_and_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    path = folder / "p.gpkg"
    ledger_of(path, 2)
    path.chmod(0o444)
    folder.chmod(0o555)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", ORDINARY, "-c", READ_THEN_WRITE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    folder.chmod(0o755)
    assert done.stdout.splitlines() == ["2", f"项目文件 {path} 是只读的。"], done.stderr


@pytest.mark.parametrize("companions", [("-wal", "-shm"), ("-wal",)])
def test_writes_that_stand_beside_a_file_on_a_read_only_folder_are_read(tmp_path: Path, companions: tuple[str, ...]) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    ledger = ledger_of(tmp_path / "p.gpkg", 2)
    with closing(sqlite3.connect(tmp_path / "p.gpkg")) as other:
        other.execute("SELECT * FROM project").fetchall()  # a program that stays open keeps the -wal
        ledger.append([registration("S9", column=9)])
        for ending in ("", *companions):
            shutil.copy(tmp_path / f"p.gpkg{ending}", folder / f"p.gpkg{ending}")
    folder.chmod(0o555)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", ORDINARY, "-c", READ_THEN_WRITE, str(folder / "p.gpkg")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    folder.chmod(0o755)
    assert done.stdout.startswith("3\n"), done


def test_of_several_copies_to_one_name_one_is_made(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 1)
    together = Barrier(4)

    def copied(_: int) -> bool:
        together.wait()
        try:
            geopackage.copy(ledger.path, tmp_path / "b.gpkg")
        except CannotWrite:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(copied, range(4))) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.gpkg", "p.gpkg"]


def test_a_file_that_is_held_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 1)
    entry = next_event(ledger.heads()["S0"].event, to="designed")
    monkeypatch.setattr(geopackage, "BUSY_MS", 50)
    with closing(sqlite3.connect(tmp_path / "p.gpkg", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="占用"):
            ledger.append([entry])
    ledger.append([entry])


def test_a_damaged_file_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    ledger_of(path, 50)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(whole)
    with pytest.raises(Damaged, match=r"p\.gpkg"):
        open_ledger(path, table=lifecycle.table()).sites()


def test_an_older_file_is_copied_and_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 2)
    before = ledger.verify()
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {2: ["ALTER TABLE project ADD COLUMN remark TEXT"]})
    opened = open_ledger(tmp_path / "p.gpkg", table=lifecycle.table(), read_only=True)
    assert opened.versions() == [1, 2]
    assert opened.verify() == before
    assert len(list(tmp_path.glob("p.v1-*.gpkg"))) == 1


def test_of_several_programs_one_brings_a_file_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.gpkg"
    ledger = ledger_of(path, 1)
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {2: ["ALTER TABLE project ADD COLUMN remark TEXT"]})
    together = Barrier(3)

    def brought_up(_: int) -> None:
        together.wait()
        geopackage.upgrade(path, geopackage.engine_for(path, read_only=False))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(brought_up, range(3)))
    assert ledger.versions() == [1, 2]
    assert len(list(tmp_path.glob("p.v1-*.gpkg"))) == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 1)
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {2: ["ALTER TABLE project ADD COLUMN remark TEXT", "NOT SQL"]})
    for _ in range(2):  # a second try on the same day makes its own copy
        with pytest.raises(Exception, match="syntax"):
            open_ledger(tmp_path / "p.gpkg", table=lifecycle.table())
    assert ledger.versions() == [1]


READ_ON = (
    "import sys, time; from pathlib import Path; from restoration import lifecycle; from restoration.store import open_ledger\n"
    "ledger = open_ledger(Path(sys.argv[1]), table=lifecycle.table(), read_only=True); print('ready', flush=True)\n"
    "for _ in range(25):\n"
    "    proof = ledger.verify(); steps = [len(one) for one in ledger.histories().values()]\n"
    "    print(proof.events, len(proof.findings), sum(steps), flush=True); time.sleep(0.05)\n"
)


@pytest.mark.parametrize("mode", [0o777, 0o555], ids=["folder of all", "folder of others"])
def test_a_reader_without_rights_reads_whole_states_and_locks_nobody_out(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "共享"
    folder.mkdir()
    ledger = ledger_of(folder / "p.gpkg", 2)
    path = folder / "p.gpkg"
    path.chmod(0o444)
    folder.chmod(mode)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", ORDINARY, "-c", READ_ON, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        assert [one.name for one in folder.iterdir()] == ["p.gpkg"]
        written = 0
        while reader.poll() is None:
            ledger.append([registration(f"N{written}", column=20 + written)])
            written += 1
            time.sleep(0.03)
        told = [tuple(map(int, line.split())) for line in reader.stdout.read().splitlines()]
    folder.chmod(0o755)
    assert (reader.returncode, len(told)) == (0, 25)
    assert [findings for _, findings, _ in told] == [0] * 25
    events = [count for count, _, _ in told]
    assert events == sorted(events)
    assert events[-1] > events[0]
    assert [one.name for one in folder.iterdir()] == ["p.gpkg"]
    assert len(ledger.sites()) == 2 + written


def test_a_wal_that_is_taken_away_while_it_is_copied_makes_a_new_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger_of(tmp_path / "p.gpkg", 2)
    wal = tmp_path / "p.gpkg-wal"
    wal.write_bytes(b"x" * 40)
    time.sleep(0.05)
    copy = shutil.copyfile

    def closing_meanwhile(source: Path, target: Path) -> Path:
        wal.unlink(missing_ok=True)
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", closing_meanwhile)
    made = snapshot.snapshot_of(tmp_path / "p.gpkg")
    assert made.read_bytes() == (tmp_path / "p.gpkg").read_bytes()
    assert [one.name for one in made.parent.iterdir()] == ["p.gpkg"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX drops a process's locks when it closes any descriptor of the file")
def test_reading_in_the_same_process_drops_no_lock_of_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTORATION_JOURNAL", "DELETE")  # as on a network drive, where the locks are on the file itself
    geopackage._is_on_network.cache_clear()
    ledger = ledger_of(tmp_path / "p.gpkg", 2)
    other = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0.1, isolation_level=None); c.execute('BEGIN IMMEDIATE')"
    with closing(sqlite3.connect(tmp_path / "p.gpkg", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert len(open_ledger(tmp_path / "p.gpkg", table=lifecycle.table(), read_only=True).sites()) == 2
        done = subprocess.run([sys.executable, "-c", other, str(tmp_path / "p.gpkg")], capture_output=True, text=True, check=False)
        assert "database is locked" in done.stderr
        writer.execute("ROLLBACK")
    geopackage._is_on_network.cache_clear()
    assert len(ledger.sites()) == 2
