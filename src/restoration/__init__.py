"""A geospatial ecological-restoration tracker: files in, a ledger that keeps them, areas that add up, one offline map.

For analysts: open a project with `open`, take its sites frame, and give that (or any frame made fit by `conform`) to `totals`,
`inside`, `check`, `progress`, `against_targets`, `maps.build` or `figures.figure`. The names below are loaded when first used, so that
importing the package is quick.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import figures, maps, sample
    from .checks import check, check_results
    from .errors import RestorationError
    from .frame import conform
    from .geometry import area_of_record_m2
    from .methods import areas_by_method
    from .overlay import land_area_m2, overlaps
    from .project import Project
    from .readers import read
    from .tally import against_targets, mine_states, net_rules, overlap_statement, totals
    from .tally.bridge import bridge
    from .tally.closing import closing
    from .tally.inside import inside
    from .tally.progress import progress
    from .terrain import surface_areas
    from .text import Text, speaking
    from .units import in_unit

__version__ = "0.1.0"

__all__ = [
    "Project",
    "RestorationError",
    "Text",
    "against_targets",
    "area_of_record_m2",
    "areas_by_method",
    "bridge",
    "check",
    "check_results",
    "closing",
    "conform",
    "figures",
    "in_unit",
    "inside",
    "land_area_m2",
    "maps",
    "mine_states",
    "net_rules",
    "open",
    "overlap_statement",
    "overlaps",
    "progress",
    "read",
    "sample",
    "speaking",
    "surface_areas",
    "totals",
]

_ROOM = {
    "Project": "project",
    "RestorationError": "errors",
    "Text": "text",
    "against_targets": "tally",
    "area_of_record_m2": "geometry",
    "areas_by_method": "methods",
    "bridge": "tally",
    "check": "checks",
    "check_results": "checks",
    "closing": "tally",
    "conform": "frame",
    "in_unit": "units",
    "inside": "tally",
    "land_area_m2": "overlay",
    "mine_states": "tally",
    "net_rules": "tally",
    "overlap_statement": "tally",
    "overlaps": "overlay",
    "progress": "tally",
    "read": "readers",
    "speaking": "text",
    "surface_areas": "terrain",
    "totals": "tally",
}
"""Where each public name lives."""
_ROOMS = ("figures", "maps", "sample")
"""Rooms that are public as they are."""


def open(path: str | Path) -> Project:  # noqa: A001 - the word for it, as in rasterio and fiona
    """A project file to read from; nothing that is called on it can write.

    Raises
    ------
    NotFound, NotAProject, Damaged, Busy
    """
    from .project import Project

    return Project.open(Path(path), read_only=True)


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _ROOM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f".{_ROOM[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
