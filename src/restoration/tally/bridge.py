"""Why a total changed: from an opening total, line by line, to the closing one."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import lifecycle
from ..errors import UnknownName
from ..lifecycle import Lifecycle
from ..text import Text
from .area import columns_of
from .counting import in_order, judged

TOTALS: dict[str, Text] = {
    "task": Text("措施面积", "task area"),
    "accepted": Text("已验收面积", "accepted area"),
    "reported": Text("上报面积", "reported area"),
    "verified": Text("核实面积", "verified area"),
    "qualified": Text("核实合格面积", "qualified area"),
    "preserved": Text("保存面积", "preserved area"),
}
"""The totals that can be explained: areas of record of all or of the accepted sites, and the areas that people type."""
LINES: dict[str, Text] = {
    "opening": Text("期初", "opening"),
    "new": Text("新登记", "new sites"),
    "cancelled": Text("核减/调出", "cancelled"),
    "restored": Text("恢复计入", "counted again"),
    "redrawn": Text("边界重划", "redrawn"),
    "measured": Text("面积重测或补录", "re-measured"),
    "moved": Text("状态变更", "status moved"),
    "corrected": Text("更正", "corrected"),
    "regrouped": Text("换组", "regrouped"),
    "mine": Text("整矿口径", "of a mine as a whole"),
    "gone": Text("不在后一份数据里", "not in the later frame"),
    "closing": Text("期末", "closing"),
}
"""The lines of a bridge, in order."""


class Bridge(NamedTuple):
    """Why a total changed, m², unrounded.

    ``rows``
        One row a group and line of `LINES` that has something: the columns of ``by``, ``line``, ``area_m2`` (opening and closing: the
        total; between: what was added or, below nought, taken off) and ``sites``, how many sites make it up. Of each group the opening
        and the lines between add up to the closing.
    ``whole``
        The same over all groups: ``line``, ``area_m2``, ``sites``.
    ``sites``
        One row a change: the columns of ``by``, ``line``, ``site_id``, the entry that made it (``last_event_id``, ``last_on``,
        ``last_doc_no``; ``""`` where two frames alone were compared), ``from_m2``, ``to_m2`` and ``change_m2``.
    """

    total: str
    by: tuple[str, ...]
    rows: pd.DataFrame
    whole: pd.DataFrame
    sites: pd.DataFrame


def bridge(
    opening: pd.DataFrame,
    closing: pd.DataFrame,
    between: pd.DataFrame | None = None,
    *,
    total: str = "task",
    by: Sequence[str] = (),
    measure: str | None = None,
    table: Lifecycle | None = None,
) -> Bridge:
    """Explain how one total became another.

    Every change of a site is on one line, by the entry that made it: a correction is ``corrected`` whatever it put right; else the line
    says what changed: whether the site counts (``cancelled``, ``restored``), its boundary (``redrawn``), an area that people type
    (``measured``), or whether its status belongs to the total (``moved``). ``mine`` is about accepted areas alone: a mine counts as
    accepted only as a whole, so that one polygon's step moves the others.

    Parameters
    ----------
    opening, closing
        Sites frames of two days; their geometry is not needed.
    between
        The states that sites were in between them, in order, with the columns ``last_kind``, ``last_event_id``, ``last_on`` and
        ``last_doc_no`` (`Project.bridge` reads them from the ledger). Without it the two frames are compared, and a correction
        cannot be told from another change.
    total
        A word of `TOTALS`.
    by
        Words of `tally.BY`. A site that goes from one group to another is taken off there and added here.
    measure
        The code of a measure: the total of its sites alone.
    table
        The lifecycle, which says what is accepted; the built-in one if not given.

    Raises
    ------
    UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> from restoration.frame import conform
    >>> fields = [shapely.box(105.1, 25.1, 105.102, 25.102), shapely.box(105.2, 25.1, 105.202, 25.102)]
    >>> rows = {"site_id": ["A", "B"], "measure": "人工造林", "status": "施工中"}
    >>> later = conform(geopandas.GeoDataFrame(rows, geometry=fields, crs=4490))
    >>> bridge(later[:1], later).whole[["line", "area_m2", "sites"]].round(1).values.tolist()
    [['opening', 44694.1, 1], ['new', 44694.1, 1], ['closing', 89388.2, 2]]
    """
    if total not in TOTALS:
        raise UnknownName(Text("总数", "total"), total, TOTALS)
    columns, known = columns_of(by), table or lifecycle.table()
    about = _About(total, columns, measure, known)
    walked = _walked(opening, closing, between, about)
    first, last = _as_counted(opening, about), _as_counted(closing, about)
    changes = _ordered(_changes(walked, first, last, about), columns)
    rows = pd.concat([_summed(first, "opening", columns), _lines(changes, columns), _summed(last, "closing", columns)], ignore_index=True)
    whole = pd.concat([_summed(first, "opening", []), _lines(changes, []), _summed(last, "closing", [])], ignore_index=True)
    return Bridge(total, tuple(columns), _as_listed(rows, columns, known), _as_listed(whole, [], known), changes)


def _as_listed(rows: pd.DataFrame, columns: Sequence[str], table: Lifecycle) -> pd.DataFrame:
    """Groups as the lifecycle lists them, and in each the lines as `LINES` does."""
    placed = rows.assign(place=rows["line"].map(list(LINES).index))
    return in_order(placed, [*columns, "place"], table=table).drop(columns="place")


class _About(NamedTuple):
    total: str
    columns: list[str]
    measure: str | None
    table: Lifecycle

    @property
    def amount(self) -> str:
        """The column of the frame that is summed."""
        return "area_m2" if self.total in ("task", "accepted") else f"{self.total}_m2"

    def belongs(self, states: pd.DataFrame) -> pd.Series:
        """Whether a site in such a state is in the total, taken by itself."""
        found = states["counted"].astype("bool")
        if self.measure:
            found &= states["measure"] == self.measure
        if self.total == "accepted":
            found &= states["group"].map(self.table.counts_as) == "accepted"
        return found


_TOLD = ("last_kind", "last_event_id", "last_on", "last_doc_no")


def _walked(opening: pd.DataFrame, closing: pd.DataFrame, between: pd.DataFrame | None, about: _About) -> pd.DataFrame:
    """Every state of every site from opening to closing, in order, each with what it adds to the total by itself."""
    stops = [opening, *([] if between is None else [between]), closing]
    walked = pd.concat([_stop(frame, place, about) for place, frame in enumerate(stops)], ignore_index=True)
    if between is not None:
        walked.loc[walked["place"] == len(stops) - 1, list(_TOLD)] = ""  # the closing state is that of the last entry: nothing of its own
    missing = opening[~opening["site_id"].isin(closing["site_id"])]
    gone = _stop(missing, len(stops), about).assign(belongs=False, is_gone=True)
    return pd.concat([walked, gone], ignore_index=True).sort_values(["site_id", "place"], kind="stable", ignore_index=True)


def _stop(frame: pd.DataFrame, place: int, about: _About) -> pd.DataFrame:
    told = {name: frame[name] if name in frame and place else "" for name in _TOLD}
    kept = frame[list(dict.fromkeys(["site_id", "counted", *about.columns]))]
    return pd.DataFrame(kept).assign(
        **told, place=place, is_gone=False, belongs=about.belongs(frame), amount_m2=frame[about.amount].astype("float64").fillna(0.0)
    )


def _as_counted(frame: pd.DataFrame, about: _About) -> pd.DataFrame:
    """What each site adds to the total as progress counts it: a mine is accepted as a whole or not at all."""
    plain = _stop(frame, 0, about)
    added = plain["amount_m2"].where(plain["belongs"], 0.0)
    by_itself = added.copy()
    if about.total == "accepted":
        state = judged(frame, table=about.table)["state"].reindex(frame.index)
        belongs = plain["counted"] & (state == "accepted")
        added = plain["amount_m2"].where(belongs & (frame["measure"] == about.measure if about.measure else True), 0.0)
    return plain.assign(added_m2=added, by_itself_m2=by_itself)


def _changes(walked: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame, about: _About) -> pd.DataFrame:
    """One row a change, by line and group."""
    before = walked.groupby("site_id", sort=False).shift(1)
    is_new = before["place"].isna() & (walked["place"] > 0)
    is_step = before["place"].notna()
    was_in, is_in = before["belongs"].eq(other=True), walked["belongs"]
    old_m2 = before["amount_m2"].where(was_in, 0.0).fillna(0.0)
    middle_m2, new_m2 = walked["amount_m2"].where(was_in, 0.0), walked["amount_m2"].where(is_in, 0.0)
    is_corrected = walked["last_kind"] == "corrected"
    crosses = pd.Series(data=False, index=walked.index)
    for name in about.columns:
        crosses |= is_step & (walked[name].astype("str") != before[name].astype("str"))
    resized = pd.Series("redrawn" if about.amount == "area_m2" else "measured", index=walked.index).mask(is_corrected, "corrected")
    was_counted = before["counted"].eq(other=True)
    shifted = pd.Series("moved", index=walked.index).mask(was_counted & ~walked["counted"], "cancelled")
    shifted = shifted.mask(~was_counted & walked["counted"], "restored").mask(is_corrected, "corrected").mask(walked["is_gone"], "gone")
    across = pd.Series("regrouped", index=walked.index).mask(is_corrected, "corrected")
    zero = pd.Series(0.0, index=walked.index)
    old_keys = walked.assign(**{name: before[name].astype(walked[name].dtype) for name in about.columns}) if about.columns else walked
    parts = [
        _part(walked, is_new, pd.Series("new", index=walked.index), zero, new_m2, about),
        _part(walked, is_step & ~crosses, resized, old_m2, middle_m2, about),
        _part(walked, is_step & ~crosses, shifted, middle_m2, new_m2, about),
        _part(old_keys, crosses, across, old_m2, zero, about),
        _part(walked, crosses, across, zero, new_m2, about),
    ]
    for counted, (start, end) in ((first, ("added_m2", "by_itself_m2")), (last, ("by_itself_m2", "added_m2"))):
        mine = pd.Series("mine", index=counted.index)
        parts.append(_part(counted, counted[start] != counted[end], mine, counted[start], counted[end], about))
    told = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(told, ignore_index=True)


def _part(rows: pd.DataFrame, which: pd.Series, line: pd.Series, old_m2: pd.Series, new_m2: pd.Series, about: _About) -> pd.DataFrame:
    chosen = which & (old_m2 != new_m2)
    kept = rows.loc[chosen, [*about.columns, "site_id", *_TOLD[1:]]]
    old, new = old_m2[chosen], new_m2[chosen]
    return kept.assign(line=line[chosen], from_m2=old, to_m2=new, change_m2=new - old)


def _ordered(changes: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    place = changes["line"].map(list(LINES).index)
    ordered = changes.assign(place=place).sort_values(["place", "site_id"], kind="stable", ignore_index=True)
    return ordered[[*columns, "line", "site_id", *_TOLD[1:], "from_m2", "to_m2", "change_m2"]]


def _lines(changes: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    keys = [*columns, "line"]
    found = []
    for values, rows in changes.groupby(keys, dropna=False, sort=True):
        area_m2 = fsum(np.concatenate([rows["to_m2"], -rows["from_m2"]]))
        found.append({**dict(zip(keys, values, strict=True)), "area_m2": area_m2, "sites": rows["site_id"].nunique()})
    return _typed(pd.DataFrame(found, columns=[*keys, "area_m2", "sites"]), changes, columns)


def _summed(counted: pd.DataFrame, line: str, columns: Sequence[str]) -> pd.DataFrame:
    there = counted[counted["added_m2"] != 0]
    groups = there.groupby(list(columns), dropna=False, sort=True) if columns else [((), there)]
    found = [
        {**dict(zip(columns, values, strict=True)), "line": line, "area_m2": fsum(rows["added_m2"]), "sites": len(rows)}
        for values, rows in groups
    ]
    return _typed(pd.DataFrame(found, columns=[*columns, "line", "area_m2", "sites"]), counted, columns)


def _typed(rows: pd.DataFrame, like: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return rows.astype({**{name: like[name].dtype for name in columns}, "line": "str", "area_m2": "float64", "sites": "int64"})
