"""What stands on a paper, before anybody knows whether it becomes a PDF or a Word file: sections of lines, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, TypeAlias
from unicodedata import east_asian_width

from ..personal import masked
from ..tables import FOOT, Page
from ..text import language, visible


@dataclass(frozen=True)
class Lines:
    """Short paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: its headings, those of a group under one (``unders``), and its rows.

    Attributes
    ----------
    unders
        What stands above each heading, the same for neighbours under one; empty where nothing does.
    is_number
        By column, whether its cells stand to the right.
    sums
        The places of the rows that are sums.
    widest
        A text longer than this, in half-width letters, is broken over lines; by column where a layout says so.
    row_mm
        For a table that is filled in by hand: how high its rows are. Its columns are equal, and it is as wide as the page.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]
    sums: tuple[int, ...] = ()
    unders: tuple[str, ...] = ()
    widest: tuple[int, ...] = ()
    row_mm: float = 0.0

    def shares(self) -> tuple[int, ...]:
        """How wide each column is to be, in half-width letters: its longest text, a long one broken over lines, but never a word."""
        if self.row_mm:
            return (1,) * len(self.heads)
        made = []
        for column in range(len(self.heads)):
            texts = {row[column] for row in (self.heads, *self.rows)}
            word = max(_wide(one) for text in texts for one in re.split(_BREAKS, text))
            widest = self.widest[column] if self.widest else _BROKEN_AT
            made.append(ceil(max(word, min(max(map(_wide, texts)), widest))) + _AROUND)
        return tuple(made)

    def size_pt(self, room_pt: float) -> float:
        """How large its letters are: a table with more to say is set smaller, never with one text on another."""
        return max(SMALLEST_PT, min(LARGEST_PT, 2 * room_pt / sum(self.shares())))

    def groups(self) -> list[tuple[int, int, str]]:
        """Runs of columns under the same heading, and each of the others by itself: first, how many, the heading above."""
        made: list[tuple[int, int, str]] = []
        for at, under in enumerate(self.unders):
            if made and under and made[-1][2] == under:
                made[-1] = (made[-1][0], made[-1][1] + 1, under)
            else:
                made.append((at, 1, under))
        return made


def _wide(text: str) -> float:
    """How wide a text is set, in half-width letters: a figure or Latin letter of a Chinese font is wider than half of a Chinese one."""
    return sum(2.0 if east_asian_width(mark) in "WFA" else 1.15 for mark in text)


_BROKEN_AT, _AROUND = 44, 3
_BREAK = "\u200b"
_BREAKS = re.compile(rf"[\s{_BREAK}]|(?<=[^!-~])|(?=[^!-~])")
"""Where a line may end: at a blank, at a place made for it, and beside a letter that is not of ASCII."""
_LONG = re.compile(r"([!-~]{60})(?=[!-~])")
"""Sixty letters of a word that goes on: longer than any number of a site."""
LARGEST_PT, SMALLEST_PT, ROOM_PT = 8.2, 4.5, 482.0
"""The size of a table's letters, and how wide a page is."""
_MM_PT = 72 / 25.4


@dataclass(frozen=True)
class Picture:
    """A PNG, and what it shows."""

    path: Path
    shows: str


@dataclass(frozen=True)
class Sheet:
    """A map true to scale: a PNG that is `WIDE_MM` wide on paper, alone on a page across. Its title stands in it."""

    path: Path
    shows: str


@dataclass(frozen=True)
class Form:
    """A table that an office hands in, alone on pages across: its title is that of its section.

    Attributes
    ----------
    left, right
        What stands above the table: who and when; the unit.
    foot
        Who signs.
    paper
        ``A3`` or ``A4``.
    """

    grid: Grid
    left: str
    right: str
    foot: tuple[str, ...]
    notes: tuple[str, ...]
    paper: str

    @property
    def size_mm(self) -> tuple[float, float]:
        """How wide and high a page is."""
        return {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}[self.paper]

    @property
    def room_pt(self) -> float:
        """How wide the table may be."""
        return (self.size_mm[0] - 2 * FORM_EDGE_MM) * _MM_PT


