"""A project to its map file: the sites of a day, their histories up to it, and the outline of the district."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd

from . import maps, readers
from .errors import BadRequest, FileRefused
from .project import Project
from .store import Clock, is_project
from .text import Text

OUTLINES = ("outline.geojson", "outline.gpkg", "outline.shp", "outline.kml")
"""An outline that lies beside the project file is drawn without asking."""
PAGES = (".html", ".htm")


def draw(
    project: Project,
    out: Path,
    *,
    as_of: date | None = None,
    clock: Clock = "field",
    title: str | None = None,
    outline: Path | None = None,
    public: bool = False,
    detail: maps.Detail = "auto",
) -> Path:
    """Write the map of a project as one HTML file that opens with no network.

    Parameters
    ----------
    outline
        A file of polygons; if not given, one of `OUTLINES` beside the project, if there is one.
    public
        Leave out what only the office may see.
    detail
        How far a drawn boundary may be from the true one (`maps.build`).

    Raises
    ------
    BadRequest, CannotWrite, FileRefused
        ``out`` is not to be a page; it cannot be written; the outline cannot be read.
    """
    _require_page(out)
    beside = [project.path.parent / name for name in OUTLINES]
    found = outline or next((path for path in beside if path.is_file() and path.name != project.path.name), None)
    made = maps.build(
        project.sites(as_of=as_of, clock=clock),
        histories=project.ledger.histories(),  # what is later than the day is left out by the map
        title=title or project.ledger.about().get("title") or None,
        as_of=as_of,
        clock=clock,
        outline=_polygons(found) if found else None,
        public=public,
        detail=detail,
        table=project.table,
    )
    return maps.save(made, out)


def _require_page(out: Path) -> None:
    """A map takes the place of the file that is there, so that it must not be a project or a layer."""
    if out.suffix.lower() not in PAGES:
        raise BadRequest(
            Text(f"地图文件 {out} 的后缀应是 .html。", f"The map {out} should end in .html."),
            Text("请写成例如 map.html；没有写出文件。", "Write it as map.html; nothing was written."),
        )


def _polygons(path: Path) -> gpd.GeoDataFrame:
    if path.suffix.lower() == ".gpkg" and path.is_file() and is_project(path):
        raise FileRefused(
            Text(f"{path} 是本软件的项目文件，不是区界。", f"{path} is a project of this program, no outline."),
            Text("请给出只有区界面的文件。", "Name a file of polygons."),
        )
    layers, _ = readers.read(path)
    return layers[0].rows
