"""GPX: tracks walked around plots; gaps, spacing, pauses and the error of the area are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused
from restoration.geometry import area_of_record_m2

from .files import SQUARE, codes, degrees, moved, only

PLOT = shapely.box(520_000, 2_775_000, 520_100, 2_775_200)
HERE, THERE = degrees(PLOT, moved(PLOT, 2000))
START = datetime(2025, 6, 30, 2, 10, tzinfo=UTC)


def walk(shape: Any = PLOT, *, step_m: float = 5.0, left_m: float = 0.0) -> Any:
    """Points along the boundary of a shape in the plane, as degrees; the last metres may be left out."""
    line = shape.exterior
    places = [line.interpolate(at) for at in np.arange(0, line.length - left_m + 0.01, step_m)]
    return shapely.get_coordinates(degrees(shapely.LineString(places))[0])


def segment(points: Any, *, hdop: float | None = None, seconds: Sequence[float] | None = None, tag: str = "trkpt") -> str:
    out = []
    for at, (x, y) in enumerate(points.tolist()):
        more = f"<ele>1200</ele>{f'<hdop>{hdop}</hdop>' if hdop else ''}"
        more += f"<time>{(START + timedelta(seconds=seconds[at])).isoformat().replace('+00:00', 'Z')}</time>" if seconds else ""
        out.append(f'<{tag} lat="{y!r}" lon="{x!r}">{more}</{tag}>')
    return f"<trkseg>{''.join(out)}</trkseg>" if tag == "trkpt" else "".join(out)


def track(name: str, *segments: str) -> str:
    return f"<trk><name>{name}</name>{''.join(segments)}</trk>"


def gpx(
    path: Path, *elements: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', root: str = "gpx", encoding: str = "utf-8"
) -> Path:
    space = ' version="1.1" xmlns="http://www.topografix.com/GPX/1/1"'
    path.write_bytes(f"{head}<{root}{space}>{''.join(elements)}</{root}>".encode(encoding))
    return path


def test_a_walk_that_closes_is_the_ground_it_goes_around(tmp_path: Path) -> None:
    layers, findings = readers.read(gpx(tmp_path / "a.gpx", track("0012", segment(walk())), track("贰", segment(walk(moved(PLOT, 2000))))))
    rows = layers[0].rows
    assert rows["name"].tolist() == ["0012", "贰"]
    assert (layers[0].crs, codes(findings)) == ("EPSG:4326", ["R176", "R173", "R173"])
    for found, meant in zip(rows.geometry, (HERE, THERE), strict=True):
        assert area_of_record_m2([found])[0] == pytest.approx(area_of_record_m2([meant])[0], abs=0.1)


def test_a_small_gap_is_closed_and_told_in_metres(tmp_path: Path) -> None:
    layers, findings = readers.read(gpx(tmp_path / "a.gpx", track("1", segment(walk(left_m=20)))))
    assert only(findings, "R171").value == pytest.approx(20.0, abs=0.05)
    assert area_of_record_m2(layers[0].rows.geometry)[0] == pytest.approx(20_000, abs=1)


def test_a_large_gap_is_refused_and_told_in_metres(tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", track("1", segment(walk(left_m=45))), track("2", segment(walk())))
    layers, findings = readers.read(path)
    assert (layers[0].rows["name"].tolist(), layers[0].refused["reason_code"].tolist()) == (["2"], ["R172"])
    assert (only(findings, "R172").row, round(only(findings, "R172").value or 0)) == (1, 45)


def test_the_threshold_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = gpx(tmp_path / "a.gpx", track("1", segment(walk(left_m=20))))
    monkeypatch.setitem(builtin("tracks")["closing"], "gap_m", 10.0)
    assert readers.read(path)[0][0].refused["reason_code"].tolist() == ["R172"]


def test_a_walk_in_segments_is_one_walk_and_its_breaks_count(tmp_path: Path) -> None:
    points = walk()
    one = gpx(tmp_path / "a.gpx", track("1", segment(points[:20]), segment(points[22:])))
    layers, findings = readers.read(one)
    assert len(layers[0].rows.geometry.iloc[0].geoms) == 1
    assert only(findings, "R171").value == pytest.approx(15.0, abs=0.05)
    wide = gpx(tmp_path / "b.gpx", track("1", segment(points[:40]), segment(points[60:])))
    assert readers.read(wide)[0][0].refused["reason_code"].tolist() == ["R172"]


def test_segments_that_close_by_themselves_are_parts(tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", track("1", segment(walk()), segment(walk(moved(PLOT, 500))), "<trkseg/>"))
    layers, findings = readers.read(path)
    assert len(layers[0].rows.geometry.iloc[0].geoms) == 2
    assert codes(findings) == ["R176", "R173", "R173"]


def test_a_route_is_read_and_waypoints_are_told(tmp_path: Path) -> None:
    route = f"<rte><name>r</name>{segment(walk(step_m=20), tag='rtept')}</rte>"
    layers, findings = readers.read(gpx(tmp_path / "a.gpx", '<wpt lat="25.1" lon="105.1"/>' * 3, route))
    assert layers[0].rows["name"].tolist() == ["r"]
    assert only(findings, "R175").value == 3


def test_waypoints_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="航点"):
        readers.read(gpx(tmp_path / "a.gpx", '<wpt lat="25.1" lon="105.1"/>'))


def test_the_error_is_the_perimeter_by_the_error_of_a_point(tmp_path: Path) -> None:
    """600 m around, hdop 1.2 × 5 m = 6 m a point, 600 / 30 = 20 points that err apart: 600 × 6 / √20 = 805 m²."""
    _, findings = readers.read(gpx(tmp_path / "a.gpx", track("1", segment(walk(), hdop=1.2))))
    told = only(findings, "R173")
    assert told.value == pytest.approx(600 * 6 / 20**0.5, rel=0.001)
    assert "hdop" in told.message.zh


def test_without_hdop_a_phone_or_the_scatter_counts(tmp_path: Path) -> None:
    _, findings = readers.read(gpx(tmp_path / "a.gpx", track("1", segment(walk()))))
    assert only(findings, "R173").value == pytest.approx(600 * 5 / 20**0.5, rel=0.001)
    shaken = walk(step_m=10) + np.random.default_rng(1).normal(0, 15 / 105_000, walk(step_m=10).shape)
    _, findings = readers.read(gpx(tmp_path / "b.gpx", track("1", segment(np.concatenate([shaken[:-1], shaken[:1]])))))
    assert "摆动" in only(findings, "R173").message.zh


def test_wide_steps_and_long_pauses_are_told(tmp_path: Path) -> None:
    points = walk(step_m=100)
    _, findings = readers.read(gpx(tmp_path / "a.gpx", track("1", segment(points, seconds=[0, 60, 120, 1200, 1300, 1400, 1500]))))
    said = only(findings, "R174").message.zh
    assert "100 米" in said
    assert "18 分钟" in said


def test_what_gdal_writes_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["0012", "贰"]}, geometry=[shapely.MultiLineString([walk()]), shapely.MultiLineString([walk()])], crs=4326
    )
    frame.to_file(tmp_path / "a.gpx", driver="GPX", layer="tracks", geometry_type="MultiLineString")
    assert readers.read(tmp_path / "a.gpx")[0][0].rows["name"].tolist() == ["0012", "贰"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "R121"),
        ("<trkseg/>", "R121"),
        ('<trkseg><trkpt lat="25.1" lon="105.1"/></trkseg>', "R122"),
        ('<trkseg><trkpt lat="25.1" lon="105.1"/><trkpt lat="25.2" lon="105.1"/></trkseg>', "R122"),
        ('<trkseg><trkpt lat="nan" lon="105.1"/><trkpt lat="25.2" lon="105.1"/></trkseg>', "R123"),
        ('<trkseg><trkpt lon="105.1"/></trkseg>', "R126"),
        ('<trkseg><trkpt lat="north" lon="105.1"/></trkseg>', "R126"),
        ('<trkseg><trkpt lat="95" lon="1e9"/><trkpt lat="95" lon="2"/><trkpt lat="91" lon="2"/></trkseg>', "R123"),
    ],
)
def test_a_track_that_is_no_boundary_is_refused_alone(tmp_path: Path, inside: str, code: str) -> None:
    layers, _ = readers.read(gpx(tmp_path / "a.gpx", f"<trk>{inside}</trk>", track("2", segment(walk()))))
    assert (layers[0].rows["name"].tolist(), layers[0].refused["reason_code"].tolist()) == (["2"], [code])


def test_gbk_is_read(tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", track("合兴村", segment(walk())), head='<?xml version="1.0" encoding="gbk"?>', encoding="gbk")
    assert readers.read(path)[0][0].rows["name"].tolist() == ["合兴村"]


@pytest.mark.parametrize("declaration", ['<!DOCTYPE gpx [<!ENTITY a "aaaa">]>', '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">'])
def test_entities_are_refused(tmp_path: Path, declaration: str) -> None:
    with pytest.raises(FileRefused, match="XML"):
        readers.read(gpx(tmp_path / "a.gpx", track("1", segment(walk())), head=declaration))


@pytest.mark.parametrize("content", ["", "<gpx>", "<gpx/>", "<kml/>", "<OGRVRTDataSource/>", "{}", "<gpx>" + "<a>" * 999, "PK\x03\x04"])
def test_what_is_no_gpx_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.gpx").write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused):
        readers.read(tmp_path / "a.gpx")


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", track("1", segment(walk())))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FileRefused, match="XML"):
        readers.read(path)


def test_the_square_of_a_kilometre_is_one_too(tmp_path: Path) -> None:
    layers, _ = readers.read(gpx(tmp_path / "a.gpx", track("1", segment(walk(SQUARE, step_m=40)))))
    assert area_of_record_m2(layers[0].rows.geometry)[0] == pytest.approx(999_989.62, abs=1)
