"""Where a site lies: S105 by its coordinates or the county's boundary, S402 by the name of its town, S406 by the town's boundary."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import shapely

from ..data import builtin
from ..ellipsoid import ZONE_DEGREES, Booleans, Floats
from ..geometry import point_in, without_faults
from ..model import Finding
from ..overlay import covered_m2
from ..text import Text
from . import phrases
from .conditions import COUNTED, MEASURABLE, PLACED, TOWN
from .inspection import Inspection, rule

TOWN_DIGITS = 9
"""A code longer than this is a village's; its first nine digits are the town's."""


@rule("S105", "warning", applies=(PLACED,))
def outside(seen: Inspection) -> Iterator[Finding]:
    """问题：图斑整个或部分落在县界之外；没有给出县界图层时，看是否落在兴义、安龙、兴仁三县市的范围之外。
    影响：多半是坐标系、带号或经纬度次序弄错，图斑跑到了别处；面积和重叠检查也就不可信。
    改法：查原始文件的坐标系和次序，按正确的坐标系重新导入；确在区外的，写明理由豁免。
    ---
    What: the site lies, wholly or in part, outside the county; without a county boundary, outside the window of Xingyi, Anlong and Xingren.
    Why: mostly the CRS, the zone or the order of the axes is wrong and the site has moved; areas and overlaps mean nothing then.
    Mend: look up the CRS and the axis order of the source file and import it again; if the site is really there, waive it.
    """
    beyond = _beyond_window(seen)
    yield from (_far_out(seen, row) for row in np.flatnonzero(beyond).tolist())
    if "county" in seen.references:
        yield from _across_boundary(seen, beyond)


def _beyond_window(seen: Inspection) -> Booleans:
    window = _window(seen.limits.numbers["S105"])
    bounds = shapely.bounds(seen.geometries)
    return np.asarray((bounds[:, :2] < window[:2]).any(axis=1) | (bounds[:, 2:] > window[2:]).any(axis=1), dtype=np.bool_)


def _far_out(seen: Inspection, row: int) -> Finding:
    bounds = shapely.bounds(seen.geometries[row])
    middle, hint = (bounds[:2] + bounds[2:]) / 2, _hint(bounds, _window(seen.limits.numbers["S105"]))
    waive = phrases.waive(str(seen.words["site_id"][row]), "S105")
    return seen.finding(
        "S105", "warning", row,
        Text(f"图斑在三县市范围之外，中心 {middle[0]:.5f}, {middle[1]:.5f}{hint.zh}。",
             f"The site lies outside the three counties, its middle at {middle[0]:.5f}, {middle[1]:.5f}{hint.en}."),
        Text(f"查明坐标系后重新导入；确在区外：{waive.zh}", f"Find its CRS and import it again; if it is there: {waive.en}"),
        place=(float(middle[0]), float(middle[1])),
    )  # fmt: skip


def _across_boundary(seen: Inspection, told: Booleans) -> Iterator[Finding]:
    """Sites with more ground outside the county's boundary than the limits, but for those that are told already."""
    limit, pairs = seen.limits.numbers["S105"], seen.on("county")
    looked_at = seen.counted & seen.measurable & ~told & (seen.area_m2 > 0)
    out_m2 = seen.area_m2 - covered_m2(len(told), pairs.first, pairs)
    share = np.divide(out_m2, seen.area_m2, out=np.zeros(len(out_m2)), where=looked_at)
    for row in np.flatnonzero(looked_at & (share * 100 > limit["outside_pct"]) & (out_m2 > limit["outside_m2"])).tolist():
        size, pct, waive = phrases.area(out_m2[row]), phrases.percent(share[row]), phrases.waive(str(seen.words["site_id"][row]), "S105")
        yield seen.finding(
            "S105", "warning", row,
            Text(f"有 {size.zh}在县界之外，占 {pct}%。", f"{size.en} lie outside the county, {pct}% of the site."),
            Text(f"核对坐标系和县界后重划；确在县外：{waive.zh}", f"See the CRS and the boundary; if it is really there: {waive.en}"),
            place=point_in(_outside_part(seen, row)), value=out_m2[row],
        )  # fmt: skip


