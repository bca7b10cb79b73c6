"""A shapefile's attribute table (.dbf, dBASE III layout), byte for byte: field names and cells stay undecoded.

Source: dBASE table file format (header 32 bytes, 32 bytes a field, terminator 0x0D, fixed-width records).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data import builtin
from ..errors import FileRefused
from ..text import Text
from .rule import Where

_HEADER = struct.Struct("<BxxxIHH17xB2x")
_FIELD = struct.Struct("<11sc4xBB14x")
_END = 0x0D
_DELETED = b"*"
TEXT_TYPES = frozenset("CM")
NUMBER_TYPES = frozenset("NF")


@dataclass(frozen=True)
class Field:
    """One field: its name undecoded, its type letter, width and decimals in characters."""

    name: bytes
    kind: str
    width: int
    decimals: int


@dataclass(frozen=True)
class Table:
    """The whole table: ``cells`` has one column of byte strings a field, stripped of nothing but trailing zero bytes."""

    fields: tuple[Field, ...]
    cells: tuple[NDArray[np.bytes_], ...]
    deleted: NDArray[np.bool_]
    language_id: int


def parsed(content: bytes, *, where: Where) -> Table:
    """The table in the bytes of a .dbf.

    Parameters
    ----------
    content
        The file's bytes.
    where
        File and layer, for messages.

    Raises
    ------
    FileRefused
        The header contradicts itself, or the file ends before its last record.
    """
    if len(content) < _HEADER.size:
        raise _broken(where, Text("文件太短", "it is too short"))
    _, count, start, width, language_id = _HEADER.unpack_from(content)
    fields = _fields(content, start, width, where)
    limits = builtin("limits")["rows"]
    if count > limits["number"]:
        raise _broken(where, Text(f"记录数 {count} 超过 {limits['number']}", f"{count} records, over {limits['number']}"))
    if len(content) < start + count * width:
        raise _broken(where, Text(f"应有 {count} 条记录，文件不完整", f"it should hold {count} records and ends before"))
    layout = np.dtype([("mark", "S1"), *((f"f{i}", f"S{field.width}") for i, field in enumerate(fields))])
    records = np.frombuffer(content, dtype=layout, count=count, offset=start)
    return Table(fields, tuple(records[f"f{i}"] for i in range(len(fields))), records["mark"] == _DELETED, language_id)


def _fields(content: bytes, start: int, width: int, where: Where) -> tuple[Field, ...]:
    found = []
    for at in range(_HEADER.size, min(start, len(content)) - 1, _FIELD.size):
        if content[at] == _END or at + _FIELD.size > len(content):
            break
        label, kind, length, decimals = _FIELD.unpack_from(content, at)
        found.append(Field(label.split(b"\0")[0], kind.decode("latin-1"), length, decimals))
    long = tuple(_long_text(field) for field in found)
    for fields in (tuple(found), long):
        if fields and all(field.width for field in fields) and 1 + sum(field.width for field in fields) == width:
            return fields
    raise _broken(where, Text("字段说明与记录长度不符", "its fields do not add up to its record length"))


def _long_text(field: Field) -> Field:
    """Clipper and FoxPro keep the high byte of a text's width where others keep the decimals."""
    return Field(field.name, field.kind, field.width + 256 * field.decimals, 0) if field.kind == "C" else field


def _broken(where: Where, what: Text) -> FileRefused:
    return FileRefused(
        Text(
            f"{where.file}：图层“{where.layer}”的属性表（.dbf）已损坏：{what.zh}。",
            f"{where.file}: the attribute table (.dbf) of the layer {where.layer!r} is damaged: {what.en}.",
        ),
        Text("请重新拷贝，或在 GIS 里打开后另存。", "Copy it again, or open it in a GIS and save it anew."),
    )
