"""Tables of corners (拐点坐标表): X and Y or degrees in two columns, one area after another, areas to deduct among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text, folded
from .cells import plain
from .corners import AREA, Declared, Numbers, Parcel, as_layer, kinds_of, pairs_inside, said, system_named, too_many
from .layer import Raw
from .members import Degrees
from .rings import Ring
from .rule import Where
from .rules_corners import area_within_area, corners_read, deduction_outside, licence_boundary, lines_left, number_from_file

_UNIT = re.compile(r"[(\[].*?[)\]]|[:：]$")
_LABEL = re.compile(r"[A-Za-z]{0,3}\d{1,6}", re.ASCII)
_DIGITS = re.compile(r"\d+$", re.ASCII)
_WORD = re.compile("[A-Za-z一-鿿]{2}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_STATED_AREA = re.compile(r"面积[^\d]{0,6}(\d+(?:\.\d+)?)\s*([^\d\s,，;；。)）]{1,5})")
_ZONE = re.compile(r"带号\D{0,3}(\d{2})|(?<!\d)(\d{2})\s*(?:度)?带")
_MERIDIAN = re.compile(r"中央(?:经线|子午线)\D{0,3}(\d{2,3})")
_NUMBER, _NAME = "地块编号", "地块名称"
_ZONE_DEGREES = 3  # a central meridian alone is told of the 3-degree zones

Line = tuple[int, Sequence[str]]
"""A line's number in the file (from 1) and its cells."""


@dataclass(frozen=True)
class _Columns:
    """Where what stands; the name of each column by its place."""

    north: int
    east: int
    point: int | None = None
    ring: int | None = None
    parcel: int | None = None
    names: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def others(self) -> Sequence[tuple[int, str]]:
        taken = (self.north, self.east, self.point, self.ring, self.parcel)
        return [(at, name) for at, name in self.names.items() if at not in taken]


