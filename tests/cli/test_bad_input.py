"""Files, folders and projects that are not as they should be: told in the office's words, and the project is as it was."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from restoration.store import geopackage
from tests.making import Said, parcels, run, square, state_of, taken_in, written
from tests.store.test_faults import ORDINARY

TAKE = ("--measure", "人工造林", "--year", 2021, "--by", "甲")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "office").mkdir()
    return taken_in(tmp_path / "office", {"名称": "红岩"}, {"名称": "白岩"})


def take(project: Path, file: Path, *words: object) -> Said:
    return run("import", file, *TAKE, *words, "--project", project)


def collection(*geometries: object, **properties: object) -> bytes:
    rows = [{"type": "Feature", "properties": {"小班号": str(at), **properties}, "geometry": one} for at, one in enumerate(geometries, 1)]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


RING = [[105.2, 25.2], [105.202, 25.2], [105.202, 25.202], [105.2, 25.202], [105.2, 25.2]]
LINE = {"type": "LineString", "coordinates": RING[:3]}
GROUND = {"type": "Polygon", "coordinates": [RING]}
OTHER = {"type": "Polygon", "coordinates": [[[x + 0.01, y] for x, y in RING]]}
WHOLE_FILES: dict[str, tuple[str, bytes]] = {
    "no file at all": ("none.shp", b""),
    "text called .shp": ("a.shp", b"not a shapefile at all\n" * 20),
    "a picture called .geojson": ("a.geojson", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
    "nothing called .gpkg": ("a.gpkg", b""),
    "nothing called .kml": ("a.kml", b""),
    "a broken zip": ("a.zip", b"PK\x03\x04 broken"),
    "an unknown ending": ("a.docx", b"PK"),
    "json that breaks off": ("a.geojson", collection(GROUND)[:-30]),
    "no rows": ("a.geojson", collection()),
    "only rows without ground": ("a.geojson", collection(None, LINE, {"type": "Polygon", "coordinates": []})),
    "an area below zero": ("a.geojson", collection(GROUND, **{"面积(亩)": -3})),
    "an area that is no number": ("a.geojson", collection(GROUND, **{"面积(亩)": "三百"})),
    "an unknown status": ("a.geojson", collection(GROUND, 状态="差不多了")),
    "an unknown measure": ("a.geojson", collection(GROUND, 措施="种树")),
    "a date that is none": ("a.geojson", collection(GROUND, 登记日期="2021-02-30")),
    "a date ahead": ("a.geojson", collection(GROUND, 登记日期="2999-01-01")),
    "one number twice": ("a.geojson", collection(GROUND, OTHER, 小班号="7")),
    "metres called degrees": ("a.geojson", collection({"type": "Polygon", "coordinates": [[[x * 4000, y * 100_000] for x, y in RING]]})),
}


@pytest.mark.parametrize("case", WHOLE_FILES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_of_which_nothing_is_good_is_told_and_changes_nothing(project: Path, tmp_path: Path, case: str, language: str) -> None:
    name, content = WHOLE_FILES[case]
    if content or name != "none.shp":
        (tmp_path / name).write_bytes(content)
        if name.endswith(".shp"):
            (tmp_path / name).with_suffix(".dbf").write_bytes(content)
    words = TAKE[2:] if case == "an unknown measure" else TAKE
    before = project.read_bytes()
    said = run("import", tmp_path / name, *words, "--project", project, "--lang", language)
    assert said.code not in (0, 70), said
    assert "Traceback" not in said.out + said.err
    assert name in said.out + said.err
    assert project.read_bytes() == before
    assert "未发现改动" in run("verify", "--project", project).out


def test_the_good_rows_of_a_mixed_file_are_taken_and_the_others_told_by_row(project: Path, tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]}
    small_loop = {"type": "Polygon", "coordinates": [[*RING[:3], [105.2, 25.202], [105.19999, 25.20201], [105.2, 25.20201], RING[0]]]}
    (tmp_path / "mixed.geojson").write_bytes(collection(OTHER, LINE, None, bow_tie, small_loop))
    said = take(project, tmp_path / "mixed.geojson", "--format", "json")
    account = {told["row"]: told["outcome"] for told in said.data()["account"]}
    assert said.code == 4
    assert account[1] == "new"
    assert [account[row] for row in (2, 3)] == ["refused"] * 2
    assert {told["row"] for told in said.data()["account"] if told["outcome"] == "refused" and not told["why"]} == set()
    assert len(gpd.read_file(tmp_path / "mixed.refused.gpkg")) == list(account.values()).count("refused")
    assert shapely.is_valid(gpd.read_file(_exported(project)).geometry).all()


def _exported(project: Path) -> Path:
    run("export", project.parent / "all.gpkg", "--project", project)
    return project.parent / "all.gpkg"


def test_a_file_that_needs_a_word_more_says_which(project: Path, tmp_path: Path) -> None:
    bare = written(parcels({}, crs="EPSG:4523"), tmp_path / "a.shp", encoding="GBK", bare=True)
    assert "--crs EPSG:4523" in take(project, bare).err
    without = written(parcels({}).rename(columns={"小班号": "什么"}), tmp_path / "b.geojson")
    assert "--id" in take(project, without).err
    assert "--measure" in run("import", without, "--id", "什么", "--by", "甲", "--year", 2021, "--project", project).err
    assert "--year" in run("import", without, "--id", "什么", "--by", "甲", "--measure", "人工造林", "--project", project).err


def breakings() -> dict[str, Callable[[Path], object]]:
    def newer(path: Path) -> None:
        with closing(sqlite3.connect(path)) as base:
            base.execute("INSERT INTO migration VALUES (99, '2030-01-01')")
            base.commit()

    def without_trigger(path: Path) -> None:
        with closing(sqlite3.connect(path)) as base:
            name = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
            base.execute(f'DROP TRIGGER "{name}"')
            base.commit()

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:9000])

    def scrambled(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[4096 : len(content) : 512] = b"\xff" * len(content[4096 : len(content) : 512])
        path.write_bytes(content)

    return {
        "text": lambda path: path.write_text("台账", encoding="utf-8"),
        "empty": lambda path: path.write_bytes(b""),
        "another geopackage": lambda path: written(parcels({}), path),
        "of a newer version": newer,
        "with a trigger gone": without_trigger,
        "cut off": cut,
        "scrambled": scrambled,
    }


@pytest.mark.parametrize("case", breakings())
def test_a_project_that_is_none_or_broken_is_refused_and_not_touched(project: Path, tmp_path: Path, case: str) -> None:
    file = written(parcels({}), tmp_path / "more.geojson")
    project.unlink()
    if case not in ("text", "empty", "another geopackage"):
        project = taken_in(tmp_path, {"名称": "红岩"})
    breakings()[case](project)
    before = project.read_bytes()
    for command in (("list",), ("area",), ("note", "红岩", "--text", "x", "--by", "甲"), ("import", file, *TAKE)):
        said = run(*command, "--project", project)
        assert said.code in (8, 9), (command, said)
        assert str(project) in said.err
    run("verify", "--project", project)
    assert project.read_bytes() == before


def test_a_project_that_another_program_holds_is_busy(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geopackage, "BUSY_MS", 50)
    with closing(sqlite3.connect(project, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = run("note", "红岩", "--text", "x", "--by", "甲", "--project", project)
        assert (said.code, "正被别的程序占用" in said.err) == (7, True)
        assert "共 2 个" in run("list", "--project", project).out
        other.execute("ROLLBACK")
    assert run("note", "红岩", "--text", "x", "--by", "甲", "--project", project).code == 0


def test_a_full_disk_takes_nothing_of_an_import(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, object]] = [{"geometry": square(5 + number), "名称": "长" * 200} for number in range(300)]
    file = written(parcels(*rows, {"状态": "不懂"}), tmp_path / "many.geojson")
    before = run("verify", "--project", project).out
    connect = geopackage._connect

    def limited(path: Path, *, read_only: bool) -> sqlite3.Connection:
        connection = connect(path, read_only=read_only)
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0] + 2}")
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(geopackage, "_connect", limited)
        said = take(project, file)
    assert (said.code, "磁盘已满" in said.err) == (10, True)
    assert run("verify", "--project", project).out == before
    assert not list(tmp_path.glob("*.refused*"))
    assert not list(tmp_path.glob(".restoration-*"))


CALL = "import sys; from restoration.cli import main; sys.exit(main(sys.argv[1:]))"


def test_a_folder_that_takes_no_writes_can_be_read(project: Path, tmp_path: Path) -> None:
    def ordinary(*words: object) -> subprocess.CompletedProcess[str]:
        call = [sys.executable, "-c", ORDINARY, "-c", CALL, *(str(word) for word in words)]
        return subprocess.run(call, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONUTF8": "1"}, cwd=tmp_path)

    project.chmod(0o444)
    project.parent.chmod(0o555)
    try:
        before = state_of(project.parent)
        for command in ("list", "area", "verify"):
            assert ordinary(command, "--project", project).returncode == 0
        refused: tuple[tuple[object, ...], ...] = (
            ("note", "红岩", "--text", "x", "--by", "甲", "--project", project),
            ("export", project.parent / "a.gpkg", "--project", project),
            ("map", project.parent / "a.html", "--project", project),
            ("backup", project.parent / "b.gpkg", "--project", project),
            ("init", project.parent / "c.gpkg"),
            ("demo", project.parent / "demo"),
        )
        for words in refused:
            said = ordinary(*words)
            assert said.returncode == 10, (words, said)
            assert said.stderr.startswith("错误：")
            assert "Traceback" not in said.stderr
        assert state_of(project.parent) == before
    finally:
        project.parent.chmod(0o755)
        project.chmod(0o644)


def test_rows_of_two_layers_are_told_by_layer(project: Path, tmp_path: Path) -> None:
    archive = tmp_path / "资料.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for town in ("雨樟镇", "龙广镇"):
            packed.writestr(f"{town}/小班.geojson", collection(OTHER, LINE, 小班号="7"))
    said = take(project, archive)
    assert said.code == 4
    told = said.out + said.err
    assert "资料.zip/雨樟镇/小班 第2行" in told
    assert "资料.zip/龙广镇/小班 第2行" in told
    assert "资料.zip/龙广镇/小班 第1行 RGZL-2021-7：同一批文件里已经有这个编号" in told
