"""What an import plans: how files are read, what is to be written, what became of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import geopandas as gpd
import shapely

from ..model import Event, Finding, utc_now
from ..readers import Given
from ..store import Entry, Head
from ..text import Text

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
    """How files are to be read and their columns understood; see `readers.read` and `readers.intake`."""

    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    swapped: bool | None = None
    shift: Sequence[float] | None = None
    unit: str | None = None
    ids: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer came from; it is kept with every event that the layer brings."""

    file: str
    sha256: str
    layer: str
    crs: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row of a file."""

    file: str
    row: int
    site_id: str
    outcome: Outcome
    why: str = ""


@dataclass
class Plan:
    """What is to be written and what is to be told, filled layer by layer."""

    entries: list[Entry] = field(default_factory=list)
    account: list[Told] = field(default_factory=list)
    refused: list[gpd.GeoDataFrame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

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
