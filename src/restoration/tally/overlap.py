"""The overlap statement: which sites share ground, how much and what kind, who keeps it, and how the land comes of the task."""

from __future__ import annotations

from typing import NamedTuple, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from ..frame import CRS
from ..overlay import Ground
from ..sharing import Sharing, sharing_of
from ..thresholds import Thresholds, thresholds
from .area import columns_of
from .net import NetRule, net_areas, net_rules, rank_of

_OF_BOTH = ("site_id", "measure", "plan_year", "county_code", "town", "village", "status", "group", "layer")


class Statement(NamedTuple):
    """What sites share, areas in m², unrounded.

    ``pairs``
        A GeoDataFrame in EPSG:4490, one row a pair, the greatest first: of each site its number, measure, plan year, county, town,
        village, status, group and layer (``other_…`` for the second), ``area_m2`` shared, ``width_m``, ``likeness_pct``, ``kind`` and
        ``verdict`` (`sharing`), ``keeps`` (the number of the site that keeps the ground, ``""`` for both or nobody), and the shared
        ground.
    ``sites``
        One row a site that counts: ``site_id``, ``area_m2``, ``lost_m2``, ``net_m2``, indexed like the frame.
    ``task_m2``, ``land_m2``, ``undecided_m2``
        The areas summed; the ground counted once; of it what the rule leaves undecided. Net areas and ``undecided_m2`` add up to
        ``land_m2``.
    ``noise_m2``, ``noise_pairs``
        How much of the pairs' ground is noise along edges, and how many pairs are.
    """

    pairs: gpd.GeoDataFrame
    sites: pd.DataFrame
    rule: NetRule
    task_m2: float
    land_m2: float
    undecided_m2: float
    noise_m2: float
    noise_pairs: int


def overlap_statement(
    sites: gpd.GeoDataFrame, *, rule: NetRule | None = None, limits: Thresholds | None = None, ground: Ground | None = None
) -> Statement:
    """State what the sites that count share, and each one's net area by a rule.

    Parameters
    ----------
    sites
        The sites frame.
    rule
        Who keeps shared ground (`net_rules`); the built-in default if not given.
    limits
        What is noise, a duplicate, lawful; the built-in thresholds if not given.
    ground
        `ground_of_sites` of the same frame, if it is known already.

    Examples
    --------
    >>> import shapely
    >>> from restoration.frame import conform
    >>> fields = [shapely.box(105.1, 25.1, 105.102, 25.102), shapely.box(105.101, 25.1, 105.103, 25.102)]
    >>> sites = conform(gpd.GeoDataFrame({"measure": ["人工造林"] * 2, "status": "施工中"}, geometry=fields, crs=4490))
    >>> found = overlap_statement(sites)
    >>> found.pairs["area_m2"].round(0).tolist(), found.sites["net_m2"].round(0).tolist(), round(found.land_m2)
    ([22347.0], [44694.0, 22347.0], 67041)
    """
    rule = rule or net_rules().rule()
    sharing = sharing_of(sites, limits=limits or thresholds(), ground=ground)
    net = net_areas(sites, sharing.ground, rule=rule)
    counted = sites["counted"].to_numpy(dtype=np.bool_)
    columns = {"site_id": sites["site_id"], "area_m2": sharing.ground.area_m2, "lost_m2": net.lost_m2, "net_m2": net.net_m2}
    is_noise = sharing.kind == "noise"
    return Statement(
        pairs=_pairs(sites, sharing, rule),
        sites=pd.DataFrame(columns, index=sites.index)[counted],
        rule=rule,
        task_m2=float(sharing.ground.area_m2.sum()),
        land_m2=net.land_m2,
        undecided_m2=net.undecided_m2,
        noise_m2=float(sharing.pairs.area_m2[is_noise].sum()),
        noise_pairs=int(is_noise.sum()),
    )


def _pairs(sites: gpd.GeoDataFrame, sharing: Sharing, rule: NetRule) -> gpd.GeoDataFrame:
    pairs = sharing.pairs
    first, second = (sites[list(_OF_BOTH)].iloc[side].reset_index(drop=True) for side in (pairs.first, pairs.second))
    shared = pd.DataFrame(
        {
            "area_m2": pairs.area_m2,
            "width_m": pairs.width_m,
            "likeness_pct": 100 * sharing.likeness,
            "kind": pd.Series(sharing.kind, dtype="str"),
            "verdict": pd.Series(sharing.verdict, dtype="str"),
            "keeps": _keeps(sites, sharing, rule),
        }
    )
    whole = pd.concat([first, second.add_prefix("other_").rename(columns={"other_site_id": "other_id"}), shared], axis=1)
    made = gpd.GeoDataFrame(whole, geometry=pairs.shared(), crs=CRS)
    return cast(gpd.GeoDataFrame, made.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True))


def _keeps(sites: gpd.GeoDataFrame, sharing: Sharing, rule: NetRule) -> pd.Series:
    pairs = sharing.pairs
    if rule.way != "order":
        return pd.Series([""] * len(pairs.first), dtype="str")
    rank = rank_of(sites, rule)
    keeper = np.where(rank[pairs.first] < rank[pairs.second], pairs.first, pairs.second)
    return pd.Series(sites["site_id"].to_numpy(dtype=object)[keeper], dtype="str")


def matrix(pairs: pd.DataFrame, *, by: str = "measure") -> pd.DataFrame:
    """Shared ground group by group, m²: one row a pair of groups that share any, noise left out.

    Parameters
    ----------
    pairs
        The pairs of a `Statement`.
    by
        A word of `tally.BY`.

    Returns
    -------
    DataFrame
        The column of ``by`` and ``other_…`` (the two groups, each pair of groups once), ``pairs``, ``shared_m2``, and of it
        ``successive_m2``, ``suspicious_m2``, ``double_m2``. Ground under three sites stands in three pairs.

    Raises
    ------
    UnknownName
    """
    (name,) = columns_of([by])
    real = pairs[pairs["kind"] != "noise"]
    sides = np.array([[_key(one), _key(other)] for one, other in zip(real[name], real[f"other_{name}"], strict=True)], dtype=object)
    turned = [str(a) > str(b) for a, b in sides]
    ordered = np.where(np.array(turned, dtype=bool)[:, None], sides[:, ::-1], sides) if len(sides) else sides
    told = pd.DataFrame(ordered if len(ordered) else None, columns=[name, f"other_{name}"], dtype=object)
    told["pairs"] = 1
    told["shared_m2"] = real["area_m2"].to_numpy()
    for verdict in ("successive", "suspicious", "double"):
        told[f"{verdict}_m2"] = real["area_m2"].where(real["verdict"] == verdict, 0.0).to_numpy()
    return told.groupby([name, f"other_{name}"], dropna=False, sort=True).sum().reset_index()


def _key(value: object) -> object:
    """A group's key: the same for all that is unknown, a year as a whole number."""
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    return int(value) if isinstance(value, (int, float, np.integer)) else value
