"""Two clerks hand a sheet in at once, or one is cut off in the middle: each row is written once, whole, or not at all."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from restoration.errors import RestorationError, Stale
from restoration.project import Project
from restoration.worksheet import Sheet, apply, read_sheet
from tests.making import run, taken_in
from tests.store.test_kill import CONTEXT

from .books import Book

SITES, KILLS, SEED = 40, 20, 20_211_231


def filled(folder: Path) -> tuple[Path, Path]:
    """A project, and a sheet that moves all of its sites."""
    project = taken_in(folder, *({"名称": f"红岩{at}班"} for at in range(SITES)))
    sheet = folder / "表.xlsx"
    assert run("worksheet", sheet, "--project", project).code == 0
    book = Book(sheet)
    for site in book.sites():
        book.put(site, {"新状态": "作业设计(修复方案)已批复", "日期": "2021-04-05", "文号": "1号"})
    return project, book.save()


def hand_in(project: Path, sheet: Path, by: str, both_have_read: Any, answer: Connection) -> None:
    """Read and decide, wait until the other has too, write."""

    class Waiting(Project):
        def record(self, made: Any) -> Any:
            both_have_read.wait(60)
            return super().record(made)

    try:
        answer.send((by, len(apply(Waiting.open(project), read_sheet(sheet), by=by, back=sheet.with_name(f"{by}.xlsx")).written)))
    except RestorationError as error:
        answer.send((by, (type(error).__name__, error.fact.zh)))


def test_of_two_who_hand_the_same_sheet_in_one_writes_and_the_other_is_told(tmp_path: Path) -> None:
    project, sheet = filled(tmp_path)
    here, there = CONTEXT.Pipe(duplex=False)
    both_have_read = CONTEXT.Barrier(2)
    writers = [CONTEXT.Process(target=hand_in, args=(project, sheet, by, both_have_read, there)) for by in ("王", "李")]
    for writer in writers:
        writer.start()
    answers = dict(here.recv() for _ in writers)
    for writer in writers:
        writer.join()
    (winner,) = [by for by, said in answers.items() if said == SITES]
    (loser,) = {"王", "李"} - {winner}
    assert answers[loser][0] == Stale.__name__
    assert f"刚被 {winner} 改过" in answers[loser][1]
    held = Project.open(project, read_only=True)
    assert {len(history) for history in held.ledger.histories().values()} == {2}
    assert held.verify().findings == ()


def test_what_was_said_to_come_back_is_taken_away_when_nothing_is_written(tmp_path: Path) -> None:
    project, sheet = filled(tmp_path)
    book = Book(sheet)
    first, other = book.sites()[:2]
    book.put(first, {"日期": "2021-13-05"})

    class Late(Project):
        def record(self, made: Any) -> Any:
            Project.open(project).update([other], to="designed", by="丙", on=date(2021, 4, 1), doc_no="2号")
            return super().record(made)

    back = tmp_path / "退回.xlsx"
    with pytest.raises(Stale) as error:
        apply(Late.open(project), read_sheet(book.save()), by="乙", partial=True, back=back)
    assert "刚被 丙 改过" in error.value.fact.zh
    assert not back.exists()
    kept = Project.open(project, read_only=True).ledger.histories()
    assert sorted(len(history) for history in kept.values()) == [1] * (SITES - 1) + [2]


def keep_handing_in(project: Path, sheet: Sheet, begun: Connection) -> None:
    """Hand the sheet in, over and over."""
    held = Project.open(project)
    begun.send("begun")
    while True:
        apply(held, sheet, by="乙")


def test_a_hand_in_that_is_killed_wrote_all_rows_or_none(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    untouched, path = filled(tmp_path)
    sheet = read_sheet(path)
    for at in range(KILLS):
        project = tmp_path / f"{at}.gpkg"
        Project.open(untouched, read_only=True).backup(project)
        here, there = CONTEXT.Pipe(duplex=False)
        writer = CONTEXT.Process(target=keep_handing_in, args=(project, sheet, there))
        writer.start()
        here.recv()
        time.sleep(chance.uniform(0.0, 0.15))
        os.kill(writer.pid or 0, getattr(signal, "SIGKILL", signal.SIGTERM))
        writer.join()
        held = Project.open(project)
        (many,) = {len(history) for history in held.ledger.histories().values()}
        done = apply(held, sheet, by="乙")
        assert (done.count("taken"), done.count("unchanged")) == ((SITES, 0) if many == 1 else (0, SITES))
        assert {len(history) for history in held.ledger.histories().values()} == {2}
        assert held.verify().findings == ()
