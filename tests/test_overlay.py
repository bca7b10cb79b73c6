"""Ground that geometries share: pairs, what each loses under a rule, land counted once; by hand and by the laws it must keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import overlay
from restoration.geometry import Geometries, area_of_record_m2, from_plane, ground_area_m2, to_plane, zone_of
from restoration.overlay import Ground, cells_of, connected, ground_of, land_area_m2, overlaps, overlaps_between, united
from tests.making import points_leave_m2

EAST, NORTH = 520_000.0, 2_775_000.0


def squares(*places: tuple[float, float], side: float = 100.0) -> Geometries:
    """Squares in degrees whose lower left corners stand so many metres from a point of the district."""
    planar: Any = [shapely.box(EAST + x, NORTH + y, EAST + x + side, NORTH + y + side) for x, y in places]
    return from_plane(np.array(planar, dtype=object), 35)


CELL = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 9), st.integers(1, 9))
BOXES = st.lists(CELL, min_size=1, max_size=14)
STAR = st.tuples(st.lists(st.floats(0.15, 1), min_size=5, max_size=24), st.floats(-250, 250), st.floats(-250, 250), st.floats(20, 300))
STARS = st.lists(STAR, min_size=1, max_size=9)


def boxes(cells: list[tuple[int, int, int, int]]) -> Geometries:
    """Boxes on a grid of 10 m: edges and corners meet in every way that there is."""
    planar: Any = [shapely.box(EAST + 10 * x, NORTH + 10 * y, EAST + 10 * (x + w), NORTH + 10 * (y + h)) for x, y, w, h in cells]
    return from_plane(np.array(planar, dtype=object), 35)


def stars(given_stars: list[tuple[list[float], float, float, float]]) -> Geometries:
    """Irregular rings that lie on each other anyhow."""
    made = []
    for radii, x, y, size in given_stars:
        turn = 2 * np.pi * np.arange(len(radii)) / len(radii)
        radius = size * np.array(radii)
        made.append(shapely.Polygon(np.column_stack([EAST + x + radius * np.cos(turn), NORTH + y + radius * np.sin(turn)])))
    return from_plane(np.array(made, dtype=object), 35)


def ranks(ground: Ground) -> dict[str, Any]:
    n = len(ground.area_m2)
    return {"first": np.arange(n), "last": np.arange(n)[::-1], "mixed": np.random.default_rng(n).permutation(n)}


def assert_the_laws_hold(shapes: Geometries) -> None:
    ground = ground_of(shapes)
    land_m2, task_m2 = ground.land_m2, ground.area_m2.sum()
    planar = to_plane(shapes, 35)
    points_m2 = points_leave_m2(shapely.length(planar) / 2, 25.1) + 1e-4  # what is shared is measured without the procedure's points
    assert land_m2 <= task_m2 + 1e-6
    assert land_m2 >= (ground.area_m2 - points_m2).max()
    for rank in ranks(ground).values():
        net_m2 = ground.area_m2 - ground.lost_m2(rank)
        assert net_m2.sum() == pytest.approx(land_m2, rel=1e-9, abs=1e-5)
        assert (net_m2 > -points_m2).all()
    assert (ground.area_m2 - ground.lost_evenly_m2()).sum() == pytest.approx(land_m2, rel=1e-9, abs=1e-5)
    plain_m2, stacked_m2 = overlay._lost_evenly_m2(len(shapes), ground.pairs)
    assert plain_m2.sum() + stacked_m2.sum() == pytest.approx(task_m2 - land_m2, rel=1e-6, abs=1e-4)  # before it is made to close
    contested_m2 = ground.contested_m2()
    assert (contested_m2 <= ground.area_m2 + points_m2).all()
    assert ground.area_m2.sum() - contested_m2.sum() <= land_m2 + 1e-5
    united_m2 = ground_area_m2(np.array([shapely.union_all(planar)], dtype=object))[0]
    assert task_m2 - land_m2 == pytest.approx(ground_area_m2(planar).sum() - united_m2, rel=1e-9, abs=1e-5)
    assert land_area_m2(shapes[::-1]) == pytest.approx(land_m2, rel=1e-9, abs=1e-5)


@given(BOXES)
@settings(max_examples=120, deadline=None)
def test_the_laws_hold_for_boxes_that_share_edges_and_corners(cells: list[tuple[int, int, int, int]]) -> None:
    assert_the_laws_hold(boxes(cells))


@given(STARS)
@settings(max_examples=120, deadline=None)
def test_the_laws_hold_for_irregular_rings(given_stars: list[tuple[list[float], float, float, float]]) -> None:
    assert_the_laws_hold(stars(given_stars))


@given(BOXES, st.data())
@settings(max_examples=80, deadline=None)
def test_cells_give_the_land_of_any_selection(cells: list[tuple[int, int, int, int]], data: st.DataObject) -> None:
    assert_cells_give_the_land(boxes(cells), data)


@given(STARS, st.data())
@settings(max_examples=80, deadline=None)
def test_cells_of_irregular_rings_give_the_land_of_any_selection(given_stars: list[Any], data: st.DataObject) -> None:
    assert_cells_give_the_land(stars(given_stars), data)


def assert_cells_give_the_land(shapes: Geometries, data: st.DataObject) -> None:
    ground = ground_of(shapes)
    cells = cells_of(len(shapes), ground.pairs)
    assert (cells.lying() >= 2).all()
    shown = np.array(data.draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes))), dtype=np.bool_)
    lying = np.bincount(cells.cell, weights=shown[cells.position], minlength=len(cells.area_m2))
    land_m2 = ground.area_m2[shown].sum() - (cells.area_m2 * np.maximum(0, lying - 1)).sum()
    assert land_m2 == pytest.approx(land_area_m2(shapes[shown]), rel=1e-7, abs=1e-4)


def test_only_the_wanted_pairs_are_laid_over_each_other() -> None:
    shapes = squares((0, 0), (50, 0), (0, 50))
    found = overlaps(shapes, wanted=lambda first, second: (first != 0) | (second != 1))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_three_squares_on_one_another_by_hand() -> None:
    """Three squares of 1 ha in a row, each 40 m on: 60 × 100 m in two pairs, 20 × 100 m under all three."""
    ground = ground_of(squares((0, 0), (40, 0), (80, 0)))
    hundredth = ground.area_m2[0] / 10_000  # m² of ground in a square metre of the plane

    def in_plane(numbers: Any) -> list[float]:
        return [round(number, 1) + 0.0 for number in (numbers / hundredth).tolist()]

    assert in_plane(ground.pairs.area_m2) == [6000.0, 2000.0, 6000.0]
    assert in_plane(ground.lost_m2(np.array([0, 1, 2]))) == [0.0, 6000.0, 6000.0]
    assert in_plane(ground.lost_m2(np.array([2, 1, 0]))) == [6000.0, 6000.0, 0.0]
    assert in_plane(ground.lost_m2(np.array([1, 0, 2]))) == [6000.0, 0.0, 6000.0]
    # 4 000 m² under two and 2 000 m² under three: the outer ones lose 4000/2 + 2000·2/3, the middle one 8000/2 + 2000·2/3
    assert in_plane(ground.lost_evenly_m2()) == [3333.3, 5333.3, 3333.3]
    assert in_plane(ground.contested_m2()) == [6000.0, 10_000.0, 6000.0]
    assert ground.land_m2 / hundredth == pytest.approx(18_000, abs=0.1)


def test_many_on_one_spot_count_once_and_share_evenly() -> None:
    ground = ground_of(squares(*[(0, 0)] * 7, (300, 0)))
    assert ground.land_m2 == pytest.approx(2 * ground.area_m2[0], abs=0.02)
    assert (ground.area_m2 - ground.lost_evenly_m2())[:7] == pytest.approx([ground.area_m2[0] / 7] * 7, abs=0.01)
    assert (ground.area_m2 - ground.lost_m2(np.arange(8)))[1:7] == pytest.approx([0.0] * 6, abs=0.01)


def test_groups_of_the_same_ground_add_up_with_what_they_share() -> None:
    ground = ground_of(squares((0, 0), (50, 0), (500, 0), (550, 0)))
    inside = ground.within(np.array([0, 1, 0, 0]))
    assert [(int(a), int(b)) for a, b in zip(inside.pairs.first, inside.pairs.second, strict=True)] == [(2, 3)]
    assert inside.land_m2 - ground.land_m2 == pytest.approx(ground.pairs.area_m2[0], abs=1e-6)


def test_ground_counted_once_a_chain_and_a_loner() -> None:
    chain = [shapely.box(105 + 0.001 * step, 25, 105.0015 + 0.001 * step, 25.001) for step in range(50)]
    shapes = np.array([*chain, shapely.box(106, 25, 106.001, 25.001)])
    expected = area_of_record_m2([shapely.box(105, 25, 105.0505, 25.001), shapes[-1]]).sum()
    assert land_area_m2(shapes) == pytest.approx(expected, rel=1e-6)


def test_nothing_covers_no_land() -> None:
    assert land_area_m2(np.array([], dtype=object)) == 0.0
    assert land_area_m2(np.array([None, shapely.Polygon()], dtype=object)) == 0.0


def test_neighbours_that_share_an_edge_or_a_corner_do_not_overlap() -> None:
    assert len(overlaps(squares((0, 0), (100, 0), (100, 100), (0, 100))).first) == 0


def test_an_overlap_is_told_with_its_area_width_and_place() -> None:
    found = overlaps(squares((0, 0), (98, 0)))
    assert (found.first.tolist(), found.second.tolist(), found.zone.tolist()) == ([0], [1], [35])
    assert found.area_m2[0] == pytest.approx(200, abs=0.01)
    assert found.width_m[0] == pytest.approx(2 * 200 / 204, abs=0.01)
    there = to_plane(found.shared(), 35)[0]
    assert there.bounds == pytest.approx((EAST + 98, NORTH, EAST + 100, NORTH + 100), abs=1e-6)


def test_a_crossing_ring_is_mended_before_it_is_laid_over_others() -> None:
    bow_tie: Any = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    crossing = from_plane(np.array([shapely.transform(bow_tie, lambda xy: xy + np.array([EAST, NORTH]))], dtype=object), 35)
    found = overlaps(np.r_[crossing, squares((0, 0))])
    assert found.area_m2 == pytest.approx([5000], abs=0.5)


def test_pairs_that_lie_across_a_zones_border_are_found_and_counted_once() -> None:
    """106.5° E divides zones 35 and 36, and lies near 651 300 m: the middles of the two lie on either side."""
    planar: Any = [shapely.box(650_900, NORTH, 651_500, NORTH + 200), shapely.box(651_300, NORTH, 651_900, NORTH + 200)]
    shapes = from_plane(np.array([*planar, shapely.union(*planar), shapely.intersection(*planar)], dtype=object), 35)
    assert zone_of(shapes[:2]).tolist() == [35, 36]
    whole_m2, both_m2 = area_of_record_m2(shapes[2:])
    ground = ground_of(shapes[:2])
    assert ground.pairs.area_m2 == pytest.approx([both_m2], rel=1e-6)
    assert ground.land_m2 == pytest.approx(whole_m2, rel=1e-6)


def test_edges_that_touch_in_degrees_and_not_in_the_plane_share_what_lies_between() -> None:
    """A straight edge in the plane lies north of its corners' parallel, by 0.3 mm in the middle of 200 m."""
    shapes = np.array([shapely.box(105, 25, 105.002, 25.001), shapely.box(105.0005, 25.001, 105.0025, 25.002)])
    found = overlaps(shapes)
    assert 0.001 < found.area_m2[0] < 0.1
    assert found.width_m[0] < 0.001
    ground = ground_of(np.r_[shapes, [shapely.box(105.0003, 25.0003, 105.0021, 25.0017)]])
    lands = [ground.area_m2.sum() - ground.lost_m2(np.array(rank)).sum() for rank in ([0, 1, 2], [2, 1, 0], [1, 2, 0])]
    assert lands == pytest.approx([ground.land_m2] * 3, abs=1e-5)


