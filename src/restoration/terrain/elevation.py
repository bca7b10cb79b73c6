"""Reads an elevation model from outside: a GeoTIFF of one band of heights in metres, by GDAL in a child process."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from .. import apart
from ..data import builtin
from ..ellipsoid import Floats
from ..errors import FileRefused, MissingExtra, NotFound
from ..text import Text

_CHILD = Path(__file__).with_name("elevation_child.py")
_MARKS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How a TIFF begins: little or big endian, classic or BigTIFF."""
_SETTINGS = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
"""What lies beside the file (.aux.xml, .ovr, .msk, .vrt) is not looked at."""
_METRES = ("", "m", "metre", "metres", "meter", "meters", "米")
_PICTURES = ("uint8", "int8", "complex64", "complex128")


class Window(NamedTuple):
    """A part of a raster: its first row and column, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Elevation:
    """An elevation model whose file was judged fit: its size, where it lies, and the CRS that it lies in.

    A place ``(column, row)``, counted from the outer corner of the first cell, is ``(x0 + dx * column, y0 + dy * row)``.
    """

    path: Path
    columns: int
    rows: int
    x0: float
    y0: float
    dx: float
    dy: float
    crs: CRS

    def heights_m(self, windows: Sequence[Window]) -> list[Floats]:
        """The heights in windows that lie inside the raster, shape (rows, columns) each; NaN where there is none.

        Raises
        ------
        FileRefused
            GDAL cannot read that part of the file, was killed by it, or took too long.
        """
        with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
            wanted = Path(folder) / "windows.npy"
            np.save(wanted, np.array(windows, dtype=np.int64).reshape(-1, 4))
            with _left("windows", self.path, Path(folder), windows=str(wanted)) as arrays:
                heights_m = _plausible(arrays["heights"])
        sizes = [window.rows * window.columns for window in windows]
        parts = np.split(heights_m, np.cumsum(sizes)[:-1])
        return [part.reshape(window.rows, window.columns) for part, window in zip(parts, windows, strict=True)]


def _plausible(heights_m: Floats) -> Floats:
    bounds = builtin("terrain")["heights"]
    return np.where((heights_m >= bounds["lowest_m"]) & (heights_m <= bounds["highest_m"]), heights_m, np.nan)


def opened(path: Path) -> Elevation:
    """The elevation model in a file.

    Raises
    ------
    NotFound
        There is no such file.
    MissingExtra
        rasterio is not installed.
    FileRefused
        It is no GeoTIFF of one band in metres, or says not where it lies.
    """
    if not path.is_file():
        raise NotFound(
            Text(f"没有这个文件：{path}。", f"There is no file {path}."),
            Text("请核对路径和文件名。", "Check the path and the name."),
        )
    require_rasterio(Text("读高程模型", "Elevation models are read by"))
    if not is_tiff(path):
        raise _unfit(path.name, Text("不是 GeoTIFF", "is no GeoTIFF"))
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder, _left("header", path, Path(folder)) as arrays:
        told = json.loads(str(arrays["meta"]))
    _require_heights(told, path.name)
    crs = _crs(told, path.name)
    dx, across, x0, down, dy, y0 = told["transform"]
    if across or down or not dx or not dy or (told["transform"] == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]):
        raise _unfit(path.name, Text("没有写明格网的位置，或者格网是斜的", "does not say where its cells lie, or they lie askew"))
    return Elevation(path.resolve(), told["width"], told["height"], x0, y0, dx, dy, crs)


def _left(task: str, path: Path, folder: Path, *, windows: str = "") -> Any:
    """The arrays that the child left of a task."""
    job = {"task": task, "path": str(path.resolve()), "windows": windows}
    out = apart.run(_CHILD, job, folder=folder, env=environment(), shown=path.name)
    return np.load(out, allow_pickle=False)


def environment(*, kept: Collection[str] = ("GTiff",)) -> dict[str, str]:
    """A child's environment: that of `apart`, every driver of GDAL but those kept off, and nothing beside the file looked at."""
    return apart.environment({"GDAL_SKIP": ",".join(name for name in _drivers() if name not in kept), **_SETTINGS})


@cache
def _drivers() -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        out = apart.run(_CHILD, {"task": "drivers"}, folder=Path(folder), env=apart.environment(_SETTINGS), shown="rasterio")
        with np.load(out, allow_pickle=False) as arrays:
            return tuple(json.loads(str(arrays["meta"])))


