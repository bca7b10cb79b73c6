"""Findings as a page shows them, and those that stand with the sites of an ordinary map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..model import LEVEL_LABEL, Level
from ..style import LEVELS
from .columns import Coded, coded
from .packing import Pack
from .words import LEVEL_WORDS


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding as the page shows it: every text in the present language, ``place`` in degrees, ``sites`` by their number.

    Examples
    --------
    >>> mark = Mark("S101", "error", "", False, "图形无效", "造林", "自相交", "改好再导入", (105.105, 25.105), ("1",))
    >>> mark.level, mark.place
    ('error', (105.105, 25.105))
    """

    code: str
    level: Level
    state: str
    is_waived: bool
    about: str
    where: str
    message: str
    way_out: str
    place: tuple[float, float] | None
    sites: tuple[str, ...]


def levels() -> list[dict[str, str]]:
    """The levels as the page shows them, the gravest first."""
    labels = LEVEL_LABEL.items()
    return [{"code": level, "label": str(LEVEL_WORDS[level]), "one": str(label), "colour": LEVELS[level]} for level, label in labels]


def add_marks(packs: dict[str, Pack], sites: pd.DataFrame, marks: Sequence[Mark]) -> dict[str, Any]:
    """Put findings into the packs of a page: which codes and levels stand with each site (a column ``marks``), and each with its words.

    Returns
    -------
    What the page's head says: the levels, and the kinds of findings that stand, the gravest first.
    """
    rows = {site_id: row for row, site_id in enumerate(sites["site_id"])}
    told = [(rows[site], mark) for mark in marks for site in mark.sites if site in rows]
    told.sort(key=lambda pair: (pair[0], pair[1].is_waived, _RANK[pair[1].level], pair[1].code))
    standing: list[set[str]] = [set() for _ in rows]
    for row, mark in told:
        if not mark.is_waived:
            standing[row] |= {mark.code, mark.level}
    packs["columns"].add_texts("marks", *coded([" ".join(sorted(those)) for those in standing]))
    packs["marks"] = Pack()
    packs["marks"].add("of_site", np.bincount([row for row, _ in told], minlength=len(rows)))
    for name in ("code", "level", "message", "way_out", "state"):
        packs["marks"].add_texts(name, *Coded(*coded([getattr(mark, name) for _, mark in told])))
    return {"levels": levels(), "kinds": _kinds(marks)}


def _kinds(marks: Sequence[Mark]) -> list[dict[str, str]]:
    """Each code with its gravest level; those of waived findings too, which the words of a site name."""
    kinds: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda mark: (_RANK[mark.level], mark.code)):
        kinds.setdefault(mark.code, mark)
    return [{"code": mark.code, "level": mark.level, "about": mark.about} for mark in kinds.values()]


_RANK: dict[str, int] = {level: rank for rank, level in enumerate(LEVEL_LABEL)}
