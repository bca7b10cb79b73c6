"""The sites frame to files: GeoPackage, GeoJSON, GeoParquet, the shapefile of a declared schema; and rows that were refused.

Bulk files are written whole by pyogrio; the shapefile of a declared schema goes through fiona, which refuses a record that
does not fit. A file appears under its name only when it is complete.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import fiona
import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from .corner_lists import boundary_points, corner_table, without_formula
from .data import builtin
from .errors import BadRequest, CannotWrite, MissingExtra, UnknownName, why_of_system
from .frame import COLUMNS, WRITTEN
from .lifecycle import Lifecycle
from .model import today, utc_now
from .naming import replace_file, require_room, take_name, taken
from .personal import masked_columns
from .text import Text
from .units import in_unit

ENCODINGS = ("utf-8", "gbk")
SAMPLE = "示例数据，图形为虚构"
PARQUET_LIBRARY = "pyarrow"


def export_sites(
    sites: gpd.GeoDataFrame, out: Path, *, table: Lifecycle, encoding: str | None = None, crs: str | None = None
) -> list[Path]:
    """Write the sites to a file whose ending says the format.

    ``.gpkg``, ``.geojson``, ``.parquet`` (GeoParquet 1.1) or ``.shp``; ``.txt`` is a 界址点 file, ``.csv`` and ``.xlsx`` are tables of
    corners (`corner_lists`). Only columns that may be shown in public are written, with personal numbers in them masked. GeoJSON is
    RFC 7946: degrees, shells counter-clockwise.

    Parameters
    ----------
    encoding
        Of a shapefile, a .txt or a .csv: ``utf-8`` or ``gbk`` (for ArcMap and MapGIS); ``gbk`` for a .txt if not given.
    crs
        Of a GeoPackage, GeoParquet or shapefile, EPSG:4490 if not given; of corners the plane of the sites' 3-degree zone if not given.

    Returns
    -------
    The files written, the one asked for first.

    Raises
    ------
    UnknownName, CannotWrite, BadRequest, MissingExtra
        An ending or encoding that is not known; a file that is there already or cannot be written; text that the encoding lacks; for
        GeoParquet pyarrow, which is not installed.
    """
    ground = crs or "EPSG:4490"
    writers: dict[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
        ".gpkg": lambda frame, path: frame.to_crs(ground).to_file(path, driver="GPKG", layer="site", engine="pyogrio"),
        ".geojson": lambda frame, path: _write_geojson(frame, path, out.stem),
        ".parquet": lambda frame, path: _write_parquet(frame.to_crs(ground), path),
        ".shp": lambda frame, path: _write_shapefile(frame.to_crs(ground), path, encoding or "utf-8"),
        ".txt": lambda frame, path: _write_points(frame, path, crs, encoding),
        ".csv": lambda frame, path: _write_table(frame, path, crs, encoding),
        ".xlsx": lambda frame, path: _write_workbook(frame, path, crs),
    }
    if out.suffix.lower() not in writers:
        raise UnknownName(Text("文件类型", "kind of file"), out.suffix, writers)
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise UnknownName(Text("编码", "encoding"), encoding, ENCODINGS)
    if out.suffix.lower() == ".parquet":
        _require_pyarrow()
    shown = _labelled(sites, table)
    _require_crs(ground)
    siblings = _SIBLINGS if out.suffix.lower() == ".shp" else ()
    with _completed(out, lambda part: writers[out.suffix.lower()](shown, part), siblings=siblings):
        pass
    return [out, *(path for ending in siblings if (path := out.with_suffix(ending)).exists())]


def write_layer(rows: gpd.GeoDataFrame, out: Path, *, name: str) -> Path:
    """Write rows that a table is about as one layer to look at, ``.gpkg`` or ``.geojson``; never over another file.

    Personal numbers in its texts are masked.

    Raises
    ------
    UnknownName, CannotWrite
    """
    rows = masked_columns(rows, [name for name in rows.columns if name != rows.geometry.name])
    return write_as_named(
        out,
        {
            ".gpkg": lambda path: rows.to_file(path, driver="GPKG", layer=name, engine="pyogrio"),
            ".geojson": lambda path: _write_geojson(rows, path, name),
        },
    )


def write_parquet(frame: pd.DataFrame, out: Path, *, replace: bool = False) -> Path:
    """Write a frame as it is to a ``.parquet``: GeoParquet 1.1 with a bbox column where it has geometries.

    Parameters
    ----------
    replace
        Take the place of the file that is there, in one step; else never over another file.

    Raises
    ------
    MissingExtra
        pyarrow is not installed.
    BadRequest
        The frame has columns that Parquet cannot hold.
    UnknownName, CannotWrite
    """
    _require_pyarrow()
    if not replace or out.suffix.lower() != ".parquet":
        return write_as_named(out, {".parquet": lambda path: _write_parquet(frame, path)})
    with tempfile.TemporaryDirectory(prefix="restoration-") as folder:
        made = Path(folder, "out.parquet")
        _write_parquet(frame, made)
        replace_file(out, made.read_bytes())
    return out


def _require_pyarrow() -> None:
    if find_spec(PARQUET_LIBRARY) is None:
        raise MissingExtra(
            Text("写 Parquet 要用 pyarrow，还没有安装。", "Parquet is written by pyarrow, which is not installed."),
            Text('请运行 pip install "restoration[parquet]"，或导出 .gpkg。', 'Run pip install "restoration[parquet]", or write a .gpkg.'),
        )


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    try:
        if isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(path, index=False, schema_version="1.1.0", write_covering_bbox=True)
        else:
            frame.to_parquet(path, index=False, engine="pyarrow")
    except (ValueError, TypeError, AttributeError) as error:  # pyarrow's own are ValueErrors and TypeErrors
        raise BadRequest(
            Text(f"这份数据写不成 Parquet：{error}。", f"The frame cannot be written as Parquet: {error}."),
            Text(
                "列名要各不相同且是文字，每列的值要是同一类。",
                "Its columns want different names that are text, and values of one kind.",
            ),
        ) from error


def write_as_named(out: Path, writers: Mapping[str, Callable[[Path], None]]) -> Path:
    """Write a file by the writer that its ending names; it takes its name only when it is whole, and never that of another file.

    Raises
    ------
    UnknownName, CannotWrite
    """
    require_name(out, writers)
    with _completed(out, writers[out.suffix.lower()]):
        pass
    return out


def require_name(out: Path, endings: Iterable[str]) -> None:
    """A file may be written under its name: it ends in one of the endings, and no file has the name.

    A command that does something else first asks this before it does it.

    Raises
    ------
    UnknownName, CannotWrite
    """
    if out.suffix.lower() not in endings:
        raise UnknownName(Text("文件类型", "kind of file"), out.suffix, endings)
    if os.path.lexists(out):
        raise taken(out)


def write_styled(layers: Mapping[str, gpd.GeoDataFrame], styles: Mapping[str, str], path: Path) -> None:
    """Write layers into one new GeoPackage, with the QML documents by which QGIS shows them."""
    for name, rows in layers.items():
        rows.to_file(path, driver="GPKG", layer=name, engine="pyogrio", append=path.exists())
    # QGIS looks for its default style with an empty catalogue and schema; NULL is not found.
    looks = [
        {"f_table_catalog": "", "f_table_schema": "", "f_table_name": name, "f_geometry_column": "geom", "styleName": "restoration",
         "styleQML": style, "styleSLD": "", "useAsDefault": True, "description": "", "owner": "", "ui": "", "update_time": utc_now()}
        for name, style in styles.items()
    ]  # fmt: skip
    if looks:
        pyogrio.write_dataframe(pd.DataFrame(looks), path, driver="GPKG", layer="layer_styles", append=True)


def write_csv(headings: Sequence[str], lines: Iterable[Sequence[str | int]], path: Path, *, encoding: str = "utf-8-sig") -> None:
    """Write a table as CSV, in which a spreadsheet sees no formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(without_formula(line) for line in lines)
    path.write_bytes(_encoded(text.getvalue(), encoding))


