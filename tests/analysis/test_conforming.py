"""Any GeoDataFrame as a sites frame."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from restoration import area_m2, areas, check, conform, overlaps
from restoration.errors import BadRequest, DataWarning, UnknownName
from restoration.frame import COLUMNS, require_frame
from tests.making import sites_frame, square


def test_the_headings_of_offices_are_understood_with_their_units() -> None:
    own = sites_frame(
        {"小班号": "007", "措施": "封山育林", "状态": "封育中", "年度": "2021", "上报面积(亩)": "15", "树种": "杉木", "geometry": square(0)}
    )
    made = conform(own)
    require_frame(made)
    row = made.iloc[0]
    assert [row["source_id"], row["measure"], row["status"], row["plan_year"]] == ["007", "hill_closure", "in_progress", 2021]
    assert [row["reported_m2"], row["species"], row["layer"]] == [10_000, "杉木", "desertification_control"]


def test_nothing_but_a_geometry_is_enough_and_the_rest_is_unknown() -> None:
    made = conform(gpd.GeoDataFrame(geometry=[square(0)], crs=4490))
    assert made.loc[0, ["measure", "status", "layer", "counted"]].tolist() == ["unknown", "unknown", "unknown", True]
    assert made.loc[0, "area_m2"] == pytest.approx(44_700, rel=0.01)
    assert {column.name: str(made[column.name].dtype) for column in COLUMNS} == {column.name: column.dtype for column in COLUMNS}


def test_a_measure_that_is_empty_is_unknown_and_one_that_is_not_known_is_told() -> None:
    own = sites_frame({"measure": None, "geometry": square(0)}, {"measure": "人工造林", "geometry": square(2)})
    assert conform(own)["measure"].tolist() == ["unknown", "afforestation"]
    with pytest.raises(UnknownName, match="人工造林x"):
        conform(own.assign(measure="人工造林x"))


def test_values_that_are_no_numbers_are_told_and_left_unknown() -> None:
    own = sites_frame({"年度": "去年", "geometry": square(0)}, {"年度": "2021", "geometry": square(2)})
    with pytest.warns(DataWarning, match="年度.*1 "):
        made = conform(own)
    assert made["plan_year"].isna().tolist() == [True, False]


def test_an_area_of_no_told_unit_is_never_guessed() -> None:
    own = sites_frame({"上报面积": 15.0, "geometry": square(0)})
    with pytest.warns(DataWarning, match="上报面积"):
        assert conform(own)["reported_m2"].isna().all()


def test_a_caller_says_which_column_is_what() -> None:
    own = sites_frame({"SHU": "杉木", "species": "错", "ha": 2.0, "area_ha": 3.0, "geometry": square(0)})
    made = conform(own, fields={"species": "shu", "reported_m2": "area_ha", "name": ""})
    assert made.loc[0, ["species", "reported_m2"]].tolist() == ["杉木", 30_000]
    with pytest.raises(UnknownName, match="SHUX"):
        conform(own, fields={"species": "SHUX"})
    with pytest.raises(UnknownName, match="tree"):
        conform(own, fields={"tree": "SHU"})


def test_its_argument_stays_as_it_was() -> None:
    own = sites_frame({"措施": "封山育林", "geometry": square(0)})
    before = own.copy(deep=True)
    conform(own)
    areas(own)
    pd.testing.assert_frame_equal(own, before)


@pytest.mark.parametrize("ask", [areas, area_m2, overlaps, check, conform])
def test_what_is_missing_is_named(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(BadRequest, match=r"(?s)GeoDataFrame.*read"):
        ask(pd.DataFrame({"a": [1]}))
    with pytest.raises(BadRequest, match="set_crs"):
        ask(gpd.GeoDataFrame(geometry=[square(0)]))
    with pytest.raises(BadRequest, match="set_geometry"):
        ask(gpd.GeoDataFrame({"a": [1]}))


def test_a_geometry_column_of_any_name_will_do() -> None:
    own = gpd.GeoDataFrame({"shape": [square(0)]}, geometry="shape", crs=4490)
    assert areas(own)["task_m2"].tolist() == area_m2(own).tolist()


def test_an_empty_frame_has_no_area() -> None:
    empty = gpd.GeoDataFrame({"owner": []}, geometry=[], crs=4490)
    assert areas(empty)["task_m2"].tolist() == [0.0]
    assert len(areas(empty, by="owner")) == len(overlaps(empty)) == len(check(empty)) == 0
    assert area_m2(gpd.GeoDataFrame(geometry=[shapely.Point(105, 25)], crs=4490)).isna().all()
