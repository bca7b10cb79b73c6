"""Shapes as they are drawn: crossing, spiked, open, empty, nowhere; and more of them than anyone needs."""

from __future__ import annotations

import json
from typing import Any

from .case import Case, Refused, Taken
from .drafting import (
    EAST,
    MU,
    NORTH,
    Ring,
    collection,
    degrees,
    in_metres,
    loose,
    members,
    named_crs,
    packed,
    polygon,
    shapefile,
    single,
    square,
)  # fmt: skip

NAN = float("nan")
PLANE = named_crs("urn:ogc:def:crs:EPSG::4544")


def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """A ring by metres from the corner of the first square."""
    return [(EAST + x, NORTH + y) for x, y in points]


def one(shape: Any, *more: Any) -> Any:
    """A GeoJSON in the plane of one shape, or several."""
    return single("小班.geojson", collection(shape, *more, **PLANE))


BOW_TIE = at((0, 0), (200, 200), (200, 0), (0, 200), (0, 0))
NICK = at((0, 0), (0, 200), (200, 200), (200, 0), (99, 0), (101, -2), (101, 0), (99, -2), (99, 0), (0, 0))
SPIKE = at((0, 0), (0, 200), (200, 200), (500, 200), (200, 200), (200, 0), (0, 0))
TWICE = at((0, 0), (0, 200), (0, 200), (200, 200), (200, 200), (200, 0), (0, 0))
OPEN = at((0, 0), (0, 200), (200, 200), (200, 0))
HOLE_OUT = at((300, 0), (310, 0), (310, 10), (300, 10), (300, 0))
HOLE_FAR = at((300, 0), (450, 0), (450, 150), (300, 150), (300, 0))
FAR = at((0, 0), (0, 200), (200, 200), (400_000, 0), (0, 0))
FLAT = at((0, 0), (100, 0), (200, 0), (0, 0))


def _multi(*polygons: list[Ring]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in ring] for ring in rings] for rings in polygons]}


