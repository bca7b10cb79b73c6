"""The report on all sites of a day: figures against targets, maps, charts, tables, overlaps, findings, and the sites behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import charts, figures, tally
from ..deciding import Judged
from ..errors import BadRequest
from ..findings import cells_of, explanations
from ..frame import label_of, shown_value
from ..lifecycle import Lifecycle
from ..model import headline_of, today
from ..project import Project
from ..sharing import ground_of_sites
from ..store import Clock
from ..tables import Filled, laid_out
from ..text import Text
from ..units import rounded, shown
from .paper import CUT_MM, Grid, Lines, Paper, Picture, Section, Sheet, form_of, grid, lines, plain
from .printing import WORD_FORM, printed, require_printable

_CLOCK = {"field": Text("按发生日期", "by the day it happened"), "office": Text("按录入时间", "by the time of recording")}
_LISTED = ("site_id", "name", "town", "village", "plan_year", "status", "area_m2", "reported_m2", "verified_m2", "qualified_m2")
_MU = Text("亩", "mu")
_MOST_FINDINGS = 300
_MOST_ROWS = 2_000
"""A table of more rows is left to a workbook: a report of many thousand rows takes gigabytes to be set."""
_WIDE = 6.7
"""The width of a chart, inches."""


@dataclass(frozen=True)
class _Seen:
    """What the report is about."""

    project: Project
    sites: gpd.GeoDataFrame
    table: Lifecycle
    as_of: date | None
    clock: Clock
    since: date | None

    @property
    def day(self) -> date:
        """The day that the report is of."""
        return self.as_of or today()


def report(
    project: Project,
    out: Path,
    *,
    as_of: date | None = None,
    clock: Clock = "field",
    since: date | None = None,
    title: str = "",
    office: str = "",
    outline: gpd.GeoDataFrame | None = None,
    tables: Sequence[str] | None = None,
    year: int | None = None,
) -> Path:
    """Write the report on a project as ``.pdf`` or ``.docx``; a file that is there is replaced in one step.

    Parameters
    ----------
    as_of, clock
        The day that it is of, and by which clock; what is recorded now if not given.
    since
        With why the total changed since that day.
    title, office
        What stands above it, and who makes it.
    outline
        The boundary of the district, drawn on the maps.
    tables
        The office's tables that it holds, by code or title; every one that has anything in it if not given.
    year
        The plan year of yearly tables; the last one that has sites, if not given.

    Raises
    ------
    UnknownName, MissingExtra, BadRequest, FileRefused, CannotWrite
    """
    require_printable(out)
    figures.require_matplotlib()
    if since and since > (as_of or today()):
        raise BadRequest(
            Text(f"起始日期 {since} 在截至日期之后。", f"The report's first day, {since}, is after its last."),
            Text("请用较早的起始日期。", "Choose an earlier first day."),
        )
    seen = _Seen(project, project.sites(as_of=as_of, clock=clock), project.table, as_of, clock, since)
    form = project.path.parent / WORD_FORM
    forms = _forms(seen, office, tables, year)
    return printed(lambda folder: _paper(seen, folder, title, office, outline, forms), out, form=form if form.is_file() else None)


def _paper(seen: _Seen, folder: Path, title: str, office: str, outline: gpd.GeoDataFrame | None, forms: Sequence[Section]) -> Paper:
    heading = title or seen.project.ledger.about().get("title") or seen.project.path.stem
    when = Text(f"截至 {seen.day}（{_CLOCK[seen.clock].zh}）", f"As of {seen.day} ({_CLOCK[seen.clock].en})")
    under = [when, Text(f"制表 {today()}", f"made {today()}"), *([Text(f"编制单位：{office}", f"by {office}")] if office else [])]
    sections = [
        _figures(seen),
        _targets(seen),
        _charts(seen, folder),
        *forms[:1],
        *_maps(seen, folder, heading, outline),
        *([_bridge(seen, folder)] if seen.since else []),
        _measures(seen),
        _mines(seen),
        _overlaps(seen),
        _findings(seen),
        *forms[1:],
        _behind(seen),
    ]
    return Paper(plain(heading), tuple(plain(line) for line in under), str(_banner(seen.sites)), tuple(one for one in sections if one))


def _banner(sites: gpd.GeoDataFrame) -> Text:
    if bool(sites["is_sample"].any()):
        return Text("示例数据：图形为虚构，不得作为依据", "Sample data: the shapes are made up")
    return Text("内部资料", "Internal")


def _figures(seen: _Seen) -> Section:
    found = tally.totals(seen.sites, by=["layer"])
    told = tally.in_order(found.rows, found.by, table=seen.table).to_dict("records")
    rows = [[shown_value("layer", row["layer"], seen.table), *_areas(row)] for row in told]
    both = [str(Text("合计", "in all")), *_areas(found.whole)]
    heads = (label_of("layer"), *_AREA_HEADS)
    notes = lines(
        Text(
            "面积为 CGCS2000 椭球面积（TD/T 1055-2019 附录 D）。措施面积：每个小班都算；土地面积：同一块地只算一次。",
            "Areas are ellipsoidal, on CGCS2000 (TD/T 1055-2019 annex D). Task area: every site counts; land area: ground counts once.",
        ),
        Text(
            f"各图层土地面积之和比合计多 {shown(found.shared_m2)} 亩，是跨图层重叠；核减、调出的 {found.left_out} 个小班不计。",
            f"The layers' land areas exceed the whole by {shown(found.shared_m2)} mu of shared ground; "
            f"{found.left_out} struck-off sites are left out.",
        ),
        *([_UNCHECKED] if seen.as_of is not None else []),
    )
    return Section(str(Text("面积", "Areas")), (grid(heads, [*rows, both], last=1), notes))


_UNCHECKED = Text("检查只看现状，本报告是以前某一天的，从略。", "Checks look at what is recorded now: they are left out here.")
_AREA_HEADS = (
    Text("个数", "sites"), Text("措施面积(亩)", "task (mu)"), Text("土地面积(亩)", "land (mu)"), Text("上报(亩)", "reported (mu)"),
    Text("核实(亩)", "verified (mu)"), Text("核实合格(亩)", "qualified (mu)"),
)  # fmt: skip


def _areas(row: Mapping[Any, Any]) -> list[str]:
    return [str(row["sites"]), *(shown(row[f"{name}_m2"]) for name in ("task", "land", "reported", "verified", "qualified"))]


def _targets(seen: _Seen) -> Section:
    rows = []
    for row in tally.against_targets(seen.sites, seen.project.targets(), table=seen.table).to_dict("records"):
        none = "" if row["source"] else str(Text("无任务数", "no target"))
        rows.append([
            shown_value("measure", row["measure"], seen.table), shown_value("plan_year", row["plan_year"], seen.table),
            shown(row["target_m2"]) or none, shown(row["task_m2"]), rounded(row["sited_pct"], 1), shown(row["accepted_m2"]),
            rounded(row["accepted_pct"], 1), rounded(row["target_number"], 0), str(row["number"]), str(row["accepted_number"]),
        ])  # fmt: skip
    heads = (
        label_of("measure"),
        label_of("plan_year"),
        Text("任务(亩)", "target (mu)"),
        Text("落地(亩)", "sited (mu)"),
        Text("落地率%", "sited %"),
        Text("已验收(亩)", "accepted (mu)"),
        Text("验收率%", "accepted %"),
        Text("任务(个)", "target no."),
        Text("个数", "number"),
        Text("已验收个数", "accepted no."),
    )
    has_mines = any(seen.table.measures[code].counted_by == "mine_id" for code in seen.sites["measure"].unique())
    return Section(
        str(Text("任务与完成", "Plan against done")), (grid(heads, rows), *([lines(_WHOLE_MINES, _BY_POLYGON)] if has_mines else []))
    )


_WHOLE_MINES = Text("一座矿山的全部图斑都验收了才算已验收。", "A mine is accepted only if all its polygons are.")
_BY_POLYGON = Text(
    "上表矿区复绿的已验收面积，可能小于图例、“按措施和状态”里已验收与已销号的图斑之和：差的是还没有全部验收的矿。",
    "The accepted area of mines above may be less than the accepted and closed polygons in legends and in the table by status: "
    "the rest is of mines that are not accepted as a whole.",
)


def _charts(seen: _Seen, folder: Path) -> Section | None:
    counted = seen.sites[seen.sites["counted"]]
    if counted.empty:
        return None
    first = charts.save_chart(
        lambda axes: charts.status_by_measure(counted, title="", table=seen.table, ax=axes), folder / "status.png", wide=_WIDE,
        high=0.9 + 0.36 * counted["measure"].nunique(),
    )  # fmt: skip
    parts = [Picture(first, str(Text("各措施的措施面积，按状态分组", "Task area of each measure, by display group")))]
    months = seen.project.progress_by_month(until=seen.as_of, clock=seen.clock)
    if len(months) > 1:
        second = charts.save_chart(
            lambda axes: charts.progress_over_time(months[["day", "task_m2", "accepted_m2"]], title="", ax=axes), folder / "progress.png",
            wide=_WIDE, high=2.6,
        )  # fmt: skip
        parts.append(Picture(second, str(Text("各月末的措施面积和已验收面积", "Task and accepted area at the end of each month"))))
    return Section(str(Text("图表", "Charts")), tuple(parts))


def _maps(seen: _Seen, folder: Path, heading: str, outline: gpd.GeoDataFrame | None) -> list[Section]:
    made: list[Section] = []
    for code, label in seen.table.layers.items():
        if (seen.sites["layer"] == code).any():
            drawn = figures.figure(
                seen.sites, title=plain(heading), as_of=seen.as_of, clock=seen.clock, outline=outline, layer=code, table=seen.table,
                made_on=today(),
            )  # fmt: skip
            path = figures.save(drawn, folder / f"map-{len(made)}.png", dpi=200, cut_mm=CUT_MM)
            made.append(Section(str(Text(f"图：{label.zh}", f"Map: {label.en}")), (Sheet(path, str(label)),)))
    return made


def _bridge(seen: _Seen, folder: Path) -> Section:
    assert seen.since is not None
    found = seen.project.bridge(seen.since, seen.day, clock=seen.clock)
    rows = [[str(tally.LINES[row["line"]]), shown(row["area_m2"]), str(row["sites"])] for row in found.whole.to_dict("records")]
    title = Text("措施面积为什么变了", "Why the task area changed")
    when = str(Text(f"{seen.since} 至 {seen.day}", f"{seen.since} to {seen.day}"))
    chart = charts.save_chart(lambda axes: charts.waterfall(found.whole, title="", ax=axes), folder / "bridge.png", wide=_WIDE, high=3.8)
    heads = (Text("项", "line"), Text("面积(亩)", "area (mu)"), Text("小班", "sites"))
    return Section(str(title), (grid(heads, rows, last=1), Picture(chart, when)), on_new_page=True)


def _measures(seen: _Seen) -> Section:
    found = tally.totals(seen.sites, by=["measure", "status"])
    rows = [
        [shown_value("measure", row["measure"], seen.table), shown_value("status", row["status"], seen.table, row["measure"]), *_areas(row)]
        for row in tally.in_order(found.rows, found.by, table=seen.table).to_dict("records")
    ]
    whole = [str(Text("合计", "in all")), "", *_areas(found.whole)]
    heads = (label_of("measure"), label_of("status"), *_AREA_HEADS)
    return Section(str(Text("按措施和状态", "By measure and status")), (grid(heads, [*rows, whole], right=2, last=1),), on_new_page=True)


def _mines(seen: _Seen) -> Section | None:
    states = tally.mine_states(seen.sites, table=seen.table)
    if not len(states):
        return None
    counts = states.value_counts()
    rows = [[str(_STATE.get(str(state), state)), str(count)] for state, count in counts.items()]
    heads = (Text("矿山", "mines"), Text("座", "number"))
    body = grid(heads, [*rows, [str(Text("合计", "in all")), str(len(states))]], last=1)
    note = lines(_WHOLE_MINES)
    return Section(str(Text("矿山（按座）", "Mines")), (body, note))


_STATE = {
    "accepted": Text("已验收", "accepted"),
    "in_progress": Text("在办", "in progress"),
    "not_started": Text("未开工", "not started"),
    "other": Text("其他", "other"),
}


def _overlaps(seen: _Seen) -> Section:
    ground = ground_of_sites(seen.sites, strict=False)
    told = tally.overlap_statement(seen.sites, rule=seen.project.net_rules().rule(), limits=seen.project.limits(), ground=ground)
    pairs = told.pairs[told.pairs["kind"] != "noise"]
    said = Text(
        f"措施面积 {shown(told.task_m2)} 亩，土地面积 {shown(told.land_m2)} 亩；重叠 {len(pairs)} 对"
        f"（界线误差 {told.noise_pairs} 对除外）。",
        f"Task area {shown(told.task_m2)} mu, land area {shown(told.land_m2)} mu; {len(pairs)} pairs overlap "
        f"(and {told.noise_pairs} by noise).",
    )
    heads = (Text("小班", "site"), Text("与", "and"), Text("共有(亩)", "shared (mu)"))
    listed = pairs.drop(columns="geometry").head(_MOST_FINDINGS).to_dict("records")
    rows = [[row["site_id"], row["other_id"], shown(row["area_m2"])] for row in listed]
    body: tuple[Lines | Grid, ...] = (lines(said), grid(heads, rows, right=2)) if rows else (lines(said),)
    if len(pairs) > len(rows):
        more = len(pairs) - len(rows)
        body = (*body, lines(Text(f"另有 {more} 对，见 restoration overlaps。", f"{more} more: see `restoration overlaps`.")))
    return Section(str(Text("重叠", "Overlaps")), body)


def _findings(seen: _Seen) -> Section | None:
    if seen.as_of is not None:
        return None
    judged = sorted(seen.project.check(), key=lambda one: (one.state == "waived", one.finding.level != "error", one.finding.code))
    told = findings_parts([one for one in judged if not _is_note(one)], seen.table)
    return Section(str(Text("检查问题与豁免", "Findings and waivers")), (*told, *_notes_counted([one for one in judged if _is_note(one)])))


def _is_note(one: Judged) -> bool:
    return one.finding.level == "note" and one.state != "waived"


def _notes_counted(notes: Sequence[Judged]) -> tuple[Grid, ...]:
    """Notes, which ask for nothing, by their codes: one that every site has would fill pages."""
    if not notes:
        return ()
    known, counts = explanations(), Counter(one.finding.code for one in notes)
    rows = [[code, str(headline_of(known[code])), str(count)] for code, count in sorted(counts.items())]
    return (grid((Text("代码", "code"), Text("说明（不必处理）", "note (nothing to be done)"), Text("条", "number")), rows, right=2),)


def findings_parts(judged: Sequence[Judged], table: Lifecycle) -> tuple[Lines | Grid, ...]:
    """Findings as a table, with who waived them and why."""
    if not judged:
        return (lines(Text("没有问题。", "Nothing was found.")),)
    rows = []
    for one in judged[:_MOST_FINDINGS]:
        cells = cells_of(one.finding, one.state, table)
        waiver = "" if one.waiver is None else f"{one.waiver.recorded_by}：{one.waiver.note}"
        rows.append([cells["code"], cells["level"], cells["site_id"], cells["message"], cells["state"], waiver])
    heads = (
        Text("代码", "code"), Text("级别", "level"), Text("小班", "site"), Text("问题", "what is wrong"),
        Text("结论", "result"), Text("豁免", "waiver"),
    )  # fmt: skip
    body = grid(heads, rows, right=len(heads))
    more = len(judged) - len(rows)
    return (body, lines(Text(f"另有 {more} 条，见 restoration check。", f"{more} more: see `restoration check`."))) if more > 0 else (body,)


def _forms(seen: _Seen, office: str, names: Sequence[str] | None, year: int | None) -> list[Section]:
    """The office's tables, each as it is handed in, behind a list of them; if nobody named them those that have anything in them."""
    known = seen.project.layouts()
    codes = [known.layout(name).code for name in names] if names is not None else list(known.layouts)
    if not codes:
        return []
    years = seen.sites.loc[seen.sites["counted"], "plan_year"]
    last = years[years <= seen.day.year].max()
    chosen = year or (None if pd.isna(last) else int(last))
    filled = seen.project.fill_all(codes, as_of=seen.as_of, clock=seen.clock, year=chosen, office=office)
    held = [one for one in filled if (names is not None or _has_anything(one)) and _count_rows(one) <= _MOST_ROWS]
    pages = [laid_out(one) for one in held]
    told = [Text(f"后附：{'、'.join(page.title for page in pages)}。", f"On the pages behind: {', '.join(page.title for page in pages)}.")]
    empty = [str(one.layout.title) for one in filled if one not in held and _count_rows(one) <= _MOST_ROWS]
    if empty:
        told.append(Text(f"没有内容、没有附的：{'、'.join(empty)}。", f"Left out, as nothing is in them: {', '.join(empty)}."))
    long = [str(one.layout.title) for one in filled if _count_rows(one) > _MOST_ROWS]
    if long:
        told.append(Text(
            f"超过 {_MOST_ROWS} 行、没有附的：{'、'.join(long)}；请用 restoration table 另出 Excel。",
            f"Left out, as they have more than {_MOST_ROWS} rows: {', '.join(long)}; write them with `restoration table`.",
        ))  # fmt: skip
    index = Section(str(Text("报表", "The office's tables")), (lines(*(told if pages else told[1:])),))
    return [index, *(Section(plain(page.title), (form_of(page),)) for page in pages)]


