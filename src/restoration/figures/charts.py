"""Charts for a report: areas by measure and status, and progress month by month; in the colours and hatches of the maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..lifecycle import Lifecycle
from ..style import look_of
from ..text import Text
from ..units import LABEL, in_unit
from .lettering import Lettering, lettering_for
from .saving import save
from .sheet import INK, PAPER, RULE, our_style

HATCHES = {"accepted": "", "closed": "xx", "awaiting": "//", "under_way": "\\\\", "rectifying": "..", "not_started": "--", "other": "++"}
"""What says a group without its colour."""
_LINES = {
    "task_m2": (Text("措施面积", "task area"), "under_way", "-"),
    "accepted_m2": (Text("已验收面积", "accepted area"), "accepted", "--"),
}


def save_status_chart(rows: pd.DataFrame, path: Path, *, table: Lifecycle) -> Path:
    """Areas of each measure by display group, one bar a measure.

    Parameters
    ----------
    rows
        ``measure``, ``group``, ``task_m2`` (`tally.totals` by both).
    """
    measures = [code for code in table.measures if code in set(rows["measure"])]
    groups = [code for code in table.groups if code in set(rows["group"])]
    names = [str(table.measures[code].label) for code in measures]
    letters = lettering_for([*names, *(str(table.groups[code]) for code in groups), str(LABEL["mu"])])
    with our_style():
        figure, axes = _axes(1.1 + 0.42 * len(measures))
        sums = rows.pivot_table(index="measure", columns="group", values="task_m2", aggfunc="sum").reindex(measures)
        left = np.zeros(len(measures))
        for code in groups:
            wide = in_unit(1.0, "mu") * sums[code].fillna(0).to_numpy()
            look = look_of(code)
            axes.barh(
                range(len(measures)), wide, left=left, height=0.62, color=look.colour, edgecolor=PAPER, linewidth=0.6,
                hatch=HATCHES.get(code, "oo"), hatchcolor=PAPER, label=letters.plain(str(table.groups[code])),
            )  # fmt: skip
            left = left + wide
        axes.set_yticks(range(len(measures)), [letters.plain(name) for name in names], fontproperties=letters.font(9))
        axes.invert_yaxis()
        return _finished(figure, axes, letters, path, along="x")


def save_progress_chart(months: pd.DataFrame, path: Path) -> Path:
    """Task and accepted areas at the end of each month.

    Parameters
    ----------
    months
        ``day``, ``task_m2``, ``accepted_m2`` (`Project.progress_by_month`).
    """
    letters = lettering_for([*(str(label) for label, _, _ in _LINES.values()), str(LABEL["mu"])])
    with our_style():
        figure, axes = _axes(2.6)
        for name, (label, group, dash) in _LINES.items():
            levels = in_unit(1.0, "mu") * months[name].to_numpy(dtype=float)
            axes.plot(
                range(len(months)),
                levels,
                color=look_of(group).colour,
                ls=dash,
                lw=2,
                drawstyle="steps-post",
                label=letters.plain(str(label)),
            )
        every = max(1, len(months) // 8)
        axes.set_xticks(range(0, len(months), every), [str(day)[:7] for day in months["day"]][::every], fontproperties=letters.font(8.5))
        axes.set_ylim(bottom=0)
        return _finished(figure, axes, letters, path, along="y")


def _axes(inches: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.7, inches), facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _finished(figure: Figure, axes: Axes, letters: Lettering, path: Path, *, along: str) -> Path:
    (axes.set_xlabel if along == "x" else axes.set_ylabel)(letters.plain(str(LABEL["mu"])), fontproperties=letters.font(9))
    axes.ticklabel_format(axis="x" if along == "x" else "y", style="plain", useOffset=False)
    axes.grid(axis="x" if along == "x" else "y", color=RULE, lw=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=8.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.legend(prop=letters.font(8.5), frameon=False, loc="outside upper left", ncols=7)
    return save(figure, path, dpi=200)
