"""Slopes of a grid of heights, and how much of each cell lies in a polygon. Arrays in, arrays out: knows no site and no file.

Places are ``(column, row)`` of the grid, counted in cells from its outer corner: the middle of the first cell is (0.5, 0.5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from ..ellipsoid import ECCENTRICITY_2, SEMI_MAJOR_M, Floats, Integers

_NOISE = 1e-9
"""Sums of shares of a cell are exact to some 1e-12; what is less than this is nothing."""


def shares(polygon: shapely.Geometry, *, rows: int, columns: int) -> Floats:
    """The share of each cell of a grid that lies in a polygon, exactly.

    Each edge is cut where it crosses from cell to cell. A piece adds its height to all cells right of it in its row, and to its
    own cell what lies right of it there: so one sum along the rows gives every share, however many cells are inside.

    Parameters
    ----------
    polygon
        A polygon or multipolygon, valid, inside the grid; in columns and rows.

    Returns
    -------
    Shape (rows, columns), 0 to 1.

    Examples
    --------
    >>> shares(shapely.box(0.5, 0, 2, 0.5), rows=1, columns=3).tolist()
    [[0.25, 0.5, 0.0]]
    """
    start, end = _pieces(*_edges(shapely.orient_polygons(polygon)))
    middle, drop = (start + end) / 2, end[:, 1] - start[:, 1]
    column = np.clip(middle[:, 0].astype(np.intp), 0, columns)
    row = np.clip(middle[:, 1].astype(np.intp), 0, rows - 1)
    inside = middle[:, 0] - column
    width = columns + 2  # an edge along the last column's right side is in the column after it
    first = row * width + column
    size = rows * width
    steps = np.bincount(first, weights=drop * (1 - inside), minlength=size) + np.bincount(first + 1, weights=drop * inside, minlength=size)
    # Shells turn counter-clockwise: their left edges go down, and what is right of those is inside.
    found = np.clip(-np.cumsum(steps.reshape(rows, width), axis=1)[:, :columns], 0.0, 1.0)
    return np.where(found < _NOISE, 0.0, found)


def _edges(polygon: shapely.Geometry) -> tuple[Floats, Floats]:
    rings = shapely.get_rings(shapely.get_parts(polygon))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    return xy[:-1][joined], xy[1:][joined]


def _pieces(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """The edges cut at every whole column and row."""
    ways = [_crossings(start[:, axis], end[:, axis]) for axis in (0, 1)]
    ends = np.arange(len(start))
    edge = np.concatenate([ends, ends, *(edge for edge, _ in ways)])
    way = np.concatenate([np.zeros(len(start)), np.ones(len(start)), *(way for _, way in ways)])
    order = np.lexsort((way, edge))
    edge, way = edge[order], way[order]
    points = start[edge] + way[:, None] * (end[edge] - start[edge])
    joined = edge[1:] == edge[:-1]
    return points[:-1][joined], points[1:][joined]


def _crossings(start: Floats, end: Floats) -> tuple[Integers, Floats]:
    """Which edges cross whole numbers, and how far along (0 to 1) each does."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    first = np.floor(low) + 1
    count = np.maximum(np.ceil(high) - first, 0).astype(np.intp)
    edge = np.repeat(np.arange(len(start)), count)
    line = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    return edge, (line - start[edge]) / (end[edge] - start[edge])


class Spacing(NamedTuple):
    """What a step of one column, and of one row, is on the ground: metres east and north, one value a row, shape (rows, 1)."""

    east_by_column_m: Floats
    north_by_column_m: Floats
    east_by_row_m: Floats
    north_by_row_m: Floats

    @property
    def cell_m2(self) -> Floats:
        """The ground of a cell in each row."""
        return np.abs(self._determinant_m2)

    @property
    def _determinant_m2(self) -> Floats:
        return self.east_by_column_m * self.north_by_row_m - self.north_by_column_m * self.east_by_row_m

    def tangent(self, by_column_m: Floats, by_row_m: Floats) -> Floats:
        """The tangent of the slope where the height grows by so much with each column and row."""
        east = (self.north_by_row_m * by_column_m - self.north_by_column_m * by_row_m) / self._determinant_m2
        north = (self.east_by_column_m * by_row_m - self.east_by_row_m * by_column_m) / self._determinant_m2
        return np.hypot(east, north)


def spacing(by_column_deg: Floats, by_row_deg: Floats, *, latitude_deg: Floats) -> Spacing:
    """Steps in degrees as metres on the ellipsoid of CGCS2000.

    Parameters
    ----------
    by_column_deg, by_row_deg
        Shape (rows, 2): by how much longitude and latitude change with one column, and with one row.
    latitude_deg
        Shape (rows,).
    """
    sine, cosine = np.sin(np.radians(latitude_deg)), np.cos(np.radians(latitude_deg))
    w = 1 - ECCENTRICITY_2 * sine**2
    normal_m = SEMI_MAJOR_M / np.sqrt(w)
    meridian_m = normal_m * (1 - ECCENTRICITY_2) / w
    metres = np.radians(np.column_stack([normal_m * cosine, meridian_m]))
    column, row = by_column_deg * metres, by_row_deg * metres
    return Spacing(column[:, :1], column[:, 1:], row[:, :1], row[:, 1:])


def tangents(heights_m: Floats, steps: Spacing) -> Floats:
    """The tangent of the slope in each cell but those of the rim, by Horn (1981).

    Parameters
    ----------
    heights_m
        Shape (rows + 2, columns + 2); NaN where there is none.
    steps
        For the rows between.

    Returns
    -------
    Shape (rows, columns); NaN where one of the nine heights is.
    """
    north, here, south = heights_m[:-2], heights_m[1:-1], heights_m[2:]
    east_and_west = north + 2 * here + south
    by_column_m = (east_and_west[:, 2:] - east_and_west[:, :-2]) / 8
    down = south - north
    by_row_m = (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 8
    return np.where(np.isnan(here[:, 1:-1]), np.nan, steps.tangent(by_column_m, by_row_m))
