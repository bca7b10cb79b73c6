"""The sheet that the page prints: its size, what it says, that it is true to scale, and the picture that is saved."""

from __future__ import annotations

import base64
import io
import math
import re
import struct
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pytest
from playwright.sync_api import Page, Route
from pypdf import PdfReader
from pyproj import Transformer

from restoration import maps, sample
from restoration.frame import conform
from restoration.maps.basemaps import Service
from restoration.text import speaking

from .conftest import READ_PIXELS, Opened, sites_of, square
from .test_in_browser import alike, filled
from .tiling import plain

Open = Callable[..., Opened]
POINTS_MM = 72 / 25.4
PAPERS = {"A4": (297, 210), "A3": (420, 297)}
TWO = [
    {"geometry": square(105.0, 25.0, 0.05), "town": "坪上镇"},
    {"geometry": square(105.3, 25.2, 0.05), "status": "planned", "town": "德卧镇"},
]
GROUND = (0xF1, 0xEF, 0xE8)
TILE = (90, 120, 60)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> gpd.GeoDataFrame:
    return sample.build(tmp_path_factory.mktemp("sample")).project.sites()


def drawn(page: Page) -> None:
    """Wait until the sheet of the window is drawn."""
    deadline = time.monotonic() + 20
    while not page.locator(".sheet-buttons .primary").is_enabled():
        assert time.monotonic() < deadline, page.locator(".sheet-told").inner_text()
        time.sleep(0.05)


def choose(page: Page, place: int, value: str) -> None:
    """Choose paper (0), extent (1) or scale (2)."""
    page.locator(".sheet-form select").nth(place).select_option(value)
    drawn(page)


def sheet_texts(page: Page) -> list[str]:
    return page.locator(".paper svg text").all_text_contents()


def pdf_of(page: Page) -> tuple[list[tuple[float, float]], str]:
    """The sizes of the printed pages, mm, and what stands on them."""
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    sizes = [(float(each.mediabox.width) / POINTS_MM, float(each.mediabox.height) / POINTS_MM) for each in read.pages]
    said = "\n".join(each.extract_text() for each in read.pages)
    return sizes, unicodedata.normalize("NFKC", said)  # of signs that look alike a font may tell the radical


def saved(page: Page) -> tuple[str, bytes]:
    """The picture that the window saves, and what it is called."""
    with page.expect_download() as told:
        page.locator(".sheet-buttons button").nth(1).click()
    return told.value.suggested_filename, Path(told.value.path()).read_bytes()


def colours(page: Page, picture: bytes, *pixels: tuple[float, float]) -> list[list[int]]:
    made: list[list[int]] = page.evaluate(READ_PIXELS, [base64.b64encode(picture).decode("ascii"), [list(map(round, at)) for at in pixels]])
    return made


