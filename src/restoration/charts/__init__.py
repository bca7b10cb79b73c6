"""Frames as charts, in the colours of the maps: each a function of a frame that gives matplotlib's ``Axes`` (the extra ``figure``).

They are loaded when first asked for, because matplotlib is an extra.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..figures import require_matplotlib

if TYPE_CHECKING:
    from .closures import closures
    from .overlap_matrix import overlap_matrix
    from .progress_over_time import progress_over_time
    from .status_by_measure import status_by_measure
    from .survival import survival
    from .waterfall import waterfall

__all__ = ["closures", "overlap_matrix", "progress_over_time", "status_by_measure", "survival", "waterfall"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_matplotlib()
    found = getattr(import_module(f".{name}", __name__), name)
    globals()[name] = found
    return found
