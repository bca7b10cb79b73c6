"""What an office hands in on paper: the report on all sites and one site's file, as PDF or Word, from one content."""

from .dossier import dossier
from .printing import ENDINGS
from .report import report

__all__ = ["ENDINGS", "dossier", "report"]
