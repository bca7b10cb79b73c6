"""The rows of a sheet that came back → what each asks for, what becomes of it, and the ledger with those that were taken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from math import isclose
from pathlib import Path
from typing import Any

from ..deciding import Asked, Decided, Outcome
from ..errors import FileRefused, RestorationError
from ..frame import shown_value
from ..lifecycle import Lifecycle
from ..model import Event
from ..project import Project
from ..readers.cells import plain
from ..store import Head
from ..text import Text, folded
from .cells import Unclear, understood
from .layout import EVENT, OPEN, SEAL, SHOWN, SITE, WAS, heading_of, seal_of
from .reading import NOTHING, Cell, Sheet
from .writing import Returned, write_returned

_UNSAID = Text("", "")
_TOTALS = frozenset({"合计", "总计", "小计", "总数", "共计", "total", "sum"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet in which something was filled in or changed, and what becomes of it.

    ``site_id`` and ``name`` are those that the row shows. ``fields`` are the cells that are to blame, where any are; ``typed`` what was
    filled in, by field; ``decided`` what the ledger says to it; ``changes`` what it would write, by field: as it stands now (``""`` where
    there is nothing to compare with) and as it would be, both as staff read them. Of a row that is ``doubtful`` nobody knows which site
    was meant.
    """

    row: int
    site_id: str
    name: str
    typed: Mapping[str, str]
    outcome: Outcome = "taken"
    why: Text = _UNSAID
    way_out: Text = _UNSAID
    fields: tuple[str, ...] = ()
    asked: Asked | None = None
    decided: Decided | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    doubtful: bool = False


@dataclass(frozen=True)
class Applied:
    """What became of a sheet: its rows, the events that were written, and the workbook of rows that came back."""

    lines: Sequence[Line]
    written: Sequence[Event] = ()
    returned: Path | None = None

    @property
    def events(self) -> list[Event]:
        """What the rows that can be taken write, or wrote."""
        return [line.decided.entry.event for line in self.lines if line.outcome == "taken" and line.decided and line.decided.entry]

    def count(self, *outcomes: Outcome) -> int:
        """How many rows came out so."""
        return sum(line.outcome in outcomes for line in self.lines)


def apply(project: Project, sheet: Sheet, *, by: str, on: date | None = None, partial: bool = False, back: Path | None = None) -> Applied:
    """Write what a sheet asks for: all of it or none, or with ``partial`` the rows that can be taken.

    Parameters
    ----------
    on
        The day of rows that say none; without it they are refused.
    back
        Where the rows that were not written go, as a workbook: those that were not taken and, where nothing is written because of
        them, those that could be; nowhere if not given.

    Raises
    ------
    FileRefused
        The sheet is of another project.
    BadRequest
        Nobody signs.
    Stale
        Somebody wrote to one of the sites while this was being decided: nothing was written.
    CannotWrite
        The workbook of rows that come back cannot be written. It is made first: then nothing is in the ledger either.
    """
    lines = read_lines(project, sheet, by=by, on=on)
    is_good = all(line.outcome in ("taken", "unchanged") for line in lines)
    kept = ("unchanged", "taken") if partial or is_good else ("unchanged",)
    left = [line for line in lines if line.outcome not in kept]
    returned = write_returned(project, back, rows=_returned(left)) if left and back else None
    taken = [line.decided for line in lines if line.outcome == "taken" and line.decided]
    try:
        written = project.record(taken) if taken and (partial or is_good) else []
    except RestorationError:
        if returned:
            returned.unlink()  # it says what was not written, and now that is all
        raise
    return Applied(lines, written, returned)


def read_lines(project: Project, sheet: Sheet, *, by: str, on: date | None = None) -> list[Line]:
    """What becomes of each row in which something was filled in; nothing is written. Parameters and errors are those of `apply`."""
    owner = project.ledger.about()["id"]
    _require_own(sheet, owner, project)
    lines = [line for row, cells in sheet.rows if (line := _line(row, cells, sheet, project.table, owner, on))]
    lines = _filled_or_changed(lines, sheet)
    lines = _sealed(lines, dict(sheet.rows), project, owner)
    lines = _once_each(lines)
    asked = [line.asked for line in lines if line.outcome == "taken" and line.asked]
    told = iter(project.decide(asked, by=by))
    heads = project.ledger.heads(dict.fromkeys(one.site_id for one in asked))
    return [
        _with(line, next(told), heads[line.asked.site_id], project.table) if line.outcome == "taken" and line.asked else line
        for line in lines
    ]


