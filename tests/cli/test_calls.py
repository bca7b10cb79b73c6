"""Calls that go wrong, help, languages, and the forms of output."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from restoration.cli.app import COMMANDS
from tests.making import run, state_of, taken_in

WRONG: tuple[tuple[str, ...], ...] = (
    ("list", "--bogus"), ("lst",), ("update",), ("update", "红岩"), ("update", "红岩", "--to", "designed"), ("update", "红岩", "--to"),
    ("--lang", "xx", "list"), ("list", "--year", "abc"), ("list", "--format", "xml"), ("show",), ("show", "a", "b"),
    ("area", "--unit", "acre"), ("area", "--by", "xx"), ("update", "红岩", "--to", "designed", "--by", "甲", "--verified-mu", "abc"),
    ("list", "--as-of", "2021-13-45"), ("list", "--as-of", "x"), ("targets", "foo"), ("targets", "add"), ("init",), ("explain", "Z99"),
    ("map",), ("list", "多余"), ("import", "--dry-run=3", "x"), ("--versio",), ("list", "-z"), ("import", "--by", "甲"),
    ("import", "a.shp"), ("note", "红岩", "--by", "甲"), ("waive", "红岩", "--by", "甲", "--reason", "x"), ("backup",), ("export",),
    ("import", "rows.geojson", "--by", "甲", "--unit", "acre"), ("import", "rows.geojson", "--by", "甲", "--shift", "a,b"),
    ("import", "rows.geojson", "--by", "甲", "--field", "measure"), ("import", "rows.geojson", "--by", "甲", "--crs", "西安"),
    ("import", "rows.geojson", "--by", "甲", "--encoding", "klingon"), ("import", "rows.geojson", "--by", "甲", "--id", "无此列"),
    ("import", "rows.geojson", "--by", "甲", "--layer", "无"), ("import", "rows.geojson", "--by", "甲", "--year", "20215"),
    ("import", "rows.geojson", "--by", "甲", "--measure", "种树", "--year", "2021"), ("import", "rows.geojson", "--by", "甲"),
    ("note", "红岩", "--text", "\udcff", "--by", "甲"), ("show", "\udcff"), ("demo", "p.gpkg"), ("init", "p.gpkg"),
    ("progress", "--by", "xx"), ("progress", "--since", "x", "--monthly"), ("progress", "--since", "2021-03"),
    ("progress", "--unit", "acre"), ("inside",), ("inside", "none.shp"), ("inside", "p.gpkg"),
    ("inside", "rows.geojson", "--name", "无此列"),
    ("inside", "rows.geojson", "--layer", "无"),
    ("inside", "rows.geojson", "--out", "x.shp"), ("inside", "rows.geojson", "--shift", "a"),
    ("area", "--methods"), ("area", "--methods", "--site", "无此班"),
    ("area", "--methods", "--site", "S1", "--unit", "ha"), ("area", "--site"),
    ("init", "none/p.gpkg"),
)  # fmt: skip
OF_CLICK = re.compile(
    r"\b(error|usage|missing|option|argument|invalid|value|valid|command|unexpected|extra|try|required|default|such|got|not|one of)\b", re.I
)
OF_OURS = re.compile(r"--[\w-]+|restoration [\w -]*--help|\S+\.(gpkg|shp|geojson|html)\b|[a-z]+_[a-z_]+")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_wrong_call_is_answered_in_chinese_and_changes_nothing(here: Path) -> None:
    before = state_of(here)
    for words in WRONG:
        said = run(*words)
        assert said.code not in (0, 70), words
        assert said.err.startswith("错误："), words
        assert len(said.err.strip().splitlines()) >= 2, (words, said.err)
        left = OF_OURS.sub("", said.err)
        assert not OF_CLICK.search(left), (words, said.err)
    assert state_of(here) == before


@pytest.mark.usefixtures("here")
def test_a_wrong_call_is_answered_in_english_when_asked() -> None:
    for words in WRONG:
        if "--lang" in words:
            continue
        said = run(*words, "--lang", "en") if words[-1] != "--to" else run("--lang", "en", *words)
        assert said.code not in (0, 70), words
        assert said.err.startswith("Error: "), words
        assert not re.search(
            r"[\u4e00-\u9fff]", re.sub(r"['\"‘“].*?['\"’”]|--.*|\S*[/.]\S*|红岩|多余|：.*", "", said.err.splitlines()[0])
        ), said.err


@pytest.mark.usefixtures("here")
def test_the_environment_says_the_language_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTORATION_LANG", "en")
    assert run("show", "无").err.startswith("Error: ")
    assert run("show", "无", "--lang", "zh").err.startswith("错误：")


def helps() -> list[tuple[str, ...]]:
    return [(), *((name,) for name in COMMANDS), ("targets", "add")]


def test_help_has_no_english_of_click_in_it() -> None:
    for words in helps():
        said = run(*words, "--help")
        assert said.code == 0
        left = re.sub(r"--[\w-]+|\[[a-z0-9|.-]+\]|<[a-z|]+>|layer,measure,status,group,town,year", "", said.out)
        for word in ("Usage", "Options", "Commands", "required", "default", "INTEGER", "TEXT", "FLOAT", "PATH", "COMMAND", "ARGS", "Add a"):
            assert word not in left, (words, word, said.out)
        again = run(*words, "-h")
        assert (again.code, again.err, again.out) == (0, "", said.out)


def test_help_in_english_has_no_chinese_in_it() -> None:
    for words in helps():
        said = run("--lang", "en", *words, "--help")
        assert not re.search(r"[\u4e00-\u9fff]", said.out), said.out


def test_no_command_is_answered_with_the_help() -> None:
    said = run()
    assert (said.code, said.err.startswith("用法：")) == (2, True)


@pytest.mark.usefixtures("here")
def test_the_project_is_found_or_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "共 2 个" in run("list").out
    run("init", "second.gpkg")
    said = run("list")
    assert (said.code, "p.gpkg、second.gpkg" in said.err) == (3, True)
    monkeypatch.setenv("RESTORATION_PROJECT", "second.gpkg")
    assert "共 0 个" in run("list").out
    assert "共 2 个" in run("list", "--project", "p.gpkg").out
    monkeypatch.setenv("RESTORATION_PROJECT", "third.gpkg")
    assert run("list").code == 3
    monkeypatch.delenv("RESTORATION_PROJECT")
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert "本文件夹里有 0 个项目文件" in run("list").err
    assert list(empty.iterdir()) == []


FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")")  # fmt: skip


def test_csv_is_for_excel_and_starts_no_formula(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"})
    for text in FORMULAS:
        run("correct", "RGZL-2021-001", "--set", f"name={text}", "--reason", "x", "--by", "乙", "--project", project)
        said = run("list", "--format", "csv", "--project", project)
        assert said.raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(said.out)))
        assert rows[1][1].startswith(("'", "红", "\\")), (text, rows[1])
        assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)


def test_a_table_has_no_control_characters_and_cells_of_bearable_length(tmp_path: Path) -> None:
    name = "甲\x1b[31m乙\x9b2J\u202e丙\u2028丁\r戊" + "长" * 3000
    project = taken_in(tmp_path, {"名称": "红岩"})
    run("correct", "红岩", "--set", f"name={name}", "--set", f"town={name}", "--reason", name, "--by", "甲\x1b乙", "--project", project)
    for command in (
        ("list",),
        ("history", "RGZL-2021-001"),
        ("show", "RGZL-2021-001"),
        ("check",),
        ("area", "--by", "town"),
        ("show", name),
    ):
        said = run(*command, "--project", project)
        assert not set(said.out + said.err) & set("\x1b\x9b\u202e\u2028\r\x07"), command
    assert max(len(line) for line in run("list", "--project", project).out.splitlines()) < 500
    assert run("list", "--project", project, "--format", "json").data()[0]["name"] == name


def test_explain_explains_every_code() -> None:
    codes = re.findall(r"[A-Z]\d{3}", run("explain", "Z").err)
    assert {"I101", "I102", "I103", "I104", "S201"} <= set(codes)
    for code in codes:
        assert len(run("explain", code.lower()).out) > 20
        assert not re.search(r"[\u4e00-\u9fff]{6}", run("explain", code, "--lang", "en").out), code


def test_json_is_json_for_every_command_that_has_it(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"})
    for command in (("list",), ("show", "红岩"), ("history", "红岩"), ("check",), ("area",), ("targets",), ("progress",), ("verify",)):
        json.loads(run(*command, "--project", project, "--format", "json").out)
