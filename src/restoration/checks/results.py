"""What each rule gives back for each site: failed, stale, waived, passed, or not run and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..model import Finding, explanation_in, headline_of
from ..references import kinds
from ..sharing import Words
from ..text import Text
from .inspection import Inspection, Rule

Result = Literal["failed", "stale", "waived", "passed", "not_run"]
RESULTS: tuple[Result, ...] = get_args(Result)
"""The gravest first: of several findings of one rule the gravest is the site's result."""
RESULT_LABEL: dict[Result, Text] = {
    "failed": Text("未通过", "failed"),
    "stale": Text("豁免失效", "waiver lapsed"),
    "waived": Text("已豁免", "waived"),
    "passed": Text("通过", "passed"),
    "not_run": Text("未检查", "not run"),
}
State = Literal["failed", "stale", "waived"]
"""What a finding may be: it stands; it was accepted, but a boundary or a figure that it was accepted for has changed; it is accepted."""


@dataclass(frozen=True)
class Run:
    """One run of the rules over one frame: what they found, and what kept them from judging a site."""

    sites: Words
    """The number of each site, shape (n,)."""
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    lacking: NDArray[np.int8]
    """Shape (rules, n): which of the rule's `obstacles` a site lacks, counted from 1; 0 where the rule could judge it."""

    def results(self, states: Sequence[State] | None = None) -> Results:
        """What each rule gave back for each site; without ``states`` (one a finding) every finding stands."""
        worst = np.where(self.lacking > 0, _RANK["not_run"], _RANK["passed"]).astype(np.int8)
        every: Sequence[State] = ["failed"] * len(self.findings)
        row = {site_id: at for at, site_id in enumerate(self.sites)}
        place = {rule.code: at for at, rule in enumerate(self.rules)}
        for finding, state in zip(self.findings, states or every, strict=True):
            for site_id in (finding.site_id, finding.other_site_id):
                if site_id:
                    at = place[finding.code], row[site_id]
                    worst[at] = min(worst[at], _RANK[state])
        return Results(self.sites, self.rules, worst, self.lacking)


_RANK = {result: rank for rank, result in enumerate(RESULTS)}


@dataclass(frozen=True)
class Results:
    """The result of every rule for every site."""

    sites: Words
    rules: tuple[Rule, ...]
    ranks: NDArray[np.int8]
    """Shape (rules, n): positions in `RESULTS`."""
    lacking: NDArray[np.int8]

    def by_site(self) -> pd.DataFrame:
        """One row a site, one column a rule, each cell a `Result`.

        Returns
        -------
        pandas.DataFrame
            Index ``site_id``, columns the codes, categories `RESULTS`.
        """
        kinds = pd.CategoricalDtype(list(RESULTS))
        cells = {rule.code: pd.Categorical.from_codes(ranks, dtype=kinds) for rule, ranks in zip(self.rules, self.ranks, strict=True)}
        return pd.DataFrame(cells, index=pd.Index(self.sites, name="site_id"))

    def by_rule(self) -> pd.DataFrame:
        """One row a rule, with the number of sites of each result.

        Returns
        -------
        pandas.DataFrame
            Columns ``code``, ``level`` (the gravest that the rule gives), ``about``, the five of `RESULTS`, which add up to the number
            of sites, and ``why``: a list of (reason, sites) for those that were not run, in the present language.
        """
        rows = [
            {"code": rule.code, "level": rule.level, "about": str(about(rule))}
            | {result: int((ranks == rank).sum()) for result, rank in _RANK.items()}
            | {"why": [(str(reason), number) for reason, number in self._reasons(at)]}
            for at, (rule, ranks) in enumerate(zip(self.rules, self.ranks, strict=True))
        ]
        return pd.DataFrame(rows, columns=["code", "level", "about", *RESULTS, "why"])

    def _reasons(self, at: int) -> Iterator[tuple[Text, int]]:
        counts = np.bincount(self.lacking[at][self.ranks[at] == _RANK["not_run"]], minlength=1)
        known = obstacles(self.rules[at])
        yield from ((known[place - 1], int(counts[place])) for place in np.flatnonzero(counts[1:]) + 1)

    def of(self, site_id: str) -> list[tuple[Rule, Result, Text | None]]:
        """For one site each rule with its result, and with the reason where it was not run.

        Raises
        ------
        KeyError
            The frame has no such site.
        """
        row = {site: at for at, site in enumerate(self.sites)}[site_id]
        told: list[tuple[Rule, Result, Text | None]] = []
        for rule, rank, lack in zip(self.rules, self.ranks[:, row].tolist(), self.lacking[:, row].tolist(), strict=True):
            result = RESULTS[rank]
            told.append((rule, result, obstacles(rule)[lack - 1] if result == "not_run" else None))
        return told


def obstacles(rule: Rule) -> tuple[Text, ...]:
    """What may keep a rule from judging a site: the layers that it needs first, then its conditions."""
    return (*(_not_given(name) for name in rule.needs), *(condition.reason for condition in rule.applies))


def _not_given(need: str) -> Text:
    if need == "photos":
        return Text("没有给照片文件夹（--photos）", "no folder of photos was given (--photos)")
    label = kinds()[need].label
    return Text(f"没有给{label.zh}图层（--against）", f"no layer of {label.en} was given (--against)")


def lacking_of(rule: Rule, seen: Inspection, given: Collection[str]) -> NDArray[np.int8]:
    """The first of the rule's `obstacles` that each site has, from 1; 0 where it has none. Shape (n,)."""
    there = [np.full(len(seen.sites), name in given, dtype=np.bool_) for name in rule.needs]
    held = [*there, *(condition.holds(seen) for condition in rule.applies)]
    first = np.zeros(len(seen.sites), dtype=np.int8)
    for place in range(len(held), 0, -1):
        first[~held[place - 1]] = place
    return first


def about(rule: Rule) -> Text:
    """What a rule is about, in one line.

    Examples
    --------
    >>> from restoration.checks import RULES
    >>> about(RULES[0]).en
    'the geometry is invalid: it crosses itself, a hole lies outside, a ring has too few points; or it is none, or no area.'
    """
    return headline_of(explanation_in(rule.__doc__))
