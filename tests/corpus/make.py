"""The corpus: files as offices send them and as nobody should, each with what a person says should become of it.

python -m tests.corpus.make FOLDER       writes every case into a folder of its own
python -m tests.corpus.make --table      prints the table of docs/corpus.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import archives, columns, corners, formats, hostile, places, shapefiles, shapes
from .case import Case, Refused, Taken

GROUPS: Mapping[str, Sequence[Case]] = {
    "Shapefile 与属性表 · Shapefiles and their tables": shapefiles.CASES,
    "图形 · Shapes": shapes.CASES,
    "坐标系 · Where the coordinates are": places.CASES,
    "编号、面积、日期、文字 · Columns": columns.CASES,
    "压缩包 · Archives": archives.CASES,
    "界址点与拐点 · Lists of corners": corners.CASES,
    "各种格式 · Formats": formats.CASES,
    "有意害人的文件 · Files made to harm": hostile.CASES,
}
CASES: Mapping[str, Case] = {case.id: case for cases in GROUPS.values() for case in cases}


def table() -> str:
    """The corpus as tables in Markdown."""
    blocks = [
        f"### {title}\n\n| 例 · case | 文件 · what is in it | 结果 · outcome |\n|---|---|---|\n{_lines(cases)}"
        for title, cases in GROUPS.items()
    ]
    return "\n\n".join(blocks) + "\n"


def _lines(cases: Sequence[Case]) -> str:
    return "\n".join(f"| `{case.id}` | {_cell(case.holds)} | {_cell(outcome(case.expected))} |" for case in cases)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def outcome(expected: Taken | Refused) -> str:
    """What becomes of a file, in a line."""
    if isinstance(expected, Refused):
        return "整个文件不收" + (f"；出路：{expected.way_out}" if expected.way_out else "")
    parts = [f"收 {expected.rows} 行" if expected.rows else "一行不收"]
    parts += [f"{expected.mu:.2f} 亩"] if expected.mu is not None and expected.rows else []
    parts += [f"读作 {expected.crs}"] if expected.crs else []
    parts += [f"告知 {'、'.join(sorted(expected.told))}"] if expected.told else []
    parts += [f"第 {row} 行不收（{code}）" for row, code in expected.left.items()]
    return "；".join(parts)


def write(folder: Path) -> dict[str, Path]:
    """Every case in a folder of its own: what is handed in, by case."""
    handed_in = {}
    for case in CASES.values():
        home = folder / case.id.replace(".", "-")
        home.mkdir(parents=True)
        handed_in[case.id] = case.make(home)
    return handed_in


if __name__ == "__main__":
    (asked,) = sys.argv[1:]
    if asked == "--table":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(table(), end="")
    else:
        write(Path(asked))
