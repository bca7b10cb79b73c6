"""Personal data in texts: numbers of identity cards, bank cards and mobile phones; how they are seen, and how they are masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from .data import builtin
from .errors import BadRequest
from .text import Text, folded

Frame = TypeVar("Frame", bound=pd.DataFrame)

_LONG = re.compile(r"[0-9０-９]{11}")
_DECIMAL = re.compile(r"\s*[+-]?[0-9０-９]*[.．][0-9０-９]+\s*")
"""An area or a coordinate with all its decimals, of which eleven can look like a telephone number."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""2^(18 - i) mod 11 for the seventeen digits before the check digit (GB 11643-1999)."""
_WIDE = {ord("０") + digit: str(digit) for digit in range(10)}


class Personal(NamedTuple):
    """A kind of personal number."""

    label: Text
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool]

    def starred(self, found: re.Match[str]) -> str:
        """What stands in the place of a match."""
        number, kept = found.group(), int(builtin("personal")["mask"]["kept"])
        return number[:kept] + "*" * (len(number) - kept) if self.is_one(number) else number


def may_be_personal(text: str) -> bool:
    """Whether a text is worth a closer look: it has digits enough in a row, and is not a number with decimals as a whole."""
    return _LONG.search(text) is not None and not _DECIMAL.fullmatch(text)


def personal_in(text: str, *, is_code: bool = False) -> tuple[Text, ...]:
    """What kinds of personal numbers a text holds, each once; in a code only those that no usual code looks like.

    Examples
    --------
    >>> [kind.zh for kind in personal_in("张三 11010519491231002X，13800138000")]
    ['身份证号', '手机号码']
    >>> personal_in("5223281022000000012"), personal_in("91522301709682567R"), personal_in("105.13800138000")
    ((), (), ())
    """
    if not may_be_personal(text):
        return ()
    plain = text.translate(_WIDE)
    found = [kind.label for kind in _kinds(is_code=is_code) if any(kind.is_one(match.group()) for match in kind.pattern.finditer(plain))]
    return tuple(dict.fromkeys(found))


def masked(text: str, *, is_code: bool = False) -> str:
    """The text with every personal number made unreadable but for its first digits.

    Examples
    --------
    >>> masked("联系 13800138000"), masked("图斑 0012")
    ('联系 138********', '图斑 0012')
    """
    if not may_be_personal(text):
        return text
    told = text.translate(_WIDE)
    for kind in _kinds(is_code=is_code):
        told = kind.pattern.sub(kind.starred, told)
    return told if "*" in told else text


def masked_columns(frame: Frame, names: Iterable[str]) -> Frame:
    """The frame with the personal numbers in those text columns masked; itself where there are none."""
    changed = {}
    for name in names:
        values = frame[name].tolist()
        new = {value: masked(value, is_code=is_code(name)) for value in set(values) if isinstance(value, str)}
        if any(old != made for old, made in new.items()):
            changed[name] = pd.Series([new.get(value, value) for value in values], index=frame.index, dtype=frame[name].dtype)
    return frame.assign(**changed) if changed else frame


def is_code(name: str) -> bool:
    """Whether a column of the house holds numbers and codes, not words.

    Examples
    --------
    >>> is_code("town_code"), is_code("town")
    (True, False)
    """
    return name.endswith(("_id", "_code"))


def says_personal(heading: str) -> bool:
    """Whether a column's heading says that it holds names, identity numbers, telephones or bank cards of people.

    Examples
    --------
    >>> says_personal("户主姓名"), says_personal("sfzh"), says_personal("农户数"), says_personal("采矿权人")
    (True, True, False, False)
    """
    wanted, words = folded(heading), builtin("personal")["heading"]
    return any(folded(word) in wanted for word in words["holding"]) or wanted in {folded(word) for word in words["whole"]}


def require_impersonal(what: Text, *texts: str) -> None:
    """Refuse a text that would put a personal number into a ledger from which nothing can be erased.

    Raises
    ------
    BadRequest
        One of the texts holds such a number; the message names its kind and never the number.
    """
    for text in texts:
        for kind in personal_in(text)[:1]:
            raise BadRequest(
                Text(f"{what.zh}里有{kind.zh}。", f"The {what.en} holds {kind.en}."),
                Text("台账只增不删，写进去就去不掉：请去掉号码再录。", "Nothing can be erased from the ledger: leave the number out."),
            )


@cache
def _kinds(*, is_code: bool) -> tuple[Personal, ...]:
    table: Mapping[str, Mapping[str, Any]] = builtin("personal")["kind"]
    checks = {"identity": _has_check_digit, "luhn": _is_luhn, "": lambda _: True}
    return tuple(
        Personal(Text(row["zh"], row["en"]), re.compile(rf"(?<![0-9A-Za-z])(?:{row['pattern']})(?![0-9A-Za-z])"), checks[row["check"]])
        for row in table.values()
        if row["in_codes"] or not is_code
    )


def _has_check_digit(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
