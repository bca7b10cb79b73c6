"""The command that sets what is done against what was planned, on a day or month by month."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest
from ..text import Text
from .footing import Footed, groups_told, nothing_yet, residual_told, when_told
from .options import as_of, grouped_by, lang, open_project, output, project, unit, words_of
from .output import say, tell_table
from .words import command, option

if TYPE_CHECKING:
    from ..lifecycle import Lifecycle
    from ..project import Project
    from ..tally import Progress

LABELS = {
    "target_m2": Text("任务", "target"),
    "target_number": Text("任务", "target"),
    "sites": Text("小班", "sites"),
    "number": Text("上图", "mapped"),
    "begun_number": Text("已开工", "begun"),
    "in_progress_number": Text("在办", "in progress"),
    "accepted_number": Text("已验收", "accepted"),
    "task_m2": Text("上图", "mapped"),
    "reported_m2": Text("上报", "reported"),
    "verified_m2": Text("核实", "verified"),
    "qualified_m2": Text("核实合格", "qualified"),
    "preserved_m2": Text("保存", "preserved"),
    "accepted_m2": Text("已验收", "accepted"),
    "sited_pct": Text("上图率", "mapped"),
    "completion_pct": Text("任务完成率", "completed"),
    "accepted_pct": Text("面积验收率", "accepted by area"),
    "accepted_number_pct": Text("个数验收率", "accepted by number"),
    "verified_pct": Text("面积核实率", "verified of reported"),
    "qualified_pct": Text("核实合格率", "qualified of verified"),
    "reported_qualified_pct": Text("上报合格率", "qualified of reported"),
    "preserved_pct": Text("保存率", "preserved of qualified"),
}
"""Every figure, in the order of the files; its unit follows from its name."""
TABLES = {
    Text("按面积", "By area"): ("target_m2", "task_m2", "qualified_m2", "accepted_m2", "sited_pct", "completion_pct", "accepted_pct"),
    Text("按个数", "By number"): (
        "target_number", "number", "begun_number", "in_progress_number", "accepted_number", "accepted_number_pct",
    ),
    Text("上报与核实", "Reported and verified"): (
        "reported_m2", "verified_m2", "qualified_m2", "preserved_m2", "verified_pct", "qualified_pct", "reported_qualified_pct",
        "preserved_pct",
    ),
}  # fmt: skip
"""What is shown to people, in tables that are no wider than a page; a figure that no group has is left out."""
MONTHLY = (
    "number",
    "accepted_number",
    "task_m2",
    "reported_m2",
    "verified_m2",
    "qualified_m2",
    "accepted_m2",
    "completion_pct",
    "accepted_pct",
)


class Month(click.ParamType[date, Any]):
    """A month as offices write it: 2021-03, 2021/3, 202103, 2021年3月; as its first day."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the text as a month."""
        found = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", str(value).strip())
        try:
            year, month = (int(part) for part in found.groups() if part) if found else (0, 0)
            return date(year, month, 1)
        except ValueError:
            raise BadRequest(
                Text(f"“{value}”不是月份。", f"{value!r} is not a month."), Text("请写成 2021-03。", "Write it as 2021-03.")
            ) from None


@command(
    "progress",
    "进度：任务、上图、上报、核实、合格、验收，按个数也按面积；--monthly 逐月列出。",
    "Plan against mapped, reported, verified, qualified and accepted, by number and area; --monthly goes month by month.",
)
@grouped_by(
    None,
    zh="分组方式，可写几个（不写为 measure,year；逐月时不写为全部合计）",
    en="group by one or more (measure,year if not given; month by month all together)",
)
@as_of
@option("--monthly", is_flag=True, default=False, zh="每个月末一行", en="a row for the end of each month")
@option(
    "--since",
    type=Month(),
    metavar="MONTH",
    zh="从哪个月起（不写为最早的记录）",
    en="the first month (that of the first record if not given)",
)
@unit
@project
@output
@lang
def progress(
    words: str | None,
    as_of: date | None,
    clock: Any,
    monthly: bool,
    since: date | None,
    unit: str,
    project_path: Path | None,
    form: str,
) -> None:
    """Tell progress."""
    if since and not monthly:
        raise BadRequest(
            Text("--since 只用于逐月的进度。", "--since is for progress month by month."),
            Text("请同时加 --monthly。", "Add --monthly."),
        )
    held = open_project(project_path, read_only=True)
    by = words_of(words if words is not None else "" if monthly else "measure,year")
    if monthly:
        _tell_months(held, by, {"since": since, "until": as_of, "clock": clock}, unit=unit, form=form)
    else:
        _tell_day(held, by, {"as_of": as_of, "clock": clock}, unit=unit, form=form)


def _tell_day(held: Project, by: Sequence[str], about: Mapping[str, Any], *, unit: str, form: str) -> None:
    from ..tally import progress as tallied

    found = tallied(held.sites(as_of=about["as_of"], clock=about["clock"]), held.targets(), by=by, table=held.table)
    records = [*({str(k): v for k, v in row.items()} for row in found.rows.to_dict("records")), found.whole]
    data = {**about, **found._asdict(), "rows": records[:-1]}
    if form != "table":
        _tell(records, found.by, tuple(LABELS), held.table, unit=unit, form=form, data=data)
        return
    for title, names in TABLES.items():
        known = [name for name in names if any(row[name] == row[name] for row in records)]
        if known:
            say(f"{title}{Text('：', ':')}")
            _tell(records, found.by, known, held.table, unit=unit, form=form, data=data)
            say("")
    _footnote(found, about, unit)


