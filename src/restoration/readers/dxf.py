"""DXF drawings: the closed lines of each CAD layer, by GDAL in a child process; text decoded here, the CRS never known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..geometry import Geometries
from ..model import Finding
from ..text import Text
from . import encoding
from .gdal import Vector
from .layer import Raw, Undeclared
from .members import Source, too_large
from .rule import Where
from .rules_file import encoding_used, not_a_place
from .rules_formats import drawing_parts_left, line_not_closed
from .vectors import laid_out, read_table

_BYTES = "ISO-8859-1"  # every byte is a letter of it, so what was read with it can be read anew
_SETTINGS = {"DXF_ENCODING": _BYTES, "DXF_INLINE_BLOCKS": "TRUE", "DXF_MERGE_BLOCK_GEOMETRIES": "FALSE"}
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_CODE_PAGE = re.compile(rb"\$DWGCODEPAGE\s+3\s+(?:ANSI_|DOS)?([\w-]+)", re.IGNORECASE)
_HEAD_BYTES = 65_536
_FEWEST = 4  # points of a closed ring
_UNDECLARED = Undeclared(Text("没有坐标系：CAD 图形不带坐标系", "has no CRS: drawings carry none"))
_TEXTS, _POINTS, _HATCHES, _PAPER, _OTHERS = (
    Text("文字", "texts"), Text("点", "points"), Text("填充", "hatches"), Text("图纸空间对象", "objects of paper space"),
    Text("其他对象", "other objects"),
)  # fmt: skip


@dataclass(frozen=True)
class _Drawing:
    """What a drawing holds: entities in the order of the file.

    Attributes
    ----------
    layers
        Shape (n,): the CAD layer.
    shapes
        Shape (n,): closed lines are polygons already.
    is_line
        Shape (n,): whether it may be a boundary, closed or not.
    left
        What may not, by kind.
    """

    layers: list[str]
    handles: list[str]
    shapes: Geometries
    is_line: np.ndarray[tuple[int], np.dtype[np.bool_]]
    texts: list[str | None]
    left: Sequence[tuple[Text, int]]
    chosen: encoding.Encoding


def names(source: Source) -> list[str]:
    """The CAD layers that hold lines, in the order of the file.

    Raises
    ------
    FileRefused
        It is damaged, or no layer holds a line.
    """
    drawing = _drawing(source.content, source.file, source.name, None)
    found = list(dict.fromkeys(layer for layer, is_line in zip(drawing.layers, drawing.is_line, strict=True) if is_line))
    if not found:
        raise FileRefused(
            Text(f"{source.file} 里没有线，只有文字、点或填充。", f"{source.file} holds no lines, only texts, points or hatches."),
            Text("请在 CAD 里把地块界线画成闭合多段线。", "Draw the boundaries as closed polylines in the CAD program."),
        )
    return found


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The lines of one CAD layer: closed ones are ground, open ones are refused row by row.

    Raises
    ------
    FileRefused
        It is damaged.
    """
    where = Where(source.file, name)
    first = names(source)[0]
    by_name = _drawing(source.content, source.file, source.name, None)
    drawing = _drawing(source.content, source.file, source.name, given_encoding)
    rows = np.array([at for at, layer in enumerate(by_name.layers) if layer == name and drawing.is_line[at]], dtype=np.intp)
    shapes = drawing.shapes[rows]
    frame = pd.DataFrame(
        {
            "Layer": pd.Series([drawing.layers[at] for at in rows], dtype=object),
            "EntityHandle": pd.Series([drawing.handles[at] for at in rows], dtype=object),
            "Text": pd.Series(_labels(drawing, rows), dtype=object),
        }
    )
    told: list[Finding] = []
    if name == first:
        texts = [*drawing.layers, *(text for text in drawing.texts if text)]
        told += [encoding_used(where, drawing.chosen.name, drawing.chosen.why)] if any(not text.isascii() for text in texts) else []
        told += [drawing_parts_left(where, drawing.left)] if drawing.left else []
    judged = [_judged(shape, where.at(row + 1)) for shape, row in zip(shapes, rows.tolist(), strict=True)]
    unreadable = {at: wrong for at, wrong in enumerate(judged) if wrong}
    shapes[[at for at, wrong in unreadable.items() if wrong.code == not_a_place.code]] = None
    return Raw(name, frame, shapes, rows + 1, None, drawing.chosen.name, tuple(told), unreadable, undeclared=_UNDECLARED)


