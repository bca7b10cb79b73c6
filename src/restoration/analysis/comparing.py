"""Plan against done, and one state against another; and questions of `tally` and `checks` asked of any frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar, cast

import geopandas as gpd
import pandas as pd

from .. import checks, lifecycle, tally
from ..errors import BadRequest
from ..frame import COUNTED_FROM, ROW
from ..lifecycle import Lifecycle
from ..model import Target
from ..text import Text
from .conforming import framed, with_unknown
from .frames import targets_of
from .table import Table

Groups = str | Sequence[str]
P = ParamSpec("P")
R = TypeVar("R")


def of_any_frame(function: Callable[P, R]) -> Callable[P, R]:
    """The same question, of any polygons: of what is no sites frame `conform` makes one first."""
    form = signature(function)
    sites = next(iter(form.parameters))

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        given = form.bind(*args, **kwargs)
        table = cast(Lifecycle | None, given.arguments.get("table"))
        given.arguments[sites] = framed(given.arguments[sites], table=table)
        if "table" in form.parameters:
            given.arguments["table"] = with_unknown(table or lifecycle.table())
        return function(*given.args, **given.kwargs)

    return asked


check_results = of_any_frame(checks.check_results)
closing = of_any_frame(tally.closing)
inside = of_any_frame(tally.inside)
mine_states = of_any_frame(tally.mine_states)
overlap_statement = of_any_frame(tally.overlap_statement)
totals = of_any_frame(tally.totals)


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
    column = "site_id" if all("site_id" in getattr(sites, "columns", ()) for sites in (opening, closing)) else "source_id"
    first, last = (_numbered(_counted(sites, table), column) for sites in (opening, closing))
    return tally.bridge(first, last, total=total, by=words, measure=code, table=known)


def _numbered(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The frame with a number for each site that another frame can have too: its own, or that of its source; never the place of a row."""
    numbers = frame[column].astype("str")
    wrong = numbers[numbers.duplicated() | (numbers == "") | numbers.str.startswith(ROW)]
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
    if isinstance(sites, gpd.GeoDataFrame) or not isinstance(sites, pd.DataFrame):
        return cast(pd.DataFrame, framed(cast(gpd.GeoDataFrame, sites), table=table))
    missing = [name for name in COUNTED_FROM if name not in sites.columns]
    if missing:
        raise BadRequest(
            Text(f"没有几何的小班表缺列：{'、'.join(missing)}。", f"A sites frame without geometry lacks {', '.join(missing)}."),
            Text("请保留小班表的全部列，或连几何一起给。", "Keep all columns of the sites frame, or give it with its geometry."),
        )
    return sites
