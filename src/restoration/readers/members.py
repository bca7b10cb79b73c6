"""Opens a file from outside: its format by content and name together, its parts as bytes, all within limits."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Literal

from ..data import builtin
from ..errors import FileRefused, NotFound
from ..model import Finding
from ..text import Text
from .formats import FIRST_TABLE, FORMATS, MAIN, PART, READ, UNREAD, looks_like, slot, told_apart
from .rule import Where, listed
from .rules_file import lists_left, members_left

ARCHIVES = (".zip", ".kmz", ".ovkmz")
_NESTED = (*ARCHIVES, ".rar", ".7z", ".tar", ".gz")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


Degrees = Literal["decimal", "packed"]


@dataclass(frozen=True)
class Source:
    """The parts of one data set: suffix → bytes; of a file geodatabase: name of the table → bytes."""

    file: str
    name: str
    format: str
    parts: Mapping[str, bytes]
    degrees: Degrees | None = None
    """How the caller says that plain degrees of a list of corners are written."""

    @property
    def content(self) -> bytes:
        """The bytes of a data set of one part."""
        return next(iter(self.parts.values()))


@dataclass(frozen=True)
class Opened:
    """The data sets of a file.

    ``sha256`` is of the file's bytes. A loose shapefile, a MapInfo table or a geodatabase has several files: then it is of the
    lines ``part sha256``, sorted, so that a changed attribute table shows too.
    """

    sources: tuple[Source, ...]
    sha256: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Group:
    """The members of an archive that belong together: their path without suffix, their format, suffix or table → bytes."""

    stem: str
    format: str
    parts: dict[str, bytes]


def opened(path: Path) -> Opened:
    """The data sets in a file.

    Raises
    ------
    NotFound
        There is no such file.
    FileRefused
        The format is not read, name and content disagree, a part is missing, or a limit is passed.
    """
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise NotFound(
            Text(f"没有文件 {path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name.")
        )
    suffix = path.suffix.lower()
    if suffix in ARCHIVES:
        return _archive(path)
    if suffix not in MAIN:
        raise _not_read(path)
    _require_settled(path)
    found = FORMATS[MAIN[suffix]]
    parts = {suffix: _bytes(path)}
    if found.parts:
        parts |= _parts_beside(path, found.parts)
    digest = _digest(parts) if found.parts else sha256(parts[suffix]).hexdigest()
    kind = told_apart(MAIN[suffix], suffix, parts[suffix])
    return Opened((_source(path.name, path.stem, kind, parts),), digest)


def _require_settled(path: Path) -> None:
    """What a program that has a GeoPackage open wrote last stands beside the file, where a copy of it would miss it."""
    beside = path.with_name(f"{path.name}-wal")
    if path.suffix.lower() == ".gpkg" and beside.is_file() and beside.stat().st_size:
        raise FileRefused(
            Text(
                f"{path.name} 正被别的软件打开，有内容还没写进去（{beside.name}）。",
                f"{path.name} is open in a program ({beside.name} holds what it wrote last).",
            ),
            Text("请在那个软件里保存并关闭，再导入。", "Save and close it there, then import again."),
        )


def _source(file: str, name: str, kind: str, parts: Mapping[str, bytes]) -> Source:
    made = Source(file, name, kind, parts)
    main = next((suffix for suffix in FORMATS[kind].suffixes if suffix in parts), None)
    if kind != "geodatabase":
        _require_parts(made, main)
    _require_content(made, parts[main] if main else parts[FIRST_TABLE])
    return made


def _require_parts(source: Source, main: str | None) -> None:
    """The main file and what it cannot be read without."""
    found = FORMATS[source.format]
    missing = [found.suffixes[0]] if main is None else [suffix for suffix in found.needed if suffix not in source.parts]
    if missing:
        every = " ".join((*found.suffixes, *found.parts))
        raise FileRefused(
            Text(
                f"{source.file}：图层“{source.name}”缺少 {missing[0]} 文件。",
                f"{source.file}: layer {source.name!r} lacks its {missing[0]} file.",
            ),
            Text(
                f"请把同名的 {every} 一起送来（放在一起或打成一个 zip）。",
                f"Give {every} of one name together, side by side or in one zip.",
            ),
        )


def _require_content(source: Source, content: bytes) -> None:
    found = FORMATS[source.format]
    if not found.looks(content):
        seen = looks_like(content)
        more = Text(f"，像是 {seen.zh}", f", it looks like {seen.en}") if seen else Text("", "")
        raise FileRefused(
            Text(
                f"{source.file}：“{source.name}”的内容不是 {found.label}，与文件名不符{more.zh}。",
                f"{source.file}: the content of {source.name!r} is not {found.label}, as its name says{more.en}.",
            ),
            Text("请用 GIS 软件重新导出，不要只改文件后缀。", "Export it again from a GIS; do not just rename it."),
        )


def _parts_beside(path: Path, suffixes: Sequence[str]) -> dict[str, bytes]:
    """The files beside it of the same stem; letters of the other case only where there is no better one."""
    parts: dict[str, bytes] = {}
    for sibling in sorted(path.parent.iterdir(), key=lambda one: (one.stem != path.stem, one.name)):
        suffix = sibling.suffix.lower()
        if sibling.stem.casefold() == path.stem.casefold() and suffix in suffixes and suffix not in parts and sibling.is_file():
            parts[suffix] = _bytes(sibling)
    return parts


def _folder(path: Path) -> Opened:
    """A file geodatabase: the tables in a folder, by what such tables are called and nothing else."""
    path = path.resolve()  # "." has a name too
    limits = builtin("limits")["archive"]
    inside = sorted(one.name for one in path.iterdir())
    if any(name.lower().endswith((".ed.lock", ".wr.lock")) for name in inside):
        raise FileRefused(
            Text(f"{path.name} 正在别的软件里编辑（有 .lock 文件）。", f"{path.name} is being edited in a program (it has .lock files)."),
            Text("请在那个软件里保存并关闭，再导入。", "Save and close it there, then import again."),
        )
    known = [(name, place) for name in inside if (place := slot(PurePosixPath(name))) and place.format == "geodatabase"]
    if len(known) > limits["entries"]:
        raise too_large(path.name, limits["total_bytes"])
    parts: dict[str, bytes] = {}
    budget = int(limits["total_bytes"])
    for name, place in known:
        if not (path / name).is_symlink():
            parts[place.part] = _bytes(path / name)
            budget -= len(parts[place.part])
        if budget < 0:
            raise too_large(path.name, limits["total_bytes"])
    if FIRST_TABLE not in parts:
        raise _no_geodatabase(path, inside)
    return Opened((_source(path.name, path.stem, "geodatabase", parts),), _digest(parts))


def _no_geodatabase(path: Path, inside: Sequence[str]) -> FileRefused:
    held = listed(inside)
    return FileRefused(
        Text(
            f"{path.name} 是文件夹，里面没有 {FIRST_TABLE}，不是文件地理数据库（有：{held.zh or '空'}）。",
            f"{path.name} is a folder without {FIRST_TABLE}, so it is no file geodatabase (it has: {held.en or 'nothing'}).",
        ),
        Text("请给出其中的文件，或整个 .gdb 文件夹。", "Give a file in it, or a whole .gdb folder."),
    )


def _bytes(path: Path) -> bytes:
    limit = int(builtin("limits")["file"]["bytes"])
    try:
        if path.stat().st_size > limit:
            raise too_large(path.name, limit)
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(
            Text(f"{path.name} 读不了：{error.strerror}。", f"{path.name} cannot be read: {error.strerror}."),
            Text("请检查权限，并关闭正打开它的软件。", "See to the permissions, and close the program that holds it."),
        ) from error


def _digest(parts: Mapping[str, bytes]) -> str:
    lines = sorted(f"{suffix} {sha256(content).hexdigest()}" for suffix, content in parts.items())
    return sha256("\n".join(lines).encode()).hexdigest()


def _archive(path: Path) -> Opened:
    content = _bytes(path)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _from_archive(path, archive, sha256(content).hexdigest())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, ValueError) as error:
        raise FileRefused(
            Text(f"{path.name} 不是完好的 zip 文件：{error}。", f"{path.name} is not a sound zip file: {error}."),
            Text("请重新打包再送来。", "Pack it again."),
        ) from error


def _from_archive(path: Path, archive: zipfile.ZipFile, digest: str) -> Opened:
    entries = {_name(entry): entry for entry in _entries(path, archive)}
    groups, left = _groups(path, archive, entries)
    found_groups = [one for _, one in sorted(groups.items())]
    named = zip(_layer_names(path, found_groups), found_groups, strict=True)
    sources = tuple(_source(path.name, name, one.format, one.parts) for name, one in named)
    nested = [name for name in entries if PurePosixPath(name).suffix.lower() in _NESTED]
    if not sources:
        raise _nothing_inside(path, entries, nested)
    where = Where(path.name)
    found = [*([members_left(where, nested)] if nested else []), *([lists_left(where, left)] if left else [])]
    return Opened(sources, digest, tuple(found))


def _groups(
    path: Path, archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]
) -> tuple[dict[tuple[str, str], _Group], list[str]]:
    """The data sets, and the names of the lists that are left because a map layer is there."""
    places = {name: place for name in entries if (place := slot(PurePosixPath(name)))}
    lists = [name for name, place in places.items() if FORMATS[place.format].is_list]
    # A .csv may be a layer too, which its content alone tells.
    late = {name for name in lists if places[name].part not in FORMATS["wkt"].suffixes}
    groups: dict[tuple[str, str], _Group] = {}
    budget = int(builtin("limits")["archive"]["total_bytes"])

    def take(names: Iterable[str]) -> None:
        nonlocal budget
        for name in names:
            place, read = places[name], _member(path, archive, entries[name], budget)
            budget -= len(read)
            kind = told_apart(place.format, place.part, read)
            several = FORMATS[kind].parts or kind == "geodatabase"
            # Parts belong together; any other file stands for itself, even beside one of its name.
            key = (place.stem.casefold(), kind if several else place.part)
            groups.setdefault(key, _Group(place.stem, kind, {})).parts[place.part] = read

    take(name for name in places if name not in late)
    if not _has_layer(groups):
        take(name for name in lists if name in late)
        return {key: one for key, one in groups.items() if _is_data(one)}, []
    layers = {key: one for key, one in groups.items() if _is_data(one) and not FORMATS[one.format].is_list}
    return layers, [name for name in lists if (places[name].stem.casefold(), places[name].part) not in layers]


def _has_layer(groups: Mapping[tuple[str, str], _Group]) -> bool:
    return any(_is_data(one) and not FORMATS[one.format].is_list for one in groups.values())


def _is_data(group: _Group) -> bool:
    """Whether files of an archive are the data set that their names say; shy formats share their suffixes with other things."""
    found = FORMATS[group.format]
    if group.format == "geodatabase":
        return FIRST_TABLE in group.parts
    main = next((content for suffix, content in group.parts.items() if suffix in found.suffixes), None)
    return not found.is_shy or (main is not None and found.looks(main))


def _layer_names(path: Path, groups: Sequence[_Group]) -> list[str]:
    """What each data set is called: its bare name; with its folder, or also its suffix, where several are called alike."""
    ways = (
        lambda one: _layer_name(path, one.stem, one.format),
        lambda one: one.stem,
        lambda one: f"{one.stem}{next(iter(one.parts))}",
    )
    names = [[way(one) for one in groups] for way in ways]
    return [next((some[at] for some in names if some.count(some[at]) == 1), names[-1][at]) for at in range(len(groups))]


def _layer_name(path: Path, stem: str, kind: str) -> str:
    name = PurePosixPath(stem).name or path.stem  # a geodatabase without a folder of its own
    return name[: -len(".gdb")] if kind == "geodatabase" and name.lower().endswith(".gdb") else name


def _entries(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members that may be data, after the archive as a whole was found to be an honest one."""
    limits = builtin("limits")["archive"]
    every = archive.infolist()
    if len(every) > limits["entries"]:
        raise _bad_archive(
            path, Text(f"有 {len(every)} 个成员，超过 {limits['entries']} 个", f"{len(every)} members, over {limits['entries']}")
        )
    if sum(entry.file_size for entry in every) > limits["total_bytes"]:
        raise too_large(path.name, limits["total_bytes"])
    _require_apart(path, every)
    files = [entry for entry in every if entry.filename and not entry.is_dir() and not _is_litter(_name(entry))]
    names = [_name(entry).casefold() for entry in files]
    double = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if double:
        raise _bad_archive(path, Text(f"成员重名：{listed(double).zh}", f"members of the same name: {listed(double).en}"))
    return files


