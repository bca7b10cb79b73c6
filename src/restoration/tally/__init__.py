"""The sites frame in, tables out. A table's numbers are in m² and unrounded."""

from .area import BY, Totals, columns_of, totals
from .bridge import LINES, TOTALS, Bridge, bridge
from .closing import FIGURES, FLAGS, Closing, closing
from .counting import in_order
from .history import Change, changes
from .inside import Inside, inside
from .net import Net, NetRule, NetRules, net_areas, net_rules
from .overlap import Statement, matrix, overlap_statement
from .progress import Progress, progress
from .series import month_ends, series
from .targets import against_targets, mine_states

__all__ = [
    "BY",
    "FIGURES",
    "FLAGS",
    "LINES",
    "TOTALS",
    "Bridge",
    "Change",
    "Closing",
    "Inside",
    "Net",
    "NetRule",
    "NetRules",
    "Progress",
    "Statement",
    "Totals",
    "against_targets",
    "bridge",
    "changes",
    "closing",
    "columns_of",
    "in_order",
    "inside",
    "matrix",
    "mine_states",
    "month_ends",
    "net_areas",
    "net_rules",
    "overlap_statement",
    "progress",
    "series",
    "totals",
]
