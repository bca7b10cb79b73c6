"""The commands that write to the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest, FileRefused
from ..text import Text
from .options import (
    by,
    doc,
    findings_out,
    lang,
    measured,
    measured_values,
    note,
    of_file,
    on,
    open_project,
    output,
    project,
    reading,
    surveyed,
)
from .output import say, tell_table
from .words import command, gathered, option

if TYPE_CHECKING:
    from ..model import Event, Finding
    from ..project import ImportAccount, Project


MOST_TOLD = 30
"""Findings of one kind that an import tells one by one."""


@command("init", "新建一个项目文件；已有同名文件时不覆盖。", "Make a new project file; refuses to overwrite.")
@click.argument("path", metavar="P.gpkg", type=click.Path(path_type=Path))
@option("--title", default="", zh="标题", en="title")
@lang
def init(path: Path, title: str) -> None:
    """Make a project."""
    from ..project import Project

    if path.suffix.lower() != ".gpkg":
        raise BadRequest(
            Text(f"项目文件名须以 .gpkg 结尾，现在是 {path.name}。", f"A project file ends in .gpkg; this is {path.name}."),
            Text(f"例如 restoration init {path.stem}.gpkg", f"For example: restoration init {path.stem}.gpkg"),
        )

    Project.create(path, title=title)
    say(
        Text(f"已新建项目 {path}。", f"Made the project {path}."),
        Text(
            "下一步：restoration import 文件 --measure … --year … --by …", "Next: restoration import FILE --measure ... --year ... --by ..."
        ),
    )


_reading = gathered(
    "how",
    option("--measure", metavar="措施", zh="措施（文件里没有这一列时）", en="measure, if no column says it"),
    option("--year", type=int, zh="计划年度", en="plan year"),
    option("--status", zh="状态（不写为 已落地上图）", en="status (sited if not given)"),
    option("--town", zh="乡镇", en="town"),
    option(
        "--id", "ids", multiple=True, metavar="FIELD", zh="编号列；可写多次，合起来作编号", en="column of the number; several are joined"
    ),
    option(
        "--field",
        "fields",
        multiple=True,
        metavar="名=列",
        zh="指定列，如 --field measure=措施",
        en="which column is what, as --field measure=KIND",
    ),
    option("--unit", type=click.Choice(["mu", "ha", "m2", "km2"]), zh="面积列的单位", en="unit of the area columns"),
    *of_file,
)


@command(
    "import",
    "导入图斑文件。一次导入要么全部写入，要么什么都不写；没有采用的行另存为 .refused.gpkg。",
    "Take in files of sites, in one transaction; refused rows are kept beside the file as .refused.gpkg.",
)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_reading
@by
@on
@doc
@note
@option("--dry-run", is_flag=True, zh="只看结果，不写入", en="tell everything, write nothing")
@findings_out("findings_path", "--findings")
@project
@output
@lang
def import_(
    paths: Sequence[Path],
    by: str,
    on: date | None,
    doc_no: str,
    note: str,
    dry_run: bool,
    findings_path: Path | None,
    project_path: Path | None,
    form: str,
    how: dict[str, Any],
) -> int:
    """Import files."""
    if findings_path:
        _require_findings(findings_path)
    held = open_project(project_path, read_only=dry_run)
    account = held.import_files(paths, by=by, on=on, doc_no=doc_no, note=note, options=_import_options(how), dry_run=dry_run)
    _tell_account(account, form)
    if findings_path:
        _write_findings(held, account, findings_path, said=form == "table")
    return FileRefused.exit_code if account.plan.count("refused") else 0


def _require_findings(out: Path) -> None:
    """Before anything is imported: the findings could be written under that name."""
    from ..export import require_name
    from ..findings import ENDINGS

    require_name(out, ENDINGS)


def _write_findings(held: Project, account: ImportAccount, out: Path, *, said: bool) -> None:
    from ..findings import write_findings

    plan = account.plan
    files = ", ".join(dict.fromkeys(told.file for told in plan.account))
    written = write_findings(plan.findings, out, sites=account.sites, table=held.table, refused=plan.refused, title=files)
    if said:
        say(Text(f"问题写在 {written}", f"The findings are in {written}"))


def _import_options(how: dict[str, Any]) -> Any:
    from ..importing import Options
    from ..readers import Given

    return Options(
        **reading(how),
        unit=how["unit"],
        ids=how["ids"],
        fields=_pairs(how["fields"], "--field"),
        given=Given(measure=how["measure"], plan_year=how["year"], status=how["status"], town=how["town"]),
    )


def _pairs(words: Sequence[str], flag: str) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            raise BadRequest(
                Text(f"{flag} {word} 少了等号。", f"{flag} {word} lacks an equals sign."),
                Text(f"写成 {flag} 名=值。", f"Write {flag} NAME=VALUE."),
            )
    return {name.strip(): value.strip() for name, _, value in (word.partition("=") for word in words)}


def _tell_account(account: ImportAccount, form: str) -> None:
    from ..importing import OUTCOME_LABEL

    plan = account.plan
    if form == "json":
        data = {"account": [vars_of(told) for told in plan.account], "refused_files": account.refused_files, "dry_run": account.is_dry_run}
        tell_table([], [], form=form, data={**data, "findings": [vars_of(found) for found in plan.findings]})
        return
    if form == "csv":
        headings = [
            str(label)
            for label in (Text("文件", "file"), Text("行", "row"), Text("编号", "site"), Text("结果", "outcome"), Text("原因", "why"))
        ]
        tell_table(
            headings, [[t.file, str(t.row), t.site_id, str(OUTCOME_LABEL[t.outcome]), t.why] for t in plan.account], form=form, data=None
        )
        return
    tell_findings(plan.findings)
    counts = [f"{label} {plan.count(outcome)}" for outcome, label in OUTCOME_LABEL.items()]  # type: ignore[arg-type]
    say(Text(f"共 {len(plan.account)} 行：{'，'.join(counts)}。", f"{len(plan.account)} rows: {', '.join(counts)}."))
    if account.is_dry_run:
        say(Text("这是试运行，没有写入任何内容。", "This was a dry run: nothing was written."))
    for path in account.refused_files:
        say(Text(f"未采用的行在 {path}", f"Refused rows are in {path}"))


def tell_findings(findings: Sequence[Finding]) -> None:
    """The findings in their order, of each kind no more than can be read."""
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.code] += 1
        if told[finding.code] <= MOST_TOLD:
            say(finding_line(finding))
    for code, number in told.items():
        if number > MOST_TOLD:
            more = number - MOST_TOLD
            say(Text(f"{code} 还有 {more} 条，全部见 --format json。", f"{more} more of {code}: see --format json for all."))


def vars_of(record: Any) -> dict[str, Any]:
    """A record as a dictionary of its fields."""
    from dataclasses import asdict

    return asdict(record)


def finding_line(finding: Any) -> str:
    """One finding on one line, with its way out."""
    from ..model import LEVEL_LABEL

    level = LEVEL_LABEL[finding.level]
    place = " ".join(
        part
        for part in (finding.file, f"{Text('第', 'row ')}{finding.row}{Text('行', '')}" if finding.row else "", finding.site_id)
        if part and part not in str(finding.message)
    )
    told_already = finding.lon_lat.replace(",", ", ") in str(finding.message)
    at = "" if told_already else Text(f"（位置 {finding.lon_lat}）", f" (at {finding.lon_lat})")
    return f"[{level} {finding.code}] {place}{Text('：', ': ') if place else ''}{finding.message}{at} {finding.way_out}".rstrip()


@command(
    "update",
    "变更小班状态。几个小班一起办时，要么全改，要么都不改。",
    "Change the status of sites; several in one go are all or nothing.",
)
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@option("--to", required=True, metavar="STATUS", zh="新状态（代码或中文）", en="new status, code or label")
@by
@on
@doc
@surveyed
@measured
@note
@project
@lang
def update(
    sites: Sequence[str],
    to: str,
    by: str,
    on: date | None,
    doc_no: str,
    surveyed_on: date | None,
    note: str,
    project_path: Path | None,
    values: dict[str, float | None],
) -> None:
    """Update a status."""
    held = open_project(project_path)
    written = held.update(sites, to=to, by=by, on=on, doc_no=doc_no, note=note, surveyed_on=surveyed_on, measured=measured_values(values))
    tell_written(held, written)


@command(
    "measure",
    "登记一个小班的面积和指标（上报、核实、合格、成活率等），不改状态。",
    "Record areas and indicators of one site; the status stays.",
)
@click.argument("site", metavar="SITE")
@measured
@surveyed
@by
@on
@doc
@note
@project
@lang
def measure(
    site: str,
    by: str,
    on: date | None,
    surveyed_on: date | None,
    doc_no: str,
    note: str,
    project_path: Path | None,
    values: dict[str, float | None],
) -> None:
    """Record measured values."""
    held = open_project(project_path)
    found = measured_values(values)
    if not found:
        raise BadRequest(
            Text("没有给出面积或指标。", "No area or indicator was given."),
            Text("例如 --reported-mu 120.5。", "For example --reported-mu 120.5."),
        )
    tell_written(held, held.measure(site, measured=found, by=by, on=on, surveyed_on=surveyed_on, doc_no=doc_no, note=note))


@command("correct", "更正记错的内容：原记录保留，更正另记一笔。", "Put a wrong record right; the old one stays in the history.")
@click.argument("site", metavar="SITE")
@option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="字段=值",
    zh="要更正的字段和新值，可写多次",
    en="field and new value, as often as needed",
)
@option("--reason", required=True, metavar="TEXT", zh="更正理由", en="why")
@by
@on
@doc
@project
@lang
def correct(site: str, changes: Sequence[str], reason: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Correct a record."""
    held = open_project(project_path)
    tell_written(held, held.correct(site, changes=_pairs(changes, "--set"), reason=reason, by=by, on=on, doc_no=doc_no))


