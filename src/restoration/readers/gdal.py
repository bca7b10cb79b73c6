"""Has GDAL read one layer of an untrusted file: in a child process, with one driver, no network, and limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyogrio
import shapely

from .. import apart
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..geometry import Geometries
from ..text import Text

_CHILD = Path(__file__).with_name("gdal_child.py")


@dataclass(frozen=True)
class Vector:
    """What GDAL read: record numbers, geometries, columns by name, and the CRS as text."""

    fids: Integers
    geometries: Geometries
    columns: Mapping[str, list[Any]]
    crs: str | None


def read_vector(
    path: Path,
    *,
    driver: str,
    shown: str,
    layer: str | None = None,
    columns: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
    counted: bool = False,
) -> Vector:
    """One layer of a file, read by one GDAL driver in a child process.

    Parameters
    ----------
    path
        A file in a folder of our own: what the child leaves is written beside it.
    driver
        The only driver that is left on.
    shown
        The file's name for messages.
    layer, columns, options
        Passed to the reader; ``columns`` empty reads geometries alone.
    settings
        GDAL configuration options beside the fixed ones.
    counted
        Refuse a file of which fewer rows can be read than it says that it has.

    Raises
    ------
    FileRefused
        GDAL cannot read the file, was killed by it, or took too long.
    """
    job = {
        "path": str(path), "driver": driver, "layer": layer, "columns": None if columns is None else list(columns),
        "options": dict(options or {}), "counted": counted,
    }  # fmt: skip
    _require_driver(driver, shown)
    out = apart.run(_CHILD, job, folder=path.parent, env=environment(driver, settings or {}), shown=shown)
    return unpacked(out, shown)


def layers_of(path: Path, *, driver: str, shown: str) -> list[tuple[str, str]]:
    """The layers of a file and the kinds of their geometries (``""`` for a table that has none), in the order of the file.

    Raises
    ------
    FileRefused
        As `read_vector`.
    """
    _require_driver(driver, shown)
    job = {"path": str(path), "driver": driver, "listed": True}
    out = apart.run(_CHILD, job, folder=path.parent, env=environment(driver, {}), shown=shown)
    with np.load(out, allow_pickle=False) as arrays:
        return [(str(name), str(kind)) for name, kind in json.loads(str(arrays["meta"]))["layers"]]


def _require_driver(driver: str, shown: str) -> None:
    if driver not in _drivers():
        raise FileRefused(
            Text(f"{shown} 读不了：本机的 GDAL 没有 {driver} 驱动。", f"{shown} cannot be read: GDAL has no driver {driver} here."),
            Text("请在 GIS 里另存为 GeoPackage 或 Shapefile。", "Save it as GeoPackage or shapefile in a GIS."),
        )


def environment(driver: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The child's environment: that of `apart`, and every driver but one off before GDAL starts."""
    return apart.environment({"GDAL_SKIP": ",".join(name for name in _drivers() if name != driver), **settings})


@cache
def _drivers() -> tuple[str, ...]:
    return tuple(pyogrio.list_drivers())


def unpacked(out: Path, shown: str) -> Vector:
    """What a child left."""
    with np.load(out, allow_pickle=False) as arrays:
        meta = json.loads(str(arrays["meta"]))
        wkb = np.array([*_cells(arrays, "wkb"), None], dtype=object)[:-1]
        columns = {name: _column(arrays, f"c{index}") for index, name in enumerate(meta["fields"])}
        fids = arrays["fids"].astype(np.intp)
    return Vector(fids, _geometries(wkb, shown), columns, meta["crs"])


def _geometries(wkb: Geometries, shown: str) -> Geometries:
    try:
        with np.errstate(invalid="ignore"):  # NaN coordinates are found where all shapes are judged
            return cast(Geometries, np.asarray(shapely.from_wkb(wkb, on_invalid="fix"), dtype=object))
    except shapely.errors.GEOSException as error:
        raise apart.refused(shown, str(error), 0) from error


def _column(arrays: Any, name: str) -> list[Any]:
    if name in arrays:
        return [None if value != value else value for value in arrays[name].tolist()]  # NaN is what GDAL makes of a null number
    return [None if cell is None else cell.decode("utf-8") for cell in _cells(arrays, name)]


def _cells(arrays: Any, name: str) -> list[bytes | None]:
    whole, ends, missing = arrays[f"{name}.bytes"].tobytes(), arrays[f"{name}.ends"].tolist(), arrays[f"{name}.missing"].tolist()
    return [None if gone else whole[start:end] for start, end, gone in zip([0, *ends][:-1], ends, missing, strict=True)]