@pytest.mark.parametrize("wide_deg", [2.0, 13.0])
def test_a_chain_over_many_zones_is_counted_the_same_from_either_end(wide_deg: float) -> None:
    """Each link is laid over the next in the zone where the two lie, not in that of the first of all."""
    links = np.array([shapely.box(102 + 0.009 * n, 25, 102.0095 + 0.009 * n, 25.003) for n in range(int(wide_deg / 0.009))])
    forth, back = ground_of(links), ground_of(links[::-1])
    assert back.land_m2 == pytest.approx(forth.land_m2, rel=1e-12, abs=1e-4)
    pairs = [area_of_record_m2([shapely.box(102 + 0.009 * n, 25, 102.0005 + 0.009 * n, 25.003)])[0] for n in range(1, len(links))]
    assert forth.pairs.area_m2 == pytest.approx(pairs, rel=3e-5)  # longer edges bulge more than the overlap's own
    assert len(np.unique(forth.pairs.zone)) == (2 if wide_deg < 3 else 5)
    assert (forth.area_m2 - forth.lost_evenly_m2()).sum() == pytest.approx(forth.land_m2, rel=1e-12)


def test_a_hundred_and_fifty_on_one_spot_are_counted_in_a_moment() -> None:
    """Pieces of different sites are kept apart, so that time goes with the cube of a stack and not with its fourth power."""
    ground = ground_of(squares(*[(0.1 * n, 0) for n in range(150)]))
    assert ground.land_m2 == pytest.approx(ground.area_m2[0] * 114.9 / 100, rel=1e-6)