def _outside_part(seen: Inspection, row: int) -> shapely.Geometry:
    site = without_faults(seen.geometries[[row]])[0]
    county = shapely.intersection(seen.references["county"].geometries, shapely.box(*shapely.bounds(site)))
    outside: shapely.Geometry = shapely.difference(site, shapely.union_all(county))
    return outside


def _window(limit: Mapping[str, float]) -> Floats:
    return np.array([limit["west_deg"], limit["south_deg"], limit["east_deg"], limit["north_deg"]])


def _hint(bounds: Floats, window: Floats) -> Text:
    if _within(bounds[[1, 0, 3, 2]], window):
        return Text("；经纬度似乎写反了", "; longitude and latitude seem to be swapped")
    if np.abs(bounds[[0, 2]]).max() > 180 or np.abs(bounds[[1, 3]]).max() > 90:
        return Text("；坐标不是经纬度", "; these are not degrees")
    for step in (-ZONE_DEGREES, ZONE_DEGREES):
        if _within(bounds + np.array([step, 0, step, 0]), window):
            return Text(f"；正好偏了 {ZONE_DEGREES} 度，似乎是带号错了", f"; just {ZONE_DEGREES} degrees off: the zone seems to be wrong")
    return Text("", "")


def _within(bounds: Floats, window: Floats) -> bool:
    return bool((bounds[:2] >= window[:2]).all() and (bounds[2:] <= window[2:]).all())


@rule("S402", "warning", applies=(TOWN,))
def town(seen: Inspection) -> Iterator[Finding]:
    """问题：乡镇代码与乡镇名称配不上：流通的几份代码表里都没有这一对。
    影响：同一代码在不同的表里是不同的乡镇，只凭代码汇总，面积会记到别的乡镇名下。
    改法：以名称核对实地所在乡镇，改正代码或名称。
    ---
    What: code and name of the town do not go together: none of the lists in circulation has the pair.
    Why: one code means different towns in different lists; a sum by code alone books the area under another town.
    Mend: see in which town the site lies, and correct the code or the name.
    """
    codes, names = (seen.words[column] for column in ("town_code", "town"))
    pairs = list(zip(codes, names, strict=True))
    unknown = {pair for pair in set(pairs) if not _is_known(*pair)}
    for row in (row for row, pair in enumerate(pairs) if pair in unknown):
        code, name = pairs[row]
        given, reading = " ".join(half for half in (code, name) if half), _readings(code, name)
        right = phrases.correct(str(seen.words["site_id"][row]), "town_code=…", "town=…")
        yield seen.finding(
            "S402", "warning", row,
            Text(f"乡镇“{given}”在各代码表里都找不到（{reading.zh}）。", f"No list has the town {given!r} ({reading.en})."),
            Text(f"核对后更正：{right.zh}", f"Correct the wrong one: {right.en}"),
        )  # fmt: skip


@cache
def _lists() -> dict[str, tuple[Text, Mapping[str, str]]]:
    return {key: (Text(row["zh"], row["en"]), row["town"]) for key, row in builtin("places")["list"].items()}


def _is_known(code: str, name: str) -> bool:
    """Whether some list has the pair; of a pair that is half given, whether some list has that half."""
    own = code[:TOWN_DIGITS]
    return any(own in ("", listed) and _is_called(name, town) for _, towns in _lists().values() for listed, town in towns.items())


def _is_called(name: str, listed: str) -> bool:
    """A name without its last character (郑屯) or with more (顶效街道办事处) is the same town."""
    return not name or listed.startswith(name) or name.startswith(listed)


def _readings(code: str, name: str) -> Text:
    said = [_reading(label, towns, code[:TOWN_DIGITS], name) for label, towns in _lists().values()]
    return Text("；".join(reading.zh for reading in said), "; ".join(reading.en for reading in said))


