"""Where the rows of files lie, so that every finding of an import can tell its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd

from ..geometry import point_in
from ..model import Finding
from .plan import Place, Plan


def note_shapes(plan: Plan, rows: gpd.GeoDataFrame, *, file: str, layer: str) -> None:
    """Keep in the plan where the rows of a layer lie, also of those that are refused, so that findings can tell it."""
    whole = ((file, layer, int(row)) for row in rows["source_row"])
    plan.shapes.update(zip(whole, rows.geometry, strict=True))


def located(plan: Plan) -> list[Finding]:
    """The plan's findings, each with its site and with a point of its row's ground, as far as they are known."""
    sites = {(told.file, told.layer, told.row): told.site_id for told in plan.account}
    rows = {entry.event.site_id: entry.event.payload["source"] for entry in plan.entries}
    return [_located(plan, finding, sites, rows.get(finding.site_id, {})) for finding in plan.findings]


def _located(plan: Plan, finding: Finding, sites: Mapping[Place, str], source: Mapping[str, Any]) -> Finding:
    if finding.row is None:  # a check's, of a site that the plan writes
        return replace(finding, file=finding.file or source.get("file", ""), row=source.get("row"))
    at = (finding.file, finding.layer, finding.row)
    return replace(finding, site_id=finding.site_id or sites.get(at, ""), place=finding.place or point_in(plan.shapes.get(at)))
