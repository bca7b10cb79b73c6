"""What a finding of the readers is made with: where it was found, and a code that its explanation hangs on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, Protocol, cast

from ..data import builtin
from ..model import Finding, Level
from ..text import Text

P = ParamSpec("P")


class Rule(Protocol[P]):
    """A function that makes findings of one code; its docstring is the explanation."""

    code: str
    __name__: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Finding:
        """Make the finding."""
        ...


@dataclass(frozen=True, slots=True)
class Where:
    """The file, layer and row (from 1) that a finding speaks of; ``place`` is longitude and latitude, EPSG:4490."""

    file: str
    layer: str = ""
    row: int | None = None
    place: tuple[float, float] | None = None

    def at(self, row: int, *, place: tuple[float, float] | None = None) -> Where:
        """The same file and layer, one row of it."""
        return replace(self, row=row, place=place)

    def error(self, message: Text, way_out: Text, *, value: float | None = None) -> Finding:
        """What makes a row stay behind."""
        return self._finding("error", message, way_out, value)

    def warning(self, message: Text, way_out: Text, *, value: float | None = None) -> Finding:
        """What was mended, or is taken as it is and wants a look."""
        return self._finding("warning", message, way_out, value)

    def note(self, message: Text, way_out: Text, *, value: float | None = None) -> Finding:
        """What is worth knowing."""
        return self._finding("note", message, way_out, value)

    def _finding(self, level: Level, message: Text, way_out: Text, value: float | None) -> Finding:
        return Finding("", level, message, way_out, self.file, self.layer, self.row, place=self.place, value=value)


def rule(code: str) -> Callable[[Callable[P, Finding]], Rule[P]]:
    """Give a finding-making function its code."""

    def numbered(make: Callable[P, Finding]) -> Rule[P]:
        @wraps(make)
        def made(*args: P.args, **kwargs: P.kwargs) -> Finding:
            return replace(make(*args, **kwargs), code=code)

        made.__dict__["code"] = code
        return cast(Rule[P], made)

    return numbered


def listed(words: Iterable[object]) -> Text:
    """The first few of many, and how many there are in all.

    Examples
    --------
    >>> listed([3, 4]).zh, listed(range(9)).en
    ('3、4', '0, 1, 2, 3, 4 … (9)')
    """
    every: Sequence[str] = [str(word) for word in words]
    limit = int(builtin("limits")["examples"]["shown"])
    more_zh, more_en = (f" 等{len(every)}个", f" … ({len(every)})") if len(every) > limit else ("", "")
    return Text("、".join(every[:limit]) + more_zh, ", ".join(every[:limit]) + more_en)
