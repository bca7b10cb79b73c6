"""The ledger of areas and whether it closes: polygon, reported, verified, and what the verified area fell into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import lifecycle
from ..lifecycle import Lifecycle
from ..text import Text
from ..thresholds import Thresholds, thresholds
from .area import columns_of
from .counting import in_order

PARTS = ("qualified_m2", "replant_m2", "lost_m2")
"""What a verified area falls into, as people type it; the rest is ``unqualified_m2``."""
FIGURES = (
    "area_m2", "reported_m2", "reported_gap_m2", "verified_m2", "verified_gap_m2", "qualified_m2", "replant_m2", "lost_m2",
    "unqualified_m2", "unjudged_m2", "over_m2",
)  # fmt: skip
"""The areas of a row, in order."""
FLAGS: dict[str, Text] = {
    "over": Text("合格＋补植＋损失大于核实", "qualified + to replant + lost exceed verified"),
    "verified_over": Text("核实大于图斑", "verified exceeds the polygon"),
    "reported_apart": Text("上报与图斑相差大", "reported and polygon lie apart"),
    "verified_apart": Text("核实比图斑少", "verified falls short of the polygon"),
    "cut": Text("核实与上报相差大", "verified and reported lie apart"),
    "unjudged": Text("核实了，没有填合格面积", "verified, but no qualified area is given"),
    "unverified": Text("已验收，没有核实面积", "accepted, but no verified area is given"),
}
"""Why a site's areas do not close, the gravest first."""


class Closing(NamedTuple):
    """The ledger of areas, m², unrounded.

    ``sites`` has one row a site that counts, ``rows`` one a group (the columns of ``by`` before the figures, ``sites`` and
    ``flagged``, the number of sites that have a flag), ``whole`` the one row of all. The figures are `FIGURES`:

    * ``area_m2``: the polygon's ellipsoidal area;
    * ``reported_m2``, and ``reported_gap_m2``: reported less polygon, of the sites that have a reported area;
    * ``verified_m2``, and ``verified_gap_m2``: verified less reported, of the sites that have both;
    * ``qualified_m2``, ``replant_m2``, ``lost_m2`` of the sites that were verified; ``unqualified_m2`` is what is left of the verified
      area (computed, nobody typed it), ``unjudged_m2`` the verified area of sites without a qualified one, ``over_m2`` by how much the
      parts exceed the verified area. Always verified = qualified + to replant + lost + unqualified + unjudged − over.

    Unknown is NaN, never 0. Each site has ``unclosed`` (words of `FLAGS`, the gravest first) and ``cause``, a `Text` where a factor between
    two of its areas names the likely one.
    """

    by: tuple[str, ...]
    rows: pd.DataFrame
    whole: pd.DataFrame
    sites: pd.DataFrame
    left_out: int


def closing(
    sites: pd.DataFrame, *, by: Sequence[str] = ("measure", "year"), limits: Thresholds | None = None, table: Lifecycle | None = None
) -> Closing:
    """Set each site's areas against each other and say where they do not close.

    Parameters
    ----------
    sites
        The sites frame; its geometry is not needed.
    by
        Words of `tally.BY`.
    limits
        What still counts as the same area (those of the checks S301, S302 and S303); the built-in thresholds if not given.
    table
        The lifecycle, which says what is accepted; the built-in one if not given.

    Raises
    ------
    UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> from restoration.frame import conform
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"], "reported_m2": [50_000.0]}
    >>> field = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> found = closing(conform(geopandas.GeoDataFrame(rows, geometry=[field], crs=4490)))
    >>> found.sites[["reported_gap_m2", "unclosed"]].round(1).values.tolist()
    [[5305.9, ('reported_apart',)]]
    """
    columns, known, bounds = columns_of(by), table or lifecycle.table(), limits or thresholds()
    counted = pd.DataFrame(sites.drop(columns="geometry", errors="ignore"))[sites["counted"].to_numpy(dtype=np.bool_)]
    chained = _chained(counted)
    flags = _flags(counted, chained, bounds, known)
    told = pd.Series([tuple(name for name in FLAGS if flags[name].iat[row]) for row in range(len(counted))], counted.index, dtype=object)
    named = counted[list(dict.fromkeys(["site_id", "name", "measure", "plan_year", "status", *columns]))]
    listed = named.join(chained).assign(unclosed=told, cause=_causes(chained, told, bounds))
    rows = in_order(_summed(listed, columns), columns, table=known)
    return Closing(tuple(columns), rows, _summed(listed, []), listed.reset_index(drop=True), len(sites) - len(counted))


