"""GDAL in a process of its own: one driver, no network, limits, no pickle, and a crash that is a refusal."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused
from restoration.readers import gdal
from restoration.readers.gdal import environment, read_vector

from .files import geopackage, shapefile, squares

TOLD = "what stands in another file"
CHILD = Path(gdal.__file__).with_name("gdal_child.py")


def vrt(secret: Path) -> str:
    """A file that has GDAL read another one."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{secret}</SrcDataSource><SrcLayer>{secret.stem}</SrcLayer>'
        "<GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"
    )


def pipeline(secret: Path) -> str:
    """The same as a pipeline of GDAL's own."""
    return json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"})


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text(f"a\n{TOLD}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("make", [vrt, pipeline])
@pytest.mark.parametrize("name", ["a.shp", "a.gpkg", "a.geojson", "a.json", "a.kml"])
def test_a_file_that_points_at_another_is_refused_by_its_content(tmp_path: Path, secret: Path, name: str, make: Any) -> None:
    (tmp_path / name).write_text(make(secret), encoding="utf-8")
    (tmp_path / "a.dbf").write_bytes(b"")
    with pytest.raises(FileRefused) as refused:
        readers.read(tmp_path / name)
    assert TOLD not in str(refused.value)


@pytest.mark.parametrize("make", [vrt, pipeline])
@pytest.mark.parametrize(("name", "driver"), [("a.shp", "ESRI Shapefile"), ("a.gpkg", "GPKG")])
def test_the_child_itself_refuses_it_too(tmp_path: Path, secret: Path, name: str, driver: str, make: Any) -> None:
    """As if the check of the content had let it pass."""
    path = tmp_path / name
    path.write_text(make(secret), encoding="utf-8")
    with pytest.raises(FileRefused):
        read_vector(path, driver=driver, shown=name)


def test_the_same_file_is_read_where_the_drivers_are_left_on(tmp_path: Path, secret: Path) -> None:
    """So the refusals above are due to the drivers that are off."""
    path = tmp_path / "a.shp"
    path.write_text(vrt(secret), encoding="utf-8")
    program = f"import pyogrio.raw; print(pyogrio.raw.read({str(path)!r}, read_geometry=False)[3])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert TOLD in said.stdout


@pytest.mark.parametrize("driver", ["ESRI Shapefile", "GPKG"])
def test_only_the_one_driver_is_left(driver: str) -> None:
    program = "import pyogrio; print(*pyogrio.list_drivers(), sep=',')"
    said = subprocess.run([sys.executable, "-c", program], env=environment(driver, {}), capture_output=True, text=True, check=True)
    assert said.stdout.strip() == driver


def test_the_child_refuses_to_go_on_with_more_drivers(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", squares(1))
    job = {
        "path": str(path), "driver": "GPKG", "layer": None, "columns": None, "options": {},
        "limits": builtin("limits")["child"], "out": str(tmp_path / "out.npz"), "error": str(tmp_path / "error.txt"),
    }  # fmt: skip
    assert subprocess.run([sys.executable, "-P", str(CHILD), json.dumps(job)], check=False).returncode == 1
    assert "drivers left on" in (tmp_path / "error.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "out.npz").exists()


def test_the_child_loads_no_frames(tmp_path: Path) -> None:
    program = "import runpy, sys; sys.argv = ['child', '{}']\n"
    program += f"try: runpy.run_path({str(CHILD)!r}, run_name='__main__')\nexcept KeyError: pass\n"
    program += "print([name for name in ('pandas', 'geopandas', 'shapely', 'pyproj') if sys.modules.get(name)])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert said.stdout.strip() == "[]"


def test_the_environment_of_this_process_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_PASSWORD", "x")
    env = environment("GPKG", {})
    assert "A_PASSWORD" not in env
    assert (env["GDAL_HTTP_PROXY"], env["PROJ_NETWORK"]) == ("127.0.0.1:9", "OFF")


def test_nothing_calls_out(tmp_path: Path) -> None:
    """A VRT, a pipeline and a GeoJSON that name an address of ours: nobody comes."""
    came: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(2)
        listener = threading.Thread(target=lambda: _listen(server, came))
        listener.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.json"
        for name, text in (
            (
                "a.shp",
                f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
            ),
            ("b.gpkg", json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read /vsicurl/{url}"})),
        ):
            (tmp_path / name).write_text(text, encoding="utf-8")
            with pytest.raises(FileRefused):
                read_vector(tmp_path / name, driver={"a.shp": "ESRI Shapefile", "b.gpkg": "GPKG"}[name], shown=name)
        linked = {"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": url, "type": "proj4"}}}
        feature: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}
        (tmp_path / "c.geojson").write_text(json.dumps({**linked, "features": [feature]}), encoding="utf-8")
        with pytest.raises(FileRefused):
            readers.read(tmp_path / "c.geojson")
        listener.join()
    assert came == []


def _listen(server: socket.socket, came: list[Any]) -> None:
    try:
        came.append(server.accept())
    except TimeoutError:
        return


@pytest.mark.parametrize("limit", ["memory_bytes", "output_bytes", "files"])
def test_a_child_that_wants_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """Where the system bounds processes at all; elsewhere the child just reads."""
    path = geopackage(tmp_path / "a.gpkg", squares(1))
    monkeypatch.setitem(builtin("limits")["child"], limit, 1)
    with pytest.raises(FileRefused) if os.name == "posix" else nullcontext():
        read_vector(path, driver="GPKG", shown="a.gpkg", layer="小班")


def test_a_child_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shapefile(tmp_path, squares(1))
    monkeypatch.setitem(builtin("limits")["child"], "seconds", 0.01)
    with pytest.raises(FileRefused, match="已停止"):
        read_vector(path, driver="ESRI Shapefile", shown=path.name)


def test_a_child_that_crashes_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that dies of a signal, as GDAL does of some files."""
    crash = tmp_path / "crash.py"
    crash.write_text("import os, signal\nos.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))\n", encoding="utf-8")
    monkeypatch.setattr(gdal, "_CHILD", crash)
    with pytest.raises(FileRefused, match="异常退出"):
        read_vector(shapefile(tmp_path, squares(1)), driver="ESRI Shapefile", shown="a.shp")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    readers.read(shapefile(tmp_path, squares(1)))
    readers.read(geopackage(tmp_path / "a.gpkg", squares(1)))
    assert list(work.iterdir()) == []
