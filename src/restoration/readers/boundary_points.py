"""界址点 TXT, as surveys of boundaries are handed in: [属性描述], [地块坐标], a line that ends in @ for each parcel, then its points."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text, folded
from . import encoding
from .cells import as_area, as_id
from .corners import AREA, Declared, Numbers, Parcel, as_layer, said, system_named, too_many
from .layer import Raw
from .members import Degrees
from .rule import Where
from .rules_corners import header_unclear, lines_left, number_from_file
from .rules_file import not_ground, unreadable_geometry
from .shapefile import empty

_SECTION = re.compile(r"[\[【［]\s*(.+?)\s*[\]】］]")
_SETTING = re.compile(r"([^=:：]{1,30})[=:：](.*)")
_BREAK = re.compile(r"\r\n|\r|\n")
_COMMA = re.compile(r"[,，]")
_BLANKS = re.compile(r"[ \t;；]+")
_HEAD = re.compile(r"@[\s,，;；]*$")
_SETTINGS, _PARCELS = "属性描述", "地块坐标"
_TAIL = ("图幅号", "地块用途", "地类编码", "其他")
_NUMBER, _NAME = "地块编号", "地块名称"


@dataclass
class _Ring:
    """A ring while its points come in."""

    number: str
    points: list[tuple[float, float]] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        return len(self.points) > int(builtin("corners")["fewest"]["points"]) and self.points[0] == self.points[-1]


@dataclass
class _Sheet:
    """What was understood of the file so far."""

    where: Where
    numbers: Numbers = field(default_factory=Numbers)
    settings: dict[str, str] = field(default_factory=dict)
    heads: list[Sequence[str]] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    rings: list[list[_Ring]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    points: int = 0

    def begin(self, head: Sequence[str], line: int) -> None:
        self.heads.append(head)
        self.rings.append([])
        self.parcels.append(Parcel({}, line))


def is_boundary_points(text: str) -> bool:
    """Whether a text is of this format: it has one of the sections, or lines of many parts that end in ``@``.

    Examples
    --------
    >>> is_boundary_points("5,1.2,0012,甲,面,,,,@"), is_boundary_points("write to a@b.cn, please"), is_boundary_points("【地块坐标】")
    (True, False, True)
    """
    lines = (line for line in _BREAK.split(text) if _section(line) in (_SETTINGS, _PARCELS) or _is_head(line))
    return next(lines, None) is not None


def read_text(text: str, chosen: encoding.Encoding, where: Where, *, degrees: Degrees | None = None) -> Raw:
    """The parcels of a 界址点 TXT, a row each: 地块编号, 地块名称, 地块面积, 图幅号, 地块用途, 地类编码.

    Parameters
    ----------
    degrees
        How the caller says that plain degrees are written.

    Raises
    ------
    FileRefused
        It holds no parcel, or passes a limit.
    """
    sheet = _Sheet(where, numbers=Numbers(degrees))
    _walk(text, sheet)
    if not sheet.parcels:
        raise empty(where)
    sheet.numbers.require_sure(where)
    for at, parcel in enumerate(sheet.parcels):
        _finish(parcel, sheet.heads[at], sheet.rings[at], where.at(at + 1))
    named = _name(sheet.parcels, where)
    declared, unclear = _declared(sheet.settings)
    told: list[Finding] = encoding.told_of(chosen, where)
    told += [header_unclear(where, what) for what in unclear]
    told += [lines_left(where, sheet.left)] if sheet.left else []
    told += [number_from_file(where, named)] if named else []
    return as_layer(sheet.parcels, declared, where, encoding=chosen.name, told=told)


def _walk(text: str, sheet: _Sheet) -> None:
    section = ""
    for number, line in enumerate(_BREAK.split(text), 1):
        _require_short(line, number, sheet.where)
        bare = line.strip().lstrip("\ufeff")
        if not bare:
            continue
        section = _section(bare) or section
        if _is_head(bare):
            sheet.begin([part.strip() for part in _COMMA.split(_HEAD.sub("", bare))], number)
        elif not _section(bare):
            _take(bare, number, sheet, in_settings=section == _SETTINGS)


def _take(line: str, number: int, sheet: _Sheet, *, in_settings: bool) -> None:
    setting = _SETTING.fullmatch(line) if in_settings and not sheet.parcels else None
    if setting is not None:
        _set(setting.group(1).strip(), setting.group(2).strip(), sheet)
        return
    try:
        ring, pair = _point(line, sheet.numbers)
    except ValueError:
        _tell_unreadable(line, number, sheet)
        return
    if not sheet.parcels:
        sheet.begin((), number)
    _add(sheet, ring, pair)


def _set(name: str, value: str, sheet: _Sheet) -> None:
    sheet.settings[name] = value
    words = builtin("corners")["say"]
    sheet.numbers.hear(packed=said(words["packed"], value), decimal=name == "计量单位" and value == "度")


def _tell_unreadable(line: str, number: int, sheet: _Sheet) -> None:
    """A line inside a parcel that is no point may be one that was garbled: the parcel is refused, not made without it."""
    shown = line[:60]
    if not sheet.parcels:
        sheet.left.append(f"{number}: {shown}")
        return
    what = Text(f"第 {number} 行不是界址点：{shown}", f"line {number} is no point: {shown}")
    sheet.parcels[-1].wrong = sheet.parcels[-1].wrong or unreadable_geometry(sheet.where.at(len(sheet.parcels)), what)


def _add(sheet: _Sheet, number: str, pair: tuple[float, float]) -> None:
    rings = sheet.rings[-1]
    limits = builtin("limits")["corners"]
    sheet.points += 1
    if sheet.points > limits["points"] or len(rings) > limits["rings"] or len(sheet.parcels) > builtin("limits")["rows"]["number"]:
        raise too_many(sheet.where)
    if not rings or rings[-1].number != number or rings[-1].is_closed:
        rings.append(_Ring(number))
    rings[-1].points.append(pair)


def _require_short(line: str, number: int, where: Where) -> None:
    limit = int(builtin("limits")["corners"]["line_characters"])
    if len(line) > limit:
        raise FileRefused(
            Text(
                f"{where.file}：第 {number} 行有 {len(line)} 个字符，不是坐标文件。",
                f"{where.file}: line {number} has {len(line)} letters.",
            ),
            Text("请给坐标的文本文件，一行一个点。", "Give a text of coordinates, one point a line."),
        )


def _section(line: str) -> str:
    found = _SECTION.fullmatch(line.strip().lstrip("\ufeff"))
    return found.group(1) if found else ""


def _is_head(line: str) -> bool:
    return bool(_HEAD.search(line)) and len(_COMMA.findall(line)) >= 2  # area and number at least


def _point(line: str, numbers: Numbers) -> tuple[str, tuple[float, float]]:
    """The ring's number as written, and the two coordinates in the order of the file.

    Raises
    ------
    ValueError
        It is no point: label, ring, X, Y, or without ring, or without both.
    """
    parts = [part.strip() for part in (_COMMA if _COMMA.search(line) else _BLANKS).split(line)]
    while parts and not parts[-1]:
        parts.pop()
    if not 2 <= len(parts) <= 4:
        raise ValueError(line)
    ring = as_id(parts[1]) if len(parts) == 4 else ""
    if ring and not ring.isdecimal():
        raise ValueError(line)
    pair = (numbers.read(parts[-2]), numbers.read(parts[-1]))
    numbers.saw(parts[-2:])
    return ring or "1", pair


def _finish(parcel: Parcel, head: Sequence[str], rings: Sequence[_Ring], where: Where) -> None:
    parcel.rings = [np.array(ring.points, dtype=np.float64) for ring in rings]
    points = sum(len(ring.points) for ring in rings)
    kind, cells, parcel.points = _head(head, points, closed=sum(ring.is_closed for ring in rings))
    parcel.columns = cells
    if kind and kind not in builtin("corners")["say"]["ground"]:
        parcel.wrong = parcel.wrong or not_ground(where, kind)


def _head(head: Sequence[str], points: int, *, closed: int) -> tuple[str, dict[str, str], int | None]:
    """The kind of geometry, the cells by heading, and the stated number of points of a parcel's line."""
    at = next((at for at, part in enumerate(head) if part in builtin("corners")["say"]["kinds"]), None)
    front, kind, tail = (list(head[:at]), head[at], list(head[at + 1 :])) if at is not None else (list(head[:4]), "", list(head[5:]))
    stated: int | None = None
    if len(front) >= 4 or (front and front[0].isdecimal() and abs(int(front[0][:9]) - points) <= closed + 1):
        stated = int(first[:9]) if (first := front.pop(0)).isdecimal() else None
    area = front.pop(0) if front and (len(front) >= 3 or (_is_area(front[0]) and not front[0].isdecimal())) else ""
    number, name = (front[0] if front else ""), "，".join(front[1:])
    last = [*tail[: len(_TAIL) - 1], *(["，".join(part for part in tail[len(_TAIL) - 1 :] if part)] if len(tail) >= len(_TAIL) else [])]
    rest = {heading: cell for heading, cell in zip(_TAIL, last, strict=False) if cell}
    empty_area = _is_area(area) and as_area(area)[0] == 0
    return kind, {_NUMBER: number, _NAME: name, AREA: "" if empty_area else area, **rest}, stated


