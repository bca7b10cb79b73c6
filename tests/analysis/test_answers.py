"""Questions of any frame: areas, overlaps, findings, plan against done; and strangers' files."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import restoration as rs
from restoration.analysis.conforming import with_unknown
from restoration.errors import BadRequest, UnknownName
from restoration.lifecycle import table
from restoration.maps.legend import legend_of
from tests.conftest import NOT_BESIDE, SHARED
from tests.making import sites_frame, square

STRANGERS = sorted(path for path in SHARED.glob("data/**/*") if path.suffix in (".geojson", ".gpkg", ".zip"))


def owners() -> gpd.GeoDataFrame:
    return sites_frame(
        {"owner": "甲", "geometry": square(0)}, {"owner": "甲", "geometry": square(0.5)}, {"owner": "乙", "geometry": square(5)}
    )


def test_areas_by_a_column_of_ones_own_are_those_of_each_group_alone() -> None:
    table = rs.areas(owners(), by="owner").set_index("owner")
    for owner, own in owners().groupby("owner"):
        alone = rs.areas(own).iloc[0]
        assert table.loc[str(owner), "task_m2"] == pytest.approx(alone["task_m2"], abs=1e-6)
        assert table.loc[str(owner), "land_m2"] == pytest.approx(alone["land_m2"], abs=1e-6)
    whole = rs.areas(owners()).iloc[0]
    assert whole["task_m2"] - whole["land_m2"] == pytest.approx(rs.overlaps(owners())["area_m2"].sum(), abs=0.01)


def test_groups_of_the_frame_go_with_groups_of_ones_own() -> None:
    own = owners().assign(措施=["人工造林", "封山育林", "人工造林"], sites=1)
    table = rs.areas(own, by=["owner", "措施"], unit="ha")
    assert table[["owner", "措施"]].values.tolist() == [["乙", "人工造林"], ["甲", "人工造林"], ["甲", "封山育林"]]
    assert rs.areas(own, by="measure")["measure"].tolist() == ["afforestation", "hill_closure"]
    assert rs.areas(own, by="town")["town"].tolist() == [""]


def test_a_column_that_was_added_to_a_sites_frame_makes_groups_and_so_does_any_of_its_own() -> None:
    frame = rs.conform(owners()).assign(owner=["甲", "甲", "乙"], species=["", "杉木", "杉木"])
    assert rs.areas(frame, by="owner")["sites"].tolist() == [1, 2]
    assert rs.areas(frame, by=["owner", "species"])["species"].tolist() == ["杉木", "", "杉木"]


def test_a_group_that_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(BadRequest, match=r"(?s)ownr.*owner"):
        rs.areas(owners(), by="ownr")
    with pytest.raises(UnknownName, match="acre"):
        rs.areas(owners(), unit="acre")


def test_a_projection_or_another_index_changes_nothing() -> None:
    moved = owners().set_index(pd.Index(["x", "y", "z"])).to_crs(4523)
    assert rs.area_m2(moved).index.tolist() == ["x", "y", "z"]
    assert rs.area_m2(moved).to_numpy() == pytest.approx(rs.area_m2(owners()).to_numpy(), abs=0.01)


def test_a_frame_whose_boundaries_were_changed_is_to_be_conformed_again() -> None:
    frame = rs.conform(owners())
    frame.geometry = frame.geometry.scale(0.5, 0.5)
    with pytest.raises(BadRequest, match="conform"):
        rs.areas(frame)
    assert rs.areas(rs.conform(frame))["task_m2"].iloc[0] == pytest.approx(rs.areas(owners())["task_m2"].iloc[0] / 4, rel=1e-4)


def test_findings_are_points_with_words() -> None:
    with rs.speaking("en"):
        found = rs.check(owners())
    assert found.crs == "EPSG:4490"
    row = found[found["code"] == "S201"].iloc[0]
    assert [row["level"], row["site_id"], row["other_site_id"]] == ["error", "#1", "#2"]
    assert "measure unknown" in row["message"]
    assert shapely.covers(owners().union_all(), row["geometry"])


def test_plan_against_done_takes_a_frame_of_targets() -> None:
    own = owners().assign(measure="人工造林", status="县级验收合格", plan_year=2021)
    plan = pd.DataFrame({"measure": ["人工造林"], "plan_year": [2021], "target_number": [4]})
    row = rs.progress(own, plan, by=[]).iloc[0]
    assert [row["number"], row["accepted_number"], row["accepted_number_pct"]] == [3, 3, 75]
    assert np.isnan(row["target_m2"])
    assert rs.against_targets(own, plan)["accepted_number"].tolist() == [3]
    with pytest.raises(BadRequest, match="plan_year"):
        rs.progress(own, plan.drop(columns="plan_year"))
    with pytest.raises(BadRequest, match="target_m2"):
        rs.progress(own, plan.drop(columns="target_number"))


def test_maps_and_figures_say_that_a_measure_is_unknown() -> None:
    with rs.speaking("en"):
        sheet = rs.figure(owners())
        assert "measure unknown" in [text.get_text() for axes in sheet.axes for text in axes.texts]
        assert "measure unknown" in [row["label"] for row in legend_of(rs.conform(owners()), table=with_unknown(table()))["measures"]]


@pytest.mark.skipif(not SHARED.exists(), reason=NOT_BESIDE)
@pytest.mark.parametrize("path", STRANGERS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio")
@pytest.mark.filterwarnings("ignore::restoration.DataWarning")
def test_a_strangers_file_is_counted_checked_and_drawn(path: Path, tmp_path: Path) -> None:
    try:
        frame = gpd.read_file(path)
    except Exception:  # noqa: BLE001 - whatever GDAL says of a file that is none
        with pytest.raises(rs.RestorationError):
            rs.read(path)
        return
    table = rs.areas(frame, unit="ha").iloc[0]
    assert table["sites"] == len(frame)
    assert 0 < table["land_ha"] <= table["task_ha"] + 1e-9
    assert table["task_ha"] == pytest.approx(rs.area_m2(frame).sum() / 10_000, rel=1e-9)
    assert set(rs.check(frame)["site_id"]) <= {*rs.conform(frame)["site_id"]}
    assert rs.maps.save(rs.map(frame), tmp_path / "map.html").stat().st_size > 100_000


def test_two_frames_are_compared_by_the_numbers_of_their_sites_and_never_by_rows() -> None:
    shapes = [square(2.0 * step) for step in range(3)]
    own = gpd.GeoDataFrame({"小班号": ["1", "2", "3"], "措施": "人工造林"}, geometry=shapes, crs=4490)
    found = rs.bridge(own, own.drop(index=1))
    assert found.sites[["line", "site_id"]].to_numpy().tolist() == [["gone", "2"]]
    assert found.whole["area_m2"].iloc[:-1].sum() == pytest.approx(found.whole["area_m2"].iloc[-1], abs=1e-6)
    for unnumbered in (own.drop(columns="小班号"), own.assign(小班号=["1", "1", "2"]), own.assign(小班号=["1", "", "2"])):
        with pytest.raises(BadRequest, match="site_id"):
            rs.bridge(own, unnumbered)