def test_a_block_at_the_end_of_a_sliver_is_no_noise() -> None:
    """20 × 20 m and 5 cm along 3 km: 0.18 m wide in the mean, and yet 400 m² that are 20 m wide."""
    block, sliver = shapely.box(0, 0, 20, 20), shapely.box(20, 0, 3020, 0.05)
    pieces: Any = np.array([shapely.union(block, sliver), shapely.MultiPolygon([block, shapely.box(30, 0, 3030, 0.05)]), sliver, block])
    areas, widths = shapely.area(pieces), overlay.mean_width_m(pieces, shapely.area(pieces))
    assert (widths[:3] < 0.2).all()
    assert overlay.is_noise(pieces, areas, widths, up_to_m2=1.0, up_to_m=0.2).tolist() == [False, False, True, False]
    assert overlay.is_noise(pieces, areas, widths, up_to_m2=500.0, up_to_m=0.2).tolist() == [True, True, True, True]


def test_many_a_metre_apart_are_split_evenly_in_a_moment() -> None:
    ground = ground_of(squares(*[(n, n) for n in range(40)]))
    assert (ground.area_m2 - ground.lost_evenly_m2()).sum() == pytest.approx(ground.land_m2, rel=1e-12)


def test_of_a_ring_that_crosses_itself_only_the_mended_one_has_ground() -> None:
    bow_tie = shapely.Polygon([(105, 25), (105.002, 25.001), (105.002, 25), (105, 25.001)])
    once, twice = (land_area_m2(np.array([bow_tie] * times, dtype=object)) for times in (1, 2))
    assert once == pytest.approx(area_of_record_m2([shapely.make_valid(bow_tie)])[0], rel=1e-6)
    assert twice == pytest.approx(once, abs=0.01)


