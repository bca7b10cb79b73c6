"""One site's file for its acceptance: boundary with corners, areas by method, history, findings, a place to sign, and a digest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np

from .. import figures, methods, tally
from ..corner_lists import corner_table, plane_of
from ..errors import Damaged
from ..frame import COLUMNS, label_of, shown_value
from ..geometry import Geometries
from ..model import KIND_LABEL, SURVEY_LABEL, Event, survey_of, today
from ..project import Project
from ..text import Text
from ..units import rounded, shown
from .paper import CUT_MM, Grid, Lines, Paper, Section, Sheet, grid, lines, plain
from .printing import WORD_FORM, printed, require_printable
from .report import findings_parts

_FACTS = tuple(
    column.name
    for column in COLUMNS
    if column.name not in ("group", "counted", "is_sample", "last_event_id", "last_kind", "last_by", "layer")
)


def dossier(project: Project, site: str, out: Path, *, office: str = "") -> Path:
    """Write one site's file as ``.pdf`` or ``.docx``; a file that is there is replaced in one step.

    Parameters
    ----------
    site
        Its number, its number in the source, or its name.
    office
        Who makes it.

    Raises
    ------
    NotFound, BadRequest
        No site, or several, go by that name.
    Damaged
        The ledger is not what was written.
    UnknownName, MissingExtra, FileRefused, CannotWrite
    """
    require_printable(out)
    (site_id,) = project.resolve([site])
    frame = project.sites()
    one = frame[frame["site_id"] == site_id].reset_index(drop=True)
    proof = project.verify()
    if proof.findings:
        raise Damaged(
            Text(f"台账有改动或损坏（{proof.findings[0].message.zh}），不能出档案。",
                 f"The ledger was altered or is damaged ({proof.findings[0].message.en}): no site's file is made of it."),
            Text("用 restoration verify 查看，用备份恢复。", "See `restoration verify`; restore it from a backup."),
        )  # fmt: skip
    form = project.path.parent / WORD_FORM
    around = _around(frame, one)
    return printed(lambda folder: _paper(project, one, around, folder, office, proof.head), out, form=form if form.is_file() else None)


def _around(sites: gpd.GeoDataFrame, one: gpd.GeoDataFrame) -> Geometries:
    """The other sites that reach into a box three times as wide and high as the site."""
    west, south, east, north = one.total_bounds
    wide, high = east - west, north - south
    near = sites[sites["site_id"] != one["site_id"][0]].cx[west - wide : east + wide, south - high : north + high]
    return np.asarray(near.geometry.array, dtype=object)


def _paper(project: Project, one: gpd.GeoDataFrame, around: Geometries, folder: Path, office: str, head: str) -> Paper:
    site_id, name = str(one["site_id"][0]), str(one["name"][0])
    title = Text(f"小班档案 {site_id}", f"Site file {site_id}")
    under = [
        name,
        Text(f"截至 {today()} 的记录", f"as recorded on {today()}"),
        *([Text(f"编制单位：{office}", f"by {office}")] if office else []),
    ]
    banner = (
        Text("示例数据：图形为虚构", "Sample data: the shape is made up") if bool(one["is_sample"][0]) else Text("内部资料", "Internal")
    )
    history = project.changes(site_id)
    drawn = figures.figure(one, title=plain(name or site_id), table=project.table, made_on=today())
    numbered = figures.draw_corners(drawn, one.geometry[0], around)
    sheet = Sheet(figures.save(drawn, folder / "site.png", dpi=200, cut_mm=CUT_MM), name or site_id)
    judged = [j for j in project.check() if site_id in (j.finding.site_id, j.finding.other_site_id)]
    sections = (
        Section(str(Text("小班", "Site")), (_facts(project, one, survey_of([event for event, _ in history])),)),
        Section(str(Text("面积", "Area")), _areas(one)),
        Section(str(Text("位置图", "Map")), (sheet,)),
        Section(str(Text("界址点", "Boundary points")), _corners(one, numbered)),
        Section(str(Text("记录", "Entries")), (_history(project, one, history),)),
        Section(str(Text("检查问题与豁免", "Findings and waivers")), findings_parts(judged, project.table)),
        Section(str(Text("签章", "Signatures")), (_signatures(),)),
        Section(str(Text("防改凭据", "Proof")), (_proof([event for event, _ in history], head),)),
    )
    return Paper(plain(title), tuple(plain(line) for line in under if str(line)), str(banner), sections)


def _facts(project: Project, one: gpd.GeoDataFrame, surveyed_on: str) -> Grid:
    row = one.drop(columns="geometry").to_dict("records")[0]
    told = [(label_of(name), shown_value(name, row[name], project.table, row["measure"]), name) for name in _FACTS]
    rows = [[f"{label}{Text('(亩)', ' (mu)') if name.endswith('_m2') else ''}", value] for label, value, name in told if value]
    rows += [[str(SURVEY_LABEL), surveyed_on]] if surveyed_on else []
    half = -(-len(rows) // 2)
    left, right = rows[:half], [*rows[half:], *[["", ""]] * (half - len(rows[half:]))]
    item, value = Text("项", "item"), Text("内容", "value")
    return grid([item, value, item, value], [[*a, *b] for a, b in zip(left, right, strict=True)], right=4)


def _areas(one: gpd.GeoDataFrame) -> tuple[Grid | Lines, ...]:
    label = {method.name: method.label for method in methods.METHODS}
    rows = [
        [label[row["method"]], rounded(row["area_m2"], 2), shown(row["area_m2"]), rounded(row["difference_pct"], 3)]
        for row in methods.areas_by_method(list(one.geometry)).to_dict("records")
    ]
    heads = (Text("方法", "method"), Text("平方米", "m²"), Text("亩", "mu"), Text("与记载面积相差%", "off the area of record %"))
    note = Text("上报、汇总只用第一种（记载面积：椭球面积，TD/T 1055-2019 附录 D）；其余只用来解释差别。",
                "The first alone is of record (ellipsoidal, TD/T 1055-2019 annex D); the others explain differences.")  # fmt: skip
    return grid(heads, rows), lines(note)


def _corners(one: gpd.GeoDataFrame, numbered: int) -> tuple[Grid | Lines, ...]:
    _, rows = corner_table(one.assign(measure_label="", sample_label=""), crs=None)
    zone = plane_of(one, None).zone
    heads = (
        Text("圈号", "ring"), Text("点号", "point"),
        Text(f"X坐标(米，2000国家大地坐标系 3度分带 带号{zone})", f"X, north (m; CGCS2000, 3-degree zone {zone})"),
        Text("Y坐标(米)", "Y, east (m)"),
    )  # fmt: skip
    said = Text("坐标系 CGCS2000，3 度带高斯平面坐标，X 为北、Y 为东（前两位是带号），米。",
                "CGCS2000, Gauss-Krüger plane in 3-degree zones: X is north, Y is east with the zone's number, metres.")  # fmt: skip
    missing = len(rows) - numbered
    told = Text(
        f"点号与位置图上的相同；图上有 {missing} 个点离得太近，只画点不写号。",
        f"Numbers as on the map, where {missing} stand too close to be written.",
    )
    same = Text("点号与位置图上的相同。", "Numbers as on the map.")
    return lines(said, told if missing else same), grid(heads, [row[-4:] for row in rows], right=2)


def _history(project: Project, one: gpd.GeoDataFrame, history: list[tuple[Event, tuple[tally.Change, ...]]]) -> Grid:
    measure = str(one["measure"][0])
    rows = []
    for event, changes in history:
        told = [
            _change(change, project, measure)
            for change in changes
            if event.step > 1 or change.field in ("status", "area_m2", "reported_m2")
        ]
        told += [f"{SURVEY_LABEL} {day}"] if (day := survey_of([event])) else []
        rows.append([event.step, event.happened_on, KIND_LABEL[event.kind], "；".join(told), event.doc_no, event.note, event.recorded_by])
    heads = (
        Text("序", "no."), Text("日期", "date"), Text("事项", "entry"), Text("变化", "changes"),
        Text("文号", "document"), Text("说明", "note"), Text("填报", "by"),
    )  # fmt: skip
    return grid(heads, rows, right=len(heads))


def _change(change: tally.Change, project: Project, measure: str) -> str:
    old, new = (shown_value(change.field, value, project.table, measure) for value in (change.old, change.new))
    heading = f"{label_of(change.field)}{Text('(亩)', ' (mu)') if change.field.endswith('_m2') else ''}"
    return f"{heading} {old} → {new}" if old else f"{heading} {new}"


def _signatures() -> Grid:
    roles = (Text("编制", "made by"), Text("审核", "checked by"), Text("批准", "approved by"))
    return replace(grid([*roles, Text("日期", "date")], [[""] * 4], right=4), row_mm=_ROOM_TO_SIGN_MM)


_ROOM_TO_SIGN_MM = 32.0
"""Room for a name and a seal."""


def _proof(history: list[Event], head: str) -> Lines:
    last = history[-1]
    return lines(
        Text(f"共 {len(history)} 笔记录，末笔的摘要（SHA-256）：", f"{len(history)} entries; the digest of the last (SHA-256):"),
        last.digest,
        Text("出档案时核验过台账，台账头：", "The ledger was verified when this was made; its head:"),
        head,
        Text(
            "每笔记录的摘要含着它前面各笔、边界和属性。日后核对：restoration history 小班 --format json 里这一笔的 digest 与此相同，"
            "且 restoration verify --head 台账头 没有发现改动，则本页所据的记录没有被改过。",
            "A digest holds those before it, the boundary and the attributes. To check later: the digest of this entry in "
            "`restoration history SITE --format json` is this one, and `restoration verify --head HEAD` finds no change.",
        ),
    )
