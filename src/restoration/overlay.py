"""Ground that geometries share: every pair, what each loses under a rule, and the land that all of them cover.

Nothing here unites a district. Land is the sum of the areas of record less what was counted twice, and that is found in the
shared pieces alone: each geometry gives up what lies in those before it. Time and memory grow with the number of pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import shapely

from .ellipsoid import ZONE_DEGREES, Booleans, Floats, Integers
from .geometry import (
    Geometries,
    area_of_record_m2,
    from_plane,
    ground_area_m2,
    in_degrees,
    in_threads,
    polygons_only,
    to_plane,
    without_faults,
    zone_of,
)

_PAIRS_AT_ONCE = 50_000
"""Pairs whose geometries stand in the plane at one time: some 100 MB at 60 vertices each."""

_GRID_M = 1e-7


class Overlaps(NamedTuple):
    """Pairs that share ground: positions ``first`` and ``second``, the shared area, and its mean width.

    Width is twice the area by the perimeter, the width of a long strip: with the area it tells noise along a shared edge from
    real overlap.
    """

    first: Integers
    second: Integers
    area_m2: Floats
    width_m: Floats
    planar: Geometries
    """The shared ground, in the plane of ``zone``."""
    zone: Integers

    def taken(self, chosen: Booleans | Integers) -> Overlaps:
        """Only the chosen pairs."""
        return Overlaps._make(column[chosen] for column in self)

    def shared(self) -> Geometries:
        """The shared ground in degrees, shape (pairs,)."""
        return zone_by_zone(from_plane, self.planar, self.zone)


def overlaps(geometries: Geometries, *, wanted: Callable[[Integers, Integers], Booleans] | None = None) -> Overlaps:
    """Every pair that shares ground, ``first`` < ``second``, sorted: exact overlay in the Gauss-Krüger plane.

    Parameters
    ----------
    wanted
        Says of pairs of positions, shape (pairs,) each, which of them are looked at; all if not given.

    Examples
    --------
    >>> squares = np.array([shapely.box(105.0, 25.0, 105.002, 25.002), shapely.box(105.001, 25.0, 105.003, 25.002)])
    >>> overlaps(squares).area_m2.round(0).tolist()
    [22365.0]
    """
    shapes = in_degrees(geometries)
    boxes = _reach(shapes)
    first, second = shapely.STRtree(boxes).query(boxes)
    once = first < second
    first, second = first[once], second[once]
    if wanted is not None:
        chosen = wanted(first, second)
        first, second = first[chosen], second[chosen]
    group = connected(len(shapes), first, second)[first]
    return _intersected(shapes, shapes, first, second, group=group, zones=_zones_between(shapes, first, second), cut=_shared)


def overlaps_between(geometries: Geometries, others: Geometries, *, zones: Integers | None = None) -> Overlaps:
    """Every pair of one of ``geometries`` (``first``) and one of ``others`` (``second``) that shares ground.

    What lies wholly inside one of the others is not cut: it is shared as it is, corner by corner. So a long outline costs overlays
    only where it cuts something.

    Parameters
    ----------
    zones
        Shape (n,): the zone in whose plane each of ``geometries`` is laid over the others; its own if not given.

    Examples
    --------
    >>> fields = np.array([shapely.box(105.0, 25.0, 105.002, 25.002), shapely.box(105.009, 25.0, 105.011, 25.002)])
    >>> overlaps_between(fields, np.array([shapely.box(105.0, 24.99, 105.01, 25.01)])).area_m2.round(0).tolist()
    [44730.0, 22365.0]
    """
    left, right = in_degrees(geometries), in_degrees(others)
    second, first = shapely.STRtree(_reach(left)).query(_reach(right))
    own = zone_of(left) if zones is None else zones
    return _intersected(left, right, first, second, group=first, zones=own[first], cut=_shared_or_whole)


def _reach(geometries: Geometries) -> Geometries:
    """The box that each geometry keeps to, in degrees: an edge that is straight in the plane bulges over that of its corners.

    An edge of Δλ bulges by Δλ² sin φ cos φ / 8 towards the pole, one of Δφ by less.
    """
    bounds = shapely.bounds(geometries)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    west, south, east, north = (bounds + np.outer(np.radians(size) * size / 8, (-1, -1, 1, 1))).T
    there = np.isfinite(size)
    boxes = np.full(len(geometries), None, dtype=object)
    boxes[there] = shapely.box(west[there], south[there], east[there], north[there])
    return boxes


def _zones_between(shapes: Geometries, first: Integers, second: Integers) -> Integers:
    """The zone in which the middle between two shapes lies: the same whichever comes first."""
    bounds = np.nan_to_num(shapely.bounds(shapes))
    middle_deg = (bounds[:, 0] + bounds[:, 2]) / 2
    return np.rint((middle_deg[first] + middle_deg[second]) / (2 * ZONE_DEGREES)).astype(np.intp)


_Cut: TypeAlias = Callable[[Geometries, Geometries], tuple[Integers, Geometries]]


def _intersected(
    left: Geometries, right: Geometries, first: Integers, second: Integers, *, group: Integers, zones: Integers, cut: _Cut
) -> Overlaps:
    """The pairs that share ground, each in the plane of its zone; those of one group are worked on together."""
    order = np.lexsort((second, first, group, zones))
    parts = [_intersected_part(left, right, rows, zone, cut=cut) for rows, zone in _batches(first[order], second[order], zones[order])]
    whole = Overlaps(*(np.concatenate(column) for column in zip(*parts, strict=True))) if parts else _NO_OVERLAPS
    return whole.taken(np.lexsort((whole.second, whole.first)))


def _batches(first: Integers, second: Integers, zones: Integers) -> Iterator[tuple[tuple[Integers, Integers], int]]:
    """Pairs a handful at a time, each handful in one zone."""
    edges = np.unique(np.r_[0, np.flatnonzero(np.diff(zones)) + 1, np.arange(0, len(first), _PAIRS_AT_ONCE), len(first)])
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield (first[begin:end], second[begin:end]), int(zones[begin])


def _intersected_part(left: Geometries, right: Geometries, rows: tuple[Integers, Integers], zone: int, *, cut: _Cut) -> Overlaps:
    first, second = rows
    meeting, shared = cut(*_both_planar(left, right, first, second, zone=zone))
    planar = polygons_only(shared)
    area = ground_area_m2(planar)
    found = Overlaps(first[meeting], second[meeting], area, mean_width_m(planar, area), planar, np.full(len(area), zone))
    return found.taken(area > 0)


def is_noise(planar: Geometries, area_m2: Floats, width_m: Floats, *, up_to_m2: float, up_to_m: float) -> Booleans:
    """Which pieces are the noise of an edge: nowhere wider than a limit, or smaller than another, shape (n,).

    Of a piece whose mean width is within the limit, what is wider must not be larger than the limit of area: a block at the end of
    a long sliver is no noise. It is found by taking half the width off all round, and putting it on again.
    """
    noise = (area_m2 <= up_to_m2) | (width_m <= up_to_m)
    thin = np.flatnonzero(noise & (area_m2 > up_to_m2))
    opened = shapely.buffer(shapely.buffer(planar[thin], -up_to_m / 2), up_to_m / 2)
    noise[thin] = shapely.area(opened) <= up_to_m2
    return np.asarray(noise, dtype=np.bool_)


def mean_width_m(planar: Geometries, area_m2: Floats) -> Floats:
    """Twice the area by the perimeter, shape (n,): the width of a long strip."""
    perimeter = shapely.length(planar)
    return np.divide(2 * area_m2, perimeter, out=np.zeros(len(area_m2)), where=perimeter > 0)


def _shared(one: Geometries, other: Geometries) -> tuple[Integers, Geometries]:
    """Which rows meet, and what they share."""
    meeting = np.flatnonzero(in_threads(shapely.intersects, one, other))
    return meeting, in_threads(shapely.intersection, one[meeting], other[meeting])


def _shared_or_whole(one: Geometries, other: Geometries) -> tuple[Integers, Geometries]:
    """The same for a few others that many meet: they are prepared, and what lies wholly inside one of them is not cut."""
    shapely.prepare(other)  # for one thread: a prepared geometry is not for several at a time
    meeting = np.flatnonzero(shapely.intersects(other, one))
    shared, other = one[meeting], other[meeting]
    is_cut = ~np.asarray(shapely.covers(other, shared), dtype=np.bool_)
    shared[is_cut] = in_threads(shapely.intersection, shared[is_cut], other[is_cut])
    return meeting, shared


def _both_planar(left: Geometries, right: Geometries, first: Integers, second: Integers, *, zone: int) -> tuple[Geometries, Geometries]:
    """Both sides of pairs in the plane, mended; a shape that is asked for several times is projected once."""
    if left is right:
        both = _planar(left, np.r_[first, second], zone=zone)
        return both[: len(first)], both[len(first) :]
    return _planar(left, first, zone=zone), _planar(right, second, zone=zone)


def _planar(shapes: Geometries, rows: Integers, *, zone: int) -> Geometries:
    wanted, place = np.unique(rows, return_inverse=True)
    return in_threads(lambda some: to_plane(without_faults(some), zone), shapes[wanted])[place]


_NO_OVERLAPS = Overlaps(
    np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros(0, dtype=object), np.zeros(0, np.intp)
)


def zone_by_zone(function: Callable[[Geometries, int], Geometries], shapes: Geometries, zones: Integers) -> Geometries:
    """Shapes, each projected by `to_plane` or `from_plane` for its own zone."""
    found = np.empty(len(shapes), dtype=object)
    for zone in np.unique(zones):
        found[zones == zone] = function(shapes[zones == zone], int(zone))
    return found


def connected(count: int, first: Integers, second: Integers) -> Integers:
    """For each of ``count`` positions the lowest position that it hangs together with, over any number of pairs."""
    label = np.arange(count)
    while True:
        lowest = np.minimum(label[first], label[second])
        spread = label.copy()
        np.minimum.at(spread, first, lowest)
        np.minimum.at(spread, second, lowest)
        spread = spread[spread]  # pointer jumping: a long chain is done in a few rounds
        if (spread == label).all():
            return label
        label = spread


@dataclass(frozen=True)
class Ground:
    """Geometries with their areas of record and what they share: everything that counting ground once needs."""

    area_m2: Floats
    pairs: Overlaps

    def lost_m2(self, rank: Integers) -> Floats:
        """What each loses if those with a lower rank keep the ground that they share with it: shape (n,), m².

        The areas less these add up to the land area, whatever the rank; no two ranks may be equal.
        """
        pairs = self.pairs
        loser = np.where(rank[pairs.first] > rank[pairs.second], pairs.first, pairs.second)
        return covered_m2(len(self.area_m2), loser, pairs)

    def contested_m2(self) -> Floats:
        """What each shares with any other: shape (n,), m²."""
        both = np.r_[0 : len(self.pairs.first), 0 : len(self.pairs.first)]
        return covered_m2(len(self.area_m2), np.r_[self.pairs.first, self.pairs.second], self.pairs.taken(both))

    def lost_evenly_m2(self) -> Floats:
        """What each loses if ground under k of them counts 1/k for each: shape (n,), m²."""
        plain, stacked = _lost_evenly_m2(len(self.area_m2), self.pairs)
        # Faces are found on a grid, which moves their areas by millionths: in all they are what the unions of pieces say.
        rest_m2 = float(self.area_m2.sum()) - self.land_m2 - plain.sum()
        return plain + (stacked * (rest_m2 / stacked.sum()) if stacked.any() else stacked)

    def within(self, group: Integers) -> Ground:
        """Only what is shared inside a group: shape (n,), any integers."""
        return Ground(self.area_m2, self.pairs.taken(group[self.pairs.first] == group[self.pairs.second]))

    @cached_property
    def land_m2(self) -> float:
        """The ground that all of them cover, counted once."""
        return float(self.area_m2.sum() - self.lost_m2(np.arange(len(self.area_m2))).sum())


def ground_of(geometries: Geometries, *, area_m2: Floats | None = None) -> Ground:
    """What counting the ground of geometries once needs; the areas of record are computed where not given."""
    shapes = without_faults(in_degrees(geometries))  # of a ring that crosses itself only the mended one has ground
    return Ground(area_of_record_m2(shapes) if area_m2 is None else area_m2, overlaps(shapes))


def land_area_m2(geometries: Geometries) -> float:
    """The ground that the geometries cover, counted once: m² on the ellipsoid.

    Examples
    --------
    >>> square = shapely.box(105.0, 25.0, 105.001, 25.001)
    >>> twice = land_area_m2(np.array([square, square, None]))
    >>> once = area_of_record_m2([square])[0]
    >>> bool(abs(twice - once) < 1e-3)
    True
    """
    return ground_of(geometries).land_m2


def covered_m2(count: int, owner: Integers, pairs: Overlaps) -> Floats:
    """For each owner the ground under its pieces, counted once: shape (count,), m².

    Parameters
    ----------
    owner
        Shape (pairs,), below ``count``: to whom each piece belongs.
    """
    pairs = _in_one_plane(owner, pairs, count=count)
    covered = np.bincount(owner, weights=pairs.area_m2, minlength=count).astype(np.float64)
    one, other = _colliding(owner, pairs)
    if not len(one):
        return covered
    # Where pieces of one owner lie on each other, the pieces that hang together are united.
    group = connected(len(owner), one, other)
    members = np.flatnonzero(np.bincount(group, minlength=len(group))[group] > 1)
    labels, place = np.unique(group[members], return_inverse=True)
    under_m2 = ground_area_m2(united(pairs.planar[members], place, len(labels)))
    over_m2 = np.bincount(place, weights=pairs.area_m2[members]) - under_m2
    return covered - np.bincount(owner[labels], weights=over_m2, minlength=count)


def _in_one_plane(owner: Integers, pairs: Overlaps, *, count: int) -> Overlaps:
    """The pieces of each owner in one plane, that of the westernmost zone that any has."""
    lowest = np.full(count, np.iinfo(np.intp).max)
    np.minimum.at(lowest, owner, pairs.zone)
    away = np.flatnonzero(pairs.zone != lowest[owner])
    if not len(away):
        return pairs
    planar, zone = pairs.planar.copy(), lowest[owner]
    planar[away] = zone_by_zone(to_plane, pairs.taken(away).shared(), zone[away])
    return pairs._replace(planar=planar, zone=zone)


def _colliding(owner: Integers, pairs: Overlaps) -> tuple[Integers, Integers]:
    """Pairs of pieces of the same owner, in one plane, whose insides meet."""
    several = np.flatnonzero(np.bincount(owner)[owner] > 1)
    if not len(several):
        return several, several
    boxes = _apart(shapely.bounds(pairs.planar[several]), owner[several])
    one, other = shapely.STRtree(boxes).query(boxes)
    once = one < other
    return _inside_meeting(pairs.planar, several[one[once]], several[other[once]])


def _apart(bounds: Floats, owner: Integers) -> Geometries:
    """Boxes moved so that those of different owners are nowhere near each other: many may lie on one spot."""
    _, place = np.unique(owner, return_inverse=True)
    corner, far = np.full((place.max() + 1, 2), np.inf), np.full((place.max() + 1, 2), -np.inf)
    np.minimum.at(corner, place, bounds[:, :2])
    np.maximum.at(far, place, bounds[:, 2:])
    step = 2 * (far - corner).max() + 1
    columns = int(np.ceil(np.sqrt(len(corner))))
    shift = np.column_stack([place % columns, place // columns]) * step - corner[place]
    return np.asarray(shapely.box(*(bounds + np.tile(shift, 2)).T), dtype=object)


def _inside_meeting(planar: Geometries, one: Integers, other: Integers) -> tuple[Integers, Integers]:
    if not len(one):  # relate_pattern takes no empty arrays
        return one, other
    meeting = in_threads(_insides_meet, planar[one], planar[other])
    return one[meeting], other[meeting]


def _insides_meet(one: Geometries, other: Geometries) -> Booleans:
    return np.asarray(shapely.relate_pattern(one, other, "T********"), dtype=np.bool_)


def _moved(shapes: Geometries, by_m: Floats) -> Geometries:
    """The shapes, each moved by its own way: shape (n, 2), m."""
    xy_m, row = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy_m + by_m[row]), dtype=object)


def _united_rows(table: Geometries) -> Geometries:
    try:
        return np.asarray(shapely.union_all(table, axis=1), dtype=object)
    except shapely.GEOSException:
        return np.array([_united_row(row) for row in table], dtype=object)


def _united_row(pieces: Geometries) -> shapely.Geometry:
    try:
        return shapely.union_all(pieces)
    except shapely.GEOSException:  # edges of one boundary that came out of two overlays part by a nanometre: on a grid they are one again
        return shapely.union_all(pieces, grid_size=_GRID_M)


def united(planar: Geometries, group: Integers, count: int) -> Geometries:
    """The union of each group's pieces, shape (count,): groups of much the same size together, in one table each.

    Near a corner of its own: where coordinates have seven digits before the point, GEOS snaps by millimetres to find its way.
    """
    origin = np.zeros((count, 2))
    origin[group[::-1]] = np.floor(shapely.bounds(planar[::-1])[:, :2])
    planar = _moved(planar, -origin[group])
    size = np.bincount(group, minlength=count)
    column = np.empty(len(group), dtype=np.intp)
    order = np.argsort(group, kind="stable")
    column[order] = np.arange(len(group)) - np.repeat(np.cumsum(size) - size, size)
    made = np.empty(count, dtype=object)
    width = np.ceil(np.log2(size)).astype(np.intp)
    for power in np.unique(width):
        rows = np.flatnonzero(width == power)
        place = np.zeros(count, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        chosen = width[group] == power
        table = np.full((len(rows), 2**power), None, dtype=object)
        table[place[group[chosen]], column[chosen]] = planar[chosen]
        made[rows] = in_threads(_united_rows, table)
    return _moved(polygons_only(made), origin)


class Cells(NamedTuple):
    """Shared ground cut up so that on each cell the same geometries lie throughout: the areas, and who lies on which.

    ``area_m2``: shape (cells,); ``cell`` and ``position``, shape (lying,): a geometry that lies on a cell, cell by cell. The first
    ``whole`` cells are what pairs share where no third lies.
    """

    area_m2: Floats
    cell: Integers
    position: Integers
    whole: int

    def lying(self) -> Integers:
        """How many lie on each cell, two at least: shape (cells,)."""
        return np.bincount(self.cell, minlength=len(self.area_m2))


def cells_of(count: int, pairs: Overlaps) -> Cells:
    """The ground under pairs of ``count`` geometries, cut into cells.

    The land that any selection of the geometries covers is their areas less, of each cell, its area for every one of them beyond the first
    that lies on it; all pairs of the selection must be among the pairs.

    Examples
    --------
    >>> squares = np.array([shapely.box(105.0 + at, 25.0, 105.002 + at, 25.002) for at in (0, 0.001)])
    >>> cells = cells_of(2, overlaps(squares))
    >>> cells.area_m2.round(0).tolist(), cells.position.tolist()
    ([22365.0], [0, 1])
    """
    pairs = _in_one_plane(connected(count, pairs.first, pairs.second)[pairs.first], pairs, count=count)
    # Where a third lies on a piece, it has a piece of its own there with either of the two.
    both = np.r_[0 : len(pairs.first), 0 : len(pairs.first)]
    one, other = _colliding(np.r_[pairs.first, pairs.second], pairs.taken(both))
    stacked = np.zeros(len(pairs.first), dtype=np.bool_)
    stacked[both[one]] = stacked[both[other]] = True
    plain, deep = pairs.taken(~stacked), pairs.taken(stacked)
    whole = len(plain.first)
    made = Cells(plain.area_m2, np.repeat(np.arange(whole), 2), np.column_stack([plain.first, plain.second]).reshape(-1), whole)
    for zone in np.unique(deep.zone):
        made = _with_stacks(made, deep.taken(deep.zone == zone))
    return made


def _with_stacks(cells: Cells, pairs: Overlaps) -> Cells:
    """Cells, and those where three or more lie on each other: the plane cut into faces, and of each face who lies on it."""
    # Edges of one boundary that came out of two overlays part by a nanometre; on a grid they are one again, and leave no hairs.
    lines = shapely.union_all(shapely.boundary(pairs.planar), grid_size=_GRID_M)
    faces = np.asarray(shapely.get_parts(shapely.polygonize([lines])), dtype=object)
    inside = shapely.point_on_surface(faces)
    face, piece = shapely.STRtree(pairs.planar).query(inside, predicate="intersects")
    lying = np.unique(np.column_stack([np.r_[face, face], np.r_[pairs.first[piece], pairs.second[piece]]]), axis=0)
    covered, cell = np.unique(lying[:, 0], return_inverse=True)
    return Cells(
        np.r_[cells.area_m2, ground_area_m2(faces[covered])],
        np.r_[cells.cell, cell.reshape(-1) + len(cells.area_m2)],
        np.r_[cells.position, lying[:, 1]],
        cells.whole,
    )


def _lost_evenly_m2(count: int, pairs: Overlaps) -> tuple[Floats, Floats]:
    """What each loses where two lie on each other, and where three or more do."""
    cells = cells_of(count, pairs)
    share = cells.area_m2[cells.cell] * (1 - 1 / cells.lying()[cells.cell])
    plain = cells.cell < cells.whole
    in_pairs, in_stacks = (np.bincount(cells.position[part], weights=share[part], minlength=count) for part in (plain, ~plain))
    return in_pairs.astype(np.float64), in_stacks.astype(np.float64)