def _require_apart(path: Path, entries: Iterable[zipfile.ZipInfo]) -> None:
    """Members that share bytes are made to blow up: no packer writes them."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise _bad_archive(path, Text("成员相互重叠", "its members overlap"))
        end = entry.header_offset + entry.compress_size


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _name(entry: zipfile.ZipInfo) -> str:
    """The member's name, with slashes; without the UTF-8 flag Chinese packers write GBK, which zipfile takes for code page 437."""
    name = entry.filename
    if not (entry.flag_bits & _UTF8_NAME or name.isascii()):
        raw = name.encode("cp437")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", errors="replace")
    return name.replace("\\", "/")


def _member(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes:
    limits = builtin("limits")
    name = _name(entry)
    if entry.flag_bits & _ENCRYPTED:
        raise _bad_archive(path, Text(f"“{name}”加了密码", f"{name!r} is encrypted"))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _bad_archive(path, Text(f"“{name}”是符号链接", f"{name!r} is a symbolic link"))
    most = min(budget, int(limits["file"]["bytes"]))
    with archive.open(entry) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise too_large(f"{path.name}/{name}", most)
    ratio = len(content) / max(entry.compress_size, 1)
    if len(content) > limits["archive"]["ratio_from_bytes"] and ratio > limits["archive"]["ratio"]:
        raise _bad_archive(path, Text(f"“{name}”的压缩比 {ratio:.0f} 太高", f"{name!r} is packed {ratio:.0f} times"))
    return content


def too_large(name: str, limit: int) -> FileRefused:
    """The refusal of what passes a size limit (bytes)."""
    return FileRefused(
        Text(f"{name} 太大，超过 {limit:,} 字节。", f"{name} is too large: over {limit:,} bytes."),
        Text("请分乡镇或分年度拆成几个文件。", "Split it by township or year."),
    )


def _bad_archive(path: Path, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{path.name}：压缩包{what.zh}，不予打开。", f"{path.name}: the archive is refused: {what.en}."),
        Text("请用常见软件重新打包成普通 zip。", "Pack it again as a plain zip."),
    )


def _nothing_inside(path: Path, names: Iterable[str], nested: Iterable[str]) -> FileRefused:
    inside, packed = listed(names), list(nested)
    more = Text("；请先解开里面的压缩包", "; unpack the archives inside first") if packed else Text("", "")
    loose = [name for name in names if PART.get(PurePosixPath(name).suffix.lower()) == "shapefile"]
    lacks = Text("，缺 .shp 文件", ", the .shp is missing") if loose else Text("", "")
    return FileRefused(
        Text(
            f"{path.name} 里没有能读的图层{lacks.zh}（有：{inside.zh}）。",
            f"{path.name} holds no layer that can be read{lacks.en} (it has: {inside.en}).",
        ),
        Text(f"{READ.zh}{more.zh}。", f"{READ.en}{more.en}."),
    )


def _not_read(path: Path) -> FileRefused:
    suffix = path.suffix.lower()
    what, way_out = UNREAD.get(suffix, (Text("", ""), Text(f"{READ.zh}；其他格式请用 GIS 软件另存。", f"{READ.en}; save others in a GIS.")))
    if suffix in PART:
        whole = path.with_suffix(FORMATS[PART[suffix]].suffixes[0]).name
        way_out = Text(f"请给出 {whole}，其余文件会自动找到。", f"Give {whole}; the others are found by themselves.")
    told = Text(f"（{what.zh}）", f" ({what.en})") if what.zh else what
    return FileRefused(Text(f"{path.name} 的格式不能读{told.zh}。", f"The format of {path.name} is not read{told.en}."), way_out)
