"""Net areas: each site's part of the land, so that a column of them adds up to it, by a rule that an office chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import geopandas as gpd
import numpy as np

from ..data import builtin, from_file
from ..ellipsoid import Floats, Integers
from ..errors import FileRefused, UnknownName
from ..frame import COLUMNS
from ..overlay import Ground
from ..text import Text

Way = Literal["order", "even", "undecided"]


@dataclass(frozen=True, slots=True)
class NetRule:
    """Who keeps ground that several sites share: the first in ``order``, each an equal part, or nobody yet."""

    code: str
    label: Text
    way: Way
    order: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class NetRules:
    """The rules that there are, by code, and the one that holds if none is named."""

    rules: Mapping[str, NetRule]
    default: str

    def rule(self, name: str | None = None) -> NetRule:
        """A rule by code or label; the default one if none is named.

        Raises
        ------
        UnknownName
        """
        wanted = (name or self.default).strip()
        found = next((rule for rule in self.rules.values() if wanted in (rule.code, rule.label.zh, rule.label.en)), None)
        if found is None:
            raise UnknownName(Text("净面积规则", "rule of net areas"), wanted, self.rules)
        return found


@cache
def net_rules(path: Path | None = None) -> NetRules:
    """The built-in rules, or with an office's own choice and rules beside them.

    Raises
    ------
    FileRefused
        The file is not readable, or a rule in it is wrong or has no source.

    Examples
    --------
    >>> net_rules().rule().code
    'first_registered'
    """
    shipped = builtin("net_rules")
    own = from_file(path) if path else {}
    try:
        return _parsed({**shipped, **own, "rule": {**shipped["rule"], **own.get("rule", {})}})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(
            Text(f"净面积规则文件 {path} 有误：{error}。", f"The file of net-area rules {path} is wrong: {error}."),
            Text("请对照软件自带的 net_rules.toml 改正，写明 source。", "Mend it after the built-in net_rules.toml, with a source."),
        ) from error


def _parsed(raw: Mapping[str, Any]) -> NetRules:
    rules = {code: _rule(code, row) for code, row in raw["rule"].items()}
    if raw["default"] not in rules or not raw.get("source"):
        raise ValueError(f"default = {raw['default']!r}, source")
    return NetRules(rules, raw["default"])


def _rule(code: str, row: Mapping[str, Any]) -> NetRule:
    order = tuple(str(name) for name in row.get("order", ()))
    names = [name.removeprefix("-") for name in order]
    unknown = set(names) - {column.name for column in COLUMNS}
    if len(set(names)) < len(names) or "site_id" in names:
        raise ValueError(f"rule.{code}.order: {', '.join(order)}")
    if unknown or row["way"] not in get_args(Way) or not row.get("source") or (row["way"] == "order") != bool(order):
        raise ValueError(f"rule.{code} {sorted(unknown) or ''}".strip())
    told = {name: " ".join(str(row[name]).split()) for name in ("zh", "en", "source")}
    return NetRule(code, Text(told["zh"], told["en"]), row["way"], order, told["source"])


class Net(NamedTuple):
    """What each site gives up and keeps, m², shape (n,): rows of the frame; what does not count keeps nothing.

    ``net_m2`` and ``undecided_m2``, ground that the rule leaves to nobody yet, add up to ``land_m2``.
    """

    lost_m2: Floats
    net_m2: Floats
    land_m2: float
    undecided_m2: float


def net_areas(sites: gpd.GeoDataFrame, ground: Ground, *, rule: NetRule) -> Net:
    """Each site's part of the land by a rule; ``ground`` is `ground_of_sites` of the same frame."""
    if rule.way == "order":
        lost_m2 = ground.lost_m2(rank_of(sites, rule))
    elif rule.way == "even":
        lost_m2 = ground.lost_evenly_m2()
    else:
        lost_m2 = ground.contested_m2()
    net_m2 = ground.area_m2 - lost_m2
    land_m2 = ground.land_m2 if rule.way == "undecided" else float(net_m2.sum())
    return Net(lost_m2, net_m2, land_m2, land_m2 - float(net_m2.sum()) if rule.way == "undecided" else 0.0)


def rank_of(sites: gpd.GeoDataFrame, rule: NetRule) -> Integers:
    """The place of each site in the rule's order, 0 for the first; unknown values come last, ties go by ``site_id``."""
    keys = [name.removeprefix("-") for name in rule.order]
    known = sites[[*keys, "site_id"]].replace("", None).reset_index(drop=True)
    upward = [not name.startswith("-") for name in rule.order]
    order = known.sort_values([*keys, "site_id"], ascending=[*upward, True], na_position="last", kind="stable").index.to_numpy()
    rank = np.empty(len(sites), dtype=np.intp)
    rank[order] = np.arange(len(sites))
    return rank
