"""The append-only ledger: the only room that speaks SQL."""

from .geopackage import is_project
from .ledger import Clock, Entry, Head, Ledger, create_ledger, open_ledger
from .verify import EXPLANATIONS, Proof

__all__ = ["EXPLANATIONS", "Clock", "Entry", "Head", "Ledger", "Proof", "create_ledger", "is_project", "open_ledger"]
