"""Tables of corners in CSV, pasted text and Excel; each test's table stands in it."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import readers
from restoration.errors import FileRefused, RestorationError
from restoration.geometry import area_of_record_m2
from restoration.readers import Layer

from .files import codes, only

TITLE = "矿区范围拐点坐标(2000国家大地坐标系)\n"
PLANE = """点号,X坐标,Y坐标
1,2776000.46,35522000.12
2,2776088.20,35522431.87
3,2776402.92,35522610.34
4,2776655.50,35522288.01
5,2776390.23,35521904.77
"""
ROWS = PLANE.partition("\n")[2]
NORTH = ROWS.replace(",277", ",279")
RUNNING_ON = "".join(f"{at + 5}{line[1:]}\n" for at, line in enumerate(NORTH.splitlines(), 1))
HOLE = "1,2776200,35522100\n2,2776200,35522300\n3,2776400,35522200\n"
PARTS = """1|105°13′05.120″|25°05′22.665″
2|105°13′20.533″|25°05′25.493″
3|105°13′26.920″|25°05′35.712″
4|105°13′15.432″|25°05′43.937″
5|105°13′01.739″|25°05′35.337″
"""
AREA_M2, IN_DEGREES_M2 = 289_368.8, 289_370.4


def put(folder: Path, text: str, *, name: str = "拐点.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def areas(layer: Layer) -> list[float]:
    return [round(float(area), 1) for area in area_of_record_m2(np.asarray(layer.rows.geometry.array))]


def one(path: Path, crs: str | None = None) -> Layer:
    layers, _ = readers.read(path, crs=crs)
    return layers[0]


def refusal(path: Path, crs: str | None = "EPSG:4523") -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        readers.read(path, crs=crs)
    return refused.value


@pytest.mark.parametrize("separator", [",", "\t", ";", "；", "，", "|", "、", "  ", " "])
@pytest.mark.parametrize(("name", "encoding"), [("拐点.csv", "gbk"), ("拐点.txt", "utf-8-sig"), ("拐点.txt", "utf-16")])
def test_any_separator_and_encoding(tmp_path: Path, separator: str, name: str, encoding: str) -> None:
    layer = one(put(tmp_path, TITLE + PLANE.replace(",", separator), name=name, encoding=encoding))
    assert layer.crs == "EPSG:4523"
    assert areas(layer) == [AREA_M2]
    assert layer.rows["地块编号"].tolist() == ["拐点"]


@pytest.mark.parametrize(
    "heading",
    [
        "拐点,X,Y", "序号,X坐标(m),Y坐标(m)", "点号,纵坐标,横坐标", "界址点号,x（米）,y（米）", "拐点编号,北坐标,东坐标",
        "点名,纵坐标X,横坐标Y",
        "点号,Y,X", "点号,横坐标,纵坐标", "点号,POINT_X,POINT_Y",
    ],
)  # fmt: skip
def test_headings_of_the_trade_and_size_has_the_last_word(tmp_path: Path, heading: str) -> None:
    layers, findings = readers.read(put(tmp_path, TITLE + PLANE.replace("点号,X坐标,Y坐标", heading)))
    assert areas(layers[0]) == [AREA_M2]
    assert ("R141" in codes(findings)) == (heading.split(",")[1] in ("Y", "横坐标", "POINT_X"))


@pytest.mark.parametrize(
    "rows",
    [
        ROWS, ROWS + "1,2776000.46,35522000.12\n", ROWS.replace("5,2776", "5,2,776").replace("5,2,776390.23", '5,"2,776,390.23"'),
        "\n".join(line.partition(",")[2] for line in ROWS.splitlines()), ROWS.replace("\n", "\n\n"), ROWS.replace("\n", ",\n"),
        "".join(f"J{line}\n" for line in ROWS.splitlines()),
    ],
)  # fmt: skip
def test_no_headings_at_all(tmp_path: Path, rows: str) -> None:
    path = put(tmp_path, rows)
    assert "--crs EPSG:4523" in refusal(path, None).way_out.zh
    assert areas(one(path, "EPSG:4523")) == [AREA_M2]


FORMS = {
    "signs": PARTS,
    "straight": PARTS.replace("′", "'").replace("″", '"'),
    "hyphens": PARTS.replace("°", "-").replace("′", "-").replace("″", ""),
    "blanks": PARTS.replace("°", " ").replace("′", " ").replace("″", ""),
    "words": PARTS.replace("°", "度").replace("′", "分").replace("″", "秒"),
    "sides": PARTS.replace("|105", "|东经105").replace("|25", "|北纬25"),
    "letters": PARTS.replace("″|", "″E|").replace("″\n", "″N\n"),
    "wide": PARTS.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
}


@pytest.mark.parametrize("title", ["CGCS2000", "坐标系：2000国家大地坐标系", "（CGCS2000，3度带，中央经线105°）"])
def test_a_title_declares_the_system_and_the_zone(tmp_path: Path, title: str) -> None:
    assert one(put(tmp_path, f"{title}\n{PLANE}")).crs == "EPSG:4523"
    bare = f"{title}\n{PLANE.replace(',355', ',5')}"
    if "105" in title:
        assert one(put(tmp_path, bare)).crs == "EPSG:4544"
    else:
        assert "EPSG:4544" in refusal(put(tmp_path, bare), None).way_out.zh


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("separator", [",", "\t", "   "])
def test_degrees_in_any_form(tmp_path: Path, form: str, separator: str) -> None:
    text = "2000国家大地坐标系\n" + f"拐点|经度|纬度\n{FORMS[form]}".replace("|", separator)
    layer = one(put(tmp_path, text, name="拐点.txt"))
    assert layer.crs == "EPSG:4490"
    assert areas(layer) == [pytest.approx(IN_DEGREES_M2, abs=0.2)]


def packed(text: str) -> str:
    lines = []
    for line in text.splitlines():
        number, *angles = line.split("|")
        lines.append(
            ",".join(
                [
                    number,
                    *(
                        angle.replace("°", ".").replace("′", "").replace(".", "@", 1).replace(".", "").replace("@", ".").rstrip("″")
                        for angle in angles
                    ),
                ]
            )
        )
    return "\n".join(lines) + "\n"


def test_packed_degrees_only_where_they_are_declared(tmp_path: Path) -> None:
    rows = packed(PARTS)
    assert rows.startswith("1,105.1305120,25.0522665\n")
    told = refusal(put(tmp_path, f"点号,经度,纬度\n{rows}"), "EPSG:4490")
    assert "经度(ddd.mmss)" in told.way_out.zh
    assert told.wanted is not None
    assert (told.wanted.option, [value for value, _ in told.wanted.choices]) == ("--degrees", ["decimal", "packed"])
    for heading in ("点号,经度(ddd.mmss),纬度(ddd.mmss)\n", "坐标格式：度.分秒\n点号,经度,纬度\n"):
        layer = one(put(tmp_path, heading + rows), "EPSG:4490")
        assert areas(layer) == [pytest.approx(IN_DEGREES_M2, abs=0.2)]
    short = rows.replace("105.1305120", "105.13").replace("25.0522665", "25.05")
    assert "ddd.mmss" in refusal(put(tmp_path, f"表 1 2\n点号,经度,纬度\n{short}"), "EPSG:4490").way_out.zh
    decimal = one(put(tmp_path, f"点号,经度(度),纬度(度)\n{rows}"), "EPSG:4490")
    assert decimal.rows.geometry.iloc[0].bounds[0] == 105.1301739


def test_the_caller_may_say_how_degrees_are_written(tmp_path: Path) -> None:
    file = put(tmp_path, f"点号,经度,纬度\n{packed(PARTS)}")
    (layer,), _ = readers.read(file, crs="EPSG:4490", degrees="packed")
    assert areas(layer) == [pytest.approx(IN_DEGREES_M2, abs=0.2)]
    declared = put(tmp_path, f"点号,经度(ddd.mmss),纬度(ddd.mmss)\n{packed(PARTS)}", name="b.csv")
    for known in (file, declared):
        (layer,), _ = readers.read(known, crs="EPSG:4490", degrees="decimal")
        assert layer.rows.geometry.iloc[0].bounds[0] == 105.1301739


def test_decimal_degrees_that_cannot_be_packed_need_no_word(tmp_path: Path) -> None:
    rows = "1,105.21808883,25.08962909\n2,105.22237021,25.09041483\n3,105.22414452,25.09325321\n"
    assert one(put(tmp_path, f"点号,经度,纬度\n{rows}"), "EPSG:4490").rows.geometry.iloc[0].bounds[0] == 105.21808883


@pytest.mark.parametrize(
    "text",
    [
        f"区域1\n{PLANE}区域2\n{PLANE.replace(',277', ',279')}",
        f"{PLANE}\n{NORTH}",
        f"{PLANE}区域2\n{RUNNING_ON}",
        f"{PLANE}{NORTH}",
        f"{PLANE}1,2776000.46,35522000.12\n{NORTH}1,2796000.46,35522000.12\n",
        f"{PLANE}{PLANE.replace(',277', ',279')}",
        "地块编号,点号,X,Y\n" + "".join(f"{name},{line}\n" for name, rows in (("甲", ROWS), ("乙", NORTH)) for line in rows.splitlines()),
    ],
)  # fmt: skip
def test_several_areas_one_after_another(tmp_path: Path, text: str) -> None:
    layer = one(put(tmp_path, text), "EPSG:4523")
    assert areas(layer) == [AREA_M2, pytest.approx(AREA_M2, abs=0.2)]
    assert layer.rows["地块编号"].tolist() in (["拐点-1", "拐点-2"], ["甲", "乙"])


def test_a_parcels_columns_come_along_where_they_say_one_thing(tmp_path: Path) -> None:
    text = "小班号,点号,X,Y,乡镇,边长\n" + "".join(f"007,{line},雨樟镇,{at}\n" for at, line in enumerate(ROWS.splitlines()))
    layer = one(put(tmp_path, text), "EPSG:4523")
    assert layer.rows.drop(columns="geometry").to_dict("records") == [{"地块编号": "007", "乡镇": "雨樟镇", "source_row": 1}]


def test_what_is_to_be_deducted_is_a_hole(tmp_path: Path) -> None:
    layers, findings = readers.read(put(tmp_path, f"{TITLE}{PLANE}扣除区域1\n{HOLE}"))
    assert areas(layers[0]) == [pytest.approx(AREA_M2 - 20_000, abs=2)]
    assert {"R145", "R153"} <= set(codes(findings))
    layers, findings = readers.read(put(tmp_path, f"{TITLE}{PLANE}扣除区域1\n{HOLE.replace(',277', ',279')}"))
    assert areas(layers[0]) == [AREA_M2]
    assert "扣除区域1" in only(findings, "R151").message.zh
    layers, findings = readers.read(put(tmp_path, f"{TITLE}{PLANE}区域2\n{HOLE}"))
    assert len(layers[0].rows) == 2
    assert "没有扣除" in only(findings, "R152").message.zh


def test_a_stated_area_is_compared(tmp_path: Path) -> None:
    assert "R142" not in codes(readers.read(put(tmp_path, f"{TITLE}{PLANE}开采标高:+1350m至+1200m  矿区面积:0.2894km²\n"))[1])
    layers, findings = readers.read(put(tmp_path, f"{TITLE}{PLANE}矿区面积：0.3平方公里\n"))
    assert "0.3平方公里" in only(findings, "R142").message.zh
    assert layers[0].rows["地块面积(公顷)"].tolist() == ["0.3平方公里"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PLANE.replace("2776402.92", "27764O2.92"), "第 4 行"),
        (PLANE.replace("3,2776402.92,35522610.34", "3,略,略"), "第 4 行"),
        (PLANE.replace("3,2776402.92,35522610.34", "3,,"), "第 4 行"),
        (PLANE.replace("2776402.92", ""), "第 4 行"),
        (PLANE.replace("35522610.34", "3.55E+07"), "第 4 行"),
        (PLANE.replace("3,2776", "6,2776"), "第 5 行的点号 4"),
        (PLANE.replace("4,2776", "\n4,2776"), "空行"),
        (PLANE.replace("4,2776", "点号,X,Y\n4,2776"), "列名"),
        (PLANE.replace("4,2776", "注：拐点3为界桩\n4,2776"), "说明"),
        ("点号,X,Y,点号,X,Y\n1,2776000,35522000,2,2776100,35522000\n", "并排"),
        ("编号,WKT\n1,POLYGON((0 0,1 0,1 1,0 0))\n", "WKT"),
        ("点号,X,Y\n", "没有拐点"),
        ("今天看了三个地块，\n面积共 300 亩。\n2021 3 5 再去。\n", "看不出拐点"),
        ("Executing: Buffer a b 10 Meters\nStart Time: Mon Jun 30 10:00:00 2025\nSucceeded at Mon Jun 30 10:00:02 2025\n", "看不出拐点"),
        ("1 105 13 05 25 05 22\n2 105 13 06 25 05 22\n3 105 13 06 25 05 23\n", "看不出拐点"),
        ("WMAP9022\n3\n1,2,3\n", "MapGIS"),
        ('{"type": "FeatureCollection"}', "JSON"),
        ("<html></html>", "XML"),
        ("", "看不出拐点"),
    ],
)
def test_what_could_be_read_in_two_ways_or_none_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    told = refusal(put(tmp_path, text, name="a.txt"))
    assert says in told.fact.zh
    assert told.way_out.zh


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"PK\x03\x04\0\0"), ("a.txt", b"\0\1\2"), ("a.xlsx", b"a,b"), ("a.xls", b"\xd0\xcf\x11\xe0")]
)
def test_a_name_that_the_content_does_not_keep_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).exit_code == 4


def test_x_and_y_are_taken_where_degrees_stand_beside_them(tmp_path: Path) -> None:
    rows = "".join(
        f"{plane},{line.partition('|')[2].replace('|', ',')}\n" for plane, line in zip(ROWS.splitlines(), PARTS.splitlines(), strict=True)
    )
    layer = one(put(tmp_path, f"{TITLE}点号,X坐标,Y坐标,经度,纬度\n{rows}"))
    assert layer.crs == "EPSG:4523"
    assert areas(layer) == [AREA_M2]


# ---------------------------------------------------------------- Excel


def workbook(path: Path, **sheets: str) -> Path:
    """A workbook as GDAL writes it, all cells text but numbers."""
    for name, text in sheets.items():
        lines = [line.split(",") for line in text.splitlines()]
        width = max(map(len, lines))
        cells = [[*line, *[""] * (width - len(line))] for line in lines]
        frame = pd.DataFrame(cells[1:], columns=[head or f"空{at}" for at, head in enumerate(cells[0])])
        kept = frame.replace({"": None})
        pyogrio.write_dataframe(kept, path, driver="XLSX", layer=name, append=path.exists())
    return path


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    "{sheets}</Types>"
)
SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{}.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def by_hand(path: Path, *sheets: str, doctype: str = "") -> Path:
    """A workbook part by part, sheets given as their rows in XML: Sheet1, Sheet2 ..."""
    numbers = range(1, len(sheets) + 1)
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", CONTENT_TYPES.format(sheets="".join(SHEET_TYPE.format(at) for at in numbers)))
        book.writestr(
            "_rels/.rels",
            LINKS.format(f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'),
        )
        listed = "".join(f'<sheet name="Sheet{at}" sheetId="{at}" r:id="r{at}"/>' for at in numbers)
        book.writestr("xl/workbook.xml", f'{doctype}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>')
        links = "".join(f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in numbers)
        book.writestr("xl/_rels/workbook.xml.rels", LINKS.format(links))
        for at, rows in enumerate(sheets, 1):
            book.writestr(f"xl/worksheets/sheet{at}.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')
    return path


def row(number: int, *cells: str) -> str:
    made = "".join(
        f'<c r="{"ABCDE"[at]}{number}"><v>{cell}</v></c>'
        if cell[:1].isdigit()
        else f'<c r="{"ABCDE"[at]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
        if cell
    )
    return f'<row r="{number}">{made}</row>'


def test_a_workbook_is_a_table_with_all_its_digits(tmp_path: Path) -> None:
    layer = one(workbook(tmp_path / "拐点.xlsx", 一区=TITLE + PLANE))
    assert (layer.name, layer.crs) == ("一区", "EPSG:4523")
    assert areas(layer) == [AREA_M2]
    assert layer.rows["地块编号"].tolist() == ["拐点"]


def test_each_sheet_that_holds_something_is_a_layer(tmp_path: Path) -> None:
    path = workbook(tmp_path / "拐点.xlsx", 一区=TITLE + PLANE, 二区=TITLE + PLANE.replace(",277", ",279"))
    layers, _ = readers.read(path)
    assert [layer.rows["地块编号"].tolist() for layer in layers] == [["拐点-一区"], ["拐点-二区"]]
    notes = workbook(tmp_path / "b.xlsx", 一区=TITLE + PLANE, 说明="甲,乙\n丙,丁")
    assert "b.xlsx/说明" in refusal(notes, None).fact.zh
    assert len(readers.read(notes, layer="一区")[0]) == 1


def test_blank_rows_numbers_and_merged_cells_by_hand(tmp_path: Path) -> None:
    lines = [line.split(",") for line in PLANE.splitlines()]
    rows = row(2, "2000国家大地坐标系") + "".join(row(at, *cells) for at, cells in enumerate(lines, 3))
    north = "".join(row(at, *cells) for at, cells in enumerate((line.split(",") for line in NORTH.splitlines()), 12))
    layer = one(by_hand(tmp_path / "a.xlsx", rows + north, ""))
    assert areas(layer) == [AREA_M2, pytest.approx(AREA_M2, abs=0.2)]
    merged = row(1, "小班号", "点号", "X", "Y") + "".join(
        row(at, "007A" if at == 2 else "", *line.split(",")) for at, line in enumerate(ROWS.splitlines(), 2)
    )
    layer = one(by_hand(tmp_path / "b.xlsx", merged), "EPSG:4523")
    assert layer.rows["地块编号"].tolist() == ["007A"]
    assert areas(layer) == [AREA_M2]


def test_a_workbook_made_to_harm_or_broken_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>'
    for path in (by_hand(tmp_path / "a.xlsx", row(1, "X", "Y"), doctype=bomb), by_hand(tmp_path / "b.xlsx", "", "")):
        assert refusal(path).exit_code == 4
    whole = by_hand(tmp_path / "c.xlsx", row(1, "X", "Y")).read_bytes()
    for cut in range(4, len(whole), 97):
        (tmp_path / "d.xlsx").write_bytes(whole[:cut])
        assert refusal(tmp_path / "d.xlsx").exit_code == 4
    with ZipFile(tmp_path / "e.xlsx", "w", ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "0" * 60_000_000)
    assert "压缩比" in refusal(tmp_path / "e.xlsx").fact.zh


def test_the_example_of_the_staffs_guide_is_as_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "staff.md").read_text(encoding="utf-8")
    example = next(block for block in page.split("```text\n")[1:] if "拐点坐标" in block).partition("```")[0]
    layers, findings = readers.read(put(tmp_path, example, name="拐点.txt"))
    (row,) = layers[0].rows.itertuples()
    assert (layers[0].crs, row.地块编号, row.地块名称) == ("EPSG:4523", "拐点", "区域1")
    assert len(row.geometry.geoms[0].interiors) == 1
    assert [finding.code for finding in findings if finding.level != "note"] == ["R154"]


# ---------------------------------------------------------------- any bytes


def broken(seed: int) -> bytes:
    """A sound table with some of it changed, cut out or put in twice."""
    dice = random.Random(seed)
    text = dice.choice(
        [
            TITLE + PLANE + "区域2\n" + NORTH + "扣除区域\n" + HOLE,
            "经度|纬度\n" + PARTS,
            "地块,圈号,点号,X,Y\n" + "甲,1,1,2776000,35522000\n" * 5,
        ]
    )
    content = bytearray(text.encode(dice.choice(["utf-8", "gbk"])))
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
                content[at:at] = dice.choice(
                    [b'"', b",", b"\n", b"\n\n", b"\t", b"1e308", b"nan", b"-", b"9" * 400, "度".encode(), b"X,Y\n", b"1,"]
                )
        content = content or bytearray(b"1")
    return bytes(content)


@settings(deadline=None, max_examples=500)
@given(
    st.one_of(st.integers(0, 2**32).map(broken), st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"X,Y\n{text}".encode()))
)
def test_any_bytes_are_read_or_refused_in_our_own_words(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    for crs in ("EPSG:4523", "EPSG:4490"):
        with suppress(RestorationError):
            readers.read(path, crs=crs)


def test_two_areas_that_share_an_edge_are_two(tmp_path: Path) -> None:
    boxes = [shapely.box(520_000 + step, 2_775_000, 520_100 + step, 2_775_100) for step in (0, 100)]
    rows = [f"{at},{y},{x}" for box in boxes for at, (x, y) in enumerate(shapely.get_coordinates(box), 1)]
    assert len(one(put(tmp_path, "点号,X,Y\n" + "\n".join(rows)), "EPSG:4544").rows) == 2
