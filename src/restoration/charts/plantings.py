"""What survives of what was planted, by the year of planting and species."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..figures.sheet import SOFT
from ..text import Text
from .canvas import MARKERS, SMALL_PT, canvas, colour_of, counting, finished, need, nothing_in

MOST_SPECIES = 6
"""So many species have a line of their own, those with the most ground; the others are one."""


def survival(sites: pd.DataFrame, *, bar_pct: float | None = None, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Survival (%) of each site as a dot, and of each species and plan year together as a line: weighted by area, never a mean of rates.

    Parameters
    ----------
    sites
        A frame with ``plan_year``, ``species``, ``survival_pct`` and ``area_m2`` (m²); sites without a survival are left out. An office's
        bar may differ by place and measure: none is drawn unless given.
    bar_pct
        The survival that is asked for, as a dashed line.
    title, ax
        As in `status_by_measure`.

    Raises
    ------
    BadRequest
        The frame lacks one of the columns.
    MissingExtra

    Examples
    --------
    >>> frame = pd.DataFrame({"plan_year": [2021, 2021], "species": "fir", "survival_pct": [80.0, 90.0], "area_m2": [30_000.0, 10_000.0]})
    >>> survival(frame).lines[-1].get_ydata().tolist()
    [82.5]
    """
    need(sites, ("plan_year", "species", "survival_pct", "area_m2"), of=Text("成活率图", "The chart of survival"))
    axes = canvas(ax)
    sites = counting(sites)
    found = sites[sites["survival_pct"].notna() & sites["plan_year"].notna() & (sites["area_m2"] > 0)]
    named = found.assign(kind=_kinds(found), year=found["plan_year"].astype("int64"))
    kinds = sorted(named["kind"].unique(), key=lambda kind: -named["area_m2"][named["kind"] == kind].sum())
    for place, kind in enumerate(kinds):
        _draw(axes, named[named["kind"] == kind], place, count=len(kinds), label=str(kind))
    if named.empty:
        nothing_in(axes)
    if bar_pct is not None:
        axes.axhline(bar_pct, color=SOFT, linestyle=(0, (5, 3)), linewidth=1.2)
        label = str(Text(f"要求 {bar_pct:g}%", f"asked for: {bar_pct:g} %"))
        axes.annotate(
            label,
            (1, bar_pct),
            (-3, -3),
            ha="right",
            va="top",
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=SOFT,
            fontsize=SMALL_PT,
        )
    axes.set_ylim(0, 103)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    usual = Text("成活率（圆点是小班，线是按面积加权）", "Survival: dots are sites, lines are weighted by area")
    return finished(
        axes, title=title if title is not None else str(usual), across=str(Text("年度", "plan year")),
        up=str(Text("成活率（%）", "survival (%)")), legend="",
    )  # fmt: skip


def _kinds(sites: pd.DataFrame) -> pd.Series:
    """Each site's species, the rarer ones as one."""
    species = sites["species"].fillna("").astype("str").replace("", str(Text("树种不明", "species unknown")))
    most = sites["area_m2"].groupby(species).sum().nlargest(MOST_SPECIES).index
    return species.where(species.isin(most), str(Text("其他", "others")))


def _draw(axes: Axes, sites: pd.DataFrame, place: int, *, count: int, label: str) -> None:
    aside = 0.5 * ((place + 0.5) / count - 0.5)
    colour, marker = colour_of(place), MARKERS[place % len(MARKERS)]
    axes.scatter(sites["year"] + aside, sites["survival_pct"], s=14, alpha=0.45, color=colour, marker=marker, linewidths=0)
    by_year = sites.assign(alive=sites["survival_pct"] * sites["area_m2"]).groupby("year")[["alive", "area_m2"]].sum()
    together = (by_year["alive"] / by_year["area_m2"]).to_numpy()
    axes.plot(np.asarray(by_year.index) + aside, together, color=colour, marker=marker, markersize=6, linewidth=1.5, label=label)
