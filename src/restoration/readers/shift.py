"""From an old datum (Xian80, Beijing54) to CGCS2000 with the parameters that a surveying office gives.

There are none that hold for the country, and PROJ has none at all: it would return the input unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer

from ..ellipsoid import ZONE_DEGREES, Floats
from ..errors import BadRequest
from ..geometry import Geometries, zone_of
from ..text import Text

_PLANE_METHODS = {"Transverse Mercator", "Gauss-Kruger"}
_PLANE, _HELMERT = 4, 7  # how many parameters each model has, by definition
_SECONDS_PER_RADIAN = 648_000 / np.pi
_FALSE_EASTING_M = 500_000.0  # by definition of the Gauss-Krüger zones, without the zone number


def require_shift(shift: Sequence[float]) -> None:
    """Refuse what is neither four nor seven finite numbers.

    Raises
    ------
    BadRequest
        The parameters cannot be meant.
    """
    if len(shift) not in (_PLANE, _HELMERT) or not np.isfinite(shift).all():
        raise BadRequest(
            Text(f"转换参数应为 4 个或 7 个数，给了 {len(shift)} 个。", f"A shift is four or seven numbers; {len(shift)} were given."),
            Text(
                "4 个：dx,dy（米，北、东）,旋转（秒）,尺度（ppm）；7 个：dx,dy,dz（米）,rx,ry,rz（秒）,尺度（ppm）。",
                "Four: dx,dy (m, north and east), rotation (seconds), scale (ppm); seven: dx,dy,dz (m), rx,ry,rz (seconds), scale (ppm).",
            ),
        )


def shifted(geometries: Geometries, *, source: CRS, shift: Sequence[float]) -> Geometries:
    """Geometries of an old datum in degrees on CGCS2000 (EPSG:4490, longitude first).

    Parameters
    ----------
    geometries
        Shape (n,), coordinates of ``source``, easting or longitude first.
    source
        A geographic or Gauss-Krüger CRS of the old datum.
    shift
        Four: ``dx, dy`` m, rotation in seconds, scale in ppm, applied in the Gauss-Krüger plane in the surveyors' axes
        (X north, Y east with 500 km and without the zone number):
        X' = dx + (1+m)(X cos r - Y sin r), Y' = dy + (1+m)(X sin r + Y cos r).
        Seven: ``dx, dy, dz`` m, ``rx, ry, rz`` seconds, scale ppm, position-vector rotation as in +towgs84 (EPSG method
        1033); parameters of the coordinate-frame rotation have rx, ry, rz of the other sign.

    Raises
    ------
    BadRequest
        Neither four nor seven numbers, or four for a projection that is not Gauss-Krüger.
    """
    require_shift(shift)
    return _by_plane(geometries, source, shift) if len(shift) == _PLANE else _by_helmert(geometries, source, shift)


def _by_plane(geometries: Geometries, source: CRS, shift: Sequence[float]) -> Geometries:
    dx_m, dy_m, rotation_s, scale_ppm = shift
    meridian, offset_m = _plane_of(source, geometries)
    old = Proj(_gauss_kruger(meridian, _ellipsoid(source)))
    new = Proj(_gauss_kruger(meridian, "+ellps=GRS80"))
    turn, scale = rotation_s / _SECONDS_PER_RADIAN, 1 + scale_ppm * 1e-6

    def move(xy: Floats) -> Floats:
        east, north = old(xy[:, 0], xy[:, 1]) if source.is_geographic else (xy[:, 0] - offset_m, xy[:, 1])
        moved_north = dx_m + scale * (north * np.cos(turn) - east * np.sin(turn))
        moved_east = dy_m + scale * (north * np.sin(turn) + east * np.cos(turn))
        return np.column_stack(new(moved_east, moved_north, inverse=True))

    return cast(Geometries, np.asarray(shapely.transform(geometries, move), dtype=object))


def _gauss_kruger(meridian: float, ellipsoid: str) -> str:
    return f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={_FALSE_EASTING_M} +y_0=0 {ellipsoid} +units=m"


def _ellipsoid(source: CRS) -> str:
    shape = source.ellipsoid
    return f"+a={shape.semi_major_metre} +rf={shape.inverse_flattening}" if shape else "+ellps=GRS80"


def _plane_of(source: CRS, geometries: Geometries) -> tuple[float, float]:
    """The central meridian, degrees, and the zone number in the eastings, m."""
    if source.is_geographic:
        zones = zone_of(geometries[~shapely.is_missing(geometries)])
        return float(np.median(zones)) * ZONE_DEGREES, 0.0
    operation = source.coordinate_operation
    if operation is None or operation.method_name not in _PLANE_METHODS:
        raise BadRequest(
            Text(f"四参数只用于高斯平面坐标，{source.name} 不是。", f"Four parameters are for Gauss-Krüger planes, {source.name} is none."),
            Text("请改用七参数。", "Use seven parameters."),
        )
    values = {param.name: param.value for param in operation.params}
    return float(values["Longitude of natural origin"]), float(values["False easting"]) - _FALSE_EASTING_M


def _by_helmert(geometries: Geometries, source: CRS, shift: Sequence[float]) -> Geometries:
    x, y, z, rx, ry, rz, scale_ppm = shift
    degrees = Transformer.from_crs(source, source.geodetic_crs, always_xy=True)
    pipeline = Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart {_ellipsoid(source)} "
        f"+step +proj=helmert +x={x} +y={y} +z={z} +rx={rx} +ry={ry} +rz={rz} +s={scale_ppm} +convention=position_vector "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )

    def move(xy: Floats) -> Floats:
        longitude, latitude = degrees.transform(xy[:, 0], xy[:, 1])
        longitude, latitude, _ = pipeline.transform(longitude, latitude, np.zeros(len(xy)))
        return np.column_stack([longitude, latitude])

    return cast(Geometries, np.asarray(shapely.transform(geometries, move), dtype=object))
