"""What an import asks at a terminal, and that in a script it asks nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.making import parcels, project_in, run, square, taken_in, written

RESTORATION = [sys.executable, "-m", "restoration"]
SILENT_S = 60.0
"""A terminal that says nothing for so long is waiting for an answer that nobody gives."""


def bare_file(folder: Path) -> Path:
    """A layer without .prj, measure, year, or the unit of its area."""
    rows = parcels({"面积": 123.0}, {"面积": 55.0, "geometry": square(4)}, crs="EPSG:4523")
    return written(rows, folder / "a.shp", encoding="GBK", bare=True)


def test_in_a_script_nothing_is_asked(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    words = ["import", str(bare_file(tmp_path)), "--by", "甲", "--project", str(project)]
    done = subprocess.run([*RESTORATION, *words], input=b"1\n1\n1\n", capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (4, b"")
    assert "--crs EPSG:4523" in done.stderr.decode()


if sys.platform != "win32":  # a terminal that a program plays is POSIX
    import pty
    import select

    def at_a_terminal(words: Sequence[object], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
        """Type each answer when its question has been asked; how it ended, and all that the screen showed."""
        master, slave = pty.openpty()
        started = subprocess.Popen([*RESTORATION, *map(str, words)], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        screen, told = b"", 0
        left = list(answers)
        while select.select([master], [], [], SILENT_S)[0]:
            try:
                piece = os.read(master, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not piece:
                break
            screen += piece
            if left and left[0][0] in screen[told:].decode("utf-8", "ignore"):
                told = len(screen)
                os.write(master, f"{left.pop(0)[1]}\n".encode())
        os.close(master)
        assert not left, screen.decode("utf-8", "replace")
        return started.wait(timeout=60), screen.decode("utf-8", "replace").replace("\r\n", "\n")

    def test_what_is_missing_is_asked_with_choices_and_nothing_is_written_unasked(tmp_path: Path) -> None:
        project = project_in(tmp_path)
        words = ("import", bare_file(tmp_path), "--by", "甲", "--project", project)
        asked = [
            ("坐标系（相当于 --crs）", "1"),
            ("措施（相当于 --measure）", "人工造林"),
            ("年度（相当于 --year）", "二〇二一"),
            ("看不懂", "2021年"),
            ("面积列“面积”的单位", "1"),
        ]
        code, screen = at_a_terminal(words, [*asked, ("写入台账？是/否", "否")])
        assert code == 0
        assert "  1. EPSG:4523  3度带第35带" in screen
        assert "人工造林" in screen
        assert "共 2 行：新登记 2" in screen
        assert screen.rstrip().endswith("没有写入任何内容。")
        assert run("list", "--project", project, "--format", "json").data() == []
        code, screen = at_a_terminal(words, [*asked, ("写入台账？是/否", "是")])
        assert (code, "已写入 2 个小班。" in screen) == (0, True)
        assert len(run("list", "--project", project, "--format", "json").data()) == 2

    def test_in_english_too_and_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
        project = project_in(tmp_path)
        file = written(parcels({}), tmp_path / "a.geojson")
        words = ("import", file, "--by", "A", "--year", 2021, "--project", project, "--lang", "en")
        answers = [("as --measure does", "planting"), ("as --measure does", "afforestation"), ("Write it to the ledger? yes/no", "maybe")]
        code, screen = at_a_terminal(words, [*answers, ("Write it to the ledger? yes/no", "yes")])
        assert (code, "Wrote 1 sites." in screen) == (0, True)
        assert "'planting' is not known" in screen

    def test_with_yes_a_terminal_is_asked_nothing(tmp_path: Path) -> None:
        project = project_in(tmp_path)
        file = written(parcels({}), tmp_path / "a.geojson")
        code, screen = at_a_terminal(("import", file, "--by", "甲", "--project", project, "--yes"), [])
        assert (code, "不知道措施" in screen) == (2, True)
        code, screen = at_a_terminal(
            ("import", file, "--by", "甲", "--measure", "人工造林", "--year", 2021, "--project", project, "--yes"), []
        )
        assert (code, "新登记 1" in screen) == (0, True)

    def test_where_nothing_would_be_written_nothing_is_asked(tmp_path: Path) -> None:
        project = taken_in(tmp_path, {"名称": "红岩"})
        file = tmp_path / "rows.geojson"
        code, screen = at_a_terminal(("import", file, "--by", "甲", "--measure", "人工造林", "--year", 2021, "--project", project), [])
        assert (code, "无变化 1" in screen) == (0, True)

    def test_a_doubtful_encoding_is_asked_once(tmp_path: Path) -> None:
        project = project_in(tmp_path)
        file = tmp_path / "a.csv"
        one, other = (square(at).geoms[0].wkt for at in (1, 4))
        file.write_bytes(f'小班号,名称,wkt\n1,红岩,"{one}"\n2,'.encode("gbk") + b"\xff\xff" + f',"{other}"\n'.encode())
        words = ("import", file, "--by", "甲", "--measure", "人工造林", "--year", 2021, "--crs", "EPSG:4490", "--project", project)
        code, screen = at_a_terminal(words, [("文字编码", "1"), ("写入台账？", "是")])
        assert (code, screen.count("相当于 --encoding")) == (0, 1)
