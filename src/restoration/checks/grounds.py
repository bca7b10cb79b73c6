"""What a site lies on, by the layers that the office gave: S206 to S209."""

# ruff: noqa: D205 -- a rule's docstring is what `explain` prints: Chinese first, in three parts

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..data import builtin
from ..ellipsoid import Booleans, Floats, Integers
from ..geometry import point_in
from ..model import Finding
from ..overlay import Overlaps, covered_m2
from ..references import Reference
from ..text import Text
from . import phrases
from .conditions import COUNTED, MEASURABLE, MINE, NO_GRAIN_TO_GREEN, OF_FORMER_LAND
from .inspection import Inspection, rule
from .shapes import by_row


@rule("S206", "error", applies=(COUNTED, MEASURABLE, NO_GRAIN_TO_GREEN), needs=("cropland",))
def cropland(seen: Inspection) -> Iterator[Finding]:
    """问题：小班压占了耕地（按本单位提供的耕地图层），超过了界线误差。退耕还林本来就在耕地上，不在此列。
    影响：“与耕地重叠”是全国上图退回的四种原因之一；在耕地上造林属“非农化”，不能验收，补助要追回。
    改法：把压占耕地的部分划出后重新导入；耕地图层已经过时的，写明依据豁免。
    ---
    What: the site lies on cropland (by the layer that the office gave), by more than noise. Grain to green does so by its nature.
    Why: overlap with cropland is one of the four reasons for which the national upload refuses a parcel; it cannot be accepted or paid.
    Mend: cut the part on cropland off and import again; if the cropland layer is out of date, waive it with the document.
    """
    yield from _lying_on(seen, "S206", "cropland")


@rule("S207", "error", applies=(COUNTED, MEASURABLE), needs=("basic_farmland",))
def basic_farmland(seen: Inspection) -> Iterator[Finding]:
    """问题：小班压占了永久基本农田（按本单位提供的图层），退耕还林也不例外。
    影响：永久基本农田不得造林，也不得退耕；图斑会被退回，已发的补助要追回。
    改法：把压占的部分划出后重新导入；已经依法调出基本农田的，写明批文豁免。
    ---
    What: the site lies on permanent basic farmland (by the layer that the office gave); grain to green is no exception.
    Why: basic farmland may neither be planted with trees nor converted: the parcel is refused, and what was paid is taken back.
    Mend: cut that part off and import again; if it was lawfully released, waive it with the document.
    """
    yield from _lying_on(seen, "S207", "basic_farmland")


def _lying_on(seen: Inspection, code: str, kind: str) -> Iterator[Finding]:
    limit, held = seen.limits.numbers[code], seen.references[kind]
    pairs = seen.on(kind)
    pairs = pairs.taken(~np.isin(seen.words["measure"], list(seen.limits.groups[code]))[pairs.first])
    for row, members, on_m2, share in _too_much(seen, pairs, least_m2=limit["area_m2"], share_pct=limit["share_pct"]):
        largest = members[np.argmax(pairs.area_m2[members])]
        size, pct, waive = phrases.area(on_m2), phrases.percent(share), phrases.waive(str(seen.words["site_id"][row]), code)
        label, name = held.kind.label, _called(held, int(pairs.second[largest]))
        yield seen.finding(
            code, "error", row,
            Text(f"压占{label.zh}{name.zh} {size.zh}，占小班 {pct}%。", f"On {label.en}{name.en}: {size.en}, {pct}% of the site."),
            Text(f"划出后重新导入；图层过时或已批准：{waive.zh}", f"Cut it off and import again; if the layer is outdated: {waive.en}"),
            place=_place(pairs, largest), value=on_m2,
        )  # fmt: skip


def _called(held: Reference, row: int) -> Text:
    name = held.told(row)
    return Text(f"（{name}）", f" ({name})") if name else Text("", "")


def _place(pairs: Overlaps, at: int) -> tuple[float, float] | None:
    return point_in(pairs.taken(np.array([at])).shared()[0])


def _too_much(
    seen: Inspection, pairs: Overlaps, *, least_m2: float, share_pct: float, both: bool = False
) -> Iterator[tuple[int, Integers, float, float]]:
    """Sites with more shared ground than a limit of area, or of share (or only those with more than both), with their pieces."""
    on_m2 = covered_m2(len(seen.geometries), pairs.first, pairs)
    share = np.divide(on_m2, seen.area_m2, out=np.zeros(len(on_m2)), where=seen.area_m2 > 0)
    much, large = on_m2 > least_m2, share * 100 > share_pct
    wanted: Booleans = (much & large) if both else (much | large)
    for row, members in by_row(pairs.first, np.arange(len(pairs.first))):
        if wanted[row]:
            yield row, members, float(on_m2[row]), float(min(share[row], 1.0))


