"""What the command line calls its options, as the keywords of a function: an error tells an analyst what can be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import RestorationError
from ..text import Text

_KEYWORDS = {"crs": "crs", "encoding": "encoding", "layer": "layer", "swap-xy": "swapped", "shift": "shift", "degrees": "degrees"}
_OPTION = re.compile(rf"--({'|'.join(_KEYWORDS)})(?: (EPSG:\d+|auto|[A-Za-z]+-?\d+|GBK|decimal|packed))?(?![\w-])")


@contextmanager
def keywords_told() -> Iterator[None]:
    """A context in which a refusal names keywords where it would name options."""
    try:
        yield
    except RestorationError as error:
        error.fact, error.way_out = in_keywords(error.fact), in_keywords(error.way_out)
        raise


def in_keywords(text: Text) -> Text:
    """A text with keywords in the place of options.

    Examples
    --------
    >>> in_keywords(Text("请加 --crs EPSG:4523（或 --crs auto）。", "Swap them with --swap-xy, or name the CRS with --crs.")).zh
    '请加 crs="EPSG:4523"（或 crs="auto"）。'
    >>> in_keywords(Text("", "Swap them with --swap-xy, or name the CRS with --crs.")).en
    'Swap them with swapped=True, or name the CRS with crs=.'
    """
    return Text(_OPTION.sub(_keyword, text.zh), _OPTION.sub(_keyword, text.en))


def _keyword(found: re.Match[str]) -> str:
    name, value = _KEYWORDS[found[1]], found[2]
    if name == "swapped":
        return "swapped=True"
    return f'{name}="{value}"' if value else f"{name}="
