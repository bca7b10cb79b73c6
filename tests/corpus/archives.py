"""Archives: those of honest packers, and those that are made to harm."""

from __future__ import annotations

import struct
import zipfile

from .case import Case, Refused, Taken
from .drafting import (
    EPOCH,
    MU,
    Member,
    collection,
    kml,
    members,
    packed,
    placeholder,
    placemark,
    polygon,
    shapefile,
    single,
    square,
    with_gbk_names,
    zip_of,
)  # fmt: skip

ONE = shapefile([[square(0)]], crs=4544)
JSON = collection(polygon(square(0)))
LAYER: Member = ("小班.geojson", JSON)


def _link(name: str, target: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return entry, target


def _gbk_zip() -> bytes:
    names = [f"资料/小班{suffix}" for suffix in ONE]
    return with_gbk_names(
        zip_of([(placeholder(at, name), content) for at, (name, content) in enumerate(zip(names, ONE.values(), strict=True))]), names
    )


def _lying() -> bytes:
    """The list of members says that one is 10 bytes long."""
    content = bytearray(zip_of([LAYER]))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def _encrypted() -> bytes:
    content = bytearray(zip_of([LAYER]))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(sign)
        content[at + place] |= 1
    return bytes(content)


def _overlapping() -> bytes:
    """Two members in the list that are one in the file."""
    first = zip_of([("a.geojson", JSON)])
    start = first.index(b"PK\x01\x02")
    end = first.index(b"PK\x05\x06")
    entry = first[start:end]
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), start, 0)
    return first[:start] + entry + entry.replace(b"a.geojson", b"b.geojson") + tail


def _renamed() -> bytes:
    """Two members whose names differ in case alone."""
    return zip_of([("小班.geojson", JSON), ("小班.GEOJSON", JSON)])


BLANK = b" " * 300_000
BOMB = JSON[:-1] + BLANK + b"}"

