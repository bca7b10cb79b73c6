"""Puts a layer's coordinates on CGCS2000 degrees, longitude first, or says what must be known before that can be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from ..data import builtin
from ..datums import datum_names, is_same_datum, old_datum, to_degrees
from ..ellipsoid import Floats
from ..errors import BadRequest, FileRefused, Wanted
from ..geometry import Geometries
from ..model import Finding
from ..text import Text
from .layer import Undeclared
from .rule import Where
from .rules_file import axes_swapped, crs_assumed, crs_overridden, datum_shifted, zone_prefix_mended
from .shift import require_shift, shifted
from .windows import (
    Family,
    are_degrees,
    are_swapped_degrees,
    family_of,
    middles_of,
    most_inside,
    prefix_of,
    prefixed_code,
    zone_of_code,
)

AUTO = "auto"
_UNDECLARED = Undeclared(Text("没有声明坐标系（缺 .prj 或 crs）", "declares no CRS (no .prj or crs)"))
_TARGET = "EPSG:4490"
_NAMED = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|ESRI|OGC)(?::[\w.]*)?:(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Wish:
    """What the caller says of the coordinates: all may be left open."""

    crs: str | None = None
    swapped: bool | None = None
    shift: Sequence[float] | None = None


@dataclass(frozen=True)
class Placed:
    """Geometries in EPSG:4490, longitude first; how they were read; what was found."""

    geometries: Geometries
    crs: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Choice:
    """The CRS that is taken, under the name to tell, and what that needs telling."""

    crs: CRS
    name: str
    findings: tuple[Finding, ...] = ()


def place(geometries: Geometries, declared: str | None, *, wish: Wish, where: Where, undeclared: Undeclared | None = None) -> Placed:
    """Bring a layer's geometries to EPSG:4490.

    Parameters
    ----------
    geometries
        Shape (n,), the file's coordinates; ``None`` stays ``None``.
    declared
        The CRS that the file declares, ``None`` for none.
    wish
        What the caller says.
    where
        File and layer, for messages.
    undeclared
        Why nothing is declared, where the format has its own words for that.

    Raises
    ------
    FileRefused
        No CRS is known, the numbers contradict it, the axes are swapped, or the datum is an old one and no shift is given.
        The way out names the option that settles it.
    BadRequest
        The caller's own values cannot be meant.
    """
    if wish.shift is not None:
        require_shift(wish.shift)
    declared = _meant(declared, wish, where)
    turned, findings = _turned(geometries, declared, wish, where)
    middles = middles_of(turned)
    choice = _chosen(middles, declared, wish, where, undeclared or _UNDECLARED)
    moved, told = _moved(turned, choice, wish, where)
    return Placed(moved, choice.name, (*findings, *choice.findings, *told))


def _meant(declared: str | None, wish: Wish, where: Where) -> str | None:
    """The declaration, if it says something; one that cannot be understood stops only who relies on it."""
    if declared is None:
        return None
    try:
        return None if _says_nothing(_declared(declared, where)) else declared
    except FileRefused:
        if wish.crs is None:
            raise
        return None if wish.crs == AUTO else declared


def _turned(geometries: Geometries, declared: str | None, wish: Wish, where: Where) -> tuple[Geometries, list[Finding]]:
    middles = middles_of(geometries)
    straight, turned = family_of(middles), family_of(middles[:, ::-1])
    if wish.swapped:
        if straight is not None:
            raise FileRefused(
                Text(
                    f"{where.file}：x、y 没有颠倒（{straight.label.zh}）。", f"{where.file}: x and y are not swapped ({straight.label.en})."
                ),
                Text("请去掉 --swap-xy。", "Leave --swap-xy away."),
            )
        return shapely.transform(geometries, lambda xy: xy[:, ::-1]), [axes_swapped(where)]
    if wish.swapped is None and straight is None and (turned is not None or _is_turned_beyond(middles)):
        raise _swapped(where, turned, known=declared is not None or wish.crs is not None)
    return geometries, []


def _is_turned_beyond(middles: Floats) -> bool:
    """Latitude first in the country, though not in the ground that is ours."""
    return not are_degrees(middles) and are_degrees(middles[:, ::-1]) and are_swapped_degrees(middles)


def _swapped(where: Where, family: Family | None, *, known: bool) -> FileRefused:
    label = family.label if family else Text("经纬度", "longitude and latitude")
    option = "--swap-xy" if known or family is None else f"--swap-xy --crs {family.suggest}"
    return FileRefused(
        Text(
            f"{where.file}：图层“{where.layer}”的 x、y 颠倒了（应为{label.zh}）。",
            f"{where.file}: the layer {where.layer!r} has x and y swapped (they should be {label.en}).",
        ),
        Text(f"确认后请加 {option}。", f"If so, add {option}."),
        wanted=Wanted("--swap-xy", Text("X、Y 要不要对调", "whether x and y are to be swapped"), (("yes", Text("对调", "swap them")),)),
    )


def _chosen(middles: Floats, declared: str | None, wish: Wish, where: Where, undeclared: Undeclared) -> _Choice:
    """The CRS to read with: the caller's, else the declared one, else the suggestion where the caller confirmed it."""
    family = family_of(middles)
    given = wish.crs if wish.crs not in (None, AUTO) else None
    if given is None and declared is None:
        wish = wish if undeclared.numbers_tell else replace(wish, crs=None)
        return _suggested(family, wish, where, _unknown(where, family, middles, undeclared))
    told: tuple[Finding, ...] = ()
    crs = _given(given) if given is not None else _declared(declared or "", where)
    name = _name(crs)
    if given is not None and declared is not None and not _same_ground(declared, crs):
        told = (crs_overridden(where, _short(declared), name),)
    mended = _with_zone(crs, middles)
    if mended is not None:
        return _Choice(mended, _name(mended), (*told, zone_prefix_mended(where, name, _name(mended))))
    against = _contradiction(crs, middles, family, strict=given is None)
    if against is not None:
        code = _better(crs, middles, family)
        found = replace(family, suggest=code) if family and code else family
        return _suggested(found, wish, where, _contradicted(where, name, against, code))
    return _Choice(crs, name, told)


