"""What hangs on a site: arms too narrow to be ground (S106), parts far from one another (S107)."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from .. import geometry
from ..ellipsoid import Booleans, Floats, Integers
from ..geometry import Geometries, point_in
from ..model import Finding
from ..overlay import mean_width_m, zone_by_zone
from ..text import Text
from . import phrases
from .conditions import MEASURABLE, VALID
from .inspection import Inspection, rule
from .shapes import by_row, spikes

SHARPEST = 12.0
"""Corners down to 9.6° come back when a shape is taken in and let out again; sharper ones are the business of S104."""
CLEAR_M = 0.01
"""What an opening moves an edge by is less."""
DEGREE_M = 111_000.0


class Arms(NamedTuple):
    """Pieces that the opening of a site takes off: the row of their site, the piece (degrees), its length and mean width (m)."""

    row: Integers
    degrees: Geometries
    length_m: Floats
    width_m: Floats


@rule("S106", "warning", applies=(MEASURABLE, VALID))
def tail(seen: Inspection) -> Iterator[Finding]:
    """问题：图斑拖着一条窄尾巴：主体是地，另有一条窄得像缝的长条连在上面（或连着两块地）。
    影响：多半是裁切、合并时带上的缝隙或走样的边界；整体不窄，S102 看不出来，却会与邻班重叠，长条上也不能造林。
    改法：在 GIS 中切去所报的长条后重新导入；确是实地的（如田埂、林带），写明理由豁免。
    ---
    What: an arm as narrow as a crack hangs on the site, whose body is ground (or it joins two such bodies).
    Why: mostly a sliver that a clip or a merge took along. The whole is not narrow, so S102 does not see it; it overlaps neighbours.
    Mend: cut the arm that is told off in a GIS and import again; if it is real (a ridge, a shelter belt), waive it with the reason.
    """
    arms = _arms(seen)
    for row, members in by_row(arms.row, np.arange(len(arms.row))):
        longest = members[np.argmax(arms.length_m[members])]
        length, width = phrases.metres(arms.length_m[longest]), phrases.metres(arms.width_m[longest])
        waive = phrases.waive(str(seen.words["site_id"][row]), "S106")
        yield seen.finding(
            "S106", "warning", row,
            Text(f"有 {len(members)} 条窄尾巴，最长 {length} 米，平均宽 {width} 米。",
                 f"Narrow arms: {len(members)}; the longest is {length} m long and {width} m wide on average."),
            Text(f"切去后重新导入；确属实地：{waive.zh}", f"Cut it off and import again; if it is real: {waive.en}"),
            place=point_in(arms.degrees[longest]), value=arms.length_m[longest],
        )  # fmt: skip


def _arms(seen: Inspection) -> Arms:
    limit, polygons = seen.limits.numbers["S106"], seen.polygons
    opened = geometry.in_threads(lambda shapes: _opened(shapes, limit["width_m"] / 2), polygons.planar)
    less_m2 = shapely.area(polygons.planar) - shapely.area(opened)
    part = np.flatnonzero(seen.valid[polygons.row] & (less_m2 > limit["area_m2"] / 2) & ~shapely.is_empty(opened))
    rest = shapely.difference(polygons.planar[part], shapely.buffer(opened[part], CLEAR_M, quad_segs=1))
    pieces, of = shapely.get_parts(rest, return_index=True)
    area_m2 = shapely.area(pieces)
    kept = (shapely.length(pieces) / 2 >= limit["length_m"]) & (area_m2 >= limit["area_m2"])
    pieces, part, area_m2 = pieces[kept], part[of[kept]], area_m2[kept]
    degrees = zone_by_zone(geometry.from_plane, pieces, geometry.zone_of(polygons.degrees[part]))
    width_m = mean_width_m(pieces, area_m2)
    arms = Arms(polygons.row[part], degrees, shapely.length(pieces) / 2 - width_m, width_m)
    return Arms._make(column[~_are_spikes(seen, arms)] for column in arms)


def _opened(shapes: Geometries, half_m: float) -> Geometries:
    """What a disc of that radius reaches inside each shape, corners kept."""
    taken_in = shapely.buffer(shapes, -half_m, join_style="mitre", mitre_limit=SHARPEST)
    return np.asarray(shapely.buffer(taken_in, half_m, join_style="mitre", mitre_limit=SHARPEST), dtype=object)


def _are_spikes(seen: Inspection, arms: Arms) -> Booleans:
    """Which arms S104 tells already: the tip of a spike of that site lies on them."""
    told = spikes(seen)
    tips = shapely.STRtree(np.asarray(shapely.points(told.end), dtype=object))
    arm, tip = tips.query(arms.degrees, predicate="dwithin", distance=CLEAR_M / DEGREE_M)
    own = arm[arms.row[arm] == told.row[tip]]
    return np.isin(np.arange(len(arms.row)), own)


@rule("S107", "note", applies=(MEASURABLE,))
def scattered(seen: Inspection) -> Iterator[Finding]:
    """问题：一个小班由几块组成，其中一块离其余各块很远。
    影响：多半是两个小班用了同一个编号被合成一条，或某一块画错了地方；按村汇总时面积会记到别处。
    改法：核对远处那一块：是另一个小班的，拆开编号后重新导入；矿区的采场、排土场分处几地属正常，不用改。
    ---
    What: the site is made of several parts, and one of them lies far from all the others.
    Why: mostly two sites were given one number and merged, or a part was drawn in the wrong place; a village's sum is off then.
    Mend: look at the far part: if it is another site, give it its own number and import again; a mine's pits do lie apart.
    """
    polygons, limit_m = seen.polygons, seen.limits.numbers["S107"]["apart_m"]
    parts = np.bincount(polygons.row, minlength=len(seen.geometries))
    several = np.flatnonzero((parts > 1)[polygons.row])
    for row, members in by_row(polygons.row, several):
        apart_m = _apart_m(polygons.planar[members])
        far = int(np.argmax(apart_m))
        if apart_m[far] <= limit_m:
            continue
        yield seen.finding(
            "S107", "note", row,
            Text(f"由 {len(members)} 块组成，有一块离其余各块 {apart_m[far]:.0f} 米。",
                 f"It has {len(members)} parts, and one of them lies {apart_m[far]:.0f} m from the others."),
            Text("核对是不是另一个小班；确是一个的，不用改。", "See whether it is another site; if it is one, nothing is to be done."),
            place=point_in(polygons.degrees[members[far]]), value=apart_m[far],
        )  # fmt: skip


def _apart_m(shapes: Geometries) -> Floats:
    """How far each part is from the nearest of the others."""
    _, distance_m = shapely.STRtree(shapes).query_nearest(shapes, exclusive=True, all_matches=False, return_distance=True)
    return np.asarray(distance_m, dtype=np.float64)
