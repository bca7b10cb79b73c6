"""From the sites frame to a `folium.Map`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import folium
import geopandas as gpd
import numpy as np

from .. import lifecycle
from ..errors import BadRequest, UnknownName
from ..frame import as_frame
from ..lifecycle import Lifecycle
from ..model import Event, today
from ..text import Text
from .basemaps import Backdrop, Basemap
from .encoding import Detail
from .facts import Clock
from .marks import Mark
from .page import Page
from .payload import Payload, payload_of
from .photos import Photos
from .printing import sheet_of
from .sheet_words import SHEET_WORDS
from .sites_layer import Dataset, Panel, SitesLayer
from .timeline import Versions
from .words import CLOCK, DEFAULT_TITLE, as_of_line, preview_line

MAX_ZOOM = 20
Map = folium.Map
"""What `build` makes, for the signatures of other rooms."""


def build(
    sites: gpd.GeoDataFrame,
    *,
    histories: Mapping[str, Sequence[Event]] | None = None,
    title: Text | str | None = None,
    as_of: date | None = None,
    clock: Clock = "field",
    outline: gpd.GeoDataFrame | None = None,
    public: bool = False,
    detail: Detail = "auto",
    basemaps: Sequence[Basemap] = (),
    review_no: str = "",
    office: str = "",
    table: Lifecycle | None = None,
    changes: gpd.GeoDataFrame | None = None,
    versions: gpd.GeoDataFrame | None = None,
    marks: Sequence[Mark] | None = None,
    photos: Photos | None = None,
    attributes: Versions | None = None,
) -> folium.Map:
    """One map of sites, in the present language, that needs nothing outside its own page.

    Parameters
    ----------
    sites
        The sites frame, or any polygons with the columns ``measure`` and ``status`` (`restoration.frame.conform`).
        Areas are those of the column ``area_m2``.
    histories
        Events by ``site_id``; the last ten known on the day are told with a site.
    title
        What stands above the legend.
    as_of, clock
        The day that the frame shows, and by which clock; nothing is filtered but the events.
    outline
        The boundary of the county or the working area, in any CRS.
    public
        Leave out of the file every column that the frame does not call public, and of an event all but day, kind and status.
    detail
        How far a drawn boundary may be from the true one, metres (0.1 to 100), or ``full``: every point of it. ``auto`` is full up to
        250 000 points in all, then 2 m. What two sites share stays shared. No area comes from what is drawn.
    basemaps
        What may lie under the sites (`maps.basemap`, `maps.image`), the first of them shown; with a service among them, `save` needs
        ``allow_outside``.
    review_no
        The number under which the map was reviewed (审图号), shown on it.
    office
        Who makes the map (制图单位), for the sheet that the page prints.
    table
        The lifecycle that names measures and statuses; the built-in one if not given.
    changes
        What an import would change, drawn over the sites (`maps.changes`): the map is then a preview, and says so.
    versions
        Every version of the boundaries (`maps.timeline.past_of`): with it, and the whole ``histories``, a slider shows any day.
    marks
        Findings of the checks that stand with the sites: told with a site, and to filter by. Not for a public map.
    photos
        Photos of sites (`maps.site_photos`), shown with a site. Not for a public map: there may be people on them.
    attributes
        Of sites that were renamed or moved to another town, every version, by ``site_id`` and number (`maps.timeline.past_of`).

    Raises
    ------
    BadRequest
        Findings or photos on a public map; the frame lacks a needed column or its CRS; ``detail`` is none of these.
    UnknownName
        A measure, a status or a clock that is not known.

    Returns
    -------
    folium.Map
        One `SitesLayer` a layer of the lifecycle; other folium layers may be added. `save` writes it.

    Examples
    --------
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> [layer.code for layer in build(sites)._children.values() if type(layer).__name__ == "SitesLayer"]
    ['reforestation']
    """
    payload, bounds = data_of(
        sites,
        histories=histories or {},
        title=title,
        as_of=as_of,
        clock=clock,
        outline=outline,
        public=public,
        detail=detail,
        table=table,
        changes=changes,
        versions=versions,
        marks=marks,
        photos=photos,
        attributes=attributes,
        printed={"office": office, "review_no": review_no},
    )
    made = drawn(payload, bounds)
    if basemaps or review_no:
        made.add_child(Backdrop(basemaps, review_no=review_no))
    return made


def require_for_office(*, public: bool, carries: bool) -> None:
    """Refuse a map for others that is to carry findings or photos.

    Examples
    --------
    >>> require_for_office(public=False, carries=True)
    """
    if public and carries:
        raise BadRequest(
            Text("对外的地图不带检查问题和照片。", "A map for others carries no findings and no photos."),
            Text("请去掉 --public，或去掉 --findings、--photos。", "Leave out --public, or --findings and --photos."),
        )


def data_of(
    sites: gpd.GeoDataFrame,
    *,
    histories: Mapping[str, Sequence[Event]],
    title: Text | str | None = None,
    as_of: date | None = None,
    clock: Clock = "field",
    outline: gpd.GeoDataFrame | None = None,
    public: bool = False,
    detail: Detail = "auto",
    table: Lifecycle | None = None,
    changes: gpd.GeoDataFrame | None = None,
    versions: gpd.GeoDataFrame | None = None,
    marks: Sequence[Mark] | None = None,
    photos: Photos | None = None,
    attributes: Versions | None = None,
    printed: Mapping[str, str] | None = None,
) -> tuple[Payload, list[list[float | None]]]:
    """The data of a page, which prints a sheet if ``printed`` is given, and its extent as folium has it; else as `build`."""
    known = table or lifecycle.table()
    require_for_office(public=public, carries=marks is not None or photos is not None)
    if clock not in CLOCK:
        raise UnknownName(Text("时间口径", "clock"), clock, CLOCK)
    frame = as_frame(sites, table=known)
    heading = {
        "title": str(title if title is not None else DEFAULT_TITLE),
        "as_of": str(
            preview_line(today().isoformat())
            if changes is not None
            else as_of_line((as_of or today()).isoformat(), clock, present=as_of is None)
        ),
    }
    payload = payload_of(
        frame,
        table=known,
        histories=histories,
        outline=outline,
        public=public,
        as_of=as_of,
        clock=clock,
        detail=detail,
        heading=heading,
        changes=changes,
        versions=versions,
        marks=marks,
        photos=photos,
        attributes=attributes,
    )
    payload.head["sheet_words"] = {name: str(text) for name, text in SHEET_WORDS.items()}
    if printed is not None and changes is None:
        payload.head["print"] = sheet_of(frame, printed)
    return payload, _bounds(frame)


def drawn(payload: Payload, bounds: list[list[float | None]]) -> folium.Map:
    """A map with the layers and the panel that the data of a page speak of."""
    dataset = Dataset(payload, bounds)
    layers = [SitesLayer(dataset, code=layer["code"], label=layer["label"]) for layer in payload.head["legend"]["layers"]]
    made = _bare_map()
    for element in (*layers, Panel(dataset, layers)):
        made.add_child(element)
    return made


def _bare_map() -> folium.Map:
    """A folium map without tiles on a page of ours, whose links to other people's servers are gone."""
    made = folium.Map(tiles=None, zoom_control=False, zoom_snap=0.5, max_zoom=MAX_ZOOM, fade_animation=False)
    # On the instance: folium's lists belong to the class, and a change there would change every other map.
    made.default_js, made.default_css = [], []
    Page().add_child(made)
    return made


def _bounds(frame: gpd.GeoDataFrame) -> list[list[float | None]]:
    """The frame's extent as folium has it: south-west, north-east, latitude first."""
    west, south, east, north = (float(edge) for edge in frame.total_bounds)
    if not np.isfinite([west, south, east, north]).all():
        return [[None, None], [None, None]]
    return [[south, west], [north, east]]
