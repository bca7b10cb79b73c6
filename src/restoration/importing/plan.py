"""What an import plans: how files are read, what is to be written, what became of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import geopandas as gpd
import shapely

from ..model import Event, Finding, utc_now
from ..readers import Degrees, Given
from ..store import Entry, Head
from ..text import Text

SameGround = Literal["refuse", "renumber", "by_number"]
Outcome = Literal["new", "redrawn", "revised", "unchanged", "refused"]
OUTCOME_LABEL: dict[str, Text] = {
    "new": Text("新登记", "new"),
    "redrawn": Text("边界重划", "redrawn"),
    "revised": Text("内容有改", "revised"),
    "unchanged": Text("无变化", "unchanged"),
    "refused": Text("未采用", "refused"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """How files are to be read, their columns understood and their sites recognised.

    Attributes
    ----------
    encoding, crs, layer, swapped, shift, degrees
        As `readers.read` has them.
    unit, ids, fields, given
        As `readers.intake` has them.
    same_ground
        What becomes of a row whose polygon is that of another site of its measure and year: ``refuse``; ``renumber`` that site, which
        is no more in the file under its own number; or go ``by_number``, as the file says.
    offset_checked
        Somebody has seen that a layer which seems to be off as a whole is where it should be: tell it and take it.
    reference
        A file of polygons whose place is trusted, by which to see whether a layer is off, in place of the ledger's sites.
    profile, profiled
        The profile that options were taken from, and which of them (`profile.with_profile`).
    """

    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    swapped: bool | None = None
    shift: Sequence[float] | None = None
    degrees: Degrees | None = None
    unit: str | None = None
    ids: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=Given)
    same_ground: SameGround = "refuse"
    offset_checked: bool = False
    reference: Path | None = None
    profile: str = ""
    profiled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer came from; it is kept with every event that the layer brings."""

    file: str
    sha256: str
    layer: str
    crs: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How one layer was read: canonical name → column, the columns of its number, and the unit of areas that name none."""

    source: Source
    fields: Mapping[str, str]
    numbered_by: Sequence[str]
    unit: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row of a file."""

    file: str
    row: int
    site_id: str
    outcome: Outcome
    why: str = ""
    code: str = ""
    """The finding that says why, where it is not I101."""
    layer: str = ""


Place = tuple[str, str, int]
"""File, layer and row."""


@dataclass
class Plan:
    """What is to be written and what is to be told, filled layer by layer."""

    entries: list[Entry] = field(default_factory=list)
    account: list[Told] = field(default_factory=list)
    refused: list[gpd.GeoDataFrame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    gone: list[str] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    shapes: dict[tuple[str, str], list[gpd.GeoDataFrame]] = field(default_factory=dict)
    """The rows of each file and layer with what they are on the ground, as far as it could be read."""

    def count(self, outcome: Outcome) -> int:
        """How many rows came out so."""
        return sum(told.outcome == outcome for told in self.account)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger has of one site that a row names."""

    head: Head
    history: Sequence[Event]
    boundary: shapely.Geometry
    mended: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who imports, on which day, by which document."""

    by: str
    on: date
    doc_no: str
    note: str
    recorded_at: str = field(default_factory=utc_now)
