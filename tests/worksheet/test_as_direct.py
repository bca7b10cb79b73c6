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

STATUSES = ("", "designed", "in_progress", "suspended", "works_done", "self_checked", "county_accepted", "cancelled")
AREAS = st.none() | st.integers(1, 3).map(float)
DAYS = st.integers(0, 40).map(lambda days: date(2021, 3, 1) + timedelta(days=days))
CHANGE = st.fixed_dictionaries(
    {
        "to": st.sampled_from(STATUSES), "reported": AREAS, "verified": AREAS, "qualified": AREAS, "on": DAYS,
        "survival": st.sampled_from([None, 60.0, 91.0]), "surveyed_on": st.none() | DAYS,
        "doc_no": st.sampled_from(["", "验1号"]), "note": st.sampled_from(["", "看过"]),
    }
)  # fmt: skip
HEADINGS = {
    "reported": "上报面积(亩)", "verified": "核实面积(亩)", "qualified": "核实合格面积(亩)", "survival": "成活率(%)",
    "surveyed_on": "调查日期", "doc_no": "文号", "note": "说明", "on": "日期",
}  # fmt: skip


def content(event: Event) -> tuple[Any, ...]:
    """What an entry says, without who named it and when."""
    payload = {name: value for name, value in event.payload.items() if name not in ("asked", "source")}
    return event.kind, event.to_status, event.happened_on, event.note, event.doc_no, payload, event.state


def directly(path: Path, site: str, asked: dict[str, Any]) -> bool:
    """The same change by the project's own call; whether it was taken, or there was none to make."""
    held = Project.open(path)
    now = held.history(site)[-1].state
    to = asked["to"] if asked["to"] != now.status else ""
    measured = {f"{name}_m2": asked[name] * 2000 / 3 for name in ("reported", "verified", "qualified") if asked[name] is not None}
    measured |= {"survival_pct": asked["survival"]} if asked["survival"] is not None else {}
    signed = {"by": "乙", "on": asked["on"], "note": asked["note"], "doc_no": asked["doc_no"]}
    is_new = asked["surveyed_on"] or asked["note"] or asked["doc_no"] or any(now.measured.get(name) != measured[name] for name in measured)
    try:
        if to:
            held.update([site], to=to, measured=measured, surveyed_on=asked["surveyed_on"], **signed)
        elif measured and is_new:
            held.measure(site, measured=measured, surveyed_on=asked["surveyed_on"], **signed)
        elif is_new and not asked["surveyed_on"]:
            held.note([site], text=asked["note"], by="乙", on=asked["on"], doc_no=asked["doc_no"])
        else:
            return not asked["surveyed_on"]
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
                book.put(site, {heading: asked[name] for name, heading in HEADINGS.items()})
                book.put(site, {"新状态": labels.label(asked["to"], "afforestation").zh if asked["to"] else None})
            said = applied(ours / "p.gpkg", book.save(), "--partial", "--format", "json").data()
            outcome = {row["site_id"]: row["outcome"] for row in said["rows"]}
            for site, asked in changes.items():
                assert directly(theirs / "p.gpkg", site, asked) == (outcome[site] in ("taken", "unchanged"))
        a, b = (Project.open(place / "p.gpkg", read_only=True) for place in (ours, theirs))
        for site in (ONE, TWO, THREE):
            assert [content(event) for event in a.history(site)] == [content(event) for event in b.history(site)]
        assert a.verify().findings == ()
