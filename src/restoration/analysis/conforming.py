"""Any GeoDataFrame as a sites frame: its headings recognised, what it does not say unknown and shown as that."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import geopandas as gpd
import pandas as pd

from .. import frame, lifecycle
from ..data import builtin
from ..errors import BadRequest, DataWarning, UnknownName
from ..frame import COLUMNS, CRS
from ..lifecycle import Lifecycle, Measure, Status
from ..readers.cells import plain
from ..readers.headings import column_named, split_unit, understood
from ..text import Text, folded
from ..units import to_m2

UNKNOWN = "unknown"
"""The measure, status and layer of a site whose frame does not say."""
_DTYPE = {column.name: column.dtype for column in COLUMNS}


def conform(sites: gpd.GeoDataFrame, *, fields: Mapping[str, str] | None = None, table: Lifecycle | None = None) -> gpd.GeoDataFrame:
    """A sites frame of any polygons: EPSG:4490, every column of the frame contract, codes for words, areas of record in m².

    Columns are recognised by the headings that offices use (措施, 小班号, 上报面积(亩) …); measures and statuses may be codes or
    labels. What a frame does not say is unknown: ``""``, NaN, or the measure and status ``unknown``. Other columns are dropped.

    Parameters
    ----------
    sites
        Polygons in any CRS that is set.
    fields
        Column of the sites frame → column of this frame, where the headings do not say it; ``""`` for none.
    table
        The lifecycle that names measures and statuses; the built-in one if not given.

    Raises
    ------
    BadRequest
        It is no GeoDataFrame, or has no CRS.
    UnknownName
        A measure or status that the lifecycle does not have; a field or column that is not there.

    Warns
    -----
    DataWarning
        A recognised column has values that are no numbers, or areas of a unit that is not told: they are left unknown.

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame({"措施": ["封山育林"], "上报面积(亩)": [15]}, geometry=[shapely.box(105, 25, 105.01, 25.01)], crs=4490)
    >>> conform(own)[["measure", "status", "reported_m2", "area_m2"]].round(1).values.tolist()
    [['hill_closure', 'unknown', 10000.0, 1118208.8]]
    """
    require_sites(sites)
    known = with_unknown(table or lifecycle.table())
    columns = _recognised(sites, fields or {})
    named = {name: _worded(columns.get(name), len(sites)) for name in frame.NEEDED}
    made = gpd.GeoDataFrame({**columns, **named}, geometry=sites.geometry.to_numpy(), crs=sites.crs)
    return frame.conform(made, table=known)


def framed(sites: gpd.GeoDataFrame, *, table: Lifecycle | None = None) -> gpd.GeoDataFrame:
    """The frame itself if it is a sites frame, its rows numbered anew; else what `conform` makes of it."""
    require_sites(sites)
    is_frame = _DTYPE.keys() <= set(sites.columns) and sites.crs == CRS
    return cast(gpd.GeoDataFrame, sites.reset_index(drop=True)) if is_frame else conform(sites, table=table)


def with_unknown(table: Lifecycle) -> Lifecycle:
    """The lifecycle with a word for what a frame does not say."""
    if UNKNOWN in table.measures:
        return table
    group = next((code for code, word in table.counts_as.items() if word == "other"), list(table.groups)[-1])
    measure = Measure(UNKNOWN, Text("措施不明", "measure unknown"), UNKNOWN, "WZ")
    return replace(
        table,
        layers={**table.layers, UNKNOWN: Text("图斑", "polygons")},
        measures={**table.measures, UNKNOWN: measure},
        statuses={**table.statuses, UNKNOWN: Status(UNKNOWN, Text("状态不明", "status unknown"), group, ())},
    )


def require_sites(sites: object) -> None:
    """Only a GeoDataFrame with a geometry and a CRS has areas.

    Raises
    ------
    BadRequest
    """
    if not isinstance(sites, gpd.GeoDataFrame):
        kind = type(sites).__name__
        raise BadRequest(
            Text(f"要一个 GeoDataFrame，得到的是 {kind}。", f"A GeoDataFrame is wanted, and this is a {kind}."),
            Text("文件请先用 restoration.read(路径) 读入。", "Read a file with restoration.read(path) first."),
        )
    if sites.active_geometry_name is None:
        raise BadRequest(
            Text("数据没有几何列。", "The frame has no column of geometries."),
            Text("请用 set_geometry 指明。", "Name it with set_geometry."),
        )
    if sites.crs is None:
        raise BadRequest(
            Text("数据没有坐标系。", "The frame has no CRS."),
            Text("请先用 set_crs 指明，例如 set_crs(4490)。", "Set it first, for example set_crs(4490)."),
        )


def _recognised(sites: gpd.GeoDataFrame, fields: Mapping[str, str]) -> dict[str, object]:
    """The columns that mean one of the sites frame's, by its names and in its dtypes."""
    own = [str(name) for name in sites.columns if name != sites.geometry.name]
    literal = {name: name for name in _DTYPE if name in own}
    found = understood([name for name in own if name not in literal], fields={})
    asked = {_column(name): column_named(column, own) if column else "" for name, column in fields.items()}
    taken = {name: column for name, column in found.columns.items() if name in _DTYPE} | literal | asked
    units = dict(found.units) | dict.fromkeys(literal, "m2") | {name: split_unit(folded(column))[1] for name, column in asked.items()}
    return {name: _typed(name, sites[column], units.get(name, "")) for name, column in taken.items() if column}


def _column(name: str) -> str:
    if name not in _DTYPE:
        raise UnknownName(Text("字段", "field"), name, _DTYPE)
    return name


def _typed(name: str, values: pd.Series, unit: str) -> object:
    """A column in the dtype of the sites frame; what cannot be is unknown, and that is told."""
    dtype = _DTYPE[name]
    if dtype == "str":
        return values.map(plain).to_numpy(dtype=object)
    if dtype == "bool":
        return (~values.map(lambda value: folded(plain(value))).isin(builtin("aliases")["no"]["words"])).to_numpy()
    numbers = pd.to_numeric(values.map(plain).replace("", None), errors="coerce").astype("float64")
    lost = int((numbers.isna() & (values.map(plain) != "")).sum())
    if lost:
        _warn(values.name, Text(f"{lost} 个值不是数，按不明处理", f"{lost} values are no numbers, and are left unknown"))
    if name.endswith("_m2") and name != "area_m2":
        return _areas(values.name, numbers, unit)
    return numbers.round().astype("Int64").array if dtype == "Int64" else numbers.to_numpy()


def _areas(heading: object, numbers: pd.Series, unit: str) -> object:
    if unit:
        return numbers.map(lambda area: to_m2(area, unit)).to_numpy()
    if numbers.notna().any():
        told = Text(
            "面积单位没有写明，按不明处理；列名可写成 面积(亩)",
            "areas whose unit it does not name are left unknown; call it area_ha or the like",
        )
        _warn(heading, told)
    return numbers.where(pd.Series(data=False, index=numbers.index)).to_numpy()


def _worded(words: object, count: int) -> list[str]:
    """Codes or labels, and the word for unknown where there is none."""
    return [UNKNOWN] * count if words is None else [str(word) or UNKNOWN for word in cast(list[object], words)]


def _warn(heading: object, what: Text) -> None:
    warnings.warn(str(Text(f"列“{heading}”：{what.zh}。", f"Column {heading!r}: {what.en}.")), DataWarning, stacklevel=2)
