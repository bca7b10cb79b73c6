"""GeoJSONSeq (RFC 8142), with record separators or one feature a line: each piece stands or falls alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import FileRefused
from ..model import made_in_numbers
from ..text import Text
from . import encoding
from .geojson import CRS_BY_RULE, decoded, frame_of, shapes_of
from .layer import Raw
from .members import Source
from .rule import Where
from .rules_formats import line_unreadable
from .shapefile import empty
from .vectors import require_few

_SEPARATOR = "\x1e"  # RFC 8142 §2.1; a line break before it ends a line all the same
_GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The features of a sequence; rows are numbered by the lines that they begin on.

    Raises
    ------
    FileRefused
        It holds no feature, or passes a limit.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    with made_in_numbers():
        pieces = list(_pieces(text))
        if not pieces:
            raise empty(where)
        require_few(where, len(pieces), 0)
        found = [_feature(piece) for _, piece in pieces]
        _require_some(found, where)
        rows = np.array([line for line, _ in pieces], dtype=np.intp)
        features = [one if isinstance(one, Mapping) else {} for one in found]
        frame, renamed = frame_of(features, where)
        geometries, unreadable, closed = shapes_of([one.get("geometry") for one in features], rows, where)
    unreadable |= {at: line_unreadable(where.at(int(rows[at])), one) for at, one in enumerate(found) if isinstance(one, Text)}
    told = encoding.told_of(chosen, where)
    return Raw(name, frame, geometries, rows, CRS_BY_RULE, chosen.name, (*told, *renamed), unreadable, closed)


def _require_some(found: Sequence[Mapping[str, Any] | Text], where: Where) -> None:
    """Refuse a file in which no line is a feature: it is something else, or one JSON over many lines."""
    first = found[0]
    if isinstance(first, Text) and all(isinstance(one, Text) for one in found):
        raise FileRefused(
            Text(f"{where.file} 没有一行是要素：{first.zh}。", f"{where.file}: not one line is a feature: {first.en}."),
            Text("若是普通 GeoJSON，请把后缀改为 .geojson；否则请重新导出。", "A plain GeoJSON is named .geojson; else export it again."),
        )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Each text of the sequence, and the line that it begins on; between separators a text may run over several lines."""
    line, is_marked = 1, _SEPARATOR in text
    for chunk in text.split(_SEPARATOR if is_marked else "\n"):
        if chunk.strip():
            yield line + chunk[: len(chunk) - len(chunk.lstrip())].count("\n"), chunk
        line += chunk.count("\n") if is_marked else 1


def _feature(piece: str) -> Mapping[str, Any] | Text:
    """The feature that a text is, or why it is none."""
    try:
        found = json.loads(piece)
    except (ValueError, RecursionError) as error:
        return Text(f"不是有效的 JSON（{str(error)[:80]}）", f"it is no valid JSON ({str(error)[:80]})")
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Feature":
        return dict(found)
    if kind in _GEOMETRIES:
        return {"type": "Feature", "properties": {}, "geometry": found}
    return Text(f"类型是 {str(kind)[:40]}，不是要素", f"its type is {str(kind)[:40]}, which is no feature")
