"""The sample data: made again it is the same, it is legal, it says that it is made up, and it holds what the bulletin says."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from restoration import geometry, lifecycle, overlay

GEODATA = Path(__file__).parents[1] / "geodata"
GEOJSON = ("desertification_control.geojson", "reforestation.geojson", "mine_sites.geojson")
SHAPEFILE = GEODATA / "gbk_shapefile" / "退化林修复2021.shp"
MU_M2 = 2000 / 3
Site = dict[str, Any]


def features(name: str) -> list[tuple[Site, BaseGeometry]]:
    raw = json.loads((GEODATA / name).read_text(encoding="utf-8"))
    return [(feature["properties"], shapely.geometry.shape(feature["geometry"])) for feature in raw["features"]]


def shapefile_sites() -> list[tuple[Site, BaseGeometry]]:
    """Its metres without the zone prefix, back in degrees; its short headings in full."""
    with fiona.open(SHAPEFILE, encoding="GBK") as layer:
        rows = [(dict(row.properties), shapely.geometry.shape(row.geometry)) for row in layer]
    plane = shapely.transform(np.array([shape for _, shape in rows]), lambda xy: xy - (35_000_000, 0))
    sites = [site | {"名称": site["小班名"], "上报面积(亩)": site["面积(亩)"]} for site, _ in rows]
    return list(zip(sites, geometry.from_plane(plane, 35), strict=True))


def all_sites() -> list[tuple[Site, BaseGeometry]]:
    return [site for name in GEOJSON for site in features(name)] + shapefile_sites()


def lines(name: str) -> list[dict[str, str]]:
    with (GEODATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["小班号"], row["措施"], int(row["年度"])


def facts_of(line: Mapping[str, str]) -> dict[str, object]:
    """What one line measures, in the units that the guards ask for."""
    asked = {
        "核实面积(亩)": ("verified_m2", MU_M2),
        "合格面积(亩)": ("qualified_m2", MU_M2),
        "成活率(%)": ("survival_pct", 1.0),
        "盖度(%)": ("cover_pct", 1.0),
        "郁闭度": ("canopy_ratio", 1.0),
    }
    return {name: float(line[column]) * unit for column, (name, unit) in asked.items() if line[column]}


def closure_of(site: Site) -> dict[str, object]:
    start = site.get("封育起始")
    return {"closure_on": date.fromisoformat(start), "closure_years": site["封育年限"]} if start else {}


def replay(site: Site, events: Sequence[Mapping[str, str]]) -> list[str]:
    """The statuses that the site goes through; a move that is not legal raises."""
    table = lifecycle.table()
    measure, passed, known = table.measure(site["措施"]), [table.status(site["状态"]).code], closure_of(site)
    for event in events:
        known |= facts_of(event)
        if event["事项"] == "状态变更":
            to = table.status(event["状态"]).code
            own = {"doc_no": event["文号"], "note": event["说明"], "surveyed_on": event["调查日期"]}
            table.require_move(measure, passed, to, on=date.fromisoformat(event["日期"]), facts=known | own)
            passed.append(to)
        elif event["事项"] == "更正" and event["字段"] == "状态":
            passed.pop()
            assert passed[-1] == table.status(event["新值"]).code
    return passed


def replayed() -> dict[tuple[str, str, int], list[str]]:
    by_site = defaultdict(list)
    for line in lines("history.csv"):
        by_site[key_of(line)].append(line)
    return {key_of(site): replay(site, by_site[key_of(site)]) for site, _ in all_sites()}


def mines_accepted() -> dict[str, bool]:
    """Whether all polygons of a mine are accepted."""
    statuses, table = replayed(), lifecycle.table()
    groups = defaultdict(set)
    for site, _ in features("mine_sites.geojson"):
        groups[site["矿山编号"]].add(table.statuses[statuses[key_of(site)][-1]].group)
    assert set().union(*groups.values()) <= {"accepted", "closed", "under_way", "awaiting", "rectifying"}
    return {mine: found <= {"accepted", "closed"} for mine, found in groups.items()}


def test_made_again_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", GEODATA / "make.py", tmp_path], check=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    kept = sorted(path.relative_to(GEODATA) for path in GEODATA.rglob("*.*"))
    assert set(kept) - set(made) == {Path("README.md"), Path("make.py"), Path("plan.toml")}
    assert [path for path in made if (tmp_path / path).read_bytes() != (GEODATA / path).read_bytes()] == []


def test_every_move_is_legal_and_every_line_names_a_site() -> None:
    assert {key_of(line) for line in lines("history.csv")} <= set(replayed())


def test_days_never_go_back_and_none_is_after_2021() -> None:
    last = {key_of(site): site["登记日期"] for site, _ in all_sites()}
    for line in lines("history.csv"):
        assert last[key_of(line)] <= line["日期"] <= "2021-12-31", line
        assert line["调查日期"] <= line["日期"], line
        last[key_of(line)] = line["日期"]


def test_each_kind_of_entry_is_there() -> None:
    assert {line["事项"] for line in lines("history.csv")} == {"状态变更", "备注", "更正", "边界重划", "面积指标"}


def test_a_planting_that_failed_its_check_was_replanted_and_passed() -> None:
    tail = ["replanting", "works_done", "self_checked", "county_accepted"]
    assert [site for site, passed in replayed().items() if passed[-4:] == tail and site[1:] == ("人工造林", 2019)]


def test_mines_13_accepted_15_in_progress_of_28() -> None:
    accepted = mines_accepted()
    assert (sum(accepted.values()), len(accepted)) == (13, 28)


def test_the_accepted_mines_cover_a_little_more_than_600_mu() -> None:
    accepted = mines_accepted()
    shapes = [shape for site, shape in features("mine_sites.geojson") if accepted[site["矿山编号"]]]
    assert 605 < geometry.area_of_record_m2(shapes).sum() / MU_M2 < 640


@pytest.mark.parametrize(("measure", "low_mu", "high_mu"), [("封山育林", 4300, 4500), ("退耕还林", 7900, 8100), ("人工造林", 2900, 3100)])
def test_what_was_planned_for_2021_is_there_as_task_area(measure: str, low_mu: float, high_mu: float) -> None:
    statuses, counted = replayed(), lifecycle.table().statuses
    shapes = [
        shape
        for site, shape in all_sites()
        if (site["措施"], site["年度"]) == (measure, 2021) and counted[statuses[key_of(site)][-1]].counted
    ]
    assert low_mu < geometry.area_of_record_m2(shapes).sum() / MU_M2 < high_mu


def test_shapes_are_valid_in_the_window_and_have_20_to_200_vertices() -> None:
    shapes = np.array([shape for name in (*GEOJSON, "redrawn.geojson", "outline.geojson") for _, shape in features(name)])
    shapes = np.concatenate([shapes, np.array([shape for _, shape in shapefile_sites()])])
    assert shapely.is_valid(shapes).all()
    assert shapely.box(104.9, 24.85, 105.45, 25.42).contains(shapes).all()
    counts = shapely.get_num_coordinates(shapes)
    assert counts.min() >= 20
    assert counts.max() <= 200


def test_no_ground_is_shared_but_what_the_plan_says() -> None:
    sites = all_sites()
    pairs = overlay.overlaps(np.array([shape for _, shape in sites]))
    named = {(sites[i][0]["名称"], sites[j][0]["名称"]) for i, j in zip(pairs.first, pairs.second, strict=True)}
    assert named == {
        ("示例·龙广封育04", "示例·龙广造林01"),  # closed in 2016, planted in 2021
        ("示例·德卧封育01", "示例·德卧造林01"),  # closed and planted in the same year
        ("示例·木咱退耕02", "示例·木咱退耕03"),  # inside one layer
    }


def test_neighbours_share_their_edges() -> None:
    shapes = np.array([shape for _, shape in all_sites()])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="touches")
    assert len(first) == 12
    assert (shapely.length(shapely.intersection(shapes[first], shapes[second])) > 0).all()


def test_reported_areas_are_near_the_drawn_ones_but_for_four() -> None:
    sites = all_sites()
    drawn_mu = geometry.area_of_record_m2([shape for _, shape in sites]) / MU_M2
    off = {site["名称"]: abs(site["上报面积(亩)"] / mu - 1) for (site, _), mu in zip(sites, drawn_mu, strict=True)}
    assert sorted(round(share, 2) for share in off.values() if share > 0.01) == [0.03, 0.03, 0.06, 9.0]


def test_the_redrawn_boundary_belongs_to_a_site_and_differs_visibly() -> None:
    ((new, shape),) = features("redrawn.geojson")
    (old,) = (ground for site, ground in all_sites() if key_of(site) == key_of(new))
    assert [key_of(site) for site, ground in all_sites() if ground.intersects(shape)] == [key_of(new)]
    assert 0.6 < shape.intersection(old).area / shape.union(old).area < 0.9
    assert [key_of(line) for line in lines("history.csv") if line["事项"] == "边界重划"] == [key_of(new)]


def test_the_shapefile_says_nothing_of_its_encoding_or_crs() -> None:
    assert {path.suffix for path in SHAPEFILE.parent.iterdir()} == {".shp", ".shx", ".dbf"}
    table = SHAPEFILE.with_suffix(".dbf").read_bytes()
    assert table[29] == 0
    assert "小班号".encode("gbk") in table
    with fiona.open(SHAPEFILE, encoding="GBK") as layer:
        assert not layer.crs
        assert len(layer) == 6
        assert all(len(name.encode("gbk")) <= 10 for name in layer.schema["properties"])
        assert 35_000_000 < layer.bounds[0] < 36_000_000


def test_targets_are_the_published_figures_with_their_source() -> None:
    source = "义龙新区“五举措”保障“双碳”工作有序推进 (district bulletin, 2021; no day given)"
    assert [tuple(row.values()) for row in lines("targets.csv")] == [
        ("hill_closure", "2021", "4500", "", source),
        ("grain_to_green", "2021", "8000", "", source),
        ("afforestation", "2021", "3000", "", source),
        ("mine_regreen", "2021", "", "28", source),
    ]


def test_every_feature_says_that_it_is_made_up() -> None:
    for name in (*GEOJSON, "redrawn.geojson", "outline.geojson"):
        assert "虚构" in json.loads((GEODATA / name).read_text(encoding="utf-8"))["note"]
        assert all(site["示例数据"].startswith("是：") and "虚构" in site["示例数据"] for site, _ in features(name))
    assert all(site["示例数据"] == "是：图形与名称均为虚构" for site, _ in shapefile_sites())


def test_only_the_two_published_mine_names_are_not_marked_as_samples() -> None:
    assert {site["名称"] for site, _ in all_sites() if not site["名称"].startswith("示例·")} == {"顶效振兴建材", "汇隆砂石厂"}
