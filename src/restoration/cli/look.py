"""The commands that show sites and their histories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UnknownName
from ..text import Text
from .findings import vars_of
from .options import as_of, lang, open_project, output, project, together
from .output import say, say_json, tell_table
from .words import command, option

if TYPE_CHECKING:
    import geopandas as gpd

    from ..lifecycle import Lifecycle
    from ..model import Event
    from ..project import Project
    from ..tally import Change

LISTED = ("site_id", "name", "measure", "plan_year", "status", "town", "area_m2", "last_on")


filters = together(
    option("--measure", zh="措施", en="measure"),
    option("--status", zh="状态", en="status"),
    option("--town", zh="乡镇", en="town"),
    option("--year", type=int, zh="年度", en="plan year"),
)


def filtered(
    sites: gpd.GeoDataFrame, table: Lifecycle, *, measure: str | None, status: str | None, town: str | None, year: int | None
) -> gpd.GeoDataFrame:
    """The sites that fit what `filters` say.

    Raises
    ------
    UnknownName
        A measure, a status or a town that there is not.
    """
    wanted = {
        "measure": measure and table.measure(measure).code,
        "status": status and table.status(status).code,
        "town": town,
        "plan_year": year,
    }
    if town and town not in set(sites["town"]):
        raise UnknownName(Text("乡镇", "town"), town, sorted({name for name in sites["town"] if name}))
    for column, value in wanted.items():
        sites = sites[sites[column] == value] if value else sites
    return sites


@command("list", "列出小班；可按措施、状态、乡镇、年度筛选。", "List the sites; filter by measure, status, town or year.")
@filters
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
    sites = filtered(held.sites(as_of=as_of, clock=clock), held.table, measure=measure, status=status, town=town, year=year)
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
    """A value as staff read it, see `frame.shown_value`."""
    from .. import frame

    return frame.shown_value(name, value, table, measure)


@command("show", "看一个小班：属性、各种面积、可以转到哪些状态。", "Show one site: facts, areas, and the statuses that may follow.")
@click.argument("site", metavar="SITE")
@project
@option("--format", "form", type=click.Choice(["table", "json"]), default="table", zh="输出形式", en="form of the output")
@lang
def show(site: str, project_path: Path | None, form: str) -> None:
    """Show a site."""
    from ..frame import COLUMNS
    from ..model import SURVEY_LABEL, statuses_of, survey_of

    held = open_project(project_path, read_only=True)
    history = held.history(site)
    frame = held.sites()
    row = frame[frame["site_id"] == history[0].site_id].iloc[0]
    allowed = held.table.allowed(held.table.measures[row["measure"]], statuses_of(history))
    if form == "json":
        say_json(
            {**row.drop("geometry").to_dict(), "surveyed_on": survey_of(history), "may_become": allowed, "bounds": row["geometry"].bounds}
        )
        return
    for column in COLUMNS:
        told = shown_value(column.name, row[column.name], held.table, row["measure"])
        if told:
            say(f"{heading(column.name)}：{told}")
    if surveyed_on := survey_of(history):
        say(f"{SURVEY_LABEL}：{surveyed_on}")
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
            "；".join(filter(None, (_told_changes(changes, held, measure, first=event.step == 1), _survey_told(event)))),
            event.doc_no,
            _origin(event),
            event.recorded_by,
            event.recorded_at,
        ]
        for event, changes in told
    ]
    tell_table(headings, rows, form=form, data=[{**vars_of(e), "changes": [c._asdict() for c in changes]} for e, changes in told])


def _survey_told(event: Event) -> str:
    """The day of the survey that an entry rests on, with its name; ``""`` if it tells of none."""
    from ..model import SURVEY_LABEL, survey_of

    day = survey_of([event])
    return f"{SURVEY_LABEL} {day}" if day else ""


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


COMMANDS = {"list": list_, "show": show, "history": history}
