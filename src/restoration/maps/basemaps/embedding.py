"""A file of tiles (.mbtiles, .pmtiles) into the page: what lies over the sites, as near as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol

from ...data import builtin
from ...errors import FileRefused, NotFound, UnknownName
from ...text import Text
from . import mbtiles, pmtiles
from .grid import Extent, Range, tiles_over, whole_zoom
from .images import kind_and_size
from .kinds import MB, Place, Tiles

EVERYWHERE: Extent = (-180.0, -85.0, 180.0, 85.0)


class TileFile(Protocol):
    """An opened file of tiles; rows count from the north."""

    name: str
    attribution: str
    min_zoom: int
    max_zoom: int
    by_place: bool
    """Whether each place is looked up, however few tiles there are."""

    def level(self, zoom: int, within: Range) -> Iterator[tuple[int, int, bytes | None]]:
        """Column, row and content of each tile there is; ``None`` for one that is larger than a tile may be."""
        ...


OPENED: dict[str, Callable[[Path], AbstractContextManager[TileFile]]] = {".mbtiles": mbtiles.opened, ".pmtiles": pmtiles.opened}
"""By its suffix, how a file of tiles is opened."""


class _Held:
    """What is taken so far: each image once."""

    def __init__(self) -> None:
        self.images: dict[tuple[str, bytes], int] = {}
        self.places: dict[Place, int] = {}
        self.unfit = 0
        self.total_bytes = 0

    def take(self, file: TileFile, zoom: int, within: Range) -> bool:
        """Add a zoom; ``False``, and nothing added, if there is no room for it."""
        limits = builtin("basemaps")["embedded"]
        if file.by_place and within.number > limits["places"]:
            return False
        found: dict[Place, tuple[str, bytes]] = {}
        images, more_bytes = set(self.images), 0
        for column, row, content in file.level(zoom, within):
            image = _image(content, limits)
            if image is None:
                self.unfit += 1
                continue
            more_bytes += 0 if image in images else len(image[1])
            images.add(image)
            found[zoom, column, row] = image
            if self.total_bytes + more_bytes > limits["total_bytes"] or len(self.places) + len(found) > limits["tiles"]:
                return False
        self.total_bytes += more_bytes
        self.places.update((place, self.images.setdefault(image, len(self.images))) for place, image in found.items())
        return True


def _image(content: bytes | None, limits: Mapping[str, int]) -> tuple[str, bytes] | None:
    """The tile, if it is an image of a bearable size."""
    found = kind_and_size(content) if content is not None else None
    if content is None or found is None or not all(0 < pixels <= limits["tile_pixels"] for pixels in found[1:]):
        return None
    return found[0], content


def tiles_of(path: Path, *, extent: Extent | None) -> Tiles:
    """The tiles of a file over an extent, from the zoom at which it is seen whole to the nearest for which there is room.

    Parameters
    ----------
    extent
        West, south, east, north in degrees; the whole file if not given.

    Raises
    ------
    NotFound
        There is no such file.
    UnknownName
        Its name ends in neither .mbtiles nor .pmtiles.
    FileRefused
        It is damaged, holds no images, has none over the extent, or is too much even at the widest zoom.
    """
    held = _Held()
    with _opened(path) as file:
        first = min(max(file.min_zoom, whole_zoom(extent) - 1 if extent else 0), file.max_zoom)
        margin = builtin("basemaps")["embedded"]["margin_tiles"]
        zooms = range(first, file.max_zoom + 1)
        left_out = next((zoom for zoom in zooms if not held.take(file, zoom, tiles_over(extent or EVERYWHERE, zoom, margin=margin))), None)
        if not held.places:
            raise _nothing(path, held, left_out)
        return Tiles(
            name=file.name or path.stem,
            attribution=_plain(file.attribution),
            images=tuple(held.images),
            places=held.places,
            told=tuple(_told(file.name or path.stem, held, left_out, file.max_zoom)),
        )


@contextmanager
def _opened(path: Path) -> Iterator[TileFile]:
    if path.suffix.lower() not in OPENED:
        raise UnknownName(Text("底图文件的后缀", "suffix of a file of tiles"), path.suffix, OPENED)
    if not path.is_file():
        raise NotFound(
            Text(f"没有这个文件：{path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name.")
        )
    with OPENED[path.suffix.lower()](path) as file:
        yield file


def _nothing(path: Path, held: _Held, left_out: int | None) -> FileRefused:
    if left_out is not None:
        megabytes = builtin("basemaps")["embedded"]["total_bytes"] / MB
        return FileRefused(
            Text(
                f"{path.name} 太大：图斑范围内第 {left_out} 级就超过 {megabytes:.0f} MB，放不进地图。",
                f"{path.name} is too large: over the sites even zoom {left_out} is more than {megabytes:.0f} MB, too much for a page.",
            ),
            Text("请在 GIS 里裁到工作区、带上较小的级别另存，或把瓦片放到内网服务器用地址引用。",
                 "Cut it to the working area with wider zooms in a GIS, or serve its tiles and give their address."),
        )  # fmt: skip
    if held.unfit:
        return FileRefused(
            Text(f"{path.name} 里没有能用的图片瓦片（{held.unfit} 块都不是 PNG、JPEG、WebP，或太大）。",
                 f"{path.name} holds no usable image: {held.unfit} tiles are neither PNG nor JPEG nor WebP, or are too large."),
            Text("矢量瓦片不能作底图；请导出栅格瓦片（PNG、JPEG、WebP）。", "Tiles of vectors will not do; export raster tiles."),
        )  # fmt: skip
    return FileRefused(
        Text(f"{path.name} 里没有图斑所在处的瓦片。", f"{path.name} has no tiles where the sites are."),
        Text("请核对文件的范围；没有图斑时先导入图斑。", "See what area it covers; import sites first if there are none."),
    )


def _told(name: str, held: _Held, left_out: int | None, max_zoom: int) -> Iterator[Text]:
    zooms = [zoom for zoom, _, _ in held.places]
    count, size = len(held.places), f"{held.total_bytes / MB:.1f} MB"
    yield Text(
        f"底图“{name}”：第 {min(zooms)}–{max(zooms)} 级 {count} 块，{size}，写进了地图文件。",
        f"Basemap {name!r}: {count} tiles of zooms {min(zooms)} to {max(zooms)}, {size}, are in the map file.",
    )
    if left_out is not None:
        megabytes = builtin("basemaps")["embedded"]["total_bytes"] / MB
        yield Text(
            f"第 {left_out}–{max_zoom} 级放不下（最多 {megabytes:.0f} MB），放大后底图会模糊；要更清楚请先在 GIS 里裁到工作区。",
            f"Zooms {left_out} to {max_zoom} found no room ({megabytes:.0f} MB at most), so that it blurs when enlarged; for more, cut the "
            "file to the working area in a GIS.",
        )
    if held.unfit:
        yield Text(
            f"有 {held.unfit} 块瓦片不是 PNG、JPEG、WebP 图片或太大，没有用。",
            f"{held.unfit} tiles are no PNG, JPEG or WebP image, or are too large, and were left out.",
        )


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _plain(attribution: str) -> str:
    """The words of an attribution, which is HTML by the formats' own rules."""
    parser = _Words()
    parser.feed(attribution)
    parser.close()
    return "".join(parser.words)
