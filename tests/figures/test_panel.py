"""The legend keeps to its place, however much stands in it."""

from __future__ import annotations

from typing import Any

from restoration import lifecycle
from restoration.figures.frame_lines import Place
from restoration.figures.ground import Marked
from restoration.figures.lettering import CUT, lettering_for
from restoration.figures.panel import draw_panel
from restoration.figures.sheet import blank, our_style
from restoration.frame import conform
from restoration.maps.legend import legend_of
from tests.maps.conftest import sites_of, square

PLACE = Place(200.0, 40.0, 75.0, 150.0)


def lines_of(legend: dict[str, Any]) -> list[tuple[str, float, float, float]]:
    """Each text of a panel, with where it begins and ends and how low its base line is, mm."""
    sheet = blank("A4", lettering_for(["图"]))
    with our_style():
        draw_panel(sheet, PLACE, legend, has_outline=True, marked=Marked(3, 0.5), unseen=2)
    sheet.figure.dpi = 600  # so that letters are as wide as on paper, not as on a coarse screen
    mm = 25.4 / sheet.figure.dpi
    boxes = [(text.get_text(), text.get_window_extent()) for text in sheet.axes.texts]
    return [(text, box.x0 * mm, box.x1 * mm, box.y0 * mm) for text, box in boxes]


def legend_with(measures: int, *, area: str = "1,234.56", label: str = "措施") -> dict[str, Any]:
    made = legend_of(conform(sites_of({"geometry": square(105, 25)})), table=lifecycle.table())
    row = made["measures"][0]
    made["measures"] = [{**row, "label": f"{label}{number}", "task": area, "land": area} for number in range(measures)]
    return made


def test_many_measures_are_smaller_and_all_there() -> None:
    found = lines_of(legend_with(60))
    assert {f"措施{number}" for number in range(60)} <= {text for text, *_ in found}
    assert min(low for *_, low in found) > PLACE.y - 1


def test_a_number_is_never_cut_and_stays_in_its_column() -> None:
    area = "12,345,678,901,234.56"
    found = lines_of(legend_with(2, area=area))
    columns = [(left, right) for text, left, right, _ in found if text == area]
    assert len(columns) == 4
    (first, second) = columns[:2]
    assert PLACE.x < first[0] < first[1] <= second[0] < second[1] < PLACE.x + PLACE.width + 0.5


def test_a_long_label_is_set_on_two_lines_and_cut_before_the_numbers() -> None:
    found = lines_of(legend_with(1, label="名称很长的一种措施" * 6))
    (cut,) = [line for line in found if line[0].endswith(CUT)]
    assert cut[2] < PLACE.x + 0.45 * PLACE.width
