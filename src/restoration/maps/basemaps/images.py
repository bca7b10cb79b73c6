"""What an image from outside is, by its own first bytes."""

from __future__ import annotations

import struct


def kind_and_size(content: bytes) -> tuple[str, int, int] | None:
    r"""``png``, ``jpeg`` or ``webp`` with its width and height in pixels; ``None`` for anything else.

    Examples
    --------
    >>> kind_and_size(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (256).to_bytes(4) + (128).to_bytes(4))
    ('png', 256, 128)
    >>> kind_and_size(b"<svg onload=alert(1)>") is None
    True
    """
    try:
        if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR":
            return "png", *struct.unpack(">II", content[16:24])
        if content[:3] == b"\xff\xd8\xff":
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    """The frame's header (SOF0 to SOF15 without DHT, JPG, DAC) stands behind segments that tell their own length."""
    at = 2
    while content[at] == 0xFF:
        mark, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "jpeg", width, height
        at += 2 + length
    return None


def _webp(content: bytes) -> tuple[str, int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return "webp", 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return "webp", width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return "webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
