"""`repair`: what is proposed, and what is written only when it is told to."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
import shapely

from restoration.project import Project
from tests.making import Said, run, square, taken_in


def spiked(west: float, *, reach: float = 0.0006, thick: float = 0.00002) -> shapely.Polygon:
    """A square with a spike on its eastern side."""
    east = west + 0.002
    tip = (east + reach, 25.101 + thick / 2)
    return shapely.Polygon([(west, 25.1), (east, 25.1), (east, 25.101), tip, (east, 25.101 + thick), (east, 25.102), (west, 25.102)])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    large = spiked(105.11, reach=0.004, thick=0.0003)
    return taken_in(tmp_path, {"geometry": spiked(105.1)}, {"geometry": large}, {"geometry": square(20)})


def repair(project: Path, *words: object) -> Said:
    return run("repair", *words, "--project", project)


WRITTEN = ("--apply", "--by", "乙", "--reason", "采点误触")


def test_a_proposal_is_told_with_its_areas_and_nothing_is_written(project: Path, tmp_path: Path) -> None:
    before = project.read_bytes()
    said = repair(project, "--out", tmp_path / "r.gpkg")
    assert said.code == 0
    assert "没有写入任何内容" in said.out
    first, second = repair(project, "--format", "json").data()
    assert (first["site_id"], first["verdict"], first["points_before"], first["points_after"]) == ("RGZL-2021-001", "ready", 7, 6)
    assert second["verdict"] == "large"
    assert second["change_pct"] == pytest.approx(15, abs=5)
    assert first["change_m2"] == pytest.approx(first["after_m2"] - first["before_m2"])
    assert project.read_bytes() == before
    old, new = (pyogrio.read_dataframe(tmp_path / "r.gpkg", layer=layer) for layer in ("before", "after"))
    assert old["site_id"].tolist() == new["site_id"].tolist() == ["RGZL-2021-001", "RGZL-2021-002"]
    assert (shapely.get_num_coordinates(old.geometry) - shapely.get_num_coordinates(new.geometry)).tolist() == [1, 1]


def test_a_written_repair_is_a_new_version_and_the_old_one_stays(project: Path) -> None:
    said = repair(project, "RGZL-2021-001", *WRITTEN)
    assert (said.code, "边界重划" in said.out) == (0, True), said
    held = Project.open(project, read_only=True)
    assert [event.kind for event in held.history("RGZL-2021-001")] == ["registered", "redrawn"]
    last = held.history("RGZL-2021-001")[-1]
    assert (last.note, last.recorded_by, last.payload["repair"]["codes"]) == ("采点误触", "乙", ["S104"])
    versions = held.ledger.boundary_versions(["RGZL-2021-001"])
    assert versions["version"].tolist() == [1, 2]
    assert shapely.get_num_coordinates(versions.geometry).tolist() == [8, 7]
    assert held.verify().findings == ()
    assert [one["site_id"] for one in repair(project, "--format", "json").data()] == ["RGZL-2021-002"]


def test_a_large_change_refuses_all_until_its_site_is_named(project: Path) -> None:
    before = project.read_bytes()
    said = repair(project, *WRITTEN)
    assert said.code == 2
    assert "RGZL-2021-002" in said.err
    assert "--large" in said.err
    assert project.read_bytes() == before
    assert repair(project, *WRITTEN, "--large", "RGZL-2021-002").code == 0
    assert repair(project).out.startswith("没有可以修复的问题")


def test_what_was_waived_is_not_mended(project: Path) -> None:
    run("waive", "RGZL-2021-001", "S104", "--reason", "实地如此", "--by", "乙", "--project", project)
    assert [one["site_id"] for one in repair(project, "--format", "json").data()] == ["RGZL-2021-002"]


def test_only_the_kind_that_is_asked_for_is_proposed(project: Path) -> None:
    assert repair(project, "--code", "s103").out.startswith("没有可以修复的问题")
    assert len(repair(project, "--code", "S104", "--format", "json").data()) == 2
    assert repair(project, "--code", "S201").code == 2


def test_a_repair_wants_a_person_and_a_reason_and_a_site_that_can_be_mended(project: Path, tmp_path: Path) -> None:
    for words in (("--apply",), ("--apply", "--by", "乙"), ("--apply", "--by", "乙", "--reason", " ")):
        assert repair(project, *words).code == 2, words
    (tmp_path / "wedge").mkdir()
    wedge = taken_in(tmp_path / "wedge", {"geometry": shapely.Polygon([(105.1, 25.1), (105.103, 25.1), (105.1, 25.1003)])})
    assert "修不好" in repair(wedge).out
    assert repair(wedge, "RGZL-2021-001", *WRITTEN).code == 2
    assert repair(wedge, *WRITTEN).code == 0, "where none is named it is left out"
    assert len(Project.open(wedge, read_only=True).history("RGZL-2021-001")) == 1
