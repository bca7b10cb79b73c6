"""Areas on the CGCS2000 ellipsoid, ring by ring, from arrays of coordinates. Knows no geometry object.

Two ways to one number, the area of record of TD/T 1055-2019 annex D. `trapezoid_sums_m2` is the procedure's own sum over
points that lie 70 m apart at most. `ring_areas_m2` gives the same without putting points: for each edge the exact sum for
an edge straight in longitude and latitude, and in closed form what an edge straight in the Gauss-Krüger plane adds to it.
``docs/areas.md`` derives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

# CGCS2000 as the survey programs of TD/T 1055-2019 annex D have it.
SEMI_MAJOR_M = 6378137.0
SEMI_MINOR_M = 6356752.31414036
ECCENTRICITY_2 = 0.0066943800229
LONGEST_PIECE_M = 70.0
"""Annex D puts points on each edge so that no piece is longer than this."""
ZONE_DEGREES = 3
LONGEST_EDGE_M = 500.0
"""Up to this length of an edge `ring_areas_m2` holds its bound (0.01 m² in 100 ha); a ring with a longer one goes by the procedure."""
BAND_DEGREES = 0.25
"""Rings are worked on together whose middles lie in one band of latitude: one set of coefficients serves them."""
_TALLEST_RING_DEG = 0.25
_HIGHEST_LATITUDE_DEG = 70.0
_AT_ONCE = 1 << 14  # edges whose arrays stay in the processor's cache


def _series() -> tuple[float, ...]:
    e2 = ECCENTRICITY_2
    e4, e6, e8 = e2**2, e2**3, e2**4
    return (
        1 + 3 / 6 * e2 + 30 / 80 * e4 + 35 / 112 * e6 + 630 / 2304 * e8,
        -(1 / 6 * e2 + 15 / 80 * e4 + 21 / 112 * e6 + 420 / 2304 * e8),
        3 / 80 * e4 + 7 / 112 * e6 + 180 / 2304 * e8,
        -(1 / 112 * e6 + 45 / 2304 * e8),
        5 / 2304 * e8,
    )


SERIES = _series()
"""The coefficients A, -B, C, -D, E of the trapezoid formula (TD/T 1055-2019 annex D)."""


def trapezoid_sums_m2(longitude: Floats, latitude: Floats, ring: Integers, *, meridian: float, count: int) -> Floats:
    """Sum the trapezoids between the pieces of rings and a meridian, by the formula of annex D.

    Parameters
    ----------
    longitude, latitude
        Radians, shape (n,); the rings one after another, each closed.
    ring
        Shape (n,): which ring a point belongs to.
    meridian
        Radians; any gives the same total, a near one loses no digits.
    count
        Number of rings.

    Returns
    -------
    Shape (count,), m², signed by the direction of the ring.
    """
    edge = ring[1:] == ring[:-1]
    middle = (latitude[1:] + latitude[:-1]) / 2
    half = (latitude[1:] - latitude[:-1]) / 2
    width = (longitude[1:] + longitude[:-1]) / 2 - meridian
    height = sum(c * np.sin((2 * k + 1) * half) * np.cos((2 * k + 1) * middle) for k, c in enumerate(SERIES))
    trapezoids = 2 * SEMI_MINOR_M**2 * width * height
    return np.bincount(ring[1:][edge], weights=trapezoids[edge], minlength=count).astype(np.float64)


def can_be_quick(bounds_deg: Floats) -> NDArray[np.bool_]:
    """Which geometries, by their bounds (shape (n, 4), degrees), `ring_areas_m2` is made for; long edges apart."""
    low, high = bounds_deg[:, 1], bounds_deg[:, 3]
    with np.errstate(invalid="ignore"):
        return (
            (high - low <= _TALLEST_RING_DEG)
            & (np.abs(high) <= _HIGHEST_LATITUDE_DEG)
            & (bounds_deg[:, 2] - bounds_deg[:, 0] <= ZONE_DEGREES)
        )


@dataclass(frozen=True, slots=True)
class _Band:
    """What an edge's area is made with around one latitude: Taylor coefficients in the latitude's distance, radians.

    ``zone_m2`` is dQ/dφ, the area of a strip one radian wide and high (M N cos φ), with its first two derivatives;
    ``arc`` and ``rise`` weigh Δλ³ and Δλ Δφ² in what a geodesic edge adds, with their first derivatives; ``turn`` is the
    plane's northing that a degree of longitude brings at one degree from the meridian, in degrees of latitude per degree².
    """

    latitude: float
    zone_m2: tuple[float, float, float]
    arc: tuple[float, float]
    rise: tuple[float, float]
    parallel_m: float
    meridian_m: float
    normal_m: float
    turn: float


def _at(latitude: float) -> tuple[float, float, float, float, float, float]:
    sine, cosine = np.sin(latitude), np.cos(latitude)
    w = 1 - ECCENTRICITY_2 * sine**2
    normal = SEMI_MAJOR_M / np.sqrt(w)
    meridian = normal * (1 - ECCENTRICITY_2) / w
    arc = normal**2 * sine * cosine**2 / 12
    rise = sine * (2 * meridian**2 + 3 * ECCENTRICITY_2 * meridian * normal * cosine**2 / w) / 12
    return meridian * normal * cosine, arc, rise, normal * cosine, meridian, normal


@lru_cache(maxsize=1024)
def _band(latitude: float) -> _Band:
    step = 1e-3  # radians; central differences are good to 1e-6 of the coefficient, which weighs less than 1e-4 of the area
    zone, arc, rise, parallel, meridian, normal = _at(latitude)
    above, below = _at(latitude + step), _at(latitude - step)
    slope = [(high - low) / (2 * step) for high, low in zip(above[:3], below[:3], strict=True)]
    bend = (above[0] - 2 * zone + below[0]) / step**2
    turn = parallel * np.sin(latitude) / meridian
    return _Band(latitude, (zone, slope[0], bend), (arc, slope[1]), (rise, slope[2]), parallel, meridian, normal, turn)


def ring_areas_m2(xy_deg: Floats, starts: Integers, *, zone: int, latitude_deg: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The area of record of rings that lie in one zone and near one latitude, without putting points on their edges.

    Parameters
    ----------
    xy_deg
        Shape (n, 2): longitude and latitude, degrees; the rings one after another, each closed.
    starts
        Shape (rings,): where each ring begins.
    zone
        The 3-degree zone in whose plane edges are straight.
    latitude_deg
        A latitude within `BAND_DEGREES` of all rings.

    Returns
    -------
    areas, is_long
        m², positive whatever the ring's direction; and which rings have an edge over `LONGEST_EDGE_M`, whose area does not count.
    """
    around = _band(float(np.radians(latitude_deg)))
    longitude, latitude = (np.ascontiguousarray(xy_deg[:, axis]) for axis in (0, 1))
    edges = len(xy_deg) - 1
    terms = np.empty(max(edges, 0))
    is_long = np.zeros(len(starts), dtype=np.bool_)
    between = starts[1:] - 1  # from the end of one ring to the beginning of the next is no edge
    for begin in range(0, edges, _AT_ONCE):
        end = min(begin + _AT_ONCE, edges)
        gaps = between[np.searchsorted(between, begin) : np.searchsorted(between, end)] - begin
        span = slice(begin, end + 1)
        terms[begin:end], longest = _edge_terms_m2(longitude[span], latitude[span], gaps, around, np.radians(zone * ZONE_DEGREES))
        if longest is not None:
            is_long[np.unique(np.searchsorted(starts, np.flatnonzero(longest) + begin, side="right") - 1)] = True
    sums = np.add.reduceat(terms, np.minimum(starts, max(edges - 1, 0))) if edges > 0 else np.zeros(len(starts))
    return np.abs(sums), is_long


