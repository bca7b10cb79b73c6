"""The surface area of sites: what their ground measures along the slope. Never an area of record.

For each site, from the cells of an elevation model that lie in it, whole or in part: the mean slope, and the area of record times
the mean of 1/cos(slope). Cells weigh by the ground that they share with the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ..data import builtin
from ..ellipsoid import Floats
from ..frame import CRS
from ..text import Text
from .elevation import Elevation, Window, opened
from .slope import Spacing, shares, spacing, tangents

NOT_OF_RECORD = Text(
    "坡面面积为非上报面积，不得作为验收和补助依据；只用于估算种子、客土、挂网等用量。",
    "Surface area is not of record: no ground for acceptance or subsidy, only for quantities of seed, soil or netting.",
)
NOTES = {
    "outside": Text("高程模型没有覆盖", "the elevation model does not cover it"),
    "partly_covered": Text("高程模型覆盖不足", "the elevation model covers too little of it"),
    "too_many_cells": Text("高程模型对它太细，请先重采样", "the elevation model is too fine for it: resample it"),
    "no_ground": Text("没有图形", "it has no boundary"),
}
"""Why a site has no surface area."""


class _Place(NamedTuple):
    """Where a site lies in the raster: its boundary in columns and rows of the window, and the window (it may reach out)."""

    ground: shapely.Geometry
    window: Window


def surface_areas(sites: gpd.GeoDataFrame, elevation: str | Path) -> pd.DataFrame:
    """The mean slope and the surface area of each site, from an elevation model. Not of record.

    Parameters
    ----------
    sites
        The sites frame.
    elevation
        A GeoTIFF of one band, heights in metres, with its CRS: degrees or metres of any projection, on CGCS2000 or WGS 84.

    Returns
    -------
    DataFrame
        A row a site, indexed like ``sites``: ``site_id``, ``area_m2`` (of record), ``mean_slope_deg``, ``surface_m2`` (``area_m2``
        times the mean of 1/cos(slope)), ``cells`` (used, whole or in part), ``cell_m`` (side of a cell on the ground),
        ``covered_pct`` (share of the site that has a slope) and ``note``, a code of `NOTES` where there is no answer: slope and
        surface are NaN then, never 0.

    Raises
    ------
    NotFound, MissingExtra, FileRefused

    Examples
    --------
    >>> import tempfile
    >>> import rasterio, shapely
    >>> from restoration.frame import conform
    >>> box = shapely.box(35_515_300, 2_776_300, 35_515_700, 2_776_700)
    >>> sites = conform(gpd.GeoDataFrame({"measure": ["人工造林"], "status": ["施工中"]}, geometry=[box], crs=4523))
    >>> slope = np.repeat(np.arange(100.0)[:, None] * 10, 100, axis=1)  # as steep as it can be: 10 m down on 10 m
    >>> grid = {"driver": "GTiff", "width": 100, "height": 100, "count": 1, "dtype": "float64", "crs": "EPSG:4523"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     where = rasterio.Affine(10, 0, 35_515_000, 0, -10, 2_777_000)
    ...     with rasterio.open(f"{folder}/dem.tif", "w", transform=where, **grid) as file:
    ...         file.write(slope, 1)
    ...     found = surface_areas(sites, Path(folder, "dem.tif"))
    >>> found["mean_slope_deg"].round(2).tolist(), (found["surface_m2"] / found["area_m2"]).round(3).tolist()
    ([45.0], [1.414])
    """
    elevation = Path(elevation)
    model = opened(Path(elevation))
    places = _places(sites, model)
    answers = [_unanswered(place) for place in places]
    asked = [at for at, answer in enumerate(answers) if not answer.note]
    for batch in _batches(asked, places):
        answers_of = _answers([places[at] for at in batch], model)
        for at, answer in zip(batch, answers_of, strict=True):
            answers[at] = answer
    made = pd.DataFrame(answers, columns=list(_Answer._fields), index=sites.index)
    return pd.DataFrame(
        {
            "site_id": sites["site_id"],
            "area_m2": sites["area_m2"],
            "mean_slope_deg": made["mean_slope_deg"],
            "surface_m2": sites["area_m2"] * made["factor"],
            **{name: made[name] for name in ("cells", "cell_m", "covered_pct", "note")},
        },
        index=sites.index,
    )


class _Answer(NamedTuple):
    mean_slope_deg: float = np.nan
    factor: float = np.nan
    cells: int = 0
    cell_m: float = np.nan
    covered_pct: float = 0.0
    note: str = ""


def _places(sites: gpd.GeoDataFrame, model: Elevation) -> list[_Place | None]:
    """Where each site lies in the raster; ``None`` for one without ground."""
    into = Transformer.from_crs(CRS, model.crs, always_xy=True)

    def to_cells(xy: Floats) -> Floats:
        x, y = into.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([(x - model.x0) / model.dx, (y - model.y0) / model.dy])

    grounds = shapely.transform(np.asarray(sites.to_crs(CRS).geometry.array), to_cells)
    return [None if ground is None or ground.is_empty else _place(ground) for ground in grounds]


def _place(ground: shapely.Geometry) -> _Place:
    bounds = shapely.bounds(ground)
    if not np.isfinite(bounds).all() or np.abs(bounds).max() > _FURTHEST_CELL:
        return _Place(ground, Window(-1, -1, 0, 0))  # beyond where the raster's projection holds
    west, north = np.floor(bounds[:2]).astype(int)
    east, south = np.maximum(np.ceil(bounds[2:]).astype(int), (west + 1, north + 1))
    moved = shapely.transform(ground, lambda cells: cells - (west, north))
    return _Place(moved, Window(int(north), int(west), int(south - north), int(east - west)))


_FURTHEST_CELL = 2.0**31
"""No raster has more columns or rows than this."""


def _unanswered(place: _Place | None) -> _Answer:
    """An answer yet to be found, or why there is none."""
    if place is None:
        return _Answer(note="no_ground")
    if not place.window.rows:
        return _Answer(note="outside")
    return _Answer(note="too_many_cells" if _cells(place) > builtin("terrain")["cells"]["site"] else "")


def _cells(place: _Place | None) -> int:
    return (place.window.rows + 2) * (place.window.columns + 2) if place else 0


def _batches(asked: Sequence[int], places: Sequence[_Place | None]) -> Iterator[list[int]]:
    """The positions asked for, in parts whose windows are held at once."""
    batch: list[int] = []
    held = 0
    for at in asked:
        cells = _cells(places[at])
        if batch and held + cells > builtin("terrain")["cells"]["batch"]:
            yield batch
            batch, held = [], 0
        batch.append(at)
        held += cells
    if batch:
        yield batch


def _answers(places: Sequence[_Place | None], model: Elevation) -> list[_Answer]:
    """The answers for sites whose windows are read at once."""
    known = [place for place in places if place is not None]
    windows = [_inside(place.window, model) for place in known]
    read = iter(model.heights_m([window for window in windows if window]) if any(windows) else [])
    back = Transformer.from_crs(model.crs, CRS, always_xy=True)
    return [
        _answer(place, _rimmed(next(read), window, place.window), _spacing(place.window, model, back))
        if window
        else _Answer(note="outside")
        for place, window in zip(known, windows, strict=True)
    ]


def _inside(window: Window, model: Elevation) -> Window | None:
    """The part of a window and of a rim of one cell that the raster has."""
    top, left = max(window.row - 1, 0), max(window.column - 1, 0)
    bottom = min(window.row + window.rows + 1, model.rows)
    right = min(window.column + window.columns + 1, model.columns)
    return Window(top, left, bottom - top, right - left) if bottom > top and right > left else None


def _rimmed(heights_m: Floats, read: Window, wanted: Window) -> Floats:
    """Heights as the window wants them with its rim: NaN outside the raster."""
    whole = np.full((wanted.rows + 2, wanted.columns + 2), np.nan)
    top, left = read.row - (wanted.row - 1), read.column - (wanted.column - 1)
    whole[top : top + read.rows, left : left + read.columns] = heights_m
    return whole


def _spacing(window: Window, model: Elevation, back: Transformer) -> Spacing:
    """What a step to the next cell is on the ground, for each row, at the window's middle column."""
    row = np.arange(window.row, window.row + window.rows) + 0.5
    column = np.full(len(row), window.column + window.columns / 2)

    def degrees(across: float, down: float) -> Floats:
        return np.column_stack(back.transform(model.x0 + model.dx * (column + across), model.y0 + model.dy * (row + down)))

    by_column_deg, by_row_deg = degrees(0.5, 0) - degrees(-0.5, 0), degrees(0, 0.5) - degrees(0, -0.5)
    return spacing(by_column_deg, by_row_deg, latitude_deg=degrees(0, 0)[:, 1])


def _answer(place: _Place, heights_m: Floats, steps: Spacing) -> _Answer:
    share = shares(place.ground, rows=place.window.rows, columns=place.window.columns)
    tangent = tangents(heights_m, steps)
    weight_m2 = share * steps.cell_m2
    used = (share > 0) & np.isfinite(tangent)
    seen_m2 = float(weight_m2[used].sum())
    covered_pct = 100 * seen_m2 / float(weight_m2.sum()) if share.any() else 0.0
    cell_m = float(np.sqrt(steps.cell_m2.mean()))
    found = _Answer(cells=int(used.sum()), cell_m=cell_m, covered_pct=covered_pct)
    if covered_pct < builtin("terrain")["covered"]["pct"]:
        return found._replace(note="partly_covered" if used.any() else "outside")
    slope_deg = np.degrees(np.arctan(tangent[used]))
    # A sum by a sum, so that flat ground is the area of record to the last digit.
    factor = float((weight_m2[used] * np.hypot(1.0, tangent[used])).sum()) / seen_m2
    return found._replace(mean_slope_deg=float((weight_m2[used] * slope_deg).sum()) / seen_m2, factor=factor)


class Summed(NamedTuple):
    """Sums over the sites that have a surface area (``answered`` of ``sites``): m², and means weighed by area."""

    sites: int
    answered: int
    area_m2: float
    mean_slope_deg: float
    surface_m2: float
    factor: float
    covered_pct: float


def summed(areas: pd.DataFrame) -> Summed:
    """Sum what `surface_areas` gave. A site without a surface area is left out on both sides; sums of none are NaN.

    ``covered_pct`` is over all sites, also those left out.
    """
    known = areas[areas["surface_m2"].notna()]
    area_m2, surface_m2 = (float(known[name].sum(min_count=1)) for name in ("area_m2", "surface_m2"))
    slope = float((known["mean_slope_deg"] * known["area_m2"]).sum(min_count=1))
    covered = float((areas["covered_pct"] * areas["area_m2"]).sum(min_count=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_slope_deg, factor, covered_pct = (
            float(np.divide(value, by)) for value, by in ((slope, area_m2), (surface_m2, area_m2), (covered, areas["area_m2"].sum()))
        )
    return Summed(len(areas), len(known), area_m2, mean_slope_deg, surface_m2, factor, covered_pct)
