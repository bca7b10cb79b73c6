"""Basemaps as a person sees them: where tiles lie to a pixel, what the control does, what is said. No service is ever asked."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest
from playwright.sync_api import Page

from restoration import maps
from restoration.maps.basemaps import Basemap, Service, Tiles
from restoration.text import speaking

from .conftest import Opened, sites_of, square
from .test_hostile_text import PAYLOADS
from .tiling import BLUE, RED, SIDE, Place, mbtiles, plain, png, serve, tile_of, world_pixel

GROUND = [0xF1, 0xEF, 0xE8]
SITES = sites_of({"geometry": square(105.0, 25.0, 0.004)}, {"geometry": square(105.03, 25.02, 0.004)})
HOST = "https://tiles.example.cn"
KNOWN = [  # CGCS2000 and GCJ-02, as computed by three independent libraries
    ((105.02, 25.11), (105.02286682, 25.10713805)),
    ((105.22, 25.08), (105.22304308, 25.07709487)),
    ((105.30, 24.98), (105.30314973, 24.97711107)),
    ((105.20, 25.30), (105.20306143, 25.29712726)),
    ((104.90, 25.09), (104.90245915, 25.08689084)),
]
READ_ALL = """async picture => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    pen.drawImage(image, 0, 0);
    const bytes = pen.getImageData(0, 0, image.width, image.height).data;
    let packed = '';
    for (let at = 0; at < bytes.length; at += 32768) packed += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(packed);
}"""
EXACTLY = """([lon, lat]) => {
    const map = restoration.opened.map, box = map.getContainer().getBoundingClientRect();
    const at = map.project([lat, lon]).subtract(map.getPixelOrigin()).add(map._getMapPanePos());
    return [at.x + box.left, at.y + box.top];
}"""
"""Where a position stands in the window, not rounded to pixels as Leaflet does."""
Show = Callable[..., tuple[Opened, list[str]]]


def service(url: str = HOST + "/{z}/{x}/{y}.png", **about: Any) -> Service:
    return Service(**{"name": "试验底图", "attribution": "某院", "urls": (url,), **about})


def red(_: Place) -> bytes:
    return plain(RED)


def nothing(_: Place) -> None:
    return None


@pytest.fixture
def show(page: Page, tmp_path: Path) -> Show:
    """Save a map with basemaps and open it; what it asks for is answered by ``draw``."""

    def open_map(basemaps: Sequence[Basemap], draw: Callable[[Place], bytes | None] = red, **about: Any) -> tuple[Opened, list[str]]:
        asked = serve(page, draw)
        with speaking("zh"):
            made: folium.Map = maps.build(SITES, basemaps=basemaps, **about)
        page.goto(maps.save(made, tmp_path / "map.html", allow_outside=True).as_uri())
        shown = Opened(page)
        shown.settle()
        return shown, asked

    return open_map


def until(page: Page, true: str) -> None:
    deadline = time.monotonic() + 20
    while not page.evaluate(true):
        assert time.monotonic() < deadline, true
        time.sleep(0.05)


def pixels(shown: Opened, left: int, top: int, wide: int, high: int) -> np.ndarray[Any, Any]:
    """A part of the screen, shape (high, wide, 3)."""
    picture = shown.page.screenshot(clip={"x": left, "y": top, "width": wide, "height": high})
    packed = shown.page.evaluate(READ_ALL, base64.b64encode(picture).decode("ascii"))
    return np.frombuffer(base64.b64decode(packed), dtype=np.uint8).astype(int).reshape(high, wide, 4)[:, :, :3]


def marked(at: tuple[float, float], place: Place) -> bytes:
    """A white tile with a black square of 5 pixels around the pixel that holds a position, wherever tiles meet."""
    zoom, column, row = place
    x, y = (math.floor(value) for value in world_pixel(*at, zoom))
    across, down = np.arange(SIDE) + column * SIDE - x, np.arange(SIDE) + row * SIDE - y
    inside = (np.abs(down)[:, None] <= 2) & (np.abs(across)[None, :] <= 2)
    return png(np.where(inside[:, :, None], 0, 255).astype(np.uint8).repeat(3, axis=2))


def off_by(shown: Opened, true: tuple[float, float], drawn: tuple[float, float]) -> tuple[float, float]:
    """How far the mark's middle lies from where a position that was drawn elsewhere belongs, pixels."""
    x, y = shown.page.evaluate(EXACTLY, list(true))
    tile_zoom = shown.page.evaluate("Math.round(restoration.opened.map.getZoom())")
    larger = 2 ** (shown.page.evaluate("restoration.opened.map.getZoom()") - tile_zoom)
    x, y = (value + (0.5 - at % 1) * larger for value, at in zip((x, y), world_pixel(*drawn, tile_zoom), strict=True))
    left, top = round(x) - 20, round(y) - 20
    dark = pixels(shown, left, top, 41, 41).sum(axis=2) < 300
    assert dark.any(), "the mark is not near its place"
    rows, columns = np.nonzero(dark)
    return left + columns.mean() + 0.5 - x, top + rows.mean() + 0.5 - y


