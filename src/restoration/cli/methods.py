"""One site's area by every method, as the command ``area`` tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import click

from ..errors import BadRequest, NotFound
from ..text import Text
from .look import shown_value
from .output import say, tell_table
from .words import option

if TYPE_CHECKING:
    import geopandas as gpd

    from ..lifecycle import Lifecycle
    from ..project import Project

site = option("--site", "wanted", multiple=True, metavar="SITE", zh="只算这个小班（可写多次）", en="this site only (may be given again)")
methods = option(
    "--methods",
    "by_method",
    is_flag=True,
    default=False,
    zh="列出 --site 的小班按各种方法算的面积，用来解释差别",
    en="the area of the sites of --site by every method, to explain a difference",
)
HEADINGS = (
    Text("方法", "method"),
    Text("面积(平方米)", "area (m²)"),
    Text("亩", "mu"),
    Text("与记载面积之差(平方米)", "off the record (m²)"),
    Text("差(%)", "off (%)"),
    Text("说明", "what it measures"),
)
NUMBERS = range(1, 5)
KEPT_TO_M2 = 0.01
"""The record that is computed anew may be this far from the one that the ledger keeps."""
OF_RECORD = Text(
    "只有第一行是记载面积，验收、补助、上报都用它；其余各行只用来解释差别。",
    "Only the first row is of record, for acceptance, subsidy and reports; the others explain differences.",
)


def chosen(held: Project, frame: gpd.GeoDataFrame, wanted: Sequence[str], *, by_method: bool) -> gpd.GeoDataFrame:
    """Only the sites that were asked for, in that order; all where none was.

    Raises
    ------
    BadRequest
        No site was named to be measured by every method.
    NotFound
        A site is not there, or was not yet on the day of the frame.
    """
    if not wanted:
        if by_method:
            raise BadRequest(
                Text("没有写明要比较哪个小班。", "No site was named to compare the methods on."),
                Text("请加 --site 小班，可写多次。", "Add --site SITE; it may be given again."),
            )
        return frame
    ids = held.resolve(wanted)
    later = [site_id for site_id in ids if site_id not in set(frame["site_id"])]
    if later:
        raise NotFound(
            Text(f"到那一天台账里还没有小班 {'、'.join(later)}。", f"On that day the ledger did not have {', '.join(later)} yet."),
            Text("请改用晚一些的 --as-of，或不写。", "Give a later --as-of, or none."),
        )
    return cast("gpd.GeoDataFrame", frame.set_index("site_id", drop=False).loc[ids].reset_index(drop=True))


def require_alone(context: click.Context, others: Sequence[str]) -> None:
    """The table of methods has its own units and rows: options that would change them must not be given with it."""
    given = [name for name in others if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
    flags = [parameter.opts[0] for parameter in context.command.params if parameter.name in given]
    if flags:
        raise BadRequest(
            Text(f"--methods 不能和 {'、'.join(flags)} 一起用。", f"--methods does not go with {', '.join(flags)}."),
            Text("请去掉其中一个。", "Leave one of them out."),
        )


def tell_methods(sites: gpd.GeoDataFrame, table: Lifecycle, *, form: str, about: Mapping[str, Any]) -> None:
    """Print each site's area by every method: what it is and how it is drawn, the table, and which row is of record."""
    from ..methods import areas_by_method

    found = areas_by_method(sites.geometry.to_numpy())
    drawn = [_drawn(row) for row in sites.to_dict("records")]
    records = [part.drop(columns="position").to_dict("records") for _, part in found.groupby("position")]
    if form == "table":
        for told, rows in zip(drawn, records, strict=True):
            _say_drawn(told, table, about)
            tell_table([str(heading) for heading in HEADINGS], [_row(row) for row in rows], form=form, data=None, right=NUMBERS)
            _say_record(told, rows[0]["area_m2"])
            say("")
        return
    headings = [str(Text("编号", "site")), *map(str, HEADINGS)]
    flat = [[told["site_id"], *_row(row)] for told, rows in zip(drawn, records, strict=True) for row in rows]
    data = [{**told, "methods": rows} for told, rows in zip(drawn, records, strict=True)]
    tell_table(headings, flat, form=form, data={**about, "sites": data})


def _drawn(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What a site is and how it is drawn."""
    from ..methods import shape_of

    return {
        "site_id": row["site_id"],
        "name": row["name"],
        "measure": row["measure"],
        "plan_year": row["plan_year"],
        **shape_of(row["geometry"])._asdict(),
        "kept_m2": row["area_m2"],
    }


def _say_drawn(told: Mapping[str, Any], table: Lifecycle, about: Mapping[str, Any]) -> None:
    from ..units import rounded

    edge_m = rounded(told["longest_edge_m"], 1)
    measure, number = (shown_value(name, told[name], table) for name in ("measure", "plan_year"))
    year = Text(f"{number}年", number) if number else ""
    day, is_field = about["as_of"], about["clock"] == "field"
    when = Text(f"（截至 {day}，按{'发生' if is_field else '录入'}日期）", f"(as of {day} by the {about['clock']} clock)") if day else ""
    say(
        " ".join(str(part) for part in (told["site_id"], told["name"], measure, year, when) if str(part)),
        Text(
            f"3 度带第 {told['zone']} 带（中央经线 {told['central_meridian_deg']}°），邻带 {told['neighbour_zone']}，"
            f"UTM 第 {told['utm_zone']} 带；{told['parts']} 块，{told['vertices']} 个界址点，内环 {told['holes']} 个，"
            f"最长的边 {edge_m} 米。",
            f"3-degree zone {told['zone']} (meridian {told['central_meridian_deg']}°), neighbour {told['neighbour_zone']}, "
            f"UTM zone {told['utm_zone']}; parts {told['parts']}, vertices {told['vertices']}, holes {told['holes']}, "
            f"longest edge {edge_m} m.",
        ),
    )


def _row(row: Mapping[Any, Any]) -> list[str]:
    from ..methods import METHODS
    from ..units import in_unit, rounded

    method = next(method for method in METHODS if method.name == row["method"])
    return [
        str(method.label),
        rounded(row["area_m2"], 2),
        rounded(in_unit(row["area_m2"], "mu"), 4),
        rounded(row["difference_m2"], 3),
        rounded(row["difference_pct"], 4),
        str(method.why),
    ]


def _say_record(told: Mapping[str, Any], record_m2: float) -> None:
    from ..units import rounded

    say(OF_RECORD)
    if abs(told["kept_m2"] - record_m2) > KEPT_TO_M2:
        kept, anew = rounded(told["kept_m2"], 2), rounded(record_m2, 2)
        say(
            Text(
                f"注意：台账里记的是 {kept} 平方米，按现在的边界重算是 {anew} 平方米；请用 restoration verify 核验。",
                f"Note: the ledger keeps {kept} m², the boundary now gives {anew} m²; run `restoration verify`.",
            )
        )
