"""The sites frame in, tables out. A table's numbers are in m² and unrounded."""

from .area import BY, Totals, totals
from .history import Change, changes
from .inside import Inside, inside
from .progress import Progress, progress
from .series import month_ends, series
from .targets import against_targets, mine_states

__all__ = [
    "BY", "Change", "Inside", "Progress", "Totals", "against_targets", "changes", "inside", "mine_states", "month_ends", "progress",
    "series", "totals",
]  # fmt: skip