def window(page: Page) -> dict[str, Any]:
    """The map's place on paper, mm from the upper left corner, and the scale that the sheet says."""
    rect = page.locator(".paper svg rect").first
    said = next(text for text in sheet_texts(page) if text.startswith("1 : "))
    return {name: float(rect.get_attribute(name) or 0) for name in ("x", "y", "width", "height")} | {
        "scale": int(re.sub(r"\D", "", said[3:]))
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_sheet_is_one_page_of_its_paper_with_all_that_a_map_must_say(
    opened: Open, district: gpd.GeoDataFrame, lang: Any, paper: str
) -> None:
    with speaking(lang):
        page = opened(maps.build(district, office="某某林业局", title="进度图")).page
    page.click(".tool.print")
    choose(page, 0, paper)
    sizes, said = pdf_of(page)
    assert len(sizes) == 1
    assert sizes[0] == pytest.approx(PAPERS[paper], abs=0.4)
    flat = re.sub(r"\s", "", said)
    wanted = {
        "zh": ["图例", "已验收", "措施面积", "坐标北", "千米", "CGCS2000", "EPSG:4523", "制图单位：某某林业局", "制图日期", "现状",
               "示例数据", "内部工作用图不得公开", "105°E", "25°", "35500km"],
        "en": ["Legend", "accepted", "taskarea", "gridnorth", "CGCS2000", "EPSG:4523", "Madeby:某某林业局", "Madeon", "Asitstands",
               "Sampledata", "Internalworkingmap", "105°E", "25°"],
    }[lang]  # fmt: skip
    assert [text for text in ["进度图", *wanted] if unicodedata.normalize("NFKC", text) not in flat] == []
    for part in ("task", "land", "sites"):
        assert page.locator(f'[data-sum="whole  {part}"]').first.inner_text() in flat
    assert len(page.pdf(prefer_css_page_size=True)) > 20_000


def test_what_is_typed_stands_on_the_sheet_and_a_review_number_takes_the_mark_away(opened: Open) -> None:
    with speaking("zh"):
        page = opened(maps.build(sites_of(*TWO))).page
    page.click(".tool.print")
    drawn(page)
    assert "内部工作用图 不得公开" in sheet_texts(page)
    for place, text in enumerate(["二〇二六年<b>进度</b>", "某某局&", "黔S(2026)001号"]):
        page.locator(".sheet-form input").nth(place).fill(text)
    page.wait_for_timeout(400)
    drawn(page)
    said = sheet_texts(page)
    assert {"二〇二六年<b>进度</b>", "审图号：黔S(2026)001号"} <= set(said)
    assert any(text.startswith("制图单位：某某局& · 制图日期：") for text in said)
    assert "内部工作用图 不得公开" not in said
    assert saved(page)[0].startswith("二〇二六年_b_进度_b__20")


def test_the_legend_is_of_what_is_shown(opened: Open) -> None:
    with speaking("zh"):
        page = opened(maps.build(sites_of(*TWO))).page
    page.click("[data-group=accepted]")
    page.click(".filters summary")
    page.click(".filters details label >> nth=0")
    task = page.locator('[data-sum="group accepted task"]').inner_text()
    page.keyboard.press("Control+p")
    drawn(page)
    said = sheet_texts(page)
    assert "未开工" not in said
    assert {"已验收", task, "筛选：1 / 2 个图斑；乡镇 坪上镇"} <= set(said)
    assert "图上 1 个图斑" in page.locator(".sheet-told").inner_text()


@pytest.mark.parametrize("scale", ["0", "100000", "500000"])
def test_a_sheet_is_true_to_scale(opened: Open, scale: str) -> None:
    """Corners of a site stand on paper where the plane has them, within a pixel of the print (0.085 mm)."""
    with speaking("zh"):
        page = opened(maps.build(sites_of({"geometry": square(105.6, 25.0, 0.04)}, {"geometry": square(105.7, 25.06, 0.04)}))).page
    page.click(".tool.print")
    choose(page, 2, scale)
    told, dots = window(page), 300 / 25.4
    assert scale == "0" or told["scale"] == int(scale)
    plane = Transformer.from_crs(4490, 4513 + 35 - 25, always_xy=True)
    corners = [
        plane.transform(lon, lat)
        for lon, lat in [
            (105.6, 25.0),
            (105.64, 25.0),
            (105.6, 25.04),
            (105.64, 25.04),
            (105.7, 25.06),
            (105.74, 25.06),
            (105.7, 25.1),
            (105.74, 25.1),
        ]
    ]
    west, east, south, north = (
        min(x for x, _ in corners),
        max(x for x, _ in corners),
        min(y for _, y in corners),
        max(y for _, y in corners),
    )
    mm = 1000 / told["scale"]
    middle = told["x"] + told["width"] / 2, told["y"] + told["height"] / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        x, y = plane.transform(lon, lat)
        return (middle[0] + (x - (west + east) / 2) * mm) * dots, (middle[1] - (y - (south + north) / 2) * mm) * dots

    _, picture = saved(page)
    (left, top), (right, bottom) = at(105.6, 25.02), at(105.64, 25.02)
    edge = 4 * 0.127 * dots  # half the line, its white border, and what anti-aliasing takes
    inside = [(left + edge, top), (right - edge, bottom), ((left + right) / 2, (top + bottom) / 2)]
    outside = [(left - edge, top), (right + edge, bottom)]
    seen = colours(page, picture, *inside, *outside)
    assert [alike(colour, filled("accepted")) for colour in seen] == [True] * 3 + [False] * 2, seen
    assert [alike(colour, GROUND) for colour in seen[3:]] == [True] * 2
    bar = page.locator(".paper svg .bar")
    pieces = [float(bar.nth(number).get_attribute("width") or 0) for number in range(bar.count())]
    length = float(bar.nth(0).get_attribute("data-metres") or 0)
    assert sum(pieces) * told["scale"] / 1000 == pytest.approx(length, rel=1e-3)


def test_the_saved_picture_is_the_sheet_of_the_window(opened: Open, district: gpd.GeoDataFrame) -> None:
    with speaking("zh"):
        page = opened(maps.build(district, title="进度图")).page
    page.click(".tool.print")
    drawn(page)
    name, picture = saved(page)
    assert re.fullmatch(r"进度图_\d{4}-\d\d-\d\d\.png", name)
    width, height = struct.unpack(">2I", picture[16:24])
    assert (width, height) == (3508, 2480)
    assert struct.unpack(">2IB", picture[picture.index(b"pHYs") + 4 :][:9]) == (11811, 11811, 1)
    shown = page.locator(".paper").bounding_box()
    assert shown is not None
    screen = page.screenshot(clip=shown)
    shrunk = shown["width"] / width
    points = [(x, y) for x in range(150, 3400, 97) for y in range(120, 2400, 89)]
    ours = np.array(colours(page, picture, *points))
    seen = np.array(
        colours(page, screen, *[(min(shown["width"] - 1, x * shrunk), min(shown["height"] - 1, y * shrunk)) for x, y in points])
    )
    same = (np.abs(ours - seen) <= 12).all(axis=1)
    assert same.mean() > 0.93, same.mean()  # letters and thin lines fall on other pixels
    assert len({tuple(colour) for colour in ours.tolist()}) > 5


def test_sites_outside_the_frame_are_told(opened: Open) -> None:
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*TWO)))
    page = shown.page
    page.evaluate("restoration.opened.map.setView([25.025, 105.025], 14, {animate: false})")
    page.click(".tool.print")
    choose(page, 1, "view")
    assert any("另有 1 个图斑在图框以外" in text for text in sheet_texts(page))


