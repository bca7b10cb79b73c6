"""Whatever is filled in: a sheet leads to the ledger that the commands would have led to."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from restoration.errors import RestorationError
from restoration.model import Event
from restoration.project import Project
from tests.making import run, taken_in

from .books import ONE, THREE, TWO, Book, applied

STATUSES = ("", "designed", "in_progress", "suspended", "works_done", "cancelled")
AREAS = st.one_of(st.none(), st.integers(1, 900).map(float))
DAYS = st.integers(0, 40).map(lambda days: date(2021, 3, 1) + timedelta(days=days))
CHANGE = st.fixed_dictionaries(
    {"to": st.sampled_from(STATUSES), "reported": AREAS, "verified": AREAS, "note": st.sampled_from(["", "看过"]), "on": DAYS}
)


def content(event: Event) -> tuple[Any, ...]:
    """What an entry says, without who named it and when."""
    payload = {name: value for name, value in event.payload.items() if name not in ("asked", "source")}
    return event.kind, event.to_status, event.happened_on, event.note, event.doc_no, payload, event.state


def directly(path: Path, site: str, asked: dict[str, Any]) -> bool:
    """The same change by the project's own call; whether it was taken."""
    held = Project.open(path)
    now = held.history(site)[-1].state
    to = asked["to"] if asked["to"] != now.status else ""
    said = {"reported_m2": asked["reported"], "verified_m2": asked["verified"]}
    measured = {name: mu * 2000 / 3 for name, mu in said.items() if mu is not None and now.measured.get(name) != mu * 2000 / 3}
    signed = {"by": "乙", "on": asked["on"], "note": asked["note"]}
    try:
        if to:
            held.update([site], to=to, measured=measured, **signed)
        elif measured:
            held.measure(site, measured=measured, **signed)
        elif asked["note"]:
            held.note([site], text=asked["note"], by="乙", on=asked["on"])
    except RestorationError:
        return False
    return True


@settings(max_examples=15, deadline=None)
@given(rounds=st.lists(st.dictionaries(st.sampled_from([ONE, TWO, THREE]), CHANGE, max_size=3), min_size=1, max_size=3))
def test_sheets_lead_where_direct_calls_lead(rounds: list[dict[str, dict[str, Any]]]) -> None:
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "a"), Path(folder, "b")
        for place in (ours, theirs):
            place.mkdir()
            taken_in(place, {"名称": "甲"}, {"名称": "乙"}, {"名称": "丙"})
        for number, changes in enumerate(rounds):
            sheet = ours / f"{number}.xlsx"
            assert run("worksheet", sheet, "--project", ours / "p.gpkg").code == 0
            book, labels = Book(sheet), Project.open(ours / "p.gpkg").table
            for site, asked in changes.items():
                told = {"新状态": labels.label(asked["to"], "afforestation").zh if asked["to"] else None, "上报面积(亩)": asked["reported"]}
                book.put(site, {**told, "核实面积(亩)": asked["verified"], "说明": asked["note"], "日期": asked["on"]})
            said = applied(ours / "p.gpkg", book.save(), "--partial", "--format", "json").data()
            outcome = {row["site_id"]: row["outcome"] for row in said["rows"]}
            for site, asked in changes.items():
                assert directly(theirs / "p.gpkg", site, asked) == (outcome[site] in ("taken", "unchanged"))
        a, b = (Project.open(place / "p.gpkg", read_only=True) for place in (ours, theirs))
        for site in (ONE, TWO, THREE):
            assert [content(event) for event in a.history(site)] == [content(event) for event in b.history(site)]
        assert a.verify().findings == ()
