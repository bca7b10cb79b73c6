"""Names of source columns that can stand side by side in one frame."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Finding
from .rule import Where
from .rules_file import columns_renamed

OURS = ("source_row", "geometry", "reason_code", "reason")
"""Columns that a `Layer` adds to those of the source."""


def distinct(found: Iterable[str], where: Where) -> tuple[list[str], list[Finding]]:
    """The names, each once: what comes second, is ours or is empty gets a number behind it.

    Examples
    --------
    >>> distinct(["a", "a", "geometry"], Where("x.shp"))[0]
    ['a', 'a_1', 'geometry_1']
    """
    taken, names, renamed = set(OURS), [], []
    for name in found:
        new, number = name, 0
        while new in taken or not new:
            number += 1
            new = f"{name}_{number}"
        taken.add(new)
        names.append(new)
        if new != name:
            renamed.append((name, new))
    return names, [columns_renamed(where, renamed)] if renamed else []
