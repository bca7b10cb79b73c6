"""A frame that was changed half-way, or is on another datum, gives no figure that is wrong without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.patches import Rectangle

import restoration as rs
from restoration import sample
from restoration.errors import BadRequest, UnknownName
from tests.making import sites_frame, square

OLD_DATUMS = (4214, 4555, 4610)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> rs.Records:
    return rs.open(sample.build(tmp_path_factory.mktemp("sample")).project.path)


@pytest.fixture(scope="module")
def sites(project: rs.Records) -> gpd.GeoDataFrame:
    return project.sites(as_of="2021-12-31")


ASKED: dict[str, Callable[[Any], Any]] = {
    "areas": rs.areas,
    "totals": rs.totals,
    "progress": lambda frame: rs.progress(frame, []),
    "bridge": lambda frame: rs.bridge(frame, frame),
    "closing": rs.closing,
    "mine_states": rs.mine_states,
    "overlaps": rs.overlaps,
    "overlap_statement": rs.overlap_statement,
    "check": rs.check,
    "check_results": rs.check_results,
    "map": rs.map,
    "figure": rs.figure,
    "inside": lambda frame: rs.inside(frame, gpd.GeoDataFrame(geometry=[shapely.box(105, 25, 106, 26)], crs=4490)),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    "changed",
    [
        lambda sites: sites.explode(ignore_index=True).pipe(lambda rows: pd.concat([rows, rows[:1]])),
        lambda sites: sites.set_geometry(sites.geometry.scale(0.5, 0.5)),
        lambda sites: sites.assign(status="cancelled"),
        lambda sites: sites.assign(status="foo"),
        lambda sites: sites.assign(measure="封山育林"),
        lambda sites: sites.assign(counted=True),
    ],
    ids=["rows twice", "shrunk", "struck off", "no status", "label for code", "counted again"],
)
def test_a_sites_frame_that_was_changed_half_way_is_refused(
    sites: gpd.GeoDataFrame, asked: Callable[[Any], Any], changed: Callable[[Any], Any]
) -> None:
    with pytest.raises((BadRequest, UnknownName)):
        asked(changed(sites))


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_any_polygons_are_an_answer_and_what_is_no_frame_is_told(asked: Callable[[Any], Any]) -> None:
    own = sites_frame({"小班号": "1", "geometry": square(0)}, {"小班号": "2", "geometry": square(5)})
    assert asked(own) is not None
    for wrong in (own.geometry, pd.DataFrame({"a": [1]}), [1], "a.shp", own.set_crs(None, allow_override=True)):
        with pytest.raises(BadRequest):
            asked(wrong)


def test_what_was_struck_off_stays_so_without_its_status(sites: gpd.GeoDataFrame) -> None:
    few = sites[["site_id", "measure", "mine_id", "town", "counted", "geometry"]]
    assert rs.areas(few)["task_m2"].iloc[0] == pytest.approx(rs.areas(sites)["task_m2"].iloc[0], abs=0.01)
    assert rs.areas(few)["sites"].iloc[0] == 99
    by_hand = sites.assign(counted=sites["counted"] & (sites["town"] != "鲁屯镇"))
    assert rs.areas(by_hand)["sites"].iloc[0] == int(by_hand["counted"].sum())
    with pytest.warns(rs.DataWarning, match="mine_id"):
        rs.areas(few.drop(columns="mine_id"))


def test_a_frame_may_be_given_by_its_name_and_one_that_is_missing_is_told_as_python_does() -> None:
    own = sites_frame({"geometry": square(0)})
    assert rs.totals(sites=own).whole["sites"] == rs.closing(sites=own).sites.shape[0] == 1
    for asked in (rs.totals, rs.closing, rs.mine_states):
        with pytest.raises(TypeError, match="sites"):
            asked()  # type: ignore[call-arg]


def test_an_offices_own_words_are_asked_for(sites: gpd.GeoDataFrame) -> None:
    for changed in (sites.assign(status="foo"), sites.assign(status="cancelled")):
        with pytest.raises((BadRequest, UnknownName), match=r"table=project\.table"):
            rs.areas(changed)


def test_a_changed_status_counts_once_the_frame_is_conformed(sites: gpd.GeoDataFrame) -> None:
    changed = sites.assign(status="cancelled").drop(columns=["layer", "group", "counted"])
    assert rs.areas(rs.conform(changed))["sites"].iloc[0] == 0


def test_a_layer_of_ones_own_makes_groups() -> None:
    own = sites_frame({"layer": "甲", "group": 1, "geometry": square(0)}, {"layer": "乙", "group": 2, "geometry": square(5)})
    assert rs.areas(own, by="layer")["layer"].tolist() == ["乙", "甲"]
    assert rs.areas(own, by="group")["group"].tolist() == [1, 2]
    with pytest.raises(BadRequest, match="sites"):
        rs.areas(own.assign(sites=1), by="sites")
    keyed = rs.areas(own.assign(size_m2=[15.0, 30.0]), by="size_m2", unit="mu")
    assert keyed["size_m2"].tolist() == [15.0, 30.0]


@pytest.mark.parametrize("code", OLD_DATUMS)
def test_an_old_datum_is_refused_and_one_with_its_parameters_is_shifted(code: int, sites: gpd.GeoDataFrame) -> None:
    own = sites_frame({"geometry": square(0)}).set_crs(code, allow_override=True)
    region = gpd.GeoDataFrame(geometry=[shapely.box(105, 25, 105.05, 25.1)], crs=code)
    for call in (
        lambda: rs.areas(own), lambda: rs.area_m2(own), lambda: rs.conform(own), lambda: rs.inside(sites, region),
        lambda: rs.check(sites, references={"county": region}), lambda: rs.map(sites, outline=region),
        lambda: rs.figure(sites, outline=region),
    ):  # fmt: skip
        with pytest.raises(BadRequest, match="2000"):
            call()


def test_parameters_of_ones_own_are_honoured() -> None:
    bound = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs"
    own = gpd.GeoDataFrame(geometry=[shapely.box(105.1, 25.1, 105.102, 25.102)], crs=bound)
    moved = rs.conform(own).geometry.iloc[0].centroid
    right = own.to_crs(4326).geometry.iloc[0].centroid
    assert moved.distance(right) < 1e-9
    assert moved.distance(own.geometry.iloc[0].centroid) > 1e-4


def test_degrees_that_are_called_metres_are_refused() -> None:
    with pytest.raises(BadRequest, match="Mercator"):
        rs.areas(sites_frame({"geometry": square(0)}).set_crs(3857, allow_override=True))


def test_a_clock_that_is_none_is_told(project: rs.Records) -> None:
    for call in (
        lambda: project.sites(as_of="2021-06-30", clock="Field"),  # type: ignore[arg-type]
        lambda: project.bridge("2021-06-30", "2021-12-31", clock="foo"),  # type: ignore[arg-type]
        lambda: project.progress_by_month(clock="foo"),  # type: ignore[arg-type]
    ):
        with pytest.raises(UnknownName, match="office"):
            call()


def test_days_may_be_written_in_any_way(project: rs.Records, sites: gpd.GeoDataFrame) -> None:
    for day in ("2021-12-31", np.datetime64("2021-12-31"), pd.Timestamp(2021, 12, 31)):
        assert len(project.sites(as_of=day)) == 100
        assert rs.map(sites[:3], as_of=day).get_bounds()
        assert len(rs.check(sites[:3], today=day))
        assert project.bridge(day, day).whole["line"].tolist() == ["opening", "closing"]
    for wrong in (2021, "去年"):
        with pytest.raises(BadRequest):
            project.sites(as_of=wrong)  # type: ignore[arg-type]


def test_targets_in_another_unit_are_the_same_targets(project: rs.Records, sites: gpd.GeoDataFrame) -> None:
    targets = project.targets()
    same = rs.against_targets(sites, targets.in_unit("mu"))
    assert same["sited_pct"].tolist() == pytest.approx(rs.against_targets(sites, targets)["sited_pct"].tolist(), nan_ok=True)
    for wrong in (targets.assign(plan_year=None), targets.assign(target_m2=-1.0)):
        with pytest.raises(BadRequest):
            rs.against_targets(sites, wrong)


def test_what_a_cell_says_is_read_as_an_import_reads_it() -> None:
    told = {"上报面积(亩)": ["1,200", "2公顷", "-1", "inf"], "成活率": ["85%", "0.9", "900", ""], "年度": ["2021年", "2021.5", "20", "inf"],
            "封育日期": [pd.Timestamp(2020, 1, 1), "2020.2.3", "去年", None]}  # fmt: skip
    own = gpd.GeoDataFrame(told, geometry=[square(at) for at in range(4)], crs=4490)
    with pytest.warns(rs.DataWarning):
        frame = rs.conform(own, fields={"closure_on": "封育日期"})
    assert frame["reported_m2"].round(1).tolist() == pytest.approx([800_000.0, 20_000.0, np.nan, np.nan], nan_ok=True)
    assert frame["survival_pct"].tolist() == pytest.approx([85.0, 0.9, np.nan, np.nan], nan_ok=True)
    assert frame["plan_year"].astype("float64").tolist() == pytest.approx([2021, np.nan, np.nan, np.nan], nan_ok=True)
    assert frame["closure_on"].tolist() == ["2020-01-01", "2020-02-03", "", ""]


def test_two_columns_of_one_meaning_are_told_and_two_of_one_name_refused() -> None:
    own = gpd.GeoDataFrame({"上报面积(亩)": [15], "上报面积(公顷)": [2]}, geometry=[square(0)], crs=4490)
    with pytest.warns(rs.DataWarning, match="公顷"):
        rs.conform(own)
    double = gpd.GeoDataFrame(pd.DataFrame([["a", "b"]], columns=["x", "x"]), geometry=[square(0)], crs=4490)
    with pytest.raises(BadRequest, match="x"):
        rs.conform(double)


def test_rows_without_ground_and_broken_ones_are_told_and_mended_ones_proposed() -> None:
    bow = shapely.Polygon([(105.1, 25.1), (105.102, 25.102), (105.102, 25.1), (105.1, 25.102)])
    own = gpd.GeoDataFrame(geometry=[None, shapely.Polygon(), bow, square(5)], crs=4490)
    with pytest.warns(rs.DataWarning) as told:
        rs.areas(own)
    assert [str(one.message)[0] for one in told] == ["2", "1"]
    assert "repairs" in str(told[1].message)
    assert rs.repairs(own)["verdict"].tolist() == ["unmended", "unmended", "ready"]


def test_an_index_with_a_name_is_kept_and_what_parquet_cannot_hold_is_told(tmp_path: Path) -> None:
    own = sites_frame({"owner": "甲", "geometry": square(0)}, {"owner": "乙", "geometry": square(5)})
    assert rs.read(rs.to_parquet(own.set_index("owner"), tmp_path / "a.parquet"))["owner"].tolist() == ["甲", "乙"]
    assert "index" not in rs.read(rs.to_parquet(own[1:], tmp_path / "b.parquet")).columns
    rs.to_parquet(own[1:], tmp_path / "a.parquet", replace=True)
    assert len(rs.read(tmp_path / "a.parquet")) == 1
    for wrong in (own.assign(mixed=[1, "x"]), own.assign(bbox=1), rs.area_m2(own)):
        with pytest.raises(BadRequest):
            rs.to_parquet(cast(pd.DataFrame, wrong), tmp_path / "c.parquet")
    assert not (tmp_path / "c.parquet").exists()


def test_a_project_is_no_file_of_polygons(project: rs.Records) -> None:
    with pytest.raises(BadRequest, match=r"restoration\.open"):
        rs.read(project.path)


def test_charts_leave_out_what_was_struck_off() -> None:
    frame = pd.DataFrame({"plan_year": 2021, "species": "杉木", "survival_pct": [80.0, 0.0], "area_m2": 1e4, "counted": [True, False]})
    assert list(np.asarray(rs.charts.survival(frame).lines[-1].get_ydata())) == [80.0]
    closures = pd.DataFrame({"closure_on": ["2016-03-01", "2016-03-01", ""], "closure_years": [5, 5, 5], "group": "accepted",
                             "counted": [True, False, True]})  # fmt: skip
    axes = rs.charts.closures(closures, as_of=pd.Timestamp(2021, 3, 1).date())
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_height()]
    assert [(bar.get_x(), bar.get_height()) for bar in bars] == [(0.0, 1.0)]
    assert "1 " in axes.get_title(loc="left")


def test_a_frame_that_was_conformed_has_no_numbers_to_compare_it_by_unless_its_source_had() -> None:
    shapes = [square(2.0 * at) for at in range(3)]
    numbered = gpd.GeoDataFrame({"小班号": ["1", "2", "3"]}, geometry=shapes, crs=4490)
    found = rs.bridge(rs.conform(numbered), rs.conform(numbered[1:]))
    assert found.sites[["line", "site_id"]].to_numpy().tolist() == [["gone", "1"]]
    plain = rs.conform(numbered[["geometry"]])
    assert plain["site_id"].tolist() == ["#1", "#2", "#3"]
    with pytest.raises(BadRequest, match="site_id"):
        rs.bridge(plain, plain)
    mixed = rs.bridge(numbered.assign(site_id=["X", "Y", "Z"]), numbered[1:])
    assert mixed.sites[["line", "site_id"]].to_numpy().tolist() == [["gone", "1"]]


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_gaps_of_a_merge_and_numbers_that_are_none_do_no_harm(sites: gpd.GeoDataFrame) -> None:
    merged = sites.assign(town=sites["town"].where(sites["town"] != "鲁屯镇"))
    assert merged["town"].isna().any()
    assert rs.areas(merged, by="town")["sites"].sum() == 99
    assert rs.map(merged).get_bounds()
    broken = shapely.Polygon([(105.1, 25.1), (float("nan"), 25.2), (105.2, 25.2)])
    with pytest.warns(rs.DataWarning):
        assert rs.map(gpd.GeoDataFrame(geometry=[broken, square(0)], crs=4490)).get_bounds()
