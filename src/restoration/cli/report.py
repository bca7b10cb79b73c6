"""The commands that print: the report on all sites, and one site's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from ..errors import BadRequest
from ..text import Text
from .options import DAY, as_of, lang, open_project, project
from .output import progress_shown, say
from .table import replace, require_out
from .words import command, option

OFFICE = option("--office", default="", zh="编制单位", en="who makes it")


@command(
    "report",
    "出报告：面积、任务与完成、图、图表、重叠、检查问题，附各数所据小班。.pdf 直接打印，.docx 可再改。",
    "The report: areas, plan against done, maps, charts, overlaps, findings, and the sites behind each figure, as .pdf or .docx.",
)
@click.argument("out", metavar="OUT.pdf", type=click.Path(path_type=Path))
@as_of
@option("--from", "since", type=DAY, metavar="DATE", zh="另加：从这天起面积为什么变了", en="with why the total changed since that day")
@option("--title", default="", zh="标题", en="title")
@OFFICE
@option("--outline", type=click.Path(path_type=Path), metavar="FILE", zh="区界文件", en="file of the district's boundary")
@option(
    "--table",
    "tables",
    multiple=True,
    metavar="TABLE",
    zh="只附这张报表，可写几次（不写则附全部有内容的报表）",
    en="hold only this table of the office, may be repeated (else all that have anything in them)",
)
@option("--year", type=int, zh="年报表的年度（不写为有小班的最近一年）", en="plan year of yearly tables (the last that has sites)")
@option("--no-tables", "bare", is_flag=True, default=False, zh="不附报表", en="hold none of the office's tables")
@replace
@project
@lang
def report(
    out: Path,
    as_of: date | None,
    clock: Any,
    since: date | None,
    title: str,
    office: str,
    outline: Path | None,
    tables: tuple[str, ...],
    bare: bool,
    year: int | None,
    replace: bool,
    project_path: Path | None,
) -> None:
    """Make the report."""
    from ..drawing import outline_of
    from ..reports import ENDINGS
    from ..reports import report as made

    require_out(out, ENDINGS, replace=replace)
    if bare and tables:
        raise BadRequest(
            Text("--table 和 --no-tables 不能同时用。", "--table and --no-tables contradict each other."),
            Text("请去掉一个。", "Leave one away."),
        )
    held = open_project(project_path, read_only=True)
    with progress_shown():
        around = outline_of(held, outline)
        wanted = () if bare else tables or None
        path = made(held, out, as_of=as_of, clock=clock, since=since, title=title, office=office, outline=around, tables=wanted, year=year)
    say(Text(f"报告：{path}", f"Report: {path}"))


@command(
    "dossier",
    "出一个小班的档案：位置图、界址点、各种方法的面积、记录、检查问题、签章栏、防改凭据。",
    "One site's file: map, boundary points, areas by method, entries, findings, a place to sign, and a digest.",
)
@click.argument("site", metavar="SITE")
@click.argument("out", metavar="OUT.pdf", type=click.Path(path_type=Path))
@OFFICE
@replace
@project
@lang
def dossier(site: str, out: Path, office: str, replace: bool, project_path: Path | None) -> None:
    """Make a site's file."""
    from ..reports import ENDINGS
    from ..reports import dossier as made

    require_out(out, ENDINGS, replace=replace)
    path = made(open_project(project_path, read_only=True), site, out, office=office)
    say(Text(f"小班档案：{path}", f"Site file: {path}"))


COMMANDS = {"report": report, "dossier": dossier}