def _suggested(family: Family | None, wish: Wish, where: Where, refusal: FileRefused) -> _Choice:
    if wish.crs != AUTO or family is None:
        raise refusal
    return _Choice(CRS.from_user_input(family.suggest), family.suggest, (crs_assumed(where, family.suggest, family.label, family.also),))


def _given(text: str) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise BadRequest(
            Text(f"坐标系“{text}”不认识。", f"The CRS {text!r} is not known."),
            Text("请写代码，例如 --crs EPSG:4544 或 --crs EPSG:4490。", "Give a code, such as --crs EPSG:4544 or --crs EPSG:4490."),
        ) from error


def _declared(text: str, where: Where) -> CRS:
    """The CRS in a file's own words: a code or WKT and nothing else, for PROJ would open files that other texts name."""
    named = _NAMED.fullmatch(text.strip())
    try:
        if len(text) > builtin("limits")["prj"]["bytes"]:
            raise CRSError("too long")
        if named is not None:
            authority, code = named.group(1).upper(), named.group(2).upper()
            return CRS.from_authority(authority, code)
        crs = _plain(CRS.from_wkt(text))
        if crs.is_projected:
            Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)  # a damaged text may be parsed and still lead nowhere
    except (CRSError, ProjError) as error:
        raise FileRefused(
            Text(
                f"{where.file}：声明的坐标系读不懂：{_short(text)}。",
                f"{where.file}: the declared CRS cannot be understood: {_short(text)}.",
            ),
            Text("请用 --crs 指明，例如 --crs EPSG:4544。", "Name it with --crs, such as --crs EPSG:4544."),
        ) from error
    return crs


def _says_nothing(crs: CRS) -> bool:
    """Whether it is only a form of words: GeoPackage has two codes for "undefined", and programs write drawings as local."""
    return "Engineering" in crs.type_name or bool(datum_names(crs) & set(builtin("crs")["datum"]["nothing"]["names"]))


