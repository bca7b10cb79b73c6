"""What one layer of a file holds: as its format gave it (`Raw`), and sifted and put on the map (`Layer`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from ..ellipsoid import Integers
from ..geometry import Geometries
from ..model import Finding
from ..text import Text


@dataclass(frozen=True)
class Undeclared:
    """Why a layer declares no CRS, as the end of a sentence; and whether its numbers may settle it, if the caller agrees."""

    fact: Text
    numbers_tell: bool = True


@dataclass(frozen=True)
class Raw:
    """One layer as its format gave it: n rows, nothing judged yet.

    Attributes
    ----------
    columns
        Shape (n, …): the source columns, verbatim.
    geometries
        Shape (n,), in the file's own coordinates, first axis first; ``None`` where there is none.
    source_rows
        Shape (n,), the record's number in the file, from 1.
    crs
        What the file declares: WKT or ``EPSG:4523``; ``None`` for nothing.
    unreadable
        Position → why that row's geometry cannot be used.
    closed
        Positions whose rings did not close and were closed.
    undeclared
        Where no CRS is declared, why that is, instead of the usual words.
    """

    name: str
    columns: pd.DataFrame
    geometries: Geometries
    source_rows: Integers
    crs: str | None
    encoding: str
    findings: Sequence[Finding] = ()
    unreadable: Mapping[int, Finding] = field(default_factory=dict)
    closed: Sequence[int] = ()
    undeclared: Undeclared | None = None


@dataclass(frozen=True)
class Layer:
    """What one layer of a file holds, before its columns are understood.

    Attributes
    ----------
    rows
        The source columns verbatim and ``source_row`` (from 1); geometry: valid MultiPolygon, EPSG:4490, longitude first.
    refused
        The same columns with ``reason_code`` and ``reason``; geometry as found, EPSG:4490, or ``None``.
    file
        The file's name, without its folder.
    sha256
        Of the file's bytes; of a loose shapefile, over its members (see `members.Opened`).
    name
        The layer's name in the file.
    encoding
        How its text was read.
    crs
        How its coordinates were read: ``EPSG:4523``, or a name where there is no code.
    format
        What it was read as, by the names of `formats.FORMATS`; also of a layer in an archive.
    """

    rows: gpd.GeoDataFrame
    refused: gpd.GeoDataFrame
    file: str
    sha256: str
    name: str
    encoding: str
    crs: str
    format: str = ""
