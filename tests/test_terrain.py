"""Slopes and surface areas: against planes and hills whose surface is known, on rasters made here; and rasters that are not fit."""

from __future__ import annotations

import math
import os
import signal
import socket
import struct
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from rasterio.transform import Affine

import restoration
from restoration.data import builtin
from restoration.errors import FileRefused, MissingExtra, NotFound
from restoration.terrain import NOTES, elevation, summed, surface_areas
from restoration.terrain.slope import shares

PLANE = 4544
"""The Gauss-Krüger plane around 105° E, in which heights and sites are given here: metres east and north."""
EAST, NORTH = 510_000.0, 2_775_000.0
"""The middle of the ground."""
HALF_M = 1500.0
Heights = Callable[[Any, Any], Any]


def tilted(slope_deg: float, *, towards_deg: float = 30.0) -> Heights:
    """A plane that rises towards a direction (from east, counter-clockwise)."""
    tangent, towards = math.tan(math.radians(slope_deg)), math.radians(towards_deg)
    return lambda east, north: 1200 + tangent * ((east - EAST) * math.cos(towards) + (north - NORTH) * math.sin(towards))


def level(east: Any, north: Any) -> Any:
    return 1234.5 + 0 * (east + north)


def bent(east: Any, north: Any) -> Any:
    """Level in the west, rising at 45° in the east."""
    return np.where(east > EAST, east - EAST, 0 * north)


def model(
    path: Path,
    heights: Heights,
    *,
    crs: Any = PLANE,
    cell: float = 10.0,
    change: Callable[[np.ndarray[Any, Any]], Any] | None = None,
    declared: Any = ...,
    **profile: Any,
) -> Path:
    """A GeoTIFF of heights 3 km square, its cells ``cell`` units of its CRS wide; it may declare another CRS than it is in."""
    grid = CRS.from_user_input(crs)
    corners = [(EAST + x * HALF_M, NORTH + y * HALF_M) for x in (-1, 1) for y in (-1, 1)]
    xs, ys = Transformer.from_crs(PLANE, grid, always_xy=True).transform(*np.transpose(corners))
    columns, rows = (int((max(values) - min(values)) / cell) for values in (xs, ys))
    x, y = np.meshgrid(min(xs) + (np.arange(columns) + 0.5) * cell, max(ys) - (np.arange(rows) + 0.5) * cell)
    z = heights(*Transformer.from_crs(grid, PLANE, always_xy=True).transform(x, y))
    values = (change or (lambda kept: kept))(np.asarray(z, dtype=np.float64) + 0 * x)
    usual = {
        "count": 1,
        "dtype": "float64",
        "crs": grid.to_wkt() if declared is ... else declared,
        "transform": Affine(cell, 0, min(xs), 0, -cell, max(ys)),
    }
    with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, **{**usual, **profile}) as file:
        file.write(values, 1)
    return path


def sites_of(*planar: shapely.Geometry) -> gpd.GeoDataFrame:
    """Sites given in the plane."""
    rows = gpd.GeoDataFrame({"measure": "人工造林", "status": "施工中"}, index=range(len(planar)), geometry=list(planar), crs=PLANE)
    return restoration.conform(rows)


def factors(areas: pd.DataFrame) -> list[float]:
    return [float(factor) for factor in areas["surface_m2"] / areas["area_m2"]]


def box(half_m: float, *, east: float = 0.0, north: float = 0.0) -> shapely.Polygon:
    """A square around a place, by metres from the middle."""
    x, y = EAST + east, NORTH + north
    return shapely.Polygon(shapely.box(x - half_m, y - half_m, x + half_m, y + half_m))


ONE_MU = box(math.sqrt(2000 / 3) / 2, east=7.3, north=-4.1)
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=90 +ellps=GRS80 +units=m +type=crs"
"""National products come in such a projection: north is 6° off, and the two scales differ."""


GRIDS: dict[str, tuple[Any, float]] = {
    "4544": (4544, 12.5),
    "4523": (4523, 10.0),
    "degrees": (4490, 1 / 3600),
    "WGS 84": (4326, 0.0001),
    "UTM": (32648, 30.0),
}
"""A CRS, and a cell in its units; then two whose metres are none on the ground."""
GRIDS |= {"Mercator": (3857, 25.0), "Albers": (ALBERS, 25.0)}
STEEPEST = [(name, 35, 1.221) for name in GRIDS]
OTHERS = [(name, slope_deg, factor) for name in ("4544", "degrees") for slope_deg, factor in ((15, 1.035), (25, 1.103))]


