"""Areas that were written down, against each other and against the polygon: S301 to S303."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..ellipsoid import Floats
from ..frame import label_of
from ..model import Finding, Level
from ..text import Text
from ..thresholds import Thresholds
from ..units import rounded
from . import phrases
from .conditions import AREA, COMPARABLE, INSPECTED, REPORTED, VERIFIED
from .inspection import Inspection, rule


@rule("S301", "error", applies=(REPORTED, AREA), judges=("reported_m2",))
def reported(seen: Inspection) -> Iterator[Finding]:
    """问题：上报面积与图斑椭球面积相差较大。
    影响：两套数对不上，汇总和兑现就说不清；相差整倍数时，多半是单位弄错，或者面积是在网络墨卡托里量的。
    改法：以图斑椭球面积为准核对；上报数错了就更正，界线错了就重划后导入。
    ---
    What: the reported area and the polygon's ellipsoidal area lie apart.
    Why: two figures for one ground cannot both be paid; a whole factor between them means a wrong unit or a wrong projection.
    Mend: compare with the ellipsoidal area; correct the reported figure, or redraw the boundary and import it again.
    """
    limit, given_m2 = seen.limits.numbers["S301"], seen.numbers["reported_m2"]
    apart_m2, share = _apart(seen, given_m2)
    for row in np.flatnonzero((share * 100 > limit["share_pct"]) & (apart_m2 > limit["least_m2"])).tolist():
        level: Level = "error" if share[row] * 100 > limit["gross_pct"] else "warning"
        yield _against_polygon(seen, "S301", level, row, "reported_m2", given_m2)


def _apart(seen: Inspection, given_m2: Floats) -> tuple[Floats, Floats]:
    """How far a given area is from the polygon's, m² and as a share; 0 where one of them is not known."""
    known = ~np.isnan(given_m2) & (seen.area_m2 > 0)
    apart_m2 = np.where(known, np.abs(given_m2 - seen.area_m2), 0.0)
    return apart_m2, np.divide(apart_m2, seen.area_m2, out=np.zeros(len(apart_m2)), where=known)


def _against_polygon(seen: Inspection, code: str, level: Level, row: int, column: str, given_m2: Floats) -> Finding:
    polygon_m2, site_id = float(seen.area_m2[row]), str(seen.words["site_id"][row])
    label = LABELS[column]
    given, polygon = phrases.area(given_m2[row]), phrases.area(polygon_m2)
    apart = _cause(seen, given_m2[row] / polygon_m2) or _difference(given_m2[row], polygon_m2)
    # What inspectors measured is never to be replaced by what the map says: only a reported figure is offered the polygon's.
    right = phrases.correct(site_id, f"{column}={rounded(polygon_m2, 2) if column == 'reported_m2' else '…'}")
    waive = phrases.waive(site_id, code)
    return seen.finding(
        code, level, row,
        Text(f"{label.zh} {given.zh}，图斑椭球面积 {polygon.zh}，{apart.zh}。",
             f"{label.en} {given.en}, polygon {polygon.en}; {apart.en}."),
        Text(f"数写错了：{right.zh}；界线错了就重划后导入；两数都对：{waive.zh}",
             f"If the figure is wrong: {right.en}; if the boundary is, redraw and import; if both are right: {waive.en}"),
        value=given_m2[row] - polygon_m2,
    )  # fmt: skip


def slip_told(column: str, given_m2: float, polygon_m2: float, *, limits: Thresholds) -> Text | None:
    """That an area is so far from the polygon's that it must be a slip, with the likely one; ``None`` if it may be right.

    Examples
    --------
    >>> from restoration.thresholds import thresholds
    >>> slip_told("verified_m2", 20_000.0, 2_000.0, limits=thresholds()).zh
    '核实面积是图斑面积的 10 倍：小数点可能错了一位，请核对'
    """
    may_be_small = column not in ("reported_m2", "verified_m2")  # a part of the ground, such as what was lost
    if not polygon_m2 > 0 or not _is_slip(given_m2, polygon_m2, limits) or (may_be_small and given_m2 < polygon_m2):
        return None
    factor = given_m2 / polygon_m2
    times = f"{float(f'{factor:.3g}'):g}"
    cause = limits.cause_of(factor) or Text(f"{times} 倍", f"{times} times")
    label = label_of(column)
    return Text(
        f"{label.zh}是图斑面积的 {cause.zh}，请核对", f"{label.en} is {cause.en.replace(' times', ' times the polygon', 1)}; please check"
    )


def _is_slip(given_m2: float, polygon_m2: float, limits: Thresholds) -> bool:
    """Whether no ground can explain how far an area is from the polygon's; nothing (0) may have been found."""
    most, least = (limits.numbers[code]["error_factor"] for code in ("S302", "S303"))
    return given_m2 > polygon_m2 * most or 0 < given_m2 * least < polygon_m2


