"""Text of unknown encoding: decided by content, the declaration weighed, mangled text turned back."""

from __future__ import annotations

from pathlib import Path

import pytest

from restoration import readers
from restoration.errors import UnknownName
from restoration.text import speaking

from .files import TEXT, codes, dbf, gbk_table, geojson, only, shapefile, squares


def first_village(path: Path, *, encoding: str | None = None) -> str:
    layers, _ = readers.read(path, encoding=encoding)
    return str(layers[0].rows["村"].iloc[0])


@pytest.mark.parametrize("language_id", [0x00, 0x57, 0x4D])
@pytest.mark.parametrize("cpg", [None, "GBK", "936", "ANSI 936", "OEM"])
def test_gbk_is_read_whatever_the_file_says_of_itself(tmp_path: Path, cpg: str | None, language_id: int) -> None:
    path = shapefile(tmp_path, squares(1), gbk_table(("0012", "合兴村"), language_id=language_id), cpg=cpg)
    layers, findings = readers.read(path)
    assert layers[0].rows[["小班号", "村"]].to_numpy().tolist() == [["0012", "合兴村"]]
    assert layers[0].encoding == "GB18030"
    assert codes(findings) == ["R101"]


def test_utf8_without_a_declaration_is_read(tmp_path: Path) -> None:
    table = dbf([("村".encode(), TEXT, 12, 0)], [["合兴村".encode()]])
    layers, findings = readers.read(shapefile(tmp_path, squares(1), table))
    assert layers[0].rows["村"].tolist() == ["合兴村"]
    with speaking("en"):
        assert str(only(findings, "R101").message) == "The attribute table was read as UTF-8: the content is strict UTF-8."


@pytest.mark.parametrize("cpg", ["UTF-8", "ISO-8859-1", "1252"])
def test_a_wrong_cpg_is_told_and_not_followed(tmp_path: Path, cpg: str) -> None:
    path = shapefile(tmp_path, squares(1), gbk_table(("0012", "合兴村")), cpg=cpg)
    assert first_village(path) == "合兴村"
    assert only(readers.read(path)[1], "R102").level == "warning"


def test_ascii_needs_no_word(tmp_path: Path) -> None:
    assert readers.read(shapefile(tmp_path, squares(1)))[1] == []


def test_a_cell_that_was_cut_in_mid_character_is_counted(tmp_path: Path) -> None:
    table = dbf([("村".encode("gbk"), TEXT, 5, 0)], [["合兴村".encode("gbk")], ["合兴".encode("gbk")]])
    layers, findings = readers.read(shapefile(tmp_path, squares(2), table))
    assert layers[0].rows["村"].tolist() == ["合兴\ufffd", "合兴"]
    assert only(findings, "R103").value == 1.0
    assert "第 1 行" in only(findings, "R103").message.zh


def test_utf8_that_is_cut_is_still_utf8(tmp_path: Path) -> None:
    table = dbf([(b"village", TEXT, 8, 0)], [["合兴村".encode()], ["合兴".encode()]])
    layers, findings = readers.read(shapefile(tmp_path, squares(2), table))
    assert layers[0].rows["village"].tolist() == ["合兴\ufffd", "合兴"]
    assert codes(findings) == ["R101", "R103"]


def test_the_caller_decides_over_the_content(tmp_path: Path) -> None:
    table = dbf([(b"V", TEXT, 12, 0)], [["龍廣".encode("big5")]])
    path = shapefile(tmp_path, squares(1), table)
    assert readers.read(path, encoding="big5")[0][0].rows["V"].tolist() == ["龍廣"]
    assert first_village(shapefile(tmp_path, squares(1), gbk_table(("1", "合兴村")), name="二"), encoding="GBK") == "合兴村"


def test_an_unknown_encoding_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="GB18030"):
        readers.read(shapefile(tmp_path, squares(1)), encoding="klingon")


def test_text_that_came_mangled_is_turned_back(tmp_path: Path) -> None:
    """A GeoJSON made from a shapefile that was read as Western text."""
    path = geojson(tmp_path / "a.geojson", [None, None], [{"Ð¡°àºÅ": "12", "村": "ºÏÐË´å"}, {"Ð¡°àºÅ": "13", "村": "ºÏÐË´å"}])
    layers, findings = readers.read(path)
    assert layers[0].refused[["小班号", "村"]].to_numpy().tolist() == [["12", "合兴村"], ["13", "合兴村"]]
    assert only(findings, "R104").value == 3.0


def test_garbled_text_that_is_no_chinese_is_told_and_kept(tmp_path: Path) -> None:
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [None], [{"name": "ÿÿþ"}]))
    assert layers[0].refused["name"].tolist() == ["ÿÿþ"]
    assert "ÿÿþ" in only(findings, "R105").message.en


@pytest.mark.parametrize("text", ["Forêt à côté", "25°N 105°E", "40 m² of 50 m²", "±0.5°C ±1°C", "3 × 4 × 5"])
def test_foreign_letters_and_signs_by_themselves_are_text(tmp_path: Path, text: str) -> None:
    """A degree sign before a letter is, byte for byte, a Chinese character in GBK."""
    layers, findings = readers.read(geojson(tmp_path / "a.geojson", [None], [{"name": text}]))
    assert layers[0].refused["name"].tolist() == [text]
    assert codes(findings) == ["R121"]


def test_signs_alone_are_turned_back_only_beside_letters(tmp_path: Path) -> None:
    """Two middle dots are 贩 and a degree sign with a small two is 安, byte for byte."""
    path = geojson(tmp_path / "a.geojson", [None, None], [{"name": "··"}, {"name": "°²"}])
    layers, findings = readers.read(path)
    assert (layers[0].refused["name"].tolist(), only(findings, "R105").value) == (["··", "°²"], 2.0)
    layers, findings = readers.read(geojson(tmp_path / "b.geojson", [None, None], [{"name": "°²"}, {"name": "ºÏÐË´å"}]))
    assert (layers[0].refused["name"].tolist(), only(findings, "R104").value) == (["安", "合兴村"], 2.0)


def test_a_damaged_byte_in_any_text_is_counted(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [None, None], [{"村": "合兴村"}, {"村": "合#村"}])
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk").replace(b"#", b"\xff"))
    layers, findings = readers.read(path)
    assert layers[0].refused["村"].tolist() == ["合兴村", "合\ufffd村"]
    assert "第 2 行" in only(findings, "R103").message.zh


def test_a_geojson_in_gbk_is_read_and_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [None], [{"村": "合兴村"}])
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    layers, findings = readers.read(path)
    assert layers[0].refused["村"].tolist() == ["合兴村"]
    assert "R101" in codes(findings)
