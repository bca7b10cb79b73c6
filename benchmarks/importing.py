"""What an import takes, set against reading, converting and writing the same file with pyogrio and geopandas alone.

A shapefile of sites with 60 vertices each, GBK, in EPSG:4523; the same seed gives the same file. Each run has a process of its own,
which does a small file first, so that neither pays for loading its libraries; of several rounds the best counts. Prints, for each
number of sites, seconds on the clock, seconds of the processor (with those of the child process that runs GDAL), the most memory
that the process held, ours over theirs, and our seconds for a thousand sites, which stay the same if time is linear.

    python benchmarks/importing.py [SITES ...] [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from restoration.importing import Options
from restoration.project import Project
from restoration.readers import Given

SEED, VERTICES, APART_M = 20_211_231, 60, 400.0
FEW = 100


def sites(count: int) -> gpd.GeoDataFrame:
    """Irregular parcels on a grid, none of which touches another."""
    chance = np.random.default_rng(SEED)
    side = int(np.ceil(np.sqrt(count)))
    middles = np.stack(np.divmod(np.arange(count), side), axis=1) * APART_M + (35_460_000.0, 2_740_000.0)
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius_m = chance.uniform(80, 160, (count, VERTICES))
    rings = middles[:, None, :] + np.stack([radius_m * np.cos(turn), radius_m * np.sin(turn)], axis=2)
    shapes = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    columns = {
        "小班号": [f"{number:06}" for number in range(count)],
        "名称": [f"示例小班{number}" for number in range(count)],
        "乡镇": chance.choice(["雨樟镇", "龙广镇", "德卧镇"], count),
        "面积亩": shapely.area(shapes) * 3 / 2000,
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4523")


def peer(source: Path, folder: Path) -> None:
    """Read, convert, write: no check, no history."""
    pyogrio.write_dataframe(pyogrio.read_dataframe(source, encoding="GBK").to_crs(4490), folder / "peer.gpkg")


def ours(source: Path, folder: Path) -> None:
    """The whole import: decoding by content, checks of every row, the ledger."""
    project = Project.create(folder / "ours.gpkg")
    options = Options(unit="mu", given=Given(measure="人工造林", plan_year=2021))
    account = project.import_files([source], by="甲", options=options, check=False)
    assert account.plan.count("new") == len(account.plan.account) > 0


@dataclass(frozen=True)
class Run:
    """What one run took."""

    clock_s: float
    processor_s: float
    memory_mb: float


def run(task: Callable[[Path, Path], None], small: Path, source: Path) -> Run:
    """One run, the process warm."""
    taken(task, small)
    return taken(task, source)


def taken(task: Callable[[Path, Path], None], source: Path) -> Run:
    """What a task takes in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        start, before = time.perf_counter(), os.times()
        task(source, Path(folder))
        clock_s, after = time.perf_counter() - start, os.times()
    memory_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Run(clock_s, sum(after[:4]) - sum(before[:4]), memory_kb / 1024)


def best(runs: list[Run]) -> Run:
    """The least of each."""
    return Run(*(min(values) for values in zip(*((one.clock_s, one.processor_s, one.memory_mb) for one in runs), strict=True)))


def compared(small: Path, source: Path, rounds: int) -> tuple[Run, Run]:
    """The peer's best and ours, turn by turn."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        runs = [(pool.submit(run, peer, small, source).result(), pool.submit(run, ours, small, source).result()) for _ in range(rounds)]
    theirs, mine = (best(list(of_one)) for of_one in zip(*runs, strict=True))
    return theirs, mine


def main(counts: list[int], rounds: int) -> list[float]:
    """Print what each number of sites takes and give the ratios by the clock."""
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        small = written(FEW, Path(folder))
        for count in counts:
            theirs, mine = compared(small, written(count, Path(folder)), rounds)
            ratios.append(mine.clock_s / theirs.clock_s)
            for name, one in (("pyogrio", theirs), ("restoration", mine)):
                print(f"{count:>7} {name:<11}  clock {one.clock_s:6.2f} s  processor {one.processor_s:6.2f} s  {one.memory_mb:5.0f} MB")
            of_processor = mine.processor_s / theirs.processor_s
            each = f"{mine.clock_s / count * 1000:.3f} s and {mine.processor_s / count * 1000:.3f} s"
            print(f"{count:>7} ratio        clock {ratios[-1]:6.1f}    processor {of_processor:6.1f}    for 1000 sites {each}")
    return ratios


def written(count: int, folder: Path) -> Path:
    """The shapefile of so many sites."""
    source = folder / f"小班{count}.shp"
    pyogrio.write_dataframe(sites(count), source, encoding="GBK")
    return source


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("sites", type=int, nargs="*", default=[20_000, 100_000])
    asked.add_argument("--rounds", type=int, default=3)
    words = asked.parse_args()
    main(words.sites, words.rounds)
