"""The sites frame as the data of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..frame import CRS
from ..geometry import kept_where
from ..lifecycle import Lifecycle
from ..model import Event
from ..text import language
from ..units import shown
from .encoding import encoded
from .facts import Clock, facts_of, latest_of, packed
from .legend import legend_of, thousands
from .words import WORDS


def payload_of(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle,
    histories: Mapping[str, Sequence[Event]],
    outline: gpd.GeoDataFrame | None,
    public: bool,
    as_of: date | None,
    clock: Clock,
    heading: Mapping[str, str],
) -> dict[str, Any]:
    """Everything that the page knows, ready for JSON; every text in it is data."""
    return {
        "lang": language(),
        "words": {name: str(text) for name, text in WORDS.items()},
        **heading,
        "public": public,
        "sample": bool(sites["is_sample"].any()),
        "legend": legend_of(sites, table=table),
        "sites": _sites(sites, table),
        "facts": facts_of(sites, table=table, public=public),
        "events": latest_of(histories, sites, table=table, public=public, as_of=as_of, clock=clock),
        "towns": towns_of(sites),
        "outline": encoded(_outline(outline)) if outline is not None else None,
    }


def _sites(sites: gpd.GeoDataFrame, table: Lifecycle) -> dict[str, Any]:
    """What the drawing, the search and the tooltip need of each site, column by column."""
    status = [str(table.label(code, measure)) for code, measure in zip(sites["status"], sites["measure"], strict=True)]
    codes = {name: packed(sites[name].tolist()) for name in ("layer", "measure", "group", "site_id", "source_id", "name")}
    places = {name: packed(sites[name].tolist()) for name in ("town", "village", "mine_id")}
    return {
        "number": len(sites),
        **codes,
        **places,
        "status": packed(status),
        "mu": packed([thousands(shown(float(area))) for area in sites["area_m2"]]),
        "counted": [int(counted) for counted in sites["counted"]],
        "sample": [int(sample) for sample in sites["is_sample"]],
        "shapes": encoded(np.asarray(sites.geometry.array, dtype=object)),
    }


def towns_of(sites: gpd.GeoDataFrame) -> list[list[Any]]:
    """Each town's name and the middle of its sites (by area, degrees), the largest first."""
    shapes = np.asarray(sites.geometry.array, dtype=object)
    middle = shapely.centroid(kept_where(~shapely.is_empty(shapes), shapes))
    places = pd.DataFrame({"town": sites["town"].to_numpy(), "x": shapely.get_x(middle), "y": shapely.get_y(middle)})
    places["weight"] = np.nan_to_num(sites["area_m2"].to_numpy(dtype=float))
    known = places[(places["town"] != "") & places["x"].notna() & (places["weight"] > 0)]
    return [
        [
            str(town),
            round(float(np.average(part["x"], weights=part["weight"])), 6),
            round(float(np.average(part["y"], weights=part["weight"])), 6),
        ]
        for town, part in sorted(known.groupby("town"), key=lambda pair: -pair[1]["weight"].sum())
    ]


def _outline(outline: gpd.GeoDataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    degrees = outline.to_crs(CRS) if outline.crs is not None else outline
    return np.asarray(degrees.geometry.array, dtype=object)
