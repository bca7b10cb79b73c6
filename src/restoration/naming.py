"""Giving a finished file its name, without ever taking another file's; and whether a temporary folder took all of a file."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import CannotWrite, why_of_system
from .text import Text

_ROOM_BYTES = 65_536


def require_room(folder: Path) -> None:
    """Refuse to go on where a temporary folder of ours takes no more: GDAL does not always say that it could not write all.

    Raises
    ------
    CannotWrite
    """
    probe = folder / "room"
    try:
        probe.write_bytes(bytes(_ROOM_BYTES))
    except OSError as error:
        why = why_of_system(error)
        raise CannotWrite(
            Text(f"临时文件夹 {folder.parent} 写不了：{why.zh}。", f"The temporary folder {folder.parent} takes no more: {why.en}."),
            Text("请腾出空间后再试；什么都没有写入。", "Free some space and try again; nothing was written."),
        ) from error
    finally:
        probe.unlink(missing_ok=True)


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
