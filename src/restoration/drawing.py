"""A project to its map file or its printed map: the sites of a day, their histories up to it, and the outline of the district."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd

from . import figures, maps, readers
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
    BadRequest, CannotWrite, FileRefused
        ``out`` is not to be a page; it cannot be written; the outline cannot be read.
    """
    _require_page(out)
    made = maps.build(
        project.sites(as_of=as_of, clock=clock),
        histories=project.ledger.histories(),  # what is later than the day is left out by the map
        title=_title(project, title),
        as_of=as_of,
        clock=clock,
        outline=_outline(project, outline),
        public=public,
        table=project.table,
    )
    return maps.save(made, out)


def draw_figure(
    project: Project,
    out: Path,
    *,
    as_of: date | None = None,
    clock: Clock = "field",
    title: str | None = None,
    outline: Path | None = None,
    layer: str | None = None,
    public: bool = False,
    size: str = "A4",
    dpi: int | None = None,
    office: str = "",
    review_no: str = "",
) -> Path:
    """Write the printed map of a project: one sheet as ``.png``, ``.pdf`` or ``.svg``.

    Parameters
    ----------
    outline
        As in `draw`.
    layer, public, size, office, review_no
        As in `figures.figure`.
    dpi
        As in `figures.save`.

    Raises
    ------
    MissingExtra
        matplotlib or a Chinese font is not installed.
    BadRequest, UnknownName, CannotWrite, FileRefused
        ``out`` is not to be a figure; a layer, a size or the dpi cannot be; it cannot be written; the outline cannot be read.
    """
    figures.require_savable(out, dpi=dpi)
    made = figures.figure(
        project.sites(as_of=as_of, clock=clock),
        title=_title(project, title),
        as_of=as_of,
        clock=clock,
        outline=_outline(project, outline),
        layer=layer,
        public=public,
        table=project.table,
        size=size,
        office=office,
        review_no=review_no,
    )
    return figures.save(made, out, dpi=dpi)


def _title(project: Project, title: str | None) -> str | None:
    return title or project.ledger.about().get("title") or None


def _outline(project: Project, named: Path | None) -> gpd.GeoDataFrame | None:
    beside = [project.path.parent / name for name in OUTLINES]
    found = named or next((path for path in beside if path.is_file() and path.name != project.path.name), None)
    return _polygons(found) if found else None


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
