"""The command that fills the tables which the office hands in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest
from ..text import Text, visible
from .options import DAY, as_of, lang, open_project, output, project
from .output import say, tell_table
from .words import command, option

if TYPE_CHECKING:
    from ..project import Project
    from ..tables import Filled
    from ..units import Rounding

replace = option("--replace", is_flag=True, default=False, zh="文件已有时替换它", en="replace the file that is there")
rounded = option(
    "--rounding",
    type=click.Choice(["whole", "rows"]),
    default="whole",
    show_default=True,
    zh="合计怎样取整：whole 合计单独取整，rows 合计=各行显示数之和",
    en="how totals are rounded: by themselves, or as the sums of the rows as shown",
)


@command(
    "table",
    "出报表：任务进度调度表、检查验收表、矿山修复台账等；--list 列出有哪些，--out 写成 Excel。",
    "Fill one of the tables that the office hands in; --list names them, --out writes a workbook.",
)
@click.argument("name", metavar="[TABLE]", required=False)
@option("--list", "listed", is_flag=True, default=False, zh="列出有哪些表", en="which tables there are")
@option("--out", type=click.Path(path_type=Path), metavar="OUT.xlsx", zh="写成 Excel 文件", en="write a workbook")
@as_of
@option(
    "--from",
    "since",
    type=DAY,
    metavar="DATE",
    zh="“比上月”与哪天比（不写为上月末）",
    en="the day that changes are from (last month's end)",
)
@option("--year", type=int, zh="年报的年度（不写为截至日期的年份）", en="plan year of a yearly table (that of the day if not given)")
@option("--office", default="", zh="填报单位", en="who hands it in")
@rounded
@replace
@project
@output
@lang
def table(
    name: str | None,
    listed: bool,
    out: Path | None,
    as_of: date | None,
    clock: Any,
    since: date | None,
    year: int | None,
    office: str,
    rounding: Rounding,
    replace: bool,
    project_path: Path | None,
    form: str,
) -> None:
    """Fill a table."""
    from ..tables import write

    held = open_project(project_path, read_only=True)
    if listed or not name:
        _tell_list(held, form)
        return
    if out:
        require_out(out, (".xlsx",), replace=replace)
    filled = held.fill(name, as_of=as_of, since=since, clock=clock, year=year, rounding=rounding, office=office)
    if out:
        tell_written(write(filled, out), "table")
    else:
        _tell(filled, form)
    if out or form == "table":
        say(*filled.notes)


def tell_written(out: Path, form: str) -> None:
    """Say that a file was written, on a line that a program which reads the output does not see."""
    click.echo(visible(str(Text(f"已写出 {out}", f"Wrote {out}"))), err=form != "table")


def require_out(out: Path, endings: tuple[str, ...], *, replace: bool) -> None:
    """A file may be written under its name: it ends as it must, and what is there may be replaced."""
    from ..export import require_name

    if replace and out.suffix.lower() in endings and not out.is_dir():
        return
    if out.suffix.lower() in endings and out.exists():
        raise BadRequest(
            Text(f"{out} 已经存在，里面可能有手工填的内容。", f"{out} is there already, and may hold what somebody filled in."),
            Text("没有覆盖；请换一个文件名，或加 --replace。", "It was not overwritten; choose another name, or add --replace."),
        )
    require_name(out, endings)


def _tell_list(held: Project, form: str) -> None:
    from ..units import LABEL

    layouts = list(held.layouts().layouts.values())
    headings = [Text("代码", "code"), Text("名称", "title"), Text("单位", "unit"), Text("纸张", "paper"), Text("依据", "after")]
    rows = [[one.code, str(one.title), str(LABEL[one.unit]), one.paper, one.source] for one in layouts]
    data = [{"code": one.code, "zh": one.title.zh, "en": one.title.en, "unit": one.unit, "source": one.source} for one in layouts]
    tell_table(list(map(str, headings)), rows, form=form, data=data)


def _tell(filled: Filled, form: str) -> None:
    from ..tables import heading_of

    columns = filled.layout.columns
    shown = [at for at, column in enumerate(columns) if form != "table" or column.value]
    headings = [str(heading_of(columns[at])) for at in shown]
    rows = [[line.cells[at].text for at in shown] for line in filled.lines]
    data = {
        "table": filled.layout.code, **filled.days._asdict(), "unit": filled.layout.unit,
        "columns": [{"zh": heading_of(column).zh, "en": heading_of(column).en, "value": column.value} for column in columns],
        "rows": [{"kind": line.kind, "cells": [cell.raw for cell in line.cells]} for line in filled.lines],
        "notes": [{"zh": note.zh, "en": note.en} for note in filled.notes],
    }  # fmt: skip
    first = next((at for at, place in enumerate(shown) if columns[place].is_figure), len(shown))
    tell_table(headings, rows, form=form, data=data, right=first)


COMMANDS = {"table": table}
