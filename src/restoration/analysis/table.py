"""A table whose numbers are exact, and are rounded only where somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ..errors import UnknownName
from ..text import Text, visible
from ..units import DIGITS, UNITS, in_unit, rounded, to_m2

_DIGITS: dict[str, int] = {**DIGITS, "pct": 1, "m": 2, "deg": 6, "years": 1, "number": 0, "ratio": 2}
"""Decimals shown, by the unit that ends a column's name."""
_USUAL = 4


class Table(pd.DataFrame):
    """A DataFrame with units in its column names (``task_m2``, ``sited_pct``): exact underneath, rounded for the eye.

    What is unknown is NaN, and is shown as nothing. Everything that pandas does with a DataFrame it does with a table.

    Examples
    --------
    >>> Table({"measure": ["hill_closure"], "task_m2": [2_000_000 / 3], "sited_pct": [float("nan")]}).in_unit("mu")
           measure task_mu sited_pct
    0 hill_closure 1000.00
    """

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def in_unit(self, unit: str) -> Table:
        """The same table with its areas in another unit, and the columns named after it.

        Parameters
        ----------
        unit
            ``mu``, ``ha``, ``m2`` or ``km2``; columns that end in one of them are changed.

        Raises
        ------
        UnknownName

        Examples
        --------
        >>> Table({"land_m2": [10_000.0]}).in_unit("ha")["land_ha"].tolist()
        [1.0]
        """
        if unit not in UNITS:
            raise UnknownName(Text("单位", "unit"), unit, UNITS)
        said = {name: str(name).rpartition("_")[2] for name in self.columns}
        others = {name: word for name, word in said.items() if word in UNITS and word != unit and str(name) != word}
        values = {name: in_unit_of(self[name].map(lambda area, word=word: to_m2(area, word)), unit) for name, word in others.items()}
        names = {name: f"{str(name).removesuffix(word)}{unit}" for name, word in others.items()}
        return Table(self.assign(**values).rename(columns=names))

    def __repr__(self) -> str:
        return self._to_look_at().to_string(formatters=self._formatters(), max_rows=_most_rows(), na_rep="")

    def _repr_html_(self) -> str:
        return self._to_look_at().to_html(formatters=self._formatters(), max_rows=_most_rows(), na_rep="", escape=True, border=0)

    def _to_look_at(self) -> pd.DataFrame:
        """The same with nothing where a whole number is unknown: pandas asks no formatter about those."""
        whole = [name for name in self.columns if self.columns.is_unique and pd.api.types.is_integer_dtype(self[name])]
        return pd.DataFrame(self).assign(**{name: self[name].astype("object").where(self[name].notna(), "") for name in whole})

    def _formatters(self) -> dict[Any, Callable[[Any], str]]:
        return {name: _formatter(str(name), self[name]) for name in self.columns if self.columns.is_unique}


def in_unit_of(areas_m2: pd.Series, unit: str) -> pd.Series:
    """A column of areas in another unit, unrounded."""
    return areas_m2.astype("float64").map(lambda area: in_unit(area, unit))


def _most_rows() -> int:
    return int(pd.get_option("display.max_rows") or 60)


def _formatter(name: str, values: pd.Series) -> Callable[[Any], str]:
    digits = _DIGITS.get(name.rsplit("_", 1)[-1], _USUAL) if pd.api.types.is_float_dtype(values) else None

    def shown(value: Any) -> str:
        if pd.api.types.is_scalar(value) and pd.isna(value):
            return ""
        if digits is None and not isinstance(value, float):
            return visible(str(value))
        return rounded(float(value), _USUAL if digits is None else digits)

    return shown
