"""The tables that the office hands in: their figures are those of progress and area, their form is that of the office."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from restoration import Project, sample, tables
from restoration.errors import BadRequest, FileRefused, UnknownName
from restoration.tables import Filled, Line
from restoration.tally import progress, totals
from restoration.units import ROUNDINGS, Rounding, shown
from tests.making import parcels, run, square, taken_in, written

DAY = date(2021, 12, 31)
CODES = ["progress_schedule", "inspection", "mine_ledger", "close_out", "statistics", "karst"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


def column(filled: Filled, heading: str) -> int:
    return [tables.heading_of(one).zh for one in filled.layout.columns].index(heading)


def whole(filled: Filled) -> Line:
    return next(line for line in filled.lines if line.kind == "whole")


def said(filled: Filled) -> str:
    return "\n".join(note.zh for note in filled.notes)


def test_the_built_in_tables_are_these_and_each_says_where_it_is_from() -> None:
    found = tables.layouts().layouts
    assert list(found) == CODES
    assert all(layout.source for layout in found.values())


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_displayed_rows_add_up_to_the_displayed_total_or_the_difference_is_told(project: Project, code: str, rounding: Rounding) -> None:
    filled = project.fill(code, as_of=DAY, rounding=rounding)
    for at, one in enumerate(filled.layout.columns):
        if not one.value.endswith("_m2") or one.is_rate or one.totals_only or filled.layout.whole == "none":
            continue
        rows = [Decimal(line.cells[at].text) for line in filled.lines if line.kind == "row" and line.cells[at].text]
        off = Decimal(whole(filled).cells[at].text or 0) - sum(rows, Decimal(0))
        assert not rows or off == 0 or (rounding == "whole" and tables.heading_of(one).zh in said(filled))


def test_the_schedule_has_the_figures_of_progress_and_the_change_since_the_month_before(project: Project) -> None:
    filled = project.fill("任务进度调度表", as_of=DAY)
    now = progress(project.sites(as_of=DAY), project.targets(), by=[])
    held, before = (
        progress(sites[sites["group"].isin(["accepted", "closed"])], project.targets(), by=[])
        for sites in (project.sites(as_of=DAY), project.sites(as_of=date(2021, 11, 30)))
    )
    cells = whole(filled).cells
    for heading, told in (("计划任务", now.whole["target_m2"]), ("已落地上图：累计", now.whole["task_m2"])):
        assert cells[column(filled, heading)].text == shown(told)
    assert held.whole["qualified_m2"] < now.whole["qualified_m2"], "some land that had qualified was sent back or relapsed"
    assert cells[column(filled, QUALIFIED[0])].text == shown(held.whole["qualified_m2"]) == "5909.30"
    grown = held.whole["qualified_m2"] - before.whole["qualified_m2"]
    assert cells[column(filled, QUALIFIED[1])].text == shown(grown) == "3162.70"
    assert cells[column(filled, "任务完成率(%)")].raw == pytest.approx(held.whole["completion_pct"])
    assert "与 2021-11-30 相比" in said(filled)
    assert {line.cells[-1].text for line in filled.lines if line.kind == "row"} == {"2021-12-31"}
    planned = [line.cells[column(filled, "计划任务")].text for line in filled.lines if line.kind == "subtotal"]
    assert [text for text in planned if text] == ["4500.00", "8000.00", "3000.00"]


def test_land_that_relapsed_is_no_longer_qualified_in_the_schedule(tmp_path: Path) -> None:
    made = taken_in(tmp_path, {"状态": "自查合格"}, {"geometry": square(5), "状态": "自查合格"})
    assert (
        run(
            "targets", "add", "--measure", "人工造林", "--year", 2021, "--area-mu", 200, "--source", "x", "--by", "甲", "--project", made
        ).code
        == 0
    )
    survey = ("--verified-mu", 60, "--qualified-mu", 50, "--survival-pct", 90, "--doc", "验〔2021〕1号")
    for number in ("001", "002"):
        assert run("update", number, "--to", "county_accepted", "--by", "甲", "--on", "2021-05-15", *survey, "--project", made).code == 0
    assert run("update", "002", "--to", "relapsed", "--note", "火烧", "--by", "甲", "--on", "2021-06-15", "--project", made).code == 0
    filled = Project.open(made).fill("progress_schedule", as_of=date(2021, 6, 30))
    told = {heading: whole(filled).cells[column(filled, heading)].text for heading in (*QUALIFIED, "任务完成率(%)")}
    assert told == {QUALIFIED[0]: "50.00", QUALIFIED[1]: "-50.00", "任务完成率(%)": "25.0"}
    assert "反弹、返回整改的不计" in said(filled)


QUALIFIED = ("县级验收合格：累计", "县级验收合格：比上月")


def test_a_county_of_one_row_has_its_own_subtotal_so_that_subtotals_add_up(tmp_path: Path) -> None:
    made = taken_in(
        tmp_path, {"乡镇": "德卧镇", "县代码": "522328"}, {"乡镇": "龙广镇", "县代码": "522328", "geometry": square(3)},
        {"乡镇": "郑屯镇", "县代码": "522301", "geometry": square(6)},
    )  # fmt: skip
    filled = Project.open(made).fill("karst")
    at = column(filled, "人工造林：上图")
    sums = [float(line.cells[at].text) for line in filled.lines if line.kind == "subtotal"]
    assert len(sums) == 2
    assert sum(sums) == pytest.approx(float(whole(filled).cells[at].text), abs=0.011)


def test_a_group_that_was_struck_off_since_is_still_in_the_change(tmp_path: Path) -> None:
    made = taken_in(tmp_path, {"乡镇": "龙广镇"}, {"乡镇": "德卧镇"})
    assert run("update", "001", "--to", "cancelled", "--by", "甲", "--on", "2021-06-15", "--project", made).code == 0
    filled = Project.open(made).fill("progress_schedule", as_of=date(2021, 6, 30))
    towns = {line.cells[3].text: line.cells[column(filled, "已落地上图：比上月")].text for line in filled.lines if line.kind == "row"}
    assert towns == {"龙广镇": "-67.04", "德卧镇": ""}


def test_the_inspection_sheet_sums_villages_towns_and_counties_and_its_rates_are_sums_by_sums(project: Project) -> None:
    filled = project.fill("inspection", as_of=DAY)
    sites = project.sites(as_of=DAY)
    sites = sites[sites["layer"] != "mine_sites"]
    areas = totals(sites, by=["town"]).rows.set_index("town")
    rates = progress(sites, [], by=["town"], table=project.table).rows.set_index("town")
    at = {name: column(filled, heading) for name, heading in (("verified_m2", "面积：核实"), ("reported_m2", "面积：上报"))}
    subtotals = {line.key[1]: line for line in filled.lines if line.kind == "subtotal" and len(line.key) == 2}
    assert subtotals
    for town, line in subtotals.items():
        assert [line.cells[place].raw for place in at.values()] == pytest.approx([areas.loc[str(town), name] for name in at], nan_ok=True)
        assert line.cells[column(filled, "率(%)：面积核实率")].raw == pytest.approx(rates.loc[str(town), "verified_pct"], nan_ok=True)
    numbers = [line.cells[column(filled, "小班号")].text for line in filled.lines if line.kind == "row"]
    assert numbers == sorted(numbers)
    assert len(numbers) == int(sites["counted"].sum())


def test_mines_are_told_by_number_and_by_area(project: Project) -> None:
    filled = project.fill("mine_ledger", as_of=DAY)
    cells = whole(filled).cells
    told = {
        heading: cells[column(filled, heading)].text for heading in ("个数：矿", "个数：已验收矿", "个数：个数率(%)", "面积：面积率(%)")
    }
    assert told == {"个数：矿": "28", "个数：已验收矿": "13", "个数：个数率(%)": "46.4", "面积：面积率(%)": "46.0"}
    assert cells[column(filled, "面积：已验收矿")].text == "620.00"


def test_a_status_that_was_put_right_afterwards_was_not_reached(tmp_path: Path) -> None:
    made = taken_in(tmp_path, {"状态": "自查合格"})
    survey = ("--verified-mu", 60, "--qualified-mu", 55, "--survival-pct", 90, "--doc", "验〔2021〕1号")
    assert run("update", "001", "--to", "county_accepted", "--by", "甲", "--on", "2021-06-15", *survey, "--project", made).code == 0
    filled = Project.open(made).fill("close_out", as_of=date(2021, 6, 30))
    row = next(line for line in filled.lines if line.kind == "row")
    assert row.cells[column(filled, "验收时间")].text == "2021-06-15"
    assert Project.open(made).fill("close_out", as_of=date(2021, 6, 1)).lines[-1].cells[column(filled, "验收时间")].text == ""
    assert (
        run(
            "correct", "001", "--set", "status=self_checked", "--reason", "记错", "--by", "甲", "--on", "2021-06-16", "--project", made
        ).code
        == 0
    )
    filled = Project.open(made).fill("close_out", as_of=date(2021, 6, 30))
    assert filled.lines[-1].cells[column(filled, "验收时间")].text == ""


def test_the_statistics_are_whole_hectares_with_the_fixed_codes(project: Project) -> None:
    filled = project.fill("statistics", as_of=DAY)
    assert [line.cells[2].text for line in filled.lines] == [f"{number:02}" for number in range(1, 10)]
    assert [line.cells[3].text for line in filled.lines] == ["467", "", "", "", "", "", "102", "", ""]
    assert "台账没有、留空由填表人填写的：其中：中央预算内投资" in said(filled)
    assert "01 含退耕还林的造林" in said(filled)
    nothing = project.fill("statistics", as_of=DAY, year=2030)
    assert {line.cells[3].text for line in nothing.lines} == {""}


@pytest.mark.parametrize("code", CODES)
def test_what_the_ledger_does_not_keep_is_an_empty_column_and_said(project: Project, code: str) -> None:
    filled = project.fill(code, as_of=DAY)
    empty = [at for at, one in enumerate(filled.layout.columns) if not one.value]
    assert empty
    assert all(line.cells[at].text == "" for line in filled.lines for at in empty)
    assert all(tables.heading_of(filled.layout.columns[at]).zh in said(filled) for at in empty)
    assert "示例数据" in said(filled)


@pytest.mark.parametrize("code", CODES)
def test_a_workbook_shows_what_the_table_says(project: Project, code: str, tmp_path: Path) -> None:
    filled = project.fill(code, as_of=DAY, office="=某某局")
    sheet = load_workbook(tables.write(filled, tmp_path / "t.xlsx")).worksheets[0]
    assert sheet.cell(1, 1).value == ("2021年" if code == "statistics" else "") + filled.layout.title.zh
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == {"A3": 8, "A4": 9}[filled.layout.paper]
    top = int(str(sheet.freeze_panes).lstrip("A"))
    for row, line in enumerate(filled.lines, top):
        for at, cell in enumerate(line.cells, 1):
            held: Any = sheet.cell(row, at)
            assert held.value == (cell.number if cell.number is not None else cell.text or None)
            assert cell.number is not None or held.data_type in ("s", "n")
    texts = [str(cell.value) for row in sheet.iter_rows(min_row=top) for cell in row if cell.value]
    assert [word for word in ("填表人：", "审核人：", "负责人：", "（盖章）") if word not in texts] == []
    assert {str(area) for area in sheet.merged_cells.ranges} >= {f"A1:{sheet.cell(1, len(filled.layout.columns)).coordinate}"}
    again = tables.write(filled, tmp_path / "again.xlsx")
    assert again.read_bytes() == (tmp_path / "t.xlsx").read_bytes()


OWN = """
[table.mine]
zh = "本局小表"
en = "our own"
source = "本局 2021 年通知"
by = ["town", "site_id"]
subtotals = ["town"]
whole = "last"
{more}
[[table.mine.column]]
zh = "乡镇"
en = "town"
value = "town"
[[table.mine.column]]
zh = "小班号"
en = "site"
value = "source_id"
[[table.mine.column]]
zh = "面积"
en = "area"
value = "task_m2"
unit = "ha"
name = "area"
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"乡镇": "龙广镇"}, {"乡镇": "龙广镇"}, {"乡镇": "德卧镇"})


