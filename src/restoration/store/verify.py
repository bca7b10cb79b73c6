"""The proof: read every byte of the history again, and say which event does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from ..geometry import area_of_record_m2
from ..model import Finding, State, canonical, digest_of, result_of
from ..text import Text
from .blob import from_blobs
from .rows import attributes_digest, attributes_of, chained, event_of, target_digest, target_of
from .schema import attribute, boundary, event, head, target

AREA_TOLERANCE_M2 = 0.01
"""The area of record is stated to 0.01 m² (TD/T 1055-2019): a kept area may not be further from the boundary's."""
AT_ONCE = 5_000
"""Boundaries read and measured together, so that memory stays small."""

_WAY_OUT = Text(
    "请保留本文件作证据，改用最近一次 verify 通过的备份。", "Keep this file as evidence and go back to the last backup that passed `verify`."
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What `prove` found: how much was read, the ledger's head, the chain after each event, and what does not hold."""

    events: int
    sites: int
    head: str
    last_recorded_at: str
    findings: tuple[Finding, ...]
    chains: frozenset[str]

    def contains(self, noted_head: str) -> bool:
        """Whether a head that was noted earlier is a state that this ledger has gone through."""
        return noted_head in self.chains


def prove(connection: Connection, *, alterations: list[str]) -> Proof:
    """Check digests, chains, the fold, heads, boundaries, areas, attributes, targets and the file's own structure.

    Parameters
    ----------
    connection
        An open reading transaction.
    alterations
        Names of triggers and views that are not ours, from `geopackage.alterations`.
    """
    findings = [_finding("V001", Text(f"保护结构被改动：{name}", f"the protection was altered: {name}")) for name in alterations]
    walk = _Walk(*_marks(connection, findings))
    try:
        for row in connection.execute(select(event).order_by(event.c.seq)).mappings():
            walk.step(row)
        findings += walk.findings
        findings += _heads_apart(connection, walk)
        findings += _orphans(walk)
        findings += _targets(connection)
        findings += _structure(connection)
    except (DatabaseError, UnicodeDecodeError) as error:
        findings += walk.findings
        cause = getattr(error, "orig", error)
        findings.append(_finding("V002", Text(f"文件在第 {walk.count + 1} 个事件处读不下去：{cause}", f"the file cannot be read past event {walk.count + 1}: {cause}")))
    return Proof(walk.count, len(walk.states), walk.chain, walk.last_recorded_at, tuple(findings), frozenset(walk.chains))


class _Walk:
    """The history, event by event, as it should be."""

    def __init__(self, boundaries: dict[tuple[str, int], str], attributes: dict[tuple[str, int], str]) -> None:
        self.boundaries, self.attributes = boundaries, attributes
        self.states: dict[str, tuple[State, str, str, int, str]] = {}
        self.used: set[tuple[str, str, int]] = set()
        self.chain, self.last_recorded_at, self.count = "", "", 0
        self.chains: set[str] = {""}
        self.findings: list[Finding] = []

    def step(self, row: Mapping[str, Any]) -> None:
        """Compare one event with what its content and the events before it say."""
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
            self.findings.append(
                _finding("V003", Text(f"事件 {row['id']}（第 {row['seq']} 号）：{what.zh}", f"event {row['id']} (no. {row['seq']}): {what.en}"), site)
            )

    def _faults(self, row: Mapping[str, Any]) -> list[Text]:
        site = row["site_id"]
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

    def _differences(self, row: Mapping[str, Any], *, previous: str) -> Iterator[Text]:
        site = row["site_id"]
        boundary_key, attribute_key = (site, row["boundary"]), (site, row["attributes"])
        self.used |= {("boundary", *boundary_key), ("attribute", *attribute_key)}
        marks = self.boundaries.get(boundary_key), self.attributes.get(attribute_key)
        if None in marks:
            yield Text("边界或属性的版本缺失", "its version of the boundary or the attributes is missing")
        digest = digest_of(event_of(row), previous=previous, boundary=marks[0] or "", attributes=marks[1] or "")
        if digest != row["digest"] or canonical(json.loads(row["payload"])) != row["payload"]:
            yield Text("内容与摘要不符", "its content does not match its digest")


def _marks(connection: Connection, findings: list[Finding]) -> tuple[dict[tuple[str, int], str], dict[tuple[str, int], str]]:
    """Digests of the boundaries and attributes, worked out from their bytes."""
    boundaries, attributes = {}, {}
    for rows in connection.execute(select(boundary)).mappings().partitions(AT_ONCE):
        boundaries.update({(row["site_id"], row["version"]): sha256(row["geom"]).hexdigest() for row in rows})
        findings += _boundary_faults(rows)
    for row in connection.execute(select(attribute)).mappings():
        mark = _attributes_mark(row)
        attributes[row["site_id"], row["version"]] = mark
        if mark != row["digest"]:
            findings.append(_version_finding(row, Text("属性", "attributes"), Text("内容与摘要不符", "does not match its digest")))
    return boundaries, attributes


def _attributes_mark(row: Mapping[str, Any]) -> str:
    try:
        return attributes_digest(attributes_of(row))
    except (ValueError, TypeError):
        return ""


def _boundary_faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    what = Text("边界", "boundary")
    whole = [row for row in rows if sha256(row["geom"]).hexdigest() == row["digest"]]
    for row in rows:
        if sha256(row["geom"]).hexdigest() != row["digest"]:
            yield _version_finding(row, what, Text("内容与摘要不符", "does not match its digest"))
    areas = area_of_record_m2(from_blobs([row["geom"] for row in whole])).tolist()
    for row, area_m2 in zip(whole, areas, strict=True):
        if not abs(area_m2 - row["area_m2"]) <= AREA_TOLERANCE_M2:
            yield _version_finding(row, what, Text(f"面积应为 {area_m2:.2f} 平方米", f"its area should be {area_m2:.2f} m²"))


def _version_finding(row: Mapping[str, Any], what: Text, fault: Text) -> Finding:
    return _finding(
        "V004", Text(f"{what.zh}第 {row['version']} 版：{fault.zh}", f"version {row['version']} of the {what.en} {fault.en}"), row["site_id"]
    )


def _heads_apart(connection: Connection, walk: _Walk) -> Iterator[Finding]:
    query = select(head.c.site_id, event.c.id).join_from(head, event, event.c.seq == head.c.seq, isouter=True)
    pointed = {site: last for site, last in connection.execute(query)}
    for site in sorted(set(pointed) | set(walk.states)):
        last = walk.states[site][1] if site in walk.states else None
        if pointed.get(site) != last:
            yield _finding("V005", Text(f"现状没有指向末次事件 {last}", f"the present does not point at its last event {last}"), site)


def _orphans(walk: _Walk) -> Iterator[Finding]:
    kept = {("boundary", *key) for key in walk.boundaries} | {("attribute", *key) for key in walk.attributes}
    for table, site, version in sorted(kept - walk.used):
        yield _finding("V006", Text(f"{table} 第 {version} 版没有事件引用", f"no event brings version {version} of its {table}"), site)


def _targets(connection: Connection) -> Iterator[Finding]:
    previous = ""
    for row in connection.execute(select(target).order_by(target.c.id)).mappings():
        if target_digest(replace(target_of(row)), previous=previous) != row["digest"]:
            yield _finding("V007", Text(f"任务第 {row['id']} 条内容与摘要不符", f"target no. {row['id']} does not match its digest"))
        previous = row["digest"]


def _structure(connection: Connection) -> Iterator[Finding]:
    for said in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if said != "ok":
            yield _finding("V008", Text(f"文件结构：{said}", f"the file's structure: {said}"))


def _finding(code: str, message: Text, site_id: str = "") -> Finding:
    return Finding(code, "error", message, _WAY_OUT, site_id=site_id)
