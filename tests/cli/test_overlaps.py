"""`restoration overlaps` as staff see it, and how areas are rounded so that they add up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import pytest

from tests.making import run, square, state_of, taken_in


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three plantings: the second half on the first, the third alone."""
    return taken_in(tmp_path, {"geometry": square(0)}, {"geometry": square(0.5)}, {"geometry": square(5)})


def test_pairs_matrix_and_the_line_that_closes(project: Path) -> None:
    said = run("overlaps", "--project", project)
    assert said.code == 0
    assert "重复计列" in said.out
    assert "重叠交叉表（亩）" in said.out
    assert "任务面积 201.12 − 重复计算 33.52 = 土地面积 167.60 亩" in said.out
    assert "净面积规则：先登记的保留（first_registered；" in said.out
    english = run("overlaps", "--project", project, "--lang", "en")
    assert "Task area 201.12 - counted again 33.52 = land area 167.60 mu" in english.out


@pytest.mark.parametrize("rule", ["first_registered", "newer_measure", "even"])
def test_a_column_of_net_areas_adds_up_to_the_land(project: Path, rule: str) -> None:
    said = run("overlaps", "--project", project, "--net", "--rule", rule, "--unit", "m2", "--format", "csv")
    rows = [line.split(",") for line in said.out.splitlines()[1:]]
    assert [row[0] for row in rows][-1] == "合计"
    assert sum(Decimal(row[-1]) for row in rows[:-1]) == pytest.approx(Decimal(rows[-1][-1]), abs=Decimal("0.02"))


def test_what_is_left_to_be_decided_stands_in_a_line_of_its_own(project: Path) -> None:
    said = run("overlaps", "--project", project, "--net", "--rule", "待定", "--format", "csv")
    rows = {line.split(",")[0]: line.split(",")[-1] for line in said.out.splitlines()[1:]}
    assert (rows["待定"], rows["合计"]) == ("33.52", "167.60")
    data = run("overlaps", "--project", project, "--rule", "ask", "--format", "json").data()
    assert data["rule"]["code"] == "ask"
    assert sum(site["net_m2"] for site in data["sites"]) + data["undecided_m2"] == pytest.approx(data["land_m2"])


def test_the_shared_ground_as_a_layer_to_look_at(project: Path) -> None:
    out = project.with_name("overlap.gpkg")
    assert "重叠的地块" in run("overlaps", "--project", project, "--out", out).out
    layer = gpd.read_file(out, engine="pyogrio")
    assert layer.crs == "EPSG:4490"
    assert layer["verdict_label"].tolist() == ["重复计列"]
    assert layer.geometry.iloc[0].bounds == pytest.approx(square(0.5).intersection(square(0)).bounds, abs=1e-8)
    before = state_of(project.parent)
    assert run("overlaps", "--project", project, "--out", out).code == 10  # never over another file
    assert run("overlaps", "--project", project, "--out", out.with_suffix(".dwg")).code == 2
    assert state_of(project.parent) == before


def test_an_office_that_chose_its_own_rule(project: Path) -> None:
    project.with_name("net_rules.toml").write_text('default = "even"\nsource = "义林通〔2022〕3号"\n', encoding="utf-8")
    assert "净面积规则：平均分摊（even；" in run("overlaps", "--project", project).out


def test_a_wrong_choice_is_refused(project: Path) -> None:
    project.with_name("net_rules.toml").write_text('default = "dice"\nsource = "x"\n', encoding="utf-8")
    said = run("overlaps", "--project", project)
    assert (said.code, "net_rules.toml" in said.err) == (4, True)


def test_wrong_words_are_told(project: Path) -> None:
    assert run("overlaps", "--project", project, "--rule", "dice").code == 2
    assert run("overlaps", "--project", project, "--by", "colour").code == 2


def test_a_ledger_without_overlaps(tmp_path: Path) -> None:
    said = run("overlaps", "--project", taken_in(tmp_path, {}, {}))
    assert said.code == 0
    assert "重复计算 0.00 " in said.out


@pytest.mark.parametrize("rounding", ["whole", "rows"])
def test_rows_as_shown_and_the_residual_make_the_whole(tmp_path: Path, rounding: str) -> None:
    project = taken_in(tmp_path, *({"geometry": square(n * 1.5, side=0.0013 + n / 9e5), "乡镇": f"镇{n}"} for n in range(9)))
    said = run("area", "--project", project, "--by", "town", "--rounding", rounding, "--format", "csv")
    rows = [line.split(",") for line in said.out.splitlines()[1:]]
    residual = Decimal(
        run("area", "--project", project, "--by", "town", "--rounding", rounding, "--format", "json").data()["rounding"]["residual"][
            "task_m2"
        ]
    )
    added, whole = sum(Decimal(row[2]) for row in rows[:-2]), Decimal(rows[-1][2])
    exact = Decimal(run("area", "--project", project, "--by", "", "--format", "csv").out.splitlines()[1].split(",")[1])
    if rounding == "rows":
        assert (whole, whole - exact) == (added, residual)
    else:
        assert (whole, whole - added) == (exact, residual)
    assert residual != 0
