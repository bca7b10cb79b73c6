"""Cells, rows and files as they really come back, and those that somebody tampered with."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from restoration import lifecycle
from restoration.project import Project
from restoration.worksheet.cells import Unclear, understood
from restoration.worksheet.reading import Cell
from tests.making import project_in, run, taken_in

from .books import HEADING_ROW, ONE, TWO, Book, applied, told

Make = Callable[[], Book]


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("new_verified_m2", Cell("number", "12.5"), 12.5 * 2000 / 3),
        ("new_verified_m2", Cell("text", "12.5公顷"), 125_000.0),
        ("new_verified_m2", Cell("text", " １,２００ 亩 "), 800_000.0),
        ("new_survival_pct", Cell("text", "８７.５％"), 87.5),
        ("new_survival_pct", Cell("percent", "0.875"), 87.5),
        ("new_survival_pct", Cell("percent", "1"), 100.0),
        ("new_survival_pct", Cell("number", "0"), 0.0),
        ("new_canopy_ratio", Cell("number", "0.35"), 0.35),
        ("new_canopy_ratio", Cell("percent", "0.35"), 0.35),
        ("new_on", Cell("day", "2021-03-05 00:00:00"), date(2021, 3, 5)),
        ("new_on", Cell("text", "２０２１年３月５日"), date(2021, 3, 5)),
        ("new_on", Cell("number", "44260.0"), date(2021, 3, 5)),
        ("new_on", Cell("number", "20210305"), date(2021, 3, 5)),
        ("new_status", Cell("text", " 施工中 "), "in_progress"),
        ("new_doc_no", Cell("number", "12.0"), "12"),
        ("new_note", Cell("text", "=HYPERLINK(1)"), "=HYPERLINK(1)"),
        ("new_note", Cell("text", "   "), None),
    ],
)
def test_a_cell_is_understood(name: str, cell: Cell, value: Any) -> None:
    found = understood(name, cell, lifecycle.table())
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("name", "cell", "why"),
    [
        ("new_verified_m2", Cell("text", "约300亩"), "“约300亩”不是面积。"),
        ("new_verified_m2", Cell("text", "300里"), "“300里”不是面积。"),
        ("new_verified_m2", Cell("text", "-5"), "“-5”不是面积。"),
        ("new_verified_m2", Cell("day", "2021-03-05 00:00:00"), "不是面积。"),
        ("new_verified_m2", Cell("formula", "=B4*2"), "格子里是公式 =B4*2，而且没有存下结果。"),
        ("new_verified_m2", Cell("error", "#REF!"), "格子里是 #REF!。"),
        ("new_survival_pct", Cell("number", "0.87"), "“0.87”说不清是 0.87% 还是 87%。"),
        ("new_survival_pct", Cell("text", "1"), "“1”说不清是 1% 还是 100%。"),
        ("new_survival_pct", Cell("number", "120"), "“120”不对。"),
        ("new_canopy_ratio", Cell("number", "35"), "“35”不对。"),
        ("new_on", Cell("text", "２０２１年３月"), "“2021年3月”只写到月。"),
        ("new_on", Cell("number", "2021.3"), "“2021.3”不是日期。"),
        ("new_on", Cell("text", "44260"), "“44260”不是日期。"),
        ("new_on", Cell("text", "2021-02-30"), "“2021-02-30”不是日期。"),
        ("new_on", Cell("time", "08:00:00"), "格子里是 08:00:00。"),
        ("new_surveyed_on", Cell("day", "1905-07-13 12:00:00"), "格子里是 1905-07-13 12:00:00，多半是写了 2021.5 之类的数"),
        ("new_status", Cell("text", "干完了"), "干完了"),
        ("new_status", Cell("boolean", "True"), "格子里是 True。"),
    ],
)
def test_a_cell_that_would_have_to_be_guessed_is_refused(name: str, cell: Cell, why: str) -> None:
    with pytest.raises(Unclear) as error:
        understood(name, cell, lifecycle.table())
    assert why in error.value.fact.zh
    assert error.value.way_out.zh


def test_formulas_are_taken_by_their_saved_result_alone(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"核实面积(亩)": "=5*2", "日期": "2021-04-05"})
    (outcome, fields, why) = told(project, book)[ONE]
    assert (outcome, fields) == ("refused", ["new_verified_m2"])
    assert "格子里是公式 =5*2，而且没有存下结果" in why


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("new_verified_m2", "请直接写数。"), ("new_note", "请直接写字；要以“=”开头的，前面先打一个英文的单引号（'）。"),
        ("new_doc_no", "请直接写字；要以“=”开头的，前面先打一个英文的单引号（'）。"), ("new_on", "请直接写日期，如 2021-03-05。"),
        ("new_status", "请从下拉框里选。"),
    ],
)  # fmt: skip
def test_what_to_write_in_place_of_a_formula_is_what_the_column_takes(name: str, way_out: str) -> None:
    with pytest.raises(Unclear) as error:
        understood(name, Cell("formula", "=完工了"), lifecycle.table())
    assert error.value.way_out.zh == way_out


def test_eight_digits_that_excel_keeps_as_a_number_are_a_day(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"上报面积(亩)": 5, "日期": 20_210_405})
    book.put(TWO, {"上报面积(亩)": 5, "日期": 20_211_305})
    sheet = book.save()
    assert {site: row[:2] for site, row in told(project, book).items()} == {ONE: ("taken", []), TWO: ("refused", ["new_on"])}
    assert applied(project, sheet, "--partial").code == 4
    assert Project.open(project, read_only=True).history(ONE)[-1].happened_on == date(2021, 4, 5)
    back = Book(project.with_name("表-退回.xlsx"))
    assert back.value(TWO, "日期") == "20211305"
    assert "“20211305”不是日期" in back.value(TWO, "没有采用的原因")


def test_merged_cells_total_rows_added_rows_and_doubles(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    column = book.column("日期")
    book.sheet.merge_cells(start_row=4, end_row=5, start_column=column, end_column=column)
    assert told(project, book)[ONE][:2] == ("refused", ["new_on"])

    book = made()
    book.put(ONE, {"上报面积(亩)": 5, "日期": "2021-04-05"})
    last = book.sheet.max_row + 1
    book.sheet.cell(last, 1).value = "合计："
    book.sheet.cell(last, book.column("上报面积(亩)")).value = "=SUM(N4:N6)"
    assert {site: row[0] for site, row in told(project, book).items()} == {ONE: "taken"}
    book.sheet.cell(last, 1).value = "RGZL-2021-009"
    assert told(project, book)["RGZL-2021-009"][2] == "这一行不是表里原有的（没有隐藏的编号）。"

    book = made()
    book.put(ONE, {"上报面积(亩)": 5, "日期": "2021-04-05"})
    copied = [cell.value for cell in book.sheet[book.row(ONE)]]
    for at, value in enumerate(copied, 1):
        book.sheet.cell(book.sheet.max_row + (at == 1), at).value = value
    assert "同一小班填在几行里：第 4、7 行。" in told(project, book)[ONE][2]


def test_hidden_cells_that_were_changed_are_refused_by_name(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    seal = book.value(TWO, "_seal")
    book.put(ONE, {"_seal": seal})
    assert told(project, book)[ONE] == ("refused", [], "隐藏列被改动过，与台账对不上。")

    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05", "_event": book.value(TWO, "_event")})
    assert told(project, book)[ONE][2] == "隐藏列被改动过，与台账对不上。"

    for forged in ("", "[]", "null", book.value(ONE, "_was").replace("雨樟镇", "德卧镇")):
        book = made()
        book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05", "_was": forged, "乡镇": "德卧镇"})
        assert told(project, book)[ONE][2] == "隐藏列被改动过，与台账对不上。"

    book = made()
    row = book.row(ONE)
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    book.sheet.cell(row, book.column("编号")).value = TWO
    assert f"编号与本行隐藏的编号（{ONE}）不一致" in told(project, book)[TWO][2]


def test_a_sheet_of_another_project_is_refused_by_name(made: Make, tmp_path: Path) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    sheet = book.save()
    (tmp_path / "另").mkdir()
    other = taken_in(tmp_path / "另", {"名称": "红岩"})
    said = applied(other, sheet)
    assert said.code == 4
    assert "表.xlsx 是另一个项目（测试）的表，不是 p.gpkg 的。" in said.err
    assert len(Project.open(other, read_only=True).history("RGZL-2021-001")) == 1


@pytest.mark.parametrize("gone", ["_site", "_event", "_seal", "_was", "编号"])
def test_a_sheet_without_the_columns_that_it_needs_is_refused(project: Path, made: Make, gone: str) -> None:
    book = made()
    book.sheet.delete_cols(book.column(gone))
    said = applied(project, book.save("b.xlsx"))
    assert said.code == 4
    assert "b.xlsx 不能用：" in said.err
    assert not project.with_name("b-退回.xlsx").exists()


def test_a_file_that_is_no_sheet_of_ours(project: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 no zip")
    assert "a.xlsx 不是 .xlsx 文件。" in applied(project, tmp_path / "a.xlsx").err
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    assert "缺少认项目的隐藏页" in applied(project, tmp_path / "b.xlsx").err
    assert applied(project, tmp_path / "c.xlsx").code == 3


@pytest.mark.parametrize("name", ["表.et", "表.xls", "表.csv", "表.ods", "表"])
def test_a_file_of_another_kind_is_refused_in_plain_words(project: Path, made: Make, name: str) -> None:
    other = made().path.rename(project.with_name(name))
    said = applied(project, other)
    assert (said.code, said.out) == (4, "")
    assert said.err == f"错误：{name} 不是 .xlsx 文件。\n请在 Excel 或 WPS 里打开，另存为 .xlsx（不加密码）。\n"


@pytest.mark.parametrize("lock", ["~$表.xlsx", ".~lock.表.xlsx#"])
def test_a_file_that_marks_a_sheet_as_open_is_told_by_its_name(project: Path, made: Make, lock: str) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中", "日期": "2021-04-05"})
    sheet = book.save()
    project.with_name(lock).write_bytes(b"x")
    said = applied(project, project.with_name(lock))
    assert said.code == 4
    assert f"{lock} 是 Excel、WPS 打开表时留下的占位文件，不是表。\n请先存盘、关闭，再交 表.xlsx。" in said.err
    said = applied(project, sheet)
    assert (said.code, said.err) == (0, "表.xlsx 好像还在 Excel 或 WPS 里开着：只收上次存盘的内容，没存的请先存盘再交。\n")
    project.with_name(lock).unlink()
    assert applied(project, sheet).err == ""


def test_a_workbook_that_is_made_to_harm_is_refused_soon(project: Path, made: Make) -> None:
    book = made()
    book.sheet["XFD1048576"] = "x"
    said = applied(project, book.save("远.xlsx"))
    assert (said.code, "第 1048576 行的列太多" in said.err) == (4, True)
    book = made()
    for row in range(70_000):
        book.sheet.cell(10 + row, 1).value = "x"
    assert "有内容的行多于 60000" in applied(project, book.save("多.xlsx")).err
    book = made()
    book.sheet.merged_cells.add("A10:XFD1048576")
    said = applied(project, book.save("并.xlsx"))
    assert said.code == 4
    assert "合并单元格 A10:XFD1048576 太大" in said.err


def test_a_row_with_a_number_that_no_sheet_has_is_refused_soon(project: Path, made: Make) -> None:
    sheet, far = made().path, project.with_name("远行.xlsx")
    with zipfile.ZipFile(sheet) as old, zipfile.ZipFile(far, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            row = b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
            new.writestr(name, old.read(name).replace(b"</sheetData>", row) if name == "xl/worksheets/sheet1.xml" else old.read(name))
    said = applied(project, far)
    assert said.code == 4
    assert "有第 1048576 行以后的行" in said.err


def test_a_date_is_needed_or_given_for_all_and_is_not_ahead(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"新状态": "施工中"})
    book.put(TWO, {"说明": "看过", "日期": date(2099, 1, 1)})
    assert told(project, book)[ONE][2] == "没有填日期。"
    assert "在今天" in told(project, book)[TWO][2]
    sheet = book.path.with_name("改.xlsx")
    said = applied(project, sheet, "--on", "2021-04-05", "--partial", "--format", "json")
    assert {row["site_id"]: row["outcome"] for row in said.data()["rows"]} == {ONE: "taken", TWO: "refused"}


def test_personal_numbers_do_not_enter_by_a_sheet(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"说明": "电话 13800138000", "日期": "2021-04-05"})
    outcome, _, why = told(project, book)[ONE]
    assert outcome == "refused"
    assert "手机号码" in why


def test_the_english_sheet_is_taken_as_the_chinese_one(project: Path, tmp_path: Path) -> None:
    assert run("--lang", "en", "worksheet", tmp_path / "e.xlsx", "--project", project).code == 0
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    sheet = book.worksheets[0]
    heads = {str(cell.value): at for at, cell in enumerate(sheet[HEADING_ROW], 1)}
    sheet.cell(4, heads["new status"]).value = "works under way"
    sheet.cell(4, heads["date"]).value = date(2021, 4, 5)
    book.save(tmp_path / "e.xlsx")
    assert applied(project, tmp_path / "e.xlsx").code == 0
    assert Project.open(project, read_only=True).history(ONE)[-1].to_status == "in_progress"


def test_a_project_without_sites_makes_no_sheet(tmp_path: Path) -> None:
    path = project_in(tmp_path)
    assert run("worksheet", tmp_path / "a.xlsx", "--project", path).code == 2
    assert not (tmp_path / "a.xlsx").exists()
