"""Every format that is read, once as it should be and as it often is; and those that are not read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from .case import Case, Make, Refused, Taken
from .drafting import (
    EPOCH,
    MU,
    ZONE,
    Ring,
    collection,
    degrees,
    gpx,
    kml,
    packed,
    placemark,
    polygon,
    single,
    square,
    track,
    txt,
    walk,
)  # fmt: skip

WGS, CGCS = "EPSG:4326", "EPSG:4490"
ROWS = {"小班号": ["0012", "0013"], "村": ["红岩村", "白岩村"]}
SAYS = {"source_id": ["0012", "0013"], "village": ["红岩村", "白岩村"]}


def frame(crs: int) -> gpd.GeoDataFrame:
    """Two squares in a CRS."""
    rings = [square(at, zone=ZONE if crs == 4523 else 0) for at in range(2)]
    return gpd.GeoDataFrame(ROWS, geometry=[shapely.Polygon(degrees(ring) if crs in (4490, 4326) else ring) for ring in rings], crs=crs)


def by(driver: str, name: str, crs: int = 4490, **options: Any) -> Make:
    """What GDAL writes."""

    def make(folder: Path) -> Path:
        made = folder / f"made{Path(name).suffix}"
        frame(crs).to_file(made, driver=driver, **options)
        for part in sorted(folder.iterdir()):
            if part.stem == "made":
                part.rename(folder / f"{Path(name).stem}{part.suffix}")
        return folder / name

    return make


def _zipped_gdb(folder: Path) -> Path:
    made = by("OpenFileGDB", "made.gdb", layer="小班")(folder)
    with zipfile.ZipFile(folder / "林.gdb.zip", "w") as archive:
        for part in sorted(made.iterdir()):
            archive.write(part, f"资料/林.gdb/{part.name}")
    return folder / "林.gdb.zip"


def _parquet(folder: Path) -> Path:
    frame(4490).to_parquet(folder / "小班.parquet")
    return folder / "小班.parquet"


def ovital(*items: dict[str, Any], bom: bool = True) -> bytes:
    """An OVJSN of 奥维."""
    document = {"ObjItems": [{"Type": 30, "Object": {"Name": "文件夹", "ObjectDetail": {"ObjChildren": list(items)}}}]}
    return json.dumps(document, ensure_ascii=False).encode("utf-8-sig" if bom else "utf-8")


def item(name: str, ring: Ring, *, shifted: int | None = 0, beside: bool = False) -> dict[str, Any]:
    """A polygon of 奥维, latitude first."""
    detail: dict[str, Any] = {"Obj3dView": {"Gcj02": 1}, "Latlng": [value for x, y in degrees(ring)[:-1] for value in (y, x)]}
    detail |= {} if shifted is None else {"Gcj02": shifted}
    inner = {"Name": name, "ObjectDetail": detail}
    return {"Type": 13, "Object": inner} if beside else {"Object": {**inner, "Type": 13}}


def tagged(name: str, ring: Ring, kind: str) -> str:
    """A Placemark of 奥维."""
    return placemark(name, ring, more=f"<OvCoordType>{kind}</OvCoordType>" if kind else "<OvAttr>1</OvAttr>")


def drawing(*rings: Ring, closed: Sequence[int] = (1,), page: str = "ANSI_936") -> bytes:
    """A DXF of polylines in the plane, on the CAD layer 红线."""
    body = ""
    for at, ring in enumerate(rings):
        flag = closed[at % len(closed)]
        body += f"0\nLWPOLYLINE\n8\n红线\n100\nAcDbEntity\n100\nAcDbPolyline\n90\n{len(ring) - 1}\n70\n{flag}\n"
        body += "".join(f"10\n{x}\n20\n{y}\n" for x, y in list(ring)[:-1])
        x, y = ring[0]
        body += f"0\nTEXT\n8\n注记\n100\nAcDbText\n10\n{x + 20}\n20\n{y + 20}\n40\n2.5\n1\n001{at + 2}\n"
    head = f"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$DWGCODEPAGE\n3\n{page}\n0\nENDSEC\n"
    return f"{head}0\nSECTION\n2\nENTITIES\n{body}0\nENDSEC\n0\nEOF\n".replace("\n", "\r\n").encode("gbk")


def wkt(ring: Ring) -> str:
    """A ring of the plane as WKT in degrees."""
    return f'"POLYGON (({", ".join(f"{x} {y}" for x, y in degrees(ring))}))"'


FEATURES = [json.dumps(one, ensure_ascii=False) for one in json.loads(collection(polygon(square(0)), polygon(square(1)), rows=[
    {"小班号": "0012", "村": "红岩村"}, {"小班号": "0013", "村": "白岩村"}]))["features"]]  # fmt: skip
TEXT_IDS = {"fields": {"source_id": "Text"}}
TOLD = ["R173", "R176", "R207"]
BUSY = zipfile.ZipInfo("a00000001.gdbtable", EPOCH)

CASES = (
    Case("gpkg", "GeoPackage", by("GPKG", "小班.gpkg", layer="小班"), Taken(2, mu=2 * MU, crs=CGCS, layers=["小班"], says=SAYS),
         is_exact=False),
    Case("gdb", "文件地理数据库（.gdb 文件夹）", by("OpenFileGDB", "林.gdb", layer="小班"),
         Taken(2, mu=2 * MU, crs=CGCS, layers=["小班"], says=SAYS),
         is_exact=False),
    Case("gdb-zip", "zip 里的 .gdb", _zipped_gdb, Taken(2, mu=2 * MU, layers=["小班"], says=SAYS), is_exact=False),
    Case("fgb", "FlatGeobuf", by("FlatGeobuf", "小班.fgb", SPATIAL_INDEX="NO"), Taken(2, mu=2 * MU, crs=CGCS, says=SAYS), is_exact=False),
    Case("parquet", "GeoParquet", _parquet, Taken(2, mu=2 * MU, crs=CGCS, says=SAYS), is_exact=False),
    Case("tab", "MapInfo TAB，GBK（坐标只存到 1e-6 度）", by("MapInfo File", "小班.tab", 4326, ENCODING="CP936"),
         Taken(2, ["R101"], says=SAYS),
         is_exact=False),
    Case("mif", "MapInfo MIF/MID，GBK", by("MapInfo File", "小班.mif", 4326, FORMAT="MIF", ENCODING="CP936"),
         Taken(2, ["R101"], mu=2 * MU, says=SAYS), is_exact=False),
    Case("geojson", "GeoJSON", single("小班.geojson", collection(polygon(square(0)), polygon(square(1)))), Taken(2, mu=2 * MU, crs=WGS)),
    Case("geojsonl", "每行一个要素", single("小班.geojsonl", "\n".join(FEATURES)), Taken(2, mu=2 * MU, crs=WGS, says=SAYS)),
    Case("geojsonseq", "要素之间有记录分隔符", single("小班.geojsonseq", "".join(f"\x1e{one}\n" for one in FEATURES)),
         Taken(2, mu=2 * MU, says=SAYS)),
    Case("geojsonl-cut", "每行一个要素，末行没写完", single("小班.geojsonl", "\n".join(FEATURES)[:-30]), Taken(1, left={2: "R161"}, mu=MU)),
    Case("geojsonl-one-json", "普通 GeoJSON 改名为 .geojsonl", single("小班.geojsonl",
         json.dumps(json.loads(collection(polygon(square(0)))), indent=1)), Refused("没有一行", ".geojson")),
    Case("kml", "KML", single("图.kml", kml(placemark("0012", square(0)), placemark("红岩", square(1)))),
         Taken(2, ["R207"], mu=2 * MU, crs=WGS, says={"source_id": ["0012", "红岩"]})),
    Case("kml-data", "KML 属性写在 ExtendedData", single("图.kml",
         kml(placemark("甲", square(0), more='<ExtendedData><Data name="小班号"><value>0012</value></Data></ExtendedData>'))),
         Taken(1, mu=MU, says={"source_id": ["0012"], "name": ["甲"]})),
    Case("kml-simple-data", "KML 属性写在 SchemaData（ArcGIS 导出）", single("图.kml", kml(placemark("甲", square(0), more=
         '<ExtendedData><SchemaData><SimpleData name="XBH">0012</SimpleData><SimpleData name="CUN">红岩村</SimpleData>'
         '</SchemaData></ExtendedData>'))),
         Taken(1, mu=MU, says={"source_id": ["0012"], "village": ["红岩村"]})),
    Case("kml-multi", "KML 一个地标两块", single("图.kml", kml(placemark("0012", square(0)).replace("<Polygon>",
         "<MultiGeometry><Polygon>").replace(
         "</Polygon>", "</Polygon>" + placemark("", square(1)).partition("</name>")[2].replace("</Placemark>", "</MultiGeometry>")))),
         Taken(1, ["R207"], mu=2 * MU)),
    Case("kml-swapped", "KML 把纬度写在前",
         single("图.kml", kml('<Placemark><name>1</name><Polygon><outerBoundaryIs><LinearRing><coordinates>'
         + " ".join(f"{y},{x},0" for x, y in degrees(square(0))) + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>")),
         Refused("颠倒", "--swap-xy")),
    Case("geojson-feature", "GeoJSON 只有一个要素，不是要素集", single("小班.geojson", FEATURES[0]), Taken(1, mu=MU)),
    Case("geojson-geometry", "GeoJSON 只有图形，没有属性", single("小班.geojson", json.dumps(polygon(square(0)))),
         Refused("不是要素集", "FeatureCollection")),
    Case("kml-no-space", "KML 没有命名空间", single("图.kml", kml(placemark("0012", square(0)), space="")), Taken(1, ["R207"], mu=MU)),
    Case("kml-gbk", "KML 是 GBK 的", single("图.kml", kml(placemark("红岩", square(0)),
         head='<?xml version="1.0" encoding="GBK"?>').encode("gbk")),
         Taken(1, ["R101", "R207"], mu=MU, says={"source_id": ["红岩"]})),
    Case("kml-hole", "KML 有洞", single("图.kml", kml(placemark("0012", square(0), [(x + 50, y + 50) for x, y in square(0, side=50)]))),
         Taken(1, ["R207"], mu=MU - 3.75)),
    Case("kml-lines", "KML 里混着路线和标记", single("图.kml", kml(placemark("0012", square(0)),
         placemark("路", inside="<LineString><coordinates>105.2,25.1 105.3,25.1</coordinates></LineString>"),
         placemark("点", inside="<Point><coordinates>105.2,25.1</coordinates></Point>"))),
         Taken(1, ["R207"], left={2: "R122", 3: "R122"}, mu=MU)),
    Case("kml-same-names", "KML 两个地标同名", single("图.kml", kml(placemark("多边形", square(0)), placemark("多边形", square(1)))),
         Taken(0, ["R207"], left={1: "R222", 2: "R222"})),
    Case("ovkml-cgcs", "奥维 OVKML，写明 CGCS2000", single("图.ovkml", kml(tagged("0012", square(0), "CGCS2000"))),
         Taken(1, ["R207"], mu=MU, crs=CGCS)),
    Case("ovkml-gcj", "奥维 OVKML，一个 GCJ02，一个 WGS84", single("图.ovkml",
         kml(tagged("1", square(0), "GCJ-02"), tagged("2", square(1), "WGS84"))),
         Taken(1, ["R207"], left={1: "R125"}, mu=MU, crs=WGS)),
    Case("ovkml-bd09", "百度坐标", single("图.ovkml", kml(tagged("1", square(0), "BD09"), tagged("2", square(1), "WGS84"))),
         Taken(1, ["R207"], left={1: "R125"})),
    Case("ovkml-untagged", "奥维 OVKML，没有坐标类型", single("图.ovkml", kml(tagged("0012", square(0), ""))),
         Refused("火星坐标", "--crs EPSG:4490")),
    Case("ovkml-unknown", "坐标类型不认识", single("图.ovkml", kml(tagged("1", square(0), "Xian80"), tagged("2", square(1), "WGS84"))),
         Taken(1, ["R207"], left={1: "R162"})),
    Case("ovkmz", "奥维 OVKMZ", packed("图.ovkmz", [("doc.kml", kml(tagged("0012", square(0), "WGS84")).encode())]),
         Taken(1, ["R207"], mu=MU, crs=WGS)),
    Case("ovjsn", "奥维 OVJSN，BOM", single("图.ovjsn", ovital(item("0012", square(0)), item("红岩", square(1)))),
         Taken(2, ["R207"], mu=2 * MU, says={"source_id": ["0012", "红岩"]})),
    Case("ovjsn-beside", "奥维 OVJSN，Type 写在 Object 旁边", single("图.ovjsn", ovital(item("0012", square(0), beside=True), bom=False)),
         Taken(1, ["R207"], mu=MU)),
    Case("ovjsn-gcj", "奥维 OVJSN，一个 GCJ-02", single("图.ovjsn", ovital(item("1", square(0), shifted=1), item("2", square(1)))),
         Taken(1, ["R207"], left={1: "R125"}, mu=MU)),
    Case("ovjsn-untagged", "奥维 OVJSN，没写坐标类型", single("图.ovjsn", ovital(item("1", square(0), shifted=None))),
         Refused("火星坐标", "--crs EPSG:4490")),
    Case("ovobj", "奥维对象（私有格式）", single("图.ovobj", b"OVOB\0\1"), Refused("私有格式", ".ovkml")),
    Case("gpx", "GPX 轨迹走成一圈", single("轨迹.gpx", gpx(track("0012", walk(square(0))))),
         Taken(1, TOLD, mu=MU, crs=WGS, says={"source_id": ["0012"]})),
    Case("gpx-gap-small", "轨迹差 20 米没走完（连上）", single("轨迹.gpx", gpx(track("0012", walk(square(0), upto=0.975)))),
         Taken(1, [*TOLD, "R171"], mu=MU)),
    Case("gpx-gap-large", "轨迹差 160 米没走完", single("轨迹.gpx",
         gpx(track("0012", walk(square(0), upto=0.8)), track("2", walk(square(1))))),
         Taken(1, TOLD, left={1: "R172"}, mu=MU)),
    Case("gpx-sparse", "轨迹两点相距 200 米", single("轨迹.gpx", gpx(track("0012", walk(square(0), step_m=200)))),
         Taken(1, [*TOLD, "R174"], mu=MU)),
    Case("gpx-waypoints", "轨迹旁边有航点", single("轨迹.gpx", gpx('<wpt lat="25.1" lon="105.1"/>', track("0012", walk(square(0))))),
         Taken(1, [*TOLD, "R175"], mu=MU)),
    Case("gpx-waypoints-only", "只有航点", single("轨迹.gpx", gpx('<wpt lat="25.1" lon="105.1"/>')), Refused("1 个航点", "连成面")),
    Case("dxf", "DXF 闭合多段线，GBK，没说坐标系", single("红线.dxf", drawing(square(0), square(1))), Refused("CAD", "--crs EPSG:4544")),
    Case("dxf-told", "同上，加了 --crs，编号取线内的文字", single("红线.dxf", drawing(square(0), square(1))),
         Taken(2, ["R101", "R165"], mu=2 * MU, layers=["红线"], says={"source_id": ["0012", "0013"]}), how={"crs": "EPSG:4544"},
         ask=TEXT_IDS),
    Case("dxf-open", "DXF 一条线没有闭合", single("红线.dxf", drawing(square(0), square(1), closed=(1, 0))),
         Taken(1, ["R101", "R165"], left={3: "R164"}, mu=MU), how={"crs": "EPSG:4544"}, ask=TEXT_IDS),
    Case("dxf-binary", "二进制 DXF", single("红线.dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + b"\0" * 40), Refused("二进制 DXF")),
    Case("dxf-cut", "DXF 没传完", single("红线.dxf", drawing(square(0))[:-30]), Refused("被截断")),
    Case("csv-wkt", "CSV 的 WKT 列", txt("小班号,村,WKT", f"0012,红岩村,{wkt(square(0))}", f"0013,白岩村,{wkt(square(1))}", name="小班.csv",
         codec="utf-8-sig"),
         Taken(2, mu=2 * MU, crs=CGCS, says=SAYS), how={"crs": CGCS}),
    Case("csv-wkt-no-crs", "CSV 的 WKT 列，没说坐标系", txt("小班号,WKT", f"0012,{wkt(square(0))}", name="小班.csv"),
         Refused("坐标系", "--crs EPSG:4490")),
    Case("csv-wkt-srid", "EWKT，写明 SRID", txt("小班号,geom", f"0012,{wkt(square(0)).replace('POLYGON', 'SRID=4490;POLYGON')}",
         name="小班.csv",
         codec="utf-8"), Taken(1, mu=MU, crs=CGCS)),
    Case("csv-wkt-bad-row", "CSV 有坏行：WKT 没加引号、空着、没写完",
         txt("小班号,WKT", f"0012,{wkt(square(0))}", "0013,POLYGON ((105 25, oops", "0014,",
         '0015,"POLYGON ((105 25, oops"', name="小班.csv", codec="utf-8"),
         Taken(1, left={3: "R161", 4: "R121", 5: "R126"}, mu=MU), how={"crs": CGCS}),
    *(Case(f"unread{suffix}", f"{what}", single(f"图{suffix}", content), Refused("格式不能读", way)) for suffix, what, content, way in (
        (".dwg", "AutoCAD 图", b"AC1032" + b"\0" * 20, ".dxf"), (".mdb", "个人地理数据库", b"\0\1\0\0Standard Jet DB", "GeoPackage"),
        (".wp", "MapGIS 区文件", b"WMAP`D22", "Shapefile"), (".xls", "旧 Excel", b"\xd0\xcf\x11\xe0", ".xlsx"),
        (".et", "WPS 表格", b"\xd0\xcf\x11\xe0", ".xlsx"),
        (".pdf", "扫描的图", b"%PDF-1.7", "矢量"), (".jpg", "照片", b"\xff\xd8\xff", "矢量"),
        (".mxd", "ArcMap 工程", b"\xd0\xcf\x11\xe0", "数据文件"),
        (".docx", "Word 文档", b"PK\x03\x04", ".shp"), (".7z", "7z 压缩包", b"7z\xbc\xaf\x27\x1c", "zip"))),
)  # fmt: skip
