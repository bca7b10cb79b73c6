"""Files written byte by byte: the same bytes each time, and faults where a writer would allow none."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import shapely
from pyproj import CRS

from restoration.geometry import from_plane

from ..readers.files import NUMBER, TEXT, dbf
from .case import Make

EAST, NORTH, SIDE_M = 520_000.0, 2_775_000.0, 200.0
ZONE = 35_000_000.0
"""What stands in front of the eastings of zone 35."""
MU = 60.0
"""A square of the side above, 亩."""
Ring: TypeAlias = Sequence[tuple[float, float]]
Member: TypeAlias = tuple[str, bytes]
EPOCH = (2021, 3, 1, 8, 0, 0)


# ------------------------------------------------------------------------------------------------ ground
def square(column: float = 0, row: float = 0, *, side: float = SIDE_M, zone: float = 0) -> list[tuple[float, float]]:
    """A closed square in the plane of 105° E, clockwise; columns and rows are 300 m."""
    west, south = EAST + 300 * column + zone, NORTH + 300 * row
    return [(west, south), (west, south + side), (west + side, south + side), (west + side, south), (west, south)]


def degrees(ring: Ring) -> list[tuple[float, float]]:
    """A ring of the plane in degrees, to 0.1 mm."""
    shape = from_plane(np.array([shapely.LineString(ring)], dtype=object), 35)[0]
    return [(round(x, 9), round(y, 9)) for x, y in shapely.get_coordinates(shape).tolist()]


@cache
def prj(code: int) -> bytes:
    """A .prj as ArcGIS writes it."""
    return str(CRS.from_epsg(code).to_wkt("WKT1_ESRI")).encode()


# ------------------------------------------------------------------------------------------------ files
def single(name: str, content: bytes | str) -> Make:
    """One file."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return make


def loose(stem: str, parts: Mapping[str, bytes]) -> Make:
    """Files of one name side by side; the first is handed in."""

    def make(folder: Path) -> Path:
        for suffix, content in parts.items():
            (folder / f"{stem}{suffix}").write_bytes(content)
        return folder / f"{stem}{next(iter(parts))}"

    return make


def packed(name: str, members: Iterable[Member | tuple[zipfile.ZipInfo, bytes]]) -> Make:
    """A zip; names that are not ASCII carry the UTF-8 flag."""
    return single(name, zip_of(members))


