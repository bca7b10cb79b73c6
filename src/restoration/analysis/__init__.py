"""The analysts' room: any GeoDataFrame in, frames and pictures out; a project read as frames. Nothing here writes to a project."""

from .answers import against_targets, area_m2, areas, bridge, check, figure, map, overlaps, progress, repairs  # noqa: A004 - the word for it
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
    "conform",
    "figure",
    "map",
    "open_records",
    "overlaps",
    "progress",
    "read",
    "repairs",
    "to_parquet",
]
