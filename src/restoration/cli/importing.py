"""The command that takes files in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import CannotWrite, FileRefused
from ..text import Text
from .findings import tell_findings, vars_of
from .options import UNIT, Worded, by, doc, findings_out, lang, note, of_file, on, open_project, output, pairs_of, project, reading
from .output import progress_shown, say, tell_table
from .words import command, gathered, option

if TYPE_CHECKING:
    from ..project import ImportAccount, Project

SAME_GROUND = Worded({"refuse": ("不收",), "renumber": ("改号",), "by_number": ("按编号",)})

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
    option("--unit", type=UNIT, zh="面积列的单位", en="unit of the area columns"),
    *of_file,
    option(
        "--same-ground",
        type=SAME_GROUND,
        default="refuse",
        show_default=True,
        zh="图形与台账里另一个编号的小班相同时：refuse 不收，renumber 是那个小班改了号，by_number 按文件的编号收",
        en="where a polygon is that of a site with another number: refuse, renumber that site, or go by the file's number (by_number)",
    ),
    option(
        "--offset-checked",
        is_flag=True,
        zh="核对过位置：与已知图形整体错开也收",
        en="the place was checked: take a layer that is off as a whole",
    ),
    option(
        "--reference",
        metavar="FILE",
        type=click.Path(path_type=Path),
        zh="位置可靠的面图层，用来核对位置；不写则用台账里的小班",
        en="polygons whose place is trusted, to compare with; the ledger's sites if not given",
    ),
    option("--profile", metavar="P.toml", type=click.Path(path_type=Path), zh="用存下的口径读文件", en="read the files as a profile says"),
    option(
        "--save-profile",
        metavar="P.toml",
        type=click.Path(path_type=Path),
        zh="把这次的读法存成口径",
        en="keep how they were read as a profile",
    ),
)


@command(
    "import",
    "导入图斑文件。一次导入要么全部写入，要么什么都不写；没有采用的行另存为 .refused.gpkg。在终端里缺什么就问，写入前先给你看。",
    "Take in files of sites, in one transaction; refused rows are kept beside the file as .refused.gpkg. On a terminal it asks for what is "
    "missing, and before it writes.",
)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_reading
@by
@on
@doc
@note
@option("--dry-run", is_flag=True, zh="只看结果和预览图，不写入", en="tell everything and draw the preview, write nothing")
@option(
    "--preview",
    metavar="OUT.html",
    type=click.Path(path_type=Path),
    zh="预览图；--dry-run 时不写则是文件旁的 文件名.preview.html",
    en="the preview map; with --dry-run it is NAME.preview.html beside the file if not given",
)
@findings_out("findings_path", "--findings")
@option("--yes", is_flag=True, zh="什么都不问，直接写入（缺什么就拒收）", en="ask nothing and write; what lacks something is refused")
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
    preview: Path | None,
    findings_path: Path | None,
    yes: bool,
    project_path: Path | None,
    form: str,
    how: dict[str, Any],
) -> int:
    """Import files."""
    from .asking import can_ask, wants_to_write, with_answers

    _require_free(how["save_profile"])
    if findings_path:
        _require_findings(findings_path)
    held = open_project(project_path, read_only=dry_run)
    asks = form == "table" and not yes and can_ask()

    def plan(said: dict[str, Any]) -> ImportAccount:
        with progress_shown():
            return held.import_files(paths, by=by, on=on, doc_no=doc_no, note=note, options=_import_options(said), dry_run=True)

    account = with_answers(plan, how) if asks else plan(how)
    drawn = _drawn(held, account, preview) if dry_run or preview else None
    if asks and account.plan.entries and not dry_run:
        _tell_account(account, form, drawn, pending=True)
        if not wants_to_write():
            return 0
        account = _taken(held, account)
        say(Text(f"已写入 {len(account.plan.entries)} 个小班。", f"Wrote {len(account.plan.entries)} sites."))
        _tell_refused(account)
    else:
        account = account if dry_run else _taken(held, account)
        _tell_account(account, form, drawn)
    _keep_profile(how, account, form)
    if findings_path:
        _write_findings(held, account, findings_path, said=form == "table")
    return FileRefused.exit_code if account.plan.count("refused") else 0


def _taken(held: Project, account: ImportAccount) -> ImportAccount:
    with progress_shown():
        return held.take(account)


def _require_free(path: Path | None) -> None:
    """A profile takes no other file's place; better told before anything is written."""
    from ..importing import cannot_save

    if path is not None and path.exists():
        raise cannot_save(path, Text("同名的文件已经存在", "it is there already"))


