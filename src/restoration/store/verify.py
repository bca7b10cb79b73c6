"""The proof: read every byte of the history again, and say which event does not hold."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shapely.errors import GEOSException
from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from ..geometry import area_of_record_m2
from ..model import Finding, State, canonical, digest_of, result_of
from ..text import Text
from .blob import from_blobs
from .rows import Row, attribute_values, attributes_digest, attributes_of, boundary_digest, chained, event_of, target_digest, target_of
from .schema import attribute, boundary, event, head, target

AREA_TOLERANCE_M2 = 0.01
"""The area of record is stated to 0.01 m² (TD/T 1055-2019): a kept area may not be further from the boundary's."""
AT_ONCE = 5_000
"""Boundaries read and measured together, so that memory stays small."""

_WAY_OUT = Text(
    "请保留本文件作证据，改用最近一次 verify 通过的备份。",
    "Keep this file as evidence and go back to the last backup that passed `verify`.",
)


EXPLANATIONS = {
    "V001": Text(
        "项目文件里的保护结构（触发器或视图）被改动、删除或增添，历史可能绕过保护被改过。",
        "The file's protection (triggers, views) was changed, taken away or added to: the history may have been altered past it.",
    ),
    "V002": Text(
        "文件有一处读不下去，多半是磁盘或拷贝造成的损坏。",
        "The file cannot be read on at one place, most likely damage by a disk or a copy.",
    ),
    "V003": Text(
        "一个事件的内容、它记录的结果状态或总链，与写入时的摘要不符：有人改过这一条，或这一处已损坏。",
        "An event's content, the state it gives, or the chain does not match the digest taken when it was written: altered or damaged.",
    ),
    "V004": Text(
        "小班某一版边界或属性与写入时不符，或面积与边界不符。",
        "A version of a boundary or of attributes is not what was written, or its area is not the boundary's.",
    ),
    "V005": Text(
        "台账的“现状”没有指向该小班的末次事件：末尾的事件可能被删去。",
        "The present does not point at the site's last event: events at the end may have been removed.",
    ),
    "V006": Text(
        "有一版边界或属性没有任何事件引用：可能是外来的，或引用它的事件被删去。",
        "No event brings this version: it came from outside, or its event was removed.",
    ),
    "V007": Text("一条任务数与写入时的摘要不符。", "A target does not match the digest taken when it was written."),
    "V008": Text("SQLite 自查发现文件结构损坏。", "SQLite's own check finds the file's structure damaged."),
}
"""What each finding of the proof means; the way out is always the last backup that passed."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What `prove` found: how much was read, the ledger's head, what does not hold, and the states it has gone through.

    The head is one digest over every event and every target. ``chains`` has the chain after each event, ``targets`` the
    digest after each target; both begin with ``""`` for the empty ledger.
    """

    events: int
    sites: int
    head: str
    last_recorded_at: str
    findings: tuple[Finding, ...]
    chains: frozenset[str]
    targets: tuple[str, ...]

    def contains(self, noted_head: str) -> bool:
        """Whether a head that was noted earlier is a state that this ledger has gone through."""
        return any(_sealed(chain, target) == noted_head for target in self.targets for chain in self.chains)


