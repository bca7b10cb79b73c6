"""Row by row: mended and told, or refused and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration import readers
from restoration.errors import FileRefused
from restoration.geometry import area_of_record_m2
from restoration.text import speaking

from .files import SQUARE, codes, dbf, degrees, geojson, moved, named_crs, only, shapefile, squares


def plane(*points: tuple[float, float], more: tuple[tuple[float, float], ...] = ()) -> shapely.Polygon:
    """A polygon of the plane near the square's corner, whatever its ring does."""
    shift = np.array([520_000, 2_775_000])
    return shapely.Polygon(np.array(points) + shift, [np.array(more) + shift] if more else [])


def read(tmp_path: Path, *shapes: shapely.Geometry | None) -> tuple[readers.Layer, list[str]]:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", shapes, crs=named_crs(4544)))
    return layers[0], codes(findings)


BOW_TIE = plane((0, 0), (1000, 1000), (1000, 0), (0, 1000))
SLIP = plane((0, 0), (1000, 0), (1000, 1000), (10, 1000), (0, 990), (10, 990), (0, 1000))
"""A corner that crosses itself by ten metres."""
HOLE_OUTSIDE = plane((0, 0), (1000, 0), (1000, 1000), (0, 1000), more=((2000, 0), (2100, 0), (2100, 100), (2000, 100)))
SPIKE = plane((0, 0), (1000, 0), (3000, 0), (1000, 0), (1000, 1000), (0, 1000))


@pytest.mark.parametrize("shape", [SLIP, HOLE_OUTSIDE, SPIKE], ids=["slip", "hole outside", "spike"])
def test_a_small_fault_is_mended_and_told_with_both_areas(tmp_path: Path, shape: shapely.Polygon) -> None:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [shape], crs=named_crs(4544)))
    finding = only(findings, "R131")
    kept = layers[0].rows.geometry.iloc[0]
    assert kept.is_valid
    assert kept.geom_type == "MultiPolygon"
    assert finding.value == pytest.approx(area_of_record_m2([kept])[0])
    assert finding.row == 1
    assert "亩" in finding.message.zh
    assert finding.message.zh.count("平方米") == 2


def test_the_place_of_the_fault_can_be_gone_to(tmp_path: Path) -> None:
    place = only(readers.read(geojson(tmp_path / "a.geojson", [SLIP], crs=named_crs(4544)))[1], "R131").place
    assert place is not None
    assert shapely.Point(place).distance(degrees(plane((0, 0), (20, 0), (20, 1000), (0, 1000)))[0]) < 1e-4


def test_a_figure_of_eight_is_refused_with_both_areas(tmp_path: Path) -> None:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [BOW_TIE, SQUARE], crs=named_crs(4544)))
    assert layers[0].rows["source_row"].tolist() == [2]
    assert layers[0].refused["reason_code"].tolist() == ["R124"]
    assert "0.2 平方米（0.00 亩） → 499994.8 平方米（749.99 亩）" in only(findings, "R124").message.zh


def test_two_shells_that_cross_are_judged_by_their_union(tmp_path: Path) -> None:
    """1 km² twice, 0.5 km² of it shared: 2 km² drawn, 1.5 km² of ground."""
    _, found = read(tmp_path, shapely.MultiPolygon([SQUARE, moved(SQUARE, 500)]))
    assert found == ["R124"]
    layer, found = read(tmp_path, shapely.MultiPolygon([SQUARE, moved(SQUARE, 990)]))
    assert (len(layer.rows), found) == (1, ["R131"])


def test_duplicate_vertices_and_clockwise_rings_are_no_fault(tmp_path: Path) -> None:
    points = [xy for xy in SQUARE.exterior.coords for _ in range(2)]
    layer, found = read(tmp_path, shapely.Polygon(points[::-1]), SQUARE)
    assert found == []
    assert all(shapely.is_ccw(shapely.get_exterior_ring(shape.geoms[0])) for shape in layer.rows.geometry)


