"""Files from outside in, layers and findings out: first what a file holds (`read`), then what its columns mean (`intake`)."""

from .headings import canonical_names, column_named
from .intake import Given, Intake, intake
from .layer import Layer
from .members import Degrees
from .reading import read
from .rule import Rule
from .rules_corners import CORNER_RULES
from .rules_file import FILE_RULES
from .rules_formats import FORMAT_RULES
from .rules_intake import INTAKE_RULES
from .workbook import require_honest

RULES = (*FILE_RULES, *CORNER_RULES, *FORMAT_RULES, *INTAKE_RULES)
"""Every finding-making function of this room; each has its ``code``, and its docstring explains it (Chinese, ``---``, English)."""

__all__ = ["RULES", "Degrees", "Given", "Intake", "Layer", "Rule", "canonical_names", "column_named", "intake", "read", "require_honest"]