def go(shown: Opened, lon: float, lat: float, zoom: float) -> None:
    shown.page.evaluate("([lon, lat, zoom]) => { restoration.opened.map.setView([lat, lon], zoom, {animate: false}); }", [lon, lat, zoom])
    until(shown.page, "[...document.querySelectorAll('.leaflet-tile')].every(tile => tile.complete || tile.tagName === 'CANVAS')")
    shown.settle()


@pytest.mark.parametrize(("true", "shifted"), KNOWN)
def test_gcj02_is_that_of_the_independent_libraries(true: tuple[float, float], shifted: tuple[float, float], show: Show) -> None:
    shown, _ = show([service()])
    assert shown.page.evaluate("at => restoration.gcj02(...at)", list(true)) == pytest.approx(shifted, abs=1e-8)
    assert shown.page.evaluate("restoration.gcj02(2.35, 48.85)") == [2.35, 48.85]


@pytest.mark.parametrize("zoom", [10, 13, 16, 18, 15.5])
@pytest.mark.parametrize(("true", "shifted"), KNOWN[::2])
def test_a_gcj02_tile_lies_where_its_content_belongs_to_a_pixel(
    true: tuple[float, float], shifted: tuple[float, float], zoom: float, show: Show
) -> None:
    shown, _ = show([service(datum="gcj02")], lambda place: marked(shifted, place))
    go(shown, true[0] + 0.0003, true[1] + 0.0002, zoom)
    assert off_by(shown, true, shifted) == pytest.approx((0, 0), abs=1.0)


def test_a_carried_tile_of_gcj02_lies_where_its_content_belongs_too(show: Show, tmp_path: Path) -> None:
    true, shifted = KNOWN[0]
    file = mbtiles(tmp_path / "a.mbtiles", {place: marked(shifted, place) for place in around([tile_of(*shifted, 16)])})
    shown, _ = show([maps.basemap(f"gcj02:{file}")])
    go(shown, true[0] + 0.0003, true[1] + 0.0002, 16)
    assert off_by(shown, true, shifted) == pytest.approx((0, 0), abs=1.0)


def test_tiles_of_our_own_datum_lie_where_they_are(show: Show) -> None:
    (true, _) = KNOWN[0]
    shown, _ = show([service()], lambda place: marked(true, place))
    go(shown, true[0] + 0.0003, true[1], 17)
    assert off_by(shown, true, true) == pytest.approx((0, 0), abs=1.0)