def _plain(crs: CRS) -> CRS:
    """The horizontal CRS of a compound or bound one, under its EPSG code where it has one."""
    if crs.is_compound:
        return _plain(crs.sub_crs_list[0])
    if crs.is_bound and crs.source_crs is not None:
        return _plain(crs.source_crs)
    code = crs.to_epsg(min_confidence=builtin("crs")["detect"]["confidence"])
    return CRS.from_epsg(code) if code is not None else crs


def _name(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=builtin("crs")["detect"]["confidence"])
    return ":".join(authority) if authority else str(crs.name)


def _short(text: str) -> str:
    """A declaration as a word or two: the name in front of a WKT."""
    quoted = re.search(r'"([^"]{1,80})"', text)
    return quoted.group(1) if quoted else text[:80]


def _same_ground(declared: str, crs: CRS) -> bool:
    """Whether the declaration means the caller's CRS, or one that is the same here (4326 and 4490)."""
    try:
        known = _declared(declared, Where(""))
    except FileRefused:
        return False
    return known == crs or (known.is_geographic and crs.is_geographic and is_same_datum(known) and is_same_datum(crs))


def _with_zone(crs: CRS, middles: Floats) -> CRS | None:
    """The same zone written as the numbers are, where only the zone number in front differs."""
    zone, prefix = zone_of_code(crs.to_epsg()), prefix_of(middles)
    if zone is None or prefix is None:
        return None
    differs = prefix == 0 if zone.prefixed else prefix == zone.number
    return CRS.from_user_input(zone.pair) if differs and not are_degrees(middles) else None


def _contradiction(crs: CRS, middles: Floats, family: Family | None, *, strict: bool) -> Text | None:
    """How the numbers speak against a CRS; where the caller named it (not strict) only what cannot be at all counts."""
    if not len(middles):
        return None
    if crs.is_geocentric:
        return Text("它是地心直角坐标系，地图数据不用它", "it is geocentric, which maps are not")
    if crs.is_geographic and not are_degrees(middles):
        return Text("坐标数值不是度，而是米", "the numbers are metres, not degrees")
    if not crs.is_geographic and are_degrees(middles):
        return Text("坐标数值是度，不是米", "the numbers are degrees, not metres")
    zone, prefix = zone_of_code(crs.to_epsg()), prefix_of(middles)
    if zone is not None and prefix not in (None, 0, zone.number):
        return Text(
            f"横坐标的带号是 {prefix}，声明的是 {zone.number} 带", f"the eastings name zone {prefix}, declared is zone {zone.number}"
        )
    if strict and family is not None and not most_inside(_roughly(middles, crs)):
        return Text("这样读图形会落到本区之外，带号或坐标系不对", "read so the shapes fall outside the area: a wrong zone or CRS")
    return None


def _better(crs: CRS, middles: Floats, family: Family | None) -> str | None:
    """What to suggest instead: of the declared datum where the zone number shows it, else by the windows."""
    zone, prefix = zone_of_code(crs.to_epsg()), prefix_of(middles)
    if zone is not None and prefix not in (None, 0, zone.number) and (code := prefixed_code(zone.datum, int(prefix or 0))):
        return code
    return family.suggest if family else None


def _roughly(middles: Floats, crs: CRS) -> Floats:
    return np.column_stack(Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(middles[:, 0], middles[:, 1]))


def _unknown(where: Where, family: Family | None, middles: Floats, undeclared: Undeclared) -> FileRefused:
    fact = Text(f"{where.file}：图层“{where.layer}”{undeclared.fact.zh}", f"{where.file}: the layer {where.layer!r} {undeclared.fact.en}")
    if family is not None:
        also = Text(f"；数字相同的还有 {family.also}", f"; the same numbers fit {family.also}") if family.also else Text("", "")
        auto = Text("（或 --crs auto）", " (or --crs auto)") if undeclared.numbers_tell else Text("", "")
        return FileRefused(
            Text(f"{fact.zh}，数值像是{family.label.zh}{also.zh}。", f"{fact.en}; the numbers look like {family.label.en}{also.en}."),
            Text(f"核实后请加 --crs {family.suggest}{auto.zh}。", f"If that is right, add --crs {family.suggest}{auto.en}."),
            wanted=_wanted(family.suggest, family.label),
        )
    if are_degrees(middles):
        return FileRefused(
            Text(f"{fact.zh}，数值像是经纬度，但不在本区。", f"{fact.en}; the numbers look like degrees, outside the area."),
            Text("核实后请加 --crs EPSG:4490。", "If that is right, add --crs EPSG:4490."),
            wanted=_wanted("EPSG:4490", Text("经纬度", "longitude and latitude")),
        )
    seen = "、".join(f"{value:.10g}" for value in np.median(middles, axis=0)) if len(middles) else "-"
    return FileRefused(
        Text(f"{fact.zh}，数值（{seen}）也看不出是哪一种。", f"{fact.en}, and the numbers ({seen}) tell none."),
        Text("请向制作单位问清，用 --crs 指明，例如 --crs EPSG:4544。", "Ask who made it and name it, such as --crs EPSG:4544."),
        wanted=Wanted("--crs", _CRS_LABEL),
    )


