"""A paper as a file: PDF by typst, whose one place this is, or Word."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..data import builtin
from ..errors import MissingExtra, UnknownName
from ..naming import replace_file
from ..text import Text
from .paper import Paper, as_data
from .word import word_of

FORM = Path(__file__).with_name("paper.typ")
_MOST_TAGGED = 20_000
"""A paper of more cells than this has no tags for those who hear it read: they make its file 15 times as large."""
WORD_FORM = "report-template.docx"
"""An office's own Word file beside the project: its styles and margins are used."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
ENDINGS = (".pdf", ".docx")


def require_printable(out: Path, endings: tuple[str, ...] = ENDINGS) -> None:
    """Refuse a name that says no kind of paper, and a kind whose library is not installed.

    Raises
    ------
    UnknownName, MissingExtra
    """
    ending = out.suffix.lower()
    if ending not in endings:
        raise UnknownName(Text("文件类型", "kind of file"), out.suffix or out.name, endings)
    library = "typst" if ending == ".pdf" else "docx"
    if find_spec(library) is None:
        package = {"typst": "typst", "docx": "python-docx"}[library]
        raise MissingExtra(
            Text(f"出 {ending} 要用 {package}，还没有安装。", f"{ending} is made by {package}, which is not installed."),
            Text(
                f'请运行 pip install "restoration[report]"；断网的电脑：在能上网的同类电脑上 pip download {package} -d wheels，'
                f"拷过来后 pip install --no-index --find-links wheels {package}。",
                f'Run pip install "restoration[report]"; without a network: pip download {package} -d wheels on a like computer that '
                f"has one, copy the folder, then pip install --no-index --find-links wheels {package}.",
            ),
        )


def printed(make: Callable[[Path], Paper], out: Path, *, form: Path | None = None) -> Path:
    """Make a paper and write it as the kind of file that its name says, in one step; the same paper is the same PDF.

    Parameters
    ----------
    make
        Makes the paper; its pictures go into the folder that it is given.
    form
        A Word file whose styles are used.

    Raises
    ------
    UnknownName, MissingExtra, FileRefused, CannotWrite
    """
    require_printable(out)
    with tempfile.TemporaryDirectory(prefix="restoration-") as name:
        folder = Path(name)
        paper = make(folder)
        content = _pdf(paper, folder) if out.suffix.lower() == ".pdf" else word_of(paper, form)
    replace_file(out, content)
    return out


def _pdf(paper: Paper, folder: Path) -> bytes:
    import typst  # noqa: PLC0415 - an extra

    data = as_data(paper) | {"fonts": _fonts()}
    (folder / "paper.json").write_text(json.dumps(data, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    (folder / "paper.typ").write_bytes(FORM.read_bytes())
    is_tagged = paper.count_cells() <= _MOST_TAGGED
    made: Any = typst.compile(folder / "paper.typ", root=folder, format="pdf", timestamp=_EPOCH, pdf_tags=is_tagged)
    assert isinstance(made, bytes)
    return made


def _fonts() -> list[str]:
    """The fonts of a PDF, a Chinese one first.

    Raises
    ------
    MissingExtra
        None is installed.
    """
    import typst  # noqa: PLC0415 - an extra

    installed = set(typst.Fonts().families())
    chinese = next((family for family in builtin("figure")["font"]["chinese"] if family in installed), "")
    if not chinese:
        raise MissingExtra(
            Text("这台电脑上没有中文字体，出不了 PDF。", "No Chinese font is installed: no PDF can be made."),
            Text(
                "请安装 思源黑体（Noto Sans CJK SC；Debian/Ubuntu 上 apt-get install fonts-noto-cjk）或 微软雅黑、黑体、宋体，再试一次。",
                "Install Noto Sans CJK SC (on Debian or Ubuntu: apt-get install fonts-noto-cjk), Microsoft YaHei, SimHei or SimSun.",
            ),
        )
    return [chinese]
