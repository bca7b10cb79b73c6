"""Excel workbooks (.xlsx) of corners: each sheet a table, its cells as text, by GDAL in the child process that the vector formats use.

No library of its own is needed: GDAL's XLSX driver gives numbers with all the digits that the workbook keeps. Only the list of
sheets is read here, by defusedxml, because a workbook usually has empty ones.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ..data import builtin
from ..errors import FileRefused
from ..text import Text
from .corner_tables import Line, read_grid, tidy
from .gdal import read_vector
from .layer import Raw
from .members import Source
from .rule import Where
from .shapefile import empty

_SETTINGS = {"OGR_XLSX_HEADERS": "DISABLE", "OGR_XLSX_FIELD_TYPES": "STRING"}
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
UNSOUND = (
    zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, KeyError, EOFError, NotImplementedError, RuntimeError, UnicodeError,
    ValueError,
)  # fmt: skip
"""What the list of a workbook's sheets raises where it is no sound workbook."""
_CELL = re.compile(rb"<(\w+:)?c[ >/]")


def names(source: Source) -> list[str]:
    """The sheets that hold anything, in the order of the workbook.

    Raises
    ------
    FileRefused
        It is no sound workbook, is made to harm, or is empty.
    """
    try:
        with zipfile.ZipFile(BytesIO(source.content)) as book:
            require_honest(book, file=source.file, size=len(source.content))
            found = [name for name, part in parts_of(book).items() if _CELL.search(_part(book, part))]
    except UNSOUND as error:
        raise _not_sound(source.file, Text(f"{error}", f"{error}")) from error
    if not found:
        raise empty(Where(source.file))
    return found


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:  # noqa: ARG001 - one face for all formats
    """One sheet as a table of corners; a workbook's text is UTF-8 always.

    Raises
    ------
    FileRefused
        It is no table of corners, or can be read in more than one way.
    """
    where = Where(source.file, name)
    base = source.name if len(names(source)) == 1 else f"{source.name}-{name}"
    return read_grid(_grid(source, name), where, base=base, encoding="UTF-8", told=(), degrees=source.degrees)


def _grid(source: Source, name: str) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        path = Path(folder, "book.xlsx")
        path.write_bytes(source.content)
        vector = read_vector(path, driver="XLSX", shown=f"{source.file}/{name}", layer=name, settings=_SETTINGS)
    if not vector.columns:
        return []
    return [(int(fid), tidy(cells)) for fid, cells in zip(vector.fids, zip(*vector.columns.values(), strict=True), strict=True)]


def parts_of(book: zipfile.ZipFile) -> Mapping[str, str]:
    """The name of each sheet, and the part that holds it; where there is no sound list, one of `UNSOUND` is raised."""
    links: dict[str, str] = {one.get("Id", ""): one.get("Target", "") for one in fromstring(_part(book, _LINKS))}
    return {
        one.get("name", ""): _place(links.get(one.get(_LINK, ""), ""))
        for one in fromstring(_part(book, _BOOK)).iter()
        if isinstance(one, Element) and one.tag.rpartition("}")[2] == "sheet"
    }


def _place(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))


def _part(book: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part: enough to see its list, or whether it has a cell."""
    with book.open(name) as part:
        return part.read(int(builtin("limits")["workbook"]["head_bytes"]))


def require_honest(book: zipfile.ZipFile, *, file: str, size: int) -> None:
    """Refuse a workbook that unpacks to too much.

    Parameters
    ----------
    size
        Bytes of the packed file.

    Raises
    ------
    FileRefused
    """
    limits = builtin("limits")["archive"]
    every = book.infolist()
    total = sum(entry.file_size for entry in every)
    if len(every) > limits["entries"] or total > builtin("limits")["workbook"]["total_bytes"]:
        raise _not_sound(file, Text(f"解开后有 {total:,} 字节，太大", f"unpacked it has {total:,} bytes, too many"))
    if total > limits["ratio_from_bytes"] and total / max(size, 1) > limits["ratio"]:
        raise _not_sound(file, Text(f"压缩比 {total / max(size, 1):.0f} 太高", f"it is packed {total / max(size, 1):.0f} times"))


def _not_sound(file: str, what: Text) -> FileRefused:
    return FileRefused(
        Text(f"{file} 不是完好的 Excel 文件：{what.zh}。", f"{file} is no sound workbook: {what.en}."),
        Text("请在 Excel 或 WPS 里打开，另存为 .xlsx（不加密码）。", "Open it in Excel or WPS and save it as .xlsx, without a password."),
    )