@pytest.mark.parametrize("zoom", [9, 14, 18])
def test_shifted_tiles_leave_no_gap_and_fill_the_map(zoom: int, show: Show) -> None:
    shown, _ = show([service(datum="gcj02")], lambda place: plain(RED if sum(place) % 2 else BLUE))
    go(shown, 105.3, 25.3, zoom)
    shown.page.add_style_tag(
        content=".graticule, .graticule-labels, .leaflet-control-container, .leaflet-sites-pane, .stamp, .open-table, .minimap "
        "{ visibility: hidden }"
    )
    seen = pixels(shown, 370, 0, 900, 800)
    ours = np.minimum(*(np.abs(seen - np.array(colour)).max(axis=2) for colour in (RED, BLUE)))
    assert (ours > 3).sum() == 0, np.argwhere(ours > 3)[:5]


def test_data_and_pointer_stay_where_they_are_over_a_shifted_basemap(show: Show) -> None:
    plain_map, _ = show([])
    before = plain_map.where(105.0, 25.0)
    shown, _ = show([service(name="高德影像", datum="gcj02")])
    assert shown.where(105.0, 25.0) == before
    shown.page.mouse.move(*shown.where(105.01, 25.01))
    lon, lat, *_, datum = shown.texts(".coordinates")[0].split()
    assert [float(lon[:-2]), float(lat[:-2])] == pytest.approx([105.01, 25.01], abs=2e-4)
    assert datum == "CGCS2000"
    assert "高德影像底图（GCJ-02，已按显示位置改正）" in shown.texts(".basemap-credits")[0]


def test_what_is_measured_over_a_shifted_basemap_is_what_is_measured_without(show: Show) -> None:
    told = []
    for under in ([], [service(name="高德影像", datum="gcj02")]):
        shown, _ = show(under)
        shown.page.get_by_role("button", name="量测").click()
        for corner in ((105.0, 25.0), (105.01, 25.0), (105.01, 25.01)):
            shown.click(*corner)
        told.append(shown.texts(".ruler dd"))
    assert told[0] == told[1]
    assert len(told[0]) == 5


def test_a_service_with_its_labels_fills_in_its_addresses(show: Show) -> None:
    both = service(
        name="甲", urls=(HOST.replace("tiles", "t{s}") + "/a/{z}/{x}/{y}.png", HOST + "/b/{z}/{x}/{y}.png"), subdomains=("0", "7")
    )
    _, asked = show([both])
    hosts = {address.split("/")[2] + "/" + address.split("/")[3] for address in asked}
    assert hosts == {"t0.example.cn/a", "t7.example.cn/a", "tiles.example.cn/b"}
    assert all(address.endswith(".png") and "{" not in address for address in asked)


def test_the_policy_lets_out_to_the_chosen_hosts_alone(show: Show, complaints: list[str]) -> None:
    shown, asked = show([service(HOST + ":8443/{z}/{x}/{y}.png")])
    before = len(asked)
    tried = (
        "new Promise(done => { const i = new Image(); i.onload = () => done('came'); i.onerror = () => done('refused'); i.src = '%s'; })"
    )
    addresses = ("https://other.example.cn/1/1/1.png", "https://tiles.example.cn/1/1/1.png", "https://a.tiles.example.cn:8443/1/1/1.png")
    assert [shown.page.evaluate(tried % address) for address in addresses] == ["refused"] * 3
    assert shown.page.evaluate(f"fetch('{HOST}:8443/1/1/1.png').then(() => 'asked', () => 'refused')") == "refused"
    assert len(asked) == before
    assert len([text for text in complaints if "Content Security Policy" in text]) >= 4


def test_without_a_network_the_page_is_whole_and_says_what_is_missing(show: Show, complaints: list[str]) -> None:
    shown, asked = show([service()], nothing)
    shown.page.locator(".basemap-notice").wait_for(state="visible")
    assert shown.texts(".basemap-notice") == ["底图未加载（无网络）"]
    assert asked
    x, y = shown.where(105.02, 25.015)
    assert pixels(shown, round(x), round(y), 1, 1)[0, 0].tolist() == pytest.approx(GROUND, abs=25)
    shown.click(105.002, 25.002)
    assert len(shown.texts(".facts h2")) == 1
    shown.page.click(".basemap-button")
    shown.page.get_by_role("radio", name="无底图").check()
    assert shown.texts(".basemap-notice") == []
    assert all("ERR_INTERNET_DISCONNECTED" in text for text in complaints)


