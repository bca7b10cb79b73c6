"""Giving a finished file its name: never another file's, or in one step in place of the old; whether a folder takes all of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

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


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in the same folder first, then in the place of the old one: a reader sees the old content or the new one.

    Raises
    ------
    CannotWrite
        The folder is missing or read-only, or the disk is full.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """The error that the system takes no file there."""
    why = why_of_system(error)
    return CannotWrite(
        Text(f"不能写入 {path}：{why.zh}。", f"{path} cannot be written: {why.en}."),
        Text(
            "请检查文件夹是否存在、是否只读、磁盘是否已满，或换一个位置。",
            "See that the folder is there, is not read-only and has room, or choose another.",
        ),
    )
