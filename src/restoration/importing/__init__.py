"""What a file would do to the ledger: which rows are new sites, redrawn, revised, unchanged or refused. Nothing is written here."""

from .plan import OUTCOME_LABEL, Kept, Options, Outcome, Plan, Signed, Source, Told
from .rows import add_layer, following, mended_by_hand, site_ids
from .rules import RULES, row_refused

__all__ = [
    "OUTCOME_LABEL", "RULES", "Kept", "Options", "Outcome", "Plan", "Signed", "Source", "Told",
    "add_layer", "following", "mended_by_hand", "row_refused", "site_ids",
]  # fmt: skip
