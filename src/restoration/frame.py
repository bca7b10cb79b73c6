"""THE SITES FRAME: one row a site, as it stands on one day. Everything is counted and shown from it.

The frame is a GeoDataFrame in EPSG:4490 (CGCS2000, degrees, longitude first). Its columns are the table `COLUMNS`;
`conform` gives any GeoDataFrame of an analyst that form, so that areas, maps and checks work on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import lifecycle
from .datums import in_degrees_of_ours
from .errors import BadRequest
from .geometry import area_of_record_m2, measurable, without_faults
from .model import KIND_LABEL, MEASURED
from .text import Text
from .units import rounded, shown

CRS = "EPSG:4490"
_NOTHING_MORE = Text("", "")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sites frame: pandas dtype, label, whether a public map may show it, and what the label does not say."""

    name: str
    dtype: str
    label: Text
    public: bool = True
    about: Text = _NOTHING_MORE


COLUMNS: tuple[Column, ...] = (
    Column("site_id", "str", Text("编号", "site"), about=Text("台账里唯一，不变", "unique in the ledger, never changes")),
    Column(
        "source_id",
        "str",
        Text("小班号", "number in the source"),
        about=Text("来文件里的小班号或图斑号", "as the file that brought it has it; not unique"),
    ),
    Column("name", "str", Text("名称", "name")),
    Column("layer", "str", Text("图层", "layer"), about=Text("措施所属的图层，代码", "code of the layer that the measure belongs to")),
    Column("measure", "str", Text("措施", "measure"), about=Text("代码，见 lifecycle.toml", "code, see lifecycle.toml")),
    Column("plan_year", "Int64", Text("年度", "plan year")),
    Column("status", "str", Text("状态", "status"), about=Text("代码，见 lifecycle.toml", "code, see lifecycle.toml")),
    Column("group", "str", Text("分组", "group"), about=Text("状态的显示分组，代码", "code of the display group of the status")),
    Column(
        "counted",
        "bool",
        Text("计入面积", "counted"),
        about=Text("核减/调出的为假，不进任何合计", "false for what was struck off, which is in no sum"),
    ),
    Column("county_code", "str", Text("县代码", "county code")),
    Column("town_code", "str", Text("乡镇代码", "town code")),
    Column("town", "str", Text("乡镇", "town")),
    Column("village", "str", Text("村", "village")),
    Column("unit", "str", Text("责任单位", "responsible unit"), public=False),
    Column(
        "mine_id",
        "str",
        Text("矿山编号", "mine"),
        about=Text(
            "几个图斑同一编号是一座矿山", "polygons with the same are one mine; without one a mine is its source_id, else its site_id"
        ),
    ),
    Column("species", "str", Text("树种", "species")),
    Column("closure_on", "str", Text("封育起始", "closure since")),
    Column("closure_years", "Int64", Text("封育年限", "years of closure")),
    Column(
        "area_m2",
        "float64",
        Text("图斑面积", "area of record"),
        about=Text("CGCS2000 椭球面积，由边界算出", "ellipsoidal on CGCS2000, computed from the boundary; never typed"),
    ),
    Column(
        "reported_m2",
        "float64",
        Text("上报面积", "reported area"),
        about=Text("人填的，没有填的不明", "typed by people, unknown where nobody did, like those that follow"),
    ),
    Column("verified_m2", "float64", Text("核实面积", "verified area")),
    Column("qualified_m2", "float64", Text("核实合格面积", "qualified area")),
    Column("replant_m2", "float64", Text("补植面积", "area to replant")),
    Column("lost_m2", "float64", Text("损失面积", "lost area")),
    Column("preserved_m2", "float64", Text("保存面积", "preserved area")),
    Column("survival_pct", "float64", Text("成活率(%)", "survival (%)")),
    Column("cover_pct", "float64", Text("综合盖度(%)", "cover (%)")),
    Column("canopy_ratio", "float64", Text("郁闭度", "canopy closure"), about=Text("0 到 1", "0 to 1")),
    Column("stems_per_ha", "float64", Text("每公顷株数", "stems per hectare")),
    Column("registered_on", "str", Text("登记日期", "registered on"), about=Text("第一次记录的发生日期", "the day of the first event")),
    Column(
        "boundary_version",
        "Int64",
        Text("边界版本", "boundary version"),
        about=Text("第几版边界，从 1 起", "which boundary this is, from 1"),
    ),
    Column(
        "last_event_id",
        "str",
        Text("末次事件", "last event"),
        public=False,
        about=Text("到该日为止的最后一件事", "the last thing that happened up to the day"),
    ),
    Column("last_kind", "str", Text("末次事项", "last entry")),
    Column("last_on", "str", Text("末次日期", "last date")),
    Column("last_by", "str", Text("末次填报人", "last recorded by"), public=False),
    Column("last_doc_no", "str", Text("末次文号", "last document"), public=False),
    Column("is_sample", "bool", Text("示例数据", "sample data"), about=Text("虚构的示例", "made up")),
)
"""Every column but ``geometry`` (MultiPolygon), in order. Days (``…_on``) are ISO dates as text; ``""`` is unknown."""

