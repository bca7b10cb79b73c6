"""GeoParquet: by pyarrow in a child process, where pyarrow is installed (the extra ``parquet``); this process never loads it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from .. import apart
from ..data import builtin
from ..errors import FileRefused
from ..text import Text
from .gdal import unpacked
from .layer import Raw
from .members import Source
from .rule import Where
from .shapefile import empty
from .vectors import laid_out, raw_of, require_few

_CHILD = Path(__file__).with_name("parquet_child.py")
_LIBRARY = "pyarrow"


def read_one(source: Source, name: str, *, given_encoding: str | None) -> Raw:  # noqa: ARG001 - its text is UTF-8 always
    """The one layer of a GeoParquet.

    Raises
    ------
    FileRefused
        pyarrow is not installed, or the file is damaged, empty, or holds no geometries as WKB.
    """
    where = Where(source.file, name)
    if find_spec(_LIBRARY) is None:
        raise FileRefused(
            Text(
                f"{where.file} 是 GeoParquet，本机没有装 {_LIBRARY}，读不了。", f"{where.file} is a GeoParquet, and {_LIBRARY} is not here."
            ),
            Text(
                f"请安装 {_LIBRARY}（pip install {_LIBRARY}），或在 GIS 里另存为 GeoPackage。",
                f"Install it (pip install {_LIBRARY}), or save the file as GeoPackage in a GIS.",
            ),
        )
    shown = f"{where.file}/{name}"
    with laid_out(source.parts) as path:
        job = {"path": str(path), "rows": builtin("limits")["rows"]}
        env = apart.environment({"ARROW_DEFAULT_MEMORY_POOL": "system"})
        vector = unpacked(apart.run(_CHILD, job, folder=path.parent, env=env, shown=shown), shown)
    if not len(vector.fids):
        raise empty(where)
    require_few(where, len(vector.fids), len(vector.columns))
    return raw_of(replace(vector, crs=_crs(vector.crs)), where)


def _crs(said: str | None) -> str | None:
    """The CRS as a code or WKT; the file has PROJJSON. What cannot be understood is left as it is, to be told."""
    if said is None or not said.startswith("{"):
        return said
    try:
        found = json.loads(said)
        code = found.get("id", {})
        if isinstance(code, dict) and {"authority", "code"} <= code.keys():
            return f"{code['authority']}:{code['code']}"
        return str(CRS.from_json_dict(found).to_wkt())
    except (ValueError, CRSError, AttributeError, TypeError):
        return said
