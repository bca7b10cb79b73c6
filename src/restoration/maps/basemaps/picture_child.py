"""Runs GDAL on one untrusted GeoTIFF, in a process of its own that may come to grief. Run as a script by `picture`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder.
"""

from __future__ import annotations

import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[3]))  # this package, where it is not installed

import numpy as np
import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import Affine, from_bounds
from rasterio.warp import reproject, transform_bounds

from restoration.apart import limit_process

WEB = "EPSG:3857"


def picture(job: dict[str, Any]) -> None:
    """Leave a WebP in EPSG:3857 with its bounds in metres, and what the file says of itself."""
    with _opened(job) as raster:
        placed = raster.crs is not None and raster.transform != Affine.identity()
        told: dict[str, Any] = {"crs": raster.crs.to_wkt(version="WKT2_2019") if placed else None}
        content = _warped(raster, job, told) if placed else b""
    np.savez(job["out"], meta=np.array(json.dumps(told)), picture=np.frombuffer(content, dtype=np.uint8))


def _opened(job: dict[str, Any]) -> Any:
    with rasterio.Env() as env:
        left = sorted(env.drivers())
    if left != sorted(job["drivers"]):
        raise RuntimeError(f"drivers left on: {left}")
    return rasterio.open(job["path"], driver="GTiff", sharing=False)


def _warped(raster: Any, job: dict[str, Any], told: dict[str, Any]) -> bytes:
    west, south, east, north = transform_bounds(raster.crs, WEB, *raster.bounds)
    own_m = math.hypot(east - west, north - south) / math.hypot(raster.width, raster.height)  # as many pixels along the diagonal
    fewer = max(1.0, max(east - west, north - south) / own_m / job["side"])
    width, height = (max(1, round(span / own_m / fewer)) for span in (east - west, north - south))
    transform = from_bounds(west, south, east, north, width, height)
    bands, mask = _read(raster, job, told, fewer)
    source = raster.transform * Affine.scale(raster.width / mask.shape[1], raster.height / mask.shape[0])
    places = {"src_transform": source, "src_crs": raster.crs, "dst_transform": transform, "dst_crs": WEB}
    rgba = np.zeros((4, height, width), dtype=np.uint8)
    for at, band in enumerate(bands):
        reproject(band, rgba[at], resampling=Resampling.bilinear, **places)
    reproject(mask, rgba[3], resampling=Resampling.nearest, **places)
    told |= {"width": width, "height": height, "pixel_m": own_m * fewer, "own_pixel_m": own_m}
    if rgba[3].any():
        told["bounds"] = [west, south, east, north]
    return _packed(rgba, job["quality"])


def _read(raster: Any, job: dict[str, Any], told: dict[str, Any], fewer: float) -> tuple[Any, Any]:
    """Red, green and blue of 8 bits, shape (3, rows, columns), and where there is data; no finer than is wanted."""
    shape = tuple(max(1, round(pixels / fewer)) for pixels in (raster.height, raster.width))
    shown = [at for at, meaning in enumerate(raster.colorinterp, 1) if meaning != ColorInterp.alpha]
    by_colours = raster.colorinterp[0] == ColorInterp.palette
    wanted = shown[:3] if len(shown) >= 3 else shown[:1] * 3
    how = Resampling.nearest if by_colours else Resampling.average
    bands = raster.read(wanted, out_shape=(3, *shape), resampling=how)
    mask = raster.dataset_mask(out_shape=shape)
    mask = np.where(np.isfinite(bands.astype(np.float32)).all(axis=0), mask, 0).astype(np.uint8)
    told["stretched"] = bool(bands.dtype != np.uint8)
    if by_colours:
        colours = np.zeros((256, 3), dtype=np.uint8)
        for value, colour in raster.colormap(1).items():
            colours[value % 256] = colour[:3]
        return np.moveaxis(colours[bands[0]], 2, 0), mask
    return (_stretched(bands, mask, job) if told["stretched"] else bands), mask


def _stretched(bands: Any, mask: Any, job: dict[str, Any]) -> Any:
    made = np.zeros(bands.shape, dtype=np.uint8)
    for at, band in enumerate(bands.astype(np.float32)):
        held = band[mask > 0]
        low, high = np.percentile(held, [job["low"], job["high"]]) if held.size else (0.0, 1.0)
        made[at] = np.clip((np.nan_to_num(band) - low) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    return made


def _packed(rgba: Any, quality: int) -> bytes:
    with MemoryFile() as memory:
        with memory.open(driver="WEBP", width=rgba.shape[2], height=rgba.shape[1], count=4, dtype="uint8", QUALITY=quality) as webp:
            webp.write(rgba)
        return bytes(memory.read())


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        limit_process(request["limits"])
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a WebP says not where it lies, the page does
        picture(request)
    except Exception as error:  # noqa: BLE001 - whatever GDAL says of a hostile file, the parent turns it into a refusal
        said = error.__cause__ or error  # rasterio's own error only says that there is a cause
        Path(request["error"]).write_text(f"{type(said).__name__}: {said}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
