"""The same ground measured by other methods, one table of them: to explain a difference, never for the record.

Each method takes geometries in degrees on CGCS2000 (EPSG:4490) and gives m². What tells them apart is what an edge between two
corners is (straight in which plane, or on the ellipsoid) and how true to area the plane is. ``docs/areas.md`` shows one site by all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import get_ident
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Proj

from .ellipsoid import ZONE_DEGREES, Floats, Integers, lonlat_ring_sums_m2
from .geometry import (
    Geometries,
    area_of_record_m2,
    areal_only,
    by_rings_m2,
    ground_area_m2,
    in_degrees,
    measurable,
    to_plane,
    zone_of,
)
from .text import Text


def geodesic_area_m2(geometries: Sequence[object] | Geometries, *, ellipsoid: str = "GRS80") -> Floats:
    """The area inside geodesic edges, each the shortest way between its corners on the ellipsoid.

    The rings are measured by `pyproj.Geod`, which is kept for it and not written anew here; GRS80 is CGCS2000's ellipsoid. A ring
    may lie around a pole or across the antimeridian, its longitudes within 180° or not: it is the smaller of its two sides.

    Parameters
    ----------
    geometries
        Shape (n,), polygons or multipolygons in degrees, any ring direction; ``None`` and empty give 0.
    ellipsoid
        A name that PROJ knows.

    Returns
    -------
    Shape (n,), m², not rounded.

    Examples
    --------
    >>> around_the_pole = shapely.Polygon([(0, 89), (90, 89), (180, 89), (270, 89)])
    >>> geodesic_area_m2([around_the_pole, None], ellipsoid="WGS84").round(0).tolist()
    [24952305678.0, 0.0]
    """
    geod = Geod(ellps=ellipsoid)

    def ring_areas_m2(rings: Geometries) -> Floats:
        xy_deg, counts = shapely.get_coordinates(rings), shapely.get_num_coordinates(rings)
        found = [geod.polygon_area_perimeter(*ring.T)[0] for ring in np.split(xy_deg, np.cumsum(counts)[:-1])]
        return np.array(found[: len(rings)], dtype=np.float64)

    return by_rings_m2(np.asarray(geometries, dtype=object), ring_areas_m2)


def lonlat_area_m2(geometries: Sequence[object] | Geometries) -> Floats:
    """The area on the ellipsoid inside edges that are straight in longitude and latitude: shape (n,), m², exact.

    Examples
    --------
    >>> lonlat_area_m2([shapely.box(105, 25, 105.01, 25.01)]).round(2).tolist()
    [1118208.78]
    """

    def ring_areas_m2(rings: Geometries) -> Floats:
        xy_deg, ring = shapely.get_coordinates(rings, return_index=True)
        longitude, latitude = np.radians(xy_deg).T
        return lonlat_ring_sums_m2(longitude, latitude, ring, count=len(rings))

    return by_rings_m2(np.asarray(geometries, dtype=object), ring_areas_m2)


def neighbour_zone_of(geometries: Geometries) -> Integers:
    """The 3-degree zone that lies nearest beside a geometry's own: the one to the east if its middle lies east of the meridian."""
    zone = zone_of(geometries)
    return zone + np.where(_middle_deg(geometries) > zone * ZONE_DEGREES, 1, -1)


def utm_zone_of(geometries: Geometries) -> Integers:
    """The UTM zone in which the middle of each geometry lies (48 is 102-108° E)."""
    return (np.floor((_middle_deg(geometries) + 180) / 6).astype(np.intp) % 60) + 1


def _middle_deg(geometries: Geometries) -> Floats:
    bounds = shapely.bounds(geometries)
    return np.asarray(np.nan_to_num((bounds[:, 0] + bounds[:, 2]) / 2), dtype=np.float64)


def _zone_by_zone(geometries: Geometries, zones: Integers, area_m2: Callable[[Geometries, int], Floats]) -> Floats:
    areas = np.zeros(len(geometries))
    for zone in np.unique(zones):
        areas[zones == zone] = area_m2(geometries[zones == zone], int(zone))
    return areas


def _plane_edges_m2(geometries: Geometries) -> Floats:
    return _zone_by_zone(geometries, zone_of(geometries), lambda shapes, zone: ground_area_m2(to_plane(shapes, zone)))


def _planar_m2(geometries: Geometries) -> Floats:
    return _zone_by_zone(geometries, zone_of(geometries), _gauss_krueger_m2)


def _neighbour_planar_m2(geometries: Geometries) -> Floats:
    return _zone_by_zone(geometries, neighbour_zone_of(geometries), _gauss_krueger_m2)


