"""What stands on a paper, before anybody knows whether it becomes a PDF or a Word file: sections of lines, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..personal import masked
from ..text import language, visible


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
    wide: tuple[float, ...] = ()
    """How wide columns are beside each other; all the same if not given."""


@dataclass(frozen=True)
class Picture:
    """A PNG, and what it shows."""

    path: Path
    shows: str


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; on a page of its own if it is to begin one."""

    heading: str
    parts: tuple[Lines | Grid | Picture, ...]
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


def grid(heads: Sequence[object], rows: Sequence[Sequence[object]], *, right: int = 1, last: int = 0, wide: Sequence[float] = ()) -> Grid:
    """A table of anything that has a text."""
    told = tuple(tuple(plain(cell) for cell in row) for row in rows)
    return Grid(tuple(plain(head) for head in heads), told, right, last, tuple(wide))


def lines(*texts: object) -> Lines:
    """Short paragraphs of anything that has a text."""
    return Lines(tuple(plain(text) for text in texts))


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as JSON for a template: each part says what it is, pictures are by the names of their files."""
    told = asdict(paper) | {"lang": language()}
    for section, given in zip(told["sections"], paper.sections, strict=True):
        for part, known in zip(section["parts"], given.parts, strict=True):
            part["kind"] = type(known).__name__.lower()
            if isinstance(known, Picture):
                part["path"] = known.path.name
    return told
