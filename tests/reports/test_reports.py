"""The report and a site's file: their figures are those of the counts, texts are texts, and nothing is half written."""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import numpy as np
import pytest
import shapely
from docx.oxml.ns import qn
from pypdf import PdfReader

from restoration import sample, tally
from restoration.errors import BadRequest, Damaged, NotFound, UnknownName
from restoration.findings import explanations
from restoration.model import headline_of
from restoration.project import Project
from restoration.reports import dossier, report
from restoration.reports.paper import Grid
from restoration.tables import laid_out
from restoration.text import speaking
from restoration.units import shown
from tests.making import run, state_of, taken_in

HOSTILE = ('#read("/etc/passwd")', "*粗* _斜_ $x$ @引 <标签>", "{{ 7*7 }}{% raw %}", "<w:p/>&amp;", "= 标题", "\\#text[x]")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return sample.build(tmp_path_factory.mktemp("sample")).project


def text_of(path: Path) -> str:
    """All the text of a PDF, without its line breaks and blanks."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(path).pages))


def word_text(path: Path) -> str:
    """All the text of a Word file, without blanks."""
    book = docx.Document(str(path))
    texts = [paragraph.text for paragraph in book.paragraphs]
    texts += [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", "", "".join(texts))


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_the_figures_are_those_of_the_counts(project: Project, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"报告{ending}"
    with speaking("zh"):
        report(project, out, as_of=date(2021, 12, 31), since=date(2021, 6, 30), office="某某林业局")
    said = text_of(out) if ending == ".pdf" else word_text(out)
    sites = project.sites(as_of=date(2021, 12, 31))
    found = tally.totals(sites, by=["measure", "status"])
    rows: list[dict[Any, Any]] = [*found.rows.to_dict("records"), found.whole]
    for row in rows:
        assert f"{row['sites']}{shown(row['task_m2'])}{shown(row['land_m2'])}" in said
    for row in project.bridge(date(2021, 6, 30), date(2021, 12, 31)).whole.to_dict("records"):
        assert f"{tally.LINES[row['line']].zh}{shown(row['area_m2'])}{row['sites']}" in said
    assert all(site in said for site in sites[sites["counted"]]["site_id"])
    for words in ("截至2021-12-31（按发生日期）", "编制单位：某某林业局", "检查只看现状", "TD/T1055-2019"):
        assert words in said
    if ending == ".pdf":
        assert said.count("示例数据：图形为虚构，不得作为依据") == len(PdfReader(out).pages)


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_the_same_report_is_the_same_file_and_takes_the_old_ones_place(project: Project, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"a{ending}"
    made = []
    for _ in range(2):
        report(project, out, as_of=date(2021, 12, 31))
        made.append(out.read_bytes())
        time.sleep(2.1)  # an Office file tells moments to two seconds
    assert made[0] == made[1]
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_a_report_holds_the_offices_tables_as_they_are_handed_in(project: Project, tmp_path: Path, ending: str) -> None:
    out, day = tmp_path / f"a{ending}", date(2021, 12, 31)
    report(project, out, as_of=day, office="某某林业局")
    said = text_of(out) if ending == ".pdf" else word_text(out)
    for layout in project.layouts().layouts.values():
        filled = project.fill(layout.code, as_of=day, office="某某林业局")
        title = laid_out(filled).title
        assert f"{title}填报单位：某某林业局截至2021-12-31单位：" in said
        lines = ["".join(cell.text for cell in line.cells if cell.text) for line in filled.lines]
        assert all(re.sub(r"\s+", "", line) in said for line in lines)
        assert all(re.sub(r"\s+", "", note.zh) in said for note in filled.notes)
        assert said.count(f"{title}填报单位") == 1
    assert said.count("填表人：") == said.count("（盖章）") == len(project.layouts().layouts)


def test_tables_stand_on_their_own_paper_under_headings_that_come_again(project: Project, tmp_path: Path) -> None:
    report(project, tmp_path / "a.pdf", as_of=date(2021, 12, 31), tables=["检查验收表"])
    pages = [page for page in PdfReader(tmp_path / "a.pdf").pages if page.mediabox.width > 1000]
    assert len(pages) > 1
    assert {(round(page.mediabox.width / 72 * 25.4), round(page.mediabox.height / 72 * 25.4)) for page in pages} == {(420, 297)}
    for page in pages:
        said = re.sub(r"\s+", "", page.extract_text())
        assert all(heading in said for heading in ("小班号", "小班名称", "核实合格", "成活率(%)", "检查日期"))


def test_of_tables_those_that_are_asked_for(project: Project, tmp_path: Path) -> None:
    day, titles = date(2021, 12, 31), [one.title.zh for one in project.layouts().layouts.values()]
    for asked in ((), ("karst",), ("矿山修复台账", "图斑销号台账")):
        report(project, tmp_path / "a.pdf", as_of=day, tables=asked)
        said = text_of(tmp_path / "a.pdf")
        assert sum(title in said for title in titles) == len(asked)
    with pytest.raises(UnknownName):
        report(project, tmp_path / "b.pdf", tables=["没有的表"])
    assert not (tmp_path / "b.pdf").exists()


def test_what_is_wrong_is_listed_and_notes_are_counted(project: Project, tmp_path: Path) -> None:
    report(project, tmp_path / "a.pdf", tables=())
    said, judged = text_of(tmp_path / "a.pdf"), project.check()
    for one in judged:
        if one.finding.level != "note":
            assert f"{one.finding.code}" in said
            assert re.sub(r"\s+", "", one.finding.message.zh)[:20] in said
    notes = Counter(one.finding.code for one in judged if one.finding.level == "note")
    assert notes["S407"] > 50
    assert all(said.count(code) == 1 for code in notes if code not in {one.finding.code for one in judged if one.finding.level != "note"})
    known = explanations()
    for code, count in notes.items():
        headline = re.sub(r"\s+", "", headline_of(known[code]).zh)
        assert f"{code}{headline}{count}" in said
        assert f"{code}{headline}{count}" + "0" not in said


def test_an_empty_table_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    for asked, is_there in ((None, False), (("mine_ledger",), True)):
        report(Project.open(path, read_only=True), tmp_path / "a.pdf", tables=asked)
        said = text_of(tmp_path / "a.pdf")
        assert ("矿山修复台账填报单位" in said) is is_there
        assert ("没有附的：矿山修复台账" in said) is not is_there


def test_a_yearly_table_is_of_the_last_year_with_sites_and_one_of_texts_alone_is_there(project: Project, tmp_path: Path) -> None:
    (tmp_path / "p.gpkg").write_bytes(project.path.read_bytes())
    (tmp_path / "tables.toml").write_text(OWN_TABLES, encoding="utf-8")
    own = Project.open(tmp_path / "p.gpkg", read_only=True)
    report(own, tmp_path / "a.pdf")
    said = text_of(tmp_path / "a.pdf")
    assert "2021年营造林完成情况统计表填报单位" in said
    assert "花名册填报单位" in said
    report(own, tmp_path / "b.pdf", tables=["statistics"], year=2016)
    assert "2016年营造林完成情况统计表填报单位" in text_of(tmp_path / "b.pdf")
    filled = own.fill("only_figures")
    assert [cell.text for cell in filled.lines[-1].cells] == [shown(tally.totals(own.sites(), by=[]).whole["task_m2"])]


OWN_TABLES = """
[table.names]
zh = "花名册"
en = "Names"
source = "test"
by = ["site_id"]
[[table.names.column]]
zh = "名称"
en = "name"
value = "name"
[table.only_figures]
zh = "只有数"
en = "Figures"
source = "test"
by = ["measure"]
[[table.only_figures.column]]
zh = "面积"
en = "area"
value = "task_m2"
"""


def test_a_long_word_is_broken_and_a_table_stays_readable(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    assert run("note", "RGZL-2021-001", "--text", f"见 https://example.org/{'a' * 1500}\uffff", "--by", "甲", "--project", path).code == 0
    for ending in (".pdf", ".docx"):
        dossier(Project.open(path, read_only=True), "RGZL-2021-001", tmp_path / f"a{ending}")
    pages = PdfReader(tmp_path / "a.pdf").pages
    sizes: list[float] = []
    for page in pages:
        page.extract_text(visitor_text=lambda text, _cm, matrix, _font, size: sizes.append(size * abs(matrix[0])) if text.strip() else None)
    assert min(sizes) >= 4
    assert text_of(tmp_path / "a.pdf").replace("\u200b", "").count("a" * 1500) == 1
    book = docx.Document(str(tmp_path / "a.docx"))
    points = [run.font.size.pt for table in book.tables for row in table.rows for cell in row.cells for run in cell.paragraphs[0].runs]
    assert min(points) >= 4


def test_a_first_day_after_the_last_is_refused_before_anything_is_drawn(project: Project, tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        report(project, tmp_path / "a.pdf", as_of=date(2021, 1, 1), since=date(2021, 2, 1))
    said = run("report", tmp_path / "a.pdf", "--no-tables", "--table", "karst", "--project", project.path)
    assert (said.code, list(tmp_path.iterdir())) == (2, [])


def test_a_forms_own_header_stays(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    form = docx.Document()
    form.sections[0].header.paragraphs[0].text = "某某林业局公文"
    form.sections[0].different_first_page_header_footer = True
    form.save(str(path.parent / "report-template.docx"))
    report(Project.open(path), tmp_path / "a.docx", tables=["karst"])
    first = docx.Document(str(tmp_path / "a.docx")).sections[0]
    assert [paragraph.text for paragraph in first.header.paragraphs] == ["某某林业局公文", "内部资料"]
    assert [paragraph.text for paragraph in first.first_page_header.paragraphs] == ["内部资料"]


def test_a_file_that_somebody_may_have_changed_is_not_written_over(tmp_path: Path) -> None:
    path, out = taken_in(tmp_path, {"名称": "红岩"}), tmp_path / "a.docx"
    out.write_bytes(b"mine")
    for command in (["report", out], ["dossier", "RGZL-2021-001", out]):
        assert run(*command, "--project", path).code != 0
        assert out.read_bytes() == b"mine"
        assert run(*command, "--replace", "--project", path).code == 0
        assert docx.Document(str(out)).paragraphs
        out.write_bytes(b"mine")


def test_a_report_of_a_past_day_says_in_a_line_that_nothing_was_checked_and_states_the_rule_of_mines_twice(
    project: Project, tmp_path: Path
) -> None:
    report(project, tmp_path / "a.pdf", as_of=date(2021, 12, 31))
    pages = [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(tmp_path / "a.pdf").pages]
    assert "检查只看现状" in pages[0]
    assert not any("检查问题与豁免" in page for page in pages)
    plan = pages[0].partition("任务与完成")[2]
    assert "任务(个)" in plan
    assert "一座矿山的全部图斑都验收了才算已验收" in plan
    assert "".join(pages).count("一座矿山的全部图斑都验收了才算已验收") == 2


def test_a_report_without_mines_has_no_rule_of_mines(tmp_path: Path) -> None:
    report(Project.open(taken_in(tmp_path, {"名称": "红岩"})), tmp_path / "a.pdf", tables=())
    assert "一座矿山" not in text_of(tmp_path / "a.pdf")


def test_a_picture_stands_off_the_table_above_it(project: Project, tmp_path: Path) -> None:
    report(project, tmp_path / "a.docx", as_of=date(2021, 12, 31), since=date(2021, 6, 30), tables=())
    body = docx.Document(str(tmp_path / "a.docx")).element.body
    drawn = [one for one in body.iter(qn("w:p")) if one.findall(f".//{qn('w:drawing')}") and one.getprevious().tag == qn("w:tbl")]
    assert drawn
    assert all(int(one.pPr.spacing.get(qn("w:before"))) >= 100 for one in drawn)


def signature_xs(path: Path, *words: str) -> list[float]:
    """How far from the left edge each of some words stands on the last page that has it, points."""
    found: dict[str, float] = {}
    for page in PdfReader(path).pages:

        def note(text: str, place: list[float], _matrix: Any, _font: Any, _size: Any) -> None:
            if text.strip() in words:
                found[text.strip()] = place[4]

        page.extract_text(visitor_text=note)
    return [found[word] for word in words]


def test_there_is_room_over_the_page_to_sign_and_to_seal(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    for ending in (".pdf", ".docx"):
        dossier(Project.open(path), "RGZL-2021-001", tmp_path / f"a{ending}")
    apart = np.diff(signature_xs(tmp_path / "a.pdf", "编制", "审核", "批准", "日期"))
    assert min(apart) > 100
    assert max(apart) - min(apart) < 1
    tables = docx.Document(str(tmp_path / "a.docx")).tables
    (table,) = [one for one in tables if one.rows[0].cells[0].text == "编制"]
    assert all(cell.width and cell.width.mm > 40 for cell in table.rows[0].cells)
    assert table.rows[1].height
    assert table.rows[1].height.mm > 30


def test_a_sites_file_says_when_it_was_surveyed_and_names_corners_in_the_language_that_is_spoken(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    survey = ("--verified-mu", 60, "--surveyed-on", "2021-06-11", "--on", "2021-06-15")
    assert run("measure", "红岩", *survey, "--by", "甲", "--project", path).code == 0
    dossier(Project.open(path), "红岩", tmp_path / "a.pdf")
    said = text_of(tmp_path / "a.pdf")
    assert said.count("调查日期2021-06-11") == 2
    assert "X坐标(米，2000国家大地坐标系3度分带带号35)Y坐标(米)" in said
    assert "与记载面积相差%" in said
    with speaking("en"):
        dossier(Project.open(path), "红岩", tmp_path / "b.pdf")
    said = text_of(tmp_path / "b.pdf")
    assert said.count("surveyedon2021-06-11") == 2
    assert "ringpointX,north(m;CGCS2000,3-degreezone35)Y,east(m)" in said
    assert not re.search("坐标|圈号|点号", said)


def pictures_mm(path: Path) -> list[tuple[float, float]]:
    """The width on paper of every picture of a PDF, and of the page that it stands on."""
    found: list[tuple[float, float]] = []
    for page in PdfReader(path).pages:

        def note(operator: bytes, _: Any, matrix: list[float], __: Any, page: Any = page) -> None:
            if operator == b"Do":
                found.append((abs(matrix[0]) * 25.4 / 72, float(page.mediabox.width) * 25.4 / 72))

        page.extract_text(visitor_operand_before=note)
    return found


def test_maps_are_printed_in_their_own_size_or_their_scale_would_not_hold(project: Project, tmp_path: Path) -> None:
    report(project, tmp_path / "a.pdf", as_of=date(2021, 12, 31))
    dossier(project, "KQFL-2021-522301011-0002", tmp_path / "b.pdf")
    layers = project.sites()["layer"].nunique()
    for name, maps in (("a.pdf", layers), ("b.pdf", 1)):
        across = [width for width, page in pictures_mm(tmp_path / name) if page == pytest.approx(297, abs=0.2)]
        assert across == pytest.approx([297 - 2 * 8.5] * maps, abs=0.1)
    report(project, tmp_path / "c.docx", as_of=date(2021, 12, 31), tables=["检查验收表"])
    book = docx.Document(str(tmp_path / "c.docx"))
    shown = [shape.width.mm for shape in book.inline_shapes]
    assert shown[-layers:] == pytest.approx([280] * layers, abs=0.1)
    papers = [section.page_width.mm for section in book.sections if section.page_width]
    assert papers == pytest.approx([210, *[297] * layers, 210, 420, 210], abs=0.1)


def test_no_text_of_a_table_runs_over_the_next(tmp_path: Path) -> None:
    long = "52230100000000000000000000000000012345"
    path = taken_in(tmp_path, {"小班号": long, "名称": "红岩" * 30})
    report(Project.open(path), tmp_path / "a.pdf")
    (row,) = [row for row in PdfReader(tmp_path / "a.pdf").pages[-1].extract_text().splitlines() if long in row]
    assert row.strip() == f"RGZL-2021-{long}" or "红岩" in row.split(long)[1]
    grid = Grid(("a", "b"), ((long, "x" * 90), ("1", "2")), is_number=(False, True))
    assert grid.shares()[0] > len(long)


def test_an_altered_ledger_gives_no_sites_file(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER attribute_no_update")
        connection.execute("UPDATE attribute SET name = '别处'")
    with pytest.raises(Damaged):
        dossier(Project.open(path, read_only=True, checked=False), "RGZL-2021-001", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_a_sites_file_has_its_corners_entries_findings_and_digest(project: Project, tmp_path: Path) -> None:
    site = "KQFL-2021-522301011-0002"
    with speaking("zh"):
        dossier(project, site, tmp_path / "a.pdf")
    said = text_of(tmp_path / "a.pdf")
    history = project.history(site)
    assert history[-1].digest in said
    assert all(event.happened_on.isoformat() in said for event in history)
    sites = project.sites()
    (shape,) = sites[sites["site_id"] == site].geometry
    corners = shapely.get_coordinates(gpd.GeoSeries([shape], crs=4490).to_crs(4523)[0].geoms[0].exterior)[:-1]
    assert all(f"1{at}{north:.3f}{east:.3f}" in said for at, (east, north) in enumerate(corners, 1))
    assert "X为北、Y为东" in said
    for words in ("网络墨卡托", "编制审核批准", "S303"):
        assert words in said
    with pytest.raises(NotFound):
        dossier(project, "没有这个", tmp_path / "b.pdf")
    assert not (tmp_path / "b.pdf").exists()


def test_what_looks_like_markup_is_text_in_both(tmp_path: Path) -> None:
    path = taken_in(tmp_path, *({"名称": text} for text in HOSTILE))
    held = Project.open(path)
    held.note([HOSTILE[0]], text=HOSTILE[2], by=HOSTILE[1], doc_no=HOSTILE[3], on=date(2021, 4, 1))
    report(held, tmp_path / "a.pdf")
    report(held, tmp_path / "a.docx")
    dossier(held, HOSTILE[0], tmp_path / "b.pdf", office=HOSTILE[5])
    for said in (text_of(tmp_path / "a.pdf"), word_text(tmp_path / "a.docx")):
        assert all(re.sub(r"\s+", "", text) in said for text in HOSTILE)
        assert "root:" not in said
    assert all(re.sub(r"\s+", "", text) in text_of(tmp_path / "b.pdf") for text in (HOSTILE[0], HOSTILE[2], HOSTILE[5]))


def test_personal_numbers_are_masked(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    report(Project.open(path), tmp_path / "a.docx", office="联系 13800138000")
    assert "138********" in word_text(tmp_path / "a.docx")
    assert "13800138000" not in word_text(tmp_path / "a.docx")


def test_an_offices_own_word_form_gives_its_styles(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    form = docx.Document()
    form.styles["Heading 1"].font.name = "仿宋"
    form.save(str(tmp_path / "report-template.docx"))
    report(Project.open(path), tmp_path / "out.docx")
    assert docx.Document(str(tmp_path / "out.docx")).styles["Heading 1"].font.name == "仿宋"


def test_a_wrong_ending_and_an_empty_ledger(tmp_path: Path) -> None:
    assert run("init", tmp_path / "p.gpkg").code == 0
    held = Project.open(tmp_path / "p.gpkg", read_only=True)
    before = state_of(tmp_path)
    with pytest.raises(UnknownName):
        report(held, tmp_path / "a.gpkg")
    assert state_of(tmp_path) == before
    report(held, tmp_path / "a.pdf")
    assert "面积" in text_of(tmp_path / "a.pdf")


def test_the_commands_say_where_it_is_in_both_languages(project: Project, tmp_path: Path) -> None:
    words = ("--project", project.path)
    assert run("report", tmp_path / "a.pdf", "--as-of", "2021-12-31", *words).out == f"报告：{tmp_path / 'a.pdf'}\n"
    assert (
        run("--lang", "en", "dossier", "KQFL-2021-522301011-0002", tmp_path / "b.docx", *words).out == f"Site file: {tmp_path / 'b.docx'}\n"
    )
    assert "Boundarypoints" in word_text(tmp_path / "b.docx")


def test_the_head_on_a_paper_is_found_in_the_ledger_that_grew_and_in_no_other(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    dossier(Project.open(path, read_only=True), "RGZL-2021-001", tmp_path / "a.pdf")
    (head,) = [word for word in re.findall(r"[0-9a-f]{64}", text_of(tmp_path / "a.pdf")) if word == Project.open(path).verify().head]
    assert run("note", "RGZL-2021-001", "--text", "看过", "--by", "甲", "--project", path).code == 0
    grown = run("verify", "--head", head, "--project", path)
    assert grown.code == 0
    assert "【相符】" in grown.out
    (tmp_path / "b").mkdir()
    other = run("verify", "--head", head, "--project", taken_in(tmp_path / "b", {"名称": "青山"}))
    assert other.code != 0
    assert "【不符】" in other.out
    assert "【相符】" not in run("verify", "--project", path).out


def test_a_form_that_lacks_styles_or_a_page_gets_the_usual_ones(tmp_path: Path) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    form = docx.Document()
    for name in ("Title", "Heading 1", "Table Grid"):
        form.styles[name].element.getparent().remove(form.styles[name].element)
    form.styles["Normal"].font.name = "仿宋"
    for edge in ("pgSz", "pgMar"):
        (element,) = form.sections[0]._sectPr.findall(qn(f"w:{edge}"))
        form.sections[0]._sectPr.remove(element)
    form.save(str(path.parent / "report-template.docx"))
    for command in (["report"], ["dossier", "RGZL-2021-001"]):
        assert run(*command, tmp_path / "a.docx", "--replace", "--project", path).code == 0
        made = docx.Document(str(tmp_path / "a.docx"))
        assert made.styles["Normal"].font.name == "仿宋"
        assert {table.style.name for table in made.tables if table.style} == {"Table Grid"}
        assert "Heading 1" in {paragraph.style.name for paragraph in made.paragraphs if paragraph.style}


@pytest.mark.parametrize("broken", [b"", b"text", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "empty zip"])
def test_a_form_that_is_none_is_named(tmp_path: Path, broken: bytes) -> None:
    path = taken_in(tmp_path, {"名称": "红岩"})
    (path.parent / "report-template.docx").write_bytes(broken)
    said = run("report", tmp_path / "a.docx", "--project", path)
    assert said.code == 4
    assert "report-template.docx 打不开" in said.err
    assert not (tmp_path / "a.docx").exists()


def test_what_is_too_long_is_left_to_workbooks_and_that_is_said(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["restoration.reports.report"], "_MOST_ROWS", 20)
    report(project, tmp_path / "a.pdf", as_of=date(2021, 12, 31))
    said = text_of(tmp_path / "a.pdf")
    assert "超过20行、没有附的：任务进度调度表、检查验收表、矿山修复台账、图斑销号台账" in said
    assert "石漠化综合治理完成情况表填报单位" in said
    assert "小班超过20个，没有列出" in said
    assert "检查验收表填报单位" not in said
