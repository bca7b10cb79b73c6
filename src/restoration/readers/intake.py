"""From the columns of a layer to the columns of the house: what each row says of a site, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import lifecycle
from ..data import builtin
from ..ellipsoid import Floats
from ..errors import BadRequest, UnknownName, Wanted
from ..geometry import area_of_record_m2
from ..lifecycle import Lifecycle
from ..model import Finding
from ..model import today as office_today
from ..personal import personal_in
from ..text import Text
from .areas import read_areas
from .cells import as_date, as_id, as_month, as_serial, as_share, as_year, as_years, digits_lost, plain, read_each
from .headings import Headings, column_named, understood
from .layer import Layer
from .places import is_town, readings, town_code_of
from .privacy import personal_findings, without_numbers
from .rule import Where
from .rules_intake import (
    area_unreadable,
    date_ahead,
    date_unreadable,
    day_count_read,
    duplicate_id,
    given_overrides,
    headings_understood,
    id_digits_lost,
    id_from_name,
    month_without_day,
    name_unknown,
    no_id,
    number_is_personal,
    number_unreadable,
    qualified_above_verified,
    ratio_or_percent,
    survey_undated,
    town_unmatched,
    two_columns_one_meaning,
    unit_by_ratio,
    year_unreadable,
)

T = TypeVar("T")

_NAMES = ("name", "town", "village", "unit", "species", "doc_no")
_CODES = ("county_code", "town_code", "mine_id")
_DAYS = ("happened_on", "closure_on", "surveyed_on")
_AREAS = ("reported_m2", "verified_m2", "qualified_m2")
_SHARES = ("survival_pct", "cover_pct", "canopy_ratio")
_SURVEYED = ("verified_m2", "qualified_m2", *_SHARES)
_NAME_IS_ID = ("kml", "ovjsn", "gpx")
"""Formats that have little but names."""
COLUMNS = (
    "source_row", "source_id", "measure", "plan_year", "status", "happened_on", "doc_no", "name", "county_code", "town_code", "town",
    "village", "unit", "mine_id", "species", "closure_on", "closure_years", "is_sample", *_AREAS, *_SHARES, "surveyed_on",
)  # fmt: skip
"""The columns of `Intake.rows`, in order, beside ``geometry``."""


@dataclass(frozen=True)
class Given:
    """What the caller says of all rows; it overrides the file. ``on`` is the day that they are registered with."""

    measure: str | None = None
    plan_year: int | None = None
    status: str | None = None
    on: date | None = None
    doc_no: str | None = None
    county_code: str | None = None
    town_code: str | None = None
    town: str | None = None
    village: str | None = None
    unit: str | None = None
    mine_id: str | None = None
    species: str | None = None
    closure_on: date | None = None
    closure_years: int | None = None
    surveyed_on: date | None = None
    is_sample: bool | None = None

    def of(self, name: str) -> object:
        """What is given for a canonical name, ``None`` for nothing."""
        return getattr(self, "on" if name == "happened_on" else name, None)


@dataclass(frozen=True)
class Intake:
    """A layer whose columns are understood.

    Attributes
    ----------
    rows
        Columns `COLUMNS` and geometry (EPSG:4490): texts ``""``, days and ``closure_years`` ``None``, numbers NaN where unknown;
        ``measure`` and ``status`` are codes, areas m².
    refused
        Every row of the layer that is not in ``rows``, as in `Layer`, those that the layer had refused already among them.
    mapping
        Canonical name → source column used; a number made of several columns has them joined by ``-``.
    unused
        Source columns that were not taken.
    refused_numbers
        The numbers that the refused rows have, as far as they have one.
    numbered_by
        The source columns that make the number.
    unit
        The unit of area columns that name none: as given, or as their ratio to the ground showed where that was one for all.
    """

    rows: gpd.GeoDataFrame
    refused: gpd.GeoDataFrame
    mapping: dict[str, str]
    unused: list[str]
    refused_numbers: frozenset[str] = frozenset()
    numbered_by: tuple[str, ...] = ()
    unit: str | None = None


@dataclass
class _Desk:
    """The layer on the desk: what is found of its rows while they are gone through."""

    layer: Layer
    headings: Headings
    given: Given
    where: Where
    wrong: dict[int, list[Finding]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    plain: dict[str, list[str]] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.layer.rows)

    def at(self, position: int) -> Where:
        return self.where.at(int(self.layer.rows["source_row"].iloc[position]))

    def source_rows(self, positions: Sequence[int]) -> list[int]:
        return [int(row) for row in self.layer.rows["source_row"].iloc[list(positions)]]

    def column(self, name: str) -> str:
        return self.headings.columns.get(name, "")

    def texts(self, name: str) -> list[str]:
        column = self.column(name)
        if column not in self.plain:
            self.plain[column] = [plain(value) for value in self.layer.rows[column].tolist()] if column else [""] * self.count
        return self.plain[column]

    def ground_m2(self) -> Floats:
        return area_of_record_m2(np.asarray(self.layer.rows.geometry.array))

    def refuse(self, position: int, why: Finding) -> None:
        self.wrong.setdefault(position, []).append(why)

    def read(self, name: str, parse: Callable[[str], T], why: Callable[[Where, str, str], Finding]) -> list[T | None]:
        """One column's values; a row whose cell is wrong is refused."""
        texts = self.texts(name)
        values, wrong = read_each(texts, parse)
        for position in wrong:
            self.refuse(position, why(self.at(position), self.column(name), texts[position]))
        return values


