"""The table of moves, its guards, and an office's own table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from restoration import lifecycle
from restoration.errors import FileRefused, MoveRefused, UnknownName
from restoration.lifecycle import Facts, table

ON = date(2021, 6, 1)
ACCEPTANCE: Facts = {"surveyed_on": ON, "verified_m2": 100.0, "qualified_m2": 90.0, "survival_pct": 90.0, "cover_pct": 60.0}


def move(measure: str, *passed: str, to: str, on: date = ON, facts: Facts | None = None) -> None:
    table().require_move(table().measures[measure], passed, to, on=on, facts=facts or {})


@pytest.mark.parametrize("name", ["hill_closure", "封山育林", "hill closure", "FSYL", " 封育 "])
def test_a_measure_by_any_of_its_names(name: str) -> None:
    assert table().measure(name).code == "hill_closure"


def test_a_status_by_a_label_that_only_one_measure_uses() -> None:
    assert table().status("封育中").code == table().status("施工中").code == "in_progress"
    assert table().label("in_progress", "hill_closure").zh == "封育中"
    with pytest.raises(UnknownName, match="县级验收合格 county_accepted"):
        table().status("验收了")


def test_what_is_not_allowed_says_what_is() -> None:
    with pytest.raises(MoveRefused, match=r"可以变为：作业设计.*designed、核减/调出 cancelled、暂停 suspended"):
        move("afforestation", "sited", to="closed")


def test_hill_closure_knows_no_planting_verdict() -> None:
    move("afforestation", "self_checked", to="replanting")
    with pytest.raises(MoveRefused):
        move("hill_closure", "self_checked", to="replanting")


def test_suspended_goes_back_only_to_where_it_was() -> None:
    move("afforestation", "sited", "designed", "in_progress", "suspended", to="in_progress")
    move("afforestation", "sited", "designed", "in_progress", "suspended", to="cancelled")
    with pytest.raises(MoveRefused, match="施工中 in_progress"):
        move("afforestation", "sited", "designed", "in_progress", "suspended", to="designed")


@pytest.mark.parametrize("missing", ["surveyed_on", "verified_m2", "qualified_m2", "survival_pct"])
def test_acceptance_asks_for_the_survey(missing: str) -> None:
    move("afforestation", "self_checked", to="county_accepted", facts=ACCEPTANCE)
    with pytest.raises(MoveRefused, match=f"还缺：{table().facts[missing][0].zh}"):
        move("afforestation", "self_checked", to="county_accepted", facts={k: v for k, v in ACCEPTANCE.items() if k != missing})


@pytest.mark.parametrize(
    ("survival", "right"), [(85.0, "county_accepted"), (84.9, "replanting"), (41.0, "replanting"), (40.9, "redo"), (0.0, "redo")]
)
def test_the_verdict_on_survival(survival: float, right: str) -> None:
    facts = {**ACCEPTANCE, "survival_pct": survival}
    if right == "county_accepted":
        move("grain_to_green", "self_checked", to="county_accepted", facts=facts)
    else:
        with pytest.raises(MoveRefused, match=f"按规定应转为.*{right}"):
            move("grain_to_green", "self_checked", to="county_accepted", facts=facts)


def test_a_borderline_value_is_known() -> None:
    judged = table().verdict(table().measures["afforestation"], {"survival_pct": 84.5})
    assert judged is not None
    assert judged[0].is_borderline(judged[1])


def test_a_closure_must_be_over() -> None:
    facts: Facts = {"closure_on": date(2016, 2, 29), "closure_years": 5}
    move("hill_closure", "in_progress", to="works_done", on=date(2021, 3, 1), facts=facts)
    with pytest.raises(MoveRefused, match="2021-03-01 才满"):
        move("hill_closure", "in_progress", to="works_done", on=date(2021, 2, 28), facts=facts)
    with pytest.raises(MoveRefused, match="closure_on"):
        move("hill_closure", "in_progress", to="works_done")


def test_a_mine_left_to_nature_needs_a_document_and_closing_needs_both_acceptances() -> None:
    move("mine_regreen", "sited", to="county_accepted", facts={**ACCEPTANCE, "doc_no": "1号"})
    with pytest.raises(MoveRefused, match="文号"):
        move("mine_regreen", "sited", to="county_accepted", facts=ACCEPTANCE)
    with pytest.raises(MoveRefused):
        move("afforestation", "sited", to="county_accepted", facts={**ACCEPTANCE, "doc_no": "1号"})
    move("mine_regreen", "county_accepted", "final_accepted", to="closed", facts={"doc_no": "2号"})
    with pytest.raises(MoveRefused, match="县级验收合格"):
        move("mine_regreen", "final_accepted", to="closed", facts={"doc_no": "2号"})


def test_reopening_needs_a_reason_and_a_document() -> None:
    with pytest.raises(MoveRefused, match="文号、说明"):
        move("afforestation", "closed", to="relapsed")


def test_an_offices_own_table(tmp_path: Path) -> None:
    own = tmp_path / "lifecycle.toml"
    builtin = (Path(lifecycle.__file__).parent / "data" / "lifecycle.toml").read_text(encoding="utf-8")
    own.write_text(builtin.replace("at_least = 85.0", "at_least = 90.0"), encoding="utf-8-sig")
    measure = table(own).measures["afforestation"]
    with pytest.raises(MoveRefused, match="≥90%"):
        table(own).require_move(measure, ["self_checked"], "county_accepted", on=ON, facts={**ACCEPTANCE, "survival_pct": 86.0})


def test_an_offices_table_says_what_its_groups_count_as_and_an_older_one_need_not(tmp_path: Path) -> None:
    builtin = (Path(lifecycle.__file__).parent / "data" / "lifecycle.toml").read_text(encoding="utf-8")
    newer, older = tmp_path / "newer.toml", tmp_path / "older.toml"
    newer.write_text(builtin.replace('counts_as = "in_progress"', 'counts_as = "accepted"', 1), encoding="utf-8")
    older.write_text("\n".join(line for line in builtin.splitlines() if not line.startswith("counts_as")), encoding="utf-8")
    assert table(newer).counts_as == {**table().counts_as, "awaiting": "accepted"}
    assert table(older).counts_as == table().counts_as
    assert table().counts_as["closed"] == "accepted"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('moves = ["designed", "cancelled", "suspended"]', 'moves = ["designd"]'), "designd"),
        (('group = "under_way"', 'group = "underway"'), "underway"),
        (('counts_as = "not_started"', 'counts_as = "notstarted"'), "notstarted"),
        (("[status.planned]", "[status.planned"), "at line"),
        (('abbr = "FSYL"', ""), "abbr"),
        (('needs = ["doc_no"]', 'needs = ["docno"]'), "docno"),
        (("{ at_least = 0.0, to", "{ at_least = 9.0, to"), "at_least = 0"),
    ],
)
def test_a_bad_table_is_refused_by_name(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    own = tmp_path / "lifecycle.toml"
    builtin = (Path(lifecycle.__file__).parent / "data" / "lifecycle.toml").read_text(encoding="utf-8")
    own.write_text(builtin.replace(*change), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        table(own)
    assert told in str(refused.value)
    assert own.name in str(refused.value)


def test_a_table_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "gbk.toml").write_bytes('zh = "封育"'.encode("gbk"))
    for name in ("gbk.toml", "nothing.toml"):
        with pytest.raises(FileRefused, match=name):
            table(tmp_path / name)
