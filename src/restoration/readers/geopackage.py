"""GeoPackages: which layers are true tables by read-only SQLite on a copy, then each table by GDAL in a child process.

A GeoPackage from outside is a program: its views and triggers must not run. Only tables are listed and read.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from .columns import distinct
from .gdal import Vector, read_vector
from .layer import Raw
from .members import Source
from .rule import Where, listed
from .rules_file import tables_left
from .shapefile import empty

_LISTS = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_LAYERS = """
SELECT c.table_name, m.type = 'table' AND upper(m.sql) NOT LIKE 'CREATE VIRTUAL%'
FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g USING (table_name)
LEFT JOIN sqlite_master AS m ON lower(m.name) = lower(c.table_name) AND m.type IN ('table', 'view')
WHERE c.data_type = 'features' ORDER BY c.rowid
"""

_OWN_VIEWS = r"""
SELECT name FROM sqlite_master
WHERE type = 'view' AND (lower(name) LIKE 'gpkg\_%' ESCAPE '\' OR lower(name) LIKE 'rtree\_%' ESCAPE '\')
"""


def names(source: Source) -> list[str]:
    """The feature tables, in the order of the file.

    Raises
    ------
    FileRefused
        It is no sound GeoPackage, or holds no feature table (tiles only, empty, views only).
    """
    with _copied(source) as path:
        return _layers(path, source)[0]


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:  # noqa: ARG001 - one face for all formats
    """One feature table; a GeoPackage's text is UTF-8 always, so an encoding that was given does not matter.

    Raises
    ------
    FileRefused
        The table is empty, or GDAL cannot read it.
    """
    where = Where(source.file, name)
    with _copied(source) as path:
        _, views = _layers(path, source)
        vector = read_vector(path, driver="GPKG", shown=f"{source.file}/{name}", layer=name, options={"LIST_ALL_TABLES": "NO"})
    if not len(vector.fids):
        raise empty(where)
    return _raw(vector, where, [tables_left(where, views)] if views else [])


def _raw(vector: Vector, where: Where, findings: list[Finding]) -> Raw:
    columns, renamed = distinct(vector.columns, where)
    frame = pd.DataFrame(dict(zip(columns, vector.columns.values(), strict=True)), index=range(len(vector.fids)))
    rows = np.arange(1, len(vector.fids) + 1, dtype=np.intp)
    return Raw(where.layer, frame, vector.geometries, rows, vector.crs, "UTF-8", (*findings, *renamed))


@contextmanager
def _copied(source: Source) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        path = Path(folder, "layer.gpkg")
        path.write_bytes(source.content)
        yield path


def _layers(path: Path, source: Source) -> tuple[list[str], list[str]]:
    """The names of the feature tables, and of what is listed as one and is a view or virtual."""
    limits = builtin("limits")["database"]
    stop_at = time.monotonic() + limits["seconds"]
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.set_progress_handler(lambda: time.monotonic() > stop_at, limits["steps"])
            _require_lists(database, source)
            found = database.execute(_LAYERS).fetchall()
            kinds = [kind for (kind,) in database.execute("SELECT DISTINCT data_type FROM gpkg_contents")]
            tables, views = [str(name) for name, is_table in found if is_table], [str(name) for name, is_table in found if not is_table]
            _require_kept_values(database, source, tables)
    except (sqlite3.Error, UnicodeError) as error:
        raise _not_sound(source, str(error)) from error
    if not tables:
        raise _no_tables(source, [str(kind) for kind in kinds], views)
    return tables, views


def _require_lists(database: sqlite3.Connection, source: Source) -> None:
    """The lists of a GeoPackage must be tables themselves: a view of that name would run when it is asked."""
    rows = database.execute("SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'")
    tables = {str(name) for (name,) in rows}
    missing = [name for name in _LISTS if name not in tables]
    if missing:
        raise _not_sound(source, f"{', '.join(missing)}: no table")
    views = [str(name) for (name,) in database.execute(_OWN_VIEWS)]  # GDAL asks the other lists and the index as soon as it opens a file
    if views:
        raise _not_sound(source, f"{', '.join(views)}: a view, no table")


def _require_kept_values(database: sqlite3.Connection, source: Source, tables: list[str]) -> None:
    """A column that is worked out when it is read is a program too: GDAL lends it functions that open other files."""
    for table in tables:
        worked_out = [str(name) for (name,) in database.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (2, 3)", (table,))]
        if worked_out:
            raise _not_sound(source, f"{table}: {', '.join(worked_out)} GENERATED")


def _not_sound(source: Source, said: str) -> FileRefused:
    return FileRefused(
        Text(f"{source.file} 不是完好的 GeoPackage：{said}。", f"{source.file} is no sound GeoPackage: {said}."),
        Text("请在 GIS 里打开检查，另存为新的 GeoPackage。", "Open it in a GIS and save it as a new GeoPackage."),
    )


def _no_tables(source: Source, kinds: list[str], views: list[str]) -> FileRefused:
    held = listed([*kinds, *(f"view {name}" for name in views)])
    return FileRefused(
        Text(
            f"{source.file} 里没有矢量图层（有：{held.zh or '空'}）。",
            f"{source.file} holds no feature table (it has: {held.en or 'nothing'}).",
        ),
        Text("请导出带图形的图层；视图请另存为图层。", "Export a layer with geometries; save a view as a layer."),
    )
