"""Workbooks: text stays text, nought is blank, the same content is the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from restoration.errors import CannotWrite
from restoration.workbooks import content_of, put_number, put_text, save


def book_of(*texts: str) -> Workbook:
    book = Workbook()
    for row, text in enumerate(texts, 1):
        put_text(book.worksheets[0].cell(row, 1), text)
    return book


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "\t=1", "5223281022000000012", "0012", " =HYPERLINK(1)"])
def test_a_text_is_neither_formula_nor_number(text: str) -> None:
    cell = load_workbook(io.BytesIO(content_of(book_of(text)))).worksheets[0].cell(1, 1)
    assert cell.data_type == "s"
    assert str(cell.value).strip() == text.strip()
    assert cell.number_format == "@"
    sheet = zipfile.ZipFile(io.BytesIO(content_of(book_of(text)))).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_what_would_be_a_formula_stays_text_when_somebody_edits_it() -> None:
    read = load_workbook(io.BytesIO(content_of(book_of("=1+1", "小班")))).worksheets[0]
    assert (read.cell(1, 1).quotePrefix, read.cell(2, 1).quotePrefix) == (True, False)


def test_control_characters_do_not_break_the_file() -> None:
    read = load_workbook(io.BytesIO(content_of(book_of("a\x00b\x1b[31m\u202ec"))))
    assert read.worksheets[0].cell(1, 1).value == "a b [31m c"


def test_nought_is_shown_as_nothing_unless_it_says_something() -> None:
    book = Workbook()
    put_number(book.worksheets[0].cell(1, 1), 0.0, digits=2)
    put_number(book.worksheets[0].cell(2, 1), 0.0, digits=1, zero=True)
    formats = [book.worksheets[0].cell(row, 1).number_format for row in (1, 2)]
    assert formats == ["0.00;-0.00;;@", "0.0"]


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    assert content_of(book_of("甲")) == content_of(book_of("甲"))
    out = save(book_of("甲"), tmp_path / "a.xlsx")
    assert out.read_bytes() == content_of(book_of("甲"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        save(book_of("甲"), tmp_path / "none" / "a.xlsx")
