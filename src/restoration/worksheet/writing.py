"""The sites as a workbook to be filled in, and rows that were not taken as one to be mended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from ..data import builtin
from ..errors import BadRequest
from ..lifecycle import Lifecycle
from ..model import AREAS, statuses_of, today
from ..naming import cannot_write, take_name, taken
from ..project import Project
from ..text import Text, half_widths, visible
from ..units import written_mu
from ..workbooks import LONGEST_CELL
from .layout import (
    ABOUT,
    EVENT,
    FIELDS,
    FIRST_ROW,
    GUIDE,
    HEADING_ROW,
    LISTS,
    MAIN,
    MOVES,
    OPEN,
    REASON,
    REASON_FIELD,
    SEAL,
    SHOWN,
    SITE,
    WAS,
    Field,
    seal_of,
    was_of,
)

_FACE = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_LOOK: dict[str, dict[str, Any]] = {
    "identity": {"font_color": "#1F241F"},
    "present": {"font_color": "#6B7168", "bg_color": "#F1F1EE"},
    "open": {"locked": False, "bg_color": "#FFFDF2"},
    "hidden": {"font_color": "#AAAAAA"},
    "wrong": {"locked": False, "bg_color": "#FBD5D0", "font_color": "#8A1C10", "bold": True},
    "reason": {"font_color": "#8A1C10", "text_wrap": True, "bg_color": "#FDF0EE"},
}
_HEADS: dict[str, dict[str, Any]] = {
    "identity": {},
    "present": {"bg_color": "#E6E6E1", "font_color": "#55594F"},
    "open": {"bg_color": "#FBEFC4"},
    "hidden": {},
}
_A3 = 8
"""Excel's number of the paper; on A4 the columns would be printed at half their size."""
_TALLEST = 409
"""Points that Excel gives a row at most."""
_GRID = {"border": 1, "border_color": "#D5D3CB"}


@dataclass(frozen=True)
class Returned:
    """A row that comes back: the site as it stands, what was typed (by field), which cells are to blame, and why."""

    site_id: str
    typed: Mapping[str, str]
    wrong: tuple[str, ...]
    reason: str


def write_worksheet(project: Project, out: Path, *, sites: pd.DataFrame) -> int:
    """Write the sheet of some sites; gives their number.

    Parameters
    ----------
    sites
        Rows of the project's sites frame as it stands now.

    Raises
    ------
    BadRequest
        There are no sites, or more than a sheet takes; the name does not end in .xlsx.
    CannotWrite
        The file is there already, or cannot be written.
    """
    _require_some(sites)
    ordered = sites.sort_values(list(_ORDER), kind="stable")
    _write(project, out, [_Row(told) for told in _rows(project, ordered)], FIELDS)
    return len(sites)


_ORDER = ("county_code", "town_code", "town", "village", "measure", "plan_year", "source_id", "site_id")


def write_returned(project: Project, out: Path, *, rows: Sequence[Returned]) -> Path:
    """Write the rows that were not taken as a sheet of the same form: up to date, with what was typed, and the reason in front.

    Raises
    ------
    CannotWrite
    """
    sites = project.sites().set_index("site_id", drop=False)
    known = sites.loc[[row.site_id for row in rows if row.site_id in sites.index]]
    told = dict(zip(known["site_id"], _rows(project, known), strict=True))
    _write(project, out, [_Row(told.get(row.site_id, {}), row) for row in rows], (REASON_FIELD, *FIELDS))
    return out


class _Row(NamedTuple):
    """A row to be written: what is told of the site and, of one that comes back, what was typed."""

    told: Mapping[str, Any]
    back: Returned = Returned("", {}, (), "")


