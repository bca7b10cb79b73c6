"""CSV with WKT: the column found by its content, each row judged alone, the CRS by SRID or asked for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, moved, only, zipped

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))
HEAD = ("小班号", "图形", "面积")


def table(path: Path, *rows: Sequence[str], head: Sequence[str] = HEAD, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def read(path: Path, crs: str | None = "EPSG:4490") -> tuple[readers.Layer, list[str]]:
    layers, findings = readers.read(path, crs=crs)
    return layers[0], codes(findings)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_records_are_rows(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = table(tmp_path / "小班.csv", ("0012", HERE.wkt, "1.5"), ("贰", THERE.wkt, ""), delimiter=delimiter, encoding=encoding)
    layer, found = read(path)
    assert layer.rows[["小班号", "面积", "source_row"]].to_numpy().tolist() == [["0012", "1.5", 2], ["贰", "", 3]]
    assert layer.rows.geometry.iloc[1].equals_exact(shapely.MultiPolygon([THERE]), 1e-12)
    assert found == ([] if encoding.startswith("utf-8") else ["R101"])


def test_what_gdal_writes_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"小班号": ["0012", "贰"]}, geometry=[HERE, THERE], crs=4326)
    frame.to_file(tmp_path / "a.csv", driver="CSV", GEOMETRY="AS_WKT")
    layer, _ = read(tmp_path / "a.csv")
    assert layer.rows["小班号"].tolist() == ["0012", "贰"]
    assert layer.rows.geometry.iloc[0].equals_exact(shapely.MultiPolygon([HERE]), 1e-9)


def test_without_a_srid_the_crs_is_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("1", HERE.wkt, ""))
    with pytest.raises(FileRefused, match="SRID") as refused:
        readers.read(path)
    assert "--crs EPSG:4490" in refused.value.way_out.zh


def test_a_srid_is_the_crs_and_another_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", *[(str(at), f"SRID=4544;{SQUARE.wkt}", "") for at in range(2)], ("9", f"SRID=4490;{HERE.wkt}", ""))
    layer, found = read(path, crs=None)
    assert (layer.crs, len(layer.rows), found) == ("EPSG:4544", 2, ["R126"])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "R121"),
        ("POLYGON EMPTY", "R121"),
        ("POINT (105.1 25.1)", "R122"),
        ("LINESTRING (105.1 25.1, 105.2 25.2)", "R122"),
        ("POLYGON ((105.1 25.1, 105.2 25.1", "R126"),
        ("POLYGON ((105.1 25.1, 105.2 x, 105.2 25.2, 105.1 25.1))", "R126"),
        ("POLYGON ((nan 25.1, 105.2 25.1, 105.2 25.2, nan 25.1))", "R123"),
        ("POLYGON ((1e9 25.1, 105.2 25.1, 105.2 25.2, 1e9 25.1))", "R123"),
        ("POLYGON ((1e999 25.1, 105.2 25.1, 105.2 25.2, 1e999 25.1))", "R123"),
        ("somewhere", "R126"),
        ("GEOMETRYCOLLECTION (" * 99_999, "R126"),
    ],
)
def test_a_row_that_is_no_ground_is_refused_alone(tmp_path: Path, cell: str, code: str) -> None:
    layer, found = read(table(tmp_path / "a.csv", ("1", HERE.wkt, ""), ("2", cell, ""), ("3", THERE.wkt, "")))
    assert layer.rows["小班号"].tolist() == ["1", "3"]
    assert (layer.refused["source_row"].tolist(), found) == ([3], [code])


def test_a_ring_that_does_not_close_is_closed_and_told(tmp_path: Path) -> None:
    x, y = HERE.exterior.coords[0]
    layer, found = read(table(tmp_path / "a.csv", ("1", HERE.wkt.replace(f", {x!r} {y!r}))", "))"), "")))
    assert layer.rows.geometry.iloc[0].equals(HERE)
    assert found == ["R134"]


def test_heights_and_short_records_do_not_matter_and_long_ones_are_refused(tmp_path: Path) -> None:
    layer, found = read(table(tmp_path / "a.csv", ("1", shapely.force_3d(HERE).wkt), ("2", THERE.wkt, "1", "2"), ()))
    assert layer.rows["小班号"].tolist() == ["1"]
    assert sorted(found) == ["R133", "R161"]


def test_a_boundary_of_many_corners_is_read(tmp_path: Path) -> None:
    many = HERE.centroid.buffer(0.004, quad_segs=5000)
    assert len(many.wkt) > csv.field_size_limit()
    assert len(read(table(tmp_path / "a.csv", ("1", many.wkt, "")))[0].rows) == 1
    assert csv.field_size_limit() == 131_072


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "WKT\n", "\0\1\2"])
def test_what_has_no_shapes_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused):
        readers.read(tmp_path / "a.csv", crs="EPSG:4490")


def test_a_file_that_was_cut_off_loses_its_last_row_alone(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ("1", HERE.wkt, ""), ("2", THERE.wkt, ""))
    path.write_bytes(path.read_bytes()[:-40])
    layer, found = read(path)
    assert (layer.rows["小班号"].tolist(), found) == (["1"], ["R126"])


@pytest.mark.parametrize("part", ["number", "columns"])
def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    path = table(tmp_path / "a.csv", ("1", HERE.wkt, ""), ("2", THERE.wkt, ""))
    monkeypatch.setitem(builtin("limits")["rows"], part, 1)
    with pytest.raises(FileRefused, match="超过 1 "):
        read(path)


def test_in_a_zip_a_csv_with_shapes_is_a_layer_and_other_texts_are_left(tmp_path: Path) -> None:
    layer_of = table(tmp_path / "小班.csv", ("1", f"SRID=4490;{HERE.wkt}", ""))
    fields, note = tmp_path / "字段.csv", tmp_path / "说明.txt"
    fields.write_text("列,意思\nMJ,面积\n", encoding="utf-8")
    note.write_text("请审阅", encoding="utf-8")
    layers, findings = readers.read(zipped(tmp_path / "a.zip", note, fields, layer_of))
    assert [layer.name for layer in layers] == ["小班"]
    left = only(findings, "R120").message.zh
    assert [name in left for name in ("字段.csv", "说明.txt", "小班")] == [True, True, False]
