"""An import that is cut short, by Ctrl-C at any stage or by a disk that takes no more, leaves nothing behind; it tells how far it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.making import parcels, project_in, run, square, state_of, written

RESTORATION = [sys.executable, "-m", "restoration"]
ROWS = 6_000
STAGES = ("读取 many.shp", "核对 many.shp", "逐条检查", "写入台账")


class OnATerminal:
    """A command whose errors go to a terminal of its own, in a group of its own as a shell has it."""

    def __init__(self, *words: object, temporary: Path) -> None:
        self.shown = b""
        self._ours, theirs = os.openpty()
        environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONUTF8": "1"}
        command = [*RESTORATION, *map(str, words)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, start_new_session=True)
        os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                self.shown += os.read(self._ours, 4096)
            except OSError:  # nobody has the other end open any more
                return

    def wait_for(self, words: str) -> None:
        """Until it shows these words."""
        stop_at = time.monotonic() + 120
        while words.encode() not in self.shown:
            assert self.process.poll() is None, self.shown.decode()
            assert time.monotonic() < stop_at, self.shown.decode()
            time.sleep(0.002)

    def ended(self) -> int:
        """Its exit code, once it and everything that it started are gone."""
        self.process.communicate(timeout=120)
        self._reader.join(60)
        os.close(self._ours)
        return self.process.returncode


@pytest.fixture
def words(tmp_path: Path) -> list[object]:
    folder = tmp_path / "office"
    folder.mkdir()
    project = project_in(folder)
    rows: list[dict[str, object]] = [{"geometry": square(number)} for number in range(ROWS)]
    file = written(parcels(*rows, {"状态": "不懂"}), folder / "many.shp", encoding="GBK")
    return ["import", file, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project]


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_at_any_stage_leaves_everything_as_it_was(tmp_path: Path, words: list[object], stage: str) -> None:
    before = state_of(tmp_path / "office")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    started = OnATerminal(*words, temporary=temporary)
    started.wait_for(stage)
    os.killpg(started.process.pid, signal.SIGINT)  # as a terminal does: also to the child that reads the file
    assert started.ended() in (130, -signal.SIGINT), started.shown.decode()
    said = started.shown.decode().split("\033[K")[-1].strip()
    assert said.startswith("已中断。写入要么全部完成、要么完全没有"), said
    assert "Traceback" not in started.shown.decode()
    assert state_of(tmp_path / "office") == before
    assert list(temporary.iterdir()) == []
    assert run("verify", "--project", words[-1]).code == 0


def test_an_import_tells_on_a_terminal_how_far_it_is_and_wipes_it_away(tmp_path: Path, words: list[object]) -> None:
    started = OnATerminal(*words, temporary=tmp_path)
    assert started.ended() == 4
    shown = started.shown.decode().split("\r\033[K")
    assert [line for line in shown if line.startswith("核对")][:2] == [
        f"核对 many.shp 的各行 0 / {ROWS}",
        f"核对 many.shp 的各行 1000 / {ROWS}",
    ]
    assert [line for line in shown if line.startswith("写入台账")] == [f"写入台账 0 / {ROWS}", f"写入台账 5000 / {ROWS}"]
    assert shown[-1] == ""


def test_an_import_in_a_script_says_nothing_of_it(words: list[object]) -> None:
    done = subprocess.run([*RESTORATION, *map(str, words)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (4, b"")


LIMITED = (
    "import os, resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
)
"""The system's own limit on the size of a file: a write beyond it fails as on a full disk."""


def limited(largest_bytes: int, *words: object, temporary: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", LIMITED, str(largest_bytes), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.mark.parametrize("largest_bytes", [100_000, 3_000_000], ids=["copying the file", "the transaction"])
def test_a_disk_that_takes_no_more_leaves_everything_as_it_was(tmp_path: Path, words: list[object], largest_bytes: int) -> None:
    before = state_of(tmp_path / "office")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = limited(largest_bytes, "-m", "restoration", *words, temporary=temporary)
    assert done.returncode == 10, done
    assert "没有改动" in done.stderr or "请检查" in done.stderr, done.stderr
    assert state_of(tmp_path / "office") == before
    assert list(temporary.iterdir()) == []


def test_a_reading_child_without_room_to_say_so_is_told_as_a_full_disk(tmp_path: Path) -> None:
    """The child ends without a word, and the folder takes none of ours either."""
    script = tmp_path / "silent.py"
    script.write_text("raise SystemExit(1)", encoding="utf-8")
    call = (
        "import os, sys; from pathlib import Path; from restoration import apart; from restoration.errors import RestorationError\n"
        "try: apart.run(Path(sys.argv[1]), {}, folder=Path(sys.argv[2]), env=dict(os.environ), shown='a.shp')\n"
        "except RestorationError as error: print(type(error).__name__, error.fact.zh)"
    )
    assert limited(10_000, "-c", call, script, tmp_path, temporary=tmp_path).stdout.startswith("CannotWrite 临时文件夹")
    assert limited(100_000, "-c", call, script, tmp_path, temporary=tmp_path).stdout.startswith("FileRefused a.shp")


def test_refused_rows_that_have_no_room_are_told_as_a_full_disk(tmp_path: Path) -> None:
    call = (
        "import sys; from pathlib import Path; import geopandas as gpd; from shapely import box\n"
        "from restoration.errors import CannotWrite; from restoration.export import write_refused\n"
        "rows, folder = gpd.GeoDataFrame({'a': ['b']}, geometry=[box(105, 25, 106, 26)], crs=4490), Path(sys.argv[1])\n"
        "try:\n"
        "    with write_refused([rows], beside=folder / 'a.shp', otherwise=folder): print('written')\n"
        "except CannotWrite as error: print(error.fact.zh)"
    )
    assert limited(20_000, "-c", call, tmp_path, temporary=tmp_path).stdout.startswith(f"写不了 {tmp_path / 'a.refused.gpkg'}：")
    assert list(tmp_path.iterdir()) == []
    assert limited(1_000_000, "-c", call, tmp_path, temporary=tmp_path).stdout == "written\n"
