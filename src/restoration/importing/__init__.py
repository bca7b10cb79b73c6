"""What a file would do to the ledger: which rows are new sites, redrawn, revised, unchanged or refused. Nothing is written here."""

from .known import Same, gone, same_ground
from .offset import Known, Offset, offset_of
from .places import located, note_shapes
from .plan import OUTCOME_LABEL, Kept, Options, Outcome, Plan, SameGround, Signed, Source, Told, Understood
from .profile import cannot_save, read_profile, require_columns, save_profile, with_profile
from .rows import add_layer, following, mended_by_hand, refuse_layer, site_ids
from .rules import RULES, layer_offset, layer_shifted, reference_unmatched, row_refused, site_gone

__all__ = [
    "OUTCOME_LABEL", "RULES", "Kept", "Known", "Offset", "Options", "Outcome", "Plan", "Same", "SameGround", "Signed", "Source", "Told",
    "Understood", "add_layer", "cannot_save", "following", "gone", "layer_offset", "layer_shifted", "located", "mended_by_hand",
    "note_shapes", "offset_of",
    "read_profile", "reference_unmatched", "refuse_layer", "require_columns", "row_refused", "same_ground", "save_profile", "site_gone",
    "site_ids", "with_profile",
]  # fmt: skip
