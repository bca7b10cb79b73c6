"""What an office may change without code: each file a table of values with their sources."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import FileRefused
from ..text import Text


@cache
def builtin(name: str) -> dict[str, Any]:
    """The table that is shipped as ``<name>.toml``; do not change what it returns."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def from_file(path: Path) -> dict[str, Any]:
    """A table that an office wrote itself.

    Raises
    ------
    FileRefused
        The file is not there, is not UTF-8, or is not TOML; the message names the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefused(
            Text(f"配置文件 {path} 读不了：{error}。", f"The settings file {path} cannot be read: {error}."),
            Text("请按 UTF-8 的 TOML 格式改正后再试。", "Mend it as TOML in UTF-8 and try again."),
        ) from error
