"""A figure to one file: png, pdf or svg, the same bytes for the same figure, and never half written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from ..data import builtin
from ..errors import BadRequest, UnknownName
from ..naming import replace_file
from ..text import Text
from .sheet import our_style

ENDINGS = (".png", ".pdf", ".svg")
_CREATOR = "restoration"
MM_PER_INCH = 25.4


def save(figure: Figure, path: str | Path, *, dpi: int | None = None, cut_mm: float = 0.0) -> Path:
    """Write a figure as the kind of file that its ending says.

    In PDF and SVG the texts are text, which can be searched and copied; an SVG names its fonts and does not hold them.

    Parameters
    ----------
    path
        ``.png``, ``.pdf`` or ``.svg``; a file that is there is replaced in one step.
    dpi
        Of a PNG: dots per inch, 300 if not given.
    cut_mm
        So much of each edge of the sheet is left out; what is left keeps its size on paper.

    Raises
    ------
    UnknownName
        The ending is none of these.
    BadRequest
        The dpi are out of bounds.
    CannotWrite
        The folder is missing or read-only, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Figure(figsize=(2, 2)), Path(folder, "a.svg")).name
    'a.svg'
    """
    path = Path(path)
    require_savable(path, dpi=dpi)
    content, ending = io.BytesIO(), path.suffix.lower()
    usual = int(builtin("figure")["dots_per_inch"]["usual"])
    width, height = figure.get_size_inches()
    cut = cut_mm / MM_PER_INCH
    kept = Bbox.from_extents(cut, cut, width - cut, height - cut) if cut_mm else None
    with our_style():
        figure.savefig(content, format=ending[1:], dpi=dpi or usual, metadata=_about(figure)[ending], bbox_inches=kept)
    replace_file(path, content.getvalue())
    return path


def require_savable(path: Path, *, dpi: int | None = None) -> None:
    """A figure takes the place of the file that is there, so that it must not be a project or a layer; nor have dpi out of bounds.

    Raises
    ------
    UnknownName, BadRequest

    Examples
    --------
    >>> require_savable(Path("map.pdf"), dpi=300)
    """
    bounds = builtin("figure")["dots_per_inch"]
    if dpi is not None and not bounds["least"] <= dpi <= bounds["most"]:
        raise BadRequest(
            Text(f"分辨率 {dpi} 不行。", f"{dpi} dots per inch will not do."),
            Text(f"请给 {bounds['least']} 到 {bounds['most']} 之间的数。", f"Give a number from {bounds['least']} to {bounds['most']}."),
        )
    if path.suffix.lower() not in ENDINGS:
        raise UnknownName(Text("图件类型", "kind of figure"), path.suffix or path.name, ENDINGS)


def _about(figure: Figure) -> dict[str, dict[str, Any]]:
    """What a file says of itself, by its ending: no day and no version, so that the same map is the same bytes."""
    title = str(figure.get_label())
    return {
        ".png": {"Software": None, "Title": None},
        ".pdf": {"Title": title, "Creator": _CREATOR, "Producer": _CREATOR, "CreationDate": None},
        ".svg": {"Title": title, "Creator": [_CREATOR], "Date": None},
    }
