"""Whether a whole layer is off: its polygons found again elsewhere, all moved by one shift or by that of GCJ-02 or BD-09."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Geod

from ..data import builtin
from ..ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Booleans, Floats, Integers
from ..gcj02 import to_bd09, to_gcj02
from ..geometry import Geometries

_SYSTEMS: dict[str, Callable[[Floats], Floats]] = {"GCJ-02": to_gcj02, "BD-09": to_bd09}
_EARTH = Geod(a=SEMI_MAJOR_M, b=SEMI_MINOR_M)
_METRES_PER_DEGREE = 100_000.0
"""A radius in degrees need not be exact: fewer metres than any degree of latitude has, about those of longitude here."""


@dataclass(frozen=True)
class Known:
    """Polygons whose place is trusted: shape (n,), EPSG:4490, and the number of each one's site (``""`` where it has none)."""

    shapes: Geometries
    numbers: Sequence[str]


@dataclass(frozen=True)
class Offset:
    """How far a layer's polygons lie from where they are known.

    Attributes
    ----------
    east_m, north_m
        The median shift, m.
    pairs
        How many polygons were found again.
    system
        ``GCJ-02`` or ``BD-09`` where that explains the shift, ``""`` where it is the same everywhere.
    residual_m
        What the explanation leaves, the median, m.
    known_is_shifted
        It is the known polygons that are in ``system``, not the layer.
    """

    east_m: float
    north_m: float
    pairs: int
    system: str
    residual_m: float
    known_is_shifted: bool = False

    @property
    def distance_m(self) -> float:
        """How far, in whatever direction."""
        return float(np.hypot(self.east_m, self.north_m))


class _Pairs(NamedTuple):
    new: Integers
    known: Integers
    by_number: Booleans


def offset_of(shapes: Geometries, numbers: Sequence[str], known: Known) -> tuple[Offset | None, int]:
    """Whether a layer is off, and how many of its polygons were found again among the known ones.

    Polygons that were redrawn are left aside: only those count that have their shape still. They are found by their number, the
    others by their shape, where no second one has it too.

    Parameters
    ----------
    shapes
        Shape (m,), the layer's polygons, EPSG:4490.
    numbers
        The number of each one's site.
    known
        Polygons whose place is trusted.
    """
    here, there = _centres(shapes), _centres(known.shapes)
    pairs = _pairs(shapes, numbers, known, here, there)
    if not len(pairs.new):
        return None, 0
    moved = _metres(there[pairs.known], here[pairs.new])
    return _explained(moved, here[pairs.new], there[pairs.known], pairs.by_number), len(pairs.new)


def _explained(moved: Floats, here: Floats, there: Floats, by_number: Booleans) -> Offset | None:
    east_m, north_m = np.median(moved, axis=0).tolist()
    distance_m = float(np.median(np.hypot(*moved.T)))
    rule = builtin("importing")["offset"]["shifted"]
    if by_number.sum() >= rule["by_number"] or len(moved) >= rule["by_shape"]:
        for system, shift in _SYSTEMS.items():
            layer_m = float(np.median(np.hypot(*(moved - _metres(there, shift(there))).T)))
            known_m = float(np.median(np.hypot(*(moved + _metres(here, shift(here))).T)))
            residual_m = min(layer_m, known_m)
            if residual_m <= min(rule["fit_m"], rule["far_smaller"] * distance_m):
                return Offset(east_m, north_m, len(moved), system, residual_m, known_is_shifted=known_m < layer_m)
    constant = builtin("importing")["offset"]["constant"]
    spread_m = float(np.median(np.hypot(*(moved - (east_m, north_m)).T)))
    found = Offset(east_m, north_m, len(moved), "", spread_m)
    is_one = spread_m <= max(constant["spread_m"], constant["spread_share"] * found.distance_m)
    return found if len(moved) >= constant["pairs"] and found.distance_m >= constant["least_m"] and is_one else None


def _metres(start: Floats, end: Floats) -> Floats:
    """From one point to another, m east and north."""
    azimuth, _, distance = _EARTH.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return np.column_stack([distance * np.sin(np.radians(azimuth)), distance * np.cos(np.radians(azimuth))])


def _centres(shapes: Geometries) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)), dtype=np.float64).reshape(-1, 2)


def _pairs(shapes: Geometries, numbers: Sequence[str], known: Known, here: Floats, there: Floats) -> _Pairs:
    """The polygons that are in both with one shape: by number, else where shape and neighbourhood leave one only."""
    place = {number: at for at, number in enumerate(known.numbers) if number}
    named = np.array([(at, place[number]) for at, number in enumerate(numbers) if number in place], dtype=np.intp).reshape(-1, 2)
    left = _some(np.setdiff1d(np.arange(len(shapes)), named[:, 0]))
    unnamed = _by_shape(shapes, known.shapes, here, there, left)
    free = ~np.isin(unnamed[:, 1], named[:, 1])
    named = _some(named)
    alike = [_alike(shapes, known.shapes, found, here, there) for found in (named, unnamed)]
    named, unnamed = named[alike[0]], _single(unnamed[alike[1] & free])
    both = np.concatenate([named, unnamed])
    return _Pairs(both[:, 0], both[:, 1], np.arange(len(both)) < len(named))


def _some(rows: Integers) -> Integers:
    """No more than are needed to see a shift, evenly from all."""
    most = int(builtin("importing")["offset"]["most"])
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]


def _by_shape(shapes: Geometries, known: Geometries, here: Floats, there: Floats, left: Integers) -> Integers:
    """Those of ``left`` and the known polygons around them of the same area and perimeter: shape (k, 2)."""
    rule = builtin("importing")["offset"]
    tree = shapely.STRtree(np.asarray(shapely.points(there), dtype=object))
    first, second = tree.query(shapely.points(here[left]), predicate="dwithin", distance=rule["radius_m"] / _METRES_PER_DEGREE)
    first = left[first]
    same = np.ones(len(first), dtype=bool)
    for size in (shapely.area, shapely.length):
        mine, theirs = size(shapes)[first], size(known)[second]
        same &= np.abs(mine - theirs) * 100 <= rule["size_pct"] * theirs
    return np.column_stack([first[same], second[same]])


def _alike(shapes: Geometries, known: Geometries, pairs: Integers, here: Floats, there: Floats) -> Booleans:
    """Which pairs have one shape, laid on each other by their centres."""
    if not len(pairs):
        return np.zeros(0, dtype=bool)
    mine, theirs = shapes[pairs[:, 0]], known[pairs[:, 1]]
    points, owner = shapely.get_coordinates(mine, return_index=True)
    laid = shapely.set_coordinates(mine.copy(), points + (there[pairs[:, 1]] - here[pairs[:, 0]])[owner])
    shared = shapely.area(shapely.intersection(laid, theirs))
    joint = shapely.area(laid) + shapely.area(theirs) - shared
    return np.asarray(shared >= float(builtin("importing")["offset"]["alike"]) * joint, dtype=bool)


def _single(pairs: Integers) -> Integers:
    """The pairs of whose two members neither is in another pair."""
    counts = [np.unique(side, return_inverse=True, return_counts=True) for side in pairs.T]
    once = [count[inverse] == 1 for _, inverse, count in counts]
    return pairs[once[0] & once[1]] if len(pairs) else pairs
