"""File geodatabases of ArcGIS (a .gdb folder, or one in a zip): by GDAL's OpenFileGDB in a child process."""

from __future__ import annotations

from ..errors import FileRefused
from ..text import Text
from .gdal import layers_of
from .layer import Raw
from .members import Source
from .rule import Where, listed
from .rules_formats import tables_without_shapes
from .vectors import laid_out, raw_of, read_table

_DRIVER = "OpenFileGDB"
_FOLDER = "layer.gdb"


def names(source: Source) -> list[str]:
    """The feature classes, in the order of the file.

    Raises
    ------
    FileRefused
        It is damaged, or has no feature class (rasters or tables only).
    """
    found, tables = _layers(source)
    if not found:
        held = listed(tables)
        raise FileRefused(
            Text(
                f"{source.file} 里没有矢量要素类（属性表：{held.zh or '无'}；栅格不读）。",
                f"{source.file} holds no feature class (tables: {held.en or 'none'}; rasters are not read).",
            ),
            Text("请在 ArcGIS 里导出带图形的要素类。", "Export a feature class with shapes from ArcGIS."),
        )
    return found


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:  # noqa: ARG001 - its text is UTF-16 always
    """One feature class.

    Raises
    ------
    FileRefused
        It is empty, or GDAL cannot read it.
    """
    where = Where(source.file, name)
    found, tables = _layers(source)
    told = [tables_without_shapes(where, tables)] if tables and name == found[0] else []
    with laid_out(source.parts, folder=_FOLDER) as path:
        return raw_of(read_table(path, where, driver=_DRIVER, layer=name), where, findings=told)


def _layers(source: Source) -> tuple[list[str], list[str]]:
    """The feature classes, and the tables without shapes."""
    with laid_out(source.parts, folder=_FOLDER) as path:
        every = layers_of(path, driver=_DRIVER, shown=source.file)
    return [name for name, kind in every if kind], [name for name, kind in every if not kind]
