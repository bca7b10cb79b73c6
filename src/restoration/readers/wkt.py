"""CSV with a column of WKT, as databases and QGIS write it: by the standard library and shapely, each row on its own."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd
import shapely

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from . import encoding
from .columns import distinct
from .geojson import decoded
from .layer import Raw, Undeclared
from .members import Source
from .rule import Where
from .rules_file import no_geometry, not_a_place, unreadable_geometry
from .rules_formats import line_unreadable
from .shapefile import empty
from .vectors import require_few

_DELIMITERS = ",\t;|"
_GEOMETRY = re.compile(
    r"\s*(?:SRID=(\d{1,6});)?\s*((?:POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOWHERE = re.compile(r"\b(?:nan|inf|infinity)\b", re.IGNORECASE)
_UNDECLARED = Undeclared(Text("没有坐标系：CSV 里的 WKT 没有写 SRID", "has no CRS: the WKT of the CSV has no SRID"))


@dataclass(frozen=True)
class _Record:
    """One record: the line that it ends on, and its cells."""

    line: int
    cells: list[str]


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The records of a CSV, their shapes from the column that holds WKT.

    Raises
    ------
    FileRefused
        It has no records, or no column of WKT.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    head, records = _records(text, where)
    if not records:
        raise empty(where)
    require_few(where, len(records), len(head))
    at = _column_of_shapes(head, records, where)
    rows = np.array([record.line for record in records], dtype=np.intp)
    texts = [record.cells[at] for record in records]
    shapes, unreadable, closed, crs = _shapes(texts, rows, where)
    for position, record in enumerate(records):
        if len(record.cells) > len(head):
            said = Text(
                f"有 {len(record.cells)} 格，表头只有 {len(head)} 列", f"it has {len(record.cells)} cells under {len(head)} headings"
            )
            unreadable[position], shapes[position] = line_unreadable(where.at(record.line), said), None
    others = [place for place in range(len(head)) if place != at]
    named, renamed = distinct([head[place] for place in others], where)
    cells = {new: [record.cells[place] for record in records] for new, place in zip(named, others, strict=True)}
    frame = pd.DataFrame({new: pd.Series(values, dtype=object) for new, values in cells.items()}, index=range(len(records)))
    told = encoding.told_of(chosen, where)
    return Raw(name, frame, shapes, rows, crs, chosen.name, (*told, *renamed), unreadable, closed, undeclared=_UNDECLARED)


def _records(text: str, where: Where) -> tuple[list[str], list[_Record]]:
    """The headings and the records, short ones filled up; empty lines are none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        with _wide_cells():
            delimiter = max(_DELIMITERS, key=lambda one: len(next(csv.reader([first], delimiter=one), [])))
            reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
            found = [_Record(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise FileRefused(
            Text(f"{where.file} 不是能读的 CSV：{error}。", f"{where.file} is no CSV that can be read: {error}."),
            Text("请重新导出为 CSV。", "Export it again as CSV."),
        ) from error
    head = [cell.strip() for cell in found[0].cells] if found else []
    return head, [_Record(one.line, one.cells + [""] * (len(head) - len(one.cells))) for one in found[1:]]


@contextmanager
def _wide_cells() -> Iterator[None]:
    """A boundary of some thousand corners is longer than a cell may be by default."""
    before = csv.field_size_limit(int(builtin("limits")["text"]["bytes"]))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _column_of_shapes(head: Sequence[str], records: Sequence[_Record], where: Where) -> int:
    counts = [sum(bool(_GEOMETRY.match(record.cells[at])) for record in records) for at in range(len(head))]
    if not any(counts):
        raise FileRefused(
            Text(f"{where.file} 里没有 WKT 图形列。", f"{where.file} has no column of WKT."),
            Text(
                "请在 QGIS 里导出为 CSV 时选“几何图形：AS_WKT”，或导出为 GeoPackage。",
                "In QGIS export it as CSV with geometry AS_WKT, or as GeoPackage.",
            ),
        )
    return counts.index(max(counts))


def _shapes(
    texts: Sequence[str], numbers: Integers, where: Where
) -> tuple[np.ndarray[tuple[int], np.dtype[np.object_]], dict[int, Finding], list[int], str | None]:
    """The shapes, the rows that are unreadable, those whose rings were closed, and the CRS that most rows name."""
    found = [_GEOMETRY.fullmatch(text) for text in texts]
    named = Counter(match.group(1) for match in found if match)
    srid = named.most_common(1)[0][0] if named else None
    shapes = np.full(len(texts), None, dtype=object)
    unreadable: dict[int, Finding] = {}
    closed: list[int] = []
    for at, match in enumerate(found):
        here = where.at(int(numbers[at]))
        if match is None:
            unreadable[at] = unreadable_geometry(here, Text("不是 WKT", "it is no WKT")) if texts[at].strip() else no_geometry(here)
        elif match.group(1) != srid:
            said = Text(f"SRID 是 {match.group(1)}，多数行是 {srid}", f"its SRID is {match.group(1)}, that of most rows {srid}")
            unreadable[at] = unreadable_geometry(here, said)
        else:
            shapes[at], wrong, was_open = _shape(match.group(2))
            if wrong:
                unreadable[at] = not_a_place(here) if _NOWHERE.search(match.group(2)) else unreadable_geometry(here, wrong)
            closed += [at] if was_open else []
    return shapes, unreadable, closed, f"EPSG:{srid}" if srid and srid != "0" else None


def _shape(text: str) -> tuple[shapely.Geometry | None, Text | None, bool]:
    """The shape of a WKT, why it has none, and whether a ring had to be closed."""
    # GEOS follows collections in collections as deep as they go, past the end of its stack.
    if text.upper().count("GEOMETRYCOLLECTION") > builtin("limits")["xml"]["depth"]:
        return None, Text("图形集合嵌套太深", "its collections are nested too deep"), False
    with np.errstate(invalid="ignore", over="ignore"):
        try:
            return shapely.from_wkt(text), None, False
        except shapely.errors.GEOSException as error:
            mended = shapely.from_wkt(text, on_invalid="fix")
            said = str(error).removeprefix("ParseException: ")[:100]
            return mended, None if mended is not None else Text(said, said), mended is not None
