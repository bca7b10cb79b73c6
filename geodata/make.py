"""Makes the sample data from `plan.toml`: `python geodata/make.py [FOLDER]`. Run again, it gives the same bytes.

The ground is drawn in metres on the Gauss-Krüger plane of zone 35 (EPSG:4523 without its prefix); what is kept is rounded to
7 decimals of a degree (1 cm). All chance comes from `random.Random`, seeded by `SEED` and the site's number.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import cos, exp, pi, sin, tau
from pathlib import Path
from random import Random
from typing import Any

import fiona
import numpy as np
import shapely
from shapely import affinity, ops
from shapely.geometry.base import BaseGeometry

from restoration import geometry, lifecycle

SEED = 20211231
ZONE = 35
PREFIX_M = ZONE * 1_000_000
MU_M2 = 2000 / 3
GAP_M = 70.0
WINDOW = shapely.box(104.9, 24.85, 105.45, 25.42)
SAMPLE = "是：图形与名称均为虚构"
PUBLISHED_NAME = "是：名称见公报，位置为虚构；面积、进度、日期亦为虚构"
NOTE = (
    "示例数据：图形、面积、编号、日期和文号均为虚构，不是实际小班、图斑或矿区。"
    "Sample data: shapes, areas, numbers, dates and document numbers are made up; see README.md."
)
SOURCE = "义龙新区“五举措”保障“双碳”工作有序推进 (district bulletin, 2021; no day given)"
REDRAWN, SHAPEFILE = "redrawn.geojson", "gbk_shapefile/退化林修复2021.shp"
VALUE_COLUMNS = {
    "verified_mu": "核实面积(亩)", "qualified_mu": "合格面积(亩)", "survival_pct": "成活率(%)",
    "cover_pct": "盖度(%)", "canopy_ratio": "郁闭度",
}  # fmt: skip
HISTORY_COLUMNS = (
    "日期", "事项", "小班号", "措施", "年度", "状态", "文号", "调查日期", *VALUE_COLUMNS.values(), "字段", "新值", "说明",
)  # fmt: skip
KINDS = {"note": "备注", "measured": "面积指标", "redrawn": "边界重划", "corrected": "更正"}
WITH_DOCUMENT = {"designed", "county_accepted", "higher_checked", "final_accepted", "closed", "cancelled", "suspended", "rectifying"}
INDICATOR = {
    "封山育林": ("canopy_ratio", 0.22, 0.38), "退耕还林": ("survival_pct", 88, 96), "人工造林": ("survival_pct", 87, 95),
    "低产低效林改造": ("canopy_ratio", 0.42, 0.58), "退化林修复": ("survival_pct", 87, 94), "矿区复绿": ("cover_pct", 72, 91),
}  # fmt: skip
"""What is measured at the county's acceptance, and between which values the sample's lie."""

Plan = dict[str, Any]
Rows = list[Plan]
Coordinates = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Outline:
    """How a kind of ground looks: length by width, unevenness, bend, number of gullies; corners for old fields."""

    stretch: tuple[float, float]
    rough: float
    bend: float = 0.0
    gullies: int = 0
    corners: int = 0
    piece_m: float = 24.0


OUTLINES = {
    "slope": Outline((1.6, 2.7), 0.17, bend=0.30, gullies=3),
    "cone": Outline((1.1, 1.4), 0.15, gullies=3),
    "field": Outline((1.2, 2.2), 0.05, bend=0.16, corners=8, piece_m=28.0),
    "block": Outline((1.9, 2.5), 0.15, bend=0.06, gullies=1),
    "pit": Outline((1.0, 1.7), 0.07, bend=0.12, corners=9, piece_m=11.0),
}


def chance(*of: object) -> Random:
    """The random numbers that belong to a thing: others may come or go without changing them."""
    return Random(f"{SEED}:{':'.join(map(str, of))}")  # noqa: S311 (no secret)


def ground(rng: Random, look: Outline, area_m2: float) -> shapely.Polygon:
    """One polygon of that area round the origin, its long axis along x."""
    stretch = rng.uniform(*look.stretch) ** 0.5
    around_m = 1.25 * pi * (stretch + 1 / stretch) * (area_m2 / pi) ** 0.5
    count = min(max(round(around_m / look.piece_m), 26), 150)
    radius = angular(rng, look) if look.corners else rounded(rng, look)
    bend = rng.choice((-1, 1)) * look.bend * rng.uniform(0.5, 1)
    points = []
    for step in range(count):
        angle = (step + rng.uniform(-0.32, 0.32)) / count * tau
        far = radius(angle)
        x, y = stretch * far * cos(angle), far * sin(angle) / stretch
        points.append((x, y + bend * x * x))
    shape = shapely.Polygon(points)
    size = (area_m2 / shape.area) ** 0.5
    return affinity.scale(shape, size, size, origin=shape.centroid)


def rounded(rng: Random, look: Outline) -> Callable[[float], float]:
    """A hillside's edge as radius by angle: waves, and gullies that cut into it."""
    waves = [(k, look.rough * rng.gauss(0, 1) / k**0.75, rng.uniform(0, tau)) for k in range(2, 12)]
    gullies = [(rng.uniform(0, tau), rng.uniform(0.1, 0.3), rng.uniform(0.09, 0.2)) for _ in range(look.gullies)]

    def radius(angle: float) -> float:
        wavy: float = max(1.0 + sum(high * cos(k * angle + phase) for k, high, phase in waves), 0.55)
        for at, depth, width in gullies:
            away = (angle - at + pi) % tau - pi
            wavy *= 1 - depth * exp(-((away / width) ** 2))
        return wavy

    return radius