def test_several_parts_are_one_row(tmp_path: Path) -> None:
    layer, found = read(tmp_path, shapely.MultiPolygon([SQUARE, moved(SQUARE, 2000)]))
    assert (len(layer.rows.geometry.iloc[0].geoms), found) == (2, [])


def test_what_is_refused_keeps_its_columns_and_its_geometry(tmp_path: Path) -> None:
    with speaking("en"):
        layer, _ = read(tmp_path, None, shapely.Point(520_000, 2_775_000), SQUARE)
    refused = layer.refused
    assert refused.columns.tolist() == ["小班号", "source_row", "reason_code", "reason", "geometry"]
    assert refused["reason"].tolist() == ["There is no geometry.", "The geometry is a Point and has no area."]
    assert refused.geometry.isna().tolist() == [True, False]
    assert refused.crs == layer.rows.crs == "EPSG:4490"
    assert 105.19 < refused.geometry.iloc[1].x < 105.2


def test_nothing_is_refused_as_an_empty_frame_of_the_same_columns(tmp_path: Path) -> None:
    layer, _ = read(tmp_path, SQUARE)
    assert len(layer.refused) == 0
    assert {"小班号", "source_row", "reason_code", "reason", "geometry"} == set(layer.refused.columns)


def test_heights_and_measures_are_dropped_and_told(tmp_path: Path) -> None:
    high = [shapely.force_3d(shape, 1200.0) for shape in squares(2)]
    layers, findings = readers.read(shapefile(tmp_path, high))
    assert not layers[0].rows.geometry.has_z.any()
    assert only(findings, "R133").value == 2.0


def test_an_empty_shape_in_a_shapefile_is_refused(tmp_path: Path) -> None:
    layers, findings = readers.read(shapefile(tmp_path, [SQUARE, None]))
    assert (layers[0].refused["source_row"].tolist(), codes(findings)) == ([2], ["R121"])


def test_a_shapefile_of_points_is_refused_row_by_row(tmp_path: Path) -> None:
    layers, _ = readers.read(shapefile(tmp_path, [shapely.Point(520_000, 2_775_000), shapely.Point(520_001, 2_775_000)]))
    assert (len(layers[0].rows), layers[0].refused["reason_code"].tolist()) == (0, ["R122", "R122"])


def test_a_shapefile_with_numbers_of_nowhere(tmp_path: Path) -> None:
    far = shapely.box(1e9, 1e9, 1e9 + 1, 1e9 + 1)
    layers, _ = readers.read(shapefile(tmp_path, [SQUARE, moved(SQUARE, 5000), far]))
    assert layers[0].refused[["source_row", "reason_code"]].to_numpy().tolist() == [[3, "R123"]]
    assert layers[0].refused.geometry.isna().all()


def test_deleted_records_are_left_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = dbf([(b"XBH", "C", 4, 0)], [[b"1"], [b"2"], [b"3"]], deleted=[1])
    layers, findings = readers.read(shapefile(tmp_path, squares(3), table))
    assert layers[0].rows[["XBH", "source_row"]].to_numpy().tolist() == [["1", 1], ["3", 3]]
    assert "第 2 行" in only(findings, "R117").message.zh


def test_a_number_of_asterisks_is_unknown(tmp_path: Path) -> None:
    table = dbf([(b"XBH", "C", 3, 0), (b"CHL", "N", 6, 2), (b"GAIDU", "N", 4, 0)], [(b"1", b"*" * 6, b"****"), (b"2", b"88.50", b"70")])
    layers, findings = readers.read(shapefile(tmp_path, squares(2), table))
    told = only(findings, "R119")
    assert (told.value, "CHL、GAIDU" in told.message.zh) == (2.0, True)
    assert layers[0].rows["CHL"].isna().tolist() == [True, False]
    assert layers[0].rows["CHL"][1] == 88.5
    assert layers[0].rows["GAIDU"].isna().tolist() == [True, False]