@pytest.mark.parametrize(("grid", "slope_deg", "factor"), STEEPEST + OTHERS)
def test_a_plane_is_longer_by_its_cosine_in_every_crs(tmp_path: Path, grid: str, slope_deg: float, factor: float) -> None:
    crs, cell = GRIDS[grid]
    path = model(tmp_path / "dem.tif", tilted(slope_deg), crs=crs, cell=cell)
    sites = sites_of(box(400), ONE_MU, shapely.Point(EAST, NORTH).buffer(300).difference(box(100)))
    found = surface_areas(sites, path)
    assert found["area_m2"].tolist() == sites["area_m2"].tolist()
    assert factors(found) == pytest.approx([1 / math.cos(math.radians(slope_deg))] * 3, abs=1e-4)
    assert 1 / math.cos(math.radians(slope_deg)) == pytest.approx(factor, abs=5e-4)
    assert found["mean_slope_deg"].tolist() == pytest.approx([slope_deg] * 3, abs=0.01)
    assert found["covered_pct"].tolist() == pytest.approx([100] * 3)
    assert set(found["note"]) == {""}


@pytest.mark.parametrize(("crs", "cell"), [(4544, 12.5), (4490, 1 / 3600), (ALBERS, 25.0)])
def test_flat_ground_is_the_area_of_record_to_the_last_digit(tmp_path: Path, crs: Any, cell: float) -> None:
    sites = sites_of(box(400), ONE_MU, shapely.Point(EAST, NORTH).buffer(333))
    found = surface_areas(sites, model(tmp_path / "dem.tif", level, crs=crs, cell=cell, dtype="float32"))
    assert found["surface_m2"].tolist() == sites["area_m2"].tolist()
    assert found["mean_slope_deg"].tolist() == [0.0, 0.0, 0.0]


def test_a_dome_has_the_surface_that_geometry_says(tmp_path: Path) -> None:
    """A cap of a ball of radius R over a disc of radius a: 2πR(R - √(R² - a²))."""
    ball_m, disc_m = 1600.0, 800.0
    path = model(tmp_path / "dem.tif", lambda east, north: np.sqrt(ball_m**2 - ((east - EAST) ** 2 + (north - NORTH) ** 2).clip(0, 2e6)))
    found = surface_areas(sites_of(shapely.Point(EAST, NORTH).buffer(disc_m, quad_segs=64)), path)
    cap = 2 * ball_m * (ball_m - math.sqrt(ball_m**2 - disc_m**2)) / disc_m**2
    assert factors(found)[0] == pytest.approx(cap, abs=2e-4)


def test_a_cone_has_one_slope_all_round(tmp_path: Path) -> None:
    path = model(tmp_path / "dem.tif", lambda east, north: 1500 - 0.7 * np.hypot(east - EAST, north - NORTH), crs=4490, cell=0.0001)
    ring = shapely.Point(EAST, NORTH).buffer(900).difference(shapely.Point(EAST, NORTH).buffer(200))
    found = surface_areas(sites_of(ring), path)
    assert factors(found)[0] == pytest.approx(math.hypot(1, 0.7), abs=1e-3)
    assert found.loc[0, "mean_slope_deg"] == pytest.approx(math.degrees(math.atan(0.7)), abs=0.05)


def test_cells_weigh_by_the_ground_that_lies_in_the_site(tmp_path: Path) -> None:
    """Cells of 100 m, of which the site has the last one by half."""
    path = model(tmp_path / "dem.tif", bent, cell=100.0)
    found = surface_areas(sites_of(shapely.box(EAST - 700, NORTH - 220, EAST + 350, NORTH + 190)), path)
    rise = [0.0] * 600 + [0.25] * 100 + [0.75] * 100 + [1.0] * 250  # metre by metre; Horn looks one cell to each side of the bend
    assert factors(found)[0] == pytest.approx(np.hypot(1, rise).mean(), abs=1e-5)
    assert found.loc[0, "mean_slope_deg"] == pytest.approx(np.degrees(np.arctan(rise)).mean(), abs=1e-3)


def test_heights_in_whole_decimetres_are_read_as_metres(tmp_path: Path) -> None:
    path = model(tmp_path / "dem.tif", tilted(25), change=lambda z: np.rint(z * 10), dtype="int16", nodata=-32768)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (5.0,)
    found = surface_areas(sites_of(box(400)), path)
    assert factors(found)[0] == pytest.approx(1.1034, abs=1e-3)


