"""Which source column means what: by the caller, by the table of aliases, and by names that were cut to ten bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ..data import builtin
from ..errors import UnknownName
from ..text import Text, folded
from .cells import unit_named

_NO_UNIT = "%"  # 成活率(%) says nothing that 成活率 does not


@dataclass(frozen=True)
class Headings:
    """Canonical name → source column; the units that area headings carry; columns that fit a meaning that was taken."""

    columns: Mapping[str, str]
    units: Mapping[str, str]
    doubles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def canonical_names() -> tuple[str, ...]:
    """The meanings that a column can have."""
    return tuple(builtin("aliases")["alias"])


def understood(columns: Sequence[str], *, fields: Mapping[str, str]) -> Headings:
    """What the columns of a source mean.

    Parameters
    ----------
    columns
        The source columns.
    fields
        Canonical name → source column, as the caller has it, ``""`` for none; the rest is found by the aliases.

    Raises
    ------
    UnknownName
        The caller names a meaning or a column that is not there; the message lists what is.

    Examples
    --------
    >>> found = understood(["XBH", "上报面积（亩）"], fields={})
    >>> found.columns, found.units
    ({'source_id': 'XBH', 'reported_m2': '上报面积（亩）'}, {'reported_m2': 'mu'})
    """
    taken: dict[str, str] = {}
    units: dict[str, str] = {}
    doubles: dict[str, tuple[str, ...]] = {}
    for name, wanted in fields.items():
        if name not in canonical_names():
            raise UnknownName(Text("字段", "field"), name, canonical_names())
        if not wanted:
            continue
        taken[name] = column_named(wanted, columns)
        units[name] = split_unit(folded(taken[name]))[1]
    free = [column for column in columns if column not in taken.values()]
    for name, found in _by_alias(free).items():
        if name in fields:
            continue
        taken[name], units[name] = found[0]
        doubles[name] = tuple(column for column, _ in found[1:])
    return Headings(taken, {name: unit for name, unit in units.items() if unit}, {name: rest for name, rest in doubles.items() if rest})


def column_named(wanted: str, columns: Sequence[str]) -> str:
    """The column of that name, whatever its case and width.

    Raises
    ------
    UnknownName
        There is none; the message lists those that there are.
    """
    if wanted in columns:
        return wanted
    same = [column for column in columns if folded(column) == folded(wanted)]
    if not same:
        raise UnknownName(Text("列", "column"), wanted, columns)
    return same[0]


def split_unit(heading: str) -> tuple[str, str]:
    """A folded heading without its unit, and the unit.

    Examples
    --------
    >>> split_unit("面积(亩)"), split_unit("reported_m2"), split_unit("面积")
    (('面积', 'mu'), ('reported', 'm2'), ('面积', ''))
    """
    for opening, closing in (("(", ")"), ("[", "]"), ("_", ""), ("/", "")):
        stem, sign, tail = heading.rpartition(opening)
        if not sign or not tail.endswith(closing):
            continue
        word = tail[: len(tail) - len(closing)]
        if word == _NO_UNIT or unit_named(word):
            return stem, unit_named(word)
    return heading, ""


def _by_alias(columns: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Canonical name → the columns that fit it and their units, the best first; a whole name is better than a cut one."""
    ranked: dict[str, list[tuple[int, str, str]]] = {}
    for column in columns:
        meaning = _meaning(folded(column))
        if meaning is not None:
            name, rank, unit = meaning
            ranked.setdefault(name, []).append((rank, column, unit))
    order = [name for name in canonical_names() if name in ranked]
    return {name: [(column, unit) for _, column, unit in sorted(ranked[name], key=lambda one: one[0])] for name in order}


def _meaning(heading: str) -> tuple[str, int, str] | None:
    stem, unit = split_unit(heading)
    for word, said in ((heading, ""), (stem, unit)):
        if word in _words():
            return (*_words()[word], said)
    return _cut_words().get(heading)


@cache
def _words() -> dict[str, tuple[str, int]]:
    """Folded alias → canonical name and its rank there."""
    table = builtin("aliases")["alias"]
    return {folded(word): (name, rank) for name, words in table.items() for rank, word in enumerate(words)}


@cache
def _cut_words() -> dict[str, tuple[str, int, str]]:
    """What each alias, with or without a unit, becomes when a DBF cuts it; only where that means one thing."""
    found: dict[str, set[tuple[str, str]]] = {}
    for word, (name, _) in _words().items():
        for whole, unit in _with_units(word, name):
            for short in _cut(whole):
                found.setdefault(short, set()).add((name, unit))
    single = {short: meanings for short, meanings in found.items() if len({name for name, _ in meanings}) == 1}
    last = max(rank for _, rank in _words().values()) + 1
    return {
        short: (next(iter(meanings))[0], last, next(iter(meanings))[1] if len(meanings) == 1 else "")
        for short, meanings in single.items()
        if short not in _words()
    }


def _with_units(word: str, name: str) -> Iterable[tuple[str, str]]:
    yield word, ""
    if name.endswith("_m2") and not split_unit(word)[1]:
        for unit in ("mu", "ha", "m2", "km2"):
            for said in builtin("aliases")["unit"][unit]:
                yield f"{word}({said})", unit
                yield f"{word}_{said}", unit


def _cut(word: str) -> Iterable[str]:
    most = int(builtin("aliases")["truncated"]["bytes"])
    for codec in ("utf-8", "gbk"):
        whole = word.encode(codec, errors="ignore")
        if len(whole) > most:
            yield folded(whole[:most].decode(codec, errors="ignore"))
