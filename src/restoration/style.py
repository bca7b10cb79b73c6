"""One colour, dash and label for a display group, the same on maps, charts, pages and in QGIS.

Colours are Okabe and Ito's (https://jfly.uni-koeln.de/color/, safe for colour-blind readers); the dash says the same
without colour. Dashes are SVG dash arrays in pixels; ``""`` is a full line.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How one display group is drawn."""

    colour: str
    dash: str
    weight: float
    fill_opacity: float


GROUPS: dict[str, Look] = {
    "accepted": Look("#009E73", "", 2.0, 0.45),
    "closed": Look("#00543D", "", 3.0, 0.45),
    "awaiting": Look("#E69F00", "12 3", 2.0, 0.40),
    "under_way": Look("#0072B2", "7 4", 2.0, 0.35),
    "rectifying": Look("#D55E00", "3 3", 2.5, 0.40),
    "not_started": Look("#7A7A7A", "1 4", 2.0, 0.20),
    "other": Look("#6F5A86", "10 3 2 3", 2.0, 0.20),
}
"""The look of each display group of the lifecycle."""

UNKNOWN = Look("#444444", "2 6", 1.5, 0.15)
"""The look of a group that an office added and nobody has drawn yet."""


def look_of(group: str) -> Look:
    """The look of a display group.

    Examples
    --------
    >>> look_of("accepted").colour
    '#009E73'
    """
    return GROUPS.get(group, UNKNOWN)


LEVELS: dict[str, str] = {"error": "#B3261E", "warning": "#C77700", "note": "#3B6EA5"}
"""The colour of a finding by its level; its size and its words say the same without colour."""