def _is_area(cell: str) -> bool:
    try:
        as_area(cell)
    except ValueError:
        return False
    return True


def _name(parcels: Sequence[Parcel], where: Where) -> list[str]:
    """Let a parcel without a number go by its name, else by the file's and its place in it; what was given so."""
    named = []
    for row, parcel in enumerate(parcels, 1):
        if not parcel.columns[_NUMBER]:
            parcel.columns[_NUMBER] = parcel.columns[_NAME] or (where.layer if len(parcels) == 1 else f"{where.layer}-{row}")
            named.append(parcel.columns[_NUMBER])
    return named


def _declared(settings: Mapping[str, str]) -> tuple[Declared, list[Text]]:
    """What the settings say of the coordinates, and which of them could not be used."""
    unclear: list[Text] = []
    system = settings.get("坐标系", "")
    named = system_named(system)
    if system and not named:
        unclear.append(Text(f"坐标系“{system}”不认识", f"the coordinate system {system!r} is not known"))
    projection = settings.get("投影类型", "")
    if projection and not _is_gauss(projection):
        unclear.append(Text(f"投影“{projection}”不是高斯克吕格", f"the projection {projection!r} is not Gauss-Krüger"))
        named = ""
    unit = settings.get("计量单位", "")
    if unit and unit not in ("米", "度", "m", "M") and not said(builtin("corners")["say"]["packed"], unit):
        unclear.append(Text(f"计量单位“{unit}”不认识", f"the unit {unit!r} is not known"))
        named = ""
    conversion = settings.get("转换参数", "")
    if conversion.strip(builtin("corners")["say"]["no_conversion"]):
        unclear.append(Text(f"转换参数 {conversion} 没有使用", f"the conversion parameters {conversion} were not applied"))
    return Declared(named, _whole(settings.get("带号", "")), _whole(settings.get("几度分带", ""))), unclear


_GAUSS: Sequence[Callable[[str], bool]] = (
    lambda text: "高斯" in text,
    lambda text: "gauss" in text,
    lambda text: "横轴墨卡托" in text or "transverse" in text,
)


def _is_gauss(projection: str) -> bool:
    return any(test(folded(projection)) for test in _GAUSS)


def _whole(text: str) -> int | None:
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    return int(digits) if 0 < len(digits) <= 3 else None
