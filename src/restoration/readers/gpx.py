"""GPX: tracks and routes walked around plots, streamed by defusedxml, no GDAL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from . import encoding
from .geojson import decoded
from .layer import Raw
from .markup import ended, tag_of, text_of
from .members import Source
from .rings import polygons
from .rule import Where
from .rules_file import not_a_place, unreadable_geometry
from .rules_formats import waypoints_left, wgs84_by_rule
from .shapefile import empty
from .vectors import require_few
from .walk import Stretch, Walked, bounded

_CRS = "EPSG:4326"  # GPX 1.1: "lat and lon in decimal degrees, WGS84 datum"
_WORDS = ("name", "cmt", "desc", "type", "number")


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """Every track and route of a GPX as the ground that it goes around.

    Raises
    ------
    FileRefused
        It is no GPX, is made to harm, or has no track and no route.
    """
    where = Where(source.file, name)
    text, chosen = decoded(source.content, where, given_encoding)
    columns: list[dict[str, str]] = []
    walked: list[Walked] = []
    waypoints = 0
    for element in _elements(text, where):
        if tag_of(element) == "wpt":
            waypoints += 1
            continue
        columns.append(_columns(element))
        walked.append(_walked(element, where.at(len(columns))))
        require_few(where, len(columns), 0)
    if not columns:
        raise _no_track(where, waypoints) if waypoints else empty(where)
    told = encoding.told_of(chosen, where)
    told += [wgs84_by_rule(where), *([waypoints_left(where, waypoints)] if waypoints else [])]
    told += [finding for one in walked if not one.wrong for finding in one.findings]
    return _raw(columns, walked, where, chosen.name, told)


def _raw(columns: Sequence[dict[str, str]], walked: Sequence[Walked], where: Where, coding: str, told: Sequence[Finding]) -> Raw:
    unreadable = {at: one.wrong for at, one in enumerate(walked) if one.wrong}
    shapes, _ = polygons([one.polygons or None for one in walked])
    heads = ["name", *(word for word in (*_WORDS[1:], "started_at") if any(word in row for row in columns))]
    frame = pd.DataFrame({head: pd.Series([row.get(head) for row in columns], dtype=object) for head in heads})
    rows = np.arange(1, len(columns) + 1, dtype=np.intp)
    return Raw(where.layer, frame, shapes, rows, _CRS, coding, tuple(told), unreadable)


def _elements(text: str, where: Where) -> Iterator[Element]:
    """Each track, route and waypoint; elements are let go as soon as they are read."""
    for element, above in ended(text, roots=("gpx",), refused=partial(_not_gpx, where)):
        if len(above) == 1:
            if tag_of(element) in ("trk", "rte", "wpt"):
                yield element
            above[0].remove(element)


def _columns(element: Element) -> dict[str, str]:
    words = {tag_of(child): text_of(child) for child in element if tag_of(child) in _WORDS and text_of(child)}
    first = next((text_of(one) for one in element.iter() if tag_of(one) == "time" and text_of(one)), "")
    return {"name": "", **words, **({"started_at": first} if first else {})}


def _walked(element: Element, where: Where) -> Walked:
    """The ground of one track or route."""
    try:
        segments = [one for one in element if tag_of(one) == "trkseg"] if tag_of(element) == "trk" else [element]
        stretches = [_stretch([one for one in segment if tag_of(one) in ("trkpt", "rtept")]) for segment in segments]
        bound = builtin("crs")["degrees"]
        # NaN compares as false
        if not all((np.abs(one.points) <= (bound["longitude"], bound["latitude"])).all() for one in stretches):
            return Walked([], not_a_place(where), ())
        return bounded(stretches, where)
    except (ValueError, OverflowError) as error:
        said = str(error)[:100]
        return Walked([], unreadable_geometry(where, Text(said, said)), ())


def _stretch(points: Sequence[Element]) -> Stretch:
    places = np.array([[float(one.get("lon", "")), float(one.get("lat", ""))] for one in points], dtype=np.float64).reshape(-1, 2)
    hdops = np.array([_number(_child(one, "hdop")) for one in points], dtype=np.float64)
    return Stretch(places, hdops, [_moment(_child(one, "time")) for one in points])


def _child(element: Element, tag: str) -> str:
    return next((text_of(child) for child in element if tag_of(child) == tag), "")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _no_track(where: Where, waypoints: int) -> FileRefused:
    return FileRefused(
        Text(
            f"{where.file} 里没有轨迹和航线，只有 {waypoints} 个航点。",
            f"{where.file} has no track and no route, only {waypoints} waypoints.",
        ),
        Text("请在 GIS 里把航点按次序连成面，或导出绕地块走的轨迹。", "Join the waypoints to a polygon in a GIS, or export the track."),
    )


def _not_gpx(where: Where, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{where.file} 不是能读的 GPX：{what.zh}。", f"{where.file} is no GPX that can be read: {what.en}."),
        Text("请在手机软件里重新导出为 GPX。", "Export it again as GPX."),
    )
