"""What a caller can do wrong.

Every error is two sentences in two languages: the fact, with the offending value, and the way out.
What is wrong with *data* is not an error but a `restoration.model.Finding`.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from .text import Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call does not say and must: the option that says it, and what it may well be, the likeliest first.

    ``choices`` are values of the option, each with what it means; others may be right as well.
    """

    option: str
    label: Text
    choices: Sequence[tuple[str, Text]] = ()


class DataWarning(UserWarning):
    """Something about data that an analyst's call went on without: a value that was left unknown, a row that was refused.

    Examples
    --------
    >>> import geopandas, shapely, warnings
    >>> from restoration import conform
    >>> own = geopandas.GeoDataFrame({"上报面积": [15]}, geometry=[shapely.box(105, 25, 105.01, 25.01)], crs=4490)
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     unknown = conform(own)["reported_m2"].isna().all()
    >>> bool(unknown), told[0].category.__name__
    (True, 'DataWarning')
    """


class RestorationError(Exception):
    """A call that cannot be carried out: what is wrong, and what to do.

    Parameters
    ----------
    fact
        What is wrong, naming the offending value, file or site.
    way_out
        What the caller can do about it.
    wanted
        The option that would settle it, where one would.

    Examples
    --------
    >>> from restoration import open
    >>> try:
    ...     open("no-such.gpkg")
    ... except RestorationError as error:
    ...     print(type(error).__name__, error.exit_code)
    NotFound 3
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 400

    def __init__(self, fact: Text, way_out: Text, *, wanted: Wanted | None = None) -> None:
        super().__init__(fact, way_out)
        self.fact = fact
        self.way_out = way_out
        self.wanted = wanted

    def __str__(self) -> str:
        return f"{self.fact}\n{self.way_out}"


class BadRequest(RestorationError):
    """A value that the call cannot mean: a date in the future, an area below zero."""

    exit_code = 2
    http_status = 400


class UnknownName(BadRequest):
    """A word that is not in the list it is taken from.

    Examples
    --------
    >>> from restoration.text import speaking
    >>> with speaking("en"):
    ...     print(UnknownName(Text("单位", "unit"), "acre", ["mu", "ha"]))
    unit: 'acre' is not known.
    Known are: mu, ha.
    """

    def __init__(self, what: Text, value: object, known: Iterable[object]) -> None:
        names = [str(name) for name in known]
        near = _near(str(value), names)
        super().__init__(
            Text(f"{what.zh}“{value}”不认识。", f"{what.en}: {value!r} is not known."),
            Text(
                (f"是不是：{'、'.join(near)}？" if near else "") + f"可用的有：{'、'.join(names)}。",
                (f"Did you mean {', '.join(near)}? " if near else "") + f"Known are: {', '.join(names)}.",
            ),
        )


def _near(value: str, names: list[str]) -> list[str]:
    """The few names that hold the value, or are held by it, or are written much like it."""
    wanted = value.strip().casefold()
    held = [name for name in names if wanted and (wanted in name.casefold() or name.casefold() in wanted)]
    return (held or difflib.get_close_matches(value, names, n=3))[:3]


class NotFound(RestorationError):
    """A file, site or code that is not there."""

    exit_code = 3
    http_status = 404


class FileRefused(RestorationError):
    """A file from outside that cannot be read, or not safely."""

    exit_code = 4
    http_status = 422


class MoveRefused(RestorationError):
    """A status change that the table of moves or a guard does not allow.

    Parameters
    ----------
    facts
        Names of the facts that it lacks or that stand against it.
    """

    exit_code = 5
    http_status = 422

    def __init__(self, fact: Text, way_out: Text, *, facts: Sequence[str] = ()) -> None:
        super().__init__(fact, way_out)
        self.facts = tuple(facts)


class Stale(RestorationError):
    """Somebody else changed the site first."""

    exit_code = 6
    http_status = 409


class Busy(RestorationError):
    """The project file is held by another program for too long."""

    exit_code = 7
    http_status = 503


class NotAProject(RestorationError):
    """The file is not a project of ours, or is of a newer version."""

    exit_code = 8
    http_status = 422


class Damaged(RestorationError):
    """The project file's bytes are not what was written."""

    exit_code = 9
    http_status = 500


class CannotWrite(RestorationError):
    """The file or the disk takes no more: read-only, full, or already there."""

    exit_code = 10
    http_status = 507


class MissingExtra(RestorationError):
    """An optional library is needed and not installed."""

    exit_code = 11
    http_status = 501


_OF_SYSTEM = {
    errno.ENOENT: Text("文件夹或文件不存在", "no such file or folder"),
    errno.EEXIST: Text("同名的文件已经存在", "it is there already"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("没有权限", "permission denied"),
    errno.EROFS: Text("位置是只读的", "the place is read-only"),
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.ENOTDIR: Text("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Text("这是文件夹", "it is a folder"),
    errno.ENAMETOOLONG: Text("名称太长", "the name is too long"),
}


def why_of_system(error: OSError) -> Text:
    """What the system says it cannot do, in both languages where it is one of the usual reasons.

    Examples
    --------
    >>> why_of_system(FileNotFoundError(2, "No such file or directory")).zh
    '文件夹或文件不存在'
    """
    said = error.strerror or str(error)
    return _OF_SYSTEM.get(error.errno or 0, Text(said, said))
