"""A map that is opened in a browser, and what it looks like there."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import Page

from restoration import maps
from restoration.maps.packing import SIGNS, Packed

QUIET_S = 20.0
"""Longest wait for a page of a few sites to be drawn."""
READ_PIXELS = """async ([picture, points]) => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + picture;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    pen.drawImage(image, 0, 0);
    return points.map(([x, y]) => Array.from(pen.getImageData(x, y, 1, 1).data.slice(0, 3)));
}"""
DRAWN = """() => {
    const opened = restoration.opened;
    return Boolean(opened && opened.store.isWhole && !(opened.map.restorationSurface || {waiting: 0}).waiting);
}"""
WHERE = """([lon, lat]) => {
    const map = restoration.opened.map, at = map.latLngToContainerPoint([lat, lon]), box = map.getContainer().getBoundingClientRect();
    return [at.x + box.left, at.y + box.top];
}"""


def square(lon: float, lat: float, side: float = 0.02, *, hole: bool = False) -> shapely.Geometry:
    """A square by its south-west corner, degrees; a hole takes the middle third."""
    whole = shapely.box(lon, lat, lon + side, lat + side)
    third = side / 3
    return whole.difference(shapely.box(lon + third, lat + third, lon + 2 * third, lat + 2 * third)) if hole else whole


def bytes_of(text: str) -> bytes:
    """What a pack's text stands for, with up to three zeros at the end."""
    digits = np.array([SIGNS.index(sign) for sign in text], dtype=np.int64).reshape(-1, 5)
    return (digits @ 85 ** np.arange(4, -1, -1)).astype(">u4").tobytes()


def unpacked(pack: Packed) -> dict[str, Any]:
    """The columns of a pack, as the page has them."""
    content, columns, at = zlib.decompress(bytes_of(pack.text)[: pack.about["deflated"]]), {}, 0
    for name, kind, count, wide in pack.about["sections"]:
        planes = np.frombuffer(content, dtype=np.uint8, offset=at, count=count * wide).reshape(wide, -1).astype(np.int64)
        plain = (planes << (8 * np.arange(wide))[:, None]).sum(axis=0)
        columns[name] = json.loads(planes.astype(np.uint8).tobytes()) if kind == "text" else plain
        if kind == "bytes":
            columns[name] = planes.astype(np.uint8).tobytes()
        if kind == "signed":
            columns[name] = (plain >> 1) ^ -(plain & 1)
        at += count * wide
    assert at == len(content) == pack.about["bytes"]
    return columns


def payload_of(made: folium.Map) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head of a map's data, and the columns of all its packs."""
    (layer, *_) = [child for child in made._children.values() if isinstance(child, maps.SitesLayer)]
    head, packs = layer.dataset.payload
    return head, {name: unpacked(Packed(head["packs"][name], text)) for name, text in packs.items()}


def sites_of(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Sites in EPSG:4490, numbered from 1 on; what is not said is 封山育林, accepted by the county."""
    usual = {"measure": "hill_closure", "status": "county_accepted"}
    numbered = [{**usual, "site_id": str(number), **row} for number, row in enumerate(rows, 1)]
    return gpd.GeoDataFrame(numbered, geometry="geometry", crs=4490)


class Opened:
    """A map in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def settle(self) -> None:
        """Wait until everything is drawn (the policy forbids the waiting that needs eval in the page)."""
        deadline = time.monotonic() + QUIET_S
        while not self.page.evaluate(DRAWN):
            assert time.monotonic() < deadline, "the map was not drawn"
            time.sleep(0.02)

    def where(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position stands in the window, pixels."""
        x, y = self.page.evaluate(WHERE, [lon, lat])
        return x, y

    def click(self, lon: float, lat: float) -> None:
        """Click the map at a position."""
        self.page.mouse.click(*self.where(lon, lat))

    def colours(self, *pixels: tuple[float, float]) -> list[list[int]]:
        """Red, green, blue of pixels of the window, as they are on the screen."""
        self.settle()
        picture = base64.b64encode(self.page.screenshot()).decode("ascii")
        colours: list[list[int]] = self.page.evaluate(READ_PIXELS, [picture, [[round(x), round(y)] for x, y in pixels]])
        return colours

    def texts(self, selector: str) -> Sequence[str]:
        """What stands in the elements that are shown."""
        return self.page.locator(selector).locator("visible=true").all_inner_texts()


@pytest.fixture
def opened(page: Page, tmp_path: Path, requested: list[str], complaints: list[str]) -> Iterator[Callable[..., Opened]]:
    """Save a map and open the file; afterwards: it asked for nothing but itself, and the console is empty."""
    page.context.set_offline(True)

    def open_map(made: folium.Map, *, settled: bool = True) -> Opened:
        page.goto(maps.save(made, tmp_path / "map.html").as_uri())
        shown = Opened(page)
        if settled:
            shown.settle()
        return shown

    yield open_map
    assert [address for address in requested if not address.endswith("/map.html") and not address.startswith(("data:", "blob:"))] == []
    assert complaints == []
