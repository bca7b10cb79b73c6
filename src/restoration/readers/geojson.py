"""GeoJSON (RFC 7946 and the older form with a ``crs`` member): by the standard library and shapely, no GDAL, no links followed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..geometry import Geometries
from ..model import Finding, made_in_numbers
from ..text import Text
from . import encoding
from .columns import distinct
from .layer import Raw
from .members import Source, too_large
from .rings import Polygon, Ring, polygons
from .rule import Where
from .rules_file import crs_link_ignored, not_a_place, unreadable_geometry
from .shapefile import empty

CRS_BY_RULE = "EPSG:4326"
"""RFC 7946 §4: without a ``crs`` member it is WGS84, longitude first."""


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The one layer of a GeoJSON.

    Raises
    ------
    FileRefused
        It is no GeoJSON of features, or has none.
    """
    with made_in_numbers():
        return _read(source, Where(source.file, name), given_encoding)


def _read(source: Source, where: Where, given_encoding: str | None) -> Raw:
    text, chosen = decoded(source.content, where, given_encoding)
    features, document = _features(text, where)
    if not features:
        raise empty(where)
    crs, findings = _crs(document.get("crs"), where)
    findings += encoding.told_of(chosen, where)
    frame, renamed = frame_of(features, where)
    rows = np.arange(1, len(features) + 1, dtype=np.intp)
    geometries, unreadable, closed = shapes_of([feature.get("geometry") for feature in features], rows, where)
    return Raw(where.layer, frame, geometries, rows, crs, chosen.name, (*findings, *renamed), unreadable, closed)


def decoded(content: bytes, where: Where, given: str | None) -> tuple[str, encoding.Encoding]:
    """A text file's text, and the encoding that it was read in."""
    limit = int(builtin("limits")["text"]["bytes"])
    if len(content) > limit:
        raise too_large(where.file, limit)
    bare = content.removeprefix(b"\xef\xbb\xbf")
    if bare[:2] in (b"\xff\xfe", b"\xfe\xff") and given is None:
        given = "UTF-16"
    if given is None:
        try:
            return bare.decode(), encoding.Encoding(encoding.UTF8, Text("内容严格符合 UTF-8", "the content is strict UTF-8"))
        except UnicodeDecodeError:
            pass
    chosen = encoding.chosen([bare], given=given)
    return chosen.decode(bare), chosen


def _features(text: str, where: Where) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_geojson(where, Text(f"不是有效的 JSON（{error}）", f"it is no valid JSON ({error})")) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        return [document], document
    features = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(one, dict) and one.get("type") == "Feature" for one in features):
        raise _not_geojson(where, Text(f"类型是 {kind}，不是要素集", f"its type is {kind}, not a collection of features"))
    limit = builtin("limits")["rows"]["number"]
    if len(features) > limit:
        raise _not_geojson(where, Text(f"要素数 {len(features)} 超过 {limit}", f"{len(features)} features, over {limit}"))
    return features, document


def _crs(member: Any, where: Where) -> tuple[str | None, list[Finding]]:
    """What the ``crs`` member names; a link counts as nothing."""
    if member is None:
        return CRS_BY_RULE, []
    properties = member.get("properties") if isinstance(member, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(named, str) and member.get("type") == "name":
        return named, []
    return None, [crs_link_ignored(where, str((properties or {}).get("href", "?"))[:200] if isinstance(properties, dict) else "?")]


def frame_of(features: Sequence[Mapping[str, Any]], where: Where) -> tuple[pd.DataFrame, list[Finding]]:
    """Properties as columns in the order in which they first come; what is nested stays as JSON text."""
    rows = [feature["properties"] if isinstance(feature.get("properties"), dict) else {} for feature in features]
    found = list(dict.fromkeys(name for row in rows for name in row))
    _require_few(found, where)
    columns: dict[str, list[object]] = {name: [_plain(row.get(name)) for row in rows] for name in found}
    if "id" not in columns and any("id" in feature for feature in features):
        columns["id"] = [_plain(feature.get("id")) for feature in features]
    named, renamed = distinct(columns, where)
    cells = dict(zip(named, columns.values(), strict=True))
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()}, index=range(len(rows))), renamed


