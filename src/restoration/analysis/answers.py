"""Questions of any GeoDataFrame, each one function of a frame; the answer is a frame too, or a picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import checks, figures, lifecycle, maps, tally
from ..errors import BadRequest, UnknownName
from ..frame import COLUMNS, CRS
from ..geometry import area_of_record_m2, measurable, without_faults
from ..lifecycle import Lifecycle
from ..model import Target
from ..references import Reference
from ..store import Clock
from ..tally.area import BY, columns_of, summed
from ..text import Text
from ..thresholds import Thresholds
from .conforming import framed, require_sites, with_unknown
from .frames import findings_frame, targets_of
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
    frame, columns = _keyed(sites, [by] if isinstance(by, str) else list(by), table)
    found = summed(frame, columns)
    rows = found.rows if columns else pd.DataFrame([found.whole])
    names = {column: column.removeprefix(_OWN) for column in columns}
    return Table(rows.rename(columns=names)).in_unit(unit)


_OWN = "own "


def _keyed(sites: gpd.GeoDataFrame, by: Sequence[str], table: Lifecycle | None) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The sites frame with the columns that groups are made of, an analyst's own apart from those of the frame."""
    frame = framed(sites, table=table)
    of_frame = {column.name for column in COLUMNS}
    own = {f"{_OWN}{name}": sites[name].to_numpy() for name in by if name in sites.columns and name not in of_frame}
    columns = [_key(name, own, of_frame, sites) for name in by]
    return frame.assign(**own), list(dict.fromkeys(columns))


def _key(name: str, own: Collection[str], of_frame: Collection[str], sites: gpd.GeoDataFrame) -> str:
    """What a group is called in the frame: an analyst's own column, one of the sites frame, or one that a word stands for."""
    if f"{_OWN}{name}" in own:
        return f"{_OWN}{name}"
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
    shapes = np.asarray(sites.geometry.to_crs(4490).array, dtype=object).copy()
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
    [['1', '2', 559102.0, 'overlap']]
    """
    pairs = tally.overlap_statement(framed(sites, table=table), limits=limits).pairs
    return cast(gpd.GeoDataFrame, pairs.drop(columns="keeps"))


def check(
    sites: gpd.GeoDataFrame,
    *,
    today: date | None = None,
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
    ['S203', 'error', '1', '2']
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table)
    ran = checks.run(frame, table=known, today=today, limits=limits, references=references, photos=photos)
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
    [['1', 'S101', 'ready']]
    """
    known = with_unknown(table or lifecycle.table())
    frame = framed(sites, table=table)
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
    as_of: date | None = None,
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
    return maps.build(frame, title=title, as_of=as_of, clock=clock, outline=outline, public=public, table=known)


