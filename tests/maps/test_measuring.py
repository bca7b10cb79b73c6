"""Measuring on the page: the ledger's areas, PROJ's geodesics, and the tool itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from pyproj import Geod

from restoration import geometry, maps

from .conftest import Opened, sites_of, square

GEOD = Geod(a=6378137.0, rf=298.257222101)


@pytest.fixture
def shown(opened: Callable[..., Opened]) -> Opened:
    return opened(maps.build(sites_of({"geometry": square(105.1, 25.1)}, {"geometry": square(105.2, 25.2)})))


def stars(count: int, rng: np.random.Generator) -> list[list[list[float]]]:
    """Rings that cross nowhere, 5 m to 30 km wide, anywhere in China."""
    made = []
    for _ in range(count):
        turn = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 40)))
        far = rng.uniform(0.3, 1, len(turn)) * 10 ** rng.uniform(-4.5, -0.5)
        middle = np.array([rng.uniform(74, 134), rng.uniform(18, 53)])
        made.append((middle + far[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)).tolist())
    return made


def test_an_area_is_the_ledgers(shown: Opened) -> None:
    rings = stars(300, np.random.default_rng(3))
    found = np.array(shown.page.evaluate("rings => rings.map(restoration.areaOf)", rings))
    wanted = geometry.area_of_record_m2([shapely.Polygon(ring) for ring in rings])
    assert np.abs(found / wanted - 1).max() < 1e-7
    assert np.abs(found - wanted)[wanted < 1e7].max() < 0.01


def test_a_length_is_the_geodesics(shown: Opened) -> None:
    rng = np.random.default_rng(4)
    one = np.stack([rng.uniform(74, 134, 200), rng.uniform(18, 53, 200)], axis=1)
    other = one + rng.uniform(-1, 1, (200, 2)) * 10 ** rng.uniform(-5, 0.5, (200, 1))
    found = shown.page.evaluate(
        "pairs => pairs.map(pair => restoration.geodesic(pair[0], pair[1]))", np.stack([one, other], axis=1).tolist()
    )
    assert np.abs(np.array(found) - GEOD.inv(*one.T, *other.T)[2]).max() < 0.001


def test_places_come_back_from_the_plane(shown: Opened) -> None:
    places = [[105.1, 25.1], [103.6, 18.0], [106.4, 53.0], [104.9999, 0.0]]
    there_and_back = "places => places.map(at => restoration.fromPlane(...restoration.inPlane(at[0], at[1], 35), 35))"
    assert np.abs(np.array(shown.page.evaluate(there_and_back, places)) - places).max() < 1e-9


def test_clicks_measure_and_open_no_site(shown: Opened) -> None:
    page, corners = shown.page, [(105.1, 25.1), (105.12, 25.1), (105.12, 25.12)]
    page.get_by_role("button", name="量测").click()
    assert shown.texts(".ruler .quiet")[0].startswith("在图上逐点点击")
    for corner in corners:
        shown.click(*corner)
    assert shown.texts(".facts") == []
    length, around, *areas = shown.texts(".ruler dd")
    metres = GEOD.inv([105.1, 105.12], [25.1, 25.1], [105.12, 105.12], [25.1, 25.12])[2]
    assert float(length.replace(",", "").split()[0]) == pytest.approx(sum(metres), rel=0.02)  # a click is a pixel wide
    (area_m2,) = geometry.area_of_record_m2([shapely.Polygon(corners)])
    assert [float(text.replace(",", "").split()[0]) for text in areas] == pytest.approx(
        [area_m2 * 0.0015, area_m2 / 1e4, area_m2], rel=0.03
    )
    assert [text.split()[-1] for text in (around, *areas)] == ["m", "亩", "公顷", "m²"]
    page.mouse.move(*shown.where(105.1, 25.12))
    assert 1.4 < float(shown.texts(".site-tip")[0].replace(",", "").split()[0]) / sum(metres) < 1.6, (
        "as long as it would be up to the pointer"
    )
    page.keyboard.press("Backspace")
    assert shown.texts(".site-tip") == []
    assert len(shown.texts(".ruler dd")) == 1
    page.keyboard.press("Enter")
    shown.click(105.11, 25.11)
    assert shown.texts(".ruler .quiet")[0].startswith("1 个点"), "what was ended is not gone on with"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert shown.texts(".ruler") == []
    shown.click(105.11, 25.11)
    assert len(shown.texts(".facts")) == 1


def test_edges_that_cross_have_no_area_and_the_space_bar_takes_the_middle(shown: Opened) -> None:
    page = shown.page
    page.get_by_role("button", name="量测").click()
    for corner in ((105.1, 25.1), (105.12, 25.12), (105.12, 25.1), (105.1, 25.12)):
        shown.click(*corner)
    assert shown.texts(".ruler dd")[-1] == "边线相交，没有面积"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")  # on the ruler's button, which has the focus again
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    page.keyboard.press(" ")
    assert shown.texts(".ruler .quiet")[0].startswith("2 个点")
    assert len(shown.texts(".ruler dd")) == 1
