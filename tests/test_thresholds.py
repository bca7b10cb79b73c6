"""The thresholds are data: each with a source, and an office may set its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from restoration import checks
from restoration.data import builtin
from restoration.errors import FileRefused
from restoration.model import INDICATORS
from restoration.thresholds import thresholds


def _leaves(value: Any) -> Iterator[dict[str, Any]]:
    rows = value.values() if isinstance(value, dict) else value
    for row in rows:
        if isinstance(row, dict) and not any(isinstance(part, dict) for part in row.values()):
            yield row
        elif isinstance(row, dict):
            yield from _leaves(row)


def test_every_value_has_its_source() -> None:
    shipped = builtin("thresholds")
    rows = [row for table in ("number", "group", "cause", "range") for row in _leaves(shipped[table])]
    assert len(rows) > 30
    assert [row for row in rows if not row.get("source")] == []


def test_every_indicator_has_a_range() -> None:
    assert set(thresholds().ranges) == set(INDICATORS)


def test_an_office_changes_only_what_it_names(tmp_path: Path) -> None:
    own = tmp_path / "thresholds.toml"
    own.write_text(
        '[number.S102]\narea_m2 = { value = 666.67, source = "县林业局 2026" }\n[level.S202]\nother_measure_same_year = "error"\n',
        encoding="utf-8",
    )
    limits, shipped = thresholds(own), thresholds()
    assert limits.numbers["S102"] == {"area_m2": 666.67, "width_m": shipped.numbers["S102"]["width_m"]}
    assert limits.levels["S202"]["other_measure_same_year"] == "error"
    assert limits.levels["S201"] == shipped.levels["S201"]
    named = {"source_id": "1", "plan_year": 2026, "county_code": "522301", "town": "郑屯镇", "village": "前锋村", "species": "马尾松"}
    small = gpd.GeoDataFrame(
        {"measure": ["造林"], "status": ["planned"], **named}, geometry=[shapely.box(105.1, 25.1, 105.10022, 25.10022)], crs=4490
    )
    assert [finding.code for finding in checks.check(small, limits=limits)] == ["S102"]
    assert checks.check(small) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[number.S102]\narea_m2 = { value = "400", source = "x" }', "number.S102.area_m2.value = '400'"),
        ('[number.S102]\narea_m2 = { value = -1, source = "x" }', "number.S102.area_m2.value = -1"),
        ("[number.S102]\narea_m2 = { value = 400 }", "number.S102.area_m2.source"),
        ('[number.S102]\narea_mu = { value = 400, source = "x" }', "number.S102.area_mu"),
        ('[number.S999]\narea_m2 = { value = 400, source = "x" }', "number.S999"),
        ('[level.S201]\nsame_measure_same_year = "fatal"', "level.S201.same_measure_same_year = 'fatal'"),
        ("number = 5", "number"),
        ("[cause]\nfactor = 2", "cause"),
        ('[[cause]]\nfactor = 2\nsource = "x"', "'zh'"),
    ],
)
def test_a_file_that_says_something_else_is_refused_by_name(text: str, named: str, tmp_path: Path) -> None:
    own = tmp_path / "thresholds.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        thresholds(own)
    assert refused.value.fact.en == f"The file of thresholds {own} is wrong: {named}."
