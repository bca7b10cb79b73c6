"""界址点 TXT in the dialects of offices; each test's file stands in it."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import readers
from restoration.errors import FileRefused, RestorationError
from restoration.geometry import area_of_record_m2
from restoration.readers import Given, Layer, intake
from restoration.readers.corners import nested

from .files import codes, only

HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=义龙新区林业局
数据产生日期=2025-06-30
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=35
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
FIRST = "6,28.9368,522328101200-0012,示例复绿地块,面,,矿区复绿,0602,@"
POINTS = """J1,1,2776000.456,35522000.123
J2,1,2776088.201,35522431.874
J3,1,2776402.917,35522610.338
J4,1,2776655.500,35522288.009
J5,1,2776390.225,35521904.770
J1,1,2776000.456,35522000.123
"""
WHOLE = f"{HEAD}{FIRST}\n{POINTS}"
AREA_M2 = 289_368.39
HOLE = "J1,2,2776300,35522200\nJ2,2,2776300,35522300\nJ3,2,2776400,35522300\nJ4,2,2776400,35522200\n"


def put(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "界址点.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def one(path: Path, **how: str) -> tuple[Layer, list[str]]:
    layers, findings = readers.read(path, crs=how.get("crs"))
    return layers[0], codes(findings)


def areas(layer: Layer) -> list[float]:
    return [round(float(area), 2) for area in area_of_record_m2(np.asarray(layer.rows.geometry.array))]


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        readers.read(path)
    return refused.value


def without_labels(points: str) -> str:
    return "\n".join(line.partition(",")[2].partition(",")[2] for line in points.splitlines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(tmp_path: Path, encoding: str, newline: str) -> None:
    layer, found = one(put(tmp_path, WHOLE.replace("\n", newline), encoding=encoding))
    assert layer.crs == "EPSG:4523"
    assert areas(layer) == [AREA_M2]
    assert layer.rows["地块名称"].tolist() == ["示例复绿地块"]
    assert found == ([] if encoding.startswith("utf-8") else ["R101"])


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("[", "【").replace("]", "】"),
        WHOLE.replace("J", ""),
        WHOLE.replace(POINTS, POINTS[: POINTS.rindex("J1")]),
        WHOLE.replace(FIRST, FIRST.replace("6,28", "5,28")),
        WHOLE.replace(FIRST, FIRST.replace("6,28", "28")),
        WHOLE.replace(FIRST, FIRST.replace("6,28.9368", ",28.9368公顷")),
        WHOLE.replace(FIRST, FIRST + ",,,"),
        WHOLE.replace(FIRST, FIRST.replace(",", " , ")),
        WHOLE.replace(FIRST, FIRST.replace(",", "，")),
        WHOLE.replace(FIRST, FIRST.replace("0602,@", "0602,甲,,3,,@")),
        WHOLE.replace(FIRST, FIRST.replace(",面,,矿区复绿,0602", "")),
        WHOLE.replace(",1,2776", ",,2776"),
        WHOLE.replace(",1,2776", ",2776"),
        WHOLE.replace(POINTS, without_labels(POINTS)),
        WHOLE.replace("转换参数=,,,,,,", "转换参数=0,0,0,0,0,0,0"),
        WHOLE.replace("带号=35", "带号="),
        WHOLE.replace("几度分带=3\n", ""),
        WHOLE.replace("2000国家大地坐标系", "CGCS2000"),
        "\n\n" + WHOLE.replace("\n", "\n\n"),
        WHOLE.replace("J2,1,2776088.201,35522431.874", "J2\t1\t2776088.201\t35522431.874"),
    ],
)  # fmt: skip
def test_what_offices_write_otherwise_is_the_same_parcel(tmp_path: Path, text: str) -> None:
    layer, found = one(put(tmp_path, text))
    assert layer.crs == "EPSG:4523"
    assert areas(layer) == [AREA_M2]
    assert layer.rows["地块编号"].tolist() == ["522328101200-0012"]
    assert layer.rows["地块名称"].tolist() == ["示例复绿地块"]
    assert found == []


@pytest.mark.parametrize(
    ("old", "new", "crs"),
    [
        (",355", ",5", "EPSG:4544"),
        ("带号=35", "带号=", "EPSG:4523"),
        ("35,\n几度分带=3", "", "EPSG:4523"),
    ],
)
def test_the_zone_may_stand_in_the_head_in_the_numbers_or_in_both(tmp_path: Path, old: str, new: str, crs: str) -> None:
    layer, _ = one(put(tmp_path, WHOLE.replace(old, new)))
    assert layer.crs == crs
    assert areas(layer) == [AREA_M2]


def test_a_zone_of_six_degrees(tmp_path: Path) -> None:
    text = WHOLE.replace(",355", ",185").replace("几度分带=3", "几度分带=6").replace("带号=35", "带号=18")
    assert one(put(tmp_path, text))[0].crs == "EPSG:4496"
    assert one(put(tmp_path, text.replace(",185", ",5")))[0].crs == "EPSG:4507"


def test_without_a_head_the_crs_is_asked_for_and_taken(tmp_path: Path) -> None:
    path = put(tmp_path, f"{FIRST}\n{POINTS}")
    assert "--crs EPSG:4523" in refusal(path).way_out.zh
    layer, found = one(path, crs="EPSG:4523")
    assert areas(layer) == [AREA_M2]
    assert found == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("带号=35", "带号=36", "EPSG:4523"),
        ("2000国家大地坐标系", "80国家大地坐标系", "--shift"),
        ("2000国家大地坐标系", "1954北京坐标系", "--shift"),
        ("2000国家大地坐标系", "地方坐标系", "--crs"),
        ("几度分带=3", "几度分带=6", "--crs"),
        ("高斯克吕格", "UTM", "--crs"),
        ("计量单位=米", "计量单位=千米", "--crs"),
    ],
)
def test_what_the_head_cannot_mean_is_not_guessed(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refusal(put(tmp_path, WHOLE.replace(old, new))).way_out.zh


def test_conversion_parameters_are_told_as_not_used(tmp_path: Path) -> None:
    assert one(put(tmp_path, WHOLE.replace("转换参数=,,,,,,", "转换参数=12.1,-3,0,0,0,0,0")))[1] == ["R144"]


def test_x_and_y_the_other_way_round_are_told_by_their_size(tmp_path: Path) -> None:
    turned = "\n".join(f"{label},{ring},{y},{x}" for label, ring, x, y in (line.split(",") for line in POINTS.splitlines()))
    layer, found = one(put(tmp_path, WHOLE.replace(POINTS, turned)))
    assert areas(layer) == [AREA_M2]
    assert found == ["R141"]


def test_degrees_with_a_head_and_without(tmp_path: Path) -> None:
    points = "J1,1,25.08962909,105.21808883\nJ2,1,25.09041483,105.22237021\nJ3,1,25.09325321,105.22414452\n"
    text = HEAD.replace("计量单位=米", "计量单位=度") + f"3,,A1,甲,面,,,,@\n{points}"
    layer, found = one(put(tmp_path, text))
    assert (layer.crs, found) == ("EPSG:4490", [])
    assert layer.rows.geometry.iloc[0].bounds[0] == 105.21808883
    turned = points.replace("25.08962909,105.21808883", "105.21808883,25.08962909")
    layers, findings = readers.read(put(tmp_path, text.replace(points, turned)))
    assert len(layers[0].rows) == 0
    assert "第 1 圈第 1 点" in only(findings, "R146").message.zh


@pytest.mark.parametrize("ring", ["2", "1", "3"])
def test_a_ring_inside_is_a_hole_whatever_its_number(tmp_path: Path, ring: str) -> None:
    layer, found = one(put(tmp_path, WHOLE.replace("6,28.9368", "11,27.9369") + HOLE.replace(",2,", f",{ring},")))
    assert areas(layer)[0] == pytest.approx(AREA_M2 - 10_000, abs=1)
    assert found == ["R145"]


def test_a_ring_outside_is_a_part_and_an_island_in_a_hole_too(tmp_path: Path) -> None:
    island = (
        HOLE.replace("2776300", "2776340").replace("2776400", "2776360").replace("35522200", "35522240").replace("35522300", "35522260")
    )
    away = HOLE.replace("27763", "27793").replace("27764", "27794")
    text = f"{HEAD}{FIRST.replace('28.9368', '28.9769')}\n{POINTS}{HOLE}{island.replace(',2,', ',3,')}{away.replace(',2,', ',4,')}"
    layer, found = one(put(tmp_path, text.replace("6,28.97", ",28.97")))
    assert areas(layer)[0] == pytest.approx(AREA_M2 - 10_000 + 400 + 10_000, abs=1)
    assert len(layer.rows.geometry.iloc[0].geoms) == 3
    assert found == ["R145"]


def test_several_parcels_each_with_its_head(tmp_path: Path) -> None:
    second = f"4,1.0000,0013,乙,面,,,,@\n{HOLE.replace(',2,', ',1,')}"
    layer, found = one(put(tmp_path, WHOLE + second))
    assert layer.rows["地块编号"].tolist() == ["522328101200-0012", "0013"]
    assert areas(layer)[1] == pytest.approx(10_000, abs=1)
    assert found == []


def test_a_line_or_a_point_is_no_parcel(tmp_path: Path) -> None:
    layer, found = one(put(tmp_path, WHOLE + f"4,1,0013,乙,线,,,,@\n{HOLE}"))
    assert len(layer.rows) == 1
    assert found == ["R122"]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("28.9368", "28.1", "R142", "28.1000 公顷"),
        ("6,28.9368", "9,28.9368", "R143", "9"),
        ("2776655.500", "27766555.00", "R146", "第 1 圈第 4 点"),
        ("35522288.009", "36522288.009", "R146", "第 1 圈第 4 点"),
        ("35522288.009", "522288.009", "R146", "第 1 圈第 4 点"),
        ("2776655.500,35522288.009", "35522288.009,2776655.500", "R146", "第 1 圈第 4 点"),
        ("2776655.500", "27766S5.500", "R126", "第 17 行"),
        ("2776655.500", "2.7767E+06", "R126", "第 17 行"),
        ("J4,1,2776655.500,35522288.009", "J4,1,2776655.500", "R146", "第 1 圈第 4 点"),
        ("J4,1,", "J4,x,", "R126", "第 17 行"),
    ],
)
def test_what_does_not_agree_is_told_where(tmp_path: Path, old: str, new: str, code: str, says: str) -> None:
    layers, findings = readers.read(put(tmp_path, WHOLE.replace(old, new)))
    assert says in only(findings, code).message.zh
    assert only(findings, code).row == 1
    assert len(layers[0].rows) == (1 if code in ("R142", "R143") else 0)


def test_a_ring_of_two_points_is_refused(tmp_path: Path) -> None:
    text = WHOLE + "J1,2,2776300,35522200\nJ2,2,2776300,35522300\n"
    layers, findings = readers.read(put(tmp_path, text))
    assert len(layers[0].rows) == 0
    assert only(findings, "R147").value == 2


def test_the_area_is_hectares_unless_the_numbers_are_another_units(tmp_path: Path) -> None:
    given = Given(measure="mine_regreen", plan_year=2025)
    for stated, wanted, told in (
        ("28.9368", 289_368, False),
        ("434.05", 289_366.7, True),
        ("289368", 289_368, True),
        ("434.05亩", 289_366.7, False),
    ):
        layer, found = one(put(tmp_path, WHOLE.replace("28.9368", stated)))
        rows, findings = intake(layer, given=given)
        assert rows.rows["reported_m2"].tolist() == pytest.approx([wanted], abs=1)
        assert found == []
        assert ("R203" in codes(findings)) == told
    layer, _ = one(put(tmp_path, WHOLE.replace("28.9368", "0")))
    assert np.isnan(intake(layer, given=given)[0].rows["reported_m2"].tolist()).all()


def test_the_number_of_a_parcel_is_what_the_head_says_else_its_name_else_the_files(tmp_path: Path) -> None:
    layer, found = one(put(tmp_path, WHOLE.replace("522328101200-0012", "")))
    assert found == ["R154"]
    assert layer.rows["地块编号"].tolist() == ["示例复绿地块"]
    layer, _ = one(put(tmp_path, WHOLE.replace("522328101200-0012,示例复绿地块", ",")))
    assert layer.rows["地块编号"].tolist() == ["界址点"]


def test_a_head_without_points_is_a_row_without_geometry(tmp_path: Path) -> None:
    layers, findings = readers.read(put(tmp_path, WHOLE + "4,1,0013,乙,面,,,,@\n"))
    assert only(findings, "R121").row == 2
    assert len(layers[0].refused) == 1


def test_a_file_without_a_parcel_is_refused(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, HEAD)).exit_code == 4


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    assert "字符" in refusal(put(tmp_path, WHOLE + "9" * 30_000)).fact.zh


def test_a_zip_of_it_is_read_and_a_note_beside_a_layer_is_left(tmp_path: Path) -> None:
    from .files import shapefile, squares, zipped  # noqa: PLC0415

    path = put(tmp_path, WHOLE, encoding="gbk")
    assert areas(one(zipped(tmp_path / "a.zip", path))[0]) == [AREA_M2]
    shp = shapefile(tmp_path, squares(1))
    parts = [part for part in tmp_path.iterdir() if part.stem == shp.stem]
    layers, findings = readers.read(zipped(tmp_path / "b.zip", path, *parts))
    assert [layer.name for layer in layers] == ["小班"]
    assert "界址点.txt" in only(findings, "R120").message.zh


RING = st.integers(3, 12).flatmap(
    lambda count: st.tuples(st.integers(0, 40), st.integers(0, 40), st.lists(st.floats(1, 9), min_size=count, max_size=count))
)


@settings(deadline=None, max_examples=60)
@given(st.lists(RING, min_size=1, max_size=5))
def test_rings_are_put_together_as_the_ground_is_covered(stars: list[tuple[int, int, list[float]]]) -> None:
    """Rings that do not cross: those inside an odd number of others are holes, as even-odd filling has it."""
    rings = []
    for column, row, radii in stars:
        turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
        ring = np.column_stack([column * 20 + np.cos(turn) * radii, row * 20 + np.sin(turn) * radii])
        rings += [ring, ring.mean(axis=0) + (ring - ring.mean(axis=0)) * 1e-3] if shapely.Polygon(ring).is_valid else []
    apart = [shapely.Polygon(ring) for ring in rings]
    if any(
        not a.is_valid or (a.intersects(b) and not (a.contains_properly(b) or b.contains_properly(a)))
        for a in apart
        for b in apart
        if a is not b
    ):
        return
    made = shapely.MultiPolygon([(part[0], part[1:]) for part in nested(rings)])
    wanted: Any = apart[0] if apart else shapely.Polygon()
    for other in apart[1:]:
        wanted = wanted.symmetric_difference(other)
    assert made.area == pytest.approx(wanted.area, rel=1e-9)


def broken(seed: int) -> bytes:
    """A sound file with some bytes changed, cut out or put in twice."""
    dice = random.Random(seed)
    content = bytearray((WHOLE + HOLE).encode(dice.choice(["utf-8", "gbk"])))
    for _ in range(dice.randrange(1, 30)):
        at = dice.randrange(len(content))
        match dice.randrange(4):
            case 0:
                content[at] = dice.randrange(256)
            case 1:
                del content[at : at + dice.randrange(1, 40)]
            case 2:
                content[at:at] = content[at : at + dice.randrange(1, 200)]
            case _:
                content[at:at] = dice.choice([b"@", b",", b"\n", b"[", b"=", b"1e999", b"nan", b"-", b"9" * 400, "面".encode(), b"J1,1,"])
        content = content or bytearray(b"@")
    return bytes(content)


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(
        st.integers(0, 2**32).map(broken), st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"[地块坐标]\n{text}".encode())
    )
)
def test_any_bytes_are_read_or_refused_in_our_own_words(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(content)
    with suppress(RestorationError):
        readers.read(path, crs="EPSG:4523")
