"""Full screen, the user's own position, and the small map of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from restoration import maps
from restoration.text import speaking

from .conftest import Opened, sites_of, square

Open = Callable[..., Opened]
TWO: list[dict[str, Any]] = [{"geometry": square(105.0, 25.0, 0.05)}, {"geometry": square(105.3, 25.2, 0.05), "status": "planned"}]


def made(opened: Open) -> Page:
    with speaking("zh"):
        return opened(maps.build(sites_of(*TWO))).page


def test_the_page_goes_full_screen_and_back(opened: Open) -> None:
    page = made(opened)
    page.click(".tool.fullscreen")
    expect(page.locator(".tool.fullscreen")).to_have_attribute("aria-label", "退出全屏")
    assert page.evaluate("document.fullscreenElement !== null")
    page.click(".tool.fullscreen")
    expect(page.locator(".tool.fullscreen")).to_have_attribute("aria-label", "全屏")
    assert page.evaluate("document.fullscreenElement === null")


def test_the_position_is_asked_for_by_a_click_alone_and_a_refusal_is_told(opened: Open) -> None:
    page = made(opened)
    page.evaluate("""() => {
        window.asked = 0;
        const refuse = (_, no) => { window.asked += 1; no({code: 1}); };
        Object.defineProperty(navigator.geolocation, 'getCurrentPosition', {value: refuse});
    }""")
    page.click(".tool.print")
    page.keyboard.press("Escape")
    assert page.evaluate("asked") == 0
    page.click(".tool.locate")
    assert page.evaluate("asked") == 1
    assert "浏览器不允许定位" in page.locator(".located").inner_text()


def test_a_position_is_shown_with_its_accuracy(opened: Open) -> None:
    page = made(opened)
    page.evaluate("""() => {
        const give = yes => yes({coords: {latitude: 25.11, longitude: 105.14, accuracy: 35.4}});
        Object.defineProperty(navigator.geolocation, 'getCurrentPosition', {value: give});
    }""")
    page.click(".tool.locate")
    said = page.locator(".located").inner_text()
    assert "±35 米" in said
    assert "WGS84" in said
    place = page.evaluate("() => { const at = restoration.opened.map.getCenter(); return [at.lng, at.lat]; }")
    assert place == pytest.approx([105.14, 25.11], abs=1e-3)
    assert page.evaluate("restoration.opened.map.getZoom()") >= 15


def test_the_small_map_is_there_once_the_map_no_longer_shows_all(opened: Open) -> None:
    page = made(opened)
    small = page.locator(".minimap")
    assert small.is_hidden()
    page.evaluate("restoration.opened.map.setView([25.025, 105.025], 14, {animate: false})")
    assert small.is_visible()
    box = small.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 12, box["y"] + 12)  # the north-east corner of the whole
    page.wait_for_timeout(600)
    assert page.evaluate("restoration.opened.map.getCenter().lng") > 105.3
    page.set_viewport_size({"width": 390, "height": 844})
    assert small.is_hidden()
