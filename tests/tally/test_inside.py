"""Areas inside a boundary: by hand, by the laws that they must keep, and against an equal-area plane."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import readers, sample
from restoration.errors import BadRequest, UnknownName
from restoration.frame import conform
from restoration.geometry import area_of_record_m2, from_plane, to_plane
from restoration.overlay import land_area_m2
from restoration.tally import Inside, inside, totals
from tests.conftest import NOT_BESIDE
from tests.making import sites_frame, square

EAST, NORTH = 520_000.0, 2_775_000.0
STAR = st.tuples(st.lists(st.floats(0.15, 1), min_size=5, max_size=16), st.floats(-250, 250), st.floats(-250, 250), st.floats(20, 300))


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box so many metres from a point of the district, in the plane."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def star(radii: list[float], x: float, y: float, size: float) -> shapely.Geometry:
    """An irregular ring."""
    turn = 2 * np.pi * np.arange(len(radii)) / len(radii)
    radius = size * np.array(radii)
    return shapely.Polygon(np.column_stack([EAST + x + radius * np.cos(turn), NORTH + y + radius * np.sin(turn)]))


def in_degrees(*shapes: shapely.Geometry) -> Any:
    return from_plane(np.array(shapes, dtype=object), 35)


def sites_of(*shapes: shapely.Geometry, status: str = "sited") -> gpd.GeoDataFrame:
    """Sites S0, S1, ... of one measure."""
    rows = {"site_id": [f"S{n}" for n in range(len(shapes))], "measure": "afforestation", "status": status}
    return conform(gpd.GeoDataFrame(rows, geometry=in_degrees(*shapes), crs="EPSG:4490"))


def regions_of(*shapes: shapely.Geometry, names: list[Any] | None = None) -> gpd.GeoDataFrame:
    """Regions A, B, ... unless they have other names."""
    return gpd.GeoDataFrame({"town": names or list("ABCDEFGHI"[: len(shapes)])}, geometry=in_degrees(*shapes), crs="EPSG:4490")


def by_site(found: Inside) -> dict[tuple[str, str], float]:
    return {(row.site_id, row.region): row.inside_m2 for row in found.sites.itertuples()}


def assert_it_adds_up(found: Inside, sites: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> None:
    counted = sites[sites["counted"]]
    outside = found.outside.set_index("site_id")["outside_m2"]
    assert found.within["task_m2"] + found.beyond["task_m2"] == pytest.approx(counted["area_m2"].sum(), abs=1e-6)
    assert found.whole["task_m2"] == pytest.approx(counted["area_m2"].sum(), abs=1e-6)
    assert found.within["land_m2"] + found.beyond["land_m2"] == pytest.approx(found.whole["land_m2"], abs=1e-4)
    for name in ("task_m2", "land_m2", "region_m2"):
        assert found.regions[name].sum() - found.shared[name] == pytest.approx(found.within[name], abs=1e-6)
        assert found.shared[name] >= -1e-4
    assert (outside >= 0).all()
    each = found.sites.groupby("site_id")["inside_m2"].sum()
    for row in counted.itertuples():
        assert each.get(row.site_id, 0.0) + outside[row.site_id] >= row.area_m2 - 1e-4  # more where regions overlap
    parts = found.outside_parts.groupby("site_id")["outside_m2"].sum().reindex(outside.index, fill_value=0.0)
    assert parts.to_numpy() == pytest.approx(outside.to_numpy(), abs=1e-3)
    noise_m2 = 0.05
    assert (found.regions["land_m2"] <= found.regions["task_m2"] + noise_m2).all()
    assert (found.regions["land_m2"] <= found.regions["region_m2"] + noise_m2).all()
    plane = "+proj=aea +lat_1=24 +lat_2=26 +lon_0=105.2 +ellps=GRS80"
    all_regions, ground = regions.to_crs(plane).union_all(), counted.to_crs(plane)
    assert found.within["land_m2"] == pytest.approx(ground.union_all().intersection(all_regions).area, rel=1e-5, abs=0.3)
    assert found.within["task_m2"] == pytest.approx(ground.intersection(all_regions).area.sum(), rel=1e-5, abs=0.3)


def test_a_site_that_an_edge_halves_by_hand() -> None:
    """100 × 100 m, of which 30 × 100 m lie in A, 50 × 100 m in B, and 20 × 100 m in neither; another lies wholly in B."""
    sites = sites_of(box(0, 0, 100, 100), box(60, 200, 70, 210))
    found = inside(sites, regions_of(box(-500, -500, 30, 500), box(30, -500, 80, 500)), name="town")
    first, second = sites["area_m2"]
    assert by_site(found) == pytest.approx({("S0", "A"): 0.3 * first, ("S0", "B"): 0.5 * first, ("S1", "B"): second}, abs=1e-3)
    assert found.sites["inside_m2"].iloc[2] == second
    assert found.sites["inside_pct"].tolist() == pytest.approx([30, 50, 100], abs=1e-4)
    assert found.outside["outside_m2"].tolist() == pytest.approx([0.2 * first, 0.0], abs=1e-3)
    assert found.outside["outside_m2"].iloc[1] == 0
    (left,) = to_plane(np.asarray(found.outside_parts.geometry.array), 35)
    assert left.bounds == pytest.approx((EAST + 80, NORTH, EAST + 100, NORTH + 100), abs=1e-6)
    assert found.regions[["region", "sites", "edge_sites"]].values.tolist() == [["A", 1, 0], ["B", 2, 0]]
    assert (found.within["sites"], found.beyond["sites"], found.whole["sites"]) == (2, 1, 2)
    assert_it_adds_up(found, sites, regions_of(box(-500, -500, 30, 500), box(30, -500, 80, 500)))


def test_land_is_counted_once_in_each_region_and_in_all() -> None:
    """Two sites on one another by 40 × 100 m, of which 20 m lie in A and 20 m in B; A and B overlap by 10 m."""
    sites = sites_of(box(0, 0, 100, 100), box(60, 0, 160, 100))
    regions = regions_of(box(-500, -500, 80, 500), box(70, -500, 500, 500))
    found = inside(sites, regions, name="town")
    square_m2 = sites["area_m2"].iloc[0] / 10_000
    assert (found.regions["task_m2"] / square_m2).tolist() == pytest.approx([10_000, 12_000], abs=0.1)
    assert (found.regions["land_m2"] / square_m2).tolist() == pytest.approx([8_000, 9_000], abs=0.1)
    assert found.shared["task_m2"] / square_m2 == pytest.approx(2_000, abs=0.1)
    assert found.shared["land_m2"] / square_m2 == pytest.approx(1_000, abs=0.1)
    assert found.within["task_m2"] == sites["area_m2"].sum()
    assert found.within["land_m2"] == pytest.approx(totals(sites, by=[]).whole["land_m2"], abs=1e-4)
    assert (found.beyond["sites"], found.beyond["task_m2"], found.beyond["land_m2"], len(found.outside_parts)) == (0, 0.0, 0.0, 0)
    assert_it_adds_up(found, sites, regions)


def test_a_region_with_a_hole_and_one_of_several_polygons() -> None:
    ring = box(-500, -500, 500, 500).difference(box(0, 0, 50, 100))
    several = shapely.MultiPolygon([box(0, 0, 20, 100), box(30, 0, 50, 50)])
    sites = sites_of(box(0, 0, 100, 100))
    found = inside(sites, regions_of(ring, several), name="town")
    square_m2 = sites["area_m2"].iloc[0] / 10_000
    assert (found.sites["inside_m2"] / square_m2).tolist() == pytest.approx([5_000, 3_000], abs=0.1)
    assert found.beyond["task_m2"] / square_m2 == pytest.approx(2_000, abs=0.1)
    assert found.regions["region_m2"].tolist() == pytest.approx(area_of_record_m2(in_degrees(ring, several)).tolist(), abs=0.05)


def test_a_site_that_is_the_region_is_wholly_inside_and_a_touching_one_is_not_there() -> None:
    sites = sites_of(box(0, 0, 100, 100), box(100, 0, 200, 100), box(100, 100, 120, 120))
    found = inside(sites, regions_of(box(0, 0, 100, 100)))
    assert by_site(found) == {("S0", ""): sites["area_m2"].iloc[0]}
    assert found.outside["outside_m2"].tolist() == [0.0, *sites["area_m2"].iloc[1:]]
    assert (found.regions["sites"].tolist(), found.beyond["sites"]) == ([1], 2)
    assert found.regions["share_pct"].tolist() == pytest.approx([100], abs=1e-6)


def test_rows_of_one_name_are_one_region_and_their_common_ground_counts_once() -> None:
    """A is two boxes that overlap by 20 m and a third that touches the second; a site under all three is wholly inside."""
    regions = regions_of(box(-50, -50, 40, 150), box(20, -50, 60, 150), box(60, -50, 300, 150), names=["A", "A", "A"])
    sites = sites_of(box(0, 0, 100, 100))
    found = inside(sites, regions, name="town")
    assert by_site(found) == {("S0", "A"): sites["area_m2"].iloc[0]}
    assert found.regions["region_m2"].tolist() == pytest.approx(area_of_record_m2(in_degrees(box(-50, -50, 300, 150))).tolist(), abs=0.02)
    assert found.shared == pytest.approx({"task_m2": 0.0, "land_m2": 0.0, "region_m2": 0.0}, abs=1e-6)
    assert found.sites.geometry.iloc[0].equals(sites.geometry.iloc[0])


def test_slivers_along_a_common_edge_are_told_as_noise_and_stay_in_the_sums() -> None:
    """0.1 m of the first lie in B and 0.1 m of the second in no region; of the third 5 m."""
    sites = sites_of(box(0, 0, 100.1, 100), box(200, -0.1, 300, 100), box(400, -5, 500, 100))
    regions = regions_of(box(-500, 0, 100, 500), box(100, 0, 600, 500))
    found = inside(sites, regions, name="town")
    assert found.sites["is_edge_noise"].tolist() == [False, True, False, False]
    assert found.outside["is_edge_noise"].tolist() == [False, True, False]
    assert found.outside_parts["is_edge_noise"].tolist() == [True, False]
    assert found.regions[["sites", "edge_sites"]].values.tolist() == [[1, 0], [2, 1]]
    assert (found.beyond["sites"], found.beyond["edge_sites"], found.within["sites"]) == (1, 1, 3)
    assert found.beyond["task_m2"] == pytest.approx(510, rel=1e-3)
    assert_it_adds_up(found, sites, regions)


def test_a_region_in_metres_is_the_same_region() -> None:
    sites, regions = sites_of(box(0, 0, 100, 100)), regions_of(box(-500, -500, 30, 500))
    metres = cast(gpd.GeoDataFrame, regions.to_crs("EPSG:4523"))
    assert metres.total_bounds[0] > 35_000_000
    there, here = inside(sites, metres, name="town"), inside(sites, regions, name="town")
    assert there.sites["inside_m2"].tolist() == pytest.approx(here.sites["inside_m2"].tolist(), abs=1e-3)


def test_struck_off_sites_are_nowhere_and_without_regions_all_is_outside() -> None:
    sites = conform(
        gpd.GeoDataFrame(
            {"measure": "afforestation", "status": ["sited", "cancelled"]},
            geometry=in_degrees(box(0, 0, 100, 100), box(0, 0, 100, 100)),
            crs="EPSG:4490",
        )
    )
    found = inside(sites, regions_of(box(-9, -9, 500, 500)))
    assert (found.left_out, found.whole["sites"], found.within["task_m2"]) == (1, 1, sites["area_m2"].iloc[0])
    for regions in (regions_of(), regions_of(shapely.Point(EAST, NORTH), cast(Any, None), shapely.Polygon())):
        nothing = inside(sites, regions, name="town")
        assert (nothing.groundless, len(nothing.sites), nothing.within["task_m2"]) == (len(regions), 0, 0.0)
        assert nothing.outside["outside_m2"].tolist() == [sites["area_m2"].iloc[0]]
        assert (nothing.regions["task_m2"] == 0).all()
    empty = inside(sites[:0], regions_of(box(0, 0, 1, 1)), name="town")
    assert (empty.whole["sites"], empty.regions["task_m2"].tolist(), len(empty.outside_parts)) == (0, [0.0], 0)


def test_names_are_told_as_text_and_a_missing_one_is_blank() -> None:
    regions = regions_of(*(box(n, 0, n + 1, 1) for n in range(3)), names=[522301114.0, None, 522301114.0])
    assert inside(sites_of(box(0, 0, 9, 9)), regions, name="town").regions["region"].tolist() == ["", "522301114"]


def test_a_country_holds_its_sites_and_half_the_earth_is_refused() -> None:
    sites = sites_of(box(0, 0, 100, 100))
    for bounds in ((73, 18, 135, 54), (105.1, 0, 175, 80), (36, -20, 106, 60)):
        country = gpd.GeoDataFrame(geometry=[shapely.box(*bounds)], crs="EPSG:4326")
        assert inside(sites, country).within["task_m2"] == sites["area_m2"].iloc[0]
    with pytest.raises(BadRequest, match="360"):
        inside(sites, gpd.GeoDataFrame(geometry=[shapely.box(-180, -90, 180, 90)], crs="EPSG:4326"))


def test_a_column_or_a_crs_that_is_not_there_is_told() -> None:
    sites, regions = sites_of(box(0, 0, 100, 100)), regions_of(box(0, 0, 1, 1))
    with pytest.raises(UnknownName, match="town"):
        inside(sites, regions, name="镇")
    with pytest.raises(BadRequest, match="set_crs"):
        inside(sites, cast(gpd.GeoDataFrame, regions.set_crs(None, allow_override=True)))


@given(
    st.lists(STAR, min_size=1, max_size=5), st.lists(STAR, min_size=1, max_size=5), st.lists(st.sampled_from("AB"), min_size=5, max_size=5)
)
@settings(max_examples=40, deadline=None)
def test_the_laws_hold_whatever_lies_on_what(on: list[Any], under: list[Any], names: list[str]) -> None:
    sites, regions = sites_of(*(star(*s) for s in on)), regions_of(*(star(*s) for s in under), names=names[: len(under)])
    found = inside(sites, regions, name="town")
    assert_it_adds_up(found, sites, regions)
    turned = inside(cast(gpd.GeoDataFrame, sites[::-1]), cast(gpd.GeoDataFrame, regions[::-1]), name="town")
    assert turned.regions.drop(columns="region").to_numpy() == pytest.approx(found.regions.drop(columns="region").to_numpy(), abs=1e-4)
    assert by_site(turned) == pytest.approx(by_site(found), abs=1e-4)
    assert turned.outside["outside_m2"].to_numpy()[::-1] == pytest.approx(found.outside["outside_m2"].to_numpy(), abs=1e-4)


@pytest.fixture
def counties() -> gpd.GeoDataFrame:
    named = os.environ.get("RESTORATION_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(NOT_BESIDE)
    return readers.read(folder / "admin/xingyi_anlong_xingren_tianditu.geojson")[0][0].rows


def test_the_counties_divide_the_sample_without_a_rest(counties: gpd.GeoDataFrame, tmp_path: Path) -> None:
    sites = sample.build(tmp_path / "demo").project.sites()
    found = inside(sites, counties, name="name")
    assert_it_adds_up(found, sites, counties)
    assert set(found.regions["region"]) == {"兴义市", "安龙县", "兴仁市"}
    assert found.whole["land_m2"] == pytest.approx(totals(sites, by=[]).whole["land_m2"], abs=0.1)


def test_the_samples_outline_holds_the_sample(tmp_path: Path) -> None:
    sites = sample.build(tmp_path / "demo").project.sites()
    outline = readers.read(sample.geodata() / "outline.geojson")[0][0].rows
    found = inside(sites, outline)
    assert found.within["task_m2"] == pytest.approx(sites.loc[sites["counted"], "area_m2"].sum())
    assert found.within["land_m2"] == pytest.approx(land_area_m2(np.asarray(sites[sites["counted"]].geometry.array)), abs=0.1)


def test_a_region_with_a_corner_that_is_no_number_is_no_region() -> None:
    sites = conform(sites_frame({"measure": "人工造林", "status": "施工中", "geometry": square(0)}))
    with np.errstate(invalid="ignore"):
        broken = shapely.from_wkt("POLYGON ((105 25, 105.2 25, 105.2 NaN, 105 25.2, 105 25))")
    far = gpd.GeoDataFrame(geometry=[shapely.box(1e9, 1e9, 2e9, 2e9)], crs=32648)
    for regions in (gpd.GeoDataFrame(geometry=[broken], crs=4490), far):
        found = inside(sites, regions)
        assert (found.groundless, found.within["task_m2"]) == (1, 0.0)


def test_names_of_columns_as_they_come() -> None:
    sites = conform(sites_frame({"measure": "人工造林", "status": "施工中", "geometry": square(0)}))
    regions = gpd.GeoDataFrame({0: ["甲"], "n": [1]}, geometry=[square(0)], crs=4490)
    assert inside(sites, regions, name="0").regions["region"].tolist() == ["甲"]
    twice = gpd.GeoDataFrame(pd.concat([regions, pd.Series(["x"], name="n")], axis=1), geometry="geometry", crs=4490)
    with pytest.raises(UnknownName):
        inside(sites, twice, name="n")
