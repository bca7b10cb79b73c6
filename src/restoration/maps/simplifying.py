"""Fewer points on boundaries, within a distance, so that what two sites share they go on sharing.

Rings are cut where other rings join or leave them, so that a boundary between two sites is the same line from the same point
to the same point for both, and simplifying it (Douglas and Peucker's way, which keeps a distance) gives both the same. Nothing is
asked of the rings: they may overlap, lie on one another or cross. (A coverage, as `shapely.coverage_simplify` wants it, may not
overlap, and its tolerance is the root of an area, not a distance.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ellipsoid import Booleans, Floats, Integers

Whole32: TypeAlias = NDArray[np.int32]

HANDFUL = 500_000
"""About so many points are made into lines at a time."""


def simplified(xy: Whole32, points: Integers, *, metres: Floats, tolerance_m: float) -> tuple[Whole32, Integers]:
    """Rings with fewer points.

    Parameters
    ----------
    xy
        Points of the rings end to end, unclosed, shape (n, 2), on a grid; no point is on the place of the one before.
    points
        Points of each ring, at least one.
    metres
        A step of the grid in x and in y, metres.
    tolerance_m
        No point that is left out is farther from the new boundary.

    Returns
    -------
    xy, points
        The same rings, each perhaps beginning at another of its points. A ring that has any extent keeps at least three points.

    Examples
    --------
    >>> ring = np.array([[0, 0], [5, 1], [10, 0], [10, 10], [0, 10]], dtype=np.int32)
    >>> simplified(ring, np.array([5]), metres=np.array([1.0, 1.0]), tolerance_m=2)[0].tolist()
    [[0, 0], [10, 0], [10, 10], [0, 10]]
    """
    if not len(xy):
        return xy, points
    starts = np.cumsum(points) - points
    place = _places(xy)
    fixed = _fixed_places(xy, place, starts, points)[place]
    order = _from_a_fixed_point(fixed, starts, points)
    xy, place, fixed = xy[order], place[order], fixed[order]
    chains = _chains(fixed, starts, points)
    handfuls = [_simplified_chains(xy, place, some, metres, tolerance_m) for some in _in_handfuls(chains)]
    made, counts = (np.concatenate(parts) for parts in zip(*handfuls, strict=True))
    return made, np.add.reduceat(counts, np.searchsorted(chains.start, starts))


def _places(xy: Whole32) -> Whole32:
    """The number of each point's place: points on one place have one number, and numbers rise from west to east."""
    key = (xy[:, 0].astype(np.int64) << 32) + xy[:, 1]
    return np.asarray(np.unique(key, return_inverse=True)[1].reshape(-1), dtype=np.int32)


def _fixed_places(xy: Whole32, place: Whole32, starts: Integers, points: Integers) -> Booleans:
    """Places that stay: where rings join or part, and of each ring the western and eastern ends and what is farthest from the line between.

    What stays is a matter of places, not of rings, so that it is the same for all rings that pass.
    """
    ends = starts + points - 1
    before, after = np.roll(place, 1), np.roll(place, -1)
    before[starts], after[ends] = place[ends], place[starts]
    low, high = np.minimum(before, after), np.maximum(before, after)
    example = np.empty(int(place.max()) + 1, dtype=np.intp)
    example[place] = np.arange(len(place))
    other = example[place]
    fixed = np.zeros(len(example), dtype=np.bool_)
    fixed[place[(low != low[other]) | (high != high[other])]] = True
    west, east = np.minimum.reduceat(place, starts), np.maximum.reduceat(place, starts)
    fixed[west] = fixed[east] = True
    fixed[place[_farthest(xy, xy[example[west]], xy[example[east]], starts, points)]] = True
    return fixed


def _farthest(xy: Whole32, west: Whole32, east: Whole32, starts: Integers, points: Integers) -> Booleans:
    """The points of each ring that are farthest from the line between two points, given by ring."""
    along = np.repeat((east - west).astype(np.float64), points, axis=0)
    off = xy - np.repeat(west.astype(np.float64), points, axis=0)
    aside = np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0])
    return np.asarray(aside == np.repeat(np.maximum.reduceat(aside, starts), points))


def _from_a_fixed_point(fixed: Booleans, starts: Integers, points: Integers) -> Integers:
    """The order of points in which each ring begins at its first point that stays."""
    row = np.arange(len(fixed))
    shift = np.minimum.reduceat(np.where(fixed, row, len(fixed)), starts) - starts
    ring_start, ring_points = np.repeat(starts, points), np.repeat(points, points)
    return ring_start + (row - ring_start + np.repeat(shift, points)) % ring_points


class _Chains(NamedTuple):
    """Pieces of rings between points that stay: where each starts, how many points from there until its end, and where that is."""

    start: Integers
    steps: Integers
    end: Integers


def _chains(fixed: Booleans, starts: Integers, points: Integers) -> _Chains:
    start = np.flatnonzero(fixed)
    after = np.append(start[1:], len(fixed))
    end = after.copy()
    last = np.searchsorted(start, starts + points) - 1
    end[last] = starts  # the last piece of a ring ends where the ring begins
    return _Chains(start, after - start, end)


def _in_handfuls(chains: _Chains) -> Iterator[_Chains]:
    handful = chains.start // HANDFUL
    for part in np.split(np.arange(len(handful)), np.flatnonzero(np.diff(handful)) + 1):
        yield _Chains(*(column[part[0] : part[-1] + 1] for column in chains))


def _simplified_chains(xy: Whole32, place: Whole32, chains: _Chains, metres: Floats, tolerance_m: float) -> tuple[Whole32, Integers]:
    """The points that stay of each piece, without its end, which the next one begins with; and how many."""
    flipped = _runs_westward(place, chains)
    point = _along(chains.start, chains.steps, chains.end, flipped)
    line = np.repeat(np.arange(len(flipped)), chains.steps + 1)
    lines = shapely.simplify(shapely.linestrings(xy[point] * metres, indices=line), tolerance_m, preserve_topology=False)
    made, line = shapely.get_coordinates(lines, return_index=True)
    count = np.bincount(line, minlength=len(flipped)) - 1
    first = np.cumsum(count + 1) - (count + 1)
    row = _along(first, count, first + count, flipped)
    is_end = np.zeros(len(row), dtype=np.bool_)
    is_end[first + count] = True
    return np.rint(made[row[~is_end]] / metres).astype(np.int32), count


def _runs_westward(place: Whole32, chains: _Chains) -> Booleans:
    """Pieces to be turned round, so that two rings that share one give the same line to be simplified."""
    begin, end = place[chains.start], place[chains.end]
    second = np.where(chains.steps > 1, place[np.minimum(chains.start + 1, len(place) - 1)], end)
    return np.asarray((begin > end) | ((begin == end) & (second > place[chains.start + chains.steps - 1])))


def _along(start: Integers, count: Integers, end: Integers, flipped: Booleans) -> Integers:
    """Rows of each piece and then its end, or the other way round where it is flipped."""
    length = count + 1
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    many = np.repeat(count, length)
    offset = np.where(np.repeat(flipped, length), many - offset, offset)
    return np.where(offset == many, np.repeat(end, length), np.repeat(start, length) + offset)
