"""What the database says when it cannot, in the words of the office."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from ..errors import Busy, CannotWrite, Damaged, NotAProject, RestorationError
from ..text import Text


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's errors about this file into errors of ours; all else passes through."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        known = _fault(str(cause).lower(), path)
        if known is None:
            raise
        raise known from error


def _fault(said: str, path: Path) -> RestorationError | None:
    for words, make in _FAULTS:
        if any(word in said for word in words):
            return make(path)
    return None


def _busy(path: Path) -> RestorationError:
    return Busy(
        Text(f"项目文件 {path} 正被别的程序占用。", f"The project file {path} is held by another program."),
        Text("没有写入任何内容；请关闭占用它的程序后再试。", "Nothing was written; close that program and try again."),
    )


def _full(path: Path) -> RestorationError:
    return CannotWrite(
        Text(f"磁盘已满或写入出错，{path} 没有改动。", f"The disk is full or failed to write; {path} is as it was."),
        Text("请腾出空间后再试。", "Free some space and try again."),
    )


def _read_only(path: Path) -> RestorationError:
    beside = [path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm")]
    foreign = next((one for one in beside if one.exists() and not os.access(one, os.W_OK)), None)
    if foreign is not None and os.access(path, os.W_OK):
        return CannotWrite(
            Text(f"{foreign.name} 是别的用户留下的，{path} 写不进去。", f"{foreign.name} is another user's: {path} cannot be written."),
            Text(
                "请那位用户关闭程序；没有人在用时可以删去它。",
                "Have that user close the program; remove it when nobody uses the file.",
            ),
        )
    return CannotWrite(
        Text(f"项目文件 {path} 是只读的。", f"The project file {path} is read-only."),
        Text("请检查文件或文件夹的权限，或复制到可写的位置。", "Check the permissions of the file and its folder, or copy it elsewhere."),
    )


def _not_a_database(path: Path) -> RestorationError:
    return NotAProject(
        Text(f"{path} 不是项目文件。", f"{path} is not a project file."),
        Text("用 restoration init 新建，或换一个文件。", "Make one with `restoration init`, or name another file."),
    )


def _damaged(path: Path) -> RestorationError:
    return Damaged(
        Text(f"项目文件 {path} 已损坏。", f"The project file {path} is damaged."),
        Text(
            "请不要再写入；用最近的备份，并运行 restoration verify 查看损坏处。",
            "Write no more to it; take the last backup, and see `restoration verify`.",
        ),
    )


def _cannot_open(path: Path) -> RestorationError:
    return CannotWrite(
        Text(f"打不开项目文件 {path}。", f"The project file {path} cannot be opened."),
        Text("请检查路径和文件夹权限。", "Check the path and the permissions of its folder."),
    )


_FAULTS = (
    (("database is locked", "database table is locked", "busy"), _busy),
    (("disk is full", "disk i/o error"), _full),
    (("readonly database", "read-only", "permission denied"), _read_only),
    (("not a database", "file is encrypted"), _not_a_database),
    (("malformed", "corrupt", "could not decode to utf-8"), _damaged),
    (("unable to open database file",), _cannot_open),
)
