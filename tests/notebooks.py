"""Run every notebook from top to bottom in a folder of its own: ``python tests/notebooks.py``. An error in a cell fails."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
CELL_SECONDS = 300


def main(folder: Path = NOTEBOOKS) -> int:
    """Run the notebooks of a folder; 1 if a cell of any failed."""
    found = sorted(folder.glob("*.ipynb"))
    if not found:
        print("没有笔记本 / no notebooks")
    complaints = [complaint for path in found if (complaint := _complaint(path))]
    print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


def _complaint(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(path.parent, folder, dirs_exist_ok=True)
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        try:
            NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
        except CellExecutionError as error:
            return f"{path.name}: {error}"
    print(f"{path.name} ✓")
    return ""


if __name__ == "__main__":
    sys.exit(main())
