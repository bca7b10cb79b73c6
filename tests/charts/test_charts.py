"""Charts: what is drawn is what the frame says, in the maps' colours, and every mark of a text has a font."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager, pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.text import Text as Letters

from restoration import charts, speaking
from restoration.errors import BadRequest, MissingExtra, UnknownName
from restoration.style import GROUPS

SITES = pd.DataFrame(
    {
        "measure": ["hill_closure", "hill_closure", "afforestation", "own"],
        "group": ["accepted", "under_way", "accepted", "other"],
        "counted": [True, True, True, False],
        "area_m2": [10_000.0, 20_000.0, 5_000.0, 99_000.0],
        "plan_year": [2016, 2021, 2021, 2021],
        "species": ["", "", "杉木", ""],
        "survival_pct": [None, None, 90.0, None],
        "closure_on": ["2016-03-01", "2021-03-01", "", ""],
        "closure_years": pd.array([5, 5, None, None], dtype="Int64"),
    }
)
MONTHS = pd.DataFrame({"day": ["2021-11-30", "2021-12-31"], "task_m2": [1e4, 2e4], "accepted_m2": [0.0, 1e4], "target_m2": [3e4, 3e4]})
PAIRS = pd.DataFrame(
    {
        "measure": ["hill_closure", "afforestation", "afforestation"],
        "other_measure": ["afforestation", "afforestation", "hill_closure"],
        "area_m2": [1e4, 2e4, 3e4],
        "kind": ["overlap", "overlap", "noise"],
        "verdict": ["suspicious", "double", ""],
    }
)
LINES = pd.DataFrame({"line": ["期初", "新登记", "核减", "期末"], "area_m2": [5e4, 2e4, -1e4, 6e4]})
DRAWN: dict[Callable[..., Axes], pd.DataFrame] = {
    charts.status_by_measure: SITES,
    charts.progress_over_time: MONTHS,
    charts.overlap_matrix: PAIRS,
    charts.survival: SITES,
    charts.closures: SITES,
    charts.waterfall: LINES,
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def bars(axes: Axes) -> dict[str, list[float]]:
    return {
        str(held.get_label()): [round(float(bar.get_width()), 4) for bar in held]
        for held in axes.containers
        if isinstance(held, BarContainer)
    }


def test_bars_are_the_areas_that_count_in_the_colours_of_the_maps() -> None:
    with speaking("en"):
        axes = charts.status_by_measure(SITES, unit="ha")
    assert bars(axes) == {"accepted": [1.0, 0.5], "under way": [2.0, 0.0]}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["hill closure", "afforestation"]
    assert [to_hex(held[0].get_facecolor()) for held in axes.containers if isinstance(held, BarContainer)] == [
        GROUPS[name].colour.lower() for name in ("accepted", "under_way")
    ]


def test_lines_are_the_sums_of_each_day() -> None:
    with speaking("en"):
        axes = charts.progress_over_time(pd.concat([MONTHS, MONTHS]), unit="ha")
    assert {str(line.get_label()): np.asarray(line.get_ydata()).tolist() for line in axes.lines} == {
        "mapped": [2.0, 4.0], "accepted": [0.0, 2.0], "target (where there is one)": [6.0, 6.0],
    }  # fmt: skip


def test_the_matrix_leaves_noise_out_and_says_each_pair_once() -> None:
    axes = charts.overlap_matrix(PAIRS, unit="ha")
    assert sorted(text.get_text() for text in axes.texts) == ["1.00", "2.00"]


def test_closures_are_counted_by_the_years_since_they_were_over() -> None:
    axes = charts.closures(SITES, as_of=date(2022, 3, 2))
    each = [(float(bar.get_x()), int(bar.get_height())) for held in axes.containers if isinstance(held, BarContainer) for bar in held]
    assert [one for one in each if one[1]] == [(1.0, 1), (-4.0, 1)]


def test_a_small_step_is_seen_and_the_cut_axis_is_said() -> None:
    with speaking("en"):
        axes = charts.waterfall(pd.DataFrame({"line": ["a", "b", "c"], "area_m2": [1e6, 1e4, 1.01e6]}), unit="ha")
    assert axes.get_ylim()[0] > 0
    assert "does not begin at 0" in axes.get_xlabel()
    assert charts.waterfall(LINES).get_ylim()[0] == 0


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_a_column_that_is_missing_is_named(draw: Callable[..., Axes]) -> None:
    frame = DRAWN[draw]
    with pytest.raises(BadRequest, match=r"(?s)(area_m2|closure_on|accepted_m2).*measured"):
        draw(frame.drop(columns=["area_m2", "closure_on", "accepted_m2"], errors="ignore").assign(measured=1))


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_an_empty_frame_is_said_to_be_empty(draw: Callable[..., Axes]) -> None:
    with speaking("en"):
        axes = draw(DRAWN[draw].iloc[:0])
    assert "nothing to draw" in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_every_mark_has_a_font_and_the_callers_settings_stay(draw: Callable[..., Axes]) -> None:
    before = dict(mpl.rcParams)
    ax = pyplot.subplots()[1]
    axes = draw(DRAWN[draw].assign(species="$x$ 杉木") if draw is charts.survival else DRAWN[draw], ax=ax)
    assert axes is ax
    axes.figure.canvas.draw()  # a mark without a font is a warning, and a warning an error
    assert dict(mpl.rcParams) == before
    assert not any(letters.get_parse_math() for letters in axes.findobj(Letters) if letters.get_text() == "$x$ 杉木")


def test_a_unit_that_is_none_is_told() -> None:
    with pytest.raises(UnknownName, match="acre"):
        charts.status_by_measure(SITES, unit="acre")


def test_without_a_chinese_font_it_says_so_and_english_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [entry for entry in font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", kept)
    with pytest.raises(MissingExtra, match="Noto Sans CJK SC"):
        charts.status_by_measure(SITES)
    with speaking("en"):
        assert charts.status_by_measure(SITES).get_title(loc="left") == "How far each measure has come"
