"""The axes that a chart is drawn on: fonts that have the texts, the maps' colours, and no settings of the caller's changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as Label

from ..errors import BadRequest, UnknownName
from ..figures.lettering import Lettering, lettering_for
from ..figures.saving import save
from ..figures.sheet import INK, PAPER, RULE, SOFT, our_style
from ..style import look_of
from ..text import Text
from ..units import LABEL, UNITS, in_unit

SIZE_PT, SMALL_PT = 10.0, 8.5
SERIES = ("under_way", "rectifying", "accepted", "awaiting", "other", "closed", "not_started")
"""The groups whose colours lines of any meaning take, in turn."""
MARKERS = "osD^vPX"
HATCHES = {"accepted": "", "closed": "xx", "awaiting": "//", "under_way": "\\\\", "rectifying": "..", "not_started": "--", "other": "++"}
"""What says a group without its colour."""


def canvas(ax: Axes | None, *, wide: float = 7.5, high: float = 4.0) -> Axes:
    """The axes given, or new ones of a new figure (inches)."""
    if ax is not None:
        return ax
    return pyplot.subplots(figsize=(wide, high), facecolor=PAPER, layout="constrained")[1]


def save_chart(draw: Callable[[Axes], Axes], path: str | Path, *, wide: float = 7.5, high: float = 4.0, about: str = "") -> Path:
    """Draw a chart and write it as the kind of file that its ending says, in the place of the file that is there; always the same bytes.

    Parameters
    ----------
    draw
        Draws it on the axes that it is given.
    wide, high
        Inches on paper.
    about
        What the file says that it is about.

    Raises
    ------
    UnknownName, CannotWrite

    Examples
    --------
    >>> import tempfile
    >>> from restoration import charts
    >>> lines = pd.DataFrame({"line": ["opening", "new", "closing"], "area_m2": [0.0, 20_000.0, 20_000.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_chart(lambda axes: charts.waterfall(lines, ax=axes), Path(folder, "why.png")).name
    'why.png'
    """
    with our_style():
        figure = Figure(figsize=(wide, high), facecolor=PAPER, layout="constrained")
        FigureCanvasAgg(figure)
        figure.set_label(about)
        draw(figure.add_subplot())
        return save(figure, Path(path), dpi=200)


def finished(
    axes: Axes, *, title: str, across: str = "", up: str = "", grid: Literal["x", "y", ""] = "y", legend: str | None = None
) -> Axes:
    """Title, labels and legend in fonts that have their marks; the fewest lines.

    Raises
    ------
    MissingExtra
        There is Chinese in a text, and no Chinese font is installed.
    """
    axes.set_title(title, loc="left", color=INK)
    axes.set_xlabel(across, color=SOFT)
    axes.set_ylabel(up, color=SOFT)
    axes.set_axisbelow(True)
    if grid:
        axes.grid(axis=grid, color=RULE, linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(SOFT)
    if legend is not None and axes.get_legend_handles_labels()[0]:
        axes.legend(title=legend, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _letter(axes)
    return axes


def _letter(axes: Axes) -> None:
    labels = [label for label in axes.findobj(Label) if label.get_text()]
    letters = lettering_for([label.get_text() for label in labels])
    legend = axes.get_legend()
    small = set(axes.get_xticklabels() + axes.get_yticklabels() + (legend.get_texts() if legend else []))
    for label in labels:
        label.set_parse_math(False)
        label.set_text(_plain(label.get_text(), letters))
        label.set_fontfamily(list(letters.families))
        label.set_fontsize(SMALL_PT if label in small else SIZE_PT)
    axes.title.set_fontsize(SIZE_PT + 2)
    for side in ("x", "y"):
        axes.tick_params(axis=side, labelfontfamily=list(letters.families), labelsize=SMALL_PT, colors=SOFT)


def _plain(text: str, letters: Lettering) -> str:
    return "\n".join(letters.plain(line) for line in text.split("\n"))


def colour_of(place: int) -> str:
    """The colour of the line at a place among several."""
    return look_of(SERIES[place % len(SERIES)]).colour


def need(frame: pd.DataFrame, columns: Sequence[str], *, of: Text) -> None:
    """A chart is drawn of the columns that it needs, whatever else the frame has.

    Raises
    ------
    BadRequest
        The frame lacks one; the message names it.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise BadRequest(
            Text(f"{of.zh}要用的列没有：{'、'.join(missing)}。", f"{of.en} needs columns that the frame lacks: {', '.join(missing)}."),
            Text(
                f"现有的列：{'、'.join(map(str, frame.columns))}；请改名或补上。",
                f"It has {', '.join(map(str, frame.columns))}: rename yours, or add them.",
            ),
        )


def counting(sites: pd.DataFrame) -> pd.DataFrame:
    """The sites that count: what was struck off is in no chart."""
    return sites[sites["counted"].astype("bool")] if "counted" in sites.columns else sites


def areas_in(areas_m2: pd.Series, unit: str) -> pd.Series:
    """Areas in the unit of a chart.

    Raises
    ------
    UnknownName
    """
    if unit not in UNITS:
        raise UnknownName(Text("单位", "unit"), unit, UNITS)
    return areas_m2.astype("float64").map(lambda area: in_unit(area, unit))


def area_label(unit: str) -> str:
    """What the axis of areas is called."""
    return str(Text(f"面积（{LABEL[unit].zh}）", f"area ({LABEL[unit].en})"))


def nothing_in(axes: Axes) -> None:
    """Say in the middle of the axes that there is nothing to draw."""
    axes.text(0.5, 0.5, str(Text("没有可画的数据", "nothing to draw")), transform=axes.transAxes, ha="center", va="center", color=SOFT)
