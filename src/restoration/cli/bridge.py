"""The command that says why a total changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..text import Text
from .footing import Footed, groups_told, residual_told
from .options import CLOCK, DAY, grouped_by, lang, not_future, open_project, output, project, unit, words_of
from .output import say, tell_table
from .table import replace, require_out, tell_written
from .words import command, option

if TYPE_CHECKING:
    import pandas as pd

    from ..lifecycle import Lifecycle
    from ..tables import Cell
    from ..tally import Bridge
    from ..units import Rounding

CHARTS = (".png", ".pdf", ".svg")
_ENDS = ("opening", "closing")
_NOTHING = {"area_m2": 0.0, "sites": 0}


@command(
    "bridge",
    "面积为什么变了：期初、新登记、核减、重划、重测、状态变更、更正、期末，各行加起来正好。",
    "Why a total changed: opening, new, cancelled, redrawn, re-measured, moved, corrected, closing; the lines add up.",
)
@option("--from", "since", type=DAY, required=True, metavar="DATE", zh="从哪天", en="the opening day")
@option("--to", "until", type=DAY, metavar="DATE", callback=lambda context, parameter, day: not_future(day),
        zh="到哪天（不写为今天）", en="the closing day (today if not given)")  # fmt: skip
@option("--total", default="task", show_default=True, metavar="TOTAL",
        zh="哪个数：task 措施面积、accepted 已验收、reported 上报、verified 核实、qualified 核实合格、preserved 保存",
        en="which total: task, accepted, reported, verified, qualified, preserved")  # fmt: skip
@option("--measure", zh="只看这种措施", en="this measure alone")
@grouped_by("", zh="分组方式，可写几个", en="group by one or more")
@option("--clock", type=CLOCK, default="field", show_default=True,
        zh="按发生日期(field)还是按录入日期(office)", en="by the day it happened (field) or was recorded (office)")  # fmt: skip
@option("--sites", "listed", is_flag=True, default=False, zh="列出每行是哪些小班、哪条记录", en="the sites of each line")
@unit
@option(
    "--rounding", type=click.Choice(["whole", "rows"]), default="whole", show_default=True,
    zh="期末怎样取整：whole 单独取整，rows 期末=各行显示数之和",
    en="how the closing is rounded: by itself, or as the sum of the lines as shown",
)  # fmt: skip
@option("--out", type=click.Path(path_type=Path), metavar="OUT.xlsx", zh="写成 Excel 文件", en="write a workbook")
@option(
    "--chart",
    type=click.Path(path_type=Path),
    metavar="OUT.png",
    zh="画成瀑布图：.png、.svg、.pdf",
    en="a waterfall chart: .png, .svg, .pdf",
)
@replace
@project
@output
@lang
def bridge(
    since: date,
    until: date | None,
    total: str,
    measure: str | None,
    words: str,
    clock: Any,
    listed: bool,
    unit: str,
    rounding: Rounding,
    out: Path | None,
    chart: Path | None,
    replace: bool,
    project_path: Path | None,
    form: str,
) -> None:
    """Explain a change."""
    held = open_project(project_path, read_only=True)
    for path, endings in ((out, (".xlsx",)), (chart, CHARTS)):
        if path:
            require_out(path, endings, replace=replace)
    told = _total(total)
    found = held.bridge(since, until, total=told, by=words_of(words), measure=measure, clock=clock)
    title = _title(told, measure and str(held.table.measures[held.table.measure(measure).code].label))
    when = _between(since, until, clock)
    table, sites = _lines(found, held.table, unit, rounding), _sites(found, held.table, unit)
    if form == "table":
        say(f"{title}{Text('：', ':')}")
        tell_table(*table.body, form=form, data=None, right=len(found.by) + 1)
        if listed:
            say("")
            tell_table(*sites, form=form, data=None, right=len(found.by) + 4)
        say(f"{when}{Text('。', '.')}", *table.notes)
    else:
        about = {"from": since, "to": until, "clock": clock, "total": told, "measure": measure, "unit": unit}
        tell_table(*(sites if listed else table.body), form=form, data=_plain(found, about))
    if out:
        _write(out, str(title), str(when), unit, table, sites)
        tell_written(out, form)
    if chart:
        from .. import charts

        above = f"{title}  {when}"
        tell_written(
            charts.save_chart(
                lambda axes: charts.waterfall(found.whole, unit=unit, title=above, ax=axes), chart, wide=11.7, high=6.6, about=str(title)
            ),
            form,
        )


def _plain(found: Bridge, about: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON gives."""
    return {**about, "by": found.by, **{name: getattr(found, name).to_dict("records") for name in ("rows", "whole", "sites")}}


def _total(word: str) -> str:
    """A total by its code or its name in either language."""
    from ..tally import TOTALS

    return next((code for code, label in TOTALS.items() if word.strip() in (label.zh, label.en)), word.strip())


def _title(total: str, measure: str | None) -> Text:
    from ..tally import TOTALS

    of = (f"{measure}：", f", {measure}") if measure else ("", "")
    return Text(f"{of[0]}{TOTALS[total].zh}的变化", f"Change of {TOTALS[total].en}{of[1]}")


