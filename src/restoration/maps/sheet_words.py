"""What stands on a printed sheet, and in the window that makes one from the page, beside what the page says anyway."""

from __future__ import annotations

from datetime import date

from ..corner_lists import code_of_zone
from ..ellipsoid import ZONE_DEGREES
from ..text import Text

LEGEND = Text("图例", "Legend")
NUMBER = Text("图斑数", "sites")
WHOLE = Text("合计", "in all")
OUTLINE = Text("区界", "boundary")
GRID_NORTH = Text("坐标北", "grid north")
MARKED = Text(
    "图上不足 {d} 毫米的 {n} 个图斑画成小方块，方块大小不代表面积",
    "{n} sites under {d} mm on paper are drawn as squares, whose size is not theirs",
)
NO_SHAPE = Text("另有 {n} 个图斑没有可画的边界：计入数量", "{n} sites have no boundary to draw; they count in the numbers")
UNITS = {"m": Text("米", "m"), "km": Text("千米", "km")}
SHEET_WORDS: dict[str, Text] = {
    "print": Text("打印、存为图片", "Print, save as a picture"),
    "do_print": Text("打印", "Print"),
    "do_save": Text("存为图片", "Save as PNG"),
    "title": Text("标题", "Title"),
    "office": Text("制图单位", "Made by"),
    "review_no": Text("审图号", "Review number"),
    "paper": Text("纸张", "Paper"),
    "across": Text("{name} 横放", "{name} across"),
    "scale": Text("比例尺", "Scale"),
    "fitting": Text("自动", "Fitting"),
    "extent": Text("范围", "Extent"),
    "extent_all": Text("全图", "The whole map"),
    "extent_shown": Text("筛选出的图斑", "The sites shown"),
    "extent_view": Text("地图当前画面", "What the map shows now"),
    "in_mu": Text("{what}(亩)", "{what} (mu)"),
    "preview": Text("纸样", "The sheet"),
    "drawing": Text("正在画…", "Drawing…"),
    "drawn": Text("{paper} · {scale} · 图上 {n} 个图斑", "{paper} · {scale} · {n} sites on the sheet"),
    "true_size": Text(
        "打印时选“实际大小”（100%）、边距“无”，比例尺才准。", "Print at actual size (100%) with no margins, or the scale does not hold."
    ),
    "print_hint": Text(
        "要打印地图，请关闭浏览器的打印窗口，用随后打开的“打印、存为图片”，或图左上角的打印按钮。",
        "To print the map, close the browser's print window and use the one that opens then, or the print button beside the map.",
    ),
    "no_review": Text("不填审图号则标注“{mark}”。", "Without a review number the sheet says: {mark}."),
    "saved": Text("已存为 {file}（300 点/英寸）", "Saved as {file} (300 dpi)"),
    "not_saved": Text("图片没有存成，请换小一号的纸", "The picture could not be made: choose smaller paper"),
    "beyond": Text(
        "另有 {n} 个图斑在图框以外：图例的个数和面积是全部的", "{n} sites lie outside the frame; the legend's numbers are of all"
    ),
    "filtered_by": Text("筛选：{k} / {n} 个图斑", "Filtered: {k} of {n} sites"),
    "made_by": Text("制图单位：{office}", "Made by: {office}"),
    "review_line": Text("审图号：{no}", "Map review no.: {no}"),
    "fullscreen": Text("全屏", "Full screen"),
    "leave_fullscreen": Text("退出全屏", "Leave full screen"),
    "locate": Text("我的位置", "Where I am"),
    "locating": Text("正在定位…", "Looking for your place…"),
    "located": Text(
        "误差约 ±{a} 米。定位是 WGS84 坐标，与 CGCS2000 相差不到 1 米，可直接叠在图上；不要拿它当界址点。",
        "Within about {a} m. Positions are WGS84, less than 1 m from CGCS2000; no substitute for surveyed points.",
    ),
    "locate_denied": Text(
        "浏览器不允许定位：从本机打开的文件多半不行，请在手机或浏览器设置里允许，或把地图放到单位网站（https）上打开。",
        "The browser does not give the position: it mostly does not to a file on disk. Allow it in the settings, or open the map from an "
        "https site.",
    ),
    "locate_failed": Text("没有定到位：请到开阔处或打开定位功能再试。", "No position was found: try in the open, with location turned on."),
    "minimap": Text("位置示意", "Where this is"),
}
"""``{n}`` and the like are filled in on the page."""


def plane_line(zone: int) -> Text:
    """The plane that the map is drawn in.

    Examples
    --------
    >>> plane_line(35).zh
    'CGCS2000 · 高斯-克吕格投影 3° 带第 35 带（中央经线 105°E，EPSG:4523）'
    """
    meridian = f"{abs(zone * ZONE_DEGREES)}°{'W' if zone < 0 else 'E'}"
    code = code_of_zone(zone)
    return Text(
        f"CGCS2000 · 高斯-克吕格投影 3° 带第 {zone} 带（中央经线 {meridian}{f'，{code}' if code else ''}）",
        f"CGCS2000 · Gauss-Krüger 3° zone {zone} (central meridian {meridian}{f', {code}' if code else ''})",
    )


def made_line(office: str, made_on: date) -> Text:
    """Who made the map, and when.

    Examples
    --------
    >>> made_line("", date(2021, 12, 3)).zh
    '制图日期：2021年12月3日'
    """
    by = Text(f"制图单位：{office} · ", f"Made by: {office} · ") if office else Text("", "")
    return Text(f"{by.zh}制图日期：{made_on.year}年{made_on.month}月{made_on.day}日", f"{by.en}Made on: {made_on.isoformat()}")


def review_line(review_no: str) -> Text:
    """The number under which the map was reviewed."""
    return Text(f"审图号：{review_no}", f"Map review no.: {review_no}")