def write_sheet(cells: pd.DataFrame, path: Path, *, sheet: str) -> None:
    """Write a table as an Excel workbook of one sheet; a number stays a number, and text is no formula."""
    texts = [name for name in cells.columns if cells[name].dtype in (object, "str")]
    plain = cells.assign(**{name: without_formula(cells[name].tolist()) for name in texts})
    pyogrio.write_dataframe(plain, path, driver="XLSX", layer=sheet)


_SIBLINGS = (".shx", ".dbf", ".prj", ".cpg", ".csv")
"""What a shapefile has beside it: with its data dictionary."""


def _require_crs(crs: str) -> None:
    try:
        CRS.from_user_input(crs)
    except CRSError as error:
        raise UnknownName(Text("坐标系", "CRS"), crs, ("EPSG:4490", "EPSG:4523", "EPSG:4326", "…")) from error


def _labelled(sites: gpd.GeoDataFrame, table: Lifecycle) -> gpd.GeoDataFrame:
    kept = sites[[*(column.name for column in COLUMNS if column.public), "geometry"]]
    kept = masked_columns(kept, [name for name in WRITTEN if name in kept])
    pairs = list(zip(sites["status"], sites["measure"], strict=True))
    return kept.assign(
        measure_label=[str(table.measures[measure].label) for _, measure in pairs],
        status_label=[str(table.label(status, measure)) for status, measure in pairs],
        sample_label=[SAMPLE if sample else "" for sample in sites["is_sample"]],
    )


