"""The ledger of areas: what closes, what does not, and the likely cause."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration import conform
from restoration.tally import Closing, closing
from tests.making import sites_frame, square

SIZE_M2 = 44_696.0  # a square of the grid, to 1 m²


def closed(*rows: Mapping[str, object]) -> Closing:
    planted = {"measure": "人工造林", "status": "施工中"}
    frame: gpd.GeoDataFrame = conform(sites_frame(*({**planted, "geometry": square(at * 2), **row} for at, row in enumerate(rows))))
    return closing(frame, by=["measure"])


def flags(*rows: Mapping[str, object]) -> list[tuple[str, ...]]:
    return list(closed(*rows).sites["unclosed"])


def test_areas_that_agree_close() -> None:
    inspected = {"reported_m2": SIZE_M2, "verified_m2": SIZE_M2, "qualified_m2": SIZE_M2 - 4000, "replant_m2": 3000.0, "lost_m2": 500.0}
    found = closed(inspected, {})
    assert list(found.sites["unclosed"]) == [(), ()]
    whole = found.whole.iloc[0]
    assert (whole["unqualified_m2"], whole["over_m2"], whole["flagged"], whole["sites"]) == (pytest.approx(500.0), 0.0, 0, 2)


def test_each_way_of_not_closing_is_told() -> None:
    assert flags({"verified_m2": 40_000.0, "qualified_m2": 39_000.0, "lost_m2": 2_000.0})[0] == ("over", "verified_apart")
    assert flags({"verified_m2": SIZE_M2 * 1.1, "qualified_m2": SIZE_M2}) == [("verified_over",)]
    assert flags({"reported_m2": SIZE_M2 * 1.03}) == [("reported_apart",)]
    assert flags({"reported_m2": SIZE_M2, "verified_m2": SIZE_M2 * 0.8, "qualified_m2": 1.0}) == [("verified_apart", "cut")]
    assert flags({"verified_m2": SIZE_M2}) == [("unjudged",)]
    assert flags({"status": "县级验收合格"}) == [("unverified",)]


@pytest.mark.parametrize(
    ("factor", "said"), [(15, "亩数可能被当成了公顷"), (10_000 / 15, "平方米数可能被当成了亩"), (10_000, "平方米数"), (1.2246, "EPSG:3857")]
)
def test_a_factor_names_its_likely_cause(factor: float, said: str) -> None:
    found = closed({"reported_m2": SIZE_M2 * factor}, {"reported_m2": SIZE_M2 * 1.1})
    assert said in found.sites["cause"][0].zh
    assert found.sites["cause"][1] is None


def test_sites_that_are_struck_off_are_left_out() -> None:
    found = closed({"status": "核减/调出", "reported_m2": 1.0}, {})
    assert (len(found.sites), found.left_out) == (1, 1)


AREA = st.one_of(st.just(float("nan")), st.floats(0, 1e6))


@given(
    rows=st.lists(
        st.fixed_dictionaries({f"{name}_m2": AREA for name in ("reported", "verified", "qualified", "replant", "lost")}),
        min_size=1,
        max_size=6,
    )
)
def test_the_verified_area_is_always_the_sum_of_its_parts(rows: list[dict[str, float]]) -> None:
    found = closed(*rows)
    parts = ["qualified_m2", "replant_m2", "lost_m2", "unqualified_m2", "unjudged_m2"]
    for frame in (found.sites, found.rows, found.whole):
        there = frame[frame["verified_m2"].notna()]
        added = there[parts].fillna(0.0).sum(axis=1) - there["over_m2"]
        assert added.to_list() == pytest.approx(there["verified_m2"].to_list(), abs=1e-6)
