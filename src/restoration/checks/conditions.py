"""What the rules must know of a site to judge it, each with what is said of a site where it is not known or not so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from ..data import builtin
from ..ellipsoid import Booleans
from ..lifecycle import Lifecycle
from ..model import INDICATORS
from ..text import Text
from .inspection import Condition, Inspection


def closed_for(table: Lifecycle) -> Mapping[str, str]:
    """By measure that closes ground for some years the status that it goes to when they are over."""
    return {measure: guard.to for guard in table.guards if guard.closure_over for measure in guard.measures}


def mines(table: Lifecycle) -> list[str]:
    """The measures whose sites are parts of a mine."""
    return [code for code, measure in table.measures.items() if measure.counted_by == "mine_id"]


def closure_since(seen: Inspection) -> pd.DatetimeIndex:
    """The day from which each site is closed, ``NaT`` where it is not known."""
    return pd.DatetimeIndex(pd.to_datetime(seen.sites["closure_on"], errors="coerce", format="ISO8601"))


def under_closure(seen: Inspection) -> Booleans:
    """Where a closure is under way."""
    closing = np.isin(seen.words["measure"], list(closed_for(seen.table)))
    return np.asarray(closing & np.isin(seen.words["group"], list(seen.limits.groups["S401_closed"])), dtype=np.bool_)


def not_begun(seen: Inspection) -> Booleans:
    """Where a site waits for its works to begin."""
    return np.isin(seen.words["group"], list(seen.limits.groups["S401_idle"]))


def _known(seen: Inspection, *columns: str) -> Booleans:
    return np.asarray(np.any([~np.isnan(seen.numbers[column]) for column in columns], axis=0), dtype=np.bool_)


def _has_area(seen: Inspection) -> Booleans:
    return np.asarray(seen.area_m2 > 0, dtype=np.bool_)


def _is_placed(seen: Inspection) -> Booleans:
    return np.asarray(~np.isnan(shapely.bounds(seen.geometries)).any(axis=1), dtype=np.bool_)


def _is_dated(seen: Inspection) -> Booleans:
    closed = under_closure(seen) & np.asarray(closure_since(seen).notna()) & _known(seen, "closure_years")
    return np.asarray(closed | (not_begun(seen) & _known(seen, "plan_year")), dtype=np.bool_)


MEASURABLE = Condition(Text("图形量不了面积", "no boundary that can be measured"), lambda seen: seen.measurable)
VALID = Condition(Text("图形无效（见 S101）", "its geometry is invalid (see S101)"), lambda seen: seen.valid)
PLACED = Condition(Text("没有坐标", "no coordinates"), _is_placed)
COUNTED = Condition(Text("已核减/调出", "struck off"), lambda seen: seen.counted)
AREA = Condition(Text("没有图斑面积", "no area of record"), _has_area)
REPORTED = Condition(Text("没有上报面积", "no reported area"), lambda seen: _known(seen, "reported_m2"))
VERIFIED = Condition(Text("没有核实面积", "no verified area"), lambda seen: _known(seen, "verified_m2"))
INSPECTED = Condition(
    Text("没有核实面积和核实合格面积", "neither a verified nor a qualified area"), lambda seen: _known(seen, "verified_m2", "qualified_m2")
)
COMPARABLE = Condition(
    Text("没有图斑面积", "no area of record"),
    lambda seen: _has_area(seen) | (_known(seen, "verified_m2") & _known(seen, "qualified_m2")),
)
ACCEPTED = Condition(Text("还没有验收", "not accepted yet"), lambda seen: np.isin(seen.words["group"], list(seen.limits.groups["S304"])))
INDICATOR = Condition(Text("没有登记指标", "no indicator recorded"), lambda seen: _known(seen, *INDICATORS))
DONE = Condition(Text("还没有完工", "works not done yet"), lambda seen: np.isin(seen.words["group"], list(seen.limits.groups["S408"])))
NO_GRAIN_TO_GREEN = Condition(
    Text("该措施本来就在耕地上", "its measure is on cropland by nature"),
    lambda seen: ~np.isin(seen.words["measure"], list(seen.limits.groups["S206"])),
)
OF_FORMER_LAND = Condition(
    Text("该措施不限原地类", "its measure asks for no former class"),
    lambda seen: np.isin(seen.words["measure"], list(builtin("references")["former"])),
)
WAITING = Condition(
    Text("既不在封育中，也不是未开工", "neither under closure nor waiting to begin"), lambda seen: under_closure(seen) | not_begun(seen)
)
DATED = Condition(Text("没有封育起始日期、年限或计划年度", "no day and years of closure, or no plan year"), _is_dated)
TOWN = Condition(Text("没有填乡镇", "no town given"), lambda seen: (seen.words["town_code"] != "") | (seen.words["town"] != ""))
MINE = Condition(
    Text("不是矿区复绿", "no mine"), lambda seen: np.isin(seen.words["measure"], mines(seen.table)) & (seen.words["mine_id"] != "")
)
NUMBERED = Condition(Text("没有小班号", "no number in the source"), lambda seen: seen.words["source_id"] != "")
