"""What the page needs to print a sheet: sizes of paper, scales, the plane to draw in, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np

from ..data import builtin
from ..ellipsoid import ZONE_DEGREES
from ..geometry import kept_where, zone_of
from ..model import today
from . import sheet_words as words


def sheet_of(sites: gpd.GeoDataFrame, printed: Mapping[str, str]) -> dict[str, Any]:
    """The page's ``print``: everything in it is a plain value or a text in the present language.

    Parameters
    ----------
    sites
        The sites frame, EPSG:4490; the sheet is drawn in the Gauss-Krüger plane of the zone in which their middle lies.
    printed
        ``office`` and ``review_no`` as the window that makes a sheet first shows them.
    """
    known, zone = builtin("figure"), zone_on_paper(sites)
    return {
        "words": _legend_words(),
        "papers": {name: paper for name, paper in known["paper"].items() if name != "source"},
        "scales": known["ready"]["scales"],
        "steps": known["scale"]["steps"],
        "least": known["scale"]["least"],
        "dpi": known["dots_per_inch"]["usual"],
        "zone": zone,
        "plane": str(words.plane_line(zone)),
        "made": str(words.made_line("", today())),
        "made_on": today().isoformat(),
        **printed,
    }


def zone_on_paper(sites: gpd.GeoDataFrame) -> int:
    """The zone of the middle site; of the office's own ground if no site has any."""
    shapes = np.asarray(sites.geometry.array, dtype=object)
    zones = np.sort(zone_of(kept_where(~(sites.geometry.is_empty | sites.geometry.isna()).to_numpy(), shapes)))
    zones = zones[zones != 0]
    home = builtin("crs")["envelope"]
    return int(zones[len(zones) // 2]) if len(zones) else round((home["west"] + home["east"]) / 2 / ZONE_DEGREES)


def _legend_words() -> dict[str, str]:
    named = {
        "legend": words.LEGEND, "number": words.NUMBER, "whole": words.WHOLE, "outline": words.OUTLINE, "grid_north": words.GRID_NORTH,
        "marked": words.MARKED, "m": words.UNITS["m"], "km": words.UNITS["km"],
    }  # fmt: skip
    return {name: str(text) for name, text in named.items()}
