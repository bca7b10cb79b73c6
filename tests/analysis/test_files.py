"""Files in and out: what is read says what was left, and what is written comes back."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyarrow import parquet

import restoration as rs
from restoration import sample
from restoration.errors import BadRequest, CannotWrite, FileRefused, MissingExtra, UnknownName
from tests.making import parcels, run, square, taken_in, written


def test_a_contractors_gbk_shapefile_without_prj(tmp_path: Path) -> None:
    path = sample.geodata() / "gbk_shapefile" / "退化林修复2021.shp"
    with pytest.raises(FileRefused, match='请加 crs="EPSG:4523"') as refused:
        rs.read(path)
    assert "--" not in str(refused.value)
    own = rs.read(path, crs="EPSG:4523")
    assert own.attrs["encoding"].upper() == "GB18030"
    assert own["乡镇"].str.endswith(("镇", "街道")).all()
    assert rs.conform(own)["measure"].unique().tolist() == ["degraded_repair"]
    assert rs.conform(own)["reported_m2"].notna().all()
    assert rs.maps.save(rs.map(own), tmp_path / "map.html").is_file()


def test_a_row_that_is_left_is_told(tmp_path: Path) -> None:
    bad = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[square(0), None], crs=4490)
    path = written(bad, tmp_path / "a.geojson")
    with pytest.warns(rs.DataWarning, match="R121"):
        rows = rs.read(path)
    assert len(rows) == rows.attrs["refused"] == 1


def test_one_of_several_layers_is_to_be_named(tmp_path: Path) -> None:
    rows = parcels({})
    for name in ("甲", "乙"):
        rows.to_file(tmp_path / "a.gpkg", layer=name, engine="pyogrio")
    with pytest.raises(BadRequest, match="甲、乙"):
        rs.read(tmp_path / "a.gpkg")
    assert rs.read(tmp_path / "a.gpkg", layer="乙").attrs["layer"] == "乙"


def test_sites_go_to_geoparquet_and_come_back_the_same(tmp_path: Path) -> None:
    sites = rs.open(sample.build(tmp_path).project.path).sites()
    path = rs.to_parquet(sites, tmp_path / "sites.parquet")
    about = json.loads(parquet.read_metadata(path).metadata[b"geo"])
    assert about["version"] == "1.1.0"
    assert set(about["columns"]["geometry"]["covering"]["bbox"]) == {"xmin", "ymin", "xmax", "ymax"}
    assert "bbox" in parquet.read_schema(path).names
    back = rs.read(path)
    assert shapely.equals_identical(back.geometry.to_numpy(), sites.geometry.to_numpy()).all()
    pd.testing.assert_frame_equal(pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(sites.drop(columns="geometry")))
    assert rs.areas(back, by="measure").equals(rs.areas(sites, by="measure"))


def test_history_goes_to_parquet_with_and_without_boundaries(tmp_path: Path) -> None:
    records = rs.open(taken_in(tmp_path, {"上报面积(亩)": 66.66}, {}))
    back = rs.read(rs.to_parquet(records.history(), tmp_path / "history.parquet"))
    assert back["reported_m2"].tolist() == pytest.approx(records.events()["reported_m2"].tolist(), nan_ok=True, abs=0)
    plain = pd.read_parquet(rs.to_parquet(records.events(), tmp_path / "events.parquet"))
    pd.testing.assert_frame_equal(plain, pd.DataFrame(records.events()))


def test_arrow_takes_a_frame_and_gives_it_back(tmp_path: Path) -> None:
    sites = rs.open(taken_in(tmp_path, {}, {})).sites()
    again = gpd.GeoDataFrame.from_arrow(sites.to_arrow())
    assert again["area_m2"].tolist() == sites["area_m2"].tolist()
    assert again.crs == sites.crs


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=[square(0)], crs=4490)
    path = rs.to_parquet(frame, tmp_path / "a.parquet")
    with pytest.raises(CannotWrite):
        rs.to_parquet(frame, path)
    with pytest.raises(UnknownName, match="parquet"):
        rs.to_parquet(frame, tmp_path / "a.feather")
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_without_pyarrow_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restoration.export.PARQUET_LIBRARY", "no_such_library")
    with pytest.raises(MissingExtra, match=r"restoration\[parquet\]"):
        rs.to_parquet(pd.DataFrame({"a": [1]}), tmp_path / "a.parquet")
    project = taken_in(tmp_path, {})
    assert run("export", tmp_path / "b.parquet", "--project", project).code == 11


def test_staff_export_geoparquet_without_what_is_internal(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"责任单位": "某公司", "名称": "红岩"})
    assert run("export", tmp_path / "小班.parquet", "--project", project).code == 0
    names = parquet.read_schema(tmp_path / "小班.parquet").names
    assert "unit" not in names
    assert {"name", "measure_label", "status_label"} <= set(names)
    assert rs.read(tmp_path / "小班.parquet")["area_m2"].tolist() == rs.open(project).sites()["area_m2"].tolist()


def test_other_columns_stay_as_the_file_has_them(tmp_path: Path) -> None:
    own = gpd.GeoDataFrame({"plan_year": ["去年"], "counted": ["也许"], "x": [1.5]}, geometry=[square(0)], crs=4490)
    back = rs.read(rs.to_parquet(own, tmp_path / "a.parquet"))
    assert back[["plan_year", "counted", "x"]].values.tolist() == [["去年", "也许", 1.5]]
    assert np.isfinite(rs.area_m2(back)).all()
