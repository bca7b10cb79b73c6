"""DXF: closed lines by CAD layer, blocks put in place, open lines refused with their gap, text in any encoding, the CRS asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from restoration import readers
from restoration.errors import FileRefused, UnknownName
from restoration.geometry import area_of_record_m2

from .files import SQUARE, codes, moved, only, squares

Pairs = Sequence[tuple[int, object]]


def pairs(*found: tuple[int, object]) -> str:
    return "".join(f"{code}\n{value}\n" for code, value in found)


def polyline(points: Sequence[tuple[float, float]], layer: str = "红线", *, closed: bool = True, paper: int = 0) -> str:
    body = "".join(pairs((10, x), (20, y)) for x, y in points)
    head = pairs(
        (0, "LWPOLYLINE"), (8, layer), (67, paper), (100, "AcDbEntity"), (100, "AcDbPolyline"), (90, len(points)), (70, int(closed))
    )
    return head + body


def outline(shape: Any, layer: str = "红线", **more: Any) -> str:
    return polyline(list(shape.exterior.coords)[:-1], layer, **more)


def text(words: str, x: float, y: float, layer: str = "注记") -> str:
    return pairs((0, "TEXT"), (8, layer), (100, "AcDbText"), (10, x), (20, y), (40, 2.5), (1, words))


def dxf(path: Path, *entities: str, blocks: str = "", page: str = "ANSI_936", version: str = "AC1015", encoding: str = "gbk") -> Path:
    head = pairs((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version), (9, "$DWGCODEPAGE"), (3, page), (0, "ENDSEC"))
    if blocks:
        head += pairs((0, "SECTION"), (2, "BLOCKS")) + blocks + pairs((0, "ENDSEC"))
    body = pairs((0, "SECTION"), (2, "ENTITIES")) + "".join(entities) + pairs((0, "ENDSEC"), (0, "EOF"))
    path.write_bytes((head + body).replace("\n", "\r\n").encode(encoding))
    return path


HERE, THERE = squares(2)
X, Y = 520_500.0, 2_775_500.0


def read(path: Path, **options: Any) -> Any:
    return readers.read(path, crs="EPSG:4544", **options)


def test_closed_lines_are_ground_by_cad_layer(tmp_path: Path) -> None:
    path = dxf(tmp_path / "a.dxf", outline(HERE), outline(THERE), outline(moved(SQUARE, 0, 3000), "造林"))
    layers, findings = read(path)
    assert [(layer.name, len(layer.rows)) for layer in layers] == [("红线", 2), ("造林", 1)]
    assert area_of_record_m2(layers[0].rows.geometry).tolist() == pytest.approx([999_989.62, 999_989.62], abs=15)
    assert layers[0].encoding == "GB18030"
    assert codes(findings) == ["R101"]
    assert [layer.name for layer in read(path, layer="造林")[0]] == ["造林"]
    with pytest.raises(UnknownName, match="红线"):
        read(path, layer="图框")


def test_the_crs_is_always_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="CAD") as refused:
        readers.read(dxf(tmp_path / "a.dxf", outline(HERE)))
    assert "--crs EPSG:4544" in refused.value.way_out.zh


def test_open_lines_are_refused_with_their_gap(tmp_path: Path) -> None:
    short = list(HERE.exterior.coords)[:-1]
    almost = [*short, (short[0][0] + 0.25, short[0][1])]
    layers, findings = read(dxf(tmp_path / "a.dxf", outline(THERE), polyline(short, closed=False), polyline(almost, closed=False)))
    assert len(layers[0].rows) == 1
    assert layers[0].refused["reason_code"].tolist() == ["R164", "R164"]
    assert [found.value for found in findings if found.code == "R164"] == pytest.approx([1000.0, 0.25])


def test_a_line_that_comes_back_to_its_first_point_is_closed(tmp_path: Path) -> None:
    layers, _ = read(dxf(tmp_path / "a.dxf", polyline(list(HERE.exterior.coords), closed=False)))
    assert len(layers[0].rows) == 1


def test_blocks_are_put_in_place(tmp_path: Path) -> None:
    local = moved(shapely.box(0, 0, 100, 100), 0)
    block = pairs((0, "BLOCK"), (8, "0"), (2, "PLOT"), (10, 0.0), (20, 0.0)) + outline(local, "0") + pairs((0, "ENDBLK"), (8, "0"))
    insert = pairs((0, "INSERT"), (8, "红线"), (2, "PLOT"), (10, X), (20, Y), (41, 2.0), (42, 2.0))
    layers, _ = read(dxf(tmp_path / "a.dxf", insert, blocks=block))
    areas = [area for layer in layers for area in area_of_record_m2(layer.rows.geometry)]
    assert areas == pytest.approx([40_000], abs=5)


def test_texts_inside_name_the_smallest_parcel_and_other_things_are_told(tmp_path: Path) -> None:
    inner = shapely.box(520_400, 2_775_400, 520_600, 2_775_600)
    point = pairs((0, "POINT"), (8, "点"), (10, X), (20, Y))
    frame = outline(moved(SQUARE, 0, 9000), "图框", paper=1)
    path = dxf(tmp_path / "a.dxf", outline(HERE), outline(inner), text("0012", 520_100, 2_775_100), text("贰", X, Y), point, frame)
    layers, findings = read(path)
    assert layers[0].rows["Text"].tolist() == ["0012", "贰"]
    said = only(findings, "R165")
    assert (said.value, "文字 2" in said.message.zh, "paper space 1" in said.message.en) == (4, True, True)


def test_a_hatch_is_not_the_parcel_once_more(tmp_path: Path) -> None:
    ring = list(HERE.exterior.coords)[:-1]
    hatch = pairs((0, "HATCH"), (8, "填充"), (100, "AcDbEntity"), (100, "AcDbHatch"), (10, 0), (20, 0), (30, 0), (2, "SOLID"), (70, 1))
    hatch += pairs((71, 0), (91, 1), (92, 2), (72, 0), (73, 1), (93, len(ring)))
    hatch += "".join(pairs((10, x), (20, y)) for x, y in ring) + pairs((97, 0), (75, 1), (76, 1), (98, 0))
    layers, findings = read(dxf(tmp_path / "a.dxf", outline(HERE), hatch))
    assert [(layer.name, len(layer.rows)) for layer in layers] == [("红线", 1)]
    assert only(findings, "R165").value == 1


@pytest.mark.parametrize(
    ("page", "version", "encoding", "name"),
    [
        ("ANSI_936", "AC1015", "gbk", "GB18030"),
        ("ANSI_1252", "AC1015", "gbk", "GB18030"),
        ("ANSI_936", "AC1027", "utf-8", "UTF-8"),
        ("ANSI_1252", "AC1027", "utf-8", "UTF-8"),
    ],
)
def test_the_text_decides_its_encoding(tmp_path: Path, page: str, version: str, encoding: str, name: str) -> None:
    path = dxf(tmp_path / "a.dxf", outline(HERE, "封山育林"), text("合兴村", X, Y), page=page, version=version, encoding=encoding)
    layers, _ = read(path)
    assert (layers[0].name, layers[0].rows["Text"].tolist(), layers[0].encoding) == ("封山育林", ["合兴村"], name)


def test_letters_written_as_escapes_are_read(tmp_path: Path) -> None:
    layers, _ = read(dxf(tmp_path / "a.dxf", outline(HERE, "\\U+7EA2\\U+7EBF"), encoding="ascii"))
    assert layers[0].name == "红线"


def test_what_gdal_writes_is_read(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"Layer": ["A", "B"]}, geometry=[HERE.exterior, THERE.exterior], crs=4544)
    frame.to_file(tmp_path / "a.dxf", driver="DXF")
    assert [(layer.name, len(layer.rows)) for layer in read(tmp_path / "a.dxf")[0]] == [("A", 1), ("B", 1)]


def test_a_drawing_without_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="没有线"):
        read(dxf(tmp_path / "a.dxf", text("a", X, Y)))
    with pytest.raises(FileRefused):
        read(dxf(tmp_path / "b.dxf"))


def test_a_cut_off_drawing_is_refused(tmp_path: Path) -> None:
    path = dxf(tmp_path / "a.dxf", outline(HERE), outline(THERE))
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(FileRefused, match="截断"):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"AC1032", "DWG"), (b"AutoCAD Binary DXF\r\n\x1a\0", "二进制"), (b"", "不符"), (b"<kml/>", "KML"), (b"0\nX\n", "不符")],
)
def test_what_is_no_drawing_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.dxf").write_bytes(content)
    with pytest.raises(FileRefused, match=said):
        read(tmp_path / "a.dxf")


def test_numbers_that_are_none_are_refused_alone_or_with_the_file(tmp_path: Path) -> None:
    bad = polyline([(float("nan"), 1.0), (2.0, 3.0), (4.0, 5.0)])
    layers, _ = read(dxf(tmp_path / "a.dxf", outline(HERE), bad))
    assert (len(layers[0].rows), len(layers[0].refused)) == (1, 1)


def test_blocks_that_hold_themselves_come_to_an_end(tmp_path: Path) -> None:
    insert = pairs((0, "INSERT"), (8, "0"), (2, "A"), (10, 0.0), (20, 0.0))
    block = pairs((0, "BLOCK"), (8, "0"), (2, "A"), (10, 0.0), (20, 0.0)) + insert * 10 + pairs((0, "ENDBLK"), (8, "0"))
    layers, _ = read(dxf(tmp_path / "a.dxf", insert, outline(HERE), blocks=block))
    assert sum(len(layer.rows) for layer in layers) == 1
