"""Areas on the CGCS2000 ellipsoid, ring by ring, from arrays of coordinates. Knows no geometry object.

The area of record is the number of TD/T 1055-2019 annex D. `trapezoid_sums_m2` is the procedure's own sum over points that
lie 70 m apart at most; `ring_areas_m2` gives the same number without putting points. `plane_ring_sums_m2` is the area inside
edges that are straight in the Gauss-Krüger plane, without any points between: the measure that adds up when ground is cut.
``docs/areas.md`` derives all three. `lonlat_ring_sums_m2` is for comparison: edges straight in longitude and latitude.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Booleans = NDArray[np.bool_]

# CGCS2000 as the survey programs of TD/T 1055-2019 annex D have it.
SEMI_MAJOR_M = 6378137.0
SEMI_MINOR_M = 6356752.31414036
ECCENTRICITY_2 = 0.0066943800229
LONGEST_PIECE_M = 70.0
"""Annex D puts points on each edge so that no piece is longer than this."""
ZONE_DEGREES = 3
FALSE_EASTING_M = 500_000.0
LONGEST_EDGE_M = 500.0
"""Up to this length of an edge `ring_areas_m2` holds its bound (0.01 m² in 100 ha); a ring with a longer one goes by the procedure."""
_WHOLE = 1e-6
"""How near a number of pieces must be to a whole one for its last digit to decide: ten times what a length is off at 500 m."""
_SURELY_SHORT_M = 69.0
"""An edge under this by a cautious measure is under 70 m by the exact one."""
METRES_PER_DEGREE = 111_700.0  # of a meridian near a pole; nearer to the equator a degree of latitude is shorter
_WIDE_DEG = 10.0
_RADIAN = float(np.pi / 180)


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


def _by_ring(edges: Floats, ring: Integers, count: int) -> Floats:
    """What the edges of each ring add up to; from the end of one ring to the beginning of the next is no edge."""
    inside = ring[1:] == ring[:-1]
    return np.bincount(ring[1:][inside], weights=edges[inside], minlength=count).astype(np.float64)


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
    middle = (latitude[1:] + latitude[:-1]) / 2
    half = (latitude[1:] - latitude[:-1]) / 2
    width = (longitude[1:] + longitude[:-1]) / 2 - meridian
    height = sum(c * np.sin((2 * k + 1) * half) * np.cos((2 * k + 1) * middle) for k, c in enumerate(SERIES))
    trapezoids = 2 * SEMI_MINOR_M**2 * width * height
    return _by_ring(trapezoids, ring, count)


def lonlat_ring_sums_m2(longitude: Floats, latitude: Floats, ring: Integers, *, count: int) -> Floats:
    """The ground inside rings whose edges are straight in longitude and latitude, exactly: Σ Δλ × the edge's mean of Q.

    Q(φ) = b² Σ c sin (2k+1)φ is the area under a latitude, c being `SERIES`; along such an edge the mean of sin mφ is that of
    its middle times sin(x)/x, where x is m Δφ/2.

    Parameters
    ----------
    longitude, latitude
        Radians, shape (n,); the rings one after another, each closed.
    ring
        Shape (n,): which ring a point belongs to.
    count
        Number of rings.

    Returns
    -------
    Shape (count,), m², signed by the direction of the ring (clockwise is positive).
    """
    middle = (latitude[1:] + latitude[:-1]) / 2
    half_turns = (latitude[1:] - latitude[:-1]) / (2 * np.pi)  # NumPy's sinc(t) is sin(πt)/πt
    under = sum(c * np.sin((2 * k + 1) * middle) * np.sinc((2 * k + 1) * half_turns) for k, c in enumerate(SERIES))
    strips = SEMI_MINOR_M**2 * (longitude[1:] - longitude[:-1]) * under
    return _by_ring(strips, ring, count)


def _strip_m2(latitude: Floats) -> Floats:
    """The area of a strip one radian wide and one high at a latitude (radians): M N cos φ, by the series of annex D."""
    return np.asarray(SEMI_MINOR_M**2 * sum(c * (2 * k + 1) * np.cos((2 * k + 1) * latitude) for k, c in enumerate(SERIES)))


def _steepest(order: int) -> float:
    """A bound of the strip's derivative of some order, by the strip at the equator."""
    return float(sum(abs(c) * (2 * k + 1) ** (order + 1) for k, c in enumerate(SERIES)))


