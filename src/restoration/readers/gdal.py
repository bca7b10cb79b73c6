"""Has GDAL read one layer of an untrusted file: in a child process, with one driver, no network, and limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyogrio
import shapely

from ..data import builtin
from ..ellipsoid import Integers
from ..errors import FileRefused
from ..geometry import Geometries
from ..text import Text

_CHILD = Path(__file__).with_name("gdal_child.py")
_KEPT = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
    "GDAL_DATA", "PROJ_DATA", "PROJ_LIB",
)  # fmt: skip
"""What the child needs of this process's environment to start at all; the rest stays here."""
_NOWHERE = "127.0.0.1:9"  # the discard port: whatever would call out finds nobody


@dataclass(frozen=True)
class Vector:
    """What GDAL read: record numbers, geometries, columns by name, and the CRS as text."""

    fids: Integers
    geometries: Geometries
    columns: Mapping[str, list[Any]]
    crs: str | None


def read_vector(
    path: Path,
    *,
    driver: str,
    shown: str,
    layer: str | None = None,
    columns: Sequence[str] | None = None,
    options: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Vector:
    """One layer of a file, read by one GDAL driver in a child process.

    Parameters
    ----------
    path
        A file in a folder of our own: what the child leaves is written beside it.
    driver
        The only driver that is left on.
    shown
        The file's name for messages.
    layer, columns, options
        Passed to the reader; ``columns`` empty reads geometries alone.
    settings
        GDAL configuration options beside the fixed ones.

    Raises
    ------
    FileRefused
        GDAL cannot read the file, was killed by it, or took too long.
    """
    limits = builtin("limits")["child"]
    out, error = path.with_name("out.npz"), path.with_name("error.txt")
    job = {
        "path": str(path), "driver": driver, "layer": layer, "columns": None if columns is None else list(columns),
        "options": dict(options or {}), "limits": limits, "out": str(out), "error": str(error),
    }  # fmt: skip
    code = _run(job, environment(driver, settings or {}), shown)
    if code != 0 or not out.is_file():
        raise _cannot(shown, error.read_text(encoding="utf-8", errors="replace") if error.is_file() else "", code)
    return _unpacked(out, shown)


def _run(job: Mapping[str, Any], env: Mapping[str, str], shown: str) -> int:
    seconds = builtin("limits")["child"]["seconds"]
    try:
        return subprocess.run(  # noqa: S603 - this interpreter, our own script
            [sys.executable, "-P", "-X", "utf8", str(_CHILD), json.dumps(job)],
            env=dict(env),
            cwd=Path(job["path"]).parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as late:
        raise FileRefused(
            Text(f"{shown} 读了 {seconds} 秒还没读完，已停止。", f"{shown} was not read within {seconds} s and was stopped."),
            Text("请在 GIS 里检查该文件，或拆成几个。", "Check the file in a GIS, or split it."),
        ) from late


def environment(driver: str, settings: Mapping[str, str]) -> dict[str, str]:
    """The child's environment: every driver but one off before GDAL starts, plug-ins off, no way out to a network."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "GDAL_SKIP": ",".join(name for name in _drivers() if name != driver),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_HTTP_PROXY": _NOWHERE,
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "PROJ_NETWORK": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        **settings,
    }


@cache
def _drivers() -> tuple[str, ...]:
    return tuple(pyogrio.list_drivers())


def _cannot(shown: str, said: str, code: int) -> FileRefused:
    why = Text(said, said) if said else Text(f"读取程序异常退出（{code}）", f"the reading process broke off ({code})")
    return FileRefused(
        Text(f"{shown} 读不了：{why.zh}", f"{shown} cannot be read: {why.en}"),
        Text("请在 GIS 软件里打开检查，另存后再送来。", "Open it in a GIS, save it anew and try that."),
    )


def _unpacked(out: Path, shown: str) -> Vector:
    with np.load(out, allow_pickle=False) as arrays:
        meta = json.loads(str(arrays["meta"]))
        wkb = np.array([*_cells(arrays, "wkb"), None], dtype=object)[:-1]
        columns = {name: _column(arrays, f"c{index}") for index, name in enumerate(meta["fields"])}
        fids = arrays["fids"].astype(np.intp)
    return Vector(fids, _geometries(wkb, shown), columns, meta["crs"])


def _geometries(wkb: Geometries, shown: str) -> Geometries:
    try:
        return cast(Geometries, np.asarray(shapely.from_wkb(wkb, on_invalid="fix"), dtype=object))
    except shapely.errors.GEOSException as error:
        raise _cannot(shown, str(error), 0) from error


def _column(arrays: Any, name: str) -> list[Any]:
    if name in arrays:
        return [None if value != value else value for value in arrays[name].tolist()]  # NaN is what GDAL makes of a null number
    return [None if cell is None else cell.decode("utf-8") for cell in _cells(arrays, name)]


def _cells(arrays: Any, name: str) -> list[bytes | None]:
    whole, ends, missing = arrays[f"{name}.bytes"].tobytes(), arrays[f"{name}.ends"].tolist(), arrays[f"{name}.missing"].tolist()
    return [None if gone else whole[start:end] for start, end, gone in zip([0, *ends][:-1], ends, missing, strict=True)]
