"""The append-only ledger: the only room that speaks SQL."""

from .ledger import Clock, Entry, Head, Ledger, create_ledger, open_ledger
from .verify import Proof

__all__ = ["Clock", "Entry", "Head", "Ledger", "Proof", "create_ledger", "open_ledger"]
