"""The waterfall of a bridge: every line is a bar, and an axis that does not begin at nought says so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from restoration import charts
from restoration.errors import UnknownName
from restoration.tally import Bridge


def bridge_of(**areas_m2: float) -> Bridge:
    whole = pd.DataFrame({"line": list(areas_m2), "area_m2": list(areas_m2.values()), "sites": 1})
    return Bridge("task", (), whole, whole, pd.DataFrame())


def drawn(bridge: Bridge, out: Path) -> str:
    made = charts.save_chart(lambda axes: charts.waterfall(bridge.whole, title="措施面积的变化", unit="ha", ax=axes), out)
    return made.read_text(encoding="utf-8")


def test_every_line_is_a_bar_with_its_number(tmp_path: Path) -> None:
    text = drawn(bridge_of(opening=1e6, new=4e5, cancelled=-9e5, closing=5e5), tmp_path / "w.svg")
    for said in ("期初", "新登记", "核减/调出", "期末", "100.0000", "+40.0000", "−90.0000", "50.0000", "措施面积的变化"):
        assert said in text
    assert "纵轴不从 0 开始" not in text


def test_an_axis_that_is_cut_says_so_and_the_same_bridge_is_the_same_bytes(tmp_path: Path) -> None:
    small = bridge_of(opening=1e6, redrawn=-1e4, closing=9.9e5)
    assert "纵轴不从 0 开始" in drawn(small, tmp_path / "w.svg")
    assert drawn(small, tmp_path / "again.svg") == drawn(small, tmp_path / "w.svg")


def test_nothing_at_all_is_drawn_too(tmp_path: Path) -> None:
    assert "期末" in drawn(bridge_of(opening=0.0, closing=0.0), tmp_path / "w.svg")


def test_a_kind_of_file_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        drawn(bridge_of(opening=1.0, closing=1.0), tmp_path / "w.gpkg")
