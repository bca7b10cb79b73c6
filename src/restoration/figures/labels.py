"""What is written on the map, where it covers least: the banner of sample data and the names of towns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.patches import FancyBboxPatch
from shapely.affinity import affine_transform

from ..ellipsoid import Floats
from ..geometry import Geometries
from ..maps.payload import towns_of
from ..maps.words import WORDS
from .frame_lines import Place
from .lettering import MM_PER_PT, NOT_IN_FONT
from .plane import Window, planar
from .sheet import BANNER, Sheet

TOWN_PT, BANNER_PT = 8.0, 7.6
LETTER = 0.76
"""The height of a line, as a share of its size."""
REACHES = (1.0, 1.7, 2.6, 3.8)
"""How far from its place a name may be moved, in its own heights."""
DIRECTIONS = 16
CLEAR, GAP = 0.5, 1.2
"""What is nearer to a name than this counts as covered; between two names. mm on A4."""
LONGEST = 24
"""Characters of a name that has room on a map."""
INK = "#2b302a"


class Crowd:
    """The sites (as boxes) and the district's boundary on a sheet, mm: what a label had better not cover."""

    def __init__(self, place: Place, window: Window, sites: Geometries, district: Geometries) -> None:
        self.place, self.window = place, window
        scale, shift = 1 / window.mm_m, (place.x - window.west_m / window.mm_m, place.y - window.south_m / window.mm_m)
        bounds = shapely.bounds(sites)
        corners = bounds[~np.isnan(bounds[:, 0])] * scale + np.tile(shift, 2)
        lines = [affine_transform(line, [scale, 0, 0, scale, *shift]) for line in shapely.boundary(district)]
        self.tree = shapely.STRtree([*shapely.box(*corners.T), *lines])
        self.taken: list[Any] = [shapely.Point()]
        self.room = _box(place)

    def on_sheet(self, longitude: float, latitude: float) -> Floats:
        """Where a position stands on the sheet, mm; NaN if nowhere."""
        point = planar(np.array([shapely.Point(longitude, latitude)]), self.window.zone)[0]
        xy_m = shapely.get_coordinates(point)[0] if point is not None else np.full(2, np.nan)
        return np.asarray((xy_m - self.window[2:4]) / self.window.mm_m + self.place[:2], dtype=np.float64)

    def best(self, places: Geometries, *, clear: float, must_be_free: bool = True) -> shapely.Polygon | None:
        """The rectangle that covers least, the earlier one of equals, and keep it; none if each meets another label or the frame."""
        free = shapely.covers(self.room, places) & ~np.any([shapely.intersects(places, other) for other in self.taken], axis=0)
        if not free.any() and must_be_free:
            return None
        rows, _ = self.tree.query(shapely.buffer(places, clear, cap_style="square", join_style="mitre"), predicate="intersects")
        cost = np.bincount(rows, minlength=len(places)) + np.arange(len(places)) / len(places)
        best: shapely.Polygon = places[int(np.argmin(np.where(free, cost, cost + len(self.tree) + 1)))]
        self.taken.append(shapely.buffer(best, GAP, cap_style="square", join_style="mitre"))
        return best


def draw_banner(sheet: Sheet, crowd: Crowd) -> None:
    """The banner of a map with sample data: above in the middle, or in the corner where it covers less."""
    text, unit, place = sheet.lettering.plain(str(WORDS["sample"])), sheet.unit, crowd.place
    width, height, off = sheet.lettering.width_mm(text, BANNER_PT * unit, bold=True) + 7 * unit, 5.4 * unit, 2.6 * unit
    middle, right = (place.width - width) / 2, place.width - width - off
    low, high = off, place.height - height - off
    size = np.array([width, height])
    corners = np.array([(middle, high), (off, high), (right, high), (off, low), (right, low), (middle, low)]) + place[:2]
    found = crowd.best(np.asarray(shapely.box(*corners.T, *(corners + size).T)), clear=1.0 * unit, must_be_free=False)
    assert found is not None
    x, y, _, _ = found.bounds
    style = f"round,pad=0,rounding_size={height / 2}"
    sheet.axes.add_patch(
        FancyBboxPatch((x, y), width, height, boxstyle=style, mutation_scale=1, facecolor=BANNER, edgecolor="none", zorder=27)
    )
    sheet.write(x + width / 2, y + 1.65 * unit, text, BANNER_PT, room=width, bold=True, colour="white", side="center")


def draw_towns(sheet: Sheet, crowd: Crowd, sites: gpd.GeoDataFrame) -> None:
    """The towns' names beside their sites, the largest first, as long as there is room; no name on another."""
    for name, longitude, latitude in towns_of(sites):
        at = crowd.on_sheet(longitude, latitude)
        line = sheet.lettering.plain(name)
        if not line or len(line) > LONGEST or NOT_IN_FONT in line or np.isnan(at).any():
            continue
        found = crowd.best(_places(sheet, line, at), clear=CLEAR * sheet.unit)
        if found is not None:
            _letter(sheet, line, found.bounds)


def _places(sheet: Sheet, line: str, at: Floats) -> Geometries:
    """The rectangles where a name may stand, the best first: on its place, then round it, nearer ones first."""
    width, height = sheet.lettering.width_mm(line, TOWN_PT * sheet.unit, bold=True), TOWN_PT * sheet.unit * MM_PER_PT * LETTER
    angles = np.linspace(np.pi / 2, np.pi / 2 + 2 * np.pi, DIRECTIONS, endpoint=False)
    round_it = np.column_stack([np.cos(angles), np.sin(angles)])
    moves = np.concatenate([np.zeros((1, 2)), *(round_it * [width / 2 + (reach - 0.5) * height, reach * height] for reach in REACHES)])
    half = np.array([width, height]) / 2
    return np.asarray(shapely.box(*(at + moves - half).T, *(at + moves + half).T), dtype=object)


def _letter(sheet: Sheet, line: str, bounds: Sequence[float]) -> None:
    """A name with white around it; the white is outlines, the name itself is text."""
    x, y = bounds[0], bounds[1] + 0.1 * (bounds[3] - bounds[1])
    sheet.halo(x, y, line, TOWN_PT, bold=True, width_pt=1.8 * sheet.unit)
    sheet.write(x, y, line, TOWN_PT, room=float("inf"), bold=True, colour=INK)


def _box(place: Place) -> shapely.Polygon:
    return shapely.box(place.x, place.y, place.x + place.width, place.y + place.height)
