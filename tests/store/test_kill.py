"""A writer is killed in the middle of its work, a hundred times: what it was told is written stays written."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from restoration import lifecycle
from restoration.errors import Stale
from restoration.model import new_id
from restoration.store import open_ledger
from tests.making import ledger_of, next_event

# A fork starts in milliseconds, with everything loaded; where there is none (Windows) a new process does.
CONTEXT: Any = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
KILLS = 100
SEED = 20211231


def write_until_killed(path: Path, acknowledged: Connection) -> None:
    """Note one event after another, and tell each once it is written."""
    ledger = open_ledger(path, table=lifecycle.table())
    while True:
        entries = [next_event(head.event, kind="noted") for head in ledger.heads().values()]
        for event in ledger.append(entries):
            acknowledged.send(event.id)


def test_killed_a_hundred_times_no_acknowledged_event_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    ledger = ledger_of(path, 3)
    chance = random.Random(SEED)
    told: list[str] = []
    for _ in range(KILLS):
        told += _events_told_before_the_kill(path, chance.uniform(0.0, 0.03))
    kept = {event.id for history in ledger.histories().values() for event in history}
    assert len(told) > KILLS
    assert set(told) <= kept
    assert ledger.verify().findings == ()


def _events_told_before_the_kill(path: Path, delay_s: float) -> list[str]:
    here, there = CONTEXT.Pipe(duplex=False)
    writer = CONTEXT.Process(target=write_until_killed, args=(path, there))
    writer.start()
    there.close()
    told = [here.recv()]  # it is at work
    time.sleep(delay_s)
    if hasattr(signal, "SIGKILL"):
        os.kill(writer.pid or 0, signal.SIGKILL)
    else:
        writer.kill()
    writer.join()
    while True:
        try:
            told.append(here.recv())
        except (EOFError, OSError):
            return told


def update_once(path: Path, by: str, both_have_read: Any, answer: Connection) -> None:
    """Read the site, wait until the other has read it too, write."""
    ledger = open_ledger(path, table=lifecycle.table())
    entry = next_event(ledger.heads()["S0"].event, to="designed", by=by)
    both_have_read.wait(60)
    try:
        ledger.append([entry])
        answer.send((by, "written"))
    except Stale as error:
        answer.send((by, error.fact.zh))


def test_two_processes_at_once_one_wins_the_other_is_told(tmp_path: Path) -> None:
    for round_ in range(5):
        path = tmp_path / f"{new_id()}.gpkg"
        ledger = ledger_of(path, 1)
        here, there = CONTEXT.Pipe(duplex=False)
        both_have_read = CONTEXT.Barrier(2)
        writers = [CONTEXT.Process(target=update_once, args=(path, by, both_have_read, there)) for by in ("王", "李")]
        for writer in writers:
            writer.start()
        answers = dict(here.recv() for _ in writers)
        for writer in writers:
            writer.join()
        winner = next(by for by, said in answers.items() if said == "written")
        loser = "李" if winner == "王" else "王"
        assert f"S0 刚被 {winner} 改过：状态变更 designed" in answers[loser], round_
        assert len(ledger.histories()["S0"]) == 2
