"""Personal data: what is taken for it and what is not, and that it reaches no ledger, export or map."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restoration import lifecycle, maps
from restoration.personal import masked, personal_in, says_personal
from restoration.project import Project
from restoration.store import create_ledger
from tests.making import registration, run, taken_in
from tests.maps.conftest import payload_of

IDENTITY, MOBILE, CARD = "11010519491231002X", "13800138000", "6222020000000000000"


@pytest.mark.parametrize(
    "text",
    [
        "5223281022000000012",  # ZLDWDM: 19 digits
        "52232800000000000000",
        "91522301709682567R",  # 统一社会信用代码
        "12522300430000000X",
        "110105194912310021",  # wrong check digit
        "11010519491331002X",  # no such month
        "522328101211012",  # 15 digits: county, town, village, plot
        "6222020000000000001",  # not by Luhn
        "5200831111111113",  # 52 begins codes of Guizhou
        "2013800138000",  # within a longer number
        "A13800138000",
        "12800138000",
        "105.13800138",
        "105.13800138000",  # the decimals of a coordinate or an area
        " ２４.13800138000 ",
        "-.13800138000",
    ],
)
def test_what_only_looks_like_a_personal_number_is_none(text: str) -> None:
    assert personal_in(text) == ()
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        (f"户主 {IDENTITY}", "身份证号", "户主 110***************"),
        (IDENTITY.lower(), "身份证号", "110***************"),
        ("110105491231002", "身份证号", "110************"),
        (f"电话：{MOBILE}。", "手机号码", "电话：138********。"),
        (CARD, "银行卡号", "622****************"),
    ],
)
def test_a_personal_number_is_seen_and_masked(text: str, kind: str, told: str) -> None:
    assert [found.zh for found in personal_in(text)] == [kind]
    assert masked(text) == told
    assert personal_in(told) == ()


@given(st.text(alphabet="0123456789Xx １张-", max_size=60))
def test_nothing_personal_is_left_by_a_mask(text: str) -> None:
    assert personal_in(masked(text)) == ()


def test_headings_of_mines_and_numbers_of_households_are_not_personal() -> None:
    assert [word for word in ("采矿权人", "农户数", "责任单位", "小班号", "联系", "名称", "DHBH") if says_personal(word)] == []
    assert all(says_personal(word) for word in ("户主姓名", "身份证号码", "联系电话", "银行账号", "SFZH", "ｓｆｚ"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return taken_in(tmp_path, {"名称": f"红岩 {MOBILE}", "村": f"前锋村{IDENTITY}", "户主": "张三", "备注": IDENTITY}, {"名称": "白岩"})


def test_what_is_imported_is_told_and_kept_masked(project: Path) -> None:
    sites = Project.open(project).sites()
    assert sites["name"].tolist() == ["红岩 138********", "白岩"]
    assert IDENTITY.encode() not in project.read_bytes()
    assert MOBILE.encode() not in project.read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("note", "白岩", "--text", f"户主电话 {MOBILE}"),
        ("update", "白岩", "--to", "designed", "--note", IDENTITY),
        ("update", "白岩", "--to", "designed", "--doc", CARD),
        ("correct", "白岩", "--set", f"unit={IDENTITY}", "--reason", "x"),
        ("correct", "白岩", "--set", "unit=甲", "--reason", MOBILE),
    ],
)
def test_what_is_typed_with_a_personal_number_is_refused_and_not_repeated(project: Path, words: tuple[str, ...]) -> None:
    said = run(*words, "--by", "甲", "--project", project)
    assert said.code == 2
    assert "台账只增不删" in said.err
    assert not any(number in said.out + said.err for number in (IDENTITY, MOBILE, CARD))


def test_an_older_ledger_is_exported_and_drawn_with_stars(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    held = registration("S1")
    assert held.attributes
    noted = replace(held.event, note=f"电话 {MOBILE}")
    create_ledger(path, about={}, table=lifecycle.table()).append(
        [replace(held, event=noted, attributes=replace(held.attributes, village=f"村 {IDENTITY}"))]
    )
    (told,) = [judged.finding for judged in Project.open(path).check() if judged.finding.code == "S409"]
    assert IDENTITY not in str(told)
    for name in ("out.geojson", "out.txt"):
        said = run("export", tmp_path / name, "--project", path)
        assert said.code == 0, said
        text = (tmp_path / name).read_text(encoding="gbk" if name == "out.txt" else "utf-8")
        assert IDENTITY not in text
        assert ("村 110***************" in text) == (name != "out.txt")
    project = Project.open(path, read_only=True)
    head, packs = payload_of(maps.build(project.sites(), histories=project.ledger.histories()))
    text = f"{head} {packs}"
    assert IDENTITY not in text
    assert MOBILE not in text
    assert "村 110***************" in text
    assert "电话 138********" in text
