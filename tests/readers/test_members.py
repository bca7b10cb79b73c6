"""Opening a file: format by name and content, parts beside each other, archives within limits."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from restoration import readers
from restoration.data import builtin
from restoration.errors import FileRefused, NotFound, RestorationError, UnknownName

from .files import SQUARE, codes, degrees, gbk_table, geojson, geopackage, kml, only, parts_of, placemark, shapefile, squares, zipped


def refusal(path: Path) -> RestorationError:
    with pytest.raises((FileRefused, NotFound)) as refused:
        readers.read(path)
    return refused.value


def without(path: Path, suffix: str) -> Path:
    path.with_suffix(suffix).unlink()
    return path


@pytest.mark.parametrize("name", ["小班 图", "a!b (1)", "[x]", "a'b", "50%"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    layers, _ = readers.read(shapefile(tmp_path, squares(1), name=name))
    assert (layers[0].file, layers[0].name) == (f"{name}.shp", name)


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1))
    for part in parts_of(path):
        part.rename(part.with_suffix(part.suffix.upper()))
    assert len(readers.read(path.with_suffix(".SHP"))[0][0].rows) == 1


def test_a_missing_index_is_rebuilt_and_told(tmp_path: Path) -> None:
    layers, findings = readers.read(without(shapefile(tmp_path, squares(2)), ".shx"))
    assert len(layers[0].rows) == 2
    assert codes(findings) == ["R106"]


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    assert ".dbf" in refusal(without(shapefile(tmp_path, squares(1)), ".dbf")).fact.zh


def test_layers_that_are_called_alike_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    (tmp_path / "b").mkdir()
    kmls = kml(tmp_path / "b" / "小班.kml", placemark("1", *degrees(SQUARE)))
    with zipfile.ZipFile(path, "w") as archive:
        for member in ("雨樟镇/小班.kml", "龙广镇\\小班.kml", "龙广镇/界线.kml"):
            archive.write(kmls, member)
    layers, _ = readers.read(path)
    assert [layer.name for layer in layers] == ["雨樟镇/小班", "龙广镇/小班", "界线"]
    assert [layer.name for layer in readers.read(path, layer="龙广镇/小班")[0]] == ["龙广镇/小班"]


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", geojson(tmp_path / "小班.geojson", degrees(SQUARE)))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
    assert [layer.name for layer in readers.read(path)[0]] == ["小班"]


def test_a_damaged_table_in_an_archive_names_the_archive(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1))
    path.with_suffix(".dbf").write_bytes(path.with_suffix(".dbf").read_bytes()[:50])
    said = refusal(zipped(tmp_path / "送审.zip", *parts_of(path))).fact
    assert ("送审.zip" in said.zh, "“小班”" in said.zh, "送审.zip" in said.en) == (True, True, True)


def test_a_part_instead_of_the_whole_is_told_which_to_give(tmp_path: Path) -> None:
    assert "小班.shp" in refusal(shapefile(tmp_path, squares(1)).with_suffix(".dbf")).way_out.zh


def test_what_is_not_there_a_folder_and_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.gdb").mkdir()
    (tmp_path / "a.dwg").write_bytes(b"AC1032")
    assert "没有文件" in refusal(tmp_path / "nothing.shp").fact.zh
    assert ".gdb" in refusal(tmp_path / "a.gdb").way_out.zh
    assert ".dxf" in refusal(tmp_path / "a.dwg").way_out.en
    (tmp_path / "a.doc").write_bytes(b"")
    assert ".gpkg" in refusal(tmp_path / "a.doc").way_out.en


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpkg", b"<OGRVRTDataSource/>"),
        ("a.geojson", b"<kml/>"),
        ("a.kml", b'{"type": "FeatureCollection"}'),
        ("a.kml", b"PK\x03\x04"),
        ("a.geojson", b"SQLite format 3\x00"),
        ("a.zip", b"not a zip"),
    ],
)
def test_a_name_that_the_content_does_not_keep_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refusal(tmp_path / name).exit_code == FileRefused.exit_code


def test_a_shapefile_that_is_none_or_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(3))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert "截断" in refusal(path).fact.zh
    path.write_bytes(b"<OGRVRTDataSource/>" + whole)
    assert "不符" in refusal(path).fact.zh


def test_a_table_that_is_damaged_or_does_not_match_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(2), gbk_table(("1", "甲"), ("2", "乙")))
    table = path.with_suffix(".dbf")
    whole = table.read_bytes()
    table.write_bytes(whole[:-20])
    assert "不完整" in refusal(path).fact.zh
    table.write_bytes(whole[:20])
    assert "太短" in refusal(path).fact.zh
    table.write_bytes(whole[:10] + struct.pack("<H", 999) + whole[12:])
    assert "记录长度" in refusal(path).fact.zh
    table.write_bytes(gbk_table(("1", "甲")))
    assert "2 个图形、1 条" in refusal(path).fact.zh


def test_records_beyond_the_last_shape_are_refused_and_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1), gbk_table(("1", "甲"), ("2", "乙")))
    layers, findings = readers.read(path)
    assert (layers[0].rows["小班号"].tolist(), layers[0].refused["小班号"].tolist()) == (["1"], ["2"])
    assert codes(findings) == ["R101", "R118", "R121"]


def test_the_sum_tells_a_changed_table_of_a_loose_shapefile(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1), gbk_table(("1", "甲")))
    before = readers.read(path)[0][0].sha256
    path.with_suffix(".dbf").write_bytes(gbk_table(("1", "乙")))
    assert readers.read(path)[0][0].sha256 != before


def test_a_zip_of_several_layers_is_read(tmp_path: Path) -> None:
    first, second = shapefile(tmp_path, squares(1), name="封山"), shapefile(tmp_path, squares(2), name="造林")
    path = zipped(tmp_path / "a.zip", *parts_of(first), *parts_of(second), folder="资料/")
    layers, _ = readers.read(path)
    assert {layer.name: len(layer.rows) for layer in layers} == {"封山": 1, "造林": 2}
    assert {layer.file for layer in layers} == {"a.zip"}
    assert [layer.name for layer in readers.read(path, layer="造林")[0]] == ["造林"]
    with pytest.raises(UnknownName, match="封山"):
        readers.read(path, layer="退耕")


def test_a_zip_may_hold_the_other_formats(tmp_path: Path) -> None:
    here = degrees(SQUARE)
    files = [
        geojson(tmp_path / "a.geojson", here),
        geopackage(tmp_path / "b.gpkg", squares(1)),
        kml(tmp_path / "doc.kml", placemark("1", here[0], "<OvCoordType>CGCS2000</OvCoordType>")),
    ]
    assert len(readers.read(zipped(tmp_path / "all.zip", *files))[0]) == 3
    assert [layer.name for layer in readers.read(zipped(tmp_path / "c.ovkmz", files[2]))[0]] == ["doc"]


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    """Chinese packers write GBK and no flag; Python writes such a name only when it is made to."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts_of(shapefile(tmp_path, squares(1), name="XIAOBAN")):
            archive.write(part, part.name)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"XIAOBAN", "封山1".encode("gbk").ljust(7, b"2")))
    assert readers.read(path)[0][0].name == "封山122"


