"""The area of record and the ground counted once, beside what else one would use, on the same parcels in one run.

    python benchmarks/areas.py [PARCELS ...]        10 000, 100 000 and 1 000 000 if not given: a quarter of an hour

For each number of parcels (`parcels`): seconds of the clock and of the processor, memory on top of the parcels, and the peer's
processor time divided by ours. Areas are asked for three times and the best counts; ground once. Peers that are not installed say so
(`peers` has their names and versions); those that take minutes are left out of the largest sets. A line a kind says how far ours are
from the procedure of TD/T 1055 annex D itself, and how the ground agrees with GEOS's union, measured on the ellipsoid alike.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import peers
import shapely
from parcels import Geometries, coarse_parcels, describe, mosaic, parcels
from peers import Measured, measured

from restoration.geometry import area_of_record_m2, ground_area_m2, procedure_area_m2, to_plane
from restoration.overlay import ground_of

CHECKED = 2_000
SLOW = {peers.geod_areas: 100_000, peers.postgis_areas: 100_000, peers.union_all: 100_000, peers.duckdb_union: 100_000,
        peers.postgis_union: 100_000, peers.postgis_union_by_cluster: 100_000}  # fmt: skip
"""Up to how many parcels a peer is asked."""


def main(counts: list[int]) -> None:
    """Measure each set of parcels, then say how time grew with their number."""
    few = [min(*counts, 10_000)]
    for kind, make, sizes in (("digitised", parcels, counts), ("coarse", coarse_parcels, few), ("mosaic", mosaic, few)):
        spent = {}
        for count in sizes:
            shapes = make(count)
            print(f"\n{kind}: {describe(shapes)}")
            spent[len(shapes)] = (_areas(shapes), _ground(shapes))
        for before, after in zip(list(spent), list(spent)[1:], strict=False):
            powers = [np.log(late / early) / np.log(after / before) for early, late in zip(spent[before], spent[after], strict=True)]
            print(f"{kind}: from {before} to {after} parcels areas grew as n^{powers[0]:.2f}, ground as n^{powers[1]:.2f} (clock)")


def _areas(shapes: Geometries) -> float:
    ours = _best(area_of_record_m2, shapes)
    _line("area_of_record_m2 (ours)", ours, ours)
    for peer in (peers.coordinates_alone, *peers.AREAS):
        found = _asked(peer, shapes, times=1 if peer in SLOW else 3)
        if found:
            _line(peer.__name__, found, ours, ours.result.sum())
    off_m2 = np.abs(ours.result[:CHECKED] - procedure_area_m2(shapes[:CHECKED]))
    print(f"  off the procedure by {off_m2.max():.6f} m² at the most, of the first {len(off_m2)}")
    return ours.wall_s


def _ground(shapes: Geometries) -> float:
    ours = measured(ground_of, shapes)
    counted = measured(lambda ground: ground.land_m2, ours.result)
    whole = Measured(ours.wall_s + counted.wall_s, ours.cpu_s + counted.cpu_s, max(ours.peak_mib, counted.peak_mib), counted.result)
    _line("land area (ours)", whole, whole)
    plane_m2 = 0.0  # the peers' ground is in the plane of 105° E: they are compared with the first of them
    for peer in peers.GROUND:
        found = _asked(peer, shapes, times=1)
        if found:
            plane_m2 = plane_m2 or found.result
            _line(peer.__name__, found, whole, plane_m2)
    if len(shapes) <= SLOW[peers.union_all]:
        planar = to_plane(shapes, 35)
        union_m2 = ground_area_m2(np.array([shapely.union_all(planar)], dtype=object))[0]
        twice_m2, ours_m2 = ground_area_m2(planar).sum() - union_m2, ours.result.area_m2.sum() - whole.result
        print(f"  counted again: {ours_m2:.4f} m², by GEOS's union of everything {twice_m2:.4f} m²: {ours_m2 / twice_m2 - 1:+.1e}")
    return whole.wall_s


def _best(function: Callable[[Geometries], Any], shapes: Geometries) -> Measured:
    return min((measured(function, shapes) for _ in range(3)), key=lambda found: found.cpu_s)


def _asked(peer: peers.Peer, shapes: Geometries, *, times: int) -> Measured | None:
    if len(shapes) > SLOW.get(peer, len(shapes)):
        return None
    found = [answer for _ in range(times) if (answer := peer(shapes))]
    return min(found, key=lambda answer: answer.cpu_s) if found else None


def _line(name: str, found: Measured, ours: Measured, expected_m2: float | None = None) -> None:
    ratios = f"{found.cpu_s / ours.cpu_s:8.2f} of our CPU {found.wall_s / ours.wall_s:8.2f} of our clock"
    total_m2 = None if expected_m2 is None or np.ndim(found.result) > 1 else float(np.sum(found.result))
    ratios += "" if total_m2 is None else f"  sum {total_m2 / expected_m2 - 1:+.0e}"
    print(f"  {name:26}{found.wall_s:9.3f} s clock {found.cpu_s:9.3f} s CPU {found.peak_mib:7.0f} MiB {ratios}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
