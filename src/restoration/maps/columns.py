"""Columns of the frame as a page carries them: each different text once, areas as the whole numbers that are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..ellipsoid import Floats, Integers
from ..units import DIGITS, in_unit, shown
from .packing import Pack, WholeNumbers

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


class Columns:
    """Takes columns of sites and then of their steps (`restoration.maps.timeline`): the sites go into one pack, what changed into another.

    Parameters
    ----------
    pack
        What the sites go into.
    sites
        The sites frame.
    steps
        How sites stood, in the order of their histories, with ``row``, that of the site; ``None`` if the page knows no past.
    past
        What the changes go into.
    """

    def __init__(self, pack: Pack, sites: pd.DataFrame, *, steps: pd.DataFrame | None = None, past: Pack | None = None) -> None:
        self.pack = pack
        self.sites = sites
        self.steps = pd.DataFrame() if steps is None else steps
        self.past = past

    def values(self, name: str) -> pd.Series:
        """A column of the sites and, if it has a past, of the steps."""
        return pd.concat([self.sites[name], self.steps[name]], ignore_index=True) if name in self.steps else self.sites[name]

    def add(self, name: str, numbers: WholeNumbers) -> None:
        """Add whole numbers, one a row of `values`."""
        now, then = numbers[: len(self.sites)], numbers[len(self.sites) :]
        self.pack.add(name, now)
        if self.past is not None and len(then):
            add_changes(self.past, name, then, self.steps["row"].to_numpy(dtype=np.intp), now=now)

    def add_texts(self, name: str, values: list[str], codes: WholeNumbers) -> None:
        """Add a column of texts: the number of each row's text, and the texts."""
        self.add(name, codes)
        self.pack.add_text(f"{name}=", values)


def add_changes(pack: Pack, name: str, numbers: WholeNumbers, row: Integers, *, now: WholeNumbers | None = None) -> None:
    """Put into a pack the steps at which a column differs from the step before, and its numbers there.

    Of a site whose number never differs, nor from that of ``now``, nothing is put in; of another its first step too.

    Examples
    --------
    >>> pack = Pack()
    >>> add_changes(pack, "group", np.array([4, 4, 7, 7, 5, 5]), np.array([0, 0, 0, 0, 1, 1]))
    >>> pack.finished().about["sections"]
    [['group@', 'unsigned', 2, 1], ['group', 'unsigned', 2, 1]]
    """
    begins = np.diff(row, prepend=-1) != 0
    differs = (np.diff(numbers, prepend=0) != 0) & ~begins
    varies = np.zeros(int(row.max(initial=-1)) + 1, dtype=np.bool_)
    varies[row[differs]] = True
    if now is not None:
        varies[row[numbers != now[row]]] = True
    put = np.flatnonzero(differs | (begins & varies[row]))
    if len(put):
        pack.add(f"{name}@", np.diff(put, prepend=0))
        pack.add(name, numbers[put])
