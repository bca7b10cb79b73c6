"""One site by every method, as a clerk reads it and as programs do."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from restoration import lifecycle
from restoration.cli.methods import tell_methods
from restoration.frame import conform
from restoration.methods import METHODS
from restoration.model import today
from tests.making import run, sites_frame, square, taken_in


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"名称": "红岩"}, {"名称": "白岩"}, {"名称": "青岩"})


def test_a_clerk_reads_what_it_is_how_it_is_drawn_and_which_row_is_of_record(project: Path) -> None:
    lines = run("area", "--site", "红岩", "--methods", "--project", project).out.splitlines()
    assert lines[0].endswith("红岩 人工造林 2021年")
    assert lines[1] == "3 度带第 35 带（中央经线 105°），邻带 36，UTM 第 48 带；1 块，4 个界址点，内环 0 个，最长的边 221.5 米。"
    assert lines[2].split() == ["方法", "面积(平方米)", "亩", "与记载面积之差(平方米)", "差(%)", "说明"]
    rows = {line.split()[0]: line.split() for line in lines[4:] if len(line.split()) > 4}
    assert next(iter(rows)) == "记载面积"
    assert rows["记载面积"][1:5] == ["44694.10", "67.0412", "0.000", "0.0000"]
    assert lines[-2].startswith("只有第一行是记载面积")
    assert "注意" not in "".join(lines)


def test_several_sites_in_the_order_asked_for_in_every_form(project: Path) -> None:
    asked = ("area", "--site", "白岩", "--site", "红岩", "--methods", "--project", project)
    data = run(*asked, "--format", "json").data()
    assert [site["name"] for site in data["sites"]] == ["白岩", "红岩"]
    first = data["sites"][0]
    assert [row["method"] for row in first["methods"]] == [method.name for method in METHODS]
    assert first["methods"][0]["area_m2"] == pytest.approx(first["kept_m2"], abs=1e-6)
    assert (first["zone"], first["vertices"], first["parts"], first["holes"], first["plan_year"]) == (35, 4, 1, 0, 2021)
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").out)))
    assert len(rows) == 2 * len(METHODS)
    assert rows[0]["编号"] == first["site_id"]
    assert float(rows[8]["差(%)"]) == pytest.approx(22.5, abs=0.1)
    out = run(*asked).out
    assert out.index("白岩") < out.index("红岩")


def test_in_english_there_is_no_chinese_but_names(project: Path) -> None:
    said = run("area", "--site", "红岩", "--methods", "--lang", "en", "--project", project)
    assert not any("\u4e00" <= mark <= "\u9fff" for mark in said.out.replace("红岩", ""))
    assert "Only the first row is of record" in said.out


def test_a_site_alone_gives_the_totals_of_what_was_named(project: Path) -> None:
    for names, count in ((["红岩"], 1), (["红岩", "青岩", "红岩"], 2), ([], 3)):
        words = [word for name in names for word in ("--site", name)]
        assert run("area", *words, "--format", "json", "--project", project).data()["whole"]["sites"] == count


def test_methods_without_a_site_and_sites_that_are_not_there_are_refused(project: Path) -> None:
    said = run("area", "--methods", "--project", project)
    assert (said.code, said.out) == (2, "")
    assert said.err == "错误：没有写明要比较哪个小班。\n请加 --site 小班，可写多次。\n"
    assert run("area", "--site", "无此班", "--project", project).code == 3
    early = run("area", "--site", "红岩", "--methods", "--as-of", "2021-02-01", "--project", project)
    assert (early.code, early.out) == (3, "")
    assert "到那一天台账里还没有小班" in early.err


def test_a_day_is_told_with_its_clock(project: Path) -> None:
    asked = ("area", "--site", "红岩", "--methods", "--project", project)
    assert "（截至 2021-04-01，按发生日期）" in run(*asked, "--as-of", "2021-04-01").out
    assert "(as of 2021-04-01 by the field clock)" in run(*asked, "--as-of", "2021-04-01", "--lang", "en").out
    assert run(*asked, "--as-of", today() - timedelta(days=1), "--clock", "office").code == 3


@pytest.mark.parametrize(("off_m2", "times"), [(0.02, 1), (-0.02, 1), (0.005, 0)])
def test_a_record_that_the_boundary_does_not_give_is_told(off_m2: float, times: int, capsys: pytest.CaptureFixture[str]) -> None:
    sites = conform(sites_frame({"measure": "人工造林", "status": "施工中", "geometry": square(0)}))
    kept = sites.assign(area_m2=sites["area_m2"] + off_m2)
    tell_methods(kept, lifecycle.table(), form="table", about={"as_of": None, "clock": "field"})
    note = f"注意：台账里记的是 {44694.10 + off_m2:.2f} 平方米，按现在的边界重算是 44694.10 平方米"
    out = capsys.readouterr().out
    assert (out.count(note), out.count("注意")) == (times, times)
    assert "None" not in out
