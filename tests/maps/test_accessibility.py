"""The page for who sees little or uses no mouse: axe-core finds nothing in any state, every control has a name and is reached by keys."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import folium
import geopandas as gpd
import pytest
from playwright.sync_api import Page

from restoration import maps, sample
from restoration.maps.basemaps import Picture
from restoration.project import Project
from restoration.text import speaking

from .conftest import Opened
from .test_sheet_in_browser import drawn
from .tiling import plain

Open = Callable[..., Opened]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    const label = at.labels && at.labels[0] && at.labels[0].innerText;
    const name = at.getAttribute('aria-label') || label || at.innerText || at.title;
    const outline = style.outlineStyle + ' ' + style.outlineWidth;
    return {tag: at.tagName, kind: at.className.toString(), name: (name || '').trim(), outline};
}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


@pytest.fixture(scope="module")
def district(project: Project) -> gpd.GeoDataFrame:
    return project.sites()


def whole(project: Project, lang: Any) -> folium.Map:
    with speaking(lang):
        ledger = project.ledger
        return maps.build(project.sites(), histories=ledger.histories(), versions=ledger.boundary_versions())


def wrong(page: Page) -> list[str]:
    """What axe-core finds, a line each: the rule and the element."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wrong_in_any_state(opened: Open, project: Project, lang: Any) -> None:
    shown = opened(whole(project, lang))
    page, seen = shown.page, {}
    seen["opened"] = wrong(page)
    page.click(".open-table")
    page.click(".table th button")
    seen["table"] = wrong(page)
    page.click(".table .close")
    page.click("[data-group=accepted]")
    for number in range(page.locator(".filters summary").count()):
        page.locator(".filters summary").nth(number).click()
    page.click(".filters details label >> nth=1")
    seen["filtered"] = wrong(page)
    page.click(".statuses .reset")
    page.click(".tool.print")
    drawn(page)
    seen["print"] = wrong(page)
    page.keyboard.press("Escape")
    page.fill("#search", "0")
    seen["search"] = wrong(page)
    page.keyboard.press("Enter")
    shown.settle()
    seen["facts"] = wrong(page)
    page.keyboard.press("Escape")
    page.click(".tool.locate")
    page.wait_for_timeout(300)
    seen["located"] = wrong(page)
    page.click(".measure")
    for x, y in ((700, 300), (800, 340), (760, 420)):
        page.mouse.click(x, y)
    seen["ruler"] = wrong(page)
    page.click(".ruler .close")
    page.click(".panel .toggle")
    seen["closed"] = wrong(page)
    page.set_viewport_size({"width": 390, "height": 844})
    seen["phone"] = wrong(page)
    assert {state: lines for state, lines in seen.items() if lines} == {}


def test_every_control_is_reached_by_the_tab_key_with_a_name_and_a_visible_focus(opened: Open, project: Project) -> None:
    page = opened(whole(project, "zh")).page
    page.mouse.move(5, 5)
    seen: list[dict[str, str]] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["tag"] == "BODY":
            break
        seen.append(at)
    assert [at for at in seen if not at["name"]] == []
    assert [at for at in seen if at["outline"].startswith("none") or at["outline"].endswith(" 0px")] == []
    kinds = " ".join(at["kind"] for at in seen)
    parts = ("toggle", "row", "leaflet-control-zoom-in", "home", "measure", "tool print", "tool fullscreen", "tool locate", "open-table")
    assert [part for part in parts if part not in kinds] == []
    order = [next(number for number, at in enumerate(seen) if part in at["kind"]) for part in parts]
    assert order == sorted(order), "the panel, then the map's buttons from above, then what lies over the map"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_are_in_the_language_of_the_page(opened: Open, district: gpd.GeoDataFrame, lang: Any) -> None:
    with speaking(lang):
        page = opened(maps.build(district)).page
    parts = (".tool.print", ".tool.locate", ".tool.fullscreen", "main", ".panel")
    names = {part: page.locator(part).first.get_attribute("aria-label") for part in parts}
    chinese = {part: any("\u4e00" <= sign <= "\u9fff" for sign in name or "") for part, name in names.items()}
    assert set(chinese.values()) == {lang == "zh"}, names
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if lang == "zh" else "en")


def test_counts_are_told_to_who_does_not_see_them(opened: Open, district: gpd.GeoDataFrame) -> None:
    page = opened(maps.build(district)).page
    page.click("[data-group=accepted]")
    assert page.locator("[role=status].told").inner_text()
    page.click(".open-table")
    page.wait_for_timeout(300)
    assert page.locator(".table [role=status]").inner_text()
    page.click(".table .close")
    page.click(".tool.print")
    drawn(page)
    assert page.locator(".sheet-told[role=status]").inner_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wrong_on_pages_of_findings_previews_and_basemaps(opened: Open, district: gpd.GeoDataFrame, lang: Any) -> None:
    few = district.iloc[:6].reset_index(drop=True)
    marks = [
        maps.Mark(
            code="G101", level="error", state="", is_waived=waived, about="界线", where="", message="压线", way_out="重画",
            place=(105.1, 25.1), sites=(few["site_id"][0],),
        )
        for waived in (False, True)
    ]  # fmt: skip
    changes = gpd.GeoDataFrame({"kind": ["new"], "title": ["a"], "text": [""]}, geometry=[few.geometry[0]], crs=4490)
    picture = Picture(name="航拍", attribution="某院", kind="image/png", content=plain((90, 120, 60)), bounds=(105.0, 25.0, 105.2, 25.2))
    with speaking(lang):
        made = {
            "findings": maps.build_findings(few, marks), "preview": maps.build(few, changes=changes),
            "basemap": maps.build(few, basemaps=[picture], review_no="1"),
        }  # fmt: skip
    seen = {}
    for name, each in made.items():
        page = opened(each).page
        if name == "basemap":
            page.click(".basemap-button")
        seen[name] = wrong(page)
    assert {name: lines for name, lines in seen.items() if lines} == {}
