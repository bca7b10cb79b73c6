"""Sites frame to findings: one rule a function, its docstring is its explanation."""

from __future__ import annotations

import inspect
from datetime import date

import geopandas as gpd

from .. import lifecycle, model
from ..errors import UnknownName
from ..frame import COLUMNS, CRS, conform
from ..lifecycle import Lifecycle
from ..model import Finding
from ..stages import counted
from ..text import Text
from ..thresholds import Thresholds, thresholds
from . import areas, overlapping, places, shapes, states
from .inspection import Inspection, Rule

__all__ = ["CODES", "RULES", "Rule", "check", "explain"]

RULES: tuple[Rule, ...] = (
    shapes.broken,
    shapes.sliver,
    shapes.close_vertices,
    shapes.spike,
    places.outside,
    overlapping.overlap_in_layer,
    overlapping.overlap_between_layers,
    overlapping.identical,
    overlapping.successive,
    areas.reported,
    areas.order,
    areas.verified,
    states.unproven,
    states.indicators,
    states.late,
    places.town,
    states.divided_mine,
    states.registered_twice,
)
"""Every rule, in the order in which they run."""

CODES: tuple[str, ...] = tuple(rule.code for rule in RULES)


def check(
    sites: gpd.GeoDataFrame,
    *,
    table: Lifecycle | None = None,
    today: date | None = None,
    limits: Thresholds | None = None,
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

    Raises
    ------
    BadRequest
        The frame has no CRS, or no ``measure`` or ``status``.
    UnknownName
        A measure or status that the lifecycle does not have.

    Examples
    --------
    >>> import shapely
    >>> from restoration.text import speaking
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> twice = gpd.GeoDataFrame({"measure": "afforestation", "status": "planned", "geometry": [square, square]}, crs=4490)
    >>> with speaking("en"):
    ...     for finding in check(twice):
    ...         print(finding.code, finding.level, finding.site_id, finding.other_site_id, finding.message)
    S203 error 1 2 1 (afforestation year unknown) and 2 (afforestation year unknown) share 44694.10 m² (67.04 mu),
    the polygons are 100.0% the same.
    """
    known = table or lifecycle.table()
    is_frame = sites.crs == CRS and {column.name for column in COLUMNS} <= set(sites.columns)
    frame = sites if is_frame else conform(sites, table=known)
    seen = Inspection(frame, known, today or model.today(), limits or thresholds())
    position = {site_id: row for row, site_id in enumerate(frame["site_id"])}
    stage = Text("逐条检查", "Checking rule by rule")
    return [
        finding
        for rule in counted(stage, RULES, len(RULES), often=1)
        for finding in sorted(rule(seen), key=lambda finding: position[finding.site_id])
    ]


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
