"""Which encoding text is in, decided by the text itself; and text that was mangled before it came."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import UnknownName
from ..model import Finding
from ..text import Text
from .rule import Where
from .rules_file import characters_replaced, encoding_used, mangled_text, mangled_text_repaired

UTF8 = "UTF-8"
CHINESE = "GB18030"
_LANGUAGE_IDS = {0x4D: "GBK", 0x7A: "GBK", 0x4F: "Big5", 0x78: "Big5", 0x57: "", 0x03: "cp1252", 0x01: "cp437", 0x02: "cp850"}
"""DBF language ids: 0x4D and 0x7A are code page 936, 0x57 is "ANSI" (whatever the machine had), the others Western or Big5."""
_PAGES = {"936": "GBK", "ANSI 936": "GBK", "OEM 936": "GBK", "65001": "UTF-8", "950": "Big5", "1252": "cp1252", "ANSI 1252": "cp1252"}
_SAME = {"gbk": CHINESE, "gb2312": CHINESE, "gb18030": CHINESE, "utf-8": UTF8}
_RUN = re.compile("[\u0080-\u00ff]{2,}")
"""What a Chinese character becomes when it is read as Western text; signs such as ° and ² stand alone."""
_CUT = {"unexpected end of data", "incomplete multibyte sequence"}
"""What Python's UTF-8 and GB18030 codecs say of a text that ends in mid-character."""


@dataclass(frozen=True)
class Encoding:
    """An encoding, and why it was chosen; ``contradicted`` names the declaration that the content does not bear out."""

    name: str
    why: Text
    contradicted: str = ""

    def decode(self, cell: bytes) -> str:
        """The text of a cell; what cannot be decoded becomes U+FFFD."""
        return cell.decode(self.name, errors="replace")


def known(name: str) -> str:
    """The codec that a caller means; GBK and GB2312 are read as GB18030, which holds both.

    Raises
    ------
    UnknownName
        There is no such codec.
    """
    try:
        codec = codecs.lookup(name)
    except LookupError:
        raise UnknownName(Text("编码", "encoding"), name, [UTF8, "GBK", CHINESE, "Big5"]) from None
    return _SAME.get(codec.name, name.upper())


def declared(cpg: bytes | None, language_id: int) -> str:
    """What the .cpg, or else the language id, says; ``""`` for nothing that can be used."""
    said = (cpg or b"").decode("ascii", errors="ignore").strip("\ufeff\0 \r\n\t")
    said = _PAGES.get(said.upper(), said) or _LANGUAGE_IDS.get(language_id, "")
    try:
        codec = codecs.lookup(said).name if said else ""
    except LookupError:
        return ""
    return _SAME.get(codec, said)


def code_page(name: bytes) -> str:
    """The codec of a code page's number, as drawings name it; ``""`` for none that says anything.

    Examples
    --------
    >>> code_page(b"936"), code_page(b"1252")
    ('GB18030', '')
    """
    said = name.decode("ascii", errors="replace")
    # Programs write 1252 whatever the text is in; only a page of Chinese says something.
    return {"936": CHINESE, "GB2312": CHINESE, "950": "Big5"}.get(said.upper(), "")


def chosen(texts: Sequence[bytes], *, said: str = "", given: str | None = None) -> Encoding:
    """The encoding of some texts: by the caller, else by content (UTF-8 strictly, then GB18030), the declaration weighed last.

    Parameters
    ----------
    texts
        Bytes of field names and cells.
    said
        What the file declares, as `declared` gives it.
    given
        What the caller named.

    Examples
    --------
    >>> chosen(["小班号".encode("gbk")]).name, chosen(["小班号".encode()]).name
    ('GB18030', 'UTF-8')
    >>> chosen(["小班号".encode("gbk")], said="UTF-8").contradicted
    'UTF-8'
    """
    if given is not None:
        return Encoding(known(given), Text("按 --encoding 指明", "named with --encoding"))
    foreign = [text for text in texts if not text.isascii()]
    if not foreign:
        return Encoding(said or UTF8, Text("全是英文和数字，编码无关紧要", "all is ASCII, so the encoding does not matter"))
    found, why = _by_content(foreign, said)
    return Encoding(found, why, said if said and said != found else "")


def told_of(found: Encoding, where: Where) -> list[Finding]:
    """The note on how text was read, where it was not plain UTF-8."""
    return [] if found.name == UTF8 else [encoding_used(where, found.name, found.why)]