def intake(
    layer: Layer,
    *,
    ids: Sequence[str] = (),
    fields: Mapping[str, str] | None = None,
    given: Given | None = None,
    unit: str | None = None,
    table: Lifecycle | None = None,
    today: date | None = None,
) -> tuple[Intake, list[Finding]]:
    """Understand a layer's columns.

    Parameters
    ----------
    layer
        As `read` gives it.
    ids
        The columns that make the number, joined by ``-``; without any the column that is known as one.
    fields
        Canonical name → source column, where the aliases do not find it or find another.
    given
        Values for all rows.
    unit
        The unit of area columns whose heading and cells name none: mu, ha, m2 or km2.
    table
        The measures and statuses; the built-in ones if not given.
    today
        No day may lie behind it; the office's today if not given.

    Raises
    ------
    UnknownName
        A column, field, unit, measure or status that is given is not known.
    BadRequest
        There is no number, measure or year at all, or the unit of an area column cannot be told.
    """
    known, day, values = table or lifecycle.table(), today or office_today(), given or Given()
    _require_sensible(values, day)
    source = [str(name) for name in layer.rows.columns if name not in ("source_row", "geometry")]
    desk = _Desk(layer, understood(source, fields=fields or {}), values, Where(layer.file, layer.name))
    numbers, id_columns = _numbers(desk, ids, source)
    columns: dict[str, Any] = {"source_row": layer.rows["source_row"].to_numpy(), "source_id": numbers}
    columns |= _codes(desk, known)
    columns |= {name: _given_or(desk, name, desk.texts(name)) for name in _NAMES}
    columns |= {name: _given_or(desk, name, [as_id(text) for text in desk.texts(name)]) for name in _CODES}
    _keep_private(desk, columns, source, id_columns)
    columns |= {name: _days(desk, name, day) for name in _DAYS}
    columns["closure_years"] = _closure_years(desk)
    columns["is_sample"] = _samples(desk)
    columns |= _measured(desk, unit)
    _tell_undated(desk, columns)
    _refuse_doubles(desk, columns)
    _check_towns(desk, columns)
    _tell_columns(desk, source, id_columns)
    made = _made(desk, columns, {**desk.headings.columns, "source_id": "-".join(id_columns)}, source, id_columns)
    return made, [*desk.findings, *(why for position in sorted(desk.wrong) for why in desk.wrong[position])]


