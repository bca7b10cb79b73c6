"""The ledger itself: append, and read as it stood on any day. It knows no file format but through `geopackage`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, Select, and_, func, or_, select

from ..errors import Stale, UnknownName
from ..frame import COLUMNS, COUNTED_FROM, CRS, with_groups
from ..geometry import area_of_record_m2
from ..lifecycle import Lifecycle
from ..model import KIND_LABEL, OFFICE_TIME, Attributes, Event, Target, digest_of, made_in_numbers, utc_now
from ..stages import tell
from ..text import Text
from . import geopackage
from .blob import from_blobs, to_blobs
from .faults import translated
from .rows import (
    attribute_values,
    attributes_digest,
    attributes_of,
    boundary_digest,
    chained,
    event_of,
    insert_all,
    row_of,
    target_digest,
    target_of,
)
from .schema import attribute, boundary, event, head, migration, project, target, term
from .verify import Proof, prove

Clock = Literal["field", "office"]
"""``field``: the day something happened; ``office``: the day (Asia/Shanghai) it was recorded."""
CHUNK = 20_000
"""So many events are read at a time, so that a long history does not fill the memory."""
WRITTEN_AT_ONCE = 5_000
"""So many events are handed to the database at a time; between them Ctrl-C is heard and the progress told."""
FEW = 400
"""Up to so many sites are asked for by name; more are read whole and picked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to be written, and the new boundary (degrees, EPSG:4490) or attributes that it brings."""

    event: Event
    boundary: shapely.MultiPolygon | None = None
    attributes: Attributes | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a site stands: its last event, its attributes, and the digests that the next event's chains to."""

    event: Event
    attributes: Attributes
    boundary_digest: str
    attributes_digest: str


def create_ledger(path: Path, *, about: Mapping[str, str], table: Lifecycle) -> Ledger:
    """Make a new project file and open it; see `geopackage.create`."""
    geopackage.create(path, about=about)
    return open_ledger(path, table=table)


def open_ledger(path: Path, *, table: Lifecycle, read_only: bool = False, checked: bool = True) -> Ledger:
    """Open a project file; an older one is copied beside itself and brought up to date.

    ``checked=False`` opens also a file whose triggers or views were altered, so that it can be looked into.

    Raises
    ------
    NotFound, NotAProject, Damaged, Busy, CannotWrite
    """
    geopackage.require_file(path)
    engine = geopackage.engine_for(path, read_only=read_only)
    with translated(path):
        # Looked into by a connection that writes nothing: a file that is not ours stays as it is to the byte.
        with geopackage.engine_for(path, read_only=True).connect() as connection, connection.begin():
            is_older = geopackage.require_ours(path, connection, checked=checked)
        if is_older:
            geopackage.upgrade(path, geopackage.engine_for(path, read_only=False))
    ledger = Ledger(path, engine, table)
    if not read_only:
        ledger.keep_terms()
    return ledger


