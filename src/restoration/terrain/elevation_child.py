"""Runs GDAL on one untrusted GeoTIFF, in a process of its own that may come to grief. Run as a script by `elevation`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder.
The one module that imports rasterio. Every driver but GTiff was switched off by ``GDAL_SKIP`` before this process began.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # this package, where it is not installed

import numpy as np
import rasterio
from rasterio.windows import Window

from restoration.apart import limit_process


def drivers(job: dict[str, Any]) -> None:
    """Leave the names of all drivers, for the parent to switch them off."""
    with rasterio.Env() as env:
        np.savez(job["out"], meta=np.array(json.dumps(sorted(env.drivers()))))


def header(job: dict[str, Any]) -> None:
    """Leave what the file says of itself."""
    with _opened(job) as raster:
        told = {
            "width": raster.width,
            "height": raster.height,
            "bands": raster.count,
            "dtype": raster.dtypes[0],
            "transform": list(raster.transform)[:6],
            "crs": raster.crs.to_wkt(version="WKT2_2019") if raster.crs else None,
            "unit": raster.units[0],
        }
    np.savez(job["out"], meta=np.array(json.dumps(told)))


def windows(job: dict[str, Any]) -> None:
    """Leave the heights in the windows ``row, column, rows, columns`` of a file, end to end; NaN where there is none."""
    wanted = np.load(job["windows"], allow_pickle=False)
    with _opened(job) as raster:
        scale, offset = raster.scales[0], raster.offsets[0]
        parts = [
            raster.read(1, window=Window(column, row, columns, rows), masked=True).astype(np.float64).filled(np.nan).ravel()
            for row, column, rows, columns in wanted.tolist()
        ]
    np.savez(job["out"], heights=np.concatenate(parts) * scale + offset)


def _opened(job: dict[str, Any]) -> Any:
    with rasterio.Env() as env:
        left = sorted(env.drivers())
    if left != ["GTiff"]:
        raise RuntimeError(f"drivers left on: {left}")
    return rasterio.open(job["path"], driver="GTiff", sharing=False)


TASKS: dict[str, Callable[[dict[str, Any]], None]] = {"drivers": drivers, "header": header, "windows": windows}

if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        limit_process(request["limits"])
        TASKS[request["task"]](request)
    except Exception as error:  # noqa: BLE001 - whatever GDAL says of a hostile file, the parent turns it into a refusal
        said = error.__cause__ or error  # rasterio's own error only says that there is a cause
        Path(request["error"]).write_text(f"{type(said).__name__}: {said}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
