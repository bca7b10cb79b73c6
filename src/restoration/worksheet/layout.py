"""The columns of the sheet, in order: what tells the site, what stands now, what may be filled in, what is hidden."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from ..frame import label_of
from ..model import AREAS
from ..readers.headings import understood
from ..text import Text, folded

_UNSAID = Text("", "")
Role = Literal["identity", "present", "open", "hidden"]
MAIN, GUIDE, LISTS, ABOUT = Text("小班", "Sites"), Text("填表说明", "How to fill it in"), "_restoration_moves", "_restoration_about"
HEADING_ROW, FIRST_ROW = 3, 4
SITE, EVENT, SEAL, WAS, MOVES, REASON = "_site", "_event", "_seal", "_was", "_moves", "_reason"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: ``name`` is a column of the sites frame, ``new_…`` where it is filled in, or hidden (``_…``)."""

    name: str
    heading: Text
    role: Role
    width: float
    explained: Text = _UNSAID

    @property
    def of(self) -> str:
        """The column of the frame that it shows or changes."""
        return self.name.removeprefix("new_")


def _mu(name: str) -> Text:
    label = label_of(name)
    return Text(f"{label.zh}(亩)", f"{label.en} (mu)") if name in AREAS or name == "area_m2" else label


def _now(name: str, width: float) -> Field:
    heading = _mu(name)
    return Field(name, Text(f"现{heading.zh}", f"{heading.en} now"), "present", width)


def _new(name: str, width: float, explained: Text) -> Field:
    heading = {"status": Text("新状态", "new status"), "on": Text("日期", "date"), "doc_no": Text("文号", "document number")}
    return Field(f"new_{name}", heading.get(name) or _mu(name), "open", width, explained)


_AREA = Text(
    "亩。可带单位，如 12.5公顷；不填就是不改",
    "In mu; a unit may stand behind the number, as 12.5 ha. Empty: no change",
)
_STATUS = Text("从下拉框里选；只列这个小班现在能变成的状态", "Choose from the list: what this very site may become")
_DAY = Text(
    "事情发生的日期，写到日，如 2021-03-05；只要这一行填了东西就要填",
    "The day it happened, as 2021-03-05; needed on every row that is filled in",
)
_SURVEYED = Text("面积和指标是哪天查的；不填按“日期”", "The day of the survey behind areas and indicators; the date if empty")
_DOC = Text("批复、验收文件的文号", "Number of the approval or acceptance document")
_NOTE = Text("办理说明；转为整改、核减等状态时写原因", "What was done; the reason where a status asks for one")
_RATIO = Text("0 到 1 的小数；不填就是不改", "From 0 to 1. Empty: no change")
_PCT = Text("百分数，如 87.5 或 87.5%；不填就是不改", "Percent, as 87.5 or 87.5%. Empty: no change")
FIELDS: tuple[Field, ...] = (
    *(Field(name, _mu(name), "identity", width) for name, width in (
        ("site_id", 23), ("name", 13), ("measure", 9), ("plan_year", 5), ("town", 8), ("village", 7), ("area_m2", 8),
    )),
    _now("status", 16),
    _new("status", 13, _STATUS),
    _new("on", 10.5, _DAY),
    _new("doc_no", 12, _DOC),
    Field("new_surveyed_on", Text("调查日期", "surveyed on"), "open", 10.5, _SURVEYED),
    *(field for name, width, told in (
        ("reported_m2", 7.5, _AREA), ("verified_m2", 7.5, _AREA), ("qualified_m2", 7.5, _AREA), ("survival_pct", 6, _PCT),
        ("cover_pct", 6, _PCT), ("canopy_ratio", 5.5, _RATIO),
    ) for field in (_now(name, width), _new(name, width, told))),
    Field("new_note", Text("说明", "note"), "open", 17, _NOTE),
    Field(SITE, Text("_site", "_site"), "hidden", 4),
    Field(EVENT, Text("_event", "_event"), "hidden", 4),
    Field(SEAL, Text("_seal", "_seal"), "hidden", 4),
    Field(WAS, Text("_was", "_was"), "hidden", 4),
    Field(MOVES, Text("_moves", "_moves"), "hidden", 4),
)  # fmt: skip
REASON_FIELD = Field(REASON, Text("没有采用的原因", "why it was not taken"), "present", 46)
"""The column in front of the rows that come back."""
SHOWN = tuple(field for field in FIELDS if field.role in ("identity", "present"))
"""What is told of the site; staff change nothing in it."""
OPEN = tuple(field for field in FIELDS if field.role == "open")
HIDDEN = tuple(field for field in FIELDS if field.role == "hidden")


def field_of(heading: str) -> Field | None:
    """The column that a heading names, in either language, whatever its case, width and blanks; ``None`` for one of the reader's own.

    An area's heading may lack its unit, but names no other: 核实面积(公顷) is no column of the sheet.

    Examples
    --------
    >>> field_of(" 新状态 ").name, field_of("成活率（％）").name, field_of("核实面积(公顷)"), field_of("电话")
    ('new_status', 'new_survival_pct', None, None)
    """
    return _BY_HEADING.get(folded(heading)) or _by_alias(heading)


def _by_alias(heading: str) -> Field | None:
    """The column to be filled in that a heading means by the aliases of the readers."""
    found = understood([heading], fields={})
    for name in found.columns:
        if name in _ALIASED and found.units.get(name, "mu") == "mu":
            return _BY_NAME[f"new_{name}"]
    return None


_ALIASED = frozenset({"doc_no", "surveyed_on", "reported_m2", "verified_m2", "qualified_m2", "survival_pct", "cover_pct", "canopy_ratio"})
"""What the readers' aliases may stand for here; 状态 and 日期 say not whether of now or to be."""


def heading_of(name: str) -> Text:
    """The heading of a field."""
    return _BY_NAME[name].heading


_ALSO: Mapping[str, tuple[str, ...]] = {
    "new_status": ("变更后状态", "新的状态"),
    "new_on": ("发生日期", "办理日期"),
    "new_doc_no": ("批复文号",),
    "new_note": ("备注", "办理说明"),
}
"""What staff rename headings to, beside the aliases that the readers know."""
_BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
_BY_HEADING: dict[str, Field] = {}
for _field in (REASON_FIELD, *FIELDS):
    for _word in (_field.heading.zh, _field.heading.en, *_ALSO.get(_field.name, ())):
        _BY_HEADING[folded(_word)] = _field


def seal_of(project: str, site_id: str, event_id: str, event_digest: str, was: str) -> str:
    """What a row carries to show that its hidden cells are as they were written, and of which project."""
    return sha256("\n".join((project, site_id, event_id, event_digest, was)).encode()).hexdigest()[:24]


def was_of(shown: Mapping[str, str | float | None]) -> str:
    """What a row tells of its site, as its hidden cell keeps it: so that a change of what is not to be changed is seen.

    Parameters
    ----------
    shown
        By the names of `SHOWN`.
    """
    told = json.dumps([shown[field.name] for field in SHOWN], ensure_ascii=False, separators=(",", ":"))
    return told.replace("_x", "\\u005fx")  # which workbooks write as something else, each program in its way
