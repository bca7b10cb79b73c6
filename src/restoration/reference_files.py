"""The files of the layers that checks hold sites against: named in `references.toml` beside the project, or for one run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import readers
from .data import from_file
from .errors import BadRequest, FileRefused, UnknownName
from .photos import photos_in
from .references import Reference, kind_named, reference_of
from .text import Text

FIELDS = ("kind", "file", "layer", "crs", "encoding")


class Named(NamedTuple):
    """Where the layer of one kind is, and how it is read where the file does not say."""

    path: Path
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None


class Given(NamedTuple):
    """What checks may hold sites against: layers by kind, names of photos (``None`` for no folder), rows by file that could not be used."""

    references: Mapping[str, Reference]
    photos: tuple[str, ...] | None
    refused: Mapping[str, int]


class Sources(NamedTuple):
    """Files by kind, and the folder of photos."""

    files: Mapping[str, Named]
    photos: Path | None = None


def named_in(path: Path) -> Sources:
    """The files that an office named once, in a TOML file: ``[[layer]]`` for each, and ``photos`` with a folder before them.

    A layer has a ``kind`` and a ``file``, and where needed ``layer``, ``crs`` and ``encoding``. Files are looked for from the folder of
    the TOML file on.

    Raises
    ------
    FileRefused
        The file is no TOML, or names a kind or a field that there is not, or a kind twice.
    """
    told = from_file(path)
    try:
        if set(told) - {"layer", "photos", "source"}:
            raise ValueError("、".join(sorted(set(told) - {"layer", "photos", "source"})))
        rows = [_named(row, path.parent) for row in told.get("layer", ())]
        files = dict(rows)
        if len(files) < len(rows):
            raise ValueError("、".join(kind for kind, _ in rows))
        return Sources(files, path.parent / told["photos"] if "photos" in told else None)
    except (AttributeError, TypeError, ValueError, UnknownName) as error:
        why = error.fact if isinstance(error, UnknownName) else Text(str(error), str(error))
        raise FileRefused(
            Text(f"参照图层文件 {path} 有误：{why.zh}", f"The file of reference layers {path} is wrong: {why.en}"),
            Text(
                '每个图层写成三行：[[layer]]、kind = "耕地"、file = "耕地.shp"；照片写在最前面：photos = "照片"。一种只写一个。',
                'Three lines a layer: [[layer]], kind = "town", file = "town.shp"; photos = "folder" stands before them. One of a kind.',
            ),
        ) from error


def _named(row: Any, folder: Path) -> tuple[str, Named]:
    strange = set(row) - set(FIELDS)
    if strange or not {"kind", "file"} <= set(row) or not all(isinstance(value, str) for value in row.values()):
        raise ValueError(f"{dict(row)!r}")
    return kind_named(row["kind"]).code, Named(folder / row["file"], **{name: row[name] for name in FIELDS[2:] if name in row})


def given_by(sources: Sources) -> Given:
    """The layers read and made ready, and the photos listed.

    Raises
    ------
    NotFound, FileRefused, BadRequest, UnknownName
        A file or the folder is not there, cannot be read, or lacks what its kind needs; the message names the file.
    """
    read = {kind: _read(kind, named, _stamp(named.path)) for kind, named in sources.files.items()}
    photos = None if sources.photos is None else tuple(path.name for path in photos_in(sources.photos))
    refused = {sources.files[kind].path.name: count for kind, (_, count) in read.items() if count}
    return Given({kind: layer for kind, (layer, _) in read.items()}, photos, refused)


def _stamp(path: Path) -> tuple[int, int]:
    """What changes with a file: it is read again only then."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=16)
def _read(kind: str, named: Named, stamp: tuple[int, int]) -> tuple[Reference, int]:  # noqa: ARG001
    """The layer of a file, and how many of its rows could not be used."""
    label = kind_named(kind).label
    try:
        layers, _ = readers.read(named.path, layer=named.layer, crs=named.crs, encoding=named.encoding)
    except FileRefused as error:
        raise FileRefused(
            Text(f"{label.zh}：{error.fact.zh}", f"{label.en}: {error.fact.en}"),
            Text(f"{error.way_out.zh}（参照图层的 layer、crs、encoding 写在 references.toml 里。）",
                 f"{error.way_out.en} (Of a reference layer, layer, crs and encoding stand in references.toml.)"),
        ) from error  # fmt: skip
    filled = [layer for layer in layers if len(layer.rows)]
    if len(filled) != 1:
        names = [layer.name for layer in filled]
        raise FileRefused(
            Text(f"{label.zh}：{named.path} 里有 {len(names)} 个可用的面图层（{'、'.join(names) or '无'}）。",
                 f"{label.en}: {named.path} has {len(names)} layers of polygons ({', '.join(names) or 'none'})."),
            Text("请给出只有一个面图层的文件，或在 references.toml 里用 layer 指明。",
                 "Give a file with one layer of polygons, or name the layer in references.toml."),
        )  # fmt: skip
    try:
        return reference_of(kind, filled[0].rows), len(filled[0].refused)
    except BadRequest as error:
        raise FileRefused(Text(f"{named.path}：{error.fact.zh}", f"{named.path}: {error.fact.en}"), error.way_out) from error