CASES = (
    Case("zip-gbk-names", "包内文件名是 GBK，没有 UTF-8 标志", single("资料.zip", _gbk_zip()), Taken(1, mu=MU, layers=["小班"])),
    Case("zip-folders", "包内有文件夹和空格、括号", packed("资料.zip", members(ONE, "2021 资料（终）/图 层/小班!")),
         Taken(1, mu=MU, layers=["小班!"])),
    Case("zip-mac", "Mac 打的包，带 __MACOSX 和 ._ 文件",
         packed("资料.zip", [*members(ONE, "小班"), ("__MACOSX/._小班.shp", b"\0\5\x16\7"), ("._小班.shp", b"\0\5\x16\7")]),
         Taken(1, mu=MU)),
    Case("zip-alike", "同名的 小班.kml 和 小班.geojson", packed("资料.zip", [LAYER, ("小班.kml", kml(placemark("2", square(1))).encode())]),
         Taken(2, ["R207"], mu=2 * MU, layers=["小班.geojson", "小班.kml"])),
    Case("zip-and-notes", "包里还有说明.txt 和字段表.xlsx",
         packed("资料.zip", [*members(ONE, "小班"), ("说明.txt", "联系人：张三".encode()), ("字段表.xlsx", b"PK\x03\x04")]),
         Taken(1, ["R120"], mu=MU)),
    Case("zip-and-zip", "包里有图层，还有一个压缩包", packed("资料.zip", [LAYER, ("更多.zip", zip_of([LAYER]))]),
         Taken(1, ["R115"], mu=MU)),
    Case("zip-in-zip", "包里只有压缩包", packed("资料.zip", [("小班.zip", zip_of([LAYER]))]), Refused("没有能读的图层", "解开")),
    Case("zip-no-layer", "包里只有文档和图片", packed("资料.zip", [("通知.docx", b"PK"), ("图.jpg", b"\xff\xd8")]),
         Refused("没有能读的图层", ".shp")),
    Case("zip-no-shp", "包里有 .dbf .shx，没有 .shp", packed("资料.zip", members({s: c for s, c in ONE.items() if s != ".shp"}, "小班")),
         Refused(".shp")),
    Case("zip-no-dbf", "包里有 .shp，没有 .dbf", packed("资料.zip", members({s: c for s, c in ONE.items() if s != ".dbf"}, "小班")),
         Refused(".dbf")),
    Case("zip-empty", "空的压缩包", packed("资料.zip", []), Refused("没有能读的图层")),
    Case("zip-cut", "压缩包没传完", single("资料.zip", zip_of([LAYER])[:-40]), Refused("不是完好的 zip")),
    Case("zip-not", "改了后缀的文本", single("资料.zip", "请见附件"), Refused("不是完好的 zip")),
    Case("zip-is-rar", "rar 改成了 .zip", single("资料.zip", b"Rar!\x1a\x07\x00" + b"\0" * 40), Refused("不是完好的 zip", "重新打包")),
    Case("rar", "rar 压缩包", single("资料.rar", b"Rar!\x1a\x07\x00" + b"\0" * 40), Refused("不打开", "zip")),
    Case("zip-encrypted", "加了密码", single("资料.zip", _encrypted()), Refused("加了密码")),
    Case("zip-slip", "成员名要写到上级文件夹（不按名解开，只当图层名）", packed("资料.zip", [("../../../小班.geojson", JSON)]),
         Taken(1, mu=MU, layers=["小班"])),
    Case("zip-absolute", "成员名是绝对路径", packed("资料.zip", [("/etc/小班.geojson", JSON)]), Taken(1, mu=MU, layers=["小班"])),
    Case("zip-windows-path", "成员名是 Windows 路径", packed("资料.zip", [("C:\\资料\\小班.geojson", JSON)]),
         Taken(1, mu=MU, layers=["小班"])),
    Case("zip-symlink", "成员是符号链接", packed("资料.zip", [_link("小班.geojson", b"/etc/passwd")]), Refused("符号链接")),
    Case("zip-double", "成员重名（只差大小写）", single("资料.zip", _renamed()), Refused("重名")),
    Case("zip-lying", "成员报的大小是假的", single("资料.zip", _lying()), Refused("资料.zip")),
    Case("zip-overlap", "成员相互重叠", single("资料.zip", _overlapping()), Refused("重叠")),
    Case("zip-nameless", "一个成员没有名字", packed("资料.zip", [LAYER, ("", b"x")]), Taken(1, mu=MU)),
    Case("zip-many", "成员太多（限降到 3 个）", packed("资料.zip", [LAYER, *((f"{at}.txt", b"") for at in range(3))]), Refused("4 个成员"),
         limits={"archive": {"entries": 3}}),
    Case("zip-ratio", "压缩比太高（从 1 万字节起算）", packed("资料.zip", [("小班.geojson", BOMB)]), Refused("压缩比"),
         limits={"archive": {"ratio_from_bytes": 10_000, "ratio": 100}}),
    Case("zip-large", "解开后太大（限降到 1 万字节）", packed("资料.zip", [("小班.geojson", BOMB)]), Refused("太大", "拆成"),
         limits={"archive": {"total_bytes": 10_000}}),
    Case("file-large", "文件太大（限降到 100 字节）", single("小班.geojson", JSON), Refused("太大", "拆成"),
         limits={"file": {"bytes": 100}}),
    Case("kmz", "KMZ，里面还有图标", packed("图.kmz", [("doc.kml", kml(placemark("0012", square(0))).encode()),
         ("files/icon.png", b"\x89PNG")]),
         Taken(1, ["R207"], mu=MU, crs="EPSG:4326", says={"source_id": ["0012"]})),
    Case("kmz-two", "KMZ 里两个 KML", packed("图.kmz", [("doc.kml", kml(placemark("1", square(0))).encode()),
         ("more.kml", kml(placemark("2", square(1))).encode())]),
         Taken(2, ["R207"], mu=2 * MU, layers=["doc", "more"])),
)  # fmt: skip