WRITTEN = ("site_id", "source_id", "name", "county_code", "town_code", "town", "village", "unit", "mine_id", "species", "last_by",
           "last_doc_no")  # fmt: skip
"""The columns that hold what somebody wrote."""

COUNTED_FROM = ("site_id", "source_id", "layer", "measure", "plan_year", "status", "group", "counted", "county_code", "town", "village",
                "mine_id", "area_m2", "reported_m2", "verified_m2", "qualified_m2", "preserved_m2")  # fmt: skip
"""The columns that progress is counted from; it needs no geometry."""

NEEDED = ("measure", "status")
"""The columns that an analyst's own frame must have beside its geometry; the rest is filled in as unknown."""

assert set(MEASURED) <= {column.name for column in COLUMNS}


def label_of(name: str) -> Text:
    """The heading of a column of the frame.

    Examples
    --------
    >>> label_of("plan_year").en
    'plan year'
    """
    return next(column.label for column in COLUMNS if column.name == name)


def shown_value(name: str, value: object, table: lifecycle.Lifecycle, measure: str = "") -> str:
    """A value of a column as staff read it: areas in 亩, codes as labels, unknown as nothing.

    Examples
    --------
    >>> shown_value("measure", "hill_closure", lifecycle.table()), shown_value("area_m2", 10_000.0, lifecycle.table())
    ('封山育林', '15.00')
    """
    if value is None or value is pd.NA or value != value or value == "":
        return ""
    if name.endswith("_m2") and isinstance(value, (int, float)):
        return shown(value)
    if name == "status":
        return str(table.label(str(value), measure))
    if name == "measure":
        return str(table.measures[str(value)].label)
    if name == "layer":
        return str(table.layers[str(value)])
    if name == "group":
        return str(table.groups[str(value)])
    if name == "last_kind":
        return str(KIND_LABEL[str(value)])
    if isinstance(value, (bool, np.bool_)):
        return str(Text("是", "yes") if value else Text("否", "no"))
    return rounded(value, 2).rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def conform(sites: gpd.GeoDataFrame, *, table: lifecycle.Lifecycle | None = None) -> gpd.GeoDataFrame:
    """The same sites as a sites frame: EPSG:4490, every column there, measures and statuses as codes.

    Parameters
    ----------
    sites
        Polygons in any CRS, with the columns `NEEDED`; Chinese labels are as good as codes. Other columns are dropped.
    table
        The lifecycle that names the measures; the built-in one if not given.

    Raises
    ------
    BadRequest
        A needed column or the CRS is missing.
    UnknownName
        A measure or status that the lifecycle does not have.

    Examples
    --------
    >>> import shapely
    >>> one = gpd.GeoDataFrame({"measure": ["封山育林"], "status": ["planned"]}, geometry=[shapely.box(105, 25, 105.01, 25.01)], crs=4490)
    >>> conform(one).loc[0, ["site_id", "layer", "group"]].tolist()
    ['#1', 'desertification_control', 'not_started']
    """
    known = table or lifecycle.table()
    _require_columns(sites)
    frame = cast(gpd.GeoDataFrame, in_degrees_of_ours(sites).reset_index(drop=True))
    columns = {column.name: _column(frame, column) for column in COLUMNS}
    columns["measure"] = frame["measure"].map(lambda name: known.measure(str(name)).code).astype("str")
    columns["status"] = frame["status"].map(lambda name: known.status(str(name)).code).astype("str")
    if "site_id" not in frame:
        columns["site_id"] = _numbers(columns["source_id"])
    columns["area_m2"] = _computed_areas_m2(frame, columns["area_m2"])
    made = gpd.GeoDataFrame(columns, geometry=frame.geometry.array, crs=CRS)
    return with_groups(made, table=known)