def figure(
    sites: gpd.GeoDataFrame,
    *,
    title: Text | str | None = None,
    as_of: date | None = None,
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
    return figures.figure(frame, title=title, as_of=as_of, clock=clock, outline=outline, public=public, size=size, table=known)


def progress(
    sites: pd.DataFrame,
    targets: pd.DataFrame | Iterable[Target],
    *,
    by: Groups = ("measure", "year"),
    unit: str = "m2",
    table: Lifecycle | None = None,
) -> Table:
    """Plan against done, group by group: numbers, areas and rates; what they are is told in `tally.Progress`.

    Parameters
    ----------
    sites
        The sites frame; its geometry is not needed.
    targets
        As `Records.targets` gives them, or a frame with ``measure``, ``plan_year``, and ``target_m2`` or ``target_number`` or both.
    by
        Words of `tally.BY`; none gives the one row of all.
    unit, table
        As in `areas`.

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame(
    ...     {"措施": ["人工造林"], "年度": [2021], "状态": ["县级验收合格"]}, geometry=[shapely.box(105, 25, 105.01, 25.01)], crs=4490
    ... )
    >>> plan = pd.DataFrame({"measure": ["人工造林"], "plan_year": [2021], "target_m2": [2_000_000.0]})
    >>> progress(own, plan)[["measure", "number", "accepted_number", "accepted_pct"]]
          measure number accepted_number accepted_pct
    0  afforestation     1               1         55.9
    """
    known = with_unknown(table or lifecycle.table())
    words = [by] if isinstance(by, str) else list(by)
    found = tally.progress(_counted(sites, table), targets_of(targets, table=known), by=words, table=known)
    return Table(found.rows if words else pd.DataFrame([found.whole])).in_unit(unit)


def against_targets(
    sites: pd.DataFrame, targets: pd.DataFrame | Iterable[Target], *, unit: str = "m2", table: Lifecycle | None = None
) -> Table:
    """One row a target, with what is done; sites that no target is about follow by measure and year. See `tally.against_targets`.

    Parameters
    ----------
    sites, targets, unit, table
        As in `progress`.

    Raises
    ------
    BadRequest, UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> own = geopandas.GeoDataFrame({"措施": ["人工造林"], "年度": [2021]}, geometry=[shapely.box(105, 25, 105.01, 25.01)], crs=4490)
    >>> plan = pd.DataFrame({"measure": ["afforestation"], "plan_year": [2021], "target_m2": [2_000_000.0]})
    >>> against_targets(own, plan, unit="ha")[["measure", "target_ha", "task_ha", "sited_pct"]]
            measure target_ha  task_ha sited_pct
    0 afforestation  200.0000 111.8209      55.9
    """
    known = with_unknown(table or lifecycle.table())
    return Table(tally.against_targets(_counted(sites, table), targets_of(targets, table=known), table=known)).in_unit(unit)


def bridge(
    opening: pd.DataFrame,
    closing: pd.DataFrame,
    *,
    total: str = "task",
    by: Groups = (),
    measure: str | None = None,
    table: Lifecycle | None = None,
) -> tally.Bridge:
    """Why a total changed from one frame to another: what is new, cancelled, redrawn, re-measured; the lines add up to the closing.

    Sites are the same where their ``site_id`` is, or the number in their source where there is none. Two frames alone do not say who
    made a change, nor tell a correction from another one: `Records.bridge` knows, and takes two days.

    Parameters
    ----------
    opening, closing
        Two sites frames, or any polygons of which `conform` makes some; a sites frame may come without its geometry.
    total
        A word of `tally.TOTALS`: ``task``, ``accepted``, ``reported``, ``verified``, ``qualified``, ``preserved``.
    by
        Words of `tally.BY`.
    measure
        The code or label of a measure: the total of its sites alone.
    table
        As in `areas`.

    Returns
    -------
    Bridge
        ``whole``, ``rows`` (group by group) and ``sites`` (one row a change), all in m²; see `tally.Bridge`. `charts.waterfall` draws
        its ``whole``.

    Raises
    ------
    BadRequest
        A frame has no number for a site, or one for two.
    UnknownName

    Examples
    --------
    >>> import geopandas, shapely
    >>> shapes = [shapely.box(w, 25.1, w + 0.002, 25.102) for w in (105.1, 105.2)]
    >>> later = geopandas.GeoDataFrame({"小班号": ["1", "2"], "措施": "人工造林"}, geometry=shapes, crs=4490)
    >>> bridge(later[:1], later).whole[["line", "area_m2", "sites"]].round(1).values.tolist()
    [['opening', 44694.1, 1], ['new', 44694.1, 1], ['closing', 89388.2, 2]]
    """
    known = with_unknown(table or lifecycle.table())
    code = measure and known.measure(measure).code
    words = [by] if isinstance(by, str) else list(by)
    first, last = (_numbered(sites, _counted(sites, table)) for sites in (opening, closing))
    return tally.bridge(first, last, total=total, by=words, measure=code, table=known)


def _numbered(sites: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a number for each site that another frame can have too: its own, or that of its source; never the place of a row."""
    numbers = frame["site_id" if "site_id" in sites.columns else "source_id"]
    wrong = numbers[numbers.duplicated() | (numbers == "")]
    if len(wrong):
        raise BadRequest(
            Text(
                f"两份数据要逐个小班对照，编号缺失或重复：{wrong.iloc[0] or '空'}（共 {len(wrong)} 个）。",
                f"Two frames are compared site by site, and {len(wrong)} numbers are missing or not of one site: {wrong.iloc[0]!r}.",
            ),
            Text(
                "请给每个小班唯一的 site_id（或小班号），两份里同一个小班用同一个。",
                "Give each site a site_id (or 小班号) of its own, the same in both.",
            ),
        )
    return frame.assign(site_id=numbers)


def _counted(sites: pd.DataFrame, table: Lifecycle | None) -> pd.DataFrame:
    """A frame that progress can be counted from: a sites frame may come without its geometry."""
    return sites if not isinstance(sites, gpd.GeoDataFrame) else framed(sites, table=table)
