"""The commands that sum areas and set them against the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..text import Text
from .footing import Footed, groups_told, nothing_yet, residual_told, when_told
from .look import shown_value
from .methods import chosen, methods, require_alone, site, tell_methods
from .options import as_of, by, grouped_by, lang, open_project, output, project, unit, words_of
from .output import say, tell_table
from .words import Group, command, option

if TYPE_CHECKING:
    from ..lifecycle import Lifecycle
    from ..tally import Totals
    from ..units import Rounding, ShownColumn

AREAS = {
    "task_m2": Text("措施面积", "task area"),
    "land_m2": Text("土地面积", "land area"),
    "reported_m2": Text("上报面积", "reported"),
    "verified_m2": Text("核实面积", "verified"),
    "qualified_m2": Text("核实合格面积", "qualified"),
}


@command(
    "area",
    "面积汇总：措施面积（每个小班都算）与土地面积（同一块地只算一次）。",
    "Areas by group and in all: task area (every site) and land area (ground counted once).",
)
@grouped_by("layer", zh="分组方式，可写几个", en="group by one or more")
@as_of
@unit
@option(
    "--rounding",
    type=click.Choice(["whole", "rows"]),
    default="whole",
    show_default=True,
    zh="合计怎样取整：whole 合计单独取整，rows 合计=各行显示数之和",
    en="how the whole is rounded: by itself, or as the sum of the rows as shown",
)
@site
@methods
@project
@output
@lang
def area(
    words: str,
    as_of: date | None,
    clock: Any,
    unit: str,
    rounding: Rounding,
    wanted: tuple[str, ...],
    by_method: bool,
    project_path: Path | None,
    form: str,
) -> None:
    """Sum areas."""
    from ..tally import totals

    held = open_project(project_path, read_only=True)
    sites = chosen(held, held.sites(as_of=as_of, clock=clock), wanted, by_method=by_method)
    if by_method:
        require_alone(click.get_current_context(), ("words", "unit", "rounding"))
        tell_methods(sites, held.table, form=form, about={"as_of": as_of, "clock": clock})
        return
    summed = totals(sites, by=words_of(words))
    tell_totals(summed, held.table, unit=unit, form=form, about={"as_of": as_of, "clock": clock}, rounding=rounding)


def tell_totals(summed: Totals, table: Lifecycle, *, unit: str, form: str, about: Mapping[str, Any], rounding: Rounding = "whole") -> None:
    """Print totals: a row a group, the ground that groups share, and the whole."""
    from ..frame import label_of
    from ..tally import in_order
    from ..units import LABEL

    headings = [
        *(str(label_of(name)) for name in summed.by),
        str(Text("小班数", "sites")),
        *(f"{label}({LABEL[unit]})" for label in AREAS.values()),
    ]
    summed = summed._replace(rows=in_order(summed.rows, summed.by, table=table))
    records = summed.rows.to_dict("records")
    columns = {name: _column(summed, name, unit, rounding) for name in AREAS}
    rows = [
        [*groups_told(row, summed.by, table), str(row["sites"]), *(column.rows[at] for column in columns.values())]
        for at, row in enumerate(records)
    ]
    blank = [""] * max(len(summed.by) - 1, 0)
    if summed.by:
        shared = [columns[name].rows[-1] if name == "land_m2" else "" for name in AREAS]
        rows.append([str(Text("各组重叠(减)", "shared by groups (-)")), *blank, "", *shared])
    whole = [str(Text("合计", "in all")), *blank] if summed.by else []
    rows.append([*whole, str(summed.whole["sites"]), *(column.whole for column in columns.values())])
    data = {
        **about,
        "by": summed.by,
        "rows": records,
        "shared_m2": summed.shared_m2,
        "whole": summed.whole,
        "left_out": summed.left_out,
        "rounding": {"rule": rounding, "unit": unit, "residual": {name: column.residual for name, column in columns.items()}},
    }
    tell_table(headings, rows, form=form, data=data, right=len(summed.by))
    if form == "table":
        _footnote(summed, about)
        if summed.by:
            say(_residual(columns, unit, rounding))


def _column(summed: Totals, name: str, unit: str, rounding: Rounding) -> ShownColumn:
    """One column as it is shown; ground that groups share is a row of the land's."""
    from ..units import shown_column

    areas_m2 = [*summed.rows[name], *([-summed.shared_m2] if name == "land_m2" else [])]
    return shown_column(areas_m2 if summed.by else [summed.whole[name]], summed.whole[name], unit, rounding=rounding)


def _residual(columns: Mapping[str, ShownColumn], unit: str, rounding: Rounding) -> Text:
    """By how much the whole is off, which rounding makes."""
    from ..units import LABEL

    if rounding == "whole":
        return residual_told((Footed(AREAS[name], column.rows, column.whole) for name, column in columns.items()), unit)
    off = {name: column.residual for name, column in columns.items() if float(column.residual)}
    zh = "，".join(f"{AREAS[name].zh} {residual}" for name, residual in off.items())
    en = ", ".join(f"{AREAS[name].en} {residual}" for name, residual in off.items())
    return Text(
        f"合计=各行显示数之和；比未取整的合计多：{zh or '0'} {LABEL[unit].zh}。",
        f"The whole is the sum of the rows as shown; more than the unrounded one by {en or '0'} {LABEL[unit].en}.",
    )