def _numbers(source_ids: pd.Series) -> pd.Series:
    """A number for each site: that of its source if each has one of its own, else its row, which no other frame can know: ``#1``."""
    if len(source_ids) and (source_ids != "").all() and source_ids.is_unique:
        return source_ids
    return pd.Series([f"{ROW}{row + 1}" for row in range(len(source_ids))], dtype="str")


ROW = "#"
"""What a ``site_id`` begins with that is only the place of a row."""


def as_frame(sites: gpd.GeoDataFrame, *, table: lifecycle.Lifecycle) -> gpd.GeoDataFrame:
    """The same sites if they are a sites frame, their rows numbered anew; else what `conform` makes of them.

    Raises
    ------
    BadRequest
        A sites frame whose statuses or measures were changed, and what follows from them was not.
    """
    if not is_frame(sites):
        return conform(sites, table=table)
    same = sites.reset_index(drop=True)
    require_derived(same, table=table)
    return same


def is_frame(sites: pd.DataFrame) -> bool:
    """Whether it has every column of the contract, and EPSG:4490."""
    return {column.name for column in COLUMNS} <= set(sites.columns) and getattr(sites, "crs", None) == CRS


_DERIVED = ("layer", "group", "counted")


def require_derived(frame: pd.DataFrame, *, table: lifecycle.Lifecycle) -> None:
    """Refuse a frame whose layers, groups and ``counted`` are not those of its measures and statuses.

    Raises
    ------
    BadRequest, UnknownName
    """
    for name, codes, named in (("measure", table.measures, table.measure), ("status", table.statuses, table.status)):
        for code in set(frame[name]) - set(codes):
            named(str(code))  # one that is no word of the lifecycle at all is told as that
    should = with_groups(cast(gpd.GeoDataFrame, frame), table=table)
    for name in _DERIVED:
        wrong = frame["site_id"][(should[name] != frame[name]).to_numpy()]
        if len(wrong):
            what = "measure" if name == "layer" else "status"
            raise BadRequest(
                Text(
                    f"小班 {wrong.iloc[0]}（共 {len(wrong)} 个）的 {name} 与它的 {what} 不符：改过 {what} 或 {name}。",
                    f"Site {wrong.iloc[0]} ({len(wrong)} in all): {name} is not that of its {what}; one of them was changed.",
                ),
                Text(
                    "改了状态或措施的，去掉 layer、group、counted 三列再用 restoration.conform 转一次。",
                    "After a change of status or measure drop layer, group and counted, and use restoration.conform again.",
                ),
            )


def with_groups(frame: gpd.GeoDataFrame, *, table: lifecycle.Lifecycle) -> gpd.GeoDataFrame:
    """The frame with ``layer``, ``group`` and ``counted`` as its measures and statuses have them.

    A mine without a number is a mine by itself: its ``mine_id`` is filled in from ``source_id``, else ``site_id``.
    """
    by_mine = {code for code, measure in table.measures.items() if measure.counted_by == "mine_id"}
    nameless = frame["measure"].isin(by_mine) & (frame["mine_id"] == "")
    own = frame["source_id"].where(frame["source_id"] != "", frame["site_id"])
    return frame.assign(
        mine_id=frame["mine_id"].mask(nameless, own),
        layer=frame["measure"].map({code: measure.layer for code, measure in table.measures.items()}).astype("str"),
        group=frame["status"].map({code: status.group for code, status in table.statuses.items()}).astype("str"),
        counted=frame["status"].map({code: status.counted for code, status in table.statuses.items()}).astype("bool"),
    )


