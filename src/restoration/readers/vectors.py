"""What the readers by GDAL have in common: parts laid out in a folder of ours, and what GDAL read made a layer, within limits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..data import builtin
from ..errors import FileRefused
from ..model import Finding
from ..text import Text
from .columns import distinct
from .gdal import Vector, read_vector
from .layer import Raw
from .rule import Where
from .shapefile import empty


@contextmanager
def laid_out(parts: Mapping[str, bytes], *, folder: str = "") -> Iterator[Path]:
    """The parts as files that we name, in a folder that goes away; the path of the first, or of the folder if one is named."""
    with tempfile.TemporaryDirectory(prefix="restoration-") as above:
        home = Path(above, folder)
        home.mkdir(exist_ok=True)
        for part, content in parts.items():
            (home / (part if folder else f"layer{part}")).write_bytes(content)
        yield home if folder else home / f"layer{next(iter(parts))}"


def read_table(
    path: Path, where: Where, *, driver: str, layer: str | None = None, options: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Vector:  # fmt: skip
    """One layer with its columns, by one driver, no more rows and columns than the limits allow.

    Raises
    ------
    FileRefused
        GDAL cannot read it, it is empty, or it passes a limit.
    """
    limits = builtin("limits")["rows"]
    shown = f"{where.file}/{where.layer}"
    asked = {**(options or {}), "max_features": limits["number"] + 1}
    vector = read_vector(path, driver=driver, shown=shown, layer=layer, options=asked, settings=settings, counted=driver != "DXF")
    if not len(vector.fids):
        raise empty(where)
    require_few(where, len(vector.fids), len(vector.columns))
    return vector


def require_few(where: Where, rows: int, columns: int) -> None:
    """Refuse a layer of more rows or columns than the limits allow."""
    limits = builtin("limits")["rows"]
    for count, limit, what in (
        (rows, limits["number"], Text("行", "rows")), (columns, limits["columns"], Text("列", "columns")),
    ):  # fmt: skip
        if count > limit:
            raise FileRefused(
                Text(
                    f"{where.file}：“{where.layer}”超过 {limit} {what.zh}。", f"{where.file}: {where.layer!r} has over {limit} {what.en}."
                ),
                Text("请分乡镇或分年度拆成几个文件。", "Split it by township or year."),
            )


def raw_of(vector: Vector, where: Where, *, encoding: str = "UTF-8", findings: Sequence[Finding] = ()) -> Raw:
    """What GDAL read as a layer."""
    columns, renamed = distinct(vector.columns, where)
    cells = dict(zip(columns, vector.columns.values(), strict=True))
    frame = pd.DataFrame(cells, index=range(len(vector.fids)))
    rows = np.arange(1, len(vector.fids) + 1, dtype=np.intp)
    return Raw(where.layer, frame, vector.geometries, rows, vector.crs, encoding, (*findings, *renamed))
