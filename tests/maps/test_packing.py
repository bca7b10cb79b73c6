"""Packs come back as they went in, and their text means nothing to a page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration.maps.columns import areas, coded, shown_steps
from restoration.maps.packing import SIGNS, Pack, in_signs
from restoration.maps.page import inert
from restoration.units import shown

from .conftest import bytes_of, unpacked


@given(st.binary(max_size=60))
def test_bytes_come_back_from_signs(content: bytes) -> None:
    text = in_signs(content)
    assert bytes_of(text)[: len(content)] == content
    assert len(text) == 5 * -(-len(content) // 4)


def test_the_signs_mean_nothing_to_html_javascript_or_jinja() -> None:
    assert len(set(SIGNS)) == 85
    assert set("<>&\"'`\\{}").isdisjoint(SIGNS)
    assert inert(SIGNS).replace("&#36;", "$") == SIGNS


@given(
    st.lists(st.integers(-(2**31), 2**31 - 1), max_size=20),
    st.lists(st.integers(0, 2**32 - 1), max_size=20),
    st.lists(st.text(), max_size=5),
)
def test_sections_come_back(signed: list[int], unsigned: list[int], texts: list[str]) -> None:
    pack = Pack()
    pack.add("signed", np.array(signed, dtype=np.int64))
    pack.add_text("texts", texts)
    pack.add("unsigned", np.array(unsigned, dtype=np.int64))
    back = unpacked(pack.finished())
    assert back["signed"].tolist() == signed
    assert back["unsigned"].tolist() == unsigned
    assert back["texts"] == texts


def test_a_column_keeps_each_text_once_and_the_unknown_as_nothing() -> None:
    assert coded(["b", "a", None, "b"]).values == ["b", "a", ""]
    assert coded(["b", "a", None, "b"]).codes.tolist() == [0, 1, 2, 0]


@pytest.mark.parametrize("unit", ["mu", "ha"])
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=20))
def test_areas_are_shown_as_everywhere_else(unit: str, areas_m2: list[float]) -> None:
    steps = shown_steps(np.array(areas_m2), unit)
    assert steps.tolist() == [int(shown(area, unit).replace(".", "")) for area in areas_m2]


def test_an_area_in_the_middle_between_two_numbers_is_rounded_up_as_everywhere_else() -> None:
    halfway = np.array([(step + 0.5) * 20 / 3 for step in range(2000)])
    assert shown_steps(halfway, "mu").tolist() == [int(shown(area).replace(".", "")) for area in halfway.tolist()]
    square_metres, correction = areas(halfway)
    assert ((3 * (square_metres - 1) + 10) // 20 + correction).tolist() == shown_steps(halfway, "mu").tolist()


def test_an_unknown_area_is_nothing() -> None:
    assert [column.tolist() for column in areas(np.array([np.nan, 0.0, 1.0]))] == [[0, 1, 2], [0, 0, 0]]
