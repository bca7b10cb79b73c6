"""Progress as staff read it: on a day, month by month, by either clock, in the three forms."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from restoration.model import today
from tests.making import Said, run, taken_in

ACCEPTANCE = ("--verified-mu", 60, "--qualified-mu", 45, "--survival-pct", 90)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two plantings of 67 亩 registered on 1 March 2021, one accepted on 20 June; 100 亩 were planned."""
    made = taken_in(tmp_path, {"名称": "红岩", "乡镇": "龙广镇", "面积(亩)": 66.0}, {"名称": "白岩", "乡镇": "德卧镇"})
    for to, on in (("designed", "03-10"), ("in_progress", "04-01"), ("works_done", "05-15"), ("self_checked", "06-10")):
        assert run("update", "红岩", "--to", to, "--by", "甲", "--on", f"2021-{on}", "--project", made).code == 0
    said = run("update", "红岩", "--to", "county_accepted", "--by", "甲", "--on", "2021-06-20", *ACCEPTANCE, "--project", made)
    assert said.code == 0, said
    planned = ("--measure", "人工造林", "--year", 2021, "--area-mu", 100, "--source", "文件", "--by", "甲")
    assert run("targets", "add", *planned, "--project", made).code == 0
    return made


def cells(said: Said) -> list[list[str]]:
    assert said.code == 0, said
    return [line.split() for line in said.out.splitlines()]


def test_a_clerk_reads_it_in_three_tables_with_units_and_the_whole_last(project: Path) -> None:
    lines = cells(run("progress", "--as-of", "2021-06-30", "--project", project))
    assert lines[:2] == [
        ["按面积："],
        ["措施", "年度", "任务(亩)", "上图(亩)", "核实合格(亩)", "已验收(亩)", "上图率%", "任务完成率%", "面积验收率%"],
    ]
    figures = ["100.00", "134.08", "45.00", "67.04", "134.1", "45.0", "67.0"]
    assert lines[3:5] == [["人工造林", "2021", *figures], ["合计", *figures]]
    assert ["合计", "2", "1", "0", "1", "50.0"] in lines
    assert ["合计", "66.00", "60.00", "45.00", "90.9", "75.0", "68.2"] in lines
    assert ["截至", "2021-06-30（按发生日期）。"] in lines


def test_columns_that_nobody_has_are_not_shown_and_are_in_the_file(project: Path) -> None:
    said = run("progress", "--by", "", "--as-of", "2021-03-05", "--project", project)
    assert "保存(亩)" not in said.out
    assert "核实(亩)" not in said.out
    (row,) = csv.DictReader(io.StringIO(run("progress", "--by", "", "--as-of", "2021-03-05", "--format", "csv", "--project", project).out))
    assert (row["上图(个)"], row["核实(亩)"], row["任务完成率%"], row["面积验收率%"], row["保存率%"]) == ("2", "", "", "0.0", "")


def test_a_town_has_no_target_and_is_told_why(project: Path) -> None:
    said = run("progress", "--by", "town", "--as-of", "2021-06-30", "--project", project)
    assert "分不到更细的组" in said.out
    data = run("progress", "--by", "town", "--as-of", "2021-06-30", "--format", "json", "--project", project).data()
    assert [(row["town"], row["target_m2"], row["accepted_number"]) for row in data["rows"]] == [("德卧镇", None, 0), ("龙广镇", None, 1)]
    assert data["whole"]["target_m2"] == pytest.approx(200_000 / 3)
    assert data["is_planned"] is False


def test_the_two_clocks_tell_two_things(project: Path) -> None:
    def number(*words: object) -> int:
        found: int = run("progress", "--format", "json", *words, "--project", project).data()["whole"]["number"]
        return found

    yesterday = today() - timedelta(days=1)
    assert (number("--as-of", yesterday), number("--as-of", yesterday, "--clock", "office")) == (2, 0)
    assert (number("--clock", "office"), number("--as-of", "2021-02-28")) == (2, 0)
    said = run("progress", "--as-of", yesterday, "--clock", "office", "--project", project)
    assert f"截至 {yesterday}（按录入日期）。" in said.out
    assert "台账里还没有小班" in said.out


def test_months_end_with_the_day_asked_for_and_agree_with_it(project: Path) -> None:
    words = ("--by", "measure,year", "--as-of", "2021-06-25", "--format", "json", "--project", project)
    months = run("progress", "--monthly", "--since", "2021年2月", *words).data()["rows"]
    assert [row["day"] for row in months] == ["2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31", "2021-06-25"]
    assert [(row["number"], row["in_progress_number"], row["accepted_number"]) for row in months] == [
        (0, 0, 0), (2, 0, 0), (2, 1, 0), (2, 1, 0), (2, 0, 1)
    ]  # fmt: skip
    assert {key: value for key, value in months[-1].items() if key != "day"} == run("progress", *words).data()["rows"][0]


def test_months_begin_with_the_first_record_by_each_clock(project: Path) -> None:
    lines = cells(run("progress", "--monthly", "--as-of", "2021-04-05", "--project", project))
    assert lines[0][:3] == ["月末", "上图(个)", "已验收(个)"]
    assert [line[0] for line in lines[2:4]] == ["2021-03-31", "2021-04-05"]
    office = run("progress", "--monthly", "--clock", "office", "--format", "json", "--project", project).data()["rows"]
    assert [(row["day"], row["number"]) for row in office] == [(today().isoformat(), 2)]


def test_months_of_an_empty_ledger(tmp_path: Path) -> None:
    empty = tmp_path / "e.gpkg"
    assert run("init", empty).code == 0
    said = run("progress", "--monthly", "--format", "json", "--project", empty)
    assert [(row["day"], row["number"], row["reported_m2"]) for row in said.data()["rows"]] == [(today().isoformat(), 0, None)]
    for words in ((), ("--monthly",), ("--by", "town"), ("--monthly", "--by", "town")):
        assert run("progress", *words, "--project", empty).code == 0


def test_a_month_or_a_span_that_cannot_be_is_refused(project: Path) -> None:
    for words, told in (
        (("--since", "2021-13", "--monthly"), "“2021-13”不是月份。"),
        (("--since", "2021-03"), "--since 只用于逐月的进度。"),
        (("--since", "2021-03", "--monthly", "--as-of", "2021-02-28"), "起始月份 2021-03 在截至日期 2021-02-28 之后。"),
    ):
        said = run("progress", *words, "--project", project)
        assert (said.code, said.out) == (2, "")
        assert told in said.err


def test_units_and_english(project: Path) -> None:
    said = run("progress", "--by", "layer", "--unit", "ha", "--as-of", "2021-06-30", "--lang", "en", "--project", project)
    assert "target (ha)" in said.out
    assert "6.6667" in said.out
    assert not any("\u4e00" <= mark <= "\u9fff" for mark in said.out)