def test_an_office_adds_a_table_of_its_own(small: Path) -> None:
    (small.parent / "tables.toml").write_text(OWN.format(more=""), encoding="utf-8")
    held = Project.open(small)
    assert list(held.layouts().layouts) == [*CODES, "mine"]
    filled = held.fill("本局小表")
    assert [(line.kind, line.cells[1].text) for line in filled.lines] == [
        ("row", "003"), ("subtotal", ""), ("row", "001"), ("row", "002"), ("subtotal", ""), ("whole", "")
    ]  # fmt: skip
    assert whole(filled).cells[2].text == "13.4082"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('source = "本局 2021 年通知"', 'source = " "'),
        ('value = "task_m2"', 'value = "land_m2"'),
        ('by = ["town", "site_id"]', 'by = ["unit"]'),
        ('whole = "last"', 'whole = "bottom"'),
        ('unit = "ha"', 'unit = "acre"'),
        ('name = "area"', "digits = 9"),
        ('en = "our own"', 'english = "x"'),
        ('whole = "last"', 'only = { stats = ["sited"] }'),
        ('whole = "last"', 'template = "../other/x.xlsx"'),
        ('whole = "last"', 'template = "x.xlsm"'),
        ("[table.mine]", "[tables.mine]"),
    ],
)
def test_a_layout_that_is_wrong_is_refused_by_name(small: Path, old: str, new: str) -> None:
    text = OWN.format(more="")
    assert old in text
    (small.parent / "tables.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(FileRefused, match=r"tables\.toml"):
        Project.open(small).layouts()


def test_a_code_that_the_lifecycle_lacks_is_told(small: Path) -> None:
    (small.parent / "tables.toml").write_text(OWN.format(more='only = { measure = ["afforestation", "planting"] }'), encoding="utf-8")
    filled = Project.open(small).fill("mine")
    assert "表样里的 planting 在措施与状态表里没有" in said(filled)


def named_template(path: Path, names: Mapping[str, str]) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表 1"
    sheet["A1"], sheet["B4"], sheet["A5"] = "本局表头", "=1+1", "填表人"
    sheet["A3"].font = Font(name="楷体", size=12)
    sheet.merge_cells("A5:C5")
    for name, place in names.items():
        column, row = re.findall(r"[A-Z]+|\d+", place)
        book.defined_names[name] = DefinedName(name, attr_text=f"'表 1'!${column}${row}")
    book.save(path)


def test_an_offices_own_workbook_is_filled_by_its_named_cells(small: Path) -> None:
    named_template(small.parent / "form.xlsx", {"rows": "A3", "title": "A2", "as_of": "B2", "whole_area": "C1", "notes": "A7"})
    (small.parent / "tables.toml").write_text(OWN.format(more='template = "form.xlsx"'), encoding="utf-8")
    filled = Project.open(small).fill("mine", as_of=date(2021, 6, 30))
    sheet = load_workbook(tables.write(filled, small.parent / "out.xlsx")).worksheets[0]
    assert [sheet[place].value for place in ("A1", "A2", "B2", "C1")] == ["本局表头", "本局小表", "2021-06-30", 13.4082]
    assert [sheet.cell(row, 2).value for row in range(3, 9)] == ["003", None, "001", "002", None, None]
    assert sheet["A8"].value == "合计"
    assert {sheet.cell(row, 1).font.name for row in range(3, 9)} == {"楷体"}
    assert [sheet["B9"].value, sheet["A10"].value] == ["=1+1", "填表人"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A10:C10"]
    assert "截至 2021-06-30" in str(sheet["A12"].value)


PLAIN_OWN = OWN.replace('by = ["town", "site_id"]\nsubtotals = ["town"]\nwhole = "last"', 'by = ["town", "site_id"]\nwhole = "none"')


def formula_template(path: Path, cells: Mapping[str, str], names: Mapping[str, str], *, other: str = "") -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表 1"
    for place, value in cells.items():
        sheet[place] = value
    if other:
        book.create_sheet("汇总")["A1"] = other
    sheet.print_area = "A1:D6"
    sheet.conditional_formatting.add("C4:C4", Rule(type="cellIs", operator="greaterThan", formula=["5"]))
    for name, place in {"rows": "$A$4", **names}.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"'表 1'!{place}")
    book.save(path)


def filled_form(folder: Path, text: str, cells: Mapping[str, str], names: Mapping[str, str], *, other: str = "") -> Workbook:
    formula_template(folder / "form.xlsx", cells, names, other=other)
    (folder / "tables.toml").write_text(text.format(more='template = "form.xlsx"'), encoding="utf-8")
    return load_workbook(tables.write(Project.open(folder / "p.gpkg").fill("mine"), folder / "out.xlsx"))


def test_formulas_of_an_offices_own_workbook_take_in_all_rows_and_follow_what_moves(small: Path) -> None:
    cells = {
        "C1": "=SUM(C4:C10)", "D1": "=C5/2", "D4": "=C4/SUM(C$4:C$4)", "C5": "=SUM(C4:C4)", "C6": "=C5*2+SUM($C$4:C5)+all_areas",
    }  # fmt: skip
    names = {"total": "$C$5", "areas": "$C$4:$C$4", "all_areas": "$C$5"}
    book = filled_form(small.parent, PLAIN_OWN, cells, names, other="='表 1'!C5+SUM('表 1'!$C$4:$C$5)+A2")
    sheet = book["表 1"]
    assert [sheet.cell(row, 2).value for row in range(4, 7)] == ["003", "001", "002"]
    told = {place: sheet[place].value for place in ("C1", "D1", "D4", "D5", "D6", "C7", "C8")}
    assert told == {
        "C1": "=SUM(C4:C12)", "D1": "=C7/2", "D4": "=C4/SUM(C$4:C$6)", "D5": "=C5/SUM(C$4:C$6)", "D6": "=C6/SUM(C$4:C$6)",
        "C7": "=SUM(C4:C6)", "C8": "=C7*2+SUM($C$4:C7)+all_areas",
    }  # fmt: skip
    assert book["汇总"]["A1"].value == "='表 1'!C7+SUM('表 1'!$C$4:$C$7)+A2"
    stands_for = {name: book.defined_names[name].attr_text for name in ("rows", *names)}
    assert stands_for == {"rows": "'表 1'!$A$4", "total": "'表 1'!$C$7", "areas": "'表 1'!$C$4:$C$6", "all_areas": "'表 1'!$C$7"}
    assert sheet.print_area == "'表 1'!$A$1:$D$8"
    assert [str(areas.sqref) for areas in sheet.conditional_formatting] == ["C4:C6"]


@pytest.mark.parametrize(
    ("place", "formula", "told"),
    [
        ("C6", "=C4+C5", "C4"),
        ("C1", "=$C$4", "$C$4"),
        ("C6", '=INDIRECT("C4")', "INDIRECT"),
        ("C6", "=OFFSET(C3,1,0)", "OFFSET"),
        ("D4", "=C4/C5", "B$5"),
        ("D4", "=$C$4", "C$4"),
    ],
)
def test_a_formula_whose_figure_would_be_wrong_is_refused_by_name(small: Path, place: str, formula: str, told: str) -> None:
    with pytest.raises(FileRefused) as refused:
        filled_form(small.parent, PLAIN_OWN, {place: formula}, {})
    said = f"{refused.value.fact.zh}{refused.value.way_out.zh}"
    assert all(word in said for word in ("form.xlsx", place, formula, told))
    assert not (small.parent / "out.xlsx").exists()


@pytest.mark.parametrize("formula", ["=SUM(C4:C4)", "=SUM(C:C)", "=SUM(4:4)", "=SUM(C1:C4)"])
def test_a_sum_over_rows_that_have_subtotals_among_them_is_refused_for_the_name_of_a_total(small: Path, formula: str) -> None:
    with pytest.raises(FileRefused, match=r"(?s)重复计算.*whole_"):
        filled_form(small.parent, OWN, {"E5": formula}, {})
    book = filled_form(small.parent, OWN, {"E6": "=whole*2+whole_area", "D4": "=C4*2"}, {"whole_area": "$E$5", "whole": "$E$5"})
    sheet = book["表 1"]
    assert (sheet["E10"].value, sheet["E11"].value, book.defined_names["whole_area"].attr_text) == (
        13.4082, "=whole*2+whole_area", "'表 1'!$E$10",
    )  # fmt: skip
    assert [sheet.cell(row, 4).value for row in range(4, 10)] == [f"=C{row}*2" for row in range(4, 10)]


def test_a_template_without_its_named_cell_or_that_is_no_workbook_is_refused(small: Path) -> None:
    (small.parent / "tables.toml").write_text(OWN.format(more='template = "form.xlsx"'), encoding="utf-8")
    filled = Project.open(small).fill("mine")
    for make in (lambda path: path.write_bytes(b"no zip"), lambda path: named_template(path, {"title": "A2"}), lambda path: path.unlink()):
        make(small.parent / "form.xlsx")
        with pytest.raises(FileRefused):
            tables.write(filled, small.parent / "out.xlsx")
        assert not (small.parent / "out.xlsx").exists()


def test_a_table_or_a_span_that_cannot_be_is_refused(project: Project) -> None:
    with pytest.raises(UnknownName, match="任务进度调度表"):
        project.fill("任务进度")
    with pytest.raises(BadRequest, match="2021-07-01"):
        project.fill("karst", as_of=date(2021, 6, 30), since=date(2021, 7, 1))


def test_an_empty_ledger_has_empty_tables(tmp_path: Path) -> None:
    held = Project.create(tmp_path / "p.gpkg")
    for code in CODES:
        filled = held.fill(code)
        assert tables.write(filled, tmp_path / f"{code}.xlsx").is_file()
        assert {line.kind for line in filled.lines} <= {"whole"} or code == "statistics"


def test_a_name_with_a_formula_and_a_long_number_stay_text(tmp_path: Path) -> None:
    rows = parcels({"名称": '=HYPERLINK("http://x","y")', "小班号": "5223281022000000012", "乡镇": "龙广镇"})
    made = tmp_path / "p.gpkg"
    Project.create(made)
    said_so = run("import", written(rows, tmp_path / "r.geojson"), "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", made)
    assert said_so.code in (0, 4), said_so
    sheet = load_workbook(tables.write(Project.open(made).fill("inspection"), tmp_path / "t.xlsx")).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("=", "5223281022"))]
    assert [(cell.value, cell.data_type) for cell in cells] == [("5223281022000000012", "s"), ('=HYPERLINK("http://x","y")', "s")]
