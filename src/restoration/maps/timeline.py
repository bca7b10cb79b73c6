"""What the slider of a page shows: how every site stood on each day of its history, by either clock.

An event leaves a site with a status, measured values, a version of its boundary and one of its attributes (`model.State`). On a day a site
stands as its last event up to that day left it; that is what `Project.sites(as_of=…, clock=…)` says. A step is an event that changed
any of this; of a column only what differs from the step before travels, so that what never changed costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..ellipsoid import Floats, Integers
from ..frame import WRITTEN, with_groups
from ..geometry import Geometries
from ..lifecycle import Lifecycle
from ..model import MEASURED, Attributes, Event
from ..personal import masked_columns
from ..text import Text
from .changes import Look
from .columns import add_changes
from .facts import day_of
from .packing import Pack

Versions = Mapping[tuple[str, int], Attributes]

OF_NOW = ("registered_on", "last_event_id", "last_kind", "last_on", "last_by", "last_doc_no", "is_sample")
"""Columns of the sites frame that have no past on a page: what never changes, and what the list of entries tells."""

KINDS: dict[str, Look] = {
    "new": Look(Text("新增", "new sites"), "#b06a00", hatch="plus"),
    "accepted": Look(Text("新验收", "newly accepted"), "#00755a", hatch="tick"),
    "begun": Look(Text("新开工", "newly begun"), "#0067a8", hatch="rise"),
    "moved": Look(Text("其他状态变化", "other changes of status"), "#6a51a3", hatch="dots"),
    "fallen": Look(Text("验收后退回", "fallen back from accepted"), "#c0261c", hatch="fall"),
    "struck": Look(Text("核减/调出", "struck off"), "#262a26", hatch="cross"),
    "redrawn": Look(Text("边界重划", "redrawn"), "#a3348a", "9 3"),
    "revised": Look(Text("内容有改", "attributes revised"), "#7a6a1f", hatch="lines"),
}
"""What can have become of a site between two days; a colour each, and a hatch or a dash for who cannot tell the colours apart."""
UNCHANGED = Look(Text("无变化", "unchanged"), "#8f948b")
BEFORE = Look(Text("原界线", "the boundary before"), "#7a1fa2", "3 5")


class Past(NamedTuple):
    """Older boundaries, which stand before the present ones among the shapes of a page, and the steps of all sites.

    ``older``: their polygons, ``owner``: whose they are (a row of the frame), ``areas_m2``: their areas of record. ``steps`` has, of each
    site in the order of its history, ``row``, ``shape`` (its number among the shapes, −1 for none), ``field`` and ``office`` (days since
    1970-01-01), ``attributes`` (their version) and the columns of the sites frame but those of `OF_NOW`.
    """

    older: Geometries
    owner: Integers
    areas_m2: Floats
    steps: pd.DataFrame


def past_of(
    sites: gpd.GeoDataFrame,
    histories: Mapping[str, Sequence[Event]],
    versions: gpd.GeoDataFrame,
    *,
    table: Lifecycle,
    attributes: Versions | None = None,
) -> Past:
    """The past of a sites frame.

    Parameters
    ----------
    sites
        The sites frame as it stands, personal numbers masked; in what ``attributes`` say they are masked here.
    histories
        All events, by ``site_id``.
    versions
        Every version of every boundary: ``site_id``, ``version``, ``area_m2`` and the geometry, EPSG:4490 (`Ledger.boundary_versions`).
    attributes
        Versions of attributes by ``site_id`` and number (`Ledger.changed_attributes`); where one is missing they are those of the frame.
    """
    row = {site_id: at for at, site_id in enumerate(sites["site_id"])}
    present = dict(zip(sites["site_id"], sites["boundary_version"], strict=True))
    known = versions[versions["site_id"].isin(row)]
    older = known[known["version"].to_numpy() != known["site_id"].map(present).to_numpy()]
    shape: dict[tuple[str, int], int] = {key: at for at, key in enumerate(zip(older["site_id"], older["version"], strict=True))}
    shape |= {(site_id, int(version)): len(older) + row[site_id] for site_id, version in present.items() if not pd.isna(version)}
    owner, areas_m2 = older["site_id"].map(row).to_numpy(dtype=np.intp), older["area_m2"].to_numpy(dtype=np.float64)
    every_area_m2 = np.r_[areas_m2, sites["area_m2"].to_numpy(dtype=np.float64), 0.0]
    changed = [event for site_id in row for event in _changed(histories.get(site_id, ()))]
    steps = _frame_of(changed, sites, row, attributes or {})
    steps["shape"] = [shape.get((event.site_id, event.state.boundary), -1) for event in changed]
    steps["area_m2"] = every_area_m2[steps["shape"]]
    steps["boundary_version"] = pd.Series([event.state.boundary for event in changed], dtype="Int64")
    return Past(np.asarray(older.geometry.array, dtype=object), owner, areas_m2, pd.DataFrame(with_groups(steps, table=table)))


def _changed(history: Sequence[Event]) -> list[Event]:
    """The events that left the site other than it was."""
    states = [None, *(event.state for event in history)]
    return [event for event, before in zip(history, states, strict=False) if event.state != before]


def _frame_of(events: Sequence[Event], sites: gpd.GeoDataFrame, row: Mapping[str, int], attributes: Versions) -> Any:
    """What the frame says of the sites of events, as the events left them."""
    rows = np.array([row[event.site_id] for event in events], dtype=np.intp)
    steps = pd.DataFrame(sites.drop(columns=["geometry", *OF_NOW])).iloc[rows].reset_index(drop=True)
    said = [attributes.get((event.site_id, event.state.attributes)) for event in events]
    known = [at for at, one in enumerate(said) if one is not None]
    if known:
        values = pd.DataFrame([_texts(one) for one in said if one is not None], index=known)
        values = masked_columns(values, [name for name in WRITTEN if name in values])
        for name in [column for column in values if column in steps]:
            steps[name] = steps[name].where(~steps.index.isin(known), values[name].reindex(steps.index)).astype(sites[name].dtype)
    ever = {name for event in events for name in event.state.measured}
    measured: dict[str, Any] = dict.fromkeys(MEASURED, np.nan)
    measured |= {name: np.array([event.state.measured.get(name, np.nan) for event in events], dtype=np.float64) for name in ever}
    days = {clock: [_number(day_of(event, clock)) for event in events] for clock in ("field", "office")}
    status = pd.Series([event.state.status for event in events], dtype="str")
    return steps.assign(row=rows, status=status, attributes=[event.state.attributes for event in events], **measured, **days)


def _texts(attributes: Attributes) -> dict[str, Any]:
    closure_on = attributes.closure_on.isoformat() if attributes.closure_on else ""
    return {**asdict(attributes), "closure_on": closure_on}


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def add_past(pack: Pack, past: Past) -> None:
    """Put into a pack when the steps were, and what of them is no column of a page's sites; `Columns` adds the rest."""
    row = past.steps["row"].to_numpy(dtype=np.int64)
    pack.add("row", np.diff(row, prepend=0))
    for clock in ("field", "office"):
        pack.add(clock, past.steps[clock].to_numpy(dtype=np.int64))
    add_changes(pack, "shape", past.steps["shape"].to_numpy(dtype=np.int64) + 1, row)
    add_changes(pack, "attributes", past.steps["attributes"].to_numpy(dtype=np.int64), row)
    add_changes(pack, "state", pd.factorize(past.steps["status"])[0].astype(np.int64), row)


def kinds_of(table: Lifecycle) -> dict[str, Any]:
    """What can have become of a site between two days, as a page has it, and which groups count as begun or accepted."""
    looks = {"unchanged": UNCHANGED, **KINDS, "before": BEFORE}
    return {
        "looks": [{"code": code, "label": str(look.label), "colour": look.colour, "dash": look.dash, "hatch": look.hatch}
                  for code, look in looks.items()],
        "counts_as": dict(table.counts_as),
    }  # fmt: skip