def angular(rng: Random, look: Outline) -> Callable[[float], float]:
    """An old field's or a pit's edge as radius by angle: straight-ish sides between corners."""
    corners = [((k + rng.uniform(-0.3, 0.3)) / look.corners * tau, rng.uniform(0.55, 1.3)) for k in range(look.corners)]
    angles = np.array([corners[-1][0] - tau, *(at for at, _ in corners), corners[0][0] + tau])
    radii = np.array([corners[-1][1], *(far for _, far in corners), corners[0][1]])

    def radius(angle: float) -> float:
        turned = (angle - angles[0]) % tau + angles[0]
        inverse = float(np.interp(turned, angles, 1 / radii))
        return (1 + look.rough * rng.uniform(-0.5, 0.5)) / inverse

    return radius


def with_hole(rng: Random, shape: BaseGeometry, share: float) -> BaseGeometry:
    """The ground without a piece inside it (a bare summit, a hamlet) of that share of its area."""
    inner = ground(rng, OUTLINES["cone"], share * shape.area)
    middle = shape.representative_point()
    return shape.difference(affinity.translate(inner, middle.x, middle.y))


def crossed(rng: Random, shape: BaseGeometry) -> BaseGeometry:
    """The ground in two parts, on either side of a road 12 m wide."""
    return shape.difference(wiggle(rng, shape, rng.uniform(-0.15, 0.25)).buffer(6, cap_style="flat", quad_segs=2))


def wiggle(rng: Random, shape: BaseGeometry, at: float) -> shapely.LineString:
    """A line across the ground's long axis, ``at`` from its middle (0) to its ends (-0.5, 0.5)."""
    west, south, east, north = shape.bounds
    x = (west + east) / 2 + at * (east - west)
    lean, phase, sway = rng.uniform(-0.25, 0.25), rng.uniform(0, tau), 0.025 * (east - west)
    heights = np.linspace(south - 20, north + 20, 16)
    return shapely.LineString(
        [(x + lean * (y - (south + north) / 2) + sway * sin(phase + k * 0.8) + rng.uniform(-5, 5), y) for k, y in enumerate(heights)]
    )


def cut(rng: Random, shape: BaseGeometry, areas_m2: Sequence[float]) -> list[BaseGeometry]:
    """The ground in neighbours of about those areas, west to east; they share the vertices of the line between them."""
    if len(areas_m2) == 1:
        return [shape]
    seed, low, high = rng.random(), -0.5, 0.5
    for _ in range(30):
        at = (low + high) / 2
        parts = sorted(ops.split(shape, wiggle(chance(seed), shape, at)).geoms, key=lambda part: part.centroid.x)
        low, high = (at, high) if (len(parts) == 1 and at < 0) or parts[0].area < areas_m2[0] else (low, at)
    if len(parts) != 2:
        raise ValueError(f"the line between neighbours leaves {len(parts)} pieces: change SEED or the block's word")
    return [parts[0], *cut(rng, parts[1], areas_m2[1:])]


