"""Any GeoDataFrame as a sites frame: its headings recognised, what it does not say unknown and shown as that."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import frame, lifecycle
from ..data import builtin
from ..errors import BadRequest, DataWarning, RestorationError, UnknownName
from ..frame import COLUMNS
from ..lifecycle import Lifecycle, Measure, Status
from ..readers.cells import as_area, as_date, as_number, as_share, as_year, as_years, plain, read_each
from ..readers.headings import column_named, split_unit, understood
from ..sharing import require_computed_areas
from ..text import Text, folded
from ..units import to_m2

T = TypeVar("T")
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
    made = _conformed(sites, fields or {}, table)
    _tell_shapes(sites)
    return made


def _conformed(sites: gpd.GeoDataFrame, fields: Mapping[str, str], table: Lifecycle | None) -> gpd.GeoDataFrame:
    require_sites(sites)
    known = with_unknown(table or lifecycle.table())
    columns = _recognised(sites, fields)
    named = {name: _worded(columns.get(name), len(sites)) for name in frame.NEEDED}
    made = gpd.GeoDataFrame({**columns, **named}, geometry=sites.geometry.to_numpy(), crs=sites.crs)
    conformed = frame.conform(made, table=known)
    _tell_mines(conformed, columns, known)
    if "counted" in columns:  # what somebody struck off stays so, also where no status says it
        conformed["counted"] &= np.asarray(columns["counted"], dtype=np.bool_)
    return conformed


def framed(sites: gpd.GeoDataFrame, *, table: Lifecycle | None = None, are_shapes_judged: bool = False) -> gpd.GeoDataFrame:
    """The frame itself if it is a sites frame that holds together, its rows numbered anew; else what `conform` makes of it.

    ``are_shapes_judged``: by what asks for it, so that broken ones need no warning here.

    Raises
    ------
    BadRequest
        It is no GeoDataFrame; of a sites frame, geometry, status or measure was changed and what follows from them was not, or two rows
        are of one site.
    """
    require_sites(sites)
    if not frame.is_frame(sites):
        return _conformed(sites, {}, table) if are_shapes_judged else conform(sites, table=table)
    known = with_unknown(table or lifecycle.table())
    same = _without_gaps(sites.reset_index(drop=True))
    try:
        frame.require_derived(same.assign(counted=_counted_by_status(same, known)), table=known)
    except RestorationError as error:
        if table is None:
            error.way_out = Text(f"{error.way_out.zh}{_OWN_WORDS.zh}", f"{error.way_out.en} {_OWN_WORDS.en}")
        raise
    _require_one_each(same)
    require_computed_areas(same)
    return same


_OWN_WORDS = Text(
    "用本单位自己的措施与状态表的，写 table=project.table。",
    "If your office has measures and statuses of its own, say table=project.table.",
)


def _without_gaps(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Texts that are missing, as a merge leaves them, are unknown."""
    gaps = [name for name, dtype in _DTYPE.items() if dtype == "str" and sites[name].isna().any()]
    return cast(gpd.GeoDataFrame, sites.assign(**{name: sites[name].fillna("") for name in gaps}))


def _counted_by_status(sites: gpd.GeoDataFrame, table: Lifecycle) -> pd.Series:
    """What is struck off by hand stays so: only a site that counts against its status is wrong."""
    counted = sites["counted"].astype("bool")
    by_status = sites["status"].isin([code for code, status in table.statuses.items() if status.counted])
    return cast(pd.Series, counted.where(counted, by_status))


def _require_one_each(sites: gpd.GeoDataFrame) -> None:
    double = sites["site_id"][sites["site_id"].duplicated()]
    if len(double):
        raise BadRequest(
            Text(
                f"小班 {double.iloc[0]} 有几行。",
                f"Site {double.iloc[0]} has several rows.",
            ),
            Text(
                '拆开、连接过的请用 dissolve("site_id") 合回去，或换掉 site_id 后重新 conform。',
                'After explode or merge dissolve by "site_id", or give each row a site_id of its own and conform again.',
            ),
        )


def _tell_shapes(sites: gpd.GeoDataFrame) -> None:
    """Warn of what has no ground, and of what is measured as it would be mended."""
    shapes = np.asarray(sites.geometry.array, dtype=object)
    nothing = int((shapely.is_missing(shapes) | shapely.is_empty(shapes)).sum())
    broken = int((~shapely.is_valid(shapes)).sum()) - int(shapely.is_missing(shapes).sum())
    if nothing:
        _warn(Text(f"{nothing} 行没有图形，按 0 平方米计", f"{nothing} rows have no geometry, and count as 0 m²"))
    if broken:
        _warn(
            Text(f"{broken} 个图形无效，面积按修复后的图形；见 restoration.repairs",
                 f"{broken} geometries are invalid, and are measured as mended: see restoration.repairs")
        )  # fmt: skip


