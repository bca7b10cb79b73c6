"""FlatGeobuf: one layer in one file, by GDAL in a child process."""

from __future__ import annotations

from .layer import Raw
from .members import Source
from .rule import Where
from .vectors import laid_out, raw_of, read_table


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:  # noqa: ARG001 - its text is UTF-8 always
    """The one layer of a FlatGeobuf; its rows are numbered in the order of the file.

    Raises
    ------
    FileRefused
        It is damaged, empty, or GDAL cannot read it.
    """
    where = Where(source.file, name)
    with laid_out(source.parts) as path:
        return raw_of(read_table(path, where, driver="FlatGeobuf"), where)
