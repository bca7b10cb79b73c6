"""What a person asks for as a basemap: a name, an address or a file."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from ...frame import CRS
from .embedding import OPENED, tiles_of
from .grid import Extent
from .kinds import Basemap, Picture
from .picture import picture_of
from .services import service


def basemap(word: str, *, sites: gpd.GeoDataFrame | None = None, own: Path | None = None) -> Basemap:
    """The basemap that a word means.

    Parameters
    ----------
    word
        A service by its name in either language or its code (天地图影像, tianditu_img; `data/basemaps.toml`), an address with ``{z}``,
        ``{x}``, ``{y}``, or the path of an .mbtiles or .pmtiles file of images, of which the page gets what lies over the sites.
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
    if "://" not in word and Path(word).suffix.lower() in OPENED:
        return tiles_of(Path(word), extent=_extent(sites))
    return service(word, own=own)


def image(path: Path, *, sites: gpd.GeoDataFrame | None = None) -> Picture:
    """A GeoTIFF to lie over the basemap and under the sites; see `picture_of`."""
    return picture_of(Path(path), extent=_extent(sites))


def _extent(sites: gpd.GeoDataFrame | None) -> Extent | None:
    if sites is None or not len(sites):
        return None
    degrees = sites if sites.crs is None or sites.crs == CRS else sites.to_crs(CRS)
    west, south, east, north = (float(edge) for edge in degrees.total_bounds)
    return (west, south, east, north) if np.isfinite([west, south, east, north]).all() else None
