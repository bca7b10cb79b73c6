"""A sheet is made, filled in as staff do, and taken back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from restoration.project import Project
from tests.making import run, state_of

from .books import HEADING_ROW, ONE, THREE, TWO, Book, applied

Make = Callable[[], Book]


def kinds(project: Path, site: str) -> list[tuple[str, str | None, date]]:
    return [(event.kind, event.to_status, event.happened_on) for event in Project.open(project, read_only=True).history(site)]


def rows(said_data: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {row["site_id"]: row["outcome"] for row in said_data["rows"]}


def test_what_was_filled_in_is_written_and_nothing_else(project: Path, made: Make) -> None:
    book = made()
    assert [book.value(ONE, heading) for heading in ("名称", "措施", "现状态", "年度", "乡镇")] == [
        "红岩1班", "人工造林", "作业设计(修复方案)已批复", 2021, "雨樟镇",
    ]  # fmt: skip
    before = {site: kinds(project, site) for site in (ONE, TWO, THREE)}
    book.put(ONE, {"新状态": "施工中", "日期": "2021.4.5", "文号": "开工1号", "说明": "开工"})
    book.put(TWO, {"日期": date(2021, 4, 6), "上报面积(亩)": "３００亩", "调查日期": "2021年4月1日"})
    said = applied(project, book.save(), "--format", "json")
    assert (said.code, rows(said.data())) == (0, {ONE: "taken", TWO: "taken"})
    assert kinds(project, ONE) == [*before[ONE], ("moved", "in_progress", date(2021, 4, 5))]
    assert kinds(project, TWO) == [*before[TWO], ("measured", None, date(2021, 4, 6))]
    assert kinds(project, THREE) == before[THREE]
    last, other = (Project.open(project, read_only=True).history(site)[-1] for site in (ONE, TWO))
    assert (last.doc_no, last.note, last.recorded_by) == ("开工1号", "开工", "乙")
    assert (other.state.measured["reported_m2"], other.payload["surveyed_on"]) == (200_000.0, "2021-04-01")
    assert Project.open(project, read_only=True).verify().findings == ()


def test_the_same_file_again_changes_nothing_and_says_so(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    sheet = book.save()
    assert applied(project, sheet).code == 0
    before = kinds(project, ONE)
    again = applied(project, sheet)
    assert (again.code, kinds(project, ONE)) == (0, before)
    assert "这一行已经写入过（乙，" in again.out
    assert "没有要写入的。" in again.out


def test_what_others_changed_meanwhile_is_stale_by_name_and_comes_back_up_to_date(project: Path, made: Make) -> None:
    book = made()
    Project.open(project).update([ONE], to="in_progress", by="丙", on=date(2021, 4, 1))
    book.put(ONE, {"新状态": "暂停", "日期": "2021-04-05", "说明": "下雨"})
    book.put(TWO, {"新状态": "施工中", "日期": "2021-04-05"})
    sheet = book.save()
    said = applied(project, sheet)
    assert said.code == 2
    assert "做表以后别人改过：2021-04-01 丙 状态变更 施工中。" in said.out
    assert "什么都没有写入" in said.out
    assert kinds(project, TWO)[-1][1] == "designed"
    back = Book(project.with_name("表-退回.xlsx"))
    assert back.sites() == [ONE, TWO]
    assert back.value(TWO, "没有采用的原因") == "原表第 5 行。这一行可以，因为别的行不行而没有写入。"
    assert (back.value(ONE, "现状态"), back.value(ONE, "新状态"), back.value(ONE, "说明")) == ("施工中", "暂停", "下雨")
    assert "做表以后别人改过" in back.value(ONE, "没有采用的原因")
    assert applied(project, back.path).code == 0
    assert kinds(project, ONE)[-1] == ("moved", "suspended", date(2021, 4, 5))
    assert kinds(project, TWO)[-1] == ("moved", "in_progress", date(2021, 4, 5))


def test_what_the_same_person_changed_meanwhile_is_not_said_of_others(project: Path, made: Make) -> None:
    book = made()
    Project.open(project).update([ONE], to="in_progress", by="乙", on=date(2021, 4, 1))
    book.put(ONE, {"新状态": "暂停", "日期": "2021-04-05", "说明": "下雨"})
    said = applied(project, book.save())
    assert "做表以后又有改动：2021-04-01 乙 状态变更 施工中。" in said.out
    assert "别人" not in said.out


def test_all_or_nothing_and_with_partial_the_good_rows(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    book.put(TWO, {"新状态": "已销号归档", "日期": "2021-04-05"})
    sheet, before = book.save(), kinds(project, ONE)
    assert (applied(project, sheet).code, kinds(project, ONE)) == (2, before)
    (project.with_name("表-退回.xlsx")).unlink()
    said = applied(project, sheet, "--partial")
    assert (said.code, kinds(project, ONE)[-1][1]) == (4, "in_progress")
    assert "人工造林不能由“作业设计(修复方案)已批复”变为“已销号归档”" in said.out
    cell = Book(project.with_name("表-退回.xlsx"))
    assert cell.sites() == [TWO]
    assert applied(project, cell.path, "--partial").code == 2


def test_a_dry_run_writes_nothing_at_all(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    book.put(TWO, {"新状态": "没有的状态", "日期": "2021-04-05"})
    sheet = book.save()
    before = state_of(project.parent)
    said = applied(project, sheet, "--dry-run")
    assert state_of(project.parent) == before
    assert "填了的行 2：可采用 1，没有变化 0，不采用 1，已有改动 0。" in said.out


def test_what_would_be_written_is_shown_beside_what_stands(project: Path, made: Make) -> None:
    Project.open(project).measure(ONE, measured={"reported_m2": 376.5 * 2000 / 3}, by="甲", on=date(2021, 3, 2))
    book = made()
    book.put(ONE, {"上报面积(亩)": "25 公顷", "日期": "2021.11.25", "新状态": "施工中", "核实面积(亩)": 12, "说明": " 开工 "})
    book.put(TWO, {"上报面积(亩)": 7, "日期": "2021年13月1日"})
    sheet = book.save()
    said = applied(project, sheet, "--dry-run", "--format", "json").data()["rows"]
    assert said[0]["changes"] == {
        "new_status": {"was": "作业设计(修复方案)已批复", "now": "施工中"}, "new_on": {"was": "", "now": "2021-11-25"},
        "new_surveyed_on": {"was": "", "now": "2021-11-25"}, "new_reported_m2": {"was": "376.50", "now": "375.00"},
        "new_verified_m2": {"was": "", "now": "12.00"}, "new_note": {"was": "", "now": "开工"},
    }  # fmt: skip
    assert said[1]["changes"] == {}
    rows = list(csv.reader(applied(project, sheet, "--dry-run", "--format", "csv").out.lstrip("\ufeff").splitlines()))
    assert [row[2:4] for row in rows[1:]] == [
        ["可采用", ("新状态 作业设计(修复方案)已批复 → 施工中，日期 2021-11-25，调查日期 2021-11-25，"
                   "上报面积(亩) 376.50 → 375.00，核实面积(亩) 12.00，说明 开工")],
        ["不采用", "日期 2021年13月1日，上报面积(亩) 7"],
    ]  # fmt: skip
    assert "  可采用  " in applied(project, sheet).out
    assert "  采用    " in applied(project, sheet, "--partial").out
    last = Project.open(project, read_only=True).history(ONE)[-1]
    assert (last.state.measured["reported_m2"], last.happened_on, last.note) == (250_000.0, date(2021, 11, 25), "开工")


def test_the_next_line_can_be_typed_also_where_names_have_blanks(project: Path) -> None:
    (project.parent / "我的 表").mkdir()
    out = project.parent / "我的 表" / "雨樟 1.xlsx"
    assert f'填好存盘后：restoration apply "{out}" --by 姓名' in run("worksheet", out, "--project", project).out
    out = project.parent / "雨樟.xlsx"
    assert f"填好存盘后：restoration apply {out} --by 姓名" in run("worksheet", out, "--project", project).out


def test_the_help_says_of_the_day_what_is_done() -> None:
    said = " ".join(run("apply", "--help").out.split())
    assert "没有填日期的行的发生日期（不写则这些行不采用）" in said
    assert "不写为今天" not in said


def test_the_sheet_is_printed_on_paper_that_its_columns_need_and_sorted_with_its_hidden_cells(made: Make) -> None:
    book = made()
    setup = book.sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (8, "landscape", 0)
    assert book.sheet.auto_filter.ref == f"A{HEADING_ROW}:{get_column_letter(book.sheet.max_column)}6"
    assert book.value(ONE, "_moves") is not None
    assert book.column("_moves") == book.sheet.max_column


def test_rows_may_be_sorted_and_deleted_and_columns_moved_and_renamed(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    book.put(THREE, {"核实合格面积(亩)": 10, "核实面积(亩)": 12, "日期": "2021-04-06"})
    cells = book.around()
    heads = [str(cell.value).replace("\n", "") for cell in book.sheet[HEADING_ROW]]
    order = [*reversed(range(len(heads)))]
    renamed = {"新状态": "变更后状态", "日期": "办理日期", "核实合格面积(亩)": "合格面积（亩）", "说明": "备注"}
    fresh = openpyxl.Workbook()
    sheet = fresh.active
    assert sheet is not None
    sheet.append(["县里转来的表"])
    sheet.append([renamed.get(str(heads[at]), heads[at]) for at in order] + ["电话"])
    for row in (cells[2], cells[0]):  # the second row was deleted, the others sorted
        sheet.append([row[at] for at in order] + ["不相干"])
    about = fresh.create_sheet("_restoration_about")
    about["A1"] = book.book["_restoration_about"]["A1"].value
    fresh.save(project.with_name("整理过.xlsx"))
    said = applied(project, project.with_name("整理过.xlsx"), "--format", "json")
    assert rows(said.data()) == {THREE: "taken", ONE: "taken"}
    assert Project.open(project, read_only=True).history(THREE)[-1].state.measured["qualified_m2"] == pytest.approx(10 * 2000 / 3)


def test_text_that_looks_like_a_formula_stays_text_on_its_way_out(tmp_path: Path, project: Path) -> None:
    hostile = '=HYPERLINK("http://x","y")'
    assert run("correct", ONE, "--set", f"名称={hostile}", "--reason", "改名", "--by", "甲", "--project", project).code == 0
    assert run("worksheet", tmp_path / "b.xlsx", "--project", project).code == 0
    cell = Book(tmp_path / "b.xlsx")
    found = cell.sheet.cell(cell.row(ONE), cell.column("名称"))
    assert (found.value, found.data_type) == (hostile, "s")


def test_the_filters_choose_the_rows_and_no_file_is_overwritten(project: Path) -> None:
    out = project.with_name("b.xlsx")
    assert (
        run(
            "worksheet", out, "--town", "雨樟镇", "--status", "designed", "--measure", "人工造林", "--year", "2021", "--project", project
        ).code
        == 0
    )
    assert Book(out).sites() == [ONE, TWO, THREE]
    assert run("worksheet", out, "--project", project).code != 0
    assert run("worksheet", project.with_name("c.xlsx"), "--status", "closed", "--project", project).code == 2
    assert run("worksheet", project.with_name("c.xls"), "--project", project).code == 2
    assert not project.with_name("c.xlsx").exists()


def test_a_folder_that_is_not_there_is_told(project: Path) -> None:
    said = run("worksheet", project.parent / "没有" / "a.xlsx", "--project", project)
    assert said.code == 10
    assert "文件夹或文件不存在" in said.err


def test_the_list_of_moves_is_the_rows_own(project: Path, made: Make) -> None:
    Project.open(project).update([ONE], to="in_progress", by="丙", on=date(2021, 4, 1))
    book = made()
    lists = book.book["_restoration_moves"]
    held = Project.open(project, read_only=True)
    for site in (ONE, TWO):
        column = int(book.value(site, "_moves")) + 1
        many = lists.cell(1, column).value
        moves = [lists.cell(1 + at, column).value for at in range(1, int(str(many)) + 1)]
        statuses = [event.state.status for event in held.history(site)]
        allowed = held.table.allowed(held.table.measures["afforestation"], statuses)
        assert moves == [held.table.label(code, "afforestation").zh for code in allowed]
    (rule,) = [one for one in book.sheet.data_validations.dataValidation if one.type == "list"]
    place = f"${get_column_letter(book.column('_moves'))}4"
    assert rule.formula1 == f"OFFSET(_restoration_moves!$A$2,0,{place},INDEX(_restoration_moves!$1:$1,1,{place}+1),1)"
    assert book.sheet.protection.sheet
    assert book.sheet.protection.sort  # forbidden: it would sort the open cells alone
    assert not book.sheet.cell(4, book.column("新状态")).protection.locked
    assert book.sheet.cell(4, book.column("编号")).protection.locked
    hidden = next(one for one in book.sheet.column_dimensions.values() if one.hidden)
    assert (hidden.min, hidden.max) == (book.column("_site"), book.column("_moves"))
