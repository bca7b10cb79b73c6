"""Which groups of sites share ground with which, and how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .. import lifecycle, tally
from ..figures.sheet import INK, PAPER, RULE
from ..lifecycle import Lifecycle
from ..tally.area import columns_of
from ..text import Text
from ..units import LABEL, rounded
from .canvas import SMALL_PT, areas_in, canvas, finished, need, nothing_in


def overlap_matrix(
    pairs: pd.DataFrame,
    *,
    by: str = "measure",
    unit: str = "mu",
    title: str | None = None,
    table: Lifecycle | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The ground that groups share, pair by pair of groups; noise along edges is left out. On the diagonal a group overlaps itself.

    Parameters
    ----------
    pairs
        As `overlaps` gives them: ``measure`` and ``other_measure`` (or those of another ``by``), ``area_m2``, ``kind`` and ``verdict``.
    by
        A word of `tally.BY`.
    unit, title, table, ax
        As in `status_by_measure`.

    Raises
    ------
    BadRequest
        The frame lacks one of the columns.
    UnknownName, MissingExtra

    Examples
    --------
    >>> pair = {"measure": "a", "other_measure": "b", "area_m2": 20_000.0, "kind": "overlap", "verdict": "suspicious"}
    >>> [text.get_text() for text in overlap_matrix(pd.DataFrame([pair]), unit="ha").texts]
    ['2.00']
    """
    (name,) = columns_of([by])
    need(pairs, (name, f"other_{name}", "area_m2", "kind", "verdict"), of=Text("重叠矩阵", "The overlap matrix"))
    known = table or lifecycle.table()
    shared = tally.matrix(pairs, by=by)
    groups = list(dict.fromkeys([*shared[name], *shared[f"other_{name}"]]))
    order = [code for code in known.measures if code in groups] + sorted((one for one in groups if one not in known.measures), key=str)
    axes = canvas(ax, wide=1.6 + 1.05 * max(len(order), 3), high=1.2 + 0.75 * max(len(order), 3))
    grid = np.full((len(order), len(order)), np.nan)
    place = {code: row for row, code in enumerate(order)}
    for one, other, area in zip(shared[name], shared[f"other_{name}"], areas_in(shared["shared_m2"], unit), strict=True):
        low, high = sorted((place[one], place[other]))
        grid[high, low] = area
    _draw(axes, grid)
    labels = [str(known.measures[code].label) if code in known.measures else str(code) or "—" for code in order]
    axes.set_xticks(range(len(order)), labels, rotation=30, ha="right")
    axes.set_yticks(range(len(order)), labels)
    if not order:
        nothing_in(axes)
    usual = Text(f"重叠的面积（{LABEL[unit].zh}）", f"Ground that is shared ({LABEL[unit].en})")
    return finished(axes, title=title if title is not None else str(usual), grid="")


def _draw(axes: Axes, grid: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    most = np.nanmax(grid, initial=0.0)
    colours = colormaps["YlOrBr"]
    count = len(grid)
    for row in range(count):
        for column in range(row + 1):
            area = grid[row, column]
            share = 0.0 if np.isnan(area) or most == 0 else 0.1 + 0.7 * area / most
            axes.add_patch(_square(column, row, colours(share) if share else PAPER))
            if share:
                axes.text(column, row, rounded(area, 2), ha="center", va="center", color=PAPER if share > 0.6 else INK, fontsize=SMALL_PT)
    axes.set(xlim=(-0.5, max(count, 1) - 0.5), ylim=(max(count, 1) - 0.5, -0.5))
    axes.tick_params(length=0)


def _square(column: int, row: int, colour: Any) -> Rectangle:
    return Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, edgecolor=RULE, linewidth=0.8)