def _with(line: Line, decided: Decided, head: Head, table: Lifecycle) -> Line:
    """A row as the ledger has it; what the command line asks for by an option is asked for by the heading of its column."""
    fields = tuple(field.name for field in OPEN if field.of in decided.blamed)
    way_out = decided.way_out
    for name in (name for name in decided.blamed if f"new_{name}" in fields and name in table.facts):
        heading, option = heading_of(f"new_{name}"), table.facts[name][1]
        way_out = Text(way_out.zh.replace(option, f"“{heading.zh}”"), way_out.en.replace(option, f'"{heading.en}"'))
    changes = _changes(decided.entry.event, head, table) if decided.entry else {}
    return replace(line, outcome=decided.outcome, why=decided.why, way_out=way_out, fields=fields, decided=decided, changes=changes)


def _changes(event: Event, head: Head, table: Lifecycle) -> dict[str, tuple[str, str]]:
    """What an entry changes, by the columns that say so in the sheet's order; ``head`` is where its site stands before it."""
    was, measure = head.event.state, head.attributes.measure
    values: dict[str, tuple[object, object]] = {
        **({"status": (was.status, event.to_status)} if event.to_status else {}),
        "on": (None, event.happened_on.isoformat()),
        **{name: (was.measured.get(name), value) for name, value in event.payload.get("measured", {}).items()},
        "surveyed_on": (None, event.payload.get("surveyed_on")), "doc_no": (None, event.doc_no), "note": (None, event.note),
    }  # fmt: skip
    told = {of: (shown_value(of, old, table, measure), shown_value(of, new, table, measure)) for of, (old, new) in values.items()}
    return {one.name: told[one.of] for one in OPEN if told.get(one.of, _NONE)[1]}


_NONE = ("", "")


def _require_own(sheet: Sheet, owner: str, project: Project) -> None:
    if sheet.about.get("project") != owner:
        theirs = sheet.about.get("title") or sheet.about.get("file") or "?"
        raise FileRefused(
            Text(f"{sheet.file} 是另一个项目（{theirs}）的表，不是 {project.path.name} 的。什么都没有写入。",
                 f"{sheet.file} is a sheet of another project ({theirs}), not of {project.path.name}. Nothing was written."),
            Text("用 --project 指明那个项目，或从本项目重新导出。", "Name that project with --project, or make a sheet of this one."),
        )  # fmt: skip


def _line(row: int, cells: Mapping[str, Cell], sheet: Sheet, table: Lifecycle, owner: str, on: date | None) -> Line | None:
    """A row as far as it can be judged by itself; ``None`` for one in which nothing was filled in or changed, and for a total."""
    filled = {field.name: cells.get(field.name, NOTHING) for field in OPEN if _is_filled(cells.get(field.name, NOTHING))}
    site_id = cells.get(SITE, NOTHING).text.strip()
    changed = _changed(cells, sheet.merged.get(row, frozenset())) if site_id else {}
    if not (filled or changed) or (not site_id and any(folded(cell.text).rstrip(":") in _TOTALS for cell in cells.values())):
        return None
    number, name = (cells.get(one, NOTHING).text.strip() for one in ("site_id", "name"))
    line = Line(row, number, name, {name: _as_typed(cell) for name, cell in filled.items()})
    if not site_id:
        return _doubtful(line, _ADDED, _BY_EXPORT)
    if number != site_id:
        return _doubtful(line, _moved(site_id), _BY_EXPORT, "site_id")
    if changed:
        return _doubtful(line, *_grey(changed), *changed)
    merged = sorted(sheet.merged.get(row, frozenset()) & {field.name for field in OPEN})
    if merged:
        return _refused(line, Text("这一行有合并的单元格，不知道填的是哪些小班。", "Cells are merged: for which sites is it meant?"),
                        Text("请取消合并，每行各填各的。", "Unmerge them and fill in each row."), *merged)  # fmt: skip
    values: dict[str, Any] = {}
    unclear: dict[str, Unclear] = {}
    for name, cell in filled.items():
        try:
            values[name] = understood(name, cell, table)
        except Unclear as error:
            unclear[name] = error
    if unclear:
        return _refused(line, *_together(unclear), *unclear)
    values = {name: value for name, value in values.items() if value is not None}
    day = values.get("new_on", on)
    if day is None:
        return _refused(line, _UNDATED, _WRITE_DATE, "new_on")
    seen = cells.get(EVENT, NOTHING).text.strip()
    return replace(line, asked=_asked(site_id, seen, values, day, owner))


