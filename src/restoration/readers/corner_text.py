"""Texts of coordinates: a 界址点 TXT, or a table of corners in CSV or as it was pasted; the content says which."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from . import encoding
from .boundary_points import is_boundary_points, read_text
from .corner_tables import Line, read_grid, tidy
from .corners import too_many
from .geojson import decoded
from .layer import Raw
from .members import Source
from .rule import Where

_SEPARATORS = ("\t", ",", "，", ";", "；", "|", "、")
_BREAK = re.compile(r"\r\n|\r|\n")
_WIDE_BLANKS = re.compile(r"\s{2,}|\t")
_DIGIT = re.compile(r"\d")
_OTHERS: Sequence[tuple[str, Text, Text]] = (
    ("WMAP", Text("MapGIS 明码文件", "a MapGIS text"), Text("请在 MapGIS 里转成 shp 再送来。", "Convert it to a shapefile in MapGIS.")),
    ("{", Text("JSON", "JSON"), Text("请把后缀改回 .geojson 或 .json。", "Give it its ending back, .geojson or .json.")),
    ("<", Text("XML 或网页", "XML or a web page"), Text("若是 KML，请把后缀改回 .kml。", "If it is KML, give it its ending .kml back.")),
)
"""How texts of other formats begin, what they are, and what to do."""


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The parcels of a 界址点 TXT, or the areas of a table of corners.

    Raises
    ------
    FileRefused
        It is neither, or can be read in more than one way.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    text = text.removeprefix("\ufeff")
    _require_no_other(text, where)
    if is_boundary_points(text):
        return read_text(text, chosen, where, degrees=source.degrees)
    told: list[Finding] = encoding.told_of(chosen, where)
    return read_grid(list(_grid(text, where)), where, base=name, encoding=chosen.name, told=told, degrees=source.degrees)


def _require_no_other(text: str, where: Where) -> None:
    begin = text.lstrip()[:4]
    for sign, what, way_out in _OTHERS:
        if begin.startswith(sign):
            raise FileRefused(Text(f"{where.file} 是{what.zh}，不是坐标表。", f"{where.file} is {what.en}, no list of corners."), way_out)


def _grid(text: str, where: Where) -> Iterator[Line]:
    lines = _BREAK.split(text)
    limits = builtin("limits")["corners"]
    if len(lines) > limits["points"]:
        raise too_many(where)
    separator = _separator(lines)
    for number, line in enumerate(lines, 1):
        if len(line) > limits["line_characters"]:
            raise FileRefused(
                Text(
                    f"{where.file}：第 {number} 行有 {len(line)} 个字符，不是坐标表。",
                    f"{where.file}: line {number} has {len(line)} letters.",
                ),
                Text("请给拐点表，一行一个点。", "Give a table of corners, one point a line."),
            )
        yield number, _cells(line, separator)


def _separator(lines: Sequence[str]) -> str:
    """The first of the usual separators that most lines with figures hold, ``""`` for blanks."""
    figured = [line for line in lines if len(_DIGIT.findall(line)) > 3]  # a title may hold a figure or two
    figured = figured or [line for line in lines if line.strip()]
    found = (sign for sign in _SEPARATORS if sum(sign in line for line in figured) * 2 > len(figured))
    return next(found, "")


def _cells(line: str, separator: str) -> list[str]:
    if not separator:
        bare = line.strip()
        return tidy(_WIDE_BLANKS.split(bare) if _WIDE_BLANKS.search(bare) else bare.split())
    if '"' in line and not _is_seconds(line):
        try:
            return tidy(next(csv.reader(io.StringIO(line, newline=""), delimiter=separator), []))
        except csv.Error:
            return tidy(line.split(separator))
    return tidy(line.split(separator))


def _is_seconds(line: str) -> bool:
    """Whether the quotation marks of a line are seconds and not quotes: none begins a cell."""
    return re.search(r'(^|[,;\t|，；、])\s*"', line) is None
