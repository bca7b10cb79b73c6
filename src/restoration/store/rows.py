"""Rows of the ledger's tables to records and back; the one place that knows both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from hashlib import sha256
from operator import attrgetter, itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Table

from ..model import MEASURED, Attributes, Event, Kind, State, Target, canonical

Row = Mapping[Any, Any]
"""A row of a table, by the names of its columns."""
ATTRIBUTES = tuple(field.name for field in fields(Attributes))
_ATTRIBUTE_VALUES = attrgetter(*ATTRIBUTES)


def event_of(row: Row) -> Event:
    """The event that a row of ``event`` holds."""
    measured = {name: float(row[name]) for name in MEASURED if row[name] is not None}
    return Event(
        id=row["id"],
        site_id=row["site_id"],
        step=row["step"],
        after=row["after"],
        kind=cast(Kind, row["kind"]),
        to_status=row["to_status"],
        happened_on=date.fromisoformat(row["happened_on"]),
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
        doc_no=row["doc_no"],
        note=row["note"],
        payload=json.loads(row["payload"]),
        state=State(row["status"], row["boundary"], row["attributes"], measured),
        digest=row["digest"],
    )


def row_of(event: Event, *, chain: str) -> dict[str, Any]:
    """The row of ``event`` that holds an event whose digest is known; ``chain`` is the ledger's digest up to it."""
    state = event.state
    return {
        "id": event.id,
        "site_id": event.site_id,
        "step": event.step,
        "after": event.after,
        "kind": event.kind,
        "to_status": event.to_status,
        "happened_on": event.happened_on.isoformat(),
        "recorded_at": event.recorded_at,
        "recorded_by": event.recorded_by,
        "doc_no": event.doc_no,
        "note": event.note,
        "payload": canonical(event.payload),
        "status": state.status,
        "boundary": state.boundary,
        "attributes": state.attributes,
        **{name: state.measured.get(name) for name in MEASURED},
        "digest": event.digest,
        "chain": chain,
    }


def attributes_of(row: Row) -> Attributes:
    """The attributes that a row of ``attribute`` holds."""
    values = {name: row[name] for name in ATTRIBUTES}
    closure_on = date.fromisoformat(values["closure_on"]) if values["closure_on"] else None
    return Attributes(**{**values, "closure_on": closure_on, "is_sample": bool(values["is_sample"])})


def attribute_values(attributes: Attributes) -> dict[str, Any]:
    """The columns of ``attribute`` that a version's digest covers."""
    closure_on = attributes.closure_on.isoformat() if attributes.closure_on else None
    values = dict(zip(ATTRIBUTES, _ATTRIBUTE_VALUES(attributes), strict=True))
    return {**values, "closure_on": closure_on, "is_sample": int(attributes.is_sample)}


def attributes_digest(values: Row) -> str:
    """SHA-256 of the attributes' content, as `attribute_values` gives it."""
    return sha256(canonical(values).encode()).hexdigest()


def boundary_digest(blob: bytes, area_m2: float) -> str:
    """SHA-256 of a boundary and of the area of record that was kept with it."""
    return sha256(blob + repr(float(area_m2)).encode()).hexdigest()


def target_of(row: Row) -> Target:
    """The target that a row of ``target`` holds."""
    return Target(**{field.name: row[field.name] for field in fields(Target)})


def target_digest(target: Target, *, previous: str) -> str:
    """SHA-256 of a target, chained to the one recorded before it."""
    return sha256(canonical([asdict(target), previous]).encode()).hexdigest()


def insert_all(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns, by the driver's own way for many: SQLAlchemy would look at each value."""
    statement = table.insert().compile(dialect=connection.dialect, column_keys=list(rows[0]))
    values = itemgetter(*(statement.positiontup or ()))
    connection.exec_driver_sql(statement.string, [values(row) for row in rows])


def chained(chain: str, digest: str) -> str:
    """The ledger's digest after one more event."""
    return sha256(f"{chain}{digest}".encode()).hexdigest()
