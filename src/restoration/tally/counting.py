"""What each site that counts adds to the figures of progress, and the sums and rates of any selection of sites.

Every table of plan against done is made of these, so that the same word is the same number in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..lifecycle import Lifecycle
from ..model import Target

NUMBERS = ("sites", "number", "begun_number", "in_progress_number", "accepted_number")
"""Numbers, which are 0 where there is nothing; all but ``sites`` count mines by mine."""
AREAS = ("task_m2", "accepted_m2")
"""Areas of record, which are 0 where there is nothing."""
TYPED = ("reported_m2", "verified_m2", "qualified_m2", "preserved_m2")
"""Areas that people type, which are unknown where nobody did."""
TARGETS = ("target_m2", "target_number")
RATES = ("sited_pct", "completion_pct", "accepted_pct", "accepted_number_pct", "verified_pct", "qualified_pct", "reported_qualified_pct",
         "preserved_pct")  # fmt: skip
OF_TARGET = {"sited_pct": "task_m2", "completion_pct": "qualified_m2", "accepted_pct": "accepted_m2"}
"""Rates by the target's area: what is set against it, of the sites that such a target is about."""
OF_EACH_OTHER = {
    "verified_pct": ("verified_m2", "reported_m2"),
    "qualified_pct": ("qualified_m2", "verified_m2"),
    "reported_qualified_pct": ("qualified_m2", "reported_m2"),
    "preserved_pct": ("preserved_m2", "qualified_m2"),
}
"""Rates of one typed area by another (面积核实率, 核实面积合格率, 上报面积合格率, 保存率), of the sites that have both."""
PLANNED_BY = ("layer", "measure", "plan_year")
"""The groupings that a target can be divided by."""


def states(unit: pd.Series, group: pd.Series, *, table: Lifecycle) -> pd.Series:
    """For each site the state of the unit that it belongs to: ``accepted``, ``in_progress``, ``not_started`` or ``other``.

    A unit of several sites is accepted only if all are, and in progress once any was begun.
    """
    word = group.map(table.counts_as)
    is_accepted = (word == "accepted").groupby(unit).transform("all")
    is_begun = word.isin(["accepted", "in_progress"]).groupby(unit).transform("any")
    is_waiting = (word == "not_started").groupby(unit).transform("any")
    state = pd.Series("other", index=group.index, dtype="str")
    return state.mask(is_waiting, "not_started").mask(is_begun, "in_progress").mask(is_accepted, "accepted")


def judged(sites: pd.DataFrame, *, table: Lifecycle) -> pd.DataFrame:
    """The sites that count, without geometry, each with its ``unit`` (itself, or its mine) and the unit's ``state``."""
    counted = pd.DataFrame(sites.drop(columns="geometry", errors="ignore"))[sites["counted"].to_numpy()]
    counted_by = counted["measure"].map({code: measure.counted_by for code, measure in table.measures.items()})
    unit = counted["site_id"]
    for column in set(counted_by):
        unit = unit.mask(counted_by == column, f"{column} " + counted[column].astype("str"))
    numbered = pd.Series(pd.factorize(unit)[0], index=counted.index)  # numbers are told apart faster than texts
    return counted.assign(unit=numbered, state=states(numbered, counted["group"], table=table))


def is_about(target: Target, counted: pd.DataFrame, *, planned: Sequence[Target], table: Lifecycle, by_year: bool = False) -> pd.Series:
    """Which sites a target is about: those of its measure and year; a single target of mines is about the whole list of mines.

    ``by_year`` keeps to the year also for mines.
    """
    is_list = table.measures[target.measure].counted_by != "site_id" and sum(t.measure == target.measure for t in planned) == 1
    of_measure = counted["measure"] == target.measure
    of_year = (counted["plan_year"] == target.plan_year).fillna(value=False).astype("bool")
    return of_measure if is_list and not by_year else of_measure & of_year


def tabled(counted: pd.DataFrame, targets: Sequence[Target], *, columns: Sequence[str] = (), table: Lifecycle) -> pd.DataFrame:
    """Sums and rates of judged sites against targets, one row a group; without ``columns`` the one row of all.

    Targets that the grouping does not divide (by town, by status) are in no group.
    """
    planned = list(targets) if set(columns) <= set(PLANNED_BY) else []
    added = pd.concat([_of_sites(counted, planned, columns, table), _of_targets(planned, columns, table)], ignore_index=True)
    if columns:
        sums = added.groupby(list(columns), dropna=False, sort=False).sum(min_count=1).reset_index()
    else:
        sums = added.sum(min_count=1).to_frame().T
    return sums[list(columns)].join(_finished(sums))