def _edge_terms_m2(
    longitude: Floats, latitude: Floats, gaps: Integers, around: _Band, meridian: float
) -> tuple[Floats, NDArray[np.bool_] | None]:
    """What each edge gives to the sum, and, if any is too long, which."""
    a, d = np.diff(longitude), np.diff(latitude)
    a *= _RADIAN
    d *= _RADIAN
    a[gaps] = d[gaps] = 0.0
    u = latitude[1:] + latitude[:-1]
    u *= _RADIAN / 2
    u -= around.latitude
    offset = longitude[1:] + longitude[:-1]
    offset *= _RADIAN / 2
    offset -= meridian
    a2, d2 = a * a, d * d
    length2 = u * (-2 * around.parallel_m * around.meridian_m * np.sin(around.latitude))
    length2 += around.parallel_m**2
    length2 *= a2
    length2 += d2 * around.meridian_m**2
    scale2 = offset * offset  # of the plane: whether an edge is just under or over 70 m is told by its length there
    scale2 *= around.parallel_m**2 / (around.meridian_m * around.normal_m)
    scale2 += 1
    length2 *= scale2
    too_long = length2 > LONGEST_EDGE_M**2 if len(length2) and length2.max() > LONGEST_EDGE_M**2 else None
    straight = _straight_m2(a, d2, u, around)
    curved = _curved_m2(a, d, a2, d2, u, offset, length2, around)
    # The procedure puts points, so that of what an edge curves 1/n² is left out; and its trapezoid takes the mean longitude
    # for the whole piece, which leaves out Δλ Δφ² Q''/12 in the same measure.
    d2 *= a
    d2 *= around.zone_m2[1] / 12
    d2 -= curved
    d2 *= _left_out(length2)
    straight += curved
    straight += d2
    return straight, too_long


def _straight_m2(a: Floats, d2: Floats, u: Floats, around: _Band) -> Floats:
    """∫ Q dλ over an edge straight in longitude and latitude: Δλ times the mean of Q, by its Taylor series."""
    zone, slope, bend = around.zone_m2
    mean = u * (bend / 6)
    mean += slope / 2
    mean *= u
    mean += zone
    mean *= u
    spread = u * (bend / 24)
    spread += slope / 24
    spread *= d2
    mean += spread
    mean *= a
    return mean


def _curved_m2(a: Floats, d: Floats, a2: Floats, d2: Floats, u: Floats, offset: Floats, length2: Floats, around: _Band) -> Floats:
    """Between that edge and the one straight in the plane: first the geodesic's bulge, then the plane edge's from the geodesic."""
    curved = u * around.arc[1]
    curved += around.arc[0]
    curved *= a2
    rise = u * around.rise[1]
    rise += around.rise[0]
    rise *= d2
    curved += rise
    curved *= a
    # The plane's scale grows with the square of the distance y from its meridian, so that its straight line bends off the
    # geodesic by y ΔN s² / (12 R²); ΔN is the plane's northing, which turns from the meridian's by the convergence.
    northing = offset * a
    northing *= around.turn
    northing += d
    northing *= offset
    northing *= length2
    northing *= around.parallel_m / (12 * around.normal_m)
    curved += northing
    return curved


def _left_out(length2: Floats) -> Floats:
    """1/n² for the n pieces that the procedure makes of an edge."""
    pieces = np.sqrt(length2)
    pieces *= 1 / LONGEST_PIECE_M
    np.ceil(pieces, out=pieces)
    np.maximum(pieces, 1.0, out=pieces)
    pieces *= pieces
    return np.reciprocal(pieces, out=pieces)


_RADIAN = float(np.pi / 180)
