"""The face for analysts: quick to import, complete, and enough to answer a question without the command line."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import shapely

import restoration
from restoration import sample
from restoration.errors import CannotWrite, NotFound

from .making import ledger_of, sites_frame, square


def test_importing_loads_nothing_heavy() -> None:
    heavy = ("geopandas", "pandas", "numpy", "shapely", "folium", "sqlalchemy", "fiona", "pyogrio", "pyproj", "click")
    script = f"import sys, restoration; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_takes_less_than_a_twentieth_of_a_second() -> None:
    script = "import time; start = time.perf_counter(); import restoration; print(time.perf_counter() - start)"
    runs = [float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    assert min(runs) < 0.05


@pytest.mark.parametrize("name", restoration.__all__)
def test_every_public_name_is_there_and_explains_itself(name: str) -> None:
    assert getattr(restoration, name).__doc__
    assert name in dir(restoration)


ROOMS = ("charts", "figures", "maps")
SHOWN = {
    f"{room}{name}": getattr(module, name)
    for room, module in (("", restoration), *((f"{room}.", getattr(restoration, room)) for room in ROOMS))
    for name in module.__all__
}


@pytest.mark.parametrize("name", [name for name, thing in SHOWN.items() if inspect.isfunction(thing) or inspect.isclass(thing)])
def test_every_function_and_class_is_shown_at_work(name: str) -> None:
    if SHOWN[name].__module__.startswith("restoration"):
        assert ">>>" in (SHOWN[name].__doc__ or "")


@pytest.mark.parametrize("thing", [restoration.Records, restoration.Site], ids=lambda thing: thing.__name__)
def test_everything_that_a_project_opened_to_be_read_can_do_is_shown_at_work(thing: type) -> None:
    shown = (thing.__doc__ or "").partition(">>>")[2]
    assert not [name for name in vars(thing) if not name.startswith("_") and f".{name}" not in shown]


def test_no_module_takes_the_place_of_a_function_of_its_package() -> None:
    for path in Path(restoration.__file__).parent.rglob("__init__.py"):
        package = import_module(".".join(("restoration", *path.parent.relative_to(Path(restoration.__file__).parent).parts)))
        modules = {each.stem for each in path.parent.glob("*.py")} | {each.parent.name for each in path.parent.glob("*/__init__.py")}
        lazy = getattr(package, "_WHERE", {})
        assert not modules & set(lazy), package.__name__


USER = """
from datetime import date

import pandas as pd
import restoration as rs

project: rs.Records = rs.open("p.gpkg")
table: rs.Table = rs.areas(project.sites(as_of=date(2021, 12, 31)), by="measure", unit="mu")
whole: float = float(table["task_mu"].sum())
events: pd.DataFrame = project.events()
plan: pd.DataFrame = rs.progress(project.sites(), project.targets(), by=["measure"])
rs.maps.save(rs.map(rs.read("a.shp", crs="EPSG:4523")), rs.to_parquet(events, "b.parquet"))
rs.charts.status_by_measure(project.sites(), unit="ha").set_title("x")
wrong: int = rs.areas(project.sites(), unit=3)
"""


def test_a_users_code_is_type_checked_against_ours(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\n[mypy-geopandas.*]\nignore_missing_imports = True\n", encoding="utf-8")
    source = Path(restoration.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "user.py"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "MYPYPATH": str(source), "MYPY_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("user.py")]
    assert [line.split("error: ")[1].split("[")[1] for line in told] == ["assignment]", "arg-type]"], done.stdout
    assert {line.split(":")[1] for line in told} == {str(len(USER.splitlines()))}
    assert (source / "restoration" / "py.typed").is_file()


def test_a_name_that_is_not_there_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'restoration' has no attribute 'totalz'"):
        _ = restoration.totalz


def test_an_opened_project_can_be_read_and_not_written(tmp_path: Path) -> None:
    ledger_of(tmp_path / "p.gpkg", 2)
    project = restoration.open(str(tmp_path / "p.gpkg"))
    assert restoration.totals(project.sites(), by=["layer"]).whole["sites"] == 2
    with pytest.raises(CannotWrite):
        project.project.note(["S0"], text="看过", by="甲")


def test_a_project_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        restoration.open(tmp_path / "p.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_an_analysts_own_frame_goes_all_the_way(tmp_path: Path) -> None:
    planted = {"措施": "人工造林", "状态": "施工中"}
    own = sites_frame({**planted, "geometry": square(0)}, {**planted, "geometry": square(0.5)}, {**planted, "geometry": square(5)})
    sites = restoration.conform(own)
    whole = restoration.totals(sites, by=[]).whole
    pairs = restoration.overlaps(sites)
    assert whole["task_m2"] - whole["land_m2"] == pytest.approx(pairs["area_m2"].sum(), abs=0.01)
    assert set(restoration.check(sites)["code"]) >= {"S201"}
    assert restoration.maps.save(restoration.maps.build(sites), tmp_path / "map.html").stat().st_size > 100_000


def test_areas_by_hand_are_those_of_the_frame() -> None:
    shapes = np.array([square(0), square(1)], dtype=object)
    assert restoration.land_area_m2(shapes) == pytest.approx(restoration.area_of_record_m2(shapes).sum(), abs=1e-6)
    assert restoration.in_unit(10_000, "mu") == 15


def test_a_file_from_outside_is_read_without_a_project() -> None:
    layers, findings = restoration.read_layers(sample.geodata() / "mine_sites.geojson")
    assert [len(layer.rows) for layer in layers] == [32]
    assert all(shapely.is_valid(layer.rows.geometry).all() for layer in layers)
    assert not [finding for finding in findings if finding.level == "error"]


def test_words_come_in_the_language_asked_for() -> None:
    with restoration.speaking("en"):
        assert str(restoration.Text("已验收", "accepted")) == "accepted"
