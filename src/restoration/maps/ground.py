"""Ground that sites of a page share, cut into cells: what its land area is summed from, whichever sites are shown and on whichever day.

Land area is the areas of record of the sites that are shown less, of each cell, its area for every one of them beyond the first that lies
on it. So the page computes no area: it adds up numbers that were measured here, from the boundaries of record.
"""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np

from ..ellipsoid import Booleans, Integers
from ..geometry import measurable, without_faults
from ..overlay import Cells, Ground, Overlaps, cells_of, overlaps
from .packing import Pack
from .timeline import Past

MOST_PAIRS = 200_000
"""So many pairs of boundaries that come near each other are looked at for the days of the past: some two seconds."""
MOST_CELLS = 50_000
"""So many cells travel, some half a megabyte; with more the page tells land area of all sites and of now alone."""
_STEPS = 10_000
_FOREVER = np.iinfo(np.int64).max


def shared_ground(sites: gpd.GeoDataFrame, ground: Ground, past: Past | None) -> Cells | None:
    """The cells of a page; positions are the numbers of its shapes. ``None`` if there are more than `MOST_CELLS`.

    Parameters
    ----------
    sites
        The sites frame.
    ground
        Its `sharing.ground_of_sites`.
    past
        If the page shows days of the past, older boundaries are among its shapes.
    """
    pairs = ground.pairs if past is None else _pairs_of_all_days(sites, ground.pairs, past)
    if pairs is None or len(pairs.first) > MOST_CELLS:
        return None
    cells = cells_of(len(sites) + (len(past.older) if past else 0), pairs)
    return cells if len(cells.area_m2) <= MOST_CELLS else None


class _Standing(NamedTuple):
    """When each shape stood and counted, by a clock: its first day, and the first day that it no more did, shape (shapes,) each."""

    since: Integers
    until: Integers

    def meet(self, first: Integers, second: Integers) -> Booleans:
        """Which pairs stood on the same day."""
        return np.asarray((self.since[first] < self.until[second]) & (self.since[second] < self.until[first]))


def _pairs_of_all_days(sites: gpd.GeoDataFrame, present: Overlaps, past: Past) -> Overlaps | None:
    """The pairs of shapes of different sites that count on one and the same day and share ground; ``None`` if too many come near."""
    older = len(past.older)
    shapes = np.concatenate([past.older, np.asarray(sites.geometry.array, dtype=object)])
    owner = np.concatenate([past.owner, np.arange(len(sites))])
    is_known = np.r_[np.zeros(older, dtype=np.bool_), sites["counted"].to_numpy(dtype=np.bool_)]
    standing = [_standing(past, clock, len(shapes)) for clock in ("field", "office")]
    near = 0

    def wanted(first: Integers, second: Integers) -> Booleans:
        nonlocal near
        together = np.any([one.meet(first, second) for one in standing], axis=0)
        chosen = together & (owner[first] != owner[second]) & ~(is_known[first] & is_known[second])
        near = int(chosen.sum())
        return np.asarray(chosen & (near <= MOST_PAIRS))

    shapes[~measurable(shapes)] = None
    found = overlaps(without_faults(shapes), wanted=wanted)
    if near > MOST_PAIRS:
        return None
    now = present._replace(first=present.first + older, second=present.second + older)
    both = Overlaps(*(np.concatenate(columns) for columns in zip(found, now, strict=True)))
    return both.taken(np.lexsort((both.second, both.first)))


def _standing(past: Past, clock: str, count: int) -> _Standing:
    steps = past.steps
    row, begin = steps["row"].to_numpy(dtype=np.int64), steps[clock].to_numpy(dtype=np.int64)
    end = np.append(begin[1:], _FOREVER)
    end[np.flatnonzero(np.diff(row, append=-1))] = _FOREVER
    shape = steps["shape"].to_numpy(dtype=np.int64)
    counts = np.flatnonzero(steps["counted"].to_numpy(dtype=np.bool_) & (shape >= 0) & (begin < end))
    made = _Standing(np.full(count, _FOREVER), np.full(count, -_FOREVER))
    np.minimum.at(made.since, shape[counts], begin[counts])
    np.maximum.at(made.until, shape[counts], end[counts])
    return made


def add_cells(pack: Pack, cells: Cells) -> None:
    """Put cells into a pack: how many shapes lie on each, the first of them, how far the others' numbers are from it, and the areas.

    Areas are ten thousandths of a square metre, rounded so that the sum of all is that of all unrounded.
    """
    lying = cells.lying()
    start = np.cumsum(lying) - lying
    until: Integers = np.rint(np.cumsum(cells.area_m2) * _STEPS).astype(np.int64)
    steps: Integers = until - np.append(0, until[:-1])
    kept = steps > 0
    first = cells.position[start]
    others = (cells.position - first[cells.cell])[kept[cells.cell]]
    pack.add("lying", lying[kept])
    pack.add("first", np.diff(first[kept], prepend=0))
    pack.add("others", others[np.flatnonzero(_is_other(lying[kept]))])
    pack.add("m2", steps[kept] // _STEPS)
    pack.add("rest", steps[kept] % _STEPS)


def _is_other(lying: Integers) -> Booleans:
    other = np.ones(int(lying.sum()), dtype=np.bool_)
    other[np.cumsum(lying) - lying] = False
    return other
