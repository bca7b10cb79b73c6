"""Parcels such as a restoration ledger holds, made up: irregular, in clusters, some of them on one another.

    python benchmarks/parcels.py [PARCELS]

`parcels(count)` are digitised boundaries: rings of 20 to 200 vertices, edges mostly of 5 to 60 m (0.4 % are over 70 m), areas log-normal
around 3 ha. `coarse_parcels(count)` are the harder case for a formula that wants short edges: 5 to 36 vertices, edges mostly of
60 to 400 m, around 10 ha. Both lie on one grid of clusters that grows with the count, so that the density stays the same: 10 000
parcels take some 54 km × 54 km around 105.2° E 25.1° N, a million 540 km × 540 km within 103–109° E, 23–28° N.

Cells of a rectangle cut in two again and again hold one parcel each; what two neighbours (the halves of one cell) have with one
another is drawn:

- 6 % of the pairs, and 4 % of the fours, are drawn together until they overlap;
- 20 % are one parcel cut in two along a line that both share to the last bit, and for 1 % that line was digitised twice: slivers;
- 2 % are one parcel entered twice, and 1 % one parcel entered twice half a metre apart (so 1 % and 0.5 % of all parcels are copies).

3 % of the parcels have a hole, 2 % two parts. The rings go around a middle, so none crosses itself; shells run counter-clockwise and
holes clockwise. About 12 % of the parcels share ground with another, a quarter of those in groups of three or four; 20 % have an
edge in common with one neighbour, none with more: a mosaic without gaps this is not. The same seed gives the same parcels, and
`parcels(1000)` are the first of `parcels(2000)`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]
Bools: TypeAlias = NDArray[np.bool_]
Geometries: TypeAlias = NDArray[np.object_]

SEED = 20_211_231
MIDDLE_DEG, WINDOW_DEG = (105.2, 25.1), ((103.05, 108.95), (23.05, 27.95))
LATITUDE_M, LONGITUDE_M = 110_770.0, 111_390.0  # a degree at 25° N; of longitude before the cosine
HALF_A_METRE_DEG = np.array([4e-6, 3e-6])
CUTS = 7
CLUSTER = 2**CUTS
CHUNK = 64  # clusters that are drawn from one generator: part of what a seed means
MULTIPLE, SINGLE = shapely.GeometryType.MULTIPOLYGON, shapely.GeometryType.POLYGON

TOGETHER, FOURS, CUT, SLIVERS, TWICE, NEARLY = 0.06, 0.04, 0.20, 0.01, 0.02, 0.01
HOLES, PARTS = 0.038, 0.026  # of those that are not cut in two


@dataclass(frozen=True)
class Kind:
    """Sizes of one kind of parcel: a cluster's grid, the mean cell, the distance of vertices, how many there may be."""

    grid_m: float
    cell_m2: float
    edge_m: float
    edge_spread: float
    fewest: int
    most: int
    largest_m2: float


DIGITISED = Kind(grid_m=6_100, cell_m2=127_000, edge_m=22, edge_spread=0.6, fewest=20, most=200, largest_m2=600_000)
COARSE = Kind(grid_m=12_200, cell_m2=508_000, edge_m=280, edge_spread=0.3, fewest=5, most=30, largest_m2=2_400_000)


def parcels(count: int, *, seed: int = SEED) -> Geometries:
    """Digitised parcels: shape (count,), Polygons and some MultiPolygons in degrees on CGCS2000 (EPSG:4490), longitude first.

    Raises
    ------
    ValueError
        More than a million or so: the window is full.
    """
    return np.concatenate([np.empty(0, dtype=object), *chunks(count, seed=seed)])


def coarse_parcels(count: int, *, seed: int = SEED) -> Geometries:
    """The same with few vertices and long edges; the window holds a quarter million."""
    return np.concatenate([np.empty(0, dtype=object), *chunks(count, kind=COARSE, seed=seed)])


def chunks(count: int, *, kind: Kind = DIGITISED, seed: int = SEED) -> Iterator[Geometries]:
    """The parcels some thousand at a time, for who does not want to hold them all."""
    middles = _middles(kind)
    if count > CLUSTER * len(middles):
        raise ValueError(f"at most {CLUSTER * len(middles)} parcels have room at this density")
    for number, first in enumerate(range(0, count, CHUNK * CLUSTER)):
        some = middles[number * CHUNK : (number + 1) * CHUNK]
        yield _clusters(np.random.default_rng([seed, number]), some, kind)[: count - first]


