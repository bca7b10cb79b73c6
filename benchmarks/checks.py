"""How long each rule of the checks takes, in seconds of one core (all threads together, so that a busy machine changes little).

    python benchmarks/checks.py [SITES]

The sites are `parcels.parcels` (50 vertices each on average, some on one another) or, with --mosaic, a mosaic of hexagonal sites of 60
vertices that share every edge but for one in a hundred sites that was drawn half a metre too small: what gaps are slow at. The reference
layers are made up: a county, 400 towns, and of cropland, basic farmland, former classes and licences one polygon to every ten sites.
What several rules look at (edges, shared ground) is computed by the first rule that asks for it, and counts there.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from time import process_time

import geopandas as gpd
import numpy as np
import shapely
from parcels import parcels

from restoration import checks, lifecycle
from restoration.checks.inspection import Inspection
from restoration.frame import conform
from restoration.geometry import from_plane
from restoration.references import references_of
from restoration.thresholds import thresholds

SEED = 20_211_231


def mosaic(count: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Hexagons of 60 vertices in degrees, side by side, 2.6 ha each; one in a hundred is half a metre too small."""
    side, columns = 100.0, int(np.ceil(np.sqrt(count)))
    row, column = np.divmod(np.arange(count), columns)
    middle = np.column_stack([500_000 + np.sqrt(3) * side * (column + row % 2 / 2), 2_700_000 + 1.5 * side * row])
    turn = np.radians(np.arange(30, 390, 60))
    corners = side * np.column_stack([np.cos(turn), np.sin(turn)])
    part = np.linspace(0, 1, 10, endpoint=False)[:, None]
    ring = np.concatenate([a + (b - a) * part for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)])
    size = np.where(np.random.default_rng(SEED).random(count) < 0.01, 1 - 0.5 / side, 1.0)
    xy = np.round(middle[:, None] + ring * size[:, None, None], 4)
    return from_plane(shapely.polygons(xy), 35)


def made(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> gpd.GeoDataFrame:
    """The shapes as a sites frame of several measures, years and statuses."""
    count = len(shapes)
    at = np.arange(count)
    columns = {
        "source_id": [f"{number:06}" for number in at],
        "measure": np.array(["afforestation", "hill_closure", "grain_to_green", "low_yield", "mine_regreen"])[at % 5],
        "status": np.array(["planned", "in_progress", "county_accepted"])[at // 5 % 3],
        "plan_year": 2019 + at // 15 % 5,
        "county_code": "522301", "town": "郑屯镇", "village": "前锋村", "species": "马尾松",
    }  # fmt: skip
    return conform(gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4490))


def layers(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> dict[str, gpd.GeoDataFrame]:
    """Reference layers around the shapes."""
    west, south, east, north = shapely.total_bounds(shapes)
    x, y = np.linspace(west, east, 21), np.linspace(south, north, 21)
    towns = [shapely.box(x[i], y[j], x[i + 1], y[j + 1]) for i in range(20) for j in range(20)]
    tenth = shapely.transform(shapes[::10], lambda xy: xy + 0.0005)
    fields = gpd.GeoDataFrame({"DLBM": ["0103"] * len(tenth), "DLMC": "旱地"}, geometry=list(tenth), crs=4490)
    return {
        "county": gpd.GeoDataFrame({"XZQMC": ["县"]}, geometry=[shapely.box(west, south, east, north)], crs=4490),
        "town": gpd.GeoDataFrame({"XZQMC": [f"{number}镇" for number in range(400)]}, geometry=towns, crs=4490),
        **dict.fromkeys(("cropland", "basic_farmland", "former_land", "licence"), fields),
    }


def main() -> None:
    """Time every rule and print a line for each."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    count = numbers[0] if numbers else 100_000
    shapes = mosaic(count) if "--mosaic" in sys.argv else parcels(count)
    frame = made(shapes)
    print(f"{count} sites of {shapely.get_num_coordinates(shapes).mean():.0f} vertices, {os.cpu_count()} cores")
    begin = process_time()
    held = references_of(layers(shapes))
    print(f"layers made ready {process_time() - begin:7.2f} s")
    photos = [f"{number:06}_1.jpg" for number in range(0, count, 2)]
    seen = Inspection(frame, lifecycle.table(), date(2026, 6, 30), thresholds(), held, photos)
    whole = 0.0
    for rule in checks.RULES:
        begin = process_time()
        found = sum(1 for _ in rule(seen))
        took = process_time() - begin
        whole += took
        print(f"{rule.code} {took:7.2f} s  {found} found")
    print(f"all  {whole:7.2f} s")


if __name__ == "__main__":
    main()
