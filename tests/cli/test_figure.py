"""``restoration figure``: one sheet of a project, from the command line."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from restoration import figures, sample
from tests.making import run, state_of, taken_in


def texts(path: Path) -> list[str]:
    tree = ElementTree.parse(path)  # noqa: S314 - it is our own
    return ["".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_a_sheet_has_the_areas_of_the_command_area(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {}, {}, {})
    out = tmp_path / "图.svg"
    said = run("figure", out, "--project", project, "--office", "某局", "--title", "三块地")
    assert (said.code, said.out) == (0, f"图：{out}（A4，横放）\n")
    found = texts(out)
    whole = run("area", "--project", project, "--format", "csv").out.splitlines()[-1].split(",")
    assert float(whole[2]) > 0
    assert whole[2] in [text.replace(",", "") for text in found]
    assert "三块地" in found
    assert any("制图单位：某局" in text for text in found)


def test_the_sample_on_its_day_with_its_outline(tmp_path: Path) -> None:
    built = sample.build(tmp_path)
    out = tmp_path / "a.svg"
    assert run("figure", out, "--as-of", "2021-12-31", "--layer", "mine_sites", "--public", "--size", "a3", "--lang", "en", "--project",
               built.project.path).code == 0  # fmt: skip
    found = texts(out)
    for words in ("mine sites · As of 2021-12-31 · by the day it happened", "28 mines · 32 sites", "Sample data · the shapes are made up"):
        assert words in found
    assert "hill closure" not in found


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("a.gpkg",), 2, ".png、.pdf、.svg"),
        (("a.jpg",), 2, ".png、.pdf、.svg"),
        (("a.png", "--dpi", "9"), 2, "50 到 1200"),
        (("a.png", "--size", "A9"), 2, "A4、A3"),
        (("a.png", "--layer", "湿地"), 2, "mine_sites 矿区复绿"),
        (("nowhere/a.png",), 10, "nowhere"),
        (("a.png", "--as-of", "2999-01-01"), 2, "还没有到"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    words: tuple[str, ...], code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = taken_in(tmp_path, {})
    before = state_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    said = run("figure", *words, "--project", project)
    assert (said.code, told in said.err) == (code, True), said
    assert state_of(tmp_path) == before


def test_without_matplotlib_the_other_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = taken_in(tmp_path, {})
    monkeypatch.setattr(figures, "find_spec", {}.get)
    said = run("figure", tmp_path / "a.pdf", "--project", project)
    assert (said.code, 'pip install "restoration[figure]"' in said.err) == (11, True)
    assert run("map", tmp_path / "a.html", "--project", project).code == 0