def prove(connection: Connection, *, alterations: list[str]) -> Proof:
    """Check digests, chains, the fold, heads, boundaries, areas, attributes, targets and the file's own structure.

    Parameters
    ----------
    connection
        An open reading transaction.
    alterations
        Names of triggers and views that are not ours, from `geopackage.alterations`.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a text that is not UTF-8 any more is told by its digest
    findings = [_finding("V001", Text(f"保护结构被改动：{name}", f"the protection was altered: {name}")) for name in alterations]
    walk = _Walk({}, {})
    stages: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: _versions(connection, walk),
        lambda: walk.go(connection),
        lambda: _heads_apart(connection, walk),
        lambda: _orphans(walk),
        lambda: _targets(connection, walk),
        lambda: _structure(connection),
    )
    for stage in stages:
        findings += _told(stage, walk)
    head = _sealed(walk.chain, walk.targets[-1])
    return Proof(walk.count, len(walk.states), head, walk.last_recorded_at, tuple(findings), frozenset(walk.chains), tuple(walk.targets))


def _sealed(chain: str, target: str) -> str:
    return chained(chain, target) if target else chain


def _told(stage: Callable[[], Iterable[Finding]], walk: _Walk) -> Iterator[Finding]:
    """What one stage finds; a file that cannot be read on is a finding like any other."""
    try:
        yield from stage()
    except (DatabaseError, sqlite3.Error, ValueError, TypeError, KeyError, GEOSException, struct.error) as error:
        cause = getattr(error, "orig", error)
        where = Text(
            f"第 {walk.count} 个事件之后" if walk.count else "事件之前",
            f"after event no. {walk.count}" if walk.count else "before the events",
        )
        yield _finding("V002", Text(f"文件读不下去（{where.zh}）：{cause}", f"the file cannot be read on ({where.en}): {cause}"))


class _Walk:
    """The history, event by event, as it should be."""

    def __init__(self, boundaries: dict[tuple[str, int], str], attributes: dict[tuple[str, int], str]) -> None:
        self.boundaries, self.attributes = boundaries, attributes
        self.states: dict[str, tuple[State, str, str, int, str]] = {}
        self.used: set[tuple[str, str, int]] = set()
        self.chain, self.last_recorded_at, self.count = "", "", 0
        self.chains: set[str] = {""}
        self.targets = [""]

    def go(self, connection: Connection) -> Iterator[Finding]:
        """Walk the whole history in the order of recording."""
        for row in connection.execute(select(event).order_by(event.c.seq)).mappings():
            yield from self._step(row)

    def _step(self, row: Row) -> Iterator[Finding]:
        self.count += 1
        site = row["site_id"]
        wrong = self._faults(row)
        self.chain = chained(self.chain, row["digest"])
        if self.chain != row["chain"]:
            wrong.append(Text("总链断开", "the ledger's chain breaks"))
        self.chain = row["chain"]  # go on from what is written, so that one fault is told once
        self.chains.add(self.chain)
        self.last_recorded_at = max(self.last_recorded_at, str(row["recorded_at"]))
        for what in wrong:
            yield _finding(
                "V003", Text(f"事件 {row['id']}（第 {row['seq']} 号）：{what.zh}", f"event {row['id']} (no. {row['seq']}): {what.en}"), site
            )

    def _faults(self, row: Row) -> list[Text]:
        site = row["site_id"]
        self.used |= {("boundary", site, row["boundary"]), ("attribute", site, row["attributes"])}
        state, last_id, last_digest, step, happened_on = self.states.get(site, (None, None, "", 0, ""))
        try:
            found = event_of(row)
            expected = result_of(state, found)
            wrong = list(self._differences(row, previous=last_digest))
        except (ValueError, TypeError, AttributeError) as error:
            self.states[site] = (state or State("", 0, 0), row["id"], row["digest"], row["step"], str(row["happened_on"]))
            return [Text(f"内容读不出来：{error}", f"its content cannot be read: {error}")]
        if (row["after"], row["step"]) != (last_id, step + 1) or row["happened_on"] < happened_on:
            wrong.append(Text("不接在前一事件之后", "it does not follow the event before it"))
        if found.state != expected:
            wrong.append(Text("结果状态与历史不符", "the state that it gives is not what the history gives"))
        self.states[site] = (found.state, row["id"], row["digest"], row["step"], row["happened_on"])
        return wrong

    def _differences(self, row: Row, *, previous: str) -> Iterator[Text]:
        site = row["site_id"]
        boundary_key, attribute_key = (site, row["boundary"]), (site, row["attributes"])
        marks = self.boundaries.get(boundary_key), self.attributes.get(attribute_key)
        if None in marks:
            yield Text("边界或属性的版本缺失", "its version of the boundary or the attributes is missing")
        digest = digest_of(event_of(row), previous=previous, boundary=marks[0] or "", attributes=marks[1] or "")
        if digest != row["digest"] or canonical(json.loads(row["payload"])) != row["payload"]:
            yield Text("内容与摘要不符", "its content does not match its digest")


def _versions(connection: Connection, walk: _Walk) -> Iterator[Finding]:
    """Digests of the boundaries and attributes, worked out from their bytes."""
    for rows in connection.execute(select(boundary)).mappings().partitions(AT_ONCE):
        walk.boundaries.update({(row["site_id"], row["version"]): boundary_digest(row["geom"], row["area_m2"]) for row in rows})
        yield from _boundary_faults(rows)
    for row in connection.execute(select(attribute)).mappings():
        mark = _attributes_mark(row)
        walk.attributes[row["site_id"], row["version"]] = mark
        if mark != row["digest"]:
            yield _version_finding(row, Text("属性", "attributes"), Text("内容与摘要不符", "does not match its digest"))


def _attributes_mark(row: Row) -> str:
    try:
        return attributes_digest(attribute_values(attributes_of(row)))
    except (ValueError, TypeError):
        return ""


def _boundary_faults(rows: Sequence[Row]) -> Iterator[Finding]:
    what = Text("边界", "boundary")
    whole = [row for row in rows if boundary_digest(row["geom"], row["area_m2"]) == row["digest"]]
    for row in rows:
        if boundary_digest(row["geom"], row["area_m2"]) != row["digest"]:
            yield _version_finding(row, what, Text("内容与摘要不符", "does not match its digest"))
    areas = area_of_record_m2(from_blobs([row["geom"] for row in whole])).tolist()
    for row, area_m2 in zip(whole, areas, strict=True):
        if not abs(area_m2 - row["area_m2"]) <= AREA_TOLERANCE_M2:
            yield _version_finding(row, what, Text(f"面积应为 {area_m2:.2f} 平方米", f"its area should be {area_m2:.2f} m²"))


def _version_finding(row: Row, what: Text, fault: Text) -> Finding:
    return _finding(
        "V004",
        Text(f"{what.zh}第 {row['version']} 版：{fault.zh}", f"version {row['version']} of the {what.en} {fault.en}"),
        row["site_id"],
    )


def _heads_apart(connection: Connection, walk: _Walk) -> Iterator[Finding]:
    query = select(head.c.site_id, event.c.id).join_from(head, event, event.c.seq == head.c.seq, isouter=True)
    pointed = {row.site_id: row.id for row in connection.execute(query)}
    for site in sorted(set(pointed) | set(walk.states), key=str):
        last = walk.states[site][1] if site in walk.states else None
        if pointed.get(site) != last:
            yield _finding("V005", Text(f"现状没有指向末次事件 {last}", f"the present does not point at its last event {last}"), site)


def _orphans(walk: _Walk) -> Iterator[Finding]:
    kept = {("boundary", *key) for key in walk.boundaries} | {("attribute", *key) for key in walk.attributes}
    for table, site, version in sorted(kept - walk.used, key=str):
        yield _finding("V006", Text(f"{table} 第 {version} 版没有事件引用", f"no event brings version {version} of its {table}"), site)


def _targets(connection: Connection, walk: _Walk) -> Iterator[Finding]:
    for row in connection.execute(select(target).order_by(target.c.id)).mappings():
        if target_digest(target_of(row), previous=walk.targets[-1]) != row["digest"]:
            yield _finding("V007", Text(f"任务第 {row['id']} 条内容与摘要不符", f"target no. {row['id']} does not match its digest"))
        walk.targets.append(row["digest"])


def _structure(connection: Connection) -> Iterator[Finding]:
    for said in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if said != "ok":
            yield _finding("V008", Text(f"文件结构：{said}", f"the file's structure: {said}"))


def _finding(code: str, message: Text, site_id: str = "") -> Finding:
    return Finding(code, "error", message, _WAY_OUT, site_id=site_id)
