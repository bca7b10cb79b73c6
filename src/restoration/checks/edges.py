"""The polygons of a frame taken apart into edges, all in one go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ellipsoid import Floats, Integers
from ..geometry import Geometries


class Polygons(NamedTuple):
    """The single polygons of all sites that can be measured: in degrees, in the plane (m), and the row of their site."""

    degrees: Geometries
    planar: Geometries
    row: Integers


class Edges(NamedTuple):
    """The edges of all rings, ring after ring: where each ends (degrees), its vector and length (m), its ring and site."""

    end: Floats
    vector: Floats
    length_m: Floats
    ring: Integers
    row: Integers

    def taken(self, chosen: NDArray[np.bool_]) -> Edges:
        """Only the chosen edges."""
        return Edges._make(column[chosen] for column in self)

    def following(self) -> Integers:
        """For each edge the next one of its ring, the first after the last: no vertex is left out."""
        after = np.arange(1, len(self.ring) + 1)
        last = np.flatnonzero(np.r_[self.ring[1:] != self.ring[:-1], np.ones(min(1, len(self.ring)), dtype=bool)])
        after[last] = np.r_[0, last[:-1] + 1][: len(last)]
        return after.astype(np.intp)


def edges_of(polygons: Polygons) -> Edges:
    """Every edge of every ring."""
    planar, polygon = shapely.get_rings(polygons.planar, return_index=True)
    metres, ring = shapely.get_coordinates(planar, return_index=True)
    degrees = shapely.get_coordinates(shapely.get_rings(polygons.degrees))
    within = ring[1:] == ring[:-1]
    vector, ring = (metres[1:] - metres[:-1])[within], ring[1:][within]
    return Edges(degrees[1:][within], vector, np.hypot(*vector.T), ring, polygons.row[polygon[ring]])
