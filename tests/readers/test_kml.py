"""KML from phones, 奥维 and GIS: with a namespace or without, and what made to harm does."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, kml, moved, only, placemark, zipped

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))
HOLED = shapely.Polygon(HERE.exterior, [HERE.buffer(-0.002).exterior])
DATA = (
    '<ExtendedData><Data name="措施"><value>封山育林</value></Data>'
    '<SchemaData schemaUrl="#s"><SimpleData name="年度">2021</SimpleData></SchemaData></ExtendedData>'
)


def multi(*shapes: shapely.Polygon) -> str:
    inside = "".join(placemark("", shape).split("<name></name>")[1].removesuffix("</Placemark>") for shape in shapes)
    return f"<Placemark><name>多</name><MultiGeometry><MultiGeometry>{inside}</MultiGeometry></MultiGeometry></Placemark>"


@pytest.mark.parametrize("namespace", [True, False])
@pytest.mark.parametrize("name", ["a.kml", "a.ovkml"])
def test_placemarks_in_folders_are_rows(tmp_path: Path, name: str, namespace: bool) -> None:  # noqa: FBT001
    tag = "<OvCoordType>WGS84</OvCoordType>" if name == "a.ovkml" else ""
    path = kml(tmp_path / name, placemark("0012", HERE, DATA + tag), placemark("0013", HOLED, tag), namespace=namespace)
    layers, findings = readers.read(path)
    rows = layers[0].rows
    assert rows[["name", "措施", "年度"]].iloc[0].tolist() == ["0012", "封山育林", "2021"]
    assert rows.geometry.iloc[0].normalize().equals_exact(shapely.MultiPolygon([HERE]).normalize(), 1e-12)
    assert len(rows.geometry.iloc[1].geoms[0].interiors) == 1
    assert findings == []


def test_a_multigeometry_is_one_row(tmp_path: Path) -> None:
    layers, _ = readers.read(kml(tmp_path / "a.kml", multi(HERE, THERE)))
    assert [len(shape.geoms) for shape in layers[0].rows.geometry] == [2]


def test_blanks_and_missing_heights_do_not_matter(tmp_path: Path) -> None:
    x, y = HERE.exterior.coords[0]
    loose = placemark("1", HERE).replace(f"{x!r},{y!r},0", f"{x!r} , {y!r}")
    assert len(readers.read(kml(tmp_path / "a.kml", loose))[0][0].rows) == 1


@pytest.mark.parametrize("kind", ["GCJ02", "GCJ-02", "gcj02", "GCJ_02 ", "BD09", "bd-09"])
def test_shifted_coordinates_are_refused_row_by_row(tmp_path: Path, kind: str) -> None:
    shifted = placemark("2", HERE, f"<OvAttr/><OvCoordType>{kind}</OvCoordType>")
    layers, findings = readers.read(kml(tmp_path / "a.ovkml", placemark("1", HERE, "<OvCoordType>CGCS2000</OvCoordType>"), shifted))
    assert layers[0].rows["name"].tolist() == ["1"]
    assert (only(findings, "R125").row, layers[0].refused["reason_code"].tolist()) == (2, ["R125"])


def test_a_coordinate_type_of_the_whole_file_counts_for_all(tmp_path: Path) -> None:
    layers, _ = readers.read(kml(tmp_path / "a.ovkml", "<OvCoordType>GCJ02</OvCoordType>", placemark("1", HERE)))
    assert layers[0].refused["reason_code"].tolist() == ["R125"]


def tagged(kind: str) -> str:
    return f"<OvCoordType>{kind}</OvCoordType>"


@pytest.mark.parametrize(("kind", "crs"), [("CGCS2000", "EPSG:4490"), ("WGS84", "EPSG:4326"), ("wgs-84", "EPSG:4326")])
def test_what_ovital_says_of_its_coordinates_counts(tmp_path: Path, kind: str, crs: str) -> None:
    assert readers.read(kml(tmp_path / "a.ovkml", placemark("1", HERE, tagged(kind))))[0][0].crs == crs


@pytest.mark.parametrize(("name", "more"), [("a.ovkml", ""), ("a.kml", "<OvAttr><OvCoordStyle>1</OvCoordStyle></OvAttr>"), ("a.ovkmz", "")])
def test_a_file_of_ovital_that_does_not_say_needs_consent(tmp_path: Path, name: str, more: str) -> None:
    """It may be 400 m off, and its numbers do not show it."""
    path = tmp_path / name
    if name == "a.ovkmz":
        zipped(path, kml(tmp_path / "doc.kml", placemark("1", HERE, more)))
    else:
        kml(path, placemark("1", HERE, more), placemark("2", THERE, tagged("CGCS2000")))
    for crs in (None, "auto"):
        with pytest.raises(FileRefused, match="GCJ-02") as refused:
            readers.read(path, crs=crs)
        assert "auto" not in refused.value.way_out.en
    layers, _ = readers.read(path, crs="EPSG:4490")
    assert layers[0].rows["name"].tolist()[0] == "1"


def test_consent_does_not_cover_what_says_that_it_is_shifted(tmp_path: Path) -> None:
    path = kml(tmp_path / "a.ovkml", placemark("1", HERE), placemark("2", THERE, tagged("BD09")))
    layers, findings = readers.read(path, crs="EPSG:4490")
    assert (layers[0].rows["name"].tolist(), layers[0].refused["reason_code"].tolist()) == (["1"], ["R125"])
    assert "一公里" in only(findings, "R125").message.zh


def test_a_coordinate_type_that_is_not_known_is_refused(tmp_path: Path) -> None:
    layers, findings = readers.read(kml(tmp_path / "a.ovkml", placemark("1", HERE, tagged("BJ54")), placemark("2", THERE, tagged("WGS84"))))
    assert layers[0].refused["reason_code"].tolist() == ["R162"]
    assert "BJ54" in only(findings, "R162").message.zh


def test_marks_of_ovital_without_a_type_do_not_matter(tmp_path: Path) -> None:
    point = "<Placemark><name>p</name><Point><coordinates>105.1,25.1,0</coordinates></Point></Placemark>"
    layers, _ = readers.read(kml(tmp_path / "a.ovkml", point, placemark("1", HERE, tagged("CGCS2000"))))
    assert len(layers[0].rows) == 1


def test_points_lines_and_nothing_are_refused(tmp_path: Path) -> None:
    point = "<Placemark><name>p</name><Point><coordinates>105.1,25.1,0</coordinates></Point></Placemark>"
    line = "<Placemark><name>l</name><LineString><coordinates>105.1,25.1 105.2,25.2</coordinates></LineString></Placemark>"
    wrong = "<Placemark><name>w</name><LineString><coordinates>east,north</coordinates></LineString></Placemark>"
    layers, findings = readers.read(kml(tmp_path / "a.kml", point, line, "<Placemark/>", wrong, placemark("1", HERE)))
    assert layers[0].refused["reason_code"].tolist() == ["R122", "R122", "R121", "R126"]
    assert codes(findings) == ["R122", "R122", "R121", "R126"]


def test_a_polygon_with_a_line_beside_it_keeps_the_polygon(tmp_path: Path) -> None:
    both = multi(HERE).replace(
        "<MultiGeometry><MultiGeometry>", "<MultiGeometry><Point><coordinates>105,25</coordinates></Point><MultiGeometry>"
    )
    layers, findings = readers.read(kml(tmp_path / "a.kml", both))
    assert len(layers[0].rows) == 1
    assert codes(findings) == ["R132"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = kml(tmp_path / "a.kml", placemark("合兴村", HERE), head=f'<?xml version="1.0" encoding="{encoding}"?>', encoding=encoding)
    assert readers.read(path)[0][0].rows["name"].tolist() == ["合兴村"]


BOMB = (
    '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "&a;"}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE, '<!DOCTYPE kml SYSTEM "http://127.0.0.1/a.dtd">'])
def test_entities_are_refused(tmp_path: Path, declaration: str) -> None:
    with pytest.raises(FileRefused, match="XML"):
        readers.read(kml(tmp_path / "a.kml", placemark("&x;", HERE), head=declaration))


@pytest.mark.parametrize("text", ["<kml><Document>", "<html><body/></html>", "<OGRVRTDataSource/>", "<kml/>"])
def test_what_is_no_kml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused):
        readers.read(tmp_path / "a.kml")


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    deep = "<Folder>" * (builtin("limits")["xml"]["depth"] + 1)
    (tmp_path / "a.kml").write_text(f"<kml>{deep}", encoding="utf-8")
    with pytest.raises(FileRefused, match="嵌套"):
        readers.read(tmp_path / "a.kml")


def test_the_arrays_that_kill_another_reader_are_passed_over(tmp_path: Path) -> None:
    arrays = (
        '<Placemark><name>t</name><gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2">'
        + "<gx:coord>105 25 0</gx:coord>" * 200
        + "</gx:Track></Placemark>"
    )
    assert readers.read(kml(tmp_path / "a.kml", arrays))[0][0].refused["reason_code"].tolist() == ["R121"]


def test_a_bare_placemark_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text(placemark("1", HERE), encoding="utf-8")
    assert len(readers.read(tmp_path / "a.kml")[0][0].rows) == 1
