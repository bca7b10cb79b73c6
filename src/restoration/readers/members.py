"""Opens a file from outside: its format by content and name together, its parts as bytes, all within limits."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath

from ..data import builtin
from ..errors import FileRefused, NotFound
from ..model import Finding
from ..text import Text
from .rule import Where, listed
from .rules_file import lists_left, members_left

FORMATS: Mapping[str, str] = {
    ".shp": "shapefile",
    ".gpkg": "geopackage",
    ".geojson": "geojson",
    ".json": "geojson",
    ".kml": "kml",
    ".ovkml": "kml",
    ".txt": "corners",
    ".csv": "corners",
    ".xlsx": "workbook",
}
"""Which format a name promises; the content must keep it."""
LISTS = (".txt", ".csv", ".xlsx")
"""Lists of corners; in an archive such a file is as often a note or a data dictionary, and counts only where nothing else is."""
ARCHIVES = (".zip", ".kmz", ".ovkmz")
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_NESTED = (*ARCHIVES, ".rar", ".7z", ".tar", ".gz")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Source:
    """The parts of one data set: suffix → bytes. Only a shapefile has more than one."""

    file: str
    name: str
    format: str
    parts: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """The bytes of a data set of one part."""
        return next(iter(self.parts.values()))


@dataclass(frozen=True)
class Opened:
    """The data sets of a file.

    ``sha256`` is of the file's bytes. A loose shapefile has several files: then it is of the lines ``suffix sha256`` of its
    parts, sorted, so that a changed attribute table shows too.
    """

    sources: tuple[Source, ...]
    sha256: str
    findings: tuple[Finding, ...] = ()


def opened(path: Path) -> Opened:
    """The data sets in a file.

    Raises
    ------
    NotFound
        There is no such file.
    FileRefused
        The format is not read, name and content disagree, a part is missing, or a limit is passed.
    """
    if not path.is_file():
        raise _not_there(path)
    suffix = path.suffix.lower()
    if suffix in ARCHIVES:
        return _archive(path)
    if suffix not in FORMATS:
        raise _not_read(path)
    _require_settled(path)
    parts = _shapefile_parts(path) if suffix == ".shp" else {suffix: _bytes(path)}
    digest = _digest(parts) if suffix == ".shp" else sha256(parts[suffix]).hexdigest()
    return Opened((_source(path.name, path.stem, parts),), digest)


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


def _source(file: str, name: str, parts: Mapping[str, bytes]) -> Source:
    suffix = next((own for own in parts if own in FORMATS), ".shp")
    made = Source(file, name, FORMATS[suffix], parts)
    if made.format == "shapefile":
        _require_parts(made)
    _require_content(made, parts[suffix])
    return made


def _require_parts(source: Source) -> None:
    for suffix in (".shp", ".dbf"):
        if suffix not in source.parts:
            raise FileRefused(
                Text(
                    f"{source.file}：图层“{source.name}”缺少 {suffix} 文件。",
                    f"{source.file}: layer {source.name!r} lacks its {suffix} file.",
                ),
                Text(
                    "请把同名的 .shp .shx .dbf .prj .cpg 一起送来（放在一起或打成一个 zip）。",
                    "Give .shp .shx .dbf .prj .cpg of one name together, side by side or in one zip.",
                ),
            )


def _require_content(source: Source, content: bytes) -> None:
    if not _LOOKS[source.format](content):
        raise FileRefused(
            Text(
                f"{source.file}：“{source.name}”的内容不是 {_NAMES[source.format]}，与文件名不符。",
                f"{source.file}: the content of {source.name!r} is not {_NAMES[source.format]}, as its name says.",
            ),
            Text("请用 GIS 软件重新导出，不要只改文件后缀。", "Export it again from a GIS; do not just rename it."),
        )


def _first(content: bytes) -> bytes:
    return content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _is_xml(content: bytes) -> bool:
    return _first(content) == b"<" or content[:2] in (b"\xff\xfe", b"\xfe\xff")


def _is_text(content: bytes) -> bool:
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in content[:4096]


_LOOKS: Mapping[str, Callable[[bytes], bool]] = {
    "shapefile": lambda content: content[:4] == b"\x00\x00\x27\x0a",
    "geopackage": lambda content: content[:16] == b"SQLite format 3\x00",
    "geojson": lambda content: _first(content) == b"{",
    "kml": _is_xml,
    "corners": _is_text,
    "workbook": lambda content: content[:4] == b"PK\x03\x04",
}
_NAMES = {
    "shapefile": "Shapefile", "geopackage": "GeoPackage", "geojson": "GeoJSON", "kml": "KML", "corners": "text", "workbook": "xlsx",
}  # fmt: skip


def _shapefile_parts(path: Path) -> dict[str, bytes]:
    """The file, and those beside it of the same stem; letters of the other case only where there is no better one."""
    parts = {path.suffix.lower(): _bytes(path)}
    for sibling in sorted(path.parent.iterdir(), key=lambda one: (one.stem != path.stem, one.name)):
        suffix = sibling.suffix.lower()
        if sibling.stem.casefold() == path.stem.casefold() and suffix in PARTS and suffix not in parts and sibling.is_file():
            parts[suffix] = _bytes(sibling)
    return parts


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
    groups: dict[tuple[str, str], dict[str, bytes]] = {}
    stems: dict[tuple[str, str], str] = {}
    budget = int(builtin("limits")["archive"]["total_bytes"])
    wanted, left = _wanted(entries)
    for name, entry in wanted.items():
        suffix = PurePosixPath(name).suffix.lower()
        read = _member(path, archive, entry, budget)
        budget -= len(read)
        stem = PurePosixPath(name).with_suffix("").as_posix()
        key = (stem.casefold(), "" if suffix in PARTS else suffix)
        # A shapefile's parts belong together; any other file stands for itself, even beside one of its name.
        stems.setdefault(key, stem)
        groups.setdefault(key, {})[suffix] = read
    sources = tuple(_source(path.name, PurePosixPath(stems[key]).name, parts) for key, parts in sorted(groups.items()))
    nested = [name for name in entries if PurePosixPath(name).suffix.lower() in _NESTED]
    if not sources:
        raise _nothing_inside(path, entries, nested)
    where = Where(path.name)
    found = [*([members_left(where, nested)] if nested else []), *([lists_left(where, left)] if left else [])]
    return Opened(sources, digest, tuple(found))


def _wanted(entries: Mapping[str, zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], list[str]]:
    """The members to read, and the lists that are left because a map layer is there."""
    suffixes = {name: PurePosixPath(name).suffix.lower() for name in entries}
    has_layer = any(suffix in FORMATS and suffix not in LISTS for suffix in suffixes.values())
    lists = [name for name, suffix in suffixes.items() if suffix in LISTS]
    left = lists if has_layer else []
    wanted = {name: entry for name, entry in entries.items() if suffixes[name] in (*PARTS, *FORMATS) and name not in left}
    return wanted, left


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
    files = [entry for entry in every if not entry.is_dir() and not _is_litter(_name(entry))]
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
    """The member's name; without the UTF-8 flag Chinese packers write GBK, which zipfile takes for code page 437."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


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
    loose = [name for name in names if PurePosixPath(name).suffix.lower() in PARTS]
    lacks = Text("，缺 .shp 文件", ", the .shp is missing") if loose else Text("", "")
    return FileRefused(
        Text(
            f"{path.name} 里没有能读的图层{lacks.zh}（有：{inside.zh}）。",
            f"{path.name} holds no layer that can be read{lacks.en} (it has: {inside.en}).",
        ),
        Text(
            f"能读 Shapefile、GeoPackage、GeoJSON、KML、界址点 TXT、拐点表{more.zh}。",
            f"Shapefile, GeoPackage, GeoJSON, KML and lists of corners are read{more.en}.",
        ),
    )


