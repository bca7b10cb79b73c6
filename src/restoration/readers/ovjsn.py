"""OVJSN of 奥维 (Ovital): polygons of a JSON tree of objects, with the datum that each one names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ..errors import FileRefused
from ..model import Finding, made_in_numbers
from ..text import Text
from . import encoding
from .geojson import decoded
from .kml import UNTAGGED
from .layer import Raw
from .members import Source
from .rings import Ring, polygons
from .rule import Where
from .rules_file import not_a_place, shifted_coordinates, unreadable_geometry
from .shapefile import empty
from .vectors import require_few

_POINT, _LINE, _POLYGON = 7, 8, 13
"""The kinds of objects that have a place; others (folders, circles) have no boundary that is written out."""
_CRS = "EPSG:4326"


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """Every point, line and polygon of the tree as a row.

    Raises
    ------
    FileRefused
        It is no JSON, or holds no such object.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    with made_in_numbers():
        objects = list(_objects(_document(text, where)))
    if not objects:
        raise empty(where)
    require_few(where, len(objects), 0)
    shapes, unreadable, closed = _shapes(objects, where)
    named = ("Name", "Comment")
    frame = pd.DataFrame({key.lower(): pd.Series([_word(one, key) for one in objects], dtype=object) for key in named})
    known = all(_datum(one) is not None for at, one in enumerate(objects) if at not in unreadable and _kind(one) == _POLYGON)
    told = encoding.told_of(chosen, where)
    rows = np.arange(1, len(objects) + 1, dtype=np.intp)
    crs, why = (_CRS, None) if known else (None, UNTAGGED)
    return Raw(name, frame, shapes, rows, crs, chosen.name, tuple(told), unreadable, closed, undeclared=why)


def _document(text: str, where: Where) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileRefused(
            Text(f"{where.file} 不是有效的 OVJSN（{error}）。", f"{where.file} is no valid OVJSN ({error})."),
            Text("请在奥维里重新导出，或导出为 .ovkml。", "Export it again from 奥维, or as .ovkml."),
        ) from error


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    """Whatever has a kind and details, in the order of the file, however deep (no recursion: a file may nest to no end)."""
    open_ones = [document]
    while open_ones:
        one = open_ones.pop()
        if isinstance(one, dict) and isinstance(_detail(one), dict) and _kind(one) in (_POINT, _LINE, _POLYGON):
            yield one
        elif isinstance(one, (dict, list)):
            open_ones.extend(reversed(list(one.values() if isinstance(one, dict) else one)))


def _inner(one: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = one.get("Object")
    return inner if isinstance(inner, dict) else {}


def _kind(one: Mapping[str, Any]) -> object:
    """The kind stands beside ``Object`` or in it: both are seen."""
    return one.get("Type", _inner(one).get("Type"))


def _detail(one: Mapping[str, Any]) -> Any:
    return one.get("ObjectDetail", _inner(one).get("ObjectDetail"))


def _word(one: Mapping[str, Any], key: str) -> str | None:
    found = next((part[key] for part in (one, _inner(one), _detail(one)) if isinstance(part.get(key), (str, int, float))), None)
    return None if found is None else str(found)


def _datum(one: Mapping[str, Any]) -> bool | None:
    """Whether the object says that it is shifted; ``None`` where it says nothing."""
    said = _detail(one).get("Gcj02")
    return bool(said) if isinstance(said, (bool, int)) and said in (0, 1) else None


def _shapes(objects: list[Mapping[str, Any]], where: Where) -> tuple[Any, dict[int, Finding], list[int]]:
    rings: list[list[list[Ring]] | None] = []
    others: dict[int, shapely.Geometry] = {}
    unreadable: dict[int, Finding] = {}
    for at, one in enumerate(objects):
        here = where.at(at + 1)
        ring = np.zeros((0, 2))
        try:
            ring = _ring(one)
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            unreadable[at] = unreadable_geometry(here, Text(str(error)[:80], str(error)[:80]))
        if not np.isfinite(ring).all():
            unreadable[at], ring = not_a_place(here), ring[:0]
        rings.append([[ring]] if _kind(one) == _POLYGON and len(ring) else None)
        if _kind(one) != _POLYGON and len(ring):
            others[at] = shapely.Point(ring[0]) if len(ring) == 1 else shapely.LineString(ring)
        if _datum(one):
            unreadable[at] = shifted_coordinates(here, "GCJ02")
    shapes, closed = polygons(rings)
    for at, shape in others.items():
        shapes[at] = shape
    # Nothing here writes the first point of a polygon twice, so a ring that does not close is how they are written.
    return shapes, unreadable, [] if len(closed) == sum(ring is not None for ring in rings) else closed


def _ring(one: Mapping[str, Any]) -> Ring:
    """Longitude and latitude of the corners; the file has latitude first, in one row."""
    detail = _detail(one)
    if _kind(one) == _POINT:
        return np.array([[detail["Lng"], detail["Lat"]]], dtype=np.float64)
    numbers = np.array(detail["Latlng"], dtype=np.float64)
    if numbers.ndim != 1 or len(numbers) % 2:
        raise ValueError("Latlng is not pairs")
    return numbers.reshape(-1, 2)[:, ::-1]
