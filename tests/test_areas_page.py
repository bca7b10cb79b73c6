"""The site that docs/areas.md works by hand, and the one that it measures by every method, worked again here.

By hand means without the package: PROJ alone takes the plane back to degrees, the rest is the page's own formulae in plain Python.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pytest
import shapely
from pyproj import Transformer

from restoration.geometry import area_of_record_m2
from tests.making import project_in, run, written

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "areas.md").read_text(encoding="utf-8")
CORNERS = [
    (522000.123, 2776000.456), (522431.874, 2776088.201), (522610.338, 2776402.917), (522288.009, 2776655.500), (521904.770, 2776390.225),
]  # fmt: skip
TO_DEGREES = Transformer.from_crs("EPSG:4523", "EPSG:4490", always_xy=True)
NUMBER = re.compile(r"(?<![\w./])-?\d+(?:\.\d+)?(?:e[+-]\d+)?(?![\w.])")
b, e2, a = 6356752.31414036, 0.0066943800229, 6378137.0
SERIES = (
    1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
    -(1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4),
    3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
    -(1 / 112 * e2**3 + 45 / 2304 * e2**4),
    5 / 2304 * e2**4,
)
Place = tuple[float, float]


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def degrees(place: Place) -> Place:
    """B and L, in degrees."""
    longitude, latitude = TO_DEGREES.transform(35_000_000 + place[0], place[1])
    return latitude, longitude


class Trapezoid(NamedTuple):
    """A trapezoid between an edge and 105° E: radians, the bracket's terms, m²."""

    delta_b: float
    middle_b: float
    delta_l: float
    terms: tuple[float, ...]
    area_m2: float


def trapezoid(start: Place, end: Place) -> Trapezoid:
    (b1, l1), (b2, l2) = (tuple(map(math.radians, place)) for place in (start, end))
    delta_b, middle_b, delta_l = b2 - b1, (b2 + b1) / 2, (l1 + l2) / 2 - math.radians(105)
    terms = tuple(c * math.sin((2 * k + 1) * delta_b / 2) * math.cos((2 * k + 1) * middle_b) for k, c in enumerate(SERIES))
    return Trapezoid(delta_b, middle_b, delta_l, terms, 2 * b**2 * delta_l * sum(terms))


class Edge(NamedTuple):
    """A row of the page's table of edges, m and m²."""

    length_m: float
    pieces: int
    by_pieces_m2: float
    at_once_m2: float
    bulge_m2: float
    left_out_m2: float
    closed_m2: float


def points(start: Place, end: Place) -> list[Place]:
    count = math.ceil(math.dist(start, end) / 70)
    return [(start[0] + (end[0] - start[0]) * k / count, start[1] + (end[1] - start[1]) * k / count) for k in range(count + 1)]


def edge(start: Place, end: Place) -> Edge:
    """An edge by the pieces of the procedure, and by the page's closed form."""
    put = points(start, end)
    by_pieces = sum(trapezoid(degrees(one), degrees(other)).area_m2 for one, other in pairwise(put))
    one = trapezoid(degrees(start), degrees(end))
    (_, l1), (_, l2) = degrees(start), degrees(end)
    across, up, phi = math.radians(l2 - l1), one.delta_b, one.middle_b
    sine, cosine = math.sin(phi), math.cos(phi)
    w = 1 - e2 * sine**2
    n_m, m_m = a / math.sqrt(w), a * (1 - e2) / w**1.5
    y, r2, north, length = (start[0] + end[0]) / 2 - 500_000, m_m * n_m, end[1] - start[1], math.dist(start, end)
    bulge = (
        n_m**2 * sine * cosine**2 * across**3 + sine * (2 * m_m**2 + 3 * e2 * m_m * n_m * cosine**2 / w) * across * up**2
    ) / 12 + y * north * length**2 / (12 * r2)
    left_out = across * up**2 * b**2 * sine * (w - 4 * e2 * cosine**2) / w**3 / 12
    pieces = len(put) - 1
    return Edge(length, pieces, by_pieces, one.area_m2, bulge, left_out, one.area_m2 - (bulge + left_out) * (1 - 1 / pieces**2))


EDGES = [edge(start, end) for start, end in pairwise([*CORNERS, CORNERS[0]])]
SUMS = [sum(column) for column in zip(*EDGES, strict=True)]


