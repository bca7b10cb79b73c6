"""What all lists of corners have in common: numbers as written, which of a pair is the northing, rings that hold others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from ..data import builtin
from ..ellipsoid import Floats, Integers
from ..errors import FileRefused, Wanted
from ..geometry import Geometries, area_of_record_m2
from ..model import Finding
from ..text import Text, folded
from ..units import UNITS, to_m2
from .angles import as_angle, may_be_packed
from .cells import as_area, as_number
from .columns import distinct
from .layer import Raw, Undeclared
from .members import Degrees
from .rings import Polygon, Ring, polygons
from .rule import Where
from .rules_corners import area_differs, axes_by_size, header_unclear, point_unlike, points_differ, ring_short, rings_nested
from .windows import prefixed_code, zone_of_code

AREA = "地块面积"
_UNDECLARED = Undeclared(Text("没有声明坐标系（标题或文件头没有写）", "declares no CRS (not in its head or title)"))
_HECTARES = f"{AREA}(公顷)"
_POWER = re.compile(r"[+-]?\d\.(\d*)[eE]\+?(\d+)", re.ASCII)
_PLAIN = re.compile(r"\d{1,3}(?:\.\d+)?", re.ASCII)
_METRES, _DEGREES, _TURNED, _ZONE = 1000, 2000, 500, 100  # a class is its kind, its order and its zone, in one number


@dataclass
class Parcel:
    """One parcel as it is written: its cells, its rings in the order and units of the file (northing first), and where it begins."""

    columns: dict[str, str]
    line: int
    rings: list[Ring] = field(default_factory=list)
    points: int | None = None
    wrong: Finding | None = None


@dataclass(frozen=True)
class Declared:
    """What a head or title says of the coordinates; ``""`` and ``None`` for nothing."""

    system: str = ""
    zone: int | None = None
    width: int | None = None


@dataclass
class Numbers:
    """Reads coordinates, and remembers whether plain degrees could have been ``ddd.mmss``.

    ``given`` is how the caller says that plain degrees are written.
    """

    given: Degrees | None = None
    packed: bool = False
    decimal: bool = False
    plain: int = 0
    doubtful: int = 0
    fine: int = 0

    def __post_init__(self) -> None:
        self.packed, self.decimal = self.given == "packed", self.given == "decimal"

    def hear(self, *, packed: bool, decimal: bool) -> None:
        """What the file says of its degrees; the caller has the last word."""
        if self.given is None:
            self.packed |= packed
            self.decimal |= decimal

    def read(self, text: str) -> float:
        """One coordinate: metres or degrees.

        Raises
        ------
        ValueError
        It is none, is far too large, or was shortened to a power of ten.
        """
        if self.packed and "." in text:
            return as_angle(text, packed=True).degrees
        try:
            number = as_number(text)
        except ValueError:
            return as_angle(text).degrees
        power = _POWER.fullmatch(text)
        if abs(number) > builtin("corners")["size"]["most"] or (power is not None and len(power.group(1)) < int(power.group(2))):
            raise ValueError(text)
        return number

    def saw(self, pair: Iterable[str]) -> None:
        """Count the coordinates of a point that was taken, where they are plain degrees."""
        for text in pair:
            if _PLAIN.fullmatch(text) and float(text) <= builtin("crs")["degrees"]["longitude"]:
                self.plain += 1
                self.doubtful += may_be_packed(text)
                self.fine += len(text.partition(".")[2]) >= 4  # seconds would stand in the third and fourth decimal

    def require_sure(self, where: Where) -> None:
        """Refuse plain degrees that all could be packed degrees, minutes and seconds.

        Raises
        ------
        FileRefused
        """
        if self.plain and self.doubtful == self.plain and self.fine * 2 >= self.plain and not (self.packed or self.decimal):
            raise FileRefused(
                Text(
                    f"{where.file}：经纬度既像十进制度，又像 度.分秒（ddd.mmss），两者差几公里。",
                    f"{where.file}: the degrees may be decimal or packed (ddd.mmss), which is kilometres apart.",
                ),
                Text(
                    "请加 --degrees decimal（十进制度）或 --degrees packed（度.分秒），或在列名里写明：“经度(度)”“经度(ddd.mmss)”。",
                    "Add --degrees decimal or --degrees packed, or say it in the headings: 经度(度), 经度(ddd.mmss).",
                ),
                wanted=Wanted(
                    "--degrees",
                    Text("经纬度的写法", "how the degrees are written"),
                    (
                        ("decimal", Text("十进制度", "decimal degrees")),
                        ("packed", Text("度.分秒 ddd.mmss", "degrees, minutes and seconds ddd.mmss")),
                    ),
                ),
            )


def too_many(where: Where) -> FileRefused:
    """The refusal of a list that passes the limits of `data/limits.toml`."""
    limits = builtin("limits")["corners"]
    return FileRefused(
        Text(
            f"{where.file}：点或圈太多（最多 {limits['points']:,} 个点，一块最多 {limits['rings']:,} 圈）。",
            f"{where.file}: too many points or rings (at most {limits['points']:,} points, {limits['rings']:,} rings a parcel).",
        ),
        Text("请分乡镇或分年度拆成几个文件。", "Split it by township or year."),
    )


def said(words: Iterable[str], text: str) -> bool:
    """Whether a text holds one of the words, whatever its case, width and blanks."""
    plain = folded(text)
    return any(folded(word) in plain for word in words)


def system_named(text: str) -> str:
    """The datum that a text names, ``""`` for none.

    Examples
    --------
    >>> system_named("矿区范围拐点坐标（2000国家大地坐标系）"), system_named("1980西安坐标系"), system_named("地方坐标系")
    ('CGCS2000', 'Xian80', '')
    """
    words = {name: spoken for name, spoken in builtin("corners")["system"].items() if name != "source"}
    found = [name for name, spoken in words.items() if said(spoken, text)]
    return found[0] if len(found) == 1 else ""


def as_layer(parcels: Sequence[Parcel], declared: Declared, where: Where, *, encoding: str, told: Sequence[Finding]) -> Raw:
    """The parcels as one layer, easting first.

    The declared area (a column `AREA`, hectares unless the cell names a unit) and the number of points are compared with what
    the rings hold.
    """
    findings = list(told)
    kind = _sorted_out(parcels, where, findings)
    shapes, unreadable = _shapes(parcels, where, findings)
    _compare(parcels, shapes, where, findings, in_degrees=kind // _METRES * _METRES == _DEGREES)
    frame, renamed = _frame(parcels, where)
    crs, unclear = _code(declared, kind)
    findings += [header_unclear(where, unclear)] if unclear else []
    rows = np.arange(1, len(parcels) + 1, dtype=np.intp)
    return Raw(where.layer, frame, shapes, rows, crs, encoding, (*findings, *renamed), unreadable, undeclared=_UNDECLARED)


def kinds_of(points: Floats) -> Integers:
    """What each pair can be by its size alone: 0 for nothing known.

    Parameters
    ----------
    points
        Shape (n, 2), northing or latitude first if they are in order.
    """
    first, second = points[:, 0], points[:, 1]
    size, country = builtin("corners")["size"], builtin("crs")["country"]
    kinds = np.zeros(len(points), dtype=np.intp)
    for turned, north, east in ((0, first, second), (_TURNED, second, first)):
        zone = np.floor(east / builtin("crs")["prefix"]["metres"])
        rest = east - zone * builtin("crs")["prefix"]["metres"]
        is_zone = (zone == 0) | ((zone >= size["zones"][0]) & (zone <= size["zones"][1]))
        metres = is_zone & _within(rest, size["easting"]) & _within(north, size["northing"])
        kinds[metres] = _METRES + turned + zone[metres].astype(np.intp)
        degrees = _within(north, [country["south"], country["north"]]) & _within(east, [country["west"], country["east"]])
        kinds[degrees] = _DEGREES + turned
    return kinds


def _within(values: Floats, bounds: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]), dtype=bool)


def _sorted_out(parcels: Sequence[Parcel], where: Where, findings: list[Finding]) -> int:
    """The kind that most points have; parcels with a point of another are refused, and all rings are turned to easting first."""
    rings = [ring for parcel in parcels for ring in parcel.rings]
    kinds = kinds_of(np.concatenate(rings)) if rings else np.zeros(0, dtype=np.intp)
    common = Counter(kinds.tolist()).most_common(1)[0][0] if len(kinds) else 0
    turned = common % _METRES >= _TURNED
    if turned:
        findings.append(axes_by_size(where))
    begin = 0
    for row, parcel in enumerate(parcels, 1):
        for at, ring in enumerate(parcel.rings):
            own = kinds[begin : begin + len(ring)]
            begin += len(ring)
            if common and (own != common).any():
                point = int(np.flatnonzero(own != common)[0])
                parcel.wrong = parcel.wrong or point_unlike(where.at(row), _pair(ring[point], at, point))
            parcel.rings[at] = ring if turned else ring[:, ::-1]
    return common


def _pair(point: Floats, ring: int, at: int) -> Text:
    pair = f"{point[0]:.12g}, {point[1]:.12g}"
    return Text(f"第 {ring + 1} 圈第 {at + 1} 点（{pair}）", f"ring {ring + 1}, point {at + 1} ({pair})")


def _shapes(parcels: Sequence[Parcel], where: Where, findings: list[Finding]) -> tuple[Geometries, dict[int, Finding]]:
    rows: list[list[Polygon] | None] = []
    holed: list[int] = []
    fewest = int(builtin("corners")["fewest"]["points"])
    for row, parcel in enumerate(parcels, 1):
        short = [len(np.unique(ring, axis=0)) for ring in parcel.rings if len(ring) <= fewest + 1]
        if short and min(short) < fewest:
            parcel.wrong = parcel.wrong or ring_short(where.at(row), min(short))
        parts = nested(parcel.rings) if not parcel.wrong else []
        holed += [row] if any(len(part) > 1 for part in parts) else []
        rows.append(parts or None)
    if holed:
        findings.append(rings_nested(where, holed))
    shapes, _ = polygons(rows)  # whether a ring is closed in the list is a matter of habit and says nothing
    return shapes, {at: parcel.wrong for at, parcel in enumerate(parcels) if parcel.wrong}


def nested(rings: Sequence[Ring]) -> list[Polygon]:
    """The polygons that rings make: inside an odd number of others a ring is a hole of the smallest, else a part of its own.

    Examples
    --------
    >>> square = np.array([[0, 0], [9, 0], [9, 9], [0, 9]], dtype=float)
    >>> [len(part) for part in nested([square, square / 3 + 1, square + 20])]
    [2, 1]
    """
    if len(rings) <= 1:
        return [list(rings)] if rings else []
    holders: dict[int, list[int]] = {at: [] for at in range(len(rings))}
    for outer, inner in pairs_inside(rings):
        holders[inner].append(outer)
    sizes = [float(shapely.area(shapely.Polygon(ring))) for ring in rings]
    made: dict[int, list[Ring]] = {at: [rings[at]] for at, held in holders.items() if len(held) % 2 == 0}
    for at, held in holders.items():
        shells = [one for one in held if one in made and one != at]
        if at not in made:
            made.setdefault(min(shells, key=lambda one: sizes[one], default=at), []).append(rings[at])
    return [made[at] for at in sorted(made)]


def pairs_inside(rings: Sequence[Ring]) -> list[tuple[int, int]]:
    """Which ring lies wholly inside which other: (outer, inner); of two that are alike neither does.

    Seen by corners and the middles of edges, so that a ring that crosses itself can be asked too.
    """
    shapes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    boxes = shapely.bounds(shapes)
    inner, outer = shapely.STRtree(shapes).query(shapes)
    fits = (boxes[inner, :2] >= boxes[outer, :2]).all(axis=1) & (boxes[inner, 2:] <= boxes[outer, 2:]).all(axis=1) & (inner != outer)
    found: list[tuple[int, int]] = []
    for small, large in zip(inner[fits].tolist(), outer[fits].tolist(), strict=True):
        probes = np.concatenate([rings[small], (rings[small] + np.roll(rings[small], -1, axis=0)) / 2])
        if shapely.intersects_xy(shapes[large], probes).all() and shapely.area(shapes[small]) < shapely.area(shapes[large]):
            found.append((large, small))
    return found


def _compare(parcels: Sequence[Parcel], shapes: Geometries, where: Where, findings: list[Finding], *, in_degrees: bool) -> None:
    """Tell where the stated number of points or area is not what was read."""
    areas = _areas_m2(shapes, in_degrees=in_degrees)
    _settle_unit(parcels, areas)
    share_pct = float(builtin("corners")["area"]["share_pct"])
    for row, (parcel, read_m2) in enumerate(zip(parcels, areas.tolist(), strict=True), 1):
        if parcel.wrong:
            continue
        closed = sum(int(np.array_equal(ring[0], ring[-1])) for ring in parcel.rings)
        read = sum(map(len, parcel.rings))
        if parcel.points is not None and parcel.points not in (read, read - closed, read - closed + len(parcel.rings)):
            findings.append(points_differ(where.at(row), parcel.points, read))
        heading = _HECTARES if _HECTARES in parcel.columns else AREA
        stated = _stated_m2(parcel.columns.get(heading, ""), "ha" if heading == _HECTARES else "")
        if stated is not None and abs(stated - read_m2) * 100 > share_pct * read_m2:
            findings.append(area_differs(where.at(row), parcel.columns[heading], stated, read_m2))


def _areas_m2(shapes: Geometries, *, in_degrees: bool) -> Floats:
    try:
        return area_of_record_m2(shapes) if in_degrees else np.asarray(np.nan_to_num(shapely.area(shapes)), dtype=np.float64)
    except shapely.errors.GEOSException:
        return np.asarray(np.nan_to_num(shapely.area(shapes)), dtype=np.float64)


def _settle_unit(parcels: Sequence[Parcel], areas_m2: Floats) -> None:
    """Name the column of areas by its unit: hectares, unless the numbers as a whole fit another, which is then for `intake` to tell."""
    near = float(builtin("corners")["area"]["near_pct"]) / 100
    bare = [(_bare_area(parcel.columns.get(AREA, "")), read) for parcel, read in zip(parcels, areas_m2.tolist(), strict=True)]
    known = [(number, read) for number, read in bare if number and read > 0]
    ratios = {unit: float(np.median([to_m2(number, unit) / read for number, read in known])) for unit in UNITS} if known else {}
    if [unit for unit, ratio in ratios.items() if abs(ratio - 1) <= near and unit != builtin("corners")["area"]["unit"]]:
        return
    for parcel in parcels:
        if AREA in parcel.columns:
            parcel.columns = {(_HECTARES if name == AREA else name): cell for name, cell in parcel.columns.items()}


def _bare_area(cell: str) -> float:
    try:
        number, unit = as_area(cell)
    except ValueError:
        return 0.0
    return 0.0 if unit else number


def _stated_m2(cell: str, unit: str) -> float | None:
    try:
        number, own = as_area(cell)
    except ValueError:
        return None
    return to_m2(number, own or unit) if number and (own or unit) else None


def _frame(parcels: Sequence[Parcel], where: Where) -> tuple[pd.DataFrame, list[Finding]]:
    found = list(dict.fromkeys(name for parcel in parcels for name in parcel.columns))
    named, renamed = distinct(found, where)
    cells: Mapping[str, list[str]] = {
        new: [parcel.columns.get(old, "") for parcel in parcels] for new, old in zip(named, found, strict=True)
    }
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()}, index=range(len(parcels))), renamed


def _code(declared: Declared, kind: int) -> tuple[str | None, Text | None]:
    """The code that a declaration means for numbers of this kind; what of it could not be used."""
    if kind >= _DEGREES:
        return builtin("corners")["degrees_code"].get(declared.system), None
    zone = declared.zone or kind % _ZONE or None
    code = prefixed_code(declared.system, zone) if declared.system and zone else None
    found = zone_of_code(int(code.removeprefix("EPSG:"))) if code else None
    if found is None or code is None:
        odd = bool(declared.system and zone) and declared.system != "WGS84"
        return None, Text(f"{declared.system} 没有 {zone} 带", f"{declared.system} has no zone {zone}") if odd else None
    if declared.width not in (None, found.degrees):
        return None, Text(f"{zone} 带不是 {declared.width} 度带", f"zone {zone} is not {declared.width} degrees wide")
    return (code if kind % _ZONE or not kind else found.pair), None
