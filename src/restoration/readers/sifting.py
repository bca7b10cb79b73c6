"""Row by row: which geometries are ground and are kept, which were mended, which are refused and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ..data import builtin
from ..ellipsoid import Floats, Integers
from ..geometry import Geometries, area_of_record_m2, repaired
from ..model import Finding
from .crs import Placed
from .layer import Layer, Raw
from .rule import Where
from .rules_file import (
    geometry_repaired,
    heights_dropped,
    no_geometry,
    not_a_place,
    not_ground,
    other_parts_dropped,
    outside_envelope,
    repair_too_large,
    rings_closed,
    too_wide,
)
from .windows import envelope_label, inside_envelope, middles_of

CRS = "EPSG:4490"
_FEWEST_M2 = 1e9  # a square degree has more than that as far as 85° north or south
_POINT = re.compile(r"\[(\S+) (\S+)\]")


@dataclass
class _Sieve:
    """What became of each row, while it is being found out."""

    where: Where
    source_rows: Integers
    kept: Geometries
    refused: dict[int, Finding] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def at(self, position: int, place: tuple[float, float] | None = None) -> Where:
        return self.where.at(int(self.source_rows[position]), place=place)


def sift(raw: Raw, placed: Placed, *, file: str, sha256: str) -> tuple[Layer, list[Finding]]:
    """A layer's rows that are ground, the rows that are not, and what was found.

    Parameters
    ----------
    raw
        The layer as its format gave it.
    placed
        Its geometries in EPSG:4490.
    file, sha256
        What it came from.
    """
    sieve = _Sieve(Where(file, raw.name), raw.source_rows, np.full(len(raw.columns), None, dtype=object))
    sieve.refused.update(raw.unreadable)
    _refuse_what_is_nowhere(sieve, raw.geometries, placed.geometries)
    _mend(sieve, placed.geometries)
    _refuse_what_is_nothing(sieve, placed.geometries)
    _tell_about_shapes(sieve, raw, placed.geometries)
    _tell_who_is_outside(sieve)
    findings = [*sieve.findings, *(sieve.refused[at] for at in sorted(sieve.refused))]
    frame = raw.columns.assign(source_row=raw.source_rows)
    good = np.array([at not in sieve.refused for at in range(len(frame))], dtype=bool)
    rows = gpd.GeoDataFrame(frame[good].reset_index(drop=True), geometry=sieve.kept[good], crs=CRS)
    layer = Layer(rows, _refused(frame, placed.geometries, sieve), file, sha256, raw.name, raw.encoding, placed.crs)
    return layer, findings


def _refused(frame: pd.DataFrame, geometries: Geometries, sieve: _Sieve) -> gpd.GeoDataFrame:
    positions = sorted(sieve.refused)
    found = geometries[positions]
    found[~_on_earth(found)] = None
    told = [sieve.refused[at] for at in positions]
    columns = frame.iloc[positions].reset_index(drop=True)
    columns = columns.assign(reason_code=[one.code for one in told], reason=[str(one.message) for one in told])
    return cast(gpd.GeoDataFrame, gpd.GeoDataFrame(columns, geometry=found, crs=CRS))


def _on_earth(geometries: Geometries) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which geometries have nothing but finite longitudes and latitudes (one that is missing has nothing else)."""
    bound = builtin("crs")["degrees"]
    points, owner = shapely.get_coordinates(geometries, return_index=True)
    good = (np.abs(points) <= (bound["longitude"], bound["latitude"])).all(axis=1)  # NaN compares as false
    sound = np.ones(len(geometries), dtype=bool)
    sound[owner[~good]] = False
    return sound


def _refuse_what_is_nowhere(sieve: _Sieve, original: Geometries, degrees: Geometries) -> None:
    nothing = shapely.is_missing(original) | shapely.is_empty(original)
    for at in np.flatnonzero(nothing).tolist():
        sieve.refused.setdefault(at, no_geometry(sieve.at(at)))
    nowhere = ~nothing & ~_on_earth(degrees)
    for at in np.flatnonzero(nowhere).tolist():
        sieve.refused.setdefault(at, not_a_place(sieve.at(at)))
    _refuse_what_is_too_wide(sieve, degrees, np.flatnonzero(~nothing & ~nowhere))


def _refuse_what_is_too_wide(sieve: _Sieve, degrees: Geometries, positions: Integers) -> None:
    limit_deg = float(builtin("limits")["shape"]["degrees"])
    west, south, east, north = shapely.bounds(degrees[positions]).T
    width_deg = np.maximum(east - west, north - south)
    for at, width in zip(positions[width_deg > limit_deg].tolist(), width_deg[width_deg > limit_deg].tolist(), strict=True):
        sieve.refused.setdefault(at, too_wide(sieve.at(at), width, limit_deg))


