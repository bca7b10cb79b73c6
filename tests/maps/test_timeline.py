"""The slider: on every day, by either clock, what the ledger says of that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest
import shapely

from restoration import maps, sample, totals
from restoration.errors import BadRequest
from restoration.maps.legend import thousands
from restoration.maps.timeline import BEFORE, past_of
from restoration.project import Project
from restoration.store import Clock
from restoration.text import speaking
from restoration.units import shown as in_mu
from tests.making import parcels, run, taken_in, written
from tests.making import square as parcel

from .conftest import Opened, payload_of

Open = Callable[[folium.Map], Opened]
EPOCH = date(1970, 1, 1)
OLD_LINE = [int(BEFORE.colour[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


@pytest.fixture
def redrawn(tmp_path: Path) -> Project:
    """A site that was drawn anew, one that was struck off, and one that came later."""
    project = taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"})
    later = written(
        parcels({"名称": "红岩", "geometry": parcel(0.3, side=0.0025)}, {"名称": "白岩"}, {"名称": "黑岩"}), tmp_path / "later.geojson"
    )
    words = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert run("import", later, *words, "--yes").code == 0
    assert run("update", "白岩", "--to", "cancelled", "--by", "甲", "--doc", "函1号", "--note", "重复", "--project", project).code == 0
    return Project.open(project)


def drawn(project: Project) -> folium.Map:
    return maps.build(
        project.sites(),
        histories=project.ledger.histories(),
        versions=project.ledger.boundary_versions(),
        attributes=project.ledger.changed_attributes(),
        table=project.table,
    )


def requires_equal(project: Project, clock: Clock) -> int:
    """Compare every day of the page's data with the ledger; how many days there are."""
    frame, made = project.sites(), drawn(project)
    _, packs = payload_of(made)
    past, shapes, columns = packs["past"], packs["shapes"], packs["columns"]
    versions = project.ledger.boundary_versions()
    older = past_of(frame, project.ledger.histories(), versions, table=project.table)
    drawn_shapes = np.concatenate([older.older, np.asarray(frame.geometry.array)])
    assert (shapes["owner"] == np.concatenate([older.owner, np.arange(len(frame))])).all()
    row = np.cumsum(past["row"])
    now = {"shape": len(older.older) + np.arange(len(frame)) + 1, "group": shapes["group"], "counted": shapes["counted"]}
    now |= {name: columns[name] for name in ("area_m2", "area_rest", "status")}
    days = sorted({*past[clock].tolist(), past[clock].min() - 1, past[clock].max() + 1})
    for day in days:
        there = np.unique(row[past[clock] <= day])
        stood = {name: on(past, name, numbers, row, past[clock] <= day) for name, numbers in now.items()}
        wanted = project.sites(as_of=EPOCH + timedelta(days=int(day)), clock=clock)
        assert sorted(frame["site_id"][there]) == sorted(wanted["site_id"])
        for at, site in zip(there, wanted.itertuples(), strict=True):
            assert frame["site_id"][at] == site.site_id
            assert (shapes["group="][stood["group"][at]], bool(stood["counted"][at])) == (site.group, site.counted)
            assert columns["status="][stood["status"][at]] == str(project.table.label(site.status, site.measure))
            assert shapely.equals(drawn_shapes[stood["shape"][at] - 1], site.geometry)
            assert stood["area_m2"][at] - 1 + stood["area_rest"][at] / 1e4 == pytest.approx(site.area_m2, abs=6e-5)
    return len(days)


def on(past: dict[str, Any], name: str, now: Any, row: Any, known: Any) -> Any:
    """A column of the page on a day: at each step that is known and changed it its number there, elsewhere as it is now."""
    made = np.array(now, dtype=np.int64)
    for step, value in zip(np.cumsum(past.get(f"{name}@", [])).astype(int), past.get(name, []), strict=True):
        if known[step]:
            made[row[step]] = value
    return made


@pytest.mark.parametrize("clock", ["field", "office"])
def test_every_day_of_the_sample_is_as_the_ledger_has_it(district: Project, clock: Clock) -> None:
    assert requires_equal(district, clock) > (30 if clock == "field" else 2)


@pytest.mark.parametrize("clock", ["field", "office"])
def test_boundaries_and_struck_off_sites_are_those_of_the_day(redrawn: Project, clock: Clock) -> None:
    assert len(redrawn.ledger.boundary_versions()) == len(redrawn.sites()) + 1
    requires_equal(redrawn, clock)


