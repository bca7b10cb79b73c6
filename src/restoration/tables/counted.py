"""The figures of a table: for each column and line those of `tally.progress`, of the sites that the column counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..data import builtin
from ..lifecycle import Lifecycle
from ..model import Target
from ..tally.counting import judged, tabled
from .layout import Column, Key, Layout, Only

_MORE = ("replant_m2", "lost_m2")


class Counted:
    """The sites of a layout, counted as often as its columns ask."""

    def __init__(
        self, layout: Layout, sites: pd.DataFrame, before: pd.DataFrame | None, targets: Sequence[Target], *, table: Lifecycle,
        year: int | None,
    ) -> None:  # fmt: skip
        only = {**layout.only, **({"plan_year": (year,)} if layout.of_year and year is not None else {})}
        self.layout, self.table = layout, table
        self.frames = {False: self._judged(sites, only), True: None if before is None else self._judged(before, only)}
        self.targets = [target for target in targets if _is_meant(target, only, table)]
        self.total = int(sites["counted"].sum())
        self._known: dict[Any, dict[Key, Mapping[str, float]]] = {}

    def _judged(self, sites: pd.DataFrame, only: Only) -> pd.DataFrame:
        frame = judged(sites, table=self.table)
        county = frame["county_code"].where(frame["county_code"] != "", frame["town_code"].str[:6])
        return _filtered(frame.assign(county=county), only)

    def keys(self) -> list[Key]:
        """The keys of the rows, in the order of codes (GB/T 2260, the lifecycle's list, numbers in the source)."""
        if self.layout.rows:
            return [(place,) for place in range(len(self.layout.rows))]
        frames = [frame for frame in self.frames.values() if frame is not None and len(frame)]
        if not frames:
            return []
        whole = pd.concat(frames, ignore_index=True)
        by = list(self.layout.by)
        ranks = {name: _rank(whole, name, self.table) for name in by}
        return sorted(
            {_plain(key) for key in whole[by].itertuples(index=False, name=None)},
            key=lambda key: [ranks[name][value] for name, value in zip(by, key, strict=True)],
        )

    def listed_in_none(self) -> int:
        """How many sites of a layout with listed rows are in none of them."""
        whole = self.frames[False]
        assert whole is not None
        rest = whole
        for row in self.layout.rows:
            rest = rest.drop(_filtered(rest, row.only).index) if row.only else rest
        return len(rest)

    def figure(self, column: Column, key: Key) -> float:
        """What a column says of a line; NaN where nothing is known."""
        value = self._of_day(column, key, is_before=False)
        if not column.change:
            return value
        earlier = self._of_day(column, key, is_before=True)
        return (0.0 if value != value else value) - (0.0 if earlier != earlier else earlier)

    def _of_day(self, column: Column, key: Key, *, is_before: bool) -> float:
        part = self._one(column.value, column.only, key, is_before=is_before)
        if not column.per:
            return part
        whole = self._one(column.per, column.per_only, key, is_before=is_before)
        return 100 * (0.0 if part != part else part) / whole if whole > 0 else float("nan")

    def _one(self, name: str, only: Only, key: Key, *, is_before: bool) -> float:
        if self.layout.rows and key:
            mine = self.layout.rows[int(str(key[0]))].only
            if mine is None:
                return float("nan")
            only, key = {**only, **mine}, ()
        about = (is_before, len(key), tuple(sorted(only.items())))
        if about not in self._known:
            self._known[about] = self._tabled(only, self.layout.by[: len(key)], is_before=is_before)
        row = self._known[about].get(key)
        return float("nan") if row is None else float(row[name])

    def _tabled(self, only: Only, columns: Sequence[str], *, is_before: bool) -> dict[Key, Mapping[str, float]]:
        frame = self.frames[is_before]
        if frame is None:
            return {}
        some = _filtered(frame, only)
        planned = [target for target in self.targets if _is_meant(target, only, self.table)]
        rows = tabled(some, planned, columns=columns, table=self.table)
        if columns:
            more = some.groupby(list(columns), dropna=False, sort=False)[list(_MORE)].sum(min_count=1).reset_index()
            rows = rows.merge(more, on=list(columns), how="left")
        else:
            rows = rows.assign(**{name: some[name].sum(min_count=1) for name in _MORE})
        keys = [_plain(key) for key in rows[list(columns)].itertuples(index=False, name=None)] if columns else [()]
        return dict(zip(keys, rows.drop(columns=list(columns)).to_dict("records"), strict=True))  # type: ignore[arg-type]


def _filtered(frame: pd.DataFrame, only: Only) -> pd.DataFrame:
    for name, values in only.items():
        frame = frame[frame[name].isin(list(values))]
    return frame


def _is_meant(target: Target, only: Only, table: Lifecycle) -> bool:
    """Whether a target is of the sites that are counted; one that filters by more than measure, layer and year never is."""
    said = {"measure": target.measure, "layer": table.measures[target.measure].layer, "plan_year": target.plan_year}
    return all(name in said and said[name] in values for name, values in only.items() if name in said)


def _plain(key: Sequence[Any]) -> Key:
    """A key that is the same for the same group: nothing is ``""``, a year is a whole number."""
    return tuple("" if value is None or pd.isna(value) else int(value) if not isinstance(value, str) else value for value in key)


def _rank(whole: pd.DataFrame, name: str, table: Lifecycle) -> dict[object, Any]:
    """The place of each value of a key: unknown last."""
    values = {_plain((value,))[0] for value in whole[name].tolist()}
    listed = {"layer": table.layers, "measure": table.measures, "status": table.statuses, "group": table.groups}.get(name)
    if listed is not None:
        return {value: list(listed).index(str(value)) for value in values}
    code = {"town": "town_code", "village": "source_id", "site_id": "source_id", "mine_id": "source_id"}.get(name)
    if code is None:
        return {value: (value == "", value) for value in values}
    first = whole[[name, code]].astype("str").groupby(name)[code].min()
    return {value: (value == "", first[str(value)] == "", _natural(first[str(value)]), str(value)) for value in values}


def _natural(code: str) -> list[tuple[int, str]]:
    """A number in the source so that 2 comes before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"[0-9]+|[^0-9]+", code)]


def county_of(code: str) -> str:
    """The county of a code of six digits; the code itself where it is not known."""
    counties: Mapping[str, str] = builtin("places")["county"]
    return str(counties.get(code, code)) if code != "source" else code
