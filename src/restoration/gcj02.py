"""The shifted coordinates of Chinese web maps: GCJ-02 (火星坐标) and BD-09 (百度坐标), by their public formulas, forward only.

They serve to recognise a file that is in them. What would be computed back is no survey, so nothing here does it.
"""

from __future__ import annotations

import numpy as np

from .ellipsoid import Floats

_AXIS_M, _SQUARED_ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943_23
"""The Krassowsky ellipsoid, as the formula has it."""


def to_gcj02(degrees: Floats) -> Floats:
    """Points as a map in GCJ-02 shows them.

    Parameters
    ----------
    degrees
        Shape (n, 2): longitude and latitude, CGCS2000 or WGS84.

    Returns
    -------
    Shape (n, 2), degrees. The formula is that of coord-convert and prcoords; the service itself is not public, so that it holds
    to about a metre.

    Examples
    --------
    >>> to_gcj02(np.array([[105.02, 25.11], [105.22, 25.08]])).round(6).tolist()
    [[105.022867, 25.107138], [105.223043, 25.077095]]
    """
    x, y = degrees[:, 0] - 105, degrees[:, 1] - 35
    root = np.sqrt(np.abs(x))
    both = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north_m = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + 2 / 3 * (both + _waves(y, 160, 320))
    east_m = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + 2 / 3 * (both + _waves(x, 150, 300))
    latitude = np.radians(degrees[:, 1])
    flat = 1 - _SQUARED_ECCENTRICITY * np.sin(latitude) ** 2
    north_deg = np.degrees(north_m * flat * np.sqrt(flat) / (_AXIS_M * (1 - _SQUARED_ECCENTRICITY)))
    east_deg = np.degrees(east_m * np.sqrt(flat) / (_AXIS_M * np.cos(latitude)))
    return np.asarray(degrees + np.column_stack([east_deg, north_deg]), dtype=np.float64)


def _waves(at: Floats, twelfth: float, thirtieth: float) -> Floats:
    short = 20 * np.sin(np.pi * at) + 40 * np.sin(np.pi * at / 3)
    return np.asarray(short + twelfth * np.sin(np.pi * at / 12) + thirtieth * np.sin(np.pi * at / 30))


def to_bd09(degrees: Floats) -> Floats:
    """Points as a map in BD-09 shows them: shape (n, 2), degrees, from CGCS2000 or WGS84.

    Examples
    --------
    >>> to_bd09(np.array([[105.02, 25.11]])).round(3).tolist()
    [[105.029, 25.113]]
    """
    longitude, latitude = to_gcj02(degrees).T
    wave = np.pi * 3000 / 180
    distance = np.hypot(longitude, latitude) + 2e-5 * np.sin(latitude * wave)
    angle = np.arctan2(latitude, longitude) + 3e-6 * np.cos(longitude * wave)
    return np.column_stack([distance * np.cos(angle) + 0.0065, distance * np.sin(angle) + 0.006])
