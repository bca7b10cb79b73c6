"""Rows matched to sites by their numbers: new, redrawn, revised, unchanged or refused, and the event that each brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..geometry import in_threads
from ..lifecycle import Lifecycle
from ..model import MEASURED, Attributes, Event, Finding, canonical, made_in_numbers, new_id, state_after
from ..stages import counted
from ..store import Entry
from ..text import Text
from .known import Same
from .plan import Kept, Plan, Signed, Source, Told
from .rules import correction_kept, ground_is_known, number_changed, row_outdated, status_differs

SAME_PLACE_DEG = 1e-8
"""Vertices nearer than this (1 mm) are the same vertex after a change of coordinate system."""
DEFAULT_STATUS = "sited"
"""A site that comes with a boundary and no status is on the map (已落地上图)."""
_IDENTITY = ("source_id", "measure", "plan_year")
_NAMED = ("name", "county_code", "town_code", "town", "village", "unit", "mine_id", "species", "closure_on", "closure_years", "is_sample")


def site_ids(rows: pd.DataFrame, table: Lifecycle, *, renumbered: Mapping[tuple[str, int, str], str] | None = None) -> list[str]:
    """The number of each row's site here: measure's initials, plan year, and its number in the source.

    Parameters
    ----------
    rows
        Columns ``measure``, ``plan_year``, ``source_id``.
    renumbered
        Sites whose measure, plan year or number in the source was corrected: they keep their number here, and a file that has it
        right means them.

    Examples
    --------
    >>> from restoration import lifecycle
    >>> site_ids(pd.DataFrame({"measure": ["hill_closure"], "plan_year": [2021], "source_id": ["0012"]}), lifecycle.table())
    ['FSYL-2021-0012']
    """
    keys = zip(rows["measure"], rows["plan_year"], rows["source_id"], strict=True)
    known = renumbered or {}
    return [known.get(key) or f"{table.measures[key[0]].abbr}-{key[1]}-{key[2]}" for key in keys]


def mended_by_hand(history: Sequence[Event], versions: Mapping[int, Attributes]) -> dict[str, object]:
    """What was put right by hand since a file said it: by field the value that it had before.

    A file that still says the old value does not undo the correction.
    """
    found: dict[str, object] = {}
    for before, event in pairwise(history):
        old, new = _content(before, versions), _content(event, versions)
        changed = {name: old.get(name) for name in {*old, *new} if old.get(name) != new.get(name)}
        by_file = "source" in event.payload
        found = {name: value for name, value in found.items() if name not in changed} if by_file else {**changed, **found}
    now = _content(history[-1], versions)
    return {name: value for name, value in found.items() if value != now.get(name)}


def _content(event: Event, versions: Mapping[int, Attributes]) -> dict[str, object]:
    return {**asdict(versions[event.state.attributes]), **event.state.measured}


@made_in_numbers()
def add_layer(
    plan: Plan,
    rows: gpd.GeoDataFrame,
    *,
    sites: Sequence[str],
    source: Source,
    kept: Mapping[str, Kept],
    signed: Signed,
    table: Lifecycle,
    same: Mapping[int, Same] | None = None,
) -> None:
    """Add one layer's rows to the plan.

    Parameters
    ----------
    plan
        Filled in place: it is the caller's growing plan.
    rows
        The rows that the reader understood (`readers.Intake.rows`), EPSG:4490.
    sites
        The number of each row's site, as `site_ids` gives it.
    source
        Where they came from.
    kept
        What the ledger has, by site, for every site that the rows name and that is there, or whose number they change.
    same
        By position in ``rows`` the other site that has that ground already (`known.same_ground`), and what becomes of the row.
    """
    turned_away: dict[int, Told] = {}
    marks = _ground_marks(np.asarray(rows.geometry.array))
    whence = _as_dict(source)
    stage = Text(f"核对 {source.file} 的各行", f"Matching the rows of {source.file}")
    matched = zip(_records(rows), sites, marks, strict=True)
    for at, (row, site_id, mark) in enumerate(counted(stage, matched, len(rows))):
        origin = {"source": {**whence, "row": row["source_row"], "digest": row_digest(row, mark)}}
        told = Told(source.file, row["source_row"], site_id, "new", layer=source.layer)
        other = (same or {}).get(at)
        if other is None or site_id in plan.seen:
            told = _row(plan, told, row, origin, kept.get(site_id), signed, table)
        elif other.becomes == "refused":
            plan.findings.append(ground_is_known(told, other))
            told = replace(told, outcome="refused", why=str(plan.findings[-1].message), code="I105")
        else:
            told = _renumbered(plan, told, row, origin, kept[other.site_id], signed)
        plan.account.append(told)
        plan.seen |= {site_id, told.site_id}
        if told.outcome == "refused":
            turned_away[row["source_row"]] = told
    if turned_away:
        refuse(plan, rows[rows["source_row"].isin(turned_away)], turned_away, source)


def refuse(plan: Plan, rows: gpd.GeoDataFrame, told: Mapping[int, Told], source: Source) -> None:
    """Keep rows that are not taken for the file of refused rows, by their number in the source."""
    said = [told[row] for row in rows["source_row"]]
    codes, whys = [one.code or "I101" for one in said], [one.why for one in said]
    plan.refused.append(rows.assign(reason_code=codes, reason=whys, source_file=source.file))


def refuse_layer(plan: Plan, rows: gpd.GeoDataFrame, sites: Sequence[str], source: Source, finding: Finding) -> None:
    """Turn a whole layer away for what was found of it."""
    told = [
        Told(source.file, row, site_id, "refused", str(finding.message), finding.code, source.layer)
        for row, site_id in zip(rows["source_row"].tolist(), sites, strict=True)
    ]
    plan.account.extend(told)
    plan.seen |= set(sites)
    refuse(plan, rows, {one.row: one for one in told}, source)


def _renumbered(plan: Plan, told: Told, row: Mapping[str, Any], origin: Mapping[str, Any], kept: Kept, signed: Signed) -> Told:
    """A known site under a new number: it keeps its history here and goes by the new number from now on."""
    told = replace(told, site_id=kept.head.event.site_id)
    if told.site_id in plan.seen:
        return replace(told, outcome="refused", why=str(_TWICE))
    plan.findings.append(number_changed(told, kept.head.attributes.source_id, row["source_id"]))
    return _revision(plan, told, row, kept, origin, signed)


def _records(rows: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """The rows as plain values, ``None`` for unknown: made plain a column at a time, which is many times faster than by cell."""
    shapes = np.asarray(rows.geometry.array).tolist()
    columns = [shapes if name == "geometry" else [_plain(value) for value in rows[name].tolist()] for name in rows]
    names = rows.columns.tolist()
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _row(
    plan: Plan, told: Told, row: Mapping[str, Any], origin: Mapping[str, Any], kept: Kept | None, signed: Signed, table: Lifecycle
) -> Told:
    if told.site_id in plan.seen:
        return replace(told, outcome="refused", why=str(_TWICE))
    if kept is None:
        plan.entries.append(_registration(row, told.site_id, origin, signed))
        return told
    now = kept.head.attributes
    if (row["measure"], row["plan_year"]) != (now.measure, now.plan_year) and not _is_known(kept, origin):
        measure = table.measures[now.measure].label
        why = Text(
            f"{told.site_id} 已更正为{now.plan_year}年{measure.zh}，文件里还是原来的措施或年度。",
            f"{told.site_id} was corrected to {measure.en} of {now.plan_year}; the file has the old measure or year.",
        )
        return replace(told, outcome="refused", why=str(why))
    if row["source_id"] != now.source_id and not _is_known(kept, origin):
        why = Text(
            f"{told.site_id} 的小班号已改为 {now.source_id}，文件里还是原来的 {row['source_id']}。",
            f"{told.site_id} has the number {now.source_id} now; the file has the old one, {row['source_id']}.",
        )
        return replace(told, outcome="refused", why=str(why))
    brought = [event for event in kept.history if "source" in event.payload]
    same = [event for event in brought if event.payload["source"].get("digest") == origin["source"]["digest"]]
    if same:
        if same[-1] is not brought[-1]:
            plan.findings.append(row_outdated(told, same[-1], brought[-1]))
        return replace(told, outcome="unchanged")
    if row["status"] and row["status"] != kept.head.event.state.status:
        plan.findings.append(status_differs(told, row, kept.head.event.state.status, table))
    return _revision(plan, told, row, kept, origin, signed)


_TWICE = Text("同一批文件里已经有这个编号。", "The same number stands in this batch already.")


def _is_known(kept: Kept, origin: Mapping[str, Any]) -> bool:
    digest = origin["source"]["digest"]
    return any(event.payload.get("source", {}).get("digest") == digest for event in kept.history)


def _ground_marks(shapes: NDArray[np.object_]) -> list[bytes]:
    """The same bytes for the same ground, wherever its rings start and to 1 mm."""
    marks: list[bytes] = in_threads(_marks, shapes).tolist()
    return marks


def _marks(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    settled = shapely.transform(shapely.normalize(shapes), lambda xy: np.round(xy / SAME_PLACE_DEG))
    return np.asarray(shapely.to_wkb(settled, byte_order=1), dtype=object)


def row_digest(row: Mapping[str, Any], ground_mark: bytes) -> str:
    """What a row says, as one SHA-256: the same row read again changes nothing, whatever happened to its site since."""
    content = {name: row[name] for name in _SAID if name in row}
    content["closure_on"] = row["closure_on"] and row["closure_on"].isoformat()
    return sha256(canonical(content).encode() + ground_mark).hexdigest()


_SAID = (*_IDENTITY, *_NAMED, "status", *MEASURED)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _as_dict(source: Source) -> dict[str, str]:
    return {"file": source.file, "sha256": source.sha256, "layer": source.layer, "crs": source.crs, "encoding": source.encoding}


def _attributes(row: Mapping[str, Any]) -> Attributes:
    named = {name: row[name] for name in _NAMED}
    named["mine_id"] = named["mine_id"] or (row["source_id"] if row["measure"] == "mine_regreen" else "")
    years = named["closure_years"]
    named["closure_years"] = None if years is None else int(years)
    return Attributes(row["source_id"], row["measure"], row["plan_year"], **named)


def _measured(row: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(row[name]) for name in MEASURED if row.get(name) is not None}


def _registration(row: Mapping[str, Any], site_id: str, origin: Mapping[str, Any], signed: Signed) -> Entry:
    payload: dict[str, Any] = {**origin, "boundary": 1, "attributes": 1, "measured": _measured(row)}
    if row["surveyed_on"]:
        payload["surveyed_on"] = row["surveyed_on"].isoformat()
    status = row["status"] or DEFAULT_STATUS
    event = Event(
        id=new_id(),
        site_id=site_id,
        step=1,
        after=None,
        kind="registered",
        to_status=status,
        happened_on=row["happened_on"] or signed.on,
        recorded_at=signed.recorded_at,
        recorded_by=signed.by,
        doc_no=row["doc_no"] or signed.doc_no,
        note=signed.note,
        payload=payload,
        state=state_after(None, to_status=status, payload=payload),
    )
    return Entry(event, row["geometry"], _attributes(row))


def _revision(plan: Plan, told: Told, row: Mapping[str, Any], kept: Kept, origin: Mapping[str, Any], signed: Signed) -> Told:
    """The event for a row whose site is there and that says something new."""
    last = kept.head.event
    is_redrawn = not _same_ground(row["geometry"], kept.boundary)
    said = {**asdict(_attributes(row)), **_measured(row)}
    held = sorted(name for name, value in kept.mended.items() if name in said and said[name] == value and value not in _BLANK)
    if held:
        plan.findings.append(correction_kept(told, held))
    attributes = replace(_with_new(kept.head.attributes, _attributes(row), held), source_id=row["source_id"])
    measured = {name: value for name, value in _measured(row).items() if last.state.measured.get(name) != value and name not in held}
    if not is_redrawn and attributes == kept.head.attributes and not measured:
        return replace(told, outcome="unchanged")
    day = row["happened_on"]
    signed = replace(signed, on=day if day and day >= last.happened_on else signed.on)  # an old date is that of the registration
    if signed.on < last.happened_on:
        why = Text(
            f"日期 {signed.on} 早于该小班的末次事项 {last.happened_on}。",
            f"{signed.on} is before the site's last entry, {last.happened_on}.",
        )
        return replace(told, outcome="refused", why=str(why))
    both = {**last.state.measured, **measured}
    if both.get("qualified_m2", 0.0) > both.get("verified_m2", float("inf")) and {"qualified_m2", "verified_m2"} & set(measured):
        more = Text("合格面积会大于核实面积。", "The qualified area would be larger than the verified area.")
        return replace(told, outcome="refused", why=str(more))
    payload: dict[str, Any] = {**origin}
    if measured and row["surveyed_on"]:
        payload["surveyed_on"] = row["surveyed_on"].isoformat()
    if is_redrawn:
        payload["boundary"] = last.state.boundary + 1
    if attributes != kept.head.attributes:
        payload["attributes"] = last.state.attributes + 1
    if measured:
        payload["measured"] = measured
    kind = "redrawn" if is_redrawn else "measured" if "attributes" not in payload else "corrected"
    if kind == "corrected":
        payload["reason"] = f"导入 {told.file}"
    event = following(last, kind=kind, payload=payload, signed=replace(signed, doc_no=row["doc_no"] or signed.doc_no))
    changed = attributes if "attributes" in payload else None
    plan.entries.append(Entry(event, row["geometry"] if is_redrawn else None, changed))
    return replace(told, outcome="redrawn" if is_redrawn else "revised")


def following(last: Event, *, kind: Any, payload: Mapping[str, Any], signed: Signed, to_status: str | None = None) -> Event:
    """The event that comes after ``last`` in its site, with the state that it leads to."""
    return Event(
        id=new_id(),
        site_id=last.site_id,
        step=last.step + 1,
        after=last.id,
        kind=kind,
        to_status=to_status,
        happened_on=signed.on,
        recorded_at=signed.recorded_at,
        recorded_by=signed.by,
        doc_no=signed.doc_no,
        note=signed.note,
        payload=payload,
        state=state_after(last.state, to_status=to_status, payload=payload),
    )


def _same_ground(new: shapely.Geometry, old: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(new), shapely.normalize(old), tolerance=SAME_PLACE_DEG))


_BLANK = ("", None, False)


def _with_new(old: Attributes, new: Attributes, held: Sequence[str]) -> Attributes:
    """What the row says in place of what was; a blank in the row takes nothing away, and what was put right stays right."""
    given = {name: getattr(new, name) for name in _NAMED if getattr(new, name) not in _BLANK and name not in held}
    return replace(old, **given)
