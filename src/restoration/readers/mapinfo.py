"""MapInfo tables (.tab with .dat .map .id) and interchange files (.mif with .mid): by GDAL in a child process.

The text is decoded here: the character set that a file names is often not that of its text, so GDAL is told that it names none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import FileRefused
from ..text import Text
from . import encoding
from .gdal import Vector
from .layer import Raw
from .members import Source
from .rule import Where
from .rules_file import encoding_contradicted, encoding_used
from .vectors import laid_out, raw_of, read_table

_CHARSET = re.compile(rb'((?:^\s*!charset\s+|\bCharset\s+)"?)([\w-]+)', re.IGNORECASE | re.MULTILINE)
_CODECS = {"windowssimpchinese": encoding.CHINESE, "windowstradchinese": "Big5", "utf-8": encoding.UTF8, "windowslatin1": "cp1252"}
"""MapInfo's names of character sets, in lower case; "Neutral" names none."""
_BYTES = "ISO-8859-1"  # every byte is a letter of it, so what was read with it can be read anew
_HEAD_BYTES = 65_536


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:
    """The one layer of a MapInfo table or interchange file.

    Raises
    ------
    FileRefused
        It is damaged, empty, or GDAL cannot read it.
    """
    where = Where(source.file, name)
    parts, said = _neutral(source.parts)
    with laid_out(parts) as path:
        vector = read_table(path, where, driver="MapInfo File", options={"encoding": _BYTES})
    _require_whole(source, where, len(vector.fids))
    texts = [*vector.columns, *(cell for cells in vector.columns.values() for cell in cells if isinstance(cell, str))]
    chosen = encoding.chosen([text.encode(_BYTES) for text in dict.fromkeys(texts)], said=said, given=given_encoding)
    found = [encoding_used(where, chosen.name, chosen.why)] if any(not text.isascii() for text in texts) else []
    if chosen.contradicted:
        found.append(encoding_contradicted(where, chosen.contradicted, chosen.name))
    return raw_of(_decoded(vector, chosen), where, encoding=chosen.name, findings=found)


def _neutral(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], str]:
    """The parts, the main file first and naming no character set, and the codec of the set that it named."""
    main = next(suffix for suffix in (".tab", ".mif") if suffix in parts)
    head, rest = parts[main][:_HEAD_BYTES], parts[main][_HEAD_BYTES:]
    found = _CHARSET.search(head)
    said = _CODECS.get(found.group(2).decode("ascii", "replace").lower(), "") if found else ""
    return {main: _CHARSET.sub(rb"\1Neutral", head) + rest, **{suffix: part for suffix, part in parts.items() if suffix != main}}, said


def _require_whole(source: Source, where: Where, read: int) -> None:
    """An interchange file that was cut off is read without a word up to there; its attributes stand one to a line beside it."""
    lines = sum(1 for line in source.parts.get(".mid", b"").splitlines() if line.strip())
    if ".mid" in source.parts and lines and lines != read:
        raise FileRefused(
            Text(
                f"{where.file}：{where.layer}.mif 读出 {read} 个图形，.mid 有 {lines} 条记录，对不上（文件可能被截断）。",
                f"{where.file}: {where.layer}.mif gives {read} shapes and its .mid has {lines} records: one may be cut off.",
            ),
            Text("请重新导出，.mif 与 .mid 必须来自同一次导出。", "Export it again: .mif and .mid must come from one export."),
        )


def _decoded(vector: Vector, chosen: encoding.Encoding) -> Vector:
    def text(cell: Any) -> Any:
        return chosen.decode(cell.encode(_BYTES)) if isinstance(cell, str) else cell

    return replace(vector, columns={text(name): [text(cell) for cell in cells] for name, cells in vector.columns.items()})
