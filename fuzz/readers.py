"""Feeds the readers that parse bytes themselves with whatever atheris makes of the corpus.

    pip install atheris                                  into an environment of its own that has this project too (Linux, Python 3.11)
    python -m fuzz.readers --seeds SEEDS                 writes the files of the corpus as seeds
    python -m fuzz.readers NEW SEEDS -max_total_time=600 -timeout=20 -max_len=9000
                                                         ten minutes of all readers; what is worth keeping goes to NEW
    python -m fuzz.readers crash-…                       a finding once more

A finding is any exception that is not our own, a warning, an input that takes 20 seconds, or 2 GB.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["restoration"]):
    from . import targets

if __name__ == "__main__":
    if "--seeds" in sys.argv:
        targets.write_seeds(Path(sys.argv[-1]))
    else:
        warnings.simplefilter("error")
        atheris.Setup(sys.argv, targets.one_input)
        atheris.Fuzz()
