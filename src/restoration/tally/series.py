"""Progress month by month, in the long form that charts take."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from ..lifecycle import Lifecycle
from ..model import Target
from .area import columns_of
from .counting import AREAS, NUMBERS, in_order, judged, tabled


def month_ends(since: date, until: date) -> list[date]:
    """The last day of every month from that of ``since`` on; the last of all is ``until``, also within its month.

    Examples
    --------
    >>> [str(day) for day in month_ends(date(2020, 1, 31), date(2020, 3, 5))]
    ['2020-01-31', '2020-02-29', '2020-03-05']
    """
    months = range(since.year * 12 + since.month - 1, until.year * 12 + until.month)
    firsts = [date(month // 12, month % 12 + 1, 1) for month in months]
    return [min(first.replace(day=monthrange(first.year, first.month)[1]), until) for first in firsts]


def series(
    frames: Iterable[tuple[date, pd.DataFrame]], targets: Iterable[Target], *, by: Sequence[str] = (), table: Lifecycle
) -> pd.DataFrame:
    """Progress on several days, one row a day and group: ``day`` (ISO text), then the columns of `Progress.rows`.

    Every group that there is on any of the days is there on each, with number 0 before its first site. Nothing is made up
    between the days or after the last.

    Parameters
    ----------
    frames
        The days, each with the sites frame of that day; the geometry is not needed.
    targets
        What was planned; the same for every day.
    by
        Words of `tally.BY`; none gives one row a day for all sites.
    """
    columns, planned = columns_of(by), list(targets)
    days, tables = [], []
    for day, sites in frames:
        found = tabled(judged(sites, table=table), planned, columns=columns, table=table)
        tables.append(found.assign(day=day.isoformat()))
        days.append(day.isoformat())
    if not days:
        return pd.DataFrame()
    told = pd.concat([rows for rows in tables if len(rows)] or tables[:1], ignore_index=True)
    if columns:
        groups = in_order(told[columns].drop_duplicates(), columns, table=table)
        told = pd.DataFrame({"day": days}).merge(groups, how="cross").merge(told, on=["day", *columns], how="left")
    empty = dict.fromkeys(NUMBERS, 0) | dict.fromkeys(AREAS, 0.0)
    filled = told.fillna(empty).astype(dict.fromkeys(NUMBERS, "int64"))
    return filled[["day", *filled.columns.drop("day")]]
