"""Giving a finished file its name, without ever taking another file's."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import CannotWrite
from .text import Text


def take_name(part: Path, out: Path) -> None:
    """Give a finished file its name in the same folder, in one step.

    Raises
    ------
    FileExistsError
        Something has taken the name by now; ``part`` is as it was.
    OSError
        The folder takes no file.
    """
    try:
        os.link(part, out)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            part.replace(out)
        except OSError:
            out.unlink()
            raise


def taken(path: Path) -> CannotWrite:
    """The error that a name is taken."""
    return CannotWrite(
        Text(f"{path} 已经存在。", f"{path} is already there."),
        Text("没有覆盖；请换一个文件名。", "It was not overwritten; choose another name."),
    )
