"""The tables of the ledger, and what makes a SQLite file of them a GeoPackage that only grows.

The tables are SQLAlchemy Core, so that a server database can share them; triggers, views and the GeoPackage's own tables
are SQLite's. A new file is made at once in the newest form; an older one is brought up by `MIGRATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)  # fmt: skip

from ..model import KINDS, MEASURED

VERSION = 1
"""The form of the file that this code writes."""
MIGRATIONS: Mapping[int, Sequence[str]] = {}
"""The statements that bring a file of the version before up to the version that is the key, oldest first.

Each version runs in the transaction that records it. Triggers and views are not migrated but made anew (`PROTECTION`)."""

APPLICATION_ID = 0x47504B47  # "GPKG"
GPKG_VERSION = 10400
SRS_ID = 4490
LAYER_VIEWS = ("desertification_control", "reforestation", "mine_sites")
SPATIAL_VIEWS = ("site", *LAYER_VIEWS)
KEPT = ("event", "boundary", "attribute", "target")
"""The tables whose rows are never changed and never removed."""

metadata = MetaData()

project = Table("project", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

migration = Table("migration", metadata, Column("version", Integer, primary_key=True), Column("applied_at", Text, nullable=False))

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("site_id", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("after", Text, unique=True),
    Column("kind", Text, nullable=False),
    Column("to_status", Text),
    Column("happened_on", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("doc_no", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("boundary", Integer, nullable=False),
    Column("attributes", Integer, nullable=False),
    *(Column(name, Double) for name in MEASURED),
    Column("digest", Text, nullable=False),
    Column("chain", Text, nullable=False),
    UniqueConstraint("site_id", "step"),
    CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})"),
)

attribute = Table(
    "attribute",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("plan_year", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("name", "county_code", "town_code", "town", "village", "unit", "mine_id", "species")),
    Column("closure_on", Text),
    Column("closure_years", Integer),
    Column("is_sample", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    UniqueConstraint("site_id", "version"),
)

boundary = Table(
    "boundary",
    metadata,
    Column("fid", Integer, primary_key=True),
    Column("site_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("digest", Text, nullable=False),
    Column("geom", LargeBinary, nullable=False),
    UniqueConstraint("site_id", "version"),
)

target = Table(
    "target",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("measure", Text, nullable=False),
    Column("plan_year", Integer, nullable=False),
    Column("area_m2", Double),
    Column("number", Integer),
    Column("source", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("fid", Integer, primary_key=True),
    Column("site_id", Text, nullable=False, unique=True),
    Column("seq", Integer, nullable=False),
)

term = Table(
    "term",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("belongs", Text, nullable=False),
)
"""The lifecycle's words, for the views: a measure belongs to its layer, a status to its display group."""


def _only_grows(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        for deed in ("UPDATE", "DELETE")
    ]


def _no_replace(table: str, same: str) -> str:
    """`INSERT OR REPLACE` removes a row without firing a DELETE trigger: refuse it before it starts."""
    return (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} t WHERE {same}) "
        "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    )


SAME_VERSION = "t.site_id = NEW.site_id AND t.version = NEW.version"

TRIGGERS = (
    *(statement for table in KEPT for statement in _only_grows(table)),
    _no_replace("event", "t.id = NEW.id OR t.seq = NEW.seq"),
    _no_replace("boundary", f"t.fid = NEW.fid OR {SAME_VERSION}"),
    _no_replace("attribute", f"t.id = NEW.id OR {SAME_VERSION}"),
    _no_replace("target", "t.id = NEW.id"),
    """CREATE TRIGGER event_follows_head BEFORE INSERT ON event BEGIN
        SELECT RAISE(ABORT, 'stale') WHERE NEW.after IS NOT (
            SELECT e.id FROM head h JOIN event e ON e.seq = h.seq WHERE h.site_id = NEW.site_id);
        SELECT RAISE(ABORT, 'order') WHERE EXISTS (
            SELECT 1 FROM head h JOIN event e ON e.seq = h.seq WHERE h.site_id = NEW.site_id
            AND (e.happened_on > NEW.happened_on OR e.step + 1 <> NEW.step));
        SELECT RAISE(ABORT, 'order') WHERE NEW.after IS NULL AND NEW.step <> 1;
    END""",
    """CREATE TRIGGER event_moves_head AFTER INSERT ON event BEGIN
        INSERT INTO head (site_id, seq) VALUES (NEW.site_id, NEW.seq) ON CONFLICT (site_id) DO UPDATE SET seq = NEW.seq;
    END""",
    """CREATE TRIGGER head_only_forward BEFORE UPDATE ON head BEGIN
        SELECT RAISE(ABORT, 'append-only') WHERE NEW.site_id IS NOT OLD.site_id OR NEW.seq <= OLD.seq
            OR NOT EXISTS (SELECT 1 FROM event e WHERE e.seq = NEW.seq AND e.site_id = NEW.site_id);
    END""",
    "CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'append-only'); END",
)

_SITE = f"""CREATE VIEW site AS SELECT h.fid AS OGC_FID, h.site_id, a.source_id, a.name, m.belongs AS layer, a.measure,
    m.zh AS measure_zh, a.plan_year, e.status, s.zh AS status_zh, s.belongs AS status_group,
    a.county_code, a.town_code, a.town, a.village, a.unit, a.mine_id, a.species,
    b.area_m2, {", ".join(f"e.{name}" for name in MEASURED)},
    e.boundary AS boundary_version, e.happened_on AS last_on, e.recorded_at AS last_recorded_at, e.recorded_by AS last_by,
    e.doc_no AS last_doc_no, a.is_sample, b.geom
    FROM head h JOIN event e ON e.seq = h.seq
    JOIN attribute a ON a.site_id = e.site_id AND a.version = e.attributes
    JOIN boundary b ON b.site_id = e.site_id AND b.version = e.boundary
    LEFT JOIN term m ON m.kind = 'measure' AND m.code = a.measure
    LEFT JOIN term s ON s.kind = 'status' AND s.code = e.status"""

VIEWS = (_SITE, *(f"CREATE VIEW {layer} AS SELECT * FROM site WHERE layer = '{layer}'" for layer in LAYER_VIEWS))

PROTECTION = (*TRIGGERS, *VIEWS)
"""Everything in the file that is a program. A file whose triggers and views differ from these is not opened for writing."""

GPKG_TABLES = (
    """CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
        organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents(table_name),
        column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
        z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name))""",
    """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
        f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
        owner TEXT, ui TEXT, update_time DATETIME DEFAULT CURRENT_TIMESTAMP)""",
)
