"""Tables, bridges and the closing of areas as staff call them."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from restoration import sample
from tests.making import run, taken_in


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.build(tmp_path_factory.mktemp("sample")).project.path


DAYS = ("--from", "2021-06-30", "--to", "2021-12-31")


def test_the_tables_are_listed_with_where_they_are_from(project: Path) -> None:
    for words in ((), ("--list",)):
        said = run("table", *words, "--project", project)
        assert "progress_schedule" in said.out
        assert "营造林完成情况统计表" in said.out
    assert [row["code"] for row in run("table", "--list", "--format", "json", "--project", project).data()][:2] == [
        "progress_schedule",
        "inspection",
    ]


def test_a_table_on_the_screen_as_csv_and_as_json(project: Path) -> None:
    words = ("table", "矿山修复台账", "--as-of", "2021-12-31", "--project", project)
    screen = run(*words)
    assert "许可证号" not in screen.out.splitlines()[0]
    assert "台账没有、留空由填表人填写的：许可证号" in screen.out
    assert "许可证号" in run(*words, "--format", "csv").out.splitlines()[0]
    data = run(*words, "--format", "json").data()
    assert [row["kind"] for row in data["rows"]][:2] == ["whole", "row"]
    at = [column["zh"] for column in data["columns"]].index("面积：图斑")
    assert data["rows"][0]["cells"][at] == pytest.approx(897_995.38, abs=0.01)


def test_a_workbook_is_never_overwritten_without_a_word(project: Path, tmp_path: Path) -> None:
    words = ("table", "karst", "--out", tmp_path / "表.xlsx", "--as-of", "2021-12-31", "--project", project)
    assert run(*words).code == 0
    before = (tmp_path / "表.xlsx").read_bytes()
    said = run(*words)
    assert (said.code, (tmp_path / "表.xlsx").read_bytes()) == (2, before)
    assert "--replace" in said.err
    assert run(*words, "--replace").code == 0
    assert run("table", "karst", "--out", tmp_path / "表.csv", "--project", project).code == 2
    assert run("table", "没有的表", "--project", project).code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["表.xlsx"]


def test_the_bridge_is_read_line_by_line(project: Path) -> None:
    said = run("bridge", *DAYS, "--project", project)
    lines = [line.split() for line in said.out.splitlines()]
    assert lines[3:6] == [["期初", "22353.06", "100"], ["核减/调出", "-168.00", "1"], ["期末", "22185.06", "99"]]
    assert "各行的平方米数加起来正好是期末" in said.out
    assert run("area", "--as-of", "2021-12-31", "--project", project).out.count("22185.06") == 1


def test_the_sites_of_each_line_with_the_entry_that_made_it(project: Path) -> None:
    said = run("bridge", *DAYS, "--total", "已验收面积", "--measure", "矿区复绿", "--sites", "--project", project)
    assert "KQFL-2021-522301011-0002" in said.out
    assert "示例-2021-028" in said.out
    data = run("bridge", *DAYS, "--total", "accepted", "--by", "measure", "--format", "json", "--project", project).data()
    (closing,) = [row["area_m2"] for row in data["whole"] if row["line"] == "closing"]
    whole = run("progress", "--as-of", "2021-12-31", "--by", "", "--format", "json", "--project", project).data()["whole"]
    assert closing == pytest.approx(whole["accepted_m2"])
    assert sum(site["change_m2"] for site in data["sites"]) == pytest.approx(closing - data["whole"][0]["area_m2"])


def test_a_rounding_that_adds_up_as_shown(project: Path) -> None:
    words = ("bridge", *DAYS, "--total", "accepted", "--by", "layer", "--project", project)
    assert "合计 +0.01 亩" in run(*words).out
    rows = [line.split(",") for line in run(*words, "--rounding", "rows", "--format", "csv").out.splitlines()[1:]]
    for layer in {row[0] for row in rows}:
        shown = [(row[1], float(row[2])) for row in rows if row[0] == layer]
        assert sum(area for line, area in shown if line != "期末") == pytest.approx(dict(shown)["期末"], abs=1e-9)


def test_a_bridge_as_workbook_and_chart(project: Path, tmp_path: Path) -> None:
    out, chart = tmp_path / "b.xlsx", tmp_path / "b.svg"
    said = run("bridge", *DAYS, "--total", "accepted", "--out", out, "--chart", chart, "--format", "json", "--project", project)
    assert said.data()["total"] == "accepted"
    book = load_workbook(out)
    assert book.sheetnames == ["已验收面积的变化", "各行的小班"]
    assert [cell.value for cell in book.worksheets[0][4]] == ["期初", 1767.78, 12]
    assert "状态变更" in chart.read_text(encoding="utf-8")
    assert run("bridge", *DAYS, "--chart", chart, "--project", project).code == 2
    assert run("bridge", *DAYS, "--chart", tmp_path / "b.gpkg", "--project", project).code == 2


def test_a_sheet_of_narrow_columns_is_as_wide_as_what_stands_above_them(project: Path, tmp_path: Path) -> None:
    for words in (DAYS, (*DAYS, "--measure", "矿区复绿", "--total", "accepted")):
        assert run("bridge", *words, "--out", tmp_path / "变化.xlsx", "--replace", "--project", project).code == 0
        sheet = load_workbook(tmp_path / "变化.xlsx").worksheets[0]
        wide = [sheet.column_dimensions[letter].width for letter in "ABC"]
        title, period = (str(sheet.cell(row, 1).value) for row in (1, 2))
        assert sum(wide) >= 2 * len(title) * 16 / 10, "each letter is as wide as two figures, and larger than those below"
        assert sum(wide[:2]) >= sum(2 if ord(mark) > 255 else 1 for mark in period)
        assert sheet.row_dimensions[2].height == 14


def test_a_bridge_that_cannot_be_is_refused(project: Path) -> None:
    turned, ahead = ("--from", "2021-07-01", "--to", "2021-06-30"), ("--from", "2021-01-01", "--to", "2999-01-01")
    for words in (turned, ahead, (*DAYS, "--total", "land"), (*DAYS, "--measure", "种树"), (*DAYS, "--by", "乡村")):
        said = run("bridge", *words, "--project", project)
        assert (said.code, said.out) == (2, "")


def test_sites_that_do_not_close_are_listed_with_the_likely_cause(tmp_path: Path) -> None:
    made = taken_in(tmp_path, {"名称": "红岩", "面积(亩)": 1005.6}, {"名称": "白岩", "面积(亩)": 67.0})
    said = run("closing", "--project", made)
    assert "上报是图斑的 15 倍：亩数可能被当成了公顷" in said.out
    assert "2 个小班里有 1 个不平" in said.out
    assert "白岩" not in said.out
    assert "白岩" in run("closing", "--all", "--project", made).out
    data = run("closing", "--format", "json", "--project", made).data()
    assert [site["unclosed"] for site in data["sites"]] == [["reported_apart"]]
    assert data["whole"]["sites"] == 2
    english = run("closing", "--lang", "en", "--format", "csv", "--project", made).out
    assert "15 times: mu were probably taken for hectares" in english


def test_everything_speaks_english(project: Path) -> None:
    for words in (("table", "mine_ledger"), ("table",), ("bridge", *DAYS, "--sites"), ("closing", "--by", "layer")):
        said = run(*words, "--lang", "en", "--project", project)
        assert said.code == 0
        headings = said.out.splitlines()[0]
        assert not any("\u4e00" <= mark <= "\u9fff" for mark in headings)