@rule("S208", "warning", applies=(COUNTED, MEASURABLE, OF_FORMER_LAND), needs=("former_land",))
def former_land(seen: Inspection) -> Iterator[Finding]:
    """问题：小班所在的原地类与措施不符，例如在原来就是有林地的地方“人工造林”，在不是耕地的地方“退耕还林”。
    影响：“前地类错误”是全国上图退回的四种原因之一；原来就有林的地不能算新造林。
    改法：核对原地类图层的年份和小班界线：措施写错了就更正，界线错了就重划；确属实地变化的，写明依据豁免。
    ---
    What: the former land class does not go with the measure: afforestation of what was forest, grain to green of no cropland.
    Why: a wrong former class is one of the four reasons for which the national upload refuses a parcel; old forest is no new planting.
    Mend: see of what year the layer is; correct the measure or redraw the boundary; if the ground was otherwise, waive it.
    """
    limit, held = seen.limits.numbers["S208"], seen.references["former_land"]
    pairs = seen.on("former_land")
    measure = seen.words["measure"]
    for code in sorted(set(measure[pairs.first]) & set(builtin("references")["former"])):
        wrong = pairs.taken((measure[pairs.first] == code) & _contradicts(held, code)[pairs.second])
        for row, members, on_m2, share in _too_much(seen, wrong, least_m2=limit["area_m2"], share_pct=limit["share_pct"], both=True):
            yield _contradicted(seen, row, wrong.taken(members), on_m2, share)


def _contradicts(held: Reference, measure: str) -> Booleans:
    """Where the class of the land and the measure contradict each other; a class that is not told contradicts nothing."""
    table = builtin("references")["former"][measure]
    known = (held.codes != "") | (held.names != "")
    wrong = _is_of(held, table["never"]) if "never" in table else known & ~_is_of(held, table["only"])
    return np.asarray(wrong, dtype=np.bool_)


def _is_of(held: Reference, classes: Iterable[str]) -> Booleans:
    numbers = tuple(one for one in classes if one.isdigit())
    words = {one for one in classes if not one.isdigit()}
    pairs = zip(held.codes, held.names, strict=True)
    return np.array([bool(numbers and code.startswith(numbers)) or name in words or code in words for code, name in pairs], dtype=np.bool_)


def _contradicted(seen: Inspection, row: int, pairs: Overlaps, on_m2: float, share: float) -> Finding:
    held, site_id = seen.references["former_land"], str(seen.words["site_id"][row])
    classes = list(dict.fromkeys(held.told(at) for at in pairs.second[np.argsort(-pairs.area_m2)].tolist()))
    size, pct, said = phrases.area(on_m2), phrases.percent(share), seen.measured_as(row)
    right, waive = phrases.correct(site_id, "measure=…"), phrases.waive(site_id, "S208")
    return seen.finding(
        "S208", "warning", row,
        Text(f"{said.zh}，但有 {size.zh}（占 {pct}%）原地类是{'、'.join(classes)}。",
             f"{said.en}, but on {size.en} ({pct}%) the former class is {', '.join(classes)}."),
        Text(f"措施错了：{right.zh}；界线错了就重划；图层过时：{waive.zh}",
             f"If the measure is wrong: {right.en}; if the boundary is, redraw it; if the layer is outdated: {waive.en}"),
        place=_place(pairs, int(np.argmax(pairs.area_m2))), value=on_m2,
    )  # fmt: skip


@rule("S209", "warning", applies=(COUNTED, MEASURABLE, MINE), needs=("licence",))
def licence(seen: Inspection) -> Iterator[Finding]:
    """问题：矿区复绿图斑的图形与矿权（采矿许可证）范围相同或几乎相同。
    影响：许可证范围是准许开采的范围，不是已经复绿的地；把它当复绿面积上报，面积会大出许多，验收时对不上。
    改法：按实际复绿的范围重划后导入；确实全部复绿的，写明理由豁免。
    ---
    What: the polygon of a mine that is being re-greened is the same as that of a mining licence, or almost.
    Why: a licence says where mining is allowed, not what was re-greened: reported as that, the area is far too large.
    Mend: draw what was really re-greened and import it again; if all of it was, waive it with the reason.
    """
    mines = np.isin(seen.words["measure"], [code for code, measure in seen.table.measures.items() if measure.counted_by == "mine_id"])
    held, pairs = seen.references["licence"], seen.on("licence")
    pairs = pairs.taken(mines[pairs.first])
    alike = _likeness(seen.area_m2[pairs.first], seen.reference_area_m2("licence")[pairs.second], pairs)
    for at in np.flatnonzero(alike >= seen.limits.numbers["S209"]["likeness"]).tolist():
        row, pct = int(pairs.first[at]), phrases.percent(alike[at])
        waive, name = phrases.waive(str(seen.words["site_id"][row]), "S209"), held.told(int(pairs.second[at]))
        yield seen.finding(
            "S209", "warning", row,
            Text(f"图形与矿权范围{f'“{name}”' if name else ''}有 {pct}% 相同。",
                 f"The polygon is {pct}% the same as the mining licence{f' {name!r}' if name else ''}."),
            Text(f"按实际复绿范围重划后导入；确已全部复绿：{waive.zh}",
                 f"Draw what was re-greened and import it again; if all of it was: {waive.en}"),
            place=_place(pairs, at), value=alike[at],
        )  # fmt: skip


def _likeness(one_m2: Floats, other_m2: Floats, pairs: Overlaps) -> Floats:
    joint_m2 = one_m2 + other_m2 - pairs.area_m2
    return np.divide(pairs.area_m2, joint_m2, out=np.zeros(len(joint_m2)), where=joint_m2 > 0)
