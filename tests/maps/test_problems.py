"""Findings on an ordinary map: told with their sites, and to filter by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import folium
import pytest

from restoration import maps, sample
from restoration.drawing import draw
from restoration.errors import BadRequest
from restoration.findings import marks_of
from restoration.project import Project
from restoration.text import speaking

from .conftest import Opened

Open = Callable[[folium.Map], Opened]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


def test_sites_are_filtered_by_what_the_checks_found(opened: Open, project: Project) -> None:
    judged = [(one.finding, one.state) for one in project.check()]
    sites = project.sites()
    with speaking("zh"):
        shown = opened(maps.build(sites, marks=marks_of(judged, project.table)))
    page = shown.page
    of_code: dict[str, set[str]] = {}
    for finding, state in judged:
        of_code.setdefault(finding.code, set()).update(
            {site for site in (finding.site_id, finding.other_site_id) if site and state != "waived"}
        )
    assert len(of_code) > 2
    page.click(".problems summary")
    listed = page.locator(".problems label")
    codes = listed.locator("input").evaluate_all("boxes => boxes.map(box => box.value)")
    counts = [int(text) for text in listed.locator(".count").all_inner_texts()]
    bad = set().union(*of_code.values())
    assert dict(zip(codes, counts, strict=True)) == {**{code: len(of) for code, of in of_code.items() if of}, "": len(sites) - len(bad)}
    first, second, *_ = codes
    for chosen, left in ((first, of_code[first]), (second, of_code[first] | of_code[second]), (first, of_code[second])):
        page.click(f".problems input[value='{chosen}']")
        assert page.evaluate("restoration.opened.store.shown") == len(left)
    page.click(".reset")
    page.click(".problems input[value='']")
    assert page.evaluate("restoration.opened.store.shown") == len(sites) - len(bad)


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


def test_findings_are_of_now_and_not_for_others(project: Project, tmp_path: Path) -> None:
    for options in ({"public": True}, {"as_of": sample.PUBLISHED_ON}):
        with pytest.raises(BadRequest):
            draw(project, tmp_path / "map.html", findings=True, **options)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadRequest):
        maps.build(project.sites(), marks=[], public=True)
