"""Files to a plan: read, understood, matched to the sites of a ledger, and looked at by the checks. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd

from . import checks, importing, readers
from .errors import FileRefused
from .foreseeing import foreseen
from .importing import Kept, Options, Plan, Signed, Source
from .model import Event, Finding, today
from .store import Ledger, is_project
from .text import Text
from .thresholds import Thresholds


def plan_files(ledger: Ledger, paths: Sequence[Path], *, signed: Signed, options: Options, limits: Thresholds | None) -> Plan:
    """What files would write to a ledger, and what is to be told of every row.

    Parameters
    ----------
    ledger
        Where the sites are kept; it is only read.
    paths
        Files of any format that `readers` takes.
    signed
        Who imports, on which day, by which document.
    options
        How to read the files and understand their columns.
    limits
        The thresholds of the checks that look at the sites as they would be; without any they are not looked at.

    Raises
    ------
    FileRefused, NotFound, BadRequest, UnknownName
    """
    for path in paths:
        _require_no_project(path)
    plan = Plan()
    for path in paths:
        _plan_file(ledger, plan, path, signed, options)
    plan.findings += [importing.row_refused(told) for told in plan.account if told.outcome == "refused" and told.site_id]
    plan.findings += _foreseen_findings(ledger, plan, limits) if limits else []
    return plan


def _foreseen_findings(ledger: Ledger, plan: Plan, limits: Thresholds) -> list[Finding]:
    """What the checks would find in the sites that the plan writes, notes apart."""
    touched = {entry.event.site_id for entry in plan.entries}
    if not touched:
        return []
    found = checks.check(foreseen(ledger.sites(), plan.entries, table=ledger.table), table=ledger.table, limits=limits)
    return [f for f in found if f.level != "note" and touched & {f.site_id, f.other_site_id}]


def _plan_file(ledger: Ledger, plan: Plan, path: Path, signed: Signed, options: Options) -> None:
    layers, findings = readers.read(
        path, encoding=options.encoding, crs=options.crs, layer=options.layer, swapped=options.swapped, shift=options.shift
    )
    plan.findings += findings
    for layer in layers:
        intake, told = readers.intake(
            layer, ids=options.ids, fields=options.fields, given=options.given, unit=options.unit, table=ledger.table, today=today()
        )
        plan.findings += told
        source = Source(layer.file, layer.sha256, layer.name, layer.crs, layer.encoding)
        sites = importing.site_ids(intake.rows, ledger.table, renumbered=ledger.renumbered())
        kept = _kept(ledger, sites)
        importing.add_layer(plan, intake.rows, sites=sites, source=source, kept=kept, signed=signed, table=ledger.table)
        _add_refused(plan, intake.refused, layer.file)


def _kept(ledger: Ledger, site_ids: Sequence[str]) -> dict[str, Kept]:
    heads = ledger.heads(site_ids)
    if not heads:
        return {}
    histories = ledger.histories(heads)
    drawn = ledger.boundary_versions(heads)
    shapes = dict(zip(zip(drawn["site_id"], drawn["version"], strict=True), drawn.geometry, strict=True))
    return {
        site: Kept(head, histories[site], shapes[site, head.event.state.boundary], _mended(ledger, histories[site]))
        for site, head in heads.items()
    }


def _mended(ledger: Ledger, history: Sequence[Event]) -> Mapping[str, object]:
    if all("source" in event.payload for event in history):
        return {}
    return importing.mended_by_hand(history, ledger.attribute_versions(history[0].site_id))


def _require_no_project(path: Path) -> None:
    if path.suffix.lower() == ".gpkg" and path.is_file() and is_project(path):
        raise FileRefused(
            Text(f"{path} 是本软件的项目文件，不是图斑文件。", f"{path} is a project of this program, no file of sites."),
            Text("请先用 restoration export 导出，再导入导出的文件。", "Write its sites out with `restoration export` and import that."),
        )


def _add_refused(plan: Plan, refused: gpd.GeoDataFrame, file: str) -> None:
    if not len(refused):
        return
    plan.refused.append(refused.assign(source_file=file))
    rows = zip(refused["source_row"], refused["reason"], strict=True)
    plan.account.extend(importing.Told(file, int(row), "", "refused", str(reason)) for row, reason in rows)
