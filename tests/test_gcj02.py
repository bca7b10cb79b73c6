"""The shift of web maps, against points that other programs gave, and one that leads to a place one knows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from restoration.gcj02 import to_bd09, to_gcj02

POINTS = {
    (105.02, 25.11): (105.02286682, 25.10713805),
    (105.22, 25.08): (105.22304308, 25.07709487),
    (105.30, 24.98): (105.30314973, 24.97711107),
    (105.20, 25.30): (105.20306143, 25.29712726),
    (104.90, 25.09): (104.90245915, 25.08689084),
}
"""Longitude and latitude, and GCJ-02, by the packages coord-convert and prcoords."""


@pytest.mark.parametrize("point", POINTS)
def test_the_public_formula(point: tuple[float, float]) -> None:
    assert to_gcj02(np.array([point]))[0] == pytest.approx(POINTS[point], abs=1e-8)


def test_a_city_by_another_program() -> None:
    """驻马店市 as gcoord (commit fa43556) lists it in three systems."""
    here = np.array([[114.0164322, 33.0133556]])
    assert to_gcj02(here)[0] == pytest.approx((114.022306, 33.0115324), abs=1e-5)
    assert to_bd09(here)[0] == pytest.approx((114.0287781, 33.0176697), abs=1e-5)


@given(st.floats(104.52, 105.67), st.floats(24.61, 25.80))
def test_here_it_leads_to_the_south_east(longitude: float, latitude: float) -> None:
    here = np.array([[longitude, latitude]])
    there = to_gcj02(here)[0]
    azimuth, _, distance = Geod(ellps="GRS80").inv(longitude, latitude, *there)
    assert 90 < azimuth < 180
    assert 350 < distance < 500
