"""Frames as charts, in the colours of the maps: each a function of a frame that gives matplotlib's ``Axes`` (the extra ``figure``).

They are loaded when first asked for, because matplotlib is an extra.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..figures import require_matplotlib

if TYPE_CHECKING:
    from .canvas import save_chart
    from .clocks import closures
    from .months import progress_over_time
    from .plantings import survival
    from .shared_ground import overlap_matrix
    from .statuses import status_by_measure
    from .steps import waterfall

__all__ = ["closures", "overlap_matrix", "progress_over_time", "save_chart", "status_by_measure", "survival", "waterfall"]


_WHERE = {
    "closures": "clocks",
    "overlap_matrix": "shared_ground",
    "progress_over_time": "months",
    "save_chart": "canvas",
    "status_by_measure": "statuses",
    "survival": "plantings",
    "waterfall": "steps",
}
"""Where each chart lives; no module is called as a chart, or it would stand in its place once it is imported."""


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_matplotlib()
    found = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
