"""Findings on a map: the sites that they are about, a mark for each that has a place, and a list beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import shapely

from .. import lifecycle
from ..lifecycle import Lifecycle
from ..model import Event
from ..text import Text
from .building import data_of, drawn
from .marks import Mark, levels
from .payload import add_polygons
from .words import FINDING_WORDS


def build_findings(
    sites: gpd.GeoDataFrame,
    marks: Sequence[Mark],
    *,
    histories: Mapping[str, Sequence[Event]] | None = None,
    refused: Sequence[shapely.Geometry] = (),
    title: Text | str = "",
    table: Lifecycle | None = None,
) -> folium.Map:
    """A map of findings, in the present language, that needs nothing outside its own page.

    Parameters
    ----------
    sites
        The sites frame of the sites that the findings are about.
    marks
        The findings; one without a place stands in the list alone.
    histories
        Events by ``site_id``, told with a site.
    refused
        Polygons that are no sites, EPSG:4490: rows of a file that were not taken.
    title
        What stands above the list.

    Raises
    ------
    BadRequest, UnknownName
        As `build`.

    Examples
    --------
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> from restoration.frame import conform
    >>> mark = Mark("S101", "error", "", False, "图形无效", "造林", "自相交", "改好再导入", (105.105, 25.105), ("1",))
    >>> build_findings(conform(sites), [mark]).get_name().startswith("map_")
    True
    """
    known = table or lifecycle.table()
    heading = Text(f"数据检查：{title}", f"Checks: {title}") if str(title) else Text("数据检查", "Checks")
    payload, bounds = data_of(sites, histories=histories or {}, title=heading, table=known)
    payload.head["words"] |= {name: str(text) for name, text in FINDING_WORDS.items()}
    payload.head["findings"] = {
        "levels": levels(),
        "marks": _told(marks, {site_id: row for row, site_id in enumerate(sites["site_id"])}),
    }
    turned_away = np.array(list(refused), dtype=object)
    if len(turned_away):
        add_polygons(payload, "refused", turned_away)
    places = [shapely.Point(mark.place) for mark in marks if mark.place]
    payload.look_at(np.array([*turned_away, *places], dtype=object), also_sites=True)
    return drawn(payload, bounds)


def _told(marks: Sequence[Mark], row: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "code": mark.code, "level": mark.level, "state": mark.state, "waived": mark.is_waived, "about": mark.about, "where": mark.where,
            "message": mark.message, "way_out": mark.way_out, "place": None if mark.place is None else [round(at, 7) for at in mark.place],
            "rows": [row[site] for site in mark.sites if site in row], "sites": list(mark.sites),
        }
        for mark in marks
    ]  # fmt: skip
