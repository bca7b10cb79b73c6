"""Personal data in a layer: which columns hold some, and texts that are kept without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..model import Finding
from ..personal import is_code, masked, may_be_personal, personal_in, says_personal
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
    values = [value for frame in (layer.rows, layer.refused) if name in frame for value in frame[name].tolist()]
    if says_personal(name):
        yield HEADING, sum(bool(plain(value)) for value in values)
        return
    texts = (value if isinstance(value, str) else plain(value) for value in values)
    yield from Counter(kind for text in texts if may_be_personal(text) for kind in personal_in(text)).items()


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
