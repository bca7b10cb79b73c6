"""Progress: what was planned, mapped, reported, verified, found qualified and accepted, by number and by area, by any grouping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from .. import lifecycle
from ..lifecycle import Lifecycle
from ..model import Target
from .area import columns_of
from .counting import PLANNED_BY, in_order, judged, tabled


class Progress(NamedTuple):
    """Plan against done, areas in m², unrounded.

    ``rows`` has one row a group: the columns of ``by``, then

    * ``target_m2``, ``target_number``: the sums of the targets of the group's measures and years; NaN where there is none, and for
      every group where ``by`` divides finer than targets are set (town, status, display group);
    * ``sites``; ``number``, ``begun_number``, ``in_progress_number``, ``accepted_number``, where mines are counted by mine: a
      mine is accepted only if all its polygons that count are, begun is in progress or accepted;
    * ``task_m2`` (area of record), ``reported_m2``, ``verified_m2``, ``qualified_m2``, ``preserved_m2`` (as typed; NaN where no site
      has one), ``accepted_m2`` (area of record of the accepted);
    * by the target, of the sites that a target's area is about: ``sited_pct`` (task), ``completion_pct`` 任务完成率 (qualified),
      ``accepted_pct`` (accepted); ``accepted_number_pct`` by the target's number, and by ``number`` for what has no such target;
    * of the sites that have both: ``verified_pct`` 面积核实率 (verified by reported), ``qualified_pct`` 核实面积合格率 (qualified by
      verified), ``reported_qualified_pct`` 上报面积合格率 (qualified by reported), ``preserved_pct`` 保存率 (preserved by qualified).

    Every rate is a sum by a sum, never a mean of rates; by nought or unknown it is NaN. ``whole`` has the same over all sites and
    targets. ``shared_number`` mines lie in more than one group and are counted again in each: the groups' numbers less it give the
    whole's. ``accepted_apart_m2`` is of sites that are accepted but belong to a mine that is not, as a whole: it counts as accepted
    nowhere. ``left_out`` sites are struck off (``counted`` is false) and are in no figure. ``is_planned`` is whether groups have targets.
    """

    by: tuple[str, ...]
    rows: pd.DataFrame
    whole: dict[str, Any]
    shared_number: int
    left_out: int
    is_planned: bool
    accepted_apart_m2: float


def progress(
    sites: pd.DataFrame, targets: Iterable[Target], *, by: Sequence[str] = ("measure", "year"), table: Lifecycle | None = None
) -> Progress:
    """Set what is done against what was planned, group by group and in all.

    Parameters
    ----------
    sites
        The sites frame; its geometry is not needed.
    targets
        What was planned. A group's are those of its layer, measure and year.
    by
        Words of `tally.BY`; none gives the whole alone.
    table
        The lifecycle, which says what is accepted and how a measure is counted; the built-in one if not given.

    Raises
    ------
    UnknownName
        A word that is not in `tally.BY`.
    """
    columns, planned, known = columns_of(by), list(targets), table or lifecycle.table()
    counted = judged(sites, table=known)
    whole = {str(name): value for name, value in tabled(counted, planned, table=known).to_dict("records")[0].items()}
    rows = in_order(tabled(counted, planned, columns=columns, table=known), columns, table=known) if columns else pd.DataFrame()
    shared_number = int(rows["number"].sum()) - whole["number"] if columns else 0
    is_apart = (counted["group"].map(known.counts_as) == "accepted") & (counted["state"] != "accepted")
    return Progress(
        tuple(columns), rows, whole, shared_number, len(sites) - len(counted), set(columns) <= set(PLANNED_BY),
        float(counted["area_m2"][is_apart].sum()),
    )  # fmt: skip
