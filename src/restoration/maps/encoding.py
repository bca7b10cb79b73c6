"""Boundaries as the page carries them: rings on a grid of whole numbers, each point the difference from the one before."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import shapely

from ..ellipsoid import METRES_PER_DEGREE, Integers
from ..errors import BadRequest
from ..geometry import Geometries
from ..text import Text
from .packing import Pack
from .simplifying import Whole32, simplified

Detail: TypeAlias = float | Literal["auto", "full"]
"""How far a drawn boundary may be from the true one, metres; ``full`` draws every point, ``auto`` as many as a page holds with ease."""
FULL_UP_TO = 250_000
"""A map of so many points in all, or fewer, is drawn in full where nothing else is asked for: about 1 MB."""
USUAL_M = 2.0
FINEST_M, COARSEST_M = 0.1, 100.0
FULL_STEP_DEG = 1e-7
"""The grid of a map in full detail: about 1 cm."""
_STEPS = 400_000.0
"""Steps of the grid in a degree for an error of 1 m: a step is then 0.28 m, and rounding takes 0.2 m of the error."""
_HANDFUL = 20_000


class Rings(NamedTuple):
    """Rings of geometries on a grid.

    ``xy``: points of the rings end to end, unclosed, shape (n, 2), in steps of ``step_deg`` degrees, longitude first; ``points``: points of
    each ring; ``rings``: rings of each geometry. ``error_m``: no boundary is farther from the true one; 0.0 if every point is there.
    """

    xy: Whole32
    points: Integers
    rings: Integers
    step_deg: float
    error_m: float


def rings_of(geometries: Geometries, *, detail: Detail = "auto") -> Rings:
    """Polygons and multipolygons in degrees, shape (n,), on a grid; ``None`` and empty have no ring.

    Shells run counter-clockwise and holes clockwise, so that filling by the non-zero rule leaves holes open and
    overlapping sites full. A boundary that two sites share stays shared (`restoration.maps.simplifying`).

    Raises
    ------
    BadRequest
        ``detail`` is neither a word nor a number of metres from 0.1 to 100.

    Examples
    --------
    >>> rings_of(np.array([shapely.box(0, 0, 2e-7, 1e-7)])).xy.tolist()
    [[2, 0], [2, 1], [0, 1], [0, 0]]
    """
    error_m = _error_m(geometries, detail)
    step_deg = error_m / _STEPS if error_m else FULL_STEP_DEG
    handfuls = [_on_grid(geometries[at : at + _HANDFUL], step_deg) for at in range(0, len(geometries), _HANDFUL)] or [
        _on_grid(geometries, step_deg)
    ]
    xy, points, rings = (np.concatenate(parts) for parts in zip(*handfuls, strict=True))
    if error_m:
        metres = np.array([_narrowest(xy, step_deg), 1.0]) * METRES_PER_DEGREE * step_deg
        rounding_m = float(np.hypot(*metres)) / 2
        xy, points = simplified(xy, points, metres=metres, tolerance_m=error_m - rounding_m)
    return Rings(xy, points, rings, step_deg, error_m)


def _error_m(geometries: Geometries, detail: Detail) -> float:
    if detail == "auto":
        return USUAL_M if int(shapely.get_num_coordinates(geometries).sum()) > FULL_UP_TO else 0.0
    if detail == "full":
        return 0.0
    if isinstance(detail, str) or not FINEST_M <= detail <= COARSEST_M:
        raise BadRequest(
            Text(f"地图的详细程度不能是 {detail}。", f"The detail of a map cannot be {detail}."),
            Text(
                f"请给出 full（全部拐点）或 {FINEST_M:g} 到 {COARSEST_M:g} 之间的米数。",
                f"Say full (every point) or a number of metres from {FINEST_M:g} to {COARSEST_M:g}.",
            ),
        )
    return float(detail)


def _on_grid(geometries: Geometries, step_deg: float) -> tuple[Whole32, Integers, Integers]:
    oriented = np.asarray(shapely.orient_polygons(geometries), dtype=object)
    polygons, owner = shapely.get_parts(oriented, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint(xy / step_deg).astype(np.int32)
    kept = np.zeros(len(grid), dtype=np.bool_)
    kept[:-1] = (ring[1:] == ring[:-1]) & (grid[1:] != grid[:-1]).any(axis=1)  # the last of a ring is its first, once more
    vanished = np.bincount(ring[kept], minlength=len(rings)) == 0
    kept[np.searchsorted(ring, np.flatnonzero(vanished))] = True
    return grid[kept], np.bincount(ring[kept], minlength=len(rings)), np.bincount(owner[polygon], minlength=len(oriented))


def _narrowest(xy: Whole32, step_deg: float) -> float:
    """A degree of longitude against one of latitude where it is longest, so that no distance is taken for less than it is."""
    nearest_deg = float(np.abs(xy[:, 1]).min(initial=0 if not len(xy) else np.iinfo(np.int32).max)) * step_deg
    return float(np.cos(np.radians(nearest_deg)))


def add_rings(pack: Pack, made: Rings) -> None:
    """Put rings into a pack: of each ring its first point, from that of the ring before; of the others the way from the last one."""
    first = np.zeros(len(made.xy), dtype=np.bool_)
    starts = np.cumsum(made.points) - made.points
    first[starts] = True
    steps = np.diff(made.xy, axis=0, prepend=made.xy[:1])[~first]
    leaps = np.diff(made.xy[starts], axis=0, prepend=np.zeros((1, 2), dtype=np.int32))
    pack.add_text("step_deg", made.step_deg)
    pack.add("rings", made.rings)
    pack.add("points", made.points)
    for axis, letter in enumerate("xy"):
        pack.add(f"first_{letter}", leaps[:, axis])
        pack.add(f"step_{letter}", steps[:, axis])