@command("note", "给小班加备注（检查、施工内容、文件等）。", "Note something about sites: an inspection, works, a document.")
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@option("--text", required=True, metavar="TEXT", zh="备注内容", en="the note")
@by
@on
@doc
@project
@lang
def note_(sites: Sequence[str], text: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Add a note."""
    held = open_project(project_path)
    tell_written(held, held.note(sites, text=text, by=by, on=on, doc_no=doc_no))


@command("waive", "豁免一项检查问题；边界重划后豁免自动失效。", "Accept a finding; the waiver falls when the boundary changes.")
@click.argument("site", metavar="SITE")
@click.argument("code", metavar="CODE")
@option("--other", default="", metavar="SITE", zh="另一个小班（问题涉及两个小班时）", en="the other site, where the finding is about two")
@option("--reason", required=True, metavar="TEXT", zh="豁免理由", en="why")
@by
@on
@doc
@project
@lang
def waive(site: str, code: str, other: str, reason: str, by: str, on: date | None, doc_no: str, project_path: Path | None) -> None:
    """Waive a finding."""
    held = open_project(project_path)
    tell_written(held, held.waive(site, code=code, other=other, reason=reason, by=by, on=on, doc_no=doc_no))


def tell_written(held: Project, written: Sequence[Event]) -> None:
    """Each event that was written, on one line."""
    from ..model import KIND_LABEL

    heads = held.ledger.heads(event.site_id for event in written)
    for event in written:
        what = KIND_LABEL[event.kind]
        status = held.table.label(event.state.status, heads[event.site_id].attributes.measure)
        say(
            Text(
                f"{event.site_id}：{what.zh}，现状“{status.zh}”，{event.happened_on}，{event.recorded_by}。",
                f"{event.site_id}: {what.en}, now {status.en!r}, {event.happened_on}, {event.recorded_by}.",
            )
        )


COMMANDS = {
    "init": init,
    "import": import_,
    "update": update,
    "measure": measure,
    "correct": correct,
    "note": note_,
    "waive": waive,
}
