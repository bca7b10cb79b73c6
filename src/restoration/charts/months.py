"""How what is done grows month by month towards what was planned."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from ..figures.sheet import SOFT
from ..style import look_of
from ..text import Text
from .canvas import MARKERS, area_label, areas_in, canvas, finished, need, nothing_in

LINES: Mapping[str, tuple[Text, str]] = {
    "task_m2": (Text("上图", "mapped"), "under_way"),
    "qualified_m2": (Text("核实合格", "qualified"), "awaiting"),
    "accepted_m2": (Text("已验收", "accepted"), "accepted"),
}
"""The areas that are drawn, where the frame has them, and the display group whose colour each has."""

MOST_MARKERS = 24
"""So many or fewer months of a line have a marker."""


def progress_over_time(months: pd.DataFrame, *, unit: str = "mu", title: str | None = None, ax: Axes | None = None) -> Axes:
    """Areas at the end of each month, and the target that they go towards as a dashed line.

    Parameters
    ----------
    months
        As `Records.progress_by_month` gives it: ``day`` (ISO text) and ``accepted_m2``, one row a day; where they are there also
        ``task_m2``, ``qualified_m2`` and ``target_m2``. Rows of several groups are added up:
        choose the measures that have a target before.
    unit, title, ax
        As in `status_by_measure`.

    Raises
    ------
    BadRequest
        The frame lacks ``day`` or ``accepted_m2``.
    UnknownName, MissingExtra

    Examples
    --------
    >>> frame = pd.DataFrame({"day": ["2021-01-31", "2021-02-28"], "accepted_m2": [0.0, 10_000.0], "target_m2": [30_000.0, 30_000.0]})
    >>> [line.get_ydata().tolist() for line in progress_over_time(frame, unit="ha").lines]
    [[0.0, 1.0], [3.0, 3.0]]
    """
    need(months, ("day", "accepted_m2"), of=Text("进展图", "The chart of progress"))
    axes = canvas(ax)
    names = [name for name in (*LINES, "target_m2") if name in months.columns]
    sums = months.groupby("day", sort=True)[names].sum(min_count=1)
    days = pd.to_datetime(sums.index).to_pydatetime()
    for place, name in enumerate(name for name in LINES if name in names):
        label, group = LINES[name]
        axes.plot(
            days,
            areas_in(sums[name], unit).to_numpy(),
            color=look_of(group).colour,
            marker=MARKERS[place],
            markersize=4,
            label=str(label),
            markevery=-(-len(days) // MOST_MARKERS),
        )
    if "target_m2" in names and sums["target_m2"].notna().any():
        axes.plot(
            days,
            areas_in(sums["target_m2"], unit).to_numpy(),
            color=SOFT,
            linestyle=(0, (5, 3)),
            linewidth=1.4,
            label=str(Text("任务（有任务的措施）", "target (where there is one)")),
        )
    if sums.empty:
        nothing_in(axes)
    axes.set_ylim(bottom=0)
    axes.tick_params(axis="x", rotation=30)
    usual = Text("离任务还有多远", "How far from the target")
    return finished(axes, title=title if title is not None else str(usual), up=area_label(unit), legend="")
