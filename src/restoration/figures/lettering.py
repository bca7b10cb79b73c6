"""Fonts and the room that letters take. Every text is text: no mathematics, no control characters, one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath, text_to_path

from ..data import builtin
from ..errors import MissingExtra
from ..text import Text, visible

MM_PER_PT = 25.4 / 72
NOT_IN_FONT = "□"
CUT = "…"
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PIECES = re.compile(r"[!-~]+\s*|\S[，。；：、）”]*\s*")
"""Where a line may be broken: after Latin words, and between other characters but not before punctuation."""


@dataclass(frozen=True)
class Lettering:
    """The font families of a sheet, the first that has a mark being its font."""

    families: tuple[str, ...]

    def font(self, size_pt: float, *, bold: bool = False) -> FontProperties:
        """The font at a size."""
        return FontProperties(family=list(self.families), size=size_pt, weight="bold" if bold else "regular")

    def shows(self, text: str) -> bool:
        """Whether every mark of a text is in the fonts."""
        return all(any(ord(mark) in _marks_of(family) for family in self.families) for mark in text)

    def plain(self, text: str) -> str:
        """A text as it can be set: on one line, with a box for each mark that no font has."""
        line = " ".join(visible(text).split())
        return line if self.shows(line) else "".join(mark if self.shows(mark) else NOT_IN_FONT for mark in line)

    def width_mm(self, text: str, size_pt: float, *, bold: bool = False) -> float:
        """How wide a plain text is set."""
        width_pt, _, _ = text_to_path.get_text_width_height_descent(text, self.font(size_pt, bold=bold), ismath=False)
        return float(width_pt) * MM_PER_PT

    def outline(self, text: str, size_pt: float, *, bold: bool = False) -> TextPath:
        """The outlines of a plain text, points, from the beginning of its base line."""
        return TextPath((0, 0), text, prop=self.font(size_pt, bold=bold), usetex=False)

    def fitted(self, text: str, size_pt: float, room_mm: float, *, least: float, bold: bool = False) -> tuple[str, float]:
        """A plain text and its size, so that it has room: smaller down to a share of the size, then cut short."""
        line = self.plain(text)[:LONGEST]
        size_pt *= min(1.0, max(least, room_mm / max(self.width_mm(line, size_pt, bold=bold), 1e-9)))
        if self.width_mm(line, size_pt, bold=bold) <= room_mm * 1.001:
            return line, size_pt
        few, many = 0, len(line)
        while many - few > 1:
            middle = (few + many) // 2
            fits = self.width_mm(line[:middle] + CUT, size_pt, bold=bold) <= room_mm
            few, many = (middle, many) if fits else (few, middle)
        return line[:few].rstrip() + CUT, size_pt

    def wrapped(self, text: str, size_pt: float, room_mm: float) -> list[str]:
        """A text in lines that have room."""
        lines: list[str] = []
        for piece in _PIECES.findall(self.plain(text)):
            longer = (lines[-1] if lines else "") + piece
            if lines and self.width_mm(longer.rstrip(), size_pt) <= room_mm:
                lines[-1] = longer
            else:
                lines.append(piece)
        return [line.rstrip() for line in lines]


LONGEST = 300
"""Characters of a text that are looked at: more have no room on any sheet."""


def lettering_for(texts: Sequence[str]) -> Lettering:
    """The fonts that the texts of a sheet are set in.

    Raises
    ------
    MissingExtra
        There is Chinese in a text, and none of the fonts of ``data/figure.toml`` is installed.
    """
    wanted = builtin("figure")["font"]
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    chinese = next((family for family in wanted["chinese"] if family in installed), "")
    found = Lettering((chinese, wanted["other"]) if chinese else (wanted["other"],))
    lacking = next((text for text in texts if _CHINESE.search(text)), "")
    if lacking and not chinese:
        raise MissingExtra(
            Text(
                f"这台电脑上没有中文字体，“{visible(lacking)[:20]}”写不出来。",
                f"No Chinese font is installed for {visible(lacking)[:20]!r}.",
            ),
            Text(
                "请安装 思源黑体（Noto Sans CJK SC；Debian/Ubuntu 上 apt-get install fonts-noto-cjk）或 微软雅黑、黑体、宋体，再试一次；"
                "也可用 --lang en 出英文图。",
                "Install Noto Sans CJK SC (on Debian or Ubuntu: apt-get install fonts-noto-cjk), Microsoft YaHei, SimHei or SimSun, "
                "or keep to English texts.",
            ),
        )
    return found


@cache
def _marks_of(family: str) -> frozenset[int]:
    return frozenset(font_manager.get_font(font_manager.findfont(FontProperties(family=family))).get_charmap())