def _count_rows(filled: Filled) -> int:
    return sum(line.kind == "row" for line in filled.lines)


def _has_anything(filled: Filled) -> bool:
    """Whether a site is in it: the rows of a layout that lists them stand there always."""
    is_listed = bool(filled.layout.rows)
    return any(line.kind == "row" and (not is_listed or any(cell.number for cell in line.cells)) for line in filled.lines)


def _behind(seen: _Seen) -> Section:
    parts: list[Lines | Grid] = []
    heading = str(Text("附：各数所据小班", "Appendix: the sites behind the figures"))
    if int(seen.sites["counted"].sum()) > _MOST_ROWS:
        said = Text(
            f"小班超过 {_MOST_ROWS} 个，没有列出；请用 restoration export 或 restoration list --format csv 另出。",
            f"More than {_MOST_ROWS} sites: not listed; see `restoration export` or `restoration list --format csv`.",
        )
        return Section(heading, (lines(said),), on_new_page=True)
    of_measure = dict(iter(seen.sites[seen.sites["counted"]].groupby("measure", sort=False)))
    for code in filter(of_measure.__contains__, seen.table.measures):
        counted, label = of_measure[code], seen.table.measures[code].label
        parts.append(lines(Text(f"{label.zh}：{len(counted)} 个", f"{label.en}: {len(counted)} sites")))
        cells = [[shown_value(name, row[name], seen.table, row["measure"]) for name in _LISTED] for row in counted.to_dict("records")]
        sums = ["", *[""] * 5, *(shown(float(counted[name].sum(min_count=1))) for name in _LISTED[6:])]
        parts.append(grid([_heading(name) for name in _LISTED], [*cells, sums], right=6, last=1))
    return Section(heading, tuple(parts), on_new_page=True)


def _heading(name: str) -> str:
    return f"{label_of(name)}({_MU})" if name.endswith("_m2") else str(label_of(name))
