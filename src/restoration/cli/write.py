"""The commands that write to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BadRequest
from ..text import Text
from .options import by, doc, lang, measured, measured_values, note, on, open_project, pairs_of, project, surveyed
from .output import say
from .words import command, option

if TYPE_CHECKING:
    from ..model import Event
    from ..project import Project


@command("init", "新建一个项目文件；已有同名文件时不覆盖。", "Make a new project file; refuses to overwrite.")
@click.argument("path", metavar="P.gpkg", type=click.Path(path_type=Path))
@option("--title", default="", zh="标题", en="title")
@lang
def init(path: Path, title: str) -> None:
    """Make a project."""
    from ..project import Project

    if path.suffix.lower() != ".gpkg":
        raise BadRequest(
            Text(f"项目文件名须以 .gpkg 结尾，现在是 {path.name}。", f"A project file ends in .gpkg; this is {path.name}."),
            Text(f"例如 restoration init {path.stem}.gpkg", f"For example: restoration init {path.stem}.gpkg"),
        )

    Project.create(path, title=title)
    say(
        Text(f"已新建项目 {path}。", f"Made the project {path}."),
        Text(
            "下一步：restoration import 文件 --measure … --year … --by …", "Next: restoration import FILE --measure ... --year ... --by ..."
        ),
    )


@command(
    "update",
    "变更小班状态。几个小班一起办时，要么全改，要么都不改。",
    "Change the status of sites; several in one go are all or nothing.",
)
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@option("--to", required=True, metavar="STATUS", zh="新状态（代码或中文）", en="new status, code or label")
@by
@on
@doc
@surveyed
@measured
@note
@project
@lang
def update(
    sites: Sequence[str],
    to: str,
    by: str,
    on: date | None,
    doc_no: str,
    surveyed_on: date | None,
    note: str,
    project_path: Path | None,
    values: dict[str, float | None],
) -> None:
    """Update a status."""
    held = open_project(project_path)
    written = held.update(sites, to=to, by=by, on=on, doc_no=doc_no, note=note, surveyed_on=surveyed_on, measured=measured_values(values))
    tell_written(held, written)


@command(
    "measure",
    "登记一个小班的面积和指标（上报、核实、合格、成活率等），不改状态。",
    "Record areas and indicators of one site; the status stays.",
)
@click.argument("site", metavar="SITE")
@measured
@surveyed
@by
@on
@doc
@note
@project
@lang
def measure(
    site: str,
    by: str,
    on: date | None,
    surveyed_on: date | None,
    doc_no: str,
    note: str,
    project_path: Path | None,
    values: dict[str, float | None],
) -> None:
    """Record measured values."""
    held = open_project(project_path)
    found = measured_values(values)
    if not found:
        raise BadRequest(
            Text("没有给出面积或指标。", "No area or indicator was given."),
            Text("例如 --reported-mu 120.5。", "For example --reported-mu 120.5."),
        )
    tell_written(held, held.measure(site, measured=found, by=by, on=on, surveyed_on=surveyed_on, doc_no=doc_no, note=note))


@command("correct", "更正记错的内容：原记录保留，更正另记一笔。", "Put a wrong record right; the old one stays in the history.")
@click.argument("site", metavar="SITE")
@option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="字段=值",
    zh="要更正的字段和新值，可写多次",
    en="field and new value, as often as needed",
)
@option("--reason", required=True, metavar="TEXT", zh="更正理由", en="why")
@by
@on
@doc
@project
@lang
def correct(site: str, changes: Sequence[str], reason: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Correct a record."""
    held = open_project(project_path)
    tell_written(held, held.correct(site, changes=pairs_of(changes, "--set"), reason=reason, by=by, on=on, doc_no=doc_no))


@command("note", "给小班加备注（检查、施工内容、文件等）。", "Note something about sites: an inspection, works, a document.")
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@option("--text", required=True, metavar="TEXT", zh="备注内容", en="the note")
@by
@on
@doc
@project
@lang
def note_(sites: Sequence[str], text: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Add a note."""
    held = open_project(project_path)
    tell_written(held, held.note(sites, text=text, by=by, on=on, doc_no=doc_no))


@command(
    "waive",
    "豁免一项检查问题；边界重划、所判的数改了以后豁免自动失效。",
    "Accept a finding; the waiver falls when the boundary, or a figure that it judges, changes.",
)
@click.argument("site", metavar="SITE")
@click.argument("code", metavar="CODE")
@option("--other", default="", metavar="SITE", zh="另一个小班（问题涉及两个小班时）", en="the other site, where the finding is about two")
@option("--reason", required=True, metavar="TEXT", zh="豁免理由", en="why")
@by
@on
@doc
@project
@lang
def waive(site: str, code: str, other: str, reason: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Waive a finding."""
    held = open_project(project_path)
    tell_written(held, held.waive(site, code=code, other=other, reason=reason, by=by, on=on, doc_no=doc_no))


def tell_written(held: Project, written: Sequence[Event]) -> None:
    """Each event that was written, on one line, and what is to be looked at again."""
    from ..model import KIND_LABEL

    heads = held.ledger.heads(event.site_id for event in written)
    for event in written:
        what = KIND_LABEL[event.kind]
        status = held.table.label(event.state.status, heads[event.site_id].attributes.measure)
        say(
            Text(
                f"{event.site_id}：{what.zh}，现状“{status.zh}”，{event.happened_on}，{event.recorded_by}。",
                f"{event.site_id}: {what.en}, now {status.en!r}, {event.happened_on}, {event.recorded_by}.",
            )
        )
    say(*held.slips(written))


COMMANDS = {
    "init": init,
    "update": update,
    "measure": measure,
    "correct": correct,
    "note": note_,
    "waive": waive,
}
