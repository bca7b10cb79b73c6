"""FlatGeobuf, file geodatabases and MapInfo: by GDAL in the child, Chinese kept, damaged ones refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused, UnknownName
from restoration.readers import gdal

from .files import SQUARE, codes, degrees, moved, only, parts_of

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))
ROWS: dict[str, list[Any]] = {"小班号": ["0012", "贰"], "面积": [1.5, 2.0]}


def written(path: Path, driver: str, *, shapes: Any = (HERE, THERE), layer: str | None = None, **options: str) -> Path:
    frame = gpd.GeoDataFrame({name: cells[: len(shapes)] for name, cells in ROWS.items()}, geometry=list(shapes), crs=4326)
    frame.to_file(path, driver=driver, layer=layer, **options)
    return path


def geodatabase(folder: Path, name: str = "林.gdb", layer: str = "小班") -> Path:
    return written(folder / "made.gdb", "OpenFileGDB", layer=layer).rename(folder / name)


def packed(path: Path, folder: Path, *, inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{inside}{file.name}")
    return path


def tab(folder: Path, **options: str) -> Path:
    written(folder / "made.tab", "MapInfo File", **{"ENCODING": "CP936", **options})
    for part in parts_of(folder / "made.tab"):
        part.rename(folder / f"小班{part.suffix}")
    return folder / "小班.tab"


def mif(folder: Path, **options: str) -> Path:
    return written(folder / "小班.mif", "MapInfo File", **{"FORMAT": "MIF", "ENCODING": "CP936", **options})


def made(kind: str, folder: Path) -> Path:
    if kind == "fgb":
        return written(folder / "小班.fgb", "FlatGeobuf", SPATIAL_INDEX="NO")
    return tab(folder) if kind == "tab" else mif(folder) if kind == "mif" else geodatabase(folder)


KINDS = ("fgb", "gdb", "tab", "mif")


def refusal(path: Path, **options: Any) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        readers.read(path, **options)
    return refused.value


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_read(tmp_path: Path, kind: str) -> None:
    layers, findings = readers.read(made(kind, tmp_path))
    (layer,) = layers
    assert (layer.name, layer.crs) == ("小班", "EPSG:4326")
    assert layer.rows[["小班号", "面积", "source_row"]].to_numpy().tolist() == [["0012", 1.5, 1], ["贰", 2.0, 2]]
    for found, meant in zip(layer.rows.geometry, (HERE, THERE), strict=True):
        assert found.normalize().equals_exact(shapely.MultiPolygon([meant]).normalize(), 1e-6 if kind == "tab" else 1e-8)
    assert codes(findings) == (["R101"] if kind in ("tab", "mif") else [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_zip_of_it_is_read(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in").mkdir()
    path = made(kind, tmp_path / "in")
    if kind == "gdb":
        file = packed(tmp_path / "林.gdb.zip", path, inside="资料/林.gdb/")
    else:
        file = packed(tmp_path / "a.zip", tmp_path / "in", inside="")
    assert [(layer.name, len(layer.rows)) for layer in readers.read(file)[0]] == [("小班", 2)]


def test_a_geodatabase_without_a_folder_in_its_zip_is_read(tmp_path: Path) -> None:
    file = packed(tmp_path / "林.gdb.zip", geodatabase(tmp_path), inside="")
    assert len(readers.read(file)[0][0].rows) == 2


def test_several_feature_classes_are_layers_and_plain_tables_are_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gdb", "OpenFileGDB", layer="封山")
    gpd.GeoDataFrame(ROWS, geometry=[HERE, None], crs=4490).to_file(path, driver="OpenFileGDB", layer="造林", mode="a")
    table = pd.DataFrame({"a": ["1"]})
    pyogrio.write_dataframe(table, path, driver="OpenFileGDB", layer="说明", append=True)
    layers, findings = readers.read(path)
    assert [(layer.name, len(layer.rows), len(layer.refused)) for layer in layers] == [("封山", 2, 0), ("造林", 1, 1)]
    assert codes(findings) == ["R163", "R121"]
    assert "说明" in only(findings, "R163").message.zh
    assert [layer.name for layer in readers.read(path, layer="造林")[0]] == ["造林"]
    with pytest.raises(UnknownName, match="封山"):
        readers.read(path, layer="退耕")


def test_a_geodatabase_of_tables_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gdb"
    pyogrio.write_dataframe(pd.DataFrame({"a": ["1"]}), path, driver="OpenFileGDB", layer="说明")
    assert "说明" in refusal(path).fact.zh


def test_the_sum_tells_a_changed_table_and_other_files_do_not_matter(tmp_path: Path) -> None:
    path = geodatabase(tmp_path)
    before = readers.read(path)[0][0].sha256
    (path / "随便.txt").write_text("x", encoding="utf-8")
    (path / "a00000099.gdbtable").symlink_to("/etc/hostname")
    assert readers.read(path)[0][0].sha256 == before
    (path / "a00000098.gdbtable").write_bytes(b"\x03\0\0\0")
    assert readers.read(path)[0][0].sha256 != before


def test_a_geodatabase_that_is_being_edited_is_refused(tmp_path: Path) -> None:
    path = geodatabase(tmp_path)
    (path / "小班.PC1.123.ed.lock").write_bytes(b"")
    assert "关闭" in refusal(path).way_out.zh


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "资料").mkdir()
    (tmp_path / "资料" / "小班.shp").write_bytes(b"")
    assert "小班.shp" in refusal(tmp_path / "资料").fact.zh


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_what_was_cut_off_is_refused_or_read_whole(tmp_path: Path, kind: str, share: float) -> None:
    """No crash, nothing half-read in silence: a refusal, or every row that the file says it has."""
    path = made(kind, tmp_path)
    main = {"gdb": path / "a00000009.gdbtable", "tab": path.with_suffix(".map")}.get(kind, path)
    whole = main.read_bytes()
    main.write_bytes(whole[: int(len(whole) * share)])
    try:
        layers, _ = readers.read(path)
    except FileRefused:
        return
    assert sum(len(layer.rows) + len(layer.refused) for layer in layers) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [b"", b"AC1032 drawing", b"<OGRVRTDataSource/>", b"PK\x03\x04", b"SQLite format 3\x00"])
def test_a_name_that_the_content_does_not_keep_is_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    path = made(kind, tmp_path)
    main = path / "a00000001.gdbtable" if kind == "gdb" else path
    main.write_bytes(content)
    assert "不符" in refusal(path).fact.zh


def test_a_table_that_lost_a_row_is_refused(tmp_path: Path) -> None:
    """The index of a geodatabase's table says where each row is; a row that is nowhere would be missing without a word."""
    path = geodatabase(tmp_path)
    index = path / "a00000009.gdbtablx"
    content = bytearray(index.read_bytes())
    content[16 + 5 : 16 + 10] = b"\0" * 5
    index.write_bytes(content)
    assert "2 rows, 1 can be read" in refusal(path).fact.en


