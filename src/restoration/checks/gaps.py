"""Strips of nobody's ground between neighbours: S205."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from .. import geometry
from ..ellipsoid import Booleans, Floats, Integers
from ..geometry import Geometries
from ..model import Finding
from ..overlay import zone_by_zone
from ..text import Text
from . import phrases
from .conditions import COUNTED, MEASURABLE, VALID
from .inspection import Inspection, rule

PAIRS_AT_ONCE = 20_000
EDGES_AT_ONCE = 2_000_000
FACING = np.cos(np.radians(30))
"""Two edges face each other if they run against each other within 30°: those of a corner do not."""
LEVEL = 1e-9
"""Two edges that part by less are level; no division by nothing."""
ALIKE_M = 0.001
"""Edges whose middles are as near are one edge."""


class Strips(NamedTuple):
    """Ground between an edge of one site and one of another: the two rows, length and width (m), its middle (degrees)."""

    first: Integers
    second: Integers
    length_m: Floats
    width_m: Floats
    middle: Floats

    def taken(self, chosen: Booleans | Integers) -> Strips:
        """Only the chosen strips."""
        return Strips._make(column[chosen] for column in self)


@rule("S205", "warning", applies=(COUNTED, MEASURABLE, VALID))
def gap(seen: Inspection) -> Iterator[Finding]:
    """问题：同一图层的两个相邻小班之间有一条狭长的缝隙，比误差宽，又窄得不像路和沟。
    影响：公共边界各画各的，没有对齐；缝里的地哪个小班也不算，面积就少了，上级拓扑检查会退回。
    改法：在 GIS 中打开捕捉，把缝隙并入其中一个小班后重新导入；确是田埂、小路的，写明理由豁免。
    ---
    What: between two neighbours of one layer there is a long narrow gap, wider than the noise, too narrow for a road or a ditch.
    Why: their common boundary was drawn twice and does not meet. The ground in it is in no site, and a topology check refuses it.
    Mend: snap in a GIS and give the gap to one of the two, then import again; if it is a ridge or a path, waive it with the reason.
    """
    limit = seen.limits.numbers["S205"]
    strips = _strips(seen, width_m=limit["width_m"], least_m=limit["least_width_m"])
    pair, of = np.unique(np.column_stack([strips.first, strips.second]), axis=0, return_inverse=True)
    of = of.reshape(-1)
    length_m = np.bincount(of, weights=strips.length_m, minlength=len(pair))
    area_m2 = np.bincount(of, weights=strips.length_m * strips.width_m, minlength=len(pair))
    told = (length_m >= limit["length_m"]) & (area_m2 >= limit["area_m2"])
    strips, of = strips.taken(told[of]), of[told[of]]
    free = ~_is_held(seen, strips)
    strips, of = strips.taken(free), of[free]
    length_m = np.bincount(of, weights=strips.length_m, minlength=len(pair))
    area_m2 = np.bincount(of, weights=strips.length_m * strips.width_m, minlength=len(pair))
    for at in np.flatnonzero((length_m >= limit["length_m"]) & (area_m2 >= limit["area_m2"])).tolist():
        members = np.flatnonzero(of == at)
        middle = strips.middle[members[np.argmax(strips.length_m[members])]]
        yield _told(seen, int(pair[at, 0]), int(pair[at, 1]), float(area_m2[at]), float(length_m[at]), middle)


def _told(seen: Inspection, first: int, second: int, area_m2: float, length_m: float, middle: Floats) -> Finding:
    site_id, other_id = (str(seen.words["site_id"][row]) for row in (first, second))
    size, length, width = phrases.area(area_m2), phrases.metres(length_m), phrases.metres(area_m2 / length_m)
    waive = phrases.waive(site_id, "S205", other_id)
    return seen.finding(
        "S205", "warning", first,
        Text(f"{site_id} 与 {other_id} 之间有缝隙，长 {length} 米，平均宽 {width} 米，{size.zh}。",
             f"Between {site_id} and {other_id} there is a gap {length} m long and {width} m wide on average, {size.en}."),
        Text(f"并入其中一个后重新导入；确有田埂、小路：{waive.zh}",
             f"Give it to one of them and import again; if it is a ridge or path: {waive.en}"),
        other=second, place=(float(middle[0]), float(middle[1])), value=area_m2,
    )  # fmt: skip


def _strips(seen: Inspection, *, width_m: float, least_m: float) -> Strips:
    """Every strip between two polygons of neighbouring sites of one layer that is wider and narrower than so."""
    shapes, row = seen.polygons.degrees, seen.polygons.row
    zones = geometry.zone_of(shapes)
    reach = 1.5 * width_m / METRES_A_DEGREE
    boxes = shapely.box(*(shapely.bounds(shapes) + np.array([-reach, -reach, reach, reach])).T)
    first, second = shapely.STRtree(boxes).query(boxes)
    layer, sound = seen.words["layer"], seen.counted & seen.valid
    first_row, second_row = row[first], row[second]
    near = (first < second) & (first_row != second_row) & (layer[first_row] == layer[second_row]) & sound[first_row] & sound[second_row]
    first, second = first[near], second[near]
    planar = shapely.orient_polygons(seen.polygons.planar)
    found = [_NONE]
    for begin in range(0, len(first), PAIRS_AT_ONCE):
        one, other = first[begin : begin + PAIRS_AT_ONCE], second[begin : begin + PAIRS_AT_ONCE]
        beside, away = planar[other], zones[one] != zones[other]
        beside[away] = shapely.orient_polygons(zone_by_zone(geometry.to_plane, shapes[other[away]], zones[one[away]]))
        found.extend(_facing(_Pairs(planar[one], beside, row[one], row[other], zones[one]), width_m, least_m))
    return Strips(*(np.concatenate(column) for column in zip(*found, strict=True)))


METRES_A_DEGREE = 90_000.0
"""A degree of longitude is longer than this as far north as 36°, one of latitude everywhere: a reach by it is too far, never too short."""
_NONE = Strips(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros((0, 2)))


class _Pairs(NamedTuple):
    """Neighbours in one plane, shells counter-clockwise: what is outside lies to the right of every edge."""

    one: Geometries
    other: Geometries
    first: Integers
    second: Integers
    zone: Integers


class _Sides(NamedTuple):
    """Edges by pair: where each begins and ends (m)."""

    pair: Integers
    begin: Floats
    end: Floats

    def taken(self, chosen: Booleans | Integers) -> _Sides:
        return _Sides._make(column[chosen] for column in self)


def _facing(pairs: _Pairs, width_m: float, least_m: float) -> Iterator[Strips]:
    one, other = _sides(pairs.one, pairs.other, width_m), _sides(pairs.other, pairs.one, width_m)
    shared_one, shared_other = _shared(one, other)
    one, other = one.taken(~shared_one), other.taken(~shared_other)
    count = np.bincount(other.pair, minlength=len(pairs.one))
    start = np.cumsum(count) - count
    each = count[one.pair]
    edges = np.unique(np.r_[0, np.searchsorted(np.cumsum(each), np.arange(EDGES_AT_ONCE, each.sum(), EDGES_AT_ONCE)), len(each)])
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        number = each[begin:end]
        left = np.repeat(np.arange(begin, end), number)
        inner = np.arange(len(left)) - np.repeat(np.cumsum(number) - number, number)
        right = start[one.pair[left]] + inner
        yield _between(one.taken(left), other.taken(right), pairs, width_m, least_m)


def _sides(shapes: Geometries, others: Geometries, reach_m: float) -> _Sides:
    """The edges of each shape that lie by the box of the other."""
    rings, owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    begin, end, pair = xy[:-1][within], xy[1:][within], owner[ring[1:][within]]
    bounds = shapely.bounds(others)[pair]
    near = (np.maximum(begin, end) >= bounds[:, :2] - reach_m) & (np.minimum(begin, end) <= bounds[:, 2:] + reach_m)
    return _Sides(pair, begin, end).taken(near.all(axis=1))


def _shared(one: _Sides, other: _Sides) -> tuple[Booleans, Booleans]:
    """Which edges two neighbours have in common, vertex by vertex: nothing is between them."""
    both = _Sides(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))
    middle = np.rint((both.begin + both.end) / (2 * ALIKE_M)).astype(np.int64)
    mark = both.pair.astype(np.int64) * 1_000_003 ^ middle[:, 0] * 998_244_353 ^ middle[:, 1] * 2_147_483_647
    _, of, count = np.unique(mark, return_inverse=True, return_counts=True)
    twice = count[of.reshape(-1)] > 1
    return twice[: len(one.pair)], twice[len(one.pair) :]


def _between(one: _Sides, other: _Sides, pairs: _Pairs, width_m: float, least_m: float) -> Strips:
    """The strips between edges that face each other, both with their outside to it."""
    along, back = one.end - one.begin, other.end - other.begin
    length, length_back = np.hypot(*along.T), np.hypot(*back.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = along / length[:, None]
        against = -np.einsum("ij,ij->i", along, back) > FACING * length * length_back
    at = np.flatnonzero(against)
    one, other, unit, length, pair = one.taken(at), other.taken(at), unit[at], length[at], one.pair[at]
    right = np.column_stack([unit[:, 1], -unit[:, 0]])
    ends = [(np.einsum("ij,ij->i", p - one.begin, unit), np.einsum("ij,ij->i", p - one.begin, right)) for p in (other.begin, other.end)]
    (t0, d0), (t1, d1) = ends
    slope = (d1 - d0) / (t1 - t0)
    slope[np.abs(slope) < LEVEL] = LEVEL
    from_m, to_m = t0 + (least_m - d0) / slope, t0 + (width_m - d0) / slope  # between them the strip is as wide as is told
    low = np.maximum.reduce([np.zeros(len(t0)), np.minimum(t0, t1), np.minimum(from_m, to_m)])
    high = np.minimum.reduce([length, np.maximum(t0, t1), np.maximum(from_m, to_m)])
    middle = (low + high) / 2
    width = d0 + slope * (middle - t0)
    kept = np.flatnonzero(high > low)
    places = (one.begin + unit * middle[:, None] + right * (width / 2)[:, None])[kept]
    points = zone_by_zone(geometry.from_plane, shapely.points(places), pairs.zone[pair[kept]])
    rows = pair[kept]
    return Strips(pairs.first[rows], pairs.second[rows], (high - low)[kept], width[kept], shapely.get_coordinates(points))


def _is_held(seen: Inspection, strips: Strips) -> Booleans:
    """Which strips are ground of a third site, or of one of the two by another of its parts."""
    at, _ = shapely.STRtree(seen.polygons.degrees).query(shapely.points(strips.middle), predicate="within")
    return np.isin(np.arange(len(strips.first)), at)