def hole(z: np.ndarray[Any, Any], *, half: int, value: float = -9999.0) -> np.ndarray[Any, Any]:
    """Nothing known in the middle."""
    row, column = (size // 2 for size in z.shape)
    z[row - half : row + half, column - half : column + half] = value
    return z


@pytest.mark.parametrize("nodata", [-9999.0, None])
def test_cells_beside_a_hole_are_not_used_and_the_hole_is_told(tmp_path: Path, nodata: float | None) -> None:
    """Also where the file does not say that -9999 means nothing."""
    path = model(tmp_path / "dem.tif", tilted(25), change=lambda z: hole(z, half=5), nodata=nodata)
    small, large = surface_areas(sites_of(box(150), box(600)), path).to_dict("records")
    assert math.isnan(small["surface_m2"])
    assert math.isnan(small["mean_slope_deg"])
    assert small["note"] == "partly_covered"
    assert large["surface_m2"] / large["area_m2"] == pytest.approx(1.1034, abs=1e-3)
    assert large["covered_pct"] == pytest.approx(100 * (1 - 0.12**2 / 1.2**2), abs=0.05)  # 10 cells and one more on each side
    assert large["cells"] == 120**2 - 12**2


def test_a_site_that_the_model_does_not_reach_has_no_surface(tmp_path: Path) -> None:
    path = model(tmp_path / "dem.tif", tilted(25))
    sites = sites_of(box(200), box(200, east=1500), box(200, east=5000), box(200, north=1_500_000))
    found = surface_areas(sites, path)
    assert found["note"].tolist() == ["", "partly_covered", "outside", "outside"]
    assert found["covered_pct"].tolist() == pytest.approx([100, 47.5, 0, 0], abs=0.1)  # the model's rim has no slope
    assert found["surface_m2"].isna().tolist() == [False, True, True, True]
    whole = summed(found)
    assert (whole.sites, whole.answered, whole.area_m2) == (4, 1, sites["area_m2"][0])
    assert whole.factor == pytest.approx(1.1034, abs=1e-3)


def test_no_sites_and_no_ground_have_no_surface(tmp_path: Path) -> None:
    path = model(tmp_path / "dem.tif", tilted(25))
    with pytest.warns(restoration.DataWarning):
        sites = sites_of(box(200), shapely.Polygon())
    assert surface_areas(sites, path)["note"].tolist() == ["", "no_ground"]
    none = surface_areas(sites[:0], path)
    assert len(none) == 0
    assert math.isnan(summed(none).surface_m2)
    assert math.isnan(summed(none).factor)


def test_the_order_of_the_sites_and_how_they_are_read_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waves = model(tmp_path / "dem.tif", lambda east, north: 1000 + 90 * np.sin(east / 150) * np.cos(north / 210), crs=4490, cell=0.0002)
    sites = sites_of(*(box(60 + 25 * at, east=100.0 * at, north=-70.0 * at) for at in range(9)))
    forward = surface_areas(sites, waves)
    monkeypatch.setitem(builtin("terrain")["cells"], "batch", 500)
    backward = surface_areas(sites.iloc[::-1], waves).iloc[::-1]
    assert forward.equals(backward)
    alone = [surface_areas(sites[at : at + 1], waves)["surface_m2"].iloc[0] for at in (0, 5)]
    assert alone == forward["surface_m2"].iloc[[0, 5]].tolist()


def test_a_site_with_too_many_cells_is_told_and_the_others_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("terrain")["cells"], "site", 5000)
    found = surface_areas(sites_of(box(600), ONE_MU), model(tmp_path / "dem.tif", tilted(25)))
    assert found["note"].tolist() == ["too_many_cells", ""]


def test_a_raster_that_runs_northwards_is_the_same_ground(tmp_path: Path) -> None:
    usual, turned = model(tmp_path / "a.tif", tilted(25)), tmp_path / "b.tif"
    with rasterio.open(usual) as file:
        profile, z = file.profile, file.read(1)
    kept = profile["transform"]
    with rasterio.open(turned, "w", **{**profile, "transform": Affine(kept.a, 0, kept.c, 0, -kept.e, kept.f + kept.e * len(z))}) as file:
        file.write(z[::-1], 1)
    sites = sites_of(box(333), ONE_MU)
    assert surface_areas(sites, turned)["surface_m2"].tolist() == pytest.approx(surface_areas(sites, usual)["surface_m2"].tolist())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 7), st.floats(0, 5)), min_size=3, max_size=9))
