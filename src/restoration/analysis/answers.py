"""Questions of any GeoDataFrame, each one function of a frame; the answer is a frame too, or a picture."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import checks, figures, lifecycle, maps, tally
from ..datums import in_degrees_of_ours
from ..errors import BadRequest, UnknownName
from ..frame import COLUMNS, CRS, is_frame
from ..geometry import area_of_record_m2, measurable, without_faults
from ..lifecycle import Lifecycle
from ..references import Reference
from ..store import Clock
from ..tally.area import BY, columns_of, summed
from ..text import Text
from ..thresholds import Thresholds
from .conforming import framed, require_sites, with_unknown
from .days import Day, day_of
from .frames import findings_frame
from .table import Table

if TYPE_CHECKING:
    from ..figures import Figure

Groups = str | Sequence[str]


def areas(sites: gpd.GeoDataFrame, *, by: Groups = (), unit: str = "m2", table: Lifecycle | None = None) -> Table:
    """Areas group by group: what was done (task), and the ground that it was done on (land), which counts once.

    Sites that were struck off (核减/调出) count nowhere.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set; see `conform` for the columns that are understood.
    by
        Columns of the frame, or words of `tally.BY` (``measure``, ``town``, ``year`` …); none gives the one row of all.
    unit
        ``m2``, ``mu``, ``ha`` or ``km2``; it is in the names of the columns.
    table
        The lifecycle that names measures and statuses; the built-in one if not given.

    Returns
    -------
    Table
        The columns of ``by``, ``sites``, ``mines``, ``task_…``, ``land_…``, and ``reported_…``, ``verified_…``, ``qualified_…`` (NaN
        where no site has one). Ground in two groups is in the land of both.

    Raises
    ------
    BadRequest, UnknownName
        The frame has no CRS, or lacks a column of ``by``; a site that cannot be measured.

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame(
    ...     {"owner": ["甲", "甲", "乙"]}, geometry=[shapely.box(w, 25, w + 0.01, 25.01) for w in (105, 105.005, 105.1)], crs=4490
    ... )
    >>> areas(own, by="owner", unit="ha")[["owner", "sites", "task_ha", "land_ha"]]
      owner sites  task_ha  land_ha
    0     乙     1 111.8209 111.8209
    1     甲     2 223.6418 167.7316
    """
    frame, columns = _keyed(sites, [by] if isinstance(by, str) else list(by or ()), table)
    found = summed(frame, columns)
    rows = Table(found.rows if columns else pd.DataFrame([found.whole])).in_unit(unit)
    names = {column: column.removesuffix(_OWN) for column in columns}
    twice = next((name for name in names.values() if name in rows.columns.difference(list(names))), None)
    if twice is not None:
        raise BadRequest(
            Text(f"结果里已有列“{twice}”。", f"The result has a column {twice!r} already."),
            Text("请把分组的列改个名字。", "Rename the column that you group by."),
        )
    return Table(rows.rename(columns=names))


_OWN = " of its own"
_DERIVED = {"layer", "group", "counted"}
"""What a sites frame has from its measures and statuses; a column of that name in another frame is its own."""


def _keyed(sites: gpd.GeoDataFrame, by: Sequence[str], table: Lifecycle | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The sites frame with the columns that groups are made of, an analyst's own apart from those of the frame."""
    frame = framed(sites, table=table)
    of_frame = {column.name for column in COLUMNS} - (set() if is_frame(sites) else _DERIVED)
    own = {f"{name}{_OWN}": sites[name].to_numpy() for name in by if name in sites.columns and name not in of_frame}
    columns = [_key(name, own, of_frame, sites) for name in by]
    return frame.assign(**own), list(dict.fromkeys(columns))


def _key(name: str, own: Collection[str], of_frame: Collection[str], sites: gpd.GeoDataFrame) -> str:
    """What a group is called in the frame: an analyst's own column, one of the sites frame, or one that a word stands for."""
    if f"{name}{_OWN}" in own:
        return f"{name}{_OWN}"
    return name if name in of_frame else _known(name, sites)