@lru_cache(maxsize=256)
def _strips(middle_deg: float, reach_deg: float) -> tuple[float, ...]:
    """The area under a latitude, m² a degree of longitude and counted from the middle, as a polynomial of degrees from the middle.

    It is as long as the reach asks for: its derivative, the density of area, is the Chebyshev interpolation of `_strip_m2`,
    off by hᵈ / (d! 2ᵈ⁻¹) of its d-th derivative at the most; of a term with (2k+1)φ that is (2k+1)ᵈ of it. Kept under 2e-13.
    """
    middle, reach = np.radians(middle_deg), np.radians(reach_deg)
    terms = next(d for d in range(2, 100) if _steepest(d) * reach**d / (factorial(d) * 2 ** (d - 1)) < 2e-13)
    density = Chebyshev.interpolate(lambda t: _strip_m2(middle + reach * t), terms - 1).convert(kind=Polynomial)
    coefficients = enumerate(density.coef.tolist(), 1)
    return tuple(c / power * reach * (_RADIAN / reach) ** power * _RADIAN for power, c in coefficients)


def ring_areas_m2(xy_deg: Floats, starts: Integers, *, zones: Callable[[Integers], Integers]) -> Floats:
    """The area of record of rings, without putting points on their edges.

    An edge of up to 70 m gets no point by the procedure either: its trapezoid is the mean of two longitudes times a difference
    of two values, one for each corner. What the points change on the longer ones is added in closed form.

    Parameters
    ----------
    xy_deg
        Shape (n, 2), n > 0: longitude and latitude, degrees; the rings one after another, each closed.
    starts
        Shape (rings,): where each ring begins.
    zones
        Gives the 3-degree zones in whose planes the edges of rings are straight; asked where an edge over 70 m may lie in several.

    Returns
    -------
    Shape (rings,), m², positive whatever the ring's direction. NaN for a ring that is for the procedure itself, with an edge over
    `LONGEST_EDGE_M` or of a whole number of pieces, and for all if any coordinate is no number, or no longitude or latitude.
    """
    meridian, middle_deg = (np.round(xy_deg[0] * 2) / 2).tolist()
    latitude = xy_deg[:, 1] - middle_deg
    low_deg, high_deg = float(latitude.min()), float(latitude.max())
    if high_deg - low_deg > _WIDE_DEG:  # as good a middle as any while rings lie near each other, a bad one over the whole earth
        shift_deg = round(low_deg + high_deg) / 2
        latitude, low_deg, high_deg, middle_deg = latitude - shift_deg, low_deg - shift_deg, high_deg - shift_deg, middle_deg + shift_deg
    terms = np.empty(len(xy_deg))
    np.add(xy_deg[1:, 0], xy_deg[:-1, 0], out=terms[:-1])
    terms[-1] = 2 * xy_deg[-1, 0]
    terms -= 2 * meridian  # any meridian gives the same total, a near one loses no digits
    west_deg, east_deg = meridian + terms.min() / 2, meridian + terms.max() / 2
    if not (low_deg + middle_deg >= -90 and high_deg + middle_deg <= 90 and west_deg >= -180 and east_deg <= 180):
        return np.full(len(starts), np.nan)
    reach_deg = float(np.ceil(max(high_deg, -low_deg, 0.25) * 4) / 4)
    under = _evaluated(_strips(middle_deg, reach_deg), latitude)
    terms[:-1] *= under[1:] - under[:-1]
    ends = np.append(starts[1:], len(xy_deg)) - 1
    terms[ends] = 0.0  # from the end of one ring to the beginning of the next is no edge
    longer = _maybe_longer(xy_deg, abs(middle_deg) - reach_deg)
    if len(longer):
        ring = np.searchsorted(starts, longer, side="right") - 1
        inside = longer != ends[ring]
        longer, ring = longer[inside], ring[inside]
        lies_in = zones(ring) if _zone(west_deg) != _zone(east_deg) else _zone(west_deg)
        added, too_long = _points_add_m2(xy_deg[longer], xy_deg[longer + 1], lies_in)
        terms[longer] += 2 * np.where(too_long, np.nan, added)  # the terms are twice the trapezoids
    return np.asarray(np.abs(np.add.reduceat(terms, starts)) / 2)


def _zone(longitude_deg: float) -> int:
    return round(longitude_deg / ZONE_DEGREES)


def _evaluated(coefficients: tuple[float, ...], u: Floats) -> Floats:
    """c₁u + c₂u² + …, by Horner's rule in place."""
    found = u * coefficients[-1]
    for c in coefficients[-2::-1]:
        found += c
        found *= u
    return found


def _maybe_longer(xy_deg: Floats, nearest_to_equator_deg: float) -> Integers:
    """Positions of the edges that may be longer than 70 m, measured with the longest degree that any of them can have."""
    steps = xy_deg[1:] - xy_deg[:-1]
    steps *= steps
    parallel_m = METRES_PER_DEGREE * np.cos(np.radians(max(nearest_to_equator_deg, 0.0)))
    lengths = steps @ np.array([(parallel_m / _SURELY_SHORT_M) ** 2, (METRES_PER_DEGREE / _SURELY_SHORT_M) ** 2])
    return np.flatnonzero(lengths > 1.0)


