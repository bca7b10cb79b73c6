"""Findings on an ordinary map: told with their sites, and to filter by."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import folium
import pytest

from restoration import maps, sample
from restoration.drawing import draw
from restoration.errors import BadRequest
from restoration.findings import marks_of
from restoration.model import Finding, Level
from restoration.project import Project
from restoration.text import speaking

from .conftest import Opened, square
from .conftest import sites_of as maps_sites

Open = Callable[[folium.Map], Opened]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


def sites_of_finding(finding: Finding) -> set[str]:
    return {site for site in (finding.site_id, finding.other_site_id) if site}


def mark_of(site_id: str, level: Level, code: str = "S305", **said: str) -> maps.Mark:
    texts = {"about": "about", "message": "message", "way_out": "way out", "state": "open", **said}
    return maps.Mark(code=code, level=level, is_waived=False, where="", place=None, sites=(site_id,), **texts)


def test_sites_are_filtered_by_what_the_checks_found(opened: Open, project: Project) -> None:
    judged = [(one.finding, one.state) for one in project.check()]
    sites = project.sites()
    with speaking("zh"):
        shown = opened(maps.build(sites, marks=marks_of(judged, project.table)))
    page = shown.page
    of_code: dict[str, set[str]] = {}
    for finding, state in judged:
        of_code.setdefault(finding.code, set()).update(sites_of_finding(finding) if state != "waived" else ())
    assert len(of_code) > 2
    page.click(".problems summary")
    listed = page.locator(".problems label")
    codes = listed.locator("input").evaluate_all("boxes => boxes.map(box => box.value)")
    counts = [int(text) for text in listed.locator(".count").all_inner_texts()]
    bad = set().union(*of_code.values())
    assert dict(zip(codes, counts, strict=True)) == {code: len(of) for code, of in of_code.items() if of}
    first, second, *_ = codes
    for chosen, left in ((first, of_code[first]), (second, of_code[first] | of_code[second]), (first, of_code[second])):
        page.click(f".problems input[value='{chosen}']")
        assert page.evaluate("restoration.opened.store.shown") == len(left)
    grave = {site for finding, state in judged if finding.level == "error" and state != "waived" for site in sites_of_finding(finding)}
    for name, left in (("有问题", bad), ("错误", grave), ("没有问题", set(sites["site_id"]) - bad)):
        page.locator(".chips button").get_by_text(re.compile(f"^{name}")).click()
        assert page.evaluate("restoration.opened.store.shown") == len(left)
        assert page.locator(".problems summary small").inner_text() == name
    page.click(".chips [value='']")
    assert page.evaluate("restoration.opened.store.shown") == len(sites), "a second click takes it back"
    page.click(".chips [value=error]")
    page.click(f".problems input[value='{second}']")
    assert page.evaluate("restoration.opened.store.shown") == len(of_code[second]), "a kind by itself, not with all errors"
    page.get_by_role("button", name="全部显示").click()
    assert page.locator(".problems input:checked").count() == len(codes)


def test_a_site_tells_its_findings_and_what_to_do(opened: Open, project: Project) -> None:
    judged = [(one.finding, one.state) for one in project.check()]
    finding = next(one for one, _ in judged if one.code == "S301")
    with speaking("zh"):
        shown = opened(maps.build(project.sites(), marks=marks_of(judged, project.table)))
        message, way_out = str(finding.message), str(finding.way_out)
    shown.page.evaluate("site => { location.hash = '#site=' + encodeURIComponent(site); }", finding.site_id)
    shown.page.wait_for_selector(".problem-list li")
    told = "\n".join(shown.texts(".problem-list"))
    assert message in told
    assert f"怎么办：{way_out}" in told
    assert "未处理" in told


def test_a_finding_has_its_own_level_though_its_kind_has_graver_ones(opened: Open) -> None:
    sites = maps_sites({"geometry": square(105.0, 25.0), "site_id": "A"}, {"geometry": square(105.1, 25.0), "site_id": "B"})
    shown = opened(maps.build(sites, marks=[mark_of("A", "error"), mark_of("B", "note")]))
    page = shown.page
    assert page.locator(".problems summary").inner_text().strip() == "检查问题"
    page.click(".problems summary")
    page.click(".chips [value=error]")
    assert page.evaluate("restoration.opened.store.hidden[1]") == 1
    page.click(".chips [value='*']")
    assert page.evaluate("restoration.opened.store.shown") == 2
    for lon, level in ((105.11, "note"), (105.01, "error")):
        shown.click(lon, 25.01)
        page.wait_for_selector(".problem-list li")
        assert page.locator(f".problem-list .dot.{level}").count() == 1


def test_findings_are_of_now_and_not_for_others(project: Project, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="对外的地图"):
        draw(project, tmp_path / "map.html", photos=tmp_path / "not even looked for", public=True)
    for options in ({"public": True}, {"as_of": sample.PUBLISHED_ON}):
        with pytest.raises(BadRequest):
            draw(project, tmp_path / "map.html", findings=True, **options)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadRequest):
        maps.build(project.sites(), marks=[], public=True)
