"""The geometry of one site: S101 to S104."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from ..ellipsoid import Booleans, Floats, Integers
from ..geometry import point_in
from ..model import Finding
from ..text import Text
from . import phrases
from .conditions import MEASURABLE, VALID
from .edges import Edges
from .inspection import Inspection, rule

REASONS = {
    "no geometry": Text("没有图形", "no geometry"),
    "not a polygon": Text("不是面", "not a polygon"),
    "Invalid Coordinate": Text("坐标不是数", "a coordinate is not a number"),
    "Self-intersection": Text("边界自相交", "self-intersection"),
    "Ring Self-intersection": Text("边界在一点自相接", "ring self-intersection"),
    "Hole lies outside shell": Text("洞在外圈之外", "hole lies outside shell"),
    "Holes are nested": Text("洞中有洞", "holes are nested"),
    "Nested shells": Text("外圈套外圈", "nested shells"),
    "Duplicate Rings": Text("有重复的圈", "duplicate rings"),
    "Interior is disconnected": Text("内部被切断", "interior is disconnected"),
    "Too few points in geometry component": Text("一圈的点数不够", "too few points in a ring"),
}
"""GEOS's reasons (its TopologyValidationError), and our own two."""


@rule("S101", "error")
def broken(seen: Inspection) -> Iterator[Finding]:
    """问题：图形无效：自相交、洞在圈外、点数不够，或者没有图形、不是面。
    影响：面积、叠加和地图都靠图形，图形无效时算出的面积可能为零或为负，上级软件会退回。
    改法：在 GIS 中用“修复几何”改好所报位置，核对面积后重新导入。
    ---
    What: the geometry is invalid: it crosses itself, a hole lies outside, a ring has too few points; or it is none, or no area.
    Why: areas, overlays and maps rest on it; an invalid one may measure nothing, and the higher office's program refuses it.
    Mend: repair it in a GIS at the place that is told, compare the area, and import it again.
    """
    for row in np.flatnonzero(~seen.valid | ~_is_areal(seen)).tolist():
        name, place = _reason(seen, row)
        reason = REASONS.get(name, Text(name, name))
        command, mend = phrases.reimport(), phrases.repair(_site(seen, row))
        yield seen.finding(
            "S101", "error", row,
            Text(f"图形无效：{reason.zh}{_at(place)}。", f"Invalid geometry: {reason.en}{_at(place)}."),
            Text(f"{mend.zh}；或在 GIS 中修复几何后重新导入：{command.zh}",
                 f"Repair it in a GIS and import again: {command.en}; or {mend.en}"),
            place=place,
        )  # fmt: skip


def _is_areal(seen: Inspection) -> Booleans:
    kinds = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    return np.isin(shapely.get_type_id(seen.geometries), kinds) & ~shapely.is_empty(seen.geometries)


def _reason(seen: Inspection, row: int) -> tuple[str, tuple[float, float] | None]:
    shape = seen.geometries[row]
    if shape is None or shape.is_empty:
        return "no geometry", None
    if seen.valid[row]:
        return "not a polygon", None
    said = shapely.is_valid_reason(shape)
    numbers = [float(number) for number in re.findall(r"-?\d[\d.e+-]*", said.partition("[")[2])]
    return said.partition("[")[0], (numbers[0], numbers[1]) if len(numbers) == 2 else None


def _at(place: tuple[float, float] | None) -> str:
    return "" if place is None else f" [{place[0]:.6f}, {place[1]:.6f}]"


