"""The tables that an office hands in: a layout, which is data, filled with the figures of a tally, as a workbook."""

from .filling import Cell, Filled, Line, fill
from .layout import Layout, Layouts, layouts
from .said import Days, heading_of
from .sheet import Plain, plain, write

__all__ = ["Cell", "Days", "Filled", "Layout", "Layouts", "Line", "Plain", "fill", "heading_of", "layouts", "plain", "write"]