def _reading(label: Text, towns: Mapping[str, str], code: str, name: str) -> Text:
    """What one list has for the code and for the name, as far as they are given."""
    town, listed = towns.get(code), [listed for listed, town in towns.items() if name and _is_called(name, town)]
    zh = [f"{code} 是{town}" if town else f"没有 {code}"] * bool(code)
    zh += [f"{name}是 {'、'.join(listed)}" if listed else f"没有“{name}”"] * bool(name)
    en = [f"{code} is {town}" if town else f"no {code}"] * bool(code)
    en += [f"{name} is {', '.join(listed)}" if listed else f"no {name}"] * bool(name)
    return Text(f"{label.zh}：{'、'.join(zh)}", f"{label.en}: {', '.join(en)}")


@rule("S406", "warning", applies=(COUNTED, MEASURABLE, TOWN), needs=("town",))
def another_town(seen: Inspection) -> Iterator[Finding]:
    """问题：图斑不在它所写的乡镇里（按本单位提供的乡镇界图层，看图斑内部的一点）。
    影响：按乡镇汇总、下达任务和兑现补助，面积会记到别的乡镇名下；也可能是图斑画错了地方。
    改法：核对实地所在乡镇，改正乡镇名称或代码；图斑画错了就重划后导入；乡镇界有调整的，写明理由豁免。
    ---
    What: a point inside the site does not lie in the town that the site names (by the town boundaries that the office gave).
    Why: sums, tasks and payments by town book its area under another town; or the site was drawn in the wrong place.
    Mend: see in which town it lies and correct the name or the code; redraw it if it is misplaced; if the boundary moved, waive it.
    """
    towns = seen.references["town"]
    inside = shapely.point_on_surface(without_faults(seen.only(seen.measurable & seen.counted)))
    at, polygon = shapely.STRtree(towns.geometries).query(inside, predicate="within")
    lies_in: dict[int, list[int]] = {}
    for row, town in zip(at.tolist(), polygon.tolist(), strict=True):
        lies_in.setdefault(row, []).append(town)
    known = list(zip(towns.codes, towns.names, strict=True))
    for row in np.flatnonzero(~shapely.is_missing(inside) & ~shapely.is_empty(inside)).tolist():
        claim, there = (str(seen.words["town_code"][row]), str(seen.words["town"][row])), lies_in.get(row, [])
        if any(claim) and not any(_is_claimed(claim, known[town]) for town in there) and (there or _is_listed(claim, tuple(known))):
            yield _elsewhere(seen, row, claim, [towns.told(town) for town in there], inside[row])


def _is_claimed(claim: tuple[str, str], town: tuple[str, str]) -> bool:
    """By name where both have one, for one code means different towns in different lists; else by code."""
    if claim[1] and town[1]:
        return _is_called(claim[1], town[1])
    return bool(claim[0] and claim[0][:TOWN_DIGITS] == town[0][:TOWN_DIGITS])


@cache
def _is_listed(claim: tuple[str, str], known: tuple[tuple[str, str], ...]) -> bool:
    return any(_is_claimed(claim, town) for town in known)


def _elsewhere(seen: Inspection, row: int, claim: tuple[str, str], there: list[str], inside: shapely.Point) -> Finding:
    site_id, said = str(seen.words["site_id"][row]), " ".join(half for half in claim if half)
    right, waive = phrases.correct(site_id, "town_code=…", "town=…"), phrases.waive(site_id, "S406")
    zh = f"在{'、'.join(there)}" if there else "不在所给的任何乡镇里"
    en = f"in {', '.join(there)}" if there else "in none of the towns that were given"
    return seen.finding(
        "S406", "warning", row,
        Text(f"写的是“{said}”，图斑却{zh}。", f"It names {said!r} but lies {en}."),
        Text(f"名称、代码错了：{right.zh}；画错了就重划；界线有调整：{waive.zh}",
             f"If name or code is wrong: {right.en}; if it is misplaced, redraw it; if the boundary moved: {waive.en}"),
        place=(float(inside.x), float(inside.y)),
    )  # fmt: skip
