"""Areas inside a boundary: in each township, reserve, catchment or class of land, what lies in several of them, and what in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..datums import in_degrees_of_ours
from ..ellipsoid import Booleans, Floats, Integers
from ..errors import BadRequest, UnknownName
from ..frame import CRS
from ..geometry import (
    WIDEST_DEG,
    Geometries,
    area_of_record_m2,
    from_plane,
    ground_area_m2,
    in_threads,
    is_finite,
    measurable,
    polygons_only,
    to_plane,
    without_faults,
    zone_of,
)
from ..overlay import Ground, Overlaps, covered_m2, is_noise, mean_width_m, overlaps, overlaps_between, united, zone_by_zone
from ..sharing import ground_of_sites
from ..text import Text
from ..thresholds import Thresholds, thresholds

WHOLE = 1e-9
"""A site lies wholly inside if no more than this part of it is left over: what rounding makes of common edges."""
LEAST_M2 = 1e-6
"""So much less is nothing, however small the site: what coordinates of seven digits before the point can say."""
HAIR_M = 1e-6
"""Leftovers of a cut that are thinner are rounding, and are not drawn."""


class Inside(NamedTuple):
    """Areas of sites inside regions and outside all of them, m², unrounded.

    A site's area inside is that part of its area of record which its ground inside is of its ground, so that the parts of a site
    add up to its area of record, and a site that lies wholly inside has exactly that.

    * ``regions``, one row a region: ``region``, ``sites`` (number with ground in it), ``edge_sites`` (those besides that touch it by
      edge noise alone), ``task_m2`` (every site's area inside), ``land_m2`` (ground counted once), ``region_m2`` (its own area),
      ``share_pct`` (land by region).
    * ``sites``, one row a site and region that it has ground in: ``site_id``, ``region``, ``inside_m2``, ``inside_pct`` (of the site),
      ``is_edge_noise``; its geometry is that part of the site, EPSG:4490.
    * ``outside``, one row a site: ``site_id``, ``outside_m2`` (in no region), ``outside_pct``, ``is_edge_noise``.
    * ``outside_parts``, a polygon (or a site that is outside altogether) a row: ``site_id``, ``outside_m2``, ``is_edge_noise`` and the
      geometry, EPSG:4490.

    Edge noise is ground so small or thin that the two boundaries only differ in how they were drawn (the limits of S201). It is in
    every area, so that all adds up, and in no number of sites.

    ``within`` has ``sites``, ``edge_sites``, ``task_m2``, ``land_m2``, ``region_m2`` and ``share_pct`` of all regions together, what
    lies in several counted once; ``shared`` by how much the sums of the regions exceed that. ``beyond`` has ``sites``, ``edge_sites``,
    ``task_m2`` and ``land_m2`` of what lies in no region, ``whole`` of everything. ``left_out`` sites are struck off; ``groundless``
    rows of the regions are no polygons.
    """

    name: str
    regions: pd.DataFrame
    sites: gpd.GeoDataFrame
    outside: pd.DataFrame
    outside_parts: gpd.GeoDataFrame
    within: dict[str, Any]
    beyond: dict[str, Any]
    whole: dict[str, Any]
    shared: dict[str, float]
    left_out: int
    groundless: int


def inside(sites: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, *, name: str = "", limits: Thresholds | None = None) -> Inside:
    """Divide the areas of sites by regions: in each, in several, in none.

    Sites that were struck off count nowhere, as in `totals`. Only the sites that a region's edge cuts are laid over it.

    Parameters
    ----------
    sites
        The sites frame.
    regions
        Polygons in any CRS that is set. They may overlap or touch; ground under several rows of one region counts once.
    name
        The column that names the regions: rows with the same value are one. Without it all rows are one region, ``""``.
    limits
        S201 says what is edge noise; the built-in thresholds if not given.

    Raises
    ------
    UnknownName
        The regions have no such column.
    BadRequest
        The regions have no CRS, or one of them is wider than `WIDEST_DEG`.

    Examples
    --------
    >>> import shapely
    >>> from restoration.frame import conform
    >>> field, county = shapely.box(105.1, 25.1, 105.102, 25.102), shapely.box(105.101, 25.09, 105.11, 25.11)
    >>> sites = conform(gpd.GeoDataFrame({"measure": ["人工造林"], "status": ["施工中"]}, geometry=[field], crs=4490))
    >>> found = inside(sites, gpd.GeoDataFrame({"name": ["甲"]}, geometry=[county], crs=4490), name="name")
    >>> round(found.within["land_m2"]), round(found.beyond["land_m2"])
    (22347, 22347)
    """
    counted = cast(gpd.GeoDataFrame, sites[sites["counted"].to_numpy(dtype=np.bool_)].reset_index(drop=True))
    areas = _areas(regions, name)
    laid = _Laid(counted, areas, ground_of_sites(counted), (limits or thresholds()).numbers["S201"])
    held, left = _held(laid), _leftovers(laid)
    outside = pd.DataFrame(
        {
            "site_id": counted["site_id"],
            "outside_m2": laid.outside_m2,
            "outside_pct": _pct(laid.outside_m2, laid.ground.area_m2),
            "is_edge_noise": laid.is_edge_outside,
        }
    )
    rows, within, shared = _by_region(laid, held)
    beyond, whole = (
        _beyond(laid, within),
        {"sites": len(counted), "task_m2": float(laid.ground.area_m2.sum()), "land_m2": laid.ground.land_m2},
    )
    return Inside(
        name, rows, held.drop(columns="position"), outside, left, within, beyond, whole, shared, len(sites) - len(counted), areas.groundless
    )


@dataclass(frozen=True)
class _Areas:
    """Regions: their names sorted, the rows that they are made of, and those rows' single polygons."""

    names: list[str]
    shapes: Geometries
    row_region: Integers
    parts: Geometries
    part_region: Integers
    groundless: int

    @cached_property
    def pairs(self) -> Overlaps:
        return overlaps(self.parts)

    @cached_property
    def record_m2(self) -> Floats:
        """The area of each region, its rows' common ground counted once."""
        within = self.pairs.taken(self.part_region[self.pairs.first] == self.part_region[self.pairs.second])
        over_m2 = covered_m2(len(self.parts), within.second, within)
        return _sums(self.row_region, area_of_record_m2(self.shapes), self.names) - _sums(self.part_region, over_m2, self.names)

    @cached_property
    def together_m2(self) -> float:
        """The area of all regions, what several of them have counted once."""
        return float(area_of_record_m2(self.shapes).sum() - covered_m2(len(self.parts), self.pairs.second, self.pairs).sum())


def _areas(regions: gpd.GeoDataFrame, name: str) -> _Areas:
    if regions.crs is None:
        raise BadRequest(
            Text("范围没有坐标系。", "The regions have no CRS."),
            Text("请先用 set_crs 指明，例如 4490。", "Set it first, for example set_crs(4490)."),
        )
    told = _names(regions, name)
    names = sorted(set(told))
    shapes = np.asarray(in_degrees_of_ours(regions.geometry).array, dtype=object).copy()
    shapes[~_is_ground(shapes)] = None
    shapes = polygons_only(without_faults(shapes))
    is_ground = ~shapely.is_missing(shapes) & (shapely.area(shapes) > 0)
    _require_narrow(shapes[is_ground])
    place = {one: number for number, one in enumerate(names)}
    row_region = np.array([place[one] for one in told], dtype=np.intp)[is_ground]
    parts, row = shapely.get_parts(shapes[is_ground], return_index=True)
    return _Areas(names, shapes[is_ground], row_region, parts, row_region[row], int((~is_ground).sum()))


def _names(regions: gpd.GeoDataFrame, name: str) -> list[str]:
    columns = [str(column) for column in regions.columns]
    known = [column for column in columns if column != str(regions.geometry.name)]
    if name and known.count(name) != 1:
        raise UnknownName(Text("列", "column"), name, known)
    return [_told(value) for value in regions.iloc[:, columns.index(name)]] if name else [""] * len(regions)


def _told(value: Any) -> str:
    """A region's name as text: a number without a needless ``.0``, nothing for nothing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _is_ground(shapes: Geometries) -> Booleans:
    """Polygons in degrees, every coordinate a number; unlike a site's, they may be wider than a zone."""
    areal = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    with np.errstate(invalid="ignore"):
        on_earth = (np.abs(shapely.bounds(shapes)) <= (180, 90, 180, 90)).all(axis=1)  # NaN, of an empty one, is not
    return np.asarray(areal & on_earth & is_finite(shapes), dtype=np.bool_)


def _require_narrow(shapes: Geometries) -> None:
    """Half the earth has no place in the plane of one zone: its corners would fall anywhere."""
    bounds = shapely.bounds(shapes)
    width_deg = (bounds[:, 2] - bounds[:, 0]).max(initial=0.0)
    if width_deg > WIDEST_DEG:
        raise BadRequest(
            Text(f"有一个范围跨经度 {width_deg:.0f} 度，太宽了。", f"A region is {width_deg:.0f} degrees of longitude wide: too wide."),
            Text(
                f"请只取本地的部分（不超过 {WIDEST_DEG:.0f} 度），并核对坐标系。",
                f"Take its part near the sites ({WIDEST_DEG:.0f} degrees at most), and check its CRS.",
            ),
        )


@dataclass(frozen=True)
class _Laid:
    """Sites that count laid over regions; arrays without a word about their shape have one value a site."""

    sites: gpd.GeoDataFrame
    areas: _Areas
    ground: Ground
    noise: Mapping[str, float]

    @cached_property
    def shapes(self) -> Geometries:
        shapes = np.asarray(self.sites.geometry.array, dtype=object).copy()
        shapes[~measurable(shapes)] = None
        return without_faults(shapes)

    @cached_property
    def pieces(self) -> Overlaps:
        """Site (``first``) by single polygon of a region (``second``)."""
        return overlaps_between(self.shapes, self.areas.parts)

    @cached_property
    def is_edge_piece(self) -> Booleans:
        return self.noisy(self.pieces)

    def noisy(self, pieces: Overlaps) -> Booleans:
        limits = {"up_to_m2": self.noise["area_m2"], "up_to_m": self.noise["width_m"]}
        return is_noise(pieces.planar, pieces.area_m2, pieces.width_m, **limits)

    @cached_property
    def zones(self) -> Integers:
        return zone_of(self.shapes)

    @cached_property
    def ground_m2(self) -> Floats:
        """The ground of each site that has some inside, measured as the pieces are."""
        found, touched = np.zeros(len(self.shapes)), np.unique(self.pieces.first)
        found[touched] = ground_area_m2(zone_by_zone(to_plane, self.shapes[touched], self.zones[touched]))
        return found

    def share(self, site: Integers, part_m2: Floats) -> Floats:
        """What part of its site each part is: 1 where nothing but rounding is left over."""
        all_m2 = self.ground_m2[site]
        is_whole = all_m2 - part_m2 <= np.maximum(WHOLE * all_m2, LEAST_M2)
        return np.where(is_whole & (part_m2 > 0), 1.0, np.divide(part_m2, all_m2, out=np.zeros(len(site)), where=all_m2 > 0))

    @cached_property
    def share_inside(self) -> Floats:
        every = np.arange(len(self.shapes))
        return self.share(every, covered_m2(len(every), self.pieces.first, self.pieces))

    @cached_property
    def inside_m2(self) -> Floats:
        """In any region."""
        return self.ground.area_m2 * self.share_inside

    @cached_property
    def outside_m2(self) -> Floats:
        return self.ground.area_m2 - self.inside_m2

    @cached_property
    def leftovers(self) -> Overlaps:
        """What the regions leave of sites that they cut, one row a polygon (``second`` is not used)."""
        site = np.flatnonzero((self.share_inside > 0) & (self.share_inside < 1))
        place = np.full(len(self.shapes), -1)
        place[site] = np.arange(len(site))
        cut = self.pieces.taken(place[self.pieces.first] >= 0)
        inside = united(cut.planar, place[cut.first], len(site))
        whole = zone_by_zone(to_plane, self.shapes[site], self.zones[site])
        planar, owner = shapely.get_parts(polygons_only(in_threads(shapely.difference, whole, inside)), return_index=True)
        area_m2 = ground_area_m2(planar)
        width_m = mean_width_m(planar, area_m2)
        return Overlaps(site[owner], site[owner], area_m2, width_m, planar, self.zones[site][owner]).taken(width_m > HAIR_M)

    @cached_property
    def is_edge_outside(self) -> Booleans:
        """Of the sites that are cut, those that no region leaves anything of but noise."""
        real = self.leftovers.taken(~self.noisy(self.leftovers))
        has_real = np.bincount(real.first, minlength=len(self.shapes)) > 0
        return (self.share_inside > 0) & (self.outside_m2 > 0) & ~has_real

    @cached_property
    def doubled(self) -> Overlaps:
        """Ground that sites share (``first``: the one that gives it up, so that it counts once) by single polygon of a region."""
        pairs = self.ground.pairs
        found = overlaps_between(pairs.shared(), self.areas.parts, zones=pairs.zone)
        return found._replace(first=pairs.second[found.first])


def _held(laid: _Laid) -> gpd.GeoDataFrame:
    """One row a site and region, with ``position`` (of the site in the frame)."""
    pieces, region = laid.pieces, laid.areas.part_region
    key, place = np.unique(pieces.first * len(laid.areas.names) + region[pieces.second], return_inverse=True)
    site, of_region = np.divmod(key, max(len(laid.areas.names), 1))
    share = laid.share(site, covered_m2(len(key), place, pieces))
    is_real = np.bincount(place, weights=~laid.is_edge_piece, minlength=len(key)) > 0
    return gpd.GeoDataFrame(
        {
            "site_id": laid.sites["site_id"].to_numpy()[site],
            "region": np.array(laid.areas.names, dtype=object)[of_region],
            "inside_m2": laid.ground.area_m2[site] * share,
            "inside_pct": 100 * share,
            "is_edge_noise": ~is_real & (share < 1),
            "position": site,
        },
        geometry=_parts_inside(laid, site, share, place),
        crs=CRS,
    )


def _parts_inside(laid: _Laid, site: Integers, share: Floats, place: Integers) -> Geometries:
    found = laid.shapes[site]
    cut = np.flatnonzero(share < 1)
    renumbered = np.full(len(site), -1)
    renumbered[cut] = np.arange(len(cut))
    chosen = renumbered[place] >= 0
    planar = united(laid.pieces.planar[chosen], renumbered[place[chosen]], len(cut))
    found[cut] = zone_by_zone(from_plane, planar, laid.zones[site[cut]])
    return found


def _leftovers(laid: _Laid) -> gpd.GeoDataFrame:
    left = laid.leftovers
    scale = np.divide(laid.ground.area_m2, laid.ground_m2, out=np.ones(len(laid.shapes)), where=laid.ground_m2 > 0)
    away = np.flatnonzero((laid.share_inside == 0) & ~shapely.is_missing(laid.shapes))
    site = np.r_[left.first, away]
    rows = {
        "site_id": laid.sites["site_id"].to_numpy()[site],
        "outside_m2": np.r_[left.area_m2 * scale[left.first], laid.ground.area_m2[away]],
        "is_edge_noise": np.r_[laid.noisy(left), np.zeros(len(away), dtype=np.bool_)],
    }
    order = np.argsort(site, kind="stable")
    return gpd.GeoDataFrame(rows, geometry=np.r_[left.shared(), laid.shapes[away]], crs=CRS).iloc[order].reset_index(drop=True)


def _by_region(laid: _Laid, held: gpd.GeoDataFrame) -> tuple[pd.DataFrame, dict[str, Any], dict[str, float]]:
    areas = laid.areas
    numbered = {one: number for number, one in enumerate(areas.names)}
    region, is_edge = held["region"].map(numbered).to_numpy(dtype=np.intp), held["is_edge_noise"].to_numpy(dtype=np.bool_)
    task_m2 = _sums(region, held["inside_m2"].to_numpy(), areas.names)
    rows = pd.DataFrame(
        {
            "region": pd.Series(areas.names, dtype="str"),
            "sites": _sums(region, ~is_edge, areas.names).astype(np.int64),
            "edge_sites": _sums(region, is_edge, areas.names).astype(np.int64),
            "task_m2": task_m2,
            "land_m2": np.maximum(task_m2 - _doubled_m2(laid), 0.0),
            "region_m2": areas.record_m2,
        }
    )
    site = held["position"].to_numpy()
    number, touched = len(np.unique(site[~is_edge])), len(np.unique(site))
    once_m2 = covered_m2(len(laid.shapes), laid.doubled.first, laid.doubled).sum()
    within = {
        "sites": number,
        "edge_sites": touched - number,
        "task_m2": float(laid.inside_m2.sum()),
        "land_m2": max(float(laid.inside_m2.sum() - once_m2), 0.0),
        "region_m2": areas.together_m2,
    }
    shared = {one: float(rows[one].sum() - within[one]) for one in ("task_m2", "land_m2", "region_m2")}
    share_pct = float(_pct(np.array([within["land_m2"]]), np.array([within["region_m2"]]))[0])
    return rows.assign(share_pct=_pct(rows["land_m2"].to_numpy(), areas.record_m2)), {**within, "share_pct": share_pct}, shared


def _doubled_m2(laid: _Laid) -> Floats:
    """What sites share in each region: what its task area has more than its land area."""
    doubled, names = laid.doubled, laid.areas.names
    key, place = np.unique(doubled.first * len(names) + laid.areas.part_region[doubled.second], return_inverse=True)
    return _sums(key % max(len(names), 1), covered_m2(len(key), place, doubled), names)


def _beyond(laid: _Laid, within: dict[str, Any]) -> dict[str, Any]:
    is_out = laid.outside_m2 > 0
    return {
        "sites": int((is_out & ~laid.is_edge_outside).sum()),
        "edge_sites": int(laid.is_edge_outside.sum()),
        "task_m2": float(laid.outside_m2.sum()),
        "land_m2": max(laid.ground.land_m2 - within["land_m2"], 0.0) if is_out.any() else 0.0,
    }


def _sums(owner: Integers, weights: Any, names: list[str]) -> Floats:
    return np.bincount(owner, weights=weights, minlength=len(names)).astype(np.float64)


def _pct(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(100 * part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return found
