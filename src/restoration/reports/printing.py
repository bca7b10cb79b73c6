"""A paper as a file: PDF by typst, Word by python-docx. The one place that knows either."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from ..data import builtin
from ..errors import FileRefused, MissingExtra, UnknownName
from ..naming import replace_file
from ..text import Text
from ..workbooks import timeless
from .paper import WIDE_MM, Grid, Lines, Paper, Part, Picture, Sheet, as_data

FORM = Path(__file__).with_name("paper.typ")
WORD_FORM = "report-template.docx"
"""An office's own Word file beside the project: its styles and margins are used."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ENDINGS = (".pdf", ".docx")
_WORD_FONT = "Microsoft YaHei"
_BOLDER_PT = 1.0
"""So much smaller are the letters of a table in Word, whose cells have wider margins."""


def require_printable(out: Path, endings: tuple[str, ...] = ENDINGS) -> None:
    """Refuse a name that says no kind of paper, and a kind whose library is not installed.

    Raises
    ------
    UnknownName, MissingExtra
    """
    ending = out.suffix.lower()
    if ending not in endings:
        raise UnknownName(Text("文件类型", "kind of file"), out.suffix or out.name, endings)
    library = "typst" if ending == ".pdf" else "docx"
    if find_spec(library) is None:
        package = {"typst": "typst", "docx": "python-docx"}[library]
        raise MissingExtra(
            Text(f"出 {ending} 要用 {package}，还没有安装。", f"{ending} is made by {package}, which is not installed."),
            Text(
                f'请运行 pip install "restoration[report]"；断网的电脑：在能上网的同类电脑上 pip download {package} -d wheels，'
                f"拷过来后 pip install --no-index --find-links wheels {package}。",
                f'Run pip install "restoration[report]"; without a network: pip download {package} -d wheels on a like computer that '
                f"has one, copy the folder, then pip install --no-index --find-links wheels {package}.",
            ),
        )


def printed(make: Callable[[Path], Paper], out: Path, *, form: Path | None = None) -> Path:
    """Make a paper and write it as the kind of file that its name says, in one step; the same paper is the same PDF.

    Parameters
    ----------
    make
        Makes the paper; its pictures go into the folder that it is given.
    form
        A Word file whose styles are used.

    Raises
    ------
    UnknownName, MissingExtra, FileRefused, CannotWrite
    """
    require_printable(out)
    with tempfile.TemporaryDirectory(prefix="restoration-") as name:
        folder = Path(name)
        paper = make(folder)
        content = _pdf(paper, folder) if out.suffix.lower() == ".pdf" else _word(paper, form)
    replace_file(out, content)
    return out


def _pdf(paper: Paper, folder: Path) -> bytes:
    import typst  # noqa: PLC0415 - an extra

    data = as_data(paper) | {"fonts": _fonts()}
    (folder / "paper.json").write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    (folder / "paper.typ").write_bytes(FORM.read_bytes())
    made: Any = typst.compile(folder / "paper.typ", root=folder, format="pdf", timestamp=_EPOCH)
    assert isinstance(made, bytes)
    return made


def _fonts() -> list[str]:
    """The fonts of a PDF, a Chinese one first.

    Raises
    ------
    MissingExtra
        None is installed.
    """
    import typst  # noqa: PLC0415 - an extra

    installed = set(typst.Fonts().families())
    chinese = next((family for family in builtin("figure")["font"]["chinese"] if family in installed), "")
    if not chinese:
        raise MissingExtra(
            Text("这台电脑上没有中文字体，出不了 PDF。", "No Chinese font is installed: no PDF can be made."),
            Text(
                "请安装 思源黑体（Noto Sans CJK SC；Debian/Ubuntu 上 apt-get install fonts-noto-cjk）或 微软雅黑、黑体、宋体，再试一次。",
                "Install Noto Sans CJK SC (on Debian or Ubuntu: apt-get install fonts-noto-cjk), Microsoft YaHei, SimHei or SimSun.",
            ),
        )
    return [chinese]


def _word(paper: Paper, form: Path | None) -> bytes:
    book = _word_book(form)
    book.core_properties.created = book.core_properties.modified = _EPOCH
    book.core_properties.author = "restoration"
    page = book.sections[0]
    if paper.banner:
        page.header.paragraphs[0].text = paper.banner
    book.add_heading(paper.title, level=0)
    for line in paper.under:
        book.add_paragraph(line)
    wide = page.page_width - page.left_margin - page.right_margin
    is_across = False
    for section in paper.sections:
        if section.parts and isinstance(section.parts[0], Sheet):
            _add_sheet(book, section.parts[0])
            is_across = True
            continue
        if is_across:
            _turn_upright(book)
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
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise FileRefused(
            Text(f"Word 样式文件 {form} 打不开。", f"The Word form {form} cannot be opened."),
            Text("请用 Word 或 WPS 另存为 .docx 再试。", "Save it anew as .docx and try again."),
        ) from error
    if form is None:
        for name in ("Normal", "Title", "Heading 1"):
            book.styles[name].font.name = _WORD_FONT
            book.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _WORD_FONT)
        book.styles["Normal"].font.size = Pt(10)
        book.styles["Normal"].paragraph_format.space_after = Pt(4)
        page = book.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm(18)
    return book


def _add(book: Any, part: Part, wide: Any) -> None:
    if isinstance(part, Grid):
        _add_table(book, part, wide)
    elif isinstance(part, Picture):
        book.add_picture(str(part.path), width=wide)
        book.add_paragraph(part.shows)
    elif isinstance(part, Lines):
        for text in part.texts:
            book.add_paragraph(text)


def _add_sheet(book: Any, part: Sheet) -> None:
    """A map in its own size on a page across."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - an extra
    from docx.shared import Mm  # noqa: PLC0415

    across = book.add_section()
    across.orientation, across.page_width, across.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    across.left_margin = across.right_margin = across.top_margin = across.bottom_margin = Mm(7)
    across.header_distance = across.footer_distance = Mm(0)
    across.header.is_linked_to_previous = False  # the mark of an internal map stands in the map
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.space_after = 0
    paragraph.add_run().add_picture(str(part.path), width=Mm(WIDE_MM))


def _turn_upright(book: Any) -> None:
    """Pages as the first one, behind those across."""
    upright = book.add_section()
    first = book.sections[0]  # asked for anew: what was the last section before stands for the new one now
    for name in _PAGE:
        setattr(upright, name, getattr(first, name))
    upright.header.is_linked_to_previous = False
    upright.header.paragraphs[0].text = first.header.paragraphs[0].text


_PAGE = ("orientation", "page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin", "header_distance",
         "footer_distance")  # fmt: skip


def _add_table(book: Any, part: Grid, wide: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - an extra
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    table = book.add_table(rows=1 + len(part.rows), cols=len(part.heads))
    table.style = "Table Grid"
    table.autofit = False
    cells, shares = table._cells, part.shares()
    widths = [int(wide) * share // sum(shares) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # a head that comes again on every page
    size = Pt(part.size_pt() - _BOLDER_PT)
    for at, row in enumerate((part.heads, *part.rows)):
        for column, text in enumerate(row):
            cell = cells[at * len(row) + column]
            cell.width = widths[column]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = 0
            run = paragraph.add_run(text)
            run.bold, run.font.size = at == 0 or at > len(part.rows) - part.last, size
            if column >= part.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