def resurveyed(rng: Random, shape: BaseGeometry) -> BaseGeometry:
    """The same place measured anew: two sides moved, every vertex another, the area nearly as it was."""
    middle, turn = shape.centroid, rng.uniform(0, tau)

    def moved(xy: Coordinates) -> Coordinates:
        away = xy - (middle.x, middle.y)
        angle = np.arctan2(away[:, 1], away[:, 0])
        further: Coordinates = away * (1 + 0.16 * np.sin(2 * angle + turn) + 0.07 * np.sin(5 * angle))[:, None]
        return np.add(further, (middle.x + 9, middle.y - 6))

    halves = shapely.transform(shape.segmentize(33), moved).simplify(1.5)
    size = (0.996 * shape.area / halves.area) ** 0.5
    return affinity.scale(halves, size, size)


@dataclass(frozen=True, slots=True)
class Country:
    """The land so far: what is taken, and the places that others refer to."""

    taken: list[BaseGeometry] = field(default_factory=list)
    keyed: dict[str, BaseGeometry] = field(default_factory=dict)

    def is_free(self, shape: BaseGeometry, *, but: BaseGeometry | None = None) -> bool:
        """Whether nothing else lies within the gap."""
        return all(other is but or other.distance(shape) >= GAP_M for other in self.taken)


def plane(lon: float, lat: float) -> tuple[float, float]:
    """A place in metres on the plane."""
    point = geometry.to_plane(np.array([shapely.Point(lon, lat)]), ZONE)[0]
    return point.x, point.y


def turned_with_slope(shapes: Sequence[BaseGeometry], x: float, y: float) -> list[BaseGeometry]:
    """The shapes brought to a place and turned so that their long axis follows the contour lines there."""
    along = 0.7 + 0.6 * sin(x / 2900 + y / 5100) + 0.5 * sin(y / 1900)
    turned = [affinity.rotate(shape, along, origin=(0, 0), use_radians=True) for shape in shapes]
    return [affinity.translate(shape, x, y) for shape in turned]


def settle(rng: Random, shapes: Sequence[BaseGeometry], centre: Sequence[float], country: Country) -> list[BaseGeometry]:
    """Find free hills for the shapes within a few kilometres of a town, not in the town itself."""
    town_x, town_y = plane(*centre)
    for tries in range(400):
        far, angle = rng.uniform(900, 3600 + 10 * tries), rng.uniform(0, tau)
        placed = turned_with_slope(shapes, town_x + far * cos(angle), town_y + far * sin(angle))
        if all(map(country.is_free, placed)) and all(WINDOW.contains(shape) for shape in in_degrees(placed)):
            return placed
    raise ValueError(f"no room near {centre}")


def against(rng: Random, shape: BaseGeometry, anchor: BaseGeometry, share: float, country: Country) -> BaseGeometry:
    """Push the shape towards another until it overlaps it by a share of its own ground, or for 0 until 15 m are left."""
    start = turned_with_slope([shape], anchor.centroid.x, anchor.centroid.y)[0]
    for _ in range(60):
        angle = rng.uniform(0, tau)

        def at(far: float, angle: float = angle) -> BaseGeometry:
            return affinity.translate(start, far * cos(angle), far * sin(angle))

        low, high = 0.0, 3000.0
        for _ in range(40):
            far = (low + high) / 2
            near = at(far).intersection(anchor).area > share * start.area if share else at(far).distance(anchor) < 15
            low, high = (far, high) if near else (low, far)
        if country.is_free(at(high), but=anchor) or (not share and is_clear_of_parts(at(high), country)):
            return at(high)
    raise ValueError("no room beside the other site")


def is_clear_of_parts(shape: BaseGeometry, country: Country) -> bool:
    """Whether a part of a mine touches none of the others; they may be as near as 14 m."""
    return all(other.distance(shape) >= 14 for other in country.taken)