def _tell_months(held: Project, by: Sequence[str], about: Mapping[str, Any], *, unit: str, form: str) -> None:
    frame = held.progress_by_month(by=by, since=about["since"], until=about["until"], clock=about["clock"])
    columns = [str(name) for name in frame.columns if name not in LABELS]
    records = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    names = tuple(LABELS) if form != "table" else tuple(n for n in MONTHLY if any(row[n] == row[n] for row in records))
    data = {**about, "by": columns[1:], "rows": records}
    _tell(records, columns, names, held.table, unit=unit, form=form, data=data, has_whole=False)
    if form == "table":
        when = when_told({**about, "as_of": about["until"]})
        say(
            Text(f"{when.zh}。", f"{when.en}."),
            RULES,
            Text("最后一行之后没有数，不推算。", "There is nothing after the last row: nothing is foretold."),
        )


def _tell(
    records: Sequence[Mapping[str, Any]], by: Sequence[str], names: Sequence[str], table: Lifecycle, *,
    unit: str, form: str, data: Any, has_whole: bool = True,
) -> None:  # fmt: skip
    from ..frame import label_of

    headings = [str(Text("月末", "month's end") if name == "day" else label_of(name)) for name in by]
    rows = [[*groups_told(row, by, table), *(_figure(name, row[name], unit) for name in names)] for row in records]
    if has_whole:
        rows[-1][: len(by)] = [str(Text("合计", "in all")), *[""] * (len(by) - 1)][: len(by)]
    tell_table([*headings, *(_heading(name, unit) for name in names)], rows, form=form, data=data, right=len(by))


def _heading(name: str, unit: str) -> str:
    from ..units import LABEL

    if name.endswith("_pct"):
        return f"{LABELS[name]}{Text('', ' ')}%"
    return f"{LABELS[name]}{Text('', ' ')}({LABEL[unit] if name.endswith('_m2') else Text('个', 'no.')})"


def _figure(name: str, value: float, unit: str) -> str:
    from ..units import rounded, shown

    return shown(value, unit) if name.endswith("_m2") else rounded(value, 1 if name.endswith("_pct") else 0)


RULES = Text(
    "空白是没有数，不是 0；各率都是合计除以合计，不是各率的平均。\n"
    "上图率、任务完成率、面积验收率＝上图、核实合格、已验收的图斑面积÷下达的任务，只计有面积任务的措施和年度。"
    "个数验收率＝已验收÷任务个数（没有任务个数的÷上图个数）。\n"
    "面积核实率＝核实÷上报，核实合格率＝核实合格÷核实，上报合格率＝核实合格÷上报，保存率＝保存÷核实合格，都只计两个数都有的小班。\n"
    "任务是现在登记的数。上图、已验收是图斑面积。矿区按矿计，全部图斑都验收了才算已验收；已开工＝在办＋已验收。核减/调出的不计，暂停的照计。",
    "Blank is unknown, not 0; every rate is a sum by a sum, not a mean of rates.\n"
    "Mapped %, completed % and accepted by area % are the mapped area, the qualified area and the area of record of the accepted by the "
    "target's area, of the measures and years that have such a target. Accepted by number % is by the target's number (by the mapped "
    "number where there is none).\n"
    "The rates of reported, verified, qualified and preserved are of the sites that have both areas.\n"
    "Targets are those on record now. Mapped and accepted are areas of record. Mines are counted by mine, and accepted only if all their "
    "polygons are; begun is in progress or accepted. Cancelled sites are left out, suspended ones count.",
)


def _footnote(found: Progress, about: Mapping[str, Any], unit: str) -> None:
    from ..units import LABEL, shown

    when, apart = when_told(about), shown(found.accepted_apart_m2, unit)
    say(Text(f"{when.zh}。", f"{when.en}."), RULES)
    if len(found.rows):
        columns = ((LABELS[name], name) for name in LABELS if name.endswith("_m2"))
        say(
            residual_told(
                (Footed(label, [shown(a, unit) for a in found.rows[name]], shown(found.whole[name], unit)) for label, name in columns), unit
            )
        )
    if found.accepted_apart_m2:
        say(
            Text(
                f"另有 {apart} {LABEL[unit].zh}图斑已经验收，但所在的矿没有全部验收，不计入已验收。",
                f"Another {apart} {LABEL[unit].en} of accepted polygons are of mines not accepted as a whole, and do not count.",
            )
        )
    if not found.is_planned:
        say(
            Text(
                "任务是按措施和年度下达的，分不到更细的组，只有合计有任务数。",
                "Targets are set by measure and year: no finer group has one, only the whole.",
            )
        )
    if found.shared_number:
        say(
            Text(
                f"有的矿，图斑分在几组，每组都计了一次；各组个数之和比合计多 {found.shared_number}。",
                f"Mines that lie in several groups are counted in each: the groups' numbers exceed the whole by {found.shared_number}.",
            )
        )
    if found.left_out:
        say(Text(f"核减/调出的小班有 {found.left_out} 个。", f"Cancelled sites: {found.left_out}."))
    if not found.whole["sites"] and about["as_of"]:
        say(nothing_yet(about))


COMMANDS = {"progress": progress}
