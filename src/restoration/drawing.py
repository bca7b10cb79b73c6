"""A project to its map file: the sites of a day, their histories up to it, and the outline of the district."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
SERVICES = "basemaps.toml"
"""An office's own services of basemaps are looked for beside the project file."""
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
    basemaps: Sequence[str] = (),
    images: Sequence[Path] = (),
    review_no: str = "",
    tell: Callable[[Text], object] | None = None,
) -> Path:
    """Write the map of a project as one HTML file that opens with no network, but for a basemap that is a service.

    Parameters
    ----------
    outline
        A file of polygons; if not given, one of `OUTLINES` beside the project, if there is one.
    public
        Leave out what only the office may see.
    basemaps
        Names of services, addresses, files of tiles (`maps.basemap`), the first of them shown.
    images
        GeoTIFFs over the basemap and under the sites.
    review_no
        The number under which the map was reviewed (审图号).
    tell
        Is given what whoever makes the map should know: where it is, what it needs, what its basemaps are.

    Raises
    ------
    BadRequest, CannotWrite, FileRefused
        ``out`` is not to be a page; it cannot be written; the outline or a basemap cannot be read, or a key is missing.
    """
    _require_page(out)
    beside = [project.path.parent / name for name in OUTLINES]
    found = outline or next((path for path in beside if path.is_file() and path.name != project.path.name), None)
    sites = project.sites(as_of=as_of, clock=clock)
    own = project.path.parent / SERVICES
    under: list[maps.Basemap] = [maps.basemap(word, sites=sites, own=own if own.is_file() else None) for word in basemaps]
    under += [maps.image(path, sites=sites) for path in images]
    made = maps.build(
        sites,
        histories=project.ledger.histories(),  # what is later than the day is left out by the map
        title=title or project.ledger.about().get("title") or None,
        as_of=as_of,
        clock=clock,
        outline=_polygons(found) if found else None,
        public=public,
        basemaps=under,
        review_no=review_no,
        table=project.table,
    )
    needs_network = any(each.references() for each in under)
    saved = maps.save(made, out, allow_outside=needs_network)
    if tell is not None:
        opens = Text("底图要联网", "its basemap needs the network") if needs_network else Text("可断网打开", "opens with no network")
        tell(Text(f"地图：{saved}（{opens.zh}）", f"Map: {saved} ({opens.en})"))
        for line in dict.fromkeys(line for each in under for line in each.told):
            tell(line)
    return saved


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