def _points_add_m2(start: Floats, end: Floats, zone: Integers | int) -> tuple[Floats, NDArray[np.bool_]]:
    """What the points that annex D puts on edges add to their trapezoids, and which edges are too long for this to be exact.

    With n pieces the procedure keeps 1/n² of what lies between the trapezoid and the edge that is straight in the plane.

    Parameters
    ----------
    start, end
        Shape (edges, 2): longitude and latitude, degrees.
    """
    a, d = np.radians((end - start).T)
    offset, latitude = np.radians((end + start).T / 2)
    offset -= np.radians(zone * ZONE_DEGREES)
    sine, cosine = np.sin(latitude), np.cos(latitude)
    w = 1 - ECCENTRICITY_2 * sine**2
    normal = SEMI_MAJOR_M / np.sqrt(w)
    meridian = normal * (1 - ECCENTRICITY_2) / w
    y = offset * normal * cosine
    length2 = ((a * normal * cosine) ** 2 + (d * meridian) ** 2) * (1 + y**2 / (meridian * normal))
    northing = d * meridian + offset * a * normal * sine * cosine  # the plane's, which turns from the meridian's by the convergence
    bulge = a * (normal**2 * sine * cosine**2 * a**2 + sine * (2 * meridian**2 + _PLUMP * meridian * normal * cosine**2 / w) * d**2) / 12
    bend = y * northing * length2 / (12 * meridian * normal)
    # The trapezoid takes the mean longitude for the whole edge, which leaves Δλ Δφ² Q''/12 out. With the strip's density
    # Q' = b² cos φ / w² it is Q'' = −b² sin φ (w − 4e² cos² φ) / w³.
    mean = a * d**2 * sine * (SEMI_MINOR_M**2 * (w - 4 * ECCENTRICITY_2 * cosine**2) / w**3) / 12
    lengths = np.sqrt(length2) / LONGEST_PIECE_M
    pieces = np.ceil(lengths)
    # At a whole number of pieces the last digit decides how many the procedure makes: it is to decide that itself.
    undecided = np.abs(lengths - np.rint(lengths)) < _WHOLE
    return -(bulge + bend + mean) * (1 - 1 / np.maximum(pieces, 1.0) ** 2), (length2 > LONGEST_EDGE_M**2) | undecided


_PLUMP = 3 * ECCENTRICITY_2


def plane_ring_sums_m2(xy_m: Floats, ring: Integers, *, count: int) -> Floats:
    """The ground inside rings whose edges are straight in the Gauss-Krüger plane: exact, and therefore additive.

    The plane's scale k is near 1 + x²/2 with x = E/R, so that ground is ∬ dE dN / k² = ∮ R tanh x dN; R² = M N at the edge's
    middle. Along a straight edge the mean of E − E³/3R² + 2E⁵/15R⁴ is taken exactly. Good to 1e-9 of the area inside a zone.

    Parameters
    ----------
    xy_m
        Shape (n, 2): easting (500 000 m at the meridian) and northing; the rings one after another, each closed.
    ring
        Shape (n,): which ring a point belongs to.
    count
        Number of rings.

    Returns
    -------
    Shape (count,), m², signed by the direction of the ring.
    """
    step, middle = xy_m[1:] - xy_m[:-1], (xy_m[1:] + xy_m[:-1]) / 2
    east = middle[:, 0] - FALSE_EASTING_M
    per_r2 = 1 / _radius2_m2(middle[:, 1])
    half2 = step[:, 0] ** 2 / 4  # means over E ± h: E³ + E h², E⁵ + 10/3 E³ h² + E h⁴
    third = east * (east**2 + half2)
    fifth = east * (east**4 + 10 / 3 * east**2 * half2 + half2**2)
    ground = step[:, 1] * (east - third * per_r2 / 3 + fifth * per_r2**2 * (2 / 15))
    return _by_ring(ground, ring, count)


def _radius2_m2(northing_m: Floats) -> Floats:
    """R² = M N at the latitude whose meridian arc is a northing."""
    flatness = (SEMI_MAJOR_M - SEMI_MINOR_M) / (SEMI_MAJOR_M + SEMI_MINOR_M)
    arc = northing_m / (SEMI_MAJOR_M / (1 + flatness) * (1 + flatness**2 / 4))
    latitude = arc + 3 / 2 * flatness * np.sin(2 * arc) + 21 / 16 * flatness**2 * np.sin(4 * arc)
    return np.asarray(SEMI_MINOR_M**2 / (1 - ECCENTRICITY_2 * np.sin(latitude) ** 2) ** 2)
