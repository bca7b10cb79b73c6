"""Where the rows of files lie, so that every finding of an import can tell its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import shapely

from ..geometry import point_in
from ..model import Finding
from .plan import Place, Plan


def note_shapes(plan: Plan, rows: gpd.GeoDataFrame, *, file: str, layer: str) -> None:
    """Keep in the plan where the rows of a layer lie, also of those that are refused, so that findings can tell it."""
    plan.shapes.setdefault((file, layer), []).append(rows[["source_row", "geometry"]])


def located(plan: Plan) -> list[Finding]:
    """The plan's findings, each with its site and with a point of its row's ground, as far as they are known."""
    told_of = {(finding.file, finding.layer, finding.row) for finding in plan.findings if finding.row is not None}
    sites = {at: told.site_id for told in plan.account if (at := (told.file, told.layer, told.row)) in told_of}
    named = {finding.site_id for finding in plan.findings if finding.row is None}
    rows = {site: entry.event.payload["source"] for entry in plan.entries if (site := entry.event.site_id) in named}
    shapes = _shapes(plan, {(finding.file, finding.layer, finding.row) for finding in plan.findings if finding.row and not finding.place})
    return [_located(finding, sites, rows.get(finding.site_id, {}), shapes) for finding in plan.findings]


def _shapes(plan: Plan, told_of: Collection[Place]) -> dict[Place, shapely.Geometry | None]:
    found: dict[Place, shapely.Geometry | None] = {}
    for (file, layer), frames in plan.shapes.items():
        wanted = [row for of_file, of_layer, row in told_of if (of_file, of_layer) == (file, layer)]
        for rows in frames:
            some = rows[rows["source_row"].isin(wanted)]
            found.update(((file, layer, int(row)), shape) for row, shape in zip(some["source_row"], some.geometry, strict=True))
    return found


def _located(
    finding: Finding, sites: Mapping[Place, str], source: Mapping[str, Any], shapes: Mapping[Place, shapely.Geometry | None]
) -> Finding:
    if finding.row is None:  # a check's, of a site that the plan writes
        return replace(finding, file=finding.file or source.get("file", ""), row=source.get("row"))
    at = (finding.file, finding.layer, finding.row)
    return replace(finding, site_id=finding.site_id or sites.get(at, ""), place=finding.place or point_in(shapes.get(at)))