def _known(word: str, sites: gpd.GeoDataFrame) -> str:
    try:
        return columns_of([word])[0]
    except UnknownName as error:
        has = [str(name) for name in sites.columns]
        raise BadRequest(
            Text(f"数据里没有列“{word}”。", f"The frame has no column {word!r}."),
            Text(
                f"现有的列：{'、'.join(has)}；也可用 {'、'.join(BY)}。",
                f"It has {', '.join(has)}; words for groups are {', '.join(BY)}.",
            ),
        ) from error


def area_m2(sites: gpd.GeoDataFrame) -> pd.Series:
    """Each polygon's area of record, m², unrounded: ellipsoidal, by TD/T 1055-2019 annex D, on CGCS2000.

    Parameters
    ----------
    sites
        Polygons in any CRS that is set.

    Returns
    -------
    Series ``area_m2``, indexed like the frame; NaN where there is nothing that can be measured (no polygon, 3° wide and more).

    Raises
    ------
    BadRequest

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame(geometry=[shapely.box(105, 25, 105.01, 25.01), None], index=["a", "b"], crs=4490)
    >>> area_m2(own).round(2).to_dict()
    {'a': 1118208.78, 'b': nan}
    """
    require_sites(sites)
    shapes = np.asarray(in_degrees_of_ours(sites.geometry).array, dtype=object).copy()
    there = measurable(shapes)
    shapes[~there] = None
    found = np.where(there, area_of_record_m2(without_faults(shapes)), np.nan)
    return pd.Series(found, index=sites.index, name="area_m2")


def overlaps(sites: gpd.GeoDataFrame, *, limits: Thresholds | None = None, table: Lifecycle | None = None) -> gpd.GeoDataFrame:
    """Which sites share ground: one row a pair, the greatest first.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set.
    limits
        What is noise along an edge, a duplicate, lawful; the built-in thresholds if not given.
    table
        As in `areas`.

    Returns
    -------
    GeoDataFrame
        The ground that is shared, EPSG:4490: ``site_id`` and ``other_id``, measure, year, town and status of both (``other_…``),
        ``area_m2``, ``width_m``, ``likeness_pct``, ``kind`` (``noise``, ``overlap``, ``near_duplicate``, ``duplicate``) and ``verdict``
        (``successive`` 先后治理, ``suspicious``, ``double``; ``""`` for noise).

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame(geometry=[shapely.box(w, 25, w + 0.01, 25.01) for w in (105, 105.005, 105.1)], crs=4490)
    >>> overlaps(own)[["site_id", "other_id", "area_m2", "kind"]].round(1).values.tolist()
    [['#1', '#2', 559102.0, 'overlap']]
    """
    pairs = tally.overlap_statement(framed(sites, table=table), limits=limits).pairs
    return cast(gpd.GeoDataFrame, pairs.drop(columns="keeps"))


