"""Longitudes and latitudes as offices write them: decimal degrees, or degrees, minutes and seconds in any form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

_NORTH, _EAST = "north", "east"
_SIDES = {"东经": (_EAST, 1), "西经": (_EAST, -1), "北纬": (_NORTH, 1), "南纬": (_NORTH, -1),
          "E": (_EAST, 1), "W": (_EAST, -1), "N": (_NORTH, 1), "S": (_NORTH, -1)}  # fmt: skip
_SIGNS = {code: sign for sign, forms in (
    ("°", "°º˚∘度"), ("'", "'′’‘＇´`分"), ('"', '"″”“＂秒'), ("-", "-－‐‑–—−"),
) for code in map(ord, forms)}  # fmt: skip
_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d+)?)°?", re.ASCII)
_SIGNED = re.compile(r"""(\d{1,3})°(?:(\d{1,2}(?:\.\d+)?)'(?:(\d{1,2}(?:\.\d+)?)(?:"|'')?)?)?""", re.ASCII)
_PARTED = re.compile(r"(\d{1,3})([-: ])(\d{1,2})\2(\d{1,2}(?:\.\d+)?)", re.ASCII)
_PACKED = re.compile(r"(\d{1,3})\.(\d{2})(\d{2})(\d*)", re.ASCII)
_FULL = 60


@dataclass(frozen=True, slots=True)
class Angle:
    """Degrees, and which way they count where the text says so: ``east``, ``north`` or ``""``."""

    degrees: float
    axis: str = ""


def as_angle(text: str, *, packed: bool = False) -> Angle:
    """A longitude or latitude.

    Parameters
    ----------
    text
        Decimal degrees, or degrees, minutes and seconds with signs, hyphens, colons or blanks; E, N, 东经 or 北纬 may stand
        before or behind.
    packed
        Whether a plain number is ``ddd.mmss…``. Nothing in the number itself can tell, so only the caller can.

    Raises
    ------
    ValueError
        It is no such angle, or its minutes or seconds are 60 or more.

    Examples
    --------
    >>> [round(as_angle(text).degrees, 6) for text in ("105°13′05.12″", "105-13-05.12", "105 13 05.12", "E105度13分5.12秒", "105.218089")]
    [105.218089, 105.218089, 105.218089, 105.218089, 105.218089]
    >>> round(as_angle("105.130512", packed=True).degrees, 6), as_angle("北纬25°30′")
    (105.218089, Angle(degrees=25.5, axis='north'))
    """
    bare, axis, sign = _bare(text)
    found = _PACKED.fullmatch(bare) if packed else None
    if found is not None:
        return Angle(sign * _sum(found.group(1), found.group(2), f"{found.group(3)}.{found.group(4) or '0'}"), axis)
    plain = _DECIMAL.fullmatch(bare)
    if plain is not None and not (packed and "." in bare):
        return Angle(sign * float(plain.group(1)), axis)
    if (parted := _PARTED.fullmatch(bare)) is not None:
        return Angle(sign * _sum(parted.group(1), parted.group(3), parted.group(4)), axis)
    if (signed := _SIGNED.fullmatch(bare.replace(" ", ""))) is not None:
        return Angle(sign * _sum(*(part or "0" for part in signed.groups())), axis)
    raise ValueError(text)


def has_signs(text: str) -> bool:
    """Whether it is written with degrees and minutes, and so can be nothing but an angle.

    Examples
    --------
    >>> has_signs("105°13′05″"), has_signs("105-13-05"), has_signs("105.2181")
    (True, True, False)
    """
    try:
        bare = _bare(text)[0]
    except ValueError:
        return False
    return bool(_PARTED.fullmatch(bare)) or ("°" in bare and bool(_SIGNED.fullmatch(bare.replace(" ", ""))))


def may_be_packed(text: str) -> bool:
    """Whether a plain number could as well be ``ddd.mmss``: both pairs below 60, where zeros at the end may have been dropped.

    Examples
    --------
    >>> may_be_packed("105.1305"), may_be_packed("105.2181"), may_be_packed("105.13")
    (True, False, True)
    """
    whole, _, decimals = _bare(text)[0].partition(".")
    found = _PACKED.fullmatch(f"{whole}.{decimals:0<4}")
    return found is not None and int(found.group(2)) < _FULL and int(found.group(3)) < _FULL


def _bare(text: str) -> tuple[str, str, int]:
    """The text in plain signs and digits, without its side of the world, and that."""
    plain = " ".join(normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).split()).upper()
    for word, (axis, sign) in _SIDES.items():
        for rest in (plain.removeprefix(word), plain.removesuffix(word)):
            if rest != plain:
                return rest.strip(" :"), axis, sign
    return plain, "", 1


def _sum(degrees: str, minutes: str, seconds: str) -> float:
    if float(minutes) >= _FULL or float(seconds) >= _FULL or ("." in minutes and float(seconds)):
        raise ValueError(f"{degrees} {minutes} {seconds}")
    return int(degrees) + float(minutes) / _FULL + float(seconds) / (_FULL * _FULL)
