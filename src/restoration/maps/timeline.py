"""What the slider of a page shows: how every site stood on each day of its history, by either clock.

An event leaves a site with a group, whether it counts, and a version of its boundary (`model.State`). On a day a site stands as its last
event up to that day left it; that is what `Project.sites(as_of=…, clock=…)` says. Only events that change one of the three travel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..ellipsoid import Floats, Integers
from ..geometry import Geometries
from ..lifecycle import Lifecycle
from ..model import Event
from .columns import rest_of, shown_steps
from .facts import day_of
from .packing import Pack


class Past(NamedTuple):
    """Older boundaries, which stand before the present ones among the shapes of a page, and the steps of all sites.

    ``older``: their polygons, ``owner``: whose they are (a row of the frame), ``areas_m2``: their areas of record. ``steps`` has columns
    ``row``, ``group`` (code), ``counted``, ``shape`` (its number among the shapes, −1 for none), ``field`` and ``office`` (days since
    1970-01-01), of each site in the order of its history.
    """

    older: Geometries
    owner: Integers
    areas_m2: Floats
    steps: pd.DataFrame


def past_of(sites: gpd.GeoDataFrame, histories: Mapping[str, Sequence[Event]], versions: gpd.GeoDataFrame, *, table: Lifecycle) -> Past:
    """The past of a sites frame.

    Parameters
    ----------
    sites
        The sites frame as it stands.
    histories
        All events, by ``site_id``.
    versions
        Every version of every boundary: ``site_id``, ``version``, ``area_m2`` and the geometry, EPSG:4490 (`Ledger.boundary_versions`).
    """
    row = {site_id: at for at, site_id in enumerate(sites["site_id"])}
    present = dict(zip(sites["site_id"], sites["boundary_version"], strict=True))
    known = versions[versions["site_id"].isin(row)]
    older = known[known["version"].to_numpy() != known["site_id"].map(present).to_numpy()]
    shape: dict[tuple[str, int], int] = {key: at for at, key in enumerate(zip(older["site_id"], older["version"], strict=True))}
    shape |= {(site_id, int(version)): len(older) + row[site_id] for site_id, version in present.items() if not pd.isna(version)}
    owner = older["site_id"].map(row).to_numpy(dtype=np.intp)
    steps = _steps({site_id: histories.get(site_id, ()) for site_id in row}, row, shape, table)
    return Past(np.asarray(older.geometry.array, dtype=object), owner, older["area_m2"].to_numpy(dtype=np.float64), steps)


def _steps(
    histories: Mapping[str, Sequence[Event]], row: Mapping[str, int], shape: Mapping[tuple[str, int], int], table: Lifecycle
) -> pd.DataFrame:
    made: list[tuple[int, str, bool, int, int, int]] = []
    for site_id, history in histories.items():
        last: tuple[str, bool, int] | None = None
        for event in history:
            status = table.statuses[event.state.status]
            now = (status.group, status.counted, shape.get((site_id, event.state.boundary), -1))
            if now != last:
                made.append((row[site_id], *now, _number(day_of(event, "field")), _number(day_of(event, "office"))))
            last = now
    return pd.DataFrame(made, columns=["row", "group", "counted", "shape", "field", "office"])


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def add_past(pack: Pack, past: Past, groups: Sequence[str]) -> None:
    """Put the past into a pack; groups are numbered as in ``groups``."""
    number = {group: at for at, group in enumerate(groups)}
    pack.add("row", past.steps["row"].to_numpy(dtype=np.int64))
    pack.add("group", past.steps["group"].map(number).to_numpy(dtype=np.int64))
    pack.add("counted", past.steps["counted"].to_numpy(dtype=np.int64))
    pack.add("shape", past.steps["shape"].to_numpy(dtype=np.int64) + 1)
    for clock in ("field", "office"):
        pack.add(clock, past.steps[clock].to_numpy(dtype=np.int64))
    pack.add("older_m2", shown_steps(past.areas_m2, "ha") + 1)
    pack.add("older_rest", rest_of(past.areas_m2))