def check(
    sites: gpd.GeoDataFrame,
    *,
    today: Day | None = None,
    limits: Thresholds | None = None,
    references: Mapping[str, gpd.GeoDataFrame | Reference] | None = None,
    photos: Sequence[str] | None = None,
    table: Lifecycle | None = None,
) -> gpd.GeoDataFrame:
    """What is wrong with sites, and what to do about it: one row a finding, in the present language.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set; rules that need what the frame does not have do not run.
    today
        The day that closures and plan years are measured by; the office's day if not given.
    limits
        The thresholds, the built-in ones if not given.
    references
        Layers to hold the sites against, by kind (``county``, ``cropland`` …), each in any CRS.
    photos
        The names of the photo files that there are.
    table
        As in `areas`.

    Returns
    -------
    GeoDataFrame
        Points to zoom to, EPSG:4490: ``code``, ``level`` (``error``, ``warning``, ``note``), ``site_id``, ``other_site_id``, ``about``,
        ``message``, ``way_out``, ``value``. `docs/findings.md` lists the codes.

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> check(geopandas.GeoDataFrame(geometry=[square, square], crs=4490))[["code", "level", "site_id", "other_site_id"]].iloc[0].tolist()
    ['S203', 'error', '#1', '#2']
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table, are_shapes_judged=True)
    ran = checks.run(frame, table=known, today=day_of(today), limits=limits, references=references, photos=photos)
    return findings_frame([(finding, "failed") for finding in ran.findings], table=known).drop(columns="state")


def repairs(sites: gpd.GeoDataFrame, *, limits: Thresholds | None = None, table: Lifecycle | None = None) -> gpd.GeoDataFrame:
    """Mended boundaries for the sites whose boundary is broken, doubled or spiked (S101, S103, S104); a proposal, nothing is written.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set.
    limits
        What is a spike or a double point, and how much an area may change; the built-in thresholds if not given.
    table
        As in `areas`.

    Returns
    -------
    GeoDataFrame
        A row a site that can be mended or not: ``site_id``, ``codes``, ``how``, ``before_m2``, ``after_m2``, ``change_m2``,
        ``change_pct``, ``points_before``, ``points_after``, ``kept_pct``, ``moved_m`` (how far the boundary moves at most), ``left``,
        ``verdict`` (``ready``, ``large``, ``unmended``), and the mended boundary, EPSG:4490.

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> bow = shapely.Polygon([(105.1, 25.1), (105.102, 25.102), (105.102, 25.1), (105.1, 25.102)])
    >>> repairs(geopandas.GeoDataFrame(geometry=[bow], crs=4490))[["site_id", "codes", "verdict"]].values.tolist()
    [['#1', 'S101', 'ready']]
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table, are_shapes_judged=True)
    mendable = [rule.code for rule in checks.MENDED]
    codes: dict[str, set[str]] = {}
    for finding in checks.run(frame, table=known, limits=limits).findings:
        if finding.code in mendable:
            codes.setdefault(finding.site_id, set()).add(finding.code)
    proposals = checks.repairs(frame, codes, table=known, limits=limits)
    after = gpd.GeoSeries([one.after for one in proposals], crs=CRS)
    return gpd.GeoDataFrame(checks.table_of(proposals), geometry=after, crs=CRS)


def map(  # noqa: A001 - the word for it
    sites: gpd.GeoDataFrame,
    *,
    title: Text | str | None = None,
    as_of: Day | None = None,
    clock: Clock = "field",
    outline: gpd.GeoDataFrame | None = None,
    public: bool = False,
    table: Lifecycle | None = None,
) -> maps.Map:
    """A map of sites that needs nothing outside its own page; a notebook shows it, and ``restoration.maps.save`` writes it.

    For basemaps, photos and a slider over days see `maps.build`.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set.
    title
        What stands above the legend.
    as_of, clock
        The day that the frame shows and by which clock, to be told on the map; nothing is filtered.
    outline
        The boundary of the county or the working area, in any CRS.
    public
        Leave out what only the office may see.
    table
        As in `areas`.

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> map(geopandas.GeoDataFrame(geometry=[square], crs=4490), title="一块地").get_bounds()
    [[25.1, 105.1], [25.102, 105.102]]
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table)
    return maps.build(frame, title=title, as_of=day_of(as_of), clock=clock, outline=outline, public=public, table=known)


def figure(
    sites: gpd.GeoDataFrame,
    *,
    title: Text | str | None = None,
    as_of: Day | None = None,
    clock: Clock = "field",
    outline: gpd.GeoDataFrame | None = None,
    public: bool = False,
    size: str = "A4",
    table: Lifecycle | None = None,
) -> Figure:
    """The map of sites on one sheet of paper, true to scale, as a matplotlib figure (the extra ``figure``); see `figures.figure`.

    Parameters
    ----------
    sites
        Any polygons in any CRS that is set.
    size
        ``A4`` or ``A3``, across.
    title, as_of, clock, outline, public, table
        As in `map`.

    Raises
    ------
    MissingExtra
        matplotlib or a Chinese font is not installed.
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = shapely.box(105.1, 25.1, 105.102, 25.102)
    >>> [axes.get_label() for axes in figure(geopandas.GeoDataFrame(geometry=[square], crs=4490)).axes]
    ['sheet', 'map']
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table)
    return figures.figure(frame, title=title, as_of=day_of(as_of), clock=clock, outline=outline, public=public, size=size, table=known)
