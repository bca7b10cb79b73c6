"""A row of which nobody knows whose it is: nothing of it is written, nothing is lost, and it comes back for no other site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from restoration.project import Project

from .books import HEADING_ROW, ONE, THREE, TWO, Book, applied, told

Make = Callable[[], Book]
TYPED = {"上报面积(亩)": 371, "日期": "2021-12-31"}
OPEN = (
    "新状态",
    "日期",
    "文号",
    "调查日期",
    "上报面积(亩)",
    "核实面积(亩)",
    "核实合格面积(亩)",
    "成活率(%)",
    "综合盖度(%)",
    "郁闭度",
    "说明",
)


def put_rows(book: Book, columns: range, order: list[int]) -> None:
    """Put the rows into another order, some columns only."""
    was = book.around()
    for row, old in enumerate(order):
        for column in columns:
            book.sheet.cell(HEADING_ROW + 1 + row, column).value = was[old][column - 1]


def sorted_without_hidden(book: Book) -> None:
    """Sort what is seen; the hidden columns stay."""
    put_rows(book, range(1, book.column("_site")), [2, 0, 1])


def hidden_number_changed(book: Book) -> None:
    """Give a row the hidden number of another."""
    book.put(ONE, {"_site": TWO})


def sorted_from_the_second_column(book: Book) -> None:
    """Sort what is seen but the numbers."""
    put_rows(book, range(2, book.column("_site")), [2, 0, 1])


def pasted_over(book: Book) -> None:
    """Paste what is seen of a row over another."""
    put_rows(book, range(1, book.column("_site")), [0, 0, 2])
    book.sheet.cell(HEADING_ROW + 1, book.column("上报面积(亩)")).value = None
    book.sheet.cell(HEADING_ROW + 1, book.column("日期")).value = None


def added(book: Book) -> None:
    """Write a site's number and figures below the others."""
    last = book.sheet.max_row + 1
    for heading in ("编号", "名称", *TYPED):
        book.sheet.cell(last, book.column(heading)).value = book.value(ONE, heading)
    book.put(ONE, dict.fromkeys(TYPED))


def forged(book: Book) -> None:
    """Change what shows that hidden cells are unchanged."""
    book.put(ONE, {"_seal": book.value(TWO, "_seal")})


@pytest.mark.parametrize(
    ("change", "row", "stands", "shown"),
    [
        (sorted_without_hidden, 5, ONE, f"{ONE} 红岩1班"),
        (hidden_number_changed, 4, ONE, f"{ONE} 红岩1班"),
        (sorted_from_the_second_column, 5, TWO, f"{TWO} 红岩1班"),
        (pasted_over, 5, ONE, f"{ONE} 红岩1班"),
        (added, 7, ONE, f"{ONE} 红岩1班"),
        (forged, 4, ONE, f"{ONE} 红岩1班"),
    ],
)
def test_a_row_that_may_be_another_sites_comes_back_empty_with_what_was_typed_in_the_reason(
    project: Path, made: Make, change: Callable[[Book], None], row: int, stands: str, shown: str
) -> None:
    book = made()
    book.put(ONE, TYPED)
    change(book)
    said = applied(project, book.save(), "--format", "json")
    (line,) = said.data()["rows"]
    assert (said.code, line["row"], line["site_id"], line["outcome"]) == (2, row, stands, "refused")
    back = Book(project.with_name("表-退回.xlsx"))
    assert back.sites() == [stands]
    assert [back.value(stands, heading) for heading in OPEN] == [None] * len(OPEN)
    assert str(back.value(stands, "没有采用的原因")).startswith(f"原表第 {row} 行（{shown}）写的是：日期 2021-12-31，上报面积(亩) 371。")
    again = applied(project, back.path)
    assert (again.code, "没有要写入的。" in again.out) == (0, True)
    assert "退回的行里还空着的：第 4 行。" in again.out
    held = Project.open(project, read_only=True)
    assert {len(held.history(site)) for site in (ONE, TWO, THREE)} == {2}


def test_a_row_whose_site_has_a_row_of_its_own_comes_back_as_none_that_can_be_filled_in(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, TYPED)
    put_rows(book, range(1, book.column("_site")), [0, 0, 2])
    book.sheet.cell(5, book.column("上报面积(亩)")).value = 375
    assert applied(project, book.save()).code == 2
    back = Book(project.with_name("表-退回.xlsx"))
    assert back.sites() == [ONE, "None"]
    assert back.value(ONE, "上报面积(亩)") == "371"
    assert {back.sheet.cell(5, back.column(heading)).value for heading in OPEN} == {None}
    assert all(back.sheet.cell(5, back.column(heading)).protection.locked for heading in OPEN)
    assert "上报面积(亩) 375" in str(back.sheet.cell(5, back.column("没有采用的原因")).value)
    assert applied(project, back.path).code == 0
    held = Project.open(project, read_only=True)
    assert held.history(ONE)[-1].state.measured["reported_m2"] == pytest.approx(371 * 2000 / 3)
    assert len(held.history(TWO)) == 2


def test_a_row_that_was_given_anothers_hidden_number_does_not_stop_that_one(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {**TYPED, "_site": TWO})
    book.put(TWO, {"上报面积(亩)": 5, "日期": "2021-12-31"})
    assert {site: row[0] for site, row in told(project, book).items()} == {ONE: "refused", TWO: "taken"}


def test_a_row_with_changed_hidden_cells_is_told_so_whatever_else_is_wrong_in_it(project: Path, made: Make) -> None:
    book = made()
    book.put(ONE, {"上报面积(亩)": "约300", "日期": "2021-12-31", "_seal": "x"})
    assert told(project, book)[ONE][2] == "隐藏列被改动过，与台账对不上。"


@pytest.mark.parametrize("first", [1, 2])
def test_rows_in_which_nothing_is_filled_in_may_stand_in_any_order(project: Path, made: Make, first: int) -> None:
    Project.open(project).measure(TWO, measured={"verified_m2": 12_345.678}, by="甲", on=date(2021, 3, 3))
    book = made()
    put_rows(book, range(first, book.column("_site")), [2, 0, 1])
    assert told(project, book) == {}
    book.sheet.cell(4, book.column("现核实面积(亩)")).value = 55
    assert len(told(project, book)) == 1


def test_a_long_text_of_a_row_that_comes_back_is_whole(project: Path, made: Make) -> None:
    book = made()
    words: dict[str, Any] = {"说明": "看过" * 1_900, "_site": TWO}
    book.put(ONE, {**TYPED, **words})
    assert applied(project, book.save()).code == 2
    back = Book(project.with_name("表-退回.xlsx"))
    assert words["说明"] in str(back.value(ONE, "没有采用的原因"))
    assert 400 < (back.sheet.row_dimensions[4].height or 0) <= 409