def _shown(area_m2: float, unit: str) -> str:
    from ..units import shown

    return shown(area_m2, unit)


def _footnote(summed: Totals, about: Mapping[str, Any]) -> None:
    when = when_told(about)
    say(
        Text(
            f"{when.zh}。措施面积每个小班都算，土地面积同一块地只算一次。核减/调出的 {summed.left_out} 个小班不计，暂停的照计。",
            f"{when.en}. Task area counts every site, land area the ground once. "
            f"Left out as cancelled: {summed.left_out}; suspended sites count.",
        )
    )
    if not summed.whole["sites"] and about["as_of"]:
        say(nothing_yet(about))


TARGET_HEADINGS = (
    Text("措施", "measure"),
    Text("年度", "year"),
    Text("任务(亩)", "target (mu)"),
    Text("任务(个)", "target (no.)"),
    Text("上图(个)", "sites"),
    Text("在办(个)", "in progress"),
    Text("已验收(个)", "accepted (no.)"),
    Text("个数验收率%", "accepted % (no.)"),
    Text("上图(亩)", "sited (mu)"),
    Text("上图率%", "sited %"),
    Text("上报(亩)", "reported (mu)"),
    Text("已验收(亩)", "accepted (mu)"),
    Text("面积验收率%", "accepted % (area)"),
    Text("来源", "source"),
)


@click.group(
    "targets",
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    invoke_without_command=True,
    text=Text(
        "任务与完成：按个数、按面积分别计，并注明任务来源。", "Plan against done, by number and by area, with the source of each target."
    ),
)
@as_of
@project
@output
@lang
@click.pass_context
def targets(context: click.Context, as_of: date | None, clock: Any, project_path: Path | None, form: str) -> None:
    """Show targets, or go on to a subcommand."""
    context.obj = project_path
    if context.invoked_subcommand is None:
        _tell_targets(as_of, clock, project_path, form)


def _tell_targets(as_of: date | None, clock: Any, project_path: Path | None, form: str) -> None:
    from ..tally import against_targets

    held = open_project(project_path, read_only=True)
    frame = against_targets(held.sites(as_of=as_of, clock=clock), held.targets(), table=held.table)
    records = frame.to_dict("records")
    rows = [_target_row(record, held.table) for record in records]
    tell_table([str(heading) for heading in TARGET_HEADINGS], rows, form=form, data=records, right=1)
    if form == "table":
        say(Text(f"{when_told({'as_of': as_of, 'clock': clock})}。", f"{when_told({'as_of': as_of, 'clock': clock})}."))


def _target_row(row: Mapping[Any, Any], table: Lifecycle) -> list[str]:
    from ..units import rounded

    has_target = bool(row["source"])
    none = str(Text("无任务数", "no target"))
    return [
        shown_value("measure", row["measure"], table),
        shown_value("plan_year", row["plan_year"], table),
        _shown(row["target_m2"], "mu") if has_target else none,
        rounded(row["target_number"], 0) if has_target else none,
        *(str(row[name]) for name in ("number", "in_progress_number", "accepted_number")),
        rounded(row["accepted_number_pct"], 1),
        _shown(row["task_m2"], "mu"),
        rounded(row["sited_pct"], 1),
        _shown(row["reported_m2"], "mu"),
        _shown(row["accepted_m2"], "mu"),
        rounded(row["accepted_pct"], 1),
        row["source"],
    ]


@command(
    "add",
    "登记一项任务；同一措施同一年度后登记的替代先登记的。",
    "Record a target; a later one of the same measure and year replaces an earlier.",
)
@option("--measure", required=True, zh="措施", en="measure")
@option("--year", type=int, required=True, zh="年度", en="year")
@option("--area-mu", type=float, zh="任务(亩)", en="area (mu)")
@option("--number", type=int, zh="任务个数", en="number")
@option("--source", required=True, metavar="TEXT", zh="来源（文件名、文号）", en="source: the document")
@by
@project
@lang
@click.pass_obj
def add(
    named_before: Path | None,
    measure: str,
    year: int,
    area_mu: float | None,
    number: int | None,
    source: str,
    by: str,
    project_path: Path | None,
) -> None:
    """Add a target."""
    from ..model import Target
    from ..units import to_m2

    area_m2 = None if area_mu is None else to_m2(area_mu, "mu")
    open_project(project_path or named_before).add_targets([Target(measure, year, source, area_m2=area_m2, number=number, recorded_by=by)])
    say(Text("已登记。", "Recorded."))


targets.add_command(add)
COMMANDS = {"area": area, "targets": targets}