def _require_findings(out: Path) -> None:
    """Before anything is imported: the findings could be written under that name."""
    from ..export import require_name
    from ..findings import ENDINGS

    require_name(out, ENDINGS)


def _write_findings(held: Project, account: ImportAccount, out: Path, *, said: bool) -> None:
    from ..findings import write_findings

    plan = account.plan
    files = ", ".join(dict.fromkeys(told.file for told in plan.account))
    written = write_findings(plan.findings, out, sites=held.foreseen(account), table=held.table, refused=plan.refused, title=files)
    if said:
        say(Text(f"问题写在 {written}", f"The findings are in {written}"))


def _keep_profile(how: dict[str, Any], account: ImportAccount, form: str) -> None:
    from ..importing import save_profile

    if how["save_profile"] is None:
        return
    save_profile(how["save_profile"], _import_options(how), account.plan.understood)
    if form == "table":
        say(Text(f"读法存为口径 {how['save_profile']}", f"How it was read is kept in {how['save_profile']}"))


def _drawn(held: Project, account: ImportAccount, preview: Path | None) -> Text:
    """The preview map; one that nobody asked for by name stops nothing where its folder takes no files."""
    from ..drawing import preview as draw

    first = account.paths[0]
    try:
        made = draw(held, account, preview or first.with_name(f"{first.stem}.preview.html"))
    except CannotWrite as error:
        if preview:
            raise
        return Text(f"预览图没有画成：{error.fact.zh}", f"The preview was not drawn: {error.fact.en}")
    return Text(f"预览图：{made}（可断网打开）", f"Preview: {made} (opens with no network)")


def _import_options(how: dict[str, Any]) -> Any:
    from ..importing import Options, read_profile, with_profile
    from ..readers import Given

    options = Options(
        **reading(how),
        unit=how["unit"],
        ids=how["ids"],
        fields=pairs_of(how["fields"], "--field"),
        given=Given(measure=how["measure"], plan_year=how["year"], status=how["status"], town=how["town"]),
        same_ground=how["same_ground"],
        offset_checked=how["offset_checked"],
        reference=how["reference"],
    )
    return with_profile(options, read_profile(how["profile"]), how["profile"].name) if how["profile"] else options


def _tell_account(account: ImportAccount, form: str, drawn: Text | None, *, pending: bool = False) -> None:
    from ..importing import OUTCOME_LABEL

    plan = account.plan
    if form == "json":
        data = {"account": [vars_of(told) for told in plan.account], "refused_files": account.refused_files, "dry_run": account.is_dry_run}
        findings = [vars_of(found) for found in plan.findings]
        tell_table([], [], form=form, data={**data, "gone": plan.gone, "findings": findings})
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
    if plan.gone:
        say(Text(f"文件里没有了的小班 {len(plan.gone)} 个（I107）。", f"{len(plan.gone)} sites are in the file no more (I107)."))
    if drawn:
        say(drawn)
    if account.is_dry_run and not pending:
        say(Text("这是试运行，没有写入任何内容。", "This was a dry run: nothing was written."))
    _tell_refused(account)


def _tell_refused(account: ImportAccount) -> None:
    for path in account.refused_files:
        say(Text(f"未采用的行在 {path}", f"Refused rows are in {path}"))


COMMANDS = {"import": import_}
