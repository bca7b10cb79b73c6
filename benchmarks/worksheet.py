"""What a sheet of many sites takes, out and in, set against openpyxl and pandas with the same cells.

A seeded ledger of 人工造林; a tenth of the rows is filled in. Each run has a process of its own. Prints seconds on the clock and the most
memory that the process held (of ours without the child that reads the workbook, whose own is printed beside it), and ours over theirs.

    python benchmarks/worksheet.py [SITES]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely

from restoration.importing import Options
from restoration.project import Project
from restoration.readers import Given
from restoration.worksheet import apply, read_sheet, write_worksheet

SEED, SIDE_DEG = 20_211_231, 0.001
HEADING_ROW, FIRST_ROW = 3, 4


def project_of(count: int, folder: Path) -> Path:
    """A ledger of so many sites."""
    side = int(np.ceil(np.sqrt(count)))
    x, y = np.divmod(np.arange(count), side)
    west, south = 104.9 + x * 2 * SIDE_DEG, 24.9 + y * 2 * SIDE_DEG
    towns = np.random.default_rng(SEED).choice(["雨樟镇", "龙广镇", "德卧镇"], count)
    columns = {"小班号": [f"{at:06}" for at in range(count)], "名称": [f"示例{at}" for at in range(count)], "乡镇": towns}
    frame = gpd.GeoDataFrame(columns, geometry=shapely.box(west, south, west + SIDE_DEG, south + SIDE_DEG), crs=4490)
    source = folder / "sites.gpkg"
    frame.to_file(source)
    project = Project.create(folder / "p.gpkg")
    options = Options(given=Given(measure="人工造林", plan_year=2021))
    project.import_files([source], by="甲", options=options, check=False)
    return project.path


def ours_out(project: Path, folder: Path) -> None:
    """The sheet, with its lists of moves, its checks and its hidden cells."""
    held = Project.open(project, read_only=True)
    write_worksheet(held, folder / "ours.xlsx", sites=held.sites())


def openpyxl_out(_: Path, folder: Path) -> None:
    """The same cells, with nothing of what makes it a sheet."""
    frame = pd.read_excel(folder / "ours.xlsx", header=HEADING_ROW - 1)
    start = time.perf_counter()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in frame.astype(object).where(frame.notna(), None).to_numpy().tolist():
        sheet.append(row)
    book.save(folder / "plain.xlsx")
    (folder / "openpyxl.s").write_text(str(time.perf_counter() - start))


def pandas_out(_: Path, folder: Path) -> None:
    """The same cells by pandas."""
    frame = pd.read_excel(folder / "ours.xlsx", header=HEADING_ROW - 1)
    start = time.perf_counter()
    frame.to_excel(folder / "pandas.xlsx", index=False)
    (folder / "pandas.s").write_text(str(time.perf_counter() - start))


def filled(_: Path, folder: Path) -> None:
    """Every tenth row is filled in, as a person would."""
    book = openpyxl.load_workbook(folder / "ours.xlsx")
    sheet = book.worksheets[0]
    place = {cell.value: cell.column for cell in sheet[HEADING_ROW]}
    for row in range(FIRST_ROW, sheet.max_row + 1, 10):
        sheet.cell(row, place["新状态"]).value = "作业设计(修复方案)已批复"
        sheet.cell(row, place["日期"]).value = pd.Timestamp.now().date()
        sheet.cell(row, place["文号"]).value = "设计1号"
    book.save(folder / "filled.xlsx")


def ours_in(project: Path, folder: Path) -> None:
    """Read, judged row by row, written in one transaction."""
    held = Project.open(project)
    done = apply(held, read_sheet(folder / "filled.xlsx"), by="乙")
    assert len(done.written) == done.count("taken") == -(-len(held.sites()) // 10)


def openpyxl_in(_: Path, folder: Path) -> None:
    """The cells, read."""
    book = openpyxl.load_workbook(folder / "filled.xlsx")
    assert sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if row)


def pandas_in(_: Path, folder: Path) -> None:
    """The cells, read by pandas."""
    assert len(pd.read_excel(folder / "filled.xlsx", header=HEADING_ROW - 1))


def measured(task: Callable[[Path, Path], None], project: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds, MB at most of the process, and of its largest child."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_run, task, project, folder).result()


def _run(task: Callable[[Path, Path], None], project: Path, folder: Path) -> tuple[float, float, float]:
    start = time.perf_counter()
    task(project, folder)
    seconds = time.perf_counter() - start
    own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    noted = folder / f"{task.__name__.removesuffix('_out')}.s"
    return (float(noted.read_text()) if noted.exists() else seconds), own, children


def main(count: int) -> None:
    """Print what each takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = project_of(count, folder)
        print(f"{count} sites")
        for ours, *peers in ((ours_out, openpyxl_out, pandas_out), (ours_in, openpyxl_in, pandas_in)):
            if ours is ours_in:
                measured(filled, project, folder)
            mine = measured(ours, project, folder)
            print(f"{ours.__name__:<13} {mine[0]:6.2f} s  {mine[1]:5.0f} MB  its child {mine[2]:5.0f} MB")
            for peer in peers:
                theirs = measured(peer, project, folder)
                print(f"{peer.__name__:<13} {theirs[0]:6.2f} s  {theirs[1]:5.0f} MB  ours over theirs {mine[0] / theirs[0]:.1f}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("sites", type=int, nargs="?", default=20_000)
    main(asked.parse_args().sites)
