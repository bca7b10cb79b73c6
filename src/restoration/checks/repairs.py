"""What a boundary with S101, S103 or S104 would be if it were mended: proposals, of which nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import lifecycle, model
from ..ellipsoid import Booleans, Floats, Integers
from ..errors import UnknownName
from ..geometry import Geometries, area_of_record_m2, repaired, to_plane, without_faults, without_points, zone_of
from ..lifecycle import Lifecycle
from ..text import Text
from ..thresholds import Thresholds, thresholds
from . import shapes
from .inspection import Inspection

MENDED = (shapes.broken, shapes.close_vertices, shapes.spike)
"""The rules whose findings a repair may mend."""
MOST_ROUNDS = 20
"""What is left after a spike is taken off may be another one; each round takes at least a point off, or is the last."""
Verdict = Literal["ready", "large", "unmended"]
VERDICT_LABEL: dict[Verdict, Text] = {
    "ready": Text("可以写入", "ready"),
    "large": Text("面积变化大，要写明", "large change: name it"),
    "unmended": Text("修不好，请在 GIS 里改", "not mended: use a GIS"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mended boundary for one site, and what it changes.

    ``before_m2`` is the area of record as it stands, ``after_m2`` that of ``after``; ``kept_pct`` is how much of the ground stays,
    ``moved_m`` how far the boundary moves at most (metres, between points). ``codes`` are the findings that are mended, ``left`` those
    that it still has; ``after`` is ``None`` where no ground is left. Points are counted without the one that closes a ring.
    """

    site_id: str
    boundary_version: int
    codes: tuple[str, ...]
    before: shapely.Geometry
    after: shapely.MultiPolygon | None
    before_m2: float
    after_m2: float
    made_valid: bool
    points_dropped: int
    tips_dropped: int
    points: tuple[int, int]
    kept_pct: float
    moved_m: float
    left: tuple[str, ...]
    verdict: Verdict

    @property
    def change_pct(self) -> float:
        """By how much the area of record changes, % of what it is now; infinite where it is none now."""
        return abs(self.after_m2 - self.before_m2) / self.before_m2 * 100 if self.before_m2 > 0 else float("inf")

    @property
    def how(self) -> Text:
        """How it was made."""
        told = [
            (self.made_valid, Text("按结构法修复（make_valid）", "made valid by its structure")),
            (self.points_dropped, Text(f"删去重复点 {self.points_dropped} 个", f"duplicate points dropped: {self.points_dropped}")),
            (self.tips_dropped, Text(f"删去尖点 {self.tips_dropped} 个", f"tips dropped: {self.tips_dropped}")),
        ]
        done = [text for holds, text in told if holds]
        return Text("，".join(text.zh for text in done), ", ".join(text.en for text in done))


def repairs(
    sites: gpd.GeoDataFrame,
    codes: Mapping[str, Collection[str]],
    *,
    table: Lifecycle | None = None,
    limits: Thresholds | None = None,
) -> list[Proposal]:
    """Mended boundaries for sites, in the order of the frame.

    An invalid geometry is made valid by its structure (GEOS), points nearer than S103 allows to the one before are dropped, and so are
    the tips of spikes; all other points stay where they are.

    Parameters
    ----------
    sites
        The sites frame.
    codes
        By site what to mend: codes of `MENDED`.
    limits
        S103 and S104 say what is found, ``repair`` how much an area may change.

    Raises
    ------
    UnknownName
        A code that no repair mends.
    """
    known = table or lifecycle.table()
    numbers = limits or thresholds()
    require_mended(code for wanted in codes.values() for code in wanted)
    frame = cast(gpd.GeoDataFrame, sites[sites["site_id"].isin(codes)].reset_index(drop=True))
    if frame.empty:
        return []
    wanted = [frozenset(codes[site_id]) for site_id in frame["site_id"]]
    found = np.asarray(frame.geometry.array, dtype=object)
    work = _Work(frame, known, numbers, np.array(["S104" in mended for mended in wanted]))
    after = work.mended(found)
    return work.proposals(found, after, wanted)


def require_mended(codes: Iterable[str]) -> None:
    """Each code is one that a repair mends.

    Raises
    ------
    UnknownName
    """
    known = [rule.code for rule in MENDED]
    for code in codes:
        if code not in known:
            raise UnknownName(Text("可以修复的问题", "finding that a repair mends"), code, known)