def test_a_few_pairs_at_a_time_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    shapes = squares(*chance.uniform(0, 900, (150, 2)).tolist())
    whole = ground_of(shapes)
    monkeypatch.setattr(overlay, "_PAIRS_AT_ONCE", 7)
    pieces = ground_of(shapes)
    assert pieces.pairs.first.tolist() == whole.pairs.first.tolist()
    assert pieces.pairs.area_m2.tolist() == whole.pairs.area_m2.tolist()
    assert pieces.land_m2 == whole.land_m2


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(6)
    shapes = squares(*chance.uniform(0, 2000, (400, 2)).tolist())
    threaded = ground_of(shapes)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = ground_of(shapes)
    assert threaded.pairs.area_m2.tolist() == alone.pairs.area_m2.tolist()
    assert threaded.land_m2 == alone.land_m2


def test_two_sets_laid_over_each_other() -> None:
    found = overlaps_between(squares((0, 0), (500, 0)), squares((50, 0), (150, 0), (510, 10), side=40))
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == [(0, 0), (1, 2)]
    assert found.area_m2 == pytest.approx([1600, 1600], abs=0.1)
    nothing = overlaps_between(squares((0, 0)), squares((900, 0)))
    assert (len(nothing.first), nothing.shared().tolist()) == (0, [])


def test_what_lies_wholly_inside_is_shared_corner_by_corner_and_only_the_rest_is_cut() -> None:
    """A round outline of 5 000 corners: a square inside it, one that it cuts in half, one outside."""
    turn = 2 * np.pi * np.arange(5_000) / 5_000
    outline: Any = shapely.Polygon(np.column_stack([EAST + 1_000 * np.cos(turn), NORTH + 1_000 * np.sin(turn)]))
    shapes = squares((-50, -50), (-50, 950), (2_000, 0))
    found = overlaps_between(shapes, from_plane(np.array([outline], dtype=object), 35))
    assert found.first.tolist() == [0, 1]
    assert found.planar[0].equals(to_plane(shapes[:1], 35)[0])
    assert found.area_m2[0] == ground_area_m2(to_plane(shapes[:1], 35))[0]
    assert found.area_m2[1] == pytest.approx(5_000 - 100**3 / 24_000, abs=1)


