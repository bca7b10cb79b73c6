"""The slider: on every day, by either clock, what the ledger says of that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import folium
import numpy as np
import pytest
import shapely

from restoration import maps, sample, totals
from restoration.errors import BadRequest
from restoration.maps.legend import thousands
from restoration.maps.timeline import past_of
from restoration.project import Project
from restoration.store import Clock
from restoration.text import speaking
from restoration.units import shown as in_mu
from tests.making import parcels, run, taken_in, written
from tests.making import square as parcel

from .conftest import Opened, payload_of

Open = Callable[[folium.Map], Opened]
EPOCH = date(1970, 1, 1)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


@pytest.fixture
def redrawn(tmp_path: Path) -> Project:
    """A site that was drawn anew, one that was struck off, and one that came later."""
    project = taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"})
    later = written(
        parcels({"名称": "红岩", "geometry": parcel(0.3, side=0.002)}, {"名称": "白岩"}, {"名称": "黑岩"}), tmp_path / "later.geojson"
    )
    words = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert run("import", later, *words, "--yes").code == 0
    assert run("update", "白岩", "--to", "cancelled", "--by", "甲", "--doc", "函1号", "--note", "重复", "--project", project).code == 0
    return Project.open(project)


def drawn(project: Project) -> folium.Map:
    return maps.build(
        project.sites(), histories=project.ledger.histories(), versions=project.ledger.boundary_versions(), table=project.table
    )


def requires_equal(project: Project, clock: Clock) -> int:
    """Compare every day of the page's data with the ledger; how many days there are."""
    frame, made = project.sites(), drawn(project)
    _, packs = payload_of(made)
    past, groups, owner = packs["past"], packs["shapes"]["group="], packs["shapes"]["owner"]
    versions = project.ledger.boundary_versions()
    older = past_of(frame, project.ledger.histories(), versions, table=project.table)
    shapes = np.concatenate([older.older, np.asarray(frame.geometry.array)])
    areas_m2 = np.concatenate([older.areas_m2, frame["area_m2"]])
    assert (owner == np.concatenate([older.owner, np.arange(len(frame))])).all()
    days = sorted({*past[clock].tolist(), past[clock].min() - 1, past[clock].max() + 1})
    for day in days:
        state = {}
        for at in np.flatnonzero(past[clock] <= day):
            state[frame["site_id"][past["row"][at]]] = (groups[past["group"][at]], bool(past["counted"][at]), int(past["shape"][at]) - 1)
        wanted = project.sites(as_of=EPOCH + timedelta(days=int(day)), clock=clock)
        assert sorted(state) == sorted(wanted["site_id"])
        for site in wanted.itertuples():
            group, counted, shape = state[site.site_id]
            assert (group, counted) == (site.group, site.counted)
            assert shapely.equals(shapes[shape], site.geometry)
            assert areas_m2[shape] == pytest.approx(site.area_m2, abs=1e-9)
    return len(days)


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
    assert tell == [str(whole["sites"]), thousands(in_mu(whole["task_m2"])), "—"]
    assert 0 < len(then) < len(district.sites())
    slider.press("End")
    assert day.inner_text() == "现状"
    shown.page.select_option(".timeline select", "office")
    shown.page.click(".timeline [aria-label=前一个有变动的日子]")
    assert shown.texts(".as-of")[0].endswith("按录入时间")
    shown.page.click(".timeline [aria-label=播放、暂停]")
    shown.page.wait_for_timeout(1600)
    assert (day.inner_text(), shown.page.locator(".timeline button").first.inner_text()) == ("现状", "▶")


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
