"""Files of tiles: what lies over the sites is taken, as far as there is room; what a hostile file tries does nothing."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from restoration import maps
from restoration.data import builtin
from restoration.errors import FileRefused, NotFound, UnknownName
from restoration.maps.basemaps import Tiles
from restoration.maps.basemaps.embedding import tiles_of
from restoration.maps.basemaps.images import kind_and_size
from restoration.text import speaking

from .conftest import sites_of, square
from .tiling import BLUE, RED, Place, mbtiles, plain, pmtiles, tile_of

SITES = sites_of({"geometry": square(105.0, 25.0, 0.02)})
EXTENT = (105.0, 25.0, 105.02, 25.02)
HERE = tile_of(105.01, 25.01, 14)
FAR = tile_of(110.0, 30.0, 14)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


def written(path: Path, tiles: dict[Place, bytes]) -> Path:
    return mbtiles(path, tiles) if path.suffix == ".mbtiles" else pmtiles(path, tiles)


FORMATS = pytest.mark.parametrize("name", ["a.mbtiles", "a.pmtiles"])


@FORMATS
def test_only_what_lies_over_the_sites_is_taken_each_image_once(name: str, tmp_path: Path) -> None:
    zoom, column, row = HERE
    tiles = {
        HERE: plain(RED),
        (zoom, column + 1, row): plain(BLUE),
        (zoom, column, row + 1): plain(RED),
        FAR: plain(RED),
        (3, 6, 3): plain(RED),
    }
    found = tiles_of(written(tmp_path / name, tiles), extent=EXTENT)
    assert set(found.places) == set(tiles) - {FAR, (3, 6, 3)}
    assert [found.images[found.places[place]] for place in (HERE, (zoom, column, row + 1))] == [("png", plain(RED))] * 2
    assert len(found.images) == 2
    with speaking("zh"):
        assert "第 14–14 级 3 块" in str(found.told[0])


@FORMATS
def test_the_whole_file_is_taken_where_no_place_is_asked_for(name: str, tmp_path: Path) -> None:
    tiles = {(2, column, row): plain((column * 60, row * 60, 0)) for column in range(4) for row in range(4)}
    found = tiles_of(written(tmp_path / name, tiles), extent=None)
    assert {place: found.images[at][1] for place, at in found.places.items()} == tiles


@pytest.mark.parametrize("leaves", [0, 1, 3])
def test_pmtiles_are_found_in_the_root_and_in_leaves(leaves: int, tmp_path: Path) -> None:
    tiles = {(5, column, row): plain((column * 8, row * 8, 0), 1) for column in range(32) for row in range(32)}
    found = tiles_of(pmtiles(tmp_path / "a.pmtiles", tiles, leaves=leaves), extent=None)
    assert {place: found.images[at][1] for place, at in found.places.items()} == tiles


@FORMATS
def test_zooms_for_which_there_is_no_room_are_left_out_and_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("basemaps")["embedded"], "total_bytes", 3 * len(plain(RED)))
    near = [(15, 2 * HERE[1] + x, 2 * HERE[2] + y) for x in range(2) for y in range(2)]
    tiles = {HERE: plain(RED), **{place: plain((at, 0, 0)) for at, place in enumerate(near)}}
    found = tiles_of(written(tmp_path / name, tiles), extent=EXTENT)
    assert set(found.places) == {HERE}
    with speaking("zh"):
        assert "第 15–15 级放不下" in str(found.told[1])
    monkeypatch.setitem(builtin("basemaps")["embedded"], "total_bytes", 10)
    with speaking("zh"), pytest.raises(FileRefused, match="裁到工作区"):
        tiles_of(tmp_path / name, extent=EXTENT)


@FORMATS
@pytest.mark.parametrize(
    "content", [SVG, HTML, b"", b"\x1f\x8b\x08vector", b"\x89PNG\r\n\x1a\n", b"GIF89a\x01\x00\x01\x00", b"\xff\xd8\xff\xe0"]
)
def test_a_tile_that_is_no_image_is_left_out_and_told(name: str, content: bytes, tmp_path: Path) -> None:
    beside = (HERE[0], HERE[1] + 1, HERE[2])
    found = tiles_of(written(tmp_path / name, {HERE: content or b"\0", beside: plain(RED)}), extent=EXTENT)
    assert set(found.places) == {beside}
    (tmp_path / "b").mkdir()
    alone = written(tmp_path / "b" / name, {HERE: content or b"\0"})
    with speaking("zh"):
        assert "有 1 块瓦片不是" in str(found.told[-1])
        with pytest.raises(FileRefused, match="没有能用的图片瓦片"):
            tiles_of(alone, extent=EXTENT)
    page = maps.build(SITES, basemaps=[found]).get_root().render()
    assert "data:image/svg" not in page
    assert "data:text" not in page


@FORMATS
def test_images_that_would_fill_the_memory_are_left_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vast = bytearray(plain(RED))
    vast[16:24] = struct.pack(">II", 60_000, 60_000)
    with pytest.raises(FileRefused):
        tiles_of(written(tmp_path / name, {HERE: bytes(vast)}), extent=EXTENT)
    monkeypatch.setitem(builtin("basemaps")["embedded"], "tile_bytes", len(plain(RED)) - 1)
    (tmp_path / "b").mkdir()
    with pytest.raises(FileRefused):
        tiles_of(written(tmp_path / "b" / name, {HERE: plain(RED)}), extent=EXTENT)


@FORMATS
def test_a_file_that_lies_elsewhere_says_so(name: str, tmp_path: Path) -> None:
    with speaking("zh"), pytest.raises(FileRefused, match="没有图斑所在处的瓦片"):
        tiles_of(written(tmp_path / name, {FAR: plain(RED)}), extent=EXTENT)


@FORMATS
@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"PMTiles\x03" + b"\xff" * 119, b"PMTiles\x02" + bytes(119), b"SQLite format 3\0" + bytes(200)]
)
def test_what_is_no_such_file_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileRefused):
        tiles_of(tmp_path / name, extent=EXTENT)


def test_a_missing_file_and_another_suffix_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        maps.basemap(str(tmp_path / "a.mbtiles"), sites=SITES)
    with pytest.raises(UnknownName):
        tiles_of(tmp_path / "a.zip", extent=EXTENT)


def test_tiles_that_are_stored_once_each_are_read_without_running_the_view(tmp_path: Path) -> None:
    row = 2 ** HERE[0] - 1 - HERE[2]
    image = plain(RED).hex()
    file = mbtiles(
        tmp_path / "a.mbtiles",
        {},
        also="DROP TABLE tiles; CREATE TABLE map (zoom_level, tile_column, tile_row, tile_id); CREATE TABLE images (tile_id, tile_data);"
        f"INSERT INTO map VALUES ({HERE[0]}, {HERE[1]}, {row}, 'a'); INSERT INTO images VALUES ('a', x'{image}');"
        "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS zoom_level FROM n;",
    )
    assert set(tiles_of(file, extent=EXTENT).places) == {HERE}


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 14 UNION ALL SELECT i FROM n)"


@pytest.mark.parametrize(
    "also",
    [
        f"DROP TABLE tiles; CREATE VIEW tiles (zoom_level, tile_column, tile_row, tile_data) AS {ENDLESS} SELECT i, 0, 0, x'00' FROM n",
        f"DROP TABLE tiles; CREATE VIEW map AS {ENDLESS} SELECT i AS zoom_level FROM n; CREATE TABLE images (tile_id, tile_data)",
        "DROP TABLE tiles; CREATE VIRTUAL TABLE tiles USING fts4(zoom_level, tile_column, tile_row, tile_data)",
        "DROP TABLE tiles; CREATE TABLE tiles (a)",
        "UPDATE tiles SET zoom_level = 10000000000",
        "UPDATE tiles SET zoom_level = 'x'",
        "UPDATE tiles SET tile_data = 'text'",
        "UPDATE tiles SET tile_data = zeroblob(90000000)",
        "UPDATE tiles SET tile_column = 'x'",
        "DELETE FROM tiles",
    ],
)
def test_a_database_that_is_made_to_harm_is_refused_at_once(also: str, tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "a.mbtiles", {HERE: plain(RED)}, also=also)
    before, start = file.read_bytes(), time.monotonic()
    with pytest.raises(FileRefused):
        tiles_of(file, extent=EXTENT)
    assert time.monotonic() - start < 20
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file], "no journal beside it"


def test_triggers_and_a_view_of_metadata_do_nothing(tmp_path: Path) -> None:
    also = (
        "CREATE TRIGGER t AFTER INSERT ON metadata BEGIN DELETE FROM tiles; END;"
        f"DROP TABLE metadata; CREATE VIEW metadata AS {ENDLESS} SELECT 'name' AS name, 'x' AS value FROM n"
    )
    found = tiles_of(mbtiles(tmp_path / "甲.mbtiles", {HERE: plain(RED)}, also=also), extent=EXTENT)
    assert (set(found.places), found.name) == ({HERE}, "甲")


def test_a_database_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(builtin("basemaps")["embedded"], "seconds", 0)
    monkeypatch.setitem(builtin("basemaps")["embedded"], "steps", 1)
    with pytest.raises(FileRefused, match="interrupted"):
        tiles_of(mbtiles(tmp_path / "a.mbtiles", {HERE: plain(RED)}), extent=EXTENT)


@pytest.mark.parametrize(("at", "value"), [(8, 2**60), (16, 2**60), (24, 2**60), (40, 2**63), (56, 2**60), (97, 3), (99, 1), (100, 30)])
def test_pmtiles_whose_header_lies_are_refused(at: int, value: int, tmp_path: Path) -> None:
    file = pmtiles(tmp_path / "a.pmtiles", {HERE: plain(RED)})
    content = bytearray(file.read_bytes())
    content[at : at + (8 if at < 96 else 1)] = value.to_bytes(8 if at < 96 else 1, "little")
    file.write_bytes(content)
    with pytest.raises(FileRefused):
        tiles_of(file, extent=EXTENT)


def test_a_bomb_of_a_directory_and_one_that_holds_itself_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pmtiles(tmp_path / "a.pmtiles", {HERE: plain(RED)})
    content = bytearray(file.read_bytes())
    root, length = struct.unpack_from("<2Q", content, 8)
    content[40:48] = struct.pack("<Q", root)  # leaves begin where the root does
    file.write_bytes(content)
    with pytest.raises(FileRefused):
        tiles_of(file, extent=EXTENT)
    monkeypatch.setitem(builtin("basemaps")["directory"], "bytes", length - 1)
    with pytest.raises(FileRefused):
        tiles_of(pmtiles(tmp_path / "b.pmtiles", {HERE: plain(RED)}), extent=EXTENT)


def test_tiles_that_are_said_to_be_gcj02_are_taken_from_further_around(tmp_path: Path) -> None:
    far = tile_of(105.01, 25.0, 18)
    file = mbtiles(tmp_path / "a.mbtiles", {(far[0], far[1], far[2] + 6): plain(RED)})
    with pytest.raises(FileRefused):
        maps.basemap(str(file), sites=SITES)
    with speaking("zh"):
        found = maps.basemap(f"GCJ02:{file}", sites=SITES)
        assert (found.as_data()["datum"], "GCJ-02" in str(found.told[-1])) == ("gcj02", True)
    assert maps.basemap("gcj02:https://tiles.example.cn/{z}/{x}/{y}.png").as_data()["datum"] == "gcj02"


def test_names_and_attributions_are_read_as_words(tmp_path: Path) -> None:
    words = {"name": "<b>甲</b>", "attribution": "© <a href='javascript:alert(1)'>某院</a> &amp; 乙"}
    for found in (
        tiles_of(mbtiles(tmp_path / "a.mbtiles", {HERE: plain(RED)}, metadata=words), extent=EXTENT),
        tiles_of(pmtiles(tmp_path / "a.pmtiles", {HERE: plain(RED)}, metadata=words), extent=EXTENT),
    ):
        assert (found.name, found.attribution) == ("<b>甲</b>", "© 某院 & 乙")


def test_a_page_with_carried_tiles_keeps_the_strict_policy(tmp_path: Path) -> None:
    made = maps.build(SITES, basemaps=[maps.basemap(str(mbtiles(tmp_path / "a.mbtiles", {HERE: plain(RED)})), sites=SITES)])
    page = maps.save(made, tmp_path / "a.html").read_text("utf-8")
    assert "img-src data: blob:;" in page


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08\x01\x00\x02\x00", ("jpeg", 512, 256)),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\xff\x01\x00\xff\x00\x00", ("webp", 512, 256)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x00\x02\x00\x01", ("webp", 512, 256)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\xff\xc1\x3f\x00", ("webp", 512, 256)),
        (b"RIFF\0\0\0\0WEBPVP9 ", None),
        (b"\xff\xd8\xff\xe0\x00\x04ab<html>", None),
    ],
)
def test_kinds_of_images_and_their_sizes(content: bytes, found: tuple[str, int, int] | None) -> None:
    assert kind_and_size(content) == found


def test_tiles_without_any_place_are_no_basemap() -> None:
    with pytest.raises(ValueError, match="empty"):
        Tiles(name="a", images=(), places={}).as_data()
