"""GeoPackages: feature tables alone, none of the programs in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused

from .files import codes, degrees, geopackage, only, squares

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, NULL AS geom FROM n"


def run(path: Path, *statements: str) -> Path:
    """Do to the file what its sender did."""
    with closing(sqlite3.connect(path)) as database, database:
        for number in range(5):
            database.create_function(("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")[number], 1, lambda _: 0)
        for statement in statements:
            database.execute(statement)
    return path


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        readers.read(path)
    return refused.value


@pytest.mark.parametrize("layer", ["小班", "a'b", 'plots"; DROP TABLE plots;--', "x y"])
def test_a_table_is_read_whatever_its_name(tmp_path: Path, layer: str) -> None:
    layers, findings = readers.read(geopackage(tmp_path / "图 层.gpkg", squares(2), layer=layer, 小班号=["01", "02"], 面积=[1.5, None]))
    assert layers[0].name == layer
    assert layers[0].rows["小班号"].tolist() == ["01", "02"]
    assert layers[0].rows["source_row"].tolist() == [1, 2]
    assert findings == []


def test_each_layer_has_its_own_crs(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", squares(1), layer="first")
    geopackage(path, squares(1, prefix=35), layer="second", crs=4523)
    geopackage(path, degrees(*squares(1)), layer="third", crs=4490)
    layers, _ = readers.read(path)
    assert [layer.crs for layer in layers] == ["EPSG:4544", "EPSG:4523", "EPSG:4490"]
    assert len({layer.rows.geometry.iloc[0].centroid.wkt[:20] for layer in layers}) == 1
    assert [layer.name for layer in readers.read(path, layer="second")[0]] == ["second"]


def test_a_layer_without_a_crs_waits_for_the_callers_word(tmp_path: Path) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", squares(1)), "UPDATE gpkg_geometry_columns SET srs_id = -1", "UPDATE gpkg_contents SET srs_id = -1"
    )
    assert "--crs EPSG:4544" in refusal(path).way_out.zh


def test_days_and_whole_numbers_come_as_they_are(tmp_path: Path) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", squares(1)),
        'ALTER TABLE "小班" ADD COLUMN day DATE',
        'ALTER TABLE "小班" ADD COLUMN code INTEGER',
        "UPDATE \"小班\" SET day = '2021-03-05', code = 5223281010012345678",
    )
    row = readers.read(path)[0][0].rows.iloc[0]
    assert str(row["day"]) == "2021-03-05"
    assert str(row["code"]) == "5223281010012345678"


def test_a_view_is_not_run_and_is_told(tmp_path: Path) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", squares(1)),
        f"CREATE VIEW endless AS {ENDLESS}",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('endless', 'features', 'endless', 4544)",
        "INSERT INTO gpkg_geometry_columns VALUES ('endless', 'geom', 'POLYGON', 4544, 0, 0)",
    )
    layers, findings = readers.read(path)
    assert [layer.name for layer in layers] == ["小班"]
    assert "endless" in only(findings, "R114").message.zh


def test_views_alone_are_refused(tmp_path: Path) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", squares(1)),
        'CREATE VIEW v AS SELECT fid, geom FROM "小班"',
        "UPDATE gpkg_contents SET table_name = 'v', identifier = 'v'",
        "UPDATE gpkg_geometry_columns SET table_name = 'v'",
    )
    assert "视图" in refusal(path).way_out.zh


def test_a_list_of_layers_that_is_a_view_is_refused(tmp_path: Path) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", squares(1)),
        "ALTER TABLE gpkg_contents RENAME TO real",
        "CREATE VIEW gpkg_contents AS SELECT * FROM real",
    )
    assert "gpkg_contents" in refusal(path).fact.en


@pytest.mark.parametrize("name", ["gpkg_extensions", "gpkg_ogr_contents", "rtree_小班_geom"])
def test_a_view_in_the_place_of_a_table_that_gdal_asks_by_itself_is_refused(tmp_path: Path, name: str) -> None:
    """Such a view runs as soon as GDAL opens the file: one that never ends would hold it until the child's time is up."""
    path = geopackage(tmp_path / "a.gpkg", squares(1))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f'DROP TABLE IF EXISTS "{name}"')
        database.execute(f'CREATE VIEW "{name}" AS {ENDLESS}')
    assert f"{name}: a view" in refusal(path).fact.en


