"""The journey of a file: opened, its layers read, put on the map, sifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import shapely

from ..data import builtin
from ..errors import FileRefused, UnknownName
from ..model import Finding
from ..stages import tell
from ..text import Text
from . import (
    corner_text,
    dxf,
    flatgeobuf,
    geodatabase,
    geojson,
    geojsonseq,
    geopackage,
    gpx,
    kml,
    mapinfo,
    ovjsn,
    parquet,
    shapefile,
    wkt,
    workbook,
)
from .crs import Wish, place
from .encoding import broken_told, known, mended
from .layer import Layer, Raw
from .members import Degrees, Opened, Source, opened
from .rule import Where
from .sifting import sift


class _ReadOne(Protocol):
    def __call__(self, source: Source, name: str, *, given_encoding: str | None) -> Raw: ...


def _as_its_file(source: Source) -> list[str]:
    """Most files are one layer, named as the file."""
    return [source.name]


@dataclass(frozen=True)
class _Format:
    read_one: _ReadOne
    names: Callable[[Source], list[str]] = _as_its_file


_FORMATS: Mapping[str, _Format] = {
    "shapefile": _Format(shapefile.read_one),
    "geopackage": _Format(geopackage.read_one, geopackage.names),
    "geojson": _Format(geojson.read_one),
    "kml": _Format(kml.read_one),
    "geojsonseq": _Format(geojsonseq.read_one),
    "gpx": _Format(gpx.read_one),
    "dxf": _Format(dxf.read_one, dxf.names),
    "parquet": _Format(parquet.read_one),
    "wkt": _Format(wkt.read_one),
    "ovjsn": _Format(ovjsn.read_one),
    "geodatabase": _Format(geodatabase.read_one, geodatabase.names),
    "flatgeobuf": _Format(flatgeobuf.read_one),
    "tab": _Format(mapinfo.read_one),
    "mif": _Format(mapinfo.read_one),
    "corners": _Format(corner_text.read_one),
    "workbook": _Format(workbook.read_one, workbook.names),
}


def read(
    path: str | Path,
    *,
    encoding: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    swapped: bool | None = None,
    shift: Sequence[float] | None = None,
    degrees: Degrees | None = None,
) -> tuple[list[Layer], list[Finding]]:
    r"""Every layer of a file from outside, in EPSG:4490, and what was found on the way.

    Parameters
    ----------
    path
        A file of a format of `formats`, the folder of a file geodatabase, or a .zip, .kmz or .ovkmz of them.
    encoding
        The encoding of its text, instead of what the content says.
    crs
        The CRS of its coordinates, instead of what it declares; ``"auto"`` takes what the numbers suggest.
    layer
        Only the layer of this name.
    swapped
        Whether x and y are the wrong way round: ``True`` turns them, ``False`` says that they are right, ``None`` looks.
    shift
        Four or seven parameters from an old datum to CGCS2000, see `shift.shifted`.
    degrees
        How plain degrees of a list of corners are written, ``decimal`` or ``packed`` (ddd.mmss), instead of what it says.

    Raises
    ------
    NotFound
        There is no such file.
    FileRefused
        The file cannot be read, not safely, or not without knowing more; the way out says what.
    BadRequest
        The caller's own values cannot be meant, or name an unknown layer or encoding (UnknownName).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text('name,wkt\nA,"SRID=4490;POLYGON ((105.1 25, 105.2 25, 105.2 25.1, 105.1 25))"\n', encoding="utf-8")
    ...     layers, findings = read(path)
    >>> layers[0].rows["name"].tolist(), layers[0].crs, len(layers[0].refused)
    (['A'], 'EPSG:4490', 0)
    """
    if encoding is not None:
        known(encoding)
    file = opened(Path(path))
    wish = Wish(crs, swapped, shift)
    layers: list[Layer] = []
    findings = list(file.findings)
    for source, name in _wanted(file, layer):
        tell(Text(f"读取 {source.file} {name}", f"Reading {source.file} {name}"))
        raw = _FORMATS[source.format].read_one(replace(source, degrees=degrees), name, given_encoding=encoding)
        made, found = _layer(raw, wish, file.sha256, source.file)
        layers.append(replace(made, format=source.format))
        findings.extend(found)
    return layers, findings


def _wanted(file: Opened, layer: str | None) -> list[tuple[Source, str]]:
    every = [(source, name) for source in file.sources for name in _FORMATS[source.format].names(source)]
    wanted = [(source, name) for source, name in every if layer in (None, name)]
    if not wanted:
        raise UnknownName(Text("图层", "layer"), layer, [name for _, name in every])
    return wanted


def _layer(raw: Raw, wish: Wish, sha256: str, file: str) -> tuple[Layer, list[Finding]]:
    where = Where(file, raw.name)
    _require_few_vertices(raw, where)
    columns, mangled = mended(raw.columns, where)
    cut = broken_told(columns, raw.source_rows, where)
    placed = place(raw.geometries, raw.crs, wish=wish, where=where, undeclared=raw.undeclared)
    whole = Raw(raw.name, columns, raw.geometries, raw.source_rows, raw.crs, raw.encoding, unreadable=raw.unreadable, closed=raw.closed)
    layer, found = sift(whole, placed, file=file, sha256=sha256)
    return layer, [*raw.findings, *cut, *mangled, *placed.findings, *found]


def _require_few_vertices(raw: Raw, where: Where) -> None:
    limit = int(builtin("limits")["shape"]["vertices"])
    count = int(shapely.get_num_coordinates(raw.geometries).sum())
    if count > limit:
        raise FileRefused(
            Text(
                f"{where.file}：图层“{where.layer}”有 {count} 个拐点，超过 {limit} 个。",
                f"{where.file}: the layer {where.layer!r} has {count} vertices, over {limit}.",
            ),
            Text("请分乡镇或分年度拆成几个文件。", "Split it by township or year."),
        )
