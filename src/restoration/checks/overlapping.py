"""Ground that two sites share: S201 to S204, from one overlay."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..ellipsoid import Booleans
from ..geometry import point_in
from ..model import Finding, Level
from ..text import Text
from . import phrases
from .conditions import COUNTED, MEASURABLE
from .inspection import Inspection, rule


@rule("S201", "error", applies=(COUNTED, MEASURABLE))
def overlap_in_layer(seen: Inspection) -> Iterator[Finding]:
    """问题：同一图层里两个小班重叠，重叠面积和平均宽度都超过了公共边界的误差。
    影响：同措施同年度重叠，措施面积就重复计算了，是错误；同措施不同年度多是补造或界线没有接好，要核对；同年不同措施也要核对。
    改法：在 GIS 中把重叠部分划归一个小班后重新导入；确属不同年度先后实施的，写明理由豁免。
    ---
    What: two sites of one layer overlap, by more ground and more width than the noise along a shared edge.
    Why: same measure and year: the task area is counted twice, an error. Another year or measure: a second treatment, or a bad edge.
    Mend: give the shared ground to one of them in a GIS and import again; if both were really done, waive it with the reason.
    """
    yield from _overlaps(seen, "S201", _open(seen) & seen.sharing.same_layer)


@rule("S202", "error", applies=(COUNTED, MEASURABLE))
def overlap_between_layers(seen: Inspection) -> Iterator[Finding]:
    """问题：不同图层的两个小班重叠，例如封山育林与人工造林、造林与矿区复绿。
    影响：同一年度在同一块地上做两种措施可疑，任务和资金可能重复申报。不同年度先后实施是允许的，见 S204。
    改法：核对两个小班的年度和设计文件；确实都实施了的，写明理由豁免；否则改正界线或年度。
    ---
    What: two sites of different layers overlap, such as hill closure and afforestation, or planting and a mine.
    Why: two measures on one ground in one year are suspicious: task and funds may be claimed twice. In different years: S204.
    Mend: compare years and designs of both; if both were really done, waive it with the reason; else correct boundary or year.
    """
    yield from _overlaps(seen, "S202", _open(seen) & ~seen.sharing.same_layer)


@rule("S203", "error", applies=(COUNTED, MEASURABLE))
def identical(seen: Inspection) -> Iterator[Finding]:
    """问题：两个小班的图形相同或几乎相同。
    影响：同措施同年度就是重复登记，面积算了两次；只有措施或只有年度不同的，多半是复制图形后忘了改。两样都不同是先后实施，见 S204。
    改法：重复登记的，把其中一个转为“核减/调出”；确是同一块地先后实施两种措施的，写明理由豁免。
    ---
    What: two sites have the same polygon, or almost.
    Why: same measure and year: one ground was registered twice. Only one of them: a polygon was probably copied. Neither: S204.
    Mend: move one of the two to "cancelled"; if one ground was really treated twice, waive it with the reason.
    """
    yield from _overlaps(seen, "S203", _real(seen) & _alike(seen) & ~_lawful(seen))


@rule("S204", "note", applies=(COUNTED, MEASURABLE))
def successive(seen: Inspection) -> Iterator[Finding]:
    """问题：同一块地先后实施了两种措施（年度、措施都不同），例如封山育林几年以后又造林。
    影响：这是允许的，不是错误；措施面积各算各的，土地面积只算一次，汇总时两个数不相等就是这个原因。
    改法：不用改；如果其实是同一年的，或同一笔补助，请更正年度或措施，再看 S202。
    ---
    What: one ground had two measures in different years, such as a closed hillside that was planted some years later.
    Why: this is lawful and no error: each measure's task area counts, the land counts once, which is why the two totals differ.
    Mend: nothing; if both were really of one year or one subsidy, correct the year or the measure, and see S202.
    """
    yield from _overlaps(seen, "S204", _real(seen) & _lawful(seen))


def _real(seen: Inspection) -> Booleans:
    return np.asarray(seen.sharing.kind != "noise", dtype=np.bool_)


def _alike(seen: Inspection) -> Booleans:
    return np.isin(seen.sharing.kind.astype(str), ("duplicate", "near_duplicate"))


def _open(seen: Inspection) -> Booleans:
    """Real overlaps that are neither lawful nor of two polygons that are the same."""
    return _real(seen) & ~_alike(seen) & ~_lawful(seen)


def _lawful(seen: Inspection) -> Booleans:
    return np.asarray(seen.sharing.verdict == "successive", dtype=np.bool_)


def _overlaps(seen: Inspection, code: str, chosen: Booleans) -> Iterator[Finding]:
    pairs = seen.sharing.pairs.taken(chosen)
    shared = pairs.shared()
    for at, position in enumerate(np.flatnonzero(chosen).tolist()):
        first, second = int(pairs.first[at]), int(pairs.second[at])
        site_id, other_id = (str(seen.words["site_id"][row]) for row in (first, second))
        yield seen.finding(
            code, _level(seen, code, position), first, _message(seen, position, (site_id, other_id), alike=code == "S203"),
            _way_out(code, site_id, other_id), other=second, place=point_in(shared[at]), value=pairs.area_m2[at],
        )  # fmt: skip


def _way_out(code: str, site_id: str, other_id: str) -> Text:
    waive = phrases.waive(site_id, code, other_id)
    if code == "S204":
        return Text(
            "先后实施，不用处理；年度或措施写错了的请更正（restoration correct）。",
            "One after the other: nothing to do; correct a wrong year or measure (restoration correct).",
        )
    return Text(
        f"划归一个小班后重新导入，或把 {other_id} 转为“核减/调出”；确需保留：{waive.zh}",
        f"Give the ground to one site and import again, or cancel {other_id}; if both are right: {waive.en}",
    )


def _level(seen: Inspection, code: str, position: int) -> Level:
    return seen.limits.levels[code][str(seen.sharing.relation[position])]


def _message(seen: Inspection, position: int, names: tuple[str, str], *, alike: bool) -> Text:
    pairs = seen.sharing.pairs
    one, other = (seen.measured_as(int(row[position])) for row in (pairs.first, pairs.second))
    size, width = phrases.area(pairs.area_m2[position]), phrases.metres(pairs.width_m[position])
    share = phrases.percent(seen.sharing.likeness[position])
    zh = f"图形有 {share}% 相同" if alike else f"平均宽 {width} 米"
    en = f"the polygons are {share}% the same" if alike else f"{width} m wide on average"
    return Text(
        f"{names[0]}（{one.zh}）与 {names[1]}（{other.zh}）重叠 {size.zh}，{zh}。",
        f"{names[0]} ({one.en}) and {names[1]} ({other.en}) share {size.en}, {en}.",
    )
