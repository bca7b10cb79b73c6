"""What stands in a cell, in all the ways that offices write it."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration.readers.cells import (
    as_area,
    as_date,
    as_id,
    as_month,
    as_number,
    as_serial,
    as_share,
    as_year,
    as_years,
    digits_lost,
    plain,
    read_each,
)


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05",
        "2021-3-5",
        "2021.3.5",
        "2021.03.05",
        "2021/3/5",
        "20210305",
        "2021年3月5日",
        "2021年03月05",
        "２０２１年３月５日",
        "２０２１．３．５",
        "2021-03-05 00:00:00",
        "2021年3月5号",
        "2021 年 3 月 5 日",
        "20210305.0",
        "2021-03-05T08:00:00.000+08:00",
    ],
)
def test_days_in_every_form(text: str) -> None:
    assert as_date(plain(text)) == date(2021, 3, 5)


@pytest.mark.parametrize("value", [date(2021, 3, 5), datetime(2021, 3, 5, 8, 0), pd.Timestamp("2021-03-05"), 20210305, 20210305.0])  # noqa: DTZ001
def test_days_that_are_no_text(value: object) -> None:
    assert as_date(plain(value)) == date(2021, 3, 5)


@pytest.mark.parametrize(
    "text", ["2021年3月", "2021-03", "2021", "44260", "2021-02-30", "2021-13-01", "5.3.2021", "2021.3-5", "去年", "99999-01-01"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        as_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_that_is_written_is_read(day: date) -> None:
    assert as_date(day.isoformat()) == as_date(day.strftime("%Y%m%d").zfill(8)) == as_date(f"{day.year}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0", "1"),
        (1.0, "1"),
        ("00１２", "0012"),
        (" 12 ", "12"),
        ("０12", "012"),
        ("007.0", "007"),
        ("红9", "红9"),
        ("12.5", "12.5"),
        ("1.0.0", "1.0.0"),
        (None, ""),
        (pd.NA, ""),
        (True, "True"),
    ],
)
def test_numbers_that_name_something(value: object, text: str) -> None:
    assert as_id(plain(value)) == text


@pytest.mark.parametrize(("text", "year"), [("2021", 2021), ("2021年", 2021), ("2021年度", 2021), ("2021.0", 2021)])
def test_years(text: str, year: int) -> None:
    assert as_year(text) == year


@pytest.mark.parametrize("text", ["21", "2021-03", "1900", "2999", "20210305", "二〇二一"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        as_year(text)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("300亩", 300, "mu"),
        ("３００亩", 300, "mu"),
        ("12.5公顷", 12.5, "ha"),
        ("12.5 ha", 12.5, "ha"),
        ("2000㎡", 2000, "m2"),
        ("0.3平方公里", 0.3, "km2"),
        ("1,234.5", 1234.5, ""),
        ("0", 0, ""),
        ("1e3", 1000, ""),
    ],
)
def test_areas_with_their_unit(text: str, number: float, unit: str) -> None:
    assert as_area(plain(text)) == (number, unit)


@pytest.mark.parametrize("text", ["-3", "-3亩", "约300亩", "300英亩", "亩", "1,23", "nan", "inf", "1e999", "***", "12.5.6"])
def test_what_is_no_area(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        as_area(text)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [("85", "survival_pct", 85), ("85%", "cover_pct", 85), ("0.6", "canopy_ratio", 0.6), ("60%", "canopy_ratio", 0.6)],
)
def test_shares(text: str, name: str, value: float) -> None:
    assert as_share(text, name=name) == value


@pytest.mark.parametrize(("text", "name"), [("101", "survival_pct"), ("-1", "cover_pct"), ("60", "canopy_ratio"), ("高", "cover_pct")])
def test_what_is_no_share(text: str, name: str) -> None:
    with pytest.raises(ValueError, match=text):
        as_share(text, name=name)


def test_whole_years() -> None:
    assert [as_years(text) for text in ("5", "5年", "5.0")] == [5, 5, 5]
    with pytest.raises(ValueError, match=r"2\.5"):
        as_years("2.5")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_that_is_written_is_read(number: float) -> None:
    assert as_number(repr(number)) == number


def test_each_text_is_read_once() -> None:
    seen: list[str] = []

    def parse(text: str) -> int:
        seen.append(text)
        return int(text)

    assert read_each(["1", "x", "", "1", "x"], parse) == ([1, None, None, 1, None], [1, 4])
    assert seen == ["1", "x"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021年3月", date(2021, 3, 31)),
        ("２０２１年２月", date(2021, 2, 28)),
        ("2020-02", date(2020, 2, 29)),
        ("2021/12", date(2021, 12, 31)),
        ("2021年3月份", date(2021, 3, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(text: str, day: date) -> None:
    assert as_month(plain(text)) == day


@pytest.mark.parametrize("text", ["2021.3", "2021", "2021年13月", "2021年0月", "3月", "2021-03-05"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        as_month(text)


@pytest.mark.parametrize("value", ["44260", 44260, 44260.0, "44260.5", "４４２６０"])
def test_a_spreadsheet_s_count_of_days(value: object) -> None:
    assert as_serial(plain(value)) == date(2021, 3, 5)


@pytest.mark.parametrize("text", ["4426", "10000", "99999", "44260 ", "-44260", "20210305"])
def test_what_is_no_count_of_days(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        as_serial(text)


@pytest.mark.parametrize("value", [5223281012000010001.0, 9007199254740992.0, "5.22328E+18"])
def test_a_number_that_lost_its_digits_is_known(value: object) -> None:
    assert digits_lost(value)


@pytest.mark.parametrize("value", [9007199254740991.0, "5223281012000010001", 5223281012000010001, "1E3", 12.0, None, float("nan")])
def test_a_number_that_has_its_digits_is_left_alone(value: object) -> None:
    assert not digits_lost(value)
