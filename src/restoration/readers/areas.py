"""Reported and measured areas: the unit from the cell, the heading, the caller, or the ratio to the geometry, in that order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..data import builtin
from ..ellipsoid import Floats
from ..errors import BadRequest, UnknownName, Wanted
from ..text import Text
from ..units import LABEL, UNITS, to_m2
from .cells import as_area, read_each


@dataclass(frozen=True)
class Areas:
    """A column of areas: m² (NaN unknown), the wrong positions, and the unit that had to be inferred with its ratio."""

    values_m2: Floats
    wrong: Sequence[int]
    inferred: tuple[str, float] | None = None


def read_areas(texts: Sequence[str], *, column: str, unit: str, given: str | None, ground_m2: Callable[[], Floats]) -> Areas:
    """A column of areas in m².

    Parameters
    ----------
    texts
        The cells, shape (n,).
    column
        The heading, for messages.
    unit
        What the heading names, ``""`` for none.
    given
        What the caller names for columns that name none.
    ground_m2
        Gives the area of each row's geometry, shape (n,), m²; asked only where a unit must be inferred.

    Raises
    ------
    BadRequest
        No unit is named and the ratio to the geometry fits none.
    UnknownName
        The caller's unit is none of the house's.
    """
    if given is not None and given not in UNITS:
        raise UnknownName(Text("面积单位", "unit of area"), given, UNITS)
    cells, wrong = read_each(texts, as_area)
    numbers = np.array([np.nan if cell is None else cell[0] for cell in cells])
    own = np.array(["" if cell is None else cell[1] for cell in cells], dtype=object)
    bare = (own == "") & ~np.isnan(numbers)
    common, inferred = unit or given or "", None
    if not common and bare.any():
        common, ratio = _by_ratio(numbers[bare], ground_m2()[bare], column)
        inferred = (common, ratio)
    units = np.where(own == "", common, own)
    values = [to_m2(number, said) if said else np.nan for number, said in zip(numbers.tolist(), units.tolist(), strict=True)]
    areas_m2 = np.array(values, dtype=np.float64)
    too_large = areas_m2 > float(builtin("limits")["entering"]["area_m2"])
    areas_m2[too_large] = np.nan
    return Areas(areas_m2, sorted({*wrong, *np.flatnonzero(too_large).tolist()}), inferred)


def _by_ratio(numbers: Floats, ground_m2: Floats, column: str) -> tuple[str, float]:
    """The one unit in which the column's median fits the ground, and how well it fits."""
    tolerance = float(builtin("aliases")["unit_ratio"]["tolerance"])
    known = (ground_m2 > 0) & (numbers > 0)
    ratios = {unit: float(np.median(numbers[known] * to_m2(1, unit) / ground_m2[known])) for unit in UNITS} if known.any() else {}
    fitting = [unit for unit, ratio in ratios.items() if abs(ratio - 1) <= tolerance]
    if len(fitting) == 1 and (other := _other_unit(numbers[known], ground_m2[known], fitting[0], tolerance)):
        raise BadRequest(
            Text(
                f"面积列“{column}”没有单位：多数行像{LABEL[fitting[0]].zh}，也有的行像{LABEL[other].zh}。",
                f"The area column {column!r} names no unit: most rows fit {LABEL[fitting[0]].en}, others {LABEL[other].en}.",
            ),
            Text(
                "请核对后用 --unit 指明其中一种；单位不同的行，请把单位写进格子，如 300亩。",
                "Look at the rows and name the unit with --unit; where a row has another, write it into the cell, such as 300亩.",
            ),
            wanted=_wanted(column, (fitting[0], other)),
        )
    if len(fitting) != 1:
        raise BadRequest(
            Text(
                f"面积列“{column}”没有单位，按与图形面积的比例也看不出来。",
                f"The area column {column!r} names no unit, and its ratio to the geometry fits none.",
            ),
            Text(
                "请用 --unit 指明：--unit mu（亩）、--unit ha、--unit m2 或 --unit km2；或把单位写进列名，如 面积(亩)。",
                "Name it: --unit mu, --unit ha, --unit m2 or --unit km2; or put it in the heading, such as 面积(亩).",
            ),
            wanted=_wanted(column, UNITS),
        )
    return fitting[0], ratios[fitting[0]]


def _wanted(column: str, units: Iterable[str]) -> Wanted:
    label = Text(f"面积列“{column}”的单位", f"the unit of the area column {column!r}")
    return Wanted("--unit", label, [(unit, LABEL[unit]) for unit in units])


def _other_unit(numbers: Floats, ground_m2: Floats, unit: str, tolerance: float) -> str | None:
    """Another unit that fits more rows than a few, which the median does not see."""
    share = float(builtin("aliases")["unit_ratio"]["other_share"])
    for other in UNITS:
        fits = np.abs(numbers * to_m2(1, other) / ground_m2 - 1) <= tolerance
        if other != unit and fits.mean() > share:
            return other
    return None
