"""A geospatial ecological-restoration tracker: files in, a ledger that keeps them, areas that add up, one offline map.

For analysts, who say ``import restoration as rs``: open a project with `open` and take its frames, or `read` a file, or bring any
GeoDataFrame; `areas`, `overlaps`, `check`, `map`, `figure` and the `charts` take each of them. The names below are loaded when first
used, so that importing the package is quick; docs/reference.md lists them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import charts, figures, maps, sample
    from .analysis import (
        Records,
        Site,
        Table,
        against_targets,
        area_m2,
        areas,
        bridge,
        check,
        check_results,
        closing,
        conform,
        figure,
        inside,
        map,  # noqa: A004 - the words for it, as in rasterio and fiona
        mine_states,
        overlap_statement,
        overlaps,
        progress,
        read,
        repairs,
        to_parquet,
        totals,
    )
    from .analysis import open_records as open  # noqa: A004
    from .errors import DataWarning, RestorationError
    from .geometry import area_of_record_m2
    from .methods import areas_by_method
    from .overlay import land_area_m2
    from .project import Project
    from .readers import read as read_layers
    from .tally import net_rules
    from .terrain import surface_areas
    from .text import Text, speaking
    from .units import in_unit

__version__ = "0.1.0"

__all__ = [
    "DataWarning",
    "Project",
    "Records",
    "RestorationError",
    "Site",
    "Table",
    "Text",
    "against_targets",
    "area_m2",
    "area_of_record_m2",
    "areas",
    "areas_by_method",
    "bridge",
    "charts",
    "check",
    "check_results",
    "closing",
    "conform",
    "figure",
    "figures",
    "in_unit",
    "inside",
    "land_area_m2",
    "map",
    "maps",
    "mine_states",
    "net_rules",
    "open",
    "overlap_statement",
    "overlaps",
    "progress",
    "read",
    "read_layers",
    "repairs",
    "sample",
    "speaking",
    "surface_areas",
    "to_parquet",
    "totals",
]

_WHERE = {
    "DataWarning": "errors.DataWarning",
    "Project": "project.Project",
    "Records": "analysis.Records",
    "RestorationError": "errors.RestorationError",
    "Site": "analysis.Site",
    "Table": "analysis.Table",
    "Text": "text.Text",
    "against_targets": "analysis.against_targets",
    "area_m2": "analysis.area_m2",
    "area_of_record_m2": "geometry.area_of_record_m2",
    "areas": "analysis.areas",
    "areas_by_method": "methods.areas_by_method",
    "bridge": "analysis.bridge",
    "check": "analysis.check",
    "check_results": "analysis.check_results",
    "closing": "analysis.closing",
    "conform": "analysis.conform",
    "figure": "analysis.figure",
    "in_unit": "units.in_unit",
    "inside": "analysis.inside",
    "land_area_m2": "overlay.land_area_m2",
    "map": "analysis.map",
    "mine_states": "analysis.mine_states",
    "net_rules": "tally.net_rules",
    "open": "analysis.open_records",
    "overlap_statement": "analysis.overlap_statement",
    "overlaps": "analysis.overlaps",
    "progress": "analysis.progress",
    "read": "analysis.read",
    "read_layers": "readers.read",
    "repairs": "analysis.repairs",
    "speaking": "text.speaking",
    "surface_areas": "terrain.surface_areas",
    "to_parquet": "analysis.to_parquet",
    "totals": "analysis.totals",
}
"""Where each public name lives."""
_ROOMS = ("charts", "figures", "maps", "sample")
"""Rooms that are public as they are."""


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room, _, there = _WHERE[name].rpartition(".")
    found = getattr(import_module(f".{room}", __name__), there)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
