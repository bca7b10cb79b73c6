"""What a page would ask for outside its own file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_ADDRESS = r"(?P<address>(?:(?:https?|wss?|ftp|file):)?\\?/\\?/[^\s\"'`<>)\\]+)"
_PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"<script\b[^>]*?\ssrc\s*=\s*[\"']?(?P<address>(?!data:|blob:)[^\s\"'>]+)", ("script-src",)),
    (r"<link\b[^>]*?\shref\s*=\s*[\"']?(?P<address>(?!data:|blob:)[^\s\"'>]+)", ("style-src", "font-src")),
    (r"<(?:img|source|video|audio|embed|iframe|track|input)\b[^>]*?\s(?:src|srcset|poster)\s*=\s*[\"']?(?P<address>(?!data:|blob:)[^\s\"'>]+)",
     ("img-src",)),
    (rf"\b(?:src|href|action|data|poster)\s*=\s*[\"'`]?{_ADDRESS}", ("img-src",)),
    (rf"url\(\s*[\"']?{_ADDRESS}", ("img-src", "font-src")),
    (rf"@import\s+[\"']?{_ADDRESS}", ("style-src",)),
    (rf"\bimport\s*\(?[\"'\s]*{_ADDRESS}", ("script-src",)),
    (rf"\b(?:fetch|importScripts|open|sendBeacon|WebSocket|EventSource|Worker)\s*\([^)]*?[\"'`]{_ADDRESS}", ("connect-src",)),
    (rf"\bL\.[\w.]+\(\s*[\"'`]{_ADDRESS}", ("img-src", "connect-src")),
    (rf"\b\w*[uU]rl[\"']?\s*[:=]\s*[\"'`]{_ADDRESS}", ("img-src", "connect-src")),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), directives) for pattern, directives in _PATTERNS)


@dataclass(frozen=True, slots=True)
class Reference:
    """One address that a page asks for, and the parts of the content security policy that it would need."""

    address: str
    directives: tuple[str, ...]

    @property
    def host(self) -> str:
        """The source as the policy writes it; a host with a placeholder (``t{s}.example.cn``) becomes ``*.example.cn``."""
        parts = urlsplit(self.address)
        if not parts.netloc:
            return ""
        name = re.sub(r"^[^.]*\{[^}]*\}[^.]*\.", "*.", parts.netloc)
        return f"{parts.scheme or 'https'}://{name}" if re.fullmatch(r"[\w.*:-]+", name) else ""


def references_in(pieces: Iterable[str]) -> list[Reference]:
    """Every outside address in pieces of HTML, CSS or JavaScript, in order, each once.

    Examples
    --------
    >>> references_in(['<img src="https://example.cn/a.png">', "x = 'data:,'"])
    [Reference(address='https://example.cn/a.png', directives=('img-src',))]
    """
    found: dict[str, Reference] = {}
    for piece in pieces:
        for pattern, directives in _COMPILED:
            for match in pattern.finditer(piece):
                address = match["address"].replace("\\", "")
                found.setdefault(address, Reference(address, directives))
    return list(found.values())
