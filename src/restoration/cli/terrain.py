"""The command that tells slopes and surface areas from an elevation model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..text import Text
from .footing import groups_told, when_told
from .options import as_of, grouped_by, lang, open_project, output, project, unit, words_of
from .output import say, tell_table
from .words import command, option

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ..lifecycle import Lifecycle
    from ..terrain import Summed

NOT_REPORTED = Text("非上报", "not of record")
NOT_REPORTED_AT_ALL = Text("非上报面积, 不得作为验收和补助依据", "not of record, no ground for acceptance or subsidy")
"""What the heading says where no line beneath the table does: in CSV."""


@command(
    "slope",
    "坡度与坡面面积：按高程模型（单波段 GeoTIFF，高程以米计）估算。坡面面积为非上报面积，不得作为验收和补助依据。",
    "Slopes and surface areas from an elevation model (a GeoTIFF of one band, heights in metres). Not of record: no ground for "
    "acceptance or subsidy.",
)
@click.argument("elevation", metavar="DEM.tif", type=click.Path(path_type=Path))
@option("--site", "wanted", multiple=True, metavar="SITE", zh="只算这个小班（可写多次）", en="this site only (may be given again)")
@grouped_by(None, zh="分组汇总，不逐个列出", en="sum by these instead")
@unit
@as_of
@project
@output
@lang
def slope(
    elevation: Path,
    wanted: tuple[str, ...],
    words: str | None,
    unit: str,
    as_of: date | None,
    clock: Any,
    project_path: Path | None,
    form: str,
) -> None:
    """Tell slopes."""
    from ..tally import columns_of
    from ..terrain import NOT_OF_RECORD, summed, surface_areas

    held = open_project(project_path, read_only=True)
    columns = columns_of(words_of(words or ""))
    sites = held.sites(as_of=as_of, clock=clock)
    sites = sites[sites["site_id"].isin(held.resolve(wanted))] if wanted else sites[sites["counted"]]
    areas = surface_areas(sites, elevation)
    whole = summed(areas)
    rows, records = _groups(sites, areas, columns, held.table, unit) if columns else _each(areas, unit)
    rows.append([str(Text("合计", "in all")), *[""] * max(len(columns) - 1, 0), *_sums(whole, unit)])
    data = {"as_of": as_of, "clock": clock, "of_record": False, "says": str(NOT_OF_RECORD), "rows": records, "whole": whole._asdict()}
    tell_table(_headings(columns or ["site_id"], unit, form), rows, form=form, data=data, right=max(len(columns), 1))
    if form == "table":
        when = when_told({"as_of": as_of, "clock": clock})
        _footnote(areas, whole)
        say(Text(f"{when.zh}。", f"{when.en}."))


def _headings(columns: list[str], unit: str, form: str) -> list[str]:
    from ..frame import label_of
    from ..units import LABEL

    return [
        *(str(label_of(name)) for name in columns),
        f"{label_of('area_m2')}({LABEL[unit]})",
        str(Text("平均坡度(°)", "mean slope (°)")),
        f"{Text('坡面面积', 'surface area')}({LABEL[unit]}, {NOT_REPORTED_AT_ALL if form == 'csv' else NOT_REPORTED})",
        str(Text("倍数", "factor")),
        str(Text("覆盖率(%)", "covered (%)")),
        str(Text("说明", "note")),
    ]


def _numbers(row: Mapping[Any, Any], unit: str) -> list[str]:
    from ..units import rounded, shown

    factor = row["surface_m2"] / row["area_m2"] if row["area_m2"] else float("nan")
    return [
        shown(row["area_m2"], unit),
        rounded(row["mean_slope_deg"], 1),
        shown(row["surface_m2"], unit),
        rounded(factor, 3),
        rounded(row["covered_pct"], 1),
    ]


def _each(areas: pd.DataFrame, unit: str) -> tuple[list[list[str]], Any]:
    """A row a site."""
    from ..terrain import NOTES

    records = areas.to_dict("records")
    rows = [[str(row["site_id"]), *_numbers(row, unit), str(NOTES[row["note"]]) if row["note"] else ""] for row in records]
    return rows, records


def _groups(sites: gpd.GeoDataFrame, areas: pd.DataFrame, columns: list[str], table: Lifecycle, unit: str) -> tuple[list[list[str]], Any]:
    """A row a group."""
    from ..terrain import summed

    rows, records = [], []
    for key, part in areas.groupby([sites[name] for name in columns], dropna=False, sort=True):
        held = dict(zip(columns, key if isinstance(key, tuple) else (key,), strict=True))
        found = summed(part)
        rows.append([*groups_told(held, columns, table), *_sums(found, unit)])
        records.append({**held, **found._asdict()})
    return rows, records


def _sums(found: Summed, unit: str) -> list[str]:
    note = Text(f"{found.answered}/{found.sites} 个小班", f"{found.answered} of {found.sites} sites")
    return [*_numbers(found._asdict(), unit), str(note)]


def _footnote(areas: pd.DataFrame, whole: Summed) -> None:
    from ..terrain import NOT_OF_RECORD, NOTES

    say(NOT_OF_RECORD)
    if whole.answered:
        cell_m = areas["cell_m"].median()
        say(
            Text(
                f"坡面面积 = 图斑面积 × 小班内 1/cos(坡度) 的平均值；高程模型格网约 {cell_m:.1f} 米，格网越粗坡度越偏小。",
                f"Surface area = area of record x mean of 1/cos(slope) in the site; cells of the elevation model are some {cell_m:.1f} m, "
                "coarser ones make slopes look gentler.",
            )
        )
    missing = areas.loc[areas["surface_m2"].isna(), "note"].value_counts()
    if len(missing):
        told = _listed([(NOTES[str(code)], number) for code, number in missing.items()])
        say(
            Text(
                f"{whole.sites - whole.answered} 个小班没有坡面面积（{told.zh}），合计里两种面积都不含它们。",
                f"{whole.sites - whole.answered} sites have no surface area ({told.en}); the totals leave both their areas out.",
            )
        )


def _listed(told: Sequence[tuple[Text, int]]) -> Text:
    return Text("；".join(f"{text.zh} {number} 个" for text, number in told), "; ".join(f"{text.en}: {number}" for text, number in told))


COMMANDS = {"slope": slope}
