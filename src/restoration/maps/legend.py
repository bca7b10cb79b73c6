"""The legend: every number in it comes from `restoration.tally`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from ..lifecycle import Lifecycle
from ..overlay import Ground
from ..sharing import ground_of_sites
from ..style import look_of
from ..tally import totals
from ..units import shown


def legend_of(
    sites: gpd.GeoDataFrame, *, table: Lifecycle, also: pd.DataFrame | None = None, ground: Ground | None = None
) -> dict[str, Any]:
    """Whole, layers with their measures, and display groups, each with its numbers as they are shown (亩, and 公顷 as ``…_ha``).

    Only what is on the map, or among the rows of ``also``, is listed; struck-off sites are in no number but their group is listed.
    ``ground`` is what the sites share, if that is known already.
    """
    ground = ground or ground_of_sites(sites, strict=False)  # a map shows what the frame says
    there = {word: {*sites[word], *(() if also is None else also[word])} for word in ("layer", "measure", "group")}
    by_layer, by_measure, by_group = (totals(sites, by=[word], ground=ground) for word in ("layer", "measure", "group"))
    sums = {row[by.by[0]]: _sums(row) for by in (by_layer, by_measure, by_group) for row in by.rows.to_dict("records")}
    measures = [code for code in table.measures if code in there["measure"]]
    return {
        "whole": _sums(by_layer.whole),
        "left_out": by_layer.left_out,
        "shared": shown(by_layer.shared_m2) if shown(by_layer.shared_m2) != shown(0.0) else "",
        "layers": [_layer(code, table, sums) for code in table.layers if code in there["layer"]],
        "measures": [_measure(code, table, sums) for code in measures],
        "groups": [_group(code, table, sums) for code in table.groups if code in there["group"]],
    }


def thousands(number: str) -> str:
    """A decimal number with its whole part in threes.

    Examples
    --------
    >>> thousands("1234567.89"), thousands("")
    ('1,234,567.89', '')
    """
    whole, point, parts = number.partition(".")
    return f"{int(whole):,}{point}{parts}" if whole else ""


def _sums(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "sites": int(row["sites"]),
        "mines": int(row["mines"]),
        "task": thousands(shown(row["task_m2"])),
        "land": thousands(shown(row["land_m2"])),
        "task_ha": thousands(shown(row["task_m2"], "ha")),
        "land_ha": thousands(shown(row["land_m2"], "ha")),
    }


NONE: dict[str, Any] = {"sites": 0, "mines": 0, "task": "0.00", "land": "0.00", "task_ha": "0.0000", "land_ha": "0.0000"}
"""What a class has whose sites are all struck off."""


def _layer(code: str, table: Lifecycle, sums: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {"code": code, "label": str(table.layers[code]), "texture": list(table.layers).index(code), **sums.get(code, NONE)}


def _measure(code: str, table: Lifecycle, sums: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    measure = table.measures[code]
    return {"code": code, "label": str(measure.label), "layer": measure.layer, **sums.get(code, NONE)}


def _group(code: str, table: Lifecycle, sums: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    look = look_of(code)
    drawn = {"colour": look.colour, "dash": look.dash, "weight": look.weight, "fill": look.fill_opacity}
    return {"code": code, "label": str(table.groups[code]), **drawn, **sums.get(code, NONE)}
