"""Photos that a page carries: small ones of the sites that are on it, made by Pillow in a child process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np

from .. import apart
from ..data import builtin
from ..errors import FileRefused, MissingExtra
from ..photos import photos_in, photos_of_sites
from ..text import Text
from .packing import Pack

_CHILD = Path(__file__).with_name("photo_child.py")
MB = 1_000_000


class Photo(NamedTuple):
    """One photo of a site."""

    site_id: str
    name: str
    jpeg: bytes


class Photos(NamedTuple):
    """Photos of sites, and what whoever makes the map should know of them.

    Examples
    --------
    >>> Photos((), ()).photos
    ()
    """

    photos: tuple[Photo, ...]
    told: tuple[Text, ...]


def site_photos(folder: Path, *, sites: gpd.GeoDataFrame, most_mb: float | None = None) -> Photos:
    """The photos in a folder that are of sites (by their names, as the check S408 has it), made small, upright and free of EXIF.

    Every site's first photo goes before any site's second, so that what there is no room for is missing evenly.

    Parameters
    ----------
    sites
        The sites frame.
    most_mb
        Size of all together, at most; as ``data/photos.toml`` has it if not given.

    Raises
    ------
    MissingExtra
        Pillow is not installed.
    NotFound
        There is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> from restoration.frame import conform
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(site_photos(Path(folder), sites=conform(sites)).photos)
    0
    """
    _require_pillow()
    files, shown = photos_in(folder), builtin("photos")["shown"]
    words = {name: np.asarray(sites[name].to_numpy(dtype=object)) for name in ("site_id", "source_id", "village", "town")}
    of_sites = photos_of_sites([path.name for path in files], words, sites["counted"].to_numpy(dtype=np.bool_))
    wanted = [_Wanted(rank, row, files[at]) for row, found in enumerate(of_sites) for rank, at in enumerate(found[: shown["most_of_site"]])]
    kept, unread = _that_fit(sorted(wanted), MB * (shown["most_mb"] if most_mb is None else most_mb))
    held = tuple(Photo(str(words["site_id"][one.row]), one.path.name, kept[one]) for one in wanted if one in kept)
    strange = len(files) - len({at for found in of_sites for at in found})
    left = sum(len(found) for found in of_sites) - len(kept) - sum(one.path in unread for one in wanted)
    without = {one.row for one in wanted if one.path not in unread} - {one.row for one in kept}
    return Photos(held, tuple(_told(held, strange, left, len(without), [path.name for path in unread])))


def add_photos(pack: Pack, held: Photos, site_ids: Sequence[str]) -> None:
    """Put photos into a pack, site by site in the order of the rows."""
    of_site: dict[str, list[Photo]] = {}
    for photo in held.photos:
        of_site.setdefault(photo.site_id, []).append(photo)
    ordered = [photo for site in site_ids for photo in of_site.get(site, ())]
    pack.add("of_site", np.array([len(of_site.get(site, ())) for site in site_ids], dtype=np.int64))
    pack.add("size", np.array([len(photo.jpeg) for photo in ordered], dtype=np.int64))
    pack.add_text("name=", [photo.name for photo in ordered])
    pack.add_bytes("pictures", b"".join(photo.jpeg for photo in ordered))


class _Wanted(NamedTuple):
    """A site's photo: the first of each site goes before the second of any."""

    rank: int
    row: int
    path: Path


def _that_fit(wanted: Sequence[_Wanted], most_bytes: float) -> tuple[dict[_Wanted, bytes], list[Path]]:
    """The photos up to a size in all, made small, and the files that cannot be read; what comes after is not opened."""
    kept: dict[_Wanted, bytes] = {}
    unread: dict[Path, None] = {}
    size = 0
    for one, picture in _opened(wanted):
        if picture is None:
            unread[one.path] = None
            continue
        size += len(picture)
        if size > most_bytes:
            break
        kept[one] = picture
    return kept, list(unread)


def _opened(wanted: Sequence[_Wanted]) -> Iterator[tuple[_Wanted, bytes | None]]:
    """Each made small, so many at once; a file that is of several sites is opened once."""
    at_once = builtin("photos")["read"]["at_once"]
    small: dict[Path, bytes | None] = {}
    for start in range(0, len(wanted), at_once):
        some = wanted[start : start + at_once]
        paths = [path for path in dict.fromkeys(one.path for one in some) if path not in small]
        if paths:
            small |= dict(zip(paths, _of_some(paths), strict=True))
        yield from ((one, small[one.path]) for one in some)


def _of_some(paths: Sequence[Path]) -> list[bytes | None]:
    """One child for all of them; where it comes to grief, each half by itself, down to the one that is to blame."""
    table = builtin("photos")
    job = {"paths": [str(path.resolve()) for path in paths], "side": table["shown"]["side_pixels"], "quality": table["shown"]["quality"],
           "formats": table["read"]["formats"], "most_pixels": table["read"]["most_pixels"]}  # fmt: skip
    try:
        with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
            out = apart.run(_CHILD, job, folder=Path(folder), env=apart.environment({}), shown=paths[0].name)
            with np.load(out, allow_pickle=False) as arrays:
                content, ends, missing = arrays["photos.bytes"].tobytes(), arrays["photos.ends"], arrays["photos.missing"]
        starts = np.append(0, ends[:-1])
        return [None if gone else content[start:end] for start, end, gone in zip(starts, ends, missing, strict=True)]
    except FileRefused:
        if len(paths) == 1:
            return [None]
        middle = len(paths) // 2
        return _of_some(paths[:middle]) + _of_some(paths[middle:])


def _told(held: Sequence[Photo], strange: int, more: int, without: int, unread: Sequence[str]) -> list[Text]:
    count, sites, size = len(held), len({photo.site_id for photo in held}), sum(len(photo.jpeg) for photo in held)
    told = [
        Text(
            f"照片：{count} 张（{sites} 个小班，{size / MB:.1f} MB）写进了地图文件，拍摄地点、时间等信息已去掉。",
            f"Photos: {count} (sites: {sites}; {size / MB:.1f} MB) are in the map file, without where and when they were taken.",
        )
    ]
    if strange:
        told.append(
            Text(f"{strange} 个文件的名称对不上任何小班，没有放进去。", f"{strange} files are of no site by their names; left out.")
        )
    if more:
        told.append(Text(f"{more} 张超出每班张数或总大小，没有放进去。", f"{more} more than a site or the map takes; left out."))
    if without:
        told.append(Text(f"其中 {without} 个小班的照片一张也没放下。", f"Of {without} sites none found room."))
    if unread:
        names = "、".join(unread[:_NAMED]) + ("…" if len(unread) > _NAMED else "")
        told.append(Text(f"{len(unread)} 张读不了（不是 jpg、png 等，或已损坏）：{names}",
                         f"{len(unread)} cannot be read (no JPEG, PNG or the like, or damaged): {names}"))  # fmt: skip
    return told


_NAMED = 5


def _require_pillow() -> None:
    if find_spec("PIL") is None:
        raise MissingExtra(
            Text("照片要用 Pillow，还没有安装。", "Photos need Pillow, which is not installed."),
            Text(
                '请运行 pip install "restoration[photos]"；断网的电脑：在能上网的同类电脑上 pip download pillow -d wheels，'
                "拷过来后 pip install --no-index --find-links wheels pillow。",
                'Run pip install "restoration[photos]"; without a network: pip download pillow -d wheels on a like computer that has '
                "one, copy the folder, then pip install --no-index --find-links wheels pillow.",
            ),
        )