def _by_content(texts: Sequence[bytes], said: str) -> tuple[str, Text]:
    broken = {name: _broken(texts, name) for name in dict.fromkeys((UTF8, CHINESE, *([said] if said else [])))}
    if not broken[UTF8] and (_is_chinese(texts, UTF8) or not _is_chinese(texts, CHINESE) or broken[CHINESE]):
        return UTF8, Text("内容严格符合 UTF-8", "the content is strict UTF-8")
    if not broken[CHINESE]:
        return CHINESE, Text("内容不是 UTF-8，符合 GB18030（含 GBK）", "the content is not UTF-8 and fits GB18030 (which holds GBK)")
    best = min(broken, key=lambda name: broken[name])
    if best == said and _is_chinese(texts, said):
        return said, Text("内容最符合文件声明的编码", "the content fits the declared encoding best")
    best = UTF8 if broken[UTF8] < broken[CHINESE] else CHINESE
    return best, Text(f"有 {broken[best]} 处解不出，最接近 {best}", f"{broken[best]} texts do not decode; {best} fits best")


def _broken(texts: Iterable[bytes], name: str) -> int:
    """How many texts the encoding cannot explain, not even as cut in mid-character."""
    return sum(1 for text in texts if not _decodes(text, name))


def _decodes(text: bytes, name: str) -> bool:
    try:
        text.decode(name)
    except UnicodeDecodeError as error:
        return error.start > 0 and error.reason in _CUT
    return True


def _is_chinese(texts: Iterable[bytes], name: str) -> bool:
    return any(_has_chinese(text.decode(name, errors="ignore")) for text in texts)


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def is_mangled(text: str) -> bool:
    """Whether the text looks as Chinese does when it is read as Western: two letters of U+00A1-U+00FF side by side, none Chinese.

    Examples
    --------
    >>> is_mangled("Ð¡°àºÅ"), is_mangled("小班号"), is_mangled("25°N 105°E, 40 m²")
    (True, False, False)
    """
    if text.isascii() or _has_chinese(text):
        return False
    runs = "".join(_RUN.findall(text))
    return sum("\u00a1" <= letter <= "\u00ff" for letter in runs) >= int(builtin("limits")["mangled"]["letters"])


def _has_western_letter(text: str) -> bool:
    return any("\u00c0" <= letter <= "\u00ff" and letter not in "×÷" for letter in text)


def unmangled(text: str) -> str | None:
    """The Chinese that a mangled text was, or ``None`` where it cannot be told.

    Examples
    --------
    >>> unmangled("Ð¡°àºÅ"), unmangled("Forêt à côté")
    ('小班号', None)
    """
    for name in (UTF8, CHINESE):
        try:
            mended = text.encode("latin-1").decode(name)
        except UnicodeError:
            continue
        if _has_chinese(mended) and not any("\ue000" <= letter <= "\uf8ff" for letter in mended):
            return mended
    return None


def mended(columns: pd.DataFrame, where: Where) -> tuple[pd.DataFrame, list[Finding]]:
    """The same columns with mangled names and cells turned back into Chinese, and what was found."""
    heads = {str(name) for name in columns.columns}
    cells: dict[str, int] = {}
    mangled_in = set()
    for name in columns.columns:
        counts = Counter(value for value in columns[name].tolist() if isinstance(value, str) and not value.isascii())
        mangled = {value: number for value, number in counts.items() if is_mangled(value)}
        cells |= {value: cells.get(value, 0) + number for value, number in mangled.items()}
        mangled_in |= {name} if mangled else set()
    found = {**cells, **{name: cells.get(name, 0) + 1 for name in heads if is_mangled(name)}}
    if not found:
        return columns, []
    # "··" and "°²" are 贩 and 安, byte for byte: signs alone are turned back only where letters beside them show what was done to the file.
    sure = any(map(_has_western_letter, found))
    mends = {text: mend for text in found if sure and (mend := unmangled(text)) is not None}
    changed = {name: columns[name].replace(mends) if name in mangled_in else columns[name] for name in columns.columns}
    frame = pd.DataFrame(changed, index=columns.index).rename(columns=mends)
    return frame, _told(found, mends, where)


def broken_told(columns: pd.DataFrame, source_rows: Integers, where: Where) -> list[Finding]:
    """What is told where cells hold U+FFFD: half a character, or bytes that mean nothing.

    Parameters
    ----------
    columns
        Shape (n, …).
    source_rows
        Shape (n,): the row's number in the file.
    where
        File and layer.
    """
    broken = [
        at for name in columns.columns for at, cell in enumerate(columns[name].tolist()) if isinstance(cell, str) and "\ufffd" in cell
    ]
    return [characters_replaced(where, len(broken), sorted({int(source_rows[at]) for at in broken}))] if broken else []


def _told(found: dict[str, int], mends: dict[str, str], where: Where) -> list[Finding]:
    told = []
    left = [text for text in found if text not in mends]
    if mends:
        example = next(iter(mends))
        told.append(mangled_text_repaired(where, sum(found[text] for text in mends), example, mends[example]))
    if left:
        told.append(mangled_text(where, sum(found[text] for text in left), left[0]))
    return told
