"""Columns understood: what each row says of a site, and why it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from restoration import lifecycle, readers
from restoration.errors import BadRequest, UnknownName
from restoration.geometry import area_of_record_m2
from restoration.model import Finding
from restoration.readers import Given, Intake, Layer, intake
from restoration.readers.intake import COLUMNS
from restoration.text import speaking

from .files import SQUARE, codes, degrees, kml, moved, only, placemark, shapefile, squares

TODAY = date(2025, 6, 30)
GROUND_M2 = 999_989.6229
GROUND_MU = GROUND_M2 * 3 / 2000


def layer(rows: Sequence[Mapping[str, Any]]) -> Layer:
    """A layer with these columns, each row a square of 1499.98 亩."""
    shapes = degrees(*(moved(SQUARE, 2000 * at) for at in range(len(rows))))
    frame = gpd.GeoDataFrame(list(rows), geometry=shapes, crs=4490).assign(source_row=range(1, len(rows) + 1))
    return Layer(frame, frame.iloc[:0].assign(reason_code="", reason=""), "a.shp", "0" * 64, "小班", "UTF-8", "EPSG:4490")


def row(**changes: Any) -> dict[str, Any]:
    """A row that has what is needed."""
    return {"小班号": "1", "措施": "封山育林", "年度": "2021", **changes}


def taken(*rows: Mapping[str, Any], **how: Any) -> tuple[Intake, list[Finding]]:
    return intake(layer(rows), today=TODAY, **how)


def refused(*rows: Mapping[str, Any], **how: Any) -> tuple[list[tuple[int, str]], list[Finding]]:
    found, findings = taken(*rows, **how)
    assert sorted([*found.rows["source_row"], *found.refused["source_row"]]) == list(range(1, len(rows) + 1))
    return list(found.refused[["source_row", "reason_code"]].itertuples(index=False, name=None)), findings


WHAT_A_ROW_CAN_SAY = {
    "小班号": ("００１２", "source_id", "0012"),
    "措施": ("封育", "measure", "hill_closure"),
    "年度": ("2021年", "plan_year", 2021),
    "状态": ("封育中", "status", "in_progress"),
    "登记日期": ("2021年3月5日", "happened_on", date(2021, 3, 5)),
    "文号": ("林发〔2021〕3号", "doc_no", "林发〔2021〕3号"),
    "名称": ("示例 ", "name", "示例"),
    "县代码": (522328.0, "county_code", "522328"),
    "乡镇代码": ("522328101", "town_code", "522328101"),
    "乡镇": ("龙广镇", "town", "龙广镇"),
    "村": ("合兴村", "village", "合兴村"),
    "责任单位": ("甲", "unit", "甲"),
    "矿山编号": ("1.0", "mine_id", "1"),
    "树种": ("柏木", "species", "柏木"),
    "封育起始": ("20210301", "closure_on", date(2021, 3, 1)),
    "封育年限": ("5年", "closure_years", 5),
    "示例数据": ("是", "is_sample", True),
    "上报面积(亩)": ("1500", "reported_m2", 1_000_000.0),
    "核实面积(公顷)": (100, "verified_m2", 1_000_000.0),
    "合格面积": ("９９公顷", "qualified_m2", 990_000.0),
    "成活率": ("85%", "survival_pct", 85.0),
    "盖度": (70, "cover_pct", 70.0),
    "郁闭度": ("0.3", "canopy_ratio", 0.3),
    "调查日期": ("2024.9.1", "surveyed_on", date(2024, 9, 1)),
}
"""Heading → what stands there, what it means, and what becomes of it."""


def test_a_full_row() -> None:
    found, findings = taken({heading: cell for heading, (cell, _, _) in WHAT_A_ROW_CAN_SAY.items()})
    one = found.rows.iloc[0]
    assert {name: one[name] for _, name, _ in WHAT_A_ROW_CAN_SAY.values()} == {
        name: value for _, name, value in WHAT_A_ROW_CAN_SAY.values()
    }
    assert {name for _, name, _ in WHAT_A_ROW_CAN_SAY.values()} == set(COLUMNS) - {"source_row"}
    assert found.mapping == {name: heading for heading, (_, name, _) in WHAT_A_ROW_CAN_SAY.items()}
    assert codes(findings) == ["R201"]
    assert found.rows.crs == "EPSG:4490"


def test_the_columns_are_these_and_no_others_whatever_is_known() -> None:
    found, _ = taken(row())
    assert found.rows.columns.tolist() == [*COLUMNS, "geometry"]
    one = found.rows.iloc[0]
    assert [one[name] for name in ("status", "town", "doc_no")] == ["", "", ""]
    assert [one[name] for name in ("happened_on", "closure_on", "surveyed_on", "closure_years")] == [None] * 4
    assert np.isnan([one[name] for name in ("reported_m2", "survival_pct", "canopy_ratio")]).all()
    assert one["is_sample"] in (False, np.False_)


def test_what_was_used_and_what_was_left_is_told() -> None:
    found, findings = taken(row(备注="x", 村="合兴村"))
    assert found.mapping == {"measure": "措施", "plan_year": "年度", "village": "村", "source_id": "小班号"}
    assert found.unused == ["备注"]
    with speaking("zh"):
        assert str(only(findings, "R201").message) == "列的用法：source_id←小班号、measure←措施、plan_year←年度、village←村；未用：备注。"


# ---- numbers
def test_a_number_of_several_columns() -> None:
    found, _ = taken(row(乡镇="龙广镇", 村="合兴村"), row(乡镇="龙广镇", 村="柘仑村"), ids=["乡镇", "村", "小班号"])
    assert found.rows["source_id"].tolist() == ["龙广镇-合兴村-1", "龙广镇-柘仑村-1"]
    assert found.mapping["source_id"] == "乡镇-村-小班号"


@pytest.mark.parametrize("name", ["XIANG", "town"])
def test_a_column_for_the_number_may_go_by_its_meaning(name: str) -> None:
    found, _ = taken(row(XIANG="龙广镇"), ids=[name, "小班号"])
    assert found.rows["source_id"].tolist() == ["龙广镇-1"]


def test_without_a_number_the_columns_are_listed() -> None:
    with pytest.raises(BadRequest, match=r"--id.*OBJECTID"):
        taken({"OBJECTID": 1, "措施": "封山育林", "年度": 2021})
    with pytest.raises(UnknownName, match="OBJECTID"):
        taken({"OBJECTID": 1, "措施": "封山育林", "年度": 2021}, ids=["图斑"])


def test_a_row_whose_number_lacks_a_part_is_refused() -> None:
    assert refused(row(村=""), row(村="合兴村"), ids=["村", "小班号"])[0] == [(1, "R221")]


@pytest.mark.parametrize("number", [5.223281010012346e18, "5.22328E+18", "５.２E＋１８", "5E+18"])
def test_a_number_that_lost_its_digits_is_refused(number: object) -> None:
    rows, findings = refused(row(小班号=number), row(小班号="5223281010012345678"))
    assert rows == [(1, "R230")]
    assert "后几位已经丢了" in only(findings, "R230").message.zh


@pytest.mark.parametrize("number", [5223281010012345678, "1E2", "2e3", 12.0])
def test_a_number_that_only_looks_so_is_taken(number: object) -> None:
    assert len(taken(row(小班号=number))[0].rows) == 1


def test_numbers_of_different_kinds_are_text() -> None:
    found, _ = taken(row(小班号="1.0"), row(小班号=2.0), row(小班号=3), row(小班号="004"), row(小班号="红9"))
    assert found.rows["source_id"].tolist() == ["1", "2", "3", "004", "红9"]


def test_every_row_of_a_double_number_is_refused_naming_the_others() -> None:
    rows, findings = refused(row(), row(小班号="2"), row(), row(年度="2022"), row(措施="人工造林"))
    assert rows == [(1, "R222"), (3, "R222")]
    assert "第 1、3 行" in findings[-1].message.zh
    assert "--id 乡镇 --id 村 --id 小班号" in findings[-1].way_out.zh


def test_the_name_of_a_placemark_is_a_number_and_told(tmp_path: Path) -> None:
    path = kml(tmp_path / "a.kml", placemark("0012", degrees(SQUARE)[0]))
    found, findings = intake(readers.read(path)[0][0], given=Given(measure="封山育林", plan_year=2021), today=TODAY)
    assert found.rows["source_id"].tolist() == ["0012"]
    assert only(findings, "R207").level == "warning"
    with pytest.raises(BadRequest, match="--id"):
        intake(layer([{"name": "a", "措施": "封山育林", "年度": 2021}]), today=TODAY)


# ---- measure, status, year
def test_measures_and_statuses_by_label_alias_or_code() -> None:
    rows = [
        row(小班号=str(at), 措施=name, 状态=state)
        for at, (name, state) in enumerate([("封育", "施工中"), ("hill_closure", "in_progress"), ("FSYL", " 封育中 ")])
    ]
    found, _ = taken(*rows)
    assert found.rows["measure"].tolist() == ["hill_closure"] * 3
    assert found.rows["status"].tolist() == ["in_progress"] * 3


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    rows, findings = refused(row(措施="种树"), row(小班号="2", 措施=None), row(小班号="3", 状态="搞定"))
    assert rows == [(1, "R223"), (2, "R223"), (3, "R223")]
    assert "封山育林 hill_closure" in findings[-3].way_out.zh
    assert "施工中 in_progress" in findings[-1].way_out.zh


def test_measure_and_year_must_come_from_somewhere() -> None:
    with pytest.raises(BadRequest, match="--measure"):
        taken({"小班号": "1", "年度": 2021})
    with pytest.raises(BadRequest, match="--year"):
        taken({"小班号": "1", "措施": "封山育林"})
    found, _ = taken({"小班号": "1"}, given=Given(measure="封育", plan_year=2021))
    assert found.rows[["measure", "plan_year"]].iloc[0].tolist() == ["hill_closure", 2021]


@pytest.mark.parametrize("year", ["", None, "21", "不详"])
def test_a_row_without_a_year_is_refused(year: str | None) -> None:
    assert refused(row(年度=year), row(小班号="2"))[0] == [(1, "R224")]


def test_an_own_table_of_measures_is_used(tmp_path: Path) -> None:
    text = files("restoration.data").joinpath("lifecycle.toml").read_text(encoding="utf-8")
    (tmp_path / "lifecycle.toml").write_text(text.replace('"封育"', '"圈护"'), encoding="utf-8")
    own = lifecycle.table(tmp_path / "lifecycle.toml")
    assert taken(row(措施="圈护"), table=own)[0].rows["measure"].tolist() == ["hill_closure"]
    assert refused(row(措施="封育"), table=own)[0] == [(1, "R223")]


# ---- given
def test_what_is_given_counts_for_all_rows_and_is_told_where_it_differs() -> None:
    given = Given(
        measure="人工造林",
        plan_year=2022,
        status="已完工待自查",
        on=date(2022, 1, 1),
        doc_no="甲1",
        county_code="522328",
        town_code="522328101",
        town="龙广镇",
        village="合兴村",
        unit="乙",
        mine_id="M1",
        species="杉木",
        closure_on=date(2021, 1, 1),
        closure_years=3,
        surveyed_on=date(2022, 1, 2),
        is_sample=True,
    )
    found, findings = taken(row(乡镇="德卧镇"), row(小班号="2", 措施="RGZL", 年度="2022年", 乡镇=""), given=given)
    wanted = {**asdict(given), "measure": "afforestation", "status": "works_done", "happened_on": given.on}
    del wanted["on"]
    assert found.rows[list(wanted)].to_dict("records") == [wanted, wanted]
    assert codes(findings) == ["R206", "R206", "R206", "R201"]
    assert all("第 1 行" in finding.message.zh for finding in findings[:3])


@pytest.mark.parametrize("given", [Given(on=date(2025, 7, 1)), Given(surveyed_on=date(2025, 7, 1)), Given(plan_year=21)])
def test_what_is_given_must_make_sense(given: Given) -> None:
    with pytest.raises(BadRequest):
        taken(row(), given=given)
    with pytest.raises(UnknownName, match="封山育林"):
        taken(row(), given=Given(measure="种树"))


# ---- days and numbers
@pytest.mark.parametrize("column", ["登记日期", "调查日期", "封育起始"])
def test_days_that_cannot_be_or_lie_ahead_are_refused(column: str) -> None:
    rows, findings = refused(
        row(**{column: "2021年"}),
        row(小班号="2", **{column: "2025-07-01"}),
        row(小班号="3", **{column: "2021.3"}),
        row(小班号="4", **{column: "2025-06-30"}),
    )
    assert rows == [(1, "R225"), (2, "R226"), (3, "R225")]
    assert "2021年" in findings[-3].message.zh


@pytest.mark.parametrize(
    ("column", "value"), [("成活率", "120"), ("盖度", "高"), ("郁闭度", "60"), ("封育年限", "很多"), ("封育年限", "0")]
)
def test_numbers_out_of_range_are_refused(column: str, value: str) -> None:
    assert refused(row(**{column: value}), row(小班号="2"))[0] == [(1, "R227")]


def test_percentages_that_look_like_fractions_are_told() -> None:
    assert "0.85" in only(taken(row(成活率="0.85"))[1], "R208").message.zh
    assert "R208" not in codes(taken(row(成活率="0.85"), row(小班号="2", 成活率="90"))[1])
    assert "R208" not in codes(taken(row(成活率="0.5%"))[1])


@pytest.mark.parametrize(
    ("text", "is_sample"),
    [("", False), ("否", False), ("0", False), ("FALSE", False), ("是", True), ("1", True), ("示例", True), ("T", True)],
)
def test_sample_data_say_so(text: str, is_sample: bool) -> None:  # noqa: FBT001
    assert taken(row(示例数据=text))[0].rows["is_sample"].tolist() == [is_sample]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    found, findings = taken(row(措施="种树", 年度="x", 登记日期="昨天", 成活率="-1"))
    assert codes(findings)[1:] == ["R223", "R224", "R225", "R227"]
    assert found.refused["reason_code"].tolist() == ["R223"]
    assert all(word in found.refused["reason"].iloc[0] for word in ("种树", "x", "昨天", "-1"))


# ---- areas
@pytest.mark.parametrize(
    ("heading", "value"), [("上报面积(亩)", 1500), ("MIAN_JI_ha", 100), ("XBMJ(平方米)", 1_000_000), ("面积（平方公里）", "1.0")]
)
def test_the_heading_names_the_unit(heading: str, value: object) -> None:
    found, findings = taken(row(**{heading: value}))
    assert found.rows["reported_m2"].tolist() == [pytest.approx(1_000_000, abs=1e-6)]
    assert codes(findings) == ["R201"]


def test_the_cell_names_it_before_the_heading() -> None:
    found, _ = taken(row(**{"面积(亩)": "100公顷"}), row(小班号="2", **{"面积(亩)": "1500"}))
    assert found.rows["reported_m2"].tolist() == [1_000_000.0, 1_000_000.0]


@pytest.mark.parametrize(("factor", "unit"), [(1, "m2"), (2000 / 3, "mu"), (10_000, "ha"), (1_000_000, "km2")])
def test_without_a_unit_the_ratio_to_the_ground_tells_it_and_is_told(factor: float, unit: str) -> None:
    rows = [row(小班号=str(at), XBMJ=GROUND_M2 / factor * share) for at, share in enumerate([1.0, 1.1, 0.9, 3.0])]
    found, findings = taken(*rows)
    assert found.rows["reported_m2"].iloc[0] == pytest.approx(GROUND_M2)
    finding = only(findings, "R203")
    assert finding.level == "warning"
    assert f"--unit {unit}" in finding.way_out.zh
    assert finding.value == pytest.approx(1.05, abs=0.01)


def test_a_column_of_mixed_units_is_not_taken_by_its_median() -> None:
    rows = [row(小班号=str(number), XBMJ=GROUND_MU if number < 9 else GROUND_M2 / 10_000) for number in range(12)]
    with pytest.raises(BadRequest, match="多数行像亩，也有的行像公顷"):
        taken(*rows)
    assert len(taken(*rows, unit="mu")[0].rows) == 12


def test_a_month_and_a_day_count_are_read_and_told() -> None:
    rows = [
        row(登记日期="2021年3月"),
        row(小班号="2", 登记日期=44260),
        row(小班号="3", 登记日期="2021-03-05"),
        row(小班号="4", 登记日期="2025年6月"),
    ]
    found, findings = taken(*rows)
    days = [date(2021, 3, 31), date(2021, 3, 5), date(2021, 3, 5), TODAY]
    assert found.rows["happened_on"].tolist() == days
    month, count = only(findings, "R212"), only(findings, "R213")
    assert ("如“2021年3月”，第 1、4 行" in month.message.zh, "44260 读成 2021-03-05" in count.message.zh) == (True, True)


def test_a_long_number_that_was_kept_as_a_figure_is_refused() -> None:
    rows = [
        row(小班号=5223281012000010001.0),
        row(小班号="5.22328E+18"),
        row(小班号="5223281012000010001"),
        row(小班号=5223281012000010002),
    ]
    assert refused(*rows)[0] == [(1, "R230"), (2, "R230")]
    assert taken(rows[2], rows[3])[0].rows["source_id"].tolist() == ["5223281012000010001", "5223281012000010002"]


def test_a_ratio_that_fits_no_unit_is_refused_and_the_caller_may_settle_it() -> None:
    with pytest.raises(BadRequest, match="--unit mu"):
        taken(row(XBMJ=GROUND_MU * 2))
    assert taken(row(XBMJ=3000), unit="mu")[0].rows["reported_m2"].tolist() == [2_000_000.0]
    with pytest.raises(UnknownName, match="mu"):
        taken(row(XBMJ=1500), unit="acre")


def test_a_unit_that_is_given_does_not_change_what_the_heading_says() -> None:
    assert taken(row(**{"面积(公顷)": 100}), unit="mu")[0].rows["reported_m2"].tolist() == [1_000_000.0]


def test_a_column_without_a_single_area_needs_no_unit() -> None:
    found, findings = taken(row(XBMJ=None), row(小班号="2", XBMJ=None))
    assert np.isnan(found.rows["reported_m2"]).all()
    assert codes(findings) == ["R201"]


@pytest.mark.parametrize("value", ["-3", "约300", "300英亩", "***", "1e25"])
def test_areas_that_are_none_are_refused(value: str) -> None:
    assert refused(row(**{"面积(亩)": value}), row(小班号="2", **{"面积(亩)": 1500}))[0] == [(1, "R228")]


def test_more_qualified_than_verified_is_told_and_kept() -> None:
    found, findings = taken(row(**{"核实面积(亩)": 15, "合格面积(亩)": 30}))
    assert len(found.rows) == 1
    finding = only(findings, "R204")
    assert (finding.level, finding.row) == ("warning", 1)
    assert finding.value == pytest.approx(10_000)


def test_two_columns_of_one_meaning_are_told() -> None:
    found, findings = taken(row(**{"面积(亩)": 1500, "TBMJ": 7}))
    assert found.mapping["reported_m2"] == "面积(亩)"
    assert "TBMJ" in only(findings, "R202").message.zh
    assert found.unused == ["TBMJ"]


def test_fields_say_which() -> None:
    found, findings = taken(row(**{"面积(亩)": 1500, "TBMJ": GROUND_M2}), fields={"reported_m2": "TBMJ"}, unit="m2")
    assert found.rows["reported_m2"].tolist() == [pytest.approx(GROUND_M2)]
    assert "R202" not in codes(findings)


def test_the_ground_is_what_the_ratio_is_taken_to() -> None:
    assert area_of_record_m2(layer([row()]).rows.geometry.to_numpy())[0] == pytest.approx(GROUND_M2, abs=1e-3)


# ---- towns
def test_a_town_that_is_in_no_list_is_told_with_both_readings() -> None:
    rows = [
        row(小班号=str(at), 乡镇代码=code, 乡镇=town)
        for at, (code, town) in enumerate([("522301112", "七舍镇"), ("522301112", "七舍镇"), ("522328101", "龙广镇"), ("", "随便")])
    ]
    finding = only(taken(*rows)[1], "R205")
    assert (finding.level, finding.row) == ("warning", 1)
    assert "第 1、2 行" in finding.message.zh
    assert "统计用区划代码" in finding.message.zh
    assert "AreaCity" in finding.message.zh


# ---- together
def test_rows_that_the_layer_refused_stay_in_the_account(tmp_path: Path) -> None:
    table_rows = [*squares(2), None]
    layers, _ = readers.read(shapefile(tmp_path, table_rows))
    found, _ = intake(layers[0], given=Given(measure="封山育林", plan_year=2021), today=TODAY)
    assert found.rows["source_id"].tolist() == ["1", "2"]
    assert found.refused[["source_row", "reason_code"]].to_numpy().tolist() == [[3, "R121"]]


def test_a_layer_of_refused_rows_alone_is_an_account_too(tmp_path: Path) -> None:
    layers, _ = readers.read(shapefile(tmp_path, [None, None], crs=4490))
    found, _ = intake(layers[0], given=Given(measure="封山育林", plan_year=2021), today=TODAY)
    assert (len(found.rows), len(found.refused)) == (0, 2)
    assert found.rows.columns.tolist() == [*COLUMNS, "geometry"]


def test_the_layer_is_not_changed() -> None:
    one = layer([row(), row()])
    before = one.rows.copy()
    intake(one, today=TODAY)
    assert one.rows.equals(before)
