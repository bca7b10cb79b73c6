"""A boundary that was walked: whether its track closes, how even it is, how uncertain the area that it bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from pyproj import Geod

from ..data import builtin
from ..ellipsoid import Floats
from ..model import Finding
from ..text import Text
from .rings import Polygon
from .rule import Where
from .rules_formats import walk_closed, walk_not_closed, walk_sparse, walk_told

_FEWEST = 3  # corners of a polygon
_NORMAL = 0.6745  # the median of the absolute deviations of a normal distribution, in standard deviations
_CHORD = np.sqrt(1.5)  # a point off the middle of its neighbours: its own error, and half of each neighbour's, in variance 1 + 1/4 + 1/4


@dataclass(frozen=True)
class Stretch:
    """Points walked without a break.

    Attributes
    ----------
    points
        Shape (n, 2): longitude and latitude, degrees, WGS84.
    hdops
        Shape (n,): NaN where the file has none.
    times
        One a point, ``None`` where the file has none.
    """

    points: Floats
    hdops: Floats
    times: Sequence[datetime | None]


@dataclass(frozen=True)
class Walked:
    """The polygons of a track, or the finding that refuses it, and what is told of it."""

    polygons: list[Polygon]
    wrong: Finding | None
    findings: tuple[Finding, ...]


def bounded(stretches: Sequence[Stretch], where: Where) -> Walked:
    """The ground that a track goes around.

    A stretch that closes by itself is a polygon; where not all do, the stretches are one walk with breaks, in the order of the
    file, and every gap counts, the last one too.
    """
    limit_m = float(builtin("tracks")["closing"]["gap_m"])
    walks = [stretch for stretch in stretches if len(stretch.points)]
    if len(walks) > 1 and all(len(one.points) > _FEWEST and _gaps_m([one])[0] <= limit_m for one in walks):
        found = [_one([walk], where, limit_m) for walk in walks]
    else:
        found = [_one(walks, where, limit_m)] if walks else []
    wrong = next((one.wrong for one in found if one.wrong), None)
    told = tuple(finding for one in found for finding in one.findings)
    return Walked([polygon for one in found for polygon in one.polygons], wrong, told)


def _one(walks: Sequence[Stretch], where: Where, limit_m: float) -> Walked:
    points = np.concatenate([walk.points for walk in walks])
    if len(np.unique(points, axis=0)) < _FEWEST:
        return Walked([[points]], None, ())  # no boundary: found out where all shapes are judged
    gap_m = float(_gaps_m(walks).max())
    if gap_m > limit_m:
        return Walked([], walk_not_closed(where, gap_m, limit_m), ())
    told = [walk_closed(where, gap_m, limit_m)] if gap_m > 0 else []
    uneven = _uneven(walks)
    told += [walk_sparse(where, uneven)] if uneven else []
    told.append(_uncertain(points, np.concatenate([walk.hdops for walk in walks]), where))
    ring = points if (points[0] == points[-1]).all() else np.concatenate([points, points[:1]])
    return Walked([[ring]], None, tuple(told))


@cache
def _ellipsoid() -> Geod:
    return Geod(ellps="WGS84")


def _lengths_m(starts: Floats, ends: Floats) -> Floats:
    return np.asarray(_ellipsoid().inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])[2], dtype=np.float64)


def _gaps_m(walks: Sequence[Stretch]) -> Floats:
    """How far the end of each walk is from the beginning of the next, that of the last from the first."""
    ends = np.array([walk.points[-1] for walk in walks])
    starts = np.array([walk.points[0] for walk in (*walks[1:], walks[0])])
    return _lengths_m(ends, starts)


def _uneven(walks: Sequence[Stretch]) -> list[Text]:
    """The longest step and the longest pause, where they pass the thresholds."""
    limits = builtin("tracks")["told"]
    steps_m = np.concatenate([[0.0], *[_lengths_m(walk.points[:-1], walk.points[1:]) for walk in walks]])
    times = [moment for walk in walks for moment in walk.times if moment is not None]
    pauses_s = [0.0, *((after - before).total_seconds() for before, after in pairwise(times))]
    told = []
    if (longest_m := float(steps_m.max())) > limits["spacing_m"]:
        told.append(Text(f"有两点相距 {longest_m:.0f} 米", f"two points are {longest_m:.0f} m apart"))
    if (longest_s := max(pauses_s)) > limits["pause_s"]:
        told.append(Text(f"有一处停顿 {longest_s / 60:.0f} 分钟", f"one pause lasts {longest_s / 60:.0f} min"))
    if min(pauses_s) < 0:
        told.append(Text("时间有倒退", "its times go back"))
    return told


def _uncertain(points: Floats, hdops: Floats, where: Where) -> Finding:
    """How uncertain the area is: perimeter × error of a point ÷ √(points whose errors are not alike)."""
    limits = builtin("tracks")["error"]
    steps_m = _lengths_m(points, np.roll(points, -1, axis=0))
    moved = steps_m[steps_m > 0]
    perimeter_m = float(steps_m.sum())
    sigma_m, why = _sigma(points, hdops, limits)
    independent = max(min(float(len(moved)), perimeter_m / limits["independent_m"]), float(_FEWEST))
    return walk_told(where, len(points), float(np.median(moved)), perimeter_m * sigma_m / np.sqrt(independent), (sigma_m, why))


def _sigma(points: Floats, hdops: Floats, limits: dict[str, Any]) -> tuple[float, Text]:
    known = hdops[np.isfinite(hdops) & (hdops > 0)]
    if len(known):
        size = float(np.median(known))
        return size * limits["ranging_m"], Text(f"hdop 中位 {size:g}", f"median hdop {size:g}")
    scatter_m = _scatter_m(points)
    if scatter_m > limits["phone_m"]:
        return scatter_m, Text("按点的摆动", "by the scatter of the points")
    return float(limits["phone_m"]), Text("手机常见值，文件没有 hdop", "usual for a phone, the file has no hdop")


def _scatter_m(points: Floats) -> float:
    """The error of a point by how far each is off the middle of its neighbours, across their chord; robust against true corners."""
    if len(points) <= _FEWEST:
        return 0.0
    metres = (points - points.mean(axis=0)) * _metres_a_degree(float(points[:, 1].mean()))
    chords = metres[2:] - metres[:-2]
    offsets = metres[1:-1] - (metres[2:] + metres[:-2]) / 2
    lengths = np.hypot(chords[:, 0], chords[:, 1])
    sound = lengths > 0
    across = np.abs(chords[sound, 0] * offsets[sound, 1] - chords[sound, 1] * offsets[sound, 0]) / lengths[sound]
    return float(np.median(across) / _NORMAL / _CHORD) if len(across) else 0.0


def _metres_a_degree(latitude: float) -> Floats:
    """Metres a degree of longitude and of latitude, there."""
    here, there = np.array([[0.0, latitude], [0.0, latitude]]), np.array([[1.0, latitude], [0.0, latitude + 1.0]])
    return _lengths_m(here, there)