def _holes(count: int) -> list[Ring]:
    """A square of 2 km with holes of 10 m, on a grid of 20 m, its own corner first."""
    side = 2000
    shell = at((0, 0), (0, side), (side, side), (side, 0), (0, 0))
    holes = [(20 * (number % 99) + 5, 20 * (number // 99) + 5) for number in range(count)]
    return [shell, *(at((x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10), (x, y)) for x, y in holes)]


def _parts(count: int) -> list[Ring]:
    return [at((20 * n, 0), (20 * n, 10), (20 * n + 10, 10), (20 * n + 10, 0), (20 * n, 0)) for n in range(count)]


LINE = {"type": "LineString", "coordinates": [list(point) for point in degrees(square(3))][:3]}
POINT = {"type": "Point", "coordinates": list(degrees(square(3))[0])}
MIXED = {"type": "GeometryCollection", "geometries": [polygon(square(0)), LINE, POINT]}

CASES = (
    Case("points-and-lines", "面里混着一个点、一条线", single("小班.geojson", collection(polygon(square(0)), POINT, LINE)),
         Taken(1, left={2: "R122", 3: "R122"}, mu=MU)),
    Case("mixed-collection", "一行里面、线、点合成一个图形", single("小班.geojson", collection(MIXED)), Taken(1, ["R132"], mu=MU)),
    Case("multi-part", "一行两块面", one(_multi([square(0)], [square(2)])), Taken(1, mu=2 * MU)),
    Case("bow-tie", "“8”字形的面", one(in_metres(BOW_TIE)), Taken(0, left={1: "R124"})),
    Case("small-nick", "边上有 2 米的小交叉", one(in_metres(NICK)), Taken(1, ["R131"], mu=MU)),
    Case("spike", "边上有一根 300 米长、没有宽度的尖刺", one(in_metres(SPIKE)), Taken(1, ["R131"], mu=MU)),
    Case("double-vertex", "重复的拐点", one(in_metres(TWICE)), Taken(1, mu=MU)),
    Case("open-ring", "界线没有闭合", one(in_metres(OPEN)), Taken(1, ["R134"], mu=MU)),
    Case("hole-outside-small", "洞在外圈之外（10 米见方）：按位置当作另一块，告知", one(in_metres(square(0), HOLE_OUT)),
         Taken(1, ["R131"], mu=MU + 0.15)),
    Case("hole-outside-large", "洞在外圈之外（150 米见方），是洞还是另一块看不出", one(in_metres(square(0), HOLE_FAR)),
         Taken(0, left={1: "R124"})),
    Case("shells-cross", "一行的两块面重叠 5 米", one(_multi([square(0)], [at((195, 0), (195, 200), (395, 200), (395, 0), (195, 0))])),
         Taken(1, ["R131"], mu=2 * MU - 1.5)),
    Case("shells-cross-much", "一行的两块面重叠一半", one(_multi([square(0)], [at((100, 0), (100, 200), (300, 200), (300, 0), (100, 0))])),
         Taken(0, left={1: "R124"})),
    Case("holes-4047", "一个小班 4 047 个洞（压缩后几十 KB）",
         packed("小班.zip", members(shapefile([_holes(4047)], crs=4544), "小班")), Taken(1, mu=6000 - 4047 * 0.15)),
    Case("parts-many", "一个小班 400 块", packed("小班.zip", members(shapefile([_parts(400)], crs=4544), "小班")), Taken(1, mu=400 * 0.15)),
    Case("vertices-many", "拐点多得过了限（限降到 20 个）", one(in_metres(*_holes(5))), Refused("30 个拐点", "拆成"),
         limits={"shape": {"vertices": 20}}),
    Case("rows-many", "行多得过了限（限降到 1 行）", one(in_metres(square(0)), in_metres(square(1))), Refused("超过 1"),
         limits={"rows": {"number": 1}}),
    Case("no-geometry", "没有图形的一行，和坐标是空的一行",
         single("小班.geojson", collection(polygon(square(0)), None, {"type": "Polygon", "coordinates": []})),
         Taken(1, left={2: "R121", 3: "R121"}, mu=MU)),
    Case("nan", "Shapefile 里有 NaN 坐标", loose("小班", shapefile(([square(0)], [at((0, 0), (0, NAN), (200, 200), (0, 0))]), crs=4544)),
         Taken(1, left={2: "R123"}, mu=MU)),
    Case("infinite", "坐标是 Infinity", single("小班.geojson", collection(polygon(square(0)),
         in_metres([(105, 25), (float("inf"), 25), (105, 26), (105, 25)]))),
         Taken(1, left={2: "R123"}, mu=MU)),
    Case("1e9", "坐标大到 1e9", single("小班.geojson", collection(polygon(square(0)),
         in_metres([(105, 25), (1e9, 25), (105, 26), (105, 25)]))),
         Taken(1, left={2: "R123"}, mu=MU)),
    Case("1e400", "坐标写成 1e400", single("小班.geojson", collection(polygon(square(0)), "HERE").replace(
        b'"HERE"', b'{"type": "Polygon", "coordinates": [[[105, 25], [1e400, 25], [105, 26], [105, 25]]]}')),
         Taken(1, left={2: "R123"}, mu=MU)),
    Case("too-wide", "一个拐点多录了一位，图形拉到 400 公里外", one(in_metres(square(0)), in_metres(FAR)),
         Taken(1, left={2: "R127"}, mu=MU)),
    Case("no-width", "三点在一条线上的面", one(in_metres(square(0)), in_metres(FLAT)), Taken(1, left={2: "R122"}, mu=MU)),
    Case("tiny", "1 厘米见方的面", one(in_metres(square(0)), in_metres(at((0, 0), (0, 0.01), (0.01, 0.01), (0.01, 0), (0, 0)))),
         Taken(1, left={2: "R122"}, mu=MU)),
    Case("odd-type", "图形类型写错、坐标不成对", single("小班.geojson", collection(
        polygon(square(0)), {"type": "Polygone", "coordinates": []}, {"type": "Polygon", "coordinates": [[[105], [106]]]},
        {"type": "Polygon"})),
         Taken(1, left={2: "R126", 3: "R126", 4: "R126"}, mu=MU)),
    Case("deep-json", "JSON 嵌套十万层", single("小班.geojson", json.dumps({"type": "FeatureCollection", "features": 0}).replace(
        "0}", "[" * 100_000 + "]" * 100_000 + "}")), Refused("不是能读的 GeoJSON")),
)  # fmt: skip