class Ledger:
    """An open project file. Every call is one transaction; nothing is held between calls."""

    def __init__(self, path: Path, engine: Engine, table: Lifecycle) -> None:
        self.path = path
        self.table = table
        self._engine = engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(self.path), closing(self._engine.connect().execution_options(reading=True)) as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(self.path), closing(self._engine.connect()) as connection, connection.begin():
            yield connection

    def about(self) -> dict[str, str]:
        """What the file says of itself: ``id``, ``created_at``, ``title``."""
        with self._reading() as connection:
            return {row.key: row.value for row in connection.execute(select(project.c.key, project.c.value))}

    def versions(self) -> list[int]:
        """The forms that the file has had, oldest first."""
        with self._reading() as connection:
            return list(connection.execute(select(migration.c.version).order_by(migration.c.version)).scalars())

    @made_in_numbers()
    def append(self, entries: Sequence[Entry]) -> list[Event]:
        """Write events, all or none, and give them back with their digests.

        Each event must name in ``after`` the last event of its site. Entries that are all in the ledger already (the same
        ids: a write whose answer was lost) are not written again.

        Raises
        ------
        Stale
            Somebody wrote to a site since the caller read it; the message says who, what and when.
        """
        with self._writing() as connection:
            known = _known(connection, entries)
            if known is not None:
                return known
            heads = _heads(connection, [entry.event.site_id for entry in entries])
            chain = connection.execute(select(event.c.chain).order_by(event.c.seq.desc()).limit(1)).scalar() or ""
            batch = _Batch(heads, chain)
            for start in range(0, len(entries), WRITTEN_AT_ONCE):
                tell(Text("写入台账", "Writing to the ledger"), start, len(entries))
                some = entries[start : start + WRITTEN_AT_ONCE]
                for entry, shape in zip(some, _shapes(some), strict=True):
                    batch.add(entry, shape)
                batch.write(connection)
            return batch.written

    def heads(self, site_ids: Iterable[str] | None = None) -> dict[str, Head]:
        """Where sites stand now, by site; those that are not there are left out. ``None`` gives all."""
        with self._reading() as connection:
            return _heads(connection, None if site_ids is None else list(site_ids))

    def histories(self, site_ids: Iterable[str] | None = None) -> dict[str, list[Event]]:
        """The events of sites, oldest first; ``None`` gives all sites."""
        wanted = None if site_ids is None else list(site_ids)
        query = _only(select(event), event.c.site_id, wanted).order_by(event.c.site_id, event.c.step)
        found: dict[str, list[Event]] = {}
        with self._reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["site_id"], []).append(event_of(row))
        return found if wanted is None else {site: found[site] for site in wanted if site in found}

    def renumbered(self) -> dict[tuple[str, int, str], str]:
        """Sites whose measure, plan year or number in the source was changed: by these three as they are now."""
        now = select(attribute.c.measure, attribute.c.plan_year, attribute.c.source_id, attribute.c.site_id)
        now = now.join_from(head, event, event.c.seq == head.c.seq)
        now = now.join(attribute, and_(attribute.c.site_id == event.c.site_id, attribute.c.version == event.c.attributes))
        first = attribute.alias()
        changed = or_(*(first.c[name] != attribute.c[name] for name in ("measure", "plan_year", "source_id")))
        query = now.join(first, and_(first.c.site_id == attribute.c.site_id, first.c.version == 1)).where(changed)
        with self._reading() as connection:
            return {(measure, year, number): site for measure, year, number, site in connection.execute(query)}

    def attribute_versions(self, site_id: str) -> dict[int, Attributes]:
        """Every version of a site's attributes."""
        with self._reading() as connection:
            rows = connection.execute(select(attribute).where(attribute.c.site_id == site_id)).mappings()
            return {row["version"]: attributes_of(row) for row in rows}

    def changed_attributes(self) -> dict[tuple[str, int], Attributes]:
        """Every version of the attributes of sites whose attributes were changed, by site and version."""
        changed = select(attribute.c.site_id).where(attribute.c.version > 1)
        with self._reading() as connection:
            rows = connection.execute(select(attribute).where(attribute.c.site_id.in_(changed))).mappings()
            return {(row["site_id"], row["version"]): attributes_of(row) for row in rows}

    def boundary_versions(self, site_ids: Iterable[str] | None = None) -> gpd.GeoDataFrame:
        """Every version of sites' boundaries: ``site_id``, ``version``, ``area_m2``, geometry in EPSG:4490."""
        wanted = None if site_ids is None else list(site_ids)
        query = _only(select(boundary), boundary.c.site_id, wanted).order_by(boundary.c.site_id, boundary.c.version)
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
        columns = {name: [row[name] for row in rows] for name in ("site_id", "version", "area_m2")}
        return gpd.GeoDataFrame(columns, geometry=from_blobs([row["geom"] for row in rows]), crs=CRS)

    def sites(self, *, as_of: date | None = None, clock: Clock = "field") -> gpd.GeoDataFrame:
        """The sites frame as the district stood at the end of a day; ``None`` is all that is recorded."""
        with self._reading() as connection:
            rows = connection.execute(_state_query(as_of, clock)).all()
        return _sites_frame(rows, self.table)

    def sites_on(self, days: Sequence[date], *, clock: Clock = "field") -> Iterator[tuple[date, pd.DataFrame]]:
        """The sites as they stood at the end of each of several days, the days in order; the history is read once for all.

        The frames have no geometry and only the columns `frame.COUNTED_FROM`.
        """
        with self._reading() as connection:
            found, bucket = _states_until(connection, days, clock, self.table)
        site = pd.factorize(found["site_id"])[0]
        for place, day in enumerate(days):
            until = np.flatnonzero(bucket <= place)
            yield day, found.iloc[until[_is_last(site[until])]].reset_index(drop=True)

    def states_between(self, since: date, until: date, *, clock: Clock = "field") -> pd.DataFrame:
        """How each site stood at the end of one day, and every state that it was in after it up to the end of another.

        One row a state, site by site in the order of the events, without geometry: the columns `frame.COUNTED_FROM` and those of
        the event that led to it; ``is_opening`` is true for the states of the first day.
        """
        with self._reading() as connection:
            found, place = _states_until(connection, [since, until], clock, self.table, also=_OF_EVENT)
        kept = (place < 2) & ((place > 0) | _is_last(found["site_id"].to_numpy(), place))
        return found.assign(is_opening=place == 0)[kept].reset_index(drop=True)

    def first_on(self, *, clock: Clock = "field") -> date | None:
        """The day of the first event by a clock; ``None`` if there is none."""
        _require_clock(clock)
        moment = event.c.happened_on if clock == "field" else event.c.recorded_at
        with self._reading() as connection:
            first = connection.execute(select(func.min(moment))).scalar()
        if first is None or clock == "field":
            return first and date.fromisoformat(first)
        return datetime.fromisoformat(first).astimezone(OFFICE_TIME).date()

    def targets(self) -> list[Target]:
        """The targets that hold: of each measure and year the one that was recorded last."""
        with self._reading() as connection:
            rows = connection.execute(select(target).order_by(target.c.id)).mappings().all()
        latest = {(row["measure"], row["plan_year"]): target_of(row) for row in rows}
        return list(latest.values())

    def add_targets(self, targets: Sequence[Target]) -> None:
        """Record targets; a later one of the same measure and year takes the place of an earlier, which stays on record."""
        with self._writing() as connection:
            previous = connection.execute(select(target.c.digest).order_by(target.c.id.desc()).limit(1)).scalar() or ""
            for new in targets:
                stamped = replace(new, recorded_at=utc_now())
                previous = target_digest(stamped, previous=previous)
                connection.execute(target.insert(), {**_target_row(stamped), "digest": previous})

    def keep_terms(self) -> None:
        """Write the lifecycle's words for the views, where they differ from what the file has."""
        rows = [
            *(("measure", code, m.label.zh, m.label.en, m.layer) for code, m in self.table.measures.items()),
            *(("status", code, s.label.zh, s.label.en, s.group) for code, s in self.table.statuses.items()),
        ]
        with self._reading() as connection:
            if {tuple(row) for row in connection.execute(select(term))} == set(rows):
                return
        with self._writing() as connection:
            connection.execute(term.delete())
            connection.execute(term.insert(), [dict(zip(term.c.keys(), row, strict=True)) for row in rows])

    def verify(self) -> Proof:
        """Read every byte of the history again; see `verify.prove`."""
        # Not committed but dropped: a damaged file may refuse even the end of a transaction that only read.
        with translated(self.path), closing(self._engine.connect().execution_options(reading=True)) as connection:
            return prove(connection, alterations=geopackage.alterations(connection))

    def backup(self, out: Path) -> None:
        """A consistent copy of the live file; see `geopackage.copy`."""
        geopackage.copy(self.path, out)