def _require_few(names_found: Sequence[str], where: Where) -> None:
    limit = builtin("limits")["rows"]["columns"]
    if len(names_found) > limit:
        raise _not_geojson(where, Text(f"属性有 {len(names_found)} 种，超过 {limit}", f"{len(names_found)} properties, over {limit}"))


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def shapes_of(members: Sequence[Any], numbers: Integers, where: Where) -> tuple[Geometries, dict[int, Finding], list[int]]:
    """The shapes of geometry members, one a row; the rows that are unreadable; the rows whose rings were closed.

    Parameters
    ----------
    members
        As JSON gave them.
    numbers
        Shape (n,): the row's number in the file, for messages.
    where
        File and layer.
    """
    rows: list[list[Polygon] | None] = []
    others: dict[int, shapely.Geometry] = {}
    unreadable: dict[int, Finding] = {}
    for at, member in enumerate(members):
        parts: list[Polygon] = []
        try:
            left = _collect(member, parts)
        except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
            said = str(error)[:100]
            unreadable[at] = unreadable_geometry(where.at(int(numbers[at])), Text(said, said))
            parts, left = [], []
        if any(not np.isfinite(ring).all() for part in parts for ring in part):
            unreadable[at] = not_a_place(where.at(int(numbers[at])))
            parts, left = [], []
        rows.append(parts or None)
        if left:
            others[at] = left[0] if len(left) == 1 else shapely.GeometryCollection(left)
    shapes, closed = polygons(rows)
    for at, shape in others.items():
        shapes[at] = shape if shapes[at] is None else shapely.GeometryCollection([shapes[at], shape])
    return shapes, unreadable, closed


def _collect(member: Any, parts: list[Polygon]) -> list[shapely.Geometry]:
    """Add the polygons of a geometry to ``parts``; what is no polygon is given back."""
    if member is None:
        return []
    kind = member["type"]
    if kind == "GeometryCollection":
        return [shape for one in member["geometries"] for shape in _collect(one, parts)]
    positions = member["coordinates"]
    if kind in ("Polygon", "MultiPolygon"):
        parts.extend([flat(ring) for ring in polygon] for polygon in ([positions] if kind == "Polygon" else positions))
        return []
    lines = _lines(kind, positions)
    return [shapely.Point(line[0]) if len(line) == 1 else shapely.LineString(line) for line in lines if len(line)]


def _lines(kind: str, positions: Any) -> list[Ring]:
    """What is no polygon, as lines; a point is a line of one position."""
    if kind == "Point":
        return [flat([positions])]
    if kind == "MultiPoint":
        return [flat([position]) for position in positions]
    if kind == "LineString":
        return [flat(positions)]
    if kind == "MultiLineString":
        return [flat(line) for line in positions]
    raise ValueError(f"type {kind!r}")


def flat(positions: Sequence[Sequence[float]]) -> Ring:
    """Positions as an array of shape (n, 2); heights are left out."""
    try:
        array = np.array(positions, dtype=np.float64)
    except ValueError:  # some points with a height and some without
        array = np.array([position[:2] for position in positions], dtype=np.float64)
    if not array.size:
        return np.zeros((0, 2))
    if array.ndim != 2 or array.shape[1] < 2:
        raise ValueError("coordinates are not pairs")
    return array[:, :2]


def _not_geojson(where: Where, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{where.file} 不是能读的 GeoJSON：{what.zh}。", f"{where.file} is no GeoJSON that can be read: {what.en}."),
        Text("请用 GIS 软件导出为 GeoJSON（FeatureCollection）。", "Export it from a GIS as GeoJSON (FeatureCollection)."),
    )
