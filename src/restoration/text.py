"""A text in the two languages that the office and the analyst read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args
from unicodedata import category, east_asian_width, normalize

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def _language_of_environment() -> Language:
    return "en" if os.environ.get("RESTORATION_LANG", "zh").lower().startswith("en") else "zh"


_language: ContextVar[Language | None] = ContextVar("restoration_language", default=None)


def language() -> Language:
    """The language that texts are shown in now: Chinese unless ``RESTORATION_LANG`` or `speaking` says otherwise."""
    return _language.get() or _language_of_environment()


@contextmanager
def speaking(chosen: Language | None) -> Iterator[None]:
    """Show every text inside the block in one language; ``None`` leaves it as it is.

    Examples
    --------
    >>> with speaking("en"):
    ...     str(Text("已验收", "accepted"))
    'accepted'
    """
    if chosen is not None and chosen not in LANGUAGES:
        raise ValueError(f"{chosen!r}: zh, en")
    token = _language.set(chosen or _language.get())
    try:
        yield
    finally:
        _language.reset(token)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and in English; ``str()`` gives it in the present `language`.

    Examples
    --------
    >>> with speaking("zh"):
    ...     f"状态：{Text('已验收', 'accepted')}"
    '状态：已验收'
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def folded(heading: str) -> str:
    """A heading made comparable: compatibility forms (full width, ㎡) folded, no blanks, no case.

    Examples
    --------
    >>> folded("ＴＢＢＨ "), folded("面积（㎡）")
    ('tbbh', '面积(m2)')
    """
    return "".join(normalize("NFKC", heading).split()).casefold().rstrip("\ufffd")


def visible(text: str) -> str:
    """The text without what would move the cursor, colour the screen or turn the reading round, or is no character: blanks stand for it."""
    return "".join(" " if mark != "\n" and (category(mark) in _UNSEEN or ord(mark) & 0xFFFE == 0xFFFE) else mark for mark in text)


def is_like_formula(text: str) -> bool:
    r"""Whether a spreadsheet may take the text for a formula: by its first sign, in full width too, behind whatever blanks; also a tab.

    Examples
    --------
    >>> [is_like_formula(text) for text in ("=1+1", "\t@A1", "＝1+1", "1-1", "")]
    [True, True, True, False, False]
    """
    return normalize("NFKC", text.lstrip()[:1]).startswith(("=", "+", "-", "@")) or text.lstrip(" ").startswith(("\t", "\r"))


def half_widths(text: str) -> int:
    """How many half-width letters a text is as wide as: a Chinese character is two.

    Examples
    --------
    >>> half_widths("雨樟镇 A1")
    9
    """
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of control and format characters, halves of pairs, and separators of lines."""
