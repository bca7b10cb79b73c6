"""One office, one file: making, opening, copying the GeoPackage that holds the ledger.

The live file is opened by the standard library's sqlite3 alone. GDAL in the same process cancels SQLite's locks, so that
two commits can both succeed and one be lost: what GDAL is to read is a copy (`backup`).
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pyproj import CRS
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from ..errors import CannotWrite, Damaged, NotAProject, NotFound, RestorationError, why_of_system
from ..model import new_id, utc_now
from ..naming import take_name, taken
from ..text import Text
from . import schema
from .faults import translated
from .qgis import styles
from .snapshot import may_write, snapshot_of

BUSY_MS = 15_000
CACHE_KIB = 65_536
"""Pages that a connection keeps in memory: with the usual 2 MB a great import writes them out and reads them again."""
_ALWAYS = ("trusted_schema=OFF", "recursive_triggers=ON", "synchronous=FULL")
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})


def engine_for(path: Path, *, read_only: bool) -> Engine:
    """An engine over the live file: every transaction begins at once as a writer's, or as a reader's if ``read_only``."""
    made = create_engine("sqlite://", creator=lambda: _connect(path, read_only=read_only), poolclass=NullPool)

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        deferred = read_only or connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    return made


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    with translated(path):
        # A connection that may not write leaves the -wal and -shm files of its own behind, which lock out those who may: so a reader
        # writes and does not, or where he may not he reads a copy.
        live = path if not read_only or may_write(path) else snapshot_of(path)
        connection = sqlite3.connect(f"{live.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (f"busy_timeout={BUSY_MS}", f"cache_size=-{CACHE_KIB}", *_ALWAYS):
                connection.execute(f"PRAGMA {pragma}")
            if read_only:
                connection.execute("PRAGMA query_only=ON")
            else:
                connection.execute(f"PRAGMA journal_mode={'DELETE' if _is_on_network(path) else 'WAL'}")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


@cache
def _is_on_network(path: Path) -> bool:
    """WAL needs memory that all writers share, which a network share does not give."""
    if os.environ.get("RESTORATION_JOURNAL") == "DELETE":
        return True
    full = str(path.resolve())
    if sys.platform == "win32":
        remote = 4
        return full.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(Path(full).anchor) == remote
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    rows = [line.split(" ")[1:3] for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    holding = [(len(point), kind) for point, kind in rows if full.startswith(point.rstrip("/") + "/")]
    return max(holding, default=(0, ""))[1] in _NETWORK_FILE_SYSTEMS


def create(path: Path, *, about: Mapping[str, str]) -> None:
    """Make a new, empty project file; nothing is left behind if it fails.

    Raises
    ------
    CannotWrite
        Something of that name is there already, or the folder takes no file.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
    except FileExistsError:
        raise taken(path) from None
    except OSError as error:
        raise _no_place(path, error) from error
    os.close(descriptor)
    try:
        with translated(path):
            _fill(path, about)
    except BaseException:
        for leftover in (path, *_companions(path)):
            leftover.unlink(missing_ok=True)
        raise


def _no_place(path: Path, error: OSError) -> CannotWrite:
    why = why_of_system(error)
    return CannotWrite(
        Text(
            f"不能在 {path.parent} 里新建 {path.name}：{why.zh}。",
            f"{path.name} cannot be made in {path.parent}: {why.en}.",
        ),
        Text("请检查文件夹是否存在、是否可写。", "Check that the folder exists and can be written to."),
    )


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


def _fill(path: Path, about: Mapping[str, str]) -> None:
    engine = engine_for(path, read_only=False)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        driver.execute(f"PRAGMA user_version={schema.GPKG_VERSION}")
        with connection.begin():
            _make_tables(connection)
            now = utc_now()
            rows = {"id": new_id(), "created_at": now, **about}
            connection.execute(schema.project.insert(), [{"key": key, "value": value} for key, value in rows.items()])
            connection.execute(schema.migration.insert(), [{"version": schema.VERSION, "applied_at": now}])
    engine.dispose()


def _make_tables(connection: Connection) -> None:
    for statement in schema.GPKG_TABLES:
        connection.exec_driver_sql(statement)
    schema.metadata.create_all(connection)
    for statement in schema.PROTECTION:
        connection.exec_driver_sql(statement)
    _register(connection)


