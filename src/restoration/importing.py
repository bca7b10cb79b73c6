"""What a file would do to the ledger: which rows are new sites, redrawn, revised, unchanged or refused.

Plain functions of what was read and what is kept; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .frame import label_of
from .lifecycle import Lifecycle
from .model import MEASURED, Attributes, Event, Finding, State, canonical, new_id, result_of, utc_now
from .readers import Given
from .store import Entry, Head
from .text import Text

Outcome = Literal["new", "redrawn", "revised", "unchanged", "refused"]
OUTCOME_LABEL: dict[str, Text] = {
    "new": Text("新登记", "new"),
    "redrawn": Text("边界重划", "redrawn"),
    "revised": Text("内容有改", "revised"),
    "unchanged": Text("无变化", "unchanged"),
    "refused": Text("未采用", "refused"),
}
SAME_PLACE_DEG = 1e-8
"""Vertices nearer than this (1 mm) are the same vertex after a change of coordinate system."""
DEFAULT_STATUS = "sited"
"""A site that comes with a boundary and no status is on the map (已落地上图)."""
_IDENTITY = ("source_id", "measure", "plan_year")
_NAMED = ("name", "county_code", "town_code", "town", "village", "unit", "mine_id", "species", "closure_on", "closure_years", "is_sample")


@dataclass(frozen=True, slots=True)
class Options:
    """How files are to be read and their columns understood; see `readers.read` and `readers.intake`."""

    encoding: str | None = None
    crs: str | None = None
    layer: str | None = None
    swapped: bool | None = None
    shift: Sequence[float] | None = None
    unit: str | None = None
    ids: Sequence[str] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=Given)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer came from; it is kept with every event that the layer brings."""

    file: str
    sha256: str
    layer: str
    crs: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row of a file."""

    file: str
    row: int
    site_id: str
    outcome: Outcome
    why: str = ""
    layer: str = ""


@dataclass
class Plan:
    """What is to be written and what is to be told, filled layer by layer."""

    entries: list[Entry] = field(default_factory=list)
    account: list[Told] = field(default_factory=list)
    refused: list[gpd.GeoDataFrame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def count(self, outcome: Outcome) -> int:
        """How many rows came out so."""
        return sum(told.outcome == outcome for told in self.account)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger has of one site that a row names."""

    head: Head
    history: Sequence[Event]
    boundary: shapely.Geometry
    mended: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who imports, on which day, by which document."""

    by: str
    on: date
    doc_no: str
    note: str
    recorded_at: str = field(default_factory=utc_now)


def site_ids(rows: pd.DataFrame, table: Lifecycle, *, renumbered: Mapping[tuple[str, int, str], str] | None = None) -> list[str]:
    """The number of each row's site here: measure's initials, plan year, and its number in the source.

    Parameters
    ----------
    rows
        Columns ``measure``, ``plan_year``, ``source_id``.
    renumbered
        Sites whose measure or plan year was corrected: they keep their number, and a file that has it right means them.

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


