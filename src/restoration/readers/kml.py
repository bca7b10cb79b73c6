"""KML 2.2, with a namespace or without, also from 奥维 (OvCoordType): streamed by defusedxml, no GDAL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd
import shapely

from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from . import encoding
from .columns import distinct
from .geojson import decoded
from .layer import Raw, Undeclared
from .markup import ended, tag_of, text_of
from .members import Source
from .rings import Polygon, Ring, polygons
from .rule import Where
from .rules_file import not_a_place, shifted_coordinates, unreadable_geometry
from .rules_formats import datum_unknown
from .shapefile import empty

_CRS = "EPSG:4326"  # OGC 12-007r2 §9.1.2: longitude, latitude in WGS84; the height is left out
_COMMA = re.compile(r"\s*,\s*")
_SHIFTED = {"GCJ02", "BD09", "BD09LL"}
_TRUE = {"CGCS2000": "EPSG:4490", "WGS84": "EPSG:4326"}
UNTAGGED = Undeclared(
    Text(
        "有的图形没有写明坐标类型（OvCoordType）；奥维可以按火星坐标 GCJ-02 导出，那样会差四百多米，看数字看不出来",
        "has shapes that name no coordinate type (OvCoordType); 奥维 may export GCJ-02, more than 400 m off, and numbers do not show it",
    ),
    numbers_tell=False,
)
"""Why the CRS of a file of 奥维 is not known."""
Shape: TypeAlias = shapely.Geometry


@dataclass
class _Placemark:
    """One Placemark while it is being read."""

    columns: dict[str, str]
    parts: list[Polygon] = field(default_factory=list)
    others: list[Shape] = field(default_factory=list)
    wrong: Finding | None = None
    datum: str = ""
    is_ovital: bool = False


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """All Placemarks of a KML, whatever folder they are in.

    Raises
    ------
    FileRefused
        It is no KML, is made to harm, or has no Placemark.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    placemarks = [_placemark(element, kind, where.at(row)) for row, (element, kind) in enumerate(_elements(text, where), 1)]
    if not placemarks:
        raise empty(where)
    shapes, closed = polygons([placemark.parts or None for placemark in placemarks])
    for at, placemark in enumerate(placemarks):
        if placemark.others:
            shapes[at] = shapely.GeometryCollection([*placemark.others, *([shapes[at]] if shapes[at] is not None else [])])
    unreadable = {at: placemark.wrong for at, placemark in enumerate(placemarks) if placemark.wrong}
    frame, renamed = _frame(placemarks, where)
    told = encoding.told_of(chosen, where)
    rows = np.arange(1, len(placemarks) + 1, dtype=np.intp)
    crs = _crs(placemarks, source)
    why = UNTAGGED if crs is None else None
    return Raw(name, frame, shapes, rows, crs, chosen.name, (*told, *renamed), unreadable, closed, undeclared=why)


def _crs(placemarks: Sequence[_Placemark], source: Source) -> str | None:
    """What the coordinates are in: KML says WGS84, but 奥维 writes what it likes and may say so shape by shape."""
    datums = {placemark.datum for placemark in placemarks if placemark.parts and placemark.wrong is None}
    is_ovital = ".ovkml" in source.parts or source.file.lower().endswith(".ovkmz") or any(one.is_ovital for one in placemarks)
    if "" in datums and is_ovital:
        return None
    return _TRUE["CGCS2000"] if datums == {"CGCS2000"} else _CRS


def _frame(placemarks: Sequence[_Placemark], where: Where) -> tuple[pd.DataFrame, list[Finding]]:
    found = list(dict.fromkeys(name for placemark in placemarks for name in placemark.columns))
    named, renamed = distinct(found, where)
    cells = {new: [placemark.columns.get(old) for placemark in placemarks] for new, old in zip(named, found, strict=True)}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()}, index=range(len(placemarks))), renamed


def _elements(text: str, where: Where) -> Iterator[tuple[Element, str]]:
    """Each Placemark with its coordinate type; elements are let go as soon as they are read."""
    common = ""
    for element, above in ended(text, roots=("kml", "Document", "Folder", "Placemark"), refused=partial(_not_kml, where)):
        if tag_of(element) == "OvCoordType" and not any(tag_of(one) == "Placemark" for one in above):
            common = text_of(element)
        if tag_of(element) == "Placemark":
            yield element, common
            if above:
                above[-1].remove(element)


def _placemark(element: Element, kind: str, where: Where) -> _Placemark:
    made = _Placemark(_columns(element))
    for one in element.iter():
        made.is_ovital |= tag_of(one).startswith("Ov")
        if tag_of(one) == "OvCoordType":
            kind = text_of(one)
    made.datum = re.sub(r"[\s_-]", "", kind).upper()
    made.is_ovital |= bool(kind)
    try:
        _collect(element, made)
    except ValueError as error:
        said = str(error)[:100]
        made.wrong = unreadable_geometry(where, Text(said, said))
    if any(not np.isfinite(ring).all() for part in made.parts for ring in part):
        made.parts, made.wrong = [], not_a_place(where)
    if made.datum in _SHIFTED:
        made.wrong = shifted_coordinates(where, kind)
    elif made.datum and made.datum not in _TRUE:
        made.wrong = datum_unknown(where, kind[:40])
    return made


def _columns(element: Element) -> dict[str, str]:
    columns = {"name": next((text_of(child) for child in element if tag_of(child) == "name"), "")}
    for one in element.iter():
        label = one.get("name", "")
        if tag_of(one) == "SimpleData" and label:
            columns[label] = text_of(one)
        elif tag_of(one) == "Data" and label:
            columns[label] = next((text_of(child) for child in one if tag_of(child) == "value"), "")
    return columns


def _collect(element: Element, made: _Placemark) -> None:
    for child in element:
        tag = tag_of(child)
        if tag == "Polygon":
            shells, holes = _rings(child, "outerBoundaryIs"), _rings(child, "innerBoundaryIs")
            made.parts.extend([[shell, *(holes if at == 0 else [])] for at, shell in enumerate(shells)])
        elif tag == "MultiGeometry":
            _collect(child, made)
        elif tag in ("LineString", "LinearRing", "Point"):
            made.others.extend(_line(ring) for ring in _coordinates(child))


def _rings(polygon: Element, boundary: str) -> list[Ring]:
    return [ring for child in polygon if tag_of(child) == boundary for ring in _coordinates(child)]


def _coordinates(element: Element) -> list[Ring]:
    return [_ring(text_of(one)) for one in element.iter() if tag_of(one) == "coordinates"]


def _ring(text: str) -> Ring:
    points = _COMMA.sub(",", text).split()
    if not points:
        return np.zeros((0, 2))
    width = points[0].count(",") + 1
    if all(point.count(",") + 1 == width for point in points):
        numbers = np.array(",".join(points).split(","), dtype=np.float64).reshape(-1, width)
    else:
        numbers = np.array([point.split(",")[:2] for point in points], dtype=np.float64)
    if numbers.shape[1] < 2:
        raise ValueError("coordinates are not pairs")
    return numbers[:, :2]


def _line(ring: Ring) -> Shape:
    return shapely.Point(ring[0]) if len(ring) == 1 else shapely.LineString(ring)


def _not_kml(where: Where, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{where.file} 不是能读的 KML：{what.zh}。", f"{where.file} is no KML that can be read: {what.en}."),
        Text("请在奥维或其他软件里重新导出为 KML。", "Export it again as KML."),
    )
