"""The commands that tell what is wrong with what is kept, and explain it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UnknownName
from ..text import Text
from .findings import finding_line
from .options import findings_out, lang, open_project, output, pairs_of, project
from .output import progress_shown, say, tell_table
from .words import command, option

if TYPE_CHECKING:
    from ..checks import Results
    from ..deciding import Judged
    from ..project import Project
    from ..reference_files import Given

WIDEST_RESULT = 34
"""Columns that a cell of the table of results takes, so that the table fits a screen."""


@command(
    "check",
    "检查台账里的数据，并列出每条规则的结果；有未处理的错误时退出码不为 0。",
    "Check what is kept, and tell the result of every rule; the exit code is not 0 while errors stand.",
)
@option("--all", "everything", is_flag=True, zh="连说明和已豁免的一起列出", en="also notes and what was waived")
@option("--site", default="", metavar="SITE", zh="只看一个小班的问题和各规则的结果", en="one site: its findings, and each rule's result")
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
@findings_out("out", "--out")
@project
@output
@lang
def check(
    everything: bool, site: str, against: Sequence[str], photos: Path | None, out: Path | None, project_path: Path | None, form: str
) -> int:
    """Check the ledger."""
    from .. import findings as looks

    held = open_project(project_path, read_only=True)
    site_id = held.resolve([site])[0] if site else ""
    with progress_shown():
        examined = held.examine(given=_given(held, against, photos))
    judged = [one for one in examined.judged if site_id in ("", one.finding.site_id, one.finding.other_site_id)]
    listed = [one for one in judged if everything or site or (one.state != "waived" and one.finding.level != "note")]
    written = _written(held, listed, out) if out else None
    if form == "json":
        of_site = {"site_id": site_id, "site_results": _of_site(examined.results, site_id)} if site else {}
        told = [looks.plain(one.finding, one.state) for one in listed]
        tell_table([], [], form=form, data={"findings": told, "results": _rules(examined.results), **of_site})
    elif form == "csv":
        cells = [list(looks.cells_of(one.finding, one.state, held.table).values()) for one in listed]
        tell_table([str(heading) for heading in looks.HEADINGS.values()], cells, form=form, data=None)
    else:
        for one in listed:
            say(f"{looks.STATE_LABEL[one.state]} {finding_line(one.finding)}")
        _summary(judged)
        say("")
        _tell_site(examined.results, site_id) if site else _tell_rules(examined.results)
        if written:
            say(Text(f"已写出 {written}", f"Wrote {written}"))
    return 1 if any(one.finding.level == "error" and one.state != "waived" for one in judged) else 0


def _given(held: Project, against: Sequence[str], photos: Path | None) -> Given:
    given = held.given(against={kind: Path(file) for kind, file in pairs_of(against, "--against").items()}, photos=photos)
    for file, count in given.refused.items():
        told = Text(f"注意：{file} 有 {count} 行用不了，没有拿来对照。", f"Mind: {count} rows of {file} could not be used.")
        click.echo(str(told), err=True)
    return given


def _written(held: Project, listed: Sequence[Judged], out: Path) -> Path:
    from ..findings import write_findings

    return write_findings(
        [one.finding for one in listed],
        out,
        states=[one.state for one in listed],
        sites=held.sites(),
        table=held.table,
        histories=held.ledger.histories(),
        title=held.ledger.about().get("title", ""),
    )


def _summary(judged: Sequence[Judged]) -> None:
    from ..model import LEVEL_LABEL

    standing: list[str] = [one.finding.level for one in judged if one.state != "waived"]
    counts = {level: standing.count(level) for level in LEVEL_LABEL}
    waived, stale = len(judged) - len(standing), sum(one.state == "stale" for one in judged)
    lapsed = Text(f"（其中豁免失效 {stale}）", f" (of them {stale} with a lapsed waiver)") if stale else Text("", "")
    say(
        Text(
            f"错误 {counts['error']}，提醒 {counts['warning']}，说明 {counts['note']}{lapsed.zh}；已豁免 {waived}。"
            "用 restoration explain 代码 看解释。",
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes{lapsed.en}; {waived} waived. "
            "See `restoration explain CODE`.",
        )
    )


def _rules(results: Results) -> list[dict[str, Any]]:
    rows = results.by_rule().to_dict("records")
    told = ({str(name): value for name, value in row.items()} for row in rows)
    return [row | {"why": [{"reason": reason, "sites": number} for reason, number in row["why"]]} for row in told]


def _tell_rules(results: Results) -> None:
    from ..checks import RESULT_LABEL, RESULTS
    from ..model import LEVEL_LABEL

    told = (Text("代码", "code"), Text("级别", "level"), Text("查什么", "what it looks for"))
    headings = [str(text) for text in (*told, *RESULT_LABEL.values(), Text("未检查的原因", "why not run"))]
    comma = Text("；", "; ")
    rows = [
        [
            row["code"],
            str(LEVEL_LABEL[row["level"]]),
            _shortened(row["about"]),
            *(str(row[result] or "") for result in RESULTS),
            str(comma).join(f"{reason} {number}" for reason, number in row["why"]),
        ]
        for row in results.by_rule().to_dict("records")
    ]
    tell_table(headings, rows, form="table", data=None, right=range(3, 3 + len(RESULTS)), widest=WIDEST_RESULT)
    many = len(results.sites)
    say(
        Text(
            f"共 {many} 个小班；每行五个数相加就是小班数，空白是 0。一个问题涉及两个小班时两个都算。",
            f"{many} sites; the five numbers of a line add up to that, a blank is 0. A finding about two sites counts with both.",
        )
    )


def _shortened(about: str) -> str:
    """The first clause of what a rule is about: the rest is told by `explain`."""
    return re.split(r"[：（。:(]|\.$", about)[0].strip(" .")


def _of_site(results: Results, site_id: str) -> list[dict[str, Any]]:
    return [{"code": rule.code, "result": result, "why": str(why) if why else None} for rule, result, why in results.of(site_id)]


def _tell_site(results: Results, site_id: str) -> None:
    from ..checks import RESULT_LABEL, about
    from ..model import LEVEL_LABEL

    texts = (
        Text("代码", "code"),
        Text("级别", "level"),
        Text("查什么", "what it looks for"),
        Text("结果", "result"),
        Text("未检查的原因", "why not run"),
    )
    rows = [
        [rule.code, str(LEVEL_LABEL[rule.level]), _shortened(str(about(rule))), str(RESULT_LABEL[result]), str(why) if why else ""]
        for rule, result, why in results.of(site_id)
    ]
    say(Text(f"{site_id} 各条规则的结果：", f"What each rule says of {site_id}:"))
    tell_table([str(text) for text in texts], rows, form="table", data=None)


@command(
    "explain",
    "解释一个问题代码：是什么问题、为什么要紧、怎么改。",
    "Explain a finding's code: what is wrong, why it matters, how to mend it.",
)
@click.argument("code", metavar="CODE")
@lang
def explain(code: str) -> None:
    """Explain a code."""
    from ..findings import explanations

    wanted = code.strip().upper()
    known = explanations()
    if wanted not in known:
        raise UnknownName(Text("问题代码", "finding's code"), code, sorted(known))
    say(f"{wanted}　{known[wanted]}")


COMMANDS = {"check": check, "explain": explain}
