"""The grid of tiles over EPSG:3857."""

from __future__ import annotations

import math
from typing import NamedTuple

Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
NORTHERNMOST = 85.0511287798066


class Range(NamedTuple):
    """Tiles of a zoom: columns from the west and rows from the north, first and last."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    @property
    def number(self) -> int:
        """How many tiles there are."""
        return (self.last_column - self.first_column + 1) * (self.last_row - self.first_row + 1)


def tiles_over(extent: Extent, zoom: int, *, margin: int = 0) -> Range:
    """The tiles over an extent, and so many more on each side.

    Examples
    --------
    >>> tiles_over((105.0, 25.0, 105.1, 25.1), 12)
    Range(first_column=3242, first_row=1752, last_column=3243, last_row=1754)
    """
    west, south, east, north = extent
    last = 2**zoom - 1
    first_column, first_row = _tile(west, north, zoom)
    last_column, last_row = _tile(east, south, zoom)
    return Range(max(first_column - margin, 0), max(first_row - margin, 0), min(last_column + margin, last), min(last_row + margin, last))


def _tile(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    across, last = 2**zoom, 2**zoom - 1
    sine = math.sin(math.radians(max(-NORTHERNMOST, min(NORTHERNMOST, lat))))
    x, y = (lon + 180) / 360 * across, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * across
    return max(0, min(last, math.floor(x))), max(0, min(last, math.floor(y)))


def whole_zoom(extent: Extent) -> int:
    """The nearest zoom at which an extent is no wider or higher than a tile.

    Examples
    --------
    >>> whole_zoom((105.0, 25.0, 105.1, 25.1))
    11
    """
    west, south, east, north = extent
    degrees = max(east - west, (north - south) / math.cos(math.radians((south + north) / 2)), 1e-6)
    return max(0, math.floor(math.log2(360 / degrees)))
