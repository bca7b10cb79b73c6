"""A paper as a Word file, by python-docx: the one place that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import BadZipFile

from ..errors import FileRefused
from ..text import Text
from ..workbooks import timeless
from .paper import FORM_EDGE_MM, ROOM_PT, SMALLEST_PT, WIDE_MM, Form, Grid, Lines, Paper, Part, Picture, Sheet

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FONT = "Microsoft YaHei"
_BOLDER_PT = 1.0
"""So much smaller are the letters of a table in Word, whose fonts may be wider than those of a PDF."""
_STYLES = ("Title", "Heading 1", "Table Grid")
"""What a paper is set in, beside a form's usual style."""
_HEAD, _SUM = "E3ECE6", "F4F3EE"
"""The colours under headings and sums."""
_EMU, _TWENTIETHS = 12700, 635
"""A point, and a twentieth of one, in the unit of Word."""
_MM_TWENTIETHS = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
_GAP = 6 * _EMU
"""What is left free between a table and the line or picture below it."""


def word_of(paper: Paper, form: Path | None) -> bytes:
    """A paper as a Word file, in the styles of a form.

    Raises
    ------
    FileRefused
        The form cannot be opened.
    """
    book = _word_book(form)
    book.core_properties.created = book.core_properties.modified = _EPOCH
    book.core_properties.author = "restoration"
    page = book.sections[0]
    _put_banner(page, paper.banner)
    book.add_heading(paper.title, level=0)
    for line in paper.under:
        book.add_paragraph(line)
    wide = page.page_width - page.left_margin - page.right_margin
    is_across = False
    for section in paper.sections:
        alone = section.parts[0] if section.parts else None
        if isinstance(alone, Sheet | Form):
            _add_sheet(book, alone) if isinstance(alone, Sheet) else _add_form(book, section.heading, alone, paper.banner)
            is_across = True
            continue
        if is_across:
            _turn_upright(book, paper.banner)
            is_across = False
        elif section.on_new_page:
            book.add_page_break()
        book.add_heading(section.heading, level=1)
        for part in section.parts:
            _add(book, part, wide)
    made = BytesIO()
    book.save(made)
    return timeless(made.getvalue())


def _word_book(form: Path | None) -> Any:
    import docx  # noqa: PLC0415 - an extra
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    try:
        book: Any = docx.Document(str(form) if form else None)
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise FileRefused(
            Text(f"Word 样式文件 {form} 打不开。", f"The Word form {form} cannot be opened."),
            Text("请用 Word 或 WPS 另存为 .docx 再试。", "Save it anew as .docx and try again."),
        ) from error
    page = book.sections[0]
    if form is not None:
        _complete(book, docx.Document())
    if form is None or None in (page.page_width, page.page_height, page.left_margin, page.right_margin):
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(18)
    if form is None:
        for name in ("Normal", "Title", "Heading 1"):
            book.styles[name].font.name = _FONT
            book.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
        book.styles["Normal"].font.size = Pt(10)
        book.styles["Normal"].paragraph_format.space_after = Pt(4)
    return book


def _complete(book: Any, usual: Any) -> None:
    """Give a form the styles that it lacks: Word keeps only those in a file that it has used."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - an extra

    for name in _STYLES:
        if name in book.styles:
            continue
        style = deepcopy(usual.styles[name].element)
        for linked in ("w:basedOn", "w:next", "w:link"):  # by their ids in the other file
            for element in style.findall(qn(linked)):
                style.remove(element)
        style.set(qn("w:styleId"), f"restoration{usual.styles[name].style_id}")
        book.styles.element.append(style)


def _add(book: Any, part: Part, wide: Any) -> None:
    if isinstance(part, Grid):
        _add_table(book, part, wide, ROOM_PT)
    elif isinstance(part, Picture):
        paragraph = book.add_paragraph()
        paragraph.paragraph_format.space_before = _GAP
        paragraph.add_run().add_picture(str(part.path), width=wide)
        book.add_paragraph(part.shows)
    elif isinstance(part, Lines):
        for text in part.texts:
            book.add_paragraph(text).paragraph_format.space_before = _GAP


def _turn_across(book: Any, size_mm: tuple[float, float], edge_mm: float) -> Any:
    """Pages across, with an edge that is the same all around."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - an extra
    from docx.shared import Mm  # noqa: PLC0415

    across = book.add_section()
    across.orientation, (across.page_width, across.page_height) = WD_ORIENT.LANDSCAPE, map(Mm, size_mm)
    across.left_margin = across.right_margin = across.top_margin = across.bottom_margin = Mm(edge_mm)
    across.header.is_linked_to_previous = across.different_first_page_header_footer = False
    return across


def _put_banner(section: Any, banner: str) -> None:
    """A line above every page, below what a form has there."""
    headers = [section.header, *([section.first_page_header] if section.different_first_page_header_footer else [])]
    for header in headers if banner else []:
        first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        (header.add_paragraph() if first.text.strip() else first).text = banner


