"""The commands of the Excel sheet that staff fill in: made, and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BadRequest, FileRefused
from ..text import Text, visible
from .look import filtered, filters
from .options import DAY, by, lang, open_project, output, project
from .output import progress_shown, say, tell_table
from .words import command, option

if TYPE_CHECKING:
    from ..deciding import Outcome
    from ..worksheet import Applied, Line

OUTCOME: dict[Outcome, Text] = {
    "taken": Text("采用", "taken"),
    "unchanged": Text("没有变化", "unchanged"),
    "refused": Text("不采用", "refused"),
    "stale": Text("已有改动", "stale"),
}
COULD_BE = Text("可采用", "could be taken")
"""What is said of a row that was found good, where nothing was written."""
HEADINGS = (
    Text("行", "row"),
    Text("编号", "site"),
    Text("结果", "outcome"),
    Text("要改的", "what was asked"),
    Text("原因和办法", "why, and what to do"),
)


@command(
    "worksheet",
    "做一张 Excel 表给人填：一行一个小班，黄底的格子填要改的状态、日期、面积；填好用 apply 收回。",
    "Make an Excel sheet to be filled in, a row a site: new status, date, areas in its yellow cells; `apply` takes it back.",
)
@click.argument("out", metavar="OUT.xlsx", type=click.Path(path_type=Path))
@filters
@project
@lang
def worksheet(out: Path, measure: str | None, status: str | None, town: str | None, year: int | None, project_path: Path | None) -> None:
    """Make a sheet."""
    from ..worksheet import write_worksheet

    held = open_project(project_path, read_only=True)
    sites = filtered(held.sites(), held.table, measure=measure, status=status, town=town, year=year)
    made = write_worksheet(held, out, sites=sites)
    say(
        Text(f"已写出 {out}（{made} 个小班）。", f"Wrote {out} ({made} sites)."),
        Text(f"填好存盘后：restoration apply {_typed(out)} --by 姓名",
             f"When it is filled in and saved: restoration apply {_typed(out)} --by NAME"),
    )  # fmt: skip


def _typed(path: Path) -> str:
    """A file's name as it is typed in a command, in any shell."""
    return f'"{path}"' if _PARTS.search(str(path)) else str(path)


_PARTS = re.compile(r"[\s&()'^;,]")
"""What a shell would take for more than a part of a name."""


@command(
    "apply",
    "收回填好的 Excel 表：只收填了的格子；有一行不行就都不写（--partial 只写行的），不行的另存一张表退回。",
    "Take a filled-in sheet: only the cells that were filled in. All rows or none (--partial: those that can be); "
    "the others come back as a sheet.",
)
@click.argument("sheet_path", metavar="IN.xlsx", type=click.Path(path_type=Path))
@by
@option(
    "--on",
    type=DAY,
    metavar="DATE",
    zh="没有填日期的行的发生日期（不写则这些行不采用）",
    en="the day of rows without a date (if not given, those rows are refused)",
)
@option("--partial", is_flag=True, zh="有不行的行也写入其余的", en="write the rows that can be taken, whatever the others")
@option("--dry-run", is_flag=True, zh="只看结果，不写入", en="tell everything, write nothing")
@project
@output
@lang
def apply(sheet_path: Path, by: str, on: date | None, partial: bool, dry_run: bool, project_path: Path | None, form: str) -> int:
    """Take a sheet."""
    from ..worksheet import Applied, read_lines, read_sheet
    from ..worksheet import apply as taken

    held = open_project(project_path, read_only=dry_run)
    with progress_shown():
        sheet = read_sheet(sheet_path)
    if sheet.is_open:
        told = Text(f"{sheet.file} 好像还在 Excel 或 WPS 里开着：只收上次存盘的内容，没存的请先存盘再交。",
                    f"{sheet.file} seems to be open in Excel: only what was saved is taken; save it first.")  # fmt: skip
        click.echo(visible(str(told)), err=True)
    if sheet.ignored and form == "table":
        say(Text(f"没有收的列：{'、'.join(sheet.ignored)}。", f"Columns that were not taken: {', '.join(sheet.ignored)}."))
    if dry_run:
        applied = Applied(read_lines(held, sheet, by=by, on=on))
    else:
        applied = taken(held, sheet, by=by, on=on, partial=partial, back=_free(sheet_path))
    _tell(applied, form)
    if form == "table" and sheet.left_empty:
        rows = [str(row) for row in sheet.left_empty]
        say(Text(f"退回的行里还空着的：第 {'、'.join(rows)} 行。", f"Rows that came back and are still empty: {', '.join(rows)}."))
    if form == "table":
        _tell_end(applied, dry_run=dry_run, partial=partial)
        say(*held.slips(applied.events))
    if not applied.count("refused", "stale"):
        return 0
    return FileRefused.exit_code if applied.written else BadRequest.exit_code