def _register(connection: Connection) -> None:
    """Tell GIS programs what is in the file: the CRS, the spatial views, the tables beside them, and the styles."""
    systems: list[tuple[str, int, str, int, str, None]] = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
        *(
            (system.name, code, "EPSG", code, system.to_wkt("WKT1_GDAL"), None)
            for code in (4326, schema.SRS_ID)
            for system in (CRS.from_epsg(code),)
        ),
    ]
    connection.exec_driver_sql("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    spatial = [*schema.SPATIAL_VIEWS, "boundary"]
    contents: list[tuple[str, str, str, int | None]] = [(name, "features", name, schema.SRS_ID) for name in spatial]
    contents += [(name, "attributes", name, None) for name in ("event", "attribute", "target", "layer_styles")]
    connection.exec_driver_sql("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)", contents)
    columns = [(name, "geom", "MULTIPOLYGON", schema.SRS_ID, 0, 0) for name in spatial]
    connection.exec_driver_sql("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", columns)
    # QGIS looks for its default style with an empty catalogue and schema; NULL is not found.
    looks = [("", "", name, "geom", "restoration", style, 1) for name, style in styles(schema.SPATIAL_VIEWS).items()]
    connection.exec_driver_sql(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        looks,
    )


def is_project(path: Path) -> bool:
    """Whether a file is a project of ours, of any version."""
    engine = engine_for(path, read_only=True)
    try:
        with translated(path), engine.connect() as connection:
            return _version(connection) is not None
    except RestorationError:
        return False


def require_ours(path: Path, connection: Connection, *, checked: bool) -> bool:
    """Refuse a file that is not a project, is newer than this program, or whose triggers or views are not ours.

    Returns
    -------
    Whether the file is older than this program.

    Raises
    ------
    NotFound, NotAProject, Damaged
    """
    found = _version(connection)
    if found is None:
        raise NotAProject(
            Text(f"{path} 是一个数据库，但不是本软件的项目文件。", f"{path} is a database, but no project of ours."),
            Text("要导入其中的图层，请用 restoration import。", "To take its layers in, use `restoration import`."),
        )
    if found > schema.VERSION:
        raise NotAProject(
            Text(
                f"{path} 是更新版本的软件建的（格式 {found}，本软件 {schema.VERSION}）。",
                f"{path} was made by a newer version (form {found}, this is {schema.VERSION}).",
            ),
            Text("请升级本软件；文件没有改动。", "Upgrade this program; the file was not touched."),
        )
    altered = alterations(connection) if found == schema.VERSION and checked else []
    if altered:
        raise Damaged(
            Text(f"{path} 的保护结构被改动：{'、'.join(altered)}。", f"The protection of {path} was altered: {', '.join(altered)}."),
            Text("请改用备份；restoration verify 会列出改动。", "Go back to a backup; `restoration verify` lists the alterations."),
        )
    return found < schema.VERSION


def _version(connection: Connection) -> int | None:
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    if not {"project", "migration", *schema.KEPT} <= set(names):
        return None
    found = connection.exec_driver_sql("SELECT max(version) FROM migration").scalar_one()
    return None if found is None else int(found)


def alterations(connection: Connection) -> list[str]:
    """The triggers and views that are missing, changed, or added to a table of ours, by name."""
    ours = set(schema.metadata.tables) | set(schema.SPATIAL_VIEWS)
    expected, found = _programs_expected(), _programs(connection)
    added = [name for name, (table, _) in found.items() if name not in expected and table in ours]
    return sorted([name for name, text in expected.items() if found.get(name) != text] + added)


@cache
def _programs_expected() -> dict[str, tuple[str, str]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.metadata.create_all(connection)
        for statement in schema.PROTECTION:
            connection.exec_driver_sql(statement)
        return _programs(connection)


def _programs(connection: Connection) -> dict[str, tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')").all()
    return {name: (table, " ".join(text.split())) for name, table, text in rows}


def upgrade(path: Path, engine: Engine) -> None:
    """Bring an older file up to the present form, after copying it beside itself."""
    with engine.connect() as connection, connection.begin():  # as a writer: nobody else brings it up meanwhile
        found = _version(connection)
        if found is None or found >= schema.VERSION:
            return
        moment = "".join(filter(str.isdigit, utc_now()))
        copy(path, path.with_name(f"{path.stem}.v{found}-{moment}{path.suffix}"))
        for version in sorted(step for step in schema.MIGRATIONS if step > found):
            for statement in schema.MIGRATIONS[version]:
                connection.exec_driver_sql(statement)
            connection.execute(schema.migration.insert(), [{"version": version, "applied_at": utc_now()}])
        for name, (_, text) in _programs(connection).items():
            connection.exec_driver_sql(f"DROP {text.split()[1]} IF EXISTS {name}")
        for statement in schema.PROTECTION:
            connection.exec_driver_sql(statement)


def copy(path: Path, out: Path) -> None:
    """A consistent copy of a file that others may be writing to; all or nothing, never over another file.

    Raises
    ------
    CannotWrite
        ``out`` is there already, or cannot be written.
    """
    if os.path.lexists(out):
        raise taken(out)
    part = out.with_name(f".{out.name}.{new_id()}.part")
    try:
        with translated(path):
            _copy_pages(path, part)
        take_name(part, out)
    except FileExistsError:
        raise taken(out) from None
    except OSError as error:
        raise _no_place(out, error) from error
    finally:
        for leftover in (part, *_companions(part)):
            leftover.unlink(missing_ok=True)


def _copy_pages(path: Path, part: Path) -> None:
    source = _connect(path, read_only=True)
    try:
        part.touch()
        copied = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it, to mail or to hand to GDAL
        finally:
            copied.close()
    finally:
        source.close()


def require_file(path: Path) -> None:
    """Refuse a project file that is not there."""
    if not path.is_file():
        raise NotFound(
            Text(f"找不到项目文件 {path}。", f"There is no project file {path}."),
            Text("请检查路径，或用 restoration init 新建。", "Check the path, or make one with `restoration init`."),
        )
