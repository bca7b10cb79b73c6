"""Why a total changed, as a waterfall: the opening, a step for each line, the closing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..style import look_of
from ..tally import LINES, Bridge
from ..text import Text
from ..units import DIGITS, LABEL, in_unit, rounded
from .lettering import Lettering, lettering_for
from .saving import require_savable, save
from .sheet import INK, PAPER, RULE, SOFT, our_style

LOOKS = {"total": ("under_way", ""), "more": ("accepted", "//"), "less": ("rectifying", "\\\\")}
"""The display group whose colour a bar has, and its hatch, which says the same without colour."""


def save_waterfall(bridge: Bridge, path: Path, *, title: str, when: str, unit: str = "mu") -> Path:
    """Draw the whole of a bridge and write it as the kind of file that its ending says; the file that is there is replaced.

    Parameters
    ----------
    title, when
        What it is about, and of which days.
    unit
        The unit of the bars.

    Raises
    ------
    UnknownName, CannotWrite, MissingExtra
    """
    require_savable(path)
    with our_style():
        return save(_drawn(bridge, title, when, unit), path, dpi=200)


class _Bar(NamedTuple):
    line: str
    start: float
    height: float

    @property
    def is_total(self) -> bool:
        return self.line in ("opening", "closing")


def _bars(bridge: Bridge, unit: str) -> list[_Bar]:
    """The opening from nought, each step from where the one before it ends, the closing from nought."""
    records = bridge.whole.set_index("line")["area_m2"].to_dict()
    steps = [name for name in LINES if name in records and name not in ("opening", "closing")]
    sizes = [in_unit(records.get(name, 0.0), unit) for name in ("opening", *steps)]
    starts = [0.0, *accumulate(sizes)][: len(sizes)]
    bars = [_Bar(name, start, size) for name, start, size in zip(("opening", *steps), starts, sizes, strict=True)]
    return [*bars, _Bar("closing", 0.0, in_unit(records.get("closing", 0.0), unit))]


def _drawn(bridge: Bridge, title: str, when: str, unit: str) -> Figure:
    bars = _bars(bridge, unit)
    bottom, top = bounds([level for bar in bars for level in (bar.start + bar.height, *([] if bar.is_total else [bar.start]))])
    cut = str(Text("纵轴不从 0 开始", "the axis does not begin at 0")) if bottom > 0 else ""
    letters = lettering_for([title, when, cut, *(str(LINES[bar.line]) for bar in bars), str(LABEL[unit])])
    figure = Figure(figsize=(297 / 25.4, 167 / 25.4), facecolor=PAPER)
    FigureCanvasAgg(figure)
    figure.set_label(title)
    axes = figure.add_axes((0.08, 0.10, 0.89, 0.74))
    for at, bar in enumerate(bars):
        _draw(axes, at, bar, letters, unit)
        if at < len(bars) - 1:
            level = bar.start + bar.height
            axes.plot([at - 0.31, at + 1.31], [level, level], color=INK, lw=0.8)
    axes.set_ylim(bottom, top)
    axes.set_xticks(range(len(bars)), [letters.plain(str(LINES[bar.line])) for bar in bars], fontproperties=letters.font(10))
    axes.set_ylabel(letters.plain(str(LABEL[unit])), fontproperties=letters.font(10))
    axes.ticklabel_format(axis="y", style="plain", useOffset=False)
    axes.grid(axis="y", color=RULE, lw=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.text(0.08, 0.93, letters.plain(title), fontproperties=letters.font(15, bold=True), color=INK)
    figure.text(0.08, 0.885, letters.plain(f"{when}    {cut}"), fontproperties=letters.font(9), color=SOFT)
    return figure


def bounds(levels: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis with bars that begin or end at these levels: from nought, but where the steps would then be too small to see."""
    low, high = min(levels), max(levels)
    span = high - low
    bottom = low - span if 0 < span < SMALL * low else min(low, 0.0)
    return bottom, high + 0.1 * (high - bottom or 1.0)


SMALL = 0.2
"""Steps that are less than this share of the total are drawn on an axis that does not begin at nought, which is said."""


def _draw(axes: Axes, at: int, bar: _Bar, letters: Lettering, unit: str) -> None:
    group, hatch = LOOKS["total" if bar.is_total else "more" if bar.height >= 0 else "less"]
    colour = look_of(group).colour
    axes.bar(at, bar.height, bottom=bar.start, width=0.62, color=colour, edgecolor=colour, hatch=hatch, hatchcolor=PAPER, linewidth=0.8)
    sign = "" if bar.is_total or bar.height < 0 else "+"
    said = f"{sign}{rounded(bar.height, DIGITS[unit])}".replace("-", "−")
    axes.annotate(
        said, (at, max(bar.start, bar.start + bar.height)), (0, 3), ha="center", va="bottom", textcoords="offset points",
        fontproperties=letters.font(9), color=INK,
    )  # fmt: skip
