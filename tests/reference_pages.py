"""The pages of ``docs/`` that are made from the code: ``python -m tests.reference_pages`` writes them, and the tests compare."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import restoration
from restoration import charts, checks, figures, importing, maps, readers
from restoration.findings import explanations
from restoration.frame import COLUMNS
from restoration.model import LEVEL_LABEL, headline_of
from restoration.readers.formats import FORMATS, UNREAD

DOCS = Path(__file__).resolve().parent.parent / "docs"
UNITS = {"m2": "m²", "pct": "%", "ratio": "1", "ha": "1/ha", "years": "a", "on": "ISO 8601", "id": "", "year": ""}
"""By the last part of a column's name, the unit of its values."""
ROOMS: dict[str, ModuleType] = {"charts": charts, "figures": figures, "maps": maps}


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [headings, ["---"] * len(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def frame_page() -> str:
    """Every column of the sites frame."""
    rows = [
        [
            f"`{column.name}`", column.dtype, UNITS.get(column.name.rsplit("_", 1)[-1], ""),
            _both(column.label.zh, column.about.zh, "："),
            _both(column.label.en, column.about.en, ": "), "" if column.public else "内部 internal",
        ]
        for column in COLUMNS
    ]  # fmt: skip
    return (
        "# 小班表的列 · The sites frame\n\n"
        "`restoration.open(…).sites()` 和 `restoration.conform(…)` 给出的就是这些列，再加 `geometry`：MultiPolygon，EPSG:4490（CGCS2000，\n"
        '经度在前）。一行一个小班，是某一天的状况。不明的文字是 `""`，不明的数是 NaN 或 `<NA>`，从不写成 0。日期是 ISO 文本。\n\n'
        "What `Records.sites` and `conform` give, and `geometry`: MultiPolygon, EPSG:4490 (CGCS2000, degrees, longitude first). One row a\n"
        'site, as it stands on one day. Unknown text is `""`, an unknown number NaN or `<NA>`, never 0. Days are ISO text.\n\n'
        + table(["列 column", "dtype", "单位 unit", "含义", "meaning", ""], rows)
    )


def _both(label: str, about: str, joint: str) -> str:
    return f"{label}{joint}{about}" if about else label


def findings_page() -> str:
    """Every code that any room may tell."""
    known = explanations()
    levels = _levels()
    rows = []
    for code in sorted(known):
        about = headline_of(known[code])
        told = [LEVEL_LABEL[level] for level in ("error", "warning", "note") if level in levels[code]]
        rows.append([code, "/".join(level.zh for level in told), about.zh, "/".join(level.en for level in told), about.en])
    return (
        "# 问题代码 · Codes of findings\n\n"
        "`S` 是对小班的检查，`R` 是读文件时发现的，`I` 是导入时发现的，`V` 是核验历史时发现的。影响和改法：`restoration explain 代码`。\n\n"
        "`S` checks of sites, `R` reading a file, `I` importing it, `V` verifying the history. Why it matters and how to mend it:\n"
        "`restoration explain CODE --lang en`.\n\n" + table(["代码 code", "级别", "问题", "level", "what is wrong"], rows)
    )


def _levels() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {rule.code: {rule.level} for rule in checks.RULES}
    found |= {rule.code: _levels_in(rule) for rule in readers.RULES}
    found |= {code: _levels_in(rule) for code, rule in importing.RULES.items()}
    return found | {code: {"error"} for code in explanations() if code not in found}


def _levels_in(rule: Any) -> set[str]:
    """The levels that the code of a rule names, as a method or as a word."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(rule))))))
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    said = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return (named | said) & set(LEVEL_LABEL)


def formats_page() -> str:
    """Every format that is read, and those that are not."""
    read = [[one.label, " ".join(f"`{s}`" for s in one.suffixes), " ".join(f"`{s}`" for s in one.parts)] for one in FORMATS.values()]
    unread = [[f"`{ending}`", what.zh, way.zh, what.en, way.en] for ending, (what, way) in sorted(UNREAD.items())]
    return (
        "# 格式 · Formats\n\n"
        "各格式要知道的事见[能读的格式](staff.md#能读的格式)。文件地理数据库是一个 `.gdb` 文件夹。都可以打成 `.zip`。\n\n"
        "A file geodatabase is a folder `.gdb`. Each may come in a `.zip`.\n\n## 读 · Read\n\n"
        + table(["格式 format", "主文件 main file", "旁边的 beside it"], read)
        + "\n## 写 · Written\n\n`restoration export`: `.gpkg` `.geojson` `.parquet` `.shp` `.txt` `.csv` `.xlsx`\n\n## 不读 · Not read\n\n"
        + table(["后缀 ending", "是什么", "怎么办", "what it is", "way out"], unread)
    )


def reference_page() -> str:
    """Every public name: its signature and what it gives, in one line each."""
    own = [_row(name, getattr(restoration, name)) for name in restoration.__all__ if name not in ROOMS and name != "sample"]
    about = "Made from the docstrings. `import restoration as rs`; `help(rs.areas)` tells the rest."
    parts = [f"# Reference\n\n{about}\n\n## rs\n\n{table(_HEAD, own)}"]
    for name, room in ROOMS.items():
        functions = [one for one in sorted(room.__all__) if inspect.isfunction(getattr(room, one))]
        rows = [_row(one, getattr(room, one)) for one in functions]
        parts.append(f"\n## rs.{name}\n\n{_first(room)}\n\n{table(_HEAD, rows)}")
    for kind in (restoration.Records, restoration.Site, restoration.Table):
        rows = [_row(name, member) for name, member in _members(kind)]
        parts.append(f"\n## rs.{kind.__name__}\n\n{_first(kind)}\n\n{table(_HEAD, rows)}")
    return "".join(parts)


_HEAD = ("name", "signature", "what it gives")


def _members(kind: type) -> Iterator[tuple[str, object]]:
    return ((name, member) for name, member in vars(kind).items() if not name.startswith("_"))


def _row(name: str, thing: object) -> list[str]:
    shown = f"`{_signature(thing)}`" if inspect.isfunction(thing) else ""
    return [f"`{name}`", shown, _first(thing)]


def _signature(thing: Callable[..., object]) -> str:
    bare = inspect.signature(thing)
    without = [one.replace(annotation=inspect.Parameter.empty) for one in bare.parameters.values() if one.name != "self"]
    return str(bare.replace(parameters=without, return_annotation=inspect.Signature.empty)) + f" → {bare.return_annotation}"


def _first(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


PAGES: dict[str, Callable[[], str]] = {
    "findings.md": findings_page,
    "formats.md": formats_page,
    "frame.md": frame_page,
    "reference.md": reference_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
