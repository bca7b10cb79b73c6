"""What stands on a paper, before anybody knows whether it becomes a PDF or a Word file: sections of lines, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..personal import masked
from ..text import half_widths, language, visible


@dataclass(frozen=True)
class Lines:
    """Short paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table; from column ``right`` on cells stand to the right, ``last`` rows at the end are sums."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: int = 1
    last: int = 0

    def shares(self) -> tuple[int, ...]:
        """How wide each column is to be, in half-width letters: its longest text, a long one broken over lines, but never a word."""
        made = []
        for column in range(len(self.heads)):
            texts = [row[column] for row in (self.heads, *self.rows)]
            word = max(half_widths(one) for text in texts for one in _WORD.findall(text) or [""])
            made.append(max(word, min(max(half_widths(text) for text in texts), _BROKEN_AT)) + _AROUND)
        return tuple(made)

    def size_pt(self) -> float:
        """How large its letters are: a table with more to say is set smaller, never with one text on another."""
        return min(LARGEST_PT, 2 * ROOM_PT / sum(self.shares()))


_WORD = re.compile(r"[!-~]+|\S")
_BROKEN_AT, _AROUND = 44, 3
LARGEST_PT, ROOM_PT = 8.2, 482.0
"""The size of a table's letters, and how wide a page is."""


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


CUT_MM = 8.5
"""What is left out of each edge of a sheet of A4, where nothing is printed."""
WIDE_MM = 297 - 2 * CUT_MM
Part: TypeAlias = "Lines | Grid | Picture | Sheet"


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; on a page of its own if it is to begin one. A sheet is alone in its section."""

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


def plain(text: object) -> str:
    """A text as paper takes it: no control characters, personal numbers masked."""
    return visible(masked(str(text)))


def grid(heads: Sequence[object], rows: Sequence[Sequence[object]], *, right: int = 1, last: int = 0) -> Grid:
    """A table of anything that has a text."""
    told = tuple(tuple(plain(cell) for cell in row) for row in rows)
    return Grid(tuple(plain(head) for head in heads), told, right, last)


def lines(*texts: object) -> Lines:
    """Short paragraphs of anything that has a text."""
    return Lines(tuple(plain(text) for text in texts))


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as JSON for a template: each part says what it is, pictures are by the names of their files."""
    told = asdict(paper) | {"lang": language(), "wide_mm": WIDE_MM}
    for section, given in zip(told["sections"], paper.sections, strict=True):
        for part, known in zip(section["parts"], given.parts, strict=True):
            part["kind"] = type(known).__name__.lower()
            if isinstance(known, Picture | Sheet):
                part["path"] = known.path.name
            elif isinstance(known, Grid):
                part |= {"shares": known.shares(), "size_pt": known.size_pt()}
    return told
