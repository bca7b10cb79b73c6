"""The sites frame as lists of corners: 界址点 TXT and tables of corners, in the order and precision of `data/export.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from .data import builtin
from .ellipsoid import Floats
from .errors import BadRequest
from .geometry import zone_of
from .text import Text, is_like_formula
from .units import in_unit, rounded

_DEGREES = "EPSG:4490"


@dataclass(frozen=True)
class Plane:
    """The Gauss-Krüger plane that corners are given in: its code, and the number and width (degrees) of its zone."""

    code: str
    zone: int
    width: int


def plane_of(sites: gpd.GeoDataFrame, crs: str | None) -> Plane:
    """The plane of a caller's code, else the 3-degree zone in which all the sites lie, its number in front of the eastings.

    Raises
    ------
    BadRequest
        The code is no zone of CGCS2000, or none is given and the sites lie in several zones.

    Examples
    --------
    >>> here = gpd.GeoDataFrame(geometry=[shapely.box(105.1, 25, 105.2, 25.1)], crs=4490)
    >>> plane_of(here, None), plane_of(here, "EPSG:4544").zone
    (Plane(code='EPSG:4523', zone=35, width=3), 35)
    """
    planes = {plane.code: plane for plane in _planes()}
    if crs is not None:
        if crs.upper() not in planes:
            raise BadRequest(
                Text(f"界址点、拐点的平面坐标不能用 {crs}。", f"Corners are not given in {crs}."),
                Text(
                    "请用 2000 系的高斯投影带，如 EPSG:4523（带号在前）或 EPSG:4544；经纬度的拐点表用 EPSG:4490。",
                    "Give a zone of CGCS2000, such as EPSG:4523 (its number in front) or EPSG:4544; EPSG:4490 for a table in degrees.",
                ),
            )
        return planes[crs.upper()]
    zones = sorted({int(zone) for zone in zone_of(np.asarray(sites.geometry.array)) if zone})
    if len(zones) > 1:
        raise BadRequest(
            Text(f"小班分在 {'、'.join(map(str, zones))} 带。", f"The sites lie in zones {', '.join(map(str, zones))}."),
            Text("请用 --crs 指明写在哪一带，如 --crs EPSG:4523。", "Name the zone to write in with --crs, such as --crs EPSG:4523."),
        )
    zone = zones[0] if zones else int(builtin("crs")["home"]["zone"])
    return next(plane for plane in _planes() if (plane.zone, plane.width) == (zone, 3))


def code_of_zone(zone: int) -> str:
    """The EPSG code of a 3-degree zone of CGCS2000, its number in front of the eastings; ``""`` outside the country.

    Examples
    --------
    >>> code_of_zone(35), code_of_zone(1)
    ('EPSG:4523', '')
    """
    return next((plane.code for plane in _planes() if (plane.zone, plane.width) == (zone, 3)), "")


def _planes() -> Iterator[Plane]:
    """Every zone of CGCS2000, those of 3 degrees with their number in front first."""
    for row in builtin("crs")["gauss_kruger"]:
        if row["datum"] == "CGCS2000":
            for step in range(row["last_code"] - row["first_code"] + 1):
                yield Plane(f"EPSG:{row['first_code'] + step}", row["first_zone"] + step, row["degrees"])


def boundary_points(sites: gpd.GeoDataFrame, *, crs: str | None, today: date) -> str:
    """The sites as a 界址点 TXT.

    Parameters
    ----------
    sites
        As `frame` has them, with ``measure_label`` and ``sample_label``.
    crs
        See `plane_of`.
    today
        The day that the head names.
    """
    dialect, plane = builtin("export")["boundary_points"], plane_of(sites, crs)
    lines = [line.format(day=today.isoformat(), width=plane.width, zone=plane.zone) for line in dialect["settings"]]
    for row in _rows(sites, plane.code):
        points = list(_numbered(row.shape, closed=dialect["closed"]))
        lines.append(
            dialect["head"].format(
                points=len(points),
                area_ha=rounded(in_unit(row.area_m2, "ha"), dialect["area_decimals"]),
                number=_apart(row.number),
                name=_apart(row.name),
                use=_apart(" ".join(word for word in (row.measure, row.sample) if word)),
            )
        )
        lines += [
            dialect["point"].format(
                label=f"{dialect['label']}{label}", ring=ring, x=f"{y:.{dialect['decimals']}f}", y=f"{x:.{dialect['decimals']}f}"
            )
            for ring, label, (x, y) in points
        ]
    return "\r\n".join(lines) + "\r\n"


def corner_table(sites: gpd.GeoDataFrame, *, crs: str | None) -> tuple[list[str], list[list[str | int]]]:
    """The sites as a table of corners: its headings, and a line for each corner.

    Parameters
    ----------
    sites
        As for `boundary_points`.
    crs
        ``EPSG:4490`` for degrees, else see `plane_of`.

    Returns
    -------
    The two coordinates stand last, as texts with all their decimals.
    """
    form = builtin("export")["corner_table"]
    in_degrees = (crs or "").upper() == _DEGREES
    plane = None if in_degrees else plane_of(sites, crs)
    decimals = form["degree_decimals" if plane is None else "decimals"]
    last = form["degrees"] if plane is None else [name.format(width=plane.width, zone=plane.zone) for name in form["plane"]]
    lines: list[list[str | int]] = []
    for row in _rows(sites, _DEGREES if plane is None else plane.code):
        cells: list[str | int] = [row.number, row.name, row.measure, row.year, row.sample]
        lines += [
            [*cells, ring, label, f"{y:.{decimals}f}", f"{x:.{decimals}f}"] for ring, label, (x, y) in _numbered(row.shape, closed=False)
        ]
    return [*form["columns"], *last], lines


@dataclass(frozen=True)
class _Row:
    number: str
    name: str
    measure: str
    year: int
    sample: str
    area_m2: float
    shape: shapely.MultiPolygon


def _rows(sites: gpd.GeoDataFrame, code: str) -> Iterator[_Row]:
    """The sites in a CRS; each by its number in the source, or all by their number here where that is not one of each."""
    sources = sites["source_id"].fillna("").astype(str).tolist()
    numbers = sources if all(sources) and len(set(sources)) == len(sources) else sites["site_id"].tolist()
    columns = ("name", "measure_label", "plan_year", "sample_label", "area_m2")
    cells = zip(*(sites[column].tolist() for column in columns), strict=True)
    for number, row, shape in zip(numbers, cells, sites.to_crs(code).geometry, strict=True):
        name, measure, year, sample, area_m2 = row
        yield _Row(number, name or "", measure, int(year), sample, area_m2, shape)


def _numbered(shape: shapely.Geometry, *, closed: bool) -> Iterator[tuple[int, int, tuple[float, float]]]:
    """Each corner with the numbers of its ring and of itself; numbers run on over the rings, the closing point has the first one's."""
    begin = 1
    for ring, points in enumerate(_rings(shape), 1):
        for at, (x, y) in enumerate(points):
            yield ring, begin + at, (float(x), float(y))
        if closed:
            yield ring, begin, (float(points[0][0]), float(points[0][1]))
        begin += len(points)


def _rings(shape: shapely.Geometry) -> Iterator[Floats]:
    """The rings without their closing points, each shell before its holes."""
    for part in shapely.get_parts(shape):
        yield from (shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part))


def _apart(text: str) -> str:
    """A text that does not break the line or the field it stands in."""
    return " ".join(text.replace(",", "，").replace("@", "＠").split())


def without_formula(cells: Sequence[str | int]) -> list[str | int]:
    """Cells in which a spreadsheet sees no formula, whether or not it drops the blanks before one."""
    return [f"'{cell}" if isinstance(cell, str) and is_like_formula(cell) else cell for cell in cells]
