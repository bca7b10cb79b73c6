"""The command that sums areas inside a boundary: a township, a reserve, a catchment, cropland, any layer of polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import BadRequest, FileRefused
from ..text import Text
from .findings import tell_findings, vars_of
from .footing import Footed, nothing_yet, residual_told, when_told
from .options import as_of, lang, of_file, open_project, output, project, reading, unit
from .output import say, tell_table
from .words import command, gathered, option

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ..model import Finding
    from ..readers import Layer
    from ..tally import Inside

AREAS = {
    "task_m2": Text("措施面积", "task area"),
    "land_m2": Text("土地面积", "land area"),
    "region_m2": Text("范围面积", "area of the region"),
}
OUTSIDE, NAMELESS = Text("范围外", "outside"), Text("（未填）", "(blank)")


@command(
    "inside",
    "某个范围内的面积：乡镇、保护区、小流域、永久基本农田，或任何面图层；范围外的也列出。",
    "Areas inside a boundary: townships, a reserve, a catchment, cropland, any layer of polygons; and what lies outside.",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--name",
    metavar="FIELD",
    default="",
    zh="范围名称所在的列；不写则整个图层是一个范围",
    en="column that names the regions; else all is one",
)
@option("--sites", "by_site", is_flag=True, zh="逐个小班列出", en="also site by site")
@option("--out", type=click.Path(path_type=Path), metavar="OUT.gpkg", zh="把范围内外的各部分存成图层", en="write the parts as a layer")
@gathered("how", *of_file)
@as_of
@unit
@project
@output
@lang
def inside(
    file: Path,
    name: str,
    by_site: bool,
    out: Path | None,
    as_of: date | None,
    clock: Any,
    unit: str,
    project_path: Path | None,
    form: str,
    how: dict[str, Any],
) -> int:
    """Sum areas inside a boundary."""
    from ..tally import inside as divided

    held = open_project(project_path, read_only=True)
    layer, findings = _layer(file, how)
    sites = held.sites(as_of=as_of, clock=clock)
    found = divided(sites, layer.rows, name=name, limits=held.limits())
    if out:
        _write(found, out, names=sites.set_index("site_id")["name"])
    about = {"file": layer.file, "layer": layer.name, "as_of": as_of, "clock": clock, "refused_rows": len(layer.refused)}
    shown_sites = _site_rows(found, sites) if by_site else []
    if form == "json":
        data = {**about, **_data(found, by_site=by_site), "findings": [vars_of(finding) for finding in findings]}
        tell_table([], [], form=form, data=data)
    elif form == "csv":
        _tell_sites(shown_sites, unit, form) if by_site else _tell_regions(found, unit, form)
    else:
        tell_findings(findings)
        _tell_regions(found, unit, form)
        if by_site:
            say("")
            _tell_sites(shown_sites, unit, form)
        _footnote(found, about)
        if found.name:
            say(_residual(found, unit))
        if out:
            say(Text(f"已写出 {out}", f"Wrote {out}"))
    return _told_refused(layer)


def _layer(file: Path, how: Mapping[str, Any]) -> tuple[Layer, Sequence[Finding]]:
    """The one layer of polygons that the file has, or that was asked for."""
    from .. import readers
    from ..store import is_project

    if file.suffix.lower() == ".gpkg" and file.is_file() and is_project(file):
        raise FileRefused(
            Text(f"{file} 是本软件的项目文件，不是范围。", f"{file} is a project of this program, no boundary."),
            Text("请给出只有范围面的文件。", "Name a file of polygons."),
        )
    layers, findings = readers.read(file, **reading(how))
    filled = [layer for layer in layers if len(layer.rows)]
    if len(filled) > 1:
        names = [layer.name for layer in filled]
        raise BadRequest(
            Text(f"{file} 里有 {len(names)} 个图层：{'、'.join(names)}。", f"{file} has {len(names)} layers: {', '.join(names)}."),
            Text("请用 --layer 指明一个。", "Name one with --layer."),
        )
    if not filled:
        why = next((str(finding.message) for finding in findings if finding.level == "error"), "")
        raise FileRefused(
            Text(f"{file} 里没有可用的面。{why}", f"{file} has no polygon that can be used. {why}".rstrip()),
            Text("请按上面的提示改好后再试。", "Mend it as said and try again.")
            if why
            else Text("范围要是面；线请先在 GIS 软件里转成面。", "A boundary is made of polygons: turn lines into polygons first."),
        )
    return filled[0], findings


def _told_refused(layer: Layer) -> int:
    if not len(layer.refused):
        return 0
    told = Text(
        f"注意：{layer.file} 有 {len(layer.refused)} 行未采用，它们的范围没有计入。",
        f"Mind: {len(layer.refused)} rows of {layer.file} were refused, and their ground is in no region.",
    )
    click.echo(str(told), err=True)
    return FileRefused.exit_code


def _data(found: Inside, *, by_site: bool) -> dict[str, Any]:
    listed = {"sites": found.sites.drop(columns="geometry").to_dict("records"), "outside": found.outside.to_dict("records")}
    return {
        "name": found.name,
        "regions": found.regions.to_dict("records"),
        **{name: getattr(found, name) for name in ("within", "beyond", "whole", "shared", "left_out")},
        **(listed if by_site else {}),
    }


def _tell_regions(found: Inside, unit: str, form: str) -> None:
    from ..units import LABEL

    headings = [
        found.name or str(Text("范围", "region")),
        str(Text("小班数", "sites")),
        *(f"{label}({LABEL[unit]})" for label in AREAS.values()),
        str(Text("占范围%", "% of the region")),
    ]
    rows = [[row["region"] or str(NAMELESS), *_numbers(row, unit)] for row in found.regions.to_dict("records")] if found.name else []
    if found.name:
        rows.append([str(Text("各范围重叠(减)", "shared by regions (-)")), *_numbers({n: -v for n, v in found.shared.items()}, unit)])
    for told, figures in ((Text("范围内", "inside"), found.within), (OUTSIDE, found.beyond), (Text("合计", "in all"), found.whole)):
        rows.append([str(told), *_numbers(figures, unit)])
    tell_table(headings, rows, form=form, data=None, right=1)


def _residual(found: Inside, unit: str) -> Text:
    """By how much what is inside is off the regions less what they share, as shown."""
    from ..units import shown

    columns = [
        Footed(
            label, [*(shown(area, unit) for area in found.regions[name]), shown(-found.shared[name], unit)], shown(found.within[name], unit)
        )
        for name, label in AREAS.items()
    ]
    return residual_told(columns, unit)


def _numbers(row: Mapping[Any, Any], unit: str) -> list[str]:
    from ..units import rounded, shown

    areas = (shown(row[name], unit) if name in row else "" for name in AREAS)
    return [str(row.get("sites", "")), *areas, rounded(row.get("share_pct", float("nan")), 2)]


def _site_rows(found: Inside, sites: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Every site by the regions that it lies in, and what of it lies in none."""
    import pandas as pd

    within = found.sites.drop(columns="geometry").rename(columns={"inside_m2": "part_m2", "inside_pct": "part_pct"})
    beyond = found.outside[found.outside["outside_m2"] > 0].rename(columns={"outside_m2": "part_m2", "outside_pct": "part_pct"})
    unnamed = str(NAMELESS if found.name else Text("范围内", "inside"))
    parts = [within.assign(region=within["region"].replace("", unnamed)), beyond.assign(region=str(OUTSIDE))]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1])
    place = {site: number for number, site in enumerate(sites["site_id"])}
    ordered = rows.sort_values("site_id", key=lambda column: column.map(place), kind="stable")
    told = ordered.join(sites.set_index("site_id")[["name", "area_m2"]], on="site_id").to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in told]


