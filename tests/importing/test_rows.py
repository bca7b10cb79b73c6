"""What a file does to a ledger that has its sites already."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from restoration.project import Project
from tests.making import Said, parcels, project_in, run, square, state_of, taken_in, written

ROWS: tuple[dict[str, object], ...] = (
    {"名称": "红岩", "面积(亩)": 60.0, "状态": "已落地上图"},
    {"名称": "白岩", "面积(亩)": 61.0, "状态": "已落地上图"},
)


def take(project: Path, *rows: dict[str, object], name: str = "next.geojson", on: str = "2021-06-01", more: tuple[str, ...] = ()) -> Said:
    file = project.parent / name
    file.unlink(missing_ok=True)
    written(parcels(*rows), file)
    return run("import", file, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--on", on, "--project", project, *more)


def outcomes(project: Path, *rows: dict[str, object], on: str = "2021-06-01") -> list[str]:
    said = take(project, *rows, on=on, more=("--format", "json"))
    return [told["outcome"] for told in said.data()["account"]]


def codes(said: Said) -> list[str]:
    return [finding["code"] for finding in said.data()["findings"] if finding["code"].startswith("I")]


def test_the_same_file_after_updates_and_corrections_changes_nothing(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    run("update", "红岩", "--to", "designed", "--by", "乙", "--on", "2021-04-01", "--project", project)
    run("correct", "白岩", "--set", "名称=白崖", "--set", "上报面积=59", "--reason", "笔误", "--by", "乙", "--project", project)
    before = project.read_bytes()
    said = take(project, *ROWS, more=("--format", "json"))
    assert [told["outcome"] for told in said.data()["account"]] == ["unchanged"] * 2
    assert codes(said) == []
    assert project.read_bytes() == before


def test_a_changed_boundary_is_drawn_anew_and_the_old_one_is_kept(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    assert outcomes(project, {**ROWS[0], "geometry": square(1.5, side=0.001)}, ROWS[1]) == ["redrawn", "unchanged"]
    held = Project.open(project, read_only=True)
    drawn = held.ledger.boundary_versions(["RGZL-2021-001"])
    assert drawn["version"].tolist() == [1, 2]
    assert drawn["area_m2"].iloc[0] == pytest.approx(4 * drawn["area_m2"].iloc[1], rel=1e-4)
    assert held.history("红岩")[-1].kind == "redrawn"
    assert held.sites().set_index("site_id").loc["RGZL-2021-001", "area_m2"] == drawn["area_m2"].iloc[1]


def test_a_changed_name_or_area_is_a_revision(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    assert outcomes(project, {**ROWS[0], "名称": "红崖"}, {**ROWS[1], "面积(亩)": 70.0}) == ["revised", "revised"]
    history = run("history", "红崖", "--project", project).out
    assert "名称 红岩 → 红崖" in history
    assert "next.geojson 第1行" in history
    assert "上报面积(亩) 61.00 → 70.00" in run("history", "白岩", "--project", project).out


def test_a_blank_takes_nothing_away(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    assert outcomes(project, {**ROWS[0], "名称": "", "面积(亩)": None}, ROWS[1]) == ["unchanged", "unchanged"]


def test_a_file_s_status_is_told_and_not_taken(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    said = take(project, {**ROWS[0], "状态": "施工中"}, ROWS[1])
    assert "[提醒 I102] next.geojson 第1行 RGZL-2021-001：文件里的状态是“施工中”，台账是“已落地上图”；状态没有改。" in said.out
    assert "无变化 2" in said.out
    assert [row["status"] for row in run("list", "--project", project, "--format", "json").data()] == ["sited", "sited"]


def test_a_correction_is_not_undone_by_the_next_file_nor_the_one_after(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    run("correct", "红岩", "--set", "名称=红崖", "--reason", "笔误", "--by", "乙", "--on", "2021-04-01", "--project", project)
    run("measure", "红崖", "--reported-mu", "59", "--by", "乙", "--on", "2021-04-02", "--project", project)
    for day, side in (("2021-06-01", 0.0019), ("2021-07-01", 0.0018)):
        said = take(project, {**ROWS[0], "geometry": square(1.5, side=side)}, on=day, more=("--format", "json"))
        assert [told["outcome"] for told in said.data()["account"]] == ["redrawn"]
        assert codes(said) == ["I103"]
        told = run("show", "RGZL-2021-001", "--project", project).out
        assert "名称：红崖" in told
        assert "上报面积(亩)：59.00" in told
    take(project, {**ROWS[0], "名称": "红崖村", "面积(亩)": 58.0}, on="2021-08-01")
    assert "名称：红崖村" in run("show", "RGZL-2021-001", "--project", project).out


def test_an_old_file_does_not_take_a_site_back_and_says_so(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    take(project, {**ROWS[0], "geometry": square(1.5, side=0.001)})
    said = take(project, *ROWS, on="2021-07-01")
    assert "[提醒 I104]" in said.out
    assert "无变化 2" in said.out
    assert Project.open(project, read_only=True).ledger.heads()["RGZL-2021-001"].event.state.boundary == 2


def test_a_site_whose_year_was_corrected_is_not_counted_twice(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    run("correct", "红岩", "--set", "plan_year=2022", "--reason", "年度错", "--by", "乙", "--project", project)
    file = written(parcels(ROWS[0]), tmp_path / "right.geojson")
    said = run("import", file, "--measure", "人工造林", "--year", 2022, "--by", "甲", "--project", project)
    assert "新登记 0" in said.out
    assert len(run("list", "--project", project, "--format", "json").data()) == 2
    wrong = take(project, {**ROWS[0], "名称": "红崖"}, on="2026-01-01")
    assert "RGZL-2021-001 已更正为2022年人工造林" in wrong.out
    assert wrong.code == 4


def test_a_correction_may_not_make_two_sites_one(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    file = written(parcels(ROWS[0]), tmp_path / "other.geojson")
    run("import", file, "--measure", "人工造林", "--year", 2022, "--by", "甲", "--project", project)
    said = run("correct", "RGZL-2021-001", "--set", "plan_year=2022", "--reason", "x", "--by", "乙", "--project", project)
    assert said.code == 2
    assert "已有同措施、同年度、同小班号的 RGZL-2022-001" in said.err


def test_one_number_in_two_files_of_one_command_is_refused_the_second_time(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    files = [written(parcels(row), tmp_path / name) for row, name in zip(ROWS, ("a.geojson", "b.geojson"), strict=True)]
    said = run("import", *files, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert "b.geojson 第1行 RGZL-2021-001：同一批文件里已经有这个编号。" in said.out
    assert "新登记 1，" in said.out
    refused = gpd.read_file(tmp_path / "a.refused.gpkg")
    assert refused["source_file"].tolist() == ["b.geojson"]


def test_one_number_twice_in_one_file_is_refused_both_times(tmp_path: Path) -> None:
    said = take(project_in(tmp_path), {**ROWS[0], "小班号": "9"}, {**ROWS[1], "小班号": "9"})
    assert said.code == 4
    assert "未采用 2" in said.out


def test_refused_rows_are_kept_with_their_reason_and_can_be_taken_in_when_mended(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    said = take(project, ROWS[0], {**ROWS[1], "面积(亩)": "六十一"})
    assert said.code == 4
    assert said.out.count("六十一") == 1
    kept = tmp_path / "next.refused.gpkg"
    assert f"未采用的行在 {kept}" in said.out
    assert pyogrio.list_layers(kept).tolist() == [["refused", "MultiPolygon"]]
    rows = gpd.read_file(kept)
    assert rows.crs.to_epsg() == 4490
    assert "六十一" in rows["reason"].iloc[0]
    mended = written(rows.assign(**{"面积(亩)": "61"}), tmp_path / "mended.gpkg")
    again = run("import", mended, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert "新登记 1，边界重划 0，内容有改 0，无变化 0，未采用 0" in again.out
    assert len(run("list", "--project", project, "--format", "json").data()) == 2


def test_refused_rows_with_columns_of_a_database_or_of_two_layers_are_kept(tmp_path: Path) -> None:
    bad = {"状态": "不懂", "fid": 7, "geom": "x", "ID": 1, "id": 2, "reason": "自己的"}
    project = project_in(tmp_path)
    files = [
        written(parcels({**bad, "小班号": "1"}, {**bad, "小班号": "2"}), tmp_path / "a.geojson"),
        written(parcels({"状态": "不懂", "小班号": "3", "Fid": "文字"}), tmp_path / "b.geojson"),
    ]
    said = run("import", *files, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert said.code == 4, said
    assert len(gpd.read_file(tmp_path / "a.refused.gpkg")) == 3


def test_a_dry_run_writes_nothing_but_its_preview(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    written(parcels({**ROWS[0], "名称": "新名"}, {**ROWS[1], "状态": "不懂"}, {"名称": "第三"}), tmp_path / "next.geojson")
    before = state_of(tmp_path)
    command = ("import", tmp_path / "next.geojson", "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    said = run(*command, "--dry-run")
    assert "这是试运行，没有写入任何内容。" in said.out
    (tmp_path / "next.preview.html").unlink()
    assert state_of(tmp_path) == before
    really = run(*command)
    drawn = f"预览图：{tmp_path / 'next.preview.html'}（可断网打开）\n"
    assert really.out.replace(f"未采用的行在 {tmp_path / 'next.refused.gpkg'}\n", "") == said.out.replace(
        f"{drawn}这是试运行，没有写入任何内容。\n", ""
    )


def test_a_change_before_the_last_entry_is_refused_and_nothing_new_is_not(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    run("note", "红岩", "白岩", "--text", "检查", "--by", "乙", "--on", "2021-09-01", "--project", project)
    assert outcomes(project, {**ROWS[0], "名称": "红崖"}, {**ROWS[1], "状态": "施工中"}) == ["refused", "unchanged"]


def test_a_row_of_a_known_site_has_its_own_day_and_survey(tmp_path: Path) -> None:
    project = taken_in(tmp_path, ROWS[0])
    take(project, {**ROWS[0], "面积(亩)": 66.0, "核实面积(亩)": 60.0, "登记日期": "2021-05-02", "调查日期": "2021-04-30"})
    last = run("history", "RGZL-2021-001", "--project", project, "--format", "json").data()[-1]
    assert (last["happened_on"], last["payload"]["surveyed_on"]) == ("2021-05-02", "2021-04-30")


def test_a_file_cannot_make_the_qualified_area_larger_than_the_verified(tmp_path: Path) -> None:
    project = taken_in(tmp_path, ROWS[0])
    assert run("measure", "RGZL-2021-001", "--verified-mu", 50, "--by", "甲", "--on", "2021-04-01", "--project", project).code == 0
    said = take(project, {**ROWS[0], "合格面积(亩)": 66.0})
    assert (said.code, "合格面积会大于核实面积" in said.out) == (4, True)


def test_a_ledger_that_is_taken_over_goes_on_from_where_it_stands(tmp_path: Path) -> None:
    survey = {"状态": "自查(自验)合格", "核实面积(亩)": 60.0, "合格面积(亩)": 58.0, "成活率": 92, "调查日期": "2021-02-20"}
    project = taken_in(tmp_path, {"名称": "红岩", **survey}, {"名称": "白岩", "状态": "暂停"})
    accept = ("--to", "县级验收合格", "--by", "乙", "--on", "2021-04-01", "--project", project)
    assert run("update", "红岩", *accept).code == 0
    assert run("update", "白岩", "--to", "施工中", "--by", "乙", "--on", "2021-04-01", "--project", project).code == 0


def test_the_reported_area_is_no_survey(tmp_path: Path) -> None:
    project = taken_in(tmp_path, ROWS[0])
    assert run("measure", "RGZL-2021-001", "--reported-mu", 50, "--by", "甲", "--project", project).code == 0
    last = run("history", "RGZL-2021-001", "--project", project, "--format", "json").data()[-1]
    assert "surveyed_on" not in last["payload"]
