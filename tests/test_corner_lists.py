"""Corners written as offices write them, and read back the same to the precision of the format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import lifecycle, readers
from restoration.corner_lists import boundary_points
from restoration.errors import BadRequest
from restoration.export import export_sites
from restoration.frame import conform
from restoration.geometry import area_of_record_m2, from_plane, to_plane

from .making import parcels, project_in, run, square, state_of, taken_in, written

TABLE = lifecycle.table()
B = shapely.Polygon(
    [
        (522000.123, 2776000.456), (522431.874, 2776088.201), (522610.338, 2776402.917), (522288.009, 2776655.5), (521904.77, 2776390.225),
    ]
)  # fmt: skip


def frame(*shapes: shapely.Geometry, zone: int = 35, **columns: object) -> gpd.GeoDataFrame:
    """Sites of the house with shapes of a plane."""
    count = len(shapes)
    given_columns = {"source_id": [f"{at + 1:04}" for at in range(count)], "name": [f"第{at + 1}块" for at in range(count)], **columns}
    rows = {"measure": ["矿区复绿"] * count, "status": ["已落地上图"] * count, "plan_year": [2025] * count, **given_columns}
    ground = from_plane(np.array(shapes, dtype=object), zone)
    return conform(gpd.GeoDataFrame(rows, geometry=ground, crs=4490), table=TABLE)


def labelled(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return sites.assign(measure_label="矿区复绿", sample_label="")


def test_the_dialect_is_that_of_the_office() -> None:
    text = boundary_points(labelled(frame(B, source_id=["522328101200-0012"], name=["示例复绿地块"])), crs=None, today=date(2025, 6, 30))
    assert text.split("\r\n") == [
        "[属性描述]", "格式版本号=1.01版本", "数据产生单位=", "数据产生日期=2025-06-30", "坐标系=2000国家大地坐标系", "几度分带=3",
        "投影类型=高斯克吕格", "计量单位=米", "带号=35", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
        "6,28.9368,522328101200-0012,示例复绿地块,面,,矿区复绿,,@",
        "J1,1,2776000.456,35522000.123", "J2,1,2776088.201,35522431.874", "J3,1,2776402.917,35522610.338", "J4,1,2776655.500,35522288.009",
        "J5,1,2776390.225,35521904.770", "J1,1,2776000.456,35522000.123", "",
    ]  # fmt: skip


def test_numbers_run_on_over_the_rings_and_the_plane_may_be_another() -> None:
    ring = shapely.box(522100, 2776100, 522500, 2776500).difference(shapely.box(522200, 2776200, 522300, 2776300))
    text = boundary_points(labelled(frame(ring)), crs="EPSG:4544", today=date(2025, 6, 30))
    points = [line.split(",") for line in text.split("\r\n") if line.startswith("J")]
    assert [(point[0], point[1]) for point in points] == [
        *((f"J{at}", "1") for at in (1, 2, 3, 4, 1)),
        *((f"J{at}", "2") for at in (5, 6, 7, 8, 5)),
    ]
    assert all(len(point[3].partition(".")[0]) == 6 for point in points)
    assert "带号=35" in text


def test_a_name_breaks_neither_line_nor_field() -> None:
    text = boundary_points(labelled(frame(B, name=["甲,乙@\n丙"])), crs=None, today=date(2025, 6, 30))
    assert ",甲，乙＠ 丙,面," in text


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:2359", "EPSG:32648"])
def test_corners_are_given_in_a_zone_of_the_national_system_alone(crs: str) -> None:
    with pytest.raises(BadRequest, match="EPSG"):
        boundary_points(labelled(frame(B)), crs=crs, today=date(2025, 6, 30))


def test_sites_of_two_zones_want_a_word() -> None:
    both = gpd.GeoDataFrame(
        {"measure": ["矿区复绿"] * 2, "status": ["已落地上图"] * 2, "plan_year": [2025] * 2},
        geometry=[square(0).geoms[0], shapely.box(108, 25, 108.01, 25.01)],
        crs=4490,
    )
    sites = labelled(conform(both, table=TABLE))
    with pytest.raises(BadRequest, match="35、36"):
        boundary_points(sites, crs=None, today=date(2025, 6, 30))
    assert "带号=36" in boundary_points(sites, crs="EPSG:4524", today=date(2025, 6, 30))


CELLS = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=20)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(CELLS, min_size=1, max_size=4),
    st.sampled_from([("a.txt", None), ("a.txt", "EPSG:4544"), ("a.csv", None), ("a.csv", "EPSG:4490")]),
)
def test_what_is_written_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, grounds: list[set[tuple[int, int]]], how: tuple[str, str | None]
) -> None:
    """Any ground of squares, with holes and parts, and corners at odd fractions of a millimetre."""
    name, crs = how
    shapes = []
    for at, cells in enumerate(grounds):
        whole = shapely.union_all([shapely.box(x * 70.3217, y * 90.1713, (x + 1) * 70.3217, (y + 1) * 90.1713) for x, y in cells])
        parts = [part.buffer(-1.2345678, join_style="mitre") for part in shapely.get_parts(whole)]  # apart, so that no corner is shared
        shapes.append(shapely.transform(shapely.union_all(parts), lambda xy, at=at: xy + [520_000 + 900 * at, 2_775_000]))  # type: ignore[misc]  # noqa: RUF005
    sites = frame(*shapes)
    out = tmp_path_factory.mktemp("out") / name
    export_sites(sites, out, table=TABLE, crs=crs)
    layers, findings = readers.read(out)
    back = layers[0].rows
    assert len(layers[0].refused) == 0
    assert {finding.level for finding in findings} <= {"note"}
    assert back["地块编号"].tolist() == sites["source_id"].tolist()
    assert back["地块名称"].tolist() == sites["name"].tolist()
    for before, after in zip(to_plane(sites.geometry.array, 35), to_plane(back.geometry.array, 35), strict=True):
        assert shapely.hausdorff_distance(shapely.normalize(before), shapely.normalize(after)) < 0.0011
        assert len(shapely.get_coordinates(before)) == len(shapely.get_coordinates(after))
        assert [len(shapely.get_rings(part)) for part in shapely.get_parts(shapely.normalize(before))] == [
            len(shapely.get_rings(part)) for part in shapely.get_parts(shapely.normalize(after))
        ]


# ---------------------------------------------------------------- as a clerk does it


@pytest.mark.parametrize("name", ["out.txt", "out.csv", "out.xlsx"])
def test_an_export_comes_back_as_the_same_sites(tmp_path: Path, name: str) -> None:
    ring = square(0, side=0.004).difference(square(0.5, 0.5, side=0.001))
    project = taken_in(
        tmp_path, {"名称": "红岩", "geometry": ring}, {"名称": "白岩", "geometry": shapely.union_all([square(4), square(6)])}
    )
    said = run("export", tmp_path / name, "--project", project)
    assert said.code == 0, said.err
    again = run("import", tmp_path / name, "--measure", "人工造林", "--year", 2021, "--by", "乙", "--project", project)
    assert "新登记 0，" in again.out
    assert "未采用 0" in again.out
    before = run("area", "--project", project, "--format", "json").data()
    new = project_in(tmp_path, "new.gpkg")
    assert "新登记 2" in run("import", tmp_path / name, "--measure", "人工造林", "--year", 2021, "--by", "乙", "--project", new).out
    after = run("area", "--project", new, "--format", "json").data()
    assert after["whole"]["task_m2"] == pytest.approx(before["whole"]["task_m2"], abs=1)


@pytest.mark.parametrize(("words", "begins"), [((), b"\xef\xbb\xbf"), (("--encoding", "gbk"), "地块编号".encode("gbk"))])
def test_a_table_opens_in_excel(tmp_path: Path, words: tuple[str, ...], begins: bytes) -> None:
    project = taken_in(tmp_path, {"名称": "=cmd"})
    assert run("export", tmp_path / "a.csv", *words, "--project", project).code == 0
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(begins)
    assert b",'=cmd," in content


def test_numbers_that_are_not_one_of_each_give_way_to_those_of_the_ledger(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"小班号": "1"})
    rows = written(parcels({"小班号": "1", "geometry": square(9)}), tmp_path / "b.geojson")
    run("import", rows, "--measure", "封山育林", "--year", 2022, "--by", "甲", "--project", project)
    assert run("export", tmp_path / "a.csv", "--project", project).code == 0
    layers, _ = readers.read(tmp_path / "a.csv")
    assert sorted(layers[0].rows["地块编号"]) == ["FSYL-2022-1", "RGZL-2021-1"]
    assert sorted(layers[0].rows["年度"]) == ["2021", "2022"]


def test_what_gbk_lacks_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "𠮷"})
    before = state_of(tmp_path)
    said = run("export", tmp_path / "a.txt", "--project", project)
    assert (said.code, "--encoding utf-8" in said.err) == (2, True)
    assert state_of(tmp_path) == before
    assert run("export", tmp_path / "a.txt", "--encoding", "utf-8", "--project", project).code == 0


@pytest.mark.parametrize("name", ["out.txt", "out.csv", "out.xlsx"])
def test_no_sites_are_a_list_without_corners(tmp_path: Path, name: str) -> None:
    assert run("export", tmp_path / name, "--project", project_in(tmp_path)).code == 0


def test_the_area_in_the_head_is_that_of_record(tmp_path: Path) -> None:
    project = taken_in(tmp_path, {"名称": "红岩"})
    run("export", tmp_path / "a.txt", "--project", project)
    layers, findings = readers.read(tmp_path / "a.txt")
    area = area_of_record_m2(layers[0].rows.geometry.array)[0]
    assert float(layers[0].rows["地块面积(公顷)"].iloc[0]) == pytest.approx(area / 10_000, abs=1e-4)
    assert [finding.code for finding in findings] == ["R101"]