def closure_ends(sites: pd.DataFrame) -> pd.DatetimeIndex:
    """The day on which each closure is over, shape (n,); NaT where its first day or its years are not known.

    Parameters
    ----------
    sites
        ``closure_on`` (ISO days as text) and ``closure_years`` are read.
    """
    since = pd.DatetimeIndex(pd.to_datetime(sites["closure_on"], errors="coerce", format="ISO8601"))
    years = sites["closure_years"].to_numpy(dtype=np.float64, na_value=np.nan)
    months = pd.Series(since.to_numpy()).dt.to_period("M")
    ends = pd.Series(pd.NaT, index=months.index, dtype="datetime64[ns]")
    known = (months.notna() & ~np.isnan(years)).to_numpy()
    first = (months[known] + 12 * years[known].astype(np.int64)).dt.to_timestamp()
    ends[known] = first + pd.to_timedelta(since.day[known] - 1, unit="D")  # 29 February becomes 1 March
    return pd.DatetimeIndex(ends)


def _computed_areas_m2(frame: gpd.GeoDataFrame, said_m2: pd.Series) -> pd.Series:
    """The area of record is computed from the boundary, whatever it was said to be; only where there is none to measure it stays."""
    shapes = np.asarray(frame.geometry.array, dtype=object).copy()
    there = measurable(shapes)
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[~there] = None
    said_m2 = said_m2.mask(nothing & said_m2.isna().to_numpy(), 0.0)
    return said_m2.mask(there, pd.Series(area_of_record_m2(without_faults(shapes))))


def require_frame(sites: pd.DataFrame) -> None:
    """Only a sites frame is counted: with every column, and where it has geometry, in EPSG:4490.

    Raises
    ------
    BadRequest
    """
    missing = [column.name for column in COLUMNS if column.name not in sites.columns]
    crs = getattr(sites, "crs", CRS)
    if missing or crs is None or crs != CRS:
        what = f"{len(missing)} columns are missing ({', '.join(missing[:3])} ...)" if missing else f"its CRS is {crs}"
        said = f"缺 {len(missing)} 列（{'、'.join(missing[:3])}…）" if missing else f"坐标系是 {crs}"
        raise BadRequest(
            Text(f"这不是小班表：{said}。", f"This is no sites frame: {what}."),
            Text("请先用 restoration.conform(数据) 转成小班表。", "Make it one first: restoration.conform(frame)."),
        )


def _require_columns(sites: gpd.GeoDataFrame) -> None:
    missing = [name for name in NEEDED if name not in sites.columns]
    if missing:
        raise BadRequest(
            Text(f"数据缺少列：{'、'.join(missing)}。", f"The frame lacks the columns {', '.join(missing)}."),
            Text(
                f"现有的列：{'、'.join(map(str, sites.columns))}；请改名。", f"It has {', '.join(map(str, sites.columns))}: rename yours."
            ),
        )
    if sites.crs is None:
        raise BadRequest(
            Text("数据没有坐标系。", "The frame has no CRS."),
            Text("请先用 set_crs 指明，例如 4490。", "Set it first, for example set_crs(4490)."),
        )


def _column(frame: gpd.GeoDataFrame, column: Column) -> pd.Series:
    empty = {"str": "", "bool": False, "float64": np.nan, "Int64": pd.NA}[column.dtype]
    if column.name not in frame:
        return pd.Series([empty] * len(frame), dtype=column.dtype)
    values = frame[column.name]
    typed: pd.Series = (values.fillna("") if column.dtype == "str" else values).astype(column.dtype)
    return typed
