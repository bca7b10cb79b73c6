"""The command that says where the ledger of areas does not close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..text import Text
from .footing import groups_told, nothing_yet, when_told
from .look import shown_value
from .options import as_of, grouped_by, lang, open_project, output, project, unit, words_of
from .output import say, tell_table
from .words import command, option

if TYPE_CHECKING:
    import pandas as pd

    from ..lifecycle import Lifecycle
    from ..tally import Closing

AREA_LABELS: Mapping[str, Text] = {
    "area_m2": Text("图斑", "polygon"),
    "reported_m2": Text("上报", "reported"),
    "reported_gap_m2": Text("上报－图斑", "reported - polygon"),
    "verified_m2": Text("核实", "verified"),
    "verified_gap_m2": Text("核实－上报", "verified - reported"),
    "qualified_m2": Text("核实合格", "qualified"),
    "replant_m2": Text("补植", "to replant"),
    "lost_m2": Text("损失", "lost"),
    "unqualified_m2": Text("未合格", "unqualified"),
    "unjudged_m2": Text("未填合格", "unjudged"),
    "over_m2": Text("超出核实", "over"),
}


@command(
    "closing",
    "面积账平不平：图斑、上报、核实、合格＋补植＋损失＋未合格，逐个小班核对，不平的列出并说明可能的原因。",
    "Does the ledger of areas close: polygon, reported, verified, and what the verified fell into; what does not close, and why.",
)
@grouped_by("measure,year", zh="分组方式，可写几个", en="group by one or more")
@option("--all", "everything", is_flag=True, default=False, zh="平的小班也列出", en="the sites that close too")
@as_of
@unit
@project
@output
@lang
def closing(
    words: str, everything: bool, as_of: date | None, clock: Any, unit: str, project_path: Path | None, form: str
) -> None:  # fmt: skip
    """Close the ledger of areas."""
    from ..tally import closing as tallied

    held = open_project(project_path, read_only=True)
    found = tallied(held.sites(as_of=as_of, clock=clock), by=words_of(words), limits=held.limits(), table=held.table)
    about = {"as_of": as_of, "clock": clock}
    listed = found.sites if everything else found.sites[found.sites["unclosed"].astype("bool")]
    if form == "json":
        data = {
            **about,
            "by": found.by,
            "rows": found.rows.to_dict("records"),
            "whole": found.whole.to_dict("records")[0],
            "sites": listed.to_dict("records"),
        }
        tell_table([], [], form=form, data=data)
        return
    if form == "csv":
        tell_table(*_unclosed(listed, held.table, unit, everything=True), form=form, data=None)
        return
    _tell_groups(found, held.table, unit)
    if len(listed):
        say("", Text("小班：" if everything else "不平的小班：", "Sites:" if everything else "Sites that do not close:"))
        tell_table(
            *_unclosed(listed, held.table, unit, everything=False), form=form, data=None, right=range(3, 3 + len(_shown_figures(listed)))
        )
    say("", Text(f"{when_told(about).zh}。", f"{when_told(about).en}."), IDENTITY, _counted_told(found))
    if not len(found.sites) and as_of:
        say(nothing_yet(about))


IDENTITY = Text(
    "核实＝核实合格＋补植＋损失＋未合格＋未填合格－超出核实。未合格是推算的（核实减去填了的），没有人填过；未填合格是核实了还没有填合格面积的小班。"
    "上报－图斑只计有上报的小班，核实－上报只计两个数都有的。空白是没有数。",
    "Verified = qualified + to replant + lost + unqualified + unjudged - over. Unqualified is computed, nobody typed it; unjudged is of "
    "sites that were verified without a qualified area. The gaps are of the sites that have both areas. Blank is unknown.",
)


def _counted_told(found: Closing) -> Text:
    flagged = int(found.whole["flagged"].iloc[0])
    if not flagged:
        return Text(f"{len(found.sites)} 个小班都平。", f"All {len(found.sites)} sites close.")
    return Text(
        f"{len(found.sites)} 个小班里有 {flagged} 个不平；查原件后用 correct 更正，或重划后导入，两数都对的在 check 里豁免。",
        f"Of {len(found.sites)} sites {flagged} do not close: correct them after the papers, redraw and import, or waive them in check.",
    )


def _shown_figures(rows: pd.DataFrame) -> list[str]:
    return [name for name in AREA_LABELS if rows[name].notna().any() and (name != "over_m2" or (rows[name] > 0).any())]


def _tell_groups(found: Closing, table: Lifecycle, unit: str) -> None:
    from ..frame import label_of
    from ..units import LABEL, shown

    names = _shown_figures(found.whole)
    headings = [
        *(str(label_of(name)) for name in found.by),
        str(Text("小班", "sites")),
        str(Text("不平", "open")),
        *(f"{AREA_LABELS[name]}({LABEL[unit]})" for name in names),
    ]
    rows = []
    for frame, is_whole in ((found.rows, False), (found.whole, True)):
        for row in frame.to_dict("records") if not is_whole or found.by else []:
            key = [str(Text("合计", "in all")), *[""] * (len(found.by) - 1)] if is_whole else groups_told(row, found.by, table)
            rows.append([*key, str(row["sites"]), str(row["flagged"]), *(shown(row[name], unit) for name in names)])
    tell_table(headings, rows, form="table", data=None, right=len(found.by))


def _unclosed(rows: pd.DataFrame, table: Lifecycle, unit: str, *, everything: bool) -> tuple[list[str], list[list[str]]]:
    from ..tally import FLAGS
    from ..units import LABEL, shown

    names = list(AREA_LABELS) if everything else _shown_figures(rows)
    told = (Text("编号", "site"), Text("名称", "name"), Text("状态", "status"))
    headings = [
        *map(str, told),
        *(f"{AREA_LABELS[name]}({LABEL[unit]})" for name in names),
        str(Text("哪里不平", "what")),
        str(Text("可能的原因", "likely cause")),
    ]
    body = [
        [row["site_id"], row["name"], shown_value("status", row["status"], table, row["measure"]),
         *(shown(row[name], unit) for name in names),
         str(Text("；", "; ")).join(str(FLAGS[flag]) for flag in row["unclosed"]), str(row["cause"] or "")]
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return headings, body


COMMANDS = {"closing": closing}