@pytest.mark.parametrize("kind", ["VIRTUAL", "STORED"])
def test_a_column_that_is_worked_out_by_the_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.gpkg"
    geopackage(path, squares(1), 面积=[1.5])
    run(path, 'CREATE TABLE whole AS SELECT * FROM "小班"', 'DROP TABLE "小班"')
    run(
        path,
        f'CREATE TABLE "小班" (fid INTEGER PRIMARY KEY, geom BLOB, 面积 REAL, 大 AS (hex(zeroblob(面积 * 1000))) {kind})',
        'INSERT INTO "小班" (fid, geom, 面积) SELECT fid, geom, 面积 FROM whole',
    )
    assert "小班: 大 GENERATED" in refusal(path).fact.zh


def test_the_database_is_asked_read_only_with_untrusted_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of a copy, and the copy alone: no program of the file may call out of it, and nothing is written."""
    asked: list[str] = []
    opened: list[str] = []
    connect = sqlite3.connect

    def heard(database: str, *, uri: bool) -> sqlite3.Connection:
        connection = connect(database, uri=uri)
        opened.append(database)
        connection.set_trace_callback(asked.append)
        return connection

    path = geopackage(tmp_path / "a.gpkg", squares(1))
    monkeypatch.setattr(sqlite3, "connect", heard)
    readers.read(path)
    assert opened
    assert all(str(tmp_path) not in name and name.endswith("mode=ro&immutable=1") for name in opened)
    assert asked[:2] == ["PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON"]


def test_triggers_do_not_run(tmp_path: Path) -> None:
    """Reading touches neither the file nor, through a trigger, its rows."""
    path = geopackage(tmp_path / "a.gpkg", squares(1), 状态=["施工中"])
    run(path, "CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN UPDATE \"小班\" SET 状态 = '已验收'; END")
    before = path.read_bytes()
    assert readers.read(path)[0][0].rows["状态"].tolist() == ["施工中"]
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["tiles", "attributes"])
def test_a_file_without_features_is_refused(tmp_path: Path, kind: str) -> None:
    path = run(geopackage(tmp_path / "a.gpkg", squares(1)), f"UPDATE gpkg_contents SET data_type = '{kind}'")
    assert kind in refusal(path).fact.zh


def test_an_empty_table_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    assert "空" in refusal(run(geopackage(tmp_path / "a.gpkg", squares(1)), 'DELETE FROM "小班"')).fact.zh
    bare = tmp_path / "b.gpkg"
    run(bare, "CREATE TABLE a (x)")
    assert "gpkg_contents" in refusal(bare).fact.zh


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", squares(1))
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 4000 + content[4100:])
    assert "GeoPackage" in refusal(path).fact.zh


def test_a_list_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("limits")["database"], "seconds", -1)
    monkeypatch.setitem(builtin("limits")["database"], "steps", 1)
    assert "interrupted" in refusal(geopackage(tmp_path / "a.gpkg", squares(1))).fact.en


def test_rows_without_geometry_are_refused_one_by_one(tmp_path: Path) -> None:
    layers, findings = readers.read(geopackage(tmp_path / "a.gpkg", [*squares(1), None]))
    assert (len(layers[0].rows), layers[0].refused["reason_code"].tolist()) == (1, ["R121"])
    assert codes(findings) == ["R121"]


@pytest.mark.parametrize("srs_id", [0, 99999])
def test_an_undefined_crs_is_none(tmp_path: Path, srs_id: int) -> None:
    path = run(
        geopackage(tmp_path / "a.gpkg", degrees(*squares(1))),
        f"UPDATE gpkg_geometry_columns SET srs_id = {srs_id}",
        f"UPDATE gpkg_contents SET srs_id = {srs_id}",
    )
    assert "--crs EPSG:4490" in refusal(path).way_out.zh
    assert readers.read(path, crs="EPSG:4490")[1] == []
