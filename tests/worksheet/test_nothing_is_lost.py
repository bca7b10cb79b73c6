"""What staff wrote is written, or it is told why not: also where they wrote it into the wrong cells, columns or rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from restoration.project import Project
from tests.making import run

from .books import HEADING_ROW, ONE, THREE, TWO, Book, applied, told

Make = Callable[[], Book]
BEGIN = {"新状态": "施工中", "日期": "2021-04-05"}


def test_a_figure_in_a_grey_cell_is_told_though_nothing_else_is_filled_in(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"现核实面积(亩)": 55})
    assert told(project, book) == {ONE: ("refused", ["verified_m2"], "不能改的格子被改了：现核实面积(亩) 原为“”，现为“55”。")}


@pytest.mark.parametrize(
    ("heading", "value"), [("名称", "别的名"), ("乡镇", None), ("年度", 2022), ("图斑面积(亩)", "67亩"), ("村", "=A1")]
)
def test_a_row_whose_grey_cells_were_changed_comes_back(project: Path, made: Make, heading: str, value: Any) -> None:
    book = made()
    book.put(ONE, {**BEGIN, heading: value})
    outcome, fields, why = told(project, book)[ONE]
    assert (outcome, len(fields)) == ("refused", 1)
    assert f"不能改的格子被改了：{heading} 原为" in why


def test_grey_cells_that_only_look_otherwise_were_not_changed(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {**BEGIN, "年度": "２０２１", "名称": " 红岩1班 "})
    book.put(TWO, BEGIN)
    book.sheet.delete_cols(book.column("措施"))
    column = book.column("乡镇")
    book.sheet.merge_cells(start_row=4, end_row=6, start_column=column, end_column=column)
    assert {site: row[0] for site, row in told(project, book).items()} == {ONE: "taken", TWO: "taken"}


def test_columns_that_were_sorted_without_their_sites_are_told(project: Path, made: Make) -> None:
    Project.open(project).measure(ONE, measured={"verified_m2": 2000.0}, by="甲", on=date(2021, 3, 2))
    book = made()
    book.put(TWO, {"核实面积(亩)": 5, "日期": "2021-04-05"})
    first, last = book.column("新状态"), book.column("说明")
    block = [[book.sheet.cell(row, column).value for column in range(first, last + 1)] for row in (4, 5)]
    for row, values in zip((4, 5), reversed(block), strict=True):
        for column, value in enumerate(values, first):
            book.sheet.cell(row, column).value = value
    assert {site: row[:2] for site, row in told(project, book).items()} == {
        ONE: ("refused", ["verified_m2"]), TWO: ("refused", ["verified_m2"]),
    }  # fmt: skip


def test_a_heading_with_another_unit_is_refused_and_a_known_word_is_taken(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"核实面积(亩)": 5, "日期": "2021-04-05"})
    column = book.column("核实面积(亩)")
    book.sheet.cell(HEADING_ROW, column).value = "核实面积(公顷)"
    said = applied(project, book.save("改.xlsx"))
    assert said.code == 4
    assert "缺少列 核实面积(亩)，却有填了内容而认不出的列 核实面积(公顷)（是不是改了列名或单位）" in said.err
    assert "把列名改回“核实面积(亩)”；数若是别的单位，要换算成亩，或在格子里带上单位，如 12.5公顷。" in said.err
    for heading in ("核实面积", "核实面积（亩）", "HSMJ", "验收面积"):
        book.sheet.cell(HEADING_ROW, column).value = heading
        assert told(project, book)[ONE][0] == "taken", heading
    book.sheet.cell(HEADING_ROW, column).value = "核实面积(亩)"
    last = book.sheet.max_column + 1
    book.sheet.cell(HEADING_ROW, last).value = "电话"
    book.sheet.cell(4, last).value = "办公室"
    assert "没有收的列：电话。" in applied(project, book.save("改.xlsx"), "--dry-run").out


def test_a_column_of_ones_own_that_is_called_as_one_of_the_sheets_is_named_with_it(project: Path, made: Make) -> None:
    book = made()
    book.sheet.insert_cols(3)
    book.sheet.cell(HEADING_ROW, 3).value = "备注"
    book.put(ONE, BEGIN)
    said = applied(project, book.save("改.xlsx"))
    assert said.code == 4
    assert (
        "改.xlsx 不能用：C 列“备注”和 Z 列“说明”都是“说明”这一列。什么都没有写入。\n把自己加的那一列改成别的名字（这一列不收），再交。"
        in said.err
    )


def test_a_new_survey_that_finds_the_same_is_recorded(project: Path, made: Make) -> None:
    Project.open(project).measure(ONE, measured={"survival_pct": 90.0}, by="甲", on=date(2021, 5, 1), surveyed_on=date(2021, 5, 1))
    book = made()
    book.put(ONE, {"成活率(%)": 90, "调查日期": "2022-05-01", "日期": "2022-05-02"})
    book.put(TWO, {"调查日期": "2022-05-01", "日期": "2022-05-02", "说明": "看过"})
    book.put(THREE, {"文号": "1号", "日期": "2022-05-02"})
    said = applied(project, book.save(), "--partial", "--format", "json").data()
    assert [(row["outcome"], row["fields"]) for row in said["rows"]] == [
        ("taken", []), ("refused", ["new_surveyed_on"]), ("refused", ["new_doc_no"]),
    ]  # fmt: skip
    assert Project.open(project, read_only=True).history(ONE)[-1].payload["surveyed_on"] == "2022-05-01"


def test_an_acceptance_rests_on_what_is_typed_though_it_is_as_before(project: Path, made: Make) -> None:
    held = Project.open(project)
    same = {"verified_m2": 2000.0, "qualified_m2": 2000.0, "survival_pct": 90.0}
    held.update([ONE], to="in_progress", by="甲", on=date(2021, 4, 1))
    held.measure(ONE, measured=same, by="甲", on=date(2021, 5, 1))
    held.update([ONE], to="works_done", by="甲", on=date(2021, 6, 1))
    held.update([ONE], to="self_checked", by="甲", on=date(2021, 7, 1))
    book = made()
    accepted = {"新状态": held.table.label("county_accepted", "afforestation").zh, "日期": "2022-05-02", "文号": "验1号"}
    book.put(ONE, accepted)
    said = applied(project, book.save("缺.xlsx"), "--format", "json").data()["rows"][0]
    assert said["fields"] == ["new_surveyed_on", "new_verified_m2", "new_qualified_m2"]
    assert said["way_out"]["zh"].startswith("请补上 “调查日期” “核实面积(亩)” “核实合格面积(亩)”（依据：")
    back = Book(project.with_name("缺-退回.xlsx"))
    red = [back.sheet.cell(4, back.column(name)).fill.fgColor.rgb for name in ("调查日期", "核实面积(亩)", "核实合格面积(亩)")]
    assert red == ["FFFBD5D0"] * 3
    back.put(ONE, {"调查日期": "2022-05-01", "核实面积(亩)": 3, "核实合格面积(亩)": 3, "成活率(%)": 90})
    assert applied(project, back.save()).code == 0
    last = Project.open(project, read_only=True).history(ONE)[-1]
    assert (last.to_status, last.payload["measured"]) == ("county_accepted", same)


def test_a_figure_copied_from_the_grey_cell_changes_nothing(project: Path, made: Make) -> None:
    Project.open(project).measure(ONE, measured={"verified_m2": 12_345.678}, by="甲", on=date(2021, 3, 3))
    book = made()
    book.put(ONE, {"核实面积(亩)": book.value(ONE, "现核实面积(亩)"), "日期": "2021-04-05"})
    book.put(TWO, {"日期": "2021-04-05"})
    assert told(project, book) == {ONE: ("unchanged", [], "与台账相同。"), TWO: ("unchanged", [], "只填了日期，没有要改的。")}
    book.put(ONE, {"说明": "复核"})
    assert applied(project, book.save()).code == 0
    assert Project.open(project, read_only=True).history(ONE)[-1].state.measured["verified_m2"] == 12_345.678


def test_what_comes_back_holds_all_that_was_not_written_and_is_enough(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, BEGIN)
    book.put(TWO, {"核实面积(亩)": "约5", "日期": "2021-13-05"})
    sheet = book.save()
    assert applied(project, sheet).code == 2
    back = Book(project.with_name("表-退回.xlsx"))
    assert back.sites() == [ONE, TWO]
    assert [back.sheet.cell(5, back.column(name)).fill.fgColor.rgb for name in ("核实面积(亩)", "日期")] == ["FFFBD5D0"] * 2
    back.put(TWO, {"核实面积(亩)": 5, "日期": "2021-04-05"})
    assert applied(project, back.save()).code == 0
    last = {site: Project.open(project, read_only=True).history(site)[-1] for site in (ONE, TWO)}
    assert (last[ONE].to_status, last[TWO].kind) == ("in_progress", "measured")


def test_refusals_of_the_ledger_name_their_cells(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2020-01-05"})
    book.put(TWO, {"新状态": "已销号归档", "日期": "2021-04-05"})
    book.put(THREE, {"核实面积(亩)": 3, "核实合格面积(亩)": 5, "日期": "2021-04-05"})
    assert [row[1] for row in told(project, book).values()] == [["new_on"], ["new_status"], ["new_verified_m2", "new_qualified_m2"]]
    book = made()
    book.put(ONE, {"成活率(%)": 91, "调查日期": "2021-04-06", "日期": "2021-04-05"})
    book.put(TWO, {"说明": "电话 13800138000", "日期": "2021-04-05"})
    book.put(THREE, {"核实面积(亩)": 1e12, "日期": "2021-04-05"})
    assert [row[1] for row in told(project, book).values()] == [["new_surveyed_on"], ["new_note"], ["new_verified_m2"]]


def test_days_counted_from_1904_are_not_taken_for_days_counted_from_1900(project: Path, made: Make) -> None:
    book = made()
    book.book.epoch = CALENDAR_MAC_1904
    book.put(ONE, {"新状态": "施工中", "日期": 44_260})
    book.sheet.cell(book.row(ONE), book.column("日期")).number_format = "General"
    book.put(TWO, {"新状态": "施工中", "日期": date(2021, 4, 5)})
    assert {site: row[:2] for site, row in told(project, book).items()} == {ONE: ("refused", ["new_on"]), TWO: ("taken", [])}


def test_cells_that_are_only_formatted_are_no_rows(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, BEGIN)
    book.sheet.cell(1_048_576, 3).font = Font(bold=True)
    assert told(project, book)[ONE][0] == "taken"


def test_texts_with_signs_that_a_workbook_writes_otherwise_come_back_as_they_were(tmp_path: Path, project: Path) -> None:
    name = "红\x01岩 _x0041_"
    assert run("correct", ONE, "--set", f"名称={name}", "--reason", "改名", "--by", "甲", "--project", project).code == 0
    assert run("worksheet", tmp_path / "b.xlsx", "--project", project).code == 0
    book = Book(tmp_path / "b.xlsx")
    today = Project.open(project).history(ONE)[-1].happened_on
    book.put(ONE, {"说明": "一行\r\n二行", "日期": today})
    assert applied(project, book.save()).code == 0
    assert Project.open(project, read_only=True).history(ONE)[-1].note == "一行\r\n二行"


def test_an_area_that_must_be_a_slip_is_told_before_it_is_written_and_as_it_is(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"核实面积(亩)": 100_000, "日期": "2021-04-05"})
    sheet = book.save("改.xlsx")
    for words in (["--dry-run"], []):
        (warned,) = [line for line in applied(project, sheet, *words).out.splitlines() if line.startswith("提醒")]
        assert ONE in warned