def _middles(kind: Kind) -> Floats:
    """Where clusters lie, metres east and north of the middle, from the inside out."""
    scales_m = (LONGITUDE_M * np.cos(np.radians(WINDOW_DEG[1][1])), LATITUDE_M)
    spans = []
    for middle, (low, high), scale_m in zip(MIDDLE_DEG, WINDOW_DEG, scales_m, strict=True):
        back, forth = (int(room * scale_m / kind.grid_m - 0.5) for room in (middle - low, high - middle))
        spans.append(np.arange(-back, forth + 1))
    grid = np.stack(np.meshgrid(*spans), axis=-1).reshape(-1, 2)
    inside_out = np.lexsort((grid[:, 0], grid[:, 1], np.abs(grid).max(axis=1)))
    return np.asarray(grid[inside_out] * kind.grid_m, dtype=np.float64)


def _degrees(x: Floats, y: Floats) -> Floats:
    latitude = MIDDLE_DEG[1] + y / LATITUDE_M
    return np.column_stack([MIDDLE_DEG[0] + x / (LONGITUDE_M * np.cos(np.radians(latitude))), latitude])


@dataclass(frozen=True)
class Frames:
    """A place for each parcel: the middle in its cluster, half the sides (all metres), the cluster's place and turn."""

    x: Floats
    y: Floats
    half_x: Floats
    half_y: Floats
    cluster: Floats
    turn: Floats

    def at(self, rows: Integers, u: Floats, v: Floats) -> Floats:
        """Degrees of places that are given in the frames of rows: each from −1 to 1."""
        x, y = self.x[rows] + self.half_x[rows] * u, self.y[rows] + self.half_y[rows] * v
        cos, sin = np.cos(self.turn)[rows], np.sin(self.turn)[rows]
        return _degrees(self.cluster[rows, 0] + cos * x - sin * y, self.cluster[rows, 1] + sin * x + cos * y)

    def of(self, rows: Integers) -> Frames:
        """Some of them."""
        return Frames(self.x[rows], self.y[rows], self.half_x[rows], self.half_y[rows], self.cluster[rows], self.turn[rows])


def _frames(chance: Generator, middles: Floats, kind: Kind) -> Frames:
    """Cells of rectangles that are cut in two across their longer side, again and again; halves of one cell stand side by side."""
    area = CLUSTER * kind.cell_m2 * np.exp(chance.normal(0, 0.15, len(middles)))
    aspect = np.exp(chance.uniform(-0.4, 0.4, len(middles)))
    wide, high = np.sqrt(area * aspect)[:, None], np.sqrt(area / aspect)[:, None]
    x, y = np.zeros_like(wide), np.zeros_like(high)
    for _ in range(CUTS):
        share = np.clip(1 / (1 + np.exp(chance.normal(0, 0.8, wide.shape))), 0.12, 0.88)
        across = wide >= high
        at_x, at_y = np.where(across, share, 1.0), np.where(across, 1.0, share)
        x = _side_by_side(x - wide * (1 - at_x) / 2, x + np.where(across, wide * share / 2, 0))
        y = _side_by_side(y - high * (1 - at_y) / 2, y + np.where(across, 0, high * share / 2))
        wide = _side_by_side(wide * at_x, np.where(across, wide * (1 - share), wide))
        high = _side_by_side(high * at_y, np.where(across, high, high * (1 - share)))
    turn = np.repeat(chance.uniform(0, np.pi, len(middles)), CLUSTER)
    return Frames(x.ravel(), y.ravel(), wide.ravel() / 2, high.ravel() / 2, np.repeat(middles, CLUSTER, axis=0), turn)


def _side_by_side(first: Floats, second: Floats) -> Floats:
    return np.stack([first, second], axis=-1).reshape(len(first), -1)


