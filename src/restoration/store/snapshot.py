"""A project file that its reader may not write, as a private copy: SQLite cannot read a file in use without writing beside it."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from ..errors import Busy
from ..text import Text

TRIES, PAUSE_S = 60, 0.05
"""So often, and so far apart, a copy is begun anew because somebody wrote meanwhile."""
_TICK_NS = 20_000_000
"""A file system may tell times this coarsely: what was changed so short a time ago may be changed again without a sign."""
_SALTED = 32
"""The bytes of a -wal that begin it; they change when it begins anew."""
_KEPT = 2
"""Copies of a file that are kept: one is left for a thread that has it and has not opened it yet."""
State = tuple[tuple[int, int, int] | None, ...]
"""Inode, size and time of the last change of the file and of those beside it; ``None`` where there is none."""


class _Copy(NamedTuple):
    state: State
    folder: tempfile.TemporaryDirectory[str]
    file: Path


_COPIES: dict[Path, list[_Copy]] = {}
_LOCK = threading.Lock()


@atexit.register
def _tidy() -> None:
    for copies in _COPIES.values():
        for one in copies:
            one.folder.cleanup()


def may_write(path: Path) -> bool:
    """Whether this user may write a file and beside it.

    Windows grants rights that no mode shows, so there it is asked by opening the file. Elsewhere nothing may open and close a database
    that this process has open: that would drop SQLite's own locks on it.
    """
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return False
    if sys.platform != "win32":
        return True
    try:
        path.open("r+b").close()
    except OSError:
        return False
    return True


def snapshot_of(path: Path) -> Path:
    """A copy of a project file as it was at one moment, with what stands in its -wal; the same one as long as nobody writes.

    Raises
    ------
    Busy
        Somebody wrote without a pause.
    """
    real = path.resolve()
    with _LOCK:
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_S)
            found = _known(real) or _copied(real)
            if found:
                return found
    raise Busy(
        Text(f"项目文件 {path} 一直有人在写，读不到一份完整的。", f"{path} is written to without a pause: no whole copy can be read."),
        Text("请过一会儿再试。", "Try again in a while."),
    )


def _known(path: Path) -> Path | None:
    """The last copy, if the file is still as it was."""
    copies = _COPIES.get(path, [])
    return copies[-1].file if copies and copies[-1].state == _state(path) else None


def _copied(path: Path) -> Path | None:
    """A new copy; ``None`` if somebody wrote meanwhile."""
    state, begin = _state(path), _wal_begin(path)
    main, _, journal = state
    if main is None or journal is not None or 0 <= time.time_ns() - main[2] < _TICK_NS:  # with a -journal a transaction is under way
        return None
    folder = tempfile.TemporaryDirectory(prefix="restoration-", ignore_cleanup_errors=True)
    made = _Copy(state, folder, Path(folder.name, path.name))
    # A -wal that grew is as good: what was not whole yet is left out when it is read. One that is gone or began anew is another one.
    if not _is_copied(path, made.file, has_wal=bool(begin)) or (_state(path)[0], _state(path)[2], _wal_begin(path)) != (main, None, begin):
        folder.cleanup()
        return None
    copies = _COPIES.setdefault(path, [])
    copies.append(made)
    while len(copies) > _KEPT:
        copies.pop(0).folder.cleanup()
    return made.file


def _is_copied(path: Path, copy: Path, *, has_wal: bool) -> bool:
    """Copy a file and its -wal; false if one was taken away meanwhile, as the last writer to close does."""
    try:
        shutil.copyfile(path, copy)
        if has_wal:
            shutil.copyfile(_beside(path, "-wal"), _beside(copy, "-wal"))
    except FileNotFoundError:
        return False
    return True


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}{ending}")


def _state(path: Path) -> State:
    return tuple(_stat(_beside(path, ending)) for ending in ("", "-wal", "-journal"))


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _wal_begin(path: Path) -> bytes:
    try:
        with _beside(path, "-wal").open("rb") as file:
            return file.read(_SALTED)
    except FileNotFoundError:
        return b""
