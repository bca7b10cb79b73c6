"""Findings to what one looks at: a table, a GeoPackage, an Excel sheet, a page with a map of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import checks, importing, maps, readers, store
from .checks import State
from .export import write_as_named, write_csv, write_sheet, write_styled
from .frame import CRS
from .lifecycle import Lifecycle
from .model import LEVEL_LABEL, Event, Finding, explanation_in, headline_of
from .store.qgis import level_style
from .text import Text

STATE_LABEL: dict[State, Text] = {
    "failed": Text("未处理", "open"),
    "waived": Text("已豁免", "waived"),
    "stale": Text("豁免已失效", "waiver lapsed"),
}
HEADINGS: dict[str, Text] = {
    "state": Text("结论", "result"),
    "level": Text("级别", "level"),
    "code": Text("代码", "code"),
    "file": Text("文件", "file"),
    "layer": Text("图层", "layer"),
    "row": Text("行", "row"),
    "site_id": Text("编号", "site"),
    "other_site_id": Text("另一个", "other"),
    "lon_lat": Text("位置(经度,纬度)", "place (lon,lat)"),
    "message": Text("问题", "what is wrong"),
    "way_out": Text("怎么办", "way out"),
    "value": Text("值", "value"),
}
"""The columns of a table of findings, in order, and their headings."""


ENDINGS = (".gpkg", ".html", ".xlsx", ".csv", ".json")
"""The forms in which findings are written, by the ending of the file."""


def explanations() -> dict[str, Text]:
    """Every code that any room may tell, with its explanation."""
    by_code = {rule.code: rule.__doc__ for rule in readers.RULES} | {code: rule.__doc__ for code, rule in importing.RULES.items()}
    return (
        {code: explanation_in(doc) for code, doc in by_code.items()}
        | {code: checks.explain(code) for code in checks.CODES}
        | store.EXPLANATIONS
    )


def cells_of(finding: Finding, state: State, table: Lifecycle) -> dict[str, str]:
    """A finding as the cells of `HEADINGS`, in the present language."""
    return {
        "state": str(STATE_LABEL[state]),
        "level": str(LEVEL_LABEL[finding.level]),
        "code": finding.code,
        "file": finding.file,
        "layer": str(table.layers.get(finding.layer, finding.layer)),
        "row": "" if finding.row is None else str(finding.row),
        "site_id": finding.site_id,
        "other_site_id": finding.other_site_id,
        "lon_lat": finding.lon_lat,
        "message": str(finding.message),
        "way_out": str(finding.way_out),
        "value": "" if finding.value is None else f"{finding.value:.10g}",
    }


def plain(finding: Finding, state: State) -> dict[str, Any]:
    """A finding as a program reads it: codes, unrounded numbers, both languages."""
    texts = {name: {"zh": text.zh, "en": text.en} for name, text in (("message", finding.message), ("way_out", finding.way_out))}
    names = ("code", "level", "file", "layer", "row", "site_id", "other_site_id", "place", "value")
    named = {name: getattr(finding, name) for name in names}
    return {"state": state, **named, **texts}


def write_findings(
    findings: Sequence[Finding],
    out: Path,
    *,
    sites: gpd.GeoDataFrame,
    table: Lifecycle,
    states: Sequence[State] | None = None,
    refused: Sequence[gpd.GeoDataFrame] = (),
    histories: Mapping[str, Sequence[Event]] | None = None,
    title: str = "",
) -> Path:
    """Write findings to a file whose ending says the form; never over another file.

    ``.gpkg`` has the layer ``findings`` (points, EPSG:4490; one without a place has no geometry) and ``sites`` (the polygons that they
    are about), with colours for QGIS. ``.html`` is a page with a map of them that opens with no network. ``.xlsx``, ``.csv`` and
    ``.json`` are the table alone.

    Parameters
    ----------
    sites
        A sites frame that has the sites of the findings.
    states
        Of each finding whether it stands; all do if not given.
    refused
        Rows of a file that were not taken, to be drawn beside the sites.
    histories
        Events by site, for the page.

    Raises
    ------
    UnknownName, CannotWrite
    """
    every: Sequence[State] = ["failed"] * len(findings)
    judged = list(zip(findings, states or every, strict=True))
    about = concerned(sites, findings)
    cells = [cells_of(finding, state, table) for finding, state in judged]
    headings = [str(heading) for heading in HEADINGS.values()]

    def page(path: Path) -> None:
        ground = _ground(refused)
        maps.save(maps.build_findings(about, marks_of(judged, table), histories=histories, refused=ground, title=title, table=table), path)

    return write_as_named(
        out,
        {
            ".gpkg": lambda path: write_styled(
                {"findings": _points(judged, cells), "sites": about.assign(**_labels(about, table))}, {"findings": level_style()}, path
            ),
            ".html": page,
            ".xlsx": lambda path: write_sheet(_sheet(judged, cells), path, sheet=str(Text("问题", "findings"))),
            ".csv": lambda path: write_csv(headings, [list(row.values()) for row in cells], path),
            ".json": lambda path: _write_json(path, judged),
        },
    )


def concerned(sites: gpd.GeoDataFrame, findings: Sequence[Finding]) -> gpd.GeoDataFrame:
    """The sites that findings are about."""
    named = {site_id for finding in findings for site_id in (finding.site_id, finding.other_site_id)}
    return sites[sites["site_id"].isin(named)].reset_index(drop=True)


def _labels(sites: gpd.GeoDataFrame, table: Lifecycle) -> dict[str, list[str]]:
    pairs = zip(sites["status"], sites["measure"], strict=True)
    return {
        "measure_label": [str(table.measures[measure].label) for measure in sites["measure"]],
        "status_label": [str(table.label(status, measure)) for status, measure in pairs],
    }


def _points(judged: Sequence[tuple[Finding, State]], cells: Sequence[dict[str, str]]) -> gpd.GeoDataFrame:
    columns = {name: [row[name] for row in cells] for name in HEADINGS if name not in ("row", "value", "lon_lat")}
    frame = pd.DataFrame(columns, columns=list(columns)).assign(**_numbers(judged), level=[finding.level for finding, _ in judged])
    labels = frame.assign(level_label=[row["level"] for row in cells])
    shapes = [None if finding.place is None else shapely.Point(finding.place) for finding, _ in judged]
    return gpd.GeoDataFrame(labels, geometry=gpd.GeoSeries(shapes, crs=CRS))


def _numbers(judged: Sequence[tuple[Finding, State]]) -> dict[str, Any]:
    nothing = float("nan")
    return {
        "row": pd.array([finding.row for finding, _ in judged], dtype="Int64"),
        "value": np.array([nothing if finding.value is None else finding.value for finding, _ in judged], dtype=np.float64),
    }


def _sheet(judged: Sequence[tuple[Finding, State]], cells: Sequence[dict[str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=list(HEADINGS), dtype=object).assign(**_numbers(judged))
    return frame.rename(columns={name: str(heading) for name, heading in HEADINGS.items()})


def _write_json(path: Path, judged: Sequence[tuple[Finding, State]]) -> None:
    told = [plain(finding, state) for finding, state in judged]
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def marks_of(judged: Sequence[tuple[Finding, State]], table: Lifecycle) -> list[maps.Mark]:
    """Findings as a map shows them, in the present language."""
    known = explanations()
    return [
        maps.Mark(
            code=finding.code,
            level=finding.level,
            state=cells["state"],
            is_waived=state == "waived",
            about=str(headline_of(known[finding.code])) if finding.code in known else "",
            where=" · ".join(part for part in (cells["file"], cells["layer"], _row_told(finding)) if part),
            message=cells["message"],
            way_out=cells["way_out"],
            place=finding.place,
            sites=tuple(site for site in (finding.site_id, finding.other_site_id) if site),
        )
        for finding, state in judged
        for cells in (cells_of(finding, state, table),)
    ]


def _row_told(finding: Finding) -> str:
    return "" if finding.row is None else str(Text(f"第 {finding.row} 行", f"row {finding.row}"))


def _ground(refused: Sequence[gpd.GeoDataFrame]) -> list[shapely.Geometry]:
    """What refused rows are on the ground: polygons as they were found, where they have coordinates of this earth."""
    shapes = [shape for frame in refused for shape in (frame.to_crs(CRS) if frame.crs else frame).geometry]
    return [shape for shape in shapes if shape is not None and not shape.is_empty and shape.geom_type in ("Polygon", "MultiPolygon")]