def _between(since: date, until: date | None, clock: str) -> Text:
    from ..model import today

    zh = "按发生日期" if clock == "field" else "按录入日期"
    return Text(
        f"{since} 日终至 {until or today()} 日终（{zh}）", f"From the end of {since} to the end of {until or today()} by the {clock} clock"
    )


class _Table:
    """The lines of a bridge as they are shown, those that are totals, and what is to be said below them."""

    def __init__(self, headings: list[str], rows: list[list[str]], totals: set[int], notes: list[Text]) -> None:
        self.body = (headings, rows)
        self.totals = totals
        self.notes = notes


def _lines(found: Bridge, table: Lifecycle, unit: str, rounding: Rounding) -> _Table:
    from ..frame import label_of
    from ..tally import LINES
    from ..units import LABEL, shown_column

    headings = [
        *(str(label_of(name)) for name in found.by),
        str(Text("项目", "line")),
        f"{Text('面积', 'area')}({LABEL[unit]})",
        str(Text("小班数", "sites")),
    ]
    rows: list[list[str]] = []
    totals: set[int] = set()
    footed: list[Footed] = []
    for key, group in _groups(found):
        said = groups_told(key, found.by, table) if key else [str(Text("合计", "in all")), *[""] * len(found.by)][: len(found.by)]
        records = group.set_index("line").to_dict("index")
        names = [name for name in LINES if name in records or name in _ENDS]
        areas = [records.get(name, _NOTHING)["area_m2"] for name in names]
        column = shown_column(areas[:-1], areas[-1], unit, rounding=rounding)
        for name, area in zip(names, [*column.rows, column.whole], strict=True):
            totals.update({len(rows)} if name in _ENDS else ())
            mark = "" if name in _ENDS or area.startswith("-") else "+"
            rows.append([*said, str(LINES[name]), f"{mark}{area}", str(records.get(name, _NOTHING)["sites"])])
        label = "、".join(said)
        footed.append(Footed(Text(label or "期末", label or "closing"), column.rows, column.whole))
    return _Table(headings, rows, totals, [_rule_told(footed, unit, rounding)])


def _rule_told(footed: Sequence[Footed], unit: str, rounding: Rounding) -> Text:
    if rounding == "rows":
        return Text(
            "期末＝各行显示数之和，可能与 area 显示的合计差末位。",
            "The closing is the sum of the lines as shown; its last digit may differ from `area`.",
        )
    told = residual_told(footed, unit)
    return Text(f"各行的平方米数加起来正好是期末。{told.zh}", f"In m² the lines add up to the closing. {told.en}")


def _groups(found: Bridge) -> list[tuple[dict[str, Any], pd.DataFrame]]:
    """Each group with its lines, and the whole, which has no key."""
    by = list(found.by)
    groups = [(dict(zip(by, values, strict=True)), rows) for values, rows in found.rows.groupby(by, dropna=False, sort=False)] if by else []
    return [*groups, ({}, found.whole)]


def _sites(found: Bridge, table: Lifecycle, unit: str) -> tuple[list[str], list[list[str]]]:
    from ..frame import label_of
    from ..tally import LINES
    from ..units import LABEL, shown

    words = (Text("项目", "line"), Text("编号", "site"), Text("日期", "on"), Text("文号", "document"))
    areas = (Text("原", "from"), Text("现", "to"), Text("变化", "change"))
    headings = [*(str(label_of(name)) for name in found.by), *map(str, words), *(f"{word}({LABEL[unit]})" for word in areas)]
    rows = [
        [*groups_told(row, found.by, table), str(LINES[row["line"]]), row["site_id"], row["last_on"], row["last_doc_no"],
         *(shown(row[name], unit) for name in ("from_m2", "to_m2", "change_m2"))]
        for row in found.sites.to_dict("records")
    ]  # fmt: skip
    return headings, rows


def _write(out: Path, title: str, when: str, unit: str, table: _Table, sites: tuple[list[str], list[list[str]]]) -> None:
    """The bridge and its sites on one sheet each."""
    from ..tables import Plain, plain
    from ..units import DIGITS, LABEL

    digits = DIGITS[unit]
    headings, rows = table.body
    first = len(headings) - 2
    lines = [(at in table.totals, [*_cells(row[:first], 0, 0), *_cells(row[first:-1], 1, digits), *_cells(row[-1:], 1, 0)])
             for at, row in enumerate(rows)]  # fmt: skip
    listed = [(False, [*_cells(row[:-3], 0, 0), *_cells(row[-3:], 3, digits)]) for row in sites[1]]
    said, name = f"{Text('单位：', 'Unit: ')}{LABEL[unit]}", str(Text("各行的小班", "Sites of the lines"))
    notes = [str(note) for note in table.notes]
    plain(out, [Plain(title, when, said, headings, lines, notes), Plain(name, when, said, sites[0], listed, [])])


def _cells(texts: Sequence[str], numbers: int, digits: int) -> list[Cell]:
    """Cells of a workbook; the last so many are numbers."""
    from ..tables import Cell

    first = len(texts) - numbers
    return [Cell(text, float(text), digits, is_zero_shown=True) if text and at >= first else Cell(text) for at, text in enumerate(texts)]


COMMANDS = {"bridge": bridge}