def _tell_sites(rows: Sequence[Mapping[str, Any]], unit: str, form: str) -> None:
    from ..units import LABEL, rounded, shown

    mark = str(Text("边界误差", "edge noise"))
    headings = [
        *(str(text) for text in (Text("编号", "site"), Text("名称", "name"), Text("范围", "region"))),
        f"{Text('图斑面积', 'area of record')}({LABEL[unit]})",
        f"{Text('在该范围内', 'of it')}({LABEL[unit]})",
        str(Text("占小班%", "% of the site")),
        str(Text("说明", "note")),
    ]
    told = [
        [
            row["site_id"], row["name"], row["region"], shown(row["area_m2"], unit), shown(row["part_m2"], unit),
            rounded(row["part_pct"], 2), mark if row["is_edge_noise"] else "",
        ]
        for row in rows
    ]  # fmt: skip
    tell_table(headings, told, form=form, data=None, right=3)


def _write(found: Inside, out: Path, *, names: pd.Series) -> None:
    import geopandas as gpd
    import pandas as pd

    from ..export import write_layer

    within = found.sites.rename(columns={"inside_m2": "part_m2"}).drop(columns="inside_pct").assign(place="inside")
    beyond = found.outside_parts.rename(columns={"outside_m2": "part_m2"}).assign(place="outside", region="")
    kept = [part for part in (within, beyond) if len(part)] or [within]
    rows = pd.concat(kept, ignore_index=True)
    rows = rows.assign(name=rows["site_id"].map(names))[["site_id", "name", "place", "region", "part_m2", "is_edge_noise", "geometry"]]
    write_layer(gpd.GeoDataFrame(rows, crs=found.sites.crs), out, name="parts")


def _footnote(found: Inside, about: Mapping[str, Any]) -> None:
    when = when_told(about)
    edge = found.regions["edge_sites"].sum()
    say(
        Text(
            f"{when.zh}；范围：{about['file']}。措施面积每个小班都算，土地面积同一块地只算一次；都是图斑面积在范围内的部分，"
            "范围内加范围外等于全部。几个范围都有的地在各范围里都算，在“范围内”只算一次。占范围%＝土地面积÷范围面积。",
            f"{when.en}; regions: {about['file']}. Task area counts every site, land area the ground once; both are the part of the area "
            "of record that lies inside: inside and outside add up to all. Ground in several regions counts in each, and once in `inside`. "
            "% of the region is land area by the region's area.",
        ),
        Text(
            f"一个小班可以在几个范围里，也可以一部分在外，所以小班数不能相加。只碰到一条窄边（边界误差）的不计个数、只计面积："
            f"范围内 {edge} 处，范围外 {found.beyond['edge_sites']} 处。核减/调出的 {found.left_out} 个小班不计。",
            f"A site may lie in several regions, or in part outside: numbers of sites do not add up. Where only a sliver of a common edge "
            f"lies there (edge noise) the area counts and the number does not: {edge} inside, {found.beyond['edge_sites']} outside. "
            f"Left out as cancelled: {found.left_out}.",
        ),
    )
    if not found.whole["sites"] and about["as_of"]:
        say(nothing_yet(about))


COMMANDS = {"inside": inside}
