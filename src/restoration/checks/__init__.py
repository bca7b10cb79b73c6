"""Sites frame to findings: one rule a function, its docstring is its explanation."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import numpy as np

from .. import lifecycle, model
from ..errors import UnknownName
from ..frame import COLUMNS, CRS, conform
from ..lifecycle import Lifecycle
from ..model import Finding
from ..references import Reference, references_of
from ..stages import counted
from ..text import Text
from ..thresholds import Thresholds, thresholds
from . import areas, complete, dates, gaps, grounds, overlapping, parts, places, shapes, states
from .areas import slip_told
from .inspection import Inspection, Rule
from .repairs import MENDED, VERDICT_LABEL, Proposal, repairs, require_mended, table_of
from .results import RESULT_LABEL, RESULTS, Result, Results, Run, State, about, lacking_of

__all__ = [
    "CODES", "MENDED", "RESULTS", "RESULT_LABEL", "RULES", "VERDICT_LABEL", "Proposal", "Result", "Results", "Rule", "Run", "State",
    "about", "check", "check_results", "explain", "repairs", "require_mended", "run", "slip_told", "table_of",
]  # fmt: skip

RULES: tuple[Rule, ...] = (
    shapes.broken,
    shapes.sliver,
    shapes.close_vertices,
    shapes.spike,
    places.outside,
    parts.tail,
    parts.scattered,
    overlapping.overlap_in_layer,
    overlapping.overlap_between_layers,
    overlapping.identical,
    overlapping.successive,
    gaps.gap,
    grounds.cropland,
    grounds.basic_farmland,
    grounds.former_land,
    grounds.licence,
    areas.reported,
    areas.order,
    areas.verified,
    states.unproven,
    states.indicators,
    states.late,
    places.town,
    states.divided_mine,
    states.registered_twice,
    dates.contradicting,
    places.another_town,
    complete.attributes,
    complete.photos,
    complete.personal,
)
"""Every rule, in the order in which they run."""

CODES: tuple[str, ...] = tuple(rule.code for rule in RULES)


def check(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle | None = None,
    today: date | None = None,
    limits: Thresholds | None = None,
    references: Mapping[str, gpd.GeoDataFrame | Reference] | None = None,
    photos: Sequence[str] | None = None,
) -> list[Finding]:
    """Everything that the rules find in the sites, rule by rule, within a rule by the order of the frame.

    Parameters
    ----------
    sites
        The sites frame; a frame that lacks columns, or is in another CRS, is conformed first.
    table
        The lifecycle, the built-in one if not given.
    today
        The day that closures and plan years are measured by; the office's day if not given.
    limits
        The thresholds, the built-in ones if not given (`thresholds`).
    references
        Layers to hold the sites against, by kind (`references.kinds`, a code or a Chinese word), each in any CRS.
    photos
        The names of the photo files that there are, without their folders.

    A rule whose layer (or whose photos) are not given does not run: what each needs is its ``needs``.

    Raises
    ------
    BadRequest
        The frame has no CRS, or no ``measure`` or ``status``; a reference has no CRS, no polygons, or lacks the column that it needs.
    UnknownName
        A measure or status that the lifecycle does not have, or a kind of reference that there is not.

    Examples
    --------
    >>> import shapely
    >>> from restoration.text import speaking
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> twice = gpd.GeoDataFrame({"measure": "afforestation", "status": "planned", "geometry": [square, square]}, crs=4490)
    >>> with speaking("en"):
    ...     finding, *notes = check(twice)
    ...     print(finding.code, finding.level, finding.site_id, finding.other_site_id, finding.message)
    S203 error #1 #2 #1 (afforestation year unknown) and #2 (afforestation year unknown) share 44694.10 m² (67.04 mu),
    the polygons are 100.0% the same.
    """
    return list(run(sites, table=table, today=today, limits=limits, references=references, photos=photos).findings)


def check_results(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle | None = None,
    today: date | None = None,
    limits: Thresholds | None = None,
    references: Mapping[str, gpd.GeoDataFrame | Reference] | None = None,
    photos: Sequence[str] | None = None,
) -> Results:
    """What each rule gives back for each site: failed, passed, or not run and why. Waivers are a ledger's (`Project.results`).

    Parameters and errors are those of `check`.

    Examples
    --------
    >>> import shapely
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> one = gpd.GeoDataFrame({"measure": "afforestation", "status": "planned", "geometry": [square]}, crs=4490)
    >>> check_results(one).by_site()[["S101", "S301"]].loc["#1"].tolist()
    ['passed', 'not_run']
    """
    return run(sites, table=table, today=today, limits=limits, references=references, photos=photos).results()


def run(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle | None = None,
    today: date | None = None,
    limits: Thresholds | None = None,
    references: Mapping[str, gpd.GeoDataFrame | Reference] | None = None,
    photos: Sequence[str] | None = None,
) -> Run:
    """One run of the rules: the findings of `check`, and which sites each rule could judge.

    Parameters and errors are those of `check`.
    """
    known = table or lifecycle.table()
    is_frame = sites.crs == CRS and {column.name for column in COLUMNS} <= set(sites.columns)
    frame = sites if is_frame else conform(sites, table=known)
    held = references_of(references or {})
    seen = Inspection(frame, known, today or model.today(), limits or thresholds(), held, photos)
    lacking = np.array([lacking_of(rule, seen, seen.given) for rule in RULES], dtype=np.int8)
    position = {site_id: row for row, site_id in enumerate(frame["site_id"])}
    ready = [rule for rule in RULES if seen.given.issuperset(rule.needs)]
    stage = Text("逐条检查", "Checking rule by rule")
    found = [
        one
        for rule in counted(stage, ready, len(ready), often=1)
        for one in sorted(rule(seen), key=lambda finding: position[finding.site_id])
    ]
    return Run(seen.words["site_id"], RULES, tuple(found), lacking)


def explain(code: str) -> Text:
    """What a rule is about, why it matters and how to mend it.

    Raises
    ------
    UnknownName
        No rule has that code.

    Examples
    --------
    >>> explain("S203").zh.splitlines()[0]
    '问题：两个小班的图形相同或几乎相同。'
    """
    wanted = code.strip().upper()
    for rule in RULES:
        if rule.code == wanted:
            zh, _, en = (inspect.getdoc(rule) or "").partition("\n---\n")
            return Text(zh, en)
    raise UnknownName(Text("检查代码", "check"), code, CODES)
