"""How far each measure has come: its area by display group of its sites' statuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from .. import lifecycle
from ..figures.sheet import PAPER
from ..lifecycle import Lifecycle
from ..style import look_of
from ..text import Text
from .canvas import HATCHES, area_label, areas_in, canvas, counting, finished, need, nothing_in


def status_by_measure(
    sites: pd.DataFrame, *, unit: str = "mu", title: str | None = None, table: Lifecycle | None = None, ax: Axes | None = None
) -> Axes:
    """A bar a measure, in the order of the lifecycle, divided by the display group of its sites' statuses (task area).

    Parameters
    ----------
    sites
        A frame with ``measure``, ``group`` and ``area_m2`` (m²); where it has ``counted``, only the sites that count.
    unit
        The unit of the axis: ``mu``, ``ha``, ``m2`` or ``km2``.
    title
        What stands above; a usual title if not given.
    table
        The lifecycle that names measures and groups; the built-in one if not given.
    ax
        Where to draw; new axes if not given.

    Raises
    ------
    BadRequest
        The frame lacks one of the columns.
    UnknownName, MissingExtra

    Examples
    --------
    >>> frame = pd.DataFrame({"measure": ["hill_closure"], "group": ["accepted"], "area_m2": [10_000.0]})
    >>> [float(bar.get_width()) for bar in status_by_measure(frame, unit="ha").patches]
    [1.0]
    """
    need(sites, ("measure", "group", "area_m2"), of=Text("措施与状态图", "The chart of statuses by measure"))
    known = table or lifecycle.table()
    counted = counting(sites)
    sums = _sums(counted.assign(area=areas_in(counted["area_m2"], unit)), known)
    axes = canvas(ax, high=max(2.4, 1.2 + 0.5 * len(sums)))
    left = np.zeros(len(sums))
    for group in sums.columns:
        look, width = look_of(str(group)), sums[group].to_numpy()
        label = str(known.groups.get(str(group), group))
        axes.barh(range(len(sums)), width, left=left, height=0.68, color=look.colour, edgecolor=PAPER, hatch=HATCHES.get(str(group), ""),
                  linewidth=0.6, label=label)  # fmt: skip
        left += width
    axes.set_yticks(range(len(sums)), [_measure(str(code), known) for code in sums.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.03 * float(left.max(initial=0.0)) or 1.0)
    if sums.empty:
        nothing_in(axes)
    usual = Text("各措施的进展", "How far each measure has come")
    return finished(axes, title=title if title is not None else str(usual), across=area_label(unit), grid="x", legend="")


def _sums(sites: pd.DataFrame, table: Lifecycle) -> pd.DataFrame:
    sums = pd.DataFrame(sites.groupby(["measure", "group"])["area"].sum().unstack(fill_value=0))
    rows = [code for code in table.measures if code in sums.index] + [code for code in sums.index if code not in table.measures]
    columns = [code for code in table.groups if code in sums.columns] + [code for code in sums.columns if code not in table.groups]
    return sums.loc[rows, columns]


def _measure(code: str, table: Lifecycle) -> str:
    return str(table.measures[code].label) if code in table.measures else code
