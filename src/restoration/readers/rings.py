"""Polygons from rings of coordinates, many at once: what the text formats (GeoJSON, KML) have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely

from ..ellipsoid import Floats
from ..geometry import Geometries

Ring: TypeAlias = Floats
"""Shape (n, 2), any n; need not close."""
Polygon: TypeAlias = Sequence[Ring]
"""The shell, then the holes."""
_FEWEST = 4  # points of a closed ring, by the definition of a polygon


def polygons(rows: Sequence[Sequence[Polygon] | None]) -> tuple[Geometries, list[int]]:
    """One MultiPolygon a row, and the positions of the rows where a ring had to be closed.

    Parameters
    ----------
    rows
        The polygons of each row; ``None`` for a row that has none.

    Returns
    -------
    Shape (n,), ``None`` where the row has no polygon; rings are not judged.

    Examples
    --------
    >>> open_ring = np.array([[0, 0], [1, 0], [1, 1]], dtype=float)
    >>> shapes, closed = polygons([[[open_ring]], None])
    >>> shapes[0].wkt, shapes[1], closed
    ('MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))', None, [0])
    """
    rings: list[Ring] = []
    polygon_of_ring: list[int] = []
    row_of_polygon: list[int] = []
    closed: set[int] = set()
    for row, parts in enumerate(rows):
        for part in parts or ():
            if not len(part) or not len(part[0]):
                continue
            for ring in part:
                if len(ring):
                    rings.append(_closed(ring))
                    polygon_of_ring.append(len(row_of_polygon))
                    if not np.array_equal(ring[0], ring[-1]):
                        closed.add(row)
            row_of_polygon.append(row)
    return _built(rings, polygon_of_ring, row_of_polygon, len(rows)), sorted(closed)


def _closed(ring: Ring) -> Ring:
    """The ring with its first point last; too short a ring is filled up with it, to be found wrong later and not here."""
    more = max(_FEWEST - len(ring), 0 if np.array_equal(ring[0], ring[-1]) else 1)
    return np.concatenate([ring, np.repeat(ring[:1], more, axis=0)]) if more else ring


def _built(rings: list[Ring], polygon_of_ring: list[int], row_of_polygon: list[int], count: int) -> Geometries:
    out = np.full(count, None, dtype=object)
    if rings:
        lengths = [len(ring) for ring in rings]
        points = np.concatenate(rings)
        lines = np.asarray(shapely.linearrings(points, indices=np.repeat(np.arange(len(rings)), lengths)), dtype=object)
        parts = np.asarray(shapely.polygons(lines, indices=np.asarray(polygon_of_ring)), dtype=object)
        shapely.multipolygons(parts, indices=np.asarray(row_of_polygon), out=out)
    return out
