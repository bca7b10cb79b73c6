"""What a file would do to the ledger: which rows are new sites, redrawn, revised, unchanged or refused. Nothing is written here."""

from .known import Same, gone, same_ground
from .offset import Known, Offset, offset_of
from .plan import OUTCOME_LABEL, Kept, Options, Outcome, Plan, SameGround, Signed, Source, Told
from .rows import add_layer, following, mended_by_hand, refuse_layer, site_ids
from .rules import RULES, layer_offset, layer_shifted, reference_unmatched, row_refused, site_gone

__all__ = [
    "OUTCOME_LABEL", "RULES", "Kept", "Known", "Offset", "Options", "Outcome", "Plan", "Same", "SameGround", "Signed", "Source", "Told",
    "add_layer", "following", "gone", "layer_offset", "layer_shifted", "mended_by_hand", "offset_of", "reference_unmatched",
    "refuse_layer", "row_refused", "same_ground", "site_gone", "site_ids",
]  # fmt: skip