@rule("S102", "warning", applies=(MEASURABLE, VALID))
def sliver(seen: Inspection) -> Iterator[Finding]:
    """问题：整个图斑或其中一块太小，或者窄得像一条缝（平均宽度＝两倍面积除以周长）。
    影响：多半是叠加、裁切留下的碎片，不是地；它使小班数虚增，上级汇总时会被剔除。
    改法：碎片并入相邻小班或删去后重新导入；确是小地块的，写明理由豁免。
    ---
    What: the site, or one part of it, is very small or as narrow as a crack (mean width: twice the area by the perimeter).
    Why: it is mostly a crumb of an overlay or a clip, not ground; it swells the number of sites and is thrown out higher up.
    Mend: join it to its neighbour or drop it and import again; if it is a real small plot, waive it with the reason.
    """
    limit = seen.limits.numbers["S102"]
    polygons = seen.polygons
    area_m2, length_m = shapely.area(polygons.planar), shapely.length(polygons.planar)
    width_m = np.divide(2 * area_m2, length_m, out=np.zeros(len(area_m2)), where=length_m > 0)
    thin = ((area_m2 < limit["area_m2"]) | (width_m < limit["width_m"])) & seen.valid[polygons.row]
    parts = np.bincount(polygons.row, minlength=len(seen.geometries))
    for row, members in by_row(polygons.row, np.flatnonzero(thin)):
        part = members[np.argmin(area_m2[members])]
        size, width = phrases.area(area_m2[part]), phrases.metres(width_m[part])
        whole = parts[row] == 1
        zh = "" if whole else f"{parts[row]} 块中有 {len(members)} 块是碎片，最小的"
        en = "It has" if whole else f"Slivers among its {parts[row]} parts: {len(members)}; the smallest has"
        waive = phrases.waive(_site(seen, row), "S102")
        yield seen.finding(
            "S102", "warning", row,
            Text(f"{zh}面积 {size.zh}，平均宽 {width} 米。", f"{en} an area of {size.en} and a mean width of {width} m."),
            Text(f"并入相邻小班后重新导入；确是小地块：{waive.zh}", f"Join it to its neighbour; if it is real: {waive.en}"),
            place=point_in(polygons.degrees[part]), value=area_m2[part],
        )  # fmt: skip


def by_row(row: Integers, members: Integers) -> Iterator[tuple[int, Integers]]:
    """The members of each site together; ``row`` goes up."""
    if not len(members):
        return
    for group in np.split(members, np.flatnonzero(np.diff(row[members])) + 1):
        yield int(row[group[0]]), group


def _site(seen: Inspection, row: int) -> str:
    return str(seen.words["site_id"][row])


@rule("S103", "note", applies=(MEASURABLE,))
def close_vertices(seen: Inspection) -> Iterator[Finding]:
    """问题：相邻两个界址点几乎重合。
    影响：不改变面积，但 GIS 捕捉和简化时可能塌成自相交，也使文件变大。
    改法：在 GIS 中删去重复点（容差约 1 厘米）后重新导入；不改也可以。
    ---
    What: two vertices that follow each other lie almost on one spot.
    Why: the area stays the same, but snapping and simplifying in a GIS may fold them into a self-intersection.
    Mend: drop the duplicate vertices in a GIS (tolerance about 1 cm) and import again; it may also stay.
    """
    all_edges = seen.edges
    near = np.flatnonzero(all_edges.length_m < seen.limits.numbers["S103"]["apart_m"])
    for row, members in by_row(all_edges.row, near):
        shortest = members[np.argmin(all_edges.length_m[members])]
        mend = phrases.repair(_site(seen, row))
        apart = np.ceil(all_edges.length_m[shortest] * 1000)
        yield seen.finding(
            "S103", "note", row,
            Text(f"有 {len(members)} 处相邻点几乎重合，最近的相距不到 {apart + 1:.0f} 毫米。",
                 f"Neighbouring vertices that almost coincide: {len(members)}; the nearest are less than {apart + 1:.0f} mm apart."),
            Text(f"{mend.zh}；不改也可以。", f"It may stay; or {mend.en}"),
            place=_spot(all_edges, shortest), value=all_edges.length_m[shortest],
        )  # fmt: skip


def _spot(all_edges: Edges, edge: int) -> tuple[float, float]:
    return float(all_edges.end[edge, 0]), float(all_edges.end[edge, 1])


class Tips(NamedTuple):
    """Turns of the boundary: the edge that leads to each, the angle (degrees), the shorter side and the mouth (m)."""

    edge: Integers
    angle_deg: Floats
    reach_m: Floats
    mouth_m: Floats


