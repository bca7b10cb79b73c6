"""Seconds to draw the printed map of parcels and save it, beside geopandas' `.plot()` with the same classes.

    python benchmarks/figures.py [PARCELS ...]

10 000 and 100 000 if no number is given. ``legend`` is the counting of the legend's numbers, ``drawn`` all the rest of the sheet; geopandas
draws one collection a group, with its line and fill, on the same size of paper.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from parcels import parcels

from restoration import figures, lifecycle
from restoration.frame import conform
from restoration.maps.legend import legend_of
from restoration.style import look_of

ENDINGS = ("png", "pdf", "svg")


def sites_of(count: int) -> gpd.GeoDataFrame:
    """Parcels under every measure and status."""
    table, shapes = lifecycle.table(), parcels(count)
    which = np.random.default_rng(0)
    columns = {"measure": which.choice(list(table.measures), len(shapes)), "status": which.choice(list(table.statuses), len(shapes))}
    return conform(gpd.GeoDataFrame(columns, geometry=shapes, crs=4490))


def plotted(sites: gpd.GeoDataFrame) -> Figure:
    """The same classes by geopandas."""
    figure = Figure(figsize=(297 / 25.4, 210 / 25.4))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for group, part in sites.to_crs(4523).groupby("group"):
        look = look_of(str(group))
        part.plot(ax=axes, facecolor=look.colour, alpha=look.fill_opacity, edgecolor=look.colour, linewidth=look.weight * 0.36)
    return figure


def main(counts: list[int]) -> None:
    """Print one line a number of parcels and kind of file."""
    print(
        f"{'parcels':>8} {'file':>5} {'legend s':>9} {'drawn s':>8} {'saved s':>8} {'MB':>6} | {'geopandas s':>11} {'saved s':>8} {'MB':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            sites = sites_of(count)
            begin = time.perf_counter()
            legend_of(sites, table=lifecycle.table())
            counted = time.perf_counter() - begin
            ours, drawn = _timed(figures.figure, sites)
            theirs, plot = _timed(plotted, sites)
            for ending in ENDINGS:
                path = Path(folder, f"a.{ending}")
                _, saved = _timed(figures.save, ours, path)
                size = path.stat().st_size / 1e6
                _, other = _timed(theirs.savefig, path, dpi=300)
                print(
                    f"{len(sites):8} {ending:>5} {counted:9.2f} {drawn - counted:8.2f} {saved:8.2f} {size:6.1f} | "
                    f"{plot:11.2f} {other:8.2f} {path.stat().st_size / 1e6:6.1f}",
                    flush=True,
                )


def _timed(function, *arguments, **options):  # noqa: ANN001, ANN002, ANN003, ANN202
    begin = time.perf_counter()
    made = function(*arguments, **options)
    return made, time.perf_counter() - begin


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000])
