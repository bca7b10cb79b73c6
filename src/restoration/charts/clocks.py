"""How old closures are against the clock of their acceptance."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .. import lifecycle
from ..figures.sheet import INK, PAPER
from ..frame import closure_ends
from ..lifecycle import Lifecycle
from ..model import today
from ..style import look_of
from ..text import Text
from .canvas import HATCHES, SMALL_PT, canvas, counting, finished, need, nothing_in

YEAR_DAYS = 365.25


def closures(
    sites: pd.DataFrame, *, as_of: date | None = None, title: str | None = None, table: Lifecycle | None = None, ax: Axes | None = None
) -> Axes:
    """Closures by the years until they may be accepted, or since: right of the line they are over, and colours say what became of them.

    Parameters
    ----------
    sites
        A frame with ``closure_on`` (ISO text), ``closure_years`` and ``group``. Sites without a closure are left out, and those whose first
        day or years are not known are told in the title.
    as_of
        The day that ages are counted to; today if not given.
    title, table, ax
        As in `status_by_measure`.

    Raises
    ------
    BadRequest
        The frame lacks one of the columns.
    MissingExtra

    Examples
    --------
    >>> frame = pd.DataFrame({"closure_on": ["2015-06-01", ""], "closure_years": [5, None], "group": ["accepted", "under_way"]})
    >>> axes = closures(frame, as_of=date(2021, 6, 1))
    >>> int(sum(bar.get_height() for bar in axes.patches))
    1
    """
    need(sites, ("closure_on", "closure_years", "group"), of=Text("封育期图", "The chart of closures"))
    known, axes, day = table or lifecycle.table(), canvas(ax), as_of or today()
    sites = counting(sites)
    over_years = _years_over(sites, day)
    unknown = int((((sites["closure_on"] != "") | sites["closure_years"].notna()).to_numpy() & np.isnan(over_years)).sum())
    groups = [code for code in known.groups if code in set(sites["group"])]
    values = [over_years[(sites["group"] == code).to_numpy() & ~np.isnan(over_years)] for code in groups]
    if any(len(one) for one in values):
        edges = np.arange(np.floor(np.nanmin(over_years)), np.floor(np.nanmax(over_years)) + 2)
        drawn = [(code, held) for code, held in zip(groups, values, strict=True) if len(held)]
        bottom = np.zeros(len(edges) - 1)
        for code, held in drawn:
            height = np.histogram(held, bins=edges)[0].astype(np.float64)
            axes.bar(edges[:-1], height, width=0.92, bottom=bottom, align="edge", color=look_of(code).colour, hatch=HATCHES.get(code, ""),
                     edgecolor=PAPER, linewidth=0.6, label=str(known.groups[code]))  # fmt: skip
            bottom += height
    else:
        nothing_in(axes)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.annotate(str(Text("封育期满", "closure over")), (0, 1), (4, -2), xycoords=("data", "axes fraction"), textcoords="offset points",
                  va="top", color=INK, fontsize=SMALL_PT)  # fmt: skip
    usual = Text(f"封育期与验收（{day}）", f"Closures and their acceptance ({day})")
    if unknown:
        usual = Text(f"{usual.zh}；{unknown} 个起始日或年限不明", f"{usual.en}; of {unknown} the first day or the years are unknown")
    across = Text("期满后的年数（负数：还差）", "years since the closure was over (below 0: still to go)")
    return finished(
        axes, title=title if title is not None else str(usual), across=str(across), up=str(Text("小班数", "sites")), legend="",
    )  # fmt: skip


def _years_over(sites: pd.DataFrame, day: date) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Years from the end of each closure to a day, nought on the very day; NaN where its first day or its years are not known."""
    days = (pd.Timestamp(day) - closure_ends(sites)).days
    return np.asarray(days / YEAR_DAYS, dtype=np.float64)
