"""How long an import takes, set against reading, converting and writing the same file with pyogrio and geopandas alone.

A shapefile of 20 000 sites with 60 vertices each, GBK, in EPSG:4523; the same seed gives the same file. Both run in this process, one
after the other, each several times; the best time of each counts. Prints seconds and the ratio.

    python benchmarks/importing.py [SITES] [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from restoration.importing import Options
from restoration.project import Project
from restoration.readers import Given

SEED, VERTICES, APART_M = 20_211_231, 60, 400.0


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


def seconds(task: Callable[[Path, Path], None], source: Path) -> float:
    """One run in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        start = time.perf_counter()
        task(source, Path(folder))
        return time.perf_counter() - start


def main(count: int = 20_000, rounds: int = 3) -> float:
    """Print both times and give their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "小班.shp")
        pyogrio.write_dataframe(sites(count), source, encoding="GBK")
        runs = [(seconds(peer, source), seconds(ours, source)) for _ in range(rounds)]
    peer_s, ours_s = (min(times) for times in zip(*runs, strict=True))
    ratio = float(ours_s / peer_s)
    print(f"{count} sites: pyogrio {peer_s:.2f} s, restoration {ours_s:.2f} s, ratio {ratio:.1f}")
    return ratio


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