def _not_there(path: Path) -> NotFound | FileRefused:
    if path.is_dir():
        return FileRefused(
            Text(f"{path.name} 是文件夹。", f"{path.name} is a folder."),
            Text("请给出其中的文件；.gdb 请先另存为 GeoPackage。", "Give a file in it; save a .gdb as GeoPackage first."),
        )
    return NotFound(Text(f"没有文件 {path}。", f"There is no file {path}."), Text("请核对路径和文件名。", "Check the path and the name."))


def _not_read(path: Path) -> FileRefused:
    if path.suffix.lower() in (".xls", ".et"):
        way_out = Text("请在 Excel 或 WPS 里另存为 .xlsx。", "Save it as .xlsx in Excel or WPS.")
    elif path.suffix.lower() in PARTS:
        way_out = Text(f"请给出 {path.stem}.shp，其余文件会自动找到。", f"Give {path.stem}.shp; the others are found by themselves.")
    else:
        way_out = Text(
            "能读 .shp .gpkg .geojson .kml、界址点或拐点的 .txt .csv .xlsx，或它们的 .zip；其他格式请用 GIS 软件另存。",
            "Read are .shp .gpkg .geojson .kml, corners in .txt .csv .xlsx, or a .zip of them; save others as one of these in a GIS.",
        )
    return FileRefused(Text(f"{path.name} 的格式不能读。", f"The format of {path.name} is not read."), way_out)
