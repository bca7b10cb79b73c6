"""From the sites frame to a figure of one sheet."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.figure import Figure

from .. import lifecycle
from ..datums import in_degrees_of_ours
from ..errors import UnknownName
from ..frame import as_frame
from ..geometry import Geometries, areal_only, in_degrees, is_finite, kept_where, measurable
from ..lifecycle import Lifecycle
from ..maps.facts import Clock
from ..maps.legend import legend_of
from ..maps.sheet_words import made_line, review_line
from ..maps.words import CLOCK, DEFAULT_TITLE, WORDS, as_of_line
from ..model import today
from ..text import Text, visible
from .frame_lines import draw_frame, map_axes
from .ground import draw_district, draw_graticule, draw_sites
from .labels import Crowd, draw_banner, draw_towns
from .layout import Said, draw_emptiness, draw_side, draw_texts, map_place
from .lettering import lettering_for
from .plane import planar, window_of
from .sheet import blank, our_style


def figure(
    sites: gpd.GeoDataFrame,
    *,
    title: Text | str | None = None,
    as_of: date | None = None,
    clock: Clock = "field",
    outline: gpd.GeoDataFrame | None = None,
    layer: str | None = None,
    public: bool = False,
    table: Lifecycle | None = None,
    size: str = "A4",
    office: str = "",
    review_no: str = "",
    made_on: date | None = None,
) -> Figure:
    """One sheet with the map of sites and its legend, in the present language, true to scale at its printed size.

    The map is drawn in the Gauss-Krüger plane of the 3-degree zone in which the middle of the ground lies. Its axes (label ``map``)
    are in metres of that plane, easting without the zone in front, so that more can be drawn on them; the axes of the sheet (label
    ``sheet``) are in mm. No column is shown that the frame does not call public, and no name of a site.

    Parameters
    ----------
    sites
        The sites frame, or any polygons with the columns ``measure`` and ``status`` (`restoration.frame.conform`).
    title
        What stands above the map.
    as_of, clock
        The day that the frame shows, and by which clock; nothing is filtered.
    outline
        The boundary of the county or the working area, in any CRS.
    layer
        Only the sites of this layer: its code or its name.
    public
        A map for others: without a review number it says that it needs one before publication.
    size
        ``A4`` or ``A3``, across.
    office, review_no
        制图单位 and 审图号; a map without a number is marked as internal.
    made_on
        The day on which the map is made; today if not given.

    Raises
    ------
    BadRequest
        The frame lacks a needed column or its CRS; the outline has no CRS and is not in degrees.
    UnknownName
        A measure, status, layer, clock or size that is not known.
    MissingExtra
        A text is in Chinese and no Chinese font is installed.

    Examples
    --------
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> [axes.get_label() for axes in figure(sites).axes]
    ['sheet', 'map']
    """
    known = table or lifecycle.table()
    if clock not in CLOCK:
        raise UnknownName(Text("时间口径", "clock"), clock, CLOCK)
    code = _layer_code(layer, known)
    frame = as_frame(sites, table=known)
    frame = cast(gpd.GeoDataFrame, frame[frame["layer"] == code].reset_index(drop=True)) if code else frame
    made, reviewed = made_on or today(), visible(review_no).strip()
    when = as_of_line((as_of or made).isoformat(), clock, present=as_of is None)
    said = Said(
        title=str(title if title is not None else DEFAULT_TITLE),
        as_of=f"{known.layers[code]} · {when}" if code else str(when),
        made=str(made_line(office, made)),
        mark="" if reviewed else str(WORDS["internal"]),
        review=str(review_line(reviewed)) if reviewed else str(WORDS["review"]) if public else "",
    )
    legend = legend_of(frame, table=known)
    with our_style():
        return _drawn(frame, outline, said, legend, known, size)


def _layer_code(layer: str | None, table: Lifecycle) -> str:
    """The code of the layer that is meant; ``""`` for all of them."""
    if layer is None:
        return ""
    code = next((code for code, label in table.layers.items() if layer.strip() in (code, label.zh, label.en)), None)
    if code is None:
        raise UnknownName(Text("图层", "layer"), layer, [f"{code} {label}" for code, label in table.layers.items()])
    return code


def _drawn(
    sites: gpd.GeoDataFrame, outline: gpd.GeoDataFrame | None, said: Said, legend: dict[str, Any], table: Lifecycle, size: str
) -> Figure:
    labels = [row["label"] for name in ("layers", "measures", "groups") for row in legend[name]]
    sheet = blank(size, lettering_for([*said, *labels, str(WORDS["task"])]))
    sheet.figure.set_label(sheet.lettering.plain(said.title))
    place, (shapes, district) = map_place(sheet), (_drawable(sites.geometry), _district(outline))
    ground = np.r_[shapes[~shapely.is_missing(shapes)], district]
    window = window_of(ground, width_mm=place.width, height_mm=place.height)
    in_plane, boundary = planar(shapes, window.zone), planar(district, window.zone)
    axes = map_axes(sheet, place, window)
    draw_graticule(axes, window)
    draw_district(axes, boundary, window)
    marked = draw_sites(axes, sites, in_plane, window, groups=list(table.groups), layers=list(table.layers))
    draw_frame(sheet, place, window)
    crowd = Crowd(place, window, in_plane, boundary)
    if sites["is_sample"].any():
        draw_banner(sheet, crowd)
    draw_towns(sheet, crowd, sites)
    if sites.empty:
        draw_emptiness(sheet, place)
    draw_texts(sheet, said, window)
    draw_side(sheet, window, legend, has_outline=bool(len(district)), marked=marked, unseen=int(shapely.is_missing(in_plane).sum()))
    return sheet.figure


def _drawable(geometries: gpd.GeoSeries) -> Geometries:
    """What is polygons in degrees, and nothing in the place of the rest."""
    shapes = areal_only(np.asarray(geometries.array, dtype=object))
    return kept_where(measurable(shapes) & ~shapely.is_empty(shapes), shapes)


def _district(outline: gpd.GeoDataFrame | None) -> Geometries:
    if outline is None:
        return np.zeros(0, dtype=object)
    degrees = (in_degrees_of_ours(outline) if outline.crs is not None else outline).geometry.array
    shapes = areal_only(in_degrees(np.asarray(degrees, dtype=object)))
    return shapes[is_finite(shapes) & ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)]