@rule("S104", "warning", applies=(MEASURABLE,))
def spike(seen: Inspection) -> Iterator[Finding]:
    """问题：边界上有尖刺：出去又原路折回，或者夹角极小、边却很长。
    影响：多半是采点误触或拓扑修复的残留，面积虽小，却会戳进邻班造成假重叠，上级质检会退回。
    改法：在 GIS 中删去所报的尖点后重新导入；地形确实如此的，写明理由豁免。
    ---
    What: the boundary has a spike: it runs out and comes back on itself, or turns sharply between long sides.
    Why: mostly a slip of digitising or the rest of a repair; it pokes into the neighbour, and quality control refuses it.
    Mend: delete the vertex that is told in a GIS and import again; if the ground is so, waive it with the reason.
    """
    tips = spikes(seen)
    for row, members in by_row(tips.row, np.arange(len(tips.row))):
        longest = members[np.argmax(tips.reach_m[members])]
        reach, angle = phrases.metres(tips.reach_m[longest]), f"{tips.angle_deg[longest]:.1f}"
        waive, mend = phrases.waive(_site(seen, row), "S104"), phrases.repair(_site(seen, row))
        yield seen.finding(
            "S104", "warning", row,
            Text(f"边界有 {len(members)} 处尖刺，最长 {reach} 米，夹角 {angle}°。",
                 f"Spikes in the boundary: {len(members)}; the longest reaches {reach} m at an angle of {angle}°."),
            Text(f"{mend.zh}；或删去尖点后重新导入；确属实地：{waive.zh}",
                 f"Delete the tip and import again, or {mend.en}; if it is real: {waive.en}"),
            place=(float(tips.end[longest, 0]), float(tips.end[longest, 1])), value=tips.reach_m[longest],
        )  # fmt: skip


class Spikes(NamedTuple):
    """The tips that are spikes, sorted by site: the edge that leads to each, and whether the tip is two points and not one."""

    edge: Integers
    is_blunt: Booleans
    row: Integers
    end: Floats
    angle_deg: Floats
    reach_m: Floats


def spikes(seen: Inspection) -> Spikes:
    """Every spike of every site; an edge is that of all edges but the very short ones."""
    limit = seen.limits.numbers["S104"]
    kept = seen.edges.taken(seen.edges.length_m >= seen.limits.numbers["S103"]["apart_m"])
    after = kept.following()
    every = np.arange(len(after))
    short = kept.length_m < limit["blunt_m"]
    sharp, blunt = _tips(kept, every, after), _tips(kept, every[short[after]], after[after[short[after]]])
    tips = Tips(*(np.concatenate(pair) for pair in zip(sharp, blunt, strict=True)))
    size_m = np.sqrt(np.nan_to_num(seen.area_m2))[kept.row[tips.edge]]
    needle = (tips.angle_deg < limit["angle_deg"]) & (tips.reach_m >= limit["share_of_size"] * size_m)
    back = tips.mouth_m < limit["out_and_back_m"]
    chosen = np.flatnonzero((needle | back) & (tips.reach_m >= limit["shortest_m"]))
    chosen = chosen[np.argsort(tips.edge[chosen], kind="stable")]
    edge = tips.edge[chosen]
    return Spikes(edge, chosen >= len(sharp.edge), kept.row[edge], kept.end[edge], tips.angle_deg[chosen], tips.reach_m[chosen])


def _tips(kept: Edges, before: Integers, after: Integers) -> Tips:
    """Where the boundary turns back between an edge and a later one; 0° is straight back."""
    product = np.einsum("ij,ij->i", kept.vector[before], kept.vector[after])
    back = np.flatnonzero(product < 0)
    before, after, product = before[back], after[back], product[back]
    reach = np.minimum(kept.length_m[before], kept.length_m[after])
    angle = np.arccos(np.clip(-product / (kept.length_m[before] * kept.length_m[after]), -1.0, 1.0))
    return Tips(before, np.degrees(angle), reach, 2 * reach * np.sin(angle / 2))
