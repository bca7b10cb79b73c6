"""A project's sites as an Excel sheet that staff fill in, and such a sheet back into the ledger."""

from .applying import Applied, Line, apply, read_lines
from .layout import heading_of
from .reading import Sheet, read_sheet
from .writing import write_returned, write_worksheet

__all__ = ["Applied", "Line", "Sheet", "apply", "heading_of", "read_lines", "read_sheet", "write_returned", "write_worksheet"]