def require_rasterio(what: Text) -> None:
    """Refuse what cannot be done without rasterio.

    Raises
    ------
    MissingExtra
        rasterio is not installed.
    """
    if find_spec("rasterio") is None:
        raise MissingExtra(
            Text(f"{what.zh}要用 rasterio，还没有安装。", f"{what.en} rasterio, which is not installed."),
            Text(
                '请运行 pip install "restoration[raster]"；断网的电脑：在能上网的同类电脑上 pip download rasterio -d wheels，'
                "拷过来后 pip install --no-index --find-links wheels rasterio。",
                'Run pip install "restoration[raster]"; without a network: pip download rasterio -d wheels on a like computer that has '
                "one, copy the folder, then pip install --no-index --find-links wheels rasterio.",
            ),
        )


def is_tiff(path: Path) -> bool:
    """Whether a file begins as a TIFF does."""
    with path.open("rb") as file:
        return file.read(4) in _MARKS


def _require_heights(told: Mapping[str, Any], shown: str) -> None:
    if told["bands"] != 1:
        raise _unfit(shown, Text(f"有 {told['bands']} 个波段，高程模型只有一个", f"has {told['bands']} bands, an elevation model has one"))
    if told["dtype"] in _PICTURES:
        raise _unfit(shown, Text(f"的数值类型是 {told['dtype']}，不是高程", f"has values of type {told['dtype']}, which are no heights"))
    if (told["unit"] or "").strip().lower() not in _METRES:
        raise _unfit(shown, Text(f"的高程单位是 {told['unit']}，不是米", f"has heights in {told['unit']}, not in metres"))


def _crs(told: Mapping[str, Any], shown: str) -> CRS:
    if not told["crs"]:
        raise FileRefused(
            Text(f"{shown} 没有声明坐标系。", f"{shown} declares no CRS."),
            Text(
                "请向提供的人问清楚，用 GIS 写进文件（如 gdal_edit.py -a_srs EPSG:4490）后再试；不代猜。",
                "Ask whoever made it and write it into the file (gdal_edit.py -a_srs EPSG:4490); it is not guessed.",
            ),
        )
    try:
        whole = CRS.from_wkt(told["crs"])
    except CRSError as error:
        raise _unfit(shown, Text("的坐标系认不出", "has a CRS that is not understood")) from error
    crs, *heights = whole.sub_crs_list or [whole]
    vertical = [axis.unit_name for part in (crs, *heights) for axis in part.axis_info if axis.direction in ("up", "down")]
    if any(unit not in _METRES for unit in vertical):
        raise _unfit(shown, Text(f"的高程单位是 {vertical[0]}，不是米", f"has heights in {vertical[0]}, not in metres"))
    _require_ground(crs, shown)
    return crs.to_2d()


def _require_ground(crs: CRS, shown: str) -> None:
    """Degrees, or metres of a projection, on the ellipsoid of CGCS2000 or one that is as good as it."""
    units = {axis.unit_name for axis in crs.axis_info if axis.direction not in ("up", "down")}
    if not (crs.is_geographic and units == {"degree"}) and not (crs.is_projected and units == {"metre"}):
        raise _unfit(
            shown, Text(f"的坐标（{crs.name}）不是经纬度，也不是米", f"is not in degrees or in metres of a projection ({crs.name})")
        )
    require_ellipsoid(crs, shown)


def require_ellipsoid(crs: CRS, shown: str) -> None:
    """Refuse a CRS that is not on the ellipsoid of CGCS2000 or one that is as good as it.

    Raises
    ------
    FileRefused
        It is on another one: its ground lies some 100 m beside ours.
    """
    known, found = builtin("terrain")["ellipsoid"], crs.ellipsoid
    near = found is not None and (
        abs(found.semi_major_metre - known["semi_major_m"]) < known["semi_major_within_m"]
        and abs(found.inverse_flattening - known["inverse_flattening"]) < known["inverse_flattening_within"]
    )
    if not near:
        raise FileRefused(
            Text(f"{shown} 的坐标系（{crs.name}）不是 CGCS2000 或 WGS84。", f"{shown} is on neither CGCS2000 nor WGS 84 ({crs.name})."),
            Text("请先在 GIS 里按本地参数转到 CGCS2000（EPSG:4490）。", "Shift it to CGCS2000 (EPSG:4490) first, with local parameters."),
        )


def _unfit(shown: str, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{shown} {what.zh}。", f"{shown} {what.en}."),
        Text(
            "请给单波段、以米为高程单位、写明坐标系的 GeoTIFF（.tif）；其他格式用 GIS 另存。",
            "Give a GeoTIFF (.tif) of one band with heights in metres and a CRS; save other formats anew in a GIS.",
        ),
    )