@dataclass(eq=False)
class _Area:
    """One area while its points come in; ``parcel`` is what its column or its title calls it."""

    name: str
    line: int
    by_column: bool = False
    rings: list[list[tuple[float, float]]] = field(default_factory=list)
    others: dict[str, set[str]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    ring: str = ""
    stated: str = ""

    @property
    def is_deduction(self) -> bool:
        return said(builtin("corners")["say"]["deduction"], self.name)

    @property
    def is_closed(self) -> bool:
        ring = self.rings[-1] if self.rings else []
        return len(ring) > int(builtin("corners")["fewest"]["points"]) and ring[0] == ring[-1]


@dataclass
class _Table:
    """What was understood of the table so far."""

    where: Where
    numbers: Numbers = field(default_factory=Numbers)
    columns: _Columns | None = None
    is_headed: bool = False
    areas: list[_Area] = field(default_factory=list)
    by_name: dict[str, _Area] = field(default_factory=dict)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    begins: bool = True
    gap: bool = False
    gaps_count: bool = True
    points: int = 0


def read_grid(
    grid: Sequence[Line], where: Where, *, base: str, encoding: str, told: Sequence[Finding], degrees: Degrees | None = None
) -> Raw:
    """The areas of a table of corners, a row each: 地块编号, 地块名称 (its title) and columns that say one thing of all its points.

    Parameters
    ----------
    grid
        The lines and their cells, blank ones too.
    base
        What an area is called that no column gives a number: with its place behind it where there are several.
    degrees
        How the caller says that plain degrees are written.

    Raises
    ------
    FileRefused
        It is no such table, or what it says can be read in more than one way; the way out says what to write.
    """
    table = _Table(where, Numbers(degrees), gaps_count=_gaps_part(grid))
    words = list(dict.fromkeys(cell for _, cells in grid for cell in cells if _WORD.search(cell)))
    table.numbers.hear(packed=said_by(words, "packed"), decimal=said_by(words, "decimal"))
    for number, cells in grid:
        _take(table, number, cells)
    if not table.areas:
        raise _no_table(where, is_headed=table.columns is not None)
    _require_known(table)
    table.numbers.require_sure(where)
    parcels, findings = _parcels(table, base)
    return as_layer(parcels, _declared(words), where, encoding=encoding, told=[*told, *findings])


def said_by(words: Iterable[str], what: str) -> bool:
    """Whether one of the texts says so, by the words of `data/corners.toml`."""
    spoken = builtin("corners")["say"][what]
    return any(said(spoken, word) for word in words)


def _gaps_part(grid: Sequence[Line]) -> bool:
    """Whether blank lines part areas; in a list with one after every line they do not."""
    runs, run = [], 0
    for _, cells in [*grid, (0, [])]:
        if any(cells):
            run += 1
        elif run:
            runs.append(run)
            run = 0
    return any(run > 1 for run in runs)


def _take(table: _Table, number: int, cells: Sequence[str]) -> None:
    if not any(cells):
        table.gap = table.gap or bool(table.areas)
        return
    columns = None if _is_filled(cells, table.columns) else _heading(cells, table)
    if columns is not None:
        table.columns, table.is_headed, table.begins = columns, True, True
        return
    point = _point(table, number, cells)
    if point is None:
        _remark(table, number, cells)
    else:
        _add(table, number, cells, point)


def _is_filled(cells: Sequence[str], columns: _Columns | None) -> bool:
    """Whether figures stand where the coordinates do: then it is no line of headings."""
    return columns is not None and all(_cell(cells, at)[:1].isdecimal() for at in (columns.north, columns.east))


def _heading(cells: Sequence[str], table: _Table) -> _Columns | None:
    """The columns that a line names, if it names two coordinates."""
    words = builtin("corners")["heading"]
    bare = [_UNIT.sub("", folded(cell)) for cell in cells]
    found = {what: [at for at, name in enumerate(bare) if name in words[what]] for what in words if what != "source"}
    if found["geometry"]:
        raise _refused(table.where, Text("表里的图形是 WKT，不是拐点", "the shapes are WKT, not corners"), _SAVE_AS_GPKG)
    north, east = found["north"], found["east"]
    if not north or not east:
        return None
    if len(north) > 1 or len(east) > 1:
        north, east = _plane_only(bare, north, east, table.where)
    parcel = next((at for at in found["parcel"] if at not in (north[0], east[0])), None)
    point = next((at for at in found["point"] if at != parcel), None)
    names = {at: cell for at, cell in enumerate(cells) if cell}
    ring = found["ring"][0] if found["ring"] else None
    if point is None and parcel is None and ring is None and min(north[0], east[0]) > 0 and not bare[0]:
        point = 0  # 点号 stands in the line above, in a cell that spans two
    return _Columns(north[0], east[0], point, ring, parcel, names)


def _plane_only(bare: Sequence[str], north: list[int], east: list[int], where: Where) -> tuple[list[int], list[int]]:
    """X and Y where a table has them and degrees too; two groups side by side are refused."""
    plane_north, plane_east = ([at for at in some if bare[at][:1] in ("x", "y", "纵", "横")] for some in (north, east))
    if len(plane_north) == len(plane_east) == 1:
        return plane_north, plane_east
    raise _refused(
        where,
        Text("并排有几组坐标列，先后次序看不出来", "several groups of coordinates stand side by side, in an order that does not show"),
        Text("请把各组上下接成一列（点号、X、Y）。", "Put the groups below each other: point, X, Y."),
    )


def _point(table: _Table, number: int, cells: Sequence[str]) -> tuple[float, float] | None:
    """The two coordinates of a line; ``None`` for a line of words.

    Raises
    ------
    FileRefused
        The line may be a corner and cannot be read as one: left out, the boundary would be another.
    """
    columns = table.columns or _guessed(cells)
    if columns is None:
        if not table.areas or _CHINESE.search("".join(cells)):
            return None
        raise _unreadable_line(table.where, number, cells)
    pair = [cells[at] if at < len(cells) else "" for at in (columns.north, columns.east)]
    values = [_number(table.numbers, text) for text in pair]
    if values[0] is not None and values[1] is not None:
        table.columns = columns
        table.numbers.saw(pair)
        return values[0], values[1]
    label = cells[columns.point if columns.point is not None else 0] if len(cells) > (columns.point or 0) else ""
    is_corner = bool(_LABEL.fullmatch(label)) and (table.is_headed or bool(table.areas))
    is_half = (values[0] is None) != (values[1] is None) and (table.is_headed or bool(table.areas))
    if is_corner or is_half or (any(pair) and table.areas and not _CHINESE.search("".join(cells))):
        raise _unreadable_line(table.where, number, cells)
    return None


def _number(numbers: Numbers, text: str) -> float | None:
    try:
        return numbers.read(text)
    except ValueError:
        return None


def _guessed(cells: Sequence[str]) -> _Columns | None:
    """The columns of a line that none names: X Y, label X Y, or label ring X Y."""
    held = [at for at, cell in enumerate(cells) if cell]
    match held:
        case [north, east]:
            return _Columns(north, east)
        case [label, north, east]:
            return _Columns(north, east, label)
        case [label, ring, north, east] if cells[ring].isdecimal():
            return _Columns(north, east, label, ring)
    return None


def _remark(table: _Table, number: int, cells: Sequence[str]) -> None:
    text = " ".join(cell for cell in cells if cell)
    table.remarks.append((number, text))
    stated = _STATED_AREA.search(text)
    if stated and table.areas and not table.titles:
        table.areas[-1].stated = stated.group(1) + stated.group(2)
    if not stated or said_by([text], "deduction"):
        table.titles.append(text)


def _add(table: _Table, number: int, cells: Sequence[str], pair: tuple[float, float]) -> None:
    assert table.columns is not None, "a point was read by them"
    columns, limits = table.columns, builtin("limits")["corners"]
    label = _label(_cell(cells, columns.point))
    _settle(table, number, cells, pair, label)
    area = table.areas[-1]
    area.rings[-1].append(pair)
    table.points += 1
    if table.points > limits["points"] or len(area.rings) > limits["rings"]:
        raise too_many(table.where)
    area.first = label if area.first is None else area.first
    area.last = label
    for at, name in columns.others:
        if _cell(cells, at):
            area.others.setdefault(name, set()).add(_cell(cells, at))


def _settle(table: _Table, number: int, cells: Sequence[str], pair: tuple[float, float], label: int | None) -> None:
    """Begin a new area or a new ring where the table says so."""
    assert table.columns is not None, "a point was read by them"
    parcel, ring = _cell(cells, table.columns.parcel), _cell(cells, table.columns.ring)
    last = table.areas[-1] if table.areas else None
    title = _title(table.titles)
    begins = table.begins or bool(title) or (table.gap and table.gaps_count and not (ring and last and ring != last.ring))
    table.begins, table.gap = False, False
    if last is not None and table.columns.parcel is not None and (not parcel or parcel == last.name):
        starts_ring = last.is_closed or ring != last.ring or _restarts(last, pair, label)
    elif last is None or table.columns.parcel is not None or _restarts(last, pair, label) or (last.is_closed and not ring):
        _begin(table, parcel, number)
        starts_ring = True
    elif begins:
        if not _is_plain_title(title):
            _require_parted(table, last, label, number)
        _begin(table, parcel, number)
        starts_ring = True
    else:
        _require_order(table, last, pair, label, number)
        starts_ring = ring != last.ring
    if starts_ring:
        area = table.areas[-1]
        area.rings.append([])
        area.ring, area.first, area.last = ring, None, None


def _begin(table: _Table, parcel: str, number: int) -> None:
    same = table.by_name.get(parcel) if parcel else None
    if same is not None:
        table.areas.remove(same)  # a further part of a parcel that was named before
    else:
        same = _Area(parcel or _title(table.titles), number, by_column=bool(parcel))
        table.by_name.update({parcel: same} if parcel else {})
    table.areas.append(same)
    table.titles = []


def _title(remarks: Sequence[str]) -> str:
    """The remark in front of an area that reads like a title, the nearest first."""
    return next((text for text in reversed(remarks) if said_by([text], "area_title")), "")


def _is_plain_title(title: str) -> bool:
    """Whether a remark is the title of an area and can be nothing else, such as a note on one corner."""
    return folded(title).startswith(tuple(folded(word) for word in builtin("corners")["say"]["area_begin"]))


def _restarts(area: _Area, pair: tuple[float, float], label: int | None) -> bool:
    ring = area.rings[-1] if area.rings else []
    is_closing = bool(ring) and pair == ring[0]
    return label is not None and len(ring) > 1 and label == area.first and not is_closing


def _require_parted(table: _Table, area: _Area, label: int | None, number: int) -> None:
    """Blank lines, headings and remarks part areas, unless the points are numbered on: then it may be a new page as well."""
    if label is not None and area.last is not None and label == area.last + 1 and not area.is_closed:
        raise _refused(
            table.where,
            Text(
                f"第 {number} 行前有空行、列名或说明，而点号是接着的，看不出是不是另一块",
                f"a blank line, headings or a remark stand before line {number}, and the points are numbered on",
            ),
            Text(
                "是另一块，请在前面加标题如“区域2”；不是，请删去它。",
                "Put a title such as 区域2 before a new area, or remove what stands there.",
            ),
        )


def _require_order(table: _Table, area: _Area, pair: tuple[float, float], label: int | None, number: int) -> None:
    is_closing = bool(area.rings[-1]) and pair == area.rings[-1][0]
    if label is not None and area.last is not None and label <= area.last and not is_closing:
        raise _refused(
            table.where,
            Text(
                f"第 {number} 行的点号 {label} 排在 {area.last} 之后，点的次序看不出来",
                f"point {label} in line {number} stands after {area.last}: the order of the points does not show",
            ),
            Text("请按边界的次序排列并重编点号。", "Put the points in the order of the boundary and number them anew."),
        )


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _label(cell: str) -> int | None:
    found = _DIGITS.search(cell)
    return int(found.group()[:9]) if found else None


def _require_known(table: _Table) -> None:
    """Numbers in a file without headings are coordinates only where their size says so."""
    points = np.array([pair for area in table.areas for ring in area.rings for pair in ring], dtype=np.float64)
    if not table.is_headed and not kinds_of(points).any():
        raise _no_table(table.where, is_headed=False)


def _parcels(table: _Table, base: str) -> tuple[list[Parcel], list[Finding]]:
    """The areas as parcels, those to deduct cut from the one that holds them; and what is to be told."""
    where, areas = table.where, table.areas
    kept = [area for area in areas if not area.is_deduction]
    parcels = [_parcel(area, base if len(kept) == 1 else f"{base}-{place}") for place, area in enumerate(kept, 1)]
    for area in (area for area in areas if area.is_deduction):
        rings = _rings(area)
        holder = next((parcel for parcel in parcels if _holds(parcel, rings)), None)
        if holder is not None:
            holder.rings.extend(rings)
        else:
            lost = _parcel(area, f"{base}-{len(parcels) + 1}")
            lost.wrong = deduction_outside(where.at(len(parcels) + 1), area.name)
            parcels.append(lost)
    named = [parcel.columns[_NUMBER] for parcel, area in zip(parcels, kept, strict=False) if not area.by_column]
    return parcels, [_how(table), *([number_from_file(where, named)] if named else []), *_told(table, kept)]


def _parcel(area: _Area, otherwise: str) -> Parcel:
    number = area.name if area.by_column else otherwise
    name = {} if area.by_column or not area.name else {_NAME: area.name}
    stated = {AREA: area.stated} if area.stated else {}
    others = {heading: next(iter(cells)) for heading, cells in area.others.items() if len(cells) == 1}
    return Parcel({_NUMBER: number, **name, **stated, **others}, area.line, _rings(area))


def _rings(area: _Area) -> list[Ring]:
    return [np.array(ring, dtype=np.float64) for ring in area.rings]


def _holds(parcel: Parcel, rings: Sequence[Ring]) -> bool:
    fewest = int(builtin("corners")["fewest"]["points"])
    every = [ring for ring in [*parcel.rings, *rings] if len(ring) >= fewest]
    if len(every) < len(parcel.rings) + len(rings):
        return False
    inside = {inner for outer, inner in pairs_inside(every) if outer < len(parcel.rings)}
    return all(at in inside for at in range(len(parcel.rings), len(every)))


def _how(table: _Table) -> Finding:
    columns = table.columns
    assert columns is not None, "areas were read by them"
    north, east = (columns.names.get(at, str(at + 1)) for at in (columns.north, columns.east))
    return corners_read(
        table.where, Text(f"坐标取自“{north}”“{east}”列", f"columns {north!r} and {east!r}"), len(table.areas), table.points
    )


def _told(table: _Table, kept: Sequence[_Area]) -> list[Finding]:
    where, found = table.where, []
    licence = next((text for text in (*(text for _, text in table.remarks), where.layer) if said_by([text], "licence")), None)
    found += [licence_boundary(where, licence)] if licence else []
    found += [lines_left(where, [f"{number}: {text[:40]}" for number, text in table.remarks])] if table.remarks else []
    shells = [(area.name or f"{at}", _rings(area)[0]) for at, area in enumerate(kept, 1)]
    sound = [(name, ring) for name, ring in shells if len(ring) >= int(builtin("corners")["fewest"]["points"])]
    inside = pairs_inside([ring for _, ring in sound]) if len(sound) > 1 else []
    return [*found, *(area_within_area(where, sound[inner][0], sound[outer][0]) for outer, inner in inside)]


def _declared(words: Sequence[str]) -> Declared:
    text = " ".join(words)
    zones = {int(one or other) for one, other in _ZONE.findall(text)} | {int(one) // _ZONE_DEGREES for one in _MERIDIAN.findall(text)}
    return Declared(system_named(text), zones.pop() if len(zones) == 1 else None)


_SAVE_AS_GPKG = Text("请在 GIS 里打开，另存为 .gpkg 或 .geojson。", "Open it in a GIS and save it as .gpkg or .geojson.")


def _no_table(where: Where, *, is_headed: bool) -> FileRefused:
    if is_headed:
        return _refused(where, Text("只有列名，没有拐点", "it has headings and no corners"), Text("请填上拐点。", "Fill in the corners."))
    return _refused(
        where,
        Text("看不出拐点坐标", "no coordinates of corners can be seen in it"),
        Text(
            "拐点表要有一行列名，如“点号,X,Y”或“点号,经度,纬度”；界址点 TXT 要有 [地块坐标]。",
            "A table of corners has a line of headings, such as 点号,X,Y or 点号,经度,纬度; a 界址点 TXT has [地块坐标].",
        ),
    )


def _unreadable_line(where: Where, number: int, cells: Sequence[str]) -> FileRefused:
    shown = " ".join(cell for cell in cells if cell)[:60]
    return _refused(
        where,
        Text(
            f"第 {number} 行像是拐点，坐标却读不出来：{shown}",
            f"line {number} may be a corner, but its coordinates cannot be read: {shown}",
        ),
        Text("请改正这一行；说明文字请另起一列或删去。", "Mend the line; move remarks to a column of their own or remove them."),
    )


def _refused(where: Where, what: Text, way_out: Text) -> FileRefused:
    shown = where.file if where.file.startswith(where.layer) else f"{where.file}/{where.layer}"
    return FileRefused(Text(f"{shown}：{what.zh}。", f"{shown}: {what.en}."), way_out)


def tidy(cells: Iterable[object]) -> list[str]:
    """The cells of a line as plain text: full width folded, blanks at the ends gone."""
    return [plain(cell) for cell in cells]
