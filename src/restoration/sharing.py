"""Which sites share ground, and what that means: the noise of an edge, one measure after another, or one ground claimed twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .ellipsoid import Booleans, Floats
from .errors import BadRequest
from .frame import require_frame
from .geometry import area_of_record_m2, measurable, without_faults
from .overlay import Ground, Overlaps, is_noise, overlaps
from .text import Text
from .thresholds import Thresholds

Words = NDArray[np.object_]
Kind = Literal["noise", "overlap", "near_duplicate", "duplicate"]
KIND_LABEL: dict[str, Text] = {
    "noise": Text("边界误差", "edge noise"),
    "overlap": Text("部分重叠", "overlap"),
    "near_duplicate": Text("图形几乎相同", "near-duplicate"),
    "duplicate": Text("图形相同", "duplicate"),
}
Verdict = Literal["", "successive", "suspicious", "double"]
VERDICT_LABEL: dict[str, Text] = {
    "": Text("—", "-"),
    "successive": Text("先后实施", "one after another"),
    "suspicious": Text("可疑", "suspicious"),
    "double": Text("重复计列", "counted twice"),
}
assert set(KIND_LABEL) == set(get_args(Kind))
assert set(VERDICT_LABEL) == set(get_args(Verdict))


@dataclass(frozen=True)
class Sharing:
    """The sites that count, with what they share: positions are rows of the frame, arrays of pairs have shape (pairs,)."""

    ground: Ground
    likeness: Floats
    """Shared ground by joint ground: 1 where the two polygons are the same."""
    kind: Words
    """A `Kind` a pair."""
    relation: Words
    """``same_measure_same_year``, ``other_measure_other_year`` and so on: the words of the thresholds' levels."""
    same_layer: Booleans
    verdict: Words
    """A `Verdict` a pair: whether the law lets both stand on that ground."""

    @property
    def pairs(self) -> Overlaps:
        """The pairs, noise among them."""
        return self.ground.pairs


def ground_of_sites(sites: gpd.GeoDataFrame, *, strict: bool = True) -> Ground:
    """The ground of the sites that count; rows that do not count have none.

    Parameters
    ----------
    sites
        The sites frame.
    strict
        Refuse a site that cannot be measured, or whose ``area_m2`` is not that of its boundary; else it has no ground to share.

    Raises
    ------
    BadRequest
        It is no sites frame in EPSG:4490, or what ``strict`` refuses.
    """
    require_frame(sites)
    shapes = np.asarray(sites.geometry.array, dtype=object).copy()
    counted, there = sites["counted"].to_numpy(dtype=np.bool_), measurable(shapes)
    if strict:
        _require_measurable(sites, counted & ~there & ~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    shapes[~(counted & there)] = None
    shapes = without_faults(shapes)  # of a ring that crosses itself only the mended one has ground
    computed = area_of_record_m2(shapes)
    kept: Floats = sites["area_m2"].to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    kept[~counted] = 0.0
    kept = np.where(np.isnan(kept), computed, kept)
    if strict:
        _require_computed(sites, kept, computed, (np.abs(kept - computed) > KEPT_TO_M2) & ~shapely.is_missing(shapes))
    return Ground(kept, overlaps(shapes))


def require_computed_areas(sites: gpd.GeoDataFrame) -> None:
    """Refuse a frame with an ``area_m2`` that is not that of its boundary: one that was changed, split or merged.

    Raises
    ------
    BadRequest
    """
    shapes = np.asarray(sites.geometry.array, dtype=object).copy()
    there = measurable(shapes)
    shapes[~there] = None
    computed = area_of_record_m2(without_faults(shapes))
    kept = sites["area_m2"].to_numpy(dtype=np.float64, na_value=np.nan)
    _require_computed(sites, kept, computed, there & (np.abs(kept - computed) > KEPT_TO_M2))


def _require_measurable(sites: gpd.GeoDataFrame, wrong: Booleans) -> None:
    for site in sites["site_id"][wrong]:
        raise BadRequest(
            Text(f"小班 {site} 的图形量不出面积：不是面、坐标不是数，或跨经度 3 度以上。",
                 f"Site {site} cannot be measured: no polygon, a coordinate that is no number, or 3° of longitude wide and more."),
            Text("请改正图形，或先把它去掉。", "Mend its geometry, or leave it out."),
        )  # fmt: skip


def _require_computed(sites: gpd.GeoDataFrame, kept: Floats, computed: Floats, wrong: Booleans) -> None:
    for row in np.flatnonzero(wrong):
        site = sites["site_id"].iloc[row]
        raise BadRequest(
            Text(f"小班 {site} 的 area_m2 是 {kept[row]:.2f}，图形的面积是 {computed[row]:.2f} 平方米。",
                 f"Site {site}: area_m2 says {kept[row]:.2f}, its boundary has {computed[row]:.2f} m²."),
            Text("改过图形的请重新 conform；台账里的请用 restoration verify 核验。",
                 "Conform the frame again after a change of geometry; verify a ledger with `restoration verify`."),
        )  # fmt: skip


KEPT_TO_M2 = 0.01
"""The area of record is stated to 0.01 m² (TD/T 1055-2019): a kept area may not be further from the boundary's."""


def sharing_of(sites: gpd.GeoDataFrame, *, limits: Thresholds, ground: Ground | None = None) -> Sharing:
    """What the sites of a frame share, each pair with its kind and verdict.

    Two years that are both unknown cannot be told apart: they are taken for the same.

    Parameters
    ----------
    sites
        The sites frame.
    limits
        S201 says what is noise (area or width too small), S203 what is a duplicate, the group ``S204`` which relations are lawful,
        ``double`` which mean that ground is counted twice.
    ground
        `ground_of_sites` of the same frame, if it is known already.
    """
    known = ground or ground_of_sites(sites)
    pairs, noise, alike = known.pairs, limits.numbers["S201"], limits.numbers["S203"]
    joint_m2 = known.area_m2[pairs.first] + known.area_m2[pairs.second] - pairs.area_m2
    likeness = np.divide(pairs.area_m2, joint_m2, out=np.zeros(len(joint_m2)), where=joint_m2 > 0)
    noisy = is_noise(pairs.planar, pairs.area_m2, pairs.width_m, up_to_m2=noise["area_m2"], up_to_m=noise["width_m"])
    kind = np.select(
        [noisy, likeness > alike["same"], likeness > alike["likeness"]], ["noise", "duplicate", "near_duplicate"], "overlap"
    ).astype(object)
    relation = _relation(sites, pairs)
    return Sharing(known, likeness, kind, relation, _same(sites["layer"].to_numpy(dtype=object), pairs), _verdict(relation, noisy, limits))


def _same(values: NDArray[np.generic], pairs: Overlaps) -> Booleans:
    return np.asarray(values[pairs.first] == values[pairs.second], dtype=np.bool_)


def _relation(sites: gpd.GeoDataFrame, pairs: Overlaps) -> Words:
    measure = np.where(_same(sites["measure"].to_numpy(dtype=object), pairs), "same_measure", "other_measure").astype(object)
    year = sites["plan_year"].to_numpy(dtype=np.float64, na_value=0.0)
    return np.asarray(measure + np.where(_same(year, pairs), "_same_year", "_other_year").astype(object), dtype=object)


def _verdict(relation: Words, noisy: Booleans, limits: Thresholds) -> Words:
    lawful, double = (np.isin(relation.astype(str), sorted(limits.groups[name])) for name in ("S204", "double"))
    return np.select([noisy, lawful, double], ["", "successive", "double"], "suspicious").astype(object)
