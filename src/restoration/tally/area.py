"""Areas by group and in all: what was done, and the ground that it was done on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..errors import UnknownName
from ..overlay import land_area_m2
from ..text import Text

BY = {
    "layer": "layer",
    "measure": "measure",
    "status": "status",
    "group": "group",
    "town": "town",
    "year": "plan_year",
}
"""What areas may be grouped by, and the column of the sites frame that it is."""

SUMS = ("area_m2", "reported_m2", "verified_m2", "qualified_m2")


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


def totals(sites: gpd.GeoDataFrame, *, by: Sequence[str] = ("layer",)) -> Totals:
    """Sum the areas of sites, group by group and in all.

    The rule for what counts: sites that were struck off (核减/调出) count nowhere, suspended sites count.

    Parameters
    ----------
    sites
        The sites frame.
    by
        Words of `BY`; none gives the whole alone.

    Raises
    ------
    UnknownName
        A word that is not in `BY`.
    """
    columns = columns_of(by)
    counted = sites[sites["counted"]]
    groups = list(counted.groupby(columns, dropna=False, sort=True)) if columns else []
    rows = pd.DataFrame([{**_key(columns, key), **_sums(part)} for key, part in groups], columns=[*columns, *_sums(counted[:0])])
    whole = _sums(counted)
    shared_m2 = float(rows["land_m2"].sum() - whole["land_m2"]) if groups else 0.0
    return Totals(tuple(columns), rows, whole, shared_m2, len(sites) - len(counted))


def columns_of(by: Sequence[str]) -> list[str]:
    """The columns of the sites frame that words of `BY` stand for, each once.

    Raises
    ------
    UnknownName
        A word that is not in `BY`.
    """
    return list(dict.fromkeys(_column(word) for word in by))


def _column(word: str) -> str:
    if word in BY.values():
        return word
    if word not in BY:
        raise UnknownName(Text("分组方式", "grouping"), word, BY)
    return BY[word]


def _key(columns: list[str], key: Any) -> dict[str, Any]:
    return dict(zip(columns, key if isinstance(key, tuple) else (key,), strict=True))


def _sums(part: gpd.GeoDataFrame) -> dict[str, Any]:
    mines = part.loc[part["layer"] == "mine_sites", "mine_id"]
    task, *others = (float(part[name].sum(min_count=1)) for name in SUMS)
    return {
        "sites": len(part),
        "mines": int(mines.nunique()),
        "task_m2": task if len(part) else 0.0,
        "land_m2": land_area_m2(np.asarray(part.geometry.array)),
        **dict(zip(SUMS[1:], others, strict=True)),
    }
