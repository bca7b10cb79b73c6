"""What only a process of its own can show: Ctrl-C, two at once, consoles of another encoding, how fast it starts."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.making import parcels, project_in, run, square, state_of, taken_in, written

RESTORATION = [sys.executable, "-m", "restoration"]
SEED = 20_211_231
ROWS = 1500


def call(*words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*RESTORATION, *map(str, words)], capture_output=True, check=False, env={**os.environ, **environment})


def test_ctrl_c_in_the_middle_of_an_import_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    rows: list[dict[str, object]] = [{"geometry": square(number)} for number in range(ROWS)]
    file = written(parcels(*rows, {"状态": "不懂"}), tmp_path / "many.geojson")
    before = state_of(tmp_path)
    words = ["import", str(file), "--measure", "人工造林", "--year", "2021", "--by", "甲", "--project", str(project)]
    chance = random.Random(SEED)
    codes = []
    for _ in range(10):
        started = subprocess.Popen([*RESTORATION, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(chance.uniform(0.3, 2.5))
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=60)
        # Before the program has begun and after it has ended, the interpreter alone hears the signal.
        assert started.returncode in (4, 130, -signal.SIGINT), told.decode()
        codes.append(started.returncode)
        if started.returncode == 130:
            assert told.decode().strip().startswith("已中断"), told.decode()
        assert b"Traceback" not in told
        assert b"ignored" not in told
        held = run("verify", "--project", project).out
        assert held.startswith((f"{ROWS} 个事件、{ROWS} 个小班：文件自身未发现改动", "0 个事件、0 个小班：文件自身未发现改动"))
        if held.startswith("0 "):
            assert state_of(tmp_path) == before
    assert {130, -signal.SIGINT} & set(codes)


CLEARING_UP = """
import sys, time, weakref
from restoration.cli import app, main

class Thing:
    pass

def stop(_):
    raise KeyboardInterrupt

def run(_):
    thing = Thing()
    kept = weakref.ref(thing, stop)
    del thing
    for _ in range(400):
        time.sleep(0.05)
    return 0

app.run = run
sys.exit(main([]))
"""


def test_ctrl_c_that_comes_while_the_interpreter_clears_up_is_not_lost() -> None:
    ended = subprocess.run([sys.executable, "-c", CLEARING_UP], check=False, capture_output=True, timeout=60)
    told = ended.stderr.decode()
    assert (ended.returncode, told.startswith("已中断"), "Traceback" in told) == (130, True, False)


def test_two_at_once_one_writes_and_the_other_is_told_who_and_what(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"})
    for round_ in range(3):
        to = ("designed", "in_progress", "works_done")[round_]
        both = [
            subprocess.Popen(
                [*RESTORATION, "update", "红岩", "--to", to, "--by", by, "--project", str(project)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONUTF8": "1"},
            )
            for by in ("王", "李")
        ]
        said = [one.communicate(timeout=60)[1].decode() for one in both]
        codes = [one.returncode for one in both]
        assert sorted(codes)[0] == 0
        assert sorted(codes)[1] in (5, 6), said
        loser = said[codes.index(max(codes))]
        assert "RGZL-2021-001" in loser or "不能由" in loser
        if max(codes) == 6:
            winner = ("王", "李")[codes.index(0)]
            assert f"刚被 {winner} 改过：状态变更 {to}" in loser
    events = run("history", "红岩", "--project", project, "--format", "json").data()
    assert [event["state"]["status"] for event in events] == ["sited", "designed", "in_progress", "works_done"]


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_a_console_of_another_encoding_stops_nothing(tmp_path: Path, encoding: str) -> None:
    project = taken_in(tmp_path, {"名称": "红岩²𠮷"})
    said = call("list", "--project", project, PYTHONIOENCODING=encoding)
    assert said.returncode == 0, said.stderr
    if encoding == "gbk":
        assert "红岩" in said.stdout.decode("gbk")
    as_json = call("list", "--project", project, "--format", "json", PYTHONIOENCODING=encoding)
    assert "红岩²𠮷" in as_json.stdout.decode("utf-8")
    assert call("show", "无", "--project", project, PYTHONIOENCODING=encoding).returncode == 3


def test_a_reader_that_closes_early_is_no_fault(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *({"名称": f"小班{number}", "geometry": square(number)} for number in range(300)))
    started = subprocess.Popen(
        [*RESTORATION, "list", "--project", str(project), "--format", "csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.read(10)
    started.stdout.close()
    assert b"Traceback" not in started.stderr.read()
    assert started.wait(timeout=30) == 0
    started.stderr.close()


def test_help_is_there_at_once_and_loads_no_heavy_library() -> None:
    def seconds(*words: str) -> float:
        return min(_timed([sys.executable, *words]) for _ in range(3))

    assert seconds("-m", "restoration", "--help") - seconds("-c", "pass") < 0.6
    look = (
        "import sys; from restoration.cli import main; main(['--help']); main(['import', '--help']);"
        "sys.exit(bool({'geopandas', 'pandas', 'numpy', 'shapely', 'folium', 'sqlalchemy', 'pyogrio'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, check=False).returncode == 0


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start
