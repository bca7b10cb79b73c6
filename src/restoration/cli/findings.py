"""Findings told on lines, and records as dictionaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..text import Text
from .output import say

if TYPE_CHECKING:
    from ..model import Finding

MOST_TOLD = 30
"""Findings of one kind that an import tells one by one."""


def tell_findings(findings: Sequence[Finding]) -> None:
    """The findings in their order, of each kind no more than can be read."""
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.code] += 1
        if told[finding.code] <= MOST_TOLD:
            say(finding_line(finding))
    for code, number in told.items():
        if number > MOST_TOLD:
            more = number - MOST_TOLD
            say(Text(f"{code} 还有 {more} 条，全部见 --format json。", f"{more} more of {code}: see --format json for all."))


def vars_of(record: Any) -> dict[str, Any]:
    """A record as a dictionary of its fields."""
    from dataclasses import asdict

    return asdict(record)


def _source_of(finding: Any) -> str:
    """The file of a finding, and the layer where its name says more than the file's."""
    says_more = finding.file and finding.layer and not finding.file.startswith(f"{finding.layer}.")
    return f"{finding.file}/{finding.layer}" if says_more else str(finding.file)


def finding_line(finding: Any) -> str:
    """One finding on one line, with its way out."""
    from ..model import LEVEL_LABEL

    level = LEVEL_LABEL[finding.level]
    place = " ".join(
        part
        for part in (_source_of(finding), f"{Text('第', 'row ')}{finding.row}{Text('行', '')}" if finding.row else "", finding.site_id)
        if part and part not in str(finding.message)
    )
    told_already = finding.lon_lat.replace(",", ", ") in str(finding.message)
    at = "" if told_already else Text(f"（位置 {finding.lon_lat}）", f" (at {finding.lon_lat})")
    return f"[{level} {finding.code}] {place}{Text('：', ': ') if place else ''}{finding.message}{at} {finding.way_out}".rstrip()
