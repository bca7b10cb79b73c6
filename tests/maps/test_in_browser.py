"""What a person sees and does on the page, in a real browser with no network."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import folium
import pytest

from restoration import maps
from restoration.frame import conform
from restoration.model import Event, State
from restoration.style import look_of
from restoration.text import speaking

from .conftest import Opened, sites_of, square

Open = Callable[..., Opened]
GROUND = (0xF1, 0xEF, 0xE8)
FAR = {"geometry": square(105.3, 25.2), "name": "远处", "status": "planned"}
"""A second site, so that the map does not zoom to the first alone."""


def filled(group: str) -> list[float]:
    """The colour of a site's inside: its group's, over the ground."""
    look = look_of(group)
    own = [int(look.colour[at : at + 2], 16) for at in (1, 3, 5)]
    return [look.fill_opacity * mine + (1 - look.fill_opacity) * ground for mine, ground in zip(own, GROUND, strict=True)]


def alike(seen: list[int], wanted: list[float] | tuple[int, ...]) -> bool:
    return all(abs(one - other) <= 3 for one, other in zip(seen, wanted, strict=True))


def test_a_polygon_stands_where_it_should(opened: Open) -> None:
    shown = opened(maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1)}, FAR)))
    (left, bottom), (right, top) = shown.where(105.0, 25.0), shown.where(105.1, 25.1)
    middle = (left + right) / 2, (top + bottom) / 2
    inside = [(left + 5, bottom - 5), (right - 5, bottom - 5), (left + 5, top + 5), (right - 5, top + 5)]
    outside = [(left - 5, middle[1]), (right + 5, middle[1]), (left + 20, top - 5), (left + 20, bottom + 5)]
    seen = shown.colours(*inside, *outside)
    assert [alike(colour, filled("accepted")) for colour in seen[:4]] == [True] * 4, seen
    assert [alike(colour, filled("accepted")) for colour in seen[4:]] == [False] * 4, seen
    assert right - left > 100


def test_a_hole_is_open_and_an_overlap_is_full(opened: Open) -> None:
    two = [{"geometry": square(105.0, 25.0, 0.1)}, {"geometry": square(105.05, 25.05, 0.1)}]
    shown = opened(maps.build(sites_of(*two, {"geometry": square(105.2, 25.0, 0.1, hole=True)})))
    overlap, alone, hole, beside = (shown.where(*at) for at in ((105.07, 25.08), (105.02, 25.02), (105.245, 25.045), (105.217, 25.02)))
    seen = shown.colours(overlap, alone, hole, beside)
    assert [alike(colour, filled("accepted")) for colour in seen] == [True, True, False, True], seen
    shown.click(105.245, 25.045)
    assert shown.texts(".facts") == [], "there is no ground in a hole"


def test_a_site_tells_its_facts_and_its_history(opened: Open) -> None:
    sites = conform(sites_of({"geometry": square(105.0, 25.0, 0.1), "name": "大坡", "town": "坪上镇", "unit": "林业局"}, FAR)).assign(
        area_m2=2000 / 3
    )
    event = Event("e", "1", 1, None, "moved", "county_accepted", date(2025, 5, 1), "2025-05-02T01:00:00.000Z", "王工", "林验〔2025〕1号",
                  "界桩\n齐全", {}, State("county_accepted", 1, 1))  # fmt: skip
    with speaking("zh"):
        shown = opened(maps.build(sites, histories={"1": [event]}))
    shown.click(105.02, 25.02)
    (told,) = shown.texts(".facts")
    for words in ("大坡", "封山育林", "县级验收合格", "图斑面积(椭球)", "1.00 亩", "0.0667 公顷", "坪上镇", "林业局"):
        assert words in told
    for words in ("2025-05-01", "状态变更", "林验〔2025〕1号", "界桩", "王工"):
        assert words in told
    shown.page.keyboard.press("Escape")
    assert shown.texts(".facts") == []


def test_the_tooltip_names_the_site_under_the_pointer(opened: Open) -> None:
    with speaking("zh"):
        shown = opened(maps.build(conform(sites_of({"geometry": square(105.0, 25.0, 0.1), "name": "大坡"}, FAR)).assign(area_m2=2000 / 3)))
    shown.page.mouse.move(*shown.where(105.02, 25.02))
    shown.page.locator(".site-tip").wait_for()
    assert shown.texts(".site-tip")[0].split("\n") == ["大坡", "封山育林 · 县级验收合格", "1.00 亩"]
    assert re.fullmatch(r"105\.\d{5}°E  25\.\d{5}°N  X 27\d{5}\.\d  Y 355\d{5}\.\d  CGCS2000", shown.texts(".coordinates")[0])


def test_a_click_on_several_sites_lets_one_choose(opened: Open) -> None:
    big, small = {"geometry": square(105.0, 25.0, 0.1), "name": "大"}, {"geometry": square(105.02, 25.02, 0.05), "name": "小"}
    with speaking("zh"):
        shown = opened(maps.build(sites_of(big, small)))
    shown.click(105.03, 25.03)
    assert "此处有 2 个图斑重叠" in shown.texts(".facts")[0]
    assert [text.split("\n")[0] for text in shown.texts(".choices button")] == ["小", "大"]
    shown.page.locator(".choices button").nth(1).click()
    assert shown.texts(".facts h2") == ["大"]
    shown.page.locator(".back").click()
    assert len(shown.texts(".choices button")) == 2


def test_the_legend_filters_and_says_so(opened: Open) -> None:
    with speaking("zh"):
        shown = opened(
            maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1)}, {"geometry": square(105.2, 25.0, 0.1), "status": "planned"}))
        )
    accepted, planned = shown.where(105.033, 25.033), shown.where(105.233, 25.033)
    assert shown.texts(".told") in ([], [""])
    shown.page.click("[data-group=accepted]")
    seen = shown.colours(accepted, planned)
    assert (alike(seen[0], filled("accepted")), alike(seen[1], filled("not_started"))) == (True, False)
    assert shown.texts(".told") == ["已筛选：1 / 2 个图斑，数字是筛选后的"]
    assert shown.page.get_attribute("[data-group=not_started]", "aria-pressed") == "false"
    shown.page.mouse.click(*planned)
    assert shown.texts(".facts") == [], "what is filtered away is not found by a click"
    shown.page.click(".reset")
    assert alike(shown.colours(planned)[0], filled("not_started"))


def test_layers_and_measures_are_turned_off_and_on(opened: Open) -> None:
    with speaking("zh"):
        made = maps.build(
            sites_of({"geometry": square(105.0, 25.0, 0.1)}, {"geometry": square(105.2, 25.0, 0.1), "measure": "afforestation"})
        )
    shown = opened(made)
    at = shown.where(105.033, 25.033)
    for name in ("显示图层：石漠化综合治理", "显示措施：封山育林"):
        shown.page.get_by_label(name).uncheck()
        assert alike(shown.colours(at)[0], GROUND)
        shown.page.get_by_label(name).check()
        assert alike(shown.colours(at)[0], filled("accepted"))
    for name in ("显示图层：石漠化综合治理", "显示图层：造林与森林修复"):
        shown.page.get_by_label(name).uncheck()
    shown.page.click(".reset")
    assert alike(shown.colours(at)[0], filled("accepted"))


def test_folium_s_own_layer_control_turns_our_layers(opened: Open) -> None:
    with speaking("zh"):
        made = maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1)}, FAR))
    folium.Marker([25.15, 105.2], tooltip="a marker of the analyst's").add_to(made)
    folium.LayerControl(collapsed=False).add_to(made)
    shown = opened(made)
    at = shown.where(105.033, 25.033)
    shown.page.locator(".leaflet-control-layers-overlays input").first.uncheck()
    assert alike(shown.colours(at)[0], GROUND)
    assert not shown.page.get_by_label("显示图层：石漠化综合治理").is_checked(), "the panel follows"
    assert shown.page.evaluate("document.querySelector('.leaflet-marker-icon').naturalWidth") > 0


@pytest.mark.parametrize(("words", "found"), [("大坡", "大坡三号"), ("00017", "大坡三号"), ("矿一", "大坡三号"), ("DAPO", "dapo")])
def test_the_keyboard_finds_a_site(words: str, found: str, opened: Open) -> None:
    one = {"geometry": square(105.0, 25.0, 0.01), "name": "大坡三号", "source_id": "00017", "measure": "mine_regreen", "mine_id": "矿一"}
    shown = opened(maps.build(sites_of(one, {"geometry": square(105.1, 25.1, 0.01), "name": "dapo"}, FAR)))
    before = shown.page.evaluate("restoration.opened.map.getZoom()")
    shown.page.focus("#search")
    shown.page.keyboard.type(words)
    shown.page.keyboard.press("ArrowDown")
    assert shown.page.get_attribute("#search", "aria-activedescendant") == "found-0"
    shown.page.keyboard.press("Enter")
    assert shown.texts(".facts h2") == [found]
    assert shown.page.evaluate("restoration.opened.map.getZoom()") > before


def test_a_town_is_found_and_named_on_the_map(opened: Open) -> None:
    rows = [{"geometry": square(105.0 + k / 50, 25.0, 0.01), "town": "坪上镇"} for k in range(3)]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows, {**FAR, "town": "白岩乡"})))
    assert sorted(shown.texts(".town span")) == ["坪上镇", "白岩乡"]
    shown.page.fill("#search", "坪上")
    assert [text.split("\n") for text in shown.texts("#found [role=option]")] == [["坪上镇", "乡镇", "3 个图斑"]]
    shown.page.locator("#found [role=option]").click()
    assert shown.page.evaluate("restoration.opened.map.getBounds().contains([25.005, 105.045])")


@pytest.mark.parametrize(
    ("typed", "found"), [("psz", ["坪上镇"]), ("PS", ["坪上镇"]), ("cyc", ["重阳村1组"]), ("zyc1z", ["重阳村1组"]), ("szp", [])]
)
def test_names_are_found_by_the_first_letters_of_their_pinyin(opened: Open, typed: str, found: list[str]) -> None:
    rows = ({"geometry": square(105.0, 25.0), "town": "坪上镇", "name": "A1"}, {**FAR, "name": "重阳村1组"})
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows)))
    shown.page.fill("#search", typed)
    assert [text.split("\n")[0] for text in shown.texts("#found [role=option]")] == found


def test_the_legend_counts_mines_and_polygons(opened: Open) -> None:
    rows = [{"geometry": square(105.0 + k / 10, 25.0), "measure": "mine_regreen", "mine_id": "K1" if k < 2 else "K2"} for k in range(3)]
    with speaking("zh"):
        shown = opened(maps.build(sites_of(*rows, {"geometry": square(105, 25.2), "status": "cancelled"})))
    assert any("2 座矿山 · 3 个图斑" in text for text in shown.texts(".layer"))
    assert "另有 1 个已核减/调出图斑" in shown.texts(".statuses")[0]


def test_in_english_nothing_is_said_in_chinese(opened: Open) -> None:
    with speaking("en"):
        shown = opened(
            maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1), "name": "Big slope", "is_sample": True}, {**FAR, "name": "far"}))
        )
    shown.click(105.02, 25.02)
    everything = shown.page.evaluate("document.body.innerText + document.title") + " ".join(
        shown.page.evaluate(
            "[...document.querySelectorAll('[aria-label], [title], [placeholder]')].map(n => n.ariaLabel + n.title + n.placeholder)"
        )
    )
    assert re.findall(r"[\u3400-\u9fff]+", everything) == []
    assert "Sample data" in everything
    assert shown.page.evaluate("document.documentElement.lang") == "en"


def test_the_notices_are_there(opened: Open) -> None:
    with speaking("zh"):
        sample = maps.build(sites_of({"geometry": square(105, 25), "is_sample": True}))
        shown = opened(sample)
    assert shown.texts(".banner") == ["示例数据 · 图形为虚构"]
    assert shown.texts(".stamp") == ["内部工作用图 不得公开"]
    with speaking("zh"):
        shown = opened(maps.build(sites_of({"geometry": square(105, 25)}), public=True))
    assert shown.texts(".banner") == []
    assert shown.texts(".stamp") == []
    assert "公开使用前须经地图审核" in shown.texts("footer")[0]


def test_no_sites_and_sites_without_ground_are_a_map_too(opened: Open) -> None:
    with speaking("zh"):
        shown = opened(maps.build(sites_of({"geometry": square(105, 25)}).iloc[:0], outline=sites_of({"geometry": square(105, 25, 0.3)})))
        assert shown.texts(".empty") == ["没有图斑"]
        assert shown.page.evaluate("restoration.opened.map.getBounds().contains([25.1, 105.1])")
        shown = opened(maps.build(sites_of({"geometry": None, "name": "无图"}, FAR)))
    shown.page.fill("#search", "无图")
    shown.page.keyboard.press("Enter")
    assert shown.texts(".facts h2") == ["无图"]


def test_the_policy_is_in_force(opened: Open, complaints: list[str]) -> None:
    shown = opened(maps.build(sites_of({"geometry": square(105, 25)})))
    assert shown.page.evaluate("fetch('https://example.cn/').then(() => 'asked', () => 'refused')") == "refused"
    assert any("Content Security Policy" in text for text in complaints)
    complaints.clear()


def test_on_a_phone_the_map_comes_first(opened: Open) -> None:
    made = maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1), "name": "大坡"}, FAR))
    shown = opened(made)
    shown.page.set_viewport_size({"width": 390, "height": 844})
    shown.page.reload()
    shown.settle()
    assert shown.texts(".panel-body") == []
    shown.click(105.02, 25.02)
    assert shown.texts(".facts h2") == ["大坡"]
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 390
    shown.page.click(".close")
    shown.page.click(".toggle")
    assert len(shown.texts(".panel-body")) == 1


def test_the_map_takes_the_room_of_the_closed_panel(opened: Open) -> None:
    shown = opened(maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1)}, FAR)))
    shown.page.click(".toggle")
    shown.settle()
    assert shown.page.evaluate("restoration.opened.map.getSize().x") == 1280
    assert alike(shown.colours((1270, 300))[0], GROUND)
    assert alike(shown.colours(shown.where(105.033, 25.033))[0], filled("accepted"))


def test_every_control_has_a_name(opened: Open) -> None:
    shown = opened(maps.build(sites_of({"geometry": square(105.0, 25.0, 0.1)}, FAR)))
    shown.click(105.02, 25.02)
    named = "[...document.querySelectorAll('button, input, a, [role=button]')].filter(n => !(n.ariaLabel || n.textContent.trim())).length"
    assert shown.page.evaluate(named) == 0
    reached = set()
    for _ in range(20):
        shown.page.keyboard.press("Tab")
        reached.add(shown.page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.tagName"))
    assert {"search", "toggle", "row", "close"} <= reached
