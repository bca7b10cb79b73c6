"""A GeoTIFF from outside (an orthophoto of a drone, a satellite image) into one picture for the page, by GDAL in a child process."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from ... import apart
from ...data import builtin
from ...errors import FileRefused, NotFound
from ...terrain.elevation import environment, is_tiff, require_ellipsoid, require_rasterio
from ...text import Text
from .grid import Extent
from .kinds import MB, Picture

_CHILD = Path(__file__).with_name("picture_child.py")
_DRIVERS = ("GTiff", "MEM", "WEBP")
"""What reads the file, what warps it, what packs the picture; no file is opened by the last two."""
_RADIUS_M = 6378137.0


def picture_of(path: Path, *, extent: Extent | None = None) -> Picture:
    """A GeoTIFF as a picture in EPSG:3857, no larger than the page bears, clear where the file has no data.

    One band is shown in grey (or by its own colours), of more the first three as red, green and blue. What is not of 8 bits is
    stretched between the percentiles of `data/basemaps.toml`.

    Parameters
    ----------
    extent
        Where the sites are, degrees: a picture that lies elsewhere is taken and told.

    Raises
    ------
    NotFound
        There is no such file.
    MissingExtra
        rasterio is not installed.
    FileRefused
        It is no GeoTIFF, says not where it lies, or lies on another datum.
    """
    if not path.is_file():
        raise NotFound(
            Text(f"没有这个文件：{path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name.")
        )
    require_rasterio(Text("读影像", "Images are read by"))
    if not is_tiff(path):
        raise _unfit(path.name, Text("不是 GeoTIFF", "is no GeoTIFF"))
    told, content = _left(path)
    _require_place(told, path.name)
    west, south, east, north = bounds = _degrees(told["bounds"])
    beside = extent is not None and (west > extent[2] or east < extent[0] or south > extent[3] or north < extent[1])
    return Picture(
        name=path.stem,
        kind="webp",
        content=content,
        bounds=bounds,
        told=(_told(path.name, told, len(content), (south + north) / 2), *([_beside(path.name)] if beside else [])),
    )


def _left(path: Path) -> tuple[dict[str, Any], bytes]:
    table = builtin("basemaps")
    job = {"path": str(path.resolve()), "side": table["picture"]["side_pixels"], "quality": table["picture"]["quality"],
           "low": table["stretch"]["low_pct"], "high": table["stretch"]["high_pct"], "drivers": _DRIVERS}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        out = apart.run(_CHILD, job, folder=Path(folder), env=environment(kept=_DRIVERS), shown=path.name)
        with np.load(out, allow_pickle=False) as arrays:
            return json.loads(str(arrays["meta"])), arrays["picture"].tobytes()


def _require_place(told: dict[str, Any], shown: str) -> None:
    if not told["crs"]:
        raise _unfit(shown, Text("没有声明坐标系，或没有写明位置", "declares no CRS, or not where it lies"))
    try:
        crs = CRS.from_wkt(told["crs"])
    except CRSError as error:
        raise _unfit(shown, Text("的坐标系认不出", "has a CRS that is not understood")) from error
    require_ellipsoid(crs, shown)
    if "bounds" not in told:
        raise _unfit(shown, Text("没有一处有数据", "has no data at all"))


def _degrees(bounds_m: list[float]) -> Extent:
    """Bounds in EPSG:3857 as degrees."""
    west, south, east, north = bounds_m
    lons = [math.degrees(x / _RADIUS_M) for x in (west, east)]
    lats = [math.degrees(math.atan(math.sinh(y / _RADIUS_M))) for y in (south, north)]
    return lons[0], lats[0], lons[1], lats[1]


def _told(shown: str, told: dict[str, Any], size: int, lat: float) -> Text:
    metres, own_m = (told[name] * math.cos(math.radians(lat)) for name in ("pixel_m", "own_pixel_m"))
    stretched = Text("，亮度作了拉伸", ", brightness stretched") if told["stretched"] else Text("", "")
    return Text(
        f"影像“{shown}”：{told['width']}×{told['height']} 像素，每像素约 {metres:.2g} 米（原 {own_m:.2g} 米）{stretched.zh}，"
        f"{size / MB:.1f} MB，写进了地图文件。",
        f"Image {shown}: {told['width']} x {told['height']} pixels of some {metres:.2g} m (its own {own_m:.2g} m){stretched.en}, "
        f"{size / MB:.1f} MB, is in the map file.",
    )


def _beside(shown: str) -> Text:
    return Text(
        f"注意：影像“{shown}”不在图斑范围内；请核对它的坐标系。", f"Mind: the image {shown} lies nowhere near the sites; check its CRS."
    )


def _unfit(shown: str, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{shown} {what.zh}。", f"{shown} {what.en}."),
        Text("请给写明坐标系（CGCS2000 或 WGS84）的 GeoTIFF（.tif）。", "Give a GeoTIFF (.tif) with a CRS on CGCS2000 or WGS 84."),
    )
