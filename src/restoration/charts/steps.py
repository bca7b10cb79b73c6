"""Why a total changed: the opening, a step for each line, the closing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pandas as pd
from matplotlib.axes import Axes

from ..figures.sheet import INK, PAPER
from ..style import look_of
from ..tally import LINES
from ..text import Text
from ..units import DIGITS, rounded
from .canvas import SMALL_PT, area_label, areas_in, canvas, finished, need, nothing_in

LOOKS = {"total": ("under_way", ""), "more": ("accepted", "//"), "less": ("rectifying", "\\\\")}
"""The display group whose colour a bar has, and its hatch, which says the same without colour."""
SMALL = 0.2
"""Steps that are less than this share of the total are drawn on an axis that does not begin at nought, which is said."""


def waterfall(lines: pd.DataFrame, *, unit: str = "mu", title: str | None = None, ax: Axes | None = None) -> Axes:
    """A bar a line, in the order of the frame: the first is the opening, the last the closing, each between begins where the last ended.

    Parameters
    ----------
    lines
        A frame with ``line`` and ``area_m2``: totals at both ends, changes between, below nought what was taken off. ``Bridge.whole`` is
        one; a line that no bridge has stands by its own name.
    unit, title, ax
        As in `status_by_measure`.

    Raises
    ------
    BadRequest
        The frame lacks one of the columns.
    UnknownName, MissingExtra

    Examples
    --------
    >>> frame = pd.DataFrame({"line": ["opening", "new", "cancelled", "closing"], "area_m2": [50_000.0, 20_000.0, -10_000.0, 60_000.0]})
    >>> [(float(bar.get_y()), float(bar.get_height())) for bar in waterfall(frame, unit="ha").patches]
    [(0.0, 5.0), (5.0, 2.0), (7.0, -1.0), (0.0, 6.0)]
    """
    need(lines, ("line", "area_m2"), of=Text("变化图", "The waterfall"))
    axes = canvas(ax)
    sizes = areas_in(lines["area_m2"], unit).tolist()
    last = len(sizes) - 1
    starts = [0.0 if at in (0, last) else start for at, start in enumerate([0.0, *accumulate(sizes)][: len(sizes)])]
    for at, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        _draw(axes, at, start, size, is_total=at in (0, last), digits=DIGITS[unit])
        if at < last:
            axes.plot([at - 0.31, at + 1.31], [start + size] * 2, color=INK, linewidth=0.8)
    axes.set_xticks(range(len(sizes)), [str(LINES.get(str(line), line)) for line in lines["line"]])
    cut = _bounded(axes, starts, sizes)
    if not sizes:
        nothing_in(axes)
    usual = Text("总数为什么变了", "Why the total changed")
    return finished(axes, title=title if title is not None else str(usual), up=area_label(unit), across=cut)


def _draw(axes: Axes, at: int, start: float, size: float, *, is_total: bool, digits: int) -> None:
    group, hatch = LOOKS["total" if is_total else "more" if size >= 0 else "less"]
    axes.bar(at, size, bottom=start, width=0.62, color=look_of(group).colour, edgecolor=PAPER, hatch=hatch, linewidth=0.6)
    sign = "" if is_total or size < 0 else "+"
    said = f"{sign}{rounded(size, digits)}".replace("-", "−")
    axes.annotate(
        said, (at, max(start, start + size)), (0, 3), ha="center", va="bottom", textcoords="offset points", color=INK, fontsize=SMALL_PT
    )


def _bounded(axes: Axes, starts: list[float], sizes: list[float]) -> str:
    """Set the ends of the axis, and say it where it does not begin at nought."""
    levels = [level for start, size in zip(starts, sizes, strict=True) for level in ({start, start + size} if start else {start + size})]
    bottom, top = _ends(levels or [0.0])
    axes.set_ylim(bottom, top)
    return str(Text("纵轴不从 0 开始", "the axis does not begin at 0")) if bottom > 0 else ""


def _ends(levels: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis with bars that begin or end at these levels: from nought, but where the steps would then be too small to see."""
    low, high = min(levels), max(levels)
    span = high - low
    bottom = low - span if 0 < span < SMALL * low else min(low, 0.0)
    return bottom, high + 0.1 * (high - bottom or 1.0)
