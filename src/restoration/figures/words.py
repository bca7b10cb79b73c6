"""What stands on a sheet beside what the HTML map says too."""

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