def test_shares_are_those_of_an_exact_overlay(points: list[tuple[float, float]]) -> None:
    polygon = shapely.MultiPoint(points).convex_hull.difference(shapely.box(2.25, 1.5, 3.0, 3.7))
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or polygon.area < 1e-6:
        return
    cells = [[shapely.box(column, row, column + 1, row + 1) for column in range(7)] for row in range(5)]
    exact = [[polygon.intersection(cell).area for cell in row] for row in cells]
    assert shares(polygon, rows=5, columns=7) == pytest.approx(np.array(exact), abs=1e-8)


# ---------------------------------------------------------------- files that are not fit

STEEP = tilted(25)


def text(path: Path) -> Path:
    path.write_text("not a raster", encoding="utf-8")
    return path


def vrt(path: Path) -> Path:
    """A file that has GDAL read another one."""
    whole = model(path.with_name("whole.tif"), STEEP)
    with rasterio.open(whole) as file:
        size = f'rasterXSize="{file.width}" rasterYSize="{file.height}"'
    source = f"<SimpleSource><SourceFilename>{whole}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>"
    path.write_text(
        f'<VRTDataset {size}><VRTRasterBand dataType="Float64" band="1">{source}</VRTRasterBand></VRTDataset>', encoding="utf-8"
    )
    return path


def cut(path: Path, *, left: float) -> Path:
    whole = model(path, STEEP).read_bytes()
    path.write_bytes(whole[: int(len(whole) * left) + 6])
    return path


def in_feet(path: Path) -> Path:
    with rasterio.open(model(path, STEEP), "r+") as file:
        file.units = ("ft",)
    return path


def of_two_bands(path: Path) -> Path:
    with rasterio.open(model(path.with_name("one.tif"), STEEP)) as one, rasterio.open(path, "w", **{**one.profile, "count": 2}) as two:
        two.write(one.read([1, 1]))
    return path