def _gauss_krueger_m2(geometries: Geometries, zone: int) -> Floats:
    return _flat_m2(to_plane(geometries, zone))


def _utm_m2(geometries: Geometries) -> Floats:
    return _zone_by_zone(
        geometries, utm_zone_of(geometries), lambda shapes, zone: _projected_m2(shapes, f"+proj=utm +zone={zone} +ellps=WGS84")
    )


ALBERS = "+proj=aea +lat_0=0 +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80"
"""Equal-area as Chinese offices draw the country: parallels 25° and 47°, meridian 105°; on CGCS2000's ellipsoid it keeps areas."""
WEB_MERCATOR = "+proj=merc +a=6378137 +b=6378137"  # EPSG:3857


def _projected_m2(geometries: Geometries, definition: str) -> Floats:
    def project(xy_deg: Floats) -> Floats:
        return np.column_stack(_projection(definition, get_ident())(*xy_deg.T))

    return _flat_m2(np.asarray(shapely.transform(geometries, project), dtype=object))


def _flat_m2(planar: Geometries) -> Floats:
    there = shapely.is_missing(planar)
    return np.where(there, 0.0, shapely.area(planar))


@lru_cache(maxsize=16)
def _projection(definition: str, thread: int) -> Proj:  # noqa: ARG001 - a PROJ object is good for one thread alone
    return Proj(definition)


class Method(NamedTuple):
    """One way to measure: its name, its label, what it measures and why it differs, and the function that does it."""

    name: str
    label: Text
    why: Text
    area_m2: Callable[[Geometries], Floats]
    goes_anywhere: bool = False
    """Whether it also measures what no zone can hold: a ring around a pole or across the antimeridian."""


METHODS = (
    Method(
        "record",
        Text("记载面积", "area of record"),
        Text(
            "椭球面积，按 TD/T 1055 附录D：边在高斯平面上取直，每 70 米内加点。验收和补助只用它。",
            "On the ellipsoid by TD/T 1055 annex D: edges straight in the Gauss-Krüger plane, points every 70 m. The only one of record.",
        ),
        area_of_record_m2,
    ),
    Method(
        "plane_edges",
        Text("不加点的椭球面积", "same edges, no points"),
        Text(
            "边与记载面积相同，只是不加点、精确求积；差别是规程两点之间略去的部分，25° 处每 70 米边不到 0.0032 平方米。",
            "The same edges measured exactly: off by what the procedure leaves out between its points, under 0.0032 m² for 70 m at 25°.",
        ),
        _plane_edges_m2,
    ),
    Method(
        "geodesic",
        Text("大地线边的椭球面积", "geodesic edges"),
        Text(
            "椭球面积，边取两点间最短的线（大地线）；短边几乎不差，几公里长的边才看得出。",
            "On the ellipsoid, edges the shortest way between corners: the same for short edges, not for some of kilometres.",
        ),
        geodesic_area_m2,
        goes_anywhere=True,
    ),
    Method(
        "lonlat",
        Text("经纬度直线边的椭球面积", "edges straight in lon/lat"),
        Text(
            "椭球面积，边在经纬度图上取直；东西向的长边会向赤道一侧偏，边越长差得越多。",
            "On the ellipsoid, edges straight in degrees: long edges from east to west lie nearer to the equator.",
        ),
        lonlat_area_m2,
    ),
    Method(
        "plane",
        Text("高斯平面面积（本带）", "plane, its own zone"),
        Text(
            "CAD、GIS 在 3 度带平面上量的；比椭球面积大 (y/R)²，y 是到中央经线的距离：30 公里约 0.002%，150 公里约 0.055%。",
            "What CAD or GIS measures in the 3-degree plane: larger by (y/R)², y from the meridian: 0.002 % at 30 km, 0.055 % at 150 km.",
        ),
        _planar_m2,
    ),
    Method(
        "neighbour_plane",
        Text("高斯平面面积（邻带）", "plane, neighbouring zone"),
        Text(
            "用错了带：到邻带的中央经线更远，(y/R)² 更大，280 公里约 0.2%。",
            "The wrong zone: its meridian is further off, and (y/R)² larger: 0.2 % at 280 km.",
        ),
        _neighbour_planar_m2,
    ),
    Method(
        "equal_area",
        Text("等积投影（阿尔伯斯）", "equal-area (Albers)"),
        Text(
            "阿尔伯斯投影（25°、47°、105°）不改变面积，只是边在图上取直，与大地线略有不同。",
            "Albers (25°, 47°, 105°) keeps areas; its straight edges are a little off the ground's.",
        ),
        lambda geometries: _projected_m2(geometries, ALBERS),
    ),
    Method(
        "utm",
        Text("UTM 平面面积", "UTM plane"),
        Text(
            "UTM 中央经线的比例是 0.9996，面积少 0.08%，离中央经线 180 公里处才与椭球面积相等。",
            "UTM's scale is 0.9996 on its meridian, so areas are 0.08 % short there, and right only some 180 km off.",
        ),
        _utm_m2,
    ),
    Method(
        "web_mercator",
        Text("网络墨卡托（不能用）", "Web Mercator (never)"),
        Text(
            "网络地图的投影，按 1/cos² 纬度放大：25° 处的面积大 22%，不能用来算面积。",
            "The web maps' projection swells areas by 1/cos² of the latitude, 22 % at 25°: never measure in it.",
        ),
        lambda geometries: _projected_m2(geometries, WEB_MERCATOR),
    ),
)
"""Every method, the one of record first; what the others give is for explanation only."""


