"""What else one would use to measure parcels and the ground they cover: every peer with the same face.

    python benchmarks/peers.py [PARCELS]

A peer takes an array of polygons in degrees (EPSG:4490) and gives a `Measured`: seconds of the clock, CPU seconds, memory, and as the
result either areas (m², one a parcel) or the ground counted once (m²). One that is not installed says why and gives ``None``. Only
the question is timed: what the peer wants done before (projecting, loading) is not.

- Areas on the ellipsoid: `geopandas_areas`, `geod_areas`, `duckdb_areas`, `postgis_areas`; `coordinates_alone` is the floor.
- Ground counted once, in the Gauss-Krüger plane of 105° E (EPSG:4544), where it is larger than on the ellipsoid (0.1 % at 107° E,
  0.3 % at 108.5° E): `union_all`, `disjoint_subset_union`, `duckdb_union`, `postgis_union`, `postgis_union_by_cluster`. GEOS's union
  of a coverage is not among them: it asks for parcels that do not overlap.

None of DuckDB, its spatial extension, PostGIS and psycopg is among the project's requirements:

    pip install duckdb==1.5.5 duckdb-extension-spatial==1.5.5 "psycopg[binary]"
    apt-get install --no-install-recommends postgresql-15-postgis-3

The extension's package holds the signed file for the DuckDB of the very same version; where it is not installed, one that DuckDB has
fetched itself (``INSTALL spatial``) is taken. PostGIS runs in a cluster of its own in a temporary folder, on a socket there, for as
long as the question takes; as root it is run by the user ``postgres``. Its settings stand below.
"""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from parcels import parcels
from pyproj import Geod

Geometries: TypeAlias = NDArray[np.object_]

DEGREES, PLANE, EQUAL_AREA = 4490, 4544, 6933


@dataclass(frozen=True)
class Measured:
    """What a call took, and gave."""

    wall_s: float
    cpu_s: float
    """Of all threads, of processes that were started and have ended meanwhile, and of the database server."""
    peak_mib: float
    """The most memory held at once, less what was held before: of this process and the server's that answers; NaN but on Linux."""
    result: Any


Peer: TypeAlias = Callable[[Geometries], Measured | None]


class Missing(Exception):
    """A peer that is not installed, and why one thinks so."""


def measured(function: Callable[..., Any], *arguments: Any, server: Server | None = None) -> Measured:
    """Call once and measure; what earlier calls have freed is given back to the system before, where the C library can."""
    gc.collect()
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)
    pids = [os.getpid(), *([server.backend] if server else [])]
    held = [_restarted_peak_mib(pid) for pid in pids]
    cpu_s, start = _cpu_s(server), time.perf_counter()
    result = function(*arguments)
    wall_s, cpu_s = time.perf_counter() - start, _cpu_s(server) - cpu_s
    peak_mib = sum(_memory_mib(pid, "VmHWM") - before for pid, before in zip(pids, held, strict=True))
    return Measured(wall_s, cpu_s, peak_mib, result)


def _cpu_s(server: Server | None) -> float:
    children = os.times()
    ended_s = children.children_user + children.children_system
    return time.process_time() + ended_s + (server.cpu_s() if server else 0.0)


def _restarted_peak_mib(pid: int) -> float:
    """Let Linux forget how much a process held at most; what it holds now."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return float("nan")
    return _memory_mib(pid, "VmRSS")


def _memory_mib(pid: int, what: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def _told_when_missing(peer: Callable[[Geometries], Measured]) -> Peer:
    @wraps(peer)
    def told(shapes: Geometries) -> Measured | None:
        try:
            return peer(shapes)
        except Missing as missing:
            print(f"{peer.__name__}: left out, {missing}")
            return None

    return told


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise Missing(f"{name} is not installed") from error


def in_plane(shapes: Geometries) -> Geometries:
    """The parcels in the Gauss-Krüger plane of 105° E."""
    return np.asarray(gpd.GeoSeries(shapes, crs=DEGREES).to_crs(PLANE).array, dtype=object)


def coordinates_alone(shapes: Geometries) -> Measured:
    """The floor: shapely's copy of all coordinates."""
    return measured(shapely.get_coordinates, shapes)