_CRS_LABEL = Text("坐标系", "the CRS")


def _wanted(code: str, label: Text) -> Wanted:
    return Wanted("--crs", _CRS_LABEL, ((code, label),))


def _contradicted(where: Where, name: str, against: Text, code: str | None) -> FileRefused:
    if code is None:
        way_out = Text("请向制作单位问清坐标系，用 --crs 指明。", "Ask who made it for the CRS and name it with --crs.")
    else:
        way_out = Text(f"数值像是 {code}；核实后请加 --crs {code}。", f"The numbers look like {code}; if that is right, add --crs {code}.")
    return FileRefused(
        Text(f"{where.file}：坐标系声明为 {name}，但{against.zh}。", f"{where.file}: the CRS is declared as {name}, but {against.en}."),
        way_out,
        wanted=Wanted("--crs", _CRS_LABEL, ((code, Text(code, code)),) if code else ()),
    )


def _moved(geometries: Geometries, choice: _Choice, wish: Wish, where: Where) -> tuple[Geometries, tuple[Finding, ...]]:
    old = old_datum(choice.crs)
    if old is not None and wish.shift is not None:
        return shifted(geometries, source=choice.crs, shift=wish.shift), (datum_shifted(where, old, wish.shift),)
    if old is not None:
        raise _needs_shift(where, choice.name, old)
    if wish.shift is not None:
        raise BadRequest(
            Text(f"{choice.name} 不需要转换参数。", f"{choice.name} takes no shift."),
            Text(
                "转换参数只用于西安80、北京54；请去掉 --shift，或用 --crs 指明旧坐标系。",
                "A shift is for Xian80 and Beijing54: leave --shift away, or name the old CRS with --crs.",
            ),
        )
    return _to_degrees(geometries, choice, where), ()


def _needs_shift(where: Where, name: str, datum: Text) -> FileRefused:
    return FileRefused(
        Text(
            f"{where.file}：坐标系是{datum.zh}（{name}）。它与 2000 系相差几十到一百多米，没有通用的转换参数，"
            "软件默认的“转换”其实原样不动，会悄悄错位。",
            f"{where.file}: the CRS is {datum.en} ({name}). It is tens of metres to more than a hundred off CGCS2000; no parameters "
            "hold everywhere, and programs would silently shift by nothing.",
        ),
        Text(
            "请向测绘部门要本地参数，用 --shift 给出四参数或七参数；或请制作单位转换到 2000 系后再送来。",
            "Get the local parameters from the surveying office and give them with --shift (four or seven), or have the data converted.",
        ),
    )


def _to_degrees(geometries: Geometries, choice: _Choice, where: Where) -> Geometries:
    try:
        return to_degrees(geometries, choice.crs)
    except ProjError as error:
        raise FileRefused(
            Text(
                f"{where.file}：{choice.name} 不能转换到 2000 系（{_TARGET}）。",
                f"{where.file}: {choice.name} has no way to CGCS2000 ({_TARGET}).",
            ),
            Text(
                "若它其实是 2000 系，用 --crs 指明，例如 --crs EPSG:4544；否则请在 GIS 软件里转换后再送来。",
                "If it is CGCS2000 in truth, name it with --crs, such as --crs EPSG:4544; else convert it in a GIS first.",
            ),
        ) from error
