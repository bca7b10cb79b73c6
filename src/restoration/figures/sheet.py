"""A sheet of paper, millimetres from its lower left corner, and what is put on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from ..data import builtin
from ..errors import UnknownName
from ..style import Look
from ..text import Text
from .lettering import MM_PER_PT, Lettering

INK, SOFT, RULE, PAPER, GROUND, PINE, STAMP, BANNER = (
    "#1f241f", "#5f655c", "#dcd9cd", "#ffffff", "#f1efe8", "#17402f", "#8a2d1c", "#7a4b00",
)  # fmt: skip
"""The colours of the HTML map's page (``map.css``)."""
PX_PT = 0.36
"""A pixel of the HTML map is so many points of the paper: dashes, weights and textures keep their proportions."""
STYLE: dict[str, Any] = {
    "pdf.fonttype": 3,  # of CFF fonts (Noto, Source Han) the other type makes files that Acrobat refuses; both are selectable text
    "svg.fonttype": "none",
    "svg.hashsalt": "restoration",
    "pdf.compression": 9,
    "path.simplify": False,
}
"""What of matplotlib's settings a sheet goes by; all others are its defaults, whatever the caller has set."""

Side = Literal["left", "center", "right"]


def our_style() -> Any:
    """A context in which matplotlib's settings are those of a sheet."""
    return matplotlib.style.context(["default", STYLE])


@dataclass(frozen=True)
class Sheet:
    """One sheet: its size in mm, how much larger letters are than on A4, and the axes in millimetres."""

    figure: Figure
    axes: Axes
    width: float
    height: float
    unit: float
    lettering: Lettering

    def write(
        self, x: float, y: float, text: str, size: float, *, room: float, least: float = 0.75, bold: bool = False, colour: str = INK,
        side: Side = "left", turned: float = 0.0, middle: bool = False,
    ) -> None:  # fmt: skip
        """Put a text at a place, if need be smaller or cut short to have room (mm)."""
        line, size_pt = self.lettering.fitted(text, size * self.unit, room, least=least, bold=bold)
        self.axes.text(
            x, y, line, fontproperties=self.lettering.font(size_pt, bold=bold), color=colour, ha=side, parse_math=False, usetex=False,
            va="center_baseline" if middle else "baseline", rotation=turned, rotation_mode="anchor", zorder=30,
        )  # fmt: skip

    def halo(self, x: float, y: float, line: str, size: float, *, bold: bool, width_pt: float) -> None:
        """White around a plain text whose base line begins at a place."""
        outline = self.lettering.outline(line, size * self.unit, bold=bold)
        placed = outline.transformed(Affine2D().scale(MM_PER_PT).translate(x, y))
        self.axes.add_patch(PathPatch(placed, facecolor="white", edgecolor="white", lw=width_pt, joinstyle="round", alpha=0.85, zorder=29))

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, colour: str = RULE, width_pt: float = 0.4) -> None:
        """A straight line."""
        self.axes.plot([x0, x1], [y0, y1], color=colour, lw=width_pt, solid_capstyle="butt", zorder=20)

    def box(
        self, x: float, y: float, width: float, height: float, *, face: str = "none", edge: str = "none", width_pt: float = 0.4,
        zorder: float = 20,
    ) -> None:  # fmt: skip
        """A rectangle by its lower left corner."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, lw=width_pt, joinstyle="miter", zorder=zorder))


def blank(size: str, lettering: Lettering) -> Sheet:
    """An empty sheet of one of the sizes of ``data/figure.toml``, across.

    Raises
    ------
    UnknownName
    """
    papers = {name: paper for name, paper in builtin("figure")["paper"].items() if name != "source"}
    paper = next((papers[name] for name in papers if name.lower() == size.lower()), None)
    if paper is None:
        raise UnknownName(Text("纸张", "paper"), size, papers)
    width, height = float(paper["width_mm"]), float(paper["height_mm"])
    figure = Figure(figsize=(width / 25.4, height / 25.4), facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), label="sheet", zorder=2, facecolor="none")
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return Sheet(figure, axes, width, height, float(paper["letters"]), lettering)


def stroke_of(look: Look, *, px_pt: float = PX_PT) -> dict[str, Any]:
    """The line of a display group: its colour, weight and dash."""
    dash = tuple(float(length) / look.weight for length in look.dash.split())  # matplotlib counts in line widths
    return {"edgecolor": look.colour, "linewidth": look.weight * px_pt, "linestyle": (0, dash) if dash else "solid", "joinstyle": "round"}


def put(
    axes: Axes, outline: Outline, *, zorder: float, face: str = "none", alpha: float = 1.0, line: Mapping[str, Any] | None = None
) -> None:
    """A path as it is, filled by the non-zero rule, without moving the axes' limits."""
    axes.add_artist(PathPatch(outline, facecolor=face, alpha=alpha, zorder=zorder, **(line or {"linewidth": 0})))