def _write_geojson(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "8"}
    frame.to_crs("EPSG:4326").to_file(path, driver="GeoJSON", layer=name, engine="pyogrio", **options)


def _write_shapefile(frame: gpd.GeoDataFrame, path: Path, encoding: str) -> None:
    declared = builtin("export")["field"]
    schema = {"geometry": "MultiPolygon", "properties": {row["name"]: row["type"] for row in declared}}
    columns = [_values(frame, row) for row in declared]
    _require_encodable(frame, columns, declared, encoding)
    names = [row["name"] for row in declared]
    records = (
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": dict(zip(names, row, strict=True))}
        for shape, row in zip(frame.geometry, zip(*columns, strict=True), strict=True)
    )
    # fiona gives a single polygon the type Polygon, so the schema asks for either
    with fiona.open(
        path, "w", driver="ESRI Shapefile", crs_wkt=frame.crs.to_wkt("WKT1_ESRI"), schema=schema, encoding=encoding.upper()
    ) as file:
        file.writerecords(records)
    path.with_suffix(".cpg").write_text(encoding.upper(), encoding="ascii")
    _write_dictionary(path.with_suffix(".csv"), declared)


def _write_points(frame: gpd.GeoDataFrame, path: Path, crs: str | None, encoding: str | None) -> None:
    text = boundary_points(frame, crs=crs, today=today())
    path.write_bytes(_encoded(text, encoding or builtin("export")["boundary_points"]["encoding"]))


def _write_table(frame: gpd.GeoDataFrame, path: Path, crs: str | None, encoding: str | None) -> None:
    headings, lines = corner_table(frame, crs=crs)
    write_csv(headings, lines, path, encoding="gbk" if (encoding or "").lower() == "gbk" else "utf-8-sig")


def _write_workbook(frame: gpd.GeoDataFrame, path: Path, crs: str | None) -> None:
    headings, lines = corner_table(frame, crs=crs)
    cells = pd.DataFrame(lines, columns=headings).astype(dict.fromkeys(headings[-2:], "float64"))
    write_sheet(cells, path, sheet=builtin("export")["corner_table"]["sheet"])


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise BadRequest(
            Text(f"“{text[error.start]}”用 {encoding} 写不出来。", f"{text[error.start]!r} cannot be written in {encoding}."),
            Text("请改用 --encoding utf-8。", "Use --encoding utf-8."),
        ) from error


def _values(frame: gpd.GeoDataFrame, row: dict[str, Any]) -> list[Any]:
    values = [None if pd.isna(value) else value for value in frame[row["column"]].tolist()]
    return [None if value is None else in_unit(value, row["unit"]) for value in values] if "unit" in row else values


def _require_encodable(frame: gpd.GeoDataFrame, columns: list[list[Any]], declared: list[dict[str, Any]], encoding: str) -> None:
    """A text that is too long or that the encoding lacks would be cut or garbled without a word."""
    for row, values in zip(declared, columns, strict=True):
        if not row["type"].startswith("str:"):
            continue
        longest = int(row["type"][4:])
        for site_id, value in zip(frame["site_id"], values, strict=True):
            fits = value is None or _fits(value, encoding, longest)
            if not fits:
                raise BadRequest(
                    Text(
                        f"{site_id} 的{row['title']}“{value}”用 {encoding} 写不进 {longest} 字节。",
                        f"{site_id}: {value!r} does not fit {longest} bytes of {encoding}.",
                    ),
                    Text("请缩短文字，或导出 .gpkg。", "Shorten it, or export a .gpkg."),
                )


def _fits(value: str, encoding: str, longest: int) -> bool:
    try:
        return len(value.encode(encoding)) <= longest
    except UnicodeEncodeError:
        return False


def _write_dictionary(path: Path, declared: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["字段", "类型", "含义"])
        writer.writerows([row["name"], row["type"], row["title"]] for row in declared)


