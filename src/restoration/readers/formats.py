"""Which format a name promises, how its content begins, which parts it comes in; and which formats are not read, and the way round."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..text import Text

Looks = Callable[[bytes], bool]
_TABLE = re.compile(r"a[0-9a-f]{8}\.gdbtabl[ex]", re.ASCII)
_WKT = re.compile(rb"(?:SRID=\d+;)?(?:MULTI)?POLYGON\s*(?:Z|M|ZM)?\s*\(", re.IGNORECASE)
_NATIVE = re.compile(rb"^\s*Type\s+NATIVE\b", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Format:
    """One format: its main file and the parts beside it.

    Attributes
    ----------
    parts
        Suffixes of the files that belong to the main one, under its name.
    needed
        Those of them without which it cannot be read.
    is_shy
        In an archive a file of this suffix with other content is somebody else's and is passed over.
    is_list
        A list of corners; in an archive such a file is as often a note or a data dictionary, and counts only where nothing else is.
    """

    label: str
    suffixes: tuple[str, ...]
    looks: Looks
    parts: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    is_shy: bool = False
    is_list: bool = False


@dataclass(frozen=True)
class Slot:
    """Where a file belongs: the data set that it is part of (a path without suffix), its format, and which part it is."""

    stem: str
    format: str
    part: str


def _first(content: bytes) -> bytes:
    return content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _is_xml(content: bytes) -> bool:
    return _first(content) == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff")


def _is_dxf(content: bytes) -> bool:
    return content[:64].removeprefix(b"\xef\xbb\xbf").split()[:1] in ([b"0"], [b"999"]) and b"SECTION" in content[:4096]


def _is_table(content: bytes) -> bool:
    return content[:6].lower() == b"!table" and bool(_NATIVE.search(content[:_HEAD_BYTES])) and b"\\IsSeamless" not in content


def _is_mif(content: bytes) -> bool:
    return content[:7].lower() == b"version"


def _has_wkt(content: bytes) -> bool:
    return bool(_WKT.search(content.replace(b"\0", b"") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else content))


def _is_text(content: bytes) -> bool:
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in content[:4096]


FORMATS: Mapping[str, Format] = {
    "shapefile": Format(
        "Shapefile", (".shp",), lambda content: content[:4] == b"\x00\x00\x27\x0a", (".shx", ".dbf", ".prj", ".cpg"), (".dbf",)
    ),
    "geopackage": Format("GeoPackage", (".gpkg",), lambda content: content[:16] == b"SQLite format 3\x00"),
    "geojson": Format("GeoJSON", (".geojson", ".json"), lambda content: _first(content) == b"{"),
    "geojsonseq": Format(
        "GeoJSONSeq", (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson"), lambda content: _first(content) in (b"{", b"\x1e")
    ),
    "kml": Format("KML", (".kml", ".ovkml"), _is_xml),
    "ovjsn": Format("奥维 OVJSN", (".ovjsn",), lambda content: _first(content) in (b"{", b"[")),
    "gpx": Format("GPX", (".gpx",), _is_xml),
    "dxf": Format("DXF", (".dxf",), _is_dxf),
    "geodatabase": Format("File Geodatabase", (), lambda content: content[:4] in (b"\x03\0\0\0", b"\x04\0\0\0")),
    "flatgeobuf": Format("FlatGeobuf", (".fgb",), lambda content: content[:3] == b"fgb" and content[4:7] == b"fgb"),
    "tab": Format("MapInfo TAB", (".tab",), _is_table, (".dat", ".map", ".id", ".ind"), (".dat", ".map", ".id"), is_shy=True),
    "mif": Format("MapInfo MIF", (".mif",), _is_mif, (".mid",), (".mid",), is_shy=True),
    "parquet": Format("GeoParquet", (".parquet", ".geoparquet"), lambda content: content[:4] == content[-4:] == b"PAR1"),
    "wkt": Format("CSV (WKT)", (".csv",), _has_wkt),
    "corners": Format("text", (".txt", ".csv"), _is_text, is_list=True),
    "workbook": Format("xlsx", (".xlsx",), lambda content: content[:4] == b"PK\x03\x04", is_list=True),
}
"""Every format that is read. A file geodatabase is a folder and has no suffix of its own inside."""
MAIN: Mapping[str, str] = {suffix: name for name, one in FORMATS.items() for suffix in one.suffixes}
"""Which format a suffix promises; a ``.csv`` may be of another, see `told_apart`."""
PART: Mapping[str, str] = {suffix: name for name, one in FORMATS.items() for suffix in one.parts}
"""Which format a suffix is only a part of."""
FIRST_TABLE = "a00000001.gdbtable"
"""The one file without which a folder is no geodatabase."""


def slot(path: PurePosixPath) -> Slot | None:
    """Where a file belongs by its name alone, ``None`` for nowhere.

    Examples
    --------
    >>> slot(PurePosixPath("资料/小班.DBF"))
    Slot(stem='资料/小班', format='shapefile', part='.dbf')
    >>> slot(PurePosixPath("林.gdb/A00000001.gdbtable")).part, slot(PurePosixPath("a.doc"))
    ('a00000001.gdbtable', None)
    """
    suffix = path.suffix.lower()
    if _TABLE.fullmatch(path.name.lower()):
        return Slot(path.parent.as_posix(), "geodatabase", path.name.lower())
    found = MAIN.get(suffix) or PART.get(suffix)
    return Slot(path.with_suffix("").as_posix(), found, suffix) if found else None


def told_apart(name: str, suffix: str, content: bytes) -> str:
    """The format of a file, where others share its suffix: a ``.csv`` with WKT is a map layer, any other a list of corners.

    Examples
    --------
    >>> told_apart("corners", ".csv", b"1,POLYGON ((0 0, 1 0, 1 1, 0 0))"), told_apart("corners", ".csv", b"X,Y")
    ('wkt', 'corners')
    """
    return "wkt" if suffix in FORMATS["wkt"].suffixes and FORMATS["wkt"].looks(content) else name


_SIGNS: tuple[tuple[Text, Looks], ...] = (
    (Text("DWG", "DWG"), lambda content: content[:4] == b"AC10"),
    (Text("二进制 DXF", "a binary DXF"), lambda content: content[:18] == b"AutoCAD Binary DXF"),
    (Text("zip 压缩包", "a zip archive"), lambda content: content[:4] == b"PK\x03\x04"),
    (Text("rar 压缩包", "a rar archive"), lambda content: content[:4] == b"Rar!"),
    (Text("7z 压缩包", "a 7z archive"), lambda content: content[:6] == b"7z\xbc\xaf\x27\x1c"),
    (Text("PDF", "a PDF"), lambda content: content[:5] == b"%PDF-"),
    (Text("Office 旧格式文档", "an old Office document"), lambda content: content[:4] == b"\xd0\xcf\x11\xe0"),
    (Text("网页", "a web page"), lambda content: content[:512].lstrip().lower().startswith((b"<!doctype html", b"<html"))),
    (Text("MapInfo 非 NATIVE 表（视图、链接、影像或拼接表）", "a MapInfo table that only points at others"),
     lambda content: content[:6].lower() == b"!table"),
    (Text("GPX", "GPX"), lambda content: _is_xml(content) and b"<gpx" in content[:4096]),
    (Text("KML", "KML"), lambda content: _is_xml(content) and b"<kml" in content[:4096]),
    *((Text(FORMATS[name].label, FORMATS[name].label), FORMATS[name].looks)
      for name in ("shapefile", "geopackage", "flatgeobuf", "parquet", "dxf", "mif")),
)  # fmt: skip


def looks_like(content: bytes) -> Text | None:
    """What the first bytes are those of, where that is known.

    Examples
    --------
    >>> looks_like(b"AC1032 ...").en
    'DWG'
    """
    return next((label for label, looks in _SIGNS if content and looks(content)), None)


_AS_GPKG = Text("请在 ArcGIS 或 QGIS 里导出为 GeoPackage 或 Shapefile。", "Export it from ArcGIS or QGIS as GeoPackage or shapefile.")
_MAPGIS = (
    Text("MapGIS 的私有格式", "a private format of MapGIS"),
    Text(
        "请在 MapGIS 里用“图形转换”输出为 Shapefile（区文件），并问清坐标系。", "Convert it in MapGIS to a shapefile, and ask for its CRS."
    ),
)
_PROJECT = (
    Text("只记图层的样式和路径，不含图形", "holds styles and paths, no shapes"),
    Text("请给出它所指的数据文件。", "Give the data files that it points at."),
)
_OLD_TABLE = (
    Text("旧的或 WPS 私有的表格", "a table of an old or private kind"),
    Text("请在 Excel 或 WPS 里另存为 .xlsx。", "Save it as .xlsx in Excel or WPS."),
)
_PACKED = (
    Text("这种压缩包不打开", "an archive of a kind that is not opened"),
    Text("请解开后给出里面的文件，或改打成 zip。", "Unpack it, or pack it as a zip."),
)
_PICTURE = (
    Text("是图片，没有界线的坐标", "a picture, without coordinates of boundaries"),
    Text("请索要制图用的矢量文件（.shp、.gpkg、.dxf）。", "Ask for the vector file it was made from (.shp, .gpkg, .dxf)."),
)
UNREAD: Mapping[str, tuple[Text, Text]] = {
    ".ovobj": (
        Text("奥维对象，私有格式", "objects of 奥维 (Ovital), a private format"),
        Text("请在奥维里导出为 .ovkml，坐标类型选 CGCS2000（或 WGS84）。", "Export it from 奥维 as .ovkml, in CGCS2000 (or WGS84)."),
    ),
    ".dwg": (
        Text("AutoCAD 的私有格式", "a private format of AutoCAD"),
        Text("请在 CAD 里另存为 .dxf（文本，不要二进制），并问清坐标系。", "Save it as .dxf (as text, not binary), and ask for its CRS."),
    ),
    ".dgn": (Text("MicroStation 图形", "a drawing of MicroStation"), Text("请在 CAD 里另存为 .dxf。", "Save it as .dxf.")),
    **dict.fromkeys((".mpj", ".wp", ".wl", ".wt", ".mapgis"), _MAPGIS),
    ".mdb": (Text("ArcGIS 个人地理数据库", "a personal geodatabase"), _AS_GPKG),
    ".vct": (Text("国土 VCT 交换格式", "the exchange format VCT"), _AS_GPKG),
    ".e00": (Text("ArcInfo 交换格式", "the exchange format of ArcInfo"), _AS_GPKG),
    ".gml": (Text("GML", "GML"), _AS_GPKG),
    **dict.fromkeys((".mxd", ".aprx", ".lyr", ".lyrx", ".qgs", ".qgz", ".wor"), _PROJECT),
    **dict.fromkeys((".xls", ".et"), _OLD_TABLE),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz"), _PACKED),
    **dict.fromkeys((".tif", ".tiff", ".img", ".jpg", ".jpeg", ".png", ".pdf"), _PICTURE),
}  # fmt: skip
"""Formats that are not read: what they are, and how to bring their content over."""
READ = Text(
    "能读 .shp .gpkg .geojson .geojsonl .kml .ovkml .ovjsn .gpx .dxf .gdb .fgb .tab .mif .csv(WKT) .parquet、"
    "界址点或拐点的 .txt .csv .xlsx，或它们的 .zip",
    "Read are .shp .gpkg .geojson .geojsonl .kml .ovkml .ovjsn .gpx .dxf .gdb .fgb .tab .mif .csv (WKT) .parquet,"
    " corners in .txt .csv .xlsx, or a .zip of them",
)
"""What is read, in one sentence without its full stop."""
