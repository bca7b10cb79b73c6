"""The area of record of many parcels, beside what else one would use.

    python benchmarks/areas.py [PARCELS]

One process, one run, seeded; CPU time per parcel, and the peer's divided by ours. Accuracy is against the procedure of TD/T 1055
annex D itself, on the first thousand parcels.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from restoration.geometry import area_of_record_m2, from_plane, procedure_area_m2

VERTICES = 60
CHECKED = 1_000


def main(parcels: int) -> None:
    """Make the parcels and measure them in every way."""
    shapes = made(parcels)
    series = gpd.GeoSeries(shapes, crs=4490)
    few = shapes[: min(parcels, 5_000)]
    geod = Geod(ellps="GRS80")
    ways: dict[str, tuple[np.ndarray[Any, Any], Callable[[np.ndarray[Any, Any]], Any]]] = {
        "area_of_record_m2 (ours)": (shapes, area_of_record_m2),
        "shapely.get_coordinates alone": (shapes, shapely.get_coordinates),
        "geopandas to_crs(6933).area": (shapes, lambda _: series.to_crs(6933).area.to_numpy()),
        "procedure, points every 70 m (ours)": (few, procedure_area_m2),
        "pyproj.Geod in a loop": (few, lambda some: np.abs([geod.geometry_area_perimeter(shape)[0] for shape in some])),
    }
    record = procedure_area_m2(shapes[:CHECKED])
    ours_s = 0.0
    print(f"{parcels} parcels of {VERTICES} vertices")
    for name, (some, measure) in ways.items():
        each_s, found = timed(measure, some)
        ours_s = ours_s or each_s
        off = "" if found.ndim > 1 else f"  furthest from the procedure {np.abs(found[:CHECKED] - record).max():.4f} m²"
        print(f"{name:38} {1e6 * each_s:8.2f} µs  {each_s / ours_s:6.2f}{off}")


def timed(measure: Callable[[Any], Any], some: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
    """The best of three: CPU seconds a parcel, and the result."""
    best, found = float("inf"), np.zeros(0)
    for _ in range(3):
        start = time.process_time()
        found = np.asarray(measure(some))
        best = min(best, time.process_time() - start)
    return best / len(some), found


def made(parcels: int) -> np.ndarray[Any, Any]:
    """Irregular rings over the district, in degrees."""
    chance = np.random.default_rng(20211231)
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = 300 * (0.3 + 0.7 * chance.random((parcels, VERTICES)))
    middle = np.column_stack([chance.uniform(490_000, 540_000, parcels), chance.uniform(2_750_000, 2_810_000, parcels)])
    rings = middle[:, None, :] + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)
    return from_plane(np.asarray(shapely.polygons(rings), dtype=object), 35)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
