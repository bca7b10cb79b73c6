"""The commands that make files: map, export, backup, proof, and the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..text import Text
from .count import tell_totals
from .findings import finding_line, vars_of
from .options import DETAIL, as_of, lang, open_project, output, project
from .output import progress_shown, say, say_json
from .words import command, gathered, option

TITLE = option("--title", zh="标题", en="title")
OUTLINE = option(
    "--outline",
    type=click.Path(path_type=Path),
    zh="区界文件；不写则用项目文件夹里的 outline.geojson",
    en="outline; else outline.geojson beside the project",
)


@command("map", "生成一个 HTML 地图文件，断网也能打开。", "Make one HTML file with the map; it opens with no network.")
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path))
@as_of
@TITLE
@OUTLINE
@option("--public", is_flag=True, zh="对外版：不含责任单位、填报人等", en="without responsible units and names")
@option("--time", "timeline", is_flag=True, zh="带时间轴：在图上看历史上任何一天", en="with a slider: any day of the past on the map")
@option(
    "--findings",
    is_flag=True,
    zh="带检查问题：点开小班能看到，也能按问题筛选",
    en="with what the checks find: told with a site, and to filter by",
)
@option(
    "--photos",
    metavar="DIR",
    type=click.Path(path_type=Path),
    zh="照片文件夹：文件名带小班编号的照片缩小后放进地图",
    en="folder of photos: those with a site's number in their names go into the map, made small",
)
@option(
    "--detail",
    type=DETAIL,
    default="auto",
    zh="界线画多细：full（全部拐点）或误差米数（0.1 到 100）；不写则图斑多时 2 米。面积不受影响",
    en="how fine boundaries are drawn: full (every point) or metres (0.1 to 100); else 2 where there are many. Areas do not change",
)
@gathered(
    "under",
    option(
        "--basemap",
        "basemaps",
        multiple=True,
        metavar="BASEMAP",
        zh="底图，可写多次：天地图影像、天地图矢量、天地图地形、高德影像、高德地图，瓦片地址 https://…/{z}/{x}/{y}.png，"
        "或 .mbtiles、.pmtiles 文件",
        en="basemap, may be given again: tianditu_img, tianditu_vec, tianditu_ter, amap_img, amap_vec, an address "
        "https://…/{z}/{x}/{y}.png, or an .mbtiles or .pmtiles file",
    ),
    option(
        "--image",
        "images",
        multiple=True,
        metavar="FILE.tif",
        type=click.Path(path_type=Path),
        zh="压在底图上的影像（GeoTIFF），可写多次",
        en="a GeoTIFF over the basemap, may be given again",
    ),
    option("--review-no", default="", metavar="NO", zh="审图号，写在图上", en="number of the map's review, shown on it"),
    option("--office", default="", zh="制图单位，写在从地图打印的图上", en="who makes the map, on the sheet that it prints"),
)
@project
@lang
def map_(
    out: Path,
    as_of: date | None,
    clock: Any,
    title: str | None,
    outline: Path | None,
    public: bool,
    timeline: bool,
    findings: bool,
    photos: Path | None,
    detail: Any,
    under: Mapping[str, Any],
    project_path: Path | None,
) -> None:
    """Make the map."""
    from ..drawing import draw

    held = open_project(project_path, read_only=True)
    told: list[Text] = []
    with progress_shown():
        draw(
            held,
            out,
            as_of=as_of,
            clock=clock,
            title=title,
            outline=outline,
            public=public,
            detail=detail,
            timeline=timeline,
            findings=findings,
            photos=photos,
            **under,
            tell=told.append,
        )
    for line in told:
        say(line)
    if public and under["basemaps"] and not under["review_no"]:
        say(
            Text(
                "公开前须送审：地图要标注审图号（--review-no）和底图出处（已写在图上）；未经审核不得公开。",
                "Before publication the map is to be reviewed: it must carry its review number (--review-no) and whose basemap it is "
                "(which is on it).",
            )
        )


@command(
    "figure",
    "出一张打印用的图：.pdf、.svg 或 .png，比例尺按纸张大小准确，带图例、面积、经纬网。",
    "Draw one sheet for print, .pdf, .svg or .png: true to scale on paper, with legend, areas and graticule.",
)
@click.argument("out", metavar="OUT.pdf", type=click.Path(path_type=Path))
@as_of
@TITLE
@OUTLINE
@option("--layer", zh="只画这个图层（名称或代码）", en="this layer only, by its name or code")
@option("--public", is_flag=True, zh="对外版：没有审图号时注明须经审核", en="for others: without a review number it says that it needs one")
@option("--size", default="A4", show_default=True, metavar="A4|A3", zh="纸张，横放", en="paper, across")
@option("--dpi", type=int, metavar="N", zh="png 的分辨率，不写为 300", en="dots per inch of a png; 300 if not given")
@option("--office", default="", zh="制图单位", en="who makes the map")
@option(
    "--review-no",
    default="",
    metavar="NO",
    zh="审图号；不写则标注“内部工作用图”",
    en="review number; without it the map is marked as internal",
)
@project
@lang
def figure(
    out: Path,
    as_of: date | None,
    clock: Any,
    title: str | None,
    outline: Path | None,
    layer: str | None,
    public: bool,
    size: str,
    dpi: int | None,
    office: str,
    review_no: str,
    project_path: Path | None,
) -> None:
    """Draw the printed map."""
    from ..drawing import draw_figure

    held = open_project(project_path, read_only=True)
    made = draw_figure(
        held, out, as_of=as_of, clock=clock, title=title, outline=outline, layer=layer, public=public, size=size, dpi=dpi, office=office,
        review_no=review_no,
    )  # fmt: skip
    say(Text(f"图：{made}（{size}，横放）", f"Figure: {made} ({size}, across)"))


@command(
    "export",
    "导出小班：.gpkg、.geojson（RFC 7946）、.parquet、.shp（附数据字典）；.txt 为界址点，.csv、.xlsx 为拐点表。",
    "Write the sites to .gpkg, .geojson (RFC 7946), .parquet or .shp (with a dictionary); .txt, .csv, .xlsx for corners.",
)
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@as_of
@option(
    "--encoding",
    type=click.Choice(["utf-8", "gbk"], case_sensitive=False),
    zh="shp、csv、txt 的文字编码；不写时 txt 用 gbk，其余用 utf-8",
    en="encoding of a shp, csv or txt; else gbk for a txt and utf-8 for the others",
)
@option(
    "--crs",
    zh="坐标系；不写时是 EPSG:4490，界址点和拐点表是所在的 3 度带（geojson 总是经纬度）",
    en="CRS; else EPSG:4490, and the plane of their 3-degree zone for corners (GeoJSON is always in degrees)",
)
@project
@lang
def export(out: Path, as_of: date | None, clock: Any, encoding: str | None, crs: str | None, project_path: Path | None) -> None:
    """Export sites."""
    from ..export import export_sites

    held = open_project(project_path, read_only=True)
    sites = held.sites(as_of=as_of, clock=clock)
    for path in export_sites(sites, out, table=held.table, encoding=encoding, crs=crs):
        say(Text(f"已写出 {path}", f"Wrote {path}"))


@command("verify", "核验历史记录一个字节都没有被改动。", "Prove that no byte of the history was changed.")
@option(
    "--head",
    default="",
    metavar="DIGEST",
    zh="以前记下的台账头，核对它是否在本台账的历史里",
    en="a head noted earlier: is it in this ledger's past?",
)
@project
@option("--format", "form", type=click.Choice(["table", "json"]), default="table", zh="输出形式", en="form of the output")
@lang
def verify(head: str, project_path: Path | None, form: str) -> int:
    """Verify the history."""
    held = open_project(project_path, read_only=True, checked=False)
    proof = held.verify()
    is_known = not head or proof.contains(head)
    if form == "json":
        say_json(
            {
                "events": proof.events,
                "sites": proof.sites,
                "head": proof.head,
                "head_found": is_known,
                "findings": [vars_of(f) for f in proof.findings],
            }
        )
    else:
        for finding in proof.findings:
            say(finding_line(finding))
        if not is_known:
            say(
                Text(
                    f"【不符】记下的台账头 {head} 不在本台账的历史里：末尾可能被删去，或整个文件被换过。",
                    f"MISMATCH: the head {head} is not in this ledger's past: its end was cut off, or the whole file was replaced.",
                )
            )
        elif head and not proof.findings:
            say(
                Text(
                    "【相符】记下的台账头在本台账的历史里：从那时起只增未改。",
                    "MATCH: the head is in this ledger's past: since then it has only grown.",
                )
            )
        unchanged = Text("文件自身未发现改动", "no change found within the file")
        verdict = Text("发现改动或损坏", "ALTERED OR DAMAGED") if proof.findings else unchanged
        say(
            Text(
                f"{proof.events} 个事件、{proof.sites} 个小班：{verdict.zh}。",
                f"{proof.events} events of {proof.sites} sites: {verdict.en}.",
            )
        )
        say(
            Text(
                f"台账头：{proof.head}（记下它，日后可用 --head 核对）", f"Ledger head: {proof.head} (note it; check it later with --head)"
            )
        )
    return 0 if is_known and not proof.findings else 9


@command("backup", "备份项目文件；别人正在写也能得到一致的副本。", "A consistent copy of the project file, also while others write to it.")
@click.argument("out", metavar="OUT.gpkg", type=click.Path(path_type=Path))
@project
@lang
def backup(out: Path, project_path: Path | None) -> None:
    """Back the project up."""
    open_project(project_path, read_only=True).backup(out)
    say(Text(f"已备份到 {out}", f"Copied to {out}"))


@command("demo", "用自带的示例数据建项目、汇总面积、生成地图。", "Build a project from the sample data, sum its areas, make the map.")
@click.argument("folder", metavar="[DIR]", default="restoration-demo", type=click.Path(path_type=Path))
@output
@lang
def demo(folder: Path, form: str) -> None:
    """Run the main job on the sample."""
    from ..sample import PUBLISHED_ON, build
    from ..tally import totals

    built = build(folder)
    sites = built.project.sites(as_of=PUBLISHED_ON)
    if form == "table":
        say(*built.told, "")
    tell_totals(totals(sites, by=["layer"]), built.project.table, unit="mu", form=form, about={"as_of": PUBLISHED_ON, "clock": "field"})
    if form == "table":
        say("", *built.files_told())


COMMANDS = {"map": map_, "figure": figure, "export": export, "verify": verify, "backup": backup, "demo": demo}
