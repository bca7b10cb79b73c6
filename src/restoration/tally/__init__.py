"""The sites frame in, tables out. A table's numbers are in m² and unrounded."""

from .area import BY, Totals, totals
from .history import Change, changes
from .targets import against_targets, mine_states

__all__ = ["BY", "Change", "Totals", "against_targets", "changes", "mine_states", "totals"]
