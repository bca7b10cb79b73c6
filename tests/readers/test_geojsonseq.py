"""GeoJSONSeq: with separators or without, and a broken line alone is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, moved, only

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))


def feature(name: str, shape: Any = HERE) -> str:
    geometry = json.loads(shapely.to_geojson(shape)) if isinstance(shape, shapely.Geometry) else shape
    return json.dumps({"type": "Feature", "properties": {"小班号": name}, "geometry": geometry}, ensure_ascii=False)


def sequence(path: Path, *lines: str, separator: str = "", end: str = "\n", encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{separator}{line}{end}" for line in lines).encode(encoding))
    return path


@pytest.mark.parametrize("suffix", ["geojsonl", "geojsons", "geojsonseq", "ndjson"])
@pytest.mark.parametrize("separator", ["", "\x1e"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_line_is_a_row(tmp_path: Path, suffix: str, separator: str, end: str) -> None:
    path = sequence(tmp_path / f"小班.{suffix}", feature("0012"), feature("贰", THERE), separator=separator, end=end)
    layers, findings = readers.read(path)
    assert layers[0].rows[["小班号", "source_row"]].to_numpy().tolist() == [["0012", 1], ["贰", 2]]
    assert layers[0].rows.geometry.iloc[1].equals_exact(shapely.MultiPolygon([THERE]), 1e-12)
    assert (layers[0].name, layers[0].crs, findings) == ("小班", "EPSG:4326", [])


@pytest.mark.parametrize("separators", ["YES", "NO"])
def test_what_gdal_writes_is_read(tmp_path: Path, separators: str) -> None:
    frame = gpd.GeoDataFrame({"小班号": ["0012", "贰"]}, geometry=[HERE, THERE], crs=4326)
    frame.to_file(tmp_path / "a.geojsonl", driver="GeoJSONSeq", RS=separators, COORDINATE_PRECISION="12")
    rows = readers.read(tmp_path / "a.geojsonl")[0][0].rows
    assert rows["小班号"].tolist() == ["0012", "贰"]
    for found, meant in zip(rows.geometry, (HERE, THERE), strict=True):
        assert found.normalize().equals_exact(shapely.MultiPolygon([meant]).normalize(), 1e-10)


@pytest.mark.parametrize("bad", ['{"type": "Feature", "geom', "[]", "1", '{"type": "FeatureCollection", "features": []}', "[" * 99999])
@pytest.mark.parametrize("separator", ["", "\x1e"])
def test_a_line_that_is_broken_is_refused_alone(tmp_path: Path, bad: str, separator: str) -> None:
    layers, findings = readers.read(sequence(tmp_path / "a.geojsonl", feature("1"), "", bad, feature("2"), separator=separator))
    assert layers[0].rows[["小班号", "source_row"]].to_numpy().tolist() == [["1", 1], ["2", 4]]
    assert (only(findings, "R161").row, layers[0].refused["reason_code"].tolist()) == (3, ["R161"])


def test_between_separators_a_text_may_run_over_lines(tmp_path: Path) -> None:
    long = json.dumps(json.loads(feature("1")), indent=1)
    rows = readers.read(sequence(tmp_path / "a.geojsonl", long, feature("2"), separator="\x1e"))[0][0].rows
    assert rows["source_row"].tolist() == [1, long.count("\n") + 2]


def test_a_bare_geometry_is_a_row_and_what_is_no_ground_is_refused(tmp_path: Path) -> None:
    nowhere = feature("3", {"type": "Polygon", "coordinates": [[[None, 25.0], [105.0, 25.0], [105.0, 25.1]]]})
    path = sequence(tmp_path / "a.geojsonl", shapely.to_geojson(HERE), feature("2", shapely.Point(105, 25)), nowhere, feature("4", None))
    layers, findings = readers.read(path)
    assert layers[0].rows["source_row"].tolist() == [1]
    assert codes(findings) == ["R122", "R123", "R121"]


def test_gbk_is_read(tmp_path: Path) -> None:
    layers, findings = readers.read(sequence(tmp_path / "a.ndjson", feature("合兴村"), encoding="gbk"))
    assert layers[0].rows["小班号"].tolist() == ["合兴村"]
    assert codes(findings) == ["R101"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"<kml/>", b"PK\x03\x04", b"fgb\x03fgb\x00"])
def test_what_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.geojsonl").write_bytes(content)
    with pytest.raises(FileRefused):
        readers.read(tmp_path / "a.geojsonl")


def test_a_sequence_without_one_good_line_has_no_rows(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        readers.read(sequence(tmp_path / "a.geojsonl", "{", "{"))


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("limits")["rows"], "number", 1)
    with pytest.raises(FileRefused, match="超过 1"):
        readers.read(sequence(tmp_path / "a.geojsonl", feature("1"), feature("2")))


def test_the_time_is_linear_in_the_lines(tmp_path: Path) -> None:
    """A hundred thousand short lines in a few seconds: to look through the whole text for each took minutes."""
    path = sequence(tmp_path / "a.geojsonl", *["{}"] * 100_000, feature("1"))
    before = time.process_time()
    assert readers.read(path)[0][0].rows["source_row"].tolist() == [100_001]
    assert time.process_time() - before < 30
