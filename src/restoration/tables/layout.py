"""Layouts of tables: what stands in which column and row, as data. The built-in ones, and an office's own beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from ..data import builtin, from_file
from ..errors import FileRefused, UnknownName
from ..frame import COLUMNS
from ..tally.counting import AREAS, NUMBERS, RATES, TARGETS, TYPED
from ..text import Text
from ..units import DIGITS, UNITS

FIGURES = (*NUMBERS, *AREAS, *TYPED, *TARGETS, *RATES, "replant_m2", "lost_m2")
"""What a column may sum: the figures of `tally.progress`, and two more areas that people type."""
KEYS = ("layer", "measure", "status", "group", "plan_year", "county", "town", "village", "mine_id", "site_id")
"""What rows may be grouped by; ``site_id`` gives a row a site."""
FACTS = ("row_number", "label", "code", "unit_name", "as_of", "surveyed_on")
"""What else a column may say: the number of the row, the name and code of a listed row, the unit, the days of the table
and of the last survey."""
REACHED = ("on", "doc_no")
"""``reached.STATUS.on`` and ``reached.STATUS.doc_no``: when a site came to a status, and by which document."""
Key = tuple[object, ...]
"""What a line is about: the first so many of a layout's keys, or the place of a listed row."""
Where = Literal["first", "last", "none"]
Only = Mapping[str, tuple[Any, ...]]
"""By a column of the sites frame the values that are counted."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the one that it stands under, and what is in it; ``value`` is ``""`` for what the ledger does not keep."""

    heading: Text
    value: str
    under: Text | None = None
    only: Only = field(default_factory=dict)
    per: str = ""
    per_only: Only = field(default_factory=dict)
    change: bool = False
    totals_only: bool = False
    unit: str = "mu"
    digits: int = 2
    width: float = 10.0
    name: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether the column is counted."""
        return self.value in FIGURES

    @property
    def is_rate(self) -> bool:
        """Whether its total is no sum."""
        return bool(self.per) or self.value in RATES


@dataclass(frozen=True, slots=True)
class Row:
    """One listed row: its name, its fixed code, and the sites that it counts (``None``: none, it is filled in by hand)."""

    label: Text
    code: str
    only: Only | None


@dataclass(frozen=True, slots=True)
class Layout:
    """One table: its title, paper and unit, what its rows are, and its columns."""

    code: str
    title: Text
    source: str
    unit: str
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    subtotals: tuple[str, ...] = ()
    single_subtotals: bool = True
    whole: Where = "last"
    only: Only = field(default_factory=dict)
    of_year: bool = False
    paper: str = "A4"
    note: Text | None = None
    template: Path | None = None

    @property
    def has_change(self) -> bool:
        """Whether it sets a day against an earlier one."""
        return any(column.change for column in self.columns)

    @property
    def needs_events(self) -> bool:
        """Whether it says something that only the histories know."""
        return any(column.value.startswith("reached.") or column.value == "surveyed_on" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts that there are, by code."""

    layouts: Mapping[str, Layout]

    def layout(self, name: str) -> Layout:
        """A layout by its code or title.

        Raises
        ------
        UnknownName
        """
        wanted = name.strip()
        found = next((one for one in self.layouts.values() if wanted in (one.code, one.title.zh, one.title.en)), None)
        if found is None:
            raise UnknownName(Text("表", "table"), wanted, [f"{one.title.zh} {one.code}" for one in self.layouts.values()])
        return found


@cache
def layouts(path: Path | None = None) -> Layouts:
    """The built-in layouts, with those of an office's own file beside them or in their place.

    Raises
    ------
    FileRefused
        The file is not readable, or a layout in it is wrong or has no source.

    Examples
    --------
    >>> layouts().layout("检查验收表").code
    'inspection'
    """
    made = {code: _layout(code, row, None) for code, row in builtin("tables")["table"].items()}
    if path is None:
        return Layouts(made)
    own = from_file(path)
    try:
        return Layouts({**made, **{code: _layout(code, row, path.parent) for code, row in own["table"].items()}})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(
            Text(f"表样文件 {path} 有误：{error}。", f"The file of table layouts {path} is wrong: {error}."),
            Text(
                "请对照软件自带的 tables.toml 改正，每张表写明 source。", "Mend it after the built-in tables.toml, with a source for each."
            ),
        ) from error


