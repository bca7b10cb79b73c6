"""MBTiles from outside: a database that is only ever asked for true tables, read-only and within limits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ...data import builtin
from ...errors import FileRefused
from ...text import Text
from .grid import Range

FARTHEST, NEAREST = 0, 24
_TABLES = "SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'"
_LEVEL = """
SELECT tile_column, tile_row, CASE WHEN typeof(tile_data) = 'blob' AND length(tile_data) <= :largest THEN tile_data END
{source}
WHERE zoom_level = :zoom AND tile_column BETWEEN :west AND :east AND tile_row BETWEEN :south AND :north
"""
_ZOOMS = ("SELECT min(zoom_level) {source}", "SELECT max(zoom_level) {source}")
_ONE_TABLE = "FROM tiles"
_TWO_TABLES = "FROM map JOIN images ON images.tile_id = map.tile_id"
"""How tiles that are stored once each are laid out; ``tiles`` is then a view, which is not run."""


class MBTiles:
    """An opened file; its rows count from the south, ours from the north."""

    by_place = False

    def __init__(self, database: sqlite3.Connection) -> None:
        tables = {str(name) for (name,) in database.execute(_TABLES)}
        self._database = database
        self._source = _ONE_TABLE if "tiles" in tables else _TWO_TABLES
        if "tiles" not in tables and not {"map", "images"} <= tables:
            raise sqlite3.DatabaseError("tiles: no table")
        told = _metadata(database) if "metadata" in tables else {}
        self.name, self.attribution = told.get("name", ""), told.get("attribution", "")
        self.min_zoom, self.max_zoom = (_zoom(database, query.format(source=self._source)) for query in _ZOOMS)

    def level(self, zoom: int, within: Range) -> Iterator[tuple[int, int, bytes | None]]:
        """Column, row and content of each tile there is; ``None`` for one that is no blob or too large."""
        last = 2**zoom - 1
        bounds = {
            "west": within.first_column,
            "east": within.last_column,
            "south": last - within.last_row,
            "north": last - within.first_row,
        }
        asked = {"zoom": zoom, "largest": builtin("basemaps")["embedded"]["tile_bytes"], **bounds}
        for column, row, content in self._database.execute(_LEVEL.format(source=self._source), asked):
            if isinstance(column, int) and isinstance(row, int):
                yield column, last - row, content


@contextmanager
def opened(path: Path) -> Iterator[MBTiles]:
    """An MBTiles file.

    Raises
    ------
    FileRefused
        It is no database, has no table of tiles, or takes too long.
    """
    limits = builtin("basemaps")["embedded"]
    stop_at = time.monotonic() + limits["seconds"]
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2 * limits["tile_bytes"])
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.set_progress_handler(lambda: time.monotonic() > stop_at, limits["steps"])
            yield MBTiles(database)
    except (sqlite3.Error, UnicodeError) as error:
        raise FileRefused(
            Text(f"{path.name} 不是完好的 MBTiles：{error}。", f"{path.name} is no sound MBTiles file: {error}."),
            Text("请重新导出（QGIS：生成 XYZ 瓦片（MBTiles））。", "Export it anew (QGIS: Generate XYZ tiles (MBTiles))."),
        ) from error


def _metadata(database: sqlite3.Connection) -> dict[str, str]:
    longest = builtin("basemaps")["embedded"]["text_characters"]
    rows = database.execute("SELECT name, substr(value, 1, ?) FROM metadata WHERE name IN ('name', 'attribution') LIMIT 10", (longest,))
    return {str(name): str(value) for name, value in rows if isinstance(value, str)}


def _zoom(database: sqlite3.Connection, query: str) -> int:
    (found,) = database.execute(query).fetchone()
    if not isinstance(found, int) or not FARTHEST <= found <= NEAREST:
        raise sqlite3.DatabaseError(f"zoom_level: {found!r}"[:100])
    return found
