"""The analysts' room: any GeoDataFrame in, frames and pictures out; a project read as frames. Nothing here writes to a project."""

from .answers import area_m2, areas, check, figure, map, overlaps, repairs  # noqa: A004 - the word for it
from .comparing import (
    against_targets,
    bridge,
    check_results,
    closing,
    inside,
    mine_states,
    overlap_statement,
    progress,
    totals,
)
from .conforming import conform
from .files import read, to_parquet
from .records import Records, Site, open_records
from .table import Table

__all__ = [
    "Records",
    "Site",
    "Table",
    "against_targets",
    "area_m2",
    "areas",
    "bridge",
    "check",
    "check_results",
    "closing",
    "conform",
    "figure",
    "inside",
    "map",
    "mine_states",
    "open_records",
    "overlap_statement",
    "overlaps",
    "progress",
    "read",
    "repairs",
    "to_parquet",
    "totals",
]
