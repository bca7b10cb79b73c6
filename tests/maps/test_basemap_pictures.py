"""A GeoTIFF as a picture: where it lies to a pixel, what it looks like, and files that are not fit."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from restoration import maps
from restoration.data import builtin
from restoration.errors import FileRefused, MissingExtra, NotFound
from restoration.maps.basemaps import picture
from restoration.maps.basemaps.images import kind_and_size
from restoration.text import speaking

from .conftest import Opened, sites_of, square
from .test_basemaps_in_browser import go, near

SITES = sites_of({"geometry": square(105.0, 25.0, 0.001)}, {"geometry": square(105.02, 25.015, 0.001)})
ZONE = 4545
"""CGCS2000 in the 3-degree zone around 108° E, metres: warping turns it by some degrees here."""


def tif(path: Path, bands: Any, *, crs: Any = 4490, transform: Affine | None = None, **profile: Any) -> Path:
    """A GeoTIFF of bands, shape (n, rows, columns), over 105.00-105.02° E, 25.00-25.02° N."""
    count, rows, columns = bands.shape
    placed = transform or Affine(0.02 / columns, 0, 105.0, 0, -0.02 / rows, 25.02)
    about = {"driver": "GTiff", "count": count, "height": rows, "width": columns, "dtype": bands.dtype, "crs": crs, "transform": placed}
    with rasterio.open(path, "w", **about, **profile) as file:
        file.write(bands)
    return path


def halves(rows: int = 400, columns: int = 400) -> Any:
    """Red in the west, blue in the east."""
    bands = np.zeros((3, rows, columns), np.uint8)
    bands[0, :, : columns // 2] = bands[2, :, columns // 2 :] = 220
    return bands


def test_an_image_lies_where_it_should_and_can_be_turned_off_and_swiped(opened: Callable[[folium.Map], Opened], tmp_path: Path) -> None:
    with speaking("zh"):
        shown = opened(maps.build(SITES, basemaps=[maps.image(tif(tmp_path / "航拍.tif", halves()), sites=SITES)]))
    go(shown, 105.01, 25.01, 15)
    edge, y = shown.where(105.01, 25.012)
    assert near(shown, (edge - 3, y), (220, 0, 0))
    assert near(shown, (edge + 3, y), (0, 0, 220))
    assert near(shown, (shown.where(105.0, 25.012)[0] - 3, y), (0xF1, 0xEF, 0xE8))
    shown.page.click(".basemap-button")
    shown.page.get_by_label("航拍", exact=True).uncheck()
    assert near(shown, (edge + 3, y), (0xF1, 0xEF, 0xE8))
    shown.page.get_by_label("航拍", exact=True).check()
    shown.page.get_by_label("航拍的不透明度").fill("0")
    assert near(shown, (edge + 3, y), (0xF1, 0xEF, 0xE8))
    shown.page.get_by_label("航拍的不透明度").fill("100")
    shown.page.get_by_label("卷帘：右侧显示").select_option(label="无底图")
    assert near(shown, (edge + 60, y), (0xF1, 0xEF, 0xE8))
    assert near(shown, (edge - 60, y), (220, 0, 0))


def test_a_projected_image_is_warped_and_clear_around(tmp_path: Path, opened: Callable[[folium.Map], Opened]) -> None:
    east, north = Transformer.from_crs(4490, ZONE, always_xy=True).transform(105.01, 25.01)
    file = tif(tmp_path / "a.tif", halves(), crs=ZONE, transform=Affine(4, 0, east - 800, 0, -4, north + 800))
    found = maps.image(file, sites=SITES)
    assert found.bounds[0] < 105.01 - 800 / 101_000 < 105.01 + 800 / 101_000 < found.bounds[2]
    shown = opened(maps.build(SITES, basemaps=[found]))
    go(shown, 105.01, 25.01, 15)
    x, y = shown.where(105.01, 25.01)
    assert near(shown, (x - 5, y), (220, 0, 0))
    assert near(shown, (x + 5, y), (0, 0, 220))
    corner = shown.where(found.bounds[0], found.bounds[3])
    assert near(shown, (corner[0] + 3, corner[1] + 3), (0xF1, 0xEF, 0xE8)), "where the turned image does not reach there is nothing"


def test_it_is_made_smaller_to_a_bound_and_the_resolution_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("basemaps")["picture"], "side_pixels", 100)
    with speaking("zh"):
        found = maps.image(tif(tmp_path / "航拍.tif", halves(800, 800)), sites=SITES)
        kind, width, height = kind_and_size(found.content) or ("", 0, 0)
        assert (kind, max(width, height)) == ("webp", 100)
        assert str(found.told[0]).startswith(f"影像“航拍.tif”：{width}×{height} 像素，每像素约 22 米（原 2.7 米）")


@pytest.mark.parametrize(
    ("bands", "profile", "said"),
    [
        (np.linspace(0, 10_000, 90_000).reshape(1, 300, 300).astype(np.uint16), {}, "stretched"),
        (np.full((1, 30, 30), 7, np.uint8), {"nodata": 0}, "as it is"),
        (np.where(np.eye(30) > 0, np.nan, 0.3).reshape(1, 30, 30).repeat(4, 0).astype(np.float32), {}, "stretched"),
        (np.full((4, 30, 30), 90, np.uint8), {"photometric": "RGB", "alpha": "yes"}, "as it is"),
        (np.full((2, 30, 30), 90, np.uint8), {}, "as it is"),
    ],
)
def test_all_usual_kinds_of_values_make_a_picture(bands: Any, profile: dict[str, Any], said: str, tmp_path: Path) -> None:
    with speaking("en"):
        found = maps.image(tif(tmp_path / "a.tif", bands, **profile), sites=SITES)
        assert ("stretched" in str(found.told[0])) == (said == "stretched")
    assert kind_and_size(found.content)


def test_where_an_image_is_clear_the_picture_is(tmp_path: Path) -> None:
    bands = np.full((4, 100, 100), 90, np.uint8)
    bands[3, :, :50], bands[3, :, 50:] = 0, 255
    found = maps.image(tif(tmp_path / "a.tif", bands, photometric="RGB", alpha="yes"), sites=SITES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile(found.content) as memory, memory.open() as shown:
            clear = shown.read(4)
    middle = clear.shape[1] // 2
    assert not clear[:, : middle - 1].any()
    assert (clear[:, middle + 1 :] == 255).all()


def test_an_image_beside_the_sites_is_told(tmp_path: Path) -> None:
    file = tif(tmp_path / "a.tif", halves(), transform=Affine(0.001, 0, 90, 0, -0.001, 30))
    with speaking("zh"):
        assert "不在图斑范围内" in str(maps.image(file, sites=SITES).told[1])


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"crs": None}, "没有声明坐标系"),
        ({"crs": 4610}, "不是 CGCS2000"),
        ({"crs": 4214}, "不是 CGCS2000"),
        ({"nodata": 0}, "没有一处有数据"),
    ],
)
def test_an_image_that_is_not_fit_is_refused(profile: dict[str, Any], said: str, tmp_path: Path) -> None:
    with speaking("zh"), pytest.raises(FileRefused, match=said):
        maps.image(tif(tmp_path / "a.tif", np.zeros((3, 20, 20), np.uint8), **profile))


@pytest.mark.parametrize("content", [b"", b"<VRTDataset/>", b"II*\0" + b"\xff" * 100, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_geotiff_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(FileRefused):
        maps.image(tmp_path / "a.tif")


def test_a_missing_file_and_a_missing_library_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        maps.image(tmp_path / "a.tif")
    file = tif(tmp_path / "a.tif", halves(20, 20))
    monkeypatch.setattr("restoration.terrain.elevation.find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="raster"):
        picture.picture_of(file)
