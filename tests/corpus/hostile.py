"""Files that are programs, that call out, or that are made to break who reads them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import shapely

from .case import Case, Make, Refused, Taken
from .drafting import (
    KML_SPACE,
    MU,
    collection,
    degrees,
    gpx,
    kml,
    loose,
    packed,
    placemark,
    polygon,
    prj,
    shapefile,
    single,
    square,
    table,
    track,
    txt,
    walk,
    workbook,
    workbook_members,
    zip_of,
)  # fmt: skip

VRT = """<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource>
<GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"""
PIPELINE = json.dumps(
    {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read http://198.51.100.1/a.gpkg ! write out.gpkg"}
)
WFS = "<OGRWFSDataSource><URL>http://198.51.100.1/wfs</URL></OGRWFSDataSource>"
BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
) + "]>"  # fmt: skip
STEALING = '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PLOT = placemark("0012", square(0))
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, NULL AS geom FROM n"
HUGE = "SELECT 1 AS fid, zeroblob(400000000) AS geom"
LISTED = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('v', 'features', 'v', 4490)",
    "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4490, 0, 0)",
)


def package(*statements: str, layer: str = "小班", rows: int = 1, crs: int = 4490, name: str = "小班.gpkg") -> Make:
    """A GeoPackage that somebody did something to."""

    def make(folder: Path) -> Path:
        rings = [square(at, zone=35_000_000 if crs == 4523 else 0) for at in range(rows)]
        shapes = [shapely.Polygon(degrees(ring) if crs == 4490 else ring) for ring in rings]
        columns = {"小班号": [f"{at + 1:04}" for at in range(rows)], "状态": ["施工中"] * rows}
        gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(folder / name, layer=layer, driver="GPKG")
        with closing(sqlite3.connect(folder / name)) as database, database:
            for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                database.create_function(function, 1, lambda _: 0)
            for statement in statements:
                database.execute(statement)
        return folder / name

    return make


def _two_systems(folder: Path) -> Path:
    path = package(crs=4490, layer="封山")(folder)
    gpd.GeoDataFrame({"小班号": ["9"]}, geometry=[shapely.Polygon(square(3, zone=35_000_000))], crs=4523).to_file(
        path, layer="造林", driver="GPKG"
    )
    return path


def _open_elsewhere(folder: Path) -> Path:
    path = package()(folder)
    path.with_name(f"{path.name}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 60)
    return path


def _damaged(folder: Path) -> Path:
    path = package()(folder)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    return path


HEADED: list[list[object]] = [["点号", "X坐标(2000国家大地坐标系 带号35)", "Y坐标"]]
CORNERS: list[list[object]] = [[f"J{at}", north, east + 35_000_000] for at, (east, north) in enumerate(square(0)[:-1], 1)]
SHEET_HEAD = '<?xml version="1.0"?>'
BOMBED = SHEET_HEAD + BOMB + '<sst xmlns="MAIN"><si><t>&j;</t></si></sst>'
BOMB_SHEET = (
    SHEET_HEAD
    + BOMB
    + '<worksheet xmlns="MAIN"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)


def _sheet_of(extra: str = "", more: str = "") -> str:
    rows = "".join(
        f'<row r="{down}">' + "".join(
            f'<c r="{chr(65 + at)}{down}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(row)) + "</row>"
        for down, row in enumerate([*HEADED, *CORNERS], 1)
    )  # fmt: skip
    return f'{SHEET_HEAD}<worksheet xmlns="MAIN"><sheetData>{rows}{extra}</sheetData>{more}</worksheet>'


FAR_CELL = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>备注</t></is></c></row>'
BLANK = (
    '<?xml version="1.0"?><worksheet xmlns="MAIN"><sheetData>'
    + " " * 400_000
    + '<row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
)

CASES = (
    *(Case(f"vrt-as{suffix}", f"OGR VRT（指向别的文件）改名为 {suffix}", single(f"小班{suffix}", VRT), Refused("小班"))
      for suffix in (".kml", ".geojson", ".json", ".gpkg", ".txt", ".csv", ".gpx", ".dxf", ".tab", ".mif", ".fgb")),
    Case("vrt-as.shp", "OGR VRT 改名为 .shp", loose("小班", {".shp": VRT.encode(), ".dbf": table(["1"], names=["XBH"])}),
         Refused("内容不是 Shapefile")),
    Case("vrt-in-zip", "zip 里的 VRT，名为 .geojson", packed("资料.zip", [("小班.geojson", VRT.encode())]), Refused("内容不是 GeoJSON")),
    Case("vrt-in-kmz", "KMZ 里的 VRT", packed("图.kmz", [("doc.kml", VRT.encode())]), Refused("不是能读的 KML")),
    Case("vrt-plain", "VRT 本身", single("小班.vrt", VRT), Refused("格式不能读")),
    Case("gdalg-geojson", "GDAL 流水线（会去读网址）改名为 .geojson", single("小班.geojson", PIPELINE), Refused("不是能读的 GeoJSON")),
    Case("gdalg-json", "GDAL 流水线改名为 .json", single("小班.json", PIPELINE), Refused("不是能读的 GeoJSON")),
    Case("wfs-geojson", "WFS 描述改名为 .geojson", single("小班.geojson", WFS), Refused("内容不是 GeoJSON")),
    Case("wfs-xml", "WFS 描述本身", single("小班.xml", WFS), Refused("格式不能读")),
    Case("wfs-kml", "WFS 描述改名为 .kml", single("小班.kml", WFS), Refused("不是能读的 KML")),
    Case("kml-network-link", "KML 只有一个网络链接（不访问）",
         single("图.kml", kml("<NetworkLink><Link><href>http://198.51.100.1/a.kml</href></Link></NetworkLink>")), Refused("空的")),
    Case("kml-link-beside", "KML 里有地块，还有图标网址（不访问）",
         single("图.kml", kml("<Style><IconStyle><Icon><href>http://198.51.100.1/a.png</href></Icon></IconStyle></Style>", PLOT)),
         Taken(1, ["R207"], mu=MU)),
    Case("kml-bomb", "KML 实体炸弹", single("图.kml", kml(placemark("&j;", square(0)).replace("&amp;j;", "&j;"), before=BOMB)),
         Refused("XML 有误")),
    Case("kml-xxe", "KML 外部实体（要读本机的文件）", single("图.kml", kml(PLOT.replace("0012", "&x;"), before=STEALING)),
         Refused("XML 有误")),
    Case("kml-dtd", "KML 声明了外部 DTD", single("图.kml", kml(PLOT, before='<!DOCTYPE kml SYSTEM "http://198.51.100.1/k.dtd">')),
         Refused("XML 有误")),
    Case("kml-gx-array", "KML 的 gx: 数组（GDAL 的 LIBKML 会因此崩溃）", single("图.kml", kml(
        '<Placemark><name>0012</name><gx:Track><ExtendedData><SchemaData schemaUrl="#s">'
        + "".join(f'<gx:SimpleArrayData name="a{at}"><gx:value>-1</gx:value></gx:SimpleArrayData>' for at in range(60))
        + "</SchemaData></ExtendedData></gx:Track></Placemark>", PLOT,
        space=f'{KML_SPACE} xmlns:gx="http://www.google.com/kml/ext/2.2"')),
        Taken(1, ["R207"], left={1: "R121"}, mu=MU)),
    Case("kml-deep", "KML 嵌套一千层", single("图.kml", kml("<Folder>" * 1000 + PLOT + "</Folder>" * 1000)), Refused("嵌套超过")),
    Case("kml-cut", "KML 没写完", single("图.kml", kml(PLOT)[:-40]), Refused("XML 有误")),
    Case("kml-is-html", "网页改名为 .kml", single("图.kml", "<!DOCTYPE html><html><body>404</body></html>"), Refused("不是能读的 KML")),
    Case("gpx-bomb", "GPX 实体炸弹", single("轨迹.gpx", gpx(track("0012", walk(square(0))).replace("0012", "&j;"), before=BOMB)),
         Refused("XML 有误")),
    Case("gpx-xxe", "GPX 外部实体", single("轨迹.gpx", gpx(track("&x;", walk(square(0))), before=STEALING)), Refused("XML 有误")),
    Case("json-link-inside", "GeoJSON 属性里有网址和 HTML（当文字）", single("小班.geojson", collection(polygon(square(0)), rows=[
        {"小班号": "1", "名称": '<img src="http://198.51.100.1/x">'}])), Taken(1, says={"name": ['<img src="http://198.51.100.1/x">']})),
    Case("gpkg-trigger", "GeoPackage 里有触发器，要把状态改成已验收",
         package("CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN UPDATE \"小班\" SET 状态 = '县级验收合格'; END"),
         Taken(1, mu=MU, says={"status": ["in_progress"]}), is_exact=False),
    Case("gpkg-endless-view", "GeoPackage 里有永不结束的视图", package(f"CREATE VIEW v AS {ENDLESS}", *LISTED), Taken(1, ["R114"], mu=MU),
         is_exact=False),
    Case("gpkg-huge-view", "GeoPackage 里有 400 MB 的视图", package(f"CREATE VIEW v AS {HUGE}", *LISTED), Taken(1, ["R114"], mu=MU),
         is_exact=False),
    Case("gpkg-views-only", "GeoPackage 里只有视图", package(
        'CREATE VIEW v AS SELECT fid, geom FROM "小班"', "UPDATE gpkg_contents SET table_name = 'v', identifier = 'v'",
        "UPDATE gpkg_geometry_columns SET table_name = 'v'"), Refused("没有矢量图层", "视图"), is_exact=False),
    Case("gpkg-list-is-view", "GeoPackage 的目录表是视图", package(
        "ALTER TABLE gpkg_contents RENAME TO real", "CREATE VIEW gpkg_contents AS SELECT * FROM real"), Refused("gpkg_contents"),
        is_exact=False),
    Case("gpkg-name", "图层名像数据库语句", package(layer='plots"; DROP TABLE plots;--'),
         Taken(1, mu=MU, layers=['plots"; DROP TABLE plots;--']), is_exact=False),
    Case("gpkg-tiles", "只有瓦片的 GeoPackage", package("UPDATE gpkg_contents SET data_type = 'tiles'"), Refused("没有矢量图层"),
         is_exact=False),
    Case("gpkg-empty", "0 行的图层", package('DELETE FROM "小班"'), Refused("空的"), is_exact=False),
    Case("gpkg-two-systems", "一个 GeoPackage 里两个图层，坐标系不同", _two_systems, Taken(2, mu=2 * MU, layers=["封山", "造林"]),
         is_exact=False),
    Case("gpkg-undefined", "坐标系写成“未定义”", package("UPDATE gpkg_geometry_columns SET srs_id = 0",
         "UPDATE gpkg_contents SET srs_id = 0"),
         Refused("没有声明坐标系", "--crs EPSG:4490"), is_exact=False),
    Case("gpkg-open", "别的软件正开着（旁边有 -wal）", _open_elsewhere, Refused("正被别的软件打开", "保存并关闭"), is_exact=False),
    Case("gpkg-damaged", "GeoPackage 损坏", _damaged, Refused("GeoPackage"), is_exact=False),
    Case("gpkg-is-shp", "Shapefile 改名为 .gpkg", single("小班.gpkg", shapefile([[square(0)]])[".shp"]), Refused("像是 Shapefile")),
    Case("xlsx-bomb", "Excel 的共享文字里有实体炸弹", workbook("拐点.xlsx", {"拐点": [*HEADED, *CORNERS]}, strings=BOMBED),
         Taken(1, ["R148", "R154"], mu=MU)),
    Case("xlsx-bomb-sheet", "Excel 的表里有实体炸弹", workbook("拐点.xlsx", {"拐点": []}, sheet1=BOMB_SHEET), Refused("拐点.xlsx")),
    Case("xlsx-far-cell", "备注写在最后一格 XFD1048576", workbook("拐点.xlsx", {"拐点": []}, sheet1=_sheet_of(FAR_CELL)),
         Taken(1, ["R148", "R154"], mu=MU)),
    Case("xlsx-merged", "整张表合并成一格", workbook("拐点.xlsx", {"拐点": []},
         sheet1=_sheet_of("", '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
         Taken(1, ["R148", "R154"], mu=MU)),
    Case("xlsx-large", "解开后太大（限降到 20 万字节）", workbook("拐点.xlsx", {"拐点": []}, sheet1=BLANK), Refused("太大"),
         limits={"workbook": {"total_bytes": 200_000}}),
    Case("xlsx-ratio", "压缩比太高（从 1 万字节起算）", workbook("拐点.xlsx", {"拐点": []}, sheet1=BLANK), Refused("压缩比"),
         limits={"archive": {"ratio_from_bytes": 10_000, "ratio": 50}}),
    Case("xlsx-digits", "一格 5 000 位的数", workbook("拐点.xlsx", {"拐点": [*HEADED, *CORNERS[:3], ["J4", CORNERS[3][1], "9" * 5000]]}),
         Refused("第 5 行")),
    Case("xlsx-year", "一格日期是 99999 年", workbook("拐点.xlsx", {"拐点": [*HEADED, *CORNERS, ["制表", "99999-01-01", ""]]}),
         Taken(1, ["R148", "R149", "R154"], mu=MU)),
    Case("xlsx-password", "加了密码的 Excel", single("拐点.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504),
         Refused("Office 旧格式")),
    Case("xlsx-cut", "Excel 没传完", single("拐点.xlsx", zip_of(workbook_members({"拐点": [*HEADED, *CORNERS]}))[:-60]),
         Refused("不是完好的 Excel")),
    Case("xlsx-not-a-book", "docx 改名为 .xlsx", packed("拐点.xlsx", [("word/document.xml", b"<w/>")]), Refused("不是完好的 Excel")),
    Case("xlsx-empty", "空的工作簿", workbook("拐点.xlsx", {"Sheet1": []}), Refused("空的")),
    Case("xlsx-owner-file", "Excel 打开时留下的 ~$ 文件", single("~$拐点.xlsx", b"\x05admin" + b" " * 159), Refused("内容不是 xlsx")),
    Case("txt-binary", "二进制内容改名为 .txt", single("界址点.txt", bytes(range(256)) * 4), Refused("内容不是")),
    Case("txt-endless-line", "一行三万字", txt("1," * 15_000), Refused("字符")),
    Case("txt-huge-number", "坐标是 5 000 位的数", txt("[地块坐标]", "4,,1,甲,面,,,,@", f"J1,1,{'9' * 5000},35520000",
         "J2,1,2775200,35520000", "J3,1,2775200,35520200"),
         Taken(0, ["R101"], left={1: "R126"}), how={"crs": "EPSG:4523"}),
    Case("prj-bomb", ".prj 有十万字", loose("小班", shapefile([[square(0)]], crs=prj(4544).replace(b'"', b'"' + b" " * 100_000, 1))),
         Refused("读不懂", "--crs")),
    Case("shp-count-lies", ".dbf 说有二十亿条记录", loose("小班",
         {**shapefile([[square(0)]], crs=4544), ".dbf": table(["1"], names=["XBH"])[:4] + b"\xff\xff\xff\x7f" + table(["1"],
         names=["XBH"])[8:]}),
         Refused("记录数")),
    Case("side-file", "旁边有同名的别的文件（.xml、.sbn），不读",
         loose("小班", {**shapefile([[square(0)]], crs=4544), ".shp.xml": VRT.encode(), ".sbn": b"x"}),
         Taken(1, mu=MU)),
)  # fmt: skip
