"""Sites, entries and files made for tests: squares of a known size near 105.1° E, 25.1° N; and calls of the command line."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast
from unittest import mock

import geopandas as gpd
import numpy as np
import shapely

from restoration import lifecycle
from restoration.cli import main
from restoration.model import Attributes, Event, Kind, State, new_id, result_of, utc_now
from restoration.store import Entry, Ledger, create_ledger

SIDE_DEG = 0.002


def square(column: float, row: float = 0.0, *, side: float = SIDE_DEG) -> shapely.MultiPolygon:
    """A square at a place of a grid whose cells are one side wide."""
    west, south = 105.1 + column * SIDE_DEG, 25.1 + row * SIDE_DEG
    return shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)])


def points_leave_m2(length_m: Any, latitude_deg: float) -> Any:
    """The most that an edge bulges between points 70 m apart, as docs/areas.md derives it, for a length of such edges."""
    return length_m / 70 * (0.00636 * np.tan(np.radians(abs(latitude_deg))) + 0.00013)


def registration(
    site_id: str, *, status: str = "sited", on: date = date(2021, 3, 1), column: float = 0.0, measure: str = "hill_closure"
) -> Entry:
    """The first event of a site, with its boundary and attributes."""
    payload = {"boundary": 1, "attributes": 1, "measured": {"reported_m2": 40_000.0}}
    event = Event(new_id(), site_id, 1, None, "registered", status, on, utc_now(), "甲", "", "", payload, State("", 0, 0))
    return Entry(replace(event, state=result_of(None, event)), square(column), Attributes(site_id, measure, 2021, name=f"名{site_id}"))


def next_event(last: Event, *, kind: Kind = "moved", to: str | None = None, on: date = date(2021, 4, 1), by: str = "乙") -> Entry:
    """An event that follows another."""
    event = Event(new_id(), last.site_id, last.step + 1, last.id, kind, to, on, utc_now(), by, "", "", {}, last.state)
    return Entry(replace(event, state=result_of(last.state, event)))


def ledger_of(path: Path, count: int) -> Ledger:
    """A new ledger with sites S0, S1, ... side by side."""
    ledger = create_ledger(path, about={"title": "测试"}, table=lifecycle.table())
    ledger.append([registration(f"S{number}", column=number) for number in range(count)])
    return ledger


def sites_frame(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """An analyst's frame: each row a dict with a ``geometry``."""
    return gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4490")


class Said(NamedTuple):
    """How a call of the command line ended, and what it printed."""

    code: int
    out: str
    err: str
    raw: bytes

    def data(self) -> Any:
        """What was printed as JSON."""
        return json.loads(self.out)


def run(*arguments: object) -> Said:
    """Call the command line in this process; a fault of the program itself is raised."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2)]
    with mock.patch.dict(os.environ, RESTORATION_TRACEBACK="1"), redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        code = main([str(argument) for argument in arguments])
    out, err = (_content(stream) for stream in streams)
    return Said(code, out.decode("utf-8-sig"), err.decode(), out)


def _content(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


def project_in(folder: Path, name: str = "p.gpkg") -> Path:
    """A new project."""
    assert run("init", folder / name, "--title", "测试").code == 0
    return folder / name


def parcels(*rows: Mapping[str, object], crs: str = "EPSG:4490") -> gpd.GeoDataFrame:
    """Rows as a township sends them: 小班号 from 001 on, a square each, side by side, and whatever a row says."""
    usual = [{"小班号": f"{number:03}", "geometry": square(number * 1.5)} for number in range(1, len(rows) + 1)]
    frame = gpd.GeoDataFrame([{**said, **row} for said, row in zip(usual, rows, strict=True)], geometry="geometry", crs="EPSG:4490")
    return cast(gpd.GeoDataFrame, frame.to_crs(crs))


def written(rows: gpd.GeoDataFrame, path: Path, *, encoding: str | None = None, bare: bool = False) -> Path:
    """Rows as a file; a bare shapefile has neither .prj nor .cpg."""
    rows.to_file(path, engine="pyogrio", encoding=encoding)
    if bare:
        for ending in (".prj", ".cpg"):
            path.with_suffix(ending).unlink()
    return path


def taken_in(folder: Path, *rows: Mapping[str, object], measure: str = "人工造林") -> Path:
    """A project with rows of 2021 in it, registered on 1 March 2021 by 甲."""
    project = project_in(folder)
    file = written(parcels(*rows), folder / "rows.geojson")
    said = run("import", file, "--measure", measure, "--year", 2021, "--by", "甲", "--on", "2021-03-01", "--project", project)
    assert said.code in (0, 4), said
    return project


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
