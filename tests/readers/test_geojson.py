"""GeoJSON: our own reader, strict about what it is and forgiving about what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, geojson, only

HERE = degrees(SQUARE)[0]
RING = [[float(x), float(y)] for x, y in HERE.exterior.coords]


def one(path: Path) -> tuple[readers.Layer, list[str]]:
    layers, findings = readers.read(path)
    return layers[0], codes(findings)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_columns_are_the_properties_in_the_order_they_come(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"小班号": "01", "面积": 12.5}, {"小班号": "02", "more": {"a": [1]}}]
    layer, found = one(geojson(tmp_path / "a.geojson", [HERE, HERE], rows))
    assert layer.rows.columns.tolist() == ["小班号", "面积", "more", "source_row", "geometry"]
    assert layer.rows["more"].tolist() == [None, '{"a": [1]}']
    assert (layer.crs, layer.encoding, found) == ("EPSG:4326", "UTF-8", [])


def test_a_single_feature_and_a_byte_order_mark_will_do(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("\ufeff\n" + json.dumps({"type": "Feature", "id": 7, "properties": None, "geometry": polygon(RING)}), encoding="utf-8")
    layer, _ = one(path)
    assert layer.rows["id"].tolist() == [7]


def test_a_hole_a_height_and_a_multipolygon_are_read(tmp_path: Path) -> None:
    hole = [list(xy) for xy in HERE.buffer(-0.002).exterior.coords]
    high = [[x, y, 1200.0] for x, y in RING]
    mixed = [[*RING[0], 1200.0], *RING[1:]]
    members = [polygon(RING, hole), polygon(high), polygon(mixed), {"type": "MultiPolygon", "coordinates": [[RING]]}]
    layer, found = one(geojson(tmp_path / "a.geojson", members))
    assert [len(shape.geoms[0].interiors) for shape in layer.rows.geometry] == [1, 0, 0, 0]
    assert found == []


def test_a_ring_that_does_not_close_is_closed_and_told(tmp_path: Path) -> None:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [HERE, polygon(RING[:-1])]))
    assert layers[0].rows.geometry.iloc[1].equals(HERE)
    assert "第 2 行" in only(findings, "R134").message.zh


@pytest.mark.parametrize(
    ("member", "code"),
    [
        (None, "R121"),
        (polygon(), "R121"),
        (polygon([]), "R121"),
        ({"type": "Point", "coordinates": RING[0]}, "R122"),
        ({"type": "MultiPoint", "coordinates": RING}, "R122"),
        ({"type": "LineString", "coordinates": RING}, "R122"),
        ({"type": "MultiLineString", "coordinates": [RING, RING]}, "R122"),
        (polygon(RING[:2]), "R122"),
        (polygon([RING[0]] * 5), "R122"),
        (polygon([[float("nan"), 25.0], *RING[1:]]), "R123"),
        (polygon([[float("inf"), 25.0], *RING[1:]]), "R123"),
        (polygon([[1e9, 25.0], *RING[1:]]), "R123"),
        (polygon([["east", 25.0], *RING[1:]]), "R126"),
        (polygon([[105.0], [105.1]]), "R126"),
        (polygon([[10**400, 25.0], *RING[1:]]), "R126"),
        ({"type": "Circle", "coordinates": RING}, "R126"),
        ({"type": "Polygon"}, "R126"),
        ("POLYGON", "R126"),
    ],
)
def test_a_row_that_is_no_ground_is_refused_alone(tmp_path: Path, member: Any, code: str) -> None:
    members = [HERE, member if member is None or isinstance(member, dict) else {"type": member}, HERE]
    layer, found = one(geojson(tmp_path / "a.geojson", members))
    assert layer.rows["source_row"].tolist() == [1, 3]
    assert layer.refused[["source_row", "reason_code"]].to_numpy().tolist() == [[2, code]]
    assert found == [code]


def test_a_collection_keeps_its_ground_and_the_rest_is_told(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": RING}
    layer, found = one(geojson(tmp_path / "a.geojson", [{"type": "GeometryCollection", "geometries": [line, polygon(RING)]}]))
    assert layer.rows.geometry.iloc[0].equals(HERE)
    assert found == ["R132"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type": "Topology"}',
        '{"type": "FeatureCollection"}',
        '{"a": 1}',
        "[" * 99999,
        '{"a":' * 99999,
        '{"type": "FeatureCollection", "features": [1]}',
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused):
        readers.read(path)


def test_an_empty_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="空"):
        readers.read(geojson(tmp_path / "a.geojson", []))


def test_a_link_is_no_crs_and_is_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [HERE], crs={"type": "link", "properties": {"href": "http://127.0.0.1/crs"}})
    with pytest.raises(FileRefused, match="--crs EPSG:4490"):
        readers.read(path)
    assert codes(readers.read(path, crs="EPSG:4490")[1]) == ["R113"]


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = geojson(tmp_path / "a.geojson", [HERE, HERE], [{"a": 1, "b": 2}] * 2)
    for part, name in (("rows", "number"), ("rows", "columns"), ("text", "bytes"), ("file", "bytes")):
        with monkeypatch.context() as patch:
            patch.setitem(builtin("limits")[part], name, 1)
            with pytest.raises(FileRefused):
                readers.read(path)


def test_columns_that_are_ours_are_renamed_and_told(tmp_path: Path) -> None:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [HERE], [{"geometry": "x", "source_row": 9, "": 1}]))
    assert layers[0].rows.columns.tolist() == ["geometry_1", "source_row_1", "_1", "source_row", "geometry"]
    assert codes(findings) == ["R116"]


def test_many_vertices_and_holes_are_no_trouble(tmp_path: Path) -> None:
    shell = shapely.box(105.0, 25.0, 105.2, 25.2)
    holes = [
        shapely.box(105 + x / 400, 25 + y / 400, 105 + x / 400 + 0.001, 25 + y / 400 + 0.001) for x in range(1, 64) for y in range(1, 64)
    ]
    shape = shapely.Polygon(shell.exterior, [hole.exterior for hole in holes])
    layer, found = one(geojson(tmp_path / "a.geojson", [shape]))
    assert len(layer.rows.geometry.iloc[0].geoms[0].interiors) == 3969
    assert found == []
