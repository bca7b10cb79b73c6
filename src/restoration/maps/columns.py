"""Columns of the frame as a page carries them: each different text once, areas as the whole numbers that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..ellipsoid import Floats, Integers
from ..units import DIGITS, in_unit, shown

_DOUBTFUL = 1e-6
"""So near to the middle between two numbers, binary arithmetic is not trusted with rounding."""
_SQUARE_METRES_A_STEP = 20  # of 亩 with two decimals: three steps are 20 m²


class Coded(NamedTuple):
    """A column of texts: each different one, and for each row which."""

    values: list[str]
    codes: Integers


def coded(values: Iterable[Any], *, told: Callable[[Any], str] = str) -> Coded:
    """Each different value once, in the order of appearance; unknown is ``""``.

    Examples
    --------
    >>> coded(["a", None, "a"])
    Coded(values=['a', ''], codes=array([0, 1, 0]))
    """
    codes, found = pd.factorize(values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object))
    texts = [told(value) for value in found.tolist()]
    if (codes < 0).any():
        codes = np.where(codes < 0, len(texts), codes)
        texts.append("")
    return Coded(texts, codes)


def shown_steps(areas_m2: Floats, unit: str) -> Integers:
    """Areas as they are shown in a unit, counted in the last digit that is shown; −1 for unknown.

    Examples
    --------
    >>> shown_steps(np.array([2000 / 3, 12_345.0, np.nan]), "mu").tolist()
    [100, 1852, -1]
    """
    steps = in_unit(1.0, unit) * 10 ** DIGITS[unit] * np.nan_to_num(areas_m2)
    made = np.where(np.isnan(areas_m2), -1, np.floor(steps + 0.5)).astype(np.int64)
    for row in np.flatnonzero(~np.isnan(areas_m2) & (np.abs(steps - np.floor(steps) - 0.5) < _DOUBTFUL * np.maximum(1, steps))):
        made[row] = int(shown(float(areas_m2[row]), unit).replace(".", ""))
    return made


def areas(areas_m2: Floats) -> tuple[Integers, Integers]:
    """Areas for a page that shows them in 公顷 and in 亩, both rounded from the area itself.

    Returns
    -------
    square_metres, correction
        公顷 with four decimals is whole square metres (1 more, so that 0 is unknown). 亩 with two decimals is three twentieths of that,
        rounded half up, and the correction, which is mostly 0.
    """
    square_metres, mu = shown_steps(areas_m2, "ha"), shown_steps(areas_m2, "mu")
    near = (3 * square_metres + _SQUARE_METRES_A_STEP // 2) // _SQUARE_METRES_A_STEP
    return square_metres + 1, np.where(square_metres < 0, 0, mu - near)


def rest_of(areas_m2: Floats) -> Integers:
    """What the whole square metres of `areas` leave out, in ten thousandths of one: sums of sites are then those of `restoration.tally`.

    Examples
    --------
    >>> rest_of(np.array([1.25, 2.9999, np.nan])).tolist()
    [2500, -1, 0]
    """
    known = np.nan_to_num(areas_m2)
    return np.rint((known - shown_steps(known, "ha")) * 10_000).astype(np.int64)
