"""A project to its map file or its printed map: the sites of a day, their histories up to it, and the outline of the district."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np

from . import figures, maps, readers, stages
from .errors import BadRequest, FileRefused
from .findings import marks_of
from .frame import CRS
from .geometry import polygons_only
from .importing import Plan
from .project import ImportAccount, Project
from .store import Clock, is_project
from .text import Text

OUTLINES = ("outline.geojson", "outline.gpkg", "outline.shp", "outline.kml")
"""An outline that lies beside the project file is drawn without asking."""
SERVICES = "basemaps.toml"
"""An office's own services of basemaps are looked for beside the project file."""
PAGES = (".html", ".htm")
AROUND_DEG = 0.01
"""A preview shows the sites up to a kilometre around the file."""


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
    timeline: bool = False,
    findings: bool = False,
    photos: Path | None = None,
    basemaps: Sequence[str] = (),
    images: Sequence[Path] = (),
    review_no: str = "",
    office: str = "",
    tell: Callable[[Text], object] | None = None,
) -> Path:
    """Write the map of a project as one HTML file that opens with no network, but for a basemap that is a service.

    Parameters
    ----------
    outline
        A file of polygons; if not given, one of `OUTLINES` beside the project, if there is one.
    public
        Leave out what only the office may see.
    detail
        How far a drawn boundary may be from the true one (`maps.build`).
    timeline
        With a slider over the days of the history; only for the map of what is recorded, without ``as_of``.
    findings
        With what the checks find now: told with a site, and to filter by; not as of a day, and not for others.
    photos
        A folder: photos of sites by their names (`maps.site_photos`); not for others.
    basemaps
        Names of services, addresses, files of tiles (`maps.basemap`), the first of them shown.
    images
        GeoTIFFs over the basemap and under the sites.
    review_no
        The number under which the map was reviewed (审图号).
    office
        Who makes the map (制图单位), for the sheet that the page prints.
    tell
        Is given what whoever makes the map should know: where it is, what it needs, what its basemaps are.

    Raises
    ------
    BadRequest, CannotWrite, FileRefused
        ``out`` is not to be a page; it cannot be written; the outline or a basemap cannot be read, or a key is missing.
    """
    _require_page(out)
    maps.require_for_office(public=public, carries=findings or photos is not None)
    if timeline and as_of is not None:
        raise BadRequest(
            Text("带时间轴的地图画的是现状，不能再写截至日期。", "A map with a slider is of what is recorded now, not as of a day."),
            Text("请去掉 --as-of，在图上拖动时间轴。", "Leave --as-of out and move the slider on the map."),
        )
    stages.tell(Text("画地图", "Drawing the map"))
    sites = project.sites(as_of=as_of, clock=clock)
    own = project.path.parent / SERVICES
    under: list[maps.Basemap] = [maps.basemap(word, sites=sites, own=own if own.is_file() else None) for word in basemaps]
    under += [maps.image(path, sites=sites) for path in images]
    pictures = None if photos is None else maps.site_photos(photos, sites=sites)
    made = maps.build(
        sites,
        histories=project.ledger.histories(),  # what is later than the day is left out by the map
        title=_title(project, title),
        as_of=as_of,
        clock=clock,
        outline=outline_of(project, outline),
        public=public,
        detail=detail,
        versions=project.ledger.boundary_versions() if timeline else None,
        attributes=project.ledger.changed_attributes() if timeline else None,
        basemaps=under,
        review_no=review_no,
        office=office,
        table=project.table,
        marks=_marks(project, as_of) if findings else None,
        photos=pictures,
    )
    needs_network = any(each.references() for each in under)
    stages.tell(Text("写出地图", "Writing the map"))
    saved = maps.save(made, out, allow_outside=needs_network)
    if tell is not None:
        opens = Text("底图要联网", "its basemap needs the network") if needs_network else Text("可断网打开", "opens with no network")
        tell(Text(f"地图：{saved}（{opens.zh}）", f"Map: {saved} ({opens.en})"))
        for line in dict.fromkeys([*(line for each in under for line in each.told), *(pictures.told if pictures else ())]):
            tell(line)
    return saved