def test_two_sets_are_laid_over_each_other_in_the_plane_asked_for() -> None:
    shapes, others = squares((0, 0), (30, 0)), squares((50, 0))
    found = overlaps_between(shapes, others, zones=np.array([35, 36]))
    assert found.zone.tolist() == [35, 36]
    assert found.area_m2 == pytest.approx([5_000, 8_000], abs=0.5)
    assert found.shared()[1].bounds == pytest.approx(from_plane(to_plane(others, 35), 35)[0].bounds, abs=2e-4)


NANOMETRES_APART = [
    [(510519.46284146875, 2793309.414451458), (510519.9999999999, 2793301.0633005574), (510520.9016311012, 2793311.871286635),
     (510514.17041874456, 2793217.778356855)],
    [(510520.9016311012, 2793311.871286635), (510519.9999999999, 2793301.0633005574), (510519.46284146875, 2793309.414451458)],
    [(510644.16258388414, 2793235.9028464407), (510644.7780327485, 2793238.861002044), (510646.2858048308, 2793236.07240106)],
    [(510536.4042545223, 2793197.5486639864), (510534.5231867677, 2793208.0853989776), (510526.00043543446, 2793204.2317914804)],
    [(510495.0877054705, 2793319.568420366), (510495.4799738599, 2793319.4276558524), (510495.5067721454, 2793319.1032437417)],
    [(510511.928946927, 2793313.52498374), (510512.1181364903, 2793313.4570935466), (510511.39151106885, 2793301.4707052964)],
    [(510520.15367009916, 2793302.905366887), (510520.8080108352, 2793310.7490465855), (510593.47073525575, 2793217.4605164723)],
    [(510516.17811201484, 2793306.028011382), (510519.46507807774, 2793309.379679118), (510519.86703411, 2793303.1305081816)],
    [(510632.02911517554, 2793323.898803777), (510619.7724238767, 2793305.8280939), (510620.39594894554, 2793322.4968767497)],
    [(510519.86703411, 2793303.1305081816), (510520.8080108352, 2793310.7490465855), (510520.15367009916, 2793302.905366887)],
    [(510542.2222222231, 2793335.763936792), (510537.77777777804, 2793335.589639619), (510533.39893856796, 2793344.5444450937)],
    [(510558.24714504025, 2793345.9250091244), (510555.5555555559, 2793313.722792239), (510551.9262456328, 2793352.487590443)],
]  # fmt: skip
"""Pieces of one site out of several overlays: where they share an edge, their corners part by a nanometre."""


def test_pieces_that_part_by_a_nanometre_are_united_all_the_same() -> None:
    """GEOS 3.14 finds an "non-noded intersection" in these, and gives up."""
    pieces = np.array([shapely.Polygon(ring) for ring in NANOMETRES_APART], dtype=object)
    (found,) = united(pieces, np.zeros(len(pieces), dtype=np.intp), 1)
    assert found.is_valid
    assert found.area == pytest.approx(shapely.union_all(pieces, grid_size=1e-4).area, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_what_hangs_together_has_the_lowest_position(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array([pair[side] for pair in pairs], dtype=np.intp) for side in (0, 1))
    label = connected(31, first, second)
    assert (label[first] == label[second]).all()
    assert (label[label] == label).all()
    assert (label <= np.arange(31)).all()
    for position in set(range(31)) - set(first.tolist()) - set(second.tolist()):
        assert label[position] == position


@pytest.mark.parametrize("measure", [lambda g: g.lost_m2(np.arange(len(g.area_m2))), Ground.contested_m2, Ground.lost_evenly_m2])
def test_a_site_under_hundreds_of_others_loses_them_all_once(measure: Callable[[Ground], Any]) -> None:
    """A hillside of 2 × 2 km that comes last, and 400 plots of 1 ha that do not touch each other inside it."""
    plots = [(100 + 180.0 * (n % 10), 100 + 45.0 * (n // 10)) for n in range(400)]
    shapes = np.r_[squares(*plots, side=40), squares((0, 0), side=2000)]
    lost_m2 = measure(ground_of(shapes))[-1]
    share = 2 if measure is Ground.lost_evenly_m2 else 1
    assert lost_m2 == pytest.approx(400 * 1600 / share, rel=1e-4)