class _Batch:
    """Rows to be written in one transaction, each event chained to the one before it."""

    def __init__(self, heads: dict[str, Head], chain: str) -> None:
        self.heads = heads
        self.chain = chain
        self.events: list[dict[str, Any]] = []
        self.attributes: list[dict[str, Any]] = []
        self.boundaries: list[dict[str, Any]] = []
        self.written: list[Event] = []

    def add(self, entry: Entry, shape: tuple[bytes, float] | None) -> None:
        new, before = entry.event, self.heads.get(entry.event.site_id)
        if new.after != (before.event.id if before else None):
            raise _stale(new, before)
        attributes = entry.attributes or cast(Head, before).attributes
        attributes_mark = self._attributes(entry) if entry.attributes else cast(Head, before).attributes_digest
        boundary_mark = self._boundary(new, *shape) if shape else cast(Head, before).boundary_digest
        previous = before.event.digest if before else ""
        digest = digest_of(new, previous=previous, boundary=boundary_mark, attributes=attributes_mark)
        self.chain = chained(self.chain, digest)
        stored = replace(new, digest=digest)
        self.events.append(row_of(stored, chain=self.chain))
        self.written.append(stored)
        self.heads[new.site_id] = Head(stored, attributes, boundary_mark, attributes_mark)

    def _attributes(self, entry: Entry) -> str:
        assert entry.attributes is not None
        values = attribute_values(entry.attributes)
        mark = attributes_digest(values)
        place = {"site_id": entry.event.site_id, "version": entry.event.state.attributes}
        self.attributes.append({**values, **place, "digest": mark})
        return mark

    def _boundary(self, new: Event, blob: bytes, area_m2: float) -> str:
        mark = boundary_digest(blob, area_m2)
        row = {"site_id": new.site_id, "version": new.state.boundary, "geom": blob, "area_m2": area_m2, "digest": mark}
        self.boundaries.append(row)
        return mark

    def write(self, connection: Connection) -> None:
        """Insert the rows that are there, and begin with none."""
        for table, rows in ((attribute, self.attributes), (boundary, self.boundaries), (event, self.events)):
            if rows:
                insert_all(connection, table, rows)
                rows.clear()


