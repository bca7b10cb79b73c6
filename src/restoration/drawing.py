"""A project to its map file: the sites of a day, their histories up to it, and the outline of the district."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd

from . import maps, readers
from .model import Event
from .project import Project
from .store import Clock, recorded_until

OUTLINES = ("outline.geojson", "outline.gpkg", "outline.shp", "outline.kml")
"""An outline that lies beside the project file is drawn without asking."""


def draw(
    project: Project,
    out: Path,
    *,
    as_of: date | None = None,
    clock: Clock = "field",
    title: str | None = None,
    outline: Path | None = None,
    public: bool = False,
) -> Path:
    """Write the map of a project as one HTML file that opens with no network.

    Parameters
    ----------
    outline
        A file of polygons; if not given, one of `OUTLINES` beside the project, if there is one.
    public
        Leave out what only the office may see.

    Raises
    ------
    CannotWrite, FileRefused
    """
    found = outline or next((path for name in OUTLINES if (path := project.path.parent / name).is_file()), None)
    made = maps.build(
        project.sites(as_of=as_of, clock=clock),
        histories=_histories(project, as_of, clock),
        title=title or project.ledger.about().get("title") or None,
        as_of=as_of,
        clock=clock,
        outline=_polygons(found) if found else None,
        public=public,
        table=project.table,
    )
    return maps.save(made, out)


def _histories(project: Project, as_of: date | None, clock: Clock) -> dict[str, list[Event]]:
    """What was known on that day: nothing later may show on the map."""
    every = project.ledger.histories()
    if as_of is None:
        return every
    until = recorded_until(as_of)
    told = {
        site: [event for event in history if (event.happened_on <= as_of if clock == "field" else event.recorded_at < until)]
        for site, history in every.items()
    }
    return {site: history for site, history in told.items() if history}


def _polygons(path: Path) -> gpd.GeoDataFrame:
    layers, _ = readers.read(path)
    return layers[0].rows
