"""Records as frames, and back: findings, events, targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..checks import State
from ..errors import BadRequest
from ..findings import cells_of, explanations
from ..frame import CRS
from ..lifecycle import Lifecycle
from ..model import MEASURED, Event, Finding, Target, headline_of
from ..text import Text
from ..units import UNITS, to_m2
from .table import Table

TARGETS = ("measure", "plan_year", "target_m2", "target_number", "source", "recorded_by", "recorded_at")
_TEXTS = ("level", "site_id", "other_site_id", "about", "message", "way_out")


def findings_frame(judged: Sequence[tuple[Finding, State]], *, table: Lifecycle) -> gpd.GeoDataFrame:
    """Findings with their states, a point each (EPSG:4490; none where a finding has no place), in the present language."""
    known = explanations()
    rows = [
        {
            **cells_of(finding, state, table),
            "state": state,
            "level": finding.level,
            "about": str(headline_of(known[finding.code])) if finding.code in known else "",
        }
        for finding, state in judged
    ]
    columns = {name: pd.Series([row[name] for row in rows], dtype="str") for name in ("state", "code", *_TEXTS)}
    values = np.array([np.nan if finding.value is None else finding.value for finding, _ in judged], dtype=np.float64)
    places = [None if finding.place is None else shapely.Point(finding.place) for finding, _ in judged]
    return gpd.GeoDataFrame({**columns, "value": values}, geometry=gpd.GeoSeries(places, crs=CRS), crs=CRS)


def events_frame(events: Sequence[Event]) -> Table:
    """One row an event: who, when, what, what results, and the figures that it recorded (NaN where it recorded none)."""
    columns: dict[str, object] = {
        name: pd.Series([getattr(event, name) or "" for event in events], dtype="str")
        for name in ("site_id", "kind", "to_status", "recorded_at", "recorded_by", "doc_no", "note")
    }
    columns["event_id"] = pd.Series([event.id for event in events], dtype="str")
    columns["step"] = pd.Series([event.step for event in events], dtype="Int64")
    columns["happened_on"] = pd.Series([event.happened_on.isoformat() for event in events], dtype="str")
    columns["status"] = pd.Series([event.state.status for event in events], dtype="str")
    columns["boundary_version"] = pd.Series([event.state.boundary for event in events], dtype="Int64")
    for name in MEASURED:
        told = [event.payload.get("measured", {}).get(name) for event in events]
        columns[name] = np.array([np.nan if value is None else value for value in told], dtype=np.float64)
    erased = [[name for name, value in event.payload.get("measured", {}).items() if value is None] for event in events]
    columns["erased"] = pd.Series([",".join(names) for names in erased], dtype="str")
    order = ["event_id", "site_id", "step", "kind", "happened_on", "recorded_at", "recorded_by", "status", "to_status", "doc_no", "note"]
    return Table(columns)[[*order, "boundary_version", *MEASURED, "erased"]]


def targets_frame(targets: Sequence[Target]) -> Table:
    """One row a target; an area or a number that was not set is NaN."""
    texts = {name: pd.Series([getattr(one, name) for one in targets], dtype="str") for name in ("measure", *TARGETS[4:])}
    figures = {
        "target_m2": pd.Series([one.area_m2 for one in targets], dtype="float64"),
        "target_number": pd.Series([one.number for one in targets], dtype="Int64"),
    }
    return Table({**texts, **figures, "plan_year": pd.Series([one.plan_year for one in targets], dtype="Int64")})[list(TARGETS)]


def targets_of(targets: pd.DataFrame | Iterable[Target], *, table: Lifecycle) -> list[Target]:
    """The targets that a frame of `targets_frame`, or one like it, holds.

    Raises
    ------
    BadRequest, UnknownName
    """
    if not isinstance(targets, pd.DataFrame):
        return list(targets)
    other = next((f"target_{unit}" for unit in UNITS if unit != "m2" and f"target_{unit}" in targets.columns), None)
    if other is not None and "target_m2" not in targets.columns:
        unit = other.removeprefix("target_")
        targets = targets.assign(target_m2=targets[other].map(lambda area: to_m2(area, unit)))
    missing = [name for name in ("measure", "plan_year") if name not in targets.columns]
    if missing or not {"target_m2", "target_number"} & set(targets.columns):
        lacking = missing or ["target_m2"]
        raise BadRequest(
            Text(f"任务表缺少列：{'、'.join(lacking)}。", f"The targets lack the columns {', '.join(lacking)}."),
            Text(
                "要有 measure、plan_year，以及 target_m2 或 target_number。",
                "They have measure, plan_year, and target_m2 or target_number.",
            ),
        )
    filled = targets.reindex(columns=list(TARGETS))
    wrong = filled["plan_year"].isna() | (filled["target_m2"] < 0).fillna(value=False) | (filled["target_number"] < 0).fillna(value=False)
    if wrong.any():
        row = filled.index[wrong][0]
        raise BadRequest(
            Text(f"任务表的第 {row} 行没有年度，或任务是负数。", f"The target in row {row} has no year, or is below nought."),
            Text("请补上或改正。", "Fill it in or mend it."),
        )
    return [
        Target(
            table.measure(str(measure)).code, int(year), "" if pd.isna(source) else str(source),
            area_m2=None if pd.isna(area_m2) else float(area_m2), number=None if pd.isna(number) else int(number),
        )
        for measure, year, area_m2, number, source in filled[list(TARGETS[:5])].itertuples(index=False)
    ]  # fmt: skip
