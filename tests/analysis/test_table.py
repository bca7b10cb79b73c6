"""Tables: rounded for the eye, exact underneath, and nothing in them is markup."""

from __future__ import annotations

import pandas as pd
import pytest

from restoration.analysis import Table
from restoration.errors import UnknownName


def test_it_is_rounded_by_its_units_and_exact_underneath() -> None:
    table = Table({"a_m2": [2 / 3], "b_mu": [2 / 3], "c_ha": [2 / 3], "d_pct": [200 / 3], "e": [2 / 3], "n": [7]})
    assert repr(table).split() == ["a_m2", "b_mu", "c_ha", "d_pct", "e", "n", "0", "0.67", "0.67", "0.6667", "66.7", "0.6667", "7"]
    assert table["a_m2"].tolist() == [2 / 3]


def test_what_is_unknown_is_shown_as_nothing() -> None:
    table = Table({"a_m2": [float("nan"), 1.0], "n": pd.array([None, 3], dtype="Int64"), "t": ["", "x"]})
    assert repr(table).split() == ["a_m2", "n", "t", "0", "1", "1.00", "3", "x"]
    assert "NaN" not in table._repr_html_()
    assert "NA" not in table._repr_html_()


def test_nothing_in_it_is_markup_or_moves_the_cursor() -> None:
    table = Table({"<i>名</i>": ["<script>alert(1)</script>", "a\x1b[31m"]})
    page = table._repr_html_()
    assert "<script" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page + repr(table)


def test_a_long_one_is_cut_where_pandas_cuts() -> None:
    table = Table({"a_m2": [1.0] * 500})
    assert repr(table).count("1.00") == table._repr_html_().count("1.00") == pd.get_option("display.max_rows")


def test_what_pandas_makes_of_it_is_a_table() -> None:
    table = Table({"k": ["a", "b"], "a_m2": [1.0, 2.0]})
    assert type(table[table["a_m2"] > 1]) is type(table.sort_values("a_m2")) is type(table.assign(x=1)) is Table
    assert table.groupby("k").sum().loc["b", "a_m2"] == 2


def test_a_unit_is_in_the_names() -> None:
    table = Table({"a_m2": [10_000.0], "a_pct": [5.0]})
    assert list(table.in_unit("ha").columns) == ["a_ha", "a_pct"]
    assert table.in_unit("mu").iloc[0].tolist() == [15.0, 5.0]
    assert table.in_unit("m2").equals(table)
    with pytest.raises(UnknownName):
        table.in_unit("acre")
