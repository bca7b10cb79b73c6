"""Boundaries as the page carries them: whole numbers on a grid, each the difference from the one before."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import shapely

from ..ellipsoid import Floats
from ..geometry import Geometries

DIGITS = 7
"""Decimals of a degree that are kept: 1e-7° is about 1 cm."""


class Encoded(TypedDict):
    """``rings``: rings of each geometry; ``points``: points of each ring, unclosed; ``deltas``: x, y, x, y … in 10^-``digits`` degrees."""

    digits: int
    rings: list[int]
    points: list[int]
    deltas: list[int]


def encoded(geometries: Geometries) -> Encoded:
    """Polygons and multipolygons in degrees, shape (n,); ``None`` and empty become no ring.

    Shells run counter-clockwise and holes clockwise, so that filling by the non-zero rule leaves holes open and
    overlapping sites full.

    Examples
    --------
    >>> encoded(np.array([shapely.box(0, 0, 2e-7, 1e-7)]))
    {'digits': 7, 'rings': [1], 'points': [4], 'deltas': [2, 0, 0, 1, -2, 0, 0, -1]}
    """
    oriented = np.asarray(shapely.orient_polygons(geometries), dtype=object)
    polygons, owner = shapely.get_parts(oriented, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    open_ended = np.r_[ring[1:] == ring[:-1], False] if len(ring) else np.zeros(0, dtype=bool)
    return Encoded(
        digits=DIGITS,
        rings=np.bincount(owner[polygon], minlength=len(oriented)).tolist(),
        points=np.bincount(ring[open_ended], minlength=len(rings)).tolist(),
        deltas=_deltas(xy[open_ended]),
    )


def _deltas(xy: Floats) -> list[int]:
    grid = np.rint(xy * 10**DIGITS).astype(np.int64)
    deltas: list[int] = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    return deltas
