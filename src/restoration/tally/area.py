"""Areas by group and in all: what was done, and the ground that it was done on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..ellipsoid import Integers
from ..errors import UnknownName
from ..frame import label_of
from ..overlay import Ground
from ..sharing import ground_of_sites
from ..text import Text

BY = {
    "layer": "layer",
    "measure": "measure",
    "status": "status",
    "group": "group",
    "county": "county_code",
    "town": "town",
    "village": "village",
    "year": "plan_year",
}
"""What areas may be grouped by, and the column of the sites frame that it is."""

SUMS = ("reported_m2", "verified_m2", "qualified_m2")
"""Areas that people type: unknown where nobody did."""


class Totals(NamedTuple):
    """Areas of sites, m², unrounded.

    ``rows`` has one row a group: the columns of ``by``, then ``sites`` (number), ``mines`` (number of different mines),
    ``task_m2`` (every site), ``land_m2`` (ground counted once), ``reported_m2``, ``verified_m2``, ``qualified_m2`` (NaN where
    no site has one). ``whole`` has the same over all sites. ``shared_m2`` is ground that lies in more than one group:
    the groups' land areas less ``shared_m2`` give the whole's. ``left_out`` sites are struck off (``counted`` is false).
    """

    by: tuple[str, ...]
    rows: pd.DataFrame
    whole: dict[str, Any]
    shared_m2: float
    left_out: int


def totals(sites: gpd.GeoDataFrame, *, by: Sequence[str] = ("layer",), ground: Ground | None = None) -> Totals:
    """Sum the areas of sites, group by group and in all.

    The rule for what counts: sites that were struck off (核减/调出) count nowhere, suspended sites count.

    Parameters
    ----------
    sites
        The sites frame.
    by
        Words of `BY`; none gives the whole alone.
    ground
        `ground_of_sites` of the same frame; what sites share is found anew if it is not given.

    Raises
    ------
    UnknownName
        A word that is not in `BY`.

    Examples
    --------
    >>> import shapely
    >>> from restoration.frame import conform
    >>> field = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> sites = conform(gpd.GeoDataFrame({"measure": ["人工造林", "封山育林"], "status": "施工中"}, geometry=[field, field], crs=4490))
    >>> found = totals(sites, by=["measure"])
    >>> found.rows["task_m2"].round(1).tolist(), round(found.whole["land_m2"], 1)
    ([44694.1, 44694.1], 44694.1)
    """
    return summed(sites, columns_of(by), ground=ground)


def summed(sites: gpd.GeoDataFrame, columns: Sequence[str], *, ground: Ground | None = None) -> Totals:
    """The `totals` of a sites frame by any of its columns, also those that an analyst added.

    Parameters
    ----------
    sites
        The sites frame, with ``columns``; none of them may be called as a column of `Totals.rows`.
    ground
        As in `totals`.
    """
    known = ground or ground_of_sites(sites)
    whole = {str(name): value for name, value in _sums(sites, np.zeros(len(sites), dtype=np.intp), known).to_dict("records")[0].items()}
    rows = pd.DataFrame(columns=[*columns, *whole])
    if columns:
        groups = sites[sites["counted"]].groupby(columns, dropna=False, sort=True)
        label = np.full(len(sites), -1, dtype=np.intp)
        label[sites["counted"].to_numpy(dtype=np.bool_)] = groups.ngroup().to_numpy(dtype=np.intp)
        keys = groups.size().index.to_frame(index=False)[columns]
        rows = keys.join(_sums(sites, label, known).iloc[: len(keys)])
    shared_m2 = float(rows["land_m2"].sum() - whole["land_m2"]) if columns else 0.0
    return Totals(tuple(columns), rows, whole, shared_m2, len(sites) - int(sites["counted"].sum()))


def columns_of(by: Sequence[str]) -> list[str]:
    """The columns of the sites frame that words of `BY`, or their labels, stand for, each once.

    Raises
    ------
    UnknownName
        A word that is not in `BY`.

    Examples
    --------
    >>> columns_of(["年度", "town"]), columns_of("measure")
    (['plan_year', 'town'], ['measure'])
    """
    return list(dict.fromkeys(_column(word) for word in ([by] if isinstance(by, str) else by)))


def _column(word: str) -> str:
    if word in BY.values():
        return word
    labelled = next((column for column in BY.values() if word in (label_of(column).zh, label_of(column).en)), None)
    if labelled:
        return labelled
    if word not in BY:
        raise UnknownName(Text("分组方式", "grouping"), word, BY)
    return BY[word]


def _sums(sites: gpd.GeoDataFrame, label: Integers, ground: Ground) -> pd.DataFrame:
    """One row a label: the sites that count with that label, in the order of the labels."""
    counted = sites["counted"].to_numpy(dtype=np.bool_)
    groups = pd.DataFrame(sites[counted].drop(columns="geometry")).groupby(label[counted])
    count = max(int(label.max(initial=0)) + 1, 1)
    net_m2 = ground.area_m2 - ground.within(label).lost_m2(np.arange(len(label)))
    is_mine = sites["layer"].to_numpy() == "mine_sites"
    mines = sites["mine_id"][counted & is_mine].groupby(label[counted & is_mine]).nunique()
    typed = groups[list(SUMS)].sum(min_count=1).reindex(range(count))
    return pd.DataFrame(
        {
            "sites": groups.size().reindex(range(count), fill_value=0),
            "mines": mines.reindex(range(count), fill_value=0),
            "task_m2": np.bincount(label[counted], weights=ground.area_m2[counted], minlength=count),
            "land_m2": np.bincount(label[counted], weights=net_m2[counted], minlength=count),
            **{name: typed[name] for name in SUMS},
        }
    )