@lru_cache(maxsize=1)
def _vector(content: bytes, file: str, name: str) -> Vector:
    """The drawing as GDAL gives it; kept, since every CAD layer asks for it."""
    where = Where(file, name)
    limit = int(builtin("limits")["text"]["bytes"])
    if len(content) > limit:
        raise too_large(file, limit)
    if not content.rstrip(b"\0\x1a \r\n\t").endswith(b"EOF"):
        raise FileRefused(
            Text(f"{file} 不完整，文件被截断（没有 EOF）。", f"{file} is cut off: its EOF is missing."),
            Text("请重新拷贝，或在 CAD 里另存为 DXF。", "Copy it again, or save it anew as DXF."),
        )
    with laid_out({".dxf": content}) as path:
        return read_table(path, where, driver="DXF", settings=_SETTINGS)


def _drawing(content: bytes, file: str, name: str, given: str | None) -> _Drawing:
    vector = _vector(content, file, name)
    columns = {key: [cell if isinstance(cell, str) else "" for cell in cells] for key, cells in vector.columns.items()}
    raw = [text.encode(_BYTES, errors="replace") for text in dict.fromkeys([*columns["Layer"], *columns["Text"]])]
    found = _CODE_PAGE.search(content[:_HEAD_BYTES])
    chosen = encoding.chosen(raw, said=encoding.code_page(found.group(1)) if found else "", given=given)
    texts = [_plain(chosen, text) or None for text in columns["Text"]]
    is_paper = [bool(cell) and cell == cell for cell in vector.columns["PaperSpace"]]
    is_hatch = ["AcDbHatch" in cell for cell in columns["SubClasses"]]
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are found row by row
        shapes = np.array([*map(_closed, vector.geometries), None], dtype=object)[:-1]
    kinds = [_kind(*one) for one in zip(shapes, texts, is_paper, is_hatch, strict=True)]
    left = Counter(kind for kind in kinds if kind is not None)
    return _Drawing(
        [_plain(chosen, text) for text in columns["Layer"]],
        columns["EntityHandle"],
        shapes,
        np.array([kind is None for kind in kinds], dtype=bool),
        texts,
        [(kind, left[kind]) for kind in (_TEXTS, _POINTS, _HATCHES, _PAPER, _OTHERS) if left[kind]],
        chosen,
    )


def _plain(chosen: encoding.Encoding, text: str) -> str:
    """The text as it was meant: bytes decoded, and letters that are written as their numbers put in."""
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), chosen.decode(text.encode(_BYTES, errors="replace"))).strip()


def _kind(shape: shapely.Geometry | None, text: str | None, is_paper: bool, is_hatch: bool) -> Text | None:  # noqa: FBT001 - one row's cells
    """What an entity is that is no boundary; ``None`` for a line or a polygon."""
    if is_paper:
        return _PAPER
    if is_hatch:
        return _HATCHES
    if text is not None:
        return _TEXTS
    if isinstance(shape, shapely.Point):
        return _POINTS
    return None if isinstance(shape, (shapely.LineString, shapely.Polygon, shapely.MultiPolygon)) else _OTHERS


def _closed(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A line that ends where it began, as the polygon that it bounds; heights are left out."""
    flat = shapely.force_2d(shape)
    points = shapely.get_coordinates(flat)
    if isinstance(flat, shapely.LineString) and len(points) >= _FEWEST and np.isfinite(points).all() and (points[0] == points[-1]).all():
        return shapely.Polygon(points)
    return flat


def _is_open(shape: shapely.Geometry) -> bool:
    return isinstance(shape, shapely.LineString)


def _judged(shape: shapely.Geometry, where: Where) -> Finding | None:
    """Why a line is no ground, ``None`` where it is."""
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        return not_a_place(where)
    return line_not_closed(where, float(np.hypot(*(points[-1] - points[0])))) if _is_open(shape) and len(points) else None


def _labels(drawing: _Drawing, rows: Integers) -> list[str | None]:
    """The texts that stand inside each parcel; one that stands in several belongs to the smallest of the whole drawing."""
    polygons = [at for at in range(len(drawing.shapes)) if drawing.is_line[at] and not _is_open(drawing.shapes[at])]
    places = [at for at, text in enumerate(drawing.texts) if text and isinstance(drawing.shapes[at], shapely.Point)]
    if not polygons or not places:
        return [None] * len(rows)
    shapes = drawing.shapes[polygons]
    inside: dict[int, list[str]] = {}
    smallest: dict[int, tuple[float, int]] = {}
    text_at, polygon_at = shapely.STRtree(shapes).query(drawing.shapes[places], predicate="within")
    for text, polygon in zip(text_at.tolist(), polygon_at.tolist(), strict=True):
        size = (float(shapes[polygon].area), polygons[polygon])
        smallest[text] = min(smallest.get(text, size), size)
    for text, (_, polygon) in sorted(smallest.items()):
        inside.setdefault(polygon, []).append(drawing.texts[places[text]] or "")
    return [" ".join(inside[at]) if at in inside else None for at in rows.tolist()]
