"""The first letters of Chinese characters in pinyin, so that a name is found by typing them."""

from __future__ import annotations

from collections.abc import Iterable


def initials_of(texts: Iterable[str]) -> dict[str, str]:
    """For each Chinese character of the texts the letters that it may be typed by: one for each way in which it is read.

    Examples
    --------
    >>> initials_of(["雨樟镇 1", "重阳"])
    {'樟': 'z', '重': 'ctz', '镇': 'z', '阳': 'y', '雨': 'y'}
    """
    han = sorted({sign for text in texts for sign in text if "\u3400" <= sign <= "\u9fff"})
    if not han:
        return {}
    from pypinyin import Style, pinyin  # noqa: PLC0415 - its dictionaries take a while to load, and only a map needs them

    read = pinyin(han, style=Style.FIRST_LETTER, heteronym=True)
    return {sign: "".join(sorted(set(letters))) for sign, letters in zip(han, read, strict=True) if letters != [sign]}