def worked() -> list[tuple[float, int]]:
    """Every number of the section's tables and blocks in the order of reading, each with its decimals (negative: significant digits)."""
    start, end = CORNERS[:2]
    put = points(start, end)
    first = trapezoid(degrees(put[0]), degrees(put[1]))
    numbers: list[tuple[float, int]] = []
    for at, corner in enumerate(CORNERS, 1):
        numbers += [(at, 0), (corner[0], 3), (corner[1], 3), (degrees(corner)[0], 12), (degrees(corner)[1], 12)]
    length = math.dist(start, end)
    numbers += [(end[0] - start[0], 3), (end[1] - start[1], 3), (length, 3), (length, 3), (70, 0), (7, 0), (length / 7, 3)]
    for at, place in enumerate(put[:2], 1):
        numbers += [(at, 0), (place[0], 4), (place[1], 4), (degrees(place)[0], 12), (degrees(place)[1], 12)]
    numbers += [(first.delta_b, -10), (first.middle_b, -12), (first.delta_l, -12)]
    numbers += [((-1) ** k * term, -10) for k, term in enumerate(first.terms)]  # the page's bracket subtracts B's and D's
    numbers += [(first.area_m2, 3)]
    for at, row in enumerate(EDGES, 1):
        numbers += [(at, 0), (at % 5 + 1, 0)]
        numbers += [(row.length_m, 3), (row.pieces, 0), (row.by_pieces_m2, 4), (row.at_once_m2, 4)]
        numbers += [(row.bulge_m2, 4), (row.left_out_m2, 4), (row.closed_m2, 4)]
    return [*numbers, *zip(SUMS, (3, 0, 4, 4, 4, 4, 4), strict=True)]


def written_numbers(text: str) -> list[str]:
    """The numbers of tables and blocks, without those in a table's head."""
    blocks = re.finditer(r"^```text\n([^`]*)^```|^\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return NUMBER.findall("\n".join(block[1] or block[2] for block in blocks).replace("²", " "))


def test_every_number_of_the_site_worked_by_hand() -> None:
    found = written_numbers(section("One site worked by hand"))
    expected = worked()
    assert len(found) == len(expected), found
    for told, (number, digits) in zip(found, expected, strict=True):
        shown = f"{number:.{digits}f}" if digits >= 0 else f"{number:.{-digits - 1}e}" if abs(number) < 0.001 else f"{number:.{-digits}f}"
        last_digit = 10.0 ** -(len(shown.partition("e")[0].partition(".")[2])) * 10.0 ** int(shown.partition("e")[2] or 0)
        assert len(told) == len(shown), (told, shown)
        assert float(told) == pytest.approx(number, abs=1.5 * last_digit if digits else 0, rel=0), (told, shown)  # a count is exact


def test_an_auditor_gets_there_with_the_digits_that_are_printed() -> None:
    """The first trapezoid and the trapezoids of whole edges from the page's own degrees, and the sums from its own rows."""
    tables = re.findall(r"(?:^\|.*\n)+", section("One site worked by hand"), re.MULTILINE)
    corners, ends, edges = ([NUMBER.findall(line) for line in table.splitlines()[2:]] for table in tables)
    (b1, l1), (b2, l2) = ((float(row[3]), float(row[4])) for row in ends)
    first = trapezoid(*(degrees(place) for place in points(*CORNERS[:2])[:2]))
    assert trapezoid((b1, l1), (b2, l2)).area_m2 == pytest.approx(first.area_m2, abs=0.005)
    places = [(float(row[3]), float(row[4])) for row in corners]
    for (start, end), row in zip(pairwise([*places, places[0]]), edges, strict=False):
        assert trapezoid(start, end).area_m2 == pytest.approx(float(row[5]), abs=0.005)
    *rows, whole = edges
    for column in range(2, 9):
        assert sum(float(row[column]) for row in rows) == pytest.approx(float(whole[column - 2]), abs=0.0003)


def test_by_hand_is_the_area_of_record() -> None:
    (record_m2,) = area_of_record_m2([shapely.Polygon([degrees(corner)[::-1] for corner in CORNERS])])
    assert abs(SUMS[2]) == pytest.approx(289_368.3922, abs=0.001)
    assert abs(SUMS[2]) == pytest.approx(record_m2, abs=0.001)
    assert abs(SUMS[6]) == pytest.approx(SUMS[2], abs=0.001)
    assert "289 368.39 m²" in section("One site worked by hand")


def test_one_site_by_every_method_is_what_the_tool_prints(tmp_path: Path) -> None:
    rows = gpd.GeoDataFrame({"小班号": ["001"], "名称": ["B"]}, geometry=[shapely.Polygon(CORNERS)], crs="EPSG:4523")
    rows.geometry = rows.geometry.translate(35_000_000)
    project = project_in(tmp_path)
    file = written(rows, tmp_path / "rows.gpkg")
    assert run("import", file, "--measure", "人工造林", "--year", 2021, "--by", "甲", "--on", "2021-03-01", "--project", project).code == 0
    said = run("area", "--site", "B", "--methods", "--lang", "en", "--project", project)
    (shown,) = re.findall(r"^```text\n(.*?)^```", section("One site by every method"), re.MULTILINE | re.DOTALL)
    assert said.out.split() == shown.split()
