"""Whatever ground there is: written in any format that is written, it is read back the same to the precision of that format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import lifecycle, readers
from restoration.export import export_sites
from restoration.frame import conform
from restoration.geometry import area_of_record_m2, from_plane, to_plane
from restoration.readers.cells import plain

TABLE = lifecycle.table()
WEST, SOUTH, CELL_M = 455_000, 2_725_000, 700
"""The corner of a grid over the district's window in the plane of 105° E, 110 by 125 km."""
COLUMNS, ROWS = 157, 178
LETTERS = "红岩村甲乙龍（）《》，。、,.;:\"'“”·-_+=% 0123456789abZ"
FORMULA = ("=", "+", "-", "@")


class How(NamedTuple):
    """A file's name, its encoding and CRS, how far a corner may move (m), and whether a spreadsheet must see no formula."""

    name: str
    encoding: str | None
    crs: str | None
    moved_m: float
    is_table: bool = False


DEGREE_M = 111_400  # at most, of latitude or longitude
CHEAP = (
    How("地块.geojson", None, None, 0.5e-8 * DEGREE_M),
    How("地块.txt", None, None, 0.0005),
    How("地块.txt", "utf-8", "EPSG:4544", 0.0005),
    How("地块.csv", None, None, 0.0005, is_table=True),
    How("地块.csv", "gbk", "EPSG:4490", 0.5e-9 * DEGREE_M, is_table=True),
)
BY_GDAL = (
    How("地块.gpkg", None, None, 1e-6),
    How("地块.gpkg", None, "EPSG:4523", 1e-6),
    How("地块.shp", "utf-8", None, 1e-6),
    How("地块.shp", "gbk", "EPSG:4523", 1e-6),
    How("地块.xlsx", None, None, 0.0005, is_table=True),
)


@dataclass(frozen=True)
class Star:
    """A part of a site: a polygon around the middle of a cell, from half a metre to 300 m across, perhaps with a hole."""

    cell: int
    size_m: float
    radii: tuple[float, ...]
    turns: tuple[float, ...]
    is_holed: bool

    @property
    def shape(self) -> shapely.Polygon:
        """The part in the plane; a hole is the same shape, smaller."""
        count = len(self.radii)
        angles = 2 * np.pi * (np.arange(count) + np.array(self.turns)) / count
        ring = np.column_stack([np.cos(angles), np.sin(angles)]) * np.array(self.radii)[:, None] * self.size_m
        middle = np.array([WEST + CELL_M * (self.cell % COLUMNS), SOUTH + CELL_M * (self.cell // COLUMNS)])
        return shapely.Polygon(ring + middle, [ring * 0.4 + middle] if self.is_holed else [])


def stars(cell: int) -> st.SearchStrategy[Star]:
    """Any part in a cell."""
    return st.integers(3, 9).flatmap(
        lambda count: st.builds(
            Star,
            st.just(cell),
            st.floats(0.5, 300),
            st.tuples(*[st.floats(0.4, 1)] * count),
            st.tuples(*[st.floats(-0.2, 0.2)] * count),
            st.booleans(),
        )
    )


NAMES = st.text(LETTERS, max_size=12)
NUMBERS = st.from_regex(r"[0-9A-D红]{1,10}", fullmatch=True)
PARTS = st.integers(0, COLUMNS * ROWS - 4).flatmap(
    lambda cell: st.lists(
        st.sampled_from([cell, cell + 1, cell + 3, (cell * 7 + 11) % (COLUMNS * ROWS)]), min_size=1, max_size=3, unique=True
    )
)
SITES = st.lists(
    st.tuples(NUMBERS, NAMES, PARTS.flatmap(lambda cells: st.tuples(*map(stars, cells)))),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[0],
)
Sites = list[tuple[str, str, tuple[Star, ...]]]


def frame(sites: Sites) -> gpd.GeoDataFrame:
    """The sites of the house."""
    shapes = np.array([shapely.MultiPolygon([star.shape for star in parts]) for _, _, parts in sites], dtype=object)
    rows = {"source_id": [number for number, _, _ in sites], "name": [name for _, name, _ in sites]}
    fixed = {"measure": "人工造林", "status": "已落地上图", "plan_year": 2025}
    return conform(gpd.GeoDataFrame({**rows, **{name: [value] * len(sites) for name, value in fixed.items()}},
                                    geometry=from_plane(shapes, 35), crs=4490), table=TABLE)  # fmt: skip


def require_same(folder: Path, sites: Sites, how: How) -> None:
    """Write, read, compare: every number and name, every area to the format's precision, every part and hole."""
    meant = frame(sites)
    for old in folder.iterdir():
        old.unlink()
    export_sites(meant, folder / how.name, table=TABLE, encoding=how.encoding, crs=how.crs)
    layers, findings = readers.read(folder / how.name)
    found, more = readers.intake(layers[0], given=readers.Given(measure="人工造林", plan_year=2025))
    assert not [finding for finding in (*findings, *more) if finding.level == "error"], findings
    rows = found.rows.set_index("source_id")
    assert sorted(rows.index) == sorted(guarded(number, how) for number, _, _ in sites)
    back = rows.loc[[guarded(number, how) for number, _, _ in sites]]
    assert back["name"].tolist() == [said(name, how) for _, name, _ in sites]
    _require_same_ground(np.asarray(meant.geometry.array), np.asarray(back.geometry.array), how.moved_m)


def said(name: str, how: How) -> str:
    """A name as it comes back; in a 界址点 TXT commas part the line, so that blanks beside them are lost."""
    text = plain(guarded(name, how))
    return re.sub(" *, *", ",", text).strip() if how.name.endswith(".txt") else text


def guarded(text: str, how: How) -> str:
    """What stands in a table that a spreadsheet opens."""
    return f"'{text}" if how.is_table and text.lstrip().startswith(FORMULA) else text


def _require_same_ground(meant: Any, found: Any, moved_m: float) -> None:
    assert shapely.get_num_geometries(found).tolist() == shapely.get_num_geometries(meant).tolist()
    assert shapely.get_num_coordinates(found).tolist() == shapely.get_num_coordinates(meant).tolist()
    planes = to_plane(meant, 35)
    # A corner that moves by d in x and in y sweeps less than 1.5 d along the two edges that meet there.
    allowed_m2 = 1.5 * moved_m * shapely.length(planes) + shapely.get_num_coordinates(meant) * moved_m**2 + 1e-4
    assert (np.abs(area_of_record_m2(found) - area_of_record_m2(meant)) <= allowed_m2).all()
    assert (shapely.hausdorff_distance(to_plane(found, 35), planes) <= 1.5 * moved_m + 1e-5).all()


@pytest.mark.parametrize("how", CHEAP, ids=lambda how: f"{how.name}-{how.encoding}-{how.crs}")
@settings(max_examples=15, deadline=None)
@given(sites=SITES)
def test_text_formats_give_back_what_was_written(tmp_path_factory: pytest.TempPathFactory, how: How, sites: Sites) -> None:
    folder = tmp_path_factory.getbasetemp() / "text"
    folder.mkdir(exist_ok=True)
    require_same(folder, sites, how)


@pytest.mark.parametrize("how", BY_GDAL, ids=lambda how: f"{how.name}-{how.encoding}-{how.crs}")
@settings(max_examples=4, deadline=None)
@given(sites=SITES)
def test_formats_of_gdal_give_back_what_was_written(tmp_path_factory: pytest.TempPathFactory, how: How, sites: Sites) -> None:
    folder = tmp_path_factory.getbasetemp() / "gdal"
    folder.mkdir(exist_ok=True)
    require_same(folder, sites, how)
