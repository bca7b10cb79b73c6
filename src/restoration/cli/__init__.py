"""The command line: for staff in Chinese, with ``--lang en`` in English. Commands load what they need when they run."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ..text import Text

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the number of the signal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; Ctrl-C is told, also while the program is still being loaded."""
    sys.unraisablehook = _heard_again
    try:
        from .app import run

        return run(arguments)
    except KeyboardInterrupt:
        said = Text(
            "已中断。写入要么全部完成、要么完全没有；用 restoration list 或 history 查看。",
            "Interrupted. A write is whole or not there at all: see `restoration list` or `history`.",
        )
        print(said, file=sys.stderr)
        return INTERRUPTED
    finally:
        sys.unraisablehook = sys.__unraisablehook__


def _heard_again(lost: sys.UnraisableHookArgs) -> None:
    """A Ctrl-C that came while the interpreter was clearing up, where nothing can be raised, is raised a moment later."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    from _thread import interrupt_main
    from threading import Timer

    Timer(0.01, interrupt_main).start()


__all__ = ["main"]