def _shapes(entries: Sequence[Entry]) -> Iterator[tuple[bytes, float] | None]:
    """For each entry the blob and the area of record of its new boundary, worked out for all at once."""
    drawn = np.array([entry.boundary for entry in entries if entry.boundary is not None], dtype=object)
    found = iter(zip(to_blobs(drawn), area_of_record_m2(drawn).tolist(), strict=True)) if len(drawn) else iter(())
    for entry in entries:
        yield next(found) if entry.boundary is not None else None


def _known(connection: Connection, entries: Sequence[Entry]) -> list[Event] | None:
    """The events as they are kept, if all of them are: the same ids with the same content."""
    ids = [entry.event.id for entry in entries]
    if not ids or connection.execute(select(event.c.id).where(event.c.id == ids[0])).scalar() is None:
        return None if ids else []
    kept = {row["id"]: event_of(row) for row in connection.execute(_only(select(event), event.c.id, ids)).mappings()}
    return [kept[one.event.id] for one in entries] if all(_same(kept.get(one.event.id), one.event) for one in entries) else None


def _same(kept: Event | None, new: Event) -> bool:
    return kept is not None and replace(kept, digest="") == replace(new, digest="")


def _stale(new: Event, before: Head | None) -> Stale:
    if before is None:
        return Stale(
            Text(f"台账里没有 {new.site_id} 的前一条记录。", f"{new.site_id} is not in the ledger."),
            Text("请重新读取后再试。", "Read it again and retry."),
        )
    last = before.event
    did = f"{KIND_LABEL[last.kind].zh} {last.to_status or ''}".strip()
    return Stale(
        Text(
            f"{new.site_id} 刚被 {last.recorded_by} 改过：{did}（{last.happened_on}，记录于 {last.recorded_at}）。",
            f"{new.site_id} was just changed by {last.recorded_by}: {last.kind} {last.to_status or ''} "
            f"({last.happened_on}, recorded {last.recorded_at}).",
        ),
        Text("本次没有写入；请用 restoration history 看清后再办。", "Nothing was written; see `restoration history` and decide again."),
    )


def _target_row(new: Target) -> dict[str, Any]:
    return {name: getattr(new, name) for name in ("measure", "plan_year", "area_m2", "number", "source", "recorded_by", "recorded_at")}


def _only(query: Select[Any], column: Any, wanted: Sequence[str] | None) -> Select[Any]:
    return query.where(column.in_(wanted)) if wanted is not None and len(wanted) <= FEW else query


def _heads(connection: Connection, site_ids: Sequence[str] | None) -> dict[str, Head]:
    query = (
        select(event, boundary.c.digest.label("boundary_digest"), attribute.c.digest.label("attributes_digest"))
        .add_columns(*(column.label(f"a_{column.name}") for column in attribute.c))
        .join_from(head, event, event.c.seq == head.c.seq)
        .join(boundary, and_(boundary.c.site_id == event.c.site_id, boundary.c.version == event.c.boundary))
        .join(attribute, and_(attribute.c.site_id == event.c.site_id, attribute.c.version == event.c.attributes))
    )
    found: dict[str, Head] = {}
    wanted = None if site_ids is None else set(site_ids)
    for row in connection.execute(_only(query, head.c.site_id, site_ids)).mappings():
        if wanted is None or row["site_id"] in wanted:
            named = attributes_of({column.name: row[f"a_{column.name}"] for column in attribute.c})
            found[row["site_id"]] = Head(event_of(row), named, row["boundary_digest"], row["attributes_digest"])
    return found


def _require_clock(clock: str) -> None:
    if clock not in get_args(Clock):
        raise UnknownName(Text("时间口径", "clock"), clock, get_args(Clock))


def _state_query(as_of: date | None, clock: Clock) -> Select[Any]:
    """The event of each site that says how it stood: the head, or the deepest one up to the day."""
    _require_clock(clock)
    columns = [_COLUMN[column.name] for column in COLUMNS if column.name in _COLUMN]
    query = select(*columns, boundary.c.geom).where(_FIRST.c.step == 1)
    if as_of is None:
        query = query.join_from(head, event, event.c.seq == head.c.seq)
    else:
        until = event.c.happened_on <= as_of.isoformat() if clock == "field" else event.c.recorded_at < _recorded_until(as_of)
        last = select(event.c.site_id, func.max(event.c.step).label("step")).where(until).group_by(event.c.site_id).subquery()
        query = query.join_from(event, last, and_(last.c.site_id == event.c.site_id, last.c.step == event.c.step))
    return _with_versions(query.join(_FIRST, _FIRST.c.site_id == event.c.site_id)).order_by(event.c.site_id)