class _Work:
    """Sites under repair: their boundaries are mended in rounds, and what was done to each is counted."""

    def __init__(self, frame: gpd.GeoDataFrame, table: Lifecycle, limits: Thresholds, spiked: Booleans) -> None:
        self.frame, self.table, self.limits, self.spiked = frame, table, limits, spiked
        self.made_valid = np.zeros(len(frame), dtype=np.bool_)
        self.points, self.tips = np.zeros(len(frame), dtype=np.intp), np.zeros(len(frame), dtype=np.intp)

    def mended(self, found: Geometries) -> Geometries:
        """The boundaries after all rounds; ``None`` where no ground is left."""
        made = self._valid(found)
        for _ in range(MOST_ROUNDS):
            seen = self._seen(made)
            gone, is_tip = self._superfluous(seen)
            thinner = _joined(made, without_points(seen.polygons.degrees, gone), seen.polygons.row)
            dropped = _points(made) - _points(thinner)
            if not dropped.any():
                break
            self.tips += dropped * is_tip
            self.points += dropped * (not is_tip)
            made = self._valid(thinner)
        return made

    def _valid(self, some: Geometries) -> Geometries:
        there = ~shapely.is_missing(some)
        self.made_valid |= there & ~shapely.is_valid(some)
        return repaired(some).geometries

    def _seen(self, made: Geometries) -> Inspection:
        frame = self.frame.assign(area_m2=np.nan).set_geometry(gpd.GeoSeries(made, crs=self.frame.crs))
        return Inspection(frame, self.table, model.today(), self.limits)

    def _superfluous(self, seen: Inspection) -> tuple[Booleans, bool]:
        """Which points to drop, one flag an edge (its end), and whether they are tips: doubles go first."""
        edges = seen.edges
        near = edges.length_m < self.limits.numbers["S103"]["apart_m"]
        if near.any():
            return near, False
        found = shapes.spikes(seen)
        gone = np.zeros(len(edges.row), dtype=np.bool_)
        gone[found.edge] = True
        gone[edges.following()[found.edge[found.is_blunt]]] = True
        return gone & self.spiked[edges.row], True

    def proposals(self, found: Geometries, after: Geometries, wanted: list[frozenset[str]]) -> list[Proposal]:
        """What the mended boundaries change, and whether they may be written."""
        seen = self._seen(after)
        left = _codes_of(seen)
        before_m2 = self.frame["area_m2"].to_numpy(dtype=np.float64)
        after_m2 = area_of_record_m2(after)
        kept_pct, moved_m = _compared(found, after)
        counts = zip(_points(found).tolist(), _points(after).tolist(), strict=True)
        version = self.frame["boundary_version"].fillna(0).astype(int)
        made = []
        for row, (site_id, points) in enumerate(zip(self.frame["site_id"], counts, strict=True)):
            proposal = Proposal(
                str(site_id), int(version.iloc[row]), tuple(sorted(wanted[row])), found[row], after[row], float(before_m2[row]),
                float(after_m2[row]), bool(self.made_valid[row]), int(self.points[row]), int(self.tips[row]), points,
                float(kept_pct[row]), float(moved_m[row]), tuple(sorted(left.get(row, set()) & wanted[row])), "ready",
            )  # fmt: skip
            made.append(self._judged(proposal))
        return made

    def _judged(self, proposal: Proposal) -> Proposal:
        if proposal.after is None or proposal.left:
            return replace(proposal, verdict="unmended")
        is_large = proposal.change_pct > self.limits.numbers["repair"]["change_pct"]
        return replace(proposal, verdict="large" if is_large else "ready")


def _codes_of(seen: Inspection) -> dict[int, set[str]]:
    row = {site_id: at for at, site_id in enumerate(seen.words["site_id"])}
    found: dict[int, set[str]] = {}
    for rule in MENDED:
        for finding in rule(seen):
            found.setdefault(row[finding.site_id], set()).add(finding.code)
    return found


def _joined(old: Geometries, parts: Geometries, row: Integers) -> Geometries:
    """The parts of each site together again; a site of which none was taken apart stays."""
    made = old.copy()
    rows, place = np.unique(row, return_inverse=True)
    made[rows] = shapely.multipolygons(parts, indices=place)
    return made


def _points(some: Geometries) -> Integers:
    """The points of each geometry, without those that close a ring. Shape (n,)."""
    parts, row = shapely.get_parts(some, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    counts = np.bincount(row[part], weights=shapely.get_num_coordinates(rings) - 1, minlength=len(some))
    return counts.astype(np.intp)


def _compared(found: Geometries, after: Geometries) -> tuple[Floats, Floats]:
    """How much of the ground stays (%), and how far the boundary moves at most (m); NaN where there is nothing to compare."""
    kept_pct, moved_m = np.full(len(found), np.nan), np.full(len(found), np.nan)
    there = np.flatnonzero(~shapely.is_missing(after) & ~shapely.is_missing(found))
    zones = zone_of(after[there])
    for zone in np.unique(zones):
        rows = there[zones == zone]
        old, new = (to_plane(some[rows], int(zone)) for some in (found, after))
        ground = without_faults(old)
        shared_m2, whole_m2 = shapely.area(shapely.intersection(ground, new)), shapely.area(ground)
        kept_pct[rows] = np.divide(shared_m2 * 100, whole_m2, out=np.full(len(rows), np.nan), where=whole_m2 > 0)
        moved_m[rows] = shapely.hausdorff_distance(shapely.boundary(old), shapely.boundary(new))
    return kept_pct, moved_m


def table_of(proposals: Collection[Proposal]) -> pd.DataFrame:
    """Proposals as a table: one row a site, areas in m², unrounded."""
    names = ("site_id", "before_m2", "after_m2", "change_pct", "kept_pct", "moved_m", "verdict")
    rows = [
        {name: getattr(one, name) for name in names}
        | {"codes": " ".join(one.codes), "how": str(one.how), "change_m2": one.after_m2 - one.before_m2}
        | {"points_before": one.points[0], "points_after": one.points[1], "left": " ".join(one.left)}
        for one in proposals
    ]
    order = ["site_id", "codes", "how", "before_m2", "after_m2", "change_m2", "change_pct", "points_before", "points_after", "kept_pct",
             "moved_m", "left", "verdict"]  # fmt: skip
    return pd.DataFrame(rows, columns=order)