def _layout(code: str, raw: Mapping[str, Any], folder: Path | None) -> Layout:
    _require_names(raw, (*_LAYOUT_NAMES, "zh", "en", "column", "row", "note_zh", "note_en", "digits"), code)
    if not str(raw.get("source", "")).strip():
        raise ValueError(f"table.{code}.source")
    by, unit = tuple(raw.get("by", ())), raw.get("unit", "mu")
    rows = tuple(_row(row, f"{code}.row") for row in raw.get("row", ()))
    made = Layout(
        code, Text(raw["zh"], raw["en"]), " ".join(raw["source"].split()), unit,
        tuple(_column(row, unit, raw.get("digits"), f"{code}.column") for row in raw["column"]),
        by=by, rows=rows, subtotals=tuple(raw.get("subtotals", ())), single_subtotals=bool(raw.get("single_subtotals", True)),
        whole=raw.get("whole", "last"), only=_only(raw.get("only", {}), code), of_year=bool(raw.get("of_year", False)),
        paper=raw.get("paper", "A4"), note=Text(raw["note_zh"], raw["note_en"]) if "note_zh" in raw else None,
        template=folder / Path(raw["template"]).name if folder and "template" in raw else None,
    )  # fmt: skip
    if Path(raw.get("template", "")).name != raw.get("template", ""):
        raise ValueError(f"table.{code}.template = {raw['template']!r}")
    _require_whole(made)
    return made


_LAYOUT_NAMES = ("source", "unit", "by", "subtotals", "single_subtotals", "whole", "only", "of_year", "paper", "template")
_COLUMN_NAMES = ("zh", "en", "under_zh", "under_en", "value", "only", "per", "per_only", "change", "totals_only", "unit", "digits", "width",
                 "name")  # fmt: skip


def _require_whole(made: Layout) -> None:
    where = f"table.{made.code}"
    for what, words, known in (
        ("by", made.by, KEYS), ("subtotals", made.subtotals, made.by[:-1]), ("unit", (made.unit,), UNITS),
        ("whole", (made.whole,), get_args(Where)), ("paper", (made.paper,), ("A3", "A4")),
    ):  # fmt: skip
        unknown = [word for word in words if word not in known]
        if unknown:
            raise ValueError(f"{where}.{what} = {unknown[0]!r}")
    if bool(made.by) == bool(made.rows) or not made.columns:
        raise ValueError(f"{where}: by / row / column")
    if made.template and made.template.suffix.lower() != ".xlsx":
        raise ValueError(f"{where}.template = {made.template.name!r}")


def _column(raw: Mapping[str, Any], unit: str, digits: int | None, where: str) -> Column:
    _require_names(raw, _COLUMN_NAMES, where)
    value, own = str(raw.get("value", "")), raw.get("unit", unit)
    for word in filter(None, (value, raw.get("per", ""))):
        _require_value(word, where)
    if own not in UNITS or ("per" in raw and not {value, raw["per"]} <= set(FIGURES)):
        raise ValueError(f"{where}: {raw['zh']}")
    usual = DIGITS[own] if digits is None else digits
    is_area = value.endswith("_m2") and "per" not in raw
    shown = raw.get("digits", usual if is_area else 1 if value.endswith("_pct") or "per" in raw else 0 if value in NUMBERS else 2)
    if isinstance(shown, bool) or not isinstance(shown, int) or not 0 <= shown <= 6:
        raise ValueError(f"{where}.digits = {shown!r}")
    return Column(
        Text(raw["zh"], raw["en"]), value,
        under=Text(raw["under_zh"], raw["under_en"]) if "under_zh" in raw else None,
        only=_only(raw.get("only", {}), where), per=raw.get("per", ""), per_only=_only(raw.get("per_only", {}), where),
        change=bool(raw.get("change", False)), totals_only=bool(raw.get("totals_only", False)), unit=own, digits=shown,
        width=float(raw.get("width", 10)), name=raw.get("name", ""),
    )  # fmt: skip


def _require_value(value: str, where: str) -> None:
    first, _, rest = value.partition(".")
    is_reached = first == "reached" and rest.count(".") == 1 and rest.rpartition(".")[2] in REACHED
    if not is_reached and value not in (*FIGURES, *KEYS, *FACTS, *(column.name for column in COLUMNS)):
        raise ValueError(f"{where}.value = {value!r}")


def _row(raw: Mapping[str, Any], where: str) -> Row:
    _require_names(raw, ("zh", "en", "code", "only"), where)
    return Row(Text(raw["zh"], raw["en"]), str(raw.get("code", "")), _only(raw["only"], where) if "only" in raw else None)


def _only(raw: Mapping[str, Sequence[Any]], where: str) -> dict[str, tuple[Any, ...]]:
    unknown = set(raw) - {column.name for column in COLUMNS}
    if unknown or not all(isinstance(values, list) for values in raw.values()):
        raise ValueError(f"{where}.only: {', '.join(sorted(raw))}")
    return {name: tuple(values) for name, values in raw.items()}


def _require_names(raw: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise ValueError(f"table.{where}: {', '.join(unknown)}")
