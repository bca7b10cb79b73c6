"""Runs GDAL on one untrusted file, in a process of its own that may come to grief. Run as a script by `gdal`, never imported.

It gets a job as JSON in its first argument and leaves ``out.npz`` (plain arrays, no pickle) or ``error.txt`` in the job's folder.
Every driver but the wanted one was switched off by ``GDAL_SKIP`` before this process began.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))  # this package, where it is not installed
    # These would only be loaded because they are installed; without them the start takes a quarter of the time.
    for _absent in ("geopandas", "pandas", "pyarrow", "pyproj", "shapely"):
        sys.modules[_absent] = None  # type: ignore[assignment]

import numpy as np
from pyogrio import list_drivers, list_layers, read_info
from pyogrio.raw import read

from restoration.apart import limit_process, packed


def main(job: dict[str, Any]) -> None:
    """Read the job's layer and leave what it holds; or only list the layers."""
    limit_process(job["limits"])
    if set(list_drivers()) != {job["driver"]}:
        raise RuntimeError(f"drivers left on: {sorted(list_drivers())}")
    if job.get("listed"):
        layers = [(str(name), kind or "") for name, kind in list_layers(job["path"])]
        np.savez(job["out"], meta=np.array(json.dumps({"layers": layers})))
        return
    meta, fids, wkb, columns = read(job["path"], layer=job["layer"], columns=job["columns"], return_fids=True, **job["options"])
    if job.get("counted"):
        _require_every_row(job, len(fids))
    shapes = np.asarray(wkb if wkb is not None else [], dtype=object)
    arrays: dict[str, Any] = {"fids": fids, **packed("wkb", [bytes(one) if one is not None else None for one in shapes])}
    for index, values in enumerate(columns):
        arrays.update(column(f"c{index}", values))
    arrays["meta"] = np.array(json.dumps({"crs": meta["crs"], "fields": [str(name) for name in meta["fields"]]}))
    np.savez(job["out"], **arrays)


def _require_every_row(job: dict[str, Any], read_rows: int) -> None:
    """A damaged table may end early without a word: its head says how many rows it has."""
    said = int(read_info(job["path"], layer=job["layer"], encoding=job["options"].get("encoding"))["features"])
    if read_rows < min(said, job["options"].get("max_features", said)):
        raise RuntimeError(f"damaged: it says that it has {said} rows, {read_rows} can be read")


def column(name: str, values: Any) -> dict[str, Any]:
    """One column as plain arrays: numbers as they are, days as ISO text, all else as text."""
    if values.dtype.kind in "biuf":
        return {name: values}
    if values.dtype.kind == "M":
        texts = np.where(np.isnat(values), "", np.datetime_as_string(values))
        return packed(name, [str(text).encode() or None for text in texts])
    return packed(name, [None if value is None or isinstance(value, bytes) else str(value).encode() for value in values])


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    try:
        main(request)
    except Exception as error:  # noqa: BLE001 - whatever GDAL says of a hostile file, the parent turns it into a refusal
        # Neither our folder nor advice to programmers is for who gave the file.
        said = f"{type(error).__name__}: {error}".split("; It might help", maxsplit=1)[0].replace(request["path"], "the file")
        Path(request["error"]).write_text(said[:2000], encoding="utf-8", errors="replace")
        sys.exit(1)
