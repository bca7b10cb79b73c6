"""`check` and its files, and the findings of an import."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyogrio
import pytest
import shapely

from restoration.project import Project
from tests.making import Said, parcels, project_in, run, square, taken_in, written

BOW_TIE = shapely.Polygon([(105.11, 25.1), (105.112, 25.102), (105.112, 25.1), (105.11, 25.102)])


@pytest.fixture
def overlapping(tmp_path: Path) -> Path:
    two = {"geometry": square(0), "名称": "=1+1"}, {"geometry": square(0.5)}
    return taken_in(tmp_path, *two, {"geometry": square(5), "面积(亩)": 67.04})


def check(project: Path, *words: object) -> Said:
    return run("check", "--project", project, *words)


def test_after_the_findings_every_rule_tells_its_results(overlapping: Path) -> None:
    said = check(overlapping)
    assert said.code == 1
    findings, _, table = said.out.partition("\n\n")
    assert "未处理 [错误 S201] RGZL-2021-001（2021年人工造林）与" in findings
    assert "米。（位置 105.101500,25.101000）" in findings
    lines = {line.split()[0]: line.split() for line in table.splitlines() if line[:1] == "S"}
    assert lines["S201"][-2:] == ["2", "1"], "failed, passed"
    assert lines["S301"][-4:] == ["1", "2", "没有上报面积", "2"]
    assert "共 3 个小班" in table


def test_one_site_is_told_rule_by_rule(overlapping: Path) -> None:
    said = check(overlapping, "--site", "RGZL-2021-003")
    assert (said.code, "S201]" in said.out) == (0, False)
    lines = {line.split()[0]: line for line in said.out.splitlines() if line[:1] == "S"}
    assert "通过" in lines["S201"]
    assert "未检查" in lines["S303"]
    assert "没有核实面积" in lines["S303"]
    told = check(overlapping, "--site", "RGZL-2021-001", "--format", "json")
    assert told.code == 1
    results = {one["code"]: one["result"] for one in told.data()["site_results"]}
    assert (results["S201"], results["S101"], results["S301"]) == ("failed", "passed", "not_run")
    assert check(overlapping, "--site", "无此班").code == 3


@pytest.mark.parametrize(
    ("verified_mu", "told", "code"),
    [
        (670.4, "10 倍：小数点可能错了一位", 1),
        (6.704, "0.1 倍：小数点可能错了一位", 1),
        (300, "4.47 倍", 1),
        (100, "", 0),
        (40, "", 0),
        (0, "", 0),
    ],
)
def test_an_area_that_must_be_a_slip_is_told_on_the_spot_and_is_an_error_of_the_check(
    tmp_path: Path, verified_mu: float, told: str, code: int
) -> None:
    made = taken_in(tmp_path, {}, {"geometry": square(5)})
    said = run("measure", "001", "--verified-mu", verified_mu, "--by", "甲", "--on", "2021-06-15", "--project", made)
    (warned,) = [line for line in said.out.splitlines() if line.startswith("提醒")] or [""]
    assert (said.code, told in warned, bool(warned)) == (0, True, bool(told))
    assert not told or "RGZL-2021-001 的核实面积是图斑面积的" in warned
    found = check(made, "--site", "RGZL-2021-001", "--format", "json")
    levels = [one["level"] for one in found.data()["findings"] if one["code"] in ("S302", "S303")]
    assert (found.code, levels) == (code, ["error" if code else "warning"])


def test_an_update_warns_of_a_slip_as_well_and_a_qualified_area_may_be_small(tmp_path: Path) -> None:
    made = taken_in(tmp_path, {"状态": "自查合格"}, {"geometry": square(5), "状态": "自查合格"})
    for number, verified_mu, warned in (("001", 67, ""), ("002", 670.4, "RGZL-2021-002 的核实面积是图斑面积的 10 倍")):
        survey = ("--verified-mu", verified_mu, "--qualified-mu", 5, "--survival-pct", 90, "--doc", "验〔2021〕1号")
        said = run("update", number, "--to", "county_accepted", "--by", "甲", "--on", "2021-06-15", *survey, "--project", made)
        assert (said.code, "提醒" in said.out, warned in said.out) == (0, bool(warned), True)


def test_the_five_results_are_told_apart_as_a_waiver_comes_and_falls(overlapping: Path, tmp_path: Path) -> None:
    def counts() -> dict[str, int]:
        (row,) = [one for one in check(overlapping, "--format", "json").data()["results"] if one["code"] == "S201"]
        return {name: row[name] for name in ("failed", "stale", "waived", "passed", "not_run") if row[name]}

    assert counts() == {"failed": 2, "passed": 1}
    run("waive", "RGZL-2021-001", "S201", "--reason", "看过", "--by", "乙", "--project", overlapping)
    assert (counts(), check(overlapping).code) == ({"waived": 2, "passed": 1}, 0)
    take = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", overlapping)
    run("import", written(parcels({"geometry": square(0, side=0.0019)}), tmp_path / "redrawn.geojson"), *take)
    assert (counts(), check(overlapping).code) == ({"stale": 2, "passed": 1}, 1)
    assert "豁免已失效 [错误 S201]" in check(overlapping).out
    assert "其中豁免失效 1" in check(overlapping).out
    run("import", written(parcels({"geometry": square(-3)}), tmp_path / "away.geojson"), *take)
    assert counts() == {"passed": 3}, "a finding that is gone leaves no lapsed waiver behind"
    run("update", "RGZL-2021-002", "--to", "cancelled", "--by", "乙", "--note", "调出", "--doc", "一号", "--project", overlapping)
    assert counts() == {"passed": 2, "not_run": 1}


def test_findings_go_into_a_geopackage_as_points_and_polygons_with_colours(overlapping: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    assert f"已写出 {out}" in check(overlapping, "--out", out).out
    points, sites = (pyogrio.read_dataframe(out, layer=layer) for layer in ("findings", "sites"))
    assert points[["code", "level", "site_id", "other_site_id", "state"]].values.tolist() == [
        ["S201", "error", "RGZL-2021-001", "RGZL-2021-002", "未处理"]
    ]
    assert points.crs == sites.crs == "EPSG:4490"
    assert sites["site_id"].tolist() == ["RGZL-2021-001", "RGZL-2021-002"]
    assert sites.contains(points.geometry.iloc[0]).all(), "the place lies on the ground that both share"
    assert points["value"].iloc[0] == pytest.approx(22_347, rel=0.01)
    styles = pyogrio.read_dataframe(out, layer="layer_styles")
    assert (styles["f_table_name"].tolist(), styles["useAsDefault"].tolist()) == (["findings"], [True])
    assert check(overlapping, "--out", out).code == 10, "never over another file"


def test_the_table_goes_into_files_for_excel_and_for_programs(overlapping: Path, tmp_path: Path) -> None:
    for name in ("f.csv", "f.xlsx", "f.json"):
        assert check(overlapping, "--all", "--out", tmp_path / name).code == 1
    rows = list(csv.DictReader(io.StringIO((tmp_path / "f.csv").read_text(encoding="utf-8-sig"))))
    assert [row["代码"] for row in rows][:1] == ["S201"]
    assert all(105 < float(row["位置(经度,纬度)"].split(",")[0]) < 106 for row in rows)
    sheet = pyogrio.read_dataframe(tmp_path / "f.xlsx")
    assert sheet["代码"].tolist() == [row["代码"] for row in rows]
    assert sheet["值"].dtype == "float64"
    told = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert [(one["code"], one["state"]) for one in told] == [(row["代码"], "failed") for row in rows]
    said = check(overlapping, "--out", tmp_path / "f.docx")
    assert (said.code, ".docx" in said.err) == (2, True)


def test_an_import_writes_its_findings_with_file_row_and_place(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    tip = [(105.122, 25.101), (105.126, 25.10101), (105.122, 25.10102)]
    spiked = shapely.Polygon([(105.12, 25.1), (105.122, 25.1), *tip, (105.12, 25.102)])
    rows = parcels({"geometry": BOW_TIE}, {"状态": "没有这种"}, {"geometry": spiked})
    take = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project, "--dry-run")
    file = written(rows, tmp_path / "rows.geojson")
    assert run("import", file, *take, "--findings", tmp_path / "f.json").code == 4
    told = {one["code"]: one for one in json.loads((tmp_path / "f.json").read_text(encoding="utf-8")) if one["row"]}
    assert {(code, one["file"], one["row"], one["site_id"]) for code, one in told.items()} == {
        ("R124", "rows.geojson", 1, ""),
        ("R223", "rows.geojson", 2, ""),
        ("S104", "rows.geojson", 3, "RGZL-2021-003"),
    }
    assert all(one["place"] for one in told.values())
    assert told["R124"]["value"] == pytest.approx(22_347, rel=0.01), "the area that the repair would have"
    assert run("import", file, *take, "--findings", tmp_path / "f.gpkg").code == 4
    assert len(pyogrio.read_dataframe(tmp_path / "f.gpkg", layer="sites")) == 1
    assert run("import", file, *take, "--findings", tmp_path / "f.html").code == 4
    assert "rows.geojson" in (tmp_path / "f.html").read_text(encoding="utf-8")
    assert Project.open(project, read_only=True).sites().empty


def test_findings_that_cannot_be_written_stop_an_import_before_it_begins(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    file = written(parcels({}), tmp_path / "rows.geojson")
    take = ("--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project)
    assert run("import", file, *take, "--findings", file).code == 2, "an ending that findings have not"
    (tmp_path / "f.json").write_text("", encoding="utf-8")
    assert run("import", file, *take, "--findings", tmp_path / "f.json").code == 10
    assert Project.open(project, read_only=True).sites().empty