def test_a_refusal_does_not_speak_of_our_folders(tmp_path: Path) -> None:
    path = geodatabase(tmp_path)
    (path / "a00000001.gdbtable").write_bytes(b"\3\0\0\0junk")
    assert "restoration-" not in refusal(path).fact.en


def test_what_it_looks_like_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.fgb").write_bytes(b"AC1032 drawing")
    assert "DWG" in refusal(tmp_path / "a.fgb").fact.en


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_layer_is_refused(tmp_path: Path, kind: str) -> None:
    driver, suffix = {
        "fgb": ("FlatGeobuf", "fgb"),
        "gdb": ("OpenFileGDB", "gdb"),
        "tab": ("MapInfo File", "tab"),
        "mif": ("MapInfo File", "mif"),
    }[kind]
    path = tmp_path / f"a.{suffix}"
    gpd.GeoDataFrame({"a": np.array([], dtype=str)}, geometry=[], crs=4326).to_file(path, driver=driver, geometry_type="Polygon")
    assert "空" in refusal(path).fact.zh or "读不了" in refusal(path).fact.zh


@pytest.mark.parametrize("kind", ["fgb", "mif"])
def test_what_is_no_ground_is_refused_row_by_row(tmp_path: Path, kind: str) -> None:
    shapes = [HERE, shapely.Point(105.1, 25.1), HERE.exterior]
    frame = gpd.GeoDataFrame({"XBH": ["1", "2", "3"]}, geometry=shapes, crs=4326)
    path = tmp_path / f"a.{kind}"
    frame.to_file(path, driver="FlatGeobuf" if kind == "fgb" else "MapInfo File", **({"SPATIAL_INDEX": "NO"} if kind == "fgb" else {}))
    layers, findings = readers.read(path)
    assert layers[0].rows["XBH"].tolist() == ["1"]
    assert codes(findings) == ["R122", "R122"]