def zip_of(members: Iterable[Member | tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """The bytes of a zip, with one time for all members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def with_gbk_names(content: bytes, names: Sequence[str]) -> bytes:
    """A zip as Chinese packers of old write it: names in GBK, without the flag; they must be as long in ASCII placeholders."""
    for at, name in enumerate(names):
        raw = name.encode("gbk")
        content = content.replace(placeholder(at, name).encode(), raw)
    return content


def placeholder(at: int, name: str) -> str:
    """A name of ASCII letters as long as another is in GBK."""
    return f"{chr(65 + at) * 4}{'x' * 100}"[: len(name.encode("gbk"))]


# ------------------------------------------------------------------------------------------------ shapefiles
def table(*rows: Sequence[str], names: Sequence[str] = ("小班号", "村"), codec: str = "gbk", width: int = 20, **more: Any) -> bytes:
    """A .dbf of texts."""
    fields = [(name.encode(codec)[:10], TEXT, width, 0) for name in names]
    return dbf(fields, [[cell.encode(codec) for cell in row] for row in rows], **more)


def numbers_table(width: int, decimals: int, *cells: bytes, name: bytes = b"MJ") -> bytes:
    """A .dbf with XBH and a column of numbers."""
    rows = [[str(at).encode(), cell] for at, cell in enumerate(cells, 1)]
    return dbf([(b"XBH", TEXT, 10, 0), (name, NUMBER, width, decimals)], rows)


def shapefile(
    shapes: Sequence[Sequence[Ring] | None],
    *,
    dbf: bytes | None = None,
    crs: int | bytes | None = 4523,
    cpg: str | None = None,
    kind: int = 5,
    without: Sequence[str] = (),
) -> dict[str, bytes]:
    """The parts of a shapefile by suffix: shapes are rings, the shells clockwise; ``None`` is a null shape.

    Parameters
    ----------
    kind
        5 polygons, 15 with Z, 25 with M, 3 lines.
    """
    records = [_record(shape, kind) for shape in shapes]
    content, index, at = b"", b"", 50
    for number, record in enumerate(records, 1):
        content += struct.pack(">ii", number, len(record) // 2) + record
        index += struct.pack(">ii", at, len(record) // 2)
        at += 4 + len(record) // 2
    points = [point for shape in shapes if shape for ring in shape for point in ring] or [(0.0, 0.0)]
    box = (*map(min, zip(*points, strict=True)), *map(max, zip(*points, strict=True)))
    rows = dbf if dbf is not None else table(*([str(at)] for at in range(1, len(shapes) + 1)), names=["XBH"])
    parts = {
        ".shp": _head(len(content), kind, box) + content,
        ".shx": _head(len(index), kind, box) + index,
        ".dbf": rows,
        **({".prj": crs if isinstance(crs, bytes) else prj(crs)} if crs is not None else {}),
        **({".cpg": cpg.encode()} if cpg is not None else {}),
    }
    return {suffix: part for suffix, part in parts.items() if suffix not in without}


def _head(length: int, kind: int, box: Sequence[float]) -> bytes:
    return struct.pack(">i20xi", 9994, (100 + length) // 2) + struct.pack("<ii4d32x", 1000, kind, *box)


def _record(shape: Sequence[Ring] | None, kind: int) -> bytes:
    if shape is None:
        return struct.pack("<i", 0)
    points = [point for ring in shape for point in ring]
    starts = np.cumsum([0, *(len(ring) for ring in shape)])[:-1].tolist()
    xs, ys = zip(*points, strict=True)
    record = struct.pack("<i4dii", kind, min(xs), min(ys), max(xs), max(ys), len(shape), len(points))
    record += struct.pack(f"<{len(starts)}i", *starts) + b"".join(struct.pack("<2d", *point) for point in points)
    extra = struct.pack("<2d", 1350, 1350) + struct.pack(f"<{len(points)}d", *[1350.0] * len(points))
    return record + (extra if kind in (15, 25) else b"")


def members(parts: Mapping[str, bytes], stem: str) -> list[Member]:
    """The parts of a data set as members of an archive."""
    return [(f"{stem}{suffix}", content) for suffix, content in parts.items()]


# ------------------------------------------------------------------------------------------------ texts
def polygon(*rings: Ring) -> dict[str, Any]:
    """A GeoJSON polygon in degrees, of rings of the plane."""
    return {"type": "Polygon", "coordinates": [[list(point) for point in degrees(ring)] for ring in rings]}


def in_metres(*rings: Ring) -> dict[str, Any]:
    """A GeoJSON polygon of rings as they are."""
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring] for ring in rings]}


def named_crs(name: str) -> dict[str, Any]:
    """The ``crs`` member of the older GeoJSON."""
    return {"crs": {"type": "name", "properties": {"name": name}}}


def collection(*geometries: Any, rows: Sequence[Mapping[str, Any]] = (), codec: str = "utf-8", **members: Any) -> bytes:
    """A GeoJSON; rows are numbered 1, 2, ... if none are given."""
    told = rows or [{"小班号": str(at)} for at in range(1, len(geometries) + 1)]
    features = [{"type": "Feature", "properties": dict(row), "geometry": geometry} for row, geometry in zip(told, geometries, strict=True)]
    return json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False).encode(codec)


def plots(*rows: Mapping[str, Any], name: str = "小班.geojson", codec: str = "utf-8") -> Make:
    """A GeoJSON of squares side by side, with what each row says."""
    return single(name, collection(*(polygon(square(at)) for at in range(len(rows))), rows=rows, codec=codec))


def placemark(name: str, *rings: Ring, more: str = "", inside: str = "") -> str:
    """A Placemark in degrees, with a height."""
    texts = [" ".join(f"{x:.9f},{y:.9f},0" for x, y in degrees(ring)) for ring in rings]
    shell = f"<outerBoundaryIs><LinearRing><coordinates>{texts[0]}</coordinates></LinearRing></outerBoundaryIs>" if texts else ""
    holes = "".join(f"<innerBoundaryIs><LinearRing><coordinates>{text}</coordinates></LinearRing></innerBoundaryIs>" for text in texts[1:])
    shape = f"<Polygon>{shell}{holes}</Polygon>" if texts else ""
    return f"<Placemark><name>{escape(name)}</name>{more}{shape}{inside}</Placemark>"


KML_SPACE = ' xmlns="http://www.opengis.net/kml/2.2"'


def kml(*placemarks: str, space: str = KML_SPACE, before: str = "", head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """A KML of Placemarks."""
    return f"{head}{before}<kml{space}><Document><name>图层</name>{''.join(placemarks)}</Document></kml>"


def walk(ring: Ring, *, step_m: float = 20.0, upto: float = 1.0) -> str:
    """Track points along a ring of the plane, one each few metres and 5 seconds; only a share of the way if asked."""
    line = shapely.LineString(ring)
    count = int(line.length * upto / step_m)
    points = degrees([(point.x, point.y) for point in (line.interpolate(step_m * at) for at in range(count + 1))])
    return "".join(
        f'<trkpt lat="{y:.9f}" lon="{x:.9f}"><time>2025-06-30T02:{at * 5 // 60:02}:{at * 5 % 60:02}Z</time></trkpt>'
        for at, (x, y) in enumerate(points)
    )


def gpx(*inside: str, before: str = "") -> str:
    """A GPX."""
    return f'<?xml version="1.0"?>{before}<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{"".join(inside)}</gpx>'


def track(name: str, *segments: str) -> str:
    """A track of segments."""
    return f"<trk><name>{name}</name>{''.join(f'<trkseg>{one}</trkseg>' for one in segments)}</trk>"


# ------------------------------------------------------------------------------------------------ corners
USUAL_HEAD = (
    "[属性描述]", "格式版本号=1.01版本", "数据产生单位=示例林业局", "数据产生日期=2025-06-30", "坐标系=2000国家大地坐标系", "几度分带=3",
    "投影类型=高斯克吕格", "计量单位=米", "带号=35", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
)  # fmt: skip


def head_with(**settings: str) -> tuple[str, ...]:
    """The usual head of a 界址点 TXT with other settings."""
    return tuple(f"{key}={settings[key]}" if (key := line.partition("=")[0]) in settings else line for line in USUAL_HEAD)


def corner_lines(
    ring: Ring, *, number: int = 1, label: str = "J{}", first: int = 1, closed: bool = True, form: str = "{label},{ring},{x:.3f},{y:.3f}"
) -> list[str]:
    """The points of a ring: x is the northing, y the easting."""
    bare = list(ring)[:-1]
    every = [*enumerate(bare, first), *([(first, bare[0])] if closed else [])]
    return [form.format(label=label.format(at), ring=number, x=north, y=east) for at, (east, north) in every]


def txt(*lines: str | Iterable[str], name: str = "界址点.txt", codec: str = "gbk", newline: str = "\r\n") -> Make:
    """A text of lines."""
    flat = [line for some in lines for line in ([some] if isinstance(some, str) else some)]
    return single(name, (newline.join(flat) + newline).encode(codec))


def workbook(name: str, sheets: Mapping[str, Sequence[Sequence[object]]], **parts: str) -> Make:
    """An .xlsx of texts and numbers; parts (``sheet1``, ``strings``, ...) take the place of what is written."""
    return packed(name, workbook_members(sheets, **parts))


def workbook_members(sheets: Mapping[str, Sequence[Sequence[object]]], *, sheet1: str = "", strings: str = "") -> list[Member]:
    """The members of an .xlsx."""
    count = len(sheets)
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    links_of = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = "".join(f'<sheet name="{escape(one)}" sheetId="{at}" r:id="rId{at}"/>' for at, one in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{office}/relationships/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, count + 1)
    )
    links += f'<Relationship Id="rId99" Type="{office}/relationships/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{content}.worksheet+xml"/>' for at in range(1, count + 1)
    )
    texts = [_sheet(rows, main) for rows in sheets.values()]
    made = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{content}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{links_of}">'
        f'<Relationship Id="rId1" Type="{office}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{office}/relationships">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{links_of}">{links}</Relationships>',
        **{f"xl/worksheets/sheet{at}.xml": text for at, text in enumerate(texts, 1)},
        **({"xl/worksheets/sheet1.xml": sheet1.replace("MAIN", main)} if sheet1 else {}),
        **({"xl/sharedStrings.xml": strings.replace("MAIN", main)} if strings else {}),
    }
    return [(part, text.encode()) for part, text in made.items()]


def _sheet(rows: Sequence[Sequence[object]], main: str) -> str:
    lines = "".join(
        f'<row r="{down}">{"".join(_cell(f"{chr(64 + across)}{down}", value) for across, value in enumerate(row, 1))}</row>'
        for down, row in enumerate(rows, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(place: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
