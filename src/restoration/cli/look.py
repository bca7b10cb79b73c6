"""The commands that show sites, their histories, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UnknownName
from ..text import Text
from .options import as_of, lang, open_project, output, project
from .output import say, say_json, tell_table
from .words import command, option
from .write import finding_line, pairs, vars_of

if TYPE_CHECKING:
    from ..deciding import Judged
    from ..lifecycle import Lifecycle
    from ..project import Project
    from ..tally import Change

LISTED = ("site_id", "name", "measure", "plan_year", "status", "town", "area_m2", "last_on")


@command("list", "列出小班；可按措施、状态、乡镇、年度筛选。", "List the sites; filter by measure, status, town or year.")
@option("--measure", zh="措施", en="measure")
@option("--status", zh="状态", en="status")
@option("--town", zh="乡镇", en="town")
@option("--year", type=int, zh="年度", en="plan year")
@as_of
@project
@output
@lang
def list_(
    measure: str | None,
    status: str | None,
    town: str | None,
    year: int | None,
    as_of: date | None,
    clock: Any,
    project_path: Path | None,
    form: str,
) -> None:
    """List sites."""
    held = open_project(project_path, read_only=True)
    wanted = {
        "measure": measure and held.table.measure(measure).code,
        "status": status and held.table.status(status).code,
        "town": town,
        "plan_year": year,
    }
    sites = held.sites(as_of=as_of, clock=clock)
    if town and town not in set(sites["town"]):
        raise UnknownName(Text("乡镇", "town"), town, sorted({name for name in sites["town"] if name}))
    for column, value in wanted.items():
        sites = sites[sites[column] == value] if value else sites
    rows = [[shown_value(name, getattr(row, name), held.table, row.measure) for name in LISTED] for row in sites.itertuples()]
    tell_table([heading(name) for name in LISTED], rows, form=form, data=sites[list(LISTED)].to_dict("records"))
    if form == "table":
        say(Text(f"共 {len(sites)} 个。", f"{len(sites)} in all."))


def heading(name: str) -> str:
    """A column's heading, with 亩 where it is an area."""
    from ..frame import label_of
    from ..units import LABEL

    return f"{label_of(name)}({LABEL['mu']})" if name.endswith("_m2") else str(label_of(name))


def shown_value(name: str, value: object, table: Lifecycle, measure: str = "") -> str:
    """A value as staff read it: areas in 亩, codes as labels, unknown as nothing."""
    import numpy as np
    import pandas as pd

    from ..model import KIND_LABEL
    from ..units import rounded, shown

    if value is None or value is pd.NA or value != value or value == "":
        return ""
    if name.endswith("_m2") and isinstance(value, (int, float)):
        return shown(value)
    if name == "status":
        return str(table.label(str(value), measure))
    if name == "measure":
        return str(table.measures[str(value)].label)
    if name == "layer":
        return str(table.layers[str(value)])
    if name == "group":
        return str(table.groups[str(value)])
    if name == "last_kind":
        return str(KIND_LABEL[str(value)])
    if isinstance(value, (bool, np.bool_)):
        return str(Text("是", "yes") if value else Text("否", "no"))
    return rounded(value, 2).rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


@command("show", "看一个小班：属性、各种面积、可以转到哪些状态。", "Show one site: facts, areas, and the statuses that may follow.")
@click.argument("site", metavar="SITE")
@project
@option("--format", "form", type=click.Choice(["table", "json"]), default="table", zh="输出形式", en="form of the output")
@lang
def show(site: str, project_path: Path | None, form: str) -> None:
    """Show a site."""
    from ..frame import COLUMNS
    from ..model import statuses_of

    held = open_project(project_path, read_only=True)
    history = held.history(site)
    frame = held.sites()
    row = frame[frame["site_id"] == history[0].site_id].iloc[0]
    allowed = held.table.allowed(held.table.measures[row["measure"]], statuses_of(history))
    if form == "json":
        say_json({**row.drop("geometry").to_dict(), "may_become": allowed, "bounds": row["geometry"].bounds})
        return
    for column in COLUMNS:
        told = shown_value(column.name, row[column.name], held.table, row["measure"])
        if told:
            say(f"{heading(column.name)}：{told}")
    names = "、".join(f"{held.table.label(code, row['measure'])} {code}" for code in allowed)
    say(Text(f"可以变为：{names or '（无）'}", f"It may become: {', '.join(allowed) or '(nothing)'}"))


@command("history", "看一个小班的全部记录：何时、何人、改前改后。", "Everything that happened to a site: when, who, old and new values.")
@click.argument("site", metavar="SITE")
@project
@output
@lang
def history(site: str, project_path: Path | None, form: str) -> None:
    """Show a history."""
    from ..model import KIND_LABEL

    held = open_project(project_path, read_only=True)
    told = held.changes(site)
    measure = held.ledger.heads([told[0][0].site_id])[told[0][0].site_id].attributes.measure
    columns = (
        Text("序", "no."),
        Text("日期", "on"),
        Text("事项", "what"),
        Text("改动", "changes"),
        Text("文号", "document"),
        Text("说明", "note"),
    )
    headings = [str(column) for column in (*columns, Text("填报人", "by"), Text("录入时间(UTC)", "recorded at (UTC)"))]
    rows = [
        [
            str(event.step),
            str(event.happened_on),
            str(KIND_LABEL[event.kind]),
            _told_changes(changes, held, measure, first=event.step == 1),
            event.doc_no,
            _origin(event),
            event.recorded_by,
            event.recorded_at,
        ]
        for event, changes in told
    ]
    tell_table(headings, rows, form=form, data=[{**vars_of(e), "changes": [c._asdict() for c in changes]} for e, changes in told])


