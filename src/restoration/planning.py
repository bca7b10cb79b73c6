"""Files to a plan: read, understood, matched to the sites of a ledger, and looked at by the checks. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from . import checks, importing, readers
from .errors import FileRefused
from .foreseeing import foreseen
from .importing import Kept, Options, Plan, Signed, Source
from .model import Event, Finding, today
from .readers.rules_file import crs_overridden
from .reference_files import Given
from .store import Ledger, is_project
from .text import Text
from .thresholds import Thresholds


def plan_files(
    ledger: Ledger, paths: Sequence[Path], *, signed: Signed, options: Options, limits: Thresholds | None, given: Given | None = None
) -> Plan:
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
    given
        Reference layers and photos for these checks.

    Raises
    ------
    FileRefused, NotFound, BadRequest, UnknownName
    """
    for path in (*paths, *([options.reference] if options.reference else [])):
        _require_no_project(path)
    desk = _Desk(ledger, signed, options)
    for path in paths:
        _plan_file(desk, path)
    plan = desk.plan
    plan.findings += [importing.row_refused(told) for told in plan.account if told.outcome == "refused" and told.site_id and not told.code]
    _tell_gone(desk)
    plan.findings += _foreseen_findings(desk, limits, given) if limits else []
    plan.findings = importing.located(plan)
    return plan


@dataclass
class _Desk:
    """A ledger and what is planned for it, while the files are gone through."""

    ledger: Ledger
    signed: Signed
    options: Options
    plan: Plan = field(default_factory=Plan)
    sources: dict[tuple[str, str], None] = field(default_factory=dict)
    refused_numbers: set[str] = field(default_factory=set)
    tasks: set[tuple[str, int, str]] = field(default_factory=set)
    found: set[str] = field(default_factory=set)

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        return self.ledger.sites()

    @cached_property
    def renumbered(self) -> dict[tuple[str, int, str], str]:
        return self.ledger.renumbered()

    @cached_property
    def reference(self) -> importing.Known:
        """Polygons whose place is trusted: those of the reference that is given, else the ledger's."""
        if self.options.reference is None:
            return importing.Known(np.asarray(self.frame.geometry.array), self.frame["site_id"].tolist())
        layers, _ = readers.read(self.options.reference)
        shapes = np.concatenate([np.asarray(layer.rows.geometry.array) for layer in layers])
        return importing.Known(shapes, [""] * len(shapes))


def _foreseen_findings(desk: _Desk, limits: Thresholds, given: Given | None) -> list[Finding]:
    """What the checks would find in the sites that the plan writes, notes apart."""
    touched = {entry.event.site_id for entry in desk.plan.entries}
    if not touched:
        return []
    table = desk.ledger.table
    held = given or Given({}, None, {})
    sites = foreseen(desk.frame, desk.plan.entries, table=table)
    found = checks.check(sites, table=table, limits=limits, references=held.references, photos=held.photos)
    return [f for f in found if f.level != "note" and touched & {f.site_id, f.other_site_id}]


def _plan_file(desk: _Desk, path: Path) -> None:
    options, table = desk.options, desk.ledger.table
    layers, findings = readers.read(
        path,
        encoding=options.encoding,
        crs=options.crs,
        layer=options.layer,
        swapped=options.swapped,
        shift=options.shift,
        degrees=options.degrees,
    )
    desk.plan.findings += findings
    _require_profiled_crs(options, findings)
    for layer in layers:
        importing.require_columns(options, [str(name) for name in layer.rows.columns if name not in ("source_row", "geometry")], layer.file)
        intake, told = readers.intake(
            layer, ids=options.ids, fields=options.fields, given=options.given, unit=options.unit, table=table, today=today()
        )
        desk.plan.findings += told
        for rows in (intake.rows, intake.refused):
            importing.note_shapes(desk.plan, rows, file=layer.file, layer=layer.name)
        source = Source(layer.file, layer.sha256, layer.name, layer.crs, layer.encoding)
        desk.plan.understood.append(importing.Understood(source, intake.mapping, intake.numbered_by, intake.unit))
        _plan_layer(desk, intake, source)
        _add_refused(desk.plan, intake.refused, layer)