def test_the_slider_shows_a_day_and_comes_back(opened: Open, district: Project) -> None:
    with speaking("zh"):
        shown = opened(drawn(district))
    slider, day = shown.page.locator(".timeline input"), shown.page.locator(".timeline output")
    slider.wait_for()
    assert (day.inner_text(), shown.texts(".as-of")[0].startswith("现状")) == ("现状", True)
    slider.press("Home")
    for _ in range(5):
        shown.page.click(".timeline [aria-label=后一个有变动的日子]")
    on = date.fromisoformat(day.inner_text())
    assert shown.texts(".as-of") == [f"截至 {on} · 按发生日期"]
    then = district.sites(as_of=on)
    whole = totals(then, by=["group"]).whole
    tell = [shown.page.locator(f'[data-sum="whole  {what}"]').inner_text() for what in ("sites", "task", "land")]
    assert tell == [str(whole["sites"]), thousands(in_mu(whole["task_m2"])), thousands(in_mu(whole["land_m2"]))]
    assert 0 < len(then) < len(district.sites())
    slider.press("End")
    assert day.inner_text() == "现状"
    shown.page.select_option(".timeline select", "office")
    shown.page.click(".timeline [aria-label=前一个有变动的日子]")
    assert shown.texts(".as-of")[0].endswith("按录入时间")
    shown.page.click(".timeline [aria-label=播放、暂停]")
    shown.page.wait_for_timeout(1600)
    assert (day.inner_text(), shown.page.locator(".timeline button").first.inner_text()) == ("现状", "▶")


def test_two_days_are_compared_in_the_panel_and_on_the_map(opened: Open, redrawn: Project) -> None:
    with speaking("zh"):
        shown = opened(drawn(redrawn))
    shown.page.click(".timeline >> text=对比")
    slider, other = (shown.page.locator(f".track input{which}") for which in (":not(.other)", ".other"))
    other.press("Home")
    slider.press("End")
    assert shown.texts(".two-days h2") == ["2021-03-01 到 现状 的变化"]
    rows = {row.split("\n")[0]: row.split("\n")[1:] for row in shown.texts(".two-days .row")}
    sites = redrawn.sites().set_index("name")
    before = redrawn.sites(as_of=date(2021, 3, 1)).set_index("name")
    change_m2 = sites["area_m2"]["红岩"] - before["area_m2"]["红岩"]
    assert rows == {
        "新增": ["1", in_mu(sites["area_m2"]["黑岩"])],
        "核减/调出": ["1", in_mu(before["area_m2"]["白岩"])],
        "边界重划": ["1", ("−" if change_m2 < 0 else "+") + in_mu(abs(change_m2))],
    }
    assert shown.texts(".two-days .before-line") == ["原界线"]
    shown.page.click("[data-kind=redrawn]")
    assert [text.split("\n")[0] for text in shown.texts(".two-days .choices button")] == ["红岩"]
    outline = before.geometry["红岩"].boundary
    places = [outline.interpolate(part, normalized=True) for part in np.linspace(0, 1, 200)]
    seen = shown.colours(*(shown.where(place.x, place.y) for place in places))
    is_old_line = [max(abs(one - other) for one, other in zip(colour, OLD_LINE, strict=True)) < 30 for colour in seen]
    assert 0.2 < np.mean(is_old_line) < 0.9, "the old boundary is dashed"
    shown.page.click(".two-days .choices button")
    assert shown.texts(".facts h2") == ["红岩"]
    other.press("End")
    slider.press("Home")
    assert shown.texts(".two-days h2") == ["2021-03-01 到 现状 的变化"]
    assert shown.texts(".as-of")[0].startswith("现状")
    shown.page.click(".timeline >> text=对比")
    assert (shown.texts(".two-days"), other.count(), shown.page.locator(".timeline output").inner_text()) == ([], 0, "2021-03-01")


def test_a_site_tells_what_it_was_on_the_day(opened: Open, redrawn: Project) -> None:
    with speaking("zh"):
        shown = opened(drawn(redrawn))
    shown.page.locator(".track input").press("Home")
    place = redrawn.sites(as_of=date(2021, 3, 1)).set_index("name").geometry["白岩"].centroid
    shown.click(place.x, place.y)
    assert shown.texts(".facts .of-day") == ["截至 2021-03-01 · 按发生日期"]
    assert shown.texts(".facts .chip span")[0] == "已落地上图"
    assert len(shown.texts(".facts .history li")) == 1
    assert not any("末次" in text for text in shown.texts(".facts dt"))
    shown.page.locator(".track input").press("End")
    shown.click(place.x, place.y)
    assert (shown.texts(".facts .of-day"), len(shown.texts(".facts .history li"))) == ([], 2)


def test_a_map_without_its_history_has_no_slider(opened: Open, district: Project) -> None:
    shown = opened(maps.build(district.sites()))
    shown.page.wait_for_timeout(200)
    assert shown.page.locator(".timeline").count() == 0


def test_the_command_has_it_and_no_day_besides(district: Project, tmp_path: Path) -> None:
    out = tmp_path / "时间.html"
    assert run("map", out, "--time", "--public", "--project", district.path).code == 0
    assert '"past"' in out.read_text(encoding="utf-8")
    said = run("map", out, "--time", "--as-of", "2021-06-30", "--project", district.path)
    assert (said.code, "时间轴" in said.err) == (BadRequest.exit_code, True)
