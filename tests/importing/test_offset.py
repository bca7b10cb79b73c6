"""A layer that is off as a whole: told by its shift, and only where it is one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration.gcj02 import to_bd09, to_gcj02
from restoration.importing import Known, Offset, offset_of
from tests.making import Said, parcels, project_in, run, taken_in, written

METRE_DEG = 1e-5


def blob(seed: int, *, east: float = 0.0, north: float = 0.0) -> shapely.MultiPolygon:
    """A parcel of some 200 m that is like no other, at a place of its own."""
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, 9))
    reach = 0.0012 * random.uniform(0.5, 1, 9)
    corners = np.column_stack([105.1 + seed % 5 * 0.004 + reach * np.cos(angle), 25.1 + seed // 5 * 0.004 + reach * np.sin(angle)])
    return shapely.MultiPolygon([shapely.Polygon(corners + np.array([east, north]))])


def moved(shapes: Sequence[shapely.Geometry], shift: Any) -> list[shapely.Geometry]:
    return [shapely.transform(shape, shift) for shape in shapes]


KEPT = [blob(seed) for seed in range(12)]
NUMBERS = [f"S{number}" for number in range(12)]


def offset(shapes: Sequence[shapely.Geometry], numbers: Sequence[str] = NUMBERS, known: Sequence[shapely.Geometry] = KEPT) -> Offset | None:
    return offset_of(np.array(shapes, dtype=object), numbers, Known(np.array(known, dtype=object), NUMBERS[: len(known)]))[0]


@pytest.mark.parametrize(("shift", "system", "distance_m"), [(to_gcj02, "GCJ-02", 436), (to_bd09, "BD-09", 1040)])
def test_the_shift_of_a_web_map_is_known_by_number_and_by_shape_alone(shift: Any, system: str, distance_m: float) -> None:
    for numbers in (NUMBERS, [f"other{number}" for number in range(12)]):
        found = offset(moved(KEPT, shift), numbers)
        assert found is not None
        assert (found.system, found.pairs, found.known_is_shifted) == (system, 12, False)
        assert found.distance_m == pytest.approx(distance_m, abs=15)
        assert found.residual_m < 1


def test_one_parcel_with_its_number_is_enough_and_one_without_is_not() -> None:
    one = moved(KEPT[:1], to_gcj02)
    found = offset(one, NUMBERS[:1])
    assert found is not None
    assert found.system == "GCJ-02"
    assert offset(one, ["other"]) is None


def test_a_ledger_that_is_in_gcj02_is_told_from_a_file_that_is() -> None:
    found = offset(KEPT, NUMBERS, moved(KEPT, to_gcj02))
    assert found is not None
    assert (found.system, found.known_is_shifted) == ("GCJ-02", True)
    assert (found.east_m < 0, found.north_m > 0) == (True, True)


def test_redrawn_parcels_among_the_shifted_ones_do_not_hide_them() -> None:
    shapes = moved(KEPT, to_gcj02)
    shapes[:4] = moved([blob(50 + seed) for seed in range(4)], to_gcj02)
    found = offset(shapes)
    assert found is not None
    assert (found.system, found.pairs) == ("GCJ-02", 8)


def test_a_constant_shift_is_measured() -> None:
    found = offset([blob(seed, east=100 * METRE_DEG, north=-30 * METRE_DEG) for seed in range(12)])
    assert found is not None
    assert found.system == ""
    assert found.east_m == pytest.approx(100.9, abs=0.5)
    assert found.north_m == pytest.approx(-33.2, abs=0.5)


@pytest.mark.parametrize(
    "shapes",
    [
        KEPT,
        [blob(20 + seed) for seed in range(12)],  # elsewhere
        [blob(seed, east=4 * METRE_DEG) for seed in range(12)],  # under what boundaries differ by
        [*KEPT[:7], *(blob(seed, east=100 * METRE_DEG) for seed in range(7, 12))],  # a few moved, most where they were
        [blob(seed, east=seed * 40 * METRE_DEG, north=-seed * 25 * METRE_DEG) for seed in range(12)],  # each by its own way
        [blob(seed + 100, east=300 * METRE_DEG, north=-300 * METRE_DEG) for seed in range(12)],  # other shapes, moved as GCJ-02 moves
    ],
)
def test_what_is_no_shift_of_the_whole(shapes: list[shapely.Geometry]) -> None:
    assert offset(shapes) is None


def test_parcels_of_one_shape_are_not_taken_for_each_other() -> None:
    """A raster of equal squares, renumbered: any of them could be any other one moved."""
    squares = [shapely.box(105 + x * 0.003, 25 + y * 0.003, 105.002 + x * 0.003, 25.002 + y * 0.003) for x in range(5) for y in range(5)]
    east = [shapely.affinity.translate(square, 0.003, -0.003) for square in squares]
    found = offset_of(np.array(east, dtype=object), ["x"] * 25, Known(np.array(squares, dtype=object), [""] * 25))
    assert found == (None, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-3e-4, 3e-4), st.floats(-3e-4, 3e-4)), min_size=12, max_size=12))
def test_parcels_that_were_redrawn_one_by_one_are_no_false_alarm(nudges: list[tuple[float, float]]) -> None:
    """Corners moved by up to 30 m, each in its own way: never the shift of a web map."""
    shapes = [shapely.MultiPolygon([shapely.Polygon(np.array(shape.geoms[0].exterior.coords)[:-1] + np.array(nudges[:1]) * (at % 3 - 1))])
              for at, shape in enumerate(KEPT)]  # fmt: skip
    found = offset(shapes)
    assert found is None or (found.system == "" and found.distance_m < 50)


# ---- through the command
def rows(shapes: Sequence[shapely.Geometry]) -> list[dict[str, object]]:
    return [{"小班号": f"{number:03}", "名称": f"地{number}", "geometry": shape} for number, shape in enumerate(shapes)]


def take(project: Path, shapes: Sequence[shapely.Geometry], *more: object, name: str = "next.geojson") -> Said:
    file = written(parcels(*rows(shapes)), project.parent / name)
    said = run("import", file, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--project", project, *more)
    file.unlink()
    return said


def test_a_file_in_gcj02_is_refused_as_a_whole_and_says_by_how_much(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *rows(KEPT))
    before = project.read_bytes()
    said = take(project, moved(KEPT, to_gcj02))
    assert said.code == 4
    assert "[错误 I108]" in said.out
    assert "整体错开 436 米（向东 31" in said.out
    assert "符合 GCJ-02 的偏移（12 个图形，残差 0.0 米；按声明的坐标系则差 436 米）" in said.out
    assert "新登记 0，边界重划 0，内容有改 0，无变化 0，未采用 12" in said.out
    assert said.out.count("I101") == 0
    assert project.read_bytes() == before


def test_somebody_who_saw_the_place_may_take_it(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *rows(KEPT))
    said = take(project, moved(KEPT, to_gcj02), "--offset-checked")
    assert said.code == 0
    assert "[提醒 I108]" in said.out
    assert "边界重划 12" in said.out


def test_a_constant_shift_is_told_and_taken(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *rows(KEPT))
    said = take(project, [blob(seed, east=100 * METRE_DEG) for seed in range(12)], "--dry-run")
    assert "[提醒 I109]" in said.out
    assert "整体错开 101 米（向东 100.9，向北 0.0）" in said.out
    assert "边界重划 12" in said.out


def test_a_reference_tells_where_the_ledger_has_nothing(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    known = written(parcels(*rows(KEPT)), tmp_path / "known.geojson")
    said = take(project, moved(KEPT, to_gcj02), "--reference", known)
    assert (said.code, "I108" in said.out) == (4, True)
    assert "新登记 12" in take(project, KEPT, "--reference", known).out
    other = written(parcels(*rows([blob(70)])), tmp_path / "other.geojson")
    assert "[提醒 I110] next.geojson" in take(project, KEPT, "--reference", other, "--dry-run").out
    assert "是本软件的项目文件" in take(project, KEPT, "--reference", project).err
