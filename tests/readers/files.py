"""Files as contractors send them, made byte by byte where it matters."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from restoration.geometry import from_plane
from restoration.model import Finding

SQUARE = shapely.box(520_000, 2_775_000, 521_000, 2_776_000)
"""1 km by 1 km in EPSG:4544: 999 989.62 m² on the ellipsoid, 1499.98 亩."""
TEXT, NUMBER = "C", "N"


def moved(shape: shapely.Geometry, east_m: float, north_m: float = 0.0) -> Any:
    """The shape elsewhere."""
    return shapely.transform(shape, lambda xy: xy + np.array([east_m, north_m]))


def squares(count: int, *, prefix: int = 0) -> list[Any]:
    """Squares side by side, 2 km apart, in EPSG:4544, or with a zone number in front in EPSG:4523."""
    return [moved(SQUARE, 2000 * at + prefix * 1_000_000) for at in range(count)]


def degrees(*shapes: shapely.Geometry) -> list[Any]:
    """Shapes of EPSG:4544 in degrees."""
    return list(from_plane(np.array(shapes, dtype=object), 35))


def dbf(
    fields: Sequence[tuple[bytes, str, int, int]], rows: Sequence[Sequence[bytes]], *, language_id: int = 0, deleted: Sequence[int] = ()
) -> bytes:
    """A .dbf: fields are name, type, width, decimals; cells are bytes, cut where they are too long, as programs do."""
    width = 1 + sum(size for _, _, size, _ in fields)
    head = struct.pack("<BBBBIHH17xB2x", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), width, language_id)
    head += b"".join(struct.pack("<11sc4xBB14x", name, kind.encode(), size, places) for name, kind, size, places in fields) + b"\r"
    body = b""
    for at, row in enumerate(rows):
        body += b"*" if at in deleted else b" "
        body += b"".join(_cell(cell, kind, size) for cell, (_, kind, size, _) in zip(row, fields, strict=True))
    return head + body + b"\x1a"


def _cell(cell: bytes, kind: str, size: int) -> bytes:
    return (cell.rjust(size) if kind == NUMBER else cell.ljust(size))[:size]


def shapefile(
    folder: Path,
    shapes: Sequence[Any],
    table: bytes | None = None,
    *,
    name: str = "小班",
    crs: int | None = 4544,
    cpg: str | None = None,
) -> Path:
    """A shapefile; without a table it has one column XBH with 1, 2, ...; no .cpg unless it is given."""
    path = folder / "made.shp"  # the writer takes some letters of a name for a path inside an archive
    wkb = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object)
    kind = next((shape.geom_type for shape in shapes if shape is not None), "Polygon")
    kinds = {"MultiPolygon": "Polygon"}
    high = " Z" if any(shape is not None and shape.has_z for shape in shapes) else ""
    numbers = np.arange(1, len(shapes) + 1)
    pyogrio.raw.write(
        path,
        wkb,
        [numbers],
        ["XBH"],
        crs=f"EPSG:{crs or 4544}",
        geometry_type=kinds.get(kind, kind) + high,
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )
    path.with_suffix(".cpg").unlink()
    if crs is None:
        path.with_suffix(".prj").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    if table is not None:
        path.with_suffix(".dbf").write_bytes(table)
    for part in parts_of(path):
        part.rename(folder / f"{name}{part.suffix}")
    return folder / f"{name}.shp"


def gbk_table(*rows: tuple[str, str], language_id: int = 0) -> bytes:
    """小班号 and 村 in GBK."""
    return dbf(
        [("小班号".encode("gbk"), TEXT, 10, 0), ("村".encode("gbk"), TEXT, 12, 0)],
        [[a.encode("gbk"), b.encode("gbk")] for a, b in rows],
        language_id=language_id,
    )


def geojson(path: Path, shapes: Sequence[Any], properties: Sequence[Mapping[str, Any]] = (), **members: Any) -> Path:
    """A GeoJSON of shapes as they are, or of geometry members given as dictionaries."""
    rows = properties or [{"小班号": str(at + 1)} for at in range(len(shapes))]
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": shape if shape is None or isinstance(shape, dict) else json.loads(shapely.to_geojson(shape)),
        }
        for shape, row in zip(shapes, rows, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}, ensure_ascii=False), encoding="utf-8")
    return path


def named_crs(code: int) -> dict[str, Any]:
    """The ``crs`` member of the older GeoJSON."""
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}


def geopackage(path: Path, shapes: Sequence[Any], *, layer: str = "小班", crs: int | None = 4544, **columns: Sequence[Any]) -> Path:
    """A GeoPackage with one more layer."""
    data = columns or {"XBH": [str(at + 1) for at in range(len(shapes))]}
    gpd.GeoDataFrame(data, geometry=list(shapes), crs=crs).to_file(path, layer=layer, driver="GPKG")
    return path


def kml(
    path: Path, *placemarks: str, namespace: bool = True, head: str = '<?xml version="1.0" encoding="UTF-8"?>', encoding: str = "utf-8"
) -> Path:
    """A KML of Placemarks that are given as text."""
    space = ' xmlns="http://www.opengis.net/kml/2.2"' if namespace else ""
    path.write_bytes(f"{head}<kml{space}><Document><Folder>{''.join(placemarks)}</Folder></Document></kml>".encode(encoding))
    return path


def placemark(name: str, shape: Any, more: str = "") -> str:
    """One Placemark with a polygon, coordinates in degrees, with a height."""
    rings = [shape.exterior, *shape.interiors]
    kinds = ["outerBoundaryIs"] + ["innerBoundaryIs"] * (len(rings) - 1)
    parts = "".join(
        f"<{kind}><LinearRing><coordinates>{_positions(ring)}</coordinates></LinearRing></{kind}>"
        for kind, ring in zip(kinds, rings, strict=True)
    )
    return f"<Placemark><name>{name}</name>{more}<Polygon>{parts}</Polygon></Placemark>"


def _positions(ring: Any) -> str:
    return "\n ".join(f"{x!r},{y!r},0" for x, y in ring.coords)


def zipped(path: Path, *files: Path, folder: str = "") -> Path:
    """Files in a zip, under their own names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{folder}{file.name}")
    return path


def parts_of(path: Path) -> list[Path]:
    """The files of a shapefile."""
    return sorted(part for part in path.parent.iterdir() if part.stem == path.stem)


def codes(findings: Sequence[Finding]) -> list[str]:
    """The findings' codes."""
    return [finding.code for finding in findings]


def only(findings: Sequence[Finding], code: str) -> Finding:
    """The one finding of a code."""
    found = [finding for finding in findings if finding.code == code]
    assert len(found) == 1, codes(findings)
    return found[0]
