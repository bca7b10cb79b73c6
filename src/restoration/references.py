"""Layers that an office gives to hold its sites against: county, towns, cropland, licences; and which of their columns is what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .data import builtin
from .datums import in_degrees_of_ours
from .ellipsoid import Booleans
from .errors import BadRequest, UnknownName
from .geometry import Geometries, is_finite, without_faults
from .text import Text, folded

Words = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of layer: how it is called, and the headings of its names and codes, the best first."""

    code: str
    label: Text
    aliases: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A layer that sites are held against, each array of shape (n,): polygons in degrees, names and codes (``""`` for none)."""

    kind: Kind
    geometries: Geometries
    names: Words
    codes: Words

    def told(self, row: int) -> str:
        """What people call one polygon: its name, else its code."""
        return str(self.names[row] or self.codes[row])


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of layer that a check can ask for, by code."""
    return {
        code: Kind(
            code,
            Text(row["zh"], row["en"]),
            tuple(row["aliases"]),
            {"name": tuple(row["name"]), "code": tuple(row["code"])},
            tuple(row.get("needs", ())),
            tuple(row.get("classes", ())),
        )
        for code, row in builtin("references")["kind"].items()
    }


def kind_named(word: str) -> Kind:
    """The kind by its code, its label or another word for it.

    Raises
    ------
    UnknownName
        No kind goes by that word.

    Examples
    --------
    >>> kind_named("永久基本农田").code, kind_named("Town").code
    ('basic_farmland', 'town')
    """
    wanted = folded(word)
    for kind in kinds().values():
        if wanted in {folded(one) for one in (kind.code, kind.label.zh, kind.label.en, *kind.aliases)}:
            return kind
    raise UnknownName(Text("参照图层", "kind of layer"), word, [f"{kind.label.zh} {kind.code}" for kind in kinds().values()])


def reference_of(kind: str, layer: gpd.GeoDataFrame) -> Reference:
    """A layer made ready to hold sites against: in degrees, faults mended, its names and codes found.

    Parameters
    ----------
    kind
        A kind by code or word, see `kind_named`.
    layer
        Polygons in any CRS; rows that are no area are left out, and of a layer with all classes those of other classes.

    Raises
    ------
    UnknownName
        There is no such kind.
    BadRequest
        The layer has no CRS, no polygon of that kind, or no column of a name or code that the kind needs.

    Examples
    --------
    >>> towns = gpd.GeoDataFrame({"XZQMC": ["郑屯镇"]}, geometry=[shapely.box(105, 25, 105.1, 25.1)], crs=4490)
    >>> reference_of("乡镇", towns).names.tolist()
    ['郑屯镇']
    """
    known = kind_named(kind)
    if layer.crs is None:
        raise BadRequest(
            Text(f"{known.label.zh}图层没有坐标系。", f"The layer of {known.label.en} has no CRS."),
            Text("请指明它的坐标系再用。", "Say which CRS it is in (set_crs) and give it again."),
        )
    found = {what: _column(layer, headings) for what, headings in known.headings.items()}
    if known.needs and not any(found[what] for what in known.needs):
        raise _nameless(known, [str(column) for column in layer.columns if column != "geometry"])
    names, codes = (_texts(layer, found[what]) for what in ("name", "code"))
    shapes = np.asarray(in_degrees_of_ours(layer.geometry).array, dtype=object)
    kept = _is_ground(shapes)
    if known.classes and found["code"]:
        kept &= begins(codes, known.classes)
    if not kept.any():
        raise BadRequest(
            Text(f"{known.label.zh}图层里没有可用的面。", f"The layer of {known.label.en} has no polygon that can be used."),
            Text("请核对给出的是不是这个图层。", "See whether this is the layer that was meant."),
        )
    return Reference(known, without_faults(shapes[kept]), names[kept], codes[kept])


def references_of(layers: Mapping[str, gpd.GeoDataFrame | Reference]) -> dict[str, Reference]:
    """The same for several layers, by the code of their kind; what is ready already stays.

    Raises
    ------
    UnknownName, BadRequest
    """
    return {kind_named(kind).code: layer if isinstance(layer, Reference) else reference_of(kind, layer) for kind, layer in layers.items()}


def begins(codes: Words, beginnings: Iterable[str]) -> Booleans:
    """Where a code begins with one of several, shape (n,)."""
    wanted = tuple(beginnings)
    return np.array([str(code).startswith(wanted) for code in codes], dtype=np.bool_)


def _column(layer: gpd.GeoDataFrame, headings: Sequence[str]) -> str:
    """The column that stands first among the headings, ``""`` for none."""
    own = {folded(str(column)): str(column) for column in reversed(layer.columns)}
    return next((own[folded(heading)] for heading in headings if folded(heading) in own), "")


def _texts(layer: gpd.GeoDataFrame, column: str) -> Words:
    """A column as texts without blanks at the ends; a code that a table took for a number loses its ``.0``."""
    values = layer[column].tolist() if column else [""] * len(layer)
    return np.array(["" if value is None or value != value else str(value).strip().removesuffix(".0") for value in values], dtype=object)


def _is_ground(shapes: Geometries) -> Booleans:
    areal = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    return np.asarray(areal & ~shapely.is_empty(shapes) & is_finite(shapes), dtype=np.bool_)


def _nameless(kind: Kind, columns: Sequence[str]) -> BadRequest:
    wanted = [heading for what in kind.needs for heading in kind.headings[what]]
    return BadRequest(
        Text(
            f"{kind.label.zh}图层里没有名称或代码的列。现有的列：{'、'.join(columns) or '无'}。",
            f"The layer of {kind.label.en} has no column of names or codes. It has: {', '.join(columns) or 'none'}.",
        ),
        Text(f"请把那一列改名为其中之一：{'、'.join(wanted)}。", f"Call that column one of {', '.join(wanted)}."),
    )