def test_litter_of_a_mac_is_passed_over(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", *parts_of(shapefile(tmp_path, squares(1))))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._小班.shp", b"junk")
        archive.writestr("._小班.dbf", b"junk")
    assert len(readers.read(path)[0]) == 1


def test_an_archive_inside_is_left_and_told(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", *parts_of(shapefile(tmp_path, squares(1))))
    alone = zipped(tmp_path / "alone.zip", inner)
    assert "解开" in refusal(alone).way_out.zh
    beside = zipped(tmp_path / "beside.zip", inner, geojson(tmp_path / "a.geojson", degrees(SQUARE)))
    assert "inner.zip" in only(readers.read(beside)[1], "R115").message.en


def test_a_zip_without_the_shapes_says_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", *parts_of(without(shapefile(tmp_path, squares(1)), ".shp")))
    assert ".shp" in refusal(path).fact.zh


def hostile(path: Path, kind: str) -> Path:
    """An archive that no honest packer writes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "many":
            for number in range(builtin("limits")["archive"]["entries"] + 1):
                archive.writestr(f"{number}.txt", b"")
        if kind == "bomb":
            archive.writestr("a.geojson", b"{" + b" " * (builtin("limits")["archive"]["ratio_from_bytes"] + 1))
        if kind == "link":
            link = zipfile.ZipInfo("a.geojson")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        if kind == "double":
            archive.writestr("a.geojson", b"{}")
            archive.writestr("A.geojson", b"{}")
        if kind in ("overlap", "locked", "lying"):
            archive.writestr("a.geojson", b"{}" * 500)
            archive.writestr("b.geojson", b"{}" * 500)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    if kind == "overlap":
        content[second + 42 : second + 46] = struct.pack("<I", 1)
    if kind == "locked":
        content[second + 8 : second + 10] = struct.pack("<H", 1)
    if kind == "lying":
        content[second + 24 : second + 28] = struct.pack("<I", 10)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["many", "bomb", "link", "double", "overlap", "locked", "lying"])
def test_a_hostile_archive_is_refused(tmp_path: Path, kind: str) -> None:
    assert isinstance(refusal(hostile(tmp_path / "a.zip", kind)), FileRefused)


def test_names_that_climb_out_of_the_folder_are_only_names(tmp_path: Path) -> None:
    here = geojson(tmp_path / "x.geojson", degrees(SQUARE)).read_bytes()
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../climbed.geojson", here)
        archive.writestr("/absolute.geojson", here)
    assert {layer.name for layer in readers.read(path)[0]} == {"climbed", "absolute"}
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a.zip", "in", "x.geojson"]


def test_the_parts_may_differ_in_the_case_of_their_names(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1), name="Plots")
    path.with_suffix(".dbf").rename(tmp_path / "PLOTS.DBF")
    assert len(readers.read(path)[0][0].rows) == 1
    packed = zipped(tmp_path / "a.zip", *parts_of(path), tmp_path / "PLOTS.DBF")
    assert len(readers.read(packed)[0][0].rows) == 1


def test_a_geopackage_that_is_open_elsewhere_is_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", squares(1))
    (tmp_path / "a.gpkg-wal").write_bytes(b"what was written last")
    assert "关闭" in refusal(path).way_out.zh
    (tmp_path / "a.gpkg-wal").write_bytes(b"")
    assert len(readers.read(path)[0][0].rows) == 1
