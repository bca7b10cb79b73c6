"""Shapefiles as they are sent: parts missing, tables in any encoding, shapes of any kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..readers.files import TEXT, dbf
from .case import Case, Make, Refused, Taken
from .drafting import MU, loose, members, numbers_table, packed, shapefile, single, square, table

TWO = ([square(0)], [square(1)])
ONE = ([square(0)],)
ZONED = ([square(0, zone=35_000_000)], [square(1, zone=35_000_000)])
VILLAGES = table(("0012", "红岩村"), ("0013", "白岩村"))
IN_UTF8 = table(("0012", "红岩村"), ("0013", "白岩村"), codec="utf-8")
SAYS = {"source_id": ["0012", "0013"], "village": ["红岩村", "白岩村"]}


def _capitals(folder: Path) -> Path:
    for suffix, content in shapefile(TWO, crs=4544).items():
        (folder / f"XB{suffix.upper()}").write_bytes(content)
    return folder / "XB.SHP"


def _read_only(folder: Path) -> Path:
    path = loose("小班", shapefile(TWO, crs=4544))(folder)
    for part in folder.iterdir():
        part.chmod(0o444)
    return path


def _named(stem: str) -> Make:
    return loose(stem, shapefile(TWO, crs=4544, dbf=VILLAGES))


def _cut(parts: dict[str, bytes], suffix: str, size: int) -> dict[str, bytes]:
    return {**parts, suffix: parts[suffix][:size]}


CASES = (
    Case("shp-whole", "五个文件齐全，.prj 是 ArcGIS 写的 CGCS2000 3 度带 35 带，属性表 UTF-8 有 .cpg",
         loose("小班", shapefile(ZONED, dbf=IN_UTF8, cpg="UTF-8")),
         Taken(2, ["R101"], mu=2 * MU, crs="EPSG:4523", encoding="UTF-8", layers=["小班"], says=SAYS)),
    Case("shp-no-prj", "没有 .prj，坐标带 35 带号", loose("小班", shapefile(ZONED, crs=None)),
         Refused("没有声明坐标系", "--crs EPSG:4523")),
    Case("shp-no-prj-told", "同上，加了 --crs EPSG:4523", loose("小班", shapefile(ZONED, crs=None)),
         Taken(2, mu=2 * MU, crs="EPSG:4523"), how={"crs": "EPSG:4523"}),
    Case("shp-no-prj-auto", "同上，加了 --crs auto", loose("小班", shapefile(ZONED, crs=None)),
         Taken(2, ["R107"], mu=2 * MU, crs="EPSG:4523"), how={"crs": "auto"}),
    Case("shp-no-prj-plain", "没有 .prj，坐标不带带号（35 带、UTM 48 带、西安80 数字都一样）", loose("小班", shapefile(TWO, crs=None)),
         Refused("UTM 48N", "--crs EPSG:4544")),
    Case("shp-no-shx", "没有 .shx", loose("小班", shapefile(TWO, crs=4544, without=[".shx"])), Taken(2, ["R106"], mu=2 * MU)),
    Case("shp-no-dbf", "没有 .dbf", loose("小班", shapefile(TWO, crs=4544, without=[".dbf"])), Refused(".dbf", ".dbf")),
    Case("shp-only-dbf", "只给了 .dbf", single("小班.dbf", VILLAGES), Refused("格式不能读", "小班.shp")),
    Case("shp-gbk-id0", "属性表 GBK，语言标志 0，没有 .cpg", loose("小班", shapefile(TWO, crs=4544, dbf=VILLAGES)),
         Taken(2, ["R101"], mu=2 * MU, encoding="GB18030", says=SAYS)),
    Case("shp-utf8-id0", "属性表 UTF-8，语言标志 0，没有 .cpg（按 GBK 也解得开，但会是错字）",
         loose("小班", shapefile(TWO, crs=4544, dbf=IN_UTF8)),
         Taken(2, ["R101"], mu=2 * MU, encoding="UTF-8", says=SAYS)),
    Case("shp-cpg-utf8-but-gbk", ".cpg 写 UTF-8，内容是 GBK", loose("小班", shapefile(TWO, crs=4544, dbf=VILLAGES, cpg="UTF-8")),
         Taken(2, ["R101", "R102"], mu=2 * MU, encoding="GB18030", says=SAYS)),
    Case("shp-cpg-gbk-but-utf8", ".cpg 写 936，内容是 UTF-8", loose("小班", shapefile(TWO, crs=4544, dbf=IN_UTF8, cpg="936")),
         Taken(2, ["R101", "R102"], mu=2 * MU, encoding="UTF-8", says=SAYS)),
    Case("shp-cpg-nonsense", ".cpg 写的不是编码名", loose("小班", shapefile(TWO, crs=4544, dbf=VILLAGES, cpg="chinese!")),
         Taken(2, ["R101"], mu=2 * MU, encoding="GB18030", says=SAYS)),
    Case("shp-lang-1252", "语言标志写西欧 1252，内容是 GBK",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(("0012", "红岩村"), ("0013", "白岩村"), language_id=0x03))),
         Taken(2, ["R101", "R102"], mu=2 * MU, encoding="GB18030", says=SAYS)),
    Case("shp-big5", "属性表是繁体 Big5，.cpg 也这样写",
         loose("小班", shapefile(TWO, crs=4544, cpg="950", dbf=table(("0012", "紅巖村"), ("0013", "白巖村"), names=("XBH", "CUN"),
         codec="big5"))),
         Taken(2, ["R101"], mu=2 * MU, says={"village": ["紅巖村", "白巖村"]}), how={"encoding": "Big5"}),
    Case("dbf-cut-gbk", "属性表 GBK，一格装满，末字只剩半个",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(("0012", "雨樟镇红岩村"), ("0013", "白岩村"), width=11))),
         Taken(2, ["R101", "R103"], mu=2 * MU, encoding="GB18030", is_cut=True)),
    Case("dbf-cut-utf8", "属性表 UTF-8，一格装满，末字只剩一部分",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(("0012", "雨樟镇红岩村"), ("0013", "白岩村"), codec="utf-8", width=16))),
         Taken(2, ["R101", "R103"], mu=2 * MU, encoding="UTF-8", is_cut=True)),
    Case("dbf-names-cut", "列名截成 10 个字节：上报面积(、造林成活率",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(
             ("1", "60", "88"), ("2", "60", "90"), names=("XBH", "上报面积（亩）", "造林成活率(%)")))),
         Taken(2, ["R101", "R203", "R211"], mu=2 * MU, says={"reported_m2": [40_000.0, 40_000.0], "survival_pct": [88.0, 90.0]})),
    Case("dbf-names-cut-utf8", "列名是 UTF-8，截成 10 个字节，末字只剩一部分",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(("1", "60"), ("2", "60"), names=("XBH", "上报面积"), codec="utf-8"))),
         Taken(2, ["R101", "R203"], mu=2 * MU, encoding="UTF-8", says={"reported_m2": [40_000.0, 40_000.0]}, is_cut=True)),
    Case("dbf-names-collide", "两个长列名截断后相同",
         loose("小班", shapefile(TWO, crs=4544, dbf=table(
             ("1", "60.5", "60"), ("2", "61.5", "60"), names=("XBH", "小班面积合计一", "小班面积合计二")))),
         Taken(2, ["R101", "R116"], mu=2 * MU, encoding="GB18030")),
    Case("dbf-asterisks", "数字列里是一串星号",
         loose("小班", shapefile(TWO, crs=4544, dbf=numbers_table(6, 1, b"******", b"60.0", name=b"MJ_MU"))),
         Taken(2, ["R119"], mu=2 * MU)),
    Case("dbf-deleted", "一条记录标了删除", loose("小班", shapefile(TWO, crs=4544,
         dbf=table(("0012", "红岩村"), ("0013", "白岩村"), deleted=[0]))),
         Taken(1, ["R101", "R117"], mu=MU, says={"source_id": ["0013"], "source_row": [2]})),
    Case("dbf-more-records", "属性记录比图形多一条", loose("小班", shapefile(ONE, crs=4544, dbf=VILLAGES)),
         Taken(1, ["R101", "R118"], left={2: "R121"}, mu=MU)),
    Case("dbf-fewer-records", "属性记录比图形少一条", loose("小班", shapefile(TWO, crs=4544, dbf=table(("0012", "红岩村")))),
         Refused("2 个图形、1 条", "同一次导出")),
    Case("dbf-cut-off", "属性表被截断", loose("小班", _cut(shapefile(TWO, crs=4544, dbf=VILLAGES), ".dbf", 120)),
         Refused(".dbf", "重新拷贝")),
    Case("shp-cut-off", ".shp 被截断", loose("小班", _cut(shapefile(TWO, crs=4544), ".shp", 200)), Refused("被截断", "重新拷贝")),
    Case("shp-empty", "0 个要素", loose("小班", shapefile((), crs=4544)), Refused("空的")),
    Case("shp-text", "改了后缀的文本", loose("小班", {".shp": b"not a shapefile\n" * 20, ".dbf": VILLAGES}), Refused("内容不是 Shapefile")),
    Case("shp-null-shape", "一个空图形", loose("小班", shapefile((*ONE, None), crs=4544)), Taken(1, left={2: "R121"}, mu=MU)),
    Case("shp-polygon-z", "Polygon Z", loose("小班", shapefile(TWO, crs=4544, kind=15)), Taken(2, ["R133"], mu=2 * MU)),
    Case("shp-polygon-m", "Polygon M（M 值与位置无关，略去不提）", loose("小班", shapefile(TWO, crs=4544, kind=25)), Taken(2, mu=2 * MU)),
    Case("shp-lines", "全是线", loose("小班", shapefile(TWO, crs=4544, kind=3)), Taken(0, left={1: "R122", 2: "R122"})),
    Case("shp-multi-part", "一个小班两块", loose("小班", shapefile(([square(0), square(2)],), crs=4544)), Taken(1, mu=2 * MU)),
    Case("shp-hole", "一个小班中间有洞（50 米见方）", loose("小班", shapefile(([square(0), _hole := [
        (520_050.0, 2_775_050.0), (520_100.0, 2_775_050.0), (520_100.0, 2_775_100.0), (520_050.0, 2_775_100.0), (520_050.0, 2_775_050.0)]],
        ),
        crs=4544)), Taken(1, mu=MU - 3.75)),
    Case("shp-capitals", "后缀全大写", _capitals, Taken(2, mu=2 * MU)),
    Case("shp-read-only", "文件只读", _read_only, Taken(2, mu=2 * MU)),
    Case("name-spaces", "文件名有空格和中文", _named("2021年 造林 小班"), Taken(2, ["R101"], mu=2 * MU, layers=["2021年 造林 小班"])),
    Case("name-exclamation", "文件名有 ! 和括号", _named("小班!（终）(1)[2]"), Taken(2, ["R101"], mu=2 * MU, layers=["小班!（终）(1)[2]"])),
    Case("name-quotes", "文件名有引号和 %", _named("甲's 50% 图"), Taken(2, ["R101"], mu=2 * MU)),
    Case("zip-shp", "打成一个 zip", packed("小班.zip", members(shapefile(TWO, crs=4544, dbf=VILLAGES), "小班")),
         Taken(2, ["R101"], mu=2 * MU, layers=["小班"], says=SAYS)),
    Case("zip-shp-townships", "一个 zip 里两个乡镇各有一个 小班.shp，小班号也相同（第二个在导入时按重复拒收）",
         packed("资料.zip", [*members(shapefile(ONE, crs=4544), "龙广镇/小班"),
         *members(shapefile(([square(1)],), crs=4544), "雨樟镇/小班")]),
         Taken(2, mu=2 * MU, layers=["雨樟镇/小班", "龙广镇/小班"], doubled=1)),
    Case("dbf-day", "属性表有日期型的列", loose("小班", shapefile(ONE, crs=4544, dbf=dbf(
         [(b"XBH", TEXT, 10, 0), ("登记日期".encode("gbk"), "D", 8, 0)], [[b"1", b"20210305"]]))),
         Taken(1, ["R101"], mu=MU, says={"happened_on": [date(2021, 3, 5)]})),
    Case("zip-shp-several", "一个 zip 里两个 Shapefile，编码和坐标系各不相同",
         packed("资料.zip", [*members(shapefile(ONE, crs=4544, dbf=table(("0012", "红岩村"))), "资料/封山"),
                           *members(shapefile(([square(1, zone=35_000_000)],), dbf=table(("0013", "白岩村"), codec="utf-8")),
         "资料/造林")]),
         Taken(2, ["R101"], mu=2 * MU, layers=["封山", "造林"], says=SAYS)),
)  # fmt: skip