def _changed(cells: Mapping[str, Cell], merged: frozenset[str]) -> dict[str, tuple[str, str]]:
    """The cells that only tell of the site and are no longer as they were written: what they said, and what they say.

    A column that is gone was not changed, nor is a merged cell, of which nobody knows whose it is.
    """
    was = _was(cells)  # nothing where the seal says that it is not what was written
    there = [name for name in was if name in cells and name not in merged and name != "site_id"]
    return {name: (plain(was[name]), _as_typed(cells[name])) for name in there if not _is_same(cells[name], was[name])}


def _was(cells: Mapping[str, Cell]) -> dict[str, str | float | None]:
    """What the row told of its site when it was made, by the names of `SHOWN`; nothing where that is not to be read any more."""
    try:
        return dict(zip((field.name for field in SHOWN), json.loads(cells.get(WAS, NOTHING).text), strict=True))
    except (ValueError, TypeError):
        return {}


def _filled_or_changed(lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """The lines without rows in which nothing was filled in and that show, whole and unchanged, what another row was made with.

    Such rows were only brought into another order, without their hidden cells.
    """
    if all(line.typed for line in lines):
        return list(lines)
    names = sorted({name for _, cells in sheet.rows for name in cells} & {field.name for field in SHOWN} - {"site_id"})
    made = {tuple(_comparable(was[name]) for name in names) for _, cells in sheet.rows if (was := _was(cells))}
    rows = dict(sheet.rows)
    shown = {line.row: tuple(_comparable(_value(rows[line.row].get(name, NOTHING))) for name in names) for line in lines if not line.typed}
    return [line for line in lines if line.typed or shown[line.row] not in made]


def _value(cell: Cell) -> str | float:
    return float(cell.text) if cell.kind == "number" else cell.text


def _comparable(value: str | float | None) -> str:
    return f"{value:.12g}" if isinstance(value, float) else plain(value)


def _is_same(cell: Cell, was: str | float | None) -> bool:
    if isinstance(was, float) and cell.kind == "number":
        return isclose(float(cell.text), was, rel_tol=1e-12)
    return plain(cell.text) == plain(was)


def _grey(changed: Mapping[str, tuple[str, str]]) -> tuple[Text, Text]:
    zh = "；".join(f"{heading_of(name).zh} 原为“{was}”，现为“{now}”" for name, (was, now) in changed.items())
    en = "; ".join(f"{heading_of(name).en} was {was!r}, is {now!r}" for name, (was, now) in changed.items())
    return (
        Text(f"不能改的格子被改了：{zh}。", f"Cells that are not to be changed were: {en}."),
        Text("新的数填在黄底的格子里；是排序时只排了几列的，请重新导出再填；名称、乡镇等用 restoration correct 更正。",
             "New values go into yellow cells. If only some columns were sorted, make the sheet anew; a name or town is put right with "
             "`restoration correct`."),
    )  # fmt: skip


def _together(unclear: Mapping[str, Unclear]) -> tuple[Text, Text]:
    """All that is wrong in a row at once: what, and what to write."""
    heads = {name: heading_of(name) for name in unclear}
    zh = "".join(f"{heads[name].zh}：{error.fact.zh}" for name, error in unclear.items())
    en = " ".join(f"{heads[name].en}: {error.fact.en}" for name, error in unclear.items())
    ways = list(unclear.values())
    return Text(zh, en), Text("".join(one.way_out.zh for one in ways), " ".join(one.way_out.en for one in ways))


_UNDATED = Text("没有填日期。", "It has no date.")
_WRITE_DATE = Text("在“日期”列填事情发生的日期，或统一用 --on 日期。", "Fill in the date, or give one for all with --on.")
_BY_EXPORT = Text("用 restoration worksheet 重新导出后，在该小班自己的行里填。", "Make the sheet anew, and fill in the site's own row.")
_ADDED = Text("这一行不是表里原有的（没有隐藏的编号）。", "This row was added: it has no hidden number.")


def _moved(hidden: str) -> Text:
    return Text(
        f"编号与本行隐藏的编号（{hidden}）不一致：有人改了编号，把别的行的内容贴到了这里，或排序时没有带上隐藏的列。",
        f"The number is not the row's hidden one ({hidden}): it was changed, another row's cells were pasted here, or the rows were sorted "
        "without their hidden columns.",
    )


def _asked(site_id: str, seen: str, values: Mapping[str, Any], day: date, owner: str) -> Asked:
    measured = {name.removeprefix("new_"): value for name, value in values.items() if isinstance(value, float)}
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in sorted(values.items())}
    mark = sha256(json.dumps([owner, site_id, seen, day.isoformat(), told], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return Asked(
        site_id, seen, mark, day, to=values.get("new_status"), measured=measured, surveyed_on=values.get("new_surveyed_on"),
        doc_no=values.get("new_doc_no", ""), note=values.get("new_note", ""),
    )  # fmt: skip


def _is_filled(cell: Cell) -> bool:
    return cell.kind != "empty" and bool(cell.text.strip())


def _as_typed(cell: Cell) -> str:
    """A cell's content as it can be written into a cell again."""
    if cell.kind == "day":
        return cell.text.removesuffix(" 00:00:00")
    if cell.kind == "percent":
        return f"{float(cell.text) * 100:.10g}%"
    return f"{float(cell.text):.15g}" if cell.kind == "number" else cell.text


def _refused(line: Line, why: Text, way_out: Text, *fields: str) -> Line:
    return replace(line, outcome="refused", why=why, way_out=way_out, fields=fields)


def _doubtful(line: Line, why: Text, way_out: Text, *fields: str) -> Line:
    return replace(_refused(line, why, way_out, *fields), doubtful=True)


def _once_each(lines: Sequence[Line]) -> list[Line]:
    """A site in several rows is refused in all of them: nobody knows which was meant. Rows that may be another site's do not count."""
    rows: dict[str, list[int]] = {}
    for line in lines:
        if not line.doubtful:
            rows.setdefault(line.site_id, []).append(line.row)
    double = {site: found for site, found in rows.items() if len(found) > 1}
    return [
        _refused(line, Text(f"同一小班填在几行里：第 {'、'.join(map(str, double[line.site_id]))} 行。",
                            f"The same site stands in several rows: {', '.join(map(str, double[line.site_id]))}."),
                 Text("只留一行。", "Leave one."))
        if line.site_id in double and not line.doubtful else line
        for line in lines
    ]  # fmt: skip


def _sealed(lines: Sequence[Line], rows: Mapping[int, Mapping[str, Cell]], project: Project, owner: str) -> list[Line]:
    """Refuse rows whose hidden cells are not what was written into them."""
    histories = project.ledger.histories(dict.fromkeys(line.site_id for line in lines if not line.doubtful))
    return [
        line if line.doubtful or _holds(rows[line.row], histories.get(line.site_id, []), owner) else _doubtful(line, _FORGED, _BY_EXPORT)
        for line in lines
    ]


def _holds(cells: Mapping[str, Cell], history: Sequence[Event], owner: str) -> bool:
    seen, seal, was = (cells.get(name, NOTHING).text for name in (EVENT, SEAL, WAS))
    return any(event.id == seen.strip() and seal.strip() == seal_of(owner, event.site_id, event.id, event.digest, was) for event in history)


_FORGED = Text("隐藏列被改动过，与台账对不上。", "The hidden cells were changed: they do not agree with the ledger.")


def _returned(lines: Sequence[Line]) -> list[Returned]:
    """The rows as they come back.

    One that is doubtful has nothing in its cells, so that it cannot be handed in again for a site that was not meant: the reason says
    what was typed, and under which number. It stands in the row of that number, for which it can be typed anew, unless that has a row
    of its own already.
    """
    many = Counter(line.site_id for line in lines)
    return [
        Returned("" if many[line.site_id] > 1 else line.site_id, {}, (), f"{_reason(line)} {_AGAIN}")
        if line.doubtful else Returned(line.site_id, line.typed, line.fields, _reason(line))
        for line in lines
    ]  # fmt: skip


_AGAIN = Text(
    "黄格已清空：核对清楚是哪个小班的，再在它的行里填。",
    "The yellow cells were emptied: make sure which site it is for, and fill in that one's row.",
)


def _reason(line: Line) -> str:
    if line.outcome == "taken":
        return str(Text(f"原表第 {line.row} 行。{_KEPT_BACK.zh}", f"Row {line.row} of the sheet. {_KEPT_BACK.en}"))
    shown = f"{line.site_id} {line.name}".strip()
    zh, en = (f"（{shown}）", f" ({shown})") if line.doubtful and shown else ("", "")
    if line.doubtful and line.typed:
        zh += "写的是：" + "，".join(f"{heading_of(name).zh} {value}" for name, value in line.typed.items())
        en += " says: " + ", ".join(f"{heading_of(name).en} {value}" for name, value in line.typed.items())
    where = Text(f"原表第 {line.row} 行{zh}。", f"Row {line.row} of the sheet{en}.")
    return f"{where}{Text('', ' ')}{line.why} {line.way_out}".strip()


_KEPT_BACK = Text("这一行可以，因为别的行不行而没有写入。", "This row is good; it was not written because of others.")
