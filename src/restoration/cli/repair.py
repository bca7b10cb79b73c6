"""The command that proposes mended boundaries, and writes them when it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest
from ..text import Text
from .options import doc, lang, on, open_project, output, project
from .output import say, tell_table
from .words import command, option
from .write import tell_written

if TYPE_CHECKING:
    import geopandas as gpd

    from ..checks import Proposal

HEADINGS = (
    Text("编号", "site"), Text("问题", "finding"), Text("怎样修", "how"), Text("原面积(m²)", "area now (m²)"),
    Text("修后(m²)", "mended (m²)"), Text("差(m²)", "change (m²)"), Text("差(%)", "change (%)"), Text("顶点", "points"),
    Text("保留原地(%)", "ground kept (%)"), Text("最多移动(米)", "moved at most (m)"), Text("结论", "verdict"),
)  # fmt: skip
WIDEST = 26
"""Columns that a cell takes, so that the table fits a screen."""


@command(
    "repair",
    "对图形无效（S101）、点重复（S103）、有尖刺（S104）的小班提出修复后的边界；加 --apply 才写入。",
    "Propose mended boundaries for invalid geometries (S101), duplicate points (S103) and spikes (S104); --apply writes them.",
)
@click.argument("sites", metavar="[SITE...]", nargs=-1)
@option("--code", "codes", multiple=True, metavar="CODE", zh="只修这种问题，可写多次", en="mend only this, as often as needed")
@option("--out", type=click.Path(path_type=Path), metavar="OUT.gpkg", zh="把修复前后的边界存成图层", en="write both boundaries as layers")
@option("--apply/--dry-run", "applied", is_flag=True, zh="写入台账（不写则只看建议）", en="write to the ledger (else only propose)")
@option("--by", default="", metavar="NAME", zh="填报人（写入时必填）", en="who records this, with --apply")
@option("--reason", default="", metavar="TEXT", zh="修复理由（写入时必填）", en="why, with --apply")
@option("--large", multiple=True, metavar="SITE", zh="面积变化大也要写入的小班，可写多次", en="a site whose large change is right")
@on
@doc
@project
@output
@lang
def repair(
    sites: Sequence[str],
    codes: Sequence[str],
    out: Path | None,
    applied: bool,
    by: str,
    reason: str,
    large: Sequence[str],
    on: date | None,
    doc_no: str,
    project_path: Path | None,
    form: str,
) -> None:
    """Propose or write repairs."""
    if applied and not (by.strip() and reason.strip()):
        raise BadRequest(
            Text("写入修复要有填报人和理由。", "To write repairs a person and a reason are needed."),
            Text("请加 --by 和 --reason。", "Give --by and --reason."),
        )
    if out:
        _require_layers(out)
    held = open_project(project_path, read_only=not applied)
    proposals = held.repairs(sites, codes=codes)
    written = held.repair(sites, by=by, reason=reason, codes=codes, large=large, on=on, doc_no=doc_no) if applied and proposals else []
    if out:
        _write_layers(proposals, out)
    _tell(proposals, form)
    if form == "table":
        if written:
            tell_written(held, written)
        elif proposals:
            say(Text("这是修复建议，没有写入任何内容。", "These are proposals: nothing was written."))
        if out:
            say(Text(f"已写出 {out}", f"Wrote {out}"))


def _tell(proposals: Sequence[Proposal], form: str) -> None:
    from ..checks import VERDICT_LABEL, table_of
    from ..units import rounded

    if form == "table" and not proposals:
        say(Text("没有可以修复的问题。", "There is nothing to mend."))
        return
    rows = [
        [
            one.site_id,
            " ".join(one.codes),
            str(one.how),
            rounded(one.before_m2, 2),
            rounded(one.after_m2, 2),
            rounded(one.after_m2 - one.before_m2, 2),
            _number(one.change_pct, 4),
            f"{one.points[0]} → {one.points[1]}",
            _number(one.kept_pct, 4),
            _number(one.moved_m, 2),
            str(VERDICT_LABEL[one.verdict]),
        ]
        for one in proposals
    ]
    data: list[dict[Any, Any]] = table_of(proposals).to_dict("records")
    tell_table([str(heading) for heading in HEADINGS], rows, form=form, data=data, right=range(3, 10), widest=WIDEST)


def _number(value: float, digits: int) -> str:
    from math import isfinite

    from ..units import rounded

    return rounded(value, digits) if isfinite(value) else "—"


def _require_layers(out: Path) -> None:
    """Before anything is written to the ledger: the layers could be written under that name."""
    from ..export import require_name

    require_name(out, (".gpkg",))


def _write_layers(proposals: Sequence[Proposal], out: Path) -> None:
    from ..export import write_as_named, write_styled

    layers = {name: _layer(proposals, name) for name in ("before", "after")}
    write_as_named(out, {".gpkg": lambda path: write_styled(layers, {}, path)})


def _layer(proposals: Sequence[Proposal], name: str) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from ..checks import table_of
    from ..frame import CRS

    return gpd.GeoDataFrame(table_of(proposals), geometry=[getattr(one, name) for one in proposals], crs=CRS)


COMMANDS = {"repair": repair}