def _marks(project: Project, as_of: date | None) -> list[maps.Mark]:
    if as_of is not None:
        raise BadRequest(
            Text("检查只看现状，不能画在以前某一天的地图上。", "The checks look at what is recorded now, not as of a day."),
            Text("请把 --as-of 或 --findings 去掉一个。", "Leave out --as-of or --findings."),
        )
    return marks_of([(one.finding, one.state) for one in project.check()], project.table)


def preview(project: Project, account: ImportAccount, out: Path) -> Path:
    """Write the map of what an import would do: the sites near the file as they would be, and each row by its outcome.

    Parameters
    ----------
    account
        As a dry run of `Project.import_files` gives it.
    out
        The page; a preview that is there is replaced.

    Raises
    ------
    BadRequest, CannotWrite
    """
    _require_page(out)
    now, then = project.sites(), project.foreseen(account)
    changes = changes_in(account.plan, now, then)
    boxes = changes.geometry[changes.geometry.notna()].bounds
    west, south, east, north = (*boxes[["minx", "miny"]].min(), *boxes[["maxx", "maxy"]].max()) if len(boxes) else (0.0, 0.0, 0.0, 0.0)
    near = then.cx[west - AROUND_DEG : east + AROUND_DEG, south - AROUND_DEG : north + AROUND_DEG]
    title = Text(f"导入预览：{account.paths[0].name}", f"Preview of {account.paths[0].name}")
    made = maps.build(near.reset_index(drop=True), title=title, table=project.table, changes=changes)
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
        outline=outline_of(project, outline),
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


def outline_of(project: Project, named: Path | None) -> gpd.GeoDataFrame | None:
    """The boundary of the district: that of a file, else of one of `OUTLINES` beside the project; ``None`` for none.

    Raises
    ------
    FileRefused, NotFound
    """
    beside = [project.path.parent / name for name in OUTLINES]
    found = named or next((path for path in beside if path.is_file() and path.name != project.path.name), None)
    return _polygons(found) if found else None


def changes_in(plan: Plan, now: gpd.GeoDataFrame, then: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What a plan would change: columns ``kind``, ``title``, ``text`` and the geometry, as `maps.build` takes it.

    Parameters
    ----------
    now, then
        The sites frame as it is and as it would be.
    """
    before, after = (dict(zip(frame["site_id"], frame.geometry, strict=True)) for frame in (now, then))
    turned_away = _refused_shapes(plan)
    rows: list[tuple[str, str, str, object]] = []
    for told in plan.account:
        where = str(Text(f"{told.file} 第{told.row}行", f"{told.file} row {told.row}"))
        title = told.site_id or where
        text = told.why or (where if told.site_id else "")
        if told.outcome == "redrawn":
            rows.append(("before", title, where, before.get(told.site_id)))
        refused = told.outcome == "refused"
        rows.append((told.outcome, title, text, turned_away.get((told.file, told.row)) if refused else after.get(told.site_id)))
    rows.extend(("gone", site_id, "", before.get(site_id)) for site_id in plan.gone)
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("kind", "title", "text"))}
    return gpd.GeoDataFrame(columns, geometry=[row[3] for row in rows], crs=CRS)


def _refused_shapes(plan: Plan) -> dict[tuple[str, int], object]:
    """The polygons of refused rows, as far as they have one that can be drawn."""
    found: dict[tuple[str, int], object] = {}
    for part in plan.refused:
        shapes = polygons_only(np.asarray(part.geometry.array, dtype=object))
        found |= dict(zip(zip(part["source_file"], part["source_row"].tolist(), strict=True), shapes, strict=True))
    return found


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
