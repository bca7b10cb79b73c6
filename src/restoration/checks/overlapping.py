"""Ground that two sites share: S201 to S203, from one overlay."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..ellipsoid import Floats, Integers
from ..model import Finding, Level
from ..text import Text
from . import phrases
from .inspection import Booleans, Inspection, point_in, rule


class Pairs(NamedTuple):
    """Pairs that really share ground: rows of the frame, what is shared, and how alike the pair is."""

    first: Integers
    second: Integers
    area_m2: Floats
    width_m: Floats
    likeness: Floats
    position: Integers
    """Where the pair stands in the overlay."""
    same_layer: Booleans
    same_measure: Booleans
    same_year: Booleans

    def taken(self, chosen: Booleans) -> Pairs:
        """Only the chosen pairs."""
        return Pairs._make(column[chosen] for column in self)


@rule("S201", "error")
def overlap_in_layer(seen: Inspection) -> Iterator[Finding]:
    """问题：同一图层里两个小班重叠，重叠面积和平均宽度都超过了公共边界的误差。
    影响：同措施同年度重叠，任务面积就重复计算了，是错误；不同年度多是补造或界线没有接好，要核对；同年不同措施也要核对。
    改法：在 GIS 中把重叠部分划归一个小班后重新导入；确属不同年度先后实施的，写明理由豁免。
    ---
    What: two sites of one layer overlap, by more ground and more width than the noise along a shared edge.
    Why: same measure and year: the task area is counted twice, an error. Another year or measure: a second treatment, or a bad edge.
    Mend: give the shared ground to one of them in a GIS and import again; if both were really done, waive it with the reason.
    """
    pairs = _pairs(seen)
    yield from _overlaps(seen, "S201", pairs.taken(pairs.same_layer & ~_identical(seen, pairs)))


@rule("S202", "error")
def overlap_between_layers(seen: Inspection) -> Iterator[Finding]:
    """问题：不同图层的两个小班重叠，例如封山育林与人工造林、造林与矿区复绿。
    影响：不同年度先后实施是允许的，只作提示；同一年度在同一块地上做两种措施可疑，任务和资金可能重复申报。
    改法：核对两个小班的年度和设计文件；确实都实施了的，写明理由豁免；否则改正界线或年度。
    ---
    What: two sites of different layers overlap, such as hill closure and afforestation, or planting and a mine.
    Why: one after the other in different years is allowed and only noted; two measures on one ground in one year are suspicious.
    Mend: compare years and designs of both; if both were really done, waive it with the reason; else correct boundary or year.
    """
    pairs = _pairs(seen)
    yield from _overlaps(seen, "S202", pairs.taken(~pairs.same_layer & ~_identical(seen, pairs)))


@rule("S203", "error")
def identical(seen: Inspection) -> Iterator[Finding]:
    """问题：两个小班的图形相同或几乎相同。
    影响：同措施同年度就是重复登记，面积算了两次；措施或年度不同的，多半是复制图形后忘了改。
    改法：重复登记的，把其中一个转为“核减/调出”；确是同一块地先后实施两种措施的，写明理由豁免。
    ---
    What: two sites have the same polygon, or almost.
    Why: same measure and year: one ground was registered twice. Otherwise a polygon was probably copied and not redrawn.
    Mend: move one of the two to "cancelled"; if one ground was really treated twice, waive it with the reason.
    """
    pairs = _pairs(seen)
    yield from _overlaps(seen, "S203", pairs.taken(_identical(seen, pairs)))


def _pairs(seen: Inspection) -> Pairs:
    limit, found = seen.limits.numbers["S201"], seen.overlaps
    position = np.flatnonzero((found.area_m2 > limit["area_m2"]) & (found.width_m > limit["width_m"]))
    first, second, shared_m2 = found.first[position], found.second[position], found.area_m2[position]
    joint_m2 = seen.area_m2[first] + seen.area_m2[second] - shared_m2
    likeness = np.divide(shared_m2, joint_m2, out=np.zeros(len(position)), where=joint_m2 > 0)
    same = {name: (codes := seen.words[name])[first] == codes[second] for name in ("layer", "measure")}
    # Two years that are both unknown cannot be told apart: they are taken for the same.
    year = np.nan_to_num(seen.numbers["plan_year"])
    return Pairs(
        first, second, shared_m2, found.width_m[position], likeness, position,
        same["layer"].astype(bool), same["measure"].astype(bool), year[first] == year[second],
    )  # fmt: skip


def _identical(seen: Inspection, pairs: Pairs) -> Booleans:
    return np.asarray(pairs.likeness > seen.limits.numbers["S203"]["likeness"], dtype=np.bool_)


def _overlaps(seen: Inspection, code: str, pairs: Pairs) -> Iterator[Finding]:
    for pair in range(len(pairs.first)):
        first, second = int(pairs.first[pair]), int(pairs.second[pair])
        site_id, other_id = (str(seen.words["site_id"][row]) for row in (first, second))
        waive = phrases.waive(site_id, code, other_id)
        yield seen.finding(
            code, _level(seen, code, pairs, pair), first,
            _message(seen, pairs, pair, (site_id, other_id), alike=code == "S203"),
            Text(f"划归一个小班后重新导入，或把 {other_id} 转为“核减/调出”；确需保留：{waive.zh}",
                 f"Give the ground to one site and import again, or cancel {other_id}; if both are right: {waive.en}"),
            other=second, place=point_in(seen.overlaps.shared[pairs.position[pair]]), value=pairs.area_m2[pair],
        )  # fmt: skip


def _level(seen: Inspection, code: str, pairs: Pairs, pair: int) -> Level:
    measure = "same_measure" if pairs.same_measure[pair] else "other_measure"
    year = "same_year" if pairs.same_year[pair] else "other_year"
    return seen.limits.levels[code][f"{measure}_{year}"]


def _message(seen: Inspection, pairs: Pairs, pair: int, names: tuple[str, str], *, alike: bool) -> Text:
    one, other = (seen.measured_as(int(row[pair])) for row in (pairs.first, pairs.second))
    size, width = phrases.area(pairs.area_m2[pair]), phrases.metres(pairs.width_m[pair])
    share = phrases.percent(pairs.likeness[pair])
    zh = f"图形有 {share}% 相同" if alike else f"平均宽 {width} 米"
    en = f"the polygons are {share}% the same" if alike else f"{width} m wide on average"
    return Text(
        f"{names[0]}（{one.zh}）与 {names[1]}（{other.zh}）重叠 {size.zh}，{zh}。",
        f"{names[0]} ({one.en}) and {names[1]} ({other.en}) share {size.en}, {en}.",
    )
