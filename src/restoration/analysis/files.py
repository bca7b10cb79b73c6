"""Files in and out: any file of polygons as a GeoDataFrame, a frame as Parquet, and back."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import geopandas as gpd
import pandas as pd

from .. import readers
from ..errors import BadRequest, DataWarning
from ..export import write_parquet
from ..frame import COLUMNS
from ..model import Finding
from ..readers import Degrees, Layer
from ..readers.cells import plain
from ..store import is_project
from ..text import Text
from .keywords import in_keywords, keywords_told
from .table import Table


def read(
    path: str | Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    swapped: bool | None = None,
    shift: Sequence[float] | None = None,
    degrees: Degrees | None = None,
) -> gpd.GeoDataFrame:
    """The polygons of a file of any format that offices send, EPSG:4490, with the file's own columns.

    Encodings (GBK), zips, wrong axes and lists of corners are seen to; what cannot be known is asked for. Columns that are called as
    those of the sites frame have its dtypes. `read_layers` gives what was found on the way in full.

    Parameters
    ----------
    path
        A shapefile, GeoPackage, GeoJSON, GeoParquet, KML, DXF, 界址点 list … (docs/staff.md), or a zip of one.
    layer
        The layer of this name, where the file has several.
    crs
        The CRS of its coordinates, instead of what it declares; ``"auto"`` takes what the numbers suggest.
    encoding
        The encoding of its text, instead of what the content says.
    swapped, shift, degrees
        As in `read_layers`.

    Returns
    -------
    GeoDataFrame
        The columns of the file, and valid MultiPolygons. ``attrs`` says what was read: ``file``, ``layer``, ``crs``, ``encoding``,
        ``refused`` (number of rows).

    Raises
    ------
    NotFound, FileRefused, BadRequest
        There is no such file; it cannot be read, or not without knowing more; it has several layers.

    Warns
    -----
    DataWarning
        Rows were refused, or something was found that changes the ground: which, why, and what to do.

    Examples
    --------
    >>> from restoration import sample
    >>> mines = read(sample.geodata() / "mine_sites.geojson")
    >>> len(mines), mines.crs.to_string(), mines.attrs["refused"]
    (32, 'EPSG:4490', 0)
    """
    if Path(path).is_file() and Path(path).suffix.lower() == ".gpkg" and is_project(Path(path)):
        raise BadRequest(
            Text(f"{Path(path).name} 是台账项目，不是图层文件。", f"{Path(path).name} is a project, and no file of polygons."),
            Text("请用 restoration.open(路径).sites()。", "Use restoration.open(path).sites()."),
        )
    with keywords_told():
        layers, findings = readers.read(path, layer=layer, crs=crs, encoding=encoding, swapped=swapped, shift=shift, degrees=degrees)
    chosen = _only(layers, Path(path))
    _warn([finding for finding in findings if finding.level != "note" and finding.layer in ("", chosen.name)])
    rows = chosen.rows.drop(columns="source_row")
    frame = rows.assign(**{column.name: _typed(rows[column.name], column.dtype) for column in COLUMNS if column.name in rows})
    frame.attrs = {
        "file": chosen.file, "layer": chosen.name, "crs": chosen.crs, "encoding": chosen.encoding, "refused": len(chosen.refused),
    }  # fmt: skip
    return cast(gpd.GeoDataFrame, frame)


def to_parquet(frame: pd.DataFrame, path: str | Path, *, replace: bool = False) -> Path:
    """Write a frame as Parquet: a GeoDataFrame as GeoParquet 1.1 with a bbox column, which DuckDB, QGIS and R read (the extra ``parquet``).

    Numbers stay unrounded, and `read` gives the polygons back as they were.

    Parameters
    ----------
    frame
        Any frame: sites, events, boundaries, findings. An index with a name, or of texts, becomes a column.
    path
        A file that ends in ``.parquet``.
    replace
        Take the place of the file that is there; else that is refused.

    Raises
    ------
    MissingExtra
        pyarrow is not installed.
    BadRequest
        It is no frame, or has columns that Parquet cannot hold.
    UnknownName, CannotWrite
        Another ending; there is a file of that name, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from restoration import sample
    >>> mines = read(sample.geodata() / "mine_sites.geojson")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     back = read(to_parquet(mines, Path(folder, "mines.parquet")))
    >>> bool((back.geometry == mines.geometry).all())
    True
    """
    if not isinstance(frame, pd.DataFrame):
        raise BadRequest(
            Text(f"要一个 DataFrame，得到的是 {type(frame).__name__}。", f"A DataFrame is wanted, and this is a {type(frame).__name__}."),
            Text("一列的请先用 to_frame()。", "Make one of a Series with to_frame()."),
        )
    told = pd.DataFrame(frame) if isinstance(frame, Table) else frame
    keeps_index = any(name is not None for name in told.index.names) or not pd.api.types.is_integer_dtype(told.index.dtype)
    return write_parquet(told.reset_index() if keeps_index else told, Path(path), replace=replace)


def _only(layers: Sequence[Layer], path: Path) -> Layer:
    if len(layers) == 1:
        return layers[0]
    names = [layer.name for layer in layers]
    raise BadRequest(
        Text(f"{path.name} 有 {len(layers)} 个图层：{'、'.join(names)}。", f"{path.name} has {len(layers)} layers: {', '.join(names)}."),
        Text("请用 layer= 指明一个。", "Name one with layer=."),
    )


def _warn(findings: Sequence[Finding]) -> None:
    for finding in findings:
        warnings.warn(
            f"{finding.code} {finding.file} {in_keywords(finding.message)} {in_keywords(finding.way_out)}", DataWarning, stacklevel=3
        )


def _typed(values: pd.Series, dtype: str) -> pd.Series:
    """A column in a dtype of the sites frame if each of its values can be; else as it is."""
    texts = values.map(plain)
    if dtype == "str":
        return texts.astype("str")
    if dtype == "bool":
        return (texts == "True").astype("bool") if set(texts) <= {"True", "False"} else values
    numbers = pd.to_numeric(texts.mask(texts == ""), errors="coerce").astype("float64")
    can_be = numbers.notna().to_numpy() | (texts == "").to_numpy()
    if not can_be.all():
        return values
    return numbers.astype("Int64") if dtype == "Int64" else numbers
