"""Plan against done, by number and by area: two different rates, both shown."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from .. import lifecycle
from ..lifecycle import Lifecycle
from ..model import Target
from .counting import in_order, is_about, judged, states, tabled

COLUMNS = (
    "measure", "plan_year", "target_m2", "target_number", "number", "accepted_number", "in_progress_number", "task_m2", "reported_m2",
    "qualified_m2", "accepted_m2", "sited_pct", "accepted_pct", "accepted_number_pct", "source",
)  # fmt: skip


def mine_states(sites: gpd.GeoDataFrame, *, table: Lifecycle | None = None) -> pd.Series:
    """The state of each mine: ``accepted``, ``in_progress``, ``not_started`` or ``other``.

    A mine may be several polygons; it is accepted only if all that count are, and in progress once any was begun.

    Parameters
    ----------
    sites
        The sites frame; mines are the rows of the layer ``mine_sites`` that count.
    table
        The lifecycle that says what its display groups count as; the built-in one if not given.

    Returns
    -------
    Series of text, indexed by ``mine_id``.

    Examples
    --------
    >>> import shapely
    >>> from restoration.frame import conform
    >>> rows = {"measure": "矿区复绿", "status": ["县级验收合格", "施工中"], "mine_id": "K1"}
    >>> mine_states(conform(gpd.GeoDataFrame(rows, geometry=[shapely.box(105, 25, 105.01, 25.01)] * 2, crs=4490))).to_dict()
    {'K1': 'in_progress'}
    """
    mines = sites[(sites["layer"] == "mine_sites") & sites["counted"]]
    state = states(mines["mine_id"], mines["group"], table=table or lifecycle.table())
    found: pd.Series = state.groupby(mines["mine_id"]).first().rename("group").astype("str")
    return found


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
    counted, planned = judged(sites, table=table), list(targets)
    rows, is_told = [], pd.Series(data=False, index=counted.index)
    for target in planned:
        concerned = is_about(target, counted, planned=planned, table=table)
        found = tabled(counted[concerned], [target], table=table)
        rows.append(found.assign(measure=target.measure, plan_year=target.plan_year, source=target.source))
        is_told |= concerned
    columns = ["measure", "plan_year"]
    left = in_order(tabled(counted[~is_told], [], columns=columns, table=table), columns, table=table).assign(source="")
    told = pd.concat([row.astype({"plan_year": "Int64"}) for row in (*rows, left) if len(row)] or [left], ignore_index=True)
    return told[list(COLUMNS)]
