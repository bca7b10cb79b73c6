"""Tiles for tests: images of one colour or with a mark, MBTiles and PMTiles made of them, and a service that gives them out."""

from __future__ import annotations

import gzip
import json
import math
import re
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, Route

from restoration.maps.basemaps.pmtiles import tile_numbers

Place = tuple[int, int, int]
"""Zoom, column from the west, row from the north."""
Colour = tuple[int, int, int]
RED, BLUE = (200, 40, 40), (40, 40, 200)
SIDE = 256


def png(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    """Red, green and blue, shape (rows, columns, 3), as a PNG."""
    rows, columns, _ = pixels.shape
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1)
    header = struct.pack(">2I5B", columns, rows, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def plain(colour: Colour, side: int = SIDE) -> bytes:
    """A square of one colour."""
    return png(np.full((side, side, 3), colour, np.uint8))


def world_pixel(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """A place as pixels of the whole world at a zoom (EPSG:3857)."""
    sine, across = math.sin(math.radians(lat)), SIDE * 2**zoom
    return (lon / 360 + 0.5) * across, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * across


def tile_of(lon: float, lat: float, zoom: int) -> Place:
    """The tile over a place."""
    x, y = world_pixel(lon, lat, zoom)
    return zoom, int(x // SIDE), int(y // SIDE)


def mbtiles(path: Path, tiles: Mapping[Place, object], *, metadata: Mapping[str, object] | None = None, also: str = "") -> Path:
    """An MBTiles file; ``also`` is run at the end."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE metadata (name text, value text);"
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);"
            "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row);"
        )
        database.executemany("INSERT INTO metadata VALUES (?, ?)", list((metadata or {}).items()))
        rows = [(zoom, column, 2**zoom - 1 - row, content) for (zoom, column, row), content in tiles.items()]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        database.executescript(also)
        database.commit()
    return path


def pmtiles(
    path: Path, tiles: Mapping[Place, bytes], *, metadata: Mapping[str, object] | None = None, kind: int = 2, leaves: int = 1
) -> Path:
    """A PMTiles file of version 3, its tiles in so many leaf directories (none: all in the root)."""
    numbered = sorted((int(tile_numbers(z, np.array([x]), np.array([y]))[0]), content) for (z, x, y), content in tiles.items())
    data, entries = b"", []
    for number, content in numbered:
        entries.append((number, 1, len(content), len(data)))
        data += content
    parts = list(_split(entries, leaves)) if leaves else []
    packed = [gzip.compress(directory(part)) for part in parts]
    starts = [sum(len(leaf) for leaf in packed[:at]) for at in range(len(packed))]
    root = gzip.compress(
        directory([(part[0][0], 0, len(leaf), start) for part, leaf, start in zip(parts, packed, starts, strict=True)] or entries)
    )
    words = gzip.compress(json.dumps(metadata or {}).encode())
    zooms = [zoom for zoom, _, _ in tiles]
    ends = [127, len(root), len(words), sum(len(leaf) for leaf in packed)]
    head = [ends[0], ends[1], sum(ends[:2]), ends[2], sum(ends[:3]), ends[3], sum(ends), len(data), 0, 0, 0]
    header = struct.pack("<7sB11Q6B4iB2i", b"PMTiles", 3, *head, 1, 2, 1, kind, min(zooms), max(zooms), 0, 0, 0, 0, 0, 0, 0)
    path.write_bytes(header + root + words + b"".join(packed) + data)
    return path


def _split(entries: list[tuple[int, int, int, int]], parts: int) -> Iterable[list[tuple[int, int, int, int]]]:
    step = math.ceil(len(entries) / parts)
    return (entries[at : at + step] for at in range(0, len(entries), step))


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries (first tile, run, length, offset) as PMTiles has them."""
    numbers = [entry[0] for entry in entries]
    deltas = [one - other for one, other in zip(numbers, [0, *numbers], strict=False)]
    columns = [deltas, *([entry[at] for entry in entries] for at in (1, 2)), [entry[3] + 1 for entry in entries]]
    return b"".join(varint(number) for number in (len(entries), *(number for column in columns for number in column)))


def varint(number: int) -> bytes:
    """A number in groups of 7 bits, the lowest first."""
    made = bytearray()
    while number >= 0x80:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def serve(page: Page, draw: Callable[[Place], bytes | None], pattern: str = r"/(\d+)/(\d+)/(\d+)\.png$") -> list[str]:
    """Answer what the page asks of http(s) with tiles, or with nothing where ``draw`` gives none; the addresses asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        found = re.search(pattern, route.request.url)
        content = draw((int(found[1]), int(found[2]), int(found[3]))) if found else None
        if content is None:
            route.abort("internetdisconnected")
        else:
            route.fulfill(body=content, content_type="image/png")

    page.route(re.compile(r"^https?://"), answer)
    return asked