@contextmanager
def _completed(out: Path, write: Callable[[Path], None], *, siblings: Sequence[str] = ()) -> Iterator[None]:
    """Write a file (and its siblings) whole before the block; it takes its name, if that is still free, when the block ends well."""
    there = next((path for path in (out, *(out.with_suffix(ending) for ending in siblings)) if os.path.lexists(path)), None)
    if there:
        raise taken(there)
    try:
        folder = Path(tempfile.mkdtemp(prefix=".restoration-", dir=out.parent))
    except OSError as error:
        raise _cannot(out, error) from error
    try:
        try:
            made = _made_in(folder, out, write)
        except (OSError, RuntimeError) as error:  # RuntimeError is how pyogrio and fiona hand on that GDAL could not
            raise _cannot(out, error) from error
        yield
        _place(made, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made_in(folder: Path, out: Path, write: Callable[[Path], None]) -> list[Path]:
    """The files that ``write`` makes, under their names to be, the named one last.

    GDAL takes ``!`` in a path for the way into an archive, so it writes under a plain name in the system's temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="restoration-") as plain:
        write(Path(plain, f"out{out.suffix}"))
        require_room(Path(plain))
        written = sorted(Path(plain).iterdir(), key=lambda path: path.suffix == out.suffix)
        return [shutil.copyfile(path, folder / f"{out.stem}{path.suffix}") for path in written]


def _place(made: Sequence[Path], out: Path) -> None:
    """Give finished files their names beside ``out``; all or none, and never a name that is taken by now."""
    placed: list[Path] = []
    try:
        for path in made:
            target = out.with_name(path.name)
            take_name(path, target)
            placed.append(target)
    except OSError as error:
        for done in placed:
            done.unlink()
        raise (taken(target) if isinstance(error, FileExistsError) else _cannot(out, error)) from error


def _cannot(out: Path, error: Exception) -> CannotWrite:
    why = why_of_system(error) if isinstance(error, OSError) else Text(str(error), str(error))
    return CannotWrite(
        Text(f"写不了 {out}：{why.zh}。", f"{out} cannot be written: {why.en}."),
        Text(
            "请检查文件夹、权限和磁盘空间（系统的临时文件夹也要有空间）。",
            "Check the folder, its permissions and the disk; the system's temporary folder needs room too.",
        ),
    )


@contextmanager
def write_refused(refused: Sequence[gpd.GeoDataFrame], *, beside: Path, otherwise: Path) -> Iterator[Path | None]:
    """Keep rows that were refused in ``<name>.refused.gpkg``, beside their file or else in another folder.

    The file is written before the block, so that a full disk stops the import, and gets its name after it.
    """
    if not refused:
        yield None
        return
    folder = beside.parent if os.access(beside.parent, os.W_OK) else otherwise
    out = _free_name(folder, f"{beside.stem}.refused")
    with _completed(out, lambda part: _write_rows(refused, part)):
        yield out


def _write_rows(refused: Sequence[gpd.GeoDataFrame], part: Path) -> None:
    whole = pd.concat([frame.to_crs("EPSG:4490") if frame.crs else frame for frame in refused], ignore_index=True)
    columns = [name for name in whole.columns if name != "geometry"]
    values = [whole[name].map(_as_text).astype(object) if whole[name].dtype == object else whole[name] for name in columns]
    frame = pd.concat(values, axis=1, keys=_own_names(columns)) if columns else pd.DataFrame(index=whole.index)
    gpd.GeoDataFrame(frame, geometry=whole["geometry"].array, crs="EPSG:4490").to_file(
        part, driver="GPKG", layer="refused", engine="pyogrio"
    )


def _as_text(value: Any) -> str | None:
    return None if value is None or value is pd.NaT or value is pd.NA or value != value else str(value).replace("\0", " ")


def _own_names(names: Sequence[str]) -> list[str]:
    """Names that a GeoPackage takes: its own are given away already, and upper and lower case are one to it."""
    taken = {"fid", "geom", "geometry"}
    free: list[str] = []
    for name in names:
        told = name.replace("\0", " ").strip() or "column"
        made = next(one for number in count(1) if (one := told if number == 1 else f"{told}_{number}").lower() not in taken)
        taken.add(made.lower())
        free.append(made)
    return free


def _free_name(folder: Path, stem: str) -> Path:
    for number in range(1, 10_000):
        out = folder / f"{stem}{'' if number == 1 else f'.{number}'}.gpkg"
        if not out.exists():
            return out
    raise CannotWrite(
        Text(f"{folder} 里的 {stem} 太多了。", f"There are too many {stem} files in {folder}."), Text("请清理。", "Clear some away.")
    )
