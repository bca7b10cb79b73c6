"""Runs a reading script of ours on an untrusted file: in a child process, without a network, within limits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .data import builtin
from .errors import FileRefused
from .naming import require_room
from .text import Text

_KEPT = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
    "GDAL_DATA", "PROJ_DATA", "PROJ_LIB",
)  # fmt: skip
"""What the child needs of this process's environment to start at all; the rest stays here."""
_NOWHERE = "127.0.0.1:9"  # the discard port: whatever would call out finds nobody


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The child's environment: plug-ins of GDAL off, no way out to a network, and the settings given."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_HTTP_PROXY": _NOWHERE,
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "PROJ_NETWORK": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        **settings,
    }


def run(script: Path, job: Mapping[str, Any], *, folder: Path, env: Mapping[str, str], shown: str) -> Path:
    """What the script left of the job: ``out.npz`` in the folder.

    Parameters
    ----------
    script
        It gets the job as JSON in its first argument, with ``limits``, ``out`` and ``error`` added; it leaves plain arrays in
        ``out``, or its reason in ``error``.
    folder
        A folder of our own.
    env
        The whole environment of the child.
    shown
        The file's name for messages.

    Raises
    ------
    FileRefused
        The script gave up, was killed, or took too long.
    CannotWrite
        The disk has no room for what it reads.
    """
    out, error = folder / "out.npz", folder / "error.txt"
    limits = builtin("limits")["child"]
    asked = {**job, "limits": limits, "out": str(out), "error": str(error)}
    code = _run(script, asked, folder=folder, env=env, shown=shown)
    if code != 0 or not out.is_file():
        require_room(folder)  # a child that found the disk full could not leave a word of it
        raise refused(shown, error.read_text(encoding="utf-8", errors="replace") if error.is_file() else "", code)
    return out


def _run(script: Path, job: Mapping[str, Any], *, folder: Path, env: Mapping[str, str], shown: str) -> int:
    seconds = job["limits"]["seconds"]
    with subprocess.Popen(  # noqa: S603 - this interpreter, our own script
        [sys.executable, "-P", "-X", "utf8", str(script), json.dumps(job)],
        env=dict(env),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired as late:
            raise FileRefused(
                Text(f"{shown} 读了 {seconds} 秒还没读完，已停止。", f"{shown} was not read within {seconds} s and was stopped."),
                Text("请在 GIS 里检查该文件，或拆成几个。", "Check the file in a GIS, or split it."),
            ) from late
        finally:
            # Also after Ctrl-C: it must have ended before its folder is taken away.
            child.kill()
            child.wait()


def refused(shown: str, said: str, code: int) -> FileRefused:
    """The refusal of a file that the child could not read: what it said, else how it ended."""
    why = Text(said, said) if said else Text(f"读取程序异常退出（{code}）", f"the reading process broke off ({code})")
    return FileRefused(
        Text(f"{shown} 读不了：{why.zh}", f"{shown} cannot be read: {why.en}"),
        Text("请在 GIS 软件里打开检查，另存后再送来。", "Open it in a GIS, save it anew and try that."),
    )


def limit_process(limits: Mapping[str, int]) -> None:
    """Bound this process's time, address space, output and open files, where the system can (POSIX)."""
    try:
        import resource  # noqa: PLC0415 - not there on Windows, where the parent's clock alone bounds this process
    except ImportError:
        return
    for name, value in (
        ("RLIMIT_CPU", limits["cpu_seconds"]),
        ("RLIMIT_AS", limits["memory_bytes"]),
        ("RLIMIT_FSIZE", limits["output_bytes"]),
        ("RLIMIT_NOFILE", limits["files"]),
        ("RLIMIT_CORE", 0),
    ):
        resource.setrlimit(getattr(resource, name), (value, value))


def packed(name: str, cells: list[bytes | None]) -> dict[str, Any]:
    """Byte strings end to end, with where each ends and which are missing."""
    return {
        f"{name}.bytes": np.frombuffer(b"".join(cell or b"" for cell in cells), dtype=np.uint8),
        f"{name}.ends": np.cumsum([len(cell or b"") for cell in cells], dtype=np.int64),
        f"{name}.missing": np.array([cell is None for cell in cells], dtype=bool),
    }
