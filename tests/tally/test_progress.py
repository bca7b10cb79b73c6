"""Plan against done by any grouping: the sums, the rates, and what they leave open."""

from __future__ import annotations

from datetime import date
from math import isnan, nan
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import lifecycle
from restoration.errors import UnknownName
from restoration.frame import conform
from restoration.model import Target
from restoration.tally import BY, against_targets, mine_states, month_ends, progress, series
from tests.making import sites_frame, square

TABLE = lifecycle.table()
SQUARE = square(0)
TARGETS = (Target("hill_closure", 2021, "公报", area_m2=200_000.0), Target("mine_regreen", 2021, "公报", number=4))
KNOWN, TYPED = ("sites", "task_m2", "accepted_m2"), ("reported_m2", "verified_m2", "qualified_m2", "preserved_m2")
"""What adds up whatever the grouping: from nought, or from unknown. Numbers do so less the mines that lie in several groups."""


def sites_of(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Sites of 2021 in 龙广镇 with an area of 50 000 m² each, whatever their square is, and what a row says otherwise."""
    usual = {"plan_year": 2021, "town": "龙广镇", "area_m2": 50_000.0, "measure": "hill_closure", "geometry": SQUARE}
    typed = dict.fromkeys(("reported_m2", "verified_m2", "qualified_m2", "preserved_m2"), nan)
    filled = [{**usual, **typed, "site_id": f"S{number}", **row} for number, row in enumerate(rows)]
    return conform(sites_frame(*filled)).assign(area_m2=[float(str(row["area_m2"])) for row in filled])


def one_of_each() -> gpd.GeoDataFrame:
    """Three closures of 2021, one of 2016, a planting without a target, a mine of two polygons in two towns, one site struck off."""
    return sites_of(
        {"status": "county_accepted", "reported_m2": 50_000.0, "verified_m2": 40_000.0, "qualified_m2": 30_000.0},
        {"status": "in_progress", "reported_m2": 10_000.0},
        {"status": "designed", "verified_m2": 60_000.0, "qualified_m2": 10_000.0},
        {"status": "closed", "plan_year": 2016, "qualified_m2": 40_000.0, "preserved_m2": 30_000.0, "area_m2": 45_000.0},
        {"status": "suspended", "measure": "afforestation", "town": "德卧镇"},
        {"status": "county_accepted", "measure": "mine_regreen", "mine_id": "甲矿"},
        {"status": "works_done", "measure": "mine_regreen", "mine_id": "甲矿", "town": "德卧镇"},
        {"status": "cancelled", "reported_m2": 1e6, "verified_m2": 1e6, "qualified_m2": 1e6},
    )


def row_of(found: pd.DataFrame, *key: object) -> dict[str, float]:
    (row,) = [record for record in found.to_dict("records") if tuple(record.values())[: len(key)] == key]
    return {str(name): value for name, value in row.items()}


def test_figures_of_a_group_worked_out_by_hand() -> None:
    found = row_of(progress(one_of_each(), TARGETS, table=TABLE).rows, "hill_closure", 2021)
    assert {name: value for name, value in found.items() if value == value and name not in ("measure", "plan_year")} == pytest.approx(
        {
            "target_m2": 200_000, "sites": 3, "number": 3, "begun_number": 2, "in_progress_number": 1, "accepted_number": 1,
            "task_m2": 150_000, "reported_m2": 60_000, "verified_m2": 100_000, "qualified_m2": 40_000, "accepted_m2": 50_000,
            "sited_pct": 75.0,  # 150 of 200
            "completion_pct": 20.0,  # 40 of 200
            "accepted_pct": 25.0,  # 50 of 200
            "accepted_number_pct": 100 / 3,  # one of three; there is no target in numbers
            "verified_pct": 80.0,  # 40 of 50, of the one site that has both
            "qualified_pct": 40.0,  # 30 + 10 of 40 + 60; the mean of the two rates would be 45.8
            "reported_qualified_pct": 60.0,  # 30 of 50, of the one site that has both
        }
    )  # fmt: skip


def test_the_whole_sets_against_a_target_only_what_it_is_about() -> None:
    whole = progress(one_of_each(), TARGETS, by=[], table=TABLE).whole
    assert (whole["task_m2"], whole["sites"], whole["number"], whole["accepted_number"]) == (345_000, 7, 6, 2)
    assert whole["sited_pct"] == pytest.approx(75)  # the closures of 2021 alone
    assert whole["completion_pct"] == pytest.approx(20)
    assert whole["accepted_number_pct"] == pytest.approx(100 * 2 / (4 + 5))  # four mines planned, five sites that no number is planned for
    assert whole["preserved_pct"] == pytest.approx(75)  # 30 of 40, of the one site that has both


def test_a_mine_is_one_in_every_group_and_accepted_only_as_a_whole() -> None:
    found = progress(one_of_each(), TARGETS, by=["town"], table=TABLE)
    assert found.rows[["town", "number", "accepted_number", "in_progress_number"]].values.tolist() == [
        ["德卧镇", 2, 0, 1],
        ["龙广镇", 5, 2, 2],
    ]
    assert (found.shared_number, found.left_out, found.is_planned) == (1, 1, False)
    mines = row_of(progress(one_of_each(), TARGETS, table=TABLE).rows, "mine_regreen", 2021)
    assert (mines["sites"], mines["number"], mines["task_m2"], mines["accepted_m2"]) == (2, 1, 100_000, 0)
    assert mines["accepted_number_pct"] == 0.0
    assert mine_states(one_of_each()).to_dict() == {"甲矿": "in_progress"}


def test_a_target_is_of_no_town_and_of_the_whole_all_the_same() -> None:
    found = progress(one_of_each(), TARGETS, by=["measure", "town"], table=TABLE)
    assert found.rows[["target_m2", "target_number", "sited_pct", "completion_pct", "accepted_pct"]].isna().all(axis=None)
    assert row_of(found.rows, "hill_closure", "龙广镇")["accepted_number_pct"] == pytest.approx(100 * 2 / 4)
    assert (found.whole["target_m2"], found.whole["target_number"]) == (200_000, 4)


def test_a_target_without_a_site_has_a_row() -> None:
    found = row_of(progress(one_of_each(), [Target("low_yield", 2022, "x", area_m2=9e4)], table=TABLE).rows, "low_yield", 2022)
    assert (found["target_m2"], found["number"], found["task_m2"], found["sited_pct"]) == (90_000, 0, 0, 0)
    assert isnan(found["qualified_m2"])
    assert isnan(found["completion_pct"])


def test_unknown_and_nought_divide_nothing() -> None:
    sites = sites_of({"status": "designed", "reported_m2": 0.0, "verified_m2": 5.0, "qualified_m2": nan})
    whole = progress(sites, [Target("hill_closure", 2021, "x", area_m2=0.0)], by=[], table=TABLE).whole
    rates = ("sited_pct", "completion_pct", "accepted_pct", "verified_pct", "qualified_pct", "reported_qualified_pct", "preserved_pct")
    assert all(isnan(whole[name]) for name in rates)
    assert whole["accepted_number_pct"] == 0.0


def test_no_sites_and_no_targets() -> None:
    found = progress(one_of_each()[:0], [], table=TABLE)
    assert (len(found.rows), found.whole["number"], found.whole["task_m2"]) == (0, 0, 0)
    assert (len(mine_states(one_of_each()[:0])), len(against_targets(one_of_each()[:0], [], table=TABLE))) == (0, 0)
    assert isnan(found.whole["target_m2"])
    assert isnan(found.whole["accepted_number_pct"])


def test_an_unknown_year_is_a_group_of_its_own() -> None:
    found = progress(sites_of({"status": "closed", "plan_year": pd.NA}, {"status": "closed"}), TARGETS[:1], table=TABLE).rows
    assert found["plan_year"].isna().tolist() == [False, True]
    assert found["number"].tolist() == [1, 1]


def test_a_year_keeps_the_mines_of_its_own_and_a_measure_its_whole_list() -> None:
    mine = {"status": "closed", "measure": "mine_regreen"}
    sites = sites_of({**mine, "mine_id": "甲"}, {**mine, "mine_id": "乙", "plan_year": 2020})
    by_year = progress(sites, TARGETS[1:], table=TABLE).rows
    assert by_year[["plan_year", "accepted_number_pct"]].values.tolist() == [[2020, 100.0], [2021, 25.0]]
    assert progress(sites, TARGETS[1:], by=["measure"], table=TABLE).rows["accepted_number_pct"].tolist() == [50.0]


def test_an_offices_own_table_says_what_is_accepted(tmp_path: Path) -> None:
    own = tmp_path / "lifecycle.toml"
    builtin = (Path(lifecycle.__file__).parent / "data" / "lifecycle.toml").read_text(encoding="utf-8")
    own.write_text(builtin.replace('counts_as = "in_progress"', 'counts_as = "accepted"'), encoding="utf-8")
    sites = one_of_each()
    assert progress(sites, [], by=[], table=lifecycle.table(own)).whole["accepted_number"] == 4
    assert mine_states(sites, table=lifecycle.table(own)).to_dict() == {"甲矿": "accepted"}


def test_rows_follow_the_lifecycle_and_the_years() -> None:
    rows = progress(one_of_each(), TARGETS, table=TABLE).rows
    assert rows[["measure", "plan_year"]].values.tolist() == [
        ["hill_closure", 2016], ["hill_closure", 2021], ["afforestation", 2021], ["mine_regreen", 2021]
    ]  # fmt: skip


def test_a_row_says_what_plan_against_done_says() -> None:
    plan = against_targets(one_of_each(), TARGETS, table=TABLE)
    shared = [name for name in plan.columns if name != "source"]
    key = ["measure", "plan_year"]
    rows = progress(one_of_each(), TARGETS, table=TABLE).rows
    pd.testing.assert_frame_equal(plan[shared].sort_values(key, ignore_index=True), rows[shared].sort_values(key, ignore_index=True))


def test_an_unknown_grouping_is_told() -> None:
    with pytest.raises(UnknownName, match="layer"):
        progress(one_of_each(), [], by=["colour"], table=TABLE)


AREA = st.one_of(st.just(nan), st.floats(0, 1e6))
SITE = st.fixed_dictionaries(
    {
        "measure": st.sampled_from(sorted(TABLE.measures)), "status": st.sampled_from(sorted(TABLE.statuses)),
        "plan_year": st.sampled_from([2020, 2021]), "town": st.sampled_from(["龙广镇", "德卧镇", ""]),
        "mine_id": st.sampled_from(["甲", "乙", ""]), "area_m2": st.floats(1, 1e6),
        "reported_m2": AREA, "verified_m2": AREA, "qualified_m2": AREA, "preserved_m2": AREA,
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(SITE, min_size=1, max_size=12), st.lists(st.sampled_from(sorted(BY)), min_size=1, max_size=3, unique=True))
def test_the_groups_add_up_to_the_whole(rows: list[dict[str, object]], by: list[str]) -> None:
    found = progress(sites_of(*rows), TARGETS, by=by, table=TABLE)
    for name in (*KNOWN, *TYPED):
        assert found.rows[name].sum(min_count=int(name in TYPED)) == pytest.approx(found.whole[name], nan_ok=True), name
    assert found.rows["number"].sum() - found.shared_number == found.whole["number"]
    if found.is_planned:
        assert found.rows["target_m2"].sum() == found.whole["target_m2"]
    assert found.whole == pytest.approx(progress(sites_of(*rows), TARGETS, by=[], table=TABLE).whole, nan_ok=True)
    assert (found.rows["begun_number"] == found.rows["in_progress_number"] + found.rows["accepted_number"]).all()


def test_the_ends_of_months() -> None:
    assert month_ends(date(2021, 12, 31), date(2022, 2, 28)) == [date(2021, 12, 31), date(2022, 1, 31), date(2022, 2, 28)]
    assert month_ends(date(2021, 3, 9), date(2021, 3, 9)) == [date(2021, 3, 9)]
    assert month_ends(date(2021, 4, 1), date(2021, 3, 31)) == []


def test_a_series_has_every_group_on_every_day_and_ends_with_progress() -> None:
    sites = one_of_each()
    days = month_ends(date(2021, 1, 1), date(2021, 3, 15))
    frames = zip(days, (sites[:0], sites[:2], sites), strict=True)
    found = series(frames, TARGETS, by=["measure"], table=TABLE)
    assert found["day"].tolist() == [day for day in ("2021-01-31", "2021-02-28", "2021-03-15") for _ in range(3)]
    assert found["number"].tolist() == [0, 0, 0, 2, 0, 0, 4, 1, 1]
    assert found["target_m2"].dropna().tolist() == [200_000] * 3
    assert found["qualified_m2"].isna().tolist() == [True, True, True, False, True, True, False, True, True]
    last = progress(sites, TARGETS, by=["measure"], table=TABLE).rows
    pd.testing.assert_frame_equal(found[-3:].drop(columns="day").reset_index(drop=True), last)


def test_a_series_of_the_whole_or_of_no_days() -> None:
    sites = one_of_each()
    found = series([(date(2021, 1, 31), sites[:0]), (date(2021, 2, 3), sites)], TARGETS, table=TABLE)
    assert found[["day", "number", "accepted_m2"]].values.tolist() == [["2021-01-31", 0, 0.0], ["2021-02-03", 6, 95_000.0]]
    assert series([], TARGETS, by=["town"], table=TABLE).empty
