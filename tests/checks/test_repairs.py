"""Mended boundaries: what is taken off, what stays where it was, and what is not mended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import checks
from restoration.errors import UnknownName
from restoration.frame import conform
from restoration.geometry import area_of_record_m2
from restoration.thresholds import thresholds

from .test_check import SPIKED, SQUARE, frame


def proposed(*shapes: shapely.Geometry, **limits: float) -> list[checks.Proposal]:
    """Repairs of everything that a repair may mend."""
    sites = conform(frame(*shapes))
    found: dict[str, set[str]] = {}
    for finding in checks.check(sites):
        if finding.code in {rule.code for rule in checks.MENDED}:
            found.setdefault(finding.site_id, set()).add(finding.code)
    own = replace(thresholds(), numbers={**thresholds().numbers, "repair": limits}) if limits else None
    return checks.repairs(sites, found, limits=own)


def points(shape: shapely.Geometry | None) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for x, y in shapely.get_coordinates(shape)}


def test_a_spike_is_taken_off_and_every_other_point_stays() -> None:
    (one,) = proposed(shapely.Polygon(SPIKED))
    assert (one.codes, one.tips_dropped, one.points, one.verdict) == (("S104",), 1, (7, 6), "ready")
    assert points(one.after) < points(one.before)
    assert one.before_m2 - one.after_m2 == pytest.approx(60 * 5 / 2, rel=1e-3)
    assert one.moved_m == pytest.approx(60, abs=0.01)
    assert one.kept_pct == pytest.approx(100 * 40_000 / 40_150, abs=0.001)
    assert one.after_m2 == area_of_record_m2([one.after])[0]


def test_a_tip_of_two_points_goes_whole() -> None:
    blunt = shapely.Polygon([(0, 0), (200, 0), (200, 95), (260, 97.3), (260, 97.6), (200, 100), (200, 200), (0, 200)])
    (one,) = proposed(blunt)
    assert (one.tips_dropped, one.points, one.left) == (2, (8, 6), ())


def test_a_line_that_goes_out_and_comes_back_is_taken_off() -> None:
    (one,) = proposed(shapely.Polygon([(0, 0), (200, 0), (200, 100), (250, 130), (200, 100.005), (200, 200), (0, 200)]))
    assert one.verdict == "ready"
    assert one.after_m2 == pytest.approx(area_of_record_m2(conform(frame(SQUARE)).geometry)[0], abs=1)


def test_points_on_one_spot_become_one_and_the_area_stays() -> None:
    (one,) = proposed(shapely.Polygon([(0, 0), (200, 0), (200, 0.004), (200, 0.008), (200, 200), (0, 200)]))
    assert (one.codes, one.points_dropped, one.points) == (("S103",), 2, (6, 4))
    assert one.after_m2 == pytest.approx(one.before_m2, abs=0.01)


def test_a_bow_tie_is_made_valid_and_says_what_that_does_to_its_area() -> None:
    (one,) = proposed(shapely.Polygon([(0, 0), (200, 200), (200, 0), (0, 200)]))
    assert (one.codes, one.made_valid) == (("S101",), True)
    assert shapely.is_valid(one.after)
    assert one.after_m2 == pytest.approx(20_000, rel=1e-3)
    assert one.kept_pct == pytest.approx(100, abs=0.001)  # the crossing is a point in degrees, not in the plane


def test_holes_and_other_parts_are_kept() -> None:
    holed = shapely.Polygon(SPIKED, [[(50, 50), (50, 80), (80, 80), (80, 50)]])
    (one,) = proposed(shapely.MultiPolygon([holed, shapely.box(400, 0, 500, 100)]))
    assert one.after is not None
    assert [len(part.interiors) for part in one.after.geoms] == [1, 0]
    assert one.points == (15, 14)


def test_ground_that_is_all_spike_is_not_mended() -> None:
    (one,) = proposed(shapely.Polygon([(0, 0), (300, 0), (0, 30)]))
    assert (one.verdict, one.left, one.tips_dropped) == ("unmended", ("S104",), 0)


def test_a_change_over_the_threshold_is_told_apart() -> None:
    assert [one.verdict for one in proposed(shapely.Polygon(SPIKED), change_pct=0.3)] == ["large"]
    assert [one.verdict for one in proposed(shapely.Polygon(SPIKED), change_pct=0.4)] == ["ready"]


def test_only_what_is_asked_for_is_mended() -> None:
    both = shapely.Polygon([*SPIKED[:2], (200, 0.004), *SPIKED[2:]])
    (one,) = checks.repairs(conform(frame(both)), {"0": {"S103"}})
    assert (one.points_dropped, one.tips_dropped, one.verdict) == (1, 0, "ready")


def test_what_no_repair_mends_is_a_wrong_call() -> None:
    with pytest.raises(UnknownName):
        checks.repairs(conform(frame(SQUARE)), {"0": {"S201"}})


def test_nothing_asked_gives_nothing() -> None:
    assert checks.repairs(conform(frame(SQUARE)), {}) == []


@settings(max_examples=30, deadline=None)
@given(
    first=st.integers(0, 6),
    doubled=st.lists(st.integers(0, 6), max_size=4, unique=True),
    turned=st.booleans(),
)
def test_a_repair_leaves_nothing_to_mend_and_moves_no_point(first: int, doubled: list[int], turned: bool) -> None:  # noqa: FBT001
    twice = [(x, y, y + 0.003 * (at in doubled)) for at, (x, y) in enumerate(SPIKED)]
    ring = [point for x, y, again in twice for point in dict.fromkeys([(x, y), (x, again)])]
    ring = ring[first:] + ring[:first]
    before = conform(frame(shapely.Polygon(ring[::-1] if turned else ring)))
    (one,) = checks.repairs(before, {"0": {"S101", "S103", "S104"}})
    assert one.left == ()
    assert one.made_valid or points(one.after) <= points(one.before)
    after = before.set_geometry([one.after], crs=4490)
    assert not {finding.code for finding in checks.check(after)} & {"S101", "S103", "S104"}
    assert np.isclose(one.after_m2, 40_000, rtol=1e-3)