FORM_EDGE_MM = 15.0
"""The margin of a page with an office's table."""
CUT_MM = 8.5
"""What is left out of each edge of a sheet of A4, where nothing is printed."""
WIDE_MM = 297 - 2 * CUT_MM
Part: TypeAlias = "Lines | Grid | Picture | Sheet | Form"


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; on a page of its own if it is to begin one. A sheet or a form is alone in its section."""

    heading: str
    parts: tuple[Part, ...]
    on_new_page: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole paper: every text is plain, and shown as it is."""

    title: str
    under: tuple[str, ...]
    banner: str
    sections: tuple[Section, ...]

    def count_cells(self) -> int:
        """How many cells its tables have."""
        parts = [part for section in self.sections for part in section.parts]
        tables = [part.grid if isinstance(part, Form) else part for part in parts if isinstance(part, Grid | Form)]
        return sum(len(table.heads) * (1 + len(table.rows)) for table in tables)


def plain(text: object) -> str:
    """A text as paper takes it: no control characters, personal numbers masked."""
    return visible(masked(str(text)))


def grid(heads: Sequence[object], rows: Sequence[Sequence[object]], *, right: int = 1, last: int = 0) -> Grid:
    """A table of anything that has a text; from column ``right`` on cells stand to the right, ``last`` rows at the end are sums."""
    told = tuple(tuple(_breakable(plain(cell)) for cell in row) for row in rows)
    is_number = tuple(at >= right for at in range(len(heads)))
    return Grid(tuple(plain(head) for head in heads), told, is_number, tuple(range(len(told) - last, len(told))))


def form_of(page: Page) -> Form:
    """An office's table on paper: what stands on a sheet of a workbook, and as wide as there."""
    told = [cells for _, cells in page.lines]
    table = Grid(
        tuple(plain(heading) for _, heading in page.headings),
        tuple(tuple(_breakable(plain(cell.text)) for cell in cells) for cells in told),
        is_number=tuple(any(cells[at].number is not None for cells in told) for at in range(len(page.headings))),
        sums=tuple(at for at, (is_total, _) in enumerate(page.lines) if is_total),
        unders=tuple(plain(under) for under, _ in page.headings),
        widest=tuple(map(int, page.widths)),
    )
    return Form(table, plain(page.left), plain(page.right), tuple(map(str, FOOT)), tuple(map(plain, page.notes)), page.paper)


def _breakable(text: str) -> str:
    """A text whose long words may be broken, at places that nobody sees."""
    return _LONG.sub(rf"\1{_BREAK}", text)


def lines(*texts: object) -> Lines:
    """Short paragraphs of anything that has a text."""
    return Lines(tuple(plain(text) for text in texts))


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as JSON for a template: each part says what it is, pictures are by the names of their files."""
    sections = [{**vars(section), "parts": [_part_data(part) for part in section.parts]} for section in paper.sections]
    about = {"lang": language(), "wide_mm": WIDE_MM, "form_edge_mm": FORM_EDGE_MM, "largest_pt": LARGEST_PT}
    return {**vars(paper), **about, "sections": sections}


def _part_data(part: Part) -> dict[str, Any]:
    kind = type(part).__name__.lower()
    if isinstance(part, Picture | Sheet):
        return {**vars(part), "kind": kind, "path": part.path.name}
    if isinstance(part, Form):
        return {**vars(part), "kind": kind, "grid": _grid_data(part.grid, part.room_pt)}
    return {**_grid_data(part, ROOM_PT), "kind": kind} if isinstance(part, Grid) else {**vars(part), "kind": kind}


def _grid_data(table: Grid, room_pt: float) -> dict[str, Any]:
    return {**vars(table), "shares": table.shares(), "size_pt": table.size_pt(room_pt), "groups": table.groups()}
