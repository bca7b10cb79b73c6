"""The tables that an office hands in: a layout, which is data, filled with the figures of a tally, as a workbook."""

from .filling import Cell, Filled, Line, fill
from .layout import Layout, Layouts, layouts
from .said import Days, heading_of
from .sheet import FOOT, Page, Plain, laid_out, plain, write

__all__ = [
    "FOOT",
    "Cell",
    "Days",
    "Filled",
    "Layout",
    "Layouts",
    "Line",
    "Page",
    "Plain",
    "fill",
    "heading_of",
    "laid_out",
    "layouts",
    "plain",
    "write",
]
