"""The sites frame as one printed sheet: a map true to scale, in the colours of the HTML map.

With `charts` the one room that knows matplotlib.

It is loaded when `figure` or `save` is first asked for, because matplotlib is an extra.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra
from ..text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .corners import draw_corners
    from .drawn import figure
    from .saving import require_savable, save

__all__ = ["Figure", "draw_corners", "figure", "require_savable", "save"]

_WHERE = {
    "Figure": "drawn",
    "draw_corners": "corners",
    "figure": "drawn",
    "require_savable": "saving",
    "save": "saving",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_matplotlib()
    return getattr(import_module(f".{_WHERE[name]}", __name__), name)


def require_matplotlib() -> None:
    """What is drawn is drawn by matplotlib, which is an extra.

    Raises
    ------
    MissingExtra
        It is not installed; the way out says how to install it, also offline.
    """
    if find_spec("matplotlib") is None:
        raise MissingExtra(
            Text("出图要用 matplotlib，还没有安装。", "Figures are drawn by matplotlib, which is not installed."),
            Text(
                '请运行 pip install "restoration[figure]"；断网的电脑：在能上网的同类电脑上 pip download matplotlib -d wheels，'
                "拷过来后 pip install --no-index --find-links wheels matplotlib。",
                'Run pip install "restoration[figure]"; without a network: pip download matplotlib -d wheels on a like computer that has '
                "one, copy the folder, then pip install --no-index --find-links wheels matplotlib.",
            ),
        )


def __dir__() -> list[str]:
    return sorted(__all__)
