"""Columns inside a page: whole numbers by their bytes, deflated together, written in 85 signs that no reader of HTML takes for anything.

A pack is text and a description. The description says how many bytes there are, deflated and whole, and what lies in them:
``[name, kind, count, bytes]`` for each section, where ``unsigned`` and ``signed`` are ``count`` numbers whose lowest bytes
come first, then the next (so that what is alike stands together), and ``text`` is JSON of ``count`` bytes in UTF-8.
"""

from __future__ import annotations

import zlib
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .page import as_json

WholeNumbers: TypeAlias = NDArray[np.integer[Any]]

SIGNS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "<>&\"'`\\{}")
"""The digits, all that print but those that mean something to HTML, JavaScript or Jinja; the page has the same list."""
LEVEL = 6
_WORD = 4


class Packed(NamedTuple):
    """A finished pack: its description for the page's JSON, and its text."""

    about: dict[str, Any]
    text: str


class Pack:
    """Sections that travel together."""

    def __init__(self) -> None:
        self._sections: list[list[Any]] = []
        self._deflate = zlib.compressobj(LEVEL)
        self._deflated: list[bytes] = []
        self._size = 0

    def add(self, name: str, numbers: WholeNumbers) -> None:
        """Add whole numbers, shape (n,), of 32 bits at most; those of which one is negative are written as ``signed``."""
        values = np.asarray(numbers, dtype=np.int64)
        signed = bool((values < 0).any())
        plain = ((values << 1) ^ (values >> 63) if signed else values).astype("<u4")
        wide = max(1, (int(plain.max(initial=0)).bit_length() + 7) // 8)
        planes = np.ascontiguousarray(plain.view(np.uint8).reshape(-1, _WORD)[:, :wide].T)
        self._put([name, "signed" if signed else "unsigned", len(plain), wide], planes.tobytes())

    def add_text(self, name: str, content: object) -> None:
        """Add what is read as JSON when it is wanted."""
        text = as_json(content).encode("utf-8")
        self._put([name, "text", len(text), 1], text)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add bytes that the page has as they are."""
        self._put([name, "bytes", len(content), 1], content)

    def add_texts(self, name: str, values: list[str], codes: WholeNumbers) -> None:
        """Add a column of texts: the number of each row's text, and the texts."""
        self.add(name, codes)
        self.add_text(f"{name}=", values)

    def finished(self) -> Packed:
        """The pack as it stands in a page; nothing can be added any more."""
        self._deflated.append(self._deflate.flush())
        deflated = b"".join(self._deflated)
        about = {"bytes": self._size, "deflated": len(deflated), "sections": self._sections}
        return Packed(about, in_signs(deflated))

    def _put(self, section: list[Any], content: bytes) -> None:
        self._sections.append(section)
        self._deflated.append(self._deflate.compress(content))
        self._size += len(content)


def in_signs(content: bytes) -> str:
    r"""Bytes in `SIGNS`: every four of them (the last filled up with zeros) are five digits to the base of 85, the highest first.

    Examples
    --------
    >>> in_signs(b"\x00\x00\x00\x56"), in_signs(b"")
    ('!!!##', '')
    """
    padded = content + bytes(-len(content) % _WORD)
    words = np.frombuffer(padded, dtype=">u4").astype(np.uint32)
    base = np.uint32(len(SIGNS))
    digits = np.empty((len(words), 5), dtype=np.uint8)
    for place in range(4, -1, -1):
        words, digits[:, place] = np.divmod(words, base)
    signs = np.frombuffer(SIGNS.encode("ascii"), dtype=np.uint8)
    return signs[digits].tobytes().decode("ascii")