def _add_form(book: Any, title: str, part: Form, banner: str) -> None:
    """An office's table on pages of its own paper."""
    across = _turn_across(book, part.size_mm, FORM_EDGE_MM)
    _put_banner(across, banner)
    book.add_heading(title, level=1)
    wide = across.page_width - across.left_margin - across.right_margin
    _add_aside(book, part.left, part.right, wide)
    _add_table(book, part.grid, wide, part.room_pt)
    book.add_paragraph(("\u3000" * 6).join(part.foot)).paragraph_format.space_before = _GAP
    for note in part.notes:
        book.add_paragraph(note)


def _add_aside(book: Any, left: str, right: str, wide: Any) -> None:
    """A line with a text at each end."""
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415 - an extra

    line = book.add_paragraph(f"{left}\t{right}")
    line.paragraph_format.tab_stops.add_tab_stop(wide, WD_TAB_ALIGNMENT.RIGHT)


def _add_sheet(book: Any, part: Sheet) -> None:
    """A map in its own size on a page across; the mark of an internal map stands in the map."""
    from docx.shared import Mm  # noqa: PLC0415 - an extra

    across = _turn_across(book, (297.0, 210.0), 7.0)
    across.header_distance = across.footer_distance = Mm(0)
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.space_after = 0
    paragraph.add_run().add_picture(str(part.path), width=Mm(WIDE_MM))


def _turn_upright(book: Any, banner: str) -> None:
    """Pages as the first one, behind those across."""
    upright = book.add_section()
    first = book.sections[0]  # asked for anew: what was the last section before stands for the new one now
    for name in _PAGE:
        setattr(upright, name, getattr(first, name))
    upright.header.is_linked_to_previous = upright.different_first_page_header_footer = False
    _put_banner(upright, banner)


_PAGE = ("orientation", "page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin", "header_distance",
         "footer_distance")  # fmt: skip


def _add_table(book: Any, part: Grid, wide: Any, room_pt: float) -> None:
    """A table, its rows written as they stand in the file: to make each cell by itself takes a minute for a few thousand sites."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - an extra
    from docx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    shares = part.shares()
    widths = [int(wide) * share // sum(shares) for share in shares]
    table = book.add_table(rows=0, cols=len(part.heads))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    (look,) = table._tbl.tblPr.findall(qn("w:tblLook"))
    look.addprevious(parse_xml(_MARGINS.format(names=nsdecls("w"))))  # in the order that Word asks for
    for row in _rows(part, [width // _TWENTIETHS for width in widths], round(2 * max(part.size_pt(room_pt) - _BOLDER_PT, SMALLEST_PT))):
        table._tbl.append(parse_xml(f"<w:tr {nsdecls('w')}>{row}</w:tr>"))


_MARGINS = (
    '<w:tblCellMar {names}><w:top w:w="20" w:type="dxa"/><w:left w:w="50" w:type="dxa"/>'
    '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
)
_AGAIN = "<w:trPr><w:tblHeader/></w:trPr>"
"""What makes a row come again at the top of every page."""


def _rows(part: Grid, widths: list[int], half_points: int) -> Iterator[str]:
    """The rows of a table as XML; ``widths`` in twentieths of a point."""
    if any(part.unders):
        groups = part.groups()
        yield _AGAIN + "".join(
            _cell(
                under or part.heads[first],
                sum(widths[first : first + count]),
                half_points,
                fill=_HEAD,
                across="center",
                joined=(count, not under),
            )
            for first, count, under in groups
        )
    for_heads = zip(part.heads, widths, part.unders or [""] * len(widths), strict=True)
    is_double = any(part.unders)
    yield _AGAIN + "".join(
        _cell(head, width, half_points, fill=_HEAD, across="center")
        if under or not is_double
        else f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vMerge/></w:tcPr><w:p/></w:tc>'
        for head, width, under in for_heads
    )
    sums, sides = set(part.sums), ["right" if is_number else "left" for is_number in part.is_number]
    for at, row in enumerate(part.rows):
        fill = _SUM if at in sums else ""
        height = f'<w:trPr><w:trHeight w:val="{round(part.row_mm * _MM_TWENTIETHS)}"/></w:trPr>' if part.row_mm else ""
        yield height + "".join(
            _cell(text, width, half_points, fill=fill, across=side) for text, width, side in zip(row, widths, sides, strict=True)
        )


def _cell(text: str, width: int, half_points: int, *, fill: str, across: str, joined: tuple[int, bool] = (1, False)) -> str:
    """A cell; a filled one is bold. ``joined``: how many columns it spans, and whether the one below it is one with it."""
    size = f'<w:sz w:val="{half_points}"/>'
    held = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{joined[0]}"/>' if joined[0] > 1 else "")
        + ('<w:vMerge w:val="restart"/>' if joined[1] else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/><w:vAlign w:val="center"/>' if fill else "")
        + f'</w:tcPr><w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{across}"/><w:rPr>{size}</w:rPr></w:pPr>'
        f"<w:r><w:rPr>{'<w:b/>' if fill else ''}{size}</w:rPr>{held}</w:r></w:p></w:tc>"
    )
