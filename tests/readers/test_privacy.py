"""Columns with personal data: told by name and number of rows, never by what stands in them; kept out of what is taken."""

from __future__ import annotations

from .files import codes, only
from .test_intake import refused, row, taken

IDENTITY, MOBILE = "11010519491231002X", "13800138000"


def test_columns_are_told_by_heading_or_by_value_and_no_value_is() -> None:
    rows = (row(户主姓名="张三", 备注=f"电话{MOBILE}", 面积备注="1"), row(小班号="2", 户主姓名="", 备注=IDENTITY))
    found, findings = taken(*rows)
    told = only(findings, "R209")
    assert told.message.zh == "有个人信息：“户主姓名”个人信息（看标题） 1 行；“备注”手机号码 1 行；“备注”身份证号 1 行。"
    assert told.value == 3
    assert "张三" not in str(findings)
    assert IDENTITY not in str(findings)
    assert "户主姓名" in found.unused
    assert not any(IDENTITY in str(value) or "张三" in str(value) for value in found.rows.drop(columns="geometry").to_numpy().ravel())


def test_decimals_of_an_area_are_no_telephone_number() -> None:
    _, findings = taken(row(上报面积亩=24.13800138000, 图形面积="105.13900138001"), row(小班号="2", 上报面积亩=13800138000.0))
    assert only(findings, "R209").message.zh == "有个人信息：“上报面积亩”手机号码 1 行。"


def test_a_personal_column_that_is_used_is_told_to_enter_the_ledger() -> None:
    _, findings = taken(row(户主姓名="张三"), fields={"name": "户主姓名"})
    assert only(findings, "R209").message.zh.endswith("其中 户主姓名 用上了，会进台账。")


def test_numbers_in_texts_that_are_kept_are_masked() -> None:
    found, findings = taken(row(责任单位=f"甲 {MOBILE}"), row(小班号="2", 责任单位="乙"), row(小班号="3", 责任单位=IDENTITY))
    assert found.rows["unit"].tolist() == ["甲 138********", "乙", "110***************"]
    assert only(findings, "R210").message.zh == "unit 里的个人号码已打星号：第 1、3 行。"


def test_a_number_that_is_a_persons_is_refused_and_a_code_is_not() -> None:
    left, findings = refused(row(小班号=IDENTITY), row(小班号="5223281022000000012"), row(小班号=MOBILE))
    assert left == [(1, "R229")]
    assert IDENTITY not in only(findings, "R229").message.zh


def test_surveyed_figures_want_the_day_of_the_survey() -> None:
    rows = (row(成活率="90"), row(小班号="2", 成活率="90", 调查日期="2025-01-02"), row(小班号="3", 上报面积亩="1"))
    assert only(taken(*rows)[1], "R211").message.zh == "有成活率，没有调查日期：第 1 行。"
    assert "R211" not in codes(taken(rows[1])[1])
