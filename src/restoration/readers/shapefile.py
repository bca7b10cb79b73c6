"""ESRI shapefiles: shapes by GDAL in a child process, the attribute table by our own reader, the .prj as text."""

from __future__ import annotations

import struct
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from . import dbf, encoding
from .columns import distinct
from .gdal import Vector, read_vector
from .layer import Raw
from .members import Source
from .rule import Where
from .rules_file import (
    asterisks_unknown,
    deleted_records_left,
    encoding_contradicted,
    encoding_used,
    index_rebuilt,
    records_without_shape,
)

_SAFE_DIGITS = 15  # a float64 holds that many decimal digits exactly


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The one layer of a shapefile.

    Raises
    ------
    FileRefused
        It is damaged, cut off, empty, or has shapes without a record.
    """
    where = Where(source.file, name)
    table = dbf.parsed(source.parts[".dbf"], where=where)
    vector = _shapes(source)
    shapes, records = len(vector.fids), len(table.deleted)
    if shapes > records:
        raise _mismatch(where, shapes, records)
    kept = np.flatnonzero(~table.deleted)
    if not len(kept):
        raise empty(where)
    texts = _texts(table)
    chosen = encoding.chosen(texts, said=encoding.declared(source.parts.get(".cpg"), table.language_id), given=given_encoding)
    columns, renamed = distinct([chosen.decode(field.name).strip() for field in table.fields], where)
    cells = {name: _cells(field, table.cells[at][kept], chosen) for at, (name, field) in enumerate(zip(columns, table.fields, strict=True))}
    findings = [*_encoding_told(where, chosen, texts), *renamed, *_asterisks_told(where, columns, table, kept)]
    if shapes < records:
        findings.append(records_without_shape(where, shapes, records))
    if ".shx" not in source.parts:
        findings.append(index_rebuilt(where))
    if len(kept) < len(table.deleted):
        findings.append(deleted_records_left(where, (np.flatnonzero(table.deleted) + 1).tolist()))
    frame = pd.DataFrame(cells, index=range(len(kept)))
    geometries = np.concatenate([vector.geometries, np.full(records - shapes, None, dtype=object)])
    return Raw(name, frame, geometries[kept], kept + 1, _declared_crs(source), chosen.name, tuple(findings))


def _shapes(source: Source) -> Vector:
    content = source.parts[".shp"]
    if len(content) < 100 or len(content) < 2 * int(struct.unpack_from(">i", content, 24)[0]):
        raise FileRefused(
            Text(f"{source.file}：{source.name}.shp 不完整，文件被截断。", f"{source.file}: {source.name}.shp is cut off."),
            Text("请重新拷贝或下载。", "Copy or download it again."),
        )
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        path = Path(folder, "layer.shp")
        path.write_bytes(content)
        if ".shx" in source.parts:
            path.with_suffix(".shx").write_bytes(source.parts[".shx"])
        settings = {"SHAPE_RESTORE_SHX": "NO" if ".shx" in source.parts else "YES"}
        return read_vector(path, driver="ESRI Shapefile", shown=f"{source.file}/{source.name}", columns=(), settings=settings)


def _texts(table: dbf.Table) -> list[bytes]:
    """Every field name, and every distinct text cell."""
    cells = {cell for at, field in enumerate(table.fields) if field.kind in dbf.TEXT_TYPES for cell in table.cells[at].tolist()}
    return [*(field.name for field in table.fields), *(cell.rstrip(b" ") for cell in cells)]


def _cells(field: dbf.Field, cells: np.ndarray[Any, np.dtype[np.bytes_]], chosen: encoding.Encoding) -> Sequence[object]:
    texts = {cell: chosen.decode(cell).strip(" \0") for cell in set(cells.tolist())}
    if field.kind in dbf.NUMBER_TYPES:
        # asterisks throughout are how dBASE and GDAL write a number that is not known or does not fit
        return _numbers(field, [texts[cell].strip("*") and texts[cell] for cell in cells.tolist()])
    return [texts[cell] for cell in cells.tolist()]


def _numbers(field: dbf.Field, texts: list[str]) -> Sequence[object]:
    """Numbers where every cell is one and none loses a digit, else the texts as they are."""
    digits = max((sum(letter.isdigit() for letter in text) for text in set(texts) if len(text) > _SAFE_DIGITS), default=0)
    try:
        if digits > _SAFE_DIGITS:
            return texts
        if field.decimals:
            return [float(text) if text else None for text in texts]
        return [int(text) if text else None for text in texts]
    except ValueError:
        return texts


def _encoding_told(where: Where, chosen: encoding.Encoding, texts: Sequence[bytes]) -> Iterable[Finding]:
    if any(not text.isascii() for text in texts):
        yield encoding_used(where, chosen.name, chosen.why)
    if chosen.contradicted:
        yield encoding_contradicted(where, chosen.contradicted, chosen.name)


def _asterisks_told(where: Where, columns: Sequence[str], table: dbf.Table, kept: Integers) -> Iterable[Finding]:
    counts = {
        name: sum(count for cell, count in Counter(table.cells[at][kept].tolist()).items() if set(cell.strip(b" \0")) == {ord("*")})
        for at, (name, field) in enumerate(zip(columns, table.fields, strict=True))
        if field.kind in dbf.NUMBER_TYPES
    }
    holding = [name for name, count in counts.items() if count]
    if holding:
        yield asterisks_unknown(where, holding, sum(counts.values()))


def _declared_crs(source: Source) -> str | None:
    text = source.parts.get(".prj", b"")[: builtin("limits")["prj"]["bytes"] + 1].decode("utf-8-sig", errors="replace").strip("\0 \r\n\t")
    return text or None


def empty(where: Where) -> FileRefused:
    """The refusal of a layer without a single record."""
    return FileRefused(
        Text(f"{where.file}：图层“{where.layer}”是空的，没有一条记录。", f"{where.file}: the layer {where.layer!r} is empty."),
        Text("请核对导出时是否选错了图层或筛选条件。", "See whether the wrong layer or filter was exported."),
    )


def _mismatch(where: Where, shapes: int, records: int) -> FileRefused:
    return FileRefused(
        Text(
            f"{where.file}：图层“{where.layer}”有 {shapes} 个图形、{records} 条属性记录，对不上。",
            f"{where.file}: the layer {where.layer!r} has {shapes} shapes and {records} records, which do not match.",
        ),
        Text("请重新导出，.shp 与 .dbf 必须来自同一次导出。", "Export it again: .shp and .dbf must come from one export."),
    )