@pytest.mark.parametrize("told", ["kept", "left out"])
def test_a_basemap_is_on_the_sheet_and_in_the_picture_if_its_site_allows_that(page: Page, tmp_path: Path, told: str) -> None:
    may_be_kept = told == "kept"

    def answer(route: Route) -> None:
        asks = "origin" in route.request.headers
        if asks and not may_be_kept:
            route.abort("failed")
        else:
            route.fulfill(body=plain(TILE), content_type="image/png")

    page.route(re.compile(r"^https?://"), answer)
    under = Service(name="试验底图", attribution="某院", urls=("https://tiles.example.cn/{z}/{x}/{y}.png",))
    with speaking("zh"):
        made: folium.Map = maps.build(sites_of(*TWO), basemaps=[under])
    page.goto(maps.save(made, tmp_path / "map.html", allow_outside=True).as_uri())
    Opened(page).settle()
    page.click(".tool.print")
    drawn(page)
    box = page.locator(".paper canvas").bounding_box()
    assert box is not None
    assert alike(colours(page, page.screenshot(), (box["x"] + 30, box["y"] + 40))[0], TILE)
    assert any("某院" in text for text in sheet_texts(page))
    _, picture = saved(page)
    assert ("图片里没有底图" in page.locator(".sheet-told").inner_text()) is not may_be_kept
    place = window(page)
    seen = colours(page, picture, ((place["x"] + 5) * 300 / 25.4, (place["y"] + 8) * 300 / 25.4))[0]
    assert alike(seen, TILE if may_be_kept else GROUND)


def test_a_day_of_the_slider_and_past_boundaries_are_printed(opened: Open, tmp_path: Path) -> None:
    project = sample.build(tmp_path / "s").project
    with speaking("zh"):
        page = opened(maps.build(project.sites(), histories=project.ledger.histories(), versions=project.ledger.boundary_versions())).page
    page.locator(".timeline input").evaluate("node => { node.value = 3; node.dispatchEvent(new Event('input')); }")
    day = page.locator(".timeline output").inner_text()
    shown = page.locator('[data-sum="whole  sites"]').first.inner_text()
    page.click(".tool.print")
    drawn(page)
    assert f"截至 {day} · 按发生日期" in sheet_texts(page)
    assert shown in sheet_texts(page)
    assert day in saved(page)[0]


def test_the_window_is_closed_by_escape_and_gives_the_focus_back(opened: Open) -> None:
    page = opened(maps.build(sites_of(*TWO))).page
    page.focus(".tool.print")
    page.keyboard.press("Enter")
    drawn(page)
    page.keyboard.press("Escape")
    assert page.locator(".print-window").is_hidden()
    assert page.evaluate("document.activeElement.classList.contains('print')")


def test_a_sheet_of_no_site_is_printed_too(opened: Open) -> None:
    page = opened(maps.build(sites_of(*TWO).iloc[:0])).page
    page.click(".tool.print")
    drawn(page)
    assert len(pdf_of(page)[0]) == 1


def test_planes_have_a_way_back(opened: Open) -> None:
    page = opened(maps.build(sites_of(*TWO))).page
    places = [[lon, lat] for lon in (103.4, 105.0, 108.9) for lat in (21.0, 25.1, 45.0)]
    back = page.evaluate("places => places.map(([lon, lat]) => restoration.fromPlane(...restoration.inPlane(lon, lat, 35), 35))", places)
    assert np.abs(np.array(back) - np.array(places)).max() < 1e-9
    assert math.isclose(conform(sites_of(*TWO)).total_bounds[0], 105.0)


def test_printing_by_the_browser_s_menu_says_how_and_opens_the_window(opened: Open) -> None:
    with speaking("zh"):
        page = opened(maps.build(sites_of(*TWO))).page
    sizes, said = pdf_of(page)
    assert len(sizes) == 1
    assert "打印按钮" in said
    assert "图例" not in said
    drawn(page)
    assert page.locator(".print-window").is_visible()
