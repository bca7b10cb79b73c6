"""Plan against done, by number and by area: two different rates, both shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from ..lifecycle import Lifecycle, Measure
from ..model import Target

ACCEPTED = frozenset({"accepted", "closed"})
"""Display groups that count as accepted (已验收, 已销号)."""
IN_PROGRESS = frozenset({"under_way", "awaiting", "rectifying"})
"""Display groups that count as in progress (实施中, 待验收, 整改中)."""


def mine_states(sites: gpd.GeoDataFrame) -> pd.Series:
    """The state of each mine: ``accepted``, ``in_progress``, ``not_started`` or ``other``.

    A mine may be several polygons; it is accepted only if all that count are, and in progress once any was begun.

    Parameters
    ----------
    sites
        The sites frame; mines are the rows of the layer ``mine_sites`` that count.

    Returns
    -------
    Series of text, indexed by ``mine_id``.
    """
    mines = sites[(sites["layer"] == "mine_sites") & sites["counted"]]
    states: pd.Series = mines.groupby("mine_id")["group"].agg(_state).astype("str")
    return states


def _state(groups: pd.Series) -> str:
    present = set(groups)
    if present <= ACCEPTED:
        return "accepted"
    if present & (IN_PROGRESS | ACCEPTED):
        return "in_progress"
    return "not_started" if "not_started" in present else "other"


def against_targets(sites: gpd.GeoDataFrame, targets: Iterable[Target], *, table: Lifecycle) -> pd.DataFrame:
    """One row a target, with what is done; sites that no target is about follow by measure and year, without one.

    Every site that counts is in one row.

    Columns: ``measure``, ``plan_year``, ``target_m2``, ``target_number``, then of the sites of
    that measure and year ``number`` (mines are counted by mine), ``accepted_number``, ``in_progress_number``, ``task_m2``,
    ``reported_m2``, ``qualified_m2``, ``accepted_m2`` (area of record of the accepted), the rates ``sited_pct`` (task by target),
    ``accepted_pct`` (accepted by target, by area) and ``accepted_number_pct`` (by number; of the target, else of the sites),
    and ``source``.
    Unknown is NaN, never 0.
    """
    counted = sites[sites["counted"]]
    planned = list(targets)
    parts = [_part(counted, target, planned, table) for target in planned]
    rows = [_row(part, table.measures[target.measure], target) for target, part in zip(planned, parts, strict=True)]
    told = {site for part in parts for site in part["site_id"]}
    left = counted[~counted["site_id"].isin(told)]
    order = {code: place for place, code in enumerate(table.measures)}
    for measure, year in sorted(set(zip(left["measure"], left["plan_year"], strict=True)), key=lambda key: (order[key[0]], key[1])):
        part = left[(left["measure"] == measure) & (left["plan_year"] == year)]
        rows.append(_row(part, table.measures[measure], None) | {"plan_year": year})
    return pd.DataFrame(rows).astype({"plan_year": "Int64"}) if rows else pd.DataFrame()


def _part(counted: gpd.GeoDataFrame, target: Target, planned: Sequence[Target], table: Lifecycle) -> gpd.GeoDataFrame:
    """The sites that a target is about: of its measure and year; a single target of mines is about the whole list of mines."""
    part = counted[counted["measure"] == target.measure]
    is_list = table.measures[target.measure].counted_by != "site_id" and sum(t.measure == target.measure for t in planned) == 1
    return part if is_list else part[part["plan_year"] == target.plan_year]


def _row(part: gpd.GeoDataFrame, measure: Measure, target: Target | None) -> dict[str, Any]:
    target_m2 = target.area_m2 if target and target.area_m2 is not None else float("nan")
    number = int(part[measure.counted_by].nunique())
    target_number = target.number if target and target.number is not None else float("nan")
    states = part.groupby(measure.counted_by)["group"].agg(_state)
    accepted = part[part[measure.counted_by].map(states) == "accepted"] if len(part) else part
    return {
        "measure": measure.code,
        "plan_year": target.plan_year if target else pd.NA,
        "target_m2": target_m2,
        "target_number": target_number,
        "number": number,
        "accepted_number": int((states == "accepted").sum()),
        "in_progress_number": int((states == "in_progress").sum()),
        "task_m2": float(part["area_m2"].sum()),
        "reported_m2": float(part["reported_m2"].sum(min_count=1)),
        "qualified_m2": float(part["qualified_m2"].sum(min_count=1)),
        "accepted_m2": float(accepted["area_m2"].sum()),
        "sited_pct": _pct(float(part["area_m2"].sum()), target_m2),
        "accepted_pct": _pct(float(accepted["area_m2"].sum()), target_m2),
        "accepted_number_pct": _pct(int((states == "accepted").sum()), target_number if target_number == target_number else number),
        "source": target.source if target else "",
    }


def _pct(part: float, whole: float) -> float:
    return 100 * part / whole if whole > 0 else float("nan")
