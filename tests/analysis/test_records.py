"""A project read as frames, by somebody who locks nobody out."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import restoration as rs
from restoration import sample
from restoration.errors import BadRequest, NotFound
from restoration.project import Project
from tests.making import ledger_of, next_event, registration, taken_in


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> rs.Records:
    return rs.open(sample.build(tmp_path_factory.mktemp("records")).project.path)


def test_staff_write_while_it_is_open_and_it_sees_what_they_wrote(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {}, {})
    held = rs.open(path)
    before, sites = held.events(), held.sites()
    Project.open(path).note([sites["site_id"][0]], text="看过", by="甲")
    after = rs.open(path).events()
    assert len(held.events()) == len(after) == len(before) + 1
    assert after["note"].tolist().count("看过") == 1


def test_it_has_nothing_that_writes() -> None:
    writing = {"update", "measure", "correct", "note", "waive", "repair", "record", "take", "import_files", "add_targets"}
    assert writing <= set(dir(Project))
    assert not writing & set(dir(rs.Records))


def test_the_days_are_those_of_the_ledger(records: rs.Records) -> None:
    day = date(2021, 6, 30)
    assert records.sites(as_of="2021-06-30").equals(records.sites(as_of=day))
    assert records.sites(as_of=day)["status"].tolist() != records.sites()["status"].tolist()
    assert len(records.sites(as_of=day, clock="office")) == 0
    with pytest.raises(BadRequest, match="2021-6-31"):
        records.sites(as_of="2021-6-31")


def test_events_lead_to_the_frame(records: rs.Records) -> None:
    events, sites = records.events(), records.sites().set_index("site_id")
    last = pd.DataFrame(events).drop_duplicates("site_id", keep="last").set_index("site_id").loc[sites.index]
    assert last["status"].tolist() == sites["status"].tolist()
    assert last["event_id"].tolist() == sites["last_event_id"].tolist()
    assert last["boundary_version"].tolist() == sites["boundary_version"].tolist()
    told = pd.DataFrame(events).dropna(subset="survival_pct").drop_duplicates("site_id", keep="last").set_index("site_id")
    assert told["survival_pct"].to_dict() == sites["survival_pct"].dropna().to_dict()


def test_history_has_the_boundary_that_each_event_left(records: rs.Records) -> None:
    history = records.history()
    sites = records.sites().set_index("site_id").geometry
    last = history.drop_duplicates("site_id", keep="last").set_index("site_id").geometry.loc[sites.index]
    assert (last.to_numpy() == sites.to_numpy()).all()
    redrawn = history[history["kind"] == "redrawn"]
    before = history.loc[redrawn.index - 1].geometry.to_numpy()
    assert len(redrawn)
    assert not (before == redrawn.geometry.to_numpy()).any()


def test_boundaries_say_when_they_were_drawn(records: rs.Records) -> None:
    boundaries = records.boundaries()
    twice = boundaries[boundaries["version"] == 2]
    assert len(boundaries) == len(records.sites()) + len(twice)
    events = records.events()
    assert set(twice["drawn_on"]) == set(events[events["kind"] == "redrawn"]["happened_on"])


def test_findings_are_those_of_the_project(records: rs.Records) -> None:
    found = records.findings()
    assert found["code"].tolist() == [one.finding.code for one in records.project.check()]
    assert set(found["state"]) <= {"failed", "waived", "stale"}


def test_targets_come_back_as_they_were(records: rs.Records) -> None:
    sites = records.sites()
    ours = rs.progress(sites, records.targets())
    assert ours.equals(rs.progress(sites, records.project.targets()))
    assert records.targets()["target_number"].dropna().tolist() == [28]


def test_months_end_with_the_present(records: rs.Records) -> None:
    months = records.progress_by_month(by="measure", since="2021-11-15", until="2021-12-31")
    assert sorted(set(months["day"])) == ["2021-11-30", "2021-12-31"]


def test_a_site_by_any_of_its_names(records: rs.Records) -> None:
    first = records.sites().iloc[0]
    site = records.site(first["name"] or first["source_id"])
    assert repr(site) == f"Site({first['site_id']!r})"
    assert site.geometry.equals(first["geometry"])
    assert site.events()["step"].tolist() == list(range(1, len(site.events()) + 1))
    assert site.boundaries()["version"].tolist() == list(range(1, first["boundary_version"] + 1))
    with pytest.raises(NotFound):
        records.site("没有")


class Tags(HTMLParser):
    """The elements of a page, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_what_a_notebook_shows_is_rounded_and_in_the_present_language(records: rs.Records) -> None:
    told = " ".join(Tags(records._repr_html_()).texts)
    assert "义龙新区生态修复" in told
    assert "已验收" in told
    with rs.speaking("en"):
        page = Tags(records._repr_html_())
        site = Tags(records.site(records.sites()["site_id"].iloc[0])._repr_html_())
    assert {"accepted", "task area (mu)"} <= {text.strip() for text in page.texts}
    assert {"path", "caption"} <= set(site.tags)
    assert "area of record (mu)" in site.texts


def test_names_in_it_are_only_names(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "<img src=x onerror=alert(1)>", "乡镇": "</td><script>alert(1)</script>"})
    records = rs.open(path)
    page = records.site(records.sites()["site_id"][0])._repr_html_()
    assert not {"img", "script"} & set(Tags(page).tags)
    assert "<img src=x onerror=alert(1)>" in Tags(page).texts


def test_an_empty_project_shows_itself_too(tmp_path: Path) -> None:
    ledger_of(tmp_path / "p.gpkg", 0)
    records = rs.open(tmp_path / "p.gpkg")
    assert records.title == "测试"
    assert len(records.sites()) == len(records.events()) == len(records.history()) == len(records.targets()) == len(records.findings()) == 0
    assert "测试" in records._repr_html_()


def test_a_measured_value_that_was_taken_away_is_none(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "p.gpkg", 0)
    first = registration("S0")
    ledger.append([first, next_event(first.event, kind="noted")])
    assert rs.open(tmp_path / "p.gpkg").events()["reported_m2"].isna().tolist() == [False, True]