def test_a_service_that_hangs_is_told_too(show: Show) -> None:
    shown, _ = show([])
    made = maps.build(SITES, basemaps=[service()])
    file = maps.save(made, Path(shown.page.url.removeprefix("file://")), allow_outside=True)
    shown.page.unroute_all()
    shown.page.route("https://**", lambda _: None)
    shown.page.goto(file.as_uri(), wait_until="commit")
    shown.settle()
    shown.page.locator(".basemap-notice").wait_for(state="visible", timeout=15_000)
    shown.page.unroute_all(behavior="ignoreErrors")


def test_the_control_switches_fades_and_closes_by_keyboard(show: Show, tmp_path: Path) -> None:
    places = [tile_of(105.015, 25.012, zoom) for zoom in range(18)]
    carried = maps.basemap(str(mbtiles(tmp_path / "蓝.mbtiles", {place: plain(BLUE) for place in around(places)})), sites=SITES)
    shown, asked = show([service(), carried])
    at = shown.where(105.016, 25.012)
    assert near(shown, at, RED)
    shown.page.focus(".basemap-button")
    shown.page.keyboard.press("Enter")
    assert shown.page.get_attribute(".basemap-button", "aria-expanded") == "true"
    shown.page.get_by_role("radio", name="蓝").check()
    assert near(shown, at, BLUE)
    assert shown.texts(".basemap-button") == ["底图：蓝"]
    shown.page.get_by_label("不透明度").fill("0")
    assert near(shown, at, (0xF1, 0xEF, 0xE8))
    shown.page.get_by_label("不透明度").fill("100")
    before = len(asked)
    shown.page.get_by_role("radio", name="无底图").check()
    assert near(shown, at, (0xF1, 0xEF, 0xE8))
    assert shown.texts(".basemap-credits") in ([], [""])
    assert len(asked) == before
    shown.page.keyboard.press("Escape")
    assert shown.texts(".basemap-sheet") == []


def around(places: Sequence[Place]) -> list[Place]:
    return [
        (z, x + dx, y + dy) for z, x, y in places for dx in range(-4, 5) for dy in range(-4, 5) if 0 <= x + dx < 2**z and 0 <= y + dy < 2**z
    ]


