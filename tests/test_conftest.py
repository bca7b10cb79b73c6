"""The fixtures and rules of ``conftest.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .browser import find_browser
from .conftest import NOT_BESIDE


def test_a_page_remembers_what_it_asked_for_and_what_went_wrong(
    page: Page, requested: list[str], complaints: list[str], tmp_path: Path
) -> None:
    (tmp_path / "页.html").write_text('<img src="no.png"><script>throw Error("boom")</script>', encoding="utf-8")
    page.goto((tmp_path / "页.html").as_uri())
    assert requested == [(tmp_path / name).as_uri() for name in ("页.html", "no.png")]
    assert any("boom" in line for line in complaints)
    assert any("ERR_FILE_NOT_FOUND" in line for line in complaints)


SKIPPING = {
    "test_one.py": "import pytest\n\ndef test_it():\n    pytest.skip('no time')\n",
    "test_file.py": "import pytest\n\npytest.importorskip('no_such_library')\n",
    "doctested.py": '"""\n>>> 1 + 1  # doctest: +SKIP\n3\n"""\n',
}
BESIDE = f"import pytest\n\ndef test_it():\n    pytest.skip({NOT_BESIDE!r})\n"


def _passes(folder: Path, name: str, source: str, *, ci: bool) -> bool:
    """Whether a project with our conftest and this one file passes."""
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    for ours in ("conftest.py", "browser.py", "__init__.py"):
        (folder / "tests" / ours).write_bytes((Path(__file__).parent / ours).read_bytes())
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    (folder / "tests" / name).write_text(source, encoding="utf-8")
    surroundings = {key: value for key, value in os.environ.items() if key != "CI"} | ({"CI": "true"} if ci else {})
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"tests/{name}"]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert "skipped" in done.stdout
    return done.returncode in (0, 5)


@pytest.mark.parametrize("name", SKIPPING)
def test_a_skip_fails_under_ci_only(name: str, tmp_path: Path) -> None:
    assert not _passes(tmp_path, name, SKIPPING[name], ci=True)
    assert _passes(tmp_path, name, SKIPPING[name], ci=False)


def test_a_skip_for_want_of_the_shared_folder_fails_only_if_it_is_there(tmp_path: Path) -> None:
    assert _passes(tmp_path / "project", "test_one.py", BESIDE, ci=True)
    (tmp_path / "shared").mkdir()
    assert not _passes(tmp_path / "project", "test_one.py", BESIDE, ci=True)


def test_the_browser_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESTORATION_BROWSER", __file__)
    assert find_browser() == Path(__file__)
    monkeypatch.setenv("RESTORATION_BROWSER", str(tmp_path / "not there"))
    assert find_browser() is None
