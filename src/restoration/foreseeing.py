"""The sites frame as it would be once planned events are written: what the checks of an import look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, cast

import geopandas as gpd
import pandas as pd

from .frame import CRS, conform
from .lifecycle import Lifecycle
from .model import MEASURED, Attributes
from .store import Entry


def foreseen(sites: gpd.GeoDataFrame, entries: Sequence[Entry], *, table: Lifecycle) -> gpd.GeoDataFrame:
    """The frame with each entry's outcome in place of its site's row, or as a new row.

    Parameters
    ----------
    sites
        The sites frame as it is.
    entries
        Events to be written, with what they bring; of one site the last one counts.
    """
    last = {entry.event.site_id: entry for entry in entries}
    if not last:
        return sites
    stands = sites["site_id"].isin(last)
    held = {row["site_id"]: row for row in sites[stands].to_dict("records")}
    rows = [_row(held.get(site_id, {}), entry) for site_id, entry in last.items()]
    changed = conform(gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS), table=table)
    kept = sites[~stands]
    return cast(gpd.GeoDataFrame, pd.concat([kept, changed], ignore_index=True) if len(kept) else changed)


def _row(held: dict[Any, Any], entry: Entry) -> dict[str, Any]:
    event = entry.event
    row = {str(name): value for name, value in held.items() if name != "area_m2"}  # it follows from the boundary
    row |= {"site_id": event.site_id, "status": event.state.status, "boundary_version": event.state.boundary}
    row |= {name: event.state.measured.get(name, float("nan")) for name in MEASURED}
    row |= {"last_kind": event.kind, "last_on": event.happened_on.isoformat(), "last_by": event.recorded_by, "last_event_id": event.id}
    if entry.attributes:
        row |= {field.name: _told(getattr(entry.attributes, field.name)) for field in fields(Attributes)}
    if entry.boundary is not None:
        row["geometry"] = entry.boundary
    return row


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
