"""A name that would run, move the cursor or never end: in by a file, out in the terminal, the maps and the exports, as text."""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
from playwright.sync_api import Page

from tests.making import parcels, project_in, run, square, state_of
from tests.maps.test_hostile_text import PAYLOADS, starts_a_program

CONTROLS = (
    "a\x1b[2J\x1b]0;title\x07b",
    "a\u202eb\u2066c",
    "a\x9b31mb",
    "=cmd|' /C calc'!A0",
    "长" * 10_000,
    "'; DROP TABLE event;--",
    "%s%n{0}",
)
FORBIDDEN = {chr(code) for code in (*range(32), 127, *range(128, 160))} | set("\u202e\u2066\u2028\u2029")
HOSTILE = [*PAYLOADS, *CONTROLS]


def test_hostile_names_are_text_everywhere(tmp_path: Path, page: Page, requested: list[str], complaints: list[str]) -> None:
    texts = [*HOSTILE, starts_a_program(tmp_path / "made")]
    fields = ("名称", "乡镇", "村", "责任单位", "树种")
    rows = parcels(*({**dict.fromkeys(fields, text), "geometry": square(number)} for number, text in enumerate(texts)))
    (tmp_path / "rows.geojson").write_text(rows.to_json(), encoding="utf-8")
    project = project_in(tmp_path)
    said = run(
        "import",
        tmp_path / "rows.geojson",
        "--measure",
        "人工造林",
        "--year",
        2021,
        "--by",
        "甲",
        "--on",
        "2021-03-01",
        "--project",
        project,
    )
    assert f"新登记 {len(texts)}，" in said.out
    for number, text in enumerate(texts, 1):
        if "\0" not in text and len(text) < 4000:
            said = run("note", f"RGZL-2021-{number:03}", "--text", text, "--doc", text, "--by", text[:100], "--project", project)
            assert said.code == 0, (text, said)
    listed = run("list", "--project", project, "--format", "json").data()
    assert len(listed) == len(texts)
    for row, text in zip(listed, texts, strict=True):
        assert "".join(row["name"].split()) == "".join(text.split()), text
    for words in (("list",), ("check", "--all"), ("history", "RGZL-2021-001"), ("show", "RGZL-2021-020"), ("area", "--by", "town")):
        assert not (FORBIDDEN - {"\n"}) & set(run(*words, "--project", project).out), words
    assert run("map", tmp_path / "map.html", "--project", project).code == 0
    _require_text(page, tmp_path / "map.html", texts)
    assert [address for address in requested if not address.endswith("/map.html") and not address.startswith(("data:", "blob:"))] == []
    assert complaints == []
    for ending in ("png", "pdf", "svg"):
        assert run("figure", tmp_path / f"figure.{ending}", "--title", texts[0], "--office", texts[4], "--project", project).code == 0
    assert run("export", tmp_path / "out.gpkg", "--project", project).code == 0
    assert len(gpd.read_file(tmp_path / "out.gpkg")) == len(texts)
    assert not [name for name in state_of(tmp_path) if name.startswith("made")]
    assert "未发现改动" in run("verify", "--project", project).out


def _require_text(page: Page, path: Path, texts: list[str]) -> None:
    page.context.set_offline(True)
    page.goto(path.as_uri())
    deadline = time.monotonic() + 20
    while not page.evaluate("!!restoration.opened && !!restoration.opened.store.isWhole"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for row in range(len(texts)):
        page.evaluate("row => restoration.opened.facts.show([row])", row)
        assert "RGZL-2021-" in page.inner_text(".facts")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, form').length") == 0
