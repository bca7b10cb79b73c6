"""What an import would change, drawn over the sites: outlines of a colour a kind, with what is told of each."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd

from ..text import Text


class Look(NamedTuple):
    """How one kind of change is drawn, and what it is called; ``hatch`` is a name in `assets/painter.js`."""

    label: Text
    colour: str
    dash: str = ""
    hatch: str = ""


LOOKS: dict[str, Look] = {
    "new": Look(Text("新登记", "new"), "#0b7a3b"),
    "redrawn": Look(Text("边界重划：新界线", "redrawn: the new boundary"), "#1f4fd8"),
    "before": Look(Text("边界重划：原界线", "redrawn: the old boundary"), "#1f4fd8", "3 5"),
    "revised": Look(Text("内容有改", "revised"), "#8a5a00"),
    "unchanged": Look(Text("无变化", "unchanged"), "#6d6d6d", "1 4"),
    "refused": Look(Text("未采用", "refused"), "#c0261c"),
    "gone": Look(Text("文件里没有了", "in the file no more"), "#7a1fa2", "8 5"),
}
"""Kinds of change in the order of the legend; colours that tell apart on the pale ground of a map, also without red and green."""


def changes_of(changes: gpd.GeoDataFrame) -> dict[str, Any]:
    """Changes as the page has them.

    Parameters
    ----------
    changes
        Columns ``kind`` (a key of `LOOKS`), ``title`` and ``text`` (plain text); polygons in EPSG:4490, or ``None`` for a row that has
        none: it is counted and not drawn.
    """
    kinds = [
        {"code": code, "label": str(look.label), "colour": look.colour, "dash": look.dash, "number": int((changes["kind"] == code).sum())}
        for code, look in LOOKS.items()
    ]
    return {
        "kinds": [kind for kind in kinds if kind["number"]],
        "rows": changes[["kind", "title", "text"]].to_numpy().tolist(),
    }