def _with_versions(query: Select[Any]) -> Select[Any]:
    query = query.join(attribute, and_(attribute.c.site_id == event.c.site_id, attribute.c.version == event.c.attributes))
    return query.join(boundary, and_(boundary.c.site_id == event.c.site_id, boundary.c.version == event.c.boundary))


def _states_until(
    connection: Connection, days: Sequence[date], clock: Clock, table: Lifecycle, *, also: Sequence[str] = ()
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """The states that sites were in at the end of any of the days, site by site, each with the place of the first day that saw it.

    With columns ``also`` asked for, every state after the first day is there, not only the last before each day.
    """
    wanted = dict.fromkeys((*COUNTED_FROM, *(m.counted_by for m in table.measures.values()), *also))
    names = [name for name in wanted if name in _COLUMN]
    _require_clock(clock)
    moment = event.c.happened_on if clock == "field" else event.c.recorded_at
    query = _with_versions(select(moment, *(_COLUMN[name] for name in names)).select_from(event)).order_by(event.c.site_id, event.c.step)
    ends = np.array([day.isoformat() if clock == "field" else _recorded_until(day) for day in days], dtype=str)
    kept: list[Any] = []
    places: list[NDArray[np.intp]] = []
    for rows in connection.execute(query).partitions(CHUNK):
        place = np.searchsorted(ends, np.array([row[0] for row in rows], dtype=str), side="left" if clock == "field" else "right")
        last = np.flatnonzero(_is_last(np.array([row[1] for row in rows]), place) | (bool(also) & (place > 0)))
        kept += [rows[at] for at in last.tolist()]
        places.append(place[last])
    return _counted_frame(kept, names, table), np.concatenate([np.zeros(0, dtype=np.intp), *places])


def _is_last(*keys: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are the last of a run of the same keys."""
    changes = [key[1:] != key[:-1] for key in keys]
    return np.append(np.any(changes, axis=0), np.ones(min(len(keys[0]), 1), dtype=bool))


def _counted_frame(rows: Sequence[Any], names: Sequence[str], table: Lifecycle) -> pd.DataFrame:
    dtype_of = {column.name: column.dtype for column in COLUMNS}
    values = list(zip(*rows, strict=True))[1:] if rows else [()] * len(names)
    columns = {name: _series(held, dtype_of[name], len(rows)) for name, held in zip(names, values, strict=True)}
    return pd.DataFrame(with_groups(pd.DataFrame(columns), table=table))


def _recorded_until(day: date) -> str:
    """The first moment after a day of the office, as ``recorded_at`` writes it: midnight in Shanghai is 16:00 UTC."""
    return f"{day.isoformat()}T16:00:00.000Z"


_OF_EVENT = ("boundary_version", "last_event_id", "last_kind", "last_on", "last_by", "last_doc_no")
"""The columns of the frame that tell of a site's last event."""
_FIRST = event.alias("first_event")
"""The event by which a site was registered."""
_COLUMN: dict[str, Any] = {
    **{column.name: column for column in attribute.c if column.name not in ("id", "version", "digest")},
    **{column.name: column for column in event.c if column.name in ("site_id", "status") or column.type.python_type is float},
    "area_m2": boundary.c.area_m2,
    "registered_on": _FIRST.c.happened_on,
    "boundary_version": event.c.boundary,
    "last_event_id": event.c.id,
    "last_kind": event.c.kind,
    "last_on": event.c.happened_on,
    "last_by": event.c.recorded_by,
    "last_doc_no": event.c.doc_no,
}
"""Where each column of the sites frame is kept; the rest (layer, group, counted) follow from the lifecycle."""


def _sites_frame(rows: Sequence[Any], table: Lifecycle) -> gpd.GeoDataFrame:
    names = [column.name for column in COLUMNS if column.name in _COLUMN]
    values = list(zip(*rows, strict=True)) if rows else [()] * (len(names) + 1)
    kept = dict(zip(names, values, strict=False))
    columns = {column.name: _series(kept.get(column.name), column.dtype, len(rows)) for column in COLUMNS}
    shapes: NDArray[np.object_] = from_blobs(cast(Sequence[bytes], values[-1]))
    return with_groups(gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS), table=table)


def _series(values: Sequence[Any] | None, dtype: str, length: int) -> pd.Series:
    if values is None:
        values = [False if dtype == "bool" else ""] * length
    filled = ["" if value is None else value for value in values] if dtype == "str" else values
    return pd.Series(filled, dtype=dtype)
