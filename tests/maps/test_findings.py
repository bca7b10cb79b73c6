"""The map of findings: marks one can click, a list to filter, and nothing in a text that is more than a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import folium
import pytest
import shapely

from restoration import maps
from restoration.frame import conform
from restoration.text import speaking

from .conftest import Opened, sites_of, square

Open = Callable[[folium.Map], Opened]
HOSTILE = "<img src=x onerror=\"document.title='owned'\">{{ 7*7 }}</script>"
USUAL: dict[str, Any] = {
    "state": "未处理", "is_waived": False, "about": "图形无效", "where": "造林", "way_out": "改好再导入", "sites": ("1",),
}  # fmt: skip


def mark(code: str, level: Any, place: tuple[float, float] | None, message: str, **own: Any) -> maps.Mark:
    return maps.Mark(code=code, level=level, place=place, message=message, **(USUAL | own))


@pytest.fixture
def shown(opened: Open) -> Opened:
    sites = conform(sites_of({"geometry": square(105.0, 25.0, 0.1), "name": "大坡"}, {"geometry": square(105.2, 25.0, 0.1)}))
    marks = [
        mark("S101", "error", (105.05, 25.05), HOSTILE),
        mark("S201", "warning", (105.25, 25.05), "重叠", sites=("2", "1")),
        mark("S201", "warning", (105.26, 25.06), "也重叠", is_waived=True),
        mark("R201", "note", None, "列的用法", sites=()),
    ]
    with speaking("zh"):
        return opened(maps.build_findings(sites, marks, refused=[shapely.box(105.4, 25, 105.45, 25.05)], title="甲"))


def test_a_mark_that_is_clicked_tells_its_finding_and_leads_to_its_site(shown: Opened) -> None:
    shown.click(105.25, 25.05)
    (told,) = shown.texts(".facts")
    for words in ("S201", "提醒", "重叠", "改好再导入", "105.250000,25.050000", "大坡"):
        assert words in told
    shown.page.click(".facts .choices button >> nth=1")
    assert "大坡" in shown.texts(".facts")[0]
    shown.page.keyboard.press("Escape")
    assert shown.texts(".facts") == []


def test_the_list_goes_to_the_place_and_the_kinds_filter_it(shown: Opened) -> None:
    assert len(shown.texts(".item")) == 4
    assert shown.texts(".totals b") == ["1", "1", "1"], "what is waived does not stand"
    shown.page.click('.kind[data-code="S201"]')
    assert len(shown.texts(".item")) == 2
    assert shown.texts(".told") == ["已筛选：2 / 4 条"]
    shown.page.click('.item[data-mark="1"]')
    shown.settle()
    x, y = shown.where(105.25, 25.05)
    card = shown.page.locator(".facts").bounding_box()
    assert card is not None
    assert 344 < x < card["x"], "not under the card"
    assert 0 < y < 900
    shown.page.click(".reset")
    assert len(shown.texts(".item")) == 4


def test_a_finding_without_a_place_stands_in_the_list_and_says_so(shown: Opened) -> None:
    assert "没有位置" in shown.texts('.item[data-mark="3"]')[0]
    shown.page.click('.item[data-mark="3"]')
    assert "列的用法" in shown.texts(".facts")[0]


def test_a_text_is_only_a_text(shown: Opened) -> None:
    assert HOSTILE in shown.texts('.item[data-mark="0"]')[0]
    shown.page.click('.item[data-mark="0"]')
    assert HOSTILE in shown.texts(".facts")[0]
    assert shown.page.title() == "数据检查：甲"


def test_rows_that_were_not_taken_are_on_the_map_and_in_its_extent(shown: Opened) -> None:
    x, _ = shown.where(105.45, 25.0)
    width = shown.page.evaluate("window.innerWidth")
    assert x < width
    seen = shown.colours(shown.where(105.425, 25.025))[0]
    assert seen != [0xF1, 0xEF, 0xE8]


def test_a_map_of_refused_rows_alone_shows_them(opened: Open) -> None:
    empty = conform(sites_of({"geometry": square(105.0, 25.0)})).iloc[:0]
    only = [mark("R124", "error", (105.42, 25.02), "修复改变面积", sites=())]
    with speaking("en"):
        shown = opened(maps.build_findings(empty, only, refused=[shapely.box(105.4, 25, 105.45, 25.05)]))
    shown.click(105.42, 25.02)
    assert "error" in shown.texts(".facts")[0]
    assert shown.texts(".empty") == []


@pytest.mark.parametrize("told", [[], [mark("R201", "note", None, "列的用法", sites=())]], ids=["none", "no place"])
def test_findings_that_lie_nowhere_leave_a_map_of_the_sites(opened: Open, told: list[maps.Mark]) -> None:
    sites = conform(sites_of({"geometry": square(105.0, 25.0, 0.1)}))
    shown = opened(maps.build_findings(sites, told))
    assert shown.colours(shown.where(105.05, 25.05))[0] != [0xF1, 0xEF, 0xE8]