def _keep_private(desk: _Desk, columns: dict[str, Any], source: Sequence[str], id_columns: Sequence[str]) -> None:
    """Personal numbers are told, masked in texts, and refused as a site's number."""
    used = set(source) - set(_unused(desk, source, id_columns))
    desk.findings += personal_findings(desk.layer, desk.where, used=sorted(used))
    for name in (*_NAMES, *_CODES):
        columns[name], told = without_numbers(name, columns[name], desk.where, desk.source_rows(range(desk.count)))
        desk.findings += told
    kinds = {number: personal_in(number, is_code=True) for number in set(columns["source_id"])}
    for position, number in enumerate(columns["source_id"]):
        for kind in kinds[number][:1]:
            desk.refuse(position, number_is_personal(desk.at(position), kind))


def _tell_undated(desk: _Desk, columns: Mapping[str, Sequence[Any]]) -> None:
    surveyed = [name for name in _SURVEYED if np.isfinite(np.asarray(columns[name], dtype=np.float64)).any()]
    known = np.isfinite(np.array([columns[name] for name in surveyed], dtype=np.float64)).any(axis=0) if surveyed else np.zeros(desk.count)
    undated = [at for at in np.flatnonzero(known).tolist() if columns["surveyed_on"][at] is None and at not in desk.wrong]
    if undated:
        names = [desk.column(name) for name in surveyed]
        desk.findings.append(survey_undated(desk.where, names, desk.source_rows(undated)))


def _require_sensible(given: Given, today: date) -> None:
    ahead = [day for day in (given.on, given.surveyed_on) if day is not None and day > today]
    if ahead:
        raise BadRequest(
            Text(f"日期 {ahead[0]} 在今天（{today}）之后。", f"The date {ahead[0]} lies ahead of today ({today})."),
            Text("请给已经过去的日期。", "Give a day that has been."),
        )
    low, high = builtin("aliases")["range"]["plan_year"]
    if given.plan_year is not None and not low <= given.plan_year <= high:
        raise BadRequest(
            Text(f"年度 {given.plan_year} 不在 {low}–{high} 之间。", f"The plan year {given.plan_year} is not between {low} and {high}."),
            Text("请写成四位数年份。", "Give four digits."),
        )


def _numbers(desk: _Desk, ids: Sequence[str], source: Sequence[str]) -> tuple[list[str], list[str]]:
    """Each row's number, and the columns that it is made of."""
    columns = _id_columns(desk, ids, source)
    cells = [desk.layer.rows[column].tolist() for column in columns]
    for column, values in zip(columns, cells, strict=True):
        for position, value in enumerate(values):
            if digits_lost(value):
                desk.refuse(position, id_digits_lost(desk.at(position), [column], str(value)))
    parts = [[as_id(plain(value)) for value in values] for values in cells]
    for position, row in enumerate(zip(*parts, strict=True)):
        if not all(row):
            desk.refuse(position, no_id(desk.at(position), [c for c, part in zip(columns, row, strict=True) if not part]))
    return _joined(desk.layer.rows, columns), columns


