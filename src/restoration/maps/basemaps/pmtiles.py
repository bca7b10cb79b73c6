"""PMTiles version 3 from outside: a header, directories of tiles along a Hilbert curve, and the tiles.

After the specification (github.com/protomaps/PMTiles, spec/v3); every length that the file tells is bounded before it is believed.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from ...data import builtin
from ...errors import FileRefused
from ...text import Text
from .grid import Range

Integers = np.ndarray[Any, np.dtype[np.int64]]

_HEADER = struct.Struct("<7sB11Q6B4iB2i")
_PLAIN, _GZIP = 1, 2
_VECTORS = 1
_NEAREST = 24
_LARGEST = 2**53
"""No honest offset, length or number of a tile is larger."""


class _Unsound(ValueError):
    """What the file says of itself cannot be."""


class _Directory(NamedTuple):
    """Entries in the order of their tiles: the first tile, how many follow with it (0 for a leaf), where the bytes are."""

    first: Integers
    run: Integers
    length: Integers
    offset: Integers


class PMTiles:
    """An opened file."""

    by_place = True

    def __init__(self, file: BinaryIO) -> None:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:7] != b"PMTiles" or head[7] != 3:
            raise _Unsound("PMTiles 3?")
        _, _, *told = _HEADER.unpack(head)
        self._file = file
        self._root, meta, (self._leaves, _), (self._tiles, _) = (told[at : at + 2] for at in (0, 2, 4, 6))
        _, self._packing, _, kind, self.min_zoom, self.max_zoom = told[11:17]
        if kind == _VECTORS:
            raise _Unsound("vector tiles")
        if not self.min_zoom <= self.max_zoom <= _NEAREST:
            raise _Unsound(f"zooms {self.min_zoom}-{self.max_zoom}")
        words = self._metadata(*meta)
        self.name, self.attribution = words["name"], words["attribution"]

    def level(self, zoom: int, within: Range) -> Iterator[tuple[int, int, bytes | None]]:
        """Column, row and content of each tile there is; ``None`` for one that is too large."""
        limits = builtin("basemaps")["embedded"]
        columns, rows = (
            part.ravel()
            for part in np.meshgrid(
                np.arange(within.first_column, within.last_column + 1), np.arange(within.first_row, within.last_row + 1)
            )
        )
        numbers = tile_numbers(zoom, columns, rows)
        order = np.argsort(numbers)
        offset, length = self._found(numbers[order], self._root[0], self._root[1], builtin("basemaps")["directory"]["depth"])
        for place, at, size in zip(order.tolist(), offset.tolist(), length.tolist(), strict=True):
            if size:
                content = self._read(self._tiles + at, size) if size <= limits["tile_bytes"] else None
                yield int(columns[place]), int(rows[place]), content

    def _found(self, wanted: Integers, offset: int, length: int, depth: int) -> tuple[Integers, Integers]:
        """Where the bytes of tiles (ascending numbers) are; a length of 0 for a tile that is not there."""
        if depth < 0:
            raise _Unsound("directories too deep")
        directory = _decoded(self._unpacked(offset, length))
        at = np.searchsorted(directory.first, wanted, side="right") - 1
        there = at >= 0
        at = np.maximum(at, 0)
        if not len(directory.first):
            return np.zeros_like(wanted), np.zeros_like(wanted)
        run = directory.run[at]
        held = there & (wanted < directory.first[at] + run)
        offsets, lengths = np.where(held, directory.offset[at], 0), np.where(held, directory.length[at], 0)
        for leaf in np.unique(at[there & (run == 0)]).tolist():
            inside = there & (at == leaf)
            offsets[inside], lengths[inside] = self._found(
                wanted[inside], self._leaves + int(directory.offset[leaf]), int(directory.length[leaf]), depth - 1
            )
        return offsets, lengths

    def _read(self, offset: int, length: int) -> bytes:
        if not 0 <= offset <= _LARGEST:
            raise _Unsound(f"offset {offset}")
        self._file.seek(offset)
        return self._file.read(length)

    def _unpacked(self, offset: int, length: int) -> bytes:
        most = builtin("basemaps")["directory"]["bytes"]
        if length > most:
            raise _Unsound(f"directory of {length} bytes")
        packed = self._read(offset, length)
        if self._packing == _PLAIN:
            return packed
        if self._packing != _GZIP:
            raise _Unsound(f"compression {self._packing}")
        unpacking = zlib.decompressobj(wbits=31)
        content = unpacking.decompress(packed, most)
        if not unpacking.eof:
            raise _Unsound("directory cut off or too large")
        return content

    def _metadata(self, offset: int, length: int) -> dict[str, str]:
        longest = builtin("basemaps")["embedded"]["text_characters"]
        told = json.loads(self._unpacked(offset, length)) if length else {}
        words = {name: told.get(name) for name in ("name", "attribution")} if isinstance(told, dict) else {}
        return {name: word[:longest] if isinstance(word := words.get(name), str) else "" for name in ("name", "attribution")}


@contextmanager
def opened(path: Path) -> Iterator[PMTiles]:
    """A PMTiles file.

    Raises
    ------
    FileRefused
        It is no PMTiles of version 3, is damaged, or holds vectors.
    """
    try:
        with path.open("rb") as file:
            yield PMTiles(file)
    except (ValueError, zlib.error, RecursionError, OSError) as error:
        raise FileRefused(
            Text(f"{path.name} 不能作底图：{error}。", f"{path.name} will not do as a basemap: {error}."),
            Text(
                "请给第 3 版的栅格 PMTiles（PNG、JPEG、WebP），或 MBTiles。",
                "Give raster PMTiles of version 3 (PNG, JPEG, WebP), or MBTiles.",
            ),
        ) from error


def tile_numbers(zoom: int, columns: Integers, rows: Integers) -> Integers:
    """The numbers of tiles along the Hilbert curve, all wider zooms before them.

    Examples
    --------
    >>> tile_numbers(1, np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]))
    array([1, 2, 3, 4])
    """
    x, y = columns.astype(np.int64), rows.astype(np.int64)
    number = np.full(x.shape, (4**zoom - 1) // 3, dtype=np.int64)
    for bit in reversed(range(zoom)):
        side = 1 << bit
        right, low = x & side, y & side
        number += ((3 * right) ^ low) << bit
        turned = low == 0
        flipped = turned & (right != 0)
        x, y = np.where(flipped, side - 1 - x, x), np.where(flipped, side - 1 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return number


def _decoded(content: bytes) -> _Directory:
    numbers = _varints(content)
    count = int(numbers[0]) if len(numbers) else -1
    if count < 0 or count > builtin("basemaps")["directory"]["entries"] or len(numbers) != 1 + 4 * count:
        raise _Unsound("directory")
    deltas, run, length, told = numbers[1:].reshape(4, count)
    first = np.cumsum(deltas)
    behind = np.cumsum(length) - length
    place = np.arange(count)
    start = np.maximum.accumulate(np.where(told > 0, place, 0))
    offset = told[start] - 1 + behind - behind[start]
    if count and (told[0] == 0 or min(int(first.min()), int(offset.min())) < 0):
        raise _Unsound("directory")
    return _Directory(first, run, length, offset)


def _varints(content: bytes) -> Integers:
    """All numbers of 7 bits a byte, the lowest first."""
    parts = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(parts < 0x80)
    starts = np.r_[0, ends[:-1] + 1] if len(ends) else ends
    longest = int((ends - starts).max()) + 1 if len(ends) else 0
    if longest > 8 or (len(parts) and (not len(ends) or ends[-1] != len(parts) - 1)):  # 8 bytes hold every number up to _LARGEST
        raise _Unsound("directory")
    numbers = np.zeros(len(ends), dtype=np.int64)
    for place in range(longest):
        inside = starts + place <= ends
        numbers[inside] |= (parts[(starts + place)[inside]].astype(np.int64) & 0x7F) << (7 * place)
    return numbers
