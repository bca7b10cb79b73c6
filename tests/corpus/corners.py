"""Lists of corners: the dialects of 界址点 TXT, and tables of 拐点 in any hand."""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case, Refused, Taken
from .drafting import (
    EAST,
    MU,
    NORTH,
    USUAL_HEAD,
    ZONE,
    Ring,
    corner_lines,
    degrees,
    head_with,
    single,
    square,
    txt,
    workbook,
)  # fmt: skip

PLOT = square(0, zone=ZONE)
NEXT = square(2, zone=ZONE)
SHORT = square(0)
INNER = [(EAST + ZONE + x, NORTH + y) for x, y in ((50, 50), (100, 50), (100, 100), (50, 100), (50, 50))]
HEAD = "5,4.0,0012,红岩,面,,人工造林,,@"
BODY = [HEAD, *corner_lines(PLOT)]
ONE = {"source_id": ["0012"], "name": ["红岩"]}
CRS = "EPSG:4523"


def xy(ring: Ring, form: str = "{n}\t{x:.3f}\t{y:.3f}") -> list[str]:
    """Lines of a table: number, northing, easting."""
    return [form.format(n=at, x=north, y=east) for at, (east, north) in enumerate(list(ring)[:-1], 1)]


def rows(ring: Ring) -> list[list[object]]:
    """Rows of a sheet."""
    return [[at, north, east] for at, (east, north) in enumerate(list(ring)[:-1], 1)]


def dms(value: float, form: str) -> str:
    """Degrees, minutes and seconds to 0.0001 s (3 mm)."""
    total = round(value * 36_000_000)
    whole, rest = divmod(total, 36_000_000)
    minutes, ten_thousandths = divmod(rest, 600_000)
    return form.format(d=whole, m=minutes, s=ten_thousandths / 10_000, t=ten_thousandths)


def angles(form: str, heading: str = "拐点\t经度\t纬度", sides: Sequence[str] = ("", "")) -> list[str]:
    """A table of degrees written so, longitude first."""
    return [heading, *(f"{at}\t{sides[0]}{dms(x, form)}\t{sides[1]}{dms(y, form)}" for at, (x, y) in enumerate(degrees(SHORT)[:-1], 1))]


TITLE = "拐点坐标(2000国家大地坐标系)"
XY = "点号\tX坐标\tY坐标"
CSV = [TITLE, "点号,X坐标,Y坐标", *xy(PLOT, "{n},{x:.3f},{y:.3f}")]
READ = ["R148", "R149", "R154"]
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")

