"""What the documents say is so: commands, outputs, codes, links, floors."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import jupytext  # type: ignore[import-untyped]
import pytest

from restoration import checks, errors, sample
from restoration.cli import main
from restoration.cli.app import COMMANDS, program
from restoration.findings import explanations
from restoration.references import kinds
from restoration.text import speaking

from .reference_pages import DOCS
from .reference_pages import PAGES as MADE

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
STAFF = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "geodata" / "README.md"])
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEAVIEST_IMAGE_BYTES = 400_000


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", page, flags=re.MULTILINE | re.DOTALL)


def sessions(page: str) -> Iterator[tuple[str, list[str]]]:
    """Every command line of the console blocks, with the lines that it is said to print."""
    for block in blocks(page, "console"):
        for piece in block.split("$ ")[1:]:
            line, *printed = piece.rstrip().splitlines()
            yield line, printed


def commands(group: click.Group = program, name: str = "restoration") -> Iterator[tuple[str, click.Command]]:
    """Every command there is, with its name as it is typed."""
    yield name, group
    for short in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), short)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, f"{name} {short}")
        else:
            yield f"{name} {short}", found


EVERY_COMMAND = dict(commands())
LINES = [line for page in (README, STAFF) for line, _ in sessions(page)]


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_of_the_documents_can_be_typed(line: str) -> None:
    words = shlex.split(line)
    name = max((known for known in EVERY_COMMAND if words[: len(known.split())] == known.split()), key=len)
    EVERY_COMMAND[name].make_context(name, words[len(name.split()) :]).close()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_staffs_guide(name: str) -> None:
    assert f"`{name}`" in STAFF


LEVEL = {"error": "错误", "warning": "提醒", "note": "说明"}


def listed(rule: checks.Rule) -> str:
    """A rule's line of the table: its code, gravest level, what it needs, and what it is about."""
    about = re.search("问题：(.+?)。", checks.explain(rule.code).zh, re.DOTALL)
    assert about
    needs = "、".join("照片" if need == "photos" else kinds()[need].label.zh for need in rule.needs)
    return f"| {rule.code} | {LEVEL[rule.level]} | {needs} | {about[1]} |"


def test_the_table_of_checks_is_that_of_the_rules() -> None:
    assert re.findall(r"^\| S\d{3} .*$", STAFF, flags=re.MULTILINE) == [listed(rule) for rule in checks.RULES]


def test_the_kinds_of_layers_are_all_in_the_staffs_guide() -> None:
    assert [kind.code for kind in kinds().values() if f"`{kind.label.zh}`（{kind.code}）" not in STAFF] == []


def test_every_option_that_is_named_is_one() -> None:
    known = {flag for command in EVERY_COMMAND.values() for option in command.params for flag in option.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", STAFF)) <= known | {"--help"}


@pytest.mark.parametrize("name", EVERY_COMMAND)
def test_every_command_and_option_has_help_in_both_languages(name: str) -> None:
    command = EVERY_COMMAND[name]
    for spoken in (command, *(param for param in command.params if isinstance(param, click.Option))):
        told = spoken.text  # type: ignore[attr-defined]
        assert CHINESE.search(told.zh), told
        assert told.en.strip(), told
        assert told.en != told.zh
    for language in ("zh", "en"):
        with speaking(language):
            assert str(command.text)[:20] in command.get_help(click.Context(command, **command.context_settings))  # type: ignore[attr-defined]


def test_a_first_result_is_as_the_readme_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RESTORATION_PROJECT", raising=False)
    shutil.copytree(ROOT / "geodata", tmp_path / "geodata")
    monkeypatch.chdir(tmp_path)
    shown = [(line, printed) for line, printed in sessions(README) if printed]
    assert [shlex.split(line)[1] for line, _ in shown] == ["init", "import", "import", "list", "update", "map"]
    for line, printed in shown:
        main(shlex.split(line)[1:])
        captured = capsys.readouterr()
        assert (captured.out + captured.err).split() == " ".join(printed).split(), line
    assert (tmp_path / "地图.html").is_file()


def test_the_demonstration_prints_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo"]) == 0
    shown = next(block for block in blocks(README, "text") if block.startswith("新建了项目"))
    assert capsys.readouterr().out.replace("\\", "/").split() == shown.split()


def test_the_readmes_python_runs(tmp_path: Path) -> None:
    sample.build(tmp_path / "restoration-demo")
    (script,) = blocks(README, "python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "in_progress    15" in done.stdout
    assert (tmp_path / "map.html").is_file()


def test_the_analysts_tutorial_runs_from_top_to_bottom(tmp_path: Path) -> None:
    sample.build(tmp_path / "restoration-demo")
    script = "\n".join(blocks((ROOT / "docs" / "analysts.md").read_text(encoding="utf-8"), "python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", script], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "hill_closure    18 5641.24 5641.24" in done.stdout
    written = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert written == {"map.html", "public.html", "map.pdf", "status.png", "sites.parquet", "history.parquet"}


@pytest.mark.parametrize("name", MADE)
def test_a_page_that_is_made_from_the_code_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == MADE[name](), "python -m tests.reference_pages"


def test_the_page_of_findings_has_every_code_with_its_level() -> None:
    rows = re.findall(r"^\| ([A-Z]\d{3}) \| (\S+) \| (.+?) \| (\S+) \| (.+?) \|$", MADE["findings.md"](), flags=re.MULTILINE)
    assert [row[0] for row in rows] == sorted(explanations())
    assert all(CHINESE.search(about_zh) and about_en for _, _, about_zh, _, about_en in rows)


def _kinds(kind: type[errors.RestorationError]) -> Iterator[type[errors.RestorationError]]:
    for found in kind.__subclasses__():
        if found.__module__ == errors.__name__:
            yield found
            yield from _kinds(found)


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    table = {int(code): told for code, told in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", README, flags=re.MULTILINE)}
    kinds = {kind.__name__: kind.exit_code for kind in _kinds(errors.RestorationError)}
    assert {name: code for code, told in table.items() for name in kinds if re.search(rf"\b{name}\b", told)} == kinds


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere_and_images_are_here(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for is_image, target in LINK.findall(text):
        if target.startswith(("http://", "https://")):
            assert not is_image, target
            continue
        path, _, anchor = target.partition("#")
        found = page.parent / path if path else page
        assert found.exists(), target
        assert path or anchor in headings, target
        assert not is_image or found.stat().st_size < HEAVIEST_IMAGE_BYTES, target


def test_environment_variables_are_told_and_those_told_are_read() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert set(re.findall(r"RESTORATION_[A-Z]+", STAFF)) == set(re.findall(r"RESTORATION_[A-Z]+", source))


def test_the_floors_are_those_of_the_linter() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    wanted = {floor: {name.strip() for name in names.split("|")} for floor, names in enumerate(reversed(layers))}
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told: dict[int, set[str]] = {}
    for floor, rooms in re.findall(r"^\| (\d+) \| ([^|]+) \|", page, flags=re.MULTILINE):
        told.setdefault(int(floor), set()).update(re.findall(r"`(\w+)[^`]*`", rooms))
    assert told == wanted


def test_a_notebook_and_its_script_say_the_same_and_hold_no_results() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook, script = jupytext.read(path), jupytext.read(path.with_suffix(".py"))
        assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [(cell.cell_type, cell.source) for cell in script.cells]
        assert not [cell for cell in notebook.cells if cell.get("outputs")]
