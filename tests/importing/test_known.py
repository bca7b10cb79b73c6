"""Ground that is known under another number, and sites that a file has no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from restoration.project import Project
from tests.making import Said, parcels, run, square, taken_in, written

ROWS: list[dict[str, object]] = [{"名称": f"地{number}", "乡镇": "郑屯镇", "geometry": square(number * 1.5)} for number in range(6)]


def take(project: Path, *rows: dict[str, object], name: str = "rows.geojson", more: tuple[object, ...] = (), year: int = 2021) -> Said:
    folder = project.parent / "later"
    folder.mkdir(exist_ok=True)
    file = written(parcels(*rows), folder / name)
    said = run("import", file, "--measure", "人工造林", "--year", year, "--by", "乙", "--project", project, *more)
    file.unlink()
    return said


def numbers(project: Path) -> list[tuple[str, str]]:
    sites = Project.open(project, read_only=True).sites()
    return sorted(zip(sites["site_id"], sites["source_id"], strict=True))


def test_known_ground_under_a_new_number_is_refused_and_both_are_named(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:2])
    said = take(project, {**ROWS[0], "小班号": "101"}, ROWS[1] | {"小班号": "002"})
    assert said.code == 4
    assert "[错误 I105] rows.geojson 第1行 RGZL-2021-101：图形与台账的 RGZL-2021-001 相同（100.0%）" in said.out
    assert "--same-ground renumber" in said.out
    assert "I101" not in said.out
    assert "I107" not in said.out, "a site whose ground is in the file is not gone"
    assert numbers(project) == [("RGZL-2021-001", "001"), ("RGZL-2021-002", "002")]


def test_a_site_may_get_a_new_number_and_is_known_by_it_from_then_on(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:2])
    new = ({**ROWS[0], "小班号": "101"}, {**ROWS[1], "小班号": "002"})
    said = take(project, *new, more=("--same-ground", "改号"))
    assert said.code == 0
    assert "[说明 I106] rows.geojson 第1行 RGZL-2021-001：小班号由 001 改为 101，历史接着记。" in said.out
    assert "新登记 0，边界重划 0，内容有改 1，无变化 1" in said.out
    assert numbers(project) == [("RGZL-2021-001", "101"), ("RGZL-2021-002", "002")]
    assert "无变化 2" in take(project, *new).out
    history = run("history", "RGZL-2021-001", "--project", project).out
    assert "小班号 001 → 101" in history
    old = take(project, {**ROWS[0], "小班号": "001", "名称": "另一块"}, new[1])
    assert "RGZL-2021-001 的小班号已改为 101，文件里还是原来的 001" in old.out
    assert run("verify", "--project", project).code == 0


def test_a_renumbered_site_may_be_redrawn_a_little_at_the_same_time(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:1])
    said = take(project, {**ROWS[0], "小班号": "101", "geometry": square(0, side=0.00195)}, more=("--same-ground", "renumber"))
    assert "边界重划 1" in said.out
    assert numbers(project) == [("RGZL-2021-001", "101")]


def test_two_sites_may_be_meant(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:1])
    said = take(project, {**ROWS[0], "小班号": "101"}, more=("--same-ground", "by_number"))
    assert (said.code, "新登记 1" in said.out, "S203" in said.out) == (0, True, True)


def test_numbers_that_were_exchanged_do_not_exchange_histories(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:3])
    swapped = ({**ROWS[1], "小班号": "001"}, {**ROWS[0], "小班号": "002"}, {**ROWS[2], "小班号": "003"})
    for more in ((), ("--same-ground", "renumber")):
        said = take(project, *swapped, more=more)
        assert "图形已不在 RGZL-2021-001 原来的地方，而与台账的 RGZL-2021-002 相同" in said.out
        assert "无变化 1，未采用 2" in said.out
    said = take(project, *swapped, more=("--same-ground", "by_number"))
    assert "边界重划 2" in said.out


def test_one_ground_with_its_old_and_a_new_number_in_one_file(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:1])
    said = take(project, {**ROWS[0], "小班号": "001"}, {**ROWS[0], "小班号": "101"}, more=("--same-ground", "renumber"))
    assert "而 RGZL-2021-001 也在文件里：同一块地有两个编号" in said.out
    assert "无变化 1，未采用 1" in said.out


@pytest.mark.parametrize("geometry", [square(0.4), square(3), square(0, side=0.0012)])
def test_other_ground_under_a_new_number_is_a_new_site(tmp_path: Path, geometry: object) -> None:
    project = taken_in(tmp_path, *ROWS[:1])
    assert "新登记 1" in take(project, {"小班号": "101", "geometry": geometry}, {**ROWS[0], "小班号": "001"}).out


def test_another_year_and_a_site_struck_off_hold_no_ground(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:1])
    assert "新登记 1" in take(project, {**ROWS[0], "小班号": "101"}, year=2022).out
    strike = ("--to", "cancelled", "--by", "甲", "--on", "2021-05-01", "--doc", "义林〔2021〕9号", "--note", "不做了")
    assert run("update", "RGZL-2021-001", *strike, "--project", project).code == 0
    assert "新登记 1" in take(project, {**ROWS[0], "小班号": "102"}).out


# ---- gone
def gone(said: Said) -> list[str]:
    found: list[str] = said.data()["gone"]
    return found


JSON = ("--format", "json")


def test_a_site_that_the_next_file_of_that_name_lacks_is_told_and_kept(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    said = take(project, *ROWS[:4])
    assert "[提醒 I107] RGZL-2021-005（地4） 在 rows.geojson 里有，这次的文件里没有。" in said.out
    assert "文件里没有了的小班 2 个（I107）。" in said.out
    assert len(numbers(project)) == 6


def test_a_file_of_another_name_goes_on_where_it_has_most_of_the_sites(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    assert gone(take(project, *ROWS[:5], name="v2.geojson", more=JSON)) == ["RGZL-2021-006"]
    assert gone(take(project, *ROWS[:4], name="some.geojson", more=JSON)) == []


def test_another_township_s_file_of_the_same_name_says_nothing_of_this_one(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS[:3])
    other = [{**row, "小班号": f"2{at}", "乡镇": "鲁屯镇", "geometry": square(20 + at * 2)} for at, row in enumerate(ROWS[:3])]
    assert gone(take(project, *other, more=JSON)) == []
    assert gone(take(project, *other[:2], more=JSON)) == ["RGZL-2021-22"]


def test_a_refused_row_is_not_gone_nor_one_that_comes_in_another_file_of_the_batch(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    assert gone(take(project, *ROWS[:5], {**ROWS[5], "状态": "不懂"}, more=JSON)) == []
    halves = [written(parcels(*ROWS[:3]), tmp_path / "a.geojson"), tmp_path / "b.geojson"]
    written(parcels(*ROWS).iloc[3:], halves[1])
    said = run("import", *halves, "--measure", "人工造林", "--year", 2021, "--by", "乙", "--project", project, *JSON)
    assert gone(said) == []


def test_a_site_that_was_struck_off_is_not_missed(tmp_path: Path) -> None:
    project = taken_in(tmp_path, *ROWS)
    strike = ("--to", "cancelled", "--by", "甲", "--on", "2021-05-01", "--doc", "义林〔2021〕9号", "--note", "不做了")
    assert run("update", "RGZL-2021-006", *strike, "--project", project).code == 0
    assert gone(take(project, *ROWS[:5], more=JSON)) == []
