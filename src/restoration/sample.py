"""The embedded default: a project made from the sample files in ``geodata/``, whose shapes and names are made up.

On 31 December 2021 its ledger gives the figures that the district published; see ``geodata/README.md``.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .drawing import draw
from .errors import NotFound
from .importing import Options
from .model import Target, new_id
from .project import Project
from .text import Text
from .units import to_m2

BY = "示例"
PUBLISHED_ON = date(2021, 12, 31)
"""The bulletin gives its year and no day; the last day of the year is taken."""
TITLE = "义龙新区生态修复（示例数据）"
LAYERS = ("desertification_control.geojson", "reforestation.geojson", "mine_sites.geojson")
SHAPEFILE = "gbk_shapefile/退化林修复2021.shp"
SHAPEFILE_CRS = "EPSG:4523"
"""The shapefile comes without .prj; its numbers are eastings with zone 35, which the importer recognises and asks to confirm."""
PROJECT_FILE = "yilong-sample.gpkg"
MAP_FILE = "map.html"


@dataclass(frozen=True, slots=True)
class Sample:
    """The project that was built (or was there), what was done, and the map."""

    project: Project
    told: Sequence[Text]
    map_file: Path

    def files_told(self) -> list[Text]:
        """Where the files are, one line each."""
        folder = self.project.path
        return [
            Text(f"项目文件：{folder}（QGIS 可直接打开）", f"Project: {folder} (QGIS opens it)"),
            Text(f"地图：{self.map_file}（可断网打开）", f"Map: {self.map_file} (opens with no network)"),
            Text(
                "下一步：在这个文件夹里试 restoration list、restoration targets、restoration check。",
                "Next, in that folder: restoration list, restoration targets, restoration check.",
            ),
        ]


def geodata() -> Path:
    """The folder of the sample files: in the package, or beside ``src`` in a working copy."""
    here = Path(__file__).parent
    for folder in (here / "geodata", here.parents[1] / "geodata"):
        if (folder / "history.csv").is_file():
            return folder
    raise NotFound(Text("找不到示例数据。", "The sample data is not there."), Text("请重新安装本软件。", "Install the program again."))


def build(folder: str | Path) -> Sample:
    """Make the sample project in a folder, or take the one that is there, and draw its map as of `PUBLISHED_ON`.

    The project file appears only when it is whole. What is there already is never changed.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PROJECT_FILE
    told = (
        [Text(f"已有示例项目，直接使用：{path}", f"The sample project is there already: {path}")] if path.is_file() else list(_build(path))
    )
    project = Project.open(path)
    map_file = draw(project, folder / MAP_FILE, as_of=PUBLISHED_ON)
    return Sample(project, told, map_file)


def _build(path: Path) -> Iterator[Text]:
    source = geodata()
    part = path.with_name(f".{new_id()}.part")
    part.mkdir()
    try:
        if not (path.parent / "outline.geojson").exists():
            shutil.copy(source / "outline.geojson", path.parent / "outline.geojson")
        project = Project.create(part / path.name, title=TITLE)
        yield Text("新建了项目。", "Made the project.")
        yield from _take_in(project, source)
        project.path.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _take_in(project: Project, source: Path) -> Iterator[Text]:
    for name, options in (*((name, Options()) for name in LAYERS), (SHAPEFILE, Options(crs=SHAPEFILE_CRS))):
        account = project.import_files([source / name], by=BY, on=PUBLISHED_ON, options=options, check=False)
        count = account.plan.count("new")
        yield Text(f"导入 {name}：{count} 个小班。", f"Took in {name}: {count} sites.")
    targets = [_target(row) for row in _rows(source / "targets.csv")]
    project.add_targets(targets)
    yield Text(f"登记任务 {len(targets)} 项。", f"Recorded {len(targets)} targets.")
    rows = list(_rows(source / "history.csv"))
    for row in rows:
        _ACTIONS[row["事项"]](project, row, source)
    yield Text(f"补录历史 {len(rows)} 条，至 {PUBLISHED_ON}。", f"Replayed {len(rows)} entries up to {PUBLISHED_ON}.")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _target(row: Mapping[str, str]) -> Target:
    return Target(
        row["measure"],
        int(row["plan_year"]),
        row["source"],
        area_m2=to_m2(float(row["area_mu"]), "mu") if row["area_mu"] else None,
        number=int(row["number"]) if row["number"] else None,
        recorded_by=BY,
    )


def _site(project: Project, row: Mapping[str, str]) -> str:
    return f"{project.table.measure(row['措施']).abbr}-{row['年度']}-{row['小班号']}"


def _on(row: Mapping[str, str], column: str = "日期") -> date | None:
    return date.fromisoformat(row[column]) if row[column] else None


def _measured(row: Mapping[str, str]) -> dict[str, float]:
    areas = {"verified_m2": row["核实面积(亩)"], "qualified_m2": row["合格面积(亩)"]}
    others = {"survival_pct": row["成活率(%)"], "cover_pct": row["盖度(%)"], "canopy_ratio": row["郁闭度"]}
    return {name: to_m2(float(text), "mu") for name, text in areas.items() if text} | {
        name: float(text) for name, text in others.items() if text
    }


def _move(project: Project, row: Mapping[str, str], _: Path) -> None:
    project.update(
        [_site(project, row)], to=row["状态"], by=BY, on=_on(row), doc_no=row["文号"], note=row["说明"],
        surveyed_on=_on(row, "调查日期"), measured=_measured(row),
    )  # fmt: skip


def _measure(project: Project, row: Mapping[str, str], _: Path) -> None:
    project.measure(
        _site(project, row),
        measured=_measured(row),
        by=BY,
        on=_on(row),
        surveyed_on=_on(row, "调查日期"),
        doc_no=row["文号"],
        note=row["说明"],
    )


def _note(project: Project, row: Mapping[str, str], _: Path) -> None:
    project.note([_site(project, row)], text=row["说明"], by=BY, on=_on(row), doc_no=row["文号"])


def _correct(project: Project, row: Mapping[str, str], _: Path) -> None:
    project.correct(_site(project, row), changes={row["字段"]: row["新值"]}, reason=row["说明"], by=BY, on=_on(row), doc_no=row["文号"])


def _redraw(project: Project, row: Mapping[str, str], source: Path) -> None:
    project.import_files([source / "redrawn.geojson"], by=BY, on=_on(row), note=row["说明"], check=False)


_ACTIONS: dict[str, Callable[[Project, Mapping[str, str], Path], None]] = {
    "状态变更": _move,
    "面积指标": _measure,
    "备注": _note,
    "更正": _correct,
    "边界重划": _redraw,
}
