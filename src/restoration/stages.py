"""How far a long task has come: told by what works, heard by who waits; nobody need hand it on.

An analyst hears it too: ``with heard_by(lambda stage, done, total: print(stage, done, total)): project.import_files(...)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

from .text import Text

Listener: TypeAlias = Callable[[Text, int, int], None]
"""Is given the stage, how much of it is done, and how much there is; 0 and 0 where that is not known."""
T = TypeVar("T")
OFTEN = 1_000
"""After so many of `counted` the count is told."""

_listener: ContextVar[Listener | None] = ContextVar("restoration_stages", default=None)


@contextmanager
def heard_by(listener: Listener | None) -> Iterator[None]:
    """Everything that is told inside the block goes to one listener; to nobody if it is ``None``."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(stage: Text, done: int = 0, total: int = 0) -> None:
    """Tell how far a stage is."""
    listener = _listener.get()
    if listener is not None:
        listener(stage, done, total)


def counted(stage: Text, items: Iterable[T], total: int, *, often: int = OFTEN) -> Iterator[T]:
    """The items one after another; how many are done is told at the start and after every so many.

    Examples
    --------
    >>> from restoration.text import speaking
    >>> with speaking("en"), heard_by(lambda stage, done, total: print(stage, done, total)):
    ...     sum(counted(Text("相加", "adding"), [1, 2, 3], 3, often=2))
    adding 0 3
    adding 2 3
    6
    """
    for done, item in enumerate(items):
        if done % often == 0:
            tell(stage, done, total)
        yield item