def _clusters(chance: Generator, middles: Floats, kind: Kind) -> Geometries:
    """All parcels of some clusters."""
    frames = _frames(chance, middles, kind)
    count = len(frames.x)
    relation = chance.random(count // 2)
    bounds = np.cumsum([TOGETHER, CUT - SLIVERS, SLIVERS, TWICE, NEARLY])
    drawn, cut, sliver, twice, nearly = (np.flatnonzero(np.digitize(relation, bounds) == number) for number in range(len(bounds)))
    frames = _drawn_together(chance, frames, drawn)
    made = np.empty(count, dtype=object)
    is_cut = np.zeros(count // 2, dtype=np.bool_)
    is_cut[cut], is_cut[sliver] = True, True
    whole = np.flatnonzero(np.repeat(~is_cut, 2))
    made[whole] = _whole(chance, frames.of(whole), kind)
    both = np.flatnonzero(is_cut)
    made[2 * both], made[2 * both + 1] = _halves(chance, _joined(frames, both), kind, is_twice=np.isin(both, sliver))
    made[2 * twice + 1] = shapely.from_wkb(shapely.to_wkb(made[2 * twice]))
    made[2 * nearly + 1] = shapely.transform(made[2 * nearly], lambda xy: xy + HALF_A_METRE_DEG)
    return made


def _drawn_together(chance: Generator, frames: Frames, pairs: Integers) -> Frames:
    """Frames of pairs, and of some fours, moved towards the middle of the group."""
    kept = np.ones(len(frames.x))
    kept[2 * pairs] = kept[2 * pairs + 1] = chance.uniform(0.3, 0.75, len(pairs))
    fours = np.flatnonzero(chance.random(len(frames.x) // 4) < FOURS)
    x, y = frames.x.copy(), frames.y.copy()
    for values in (x, y):
        in_pairs = values.reshape(-1, 2)
        values[:] = ((in_pairs - in_pairs.mean(axis=1, keepdims=True)) * kept.reshape(-1, 2) + in_pairs.mean(axis=1, keepdims=True)).ravel()
        in_fours = values.reshape(-1, 4)
        middle = in_fours[fours].mean(axis=1, keepdims=True)
        in_fours[fours] = middle + 0.6 * (in_fours[fours] - middle)
    return Frames(x, y, frames.half_x, frames.half_y, frames.cluster, frames.turn)


def _joined(frames: Frames, pairs: Integers) -> Frames:
    """The cells that pairs are the halves of."""
    first, second = frames.of(2 * pairs), frames.of(2 * pairs + 1)
    low_x, high_x = _span(first.x, first.half_x, second.x, second.half_x)
    low_y, high_y = _span(first.y, first.half_y, second.y, second.half_y)
    middle_x, middle_y = (low_x + high_x) / 2, (low_y + high_y) / 2
    return Frames(middle_x, middle_y, (high_x - low_x) / 2, (high_y - low_y) / 2, first.cluster, first.turn)


def _span(first: Floats, half_first: Floats, second: Floats, half_second: Floats) -> tuple[Floats, Floats]:
    return np.minimum(first - half_first, second - half_second), np.maximum(first + half_first, second + half_second)


@dataclass(frozen=True)
class Rounds:
    """Rings around the middle of their frames, end to end: the angle and radius of each vertex, in the frame."""

    angle: Floats
    radius: Floats
    ring: Integers
    start: Integers
    count: Integers


def _rounds(chance: Generator, frames: Frames, kind: Kind, *, phase: Floats | float = 0.0, more: float = 1.0) -> Rounds:
    """A sum of a few waves around a middle, with a vertex every few metres and a little noise."""
    total = len(frames.x)
    fill = chance.uniform(0.78, 0.98, total)
    fill = np.minimum(fill, np.sqrt(kind.largest_m2 / (1.9 * frames.half_x * frames.half_y)))
    edge_m = kind.edge_m * np.exp(chance.normal(0, kind.edge_spread, total))
    around_m = 0.85 * 2 * np.pi * np.sqrt((frames.half_x**2 + frames.half_y**2) / 2) * fill
    count = np.clip(np.rint(around_m / edge_m), more * kind.fewest, more * kind.most).astype(np.intp)
    start = np.cumsum(count) - count
    ring = np.repeat(np.arange(total), count)
    place = (np.arange(len(ring)) - start[ring]) + chance.uniform(-0.35, 0.35, len(ring))
    angle = (2 * np.pi / count)[ring] * place
    waves = np.zeros(len(ring))
    for order in range(1, 7):
        waves += chance.normal(0, 0.19 / order**0.8, total)[ring] * np.cos(order * angle + chance.uniform(0, 2 * np.pi, total)[ring])
    radius = np.exp(waves) * (1 + chance.uniform(-0.15, 0.15, len(ring)) * (2 * np.pi / np.maximum(count, 20))[ring])
    radius *= (fill / np.maximum.reduceat(radius, start))[ring]
    return Rounds(angle + np.broadcast_to(phase, total)[ring], radius, ring, start, count)


def _whole(chance: Generator, frames: Frames, kind: Kind) -> Geometries:
    """One parcel in each frame, some with a hole, some in two parts."""
    rounds = _rounds(chance, frames, kind)
    xy = frames.at(rounds.ring, rounds.radius * np.cos(rounds.angle), rounds.radius * np.sin(rounds.angle))
    made = _polygons(xy, _closed(rounds.count) + np.repeat(rounds.start, rounds.count + 1), rounds.count + 1)
    every = np.arange(len(made))
    middle = frames.at(every, np.zeros(len(made)), np.zeros(len(made)))
    luck = chance.random(len(made))
    holed, parted = np.flatnonzero(luck < HOLES), np.flatnonzero(luck > 1 - PARTS)
    holes = _shrunk(made[holed], middle[holed], middle[holed], chance.uniform(0.2, 0.5, len(holed)))
    made[holed] = shapely.polygons(shapely.get_exterior_ring(made[holed]), shapely.reverse(shapely.get_exterior_ring(holes))[:, None])
    corner = frames.at(parted, np.full(len(parted), 0.76), np.where(luck[parted] > 1 - PARTS / 2, 0.76, -0.76))
    main = _shrunk(made[parted], middle[parted], middle[parted], np.full(len(parted), 0.78))
    other = _shrunk(made[parted], middle[parted], corner, np.full(len(parted), 0.22))
    made[parted] = shapely.multipolygons(np.column_stack([main, other]))
    return made


def _shrunk(shapes: Geometries, middle: Floats, to: Floats, scale: Floats) -> Geometries:
    """Each polygon made smaller around its middle, which goes to another place."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    moved = to[owner] + scale[owner, None] * (xy - middle[owner])
    return np.asarray(shapely.set_coordinates(shapes.copy(), moved), dtype=object)


def _closed(counts: Integers) -> Integers:
    """0, 1, …, count − 1, 0 for each ring."""
    ends = np.cumsum(counts + 1)
    places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts - 1, counts + 1)
    places[ends - 1] = 0
    return places


def _polygons(xy: Floats, picked: Integers, lengths: Integers) -> Geometries:
    offsets = np.r_[0, np.cumsum(lengths)]
    made = shapely.from_ragged_array(SINGLE, xy[picked], (offsets, np.arange(len(offsets))))
    return np.asarray(made, dtype=object)


def _halves(chance: Generator, frames: Frames, kind: Kind, *, is_twice: Bools) -> tuple[Geometries, Geometries]:
    """One parcel a frame, cut across its longer side from the first vertex through the middle to the opposite one.

    The line goes inward and outward again within a narrow angle, so that it crosses neither itself nor the ring. Where it was
    digitised twice, the second half has a line of its own, a metre or so beside the first's.
    """
    phase = np.where(frames.half_x >= frames.half_y, np.pi / 2, 0.0)
    rounds = _rounds(chance, frames, kind, phase=phase, more=1.2)
    opposite = rounds.count // 2
    inner = rounds.count // 3
    line = np.repeat(np.arange(len(inner)), inner)
    line_start = np.cumsum(inner) - inner
    along = (np.arange(len(line)) - line_start[line] + 1) / (inner[line] + 1)
    goal = np.where(along < 0.5, rounds.start[line], (rounds.start + opposite)[line])
    depth = np.abs(1 - 2 * along)
    aside = (1 - depth) * (0.2 * np.sin(9 * along + phase[line]) + chance.uniform(-0.05, 0.05, len(line)))
    again_m = chance.uniform(-1.5, 1.5, len(line)) / np.minimum(frames.half_x, frames.half_y)[line]
    again = aside + np.where(is_twice[line], (1 - depth) * np.clip(again_m / np.maximum(depth, 0.1), -0.04, 0.04), 0.0)
    angle = np.concatenate([rounds.angle, rounds.angle[goal] + aside, rounds.angle[goal] + again])
    radius = np.concatenate([rounds.radius, *2 * (rounds.radius[goal] * depth,)])
    xy = frames.at(np.concatenate([rounds.ring, line, line]), radius * np.cos(angle), radius * np.sin(angle))
    first_line, second_line = len(rounds.ring) + line_start, len(rounds.ring) + len(line) + line_start
    # The first half goes along the ring to the opposite vertex and home by the line; the second from there on, and back by it.
    first = _half(xy, (rounds.start, opposite + 1), (first_line + inner - 1, inner, -1), rounds)
    second = _half(xy, (rounds.start + opposite, rounds.count - opposite + 1), (second_line, inner, 1), rounds)
    return first, second


def _half(xy: Floats, arc: tuple[Integers, Integers], line: tuple[Integers, Integers, int], rounds: Rounds) -> Geometries:
    """A part of each ring, then a line, then the first vertex again."""
    (arc_start, arc_count), (line_start, line_count, step) = arc, line
    counts = arc_count + line_count
    place = _closed(counts)
    ring = np.repeat(np.arange(len(counts)), counts + 1)
    on_arc = arc_start[ring] + place
    on_arc = np.where(on_arc >= (rounds.start + rounds.count)[ring], on_arc - rounds.count[ring], on_arc)
    on_line = line_start[ring] + step * (place - arc_count[ring])
    return _polygons(xy, np.where(place < arc_count[ring], on_arc, on_line), counts + 1)


def mosaic(count: int, *, seed: int = SEED) -> Geometries:
    """A mosaic without gaps, every boundary digitised once for each side: neighbours overlap by centimetres, and all hang together.

    Cells around random points, 3 ha on average in one square, a vertex every 20 m, each moved by 5 cm.
    """
    chance = np.random.default_rng([seed, 3])
    side = np.sqrt(count * 30_000.0)
    points = shapely.multipoints(chance.uniform(-side / 2, side / 2, (count, 2)))
    frame = shapely.box(-side / 2, -side / 2, side / 2, side / 2)
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame)), frame)
    dense = shapely.segmentize(cells, 20.0)
    xy, ring = shapely.get_coordinates(dense, return_index=True)
    moved = xy + chance.normal(0, 0.05, xy.shape)
    ends = np.flatnonzero(np.r_[ring[1:] != ring[:-1], True])
    moved[ends] = moved[np.r_[0, ends[:-1] + 1]]
    made = np.asarray(shapely.polygons(shapely.linearrings(_degrees(*moved.T), indices=ring)), dtype=object)
    return made[shapely.is_valid(made)]


def describe(some: Geometries, *, sample: int = 20_000) -> str:
    """One line about parcels: edges and overlaps of the first ``sample`` only."""
    few = some[:sample]
    edge_m = _edges_m(few)
    low, high = np.percentile(edge_m, [5, 95])
    area_ha = shapely.area(few) * LATITUDE_M * LONGITUDE_M * np.cos(np.radians(shapely.bounds(few)[:, 1])) / 1e4
    vertices = shapely.get_num_coordinates(some)
    alone, in_groups = _overlapping(few)
    return (
        f"{len(some)} parcels, {vertices.sum()} vertices ({vertices.min()}–{vertices.max()}, mean {vertices.mean():.0f}); "
        f"edges {np.median(edge_m):.0f} m ({low:.0f}–{high:.0f}), {(edge_m > 70).mean():.1%} over 70 m; "
        f"areas {np.median(area_ha):.1f} ha ({area_ha.min():.2f}–{area_ha.max():.0f}, mean {area_ha.mean():.1f}); "
        f"{alone + in_groups:.1%} share ground with another, {in_groups:.1%} in groups of three and more"
    )


def _edges_m(shapes: Geometries) -> Floats:
    """Lengths of all edges, good to a few per mille."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.diff(xy, axis=0)[ring[1:] == ring[:-1]]
    latitude = np.radians(xy[1:, 1][ring[1:] == ring[:-1]])
    east_m, north_m = step[:, 0] * LONGITUDE_M * np.cos(latitude), step[:, 1] * LATITUDE_M
    return np.asarray(np.hypot(east_m, north_m), dtype=np.float64)


def _overlapping(shapes: Geometries) -> tuple[float, float]:
    """The shares of parcels whose ground meets that of one other, and of those in larger groups."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left != right], right[left != right]
    meets = shapely.relate_pattern(shapes[left], shapes[right], "T********") if len(left) else np.zeros(0, dtype=np.bool_)
    partners = np.bincount(left[meets], minlength=len(shapes))
    busy = partners > 1
    busy[left[meets][busy[right[meets]]]] = True
    return float(((partners > 0) & ~busy).mean()), float(busy.mean())


def main(count: int) -> None:
    """Say what was made."""
    print(describe(parcels(count)))
    print(describe(coarse_parcels(count)))
    print(describe(mosaic(count)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