def in_degrees(planar: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Longitude and latitude, 7 decimals, outer rings counter-clockwise as RFC 7946 asks."""
    degrees = geometry.from_plane(np.array(planar, dtype=object), ZONE)
    return list(shapely.orient_polygons(shapely.transform(degrees, lambda xy: xy.round(7))))


def drawn(plan: Plan, rows: Rows) -> list[BaseGeometry]:
    """The ground of every row, on the plane."""
    country, shapes = Country(), dict[str, BaseGeometry]()
    blocks: dict[str, Rows] = defaultdict(list)
    for row in rows:
        blocks[str(row.get("block", row["number"]))].append(row)
    for name, members in sorted(blocks.items(), key=lambda block: "over" in block[1][0] or "beside" in block[1][0]):
        placed = placed_together(plan, chance(name), members, country)
        country.taken.extend(placed)
        shapes |= {row["number"]: shape for row, shape in zip(members, placed, strict=True)}
        country.keyed.update({row["key"]: shapes[row["number"]] for row in members if "key" in row})
    return [shapes[row["number"]] for row in rows]


def placed_together(plan: Plan, rng: Random, members: Rows, country: Country) -> list[BaseGeometry]:
    """The ground of one site, or of neighbours that are cut from one hillside."""
    first, areas = members[0], [row["mu"] * MU_M2 for row in members]
    look = "block" if len(members) > 1 else first.get("shape", plan["measure"][first["measure"]]["shape"])
    pieces = cut(rng, ground(rng, OUTLINES[look], sum(areas)), areas)
    if "hole" in first:
        pieces = [with_hole(rng, pieces[0], first["hole"])]
    if "road" in first:
        pieces = [crossed(rng, pieces[0])]
    anchor = first.get("over", first.get("beside"))
    if anchor:
        return [against(rng, pieces[0], country.keyed[anchor], first.get("share", 0.0), country)]
    return settle(rng, pieces, plan["town"][first["town"]]["centre"], country)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a status or a word of `KINDS`, values, and words to it."""

    day: date
    word: str
    values: dict[str, str]
    note: str


def steps_of(plan: Plan, row: Plan) -> list[Step]:
    """What the route and the row's own additions say, in order of day, values filled in."""
    rng = chance(row["number"], "days")
    steps = [read_step(rng, text) for text in (*plan["route"][row["route"]], *row.get("extra", ()))]
    ordered = sorted(steps, key=lambda step: step.day)
    return [ordered[0], *(surveyed(rng, row, step) for step in ordered[1:])]


def read_step(rng: Random, text: str) -> Step:
    """A step from its line in the plan: ``2020-05 replanting survival_pct=62 | words``."""
    front, _, note = text.partition("|")
    when, word, *values = front.split()
    day = date.fromisoformat(when) if len(when) > 7 else working_day(rng, when)
    return Step(day, word, dict(value.split("=") for value in values), note.strip())


def working_day(rng: Random, month: str) -> date:
    """Some Monday to Friday of a month."""
    while True:
        day = date.fromisoformat(f"{month}-{rng.randint(1, 28):02d}")
        if day.weekday() < 5:
            return day


def surveyed(rng: Random, row: Plan, step: Step) -> Step:
    """The step with the values of its survey: areas and indicator at an acceptance, the survey's day at any measuring."""
    values = dict(step.values)
    if step.word == "county_accepted":
        verified = row["drawn_mu"] * rng.uniform(0.965, 0.998)
        indicator, low, high = INDICATOR[row["measure"]]
        value = rng.uniform(low, high)
        values |= {"verified_mu": f"{verified:.1f}", "qualified_mu": f"{verified * rng.uniform(0.93, 1.0):.1f}"}
        values |= {indicator: f"{value:.2f}" if high < 1 else f"{value:.0f}"}
    if values and step.word != "corrected":
        values |= {"surveyed_on": (step.day - timedelta(days=rng.randint(2, 6))).isoformat()}
    return replace(step, values=values)


def history(rows: Rows) -> Rows:
    """Every event after the registrations, in the order to be recorded."""
    lines = [(step.day, row, step) for row in rows for step in row["steps"][1:]]
    return [history_line(row, step) for _, row, step in sorted(lines, key=lambda line: (line[0], line[1]["number"]))]


def history_line(row: Plan, step: Step) -> Plan:
    """One event under the headings of history.csv."""
    site = {"日期": step.day.isoformat(), "小班号": row["number"], "措施": row["measure"], "年度": row["year"], "说明": step.note}
    if step.word == "corrected":
        ((name, value),) = step.values.items()
        return site | {"事项": "更正", "字段": name, "新值": f"{row['drawn_mu']:.1f}" if value == "@" else value}
    values = {VALUE_COLUMNS[name]: value for name, value in step.values.items() if name in VALUE_COLUMNS}
    site |= values | {"调查日期": step.values.get("surveyed_on", "")}
    if step.word in KINDS:
        return site | {"事项": KINDS[step.word]}
    document = {"文号": (step.day.year, step.day.month, row["measure"], step.word)} if step.word in WITH_DOCUMENT else {}
    return site | document | {"事项": "状态变更", "状态": label(step.word, row["measure"])}


def label(status: str, measure: str) -> str:
    """A status in the words that the office uses for the measure."""
    table = lifecycle.table()
    return table.label(status, table.measure(measure).code).zh


def number_documents(features: Rows, events: Rows) -> None:
    """Put sample numbers in place of what each document is about; one document serves all sites of its month."""
    numbers: dict[object, str] = {}
    running: dict[int, int] = defaultdict(int)
    for holder in (*sorted(features, key=lambda feature: feature["登记日期"]), *events):
        about = holder.get("文号")
        if about and about not in numbers:
            running[about[0]] += 1
            numbers[about] = f"示例-{about[0]}-{running[about[0]]:03d}"
        holder["文号"] = numbers.get(about, "")


def numbered_rows(plan: Plan) -> Rows:
    """Every row of the plan with its file, its number (town code and running number) and its name."""
    rows: Rows = []
    in_town: dict[str, int] = defaultdict(int)
    in_measure: dict[tuple[str, str], int] = defaultdict(int)
    for file, listed in plan["file"].items():
        for row in listed:
            town, short = plan["town"][row["town"]], plan["measure"][row["measure"]]["short"]
            in_town[row["town"]] += 1
            in_measure[town["short"], short] += 1
            name = f"示例·矿点{row['mine']}" if "mine" in row else f"示例·{town['short']}{short}{in_measure[town['short'], short]:02d}"
            part = f"（{row['part']}）" if "part" in row else ""
            number = f"{town['code']}-{in_town[row['town']]:04d}"
            rows.append({"name": name, **row, "file": file, "number": number, "part": part})
    return rows


def properties(plan: Plan, row: Plan) -> Plan:
    """What staff would have entered at registration, under their headings."""
    rng, first, town = chance(row["number"], "entered"), row["steps"][0], plan["town"][row["town"]]
    entered = {
        "小班号": row["number"], "名称": row["name"] + row["part"], "措施": row["measure"], "年度": row["year"],
        "状态": label(first.word, row["measure"]), "登记日期": first.day.isoformat(), "乡镇": row["town"], "乡镇代码": town["code"],
        "村": rng.choice(town.get("villages", [""])), "上报面积(亩)": round(row["drawn_mu"] * row.get("off", rng.uniform(0.997, 1.003)), 1),
    }  # fmt: skip
    if "species" in row:
        entered["树种"] = row["species"]
    if row["measure"] == "封山育林":
        entered |= {"封育起始": closure_start(row), "封育年限": 5}
    if "mine" in row:
        entered["矿山编号"] = f"示例矿{row['mine']}"
    published = not row["name"].startswith("示例")
    document = (first.day.year, 0, row["measure"], row["year"])
    return entered | {"文号": document, "示例数据": PUBLISHED_NAME if published else SAMPLE}


def closure_start(row: Plan) -> str | None:
    """The day the closure began: given for old ones, else when it went into force; none where it has not."""
    began = (step.day for step in row["steps"] if step.word == "in_progress")
    start = row.get("closure_on", next(began, None))
    return start.isoformat() if start else None


def redrawn_feature(row: Plan) -> tuple[Plan, BaseGeometry]:
    """The new boundary of a site, as it was handed in on the day of its redrawing."""
    shape = in_degrees([resurveyed(chance(row["number"], "redrawn"), row["plane"])])[0]
    at = next(step for step in row["steps"] if step.word == "redrawn")
    before = [step.word for step in row["steps"] if step.day <= at.day and step.word not in KINDS]
    changed = {
        "登记日期": at.day.isoformat(),
        "状态": label(before[-1], row["measure"]),
        "上报面积(亩)": round(geometry.area_of_record_m2([shape])[0] / MU_M2, 1),
    }
    return row["properties"] | changed, shape


def outline(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """A smooth line round the sample; no boundary of anything."""
    hull = shapely.concave_hull(shapely.union_all(shapes), ratio=0.75).buffer(9000).buffer(-7800).simplify(60)
    points = shapely.get_coordinates(shapely.get_exterior_ring(hull))[:-1]
    for _ in range(2):
        after = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], axis=1).reshape(-1, 2)
    return in_degrees([shapely.Polygon(points)])[0]


