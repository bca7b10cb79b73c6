"""Which photos are of which site, by the names of their files; and a folder of them. No picture is opened here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from .data import builtin
from .ellipsoid import Booleans
from .errors import NotFound
from .text import Text, folded


def photos_in(folder: Path) -> list[Path]:
    """The files in a folder and in those under it, in the order of their names.

    Raises
    ------
    NotFound
        There is no such folder.
    """
    if not folder.is_dir():
        raise NotFound(
            Text(f"没有照片文件夹 {folder}。", f"There is no folder of photos {folder}."),
            Text("请核对文件夹的名称。", "See that the folder's name is right."),
        )
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: (path.name, str(path)))


def photos_of_sites(names: Sequence[str], words: Mapping[str, NDArray[np.object_]], counted: Booleans) -> list[list[int]]:
    """For each site the positions of the photos whose names have its number.

    A name without its ending is cut at underscores, blanks, brackets and commas. A piece must be the number here, or the source's number;
    of several counted sites that share the source's number, the one whose village (or, without one, town) is a piece too. A last piece of
    one or two digits after a piece with digits is the photo's own number.

    Parameters
    ----------
    names
        The files' names.
    words
        The columns ``site_id``, ``source_id``, ``village``, ``town`` of the sites frame, each of shape (n,).
    counted
        Shape (n,): the sites whose numbers must be told apart.

    Returns
    -------
    list
        Shape (n,).
    """
    pieces, of_piece = _pieces(names)
    numbers = Counter(folded(str(number)) for number in words["source_id"][counted])
    found: list[list[int]] = []
    for at in range(len(words["site_id"])):
        site_id, source_id, village, town = (folded(str(words[name][at])) for name in ("site_id", "source_id", "village", "town"))
        mine = list(of_piece.get(site_id, ()))
        if source_id:
            sharing, place = numbers[source_id] > 1, village or town
            mine += [photo for photo in of_piece.get(source_id, ()) if not sharing or (place and place in pieces[photo])]
        found.append(sorted(set(mine)))
    return found


def _pieces(names: Sequence[str]) -> tuple[dict[int, frozenset[str]], dict[str, list[int]]]:
    """By photo the pieces of its name, and by piece the photos that have it."""
    table = builtin("references")["photos"]
    serial = re.compile(rf"\d{{1,{int(table['serial_digits'])}}}")
    pieces: dict[int, frozenset[str]] = {}
    of_piece: dict[str, list[int]] = {}
    for at, path in enumerate(map(PurePath, names)):
        if path.suffix.lower() not in table["suffixes"]:
            continue
        cut = [folded(piece) for piece in re.split(r"[_\s()（）【】\[\],，、]+", path.stem) if piece]
        if len(cut) > 1 and serial.fullmatch(cut[-1]) and re.search(r"\d", cut[-2]):
            cut.pop()
        pieces[at] = frozenset(cut)
        for piece in pieces[at]:
            of_piece.setdefault(piece, []).append(at)
    return pieces, of_piece
