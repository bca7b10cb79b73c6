"""Degrees, minutes and seconds in every form that offices write; and what must not be taken for them."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration.readers.angles import Angle, as_angle, has_signs, may_be_packed

WANTED = 105 + 13 / 60 + 5.12 / 3600


def is_refused(text: str, *, packed: bool = False) -> bool:
    try:
        as_angle(text, packed=packed)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    "text",
    [
        "105°13′05.12″", "105°13'05.12\"", "105°13′05.12", "105º13’05.12”", "105˚13′5.12′′", "105度13分5.12秒", "105度13分05.12",
        "105-13-05.12", "105－13－05.12", "105 13 05.12", "105　13　05.12", "105:13:05.12", "105° 13′ 05.12″", "１０５°１３′０５．１２″",
        "E105°13′05.12″", "105°13′05.12″E", "东经105°13′05.12″", "东经:105°13′05.12″", "105-13-05.12E", " e 105 13 05.12 ",
    ],
)  # fmt: skip
def test_every_form_is_read(text: str) -> None:
    assert as_angle(text).degrees == pytest.approx(WANTED, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "degrees"), [("105", 105), ("105.2181", 105.2181), ("105.2181°", 105.2181), ("25°30′", 25.5), ("25°", 25)]
)
def test_fewer_parts_are_enough(text: str, degrees: float) -> None:
    assert as_angle(text).degrees == degrees


@pytest.mark.parametrize(
    "text",
    ["", "°", "E", "105°60′00″", "105°13′60″", "105-13", "105 13", "1e5", "nan", "105°13.5′05″", "2776000.456", "-105", "105-13 05", "٣٠"],
)
def test_what_is_no_angle_is_not_guessed_at(text: str) -> None:
    assert is_refused(text)


def test_packed_is_read_only_where_it_is_said() -> None:
    assert as_angle("105.130512").degrees == 105.130512
    assert as_angle("105.130512", packed=True).degrees == pytest.approx(WANTED, abs=1e-12)
    assert as_angle("105.1305", packed=True).degrees == pytest.approx(105 + 13 / 60 + 5 / 3600, abs=1e-12)
    assert as_angle("105", packed=True).degrees == 105
    assert all(is_refused(text, packed=True) for text in ("105.6000", "105.1360", "105.13"))


def test_the_side_of_the_world_is_kept() -> None:
    assert as_angle("25-05-22.665N") == Angle(pytest.approx(25.08962917), "north")  # type: ignore[arg-type]
    assert as_angle("W105").degrees == -105


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.sampled_from("0123456789.°′″'\"-: 度分秒EN东经北纬e+"), st.characters()), max_size=25), st.booleans())
def test_any_text_is_an_angle_or_a_value_error(text: str, packed: bool) -> None:  # noqa: FBT001
    has_signs(text)
    may_be_packed(text)
    with suppress(ValueError):
        assert math.isfinite(as_angle(text, packed=packed).degrees)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999))
def test_what_is_written_in_parts_is_read_back(degrees: int, minutes: int, thousandths: int) -> None:
    wanted = degrees + minutes / 60 + thousandths / 3_600_000
    seconds = f"{thousandths // 1000:02}.{thousandths % 1000:03}"
    for text in (f"{degrees}°{minutes:02}′{seconds}″", f"{degrees}-{minutes:02}-{seconds}", f"{degrees} {minutes:02} {seconds}"):
        assert as_angle(text).degrees == pytest.approx(wanted, abs=1e-11)
    assert as_angle(f"{degrees}.{minutes:02}{seconds.replace('.', '')}", packed=True).degrees == pytest.approx(wanted, abs=1e-11)