def write_geojson(path: Path, features: Sequence[tuple[Plan, BaseGeometry]]) -> None:
    """RFC 7946, one feature a line."""
    lines = [
        dump({"type": "Feature", "properties": entered, "geometry": json.loads(shapely.to_geojson(shape))}) for entered, shape in features
    ]
    text = '{"type": "FeatureCollection",\n"note": ' + dump(NOTE) + ',\n"features": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def dump(content: object) -> str:
    """JSON on one line, Chinese as it is."""
    return json.dumps(content, ensure_ascii=False)


def write_csv(path: Path, header: Sequence[str], lines: Rows) -> None:
    """UTF-8 with a byte order mark, so that Excel shows the Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


SHAPEFILE_FIELDS = {
    "小班号": "str:16", "小班名": "str:40", "乡镇": "str:20", "乡镇代码": "str:9", "面积(亩)": "float:10.1",
    "年度": "int:4", "措施": "str:20", "状态": "str:40", "登记日期": "str:10", "示例数据": "str:60",
}  # fmt: skip


def write_shapefile(path: Path, rows: Rows) -> None:
    """The file that a contractor hands in: GBK, metres with zone prefix, and nothing that says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = {"geometry": "Polygon", "properties": SHAPEFILE_FIELDS}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, encoding="GBK") as layer:
        layer.writerecords(shapefile_records(rows))
    for suffix in (".cpg", ".prj"):
        path.with_suffix(suffix).unlink(missing_ok=True)
    head = bytearray(path.with_suffix(".dbf").read_bytes())
    head[1:4], head[29] = bytes((121, 12, 31)), 0  # the day of writing, and the language id that would tell GBK
    path.with_suffix(".dbf").write_bytes(head)