def _tell_mines(made: gpd.GeoDataFrame, columns: Mapping[str, object], table: Lifecycle) -> None:
    by_mine = {code for code, measure in table.measures.items() if measure.counted_by == "mine_id"}
    mines = int(made["measure"].isin(by_mine).sum())
    if mines and "mine_id" not in columns:
        _warn(
            Text(
                f"没有 mine_id 列：{mines} 个矿山图斑各算一座矿",
                f"no column mine_id: each of {mines} polygons is a mine by itself",
            )
        )


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
    texts = {str(name): name for name in sites.columns if name != sites.geometry.name}
    own = list(texts)
    _require_distinct([str(name) for name in sites.columns])
    literal = {name: name for name in _DTYPE if name in own}
    found = understood([name for name in own if name not in literal], fields={})
    asked = {_column(name): column_named(column, own) if column else "" for name, column in fields.items()}
    taken = {name: column for name, column in found.columns.items() if name in _DTYPE} | literal | asked
    units = dict(found.units) | dict.fromkeys(literal, "m2") | {name: split_unit(folded(column))[1] for name, column in asked.items()}
    _tell_doubles(taken, {name: [found.columns[name], *found.doubles.get(name, ())] for name in found.columns})
    return {name: _typed(name, sites[texts[column]], units.get(name, "")) for name, column in taken.items() if column}


def _require_distinct(names: Sequence[str]) -> None:
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise BadRequest(
            Text(f"有两列都叫“{double}”。", f"Two columns are called {double!r}."), Text("请改掉一个列名。", "Rename one of them.")
        )


def _tell_doubles(taken: Mapping[str, str], meant: Mapping[str, Sequence[str]]) -> None:
    """Warn of columns that mean what another one already does, and are left."""
    for name, columns in meant.items():
        left = [column for column in columns if column != taken.get(name)]
        if left and taken.get(name):
            _warn(
                Text(f"列“{'、'.join(left)}”与“{taken[name]}”意思相同，没有用",
                     f"column {', '.join(map(repr, left))} means the same as {taken[name]!r}, and is left")
            )  # fmt: skip


def _column(name: str) -> str:
    if name not in _DTYPE:
        raise UnknownName(Text("字段", "field"), name, _DTYPE)
    return name


def _typed(name: str, values: pd.Series, unit: str) -> object:
    """A column in the dtype of the sites frame; what cannot be is unknown, and that is told."""
    dtype, texts = _DTYPE[name], [plain(value) for value in values]
    if name.endswith("_on"):
        days = _read(values.name, texts, as_date, Text("日期", "days"))
        return np.array(["" if day is None else day.isoformat() for day in days], dtype=object)
    if dtype == "str":
        return np.array(texts, dtype=object)
    if dtype == "bool":
        return np.array([folded(text) not in builtin("aliases")["no"]["words"] for text in texts])
    if name.endswith("_m2") and name != "area_m2":
        return _areas(values.name, texts, unit)
    parse = {"plan_year": as_year, "closure_years": as_years}.get(name) or (_whole if dtype == "Int64" else _number_of(name))
    numbers = _read(values.name, texts, parse, Text("这一项的数", "numbers that this can be"))
    if dtype == "Int64":
        return pd.array(numbers, dtype="Int64")
    return np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)


def _number_of(name: str) -> Callable[[str], float]:
    return partial(as_share, name=name) if name in builtin("aliases")["range"] else as_number


def _whole(text: str) -> int:
    number = as_number(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _read(heading: object, texts: Sequence[str], parse: Callable[[str], T], what: Text) -> list[T | None]:
    values, wrong = read_each(texts, parse)
    if wrong:
        first = texts[wrong[0]]
        _warn(
            Text(f"列“{heading}”：{len(wrong)} 个值不是{what.zh}（如“{first}”），按不明处理",
                 f"column {heading!r}: {len(wrong)} values are no {what.en} (such as {first!r}), and are left unknown")
        )  # fmt: skip
    return values


def _areas(heading: object, texts: Sequence[str], unit: str) -> object:
    """Areas in m²: by the unit behind a number, else by that of the heading; without either they are unknown."""
    found = _read(heading, texts, as_area, Text("面积", "areas"))
    units = [None if one is None else one[1] or unit for one in found]
    if "" in units:
        _warn(
            Text(f"列“{heading}”：面积单位没有写明，按不明处理；列名可写成 面积(亩)",
                 f"column {heading!r}: areas whose unit it does not name are left unknown; call it area_ha or the like")
        )  # fmt: skip
    return np.array(
        [to_m2(one[0], said) if one is not None and said else np.nan for one, said in zip(found, units, strict=True)], dtype=np.float64
    )


def _worded(words: object, count: int) -> list[str]:
    """Codes or labels, and the word for unknown where there is none."""
    return [UNKNOWN] * count if words is None else [str(word) or UNKNOWN for word in cast(list[object], words)]


def _warn(what: Text) -> None:
    warnings.warn(str(Text(f"{what.zh}。", f"{what.en[:1].upper()}{what.en[1:]}.")), DataWarning, stacklevel=2)
