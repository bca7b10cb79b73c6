"""What a file has of sites that are known under another number, and what it has no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np

from ..data import builtin
from ..geometry import area_of_record_m2
from ..model import Event
from ..overlay import overlaps_between
from .plan import SameGround


@dataclass(frozen=True, slots=True)
class Same:
    """Another site that has a row's ground: how much of their joint ground they share, and what becomes of the row."""

    site_id: str
    iou: float
    is_in_file: bool
    is_known: bool
    becomes: Literal["refused", "renumbered"]


def same_ground(
    rows: gpd.GeoDataFrame, sites: Sequence[str], frame: gpd.GeoDataFrame, *, choice: SameGround, seen: Collection[str]
) -> dict[int, Same]:
    """By position the rows whose ground a site of the same measure and year has already, under another number.

    A row whose own site is known counts only where it has left its own ground: two numbers were exchanged, or moved by one.

    Parameters
    ----------
    rows
        As `readers.Intake.rows`, EPSG:4490.
    sites
        The number of each row's site.
    frame
        The sites frame; sites that are struck off hold no ground.
    choice
        See `Options`; ``by_number`` finds nothing.
    seen
        Sites that earlier layers of the batch have.
    """
    held = frame[frame["counted"].to_numpy()].reset_index(drop=True)
    if choice == "by_number" or not len(held) or not len(rows):
        return {}
    shapes, theirs = np.asarray(rows.geometry.array), np.asarray(held.geometry.array)
    pairs = overlaps_between(shapes, theirs)
    first, second = pairs.first, pairs.second
    joint = area_of_record_m2(shapes)[first] + held["area_m2"].to_numpy()[second] - pairs.area_m2
    iou = pairs.area_m2 / joint
    numbers, keys = np.asarray(sites, dtype=object), held["site_id"].to_numpy(dtype=object)
    own = numbers[first] == keys[second]
    alike = iou >= float(builtin("importing")["same_ground"]["iou"])
    task = rows["measure"].to_numpy()[first] == held["measure"].to_numpy()[second]
    task &= rows["plan_year"].to_numpy()[first] == held["plan_year"].to_numpy(dtype=np.int64, na_value=-1)[second]
    stayed = np.isin(first, first[own & alike])
    there, known = {*sites, *seen}, set(keys.tolist())
    found: dict[int, list[tuple[float, str]]] = {}
    for at in np.flatnonzero(alike & task & ~own & ~stayed).tolist():
        found.setdefault(int(first[at]), []).append((float(iou[at]), str(keys[second[at]])))
    return {at: _judged(others, numbers[at] in known, there, choice) for at, others in found.items()}


def _judged(others: Sequence[tuple[float, str]], is_known: bool, there: Collection[str], choice: SameGround) -> Same:  # noqa: FBT001
    """A number is changed only where nothing else can be meant: one such site, not in the file itself, and the number is free."""
    share, site_id = max(others)
    free = choice == "renumber" and len(others) == 1 and not is_known and site_id not in there
    return Same(site_id, share, site_id in there, is_known, "renumbered" if free else "refused")


def gone(
    histories: Mapping[str, Sequence[Event]],
    groups: Mapping[str, tuple[Any, ...]],
    *,
    present: Collection[str],
    sources: Collection[tuple[str, str]],
) -> dict[str, str]:
    """The sites that an earlier file brought and that the files which continue it have no more, each with that file's name.

    A site belongs to the file and layer that last brought it, and there to its measure, plan year and town. Such a group is continued by
    a batch that has one of its sites and a file and layer of that name, or at least the share of its sites in `data/importing.toml`.

    Parameters
    ----------
    histories
        Of the sites that count and may be meant.
    groups
        Measure, plan year and town of each.
    present
        The sites that the batch has, those that it was refused among them.
    sources
        File and layer of the batch's layers.
    """
    members: dict[tuple[Any, ...], list[str]] = {}
    for site_id, history in histories.items():
        brought = next((event.payload["source"] for event in reversed(history) if "source" in event.payload), None)
        if brought is not None:
            members.setdefault((brought["file"], brought["layer"], *groups[site_id]), []).append(site_id)
    return {site: str(key[0]) for key, every in sorted(members.items()) for site in _missing(every, present, (key[0], key[1]) in sources)}


def _missing(every: Sequence[str], present: Collection[str], is_same_file: bool) -> list[str]:  # noqa: FBT001
    missing = [site for site in every if site not in present]
    there = len(every) - len(missing)
    is_continued = there > 0 and (is_same_file or there >= float(builtin("importing")["gone"]["share"]) * (there + len(missing)))
    return missing if is_continued else []
