"""Runs pyarrow on one untrusted file, in a process of its own. Run as a script by `parquet`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder,
as `gdal_child` does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # this package, where it is not installed

import numpy as np

from restoration.apart import limit_process, packed


def main(job: dict[str, Any]) -> None:
    """Read the job's file and leave what it holds."""
    from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - an extra; this module is looked into where it is not installed too

    limit_process(job["limits"])
    with ParquetFile(job["path"]) as file:
        if file.metadata.num_rows > job["rows"]["number"] or len(file.schema_arrow) > job["rows"]["columns"]:
            raise ValueError(f"{file.metadata.num_rows} rows, {len(file.schema_arrow)} columns: over the limit")
        about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        primary = about.get("primary_column")
        geometry = about.get("columns", {}).get(primary)
        if geometry is None:
            raise ValueError("no column of geometries is named (no GeoParquet)")
        if str(geometry.get("encoding")).upper() != "WKB":
            raise ValueError(f"geometries are encoded as {geometry.get('encoding')}; only WKB is read")
        table = file.read(use_threads=False)
    wkb = [None if one is None else bytes(one) for one in table.column(primary).to_pylist()]
    boxes = {path[0] for path in geometry.get("covering", {}).get("bbox", {}).values()}  # GeoParquet 1.1: says again what the geometry says
    fields = [name for name in table.column_names if name not in about["columns"] and name not in boxes]
    arrays: dict[str, Any] = {"fids": np.arange(len(wkb)), **packed("wkb", wkb)}
    for index, name in enumerate(fields):
        arrays.update(column(f"c{index}", table.column(name)))
    crs = geometry.get("crs", "OGC:CRS84")  # GeoParquet 1.1: none named is CRS84; null is unknown
    said = json.dumps(crs) if isinstance(crs, dict) else crs
    arrays["meta"] = np.array(json.dumps({"crs": said, "fields": fields}))
    np.savez(job["out"], **arrays)


def column(name: str, values: Any) -> dict[str, Any]:
    """One column as plain arrays: numbers as they are, all else as text."""
    kind = str(values.type)
    if kind in ("halffloat", "float", "double") or (kind.startswith(("int", "uint")) and not values.null_count):
        return {name: values.to_numpy()}
    return packed(name, [_text(cell) for cell in values.to_pylist()])


def _text(cell: Any) -> bytes | None:
    if cell is None or isinstance(cell, bytes):
        return None
    return (json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, (dict, list)) else str(cell)).encode()


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        main(request)
    except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about, the parent turns it into a refusal
        Path(request["error"]).write_text(f"{type(error).__name__}: {error}"[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
