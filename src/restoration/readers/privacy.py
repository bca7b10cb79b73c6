"""Personal data in a layer: which columns hold some, and texts that are kept without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ..model import Finding
from ..personal import is_code, masked, personal_in, says_personal
from ..text import Text
from .cells import plain
from .layer import Layer
from .rule import Where
from .rules_intake import numbers_masked, personal_columns

HEADING = Text("个人信息（看标题）", "personal data, by its heading")


def personal_findings(layer: Layer, where: Where, *, used: Sequence[str]) -> Iterator[Finding]:
    """What is told of the columns of a layer that hold personal data, by their heading or by what stands in them.

    Parameters
    ----------
    used
        The columns that are taken for something: what they hold goes on.
    """
    columns = [str(name) for name in layer.rows.columns if name not in ("source_row", "geometry")]
    found = [(name, *told) for name in columns for told in _of(layer, name)]
    if found:
        yield personal_columns(where, found, [name for name, *_ in found if name in used and says_personal(name)])


def _of(layer: Layer, name: str) -> Iterator[tuple[Text, int]]:
    texts = [plain(value) for frame in (layer.rows, layer.refused) if name in frame for value in frame[name].tolist()]
    if says_personal(name):
        yield HEADING, sum(bool(text) for text in texts)
        return
    counts = pd.Series(texts, dtype=object).value_counts()
    rows: dict[Text, int] = {}
    for text, count in counts.items():
        for kind in personal_in(str(text)):
            rows[kind] = rows.get(kind, 0) + int(count)
    yield from rows.items()


def without_numbers(name: str, texts: Sequence[str], where: Where, rows: Sequence[int]) -> tuple[list[str], list[Finding]]:
    """The texts of a column of the house with personal numbers masked, and what is told of it.

    Parameters
    ----------
    rows
        The row of each text in its file.
    """
    made = {text: masked(text, is_code=is_code(name)) for text in set(texts)}
    changed = [row for row, text in zip(rows, texts, strict=True) if made[text] != text]
    return [made[text] for text in texts], [numbers_masked(where, name, changed)] if changed else []
