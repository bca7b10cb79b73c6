"""From any CRS to degrees on CGCS2000, and never by a shift of nothing: an old datum without parameters is refused."""

from __future__ import annotations

from functools import partial
from typing import TypeVar, cast

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from .data import builtin
from .errors import BadRequest
from .geometry import Geometries, in_threads
from .text import Text

TARGET = "EPSG:4490"
Layer = TypeVar("Layer", gpd.GeoDataFrame, gpd.GeoSeries)


def old_datum(crs: CRS) -> Text | None:
    """The old Chinese datum that a CRS is on, by its name; ``None`` for another."""
    named = datum_names(crs)
    for key in ("xian80", "beijing54"):
        row = builtin("crs")["datum"][key]
        if named & set(row["names"]):
            return Text(row["zh"], row["en"])
    return None


def is_same_datum(crs: CRS) -> bool:
    """Whether a CRS is on CGCS2000 or one that is the same here to a few centimetres (WGS 84, ITRF)."""
    return bool(datum_names(crs) & set(builtin("crs")["datum"]["same"]["names"]))


def datum_names(crs: CRS) -> set[str]:
    """What the datums of a CRS and of the one beneath it are called."""
    return {
        part.name for part in (crs.datum, crs.geodetic_crs.datum if crs.is_projected and crs.geodetic_crs else None) if part is not None
    }


def to_degrees(shapes: Geometries, crs: CRS) -> Geometries:
    """Shapes of a CRS in degrees on CGCS2000; whether it may be used at all is the caller's to judge.

    Raises
    ------
    pyproj.exceptions.ProjError
        PROJ knows no way that is more than a guess.
    """
    same = is_same_datum(crs)
    if crs.is_geographic and same:
        return shapes
    # On the same datum only the projection is undone: PROJ's own way from WGS84 to CGCS2000 is a "ballpark" of nothing.
    target = crs.geodetic_crs if same else CRS.from_user_input("EPSG:4326")
    transformer = Transformer.from_crs(crs, target, always_xy=True, allow_ballpark=same)
    return in_threads(partial(shapely.transform, transformation=transformer.transform, interleaved=False), shapes)


def in_degrees_of_ours(layer: Layer) -> Layer:
    """The same frame or series of shapes in EPSG:4490, degrees on CGCS2000.

    Raises
    ------
    BadRequest
        It has no CRS, one on Xian 80 or Beijing 54 without parameters, one that leads nowhere, or one in metres for what are degrees.

    Examples
    --------
    >>> here = gpd.GeoSeries([shapely.box(500_000, 2_776_000, 500_100, 2_776_100)], crs="EPSG:4544")
    >>> in_degrees_of_ours(here).total_bounds.round(3).tolist()
    [105.0, 25.09, 105.001, 25.091]
    """
    if layer.crs == TARGET:
        return layer
    if layer.crs is None:
        raise BadRequest(
            Text("数据没有坐标系。", "The frame has no CRS."),
            Text("请先用 set_crs 指明，例如 set_crs(4490)。", "Set it first, for example set_crs(4490)."),
        )
    crs, shapes = CRS.from_user_input(layer.crs), np.asarray(layer.geometry.array, dtype=object)
    _require_usable(crs, shapes)
    try:
        degrees = to_degrees(shapes, crs)
    except ProjError as error:
        raise BadRequest(
            Text(f"坐标系 {crs.name} 不能转换到 2000 系（{TARGET}）。", f"The CRS {crs.name} has no way to CGCS2000 ({TARGET})."),
            Text(
                "若它其实是 2000 系，用 set_crs 改正。",
                "If it is CGCS2000 in truth, override it with set_crs.",
            ),
        ) from error
    made = gpd.GeoSeries(degrees, index=layer.index, crs=TARGET)
    if isinstance(layer, gpd.GeoSeries):
        return made.rename(layer.name)
    return cast(Layer, layer.set_geometry(made))


def _require_usable(crs: CRS, shapes: Geometries) -> None:
    old = None if crs.is_bound else old_datum(crs)
    if old is not None:
        raise BadRequest(
            Text(
                f"坐标系是{old.zh}（{crs.name}），与 2000 系相差几十到一百多米，没有通用的转换参数。",
                f"The CRS is {old.en} ({crs.name}): tens of metres and more off CGCS2000, and no parameters hold everywhere.",
            ),
            Text(
                "请用带本地参数的坐标系（+towgs84），或用 restoration.read(…, shift=参数) 读原文件。",
                "Use a CRS with the local parameters (+towgs84), or read the file with restoration.read(…, shift=parameters).",
            ),
        )
    edges = np.abs(np.asarray(shapely.total_bounds(shapes)))
    if crs.is_projected and np.isfinite(edges).all() and edges[[0, 2]].max() <= 180 and edges[[1, 3]].max() <= 90 and edges.max() > 0:
        raise BadRequest(
            Text(f"坐标系是 {crs.name}（米），坐标数值却像经纬度。", f"The CRS, {crs.name}, is in metres; the numbers look like degrees."),
            Text("请用 set_crs(4490, allow_override=True) 改正。", "Mend it: set_crs(4490, allow_override=True)."),
        )
