"""The floors of ``docs/architecture.md`` hold, and the linter that says so does see a breach."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT = [sys.executable, "-X", "utf8", "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]

BREACHES = {
    "a floor looks up": ("geometry.py", "from .frame import CRS", "Each floor imports only from the floors below"),
    "rooms of one floor know each other": (
        "tally/area.py",
        "from restoration import store",
        "Each floor imports only from the floors below",
    ),
    "a room stands on no floor": ("helpers.py", "import math", "Each floor imports only from the floors below"),
    "SQL outside the store": ("geometry.py", "import sqlite3", "Only store speaks SQL"),
    "matplotlib outside the figures": ("tally/area.py", "import matplotlib", "Only figures and charts speak matplotlib"),
    "folium outside the maps": ("tally/area.py", "import folium", "Only maps speaks folium"),
}


def _lint(folder: Path) -> tuple[int, str]:
    surroundings = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONUTF8": "1"}
    done = subprocess.run(LINT, cwd=folder, env=surroundings, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_every_import_goes_down() -> None:
    code, said = _lint(ROOT)
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_seen(breach: str, tmp_path: Path) -> None:
    where, line, contract = BREACHES[breach]
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "src" / "restoration" / where).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    code, said = _lint(tmp_path)
    assert code == 1
    broken = [row for row in said.splitlines() if " BROKEN" in row]
    assert [row.startswith(contract) for row in broken] == [True]