def _joined(rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """The number of each row, of one column or several."""
    parts = [[as_id(plain(value)) for value in rows[column].tolist()] for column in columns]
    return ["-".join(row) for row in zip(*parts, strict=True)]


def _id_columns(desk: _Desk, ids: Sequence[str], source: Sequence[str]) -> list[str]:
    if ids:
        return [desk.column(name) if name not in source and desk.column(name) else column_named(name, source) for name in ids]
    if desk.column("source_id"):
        return [desk.column("source_id")]
    if desk.layer.format in _NAME_IS_ID and desk.column("name"):
        desk.findings.append(id_from_name(desk.where, desk.column("name")))
        return [desk.column("name")]
    raise BadRequest(
        Text(
            f"{desk.where.file}：图层“{desk.where.layer}”里找不到编号列。",
            f"{desk.where.file}: no column of {desk.where.layer!r} is a number.",
        ),
        Text(
            f"请用 --id 指明（可多次，合成编号）。现有的列：{'、'.join(source) or '无'}。",
            f"Name it with --id (several make one number). The columns are: {', '.join(source) or 'none'}.",
        ),
        wanted=Wanted("--id", Text("编号列", "the column of the number"), [(column, Text(column, column)) for column in source]),
    )


def _codes(desk: _Desk, known: Lifecycle) -> dict[str, list[Any]]:
    """Measure, plan year and status of each row."""
    _require_given_or_column(desk, "measure", "--measure", [(one.code, one.label) for one in known.measures.values()])
    _require_given_or_column(desk, "plan_year", "--year", ())
    measures = [f"{one.label.zh} {one.code}" for one in known.measures.values()]
    statuses = [f"{one.label.zh} {one.code}" for one in known.statuses.values()]
    columns: dict[str, list[Any]] = {
        "measure": _named(desk, "measure", lambda text: known.measure(text).code, Text("措施", "measure"), measures),
        "status": _named(desk, "status", lambda text: known.status(text).code, Text("状态", "status"), statuses),
    }
    for position, code in enumerate(columns["measure"]):
        if not code and position not in desk.wrong:
            desk.refuse(position, name_unknown(desk.at(position), Text("措施", "measure"), "", measures))
    columns["plan_year"] = _years(desk)
    return columns


def _require_given_or_column(desk: _Desk, name: str, option: str, choices: Sequence[tuple[str, Text]]) -> None:
    if desk.given.of(name) is None and not desk.column(name):
        label = {"measure": Text("措施", "measure"), "plan_year": Text("年度", "plan year")}[name]
        columns = [str(column) for column in desk.layer.rows.columns if column not in ("source_row", "geometry")]
        raise BadRequest(
            Text(
                f"{desk.where.file}：不知道{label.zh}，文件里没有这一列。",
                f"{desk.where.file}: the {label.en} is not known, no column has it.",
            ),
            Text(
                f"请用 {option} 统一指定，或用 --field {name}=列名 指明。现有的列：{'、'.join(columns)}。",
                f"Give it for all rows with {option}, or name a column: --field {name}=COLUMN. There are: {', '.join(columns)}.",
            ),
            wanted=Wanted(option, label, choices),
        )


def _named(desk: _Desk, name: str, look: Callable[[str], str], what: Text, words: Sequence[str]) -> list[str]:
    given = desk.given.of(name)
    if given is not None:
        code = look(str(given))
        _tell_overridden(desk, name, str(given), [_code_or_text(look, text) not in ("", code) for text in desk.texts(name)])
        return [code] * desk.count

    def parse(text: str) -> str:
        try:
            return look(text)
        except UnknownName as error:
            raise ValueError(text) from error

    read = desk.read(name, parse, lambda where, _, found: name_unknown(where, what, found, words))
    return [code or "" for code in read]


def _code_or_text(look: Callable[[str], str], text: str) -> str:
    try:
        return look(text) if text else ""
    except UnknownName:
        return text


def _years(desk: _Desk) -> list[int | None]:
    given = desk.given.plan_year
    if given is not None:
        _tell_overridden(desk, "plan_year", str(given), [text not in ("", str(given), f"{given}年") for text in desk.texts("plan_year")])
        return [given] * desk.count
    years = desk.read("plan_year", as_year, year_unreadable)
    for position, (year, text) in enumerate(zip(years, desk.texts("plan_year"), strict=True)):
        if year is None and not text:
            desk.refuse(position, year_unreadable(desk.at(position), desk.column("plan_year"), ""))
    return years


def _given_or(desk: _Desk, name: str, texts: list[str]) -> list[str]:
    given = desk.given.of(name)
    if given is None:
        return texts
    _tell_overridden(desk, name, str(given), [text not in ("", str(given)) for text in texts])
    return [str(given)] * desk.count


def _tell_overridden(desk: _Desk, name: str, given: str, differs: Sequence[bool]) -> None:
    rows = desk.source_rows([position for position, other in enumerate(differs) if other])
    if rows:
        desk.findings.append(given_overrides(desk.where, name, desk.column(name), given, rows))


def _days(desk: _Desk, name: str, today: date) -> list[date | None]:
    given = desk.given.of(name)
    if given is not None:
        return [cast(date, given)] * desk.count
    days = desk.read(name, partial(_day, today=today), date_unreadable)
    for position, day in enumerate(days):
        if day is not None and day > today:
            desk.refuse(position, date_ahead(desk.at(position), desk.column(name), day.isoformat()))
    _tell_filled_in(desk, name, days)
    return days


def _day(text: str, *, today: date) -> date:
    """A day as it is written, else the end of its month, else a spreadsheet's count."""
    for read in (as_date, lambda text: _end_by(as_month(text), today), as_serial):
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError(text)


def _end_by(last: date, today: date) -> date:
    return min(last, today) if (last.year, last.month) == (today.year, today.month) else last


def _tell_filled_in(desk: _Desk, name: str, days: Sequence[date | None]) -> None:
    texts = desk.texts(name)
    for tell, read in ((month_without_day, as_month), (day_count_read, as_serial)):
        wrong = set(read_each(texts, read)[1])
        found = [at for at, day in enumerate(days) if day is not None and at not in wrong and texts[at]]
        if found:
            first = found[0]
            told = cast(date, days[first]).isoformat()
            desk.findings.append(tell(desk.where, desk.column(name), texts[first], told, desk.source_rows(found)))


def _closure_years(desk: _Desk) -> list[int | None]:
    if desk.given.closure_years is not None:
        return [desk.given.closure_years] * desk.count
    low, high = builtin("aliases")["range"]["closure_years"]
    wanted = Text(f"{low} 到 {high} 的整数年", f"a whole number of years from {low} to {high}")
    return desk.read("closure_years", as_years, lambda where, column, found: number_unreadable(where, column, found, wanted))


def _samples(desk: _Desk) -> list[bool]:
    if desk.given.is_sample is not None:
        return [desk.given.is_sample] * desk.count
    no = set(builtin("aliases")["no"]["words"])
    return [text.casefold() not in no for text in desk.texts("is_sample")]


def _measured(desk: _Desk, unit: str | None) -> dict[str, Floats]:
    """Areas in m², percentages and ratios; NaN where there is none."""
    columns = {name: _areas(desk, name, unit) for name in _AREAS}
    columns |= {name: _shares(desk, name) for name in _SHARES}
    qualified, verified = columns["qualified_m2"], columns["verified_m2"]
    for position in np.flatnonzero(qualified > verified).tolist():
        desk.findings.append(qualified_above_verified(desk.at(position), float(qualified[position]), float(verified[position])))
    return columns


def _areas(desk: _Desk, name: str, unit: str | None) -> Floats:
    texts, column = desk.texts(name), desk.column(name)
    read = read_areas(texts, column=column, unit=desk.headings.units.get(name, ""), given=unit, ground_m2=desk.ground_m2)
    if read.inferred is not None:
        desk.findings.append(unit_by_ratio(desk.where, column, *read.inferred))
        desk.units.add(read.inferred[0])
    for position in read.wrong:
        desk.refuse(position, area_unreadable(desk.at(position), column, texts[position]))
    return read.values_m2


def _shares(desk: _Desk, name: str) -> Floats:
    low, high = builtin("aliases")["range"][name]
    wanted = Text(f"{low:g} 到 {high:g} 之间的数", f"a number from {low:g} to {high:g}")
    parse = partial(as_share, name=name)
    values = desk.read(name, parse, lambda where, column, found: number_unreadable(where, column, found, wanted))
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    written = [text for text in desk.texts(name) if text and not text.endswith("%")]
    largest = np.nanmax(numbers) if np.isfinite(numbers).any() else np.nan
    if name.endswith("_pct") and written and 0 < largest <= 1:
        desk.findings.append(ratio_or_percent(desk.where, name, desk.column(name), float(largest)))
    return numbers


def _refuse_doubles(desk: _Desk, columns: Mapping[str, Sequence[Any]]) -> None:
    keys = pd.DataFrame({name: list(columns[name]) for name in ("source_id", "measure", "plan_year")})
    sound = (keys["source_id"] != "") & (keys["measure"] != "") & keys["plan_year"].notna()
    double = keys[sound & keys.duplicated(keep=False)]
    for _, group in double.groupby(["source_id", "measure", "plan_year"], sort=False):
        positions = [int(position) for position in group.index]
        for position in positions:
            desk.refuse(position, duplicate_id(desk.at(position), str(group["source_id"].iloc[0]), desk.source_rows(positions)))


def _check_towns(desk: _Desk, columns: Mapping[str, Sequence[str]]) -> None:
    groups: dict[tuple[str, str], list[int]] = {}
    for position, (code, county, town) in enumerate(zip(columns["town_code"], columns["county_code"], columns["town"], strict=True)):
        if code:
            groups.setdefault((town_code_of(code, county), town), []).append(position)
    for (code, town), positions in groups.items():
        if not is_town(code, town):
            desk.findings.append(town_unmatched(desk.at(positions[0]), code, town, readings(code, town), desk.source_rows(positions)))


def _tell_columns(desk: _Desk, source: Sequence[str], id_columns: Sequence[str]) -> None:
    taken = {**desk.headings.columns, "source_id": "-".join(id_columns)}
    desk.findings.append(headings_understood(desk.where, taken, _unused(desk, source, id_columns)))
    for name, doubles in desk.headings.doubles.items():
        left = [column for column in doubles if column not in id_columns]
        if left and not (name == "source_id" and desk.column(name) not in id_columns):
            desk.findings.append(two_columns_one_meaning(desk.where, name, desk.column(name), left))


def _unused(desk: _Desk, source: Sequence[str], id_columns: Sequence[str]) -> list[str]:
    taken = {column for name, column in desk.headings.columns.items() if name != "source_id"} | set(id_columns)
    return [column for column in source if column not in taken]


def _made(desk: _Desk, columns: Mapping[str, Any], mapping: dict[str, str], source: Sequence[str], id_columns: Sequence[str]) -> Intake:
    good = np.array([position not in desk.wrong for position in range(desk.count)], dtype=bool)
    kept = {name: _series(name, columns[name], good) for name in COLUMNS}
    rows = gpd.GeoDataFrame(kept, geometry=desk.layer.rows.geometry.array[good], crs=desk.layer.rows.crs)
    refused = _refused(desk)
    unused, numbers = _unused(desk, source, id_columns), frozenset(_joined(refused, id_columns))
    return Intake(rows, refused, mapping, unused, numbers, tuple(id_columns), desk.units.pop() if len(desk.units) == 1 else None)


def _series(name: str, values: Any, good: np.ndarray[Any, np.dtype[np.bool_]]) -> pd.Series:
    dtype = "float64" if name in (*_AREAS, *_SHARES) else "bool" if name == "is_sample" else "object"
    if name in ("source_row", "plan_year"):
        dtype = "int64"
    elif dtype == "object" and name not in (*_DAYS, "closure_years"):
        dtype = "str"
    return pd.Series([value for value, keep in zip(values, good, strict=True) if keep], dtype=dtype)


def _refused(desk: _Desk) -> gpd.GeoDataFrame:
    """The rows that the layer had refused already, then those that are refused here."""
    positions = sorted(desk.wrong)
    whys = [desk.wrong[position] for position in positions]
    mine = desk.layer.rows.iloc[positions].assign(
        reason_code=[why[0].code for why in whys], reason=[" ".join(str(one.message) for one in why) for why in whys]
    )
    parts = [part for part in (desk.layer.refused, mine) if len(part)]
    if not parts:
        return desk.layer.refused
    return cast(gpd.GeoDataFrame, pd.concat(parts, ignore_index=True).set_geometry("geometry"))
