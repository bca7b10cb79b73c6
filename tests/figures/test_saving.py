"""A figure to a file: the same bytes each time, text that is text, and never half written."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from PIL import Image

from restoration import figures
from restoration.errors import BadRequest, CannotWrite, UnknownName
from tests.maps.conftest import sites_of, square

SVG = "{http://www.w3.org/2000/svg}"


def a_figure(**options: str) -> Figure:
    sites = sites_of(
        {"geometry": square(105, 25), "town": "甲镇"}, {"geometry": square(105.1, 25), "measure": "afforestation", "status": "planned"}
    )
    return figures.figure(sites, title="进度 $x^2$", made_on=date(2022, 1, 5), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_the_same_frame_is_the_same_bytes_whatever_the_settings(ending: str, tmp_path: Path) -> None:
    first = figures.save(a_figure(), tmp_path / f"a.{ending}").read_bytes()
    figure = a_figure()
    again = figures.save(figure, tmp_path / f"b.{ending}").read_bytes()
    own: Any = {"font.size": 30.0, "lines.scale_dashes": False, "savefig.bbox": "tight", "pdf.fonttype": 42, "text.usetex": False}
    with mpl.rc_context(own):
        third = figures.save(a_figure(), tmp_path / f"c.{ending}").read_bytes()
    assert first == again == third == figures.save(figure, tmp_path / f"d.{ending}").read_bytes()


@pytest.mark.parametrize(("size", "mm"), [("A4", (297, 210)), ("a3", (420, 297))])
def test_the_paper_is_the_size_asked_for(size: str, mm: tuple[int, int], tmp_path: Path) -> None:
    with Image.open(figures.save(a_figure(size=size), tmp_path / "a.png", dpi=254)) as picture:
        pixels = picture.size
    assert pixels == pytest.approx([10 * side for side in mm], abs=1)
    page = figures.save(a_figure(size=size), tmp_path / "a.pdf").read_bytes()
    box = next(line for line in page.split(b"\n") if b"/MediaBox" in line).split(b"[")[1].split()
    assert [float(edge) * 25.4 / 72 for edge in box[2:4]] == pytest.approx(mm, abs=0.01)


def test_text_is_text_in_svg_and_can_be_searched_in_pdf(tmp_path: Path) -> None:
    tree = ElementTree.parse(figures.save(a_figure(), tmp_path / "a.svg"))  # noqa: S314 - it is our own
    found = ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]
    assert {"进度 $x^2$", "甲镇", "图例", "坐标北"} <= set(found)
    assert b"/ToUnicode" in figures.save(a_figure(), tmp_path / "a.pdf").read_bytes()


def test_an_ending_that_is_none_of_ours_is_refused_and_ours_are_named(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.gpkg", "a"):
        with pytest.raises(UnknownName, match=r"\.png、\.pdf、\.svg"):
            figures.save(a_figure(), tmp_path / name)
    with pytest.raises(BadRequest, match="50 到 1200"):
        figures.save(a_figure(), tmp_path / "a.png", dpi=5000)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_in_one_step_or_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "图 1.SVG"
    path.write_text("old", "utf-8")
    assert figures.save(a_figure(), path) == path
    assert path.read_text("utf-8").startswith("<?xml")
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(CannotWrite, match="nowhere"):
        figures.save(a_figure(), tmp_path / "nowhere" / "a.png")
    (tmp_path / "b.png").mkdir()
    with pytest.raises(CannotWrite, match=r"b\.png"):
        figures.save(a_figure(), tmp_path / "b.png")


def test_nothing_of_pyplot_is_loaded_and_matplotlib_only_when_asked_for() -> None:
    script = (
        "import sys, restoration\nfrom restoration import figures, drawing\nassert 'matplotlib' not in sys.modules\n"
        "figures.figure, figures.save\nassert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
