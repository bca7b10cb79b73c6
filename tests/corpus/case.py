"""One file as an office may send it, and what a person who knows the office says should become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from restoration.errors import FileRefused, RestorationError
from restoration.readers import Given

Make = Callable[[Path], Path]
"""Writes the file, and what belongs beside it, into an empty folder; gives what is handed in."""
USUAL = Given(measure="人工造林", plan_year=2021)
"""What the clerk says of all rows."""


@dataclass(frozen=True)
class Taken:
    """The file is taken, with what is told and the rows that stay behind.

    Attributes
    ----------
    rows
        Rows that are taken, of all layers.
    told
        Codes of what is told beside the refused rows, each once; the note on columns (R201) is always told and not named.
    left
        Row → the code that says why it stays behind.
    mu
        Area of record of the rows taken, 亩, known to 0.01.
    crs, encoding
        How every layer was read.
    layers
        Names of the layers.
    says
        Column → what it says of each row taken.
    is_cut
        Whether half a character came, which shows as U+FFFD.
    doubled
        How many of the rows an import refuses, because another layer of the file has the same site.
    """

    rows: int
    told: Sequence[str] = ()
    left: Mapping[int, str] = field(default_factory=dict)
    mu: float | None = None
    crs: str = ""
    encoding: str = ""
    layers: Sequence[str] = ()
    says: Mapping[str, Sequence[object]] = field(default_factory=dict)
    is_cut: bool = False
    doubled: int = 0


@dataclass(frozen=True)
class Refused:
    """The file is refused as a whole: words that the fact and the way out must hold, in Chinese."""

    fact: str
    way_out: str = ""
    kind: type[RestorationError] = FileRefused


@dataclass(frozen=True)
class Case:
    """One file of the corpus.

    Attributes
    ----------
    id
        Its name in the table and of its test.
    holds
        What is in it, for the table.
    make
        Writes it.
    expected
        What should become of it.
    how
        Options of `readers.read`.
    ask
        Options of `readers.intake` beside the usual.
    limits
        Limits of `data/limits.toml` that are lowered, so that a large file need not be made.
    is_exact
        Whether it is written byte by byte, so that two makings are the same.
    """

    id: str
    holds: str
    make: Make
    expected: Taken | Refused
    how: Mapping[str, Any] = field(default_factory=dict)
    ask: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    is_exact: bool = True
