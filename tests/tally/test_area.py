"""Totals that add up, ground counted once, plan against done."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from restoration import lifecycle
from restoration.errors import BadRequest, UnknownName
from restoration.frame import conform
from restoration.model import Target
from restoration.tally import against_targets, mine_states, totals
from tests.making import sites_frame, square

TABLE = lifecycle.table()


def four_sites() -> gpd.GeoDataFrame:
    """Two closures of 2021, a planting that half covers one of them, and one that was struck off."""
    common = {"plan_year": 2021, "town": "龙广镇"}
    surveyed = {"town": "德卧镇", "verified_m2": 44_000.0, "qualified_m2": 43_000.0}
    rows = [
        {**common, "site_id": "F1", "measure": "封山育林", "status": "封育中", "reported_m2": 40_000.0, "geometry": square(0)},
        {**common, **surveyed, "site_id": "F2", "measure": "封山育林", "status": "county_accepted", "geometry": square(5)},
        {**common, "site_id": "R1", "measure": "人工造林", "status": "施工中", "geometry": square(0.5)},
        {**common, "site_id": "R2", "measure": "人工造林", "status": "cancelled", "geometry": square(9)},
    ]
    return conform(sites_frame(*rows))


def test_task_counts_every_site_and_land_the_ground_once() -> None:
    found = totals(four_sites(), by=["measure"])
    one = found.rows["task_m2"].iloc[0]
    assert found.rows[["measure", "sites"]].values.tolist() == [["afforestation", 1], ["hill_closure", 2]]
    assert found.whole["task_m2"] == pytest.approx(3 * one, rel=1e-6)
    assert found.whole["land_m2"] == pytest.approx(2.5 * one, rel=1e-6)
    assert found.left_out == 1


@pytest.mark.parametrize("by", [["layer"], ["measure"], ["status"], ["town"], ["year"], ["layer", "town"], ["measure", "status", "year"]])
def test_the_rows_add_up_to_the_whole(by: list[str]) -> None:
    found = totals(four_sites(), by=by)
    for column in ("sites", "task_m2", "reported_m2", "verified_m2", "qualified_m2"):
        assert found.rows[column].sum() == pytest.approx(found.whole[column], abs=1e-6)
    assert found.rows["land_m2"].sum() - found.shared_m2 == pytest.approx(found.whole["land_m2"], abs=1e-6)


def test_unknown_is_not_nothing() -> None:
    found = totals(four_sites(), by=["measure"]).rows.set_index("measure")
    assert found.loc["hill_closure", "verified_m2"] == 44_000
    assert found["verified_m2"].isna().tolist() == [True, False]


def test_no_sites_at_all() -> None:
    found = totals(four_sites()[:0], by=["layer"])
    assert (len(found.rows), found.whole["sites"], found.whole["task_m2"], found.whole["land_m2"]) == (0, 0, 0.0, 0.0)


def test_agrees_with_a_plain_computation() -> None:
    sites = four_sites()
    plain = sites[sites["counted"]].to_crs("+proj=aea +lat_1=24 +lat_2=26 +lon_0=105 +ellps=GRS80")
    found = totals(sites, by=[])
    assert found.whole["task_m2"] == pytest.approx(plain.area.sum(), rel=1e-6)
    assert found.whole["land_m2"] == pytest.approx(plain.union_all().area, rel=1e-6)


def test_an_unknown_grouping_is_told() -> None:
    with pytest.raises(UnknownName, match="layer"):
        totals(four_sites(), by=["colour"])


def mines(**status_of: str) -> gpd.GeoDataFrame:
    """Polygons named ``mine_part``, each with a status."""
    rows = [
        {
            "site_id": name,
            "mine_id": name.split("_")[0],
            "measure": "mine_regreen",
            "status": status,
            "plan_year": 2021,
            "geometry": square(column),
        }
        for column, (name, status) in enumerate(status_of.items())
    ]
    return conform(sites_frame(*rows))


def test_a_mine_is_accepted_only_if_all_its_polygons_are() -> None:
    found = mine_states(
        mines(
            a_1="county_accepted",
            a_2="closed",
            b_1="county_accepted",
            b_2="rectifying",
            c_1="sited",
            d_1="county_accepted",
            d_2="cancelled",
            e_1="suspended",
        )
    )
    assert found.to_dict() == {"a": "accepted", "b": "in_progress", "c": "not_started", "d": "accepted", "e": "other"}


def test_plan_against_done_by_number_and_by_area() -> None:
    sites = mines(a_1="county_accepted", a_2="closed", b_1="in_progress")
    row = against_targets(sites, [Target("mine_regreen", 2021, "公报", number=4)], table=TABLE).iloc[0]
    assert (row["number"], row["accepted_number"], row["in_progress_number"], row["accepted_number_pct"]) == (2, 1, 1, 25.0)
    assert row["accepted_m2"] == pytest.approx(sites["area_m2"].iloc[:2].sum())


def test_a_measure_without_a_target_has_none_rather_than_nought() -> None:
    rows = against_targets(four_sites(), [Target("hill_closure", 2021, "公报", area_m2=3e6)], table=TABLE).set_index("measure")
    assert rows.loc["hill_closure", "sited_pct"] == pytest.approx(100 * four_sites()["area_m2"][:2].sum() / 3e6)
    assert rows.loc["afforestation", ["target_m2", "target_number", "sited_pct"]].isna().all()
    assert "mine_regreen" not in rows.index


def test_every_site_is_in_one_row_whatever_has_a_target() -> None:
    sites = pd.concat([four_sites(), mines(a_1="county_accepted", b_1="in_progress")], ignore_index=True)
    for targets in ([], [Target("hill_closure", 2020, "x", area_m2=1.0)], [Target("mine_regreen", 2021, "x", number=9)]):
        assert against_targets(sites, targets, table=TABLE)["number"].sum() == 5


def test_a_second_target_of_mines_does_not_count_the_list_again() -> None:
    sites = mines(a_1="county_accepted", b_1="in_progress")
    rows = against_targets(sites, [Target("mine_regreen", 2021, "x", number=2), Target("mine_regreen", 2022, "y", number=5)], table=TABLE)
    assert rows[["plan_year", "number", "accepted_number"]].values.tolist() == [[2021, 2, 1], [2022, 0, 0]]


def test_a_mine_without_a_number_is_a_mine_by_itself() -> None:
    rows = [
        {"measure": "矿区复绿", "status": status, "plan_year": 2021, "geometry": square(column)}
        for column, status in enumerate(("county_accepted", "county_accepted", "planned"))
    ]
    sites = conform(sites_frame(*rows))
    assert totals(sites, by=[]).whole["mines"] == 3
    assert sorted(mine_states(sites)) == ["accepted", "accepted", "not_started"]


def test_only_a_sites_frame_whose_areas_are_those_of_its_boundaries_is_summed() -> None:
    sites = four_sites()
    for wrong in (sites.drop(columns="counted"), sites.to_crs(4523), sites.assign(area_m2=1.0)):
        with pytest.raises(BadRequest, match="conform"):
            totals(wrong)
    moved = sites.assign(geometry=sites.geometry.translate(360 - 200, 0))
    wide = sites.assign(geometry=sites.geometry.scale(3000, 1))
    for wrong in (wide, moved.assign(geometry=moved.geometry.scale(0.5, 1))):
        with pytest.raises(BadRequest):
            totals(wrong)


def test_what_a_column_of_areas_says_does_not_count() -> None:
    plain, said = four_sites(), conform(four_sites().assign(area_m2=1.0))
    assert said["area_m2"].tolist() == plain["area_m2"].tolist()
    crossing = shapely.Polygon([(105, 25), (105.002, 25.001), (105.002, 25), (105, 25.001)])
    bow_ties = conform(sites_frame(*({"measure": "人工造林", "status": "施工中", "geometry": crossing} for _ in range(2))))
    whole = totals(bow_ties, by=[]).whole
    assert whole["land_m2"] == pytest.approx(whole["task_m2"] / 2, abs=0.01)


def test_an_index_may_be_anything_and_a_grouping_one_word_in_chinese() -> None:
    sites = four_sites()
    doubled = sites.set_axis([7, 7, "x", "x"])
    assert totals(doubled, by="乡镇").rows["task_m2"].tolist() == totals(sites, by=["town"]).rows["task_m2"].tolist()
