"""Where the coordinates are: every declaration that is right, wrong or missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyproj import CRS, Transformer

from restoration.errors import BadRequest

from .case import Case, Make, Refused, Taken
from .drafting import MU, ZONE, Ring, collection, degrees, in_metres, loose, named_crs, polygon, shapefile, single, square

TURNED = [(y, x) for x, y in degrees(square(0))]
SHIFT = [10.0, 20.0, 0.0, 0.0]
"""Four parameters of a plane, as a surveying office would give them: made up."""
COMPOUND = CRS.from_user_input("EPSG:4544+5737").to_wkt("WKT2_2019").encode()


def here(ring: Ring, code: int) -> list[tuple[float, float]]:
    """A ring of the plane in another CRS, to 0.1 mm."""
    turn = Transformer.from_crs(4544, code, always_xy=True)
    xs, ys = turn.transform([x for x, _ in ring], [y for _, y in ring])
    return [(round(x, 4), round(y, 4)) for x, y in zip(xs, ys, strict=True)]


def shp(code: int | bytes | None, ring: Ring) -> Make:
    """A shapefile of one ring that declares a CRS."""
    return loose("小班", shapefile([[ring]], crs=code))


def json_of(ring: Sequence[Sequence[float]], name: str = "", **more: Any) -> Make:
    """A GeoJSON of one ring as it is."""
    return single("小班.geojson", collection(in_metres([(x, y) for x, y in ring]), **(named_crs(name) if name else {}), **more))


def _gcj(ring: Ring) -> list[tuple[float, float]]:
    """About as far off as GCJ-02 is here: 400 m to the east-south-east."""
    return [(round(x + 0.0038, 9), round(y - 0.0009, 9)) for x, y in degrees(ring)]


LINK: dict[str, Any] = {"crs": {"type": "link", "properties": {"href": "http://198.51.100.1/crs.wkt", "type": "esriwkt"}}}
AWAY = [(x - 9, y + 10) for x, y in degrees(square(0))]
ZONED = square(0, zone=ZONE)
UNLIKE = (np.array(square(0)) * 7).round(1).tolist()

CASES = (
    Case("crs-4544", ".prj 是 2000 系中央经线 105°", shp(4544, square(0)), Taken(1, mu=MU, crs="EPSG:4544")),
    Case("crs-4523", ".prj 是 2000 系 3 度带 35 带，横坐标前有带号", shp(4523, ZONED), Taken(1, mu=MU, crs="EPSG:4523")),
    Case("crs-4490", ".prj 是 2000 系经纬度", shp(4490, degrees(square(0))), Taken(1, mu=MU, crs="EPSG:4490")),
    Case("crs-4326", ".prj 是 WGS84 经纬度", shp(4326, degrees(square(0))), Taken(1, mu=MU, crs="EPSG:4326")),
    Case("crs-6-degree", ".prj 是 2000 系 6 度带 18 带", shp(4496, here(square(0), 4496)), Taken(1, mu=MU, crs="EPSG:4496")),
    Case("crs-utm", ".prj 是 UTM 48N", shp(32648, here(square(0), 32648)), Taken(1, mu=MU, crs="EPSG:32648")),
    Case("crs-web", ".prj 是网络墨卡托", shp(3857, here(square(0), 3857)), Taken(1, mu=MU, crs="EPSG:3857")),
    Case("crs-heights", ".prj 是带高程的复合坐标系", shp(COMPOUND, square(0)), Taken(1, mu=MU, crs="EPSG:4544")),
    Case("crs-neighbour", "按邻带（36 带）写的坐标", shp(4524, here(square(0), 4524)), Taken(1, mu=MU, crs="EPSG:4524")),
    Case("crs-json-name", "GeoJSON 用旧写法声明 EPSG:4523", json_of(ZONED, "urn:ogc:def:crs:EPSG::4523"), Taken(1, mu=MU, crs="EPSG:4523")),
    Case("crs-json-4490", "GeoJSON 写 EPSG:4490", json_of(degrees(square(0)), "EPSG:4490"), Taken(1, mu=MU, crs="EPSG:4490")),
    Case("crs-json-84", "GeoJSON 写 CRS84", json_of(degrees(square(0)), "urn:ogc:def:crs:OGC:1.3:CRS84"), Taken(1, mu=MU)),
    Case("prefix-missing", "声明有带号（EPSG:4523），坐标没有", shp(4523, square(0)), Taken(1, ["R109"], mu=MU, crs="EPSG:4544")),
    Case("prefix-extra", "声明没有带号（EPSG:4544），坐标有", shp(4544, ZONED), Taken(1, ["R109"], mu=MU, crs="EPSG:4523")),
    Case("zone-wrong", "坐标带号 35，声明 36 带", shp(4524, ZONED), Refused("带号是 35", "--crs EPSG:4523")),
    Case("zone-wrong-plain", "坐标不带带号，声明中央经线 108°，图形会落到 300 公里外", shp(4545, square(0)),
         Refused("本区之外", "--crs EPSG:4544")),
    Case("degrees-as-metres", "经纬度，声明成米", shp(4544, degrees(square(0))), Refused("数值是度", "--crs EPSG:4490")),
    Case("metres-as-degrees", "米，声明成经纬度", shp(4490, ZONED), Refused("不是度", "--crs EPSG:4523")),
    Case("json-metres", "GeoJSON 没有 crs，坐标是米", json_of(ZONED), Refused("不是度", "--crs EPSG:4523")),
    Case("json-metres-auto", "同上，加了 --crs auto", json_of(ZONED), Taken(1, ["R107"], mu=MU, crs="EPSG:4523"), how={"crs": "auto"}),
    Case("json-metres-told", "同上，加了 --crs EPSG:4523", json_of(ZONED), Taken(1, ["R108"], mu=MU, crs="EPSG:4523"),
         how={"crs": "EPSG:4523"}),
    Case("swapped-degrees", "纬度写在前", json_of(TURNED), Refused("颠倒", "--swap-xy")),
    Case("swapped-told", "同上，加了 --swap-xy", json_of(TURNED), Taken(1, ["R110"], mu=MU), how={"swapped": True}),
    Case("swapped-metres", "没有 .prj，北坐标写在前", shp(None, [(y, x) for x, y in ZONED]), Refused("颠倒", "--swap-xy --crs EPSG:4523")),
    Case("not-swapped", "次序是对的，却加了 --swap-xy", json_of(degrees(square(0))), Refused("没有颠倒", "去掉 --swap-xy"),
         how={"swapped": True}),
    Case("xian80", ".prj 是西安80", shp(2359, ZONED), Refused("西安80", "--shift")),
    Case("xian80-shift", "同上，给了四参数", shp(2359, ZONED), Taken(1, ["R111"], mu=MU, crs="EPSG:2359"), how={"shift": SHIFT}),
    Case("beijing54", ".prj 是北京54", shp(2411, ZONED), Refused("北京54", "--shift")),
    Case("shift-for-2000", "2000 系，却给了转换参数", shp(4523, ZONED), Refused("不需要转换参数", "--shift", BadRequest),
         how={"shift": SHIFT}),
    Case("crs-overridden", "声明 EPSG:4544，调用时说是 UTM 48N", shp(4544, square(0)), Taken(1, ["R108"], crs="EPSG:32648"),
         how={"crs": "EPSG:32648"}),
    Case("crs-unknown-given", "--crs 写错", shp(4544, square(0)), Refused("不认识", "--crs EPSG:4544", BadRequest), how={"crs": "EPSG:1"}),
    Case("prj-garbage", ".prj 读不懂", shp(b'PROJCS["??","', square(0)), Refused("读不懂", "--crs")),
    Case("prj-unknown", ".prj 只写 Unknown", shp(b'LOCAL_CS["Unknown",LOCAL_DATUM["Unknown",0],UNIT["Meter",1.0]]', square(0)),
         Refused("没有声明坐标系", "--crs EPSG:4544")),
    Case("prj-path", ".prj 里是别的文件的路径", shp(b"/etc/passwd", square(0)), Refused("读不懂", "--crs")),
    Case("crs-link", "GeoJSON 的坐标系是一个网址（不访问）", json_of(degrees(square(0)), **LINK),
         Refused("没有声明坐标系", "--crs EPSG:4490")),
    Case("crs-link-told", "同上，加了 --crs EPSG:4490", json_of(degrees(square(0)), **LINK), Taken(1, ["R113"], mu=MU, crs="EPSG:4490"),
         how={"crs": "EPSG:4490"}),
    Case("gcj-as-wgs84", "GCJ-02 坐标，声明成 WGS84：数字上看不出来，照收，要靠影像核对", json_of(_gcj(square(0))),
         Taken(1, mu=MU, crs="EPSG:4326")),
    Case("outside", "别省的地块", json_of(AWAY), Taken(1, ["R112"])),
    Case("outside-one", "两行里一行在别省", single("小班.geojson", collection(polygon(square(0)), in_metres(AWAY))), Taken(2, ["R112"])),
    Case("numbers-unlike", "没有声明，数字也看不出是什么", shp(None, [(x, y) for x, y in UNLIKE]), Refused("看不出", "--crs")),
)  # fmt: skip
