"""The command that takes files in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import FileRefused
from ..text import Text
from .findings import tell_findings, vars_of
from .options import by, doc, lang, note, of_file, on, open_project, output, pairs_of, project, reading
from .output import say, tell_table
from .words import command, gathered, option

if TYPE_CHECKING:
    from ..project import ImportAccount

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
    project_path: Path | None,
    form: str,
    how: dict[str, Any],
) -> int:
    """Import files."""
    held = open_project(project_path, read_only=dry_run)
    account = held.import_files(paths, by=by, on=on, doc_no=doc_no, note=note, options=_import_options(how), dry_run=dry_run)
    _tell_account(account, form)
    return FileRefused.exit_code if account.plan.count("refused") else 0


def _import_options(how: dict[str, Any]) -> Any:
    from ..importing import Options
    from ..readers import Given

    return Options(
        **reading(how),
        unit=how["unit"],
        ids=how["ids"],
        fields=pairs_of(how["fields"], "--field"),
        given=Given(measure=how["measure"], plan_year=how["year"], status=how["status"], town=how["town"]),
    )


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


COMMANDS = {"import": import_}