def _mend(sieve: _Sieve, degrees: Geometries) -> None:
    open_rows = np.array([at for at in range(len(degrees)) if at not in sieve.refused], dtype=np.intp)
    mended = repaired(degrees[open_rows])
    sieve.kept[open_rows] = mended.geometries
    wrong = [(int(at), reason) for at, reason in zip(open_rows, mended.reasons, strict=True) if reason]
    if not wrong:
        return
    positions = np.array([at for at, _ in wrong], dtype=np.intp)
    before = _area_as_found_m2(shapely.force_2d(degrees[positions]))
    after = area_of_record_m2(sieve.kept[positions])
    for (at, reason), was_m2, is_m2 in zip(wrong, before.tolist(), after.tolist(), strict=True):
        _judge(sieve, at, reason, degrees[at], was_m2, is_m2)


def _refuse_what_is_nothing(sieve: _Sieve, degrees: Geometries) -> None:
    """Points on one line in the file's plane are a sliver in degrees, of less ground than any figure shows."""
    least_m2 = float(builtin("limits")["shape"]["least_m2"])
    open_rows = np.array([at for at in range(len(degrees)) if at not in sieve.refused], dtype=np.intp)
    small = open_rows[shapely.area(sieve.kept[open_rows]) * _FEWEST_M2 < least_m2]
    for at in small[area_of_record_m2(sieve.kept[small]) < least_m2].tolist():
        sieve.refused[at] = not_ground(sieve.at(at, _middle(degrees[at])), degrees[at].geom_type)


def _area_as_found_m2(geometries: Geometries) -> Floats:
    """The areas of faulty shapes, m²; NaN for one so faulty (a ring that is a single point) that it has none to measure."""
    try:
        return area_of_record_m2(geometries)
    except shapely.errors.GEOSException:
        if len(geometries) == 1:
            return np.array([np.nan])
        return np.concatenate([_area_as_found_m2(geometries[at : at + 1]) for at in range(len(geometries))])


def _judge(sieve: _Sieve, at: int, reason: str, found: BaseGeometry, was_m2: float, is_m2: float) -> None:
    """Keep a mended shape and tell it, or refuse the row where nothing is left or too much changed."""
    place = _place(reason)
    limit_pct = float(builtin("limits")["repair"]["change_pct"])
    if sieve.kept[at] is None or is_m2 <= 0:
        sieve.refused[at] = not_ground(sieve.at(at, _middle(found)), found.geom_type)
    elif abs(is_m2 - was_m2) * 100 > limit_pct * is_m2:
        sieve.refused[at] = repair_too_large(sieve.at(at, place), reason, was_m2, is_m2, limit_pct)
    else:
        sieve.findings.append(geometry_repaired(sieve.at(at, place), reason, was_m2, is_m2))


def _place(reason: str) -> tuple[float, float] | None:
    """Where GEOS saw the fault: it stands in brackets behind its words."""
    found = _POINT.search(reason)
    return (float(found.group(1)), float(found.group(2))) if found else None


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    return (west + east) / 2, (south + north) / 2


def _tell_about_shapes(sieve: _Sieve, raw: Raw, degrees: Geometries) -> None:
    mixed = shapely.get_type_id(degrees) == shapely.GeometryType.GEOMETRYCOLLECTION
    for at in np.flatnonzero(mixed).tolist():
        if at not in sieve.refused and _has_others(degrees[at]):
            sieve.findings.append(other_parts_dropped(sieve.at(at)))
    high = int((shapely.has_z(raw.geometries) | shapely.has_m(raw.geometries)).sum())
    if high:
        sieve.findings.append(heights_dropped(sieve.where, high))
    closed = [int(raw.source_rows[at]) for at in raw.closed if at not in sieve.refused]
    if closed:
        sieve.findings.append(rings_closed(sieve.where, closed))


def _has_others(shape: shapely.GeometryCollection) -> bool:
    return any(not isinstance(part, (shapely.Polygon, shapely.MultiPolygon)) for part in shape.geoms)


def _tell_who_is_outside(sieve: _Sieve) -> None:
    open_rows = np.array([at for at in range(len(sieve.kept)) if at not in sieve.refused], dtype=np.intp)
    if not len(open_rows):
        return
    middles = middles_of(sieve.kept[open_rows])
    outside = open_rows[~inside_envelope(middles)]
    places = middles[~inside_envelope(middles)]
    if len(outside) == len(open_rows):
        # One word is enough where a whole layer is elsewhere.
        where = sieve.at(int(outside[0]), (float(places[0][0]), float(places[0][1])))
        sieve.findings.append(outside_envelope(where, envelope_label(), (sieve.source_rows[outside]).tolist()))
        return
    for at, (x, y) in zip(outside.tolist(), places.tolist(), strict=True):
        where = sieve.at(at, (x, y))
        sieve.findings.append(outside_envelope(where, envelope_label(), [int(sieve.source_rows[at])]))