def _free(path: Path) -> Path:
    """A name beside the sheet that is not taken, for the rows that come back."""
    names: Iterator[Path] = (path.with_name(f"{path.stem}-退回{number if number > 1 else ''}.xlsx") for number in count(1))
    return next(name for name in names if not name.exists())


def _tell(applied: Applied, form: str) -> None:
    rows = [
        [str(line.row), line.site_id, str(_outcomes(applied)[line.outcome]), _asked(line), f"{line.why} {line.way_out}".strip()]
        for line in applied.lines
    ]
    data = [
        {
            "row": line.row, "site_id": line.site_id, "outcome": line.outcome, "typed": dict(line.typed), "fields": list(line.fields),
            "changes": {name: {"was": was, "now": now} for name, (was, now) in line.changes.items()},
            "why": {"zh": line.why.zh, "en": line.why.en}, "way_out": {"zh": line.way_out.zh, "en": line.way_out.en},
        }
        for line in applied.lines
    ]  # fmt: skip
    told = {"rows": data, "written": [event.id for event in applied.written], "returned": str(applied.returned or "") or None}
    tell_table([str(heading) for heading in HEADINGS], rows, form=form, data=told)


def _outcomes(applied: Applied) -> dict[Outcome, Text]:
    return OUTCOME if applied.written else {**OUTCOME, "taken": COULD_BE}


def _asked(line: Line) -> str:
    """What a row would write, beside what stands now; of one that writes nothing, what was typed."""
    from ..worksheet import heading_of

    told = {name: f"{was} → {now}" if was else now for name, (was, now) in line.changes.items()} or line.typed
    return "，".join(f"{heading_of(name)} {value}" for name, value in told.items())


def _tell_end(applied: Applied, *, dry_run: bool, partial: bool) -> None:
    numbers = {word: applied.count(outcome) for outcome, word in _outcomes(applied).items()}
    say(
        Text(
            f"填了的行 {len(applied.lines)}：" + "，".join(f"{word.zh} {number}" for word, number in numbers.items()) + "。",
            f"Rows filled in: {len(applied.lines)}; " + ", ".join(f"{word.en} {number}" for word, number in numbers.items()) + ".",
        )
    )
    if dry_run:
        say(Text("没有写入（--dry-run）。", "Nothing was written (--dry-run)."))
    elif applied.written:
        say(Text(f"已写入 {len(applied.written)} 笔。", f"Wrote {len(applied.written)} entries."))
    elif applied.count("taken"):
        say(
            Text(
                "什么都没有写入：填了的行整批退回；或加 --partial 先写行的。",
                "Nothing was written: all rows that were filled in come back; or add --partial to write those that can be.",
            )
        )
    else:
        say(Text("没有要写入的。", "There was nothing to write."))
    if applied.returned and (doubtful := sum(line.doubtful for line in applied.lines)):
        say(
            Text(
                f"有 {doubtful} 行说不清是哪个小班的：填的内容写在退回表的原因里，格子是空的。",
                f"Of {doubtful} rows it is not clear which site is meant: what was typed stands in the reason, their cells are empty.",
            )
        )
    if applied.returned:
        say(
            Text(
                f"没有写入的行和原因在 {applied.returned}：以后只改、只交那一张。",
                f"The rows that were not written, with the reasons, are in {applied.returned}: from now on mend and hand in that one.",
            )
        )


COMMANDS = {"worksheet": worksheet, "apply": apply}