UNFIT: dict[str, tuple[Callable[[Path], Path], str]] = {
    "text": (text, "不是 GeoTIFF"),
    "a VRT": (vrt, "不是 GeoTIFF"),
    "cut off in the middle": (lambda path: cut(path, left=0.4), "读不了"),
    "nothing but a head": (lambda path: cut(path, left=0), "读不了"),
    "no CRS": (lambda path: model(path, STEEP, declared=None), "没有声明坐标系"),
    "heights in feet": (in_feet, "高程单位是 ft"),
    "a CRS with heights in feet": (lambda path: model(path, STEEP, declared="EPSG:4326+6360"), "高程单位是 US survey foot"),
    "a plane in feet": (lambda path: model(path, STEEP, declared="EPSG:2263"), "也不是米"),
    "a plane of no projection": (lambda path: model(path, STEEP, declared='LOCAL_CS["工地",UNIT["metre",1]]'), "也不是米"),
    "Xi'an 1980": (lambda path: model(path, STEEP, declared="EPSG:2359"), "不是 CGCS2000"),
    "Beijing 1954": (lambda path: model(path, STEEP, declared="EPSG:2411"), "不是 CGCS2000"),
    "two bands": (of_two_bands, "2 个波段"),
    "a picture": (lambda path: model(path, STEEP, change=lambda z: z * 0 + 9, dtype="uint8"), "不是高程"),
    "askew": (lambda path: model(path, STEEP, transform=Affine(10, 2, EAST, 2, -10, NORTH)), "斜的"),
    "no place": (lambda path: model(path, STEEP, transform=Affine.identity()), "没有写明格网的位置"),
}


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("case", UNFIT)
def test_what_is_no_elevation_model_is_refused_with_its_reason(tmp_path: Path, case: str) -> None:
    make, why = UNFIT[case]
    path = make(tmp_path / "dem.tif")
    with pytest.raises(FileRefused) as refused:
        surface_areas(sites_of(box(1400)), path)
    assert why in refused.value.fact.zh
    assert refused.value.fact.en.startswith("dem.tif ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in (tmp_path / "none.tif", Path("/vsicurl/http://127.0.0.1:9/a.tif"), tmp_path):
        with pytest.raises(NotFound):
            surface_areas(sites_of(box(100)), name)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_child_itself_follows_no_vrt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the check of the content had let it pass; with every driver on, the same file is read."""
    path = vrt(tmp_path / "dem.tif")
    with rasterio.open(path) as followed:
        assert followed.read(1).max() > 1200
    monkeypatch.setattr(elevation, "_MARKS", (b"<VRT",))
    with pytest.raises(FileRefused, match="not recognized"):
        elevation.opened(path)


def test_nothing_beside_the_file_or_over_a_network_is_asked_for(tmp_path: Path) -> None:
    """Overviews that a file or its .aux.xml says are elsewhere; nobody comes."""
    came: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(2)
        listener = threading.Thread(target=lambda: _listen(server, came))
        listener.start()
        address = f"/vsicurl/http://127.0.0.1:{server.getsockname()[1]}/a.tif"
        path = model(tmp_path / "dem.tif", STEEP)
        with rasterio.open(path, "r+") as file:
            file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=address)
        told = f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">{address}</MDI></Metadata></PAMDataset>'
        (tmp_path / "dem.tif.aux.xml").write_text(told, encoding="utf-8")
        assert surface_areas(sites_of(box(100)), path).loc[0, "note"] == ""
        listener.join()
    assert came == []


def _listen(server: socket.socket, came: list[Any]) -> None:
    try:
        came.append(server.accept())
    except TimeoutError:
        return


def vast(path: Path, *, block: int = 256) -> Path:
    """A raster of 100 000 x 100 000 cells, of which nothing is written."""
    whole = block == 100_000
    blocks = {"blockysize": block} if whole else {"tiled": True, "blockxsize": block, "blockysize": block}
    size = {"width": 100_000, "height": 100_000, **blocks, "transform": Affine(0.1, 0, EAST - 5000, 0, -0.1, NORTH + 5000)}
    options = {"SPARSE_OK": True, "BIGTIFF": "YES", "compress": "deflate"}
    with rasterio.open(path, "w", driver="GTiff", count=1, dtype="float64", crs="EPSG:4544", **size, **options):
        return path


def test_a_vast_raster_is_read_by_the_windows_of_the_sites(tmp_path: Path) -> None:
    assert surface_areas(sites_of(ONE_MU), vast(tmp_path / "dem.tif")).loc[0, "mean_slope_deg"] == 0


@pytest.mark.skipif(os.name != "posix", reason="only there are processes bounded by the system")
def test_a_block_that_unpacks_to_80_gigabytes_is_stopped(tmp_path: Path) -> None:
    path = vast(tmp_path / "dem.tif", block=100_000)
    whole, block = bytearray(path.read_bytes()), zlib.compress(bytes(10_000_000))
    (directory,) = struct.unpack_from("<Q", whole, 8)
    for at in range(directory + 8, directory + 8 + 20 * struct.unpack_from("<Q", whole, directory)[0], 20):
        tag = struct.unpack_from("<H", whole, at)[0]
        if tag in (273, 279):  # where the block is, and how many bytes it has
            struct.pack_into("<Q", whole, at + 12, len(whole) if tag == 273 else len(block))
    path.write_bytes(whole + block)
    with pytest.raises(FileRefused, match="读不了"):
        surface_areas(sites_of(ONE_MU), path)


def test_a_child_that_crashes_is_a_refusal_and_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    path = model(tmp_path / "dem.tif", STEEP)
    monkeypatch.setattr("tempfile.tempdir", str(work))
    surface_areas(sites_of(ONE_MU), path)
    crash = tmp_path / "crash.py"
    crash.write_text(f"import os\nos.kill(os.getpid(), {int(getattr(signal, 'SIGKILL', signal.SIGTERM))})\n", encoding="utf-8")
    monkeypatch.setattr(elevation, "_CHILD", crash)
    with pytest.raises(FileRefused, match="异常退出"):
        surface_areas(sites_of(ONE_MU), path)
    assert list(work.iterdir()) == []


def test_only_the_one_driver_is_left_and_the_environment_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_PASSWORD", "x")
    env = elevation.environment()
    assert "A_PASSWORD" not in env
    assert {"VRT", "GTI", "COG"} <= set(env["GDAL_SKIP"].split(","))
    assert "GTiff" not in env["GDAL_SKIP"].split(",")


def test_without_rasterio_the_way_to_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = model(tmp_path / "dem.tif", STEEP)
    monkeypatch.setattr(elevation, "find_spec", {}.get)
    with pytest.raises(MissingExtra, match=r'pip install "restoration\[raster\]".*断网.*--no-index'):
        surface_areas(sites_of(ONE_MU), path)


def test_every_note_is_in_both_languages() -> None:
    assert all(note.zh and note.en for note in NOTES.values())
