"""What a rule is, and what it looks at: one frame, with what several rules need computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol, cast

import geopandas as gpd
import numpy as np
import shapely

from .. import geometry
from ..ellipsoid import Booleans, Floats
from ..frame import COLUMNS
from ..geometry import Geometries, point_in
from ..lifecycle import Lifecycle
from ..model import Finding, Level
from ..overlay import Overlaps, is_noise, overlaps_between
from ..references import Reference
from ..sharing import Sharing, Words, ground_of_sites, sharing_of
from ..text import Text
from ..thresholds import Thresholds
from .edges import Edges, Polygons, edges_of


@dataclass(frozen=True)
class Inspection:
    """One run of the rules over one sites frame."""

    sites: gpd.GeoDataFrame
    table: Lifecycle
    today: date
    limits: Thresholds
    references: Mapping[str, Reference] = field(default_factory=dict)
    """By kind the layers that the office gave."""
    photos: Sequence[str] | None = None
    """The names of the photo files, ``None`` where no folder was given."""

    @property
    def given(self) -> frozenset[str]:
        """What a rule may need and is there."""
        return frozenset(self.references) | ({"photos"} if self.photos is not None else set())

    @cached_property
    def geometries(self) -> Geometries:
        """Shape (n,), degrees."""
        return np.asarray(self.sites.geometry.array, dtype=object)

    @cached_property
    def valid(self) -> Booleans:
        """Where the geometry is valid by OGC's rules."""
        return np.asarray(shapely.is_valid(self.geometries), dtype=np.bool_)

    @cached_property
    def measurable(self) -> Booleans:
        """Where the geometry is an area in degrees that one zone can hold."""
        return geometry.measurable(self.geometries)

    @cached_property
    def polygons(self) -> Polygons:
        """The parts of every measurable site, sorted by site."""
        degrees, row = shapely.get_parts(self.only(self.measurable), return_index=True)
        planar = np.empty(len(degrees), dtype=object)
        zones = geometry.zone_of(degrees)
        for zone in np.unique(zones):
            planar[zones == zone] = geometry.to_plane(degrees[zones == zone], int(zone))
        return Polygons(degrees, planar, row)

    @cached_property
    def edges(self) -> Edges:
        """Every edge of every measurable site."""
        return edges_of(self.polygons)

    @cached_property
    def area_m2(self) -> Floats:
        """The area of record, m²; where the frame has none it is computed."""
        kept = self.numbers["area_m2"].copy()
        unknown = np.isnan(kept) & self.measurable
        kept[unknown] = geometry.area_of_record_m2(self.geometries[unknown])
        return kept

    @cached_property
    def sharing(self) -> Sharing:
        """Every pair of counted sites that share ground: computed here once for all rules."""
        return sharing_of(self.sites, limits=self.limits, ground=ground_of_sites(self.sites, strict=False))

    def on(self, kind: str) -> Overlaps:
        """What the sites that count share with a reference layer, the noise of edges left out; ``second`` is a row of the layer."""
        if kind not in self._laid:
            noise = self.limits.numbers["S201"]
            pairs = overlaps_between(self.only(self.counted & self.measurable), self.references[kind].geometries)
            noisy = is_noise(pairs.planar, pairs.area_m2, pairs.width_m, up_to_m2=noise["area_m2"], up_to_m=noise["width_m"])
            self._laid[kind] = pairs.taken(~noisy)
        return self._laid[kind]

    def reference_area_m2(self, kind: str) -> Floats:
        """The area of each polygon of a reference layer, m²."""
        return geometry.area_of_record_m2(self.references[kind].geometries)

    @cached_property
    def _laid(self) -> dict[str, Overlaps]:
        return {}

    def only(self, chosen: Booleans) -> Geometries:
        """The geometries with nothing where not chosen: positions stay rows of the frame."""
        kept = self.geometries.copy()
        kept[~chosen] = None
        return kept

    @cached_property
    def words(self) -> Mapping[str, Words]:
        """The text columns, each of shape (n,)."""
        names = [column.name for column in COLUMNS if column.dtype == "str"]
        return {name: np.asarray(self.sites[name].to_numpy(dtype=object)) for name in names}

    @cached_property
    def numbers(self) -> Mapping[str, Floats]:
        """The number columns, each of shape (n,), NaN where unknown."""
        names = [column.name for column in COLUMNS if column.dtype in ("Int64", "float64")]
        return {name: np.asarray(self.sites[name].to_numpy(dtype=np.float64, na_value=np.nan)) for name in names}

    @cached_property
    def counted(self) -> Booleans:
        """Where the site counts: it was not struck off."""
        return np.asarray(self.sites["counted"].to_numpy(dtype=np.bool_))

    def measured_as(self, row: int) -> Text:
        """The measure and the year of a site, as people say them."""
        label = self.table.measures[self.words["measure"][row]].label
        year = self.numbers["plan_year"][row]
        said = Text("年度不明", "year unknown") if np.isnan(year) else Text(f"{year:.0f}年", f"{year:.0f}")
        return Text(f"{said.zh}{label.zh}", f"{label.en} {said.en}")

    def inside(self, row: int) -> tuple[float, float] | None:
        """A point inside the site, or on it."""
        return point_in(self.geometries[row])

    def finding(
        self,
        code: str,
        level: Level,
        row: int,
        message: Text,
        way_out: Text,
        *,
        other: int | None = None,
        place: tuple[float, float] | None = None,
        value: float | None = None,
    ) -> Finding:
        """A finding at one row of the frame; without a place it is a point inside the site."""
        site = self.words["site_id"]
        return Finding(
            code, level, message, way_out,
            layer=str(self.words["layer"][row]),
            site_id=str(site[row]),
            other_site_id="" if other is None else str(site[other]),
            place=place or self.inside(row),
            value=None if value is None else float(value),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule must know of a site to judge it: where it does, shape (n,), and what is said of the other sites."""

    reason: Text
    holds: Callable[[Inspection], Booleans]


class Rule(Protocol):
    """A rule: its code, the gravest level that it gives, and (in its docstring) its explanation in two languages.

    It judges the sites where everything that it ``applies`` to holds, and runs only if everything that it ``needs`` is given: kinds of
    reference layers, or ``photos``. What it ``judges`` beside the boundary, columns of `model.MEASURED`, is what a waiver accepts with it.
    """

    code: str
    level: Level
    applies: tuple[Condition, ...]
    needs: tuple[str, ...]
    judges: tuple[str, ...]

    def __call__(self, seen: Inspection, /) -> Iterator[Finding]:
        """What the rule finds."""
        ...


def rule(
    code: str, level: Level, *, applies: tuple[Condition, ...] = (), needs: tuple[str, ...] = (), judges: tuple[str, ...] = ()
) -> Callable[[Callable[[Inspection], Iterator[Finding]]], Rule]:
    """Mark a function as the rule of a code; the function itself stays as it is."""

    def marked(function: Callable[[Inspection], Iterator[Finding]]) -> Rule:
        made = cast(Rule, function)
        made.code, made.level = code, level
        made.applies, made.needs, made.judges = applies, needs, judges
        return made

    return marked