def _require_profiled_crs(options: Options, findings: Sequence[Finding]) -> None:
    """A profile's CRS stands for files that declare none; it does not silently go before what another file declares."""
    overridden = [found for found in findings if found.code == crs_overridden.code]
    if "crs" in options.profiled and overridden:
        said = overridden[0].message
        raise FileRefused(
            Text(
                f"口径 {options.profile} 的坐标系与文件不符：{said.zh}",
                f"The CRS of the profile {options.profile} is not the file's: {said.en}",
            ),
            Text("请核对，用 --crs 写明用哪一个。", "See which is right and name it with --crs."),
        )


def _plan_layer(desk: _Desk, intake: readers.Intake, source: Source) -> None:
    rows, table = intake.rows, desk.ledger.table
    sites = importing.site_ids(rows, table, renumbered=desk.renumbered)
    desk.sources[source.file, source.layer] = None
    desk.refused_numbers |= intake.refused_numbers
    desk.tasks |= set(zip(rows["measure"], rows["plan_year"].tolist(), rows["town"], strict=True))
    if _is_off(desk, rows, sites, source):
        return
    same = importing.same_ground(rows, sites, desk.frame, choice=desk.options.same_ground, seen=desk.plan.seen)
    desk.found |= {other.site_id for other in same.values()}
    kept = _kept(desk.ledger, [*sites, *(other.site_id for other in same.values() if other.becomes == "renumbered")])
    importing.add_layer(desk.plan, rows, sites=sites, source=source, kept=kept, signed=desk.signed, table=table, same=same)


def _is_off(desk: _Desk, rows: gpd.GeoDataFrame, sites: Sequence[str], source: Source) -> bool:
    """Tell where a layer lies off as a whole; whether it is refused for that."""
    known, reference = desk.reference, desk.options.reference
    offset, found = importing.offset_of(np.asarray(rows.geometry.array), sites, known)
    if reference is not None and len(rows) and not found:
        desk.plan.findings.append(importing.reference_unmatched(source, reference.name))
    if offset is None:
        return False
    if not offset.system or offset.known_is_shifted:
        desk.plan.findings.append(importing.layer_offset(source, offset))
        return False
    accepted = desk.options.offset_checked
    finding = importing.layer_shifted(source, offset, accepted=accepted)
    desk.plan.findings.append(finding)
    if not accepted:
        importing.refuse_layer(desk.plan, rows, sites, source, finding)
    return not accepted


def _tell_gone(desk: _Desk) -> None:
    """Sites that an earlier file of the same source brought and that the batch has no more."""
    frame, plan = desk.frame, desk.plan
    task = pd.MultiIndex.from_frame(frame[["measure", "plan_year", "town"]])
    named = frame[frame["counted"] & task.isin(list(desk.tasks))].set_index("site_id")
    groups = dict(zip(named.index, zip(named["measure"], named["plan_year"], named["town"], strict=True), strict=True))
    present = plan.seen | desk.found | set(named.index[named["source_id"].isin(desk.refused_numbers)])
    histories = desk.ledger.histories(named.index) if plan.seen & set(named.index) else {}
    for site_id, brought in importing.gone(histories, groups, present=present, sources=desk.sources).items():
        plan.gone.append(site_id)
        plan.findings.append(importing.site_gone(", ".join(file for file, _ in desk.sources), site_id, named.at[site_id, "name"], brought))


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


def _add_refused(plan: Plan, refused: gpd.GeoDataFrame, layer: readers.Layer) -> None:
    if not len(refused):
        return
    plan.refused.append(refused.assign(source_file=layer.file))
    rows = zip(refused["source_row"], refused["reason"], strict=True)
    plan.account.extend(importing.Told(layer.file, int(row), "", "refused", str(reason), layer=layer.name) for row, reason in rows)
