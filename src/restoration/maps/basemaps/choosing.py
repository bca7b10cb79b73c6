"""What a person asks for as a basemap: a name, an address or a file."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np

from ...data import builtin
from ...datums import in_degrees_of_ours
from ...frame import CRS
from .embedding import OPENED, tiles_of
from .grid import Extent
from .kinds import SHIFTED, Basemap, Picture, Service, Tiles
from .picture import picture_of
from .services import service

GCJ02 = "gcj02:"
METRES_PER_DEGREE = 110_000
"""Of latitude, no more than it is anywhere."""


def basemap(word: str, *, sites: gpd.GeoDataFrame | None = None, own: Path | None = None) -> Basemap:
    """The basemap that a word means.

    Parameters
    ----------
    word
        A service by its name in either language or its code (天地图影像, tianditu_img; `data/basemaps.toml`), an address with ``{z}``,
        ``{x}``, ``{y}``, or the path of an .mbtiles or .pmtiles file of images, of which the page gets what lies over the sites. With
        ``gcj02:`` before it, the address or the file is on GCJ-02, and its tiles are put back where they belong.
    sites
        Where tiles of a file are wanted, in any CRS.
    own
        An office's own table of services.

    Raises
    ------
    UnknownName
        Nothing is known by that name.
    BadRequest
        The service needs a key (environment variable ``TIANDITU_TK``), or the address is of no use.
    NotFound, FileRefused
        There is no such file, or it cannot be used.

    Examples
    --------
    >>> basemap("https://tiles.example.cn/{z}/{x}/{y}.png").name
    'tiles.example.cn'
    """
    is_shifted = word.casefold().startswith(GCJ02)
    meant = word[len(GCJ02) :] if is_shifted else word
    if "://" not in meant and Path(meant).suffix.lower() in OPENED:
        extent = _extent(sites)
        found: Tiles | Service = tiles_of(Path(meant), extent=_reached(extent) if is_shifted and extent else extent)
    else:
        found = service(meant, own=own)
    return replace(found, datum="gcj02", told=(*found.told, SHIFTED)) if is_shifted and found.datum != "gcj02" else found


def _reached(extent: Extent) -> Extent:
    """An extent with the ground around it that GCJ-02 may draw inside it."""
    west, south, east, north = extent
    up = builtin("basemaps")["shifted"]["reach_m"] / METRES_PER_DEGREE
    across = up / math.cos(math.radians(max(abs(south), abs(north))))
    return west - across, south - up, east + across, north + up


def image(path: Path, *, sites: gpd.GeoDataFrame | None = None) -> Picture:
    """A GeoTIFF to lie over the basemap and under the sites; see `picture_of`.

    Examples
    --------
    >>> import tempfile
    >>> import numpy, rasterio
    >>> about = {"width": 4, "height": 4, "count": 3, "dtype": "uint8", "crs": "EPSG:4490", "transform": (0.025, 0, 105.1, 0, -0.025, 25.2)}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "photo.tif")
    ...     with rasterio.open(path, "w", **about) as file:
    ...         file.write(numpy.full((3, 4, 4), 99, dtype="uint8"))
    ...     image(path).name
    'photo'
    """
    return picture_of(Path(path), extent=_extent(sites))


def _extent(sites: gpd.GeoDataFrame | None) -> Extent | None:
    if sites is None or not len(sites):
        return None
    degrees = sites if sites.crs is None or sites.crs == CRS else in_degrees_of_ours(sites)
    west, south, east, north = (float(edge) for edge in degrees.total_bounds)
    return (west, south, east, north) if np.isfinite([west, south, east, north]).all() else None