def test_an_empty_layer_is_refused(tmp_path: Path) -> None:
    table = dbf([(b"XBH", "C", 4, 0)], [[b"1"]], deleted=[0])
    with pytest.raises(FileRefused, match="空"):
        readers.read(shapefile(tmp_path, squares(1), table))


def test_numbers_of_a_table_stay_what_they_are(tmp_path: Path) -> None:
    fields = [(b"CODE", "N", 19, 0), (b"AREA", "N", 8, 2), (b"STARS", "N", 3, 0), (b"COUNT", "N", 3, 0), (b"DAY", "D", 8, 0)]
    table = dbf(fields, [[b"5223281010012345678", b"12.50", b"***", b"7", b"20210305"], [b"1", b"", b"1", b"", b""]])
    rows = readers.read(shapefile(tmp_path, squares(2), table))[0][0].rows
    assert rows["CODE"].tolist() == ["5223281010012345678", "1"]
    assert rows["AREA"].iloc[0] == 12.5
    assert np.isnan(rows["AREA"].iloc[1])
    assert rows["STARS"].isna().tolist() == [True, False]
    assert rows["DAY"].tolist() == ["20210305", ""]


def test_names_that_collide_are_told_apart(tmp_path: Path) -> None:
    table = dbf([("上报面积亩".encode("gbk"), "C", 4, 0), ("上报面积亩".encode("gbk"), "C", 4, 0)], [[b"1", b"2"]])
    layers, findings = readers.read(shapefile(tmp_path, squares(1), table))
    assert layers[0].rows.columns.tolist()[:2] == ["上报面积亩", "上报面积亩_1"]
    assert "R116" in codes(findings)


def test_a_part_that_is_a_single_point_is_dropped(tmp_path: Path) -> None:
    """It has no area, and what is left is the other part, as large as before."""
    point = [[520_000.0, 2_775_000.0]] * 4
    member = {"type": "MultiPolygon", "coordinates": [[[list(xy) for xy in SQUARE.exterior.coords]], [point]]}
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [member, SLIP], crs=named_crs(4544)))
    assert len(layers[0].rows) == 2
    assert codes(findings) == ["R131", "R131"]
    before, after = findings[0].message.zh.split(" → ")
    assert before.split("：")[-1] == after.rstrip("。")
    assert "无法计算" not in findings[1].message.zh


def test_a_corner_that_reaches_far_away_makes_no_site(tmp_path: Path) -> None:
    far = shapely.Polygon([(105, 25), (105.01, 25), (125.01, 25.01), (105, 25.01)])
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [degrees(SQUARE)[0], far]))
    assert layers[0].refused["source_row"].tolist() == [2]
    assert only(findings, "R127").value == pytest.approx(20.01)


def test_points_on_one_line_are_no_ground_in_any_plane(tmp_path: Path) -> None:
    """In degrees they are a sliver of some square millimetres, which is valid."""
    flat = plane((0, 0), (100, 0), (200, 0))
    small = plane((0, 0), (0.1, 0), (0.1, 0.1), (0, 0.1))
    layer, told = read(tmp_path, flat, small, SQUARE)
    assert (layer.refused["source_row"].tolist(), told) == ([1], ["R122"])


def test_one_row_of_infinite_numbers_spoils_no_other(tmp_path: Path) -> None:
    spoilt = {"type": "Polygon", "coordinates": [[[1e300, 1e300], [-1e300, 1e300], [0, -1e300], [1e300, 1e300]]]}
    layers, _ = readers.read(geojson(tmp_path / "a.geojson", [SQUARE, spoilt, moved(SQUARE, 2000)], crs=named_crs(4544)))
    assert layers[0].rows["source_row"].tolist() == [1, 3]
    assert layers[0].refused["reason_code"].tolist() == ["R123"]