def shapefile_records(rows: Rows) -> Iterator[Plan]:
    """The records under names of at most ten bytes."""
    renamed = {"小班名": "名称", "面积(亩)": "上报面积(亩)"}
    for row in rows:
        prefixed = shapely.transform(row["plane"], lambda xy: np.add(xy, (PREFIX_M, 0)).round(3))
        entered = {name: row["properties"][renamed.get(name, name)] for name in SHAPEFILE_FIELDS}
        yield {"geometry": shapely.geometry.mapping(prefixed), "properties": entered}


def completed_rows(plan: Plan) -> Rows:
    """Every site with its ground on the plane and in degrees, its steps and its properties."""
    rows = numbered_rows(plan)
    planar = drawn(plan, rows)
    degrees = in_degrees(planar)
    areas = geometry.area_of_record_m2(degrees) / MU_M2
    for row, on_plane, shape, area in zip(rows, planar, degrees, areas, strict=True):
        row |= {"plane": on_plane, "degrees": shape, "drawn_mu": float(area)}
        row["steps"] = steps_of(plan, row)
        row["properties"] = properties(plan, row)
    return rows


def main(folder: Path) -> None:
    """Write every file of the sample into the folder."""
    plan = tomllib.loads(Path(__file__).with_name("plan.toml").read_text(encoding="utf-8"))
    rows = completed_rows(plan)
    events = history(rows)
    number_documents([row["properties"] for row in rows], events)
    folder.mkdir(parents=True, exist_ok=True)
    for file in plan["file"]:
        members = [row for row in rows if row["file"] == file]
        if file == SHAPEFILE:
            write_shapefile(folder / file, members)
        else:
            write_geojson(folder / file, [(row["properties"], row["degrees"]) for row in members])
    write_geojson(folder / REDRAWN, [redrawn_feature(row) for row in rows if "redrawn" in row])
    around = {"名称": "示意范围，非行政界线", "name": "示意范围，非行政界线", "示例数据": SAMPLE}
    write_geojson(folder / "outline.geojson", [(around, outline([row["plane"] for row in rows]))])
    write_csv(folder / "history.csv", HISTORY_COLUMNS, events)
    targets = [{"plan_year": 2021, "source": SOURCE, **target} for target in plan["target"]]
    write_csv(folder / "targets.csv", ("measure", "plan_year", "area_mu", "number", "source"), targets)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
