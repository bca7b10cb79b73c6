"""``run.py`` and the locks: what a person meets before the first line of the package runs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / "run.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _pins(level: str) -> dict[str, tuple[str, int]]:
    """Name → version and number of hashes."""
    text = (ROOT / "requirements" / f"{level}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.findall(r"^([\w.-]+)==([\w.!+]+)(.*)$", text, re.MULTILINE)
    return {name: (version, rest.count("--hash=sha256:")) for name, version, rest in found}


def _declared(level: str) -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values() if level == "dev" else ()
    lists = (PROJECT["project"]["dependencies"], PROJECT["build-system"]["requires"], *extras)
    return [Requirement(line) for lines in lists for line in lines]


@pytest.mark.parametrize("level", ["core", "dev"])
def test_a_lock_pins_what_is_declared_and_names_no_host(level: str) -> None:
    pins = _pins(level)
    assert len(pins) > 20
    assert all(hashes for _, hashes in pins.values())
    assert [str(need) for need in _declared(level) if pins[canonicalize_name(need.name)][0] not in need.specifier] == []
    assert "://" not in (ROOT / "requirements" / f"{level}.lock").read_text(encoding="utf-8")


def test_the_tests_run_on_the_versions_that_users_get() -> None:
    assert {name: pin for name, pin in _pins("dev").items() if name in _pins("core")} == _pins("core")


def test_run_py_is_read_by_an_old_python_and_turns_it_away() -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))
    pretend = f"import runpy, sys; sys.version_info = (3, 8, 10); runpy.run_path({str(RUN)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", pretend], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("需要 Python 3.11 或更高版本，现在是 3.8。")
    assert "Python 3.11 or later is needed, this is 3.8." in done.stderr


BACKEND = '''
import zipfile
from pathlib import Path

def build_editable(folder, config_settings=None, metadata_directory=None):
    """The least that is a wheel: it points at src, in code page or not."""
    name = "restoration-0-py3-none-any.whl"
    info = "restoration-0.dist-info"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("_restoration.pth", "nowhere")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: restoration\\nVersion: 0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", f"_restoration.pth,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return name
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that needs nothing from outside, in a folder with a space and Chinese characters, under our ``run.py``."""
    folder = tmp_path / "生态 修复"
    files = {
        "run.py": RUN.read_text(encoding="utf-8"),
        "backend.py": BACKEND,
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "requirements/core.lock": "",
        "requirements/dev.lock": "",
        "src/restoration/__main__.py": "import sys\nprint('started with', sys.argv[1:])\nsys.exit(7)\n",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def _run(project: Path, *arguments: str, venv: Path | None = None) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if name != "RESTORATION_VENV"}
    surroundings = {**kept, "PYTHONUTF8": "1", **({"RESTORATION_VENV": str(venv)} if venv else {})}
    command = [sys.executable, str(project / "run.py"), *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_first_start_sets_up_whatever_was_left_half_made_and_the_next_starts_at_once(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").write_text("half", encoding="utf-8")
    code, said = _run(project, "demo", "一 夹", "--open")
    assert (code, said.splitlines()[-1]) == (7, "started with ['demo', '一 夹', '--open']")
    assert "making the virtual environment" in said
    assert _run(project, "demo") == (7, "started with ['demo']\n")

    (project / "requirements" / "core.lock").write_text("# changed\n", encoding="utf-8")
    code, said = _run(project, "demo")
    assert code == 7
    assert "installing what is needed" in said
    assert "making the virtual environment" not in said


def test_a_folder_of_someone_else_stays_as_it_is(project: Path, tmp_path: Path) -> None:
    (tmp_path / "照片").mkdir()
    (tmp_path / "照片" / "1.jpg").write_bytes(b"photo")
    code, said = _run(project, "demo", venv=tmp_path / "照片")
    assert code == 1
    assert "is left alone" in said
    assert (tmp_path / "照片" / "1.jpg").read_bytes() == b"photo"


def test_a_command_that_is_not_there_shows_those_that_are(project: Path) -> None:
    code, said = _run(project, "dmeo")
    assert code == 2
    assert "python run.py demo" in said
