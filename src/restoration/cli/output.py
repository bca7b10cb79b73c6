"""Tables for people (aligned, also with Chinese in them), for Excel (CSV) and for programs (JSON)."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from unicodedata import east_asian_width

import click

from ..stages import heard_by
from ..text import Text, is_like_formula, visible


def say(*lines: object) -> None:
    """Print lines."""
    for line in lines:
        click.echo(visible(str(line)))


@contextmanager
def progress_shown() -> Iterator[None]:
    """One line on the terminal that says how far the work of the block is, gone at its end; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    with heard_by(_show):
        try:
            yield
        finally:
            click.echo(_LINE_GONE, err=True, nl=False)


_LINE_GONE = "\r\033[K"
"""To the line's beginning, and what stands on it away."""


def _show(stage: Text, done: int, total: int) -> None:
    said = visible(f"{stage} {done} / {total}" if total else f"{stage} …")
    room = shutil.get_terminal_size().columns - 1
    while said and sum(2 if east_asian_width(letter) in "FWA" else 1 for letter in said) > room:
        said = said[1:]
    click.echo(f"{_LINE_GONE}{said}", err=True, nl=False)


WIDEST_CELL = 60
"""Columns that a cell of a table for people takes; what is longer goes on in the next line."""
LONGEST_CELL = 600
"""Characters of a cell that a table for people shows; CSV and JSON have the whole."""


def tell_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    form: str,
    data: Any,
    right: int | range | None = None,
    widest: int = WIDEST_CELL,
) -> None:
    """Print a table in the form asked for.

    Parameters
    ----------
    headings, rows
        The texts as they are shown.
    form
        ``table``, ``csv`` or ``json``.
    data
        What JSON gives: unrounded numbers, codes in place of labels.
    right
        From which column on the table is aligned to the right, or which columns are.
    widest
        Columns of the screen that a cell of ``table`` takes.
    """
    if form == "json":
        say_json(data)
    elif form == "csv":
        say_csv(headings, rows)
    else:
        from tabulate import tabulate

        count = len(headings)
        numbers = range(count if right is None else right, count) if not isinstance(right, range) else right
        aligned = ["right" if at in numbers else "left" for at in range(count)]
        say(
            tabulate(
                [[_one_line(cell) for cell in row] for row in rows],
                [_one_line(heading) for heading in headings],
                tablefmt="simple",
                disable_numparse=True,
                colalign=aligned if rows else None,
                maxcolwidths=[widest] * count if rows else None,
            )
        )


def say_json(data: Any) -> None:
    """Print JSON in UTF-8, whatever the console's encoding."""
    _utf8(json.dumps(_plain(data), ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def say_csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print CSV in UTF-8 with a mark, as Excel reads it; text that would start a formula stays text."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    shown = visible if sys.stdout.isatty() else str  # a file keeps every character, a screen is not to be steered by one
    writer.writerows([shown(_harmless(cell)) for cell in row] for row in (headings, *rows))
    _utf8(("" if sys.stdout.isatty() else "\ufeff") + written.getvalue())


def _utf8(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def _harmless(cell: str) -> str:
    return f"'{cell}" if is_like_formula(cell) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _one_line(cell: str) -> str:
    """A cell on one line of bearable length."""
    line = visible(cell.replace("\n", " "))
    return line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 1]}…"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(held) for held in value]
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return _plain(value.item()) if hasattr(value, "item") else None if str(value) == "<NA>" else str(value)