def _require_some(sites: pd.DataFrame) -> None:
    most = builtin("limits")["worksheet"]["rows"]
    if not len(sites):
        raise BadRequest(Text("没有符合条件的小班。", "No site fits."), Text("放宽筛选条件。", "Ask for fewer conditions."))
    if len(sites) > most:
        raise BadRequest(
            Text(f"有 {len(sites)} 个小班，一张表最多 {most} 个。", f"There are {len(sites)} sites; a sheet takes {most}."),
            Text("用 --town、--measure、--year、--status 分几张。", "Make several, with --town, --measure, --year, --status."),
        )


def _rows(project: Project, sites: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What each row says of its site, by the fields' names."""
    owner = project.ledger.about()["id"]
    histories = project.ledger.histories(sites["site_id"].tolist())
    for row in sites.to_dict("records"):
        history = histories[row["site_id"]]
        moves = project.table.allowed(project.table.measures[row["measure"]], statuses_of(history))
        shown = {field.name: _shown(field.name, row, project.table) for field in SHOWN}
        was = was_of(shown)
        yield {
            **shown,
            SITE: row["site_id"],
            EVENT: history[-1].id,
            SEAL: seal_of(owner, row["site_id"], history[-1].id, history[-1].digest, was),
            WAS: was,
            MOVES: tuple(str(project.table.label(code, row["measure"])) for code in moves),
        }


def _shown(name: str, row: Mapping[Any, Any], table: Lifecycle) -> str | float | None:
    value = row[name]
    if name == "status":
        return str(table.label(value, row["measure"])) if value else ""
    if name == "measure":
        return str(table.measures[value].label)
    if pd.isna(value):
        return None
    if name in AREAS or name == "area_m2":
        return written_mu(float(value))
    return visible(value) if isinstance(value, str) else float(value)


def _write(project: Project, out: Path, rows: Sequence[_Row], fields: tuple[Field, ...]) -> None:
    if out.suffix.lower() != ".xlsx":
        raise BadRequest(
            Text(f"文件名 {out} 应以 .xlsx 结尾。", f"The name {out} should end in .xlsx."), Text("请改名。", "Change the name.")
        )
    if out.exists():
        raise taken(out)
    part = out.with_name(f".{out.stem}.{uuid4().hex}.xlsx")
    try:
        with xlsxwriter.Workbook(part, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
            _Sheet(book, fields, project.table).fill(rows, _title(project, len(rows)))
            _guide(book, fields)
            _about(book, project)
        take_name(part, out)
    except FileExistsError as error:
        raise taken(out) from error
    except OSError as error:
        raise cannot_write(out, error) from error
    except FileCreateError as error:  # the writer's own error holds the system's
        raise cannot_write(out, next((one for one in error.args if isinstance(one, OSError)), OSError(str(error)))) from error
    finally:
        part.unlink(missing_ok=True)


def _title(project: Project, count: int) -> str:
    title = project.ledger.about().get("title") or project.path.stem
    return str(
        Text(
            f"{title}：小班变更表（{count} 个，{today()} 制）。黄底的格子可以填，只填要改的；填法见“填表说明”页。",
            f"{title}: changes of sites ({count}, made {today()}). Fill in the yellow cells, only what changes; see the next sheet.",
        )
    )


class _Sheet:
    """The sheet of sites while it is being written."""

    def __init__(self, book: xlsxwriter.Workbook, fields: tuple[Field, ...], table: Lifecycle) -> None:
        self.book, self.fields, self.table = book, fields, table
        self.sheet = book.add_worksheet(str(MAIN))
        self.place = {field.name: at for at, field in enumerate(fields)}
        self.formats: dict[tuple[str, str], Any] = {}
        self.lists: dict[tuple[str, ...], int] = {}

    def look(self, role: str, kind: str = "") -> Any:
        """A cell's format, made once."""
        key = (role, kind)
        if key not in self.formats:
            fitted = {"text_wrap": True} if kind == "@" and role in ("identity", "present") else {}
            made = {**_FACE, **_GRID, **_LOOK[role], **({"num_format": kind} if kind else {}), **fitted}
            self.formats[key] = self.book.add_format(made)
        return self.formats[key]

    def fill(self, rows: Sequence[_Row], title: str) -> None:
        """Everything that is on the sheet."""
        last = FIRST_ROW + len(rows) - 1
        self._head(title, last)
        for at, row in enumerate(rows, FIRST_ROW - 1):
            self._row(at, row.told, row.back)
        self._validate(last)
        self._lists()

    def _head(self, title: str, last: int) -> None:
        sheet, head = self.sheet, {**_FACE, **_GRID, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E3ECE6"}
        heads = {role: self.book.add_format({**head, **extra}) for role, extra in _HEADS.items()}
        for at, field in enumerate(self.fields):
            sheet.set_column(at, at, field.width, None, {"hidden": field.role == "hidden"})
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, title, self.book.add_format({**_FACE, "bold": True, "font_size": 12}))
        sheet.set_row(HEADING_ROW - 1, 46)
        for at, field in enumerate(self.fields):
            sheet.write_string(HEADING_ROW - 1, at, str(field.heading).replace("(", "\n("), heads[field.role])
        sheet.freeze_panes(FIRST_ROW - 1, self.place["name"] + 1)
        sheet.autofilter(HEADING_ROW - 1, 0, last - 1, len(self.fields) - 1)  # the hidden columns go with a row that is sorted
        # Not sorting: under protection Excel would sort the open cells alone, away from their sites.
        sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(_A3)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.repeat_rows(HEADING_ROW - 1)
        sheet.set_footer("&C&P / &N")

    def _row(self, at: int, told: Mapping[str, Any], back: Returned) -> None:
        texts = [(field, told.get(field.name)) for field in self.fields if field in SHOWN] + [(REASON_FIELD, back.reason)]
        lines = max(ceil((1 + half_widths(text)) / field.width) for field, text in texts if isinstance(text, str))
        if lines > 1:
            self.sheet.set_row(at, min(15 * lines, _TALLEST))
        for column, field in enumerate(self.fields):
            if field.name == REASON:
                self.sheet.write_string(at, column, back.reason[:LONGEST_CELL], self.look("reason"))
            elif field.role == "open" and not told:
                self.sheet.write_blank(at, column, None, self.look("present"))  # of no site that is known: not to be filled in
            elif field.role == "open":
                self._open(at, column, back.typed.get(field.name, ""), "wrong" if field.name in back.wrong else "open", field.name)
            elif field.name == MOVES:
                self.sheet.write_number(at, column, self.lists.setdefault(told.get(MOVES, ()), len(self.lists)), self.look("hidden"))
            else:
                value = told.get(field.name)
                if isinstance(value, float):
                    self.sheet.write_number(at, column, value, self.look(field.role, _kind(field.name)))
                elif value:
                    self.sheet.write_string(at, column, value, self.look(field.role, "" if field.role == "hidden" else "@"))
                else:
                    self.sheet.write_blank(at, column, None, self.look(field.role))

    def _open(self, at: int, column: int, text: str, role: str, name: str) -> None:
        kind = "yyyy-mm-dd" if name.endswith("_on") else "@" if name in ("new_doc_no", "new_note") else ""
        if text:
            self.sheet.write_string(at, column, text, self.look(role, "@" if kind == "@" else ""))
        else:
            self.sheet.write_blank(at, column, None, self.look(role, kind))

    def _validate(self, last: int) -> None:
        """The list of moves is looked up by the row's hidden number, so that it goes with a row that is sorted."""
        first = FIRST_ROW - 1
        moves = xl_rowcol_to_cell(first, self.place[MOVES], col_abs=True)
        source = f"=OFFSET({LISTS}!$A$2,0,{moves},INDEX({LISTS}!$1:$1,1,{moves}+1),1)"
        rules: dict[str, dict[str, Any]] = {
            "new_status": {"validate": "list", "source": source},
            "new_on": _day(),
            "new_surveyed_on": _day(),
            **{f"new_{name}": _between(0, 1e7) for name in ("reported_m2", "verified_m2", "qualified_m2")},
            **{f"new_{name}": _between(0, 100) for name in ("survival_pct", "cover_pct")},
            "new_canopy_ratio": _between(0, 1),
        }
        told = {field.name: field.explained for field in OPEN}
        for name, rule in rules.items():
            column = self.place[name]
            said = {"error_title": str(Text("请核对", "Please check")), "error_message": str(told[name])[:255], "ignore_blank": True}
            self.sheet.data_validation(first, column, last - 1, column, {**rule, **said})

    def _lists(self) -> None:
        sheet = self.book.add_worksheet(LISTS)
        sheet.very_hidden()
        groups = list(self.lists)
        for column, moves in enumerate(groups):
            sheet.write_number(0, column, max(1, len(moves)))
        for row in range(max((len(moves) for moves in groups), default=0)):
            for column, moves in enumerate(groups):
                if row < len(moves):
                    sheet.write_string(row + 1, column, moves[row])


def _kind(name: str) -> str:
    return "0" if name == "plan_year" else "#,##0.00" if name.endswith("_m2") else "0.0#"


def _day() -> dict[str, Any]:
    return {"validate": "date", "criteria": "between", "minimum": date(1978, 1, 1), "maximum": date(2100, 12, 31), "error_type": "warning"}


def _between(least: float, most: float) -> dict[str, Any]:
    return {"validate": "decimal", "criteria": "between", "minimum": least, "maximum": most, "error_type": "warning"}


def _guide(book: xlsxwriter.Workbook, fields: Sequence[Field]) -> None:
    sheet = book.add_worksheet(str(GUIDE))
    plain, head = book.add_format({**_FACE, "text_wrap": True}), book.add_format({**_FACE, "bold": True, "bg_color": "#E3ECE6"})
    lines = (
        Text("在“小班”页只填黄底的格子，要改什么填什么，没有变的空着；存盘后运行 restoration apply 本文件 --by 姓名。",
             "Fill in the yellow cells of the first sheet, only what changes; save, and run: restoration apply THIS-FILE --by NAME"),
        Text("可以筛选、调列宽。要排序或删掉不办的行，先“撤销工作表保护”（没有密码）；排序用表头的箭头，自己选区域要选整张表。不要复制行，也不要贴进别处的行。",
             "Filter and widen as you like. To sort or to delete rows, unprotect the sheet (no password); sort by the headings' arrows, "
             "never the yellow columns alone. Do not copy rows in."),
        Text("灰底的是现在的情况，改了不收，会退回。隐藏的列用来认小班、防止改错版本：不要改。做表以后别人又改过的小班不会被覆盖，会退回来给你看。",
             "Grey cells tell how it stands: a row in which they were changed comes back. Hidden columns say which site it is, and as of "
             "when: leave them. What others changed meanwhile comes back to you."),
        Text("不要合并单元格，不要在数字格里写公式。", "Merge no cells, and write no formulas."),
    )  # fmt: skip
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    for at, line in enumerate(lines):
        sheet.merge_range(at, 0, at, 1, str(line), plain)
        sheet.set_row(at, 34)
    sheet.write_row(len(lines) + 1, 0, [str(Text("列", "column")), str(Text("怎么填", "what to write"))], head)
    for at, field in enumerate((field for field in fields if field.role == "open"), len(lines) + 2):
        sheet.write_string(at, 0, str(field.heading), plain)
        sheet.write_string(at, 1, str(field.explained), plain)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _about(book: xlsxwriter.Workbook, project: Project) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.very_hidden()
    about = project.ledger.about()
    said = {"project": about["id"], "title": about.get("title", ""), "made_on": today().isoformat(), "file": project.path.name}
    sheet.write_string(0, 0, json.dumps(said, ensure_ascii=False))
