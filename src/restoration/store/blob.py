"""Geometries as GeoPackage keeps them: a header of 40 bytes (magic, CRS, envelope), then WKB (OGC 12-128, clause 2.1.3)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

from .schema import SRS_ID

_HEADER = struct.Struct("<2sBBi4d")  # "GP", version 0, flags: little-endian with an xy envelope
_FLAGS = 0b0000_0011


def to_blobs(geometries: NDArray[np.object_]) -> list[bytes]:
    """Encode polygons (EPSG:4490) as GeoPackage blobs.

    Examples
    --------
    >>> blob = to_blobs(np.array([shapely.box(105, 25, 106, 26)]))[0]
    >>> blob[:2], from_blobs([blob])[0].bounds
    (b'GP', (105.0, 25.0, 106.0, 26.0))
    """
    bounds = shapely.bounds(geometries)
    wkb = shapely.to_wkb(geometries, byte_order=1)
    return [
        _HEADER.pack(b"GP", 0, _FLAGS, SRS_ID, west, east, south, north) + body
        for (west, south, east, north), body in zip(bounds, wkb, strict=True)
    ]


def from_blobs(blobs: Sequence[bytes]) -> NDArray[np.object_]:
    """Decode blobs that `to_blobs` made."""
    bodies = np.array([blob[_HEADER.size :] for blob in blobs], dtype=object)
    return cast(NDArray[np.object_], np.asarray(shapely.from_wkb(bodies), dtype=object))