def _chained(counted: pd.DataFrame) -> pd.DataFrame:
    reported_m2, verified_m2 = counted["reported_m2"], counted["verified_m2"]
    parts = counted[list(PARTS)].where(verified_m2.notna())
    is_judged = parts["qualified_m2"].notna()
    rest_m2 = verified_m2 - parts.fillna(0.0).sum(axis=1)
    return pd.DataFrame(
        {
            "area_m2": counted["area_m2"],
            "reported_m2": reported_m2,
            "reported_gap_m2": reported_m2 - counted["area_m2"],
            "verified_m2": verified_m2,
            "verified_gap_m2": verified_m2 - reported_m2,
            **{name: parts[name] for name in PARTS},
            "unqualified_m2": rest_m2.clip(lower=0.0).where(is_judged),
            "unjudged_m2": rest_m2.clip(lower=0.0).where(~is_judged),
            "over_m2": (-rest_m2).clip(lower=0.0),
        }
    )


def _flags(counted: pd.DataFrame, chained: pd.DataFrame, limits: Thresholds, table: Lifecycle) -> pd.DataFrame:
    area_m2, verified_m2 = chained["area_m2"], chained["verified_m2"]
    reported, order, short = (limits.numbers[code] for code in ("S301", "S302", "S303"))
    is_accepted = counted["group"].map(table.counts_as) == "accepted"
    short_m2 = verified_m2 - area_m2
    found = {
        "over": chained["over_m2"] > order["rounding_m2"],
        "verified_over": _apart(short_m2, area_m2, order["over_pct"], order["least_m2"]) & (short_m2 > 0),
        "reported_apart": _apart(chained["reported_gap_m2"], area_m2, reported["share_pct"], reported["least_m2"]),
        "verified_apart": _apart(short_m2, area_m2, short["share_pct"], short["least_m2"]) & (short_m2 < 0),
        "cut": _apart(chained["verified_gap_m2"], chained["reported_m2"], short["gross_pct"], short["least_m2"]),
        "unjudged": chained["unjudged_m2"].notna() & verified_m2.notna(),
        "unverified": is_accepted & verified_m2.isna(),
    }
    return pd.DataFrame(found, index=counted.index)


def _apart(gap_m2: pd.Series, whole_m2: pd.Series, share_pct: float, least_m2: float) -> pd.Series:
    """Whether a gap is more than a way of measuring; not where one of the areas is unknown."""
    return (gap_m2.abs() > least_m2) & (gap_m2.abs() * 100 > share_pct * whole_m2)


def _causes(chained: pd.DataFrame, flags: pd.Series, limits: Thresholds) -> pd.Series:
    """For each site with a flag the factor between two of its areas that has a known cause."""
    pairs = (
        ("reported_m2", "area_m2", Text("上报是图斑的", "reported by polygon:")),
        ("verified_m2", "area_m2", Text("核实是图斑的", "verified by polygon:")),
        ("verified_m2", "reported_m2", Text("核实是上报的", "verified by reported:")),
        ("qualified_m2", "verified_m2", Text("合格是核实的", "qualified by verified:")),
    )
    is_flagged = flags.astype("bool").to_numpy()
    found: list[Text | None] = [None] * len(chained)
    for part, whole, said in pairs:
        rows = np.flatnonzero(is_flagged & (chained[part] > 0).to_numpy() & (chained[whole] > 0).to_numpy())
        with np.errstate(over="ignore"):
            factors = chained[part].to_numpy()[rows] / chained[whole].to_numpy()[rows]
        for row, factor in zip(rows.tolist(), factors.tolist(), strict=True):
            cause = limits.cause_of(factor)
            if cause and found[row] is None:
                found[row] = Text(f"{said.zh} {cause.zh}", f"{said.en} {cause.en}")
    return pd.Series(found, chained.index, dtype=object)


def _summed(listed: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    counts = listed.assign(sites=1, flagged=listed["unclosed"].astype("bool").astype("int64"))
    summed = [*FIGURES, "sites", "flagged"]
    if not columns:
        return (
            counts[summed].sum(min_count=1).to_frame().T.fillna({"sites": 0, "flagged": 0}).astype({"sites": "int64", "flagged": "int64"})
        )
    return counts.groupby(list(columns), dropna=False, sort=True)[summed].sum(min_count=1).reset_index()