def geopandas_areas(shapes: Geometries) -> Measured:
    """Projected to an equal-area cylinder, then areas in that plane."""
    series = gpd.GeoSeries(shapes, crs=DEGREES)
    return measured(lambda given: given.to_crs(EQUAL_AREA).area.to_numpy(), series)


def geod_areas(shapes: Geometries) -> Measured:
    """Geodesic edges on the ellipsoid, parcel by parcel; holes must run against their shells."""
    geod = Geod(ellps="GRS80")
    return measured(lambda: np.abs([geod.geometry_area_perimeter(shape)[0] for shape in shapes]))


def union_all(shapes: Geometries) -> Measured:
    """GEOS's union of everything."""
    return measured(lambda planar: float(shapely.area(shapely.union_all(planar))), in_plane(shapes))


def disjoint_subset_union(shapes: Geometries) -> Measured:
    """GEOS's union of what hangs together by bounding boxes."""
    return measured(lambda planar: float(shapely.area(shapely.disjoint_subset_union_all(planar))), in_plane(shapes))


@_told_when_missing
def duckdb_areas(shapes: Geometries) -> Measured:
    """GeographicLib on WGS84, parcel by parcel, a thread for every 122 880 of them; wants latitude first."""
    query = "SELECT ST_Area_Spheroid(geom) AS area FROM parcels ORDER BY row"
    with _duckdb(shapely.transform(shapes, lambda xy: xy[:, ::-1])) as connection:
        return measured(lambda: connection.execute(query).fetchnumpy()["area"])


@_told_when_missing
def duckdb_union(shapes: Geometries) -> Measured:
    """Union of everything by ``ST_Union_Agg`` (GEOS)."""
    with _duckdb(in_plane(shapes)) as connection:
        return measured(lambda: connection.execute("SELECT ST_Area(ST_Union_Agg(geom)) FROM parcels").fetchone()[0])


@contextmanager
def _duckdb(shapes: Geometries) -> Iterator[Any]:
    """A database in memory with the table ``parcels(row, geom)``; no index, since neither question would use one."""
    duckdb = _module("duckdb")
    with duckdb.connect() as connection:
        try:
            connection.execute(f"LOAD '{_spatial_extension(duckdb.__version__)}'")
        except duckdb.Error as error:
            raise Missing(f"no spatial extension for DuckDB {duckdb.__version__}: {str(error).splitlines()[0]}") from error
        connection.register("given", pd.DataFrame({"row": np.arange(len(shapes)), "wkb": shapely.to_wkb(shapes)}))
        connection.execute("CREATE TABLE parcels AS SELECT row, ST_GeomFromWKB(wkb) AS geom FROM given")
        connection.unregister("given")
        yield connection


def _spatial_extension(version: str) -> str:
    """The file from the package of that very version, or the name for DuckDB to look up among its own."""
    try:
        package = import_module("duckdb_extension_spatial")
    except ImportError:
        return "spatial"
    file = Path(str(package.__file__)).parent / "extensions" / f"v{version}" / "spatial.duckdb_extension"
    return str(file) if file.exists() else "spatial"


@_told_when_missing
def postgis_areas(shapes: Geometries) -> Measured:
    """Geodesic edges on CGCS2000's ellipsoid: ``ST_Area(geography)``."""
    return _postgis_answer(shapes, DEGREES, "SELECT ST_Area(geom::geography) FROM parcels ORDER BY row")


@_told_when_missing
def postgis_union(shapes: Geometries) -> Measured:
    """Union of everything, cascaded: ``ST_Union``."""
    found = _postgis_answer(in_plane(shapes), PLANE, "SELECT ST_Area(ST_Union(geom)) FROM parcels")
    return replace(found, result=float(found.result[0]))