LABELS: Mapping[str, Text] = {
    "reported_m2": Text("上报面积", "Reported"),
    "verified_m2": Text("核实面积", "Verified"),
    "qualified_m2": Text("核实合格面积", "Qualified"),
}


def _difference(given_m2: float, polygon_m2: float) -> Text:
    size, share = phrases.area(abs(given_m2 - polygon_m2)), phrases.percent(abs(given_m2 / polygon_m2 - 1))
    more = given_m2 > polygon_m2
    return Text(f"{'多' if more else '少'} {size.zh}，{share}%", f"{size.en} {'more' if more else 'less'}, {share}%")


def _cause(seen: Inspection, factor: float) -> Text | None:
    cause = seen.limits.cause_of(factor)
    return cause and Text(f"是图斑的 {cause.zh}", f"{cause.en.replace(':', ' the polygon:', 1)}")


@rule("S302", "error", applies=(INSPECTED, COMPARABLE), judges=("verified_m2", "qualified_m2"))
def order(seen: Inspection) -> Iterator[Finding]:
    """问题：面积的大小次序不对：应当 核实合格面积 ≤ 核实面积 ≤ 图斑面积（允许量测误差）。
    影响：合格的比核实的还多，合格率就超过 100%；核实的比图斑还大，多出来的地在图上没有；大到几倍，多半是小数点或单位弄错。
    改法：查检查验收表，更正写错的数；图斑画小了就重划后导入。
    ---
    What: areas stand in the wrong order: qualified ≤ verified ≤ polygon is right, but for the error of measuring.
    Why: more qualified than verified gives a rate over 100 %; more verified than the polygon is ground that no map shows,
    and several times as much is most likely a slip of the decimal point or the unit.
    Mend: look at the inspection sheet and correct the wrong figure; if the polygon was drawn too small, redraw and import it.
    """
    limit = seen.limits.numbers["S302"]
    verified_m2, qualified_m2 = seen.numbers["verified_m2"], seen.numbers["qualified_m2"]
    for row in np.flatnonzero(qualified_m2 > verified_m2 + limit["rounding_m2"]).tolist():
        yield _more_qualified(seen, row, qualified_m2[row], verified_m2[row])
    for column, given_m2 in (("verified_m2", verified_m2), ("qualified_m2", np.where(np.isnan(verified_m2), qualified_m2, np.nan))):
        apart_m2, share = _apart(seen, given_m2)
        over = (given_m2 > seen.area_m2) & (share * 100 > limit["over_pct"]) & (apart_m2 > limit["least_m2"])
        for row in np.flatnonzero(over).tolist():
            level: Level = "error" if _is_slip(given_m2[row], seen.area_m2[row], seen.limits) else "warning"
            yield _against_polygon(seen, "S302", level, row, column, given_m2)


def _more_qualified(seen: Inspection, row: int, qualified_m2: float, verified_m2: float) -> Finding:
    qualified, verified = phrases.area(qualified_m2), phrases.area(verified_m2)
    right = phrases.correct(str(seen.words["site_id"][row]), "qualified_m2=…")
    return seen.finding(
        "S302", "error", row,
        Text(f"核实合格面积 {qualified.zh}大于核实面积 {verified.zh}。", f"Qualified {qualified.en} exceeds verified {verified.en}."),
        Text(f"查检查验收表后更正：{right.zh}", f"Look at the inspection sheet and correct it: {right.en}"),
        value=qualified_m2 - verified_m2,
    )  # fmt: skip


@rule("S303", "error", applies=(VERIFIED, AREA), judges=("verified_m2",))
def verified(seen: Inspection) -> Iterator[Finding]:
    """问题：核实面积比图斑椭球面积小得多（面积不足）。大于图斑的由 S302 报告。
    影响：核实的地比图上少，图斑没有按核实结果改，地图和台账就对不上；相差整倍数时多半是单位弄错。
    改法：按核实结果重划图斑后导入；图斑不改的，写明面积不足的原因豁免；单位错了就更正。
    ---
    What: much less ground was verified than the polygon has. (More than the polygon is told by S302.)
    Why: the polygon was not redrawn after the inspection, so map and ledger tell different stories; a whole factor is a wrong unit.
    Mend: redraw the polygon as verified and import it; if it stays, waive it with the reason; correct a wrong unit.
    """
    limit, given_m2 = seen.limits.numbers["S303"], seen.numbers["verified_m2"]
    apart_m2, share = _apart(seen, given_m2)
    for row in np.flatnonzero((given_m2 < seen.area_m2) & (share * 100 > limit["share_pct"]) & (apart_m2 > limit["least_m2"])).tolist():
        is_slip = _is_slip(given_m2[row], seen.area_m2[row], seen.limits)
        level: Level = "error" if is_slip else "warning" if share[row] * 100 > limit["gross_pct"] else "note"
        yield _against_polygon(seen, "S303", level, row, "verified_m2", given_m2)