def _origin(event: Any) -> str:
    source = event.payload.get("source")
    return "；".join(
        part for part in (event.note, f"{source['file']} {Text('第', 'row ')}{source['row']}{Text('行', '')}" if source else "") if part
    )


def _told_changes(changes: Sequence[Change], held: Project, measure: str, *, first: bool) -> str:
    told = []
    for change in changes:
        if first and change.field not in ("status", "area_m2", "reported_m2", "verified_m2", "qualified_m2", "survival_pct"):
            continue
        old, new = (shown_value(change.field, value, held.table, measure) for value in (change.old, change.new))
        told.append(f"{heading(change.field)} {new}" if first else f"{heading(change.field)} {old or '—'} → {new or '—'}")
    return "；".join(told)


@command("check", "检查台账里的数据；有未处理的错误时退出码不为 0。", "Check what is kept; the exit code is not 0 while errors stand.")
@option("--all", "everything", is_flag=True, zh="连说明和已豁免的一起列出", en="also notes and what was waived")
@option(
    "--against",
    multiple=True,
    metavar="KIND=FILE",
    zh="对照图层，如 耕地=耕地.shp，可写多次：县界、乡镇界、耕地、永久基本农田、原地类、矿权",
    en="layer to check against, as often as needed: county, town, cropland, basic_farmland, former_land, licence",
)
@option(
    "--photos",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    zh="照片文件夹：查每个已完工的小班有没有照片",
    en="folder of photos: has every site that is done one?",
)
@project
@output
@lang
def check(everything: bool, against: Sequence[str], photos: Path | None, project_path: Path | None, form: str) -> int:
    """Check the ledger."""
    held = open_project(project_path, read_only=True)
    given = held.given(against={kind: Path(file) for kind, file in pairs(against, "--against").items()}, photos=photos)
    for file, count in given.refused.items():
        told = Text(f"注意：{file} 有 {count} 行用不了，没有拿来对照。", f"Mind: {count} rows of {file} could not be used.")
        click.echo(str(told), err=True)
    judged = held.check(given=given)
    listed = [j for j in judged if everything or (j.state != "waived" and j.finding.level != "note")]
    headings = [
        str(text)
        for text in (
            Text("结论", "result"),
            Text("级别", "level"),
            Text("代码", "code"),
            Text("编号", "site"),
            Text("另一个", "other"),
            Text("问题", "what is wrong"),
            Text("怎么办", "way out"),
        )
    ]
    rows = [
        [
            str(_STATE[j.state]),
            str(_LEVEL[j.finding.level]),
            j.finding.code,
            j.finding.site_id,
            j.finding.other_site_id,
            str(j.finding.message),
            str(j.finding.way_out),
        ]
        for j in listed
    ]
    if form == "table":
        for j in listed:
            say(f"{_STATE[j.state]} {finding_line(j.finding)}")
        _summary(judged)
    else:
        tell_table(headings, rows, form=form, data=[{"state": j.state, **vars_of(j.finding)} for j in listed])
    return 1 if any(j.finding.level == "error" and j.state != "waived" for j in judged) else 0


_STATE = {"failed": Text("未处理", "open"), "waived": Text("已豁免", "waived"), "stale": Text("豁免已失效", "waiver lapsed")}
_LEVEL = {"error": Text("错误", "error"), "warning": Text("提醒", "warning"), "note": Text("说明", "note")}


def _summary(judged: Sequence[Judged]) -> None:
    standing: list[str] = [j.finding.level for j in judged if j.state != "waived"]
    counts = {level: standing.count(level) for level in _LEVEL}
    waived = len(judged) - len(standing)
    say(
        Text(
            f"错误 {counts['error']}，提醒 {counts['warning']}，说明 {counts['note']}；已豁免 {waived}。"
            "用 restoration explain 代码 看解释。",
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes; {waived} waived. "
            "See `restoration explain CODE`.",
        )
    )


@command(
    "explain",
    "解释一个问题代码：是什么问题、为什么要紧、怎么改。",
    "Explain a finding's code: what is wrong, why it matters, how to mend it.",
)
@click.argument("code", metavar="CODE")
@lang
def explain(code: str) -> None:
    """Explain a code."""
    wanted = code.strip().upper()
    known = _explanations()
    if wanted not in known:
        raise UnknownName(Text("问题代码", "finding's code"), code, sorted(known))
    say(f"{wanted}　{known[wanted]}")


def _explanations() -> dict[str, Text]:
    """Every code that any room may tell, with its explanation."""
    from .. import checks, importing, readers, store
    from ..model import explanation_in

    by_code = {rule.code: rule.__doc__ for rule in readers.RULES} | {code: rule.__doc__ for code, rule in importing.RULES.items()}
    return (
        {code: explanation_in(doc) for code, doc in by_code.items()}
        | {code: checks.explain(code) for code in checks.CODES}
        | store.EXPLANATIONS
    )


COMMANDS = {"list": list_, "show": show, "history": history, "check": check, "explain": explain}