@_told_when_missing
def postgis_union_by_cluster(shapes: Geometries) -> Measured:
    """As who knows PostGIS well would ask: what touches or overlaps is put together first, then united group by group."""
    query = """
        SELECT sum(ST_Area(ground)) FROM (
            SELECT ST_Union(geom) AS ground
            FROM (SELECT geom, ST_ClusterDBSCAN(geom, eps := 0, minpoints := 1) OVER () AS cluster FROM parcels) AS clustered
            GROUP BY cluster
        ) AS united
    """
    found = _postgis_answer(in_plane(shapes), PLANE, query)
    return replace(found, result=float(found.result[0]))


def _postgis_answer(shapes: Geometries, srid: int, query: str) -> Measured:
    """The answer of a fresh server with the table ``parcels(row, geom)``: analysed, in the cache, with no index since none is used."""
    with _postgis() as server:
        server.load(shapes, srid)
        found = measured(lambda: server.connection.execute(query).fetchall(), server=server)
        return replace(found, result=np.array(found.result, dtype=float).ravel())


@dataclass(frozen=True)
class Server:
    """A PostGIS of our own: the first process and the one that answers."""

    postmaster: int
    backend: int
    connection: Any

    def load(self, shapes: Geometries, srid: int) -> None:
        """Fill the table."""
        self.connection.execute("CREATE TABLE parcels (row integer, geom geometry)")
        with self.connection.cursor().copy("COPY parcels FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "bytea"])
            for row, wkb in enumerate(shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True)):
                copy.write_row((row, wkb))
        self.connection.execute("VACUUM ANALYZE parcels")

    def cpu_s(self) -> float:
        """CPU of all its processes so far, those that have ended too."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                state = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue  # ended meanwhile
            if int(state[1]) == self.postmaster:
                ticks += int(state[11]) + int(state[12])
            elif path.parent.name == str(self.postmaster):
                ticks += sum(int(value) for value in state[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")


SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "max_wal_size": "8GB",
    "fsync": "off",
    "autovacuum": "off",
    "jit": "off",
}


@contextmanager
def _postgis() -> Iterator[Server]:
    """Make a cluster, start it, stop it, throw it away."""
    psycopg = _module("psycopg")
    programs = _postgres_programs()
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, user)
        data = Path(folder) / "data"
        initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        start: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, *settings]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(start, user=user, cwd=folder, stdout=log, stderr=log)  # noqa: S603
        try:
            with _connected(psycopg, folder) as connection:
                yield Server(process.pid, connection.info.backend_pid, connection)
        finally:
            process.send_signal(signal.SIGINT)  # fast shutdown
            process.wait(timeout=60)


def _postgres_programs() -> Path:
    """The newest server that has PostGIS, where Debian puts them."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name)):
        if Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists():
            return folder
    raise Missing("there is no PostgreSQL with PostGIS under /usr/lib/postgresql")


def _connected(psycopg: Any, folder: str) -> Any:
    """A connection once the server has come up, with PostGIS in it."""
    for _ in range(100):
        try:
            connection = psycopg.connect(host=folder, user="bench", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            connection.execute("CREATE EXTENSION postgis")
            return connection
    raise Missing("the server did not come up in ten seconds")


AREAS: tuple[Peer, ...] = (geod_areas, geopandas_areas, duckdb_areas, postgis_areas)
GROUND: tuple[Peer, ...] = (union_all, disjoint_subset_union, duckdb_union, postgis_union, postgis_union_by_cluster)


def main(count: int) -> None:
    """Ask each peer once, and compare with the first of its kind."""
    shapes = parcels(count)
    print(f"{count} parcels{'wall':>17}{'CPU':>10}{'memory':>13}  sum, relative to the first")
    _line("coordinates_alone", coordinates_alone(shapes), "")
    for peers in (AREAS, GROUND):
        first = 0.0
        for peer in peers:
            found = peer(shapes)
            if found:
                total = float(np.sum(found.result))
                first = first or total
                _line(peer.__name__, found, f"{total:.2f} m²  {total / first - 1:+.1e}")


def _line(name: str, found: Measured, what: str) -> None:
    print(f"{name:25}{found.wall_s:8.3f} s{found.cpu_s:8.3f} s{found.peak_mib:8.0f} MiB  {what}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