def areas_by_method(geometries: Sequence[object] | Geometries) -> pd.DataFrame:
    """Each geometry's area by every one of `METHODS`, and how far it is from the area of record.

    Parameters
    ----------
    geometries
        Shape (n,), polygons or multipolygons in degrees on CGCS2000 (EPSG:4490); ``None`` and empty have 0 m².

    Returns
    -------
    DataFrame
        A row a geometry and method, in their order: ``position`` (the geometry's, from 0), ``method``, ``area_m2``,
        ``difference_m2`` and ``difference_pct`` (from the record; NaN where that is 0). What is 3° wide or more no zone holds:
        it has NaN by every method but ``geodesic``.

    Raises
    ------
    BadRequest
        A coordinate that is no longitude or latitude.

    Examples
    --------
    >>> found = areas_by_method([shapely.box(105.2, 25.09, 105.21, 25.1)]).set_index("method")
    >>> found.loc[["record", "utm", "web_mercator"], "difference_pct"].round(2).tolist()
    [0.0, -0.08, 22.46]
    """
    degrees = areal_only(in_degrees(geometries))
    record_m2 = area_of_record_m2(degrees)
    is_wide = ~(measurable(degrees) | shapely.is_missing(degrees) | shapely.is_empty(degrees))
    narrow = degrees.copy()
    narrow[is_wide] = None
    tables = []
    for method in METHODS:
        area_m2 = method.area_m2(degrees) if method.goes_anywhere else np.where(is_wide, np.nan, method.area_m2(narrow))
        tables.append(pd.DataFrame({"position": np.arange(len(degrees)), "method": method.name, "area_m2": area_m2}))
    found = pd.concat(tables).sort_values("position", kind="stable", ignore_index=True)
    base = np.where(is_wide | (record_m2 == 0), np.nan, record_m2)[found["position"]]
    difference_m2 = found["area_m2"] - base
    return found.assign(difference_m2=difference_m2, difference_pct=difference_m2 / base * 100)


class Shape(NamedTuple):
    """What a geometry's area depends on beside the method: where it lies, and what it is drawn of."""

    zone: int
    central_meridian_deg: int
    neighbour_zone: int
    utm_zone: int
    vertices: int
    parts: int
    holes: int
    longest_edge_m: float


def shape_of(geometry: shapely.Geometry) -> Shape:
    """The zones of a polygon or multipolygon, and its corners, parts, holes and longest edge (in the plane of its zone).

    Examples
    --------
    >>> shape_of(shapely.box(105.0, 25.0, 105.01, 25.01))[:7]
    (35, 105, 36, 48, 4, 1, 0)
    """
    one = np.array([geometry], dtype=object)
    zone = int(zone_of(one)[0])
    parts = shapely.get_parts(one)
    xy_m, ring = shapely.get_coordinates(shapely.get_rings(to_plane(parts, zone)), return_index=True)
    edges_m = np.hypot(*np.diff(xy_m, axis=0).T)[ring[1:] == ring[:-1]]
    return Shape(
        zone=zone,
        central_meridian_deg=zone * ZONE_DEGREES,
        neighbour_zone=int(neighbour_zone_of(one)[0]),
        utm_zone=int(utm_zone_of(one)[0]),
        vertices=len(edges_m),
        parts=len(parts),
        holes=int(shapely.get_num_interior_rings(parts).sum()),
        longest_edge_m=float(edges_m.max(initial=0.0)),
    )