def add_layer(
    plan: Plan,
    rows: gpd.GeoDataFrame,
    *,
    sites: Sequence[str],
    source: Source,
    kept: Mapping[str, Kept],
    signed: Signed,
    table: Lifecycle,
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
        What the ledger has, by site, for every site that the rows name and that is there.
    """
    turned_away: dict[int, str] = {}
    marks = _ground_marks(np.asarray(rows.geometry.array))
    whence = _as_dict(source)
    for row, site_id, mark in zip(_records(rows), sites, marks, strict=True):
        origin = {"source": {**whence, "row": row["source_row"], "digest": row_digest(row, mark)}}
        told = Told(source.file, row["source_row"], site_id, "new", layer=source.layer)
        told = _row(plan, told, row, origin, kept.get(site_id), signed, table)
        plan.account.append(told)
        plan.seen.add(site_id)
        if told.outcome == "refused":
            turned_away[row["source_row"]] = told.why
    if turned_away:
        left = rows[rows["source_row"].isin(turned_away)]
        plan.refused.append(left.assign(reason_code="I101", reason=left["source_row"].map(turned_away), source_file=source.file))


def _records(rows: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """The rows as plain values, ``None`` for unknown: made plain a column at a time, which is many times faster than by cell."""
    columns = [[_plain(value) for value in rows[name].tolist()] if name != "geometry" else list(rows.geometry.array) for name in rows]
    return (dict(zip(rows.columns, values, strict=True)) for values in zip(*columns, strict=True))


def _row(
    plan: Plan, told: Told, row: Mapping[str, Any], origin: Mapping[str, Any], kept: Kept | None, signed: Signed, table: Lifecycle
) -> Told:
    if told.site_id in plan.seen:
        why = Text("同一批文件里已经有这个编号。", "The same number stands in this batch already.")
        return replace(told, outcome="refused", why=str(why))
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
    brought = [event for event in kept.history if "source" in event.payload]
    same = [event for event in brought if event.payload["source"].get("digest") == origin["source"]["digest"]]
    if same:
        if same[-1] is not brought[-1]:
            plan.findings.append(row_outdated(told, same[-1], brought[-1]))
        return replace(told, outcome="unchanged")
    if row["status"] and row["status"] != kept.head.event.state.status:
        plan.findings.append(status_differs(told, row, kept.head.event.state.status, table))
    return _revision(plan, told, row, kept, origin, signed)


def _is_known(kept: Kept, origin: Mapping[str, Any]) -> bool:
    digest = origin["source"]["digest"]
    return any(event.payload.get("source", {}).get("digest") == digest for event in kept.history)


def _ground_marks(shapes: NDArray[np.object_]) -> list[bytes]:
    """The same bytes for the same ground, wherever its rings start and to 1 mm."""
    settled = shapely.transform(shapely.normalize(shapes), lambda xy: np.round(xy / SAME_PLACE_DEG))
    return list(shapely.to_wkb(settled, byte_order=1))


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
    event = Event(
        id=new_id(),
        site_id=site_id,
        step=1,
        after=None,
        kind="registered",
        to_status=row["status"] or DEFAULT_STATUS,
        happened_on=row["happened_on"] or signed.on,
        recorded_at=signed.recorded_at,
        recorded_by=signed.by,
        doc_no=row["doc_no"] or signed.doc_no,
        note=signed.note,
        payload=payload,
        state=State("", 0, 0),
    )
    return Entry(replace(event, state=result_of(None, event)), row["geometry"], _attributes(row))


def _revision(plan: Plan, told: Told, row: Mapping[str, Any], kept: Kept, origin: Mapping[str, Any], signed: Signed) -> Told:
    """The event for a row whose site is there and that says something new."""
    last = kept.head.event
    is_redrawn = not _same_ground(row["geometry"], kept.boundary)
    said = {**asdict(_attributes(row)), **_measured(row)}
    held = sorted(name for name, value in kept.mended.items() if name in said and said[name] == value and value not in _BLANK)
    if held:
        plan.findings.append(correction_kept(told, held))
    attributes = _with_new(kept.head.attributes, _attributes(row), held)
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
    event = Event(
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
        state=last.state,
    )
    return replace(event, state=result_of(last.state, event))


def _same_ground(new: shapely.Geometry, old: shapely.Geometry) -> bool:
    return bool(shapely.equals_exact(shapely.normalize(new), shapely.normalize(old), tolerance=SAME_PLACE_DEG))


_BLANK = ("", None, False)


def _with_new(old: Attributes, new: Attributes, held: Sequence[str]) -> Attributes:
    """What the row says in place of what was; a blank in the row takes nothing away, and what was put right stays right."""
    given = {name: getattr(new, name) for name in _NAMED if getattr(new, name) not in _BLANK and name not in held}
    return replace(old, **given)


def correction_kept(told: Told, held: Sequence[str]) -> Finding:
    """文件里还是更正以前的旧值，台账保留更正后的值。

    台账里这些内容在上次导入之后用 correct 或 measure 改过，而文件里仍是原来的旧值；导入不会把更正悄悄改回去。
    如果文件是对的：用 restoration correct 再更正一次并说明理由；如果台账是对的：请改正源文件。

    ---
    The file still has the value from before a correction; the ledger keeps the corrected one.

    These fields were changed by `correct` or `measure` since a file brought them, and the file has the old values still; an import
    does not silently undo that. If the file is right, use `restoration correct` once more; if the ledger is right, mend the file.
    """
    zh, en = ("、".join(label_of(name).zh for name in held), ", ".join(label_of(name).en for name in held))
    return Finding(
        "I103",
        "warning",
        Text(
            f"文件里的{zh}是更正以前的旧值；台账没有改回去。",
            f"The file has the old {en} from before a correction; the ledger's were kept.",
        ),
        Text("确要改回时用 restoration correct；否则请改正源文件。", "To go back use `restoration correct`; else mend the file."),
        file=told.file,
        row=told.row,
        site_id=told.site_id,
    )


def row_outdated(told: Told, same: Event, later: Event) -> Finding:
    """这一行以前导入过，后来又导入了更新的内容；没有改回去。

    同一行内容在较早的一次导入中已经写入，之后别的文件又改过这个小班的边界或内容。旧文件再导入一次不会把台账退回去。
    如果确实要退回：请在源文件里改动后再导入，或用 restoration correct 更正。

    ---
    This row was imported before, and a later file changed the site since; it was not changed back.

    An old file that is imported again does not take the ledger back. If it should go back, change the row in the source and import
    it, or use `restoration correct`.
    """
    old, new = same.payload["source"]["file"], later.payload["source"]["file"]
    return Finding(
        "I104",
        "warning",
        Text(
            f"这一行与以前导入的（{old}，{same.happened_on}）相同，之后 {new}（{later.happened_on}）又改过；没有改回去。",
            f"The row is as {old} had it ({same.happened_on}); {new} ({later.happened_on}) changed it since, and it was not changed back.",
        ),
        Text("请核对哪一份文件是新的。", "See which of the files is the newer one."),
        file=told.file,
        row=told.row,
        site_id=told.site_id,
    )


def status_differs(told: Told, row: Mapping[str, Any], kept: str, table: Lifecycle) -> Finding:
    """文件里的状态与台账不同，导入不改状态。

    状态只能通过 update 逐步办理，这样每一步都有日期、文号和责任人；导入文件不能悄悄改掉。
    如果文件是对的：用 restoration update 办理；如果台账原先记错：用 restoration correct 更正并说明理由。

    ---
    The file's status is not the ledger's; an import does not change it.

    A status changes only by an update, so that each step has its day, document and person.
    If the file is right, use `restoration update`; if the ledger was wrong, `restoration correct` with a reason.
    """
    said = row["status"]
    file_label, ledger_label = (table.label(status, row["measure"]).zh for status in (said, kept))
    return Finding(
        "I102",
        "warning",
        Text(
            f"文件里的状态是“{file_label}”，台账是“{ledger_label}”；状态没有改。",
            f"The file says {said}, the ledger {kept}; the status was not changed.",
        ),
        Text(
            f"需要时：restoration update {told.site_id} --to {said} --by …",
            f"If it is due: restoration update {told.site_id} --to {said} --by ...",
        ),
        file=told.file,
        row=told.row,
        site_id=told.site_id,
    )


def row_refused(told: Told) -> Finding:
    """这一行没有写入台账。

    原因写在该行；其余的行不受影响。未采用的行另存在 .refused.gpkg 里，改好后可以单独再导入。

    ---
    This row was not written to the ledger.

    The reason stands with the row; the others are not touched by it. Refused rows are in the .refused.gpkg beside the file:
    mend them and import that file again.
    """
    return Finding(
        "I101",
        "error",
        Text(told.why, told.why),
        Text("改正后单独导入 .refused.gpkg 里的这一行。", "Mend the row in the .refused.gpkg and import it."),
        file=told.file,
        layer=told.layer,
        row=told.row,
        site_id=told.site_id,
    )


RULES = {"I101": row_refused, "I102": status_differs, "I103": correction_kept, "I104": row_outdated}
"""What importing may say, by code; each function's docstring is its explanation."""
