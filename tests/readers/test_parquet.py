"""GeoParquet: read where pyarrow is installed, and a refusal that says so where it is not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, moved

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))
INSTALLED = pytest.mark.skipif(find_spec("pyarrow") is None, reason="needs the extra parquet")


def written(path: Path, *, shapes: Any = (HERE, THERE), crs: Any = 4490, **options: Any) -> Path:
    rows: dict[str, list[Any]] = {"小班号": ["0012", "贰", "3"], "面积": [1.5, None, 2.0], "株数": [1, 2, 3]}
    data = {name: cells[: len(shapes)] for name, cells in rows.items()}
    gpd.GeoDataFrame(data, geometry=list(shapes), crs=crs).to_parquet(path, **options)
    return path


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        readers.read(path)
    return refused.value


def test_without_pyarrow_it_is_refused_with_the_way_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restoration.readers.parquet._LIBRARY", "no_such_library")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 PAR1")
    said = refusal(tmp_path / "a.parquet")
    assert "no_such_library" in said.fact.zh
    assert "GeoPackage" in said.way_out.zh


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 cut off", b"<kml/>", b"fgb\x03fgb\0"])
def test_what_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    assert "不符" in refusal(tmp_path / "a.parquet").fact.zh or "读不了" in refusal(tmp_path / "a.parquet").fact.zh


@INSTALLED
@pytest.mark.parametrize("name", ["小班.parquet", "小班.geoparquet"])
def test_what_was_written_is_read(tmp_path: Path, name: str) -> None:
    layers, findings = readers.read(written(tmp_path / name))
    (layer,) = layers
    assert (layer.name, layer.crs, findings) == ("小班", "EPSG:4490", [])
    assert layer.rows["小班号"].tolist() == ["0012", "贰"]
    assert layer.rows["株数"].tolist() == [1, 2]
    assert layer.rows["面积"].isna().tolist() == [False, True]
    assert layer.rows.geometry.iloc[1].equals_exact(shapely.MultiPolygon([THERE]), 1e-12)


@INSTALLED
def test_the_crs_is_that_of_the_file_or_asked_for(tmp_path: Path) -> None:
    assert readers.read(written(tmp_path / "a.parquet", shapes=[SQUARE], crs=4544))[0][0].crs == "EPSG:4544"
    assert "--crs" in refusal(written(tmp_path / "b.parquet", crs=None)).way_out.zh


@INSTALLED
def test_what_is_no_ground_is_refused_alone(tmp_path: Path) -> None:
    layers, findings = readers.read(written(tmp_path / "a.parquet", shapes=[HERE, shapely.Point(105.1, 25.1), None]))
    assert (layers[0].rows["小班号"].tolist(), codes(findings)) == (["0012"], ["R122", "R121"])


@INSTALLED
def test_other_encodings_plain_tables_and_nothing_are_refused(tmp_path: Path) -> None:
    arrow = written(tmp_path / "a.parquet", geometry_encoding="geoarrow", schema_version="1.1.0")
    assert "WKB" in refusal(arrow).fact.en
    gpd.pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "b.parquet")
    assert "GeoParquet" in refusal(tmp_path / "b.parquet").fact.en
    assert "空" in refusal(written(tmp_path / "c.parquet", shapes=[])).fact.zh


@INSTALLED
def test_a_cut_out_middle_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + whole[-900:])
    assert "读不了" in refusal(path).fact.zh


@INSTALLED
def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.parquet")
    monkeypatch.setitem(builtin("limits")["rows"], "number", 1)
    assert "over the limit" in refusal(path).fact.en