def in_order(rows: pd.DataFrame, columns: Sequence[str], *, table: Lifecycle) -> pd.DataFrame:
    """Rows sorted by their groups, as the lifecycle lists its words; without groups as they are."""
    if not columns:
        return rows
    listed: dict[str, list[str]] = {
        "layer": list(table.layers),
        "measure": list(table.measures),
        "status": list(table.statuses),
        "group": list(table.groups),
    }

    def place(column: pd.Series) -> pd.Series:
        return column.map(listed[str(column.name)].index) if column.name in listed else column

    return rows.sort_values(list(columns), key=place, ignore_index=True)


def _of_sites(counted: pd.DataFrame, planned: Sequence[Target], columns: Sequence[str], table: Lifecycle) -> pd.DataFrame:
    has_area = _any_about(counted, planned, columns, table, figure="area_m2")
    has_number = _any_about(counted, planned, columns, table, figure="number")
    is_first = ~counted.duplicated([*columns, "unit"])  # a mine of several polygons is one, in each group that it lies in
    state = counted["state"]
    typed = counted[list(TYPED)]
    added = {
        "sites": state.notna(),
        "number": is_first,
        "begun_number": is_first & state.isin(["accepted", "in_progress"]),
        "in_progress_number": is_first & (state == "in_progress"),
        "accepted_number": is_first & (state == "accepted"),
        "task_m2": counted["area_m2"],
        "accepted_m2": counted["area_m2"].where(state == "accepted", 0.0),
        **{name: typed[name] for name in TYPED},
        **dict.fromkeys(TARGETS, float("nan")),
        "without_number": is_first & ~has_number,
    }
    added |= {_part(rate): pd.Series(added[name]).where(has_area) for rate, name in OF_TARGET.items()}
    for rate, (part, whole) in OF_EACH_OTHER.items():
        has_both = typed[part].notna() & typed[whole].notna()
        added |= {_part(rate): typed[part].where(has_both), _whole(rate): typed[whole].where(has_both)}
    return counted[list(columns)].join(pd.DataFrame(added, index=counted.index).astype("float64"))


def _any_about(counted: pd.DataFrame, planned: Sequence[Target], columns: Sequence[str], table: Lifecycle, *, figure: str) -> pd.Series:
    found = pd.Series(data=False, index=counted.index)
    for target in planned:
        if getattr(target, figure) is not None:
            found |= is_about(target, counted, planned=planned, table=table, by_year="plan_year" in columns)
    return found


def _of_targets(planned: Sequence[Target], columns: Sequence[str], table: Lifecycle) -> pd.DataFrame:
    kept = {
        "layer": pd.Series([table.measures[target.measure].layer for target in planned], dtype="str"),
        "measure": pd.Series([target.measure for target in planned], dtype="str"),
        "plan_year": pd.Series([target.plan_year for target in planned], dtype="Int64"),
    }
    figures = {
        "target_m2": pd.Series([target.area_m2 for target in planned], dtype="float64"),
        "target_number": pd.Series([target.number for target in planned], dtype="float64"),
    }
    return pd.DataFrame({**{name: kept[name] for name in columns if name in kept}, **figures})


def _finished(sums: pd.DataFrame) -> pd.DataFrame:
    """The columns as they are given, with rates; a denominator that is nought or unknown gives none."""
    filled = sums.assign(**{name: sums[name].fillna(0.0) for name in (*NUMBERS, *AREAS, "without_number")})
    due = filled["target_number"].fillna(0.0) + filled["without_number"]
    rates = {"accepted_number_pct": _pct(filled["accepted_number"], due)}
    for rate, name in OF_TARGET.items():
        part = filled[_part(rate)]
        rates[rate] = _pct(part if name in TYPED else part.fillna(0.0), filled["target_m2"])
    rates |= {rate: _pct(filled[_part(rate)], filled[_whole(rate)]) for rate in OF_EACH_OTHER}
    told = filled.assign(**rates)[[*TARGETS, *NUMBERS, *AREAS[:1], *TYPED, *AREAS[1:], *RATES]]
    return told.astype({**dict.fromkeys(told, "float64"), **dict.fromkeys(NUMBERS, "int64")})


def _pct(part: pd.Series, whole: pd.Series) -> pd.Series:
    return 100 * part / whole.where(whole > 0)


def _part(rate: str) -> str:
    return f"{rate} of"


def _whole(rate: str) -> str:
    return f"{rate} by"