CASES = (
    Case("txt-gbk", "界址点 TXT，GBK，CRLF", txt(USUAL_HEAD, BODY), Taken(1, ["R101"], mu=MU, crs=CRS, encoding="GB18030", says=ONE)),
    Case("txt-utf8", "UTF-8", txt(USUAL_HEAD, BODY, codec="utf-8", newline="\n"), Taken(1, mu=MU, crs=CRS, encoding="UTF-8", says=ONE)),
    Case("txt-bom", "UTF-8 带 BOM", txt(USUAL_HEAD, BODY, codec="utf-8-sig"), Taken(1, mu=MU, crs=CRS, says=ONE)),
    Case("txt-utf16", "记事本存成 Unicode（UTF-16）", txt(USUAL_HEAD, BODY, codec="utf-16"), Taken(1, ["R101"], mu=MU, crs=CRS, says=ONE)),
    Case("txt-old-mac", "只用回车换行", txt(USUAL_HEAD, BODY, newline="\r"), Taken(1, ["R101"], mu=MU, says=ONE)),
    Case("txt-no-labels", "点号没有 J", txt(USUAL_HEAD, HEAD, corner_lines(PLOT, label="{}")), Taken(1, ["R101"], mu=MU)),
    Case("txt-no-ring", "没有圈号", txt(USUAL_HEAD, HEAD, corner_lines(PLOT, form="{label},{x:.3f},{y:.3f}")), Taken(1, ["R101"], mu=MU)),
    Case("txt-blanks", "空格分隔", txt(USUAL_HEAD, HEAD, corner_lines(PLOT, form="{label} {ring} {x:.3f} {y:.3f}")),
         Taken(1, ["R101"], mu=MU)),
    Case("txt-wide-commas", "全角逗号", txt(USUAL_HEAD, HEAD.replace(",", "，"),
         corner_lines(PLOT, form="{label}，{ring}，{x:.3f}，{y:.3f}")),
         Taken(1, ["R101"], mu=MU, says=ONE)),
    Case("txt-trailing", "每行末尾多几个逗号", txt(USUAL_HEAD, HEAD, corner_lines(PLOT, form="{label},{ring},{x:.3f},{y:.3f},,")),
         Taken(1, ["R101"], mu=MU)),
    Case("txt-not-closed", "末尾不重复起点，点数 4", txt(USUAL_HEAD, HEAD.replace("5", "4", 1), corner_lines(PLOT, closed=False)),
         Taken(1, ["R101"], mu=MU)),
    Case("txt-no-head", "没有属性描述，只有地块坐标", txt("[地块坐标]", BODY), Refused("没有声明坐标系", "--crs EPSG:4523")),
    Case("txt-no-head-told", "同上，加了 --crs EPSG:4523", txt("[地块坐标]", BODY), Taken(1, ["R101"], mu=MU, crs=CRS, says=ONE),
         how={"crs": CRS}),
    Case("txt-points-only", "只有点，没有地块行", txt(corner_lines(PLOT), codec="utf-8"),
         Taken(1, ["R148", "R154"], mu=MU, says={"source_id": ["界址点"]}),
         how={"crs": CRS}),
    Case("txt-degrees", "没有属性描述，坐标是经纬度", txt("[地块坐标]", HEAD,
         corner_lines(degrees(SHORT), form="{label},{ring},{x:.9f},{y:.9f}")),
         Taken(1, ["R101"], mu=MU), how={"crs": "EPSG:4490"}),
    Case("txt-hole", "第 2 圈在第 1 圈里：扣除", txt(USUAL_HEAD, HEAD.replace("5,4.0", "10,3.75"), corner_lines(PLOT),
         corner_lines(INNER, number=2, first=5)),
         Taken(1, ["R101", "R145"], mu=MU - 3.75)),
    Case("txt-part", "第 2 圈在外面：另一块", txt(USUAL_HEAD, HEAD.replace("5,4.0", "10,8.0"), corner_lines(PLOT),
         corner_lines(NEXT, number=2)),
         Taken(1, ["R101"], mu=2 * MU)),
    Case("txt-ring-restarts", "圈号都是 1，闭合后另起一圈", txt(USUAL_HEAD, HEAD.replace("5,4.0", "10,8.0"), corner_lines(PLOT),
         corner_lines(NEXT)),
         Taken(1, ["R101"], mu=2 * MU)),
    Case("txt-two", "两个地块", txt(USUAL_HEAD, BODY, HEAD.replace("0012", "0013"), corner_lines(NEXT)),
         Taken(2, ["R101"], mu=2 * MU, says={"source_id": ["0012", "0013"]})),
    Case("txt-head-short", "地块行不写点数", txt(USUAL_HEAD, "4.0,0012,红岩,面,,人工造林,,@", corner_lines(PLOT)),
         Taken(1, ["R101"], mu=MU, says=ONE)),
    Case("txt-head-13", "地块行 13 项", txt(USUAL_HEAD, "5,4.0,0012,红岩,面,G48,人工造林,0301,,,,,@", corner_lines(PLOT)),
         Taken(1, ["R101"], mu=MU, says=ONE)),
    Case("txt-area-unit", "地块面积带单位：4.0公顷", txt(USUAL_HEAD, HEAD.replace("4.0", "4.0公顷"), corner_lines(PLOT)),
         Taken(1, ["R101"], says={"reported_m2": [40_000.0]})),
    Case("txt-area-wrong", "写的面积与界址点不符", txt(USUAL_HEAD, HEAD.replace("4.0", "4.5"), corner_lines(PLOT)),
         Taken(1, ["R101", "R142"], mu=MU)),
    Case("txt-count-wrong", "写的点数与界址点不符", txt(USUAL_HEAD, HEAD.replace("5", "9", 1), corner_lines(PLOT)),
         Taken(1, ["R101", "R143"], mu=MU)),
    Case("txt-reversed", "X、Y 写反", txt(USUAL_HEAD, HEAD, corner_lines(PLOT, form="{label},{ring},{y:.3f},{x:.3f}")),
         Taken(1, ["R101", "R141"], mu=MU, crs=CRS)),
    Case("txt-no-prefix", "横坐标不带带号，文件头有带号", txt(USUAL_HEAD, HEAD, corner_lines(SHORT)),
         Taken(1, ["R101"], mu=MU, crs="EPSG:4544")),
    Case("txt-no-zone", "横坐标不带带号，文件头的带号空着", txt(head_with(带号=""), HEAD, corner_lines(SHORT)),
         Refused("没有声明坐标系", "--crs EPSG:4544")),
    Case("txt-zone-blank", "带号空着，但横坐标带带号", txt(head_with(带号=""), BODY), Taken(1, ["R101"], mu=MU, crs=CRS)),
    Case("txt-cgcs", "坐标系写成 CGCS2000", txt(head_with(坐标系="CGCS2000"), BODY), Taken(1, ["R101"], mu=MU, crs=CRS)),
    Case("txt-xian80", "坐标系写成 80国家大地坐标系", txt(head_with(坐标系="80国家大地坐标系"), BODY), Refused("西安80", "--shift")),
    Case("txt-xian80-shift", "同上，给了转换参数", txt(head_with(坐标系="1980西安坐标系"), BODY),
         Taken(1, ["R101", "R111"], mu=MU, crs="EPSG:2359"),
         how={"shift": [10.0, 20.0, 0.0, 0.0]}),
    Case("txt-local", "坐标系写成地方坐标系", txt(head_with(坐标系="贞丰独立坐标系"), BODY), Refused("没有声明坐标系", "--crs")),
    Case("txt-conversion", "写了转换参数", txt(head_with(转换参数="1.5,2.5,0,0,0,0,0"), BODY), Taken(1, ["R101", "R144"], mu=MU)),
    Case("txt-conversion-none", "转换参数全是 0", txt(head_with(转换参数="0,0,0,0,0,0,0"), BODY), Taken(1, ["R101"], mu=MU)),
    Case("txt-line-kind", "记录图形属性是“线”", txt(USUAL_HEAD, HEAD.replace("面", "线"), corner_lines(PLOT)),
         Taken(0, ["R101"], left={1: "R122"})),
    Case("txt-digit-more", "一个点多打一位数字", txt(USUAL_HEAD, BODY, HEAD.replace("0012", "0013"),
         [line.replace("27750", "277500", 1) for line in corner_lines(NEXT)]),
         Taken(1, ["R101"], left={2: "R146"}, mu=MU)),
    Case("txt-garbled-line", "一行界址点坏了：整块不收，别的照收", txt(USUAL_HEAD, BODY, HEAD.replace("0012", "0013"),
         [*corner_lines(NEXT)[:2], "J3,1,27752oo,355206oo", *corner_lines(NEXT)[3:]]),
         Taken(1, ["R101"], left={2: "R126"}, mu=MU)),
    Case("txt-two-points", "一圈只有两个点", txt(USUAL_HEAD, BODY, HEAD.replace("0012", "0013"), corner_lines(NEXT, closed=False)[:2]),
         Taken(1, ["R101"], left={2: "R147"}, mu=MU)),
    Case("txt-no-number", "没有地块编号", txt(USUAL_HEAD, HEAD.replace("0012", ""), corner_lines(PLOT)),
         Taken(1, ["R101", "R154"], says={"source_id": ["红岩"]})),
    Case("txt-no-parcel", "只有文件头", txt(USUAL_HEAD), Refused("空的")),
    Case("txt-note", "不是坐标的说明文字", txt("本项目联系人：张三", "电话见通知。"), Refused("看不出拐点坐标", "点号,X,Y")),
    Case("txt-is-kml", "KML 改名为 .txt", single("拐点.txt", "<kml></kml>"), Refused("XML", ".kml")),
    Case("table-xlsx", "Excel 拐点表，有标题，X 在前", workbook("红岩.xlsx", {"拐点": [[TITLE], ["点号", "X坐标", "Y坐标"], *rows(PLOT)]}),
         Taken(1, READ, mu=MU, crs=CRS, says={"source_id": ["红岩"]})),
    Case("table-xlsx-sheets", "Excel 两张表各一块，还有一张空表", workbook("拐点.xlsx", {
        "红岩": [[TITLE], ["点号", "X坐标", "Y坐标"], *rows(PLOT)], "白岩": [[TITLE], ["点号", "X坐标", "Y坐标"], *rows(NEXT)],
        "Sheet3": []}),
         Taken(2, READ, mu=2 * MU, layers=["红岩", "白岩"])),
    Case("table-csv-gbk", "CSV 拐点表，GBK", txt(CSV, name="红岩.csv"),
         Taken(1, [*READ, "R101"], mu=MU, crs=CRS, encoding="GB18030", says={"source_id": ["红岩"]})),
    Case("table-csv-excel", "Excel 另存的 UTF-8 CSV（带 BOM，末尾有空行）", txt(CSV, ",,", ",,", name="红岩.csv", codec="utf-8-sig"),
         Taken(1, READ, mu=MU)),
    Case("table-semicolon", "分号分隔", txt([line.replace(",", ";") for line in CSV], name="红岩.csv"), Taken(1, [*READ, "R101"], mu=MU)),
    Case("table-pasted", "从 Word 粘贴的表（制表符）", txt(TITLE, XY, xy(PLOT), name="红岩.txt", codec="utf-8"),
         Taken(1, READ, mu=MU, crs=CRS)),
    Case("table-pasted-blanks", "从 PDF 粘贴的表（空格对齐）",
         txt(TITLE, "点号   X坐标   Y坐标", xy(PLOT, "{n}   {x:.3f}   {y:.3f}"), name="红岩.txt",
         codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("table-heights", "多一列高程", txt(TITLE, "点号,X坐标,Y坐标,高程", xy(PLOT, "{n},{x:.3f},{y:.3f},1350.5"), name="红岩.csv",
         codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("table-two-systems", "平面坐标和经纬度都有：用平面坐标",
         txt(TITLE, "点号,X坐标,Y坐标,经度,纬度", [f"{line},105.2,25.1" for line in xy(PLOT, "{n},{x:.3f},{y:.3f}")], name="红岩.csv",
         codec="utf-8"),
         Taken(1, READ, mu=MU, crs=CRS)),
    Case("table-ledger", "Excel 台账，没有坐标", workbook("台账.xlsx", {"台账": [["小班号", "村", "面积(亩)"], ["0012", "红岩村", 60]]}),
         Refused("看不出拐点坐标", "点号,X,Y")),
    Case("csv-ledger", "CSV 台账，没有坐标", txt("小班号,村,面积(亩)", "0012,红岩村,60", name="台账.csv"),
         Refused("看不出拐点坐标", "点号,X,Y")),
    Case("table-yx", "Y 列在前（列名对）", txt(TITLE, "点号,Y坐标,X坐标", xy(PLOT, "{n},{y:.3f},{x:.3f}"), name="红岩.csv", codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("table-yx-wrong", "列名写反", txt(TITLE, "点号,Y坐标,X坐标", xy(PLOT, "{n},{x:.3f},{y:.3f}"), name="红岩.csv", codec="utf-8"),
         Taken(1, [*READ, "R141"], mu=MU)),
    Case("table-no-headings", "没有列名", txt(xy(PLOT), name="红岩.txt", codec="utf-8"), Taken(1, ["R148", "R154"], mu=MU),
         how={"crs": CRS}),
    Case("table-no-system", "没有写坐标系", txt(XY, xy(PLOT), name="红岩.txt", codec="utf-8"),
         Refused("没有声明坐标系", "--crs EPSG:4523")),
    Case("table-wide-digits", "全角数字", txt(TITLE, XY, [line.translate(WIDE) for line in xy(PLOT)], name="红岩.txt", codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("table-thousands", "Excel 千分号", txt(TITLE, XY, xy(PLOT, "{n}\t{x:,.3f}\t{y:,.3f}"), name="红岩.txt", codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("table-power", "坐标被 Excel 缩成 3.552E+07", txt(TITLE, XY, xy(PLOT, "{n}\t{x:.3f}\t{y:.3E}"), name="红岩.txt", codec="utf-8"),
         Refused("第 3 行")),
    *(Case(f"dms-{name}", f"经纬度写成 {dms(degrees(SHORT)[0][0], form)}", txt(TITLE, angles(form), name="红岩.txt", codec="utf-8"),
          Taken(1, READ, mu=MU, crs="EPSG:4490"))
      for name, form in {
        "primes": "{d}°{m:02}′{s:07.4f}″", "quotes": "{d}°{m:02}'{s:07.4f}\"", "hyphens": "{d}-{m:02}-{s:07.4f}",
        "colons": "{d}:{m:02}:{s:07.4f}",
        "words": "{d}度{m}分{s:.4f}秒", "blanks": "{d} {m:02} {s:07.4f}"}.items()),
    Case("dms-sides", "写成 东经 E、北纬 N", txt(TITLE, angles("{d}°{m:02}′{s:07.4f}″", sides=("东经", "北纬")), name="红岩.txt",
         codec="utf-8"),
         Taken(1, READ, mu=MU)),
    Case("dms-packed", "写成 度.分秒，列名写明 ddd.mmss",
         txt(TITLE, angles("{d}.{m:02}{t:06}", "拐点\t经度(ddd.mmss)\t纬度(dd.mmss)"), name="红岩.txt", codec="utf-8"),
         Taken(1, READ, mu=MU, crs="EPSG:4490")),
    Case("degrees-decimal", "十进制度，列名写明", txt(TITLE, "拐点\t经度(度)\t纬度(度)",
         [f"{at}\t{x:.9f}\t{y:.9f}" for at, (x, y) in enumerate(degrees(SHORT)[:-1], 1)], name="红岩.txt", codec="utf-8"),
         Taken(1, READ, mu=MU, crs="EPSG:4490")),
    Case("degrees-doubtful", "像十进制度，也像 度.分秒", txt(TITLE, "拐点\t经度\t纬度",
         ["1\t105.1105\t25.0512", "2\t105.1118\t25.0512", "3\t105.1118\t25.0524"], name="红岩.txt", codec="utf-8"),
         Refused("ddd.mmss", "经度(度)")),
    Case("areas-titled", "区域1、区域2", txt(TITLE, "区域1", XY, xy(PLOT), "区域2", XY, xy(NEXT), name="矿.txt", codec="utf-8"),
         Taken(2, READ, mu=2 * MU)),
    Case("areas-by-column", "地块编号一列，几块连着写", txt(TITLE, "地块编号,点号,X坐标,Y坐标", xy(PLOT, "甲-1,{n},{x:.3f},{y:.3f}"),
         xy(NEXT, "甲-2,{n},{x:.3f},{y:.3f}"), name="矿.csv", codec="utf-8"),
         Taken(2, ["R148", "R149"], mu=2 * MU, says={"source_id": ["甲-1", "甲-2"]})),
    Case("areas-deduct", "扣除区域在里面", txt(TITLE, "区域1", XY, xy(PLOT), "扣除区域", XY, xy(INNER), name="矿.txt", codec="utf-8"),
         Taken(1, [*READ, "R145"], mu=MU - 3.75)),
    Case("areas-deduct-outside", "扣除区域在外面", txt(TITLE, "区域1", XY, xy(PLOT), "扣除区域", XY, xy(NEXT), name="矿.txt",
         codec="utf-8"),
         Taken(1, READ, left={2: "R151"}, mu=MU)),
    Case("areas-inside", "一块在另一块里，没说扣除", txt(TITLE, "区域1", XY, xy(PLOT), "区域2", XY, xy(INNER), name="矿.txt",
         codec="utf-8"),
         Taken(2, [*READ, "R152"], mu=MU + 3.75)),
    Case("licence", "采矿许可证的矿区范围，有标高和面积", txt("矿区范围拐点坐标(2000国家大地坐标系)", XY, xy(PLOT),
         "开采标高：+1350m至+1200m  矿区面积：0.0400km²", name="矿.txt",
         codec="utf-8"),
         Taken(1, [*READ, "R153"], mu=MU, says={"reported_m2": [40_000.0]})),
    Case("points-out-of-order", "点号次序乱了", txt(TITLE, XY, [xy(PLOT)[at] for at in (0, 2, 1, 3)], name="红岩.txt", codec="utf-8"),
         Refused("次序", "重编")),
    Case("point-missing", "一个点只有 X", txt(TITLE, XY, [*xy(PLOT)[:2], "3\t2775200.000\t"], name="红岩.txt", codec="utf-8"),
         Refused("第 5 行")),
    Case("side-by-side", "两组坐标并排", txt("点号,X坐标,Y坐标,点号,X坐标,Y坐标", "1,2775000,35520000,2,2775200,35520000",
         "3,2775200,35520200,4,2775000,35520200", name="红岩.csv"),
         Refused("并排", "上下接")),
    Case("headings-only", "只有列名", txt(TITLE, XY, name="红岩.txt", codec="utf-8"), Refused("没有拐点")),
)  # fmt: skip
