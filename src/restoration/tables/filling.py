"""The sites frame into a layout: lines of cells as they are shown, and what is to be said below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, groupby
from typing import Any, Literal, NamedTuple

import pandas as pd

from ..frame import shown_value
from ..lifecycle import Lifecycle
from ..model import Event, Target, statuses_of, survey_of
from ..text import Text
from ..units import LABEL, Rounding, in_unit, rounded
from .counted import Counted, county_of
from .layout import FACTS, KEYS, Column, Key, Layout
from .said import Days, added_below, empty_told, excluded_told, residual_told, sample_told, unknown_codes_told, when_told

Kind = Literal["row", "subtotal", "whole"]


class Cell(NamedTuple):
    """A cell as it is shown, with its number in the unit of the column, and what it is unrounded (areas in m²).

    A nought is shown as nothing, unless it says something (a rate, a survival): ``is_zero_shown``.
    """

    text: str = ""
    number: float | None = None
    digits: int = 0
    raw: object = None
    is_zero_shown: bool = False


class Line(NamedTuple):
    """One line of a table: a row, a subtotal or the whole, and what it is about."""

    kind: Kind
    key: Key
    cells: tuple[Cell, ...]


class Filled(NamedTuple):
    """A layout with what is in it: its lines in order, the day that it is of, and what stands below it."""

    layout: Layout
    lines: tuple[Line, ...]
    days: Days
    notes: tuple[Text, ...]
    office: str


def fill(
    layout: Layout,
    sites: pd.DataFrame,
    *,
    table: Lifecycle,
    days: Days,
    targets: Sequence[Target] = (),
    before: pd.DataFrame | None = None,
    histories: Mapping[str, Sequence[Event]] | None = None,
    rounding: Rounding = "whole",
    office: str = "",
) -> Filled:
    """Put sites into a layout.

    Every figure is that of `tally.progress` for the same sites. What the ledger does not keep stays empty and is named in the notes.

    Parameters
    ----------
    sites
        The sites frame of the day.
    days
        The day, the earlier one that a change is counted from, the clock, and the plan year of a layout that is of one.
    before
        The sites frame of the earlier day, for a layout with a change.
    histories
        The events of the sites, for a layout that says when a status was reached.
    rounding
        Whether subtotals and the whole are rounded by themselves or are the sums of the rows as they are shown.
    office
        Who hands the table in.
    """
    counted = Counted(layout, sites, before, targets, table=table, year=days.year)
    places = list(_places(layout, counted.keys()))
    raws = [[_raw(column, counted, key) for column in layout.columns] for _, key in places]
    shown = [_shown_column(column, [raw[at] for raw in raws], places, rounding) for at, column in enumerate(layout.columns)]
    facts = _Facts(layout, sites, table, days, histories or {})
    numbers = accumulate(int(kind == "row") for kind, _ in places)
    lines = []
    for row, ((kind, key), number) in enumerate(zip(places, numbers, strict=True)):
        cells = [shown[at][row] if c.is_figure else facts.cell(c, kind, key, number) for at, c in enumerate(layout.columns)]
        told_here = [Cell() if c.totals_only and kind == "row" else cell for c, cell in zip(layout.columns, cells, strict=True)]
        lines.append(Line(kind, key, tuple(_headed(told_here, kind, layout))))
    told = [
        when_told(days, has_change=layout.has_change), layout.note, empty_told(layout), excluded_told(counted),
        residual_told(layout, [(line.kind, line.key, line.cells) for line in lines], rounding, raws),
        unknown_codes_told(layout, table), sample_told(sites),
    ]  # fmt: skip
    return Filled(layout, tuple(lines), days, tuple(note for note in told if note), office)


def _places(layout: Layout, keys: Sequence[Key]) -> Iterator[tuple[Kind, Key]]:
    """The lines that there are, in order: what each is, and the first keys that it is about."""
    whole: list[tuple[Kind, Key]] = [("whole", ())]
    yield from whole if layout.whole == "first" else []
    yield from _block(layout, keys, [layout.by.index(name) + 1 for name in layout.subtotals], is_told=layout.whole != "none")
    yield from whole if layout.whole == "last" else []


def _block(layout: Layout, keys: Sequence[Key], depths: Sequence[int], *, is_told: bool) -> Iterator[tuple[Kind, Key]]:
    """The rows of a group; ``is_told``: a total above it has the same sum already, so that a subtotal of all of it says nothing new."""
    if not depths:
        yield from (("row", key) for key in keys)
        return
    for start, group in groupby(keys, key=lambda key: key[: depths[0]]):
        inside = list(group)
        is_new = layout.single_subtotals or (len(inside) > 1 and not (is_told and len(inside) == len(keys)))
        total: list[tuple[Kind, Key]] = [("subtotal", start)] if is_new else []
        yield from total if layout.whole == "first" else []
        yield from _block(layout, inside, depths[1:], is_told=is_told or is_new)
        yield from total if layout.whole != "first" else []


def _raw(column: Column, counted: Counted, key: Key) -> float:
    return counted.figure(column, key) if column.is_figure else float("nan")


def _shown_column(column: Column, raws: Sequence[float], places: Sequence[tuple[Kind, Key]], rounding: Rounding) -> list[Cell]:
    is_area = column.value.endswith("_m2") and not column.per
    numbers = [in_unit(raw, column.unit) if is_area else raw for raw in raws]
    texts = [rounded(number, column.digits) for number in numbers]
    if is_area and rounding == "rows":
        rows = [(key, Decimal(text)) for (kind, key), text in zip(places, texts, strict=True) if kind == "row" and text]
        added = added_below(rows, {key for kind, key in places if kind != "row"})
        texts = [text if kind == "row" or key not in added else f"{added[key]:f}" for (kind, key), text in zip(places, texts, strict=True)]
    return [_number(text, column.digits, raw, is_zero_shown=column.is_rate) for text, raw in zip(texts, raws, strict=True)]


def _number(text: str, digits: int, raw: float, *, is_zero_shown: bool) -> Cell:
    """A number as tables have it: nought is blank, but where it says something."""
    is_blank = not text or (Decimal(text) == 0 and not is_zero_shown)
    return Cell("" if is_blank else text, float(text) if text else None, digits, raw, is_zero_shown)


def _headed(cells: list[Cell], kind: Kind, layout: Layout) -> list[Cell]:
    """The first cell of a total that holds no figure says that it is one."""
    first = next((at for at, column in enumerate(layout.columns) if not column.is_figure), None)
    if kind == "row" or first is None:
        return cells
    word = Text("合计", "in all") if kind == "whole" else Text("小计", "subtotal")
    return [*cells[:first], Cell(str(word), raw=str(word)), *cells[first + 1 :]]


class _Facts:
    """What is said of a group or a site that is no figure."""

    def __init__(self, layout: Layout, sites: pd.DataFrame, table: Lifecycle, days: Days, histories: Mapping[str, Sequence[Event]]) -> None:
        self.layout, self.table, self.days, self.histories = layout, table, days, histories
        names = [name for name in sites.columns if name != "geometry"] if "site_id" in layout.by else ["site_id"]
        self.of_site = pd.DataFrame(sites)[names].set_index("site_id", drop=False).to_dict("index")

    def cell(self, column: Column, kind: Kind, key: Key, place: int) -> Cell:
        name, said = column.value, ""
        known = dict(zip(self.layout.by, key, strict=False))
        if name in FACTS and name != "surveyed_on":
            said = self._of_line(name, kind, key, place)
        elif name in known and name in KEYS:
            said = self._worded(name, known[name], known)
        elif kind == "row" and "site_id" in known:
            row: Mapping[Any, Any] = self.of_site.get(str(known["site_id"]), {})
            if isinstance(row.get(name), float):
                number = in_unit(row[name], column.unit) if name.endswith("_m2") else row[name]
                return _number(rounded(number, column.digits), column.digits, row[name], is_zero_shown=True)
            said = self._of_site(name, row)
        return Cell(said, raw=said)

    def _of_line(self, name: str, kind: Kind, key: Key, place: int) -> str:
        if name == "row_number":
            return str(place) if kind == "row" else ""
        if name == "as_of":
            return str(self.days.as_of) if kind == "row" else ""
        if name == "unit_name":
            return str(LABEL[self.layout.unit])
        row = self.layout.rows[int(str(key[0]))]
        return str(row.label) if name == "label" else row.code

    def _worded(self, name: str, value: object, known: Mapping[str, object]) -> str:
        if name == "county":
            return county_of(str(value)) or str(Text("（未填）", "(blank)"))
        return shown_value(name, value, self.table, str(known.get("measure", ""))) or str(Text("（未填）", "(blank)"))

    def _of_site(self, name: str, row: Mapping[Any, Any]) -> str:
        if name.startswith("reached.") or name == "surveyed_on":
            return self._of_history(name, row)
        if name == "county":
            return county_of(row.get("county_code") or str(row.get("town_code", ""))[:6])
        return shown_value(name, row.get(name), self.table, str(row.get("measure", "")))

    def _of_history(self, name: str, row: Mapping[Any, Any]) -> str:
        events = list(self.histories.get(str(row.get("site_id", "")), ()))
        last = next((at for at, event in enumerate(events) if event.id == row.get("last_event_id")), len(events) - 1)
        seen = events[: last + 1]
        if name == "surveyed_on":
            return survey_of(seen)
        _, status, what = name.split(".")
        came = next((event for event in reversed(seen) if event.kind == "moved" and event.to_status == status), None)
        if came is None or status not in statuses_of(seen):
            return ""
        return str(came.happened_on) if what == "on" else came.doc_no
