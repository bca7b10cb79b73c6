"""The sites frame as the data of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..datums import in_degrees_of_ours
from ..ellipsoid import Floats
from ..frame import WRITTEN
from ..geometry import Geometries, is_finite, kept_where
from ..lifecycle import Lifecycle
from ..model import Event
from ..overlay import Ground
from ..personal import masked_columns
from ..sharing import ground_of_sites
from ..text import language
from .changes import changes_of
from .columns import Columns, coded
from .encoding import Detail, add_rings, rings_of
from .facts import SOUGHT, Clock, add_columns, add_entries, facts_of, latest_of
from .ground import add_cells, shared_ground
from .initials import initials_of
from .legend import legend_of
from .marks import Mark, add_marks
from .packing import Pack
from .photos import Photos, add_photos
from .timeline import Past, Versions, add_past, kinds_of, past_of
from .words import WORDS


class Payload(NamedTuple):
    """What a page knows: ``head`` is its JSON, and says what is in ``packs`` (`restoration.maps.packing`), which are read after it.

    ``shapes`` holds the boundaries, whose they are (``owner``, a row of the sites) and what a site is drawn by; ``columns`` what is told of
    each site; ``events`` their last events; ``shared`` the ground that sites share; ``past`` what changed; ``outline`` the boundary of the
    district; others polygons that are no sites.
    """

    head: dict[str, Any]
    packs: dict[str, str]

    def look_at(self, shapes: Geometries, *, also_sites: bool = False) -> None:
        """Open the page where shapes (EPSG:4490) lie, if any does, rather than at all sites, or at both."""
        edges = [shapely.total_bounds(shapes)] if len(shapes) else []
        if also_sites and self.head["bounds"]:
            edges.append(np.array(self.head["bounds"]))
        found = [one for one in edges if np.isfinite(one).all()]
        if found:
            self.head["bounds"] = [*np.min(found, axis=0)[:2].tolist(), *np.max(found, axis=0)[2:].tolist()]


def payload_of(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle,
    histories: Mapping[str, Sequence[Event]],
    outline: gpd.GeoDataFrame | None,
    public: bool,
    as_of: date | None,
    clock: Clock,
    detail: Detail,
    heading: Mapping[str, str],
    changes: gpd.GeoDataFrame | None = None,
    versions: gpd.GeoDataFrame | None = None,
    marks: Sequence[Mark] | None = None,
    photos: Photos | None = None,
    attributes: Versions | None = None,
) -> Payload:
    """Everything that the page knows; every text in it is data, and personal numbers in it are masked."""
    events = latest_of(histories, sites, table=table, public=public, as_of=as_of, clock=clock, recorded=versions is not None)
    ground = ground_of_sites(sites, strict=False)  # a map shows what the frame says
    sites = masked_columns(sites, WRITTEN)
    past = past_of(sites, histories, versions, table=table, attributes=attributes) if versions is not None else None
    steps = past.steps if past else None
    facts = facts_of(sites, public=public, steps=steps)
    packs = {"shapes": Pack(), "columns": Pack(), "events": Pack(), **_packs_of_days(sites, ground, past)}
    error_m = _add_shapes(Columns(packs["shapes"], sites, steps=steps, past=packs.get("past")), sites, past, detail)
    add_columns(Columns(packs["columns"], sites, steps=steps, past=packs.get("past")), facts, table=table)
    add_entries(packs["events"], events)
    marked = _add_beside(packs, sites, marks, photos)
    bounds = _bounds_with(outline, packs, sites, detail)
    finished = {name: pack.finished() for name, pack in packs.items()}
    head = {
        "lang": language(),
        "words": {name: str(text) for name, text in WORDS.items()},
        **heading,
        "public": public,
        "sample": bool(sites["is_sample"].any()),
        "number": len(sites),
        "bounds": bounds.tolist() if np.isfinite(bounds).all() else None,
        "error_m": error_m,
        "legend": legend_of(sites, table=table, also=steps, ground=ground),
        "facts": facts,
        "towns": towns_of(sites),
        "initials": initials_of(text for name in SOUGHT for text in sites[name].unique()),
        "packs": {name: pack.about for name, pack in finished.items()},
    }
    if marked:
        head["marks"] = marked
    if past:
        head["kinds"] = kinds_of(table)
    made = Payload(head, {name: pack.text for name, pack in finished.items()})
    if changes is not None:
        head["changes"] = changes_of(changes)
        shapes = np.asarray(changes.geometry.array, dtype=object)
        add_polygons(made, "changes", shapes)
        made.look_at(shapes)
    return made


def _bounds_with(outline: gpd.GeoDataFrame | None, packs: dict[str, Pack], sites: gpd.GeoDataFrame, detail: Detail) -> Floats:
    """Where the sites lie, else where the outline does, which goes into a pack of its own."""
    bounds = np.asarray(sites.total_bounds, dtype=np.float64)
    if outline is None:
        return bounds
    degrees = _outline(outline)
    packs["outline"] = Pack()
    add_rings(packs["outline"], rings_of(degrees, detail=detail))
    return bounds if np.isfinite(bounds).all() else np.asarray(shapely.total_bounds(degrees), dtype=np.float64)


def _add_beside(
    packs: dict[str, Pack], sites: gpd.GeoDataFrame, marks: Sequence[Mark] | None, photos: Photos | None
) -> dict[str, Any] | None:
    """Photos and findings, where the map carries any; what the head says of the findings."""
    if photos is not None:
        packs["photos"] = Pack()
        add_photos(packs["photos"], photos, sites["site_id"].tolist())
    return None if marks is None else add_marks(packs, sites, marks)


def _packs_of_days(sites: gpd.GeoDataFrame, ground: Ground, past: Past | None) -> dict[str, Pack]:
    """The pack of the past, if the page has one, which columns are still to be added to; that of shared ground, if there may be."""
    packs = {"past": Pack()} if past else {}
    if past:
        add_past(packs["past"], past)
    shared = shared_ground(sites, ground, past)
    if shared is not None:
        packs["shared"] = Pack()
        add_cells(packs["shared"], shared)
    return packs


def add_polygons(payload: Payload, name: str, shapes: Geometries) -> None:
    """Add a pack of polygons that are no sites, EPSG:4490, in full; the page has them as ``store.polygons(name)``."""
    pack = Pack()
    add_rings(pack, rings_of(shapes, detail="full"))
    finished = pack.finished()
    payload.head["packs"][name] = finished.about
    payload.packs[name] = finished.text


def _add_shapes(columns: Columns, sites: gpd.GeoDataFrame, past: Past | None, detail: Detail) -> float:
    """The boundaries, older ones first, and what the drawing needs of each site; how far they may be off, metres."""
    for name in ("layer", "measure", "group"):
        columns.add_texts(name, *coded(columns.values(name)))
    for name in ("counted", "is_sample"):
        columns.add(name, columns.values(name).to_numpy(dtype=np.uint8))
    shapes, owner = np.asarray(sites.geometry.array, dtype=object), np.arange(len(sites))
    if past:
        shapes, owner = np.concatenate([past.older, shapes]), np.concatenate([past.owner, owner])
    made = rings_of(shapes, detail=detail)
    columns.pack.add("owner", owner)
    add_rings(columns.pack, made)
    return made.error_m


def towns_of(sites: gpd.GeoDataFrame) -> list[list[Any]]:
    """Each town's name and the middle of its sites (by area, degrees), the largest first."""
    shapes = np.asarray(sites.geometry.array, dtype=object)
    middle = shapely.centroid(kept_where(~shapely.is_empty(shapes) & is_finite(shapes), shapes))
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


def _outline(outline: gpd.GeoDataFrame) -> Geometries:
    degrees = in_degrees_of_ours(outline) if outline.crs is not None else outline
    return np.asarray(degrees.geometry.array, dtype=object)
