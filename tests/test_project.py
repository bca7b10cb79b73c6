"""Everything that writes: what it asks for, what it refuses, and what is left when it does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from restoration.errors import Stale
from restoration.model import today
from restoration.project import Project
from tests.making import Said, parcels, run, square, taken_in, written

ROWS: tuple[dict[str, object], ...] = ({"名称": "红岩"}, {"名称": "白岩"}, {"名称": "白岩二"})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, *ROWS)


def update(project: Path, *words: object, on: str = "2021-04-01") -> Said:
    return run("update", *words, "--by", "乙", "--on", on, "--project", project)


def status(project: Path, name: str = "红岩") -> str:
    return str(run("show", name, "--project", project, "--format", "json").data()["status"])


def walk(project: Path, *statuses: str) -> None:
    for to in statuses:
        assert update(project, "红岩", "--to", to).code == 0


def test_acceptance_says_what_it_lacks_and_with_which_option_to_give_it(project: Path) -> None:
    walk(project, "designed", "in_progress", "works_done", "self_checked")
    said = update(project, "红岩", "--to", "县级验收合格")
    assert said.code == 5
    assert "还缺：" in said.err
    for option in ("--surveyed-on", "--verified-mu", "--qualified-mu"):
        assert option in said.err
    low = update(project, "红岩", "--to", "county_accepted", "--verified-mu", "60", "--qualified-mu", "59", "--survival-pct", "70")
    assert low.code == 5
    assert "成活率 70% 达不到“县级验收合格”" in low.err
    assert "补植补造 replanting" in low.err
    assert status(project) == "self_checked"


def test_a_closed_site_needs_a_document(project: Path) -> None:
    run("correct", "红岩", "--set", "状态=final_accepted", "--reason", "补录", "--by", "乙", "--on", "2021-03-02", "--project", project)
    assert "--doc" in update(project, "红岩", "--to", "closed").err
    assert update(project, "红岩", "--to", "closed", "--doc", "销〔2021〕1号").code == 0


def test_a_move_that_the_table_has_not_is_refused_and_the_possible_ones_are_named(project: Path) -> None:
    said = update(project, "红岩", "--to", "closed")
    assert said.code == 5
    assert "人工造林不能由“已落地上图”变为“已销号归档”" in said.err
    assert "作业设计(修复方案)已批复 designed" in said.err


def test_several_sites_are_all_changed_or_none(project: Path) -> None:
    walk(project, "designed")
    before = project.read_bytes()
    said = update(project, "红岩", "白岩", "白岩二", "--to", "in_progress")
    assert said.code == 5
    assert "RGZL-2021-002" in said.err
    assert "RGZL-2021-003" in said.err
    assert "3 个小班都没有改动" in said.err
    assert project.read_bytes() == before
    assert update(project, "白岩", "白岩二", "--to", "designed").out.count("现状") == 2


def test_an_area_belongs_to_one_site(project: Path) -> None:
    said = update(project, "红岩", "白岩", "--to", "designed", "--verified-mu", "10")
    assert said.code == 2
    assert "逐个小班" in said.err
    assert update(project, "红岩", "红岩", "--to", "designed", "--verified-mu", "10").code == 0
    assert update(project, "白岩", "白岩二", "--to", "designed", "--survival-pct", "90").code == 0


def test_a_caller_that_saw_an_older_state_is_told_who_changed_it(project: Path) -> None:
    held = Project.open(project)
    seen = {"RGZL-2021-001": held.history("红岩")[-1].id}
    held.note(["红岩"], text="检查", by="丙")
    with pytest.raises(Stale, match="RGZL-2021-001：你看到之后，丙 又改过"):
        held.update(["红岩"], to="designed", by="乙", expected=seen)
    seen = {"RGZL-2021-001": held.history("红岩")[-1].id}
    assert held.update(["红岩"], to="designed", by="乙", expected=seen)[0].state.status == "designed"


def test_days_that_cannot_be_are_refused(project: Path) -> None:
    tomorrow = today() + timedelta(days=1)
    words = {"--on": f"日期 {tomorrow} 在今天（{today()}）之后", "--surveyed-on": f"调查日期 {tomorrow} 晚于本次日期 {today()}"}
    for option, told in words.items():
        said = run("update", "红岩", "--to", "designed", "--by", "乙", option, tomorrow, "--project", project)
        assert (said.code, told in said.err) == (2, True)
    early = update(project, "红岩", "--to", "designed", on="2021-02-28")
    assert early.code == 2
    assert "早于末次事项的日期 2021-03-01" in early.err
    assert update(project, "红岩", "--to", "designed", on="2021年3月1日").code == 0


def test_unknown_words_are_answered_with_the_known_ones(project: Path) -> None:
    assert "施工中 in_progress" in update(project, "红岩", "--to", "干活中").err
    assert "封山育林 hill_closure" in run("list", "--measure", "种树", "--project", project).err
    assert "reported_mu" in run("correct", "红岩", "--set", "面级=3", "--reason", "x", "--by", "乙", "--project", project).err


def test_names_that_are_none_or_two_are_answered_with_what_is_near(project: Path) -> None:
    missing = update(project, "红严", "--to", "designed")
    assert (missing.code, "相近的有：红岩" in missing.err) == (3, True)
    run("correct", "白岩二", "--set", "name=白岩", "--reason", "同名", "--by", "乙", "--project", project)
    double = update(project, "白岩", "--to", "designed")
    assert (double.code, "RGZL-2021-002、RGZL-2021-003" in double.err) == (2, True)
    assert update(project, "002", "--to", "designed").code == 0


def test_the_day_of_a_survey_is_shown_where_there_was_one(project: Path) -> None:
    for words in (("show", "红岩"), ("history", "红岩")):
        assert "调查日期" not in run(*words, "--project", project).out
    survey = ("--verified-mu", 60, "--surveyed-on", "2021-06-11", "--on", "2021-06-15")
    assert run("measure", "红岩", *survey, "--by", "甲", "--project", project).code == 0
    assert run("note", "红岩", "--text", "看过", "--by", "甲", "--on", "2021-06-16", "--project", project).code == 0
    assert "\n调查日期：2021-06-11\n" in run("show", "红岩", "--project", project).out
    assert run("show", "红岩", "--format", "json", "--project", project).data()["surveyed_on"] == "2021-06-11"
    assert run("history", "红岩", "--project", project).out.count("调查日期 2021-06-11") == 1


def test_a_correction_puts_a_status_a_name_or_an_area_right_and_keeps_the_old(project: Path) -> None:
    said = run(
        "correct", "红岩", "--set", "状态=施工中", "--set", "名称=红崖", "--set", "上报面积=66.6", "--set", "封育年限=5",
        "--reason", "录错", "--by", "乙", "--on", "2021-04-01", "--project", project,
    )  # fmt: skip
    assert said.code == 0, said
    told = run("show", "RGZL-2021-001", "--project", project).out
    for line in ("状态：施工中", "名称：红崖", "上报面积(亩)：66.60", "封育年限：5"):
        assert line in told
    history = run("history", "RGZL-2021-001", "--project", project, "--format", "json").data()
    changes = {change["field"]: (change["old"], change["new"]) for change in history[-1]["changes"]}
    assert changes["status"] == ("sited", "in_progress")
    assert changes["name"] == ("红岩", "红崖")
    run("correct", "红崖", "--set", "上报面积=", "--set", "封育年限=", "--reason", "撤", "--by", "乙", "--project", project)
    told = run("show", "RGZL-2021-001", "--project", project).out
    assert "上报面积" not in told
    assert "封育年限" not in told
    assert "未发现改动" in run("verify", "--project", project).out


@pytest.mark.parametrize(
    "change", ["reported_mu=-1", "reported_mu=nan", "verified_mu=inf", "成活率(%)=101", "canopy_ratio=1.1", "plan_year=12", "plan_year=",
               "封育年限=500", "closure_on=去年", "measure=", "name=" + "长" * 4001, "无此项=1", "没等号"],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_and_nothing_is_written(project: Path, change: str) -> None:
    before = project.read_bytes()
    said = run("correct", "红岩", "--set", change, "--reason", "x", "--by", "乙", "--project", project)
    assert said.code == 2
    assert project.read_bytes() == before


def test_a_qualified_area_is_never_more_than_the_verified_one_whenever_each_was_given(project: Path) -> None:
    assert run("measure", "红岩", "--verified-mu", "50", "--by", "乙", "--on", "2021-03-02", "--project", project).code == 0
    for words in (
        ("measure", "红岩", "--qualified-mu", "51"),
        ("update", "红岩", "--to", "designed", "--qualified-mu", "51"),
        ("correct", "红岩", "--set", "qualified_mu=51", "--reason", "x"),
    ):
        said = run(*words, "--by", "乙", "--project", project)
        assert said.code == 2, words
        assert "合格面积 51.00 亩大于核实面积 50.00 亩" in said.err
    assert run("measure", "红岩", "--qualified-mu", "51", "--verified-mu", "52", "--by", "乙", "--project", project).code == 0


def test_a_measurement_without_a_value_and_a_note_without_a_text_are_refused(project: Path) -> None:
    assert "没有给出面积或指标" in run("measure", "红岩", "--by", "乙", "--project", project).err
    assert run("note", "红岩", "--text", " ", "--by", "乙", "--project", project).code == 2
    assert run("note", "红岩", "--text", "x", "--by", " ", "--project", project).code == 2
    assert run("correct", "红岩", "--set", "name=x", "--reason", " ", "--by", "乙", "--project", project).code == 2
    assert run("note", "红岩", "白岩", "--text", "检查", "--by", "乙", "--project", project).out.count("备注") == 2


def waive(project: Path, *words: object) -> Said:
    return run("waive", *words, "--reason", "已到现场看过", "--by", "乙", "--project", project)


def overlaps(project: Path, state: str) -> list[set[str]]:
    judged = run("check", "--all", "--project", project, "--format", "json").data()
    return [{one["site_id"], one["other_site_id"]} for one in judged["findings"] if one["code"] == "S201" and one["state"] == state]


@pytest.fixture
def overlapping(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"geometry": square(0)}, {"geometry": square(0.5)}, {"geometry": square(5)})


def test_a_waiver_is_for_the_pair_that_was_seen_and_falls_when_a_boundary_changes(overlapping: Path, tmp_path: Path) -> None:
    pair = {"RGZL-2021-001", "RGZL-2021-002"}
    assert overlaps(overlapping, "failed") == [pair]
    assert waive(overlapping, "RGZL-2021-003", "S201").code == 2
    assert waive(overlapping, "RGZL-2021-002", "s201").code == 0
    assert overlaps(overlapping, "waived") == [pair]
    third = written(parcels({"小班号": "004", "geometry": square(-0.5)}), tmp_path / "third.geojson")
    take = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", overlapping)
    run("import", third, *take)
    assert overlaps(overlapping, "failed") == [{"RGZL-2021-001", "RGZL-2021-004"}]
    assert overlaps(overlapping, "waived") == [pair]
    run("import", written(parcels({"geometry": square(0, side=0.0019)}), tmp_path / "redrawn.geojson"), *take)
    assert overlaps(overlapping, "stale") == [pair]
    assert waive(overlapping, "RGZL-2021-001", "S201", "--other", "RGZL-2021-002").code == 0
    assert overlaps(overlapping, "waived") == [pair], "an older waiver that lapsed does not hide a newer one"


def test_a_waiver_of_a_figure_falls_when_that_figure_changes_and_not_when_another_does(overlapping: Path) -> None:
    def state() -> list[str]:
        held = Project.open(overlapping).check()
        return [judged.state for judged in held if (judged.finding.code, judged.finding.site_id) == ("S301", "RGZL-2021-001")]

    def correct(figure: str) -> None:
        assert run("correct", "RGZL-2021-001", "--set", figure, "--reason", "抄错", "--by", "甲", "--project", overlapping).code == 0

    correct("reported_m2=1")
    assert state() == ["failed"]
    assert waive(overlapping, "RGZL-2021-001", "S301").code == 0
    correct("verified_m2=1")
    assert state() == ["waived"]
    correct("reported_m2=2")
    assert state() == ["stale"]
    correct("reported_m2=1")
    assert state() == ["waived"], "the figure that was accepted stands again"


def test_a_waiver_names_which_pair_where_there_are_several(overlapping: Path, tmp_path: Path) -> None:
    third = written(parcels({"小班号": "004", "geometry": square(-0.5)}), tmp_path / "third.geojson")
    run("import", third, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", overlapping)
    said = waive(overlapping, "RGZL-2021-001", "S201")
    assert said.code == 2
    assert "RGZL-2021-002、RGZL-2021-004" in said.err
    assert waive(overlapping, "RGZL-2021-001", "S201", "--other", "RGZL-2021-004").code == 0
    assert overlaps(overlapping, "waived") == [{"RGZL-2021-001", "RGZL-2021-004"}]


@pytest.mark.parametrize(
    "words", [("--area-mu", "nan"), ("--area-mu", "inf"), ("--area-mu", "-1"), ("--number", "-1"), (), ("--number", "9" * 30)]
)  # fmt: skip
def test_a_target_without_a_figure_is_refused(project: Path, words: tuple[str, ...]) -> None:
    said = run("targets", "add", "--measure", "人工造林", "--year", 2021, *words, "--source", "计划", "--by", "乙", "--project", project)
    assert said.code == 2
    assert run("targets", "--project", project, "--format", "json").data()[0]["source"] == ""


def test_a_target_goes_to_the_project_that_is_named_before_the_subcommand(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    other = project.parent / "sub" / "other.gpkg"
    other.parent.mkdir()
    run("init", other)
    said = run(
        "targets", "--project", other, "add", "--measure", "人工造林", "--year", 2021, "--number", 2, "--source", "计划", "--by", "乙"
    )
    assert said.code == 0
    assert run("targets", "--project", other, "--format", "json").data()[0]["source"] == "计划"
    assert run("targets", "--project", project, "--format", "json").data()[0]["source"] == ""


def test_an_office_s_own_lifecycle_beside_the_project_is_used_and_a_broken_one_refused(project: Path) -> None:
    own = project.parent / "lifecycle.toml"
    own.write_text("[status", encoding="utf-8")
    before = project.read_bytes()
    for command in (("list",), ("note", "红岩", "--text", "x", "--by", "乙")):
        said = run(*command, "--project", project)
        assert said.code == 4
        assert "lifecycle.toml" in said.err
    assert project.read_bytes() == before


def test_the_state_of_a_day_by_both_clocks(project: Path) -> None:
    update(project, "红岩", "--to", "designed")
    held = Project.open(project, read_only=True)
    for day, clock, expected in (
        (date(2021, 2, 28), "field", 0),
        (date(2021, 3, 31), "field", 3),
        (date(2021, 4, 1), "office", 0),
        (today(), "office", 3),
    ):
        assert len(held.sites(as_of=day, clock=clock)) == expected  # type: ignore[arg-type]
    assert (held.sites(as_of=date(2021, 3, 31))["status"] == "sited").all()