def test_a_corner_that_is_no_number_is_refused_alone(tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        odd = shapely.Polygon([*HERE.exterior.coords[:2], (float("nan"), 25.1), *HERE.exterior.coords[2:]])
    layers, findings = readers.read(written(tmp_path / "a.fgb", "FlatGeobuf", shapes=(HERE, odd), SPATIAL_INDEX="NO"))
    assert (len(layers[0].rows), codes(findings)) == (1, ["R123"])


@pytest.mark.parametrize("make", [tab, mif])
@pytest.mark.parametrize("missing", ["first", "last"])
def test_a_missing_part_is_told(tmp_path: Path, make: Any, missing: str) -> None:
    path = make(tmp_path)
    parts = [part for part in parts_of(path) if part.suffix not in (path.suffix, ".ind")]
    gone = parts[0 if missing == "first" else -1]
    gone.unlink()
    assert gone.suffix in refusal(path).fact.zh


def test_a_part_instead_of_the_table_is_told_which_to_give(tmp_path: Path) -> None:
    assert "小班.tab" in refusal(tab(tmp_path).with_suffix(".dat")).way_out.zh


@pytest.mark.parametrize("charset", [b"Neutral", b"WindowsLatin1", b"WindowsSimpChinese"])
@pytest.mark.parametrize("make", [tab, mif])
def test_the_text_decides_its_encoding_and_a_wrong_name_is_told(tmp_path: Path, make: Any, charset: bytes) -> None:
    path = make(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"WindowsSimpChinese", charset))
    layers, findings = readers.read(path)
    assert layers[0].rows["小班号"].tolist() == ["0012", "贰"]
    assert layers[0].encoding == "GB18030"
    assert codes(findings) == (["R101", "R102"] if charset == b"WindowsLatin1" else ["R101"])


def test_a_utf8_interchange_file_is_read(tmp_path: Path) -> None:
    assert readers.read(mif(tmp_path, ENCODING="UTF-8"))[0][0].rows["小班号"].tolist() == ["0012", "贰"]


@pytest.mark.parametrize(
    "text",
    [
        '!table\n!version 300\nDefinition Table\n  File "/etc/hostname"\n  Type "RASTER"\n',
        '!table\n!version 100\nOpen Table "/etc/hostname" Hide\nCreate View a As\nSelect * From b\n',
        '!table\nDefinition Table\n  Type NATIVE Charset "Neutral"\n  Fields 1\n  a Char (9) ;\nbegin_metadata\n"\\IsSeamless" = "TRUE"\n',
    ],
)
def test_a_table_that_points_at_other_files_is_refused(tmp_path: Path, text: str) -> None:
    path = tab(tmp_path)
    path.write_text(text, encoding="ascii")
    assert "只" in str(refusal(path)) or "不符" in refusal(path).fact.zh


def test_tables_of_pictures_in_a_zip_are_passed_over(tmp_path: Path) -> None:
    path = made("fgb", tmp_path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, path.name)
        archive.writestr("影像.tab", '!table\nDefinition Table\n  File "a.tif"\n  Type "RASTER"\n')
        archive.writestr("字典.csv", "name,meaning\n")
        archive.writestr("x.dat", b"junk")
    assert [layer.name for layer in readers.read(tmp_path / "a.zip")[0]] == ["小班"]


@pytest.mark.parametrize("part", ["number", "columns"])
def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    path = made("fgb", tmp_path)
    monkeypatch.setitem(builtin("limits")["rows"], part, 1)
    assert "超过 1 " in refusal(path).fact.zh


def test_vertices_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made("fgb", tmp_path)
    monkeypatch.setitem(builtin("limits")["shape"], "vertices", 9)
    assert "10" in refusal(path).fact.zh


def test_a_driver_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made("gdb", tmp_path)
    monkeypatch.setattr(gdal, "_drivers", lambda: ("GPKG",))
    assert "OpenFileGDB" in refusal(path).fact.zh


@pytest.mark.parametrize("name", ["a.ovobj", "a.dwg", "a.mpj", "a.wp", "a.mdb", "a.mxd", "a.rar", "a.tif", "a.vct"])
def test_closed_formats_are_refused_by_name_with_the_way_round(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"whatever")
    said = refusal(tmp_path / name)
    assert "（" in said.fact.zh
    assert said.way_out.zh.startswith("请")
