"""What a set of coordinates can be, by their numbers alone: the windows of `data/crs.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from ..data import builtin
from ..ellipsoid import Floats
from ..geometry import Geometries
from ..text import Text


@dataclass(frozen=True)
class Family:
    """A group of coordinate systems that give the same numbers here, and the code to suggest."""

    suggest: str
    label: Text
    also: str


@dataclass(frozen=True)
class Zone:
    """One Gauss-Krüger zone, and the code of the same zone written the other way (with or without its number)."""

    datum: str
    degrees: int
    number: int
    prefixed: bool
    pair: str


def middles_of(geometries: Geometries) -> Floats:
    """The middle of each geometry that has finite bounds: shape (k, 2)."""
    bounds = shapely.bounds(geometries).reshape(-1, 4)
    sound = bounds[np.isfinite(bounds).all(axis=1)]
    return np.column_stack([sound[:, 0] + sound[:, 2], sound[:, 1] + sound[:, 3]]) / 2


def family_of(middles: Floats) -> Family | None:
    """The family in whose window most of the middles lie, for the ground that is ours.

    Examples
    --------
    >>> family_of(np.array([[35_520_000.0, 2_775_000.0]])).suggest
    'EPSG:4523'
    """
    for window in builtin("crs")["window"]:
        if _mostly(_inside(middles, window["x"], window["y"])):
            return Family(window["suggest"], Text(window["zh"], window["en"]), window["also"])
    return None


def are_degrees(middles: Floats) -> bool:
    """Whether most of the numbers can be longitudes and latitudes."""
    bound = builtin("crs")["degrees"]
    east, north = bound["longitude"], bound["latitude"]
    return _mostly(_inside(middles, [-east, east], [-north, north]))


def are_swapped_degrees(middles: Floats) -> bool:
    """Whether most are latitude first: the first a latitude of the country, the second a longitude of it."""
    country = builtin("crs")["country"]
    return _mostly(_inside(middles, [country["south"], country["north"]], [country["west"], country["east"]]))


def inside_envelope(middles: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which of the middles (degrees, longitude first) lie in the ground that is ours."""
    box = builtin("crs")["envelope"]
    return _inside(middles, [box["west"], box["east"]], [box["south"], box["north"]])


def envelope_label() -> Text:
    """What the ground that is ours is called."""
    box = builtin("crs")["envelope"]
    return Text(box["zh"], box["en"])


def most_inside(middles: Floats) -> bool:
    """Whether most of the middles (degrees) lie in the ground that is ours."""
    return _mostly(inside_envelope(middles))


def zone_of_code(code: int | None) -> Zone | None:
    """The Gauss-Krüger zone that an EPSG code means.

    Examples
    --------
    >>> zone_of_code(4523).number, zone_of_code(4523).pair, zone_of_code(4326)
    (35, 'EPSG:4544', None)
    """
    for row in builtin("crs")["gauss_kruger"]:
        if code is not None and row["first_code"] <= code <= row["last_code"]:
            step = code - row["first_code"]
            return Zone(row["datum"], row["degrees"], row["first_zone"] + step, row["prefixed"], f"EPSG:{row['pair_code'] + step}")
    return None


def prefix_of(middles: Floats) -> int | None:
    """The zone number that stands in front of the eastings, 0 for none, ``None`` where they cannot be eastings of a zone."""
    rule: Mapping[str, Any] = builtin("crs")["prefix"]
    if not len(middles):
        return None
    easting = float(np.median(middles[:, 0]))
    low, high = rule["easting"]
    prefix, rest = divmod(easting, rule["metres"])
    return int(prefix) if low <= rest <= high and prefix >= 0 else None


def prefixed_code(datum: str, number: int) -> str | None:
    """The code of a datum's zone with its number in front; zone numbers of 3 and 6 degrees do not meet."""
    for row in builtin("crs")["gauss_kruger"]:
        step = number - row["first_zone"]
        if row["datum"] == datum and row["prefixed"] and 0 <= step <= row["last_code"] - row["first_code"]:
            return f"EPSG:{row['first_code'] + step}"
    return None


def _inside(middles: Floats, x: list[float], y: list[float]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    first, second = middles[:, 0], middles[:, 1]
    return (first >= x[0]) & (first <= x[1]) & (second >= y[0]) & (second <= y[1])


def _mostly(inside: np.ndarray[Any, np.dtype[np.bool_]]) -> bool:
    return bool(len(inside)) and float(inside.mean()) >= float(builtin("crs")["detect"]["share"])