def near(shown: Opened, at: tuple[float, float], colour: Sequence[int]) -> bool:
    """Whether the ground has a colour there, once everything is drawn."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        seen = pixels(shown, round(at[0]), round(at[1]), 1, 1)[0, 0]
        if np.abs(seen - np.array(colour)).max() <= 6:
            return True
        time.sleep(0.1)
    return False


def test_the_swipe_parts_two_basemaps_and_moves_by_keys_and_mouse(show: Show) -> None:
    left, right = service(name="左"), service("https://right.example.cn/{z}/{x}/{y}.png", name="右")
    shown, _ = show([left, right])
    shown.page.unroute_all()
    shown.page.route("https://tiles.example.cn/**", lambda route: route.fulfill(body=plain(RED), content_type="image/png"))
    shown.page.route("https://right.example.cn/**", lambda route: route.fulfill(body=plain(BLUE), content_type="image/png"))
    shown.page.click(".basemap-button")
    shown.page.get_by_label("卷帘：右侧显示").select_option(label="右")
    box = shown.page.locator(".leaflet-container").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    assert near(shown, (middle - 60, 700), RED)
    assert near(shown, (middle + 60, 700), BLUE)
    slider = shown.page.get_by_role("slider", name="卷帘位置")
    slider.focus()
    for _ in range(10):
        shown.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") == "70"
    assert near(shown, (middle + 60, 700), RED)
    shown.page.mouse.move(box["x"] + box["width"] * 0.7, 400)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + box["width"] * 0.25, 420, steps=4)
    shown.page.mouse.up()
    assert slider.get_attribute("aria-valuenow") == "25"
    assert near(shown, (middle - 60, 700), BLUE)
    go(shown, 105.01, 25.01, 15)
    assert near(shown, (middle - 60, 700), BLUE), "it stays in place when the map moves"
    shown.page.get_by_label("卷帘：右侧显示").select_option(label="无底图")
    assert near(shown, (middle - 60, 700), GROUND)
    shown.page.get_by_label("卷帘：右侧显示").select_option(label="不用卷帘")
    assert near(shown, (middle - 60, 700), RED)
    assert slider.count() == 0


def test_every_payload_in_a_name_an_attribution_and_an_address_is_text(show: Show) -> None:
    carried = [Tiles(name=text, attribution=text, images=(("png", plain(RED)),), places={(5, 25, 13): 0}) for text in PAYLOADS]
    services = [service(f"{HOST}/{{z}}/{{x}}/{{y}}.png?q={text.replace(' ', '')}", name=text, attribution=text)
                for text in PAYLOADS if text.isprintable()]  # fmt: skip
    shown, _ = show([*services, *carried], review_no="".join(PAYLOADS), title="x")
    shown.page.click(".basemap-button")
    names = shown.page.evaluate("[...document.querySelectorAll('.basemap-sheet [role=radiogroup] span')].map(node => node.textContent)")
    assert names[:-1] == [*(each.name for each in services), *PAYLOADS]
    radios = shown.page.locator(".basemap-sheet input[type=radio]")
    for at in range(radios.count() - 1):
        radios.nth(at).check()
        told = shown.page.evaluate("document.querySelector('.basemap-credits').textContent")
        assert names[at] in told
        assert "".join(PAYLOADS) in told
    assert shown.page.evaluate("window.ran") is None
    assert shown.page.evaluate("[...document.querySelectorAll('img')].every(node => node.classList.contains('leaflet-tile'))")
    assert shown.page.evaluate("document.querySelectorAll('iframe, object, embed, form, script[src], svg[onload]').length") == 0


def test_carried_tiles_need_nothing_outside(opened: Callable[[folium.Map], Opened], tmp_path: Path) -> None:
    tiles = {place: plain(RED) for place in around([tile_of(105.015, 25.012, zoom) for zoom in range(16)])}
    file = mbtiles(tmp_path / "a.mbtiles", tiles, metadata={"name": "工作底图", "attribution": "© <a href='x'>某院</a>"})
    with speaking("zh"):
        shown = opened(maps.build(SITES, basemaps=[maps.basemap(str(file), sites=SITES)]))
    assert near(shown, shown.where(105.016, 25.012), RED)
    assert shown.texts(".basemap-credits p") == ["工作底图：© 某院"]
    go(shown, 105.015, 25.012, 19)
    assert near(shown, shown.where(105.0151, 25.0121), RED), "nearer than the file goes, its nearest tiles are enlarged"


def test_in_english_nothing_of_it_is_in_chinese(page: Page, tmp_path: Path) -> None:
    serve(page, nothing)
    with speaking("en"):
        made = maps.build(SITES, basemaps=[service(name="Mine", attribution="Us", datum="gcj02")], review_no="1")
    page.goto(maps.save(made, tmp_path / "en.html", allow_outside=True).as_uri())
    page.locator(".basemap-notice").wait_for(state="visible")
    page.click(".basemap-button")
    said = page.locator(".leaflet-container").inner_text() + page.evaluate(
        "[...document.querySelectorAll('.leaflet-container [aria-label]')].map(node => node.ariaLabel + node.title).join()"
    )
    assert not [sign for sign in said if "\u3400" <= sign <= "\u9fff"]
    assert "GCJ-02" in said
