"""Every file of the corpus becomes what a person says that it should; nothing but our own errors is raised, and no text is garbled."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from restoration import readers
from restoration.data import builtin
from restoration.errors import BadRequest, RestorationError
from restoration.geometry import area_of_record_m2
from restoration.importing import Options
from restoration.model import Finding
from restoration.project import Project
from restoration.readers.encoding import is_mangled
from restoration.readers.layer import Layer
from restoration.units import in_unit
from tests.making import state_of

from .case import USUAL, Case, Refused, Taken
from .make import CASES, table, write

PAGE = Path(__file__).resolve().parents[2] / "docs" / "corpus.md"
ALWAYS_TOLD = "R201"
KEPT_GARBLED = "R105"
EVERY = 4
"""The import as a whole is tried on every so many of the cases, for it takes ten times as long, and on the following."""
IMPORTED_TOO = set(list(CASES)[::EVERY]) | {
    "dbf-cut-gbk", "dbf-more-records", "shp-no-prj", "zip-shp-several", "gpkg-trigger", "gpkg-endless-view", "table-xlsx",
        "txt-garbled-line", "kml-bomb",
    "id-double", "id-19-digits-lost", "days-doubtful", "formula", "bow-tie", "crs-overridden", "zip-overlap", "ovkml-gcj", "gpx-gap-large",
        "areas-deduct",
}  # fmt: skip


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The whole corpus in a temporary folder: what is handed in, by case."""
    return write(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project, to be copied."""
    path = tmp_path_factory.mktemp("office") / "p.gpkg"
    Project.create(path, title="测试")
    return path


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever asks for a connection fails, whatever comes of it."""
    asked: list[object] = []

    def refuse(*words: object, **_: object) -> None:
        asked.append(words)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert asked == []


@pytest.fixture
def case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Case:
    """The case of an id, with its limits lowered."""
    found = CASES[request.param]
    for name, limits in found.limits.items():
        for limit, value in limits.items():
            monkeypatch.setitem(builtin("limits")[name], limit, value)
    return found


@dataclass
class Seen:
    """What the readers made of a file."""

    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    left: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    error: RestorationError | None = None


def read(case: Case, path: Path) -> Seen:
    """Read a file and understand its columns, as an import does."""
    seen = Seen()
    try:
        seen.layers, findings = readers.read(path, **case.how)
        seen.findings = list(findings)
        parts = []
        for layer in seen.layers:
            intake, told = readers.intake(layer, **{"given": USUAL, **case.ask})
            seen.findings += told
            parts.append(intake.rows)
            seen.left |= dict(zip(intake.refused["source_row"].tolist(), intake.refused["reason_code"].tolist(), strict=True))
        seen.rows = pd.concat(parts, ignore_index=True)
    except RestorationError as error:
        seen.error = error
    return seen


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_a_file_becomes_what_it_should(case: Case, corpus: Mapping[str, Path]) -> None:
    path = corpus[case.id]
    before = state_of(path.parent)
    seen = read(case, path)
    assert state_of(path.parent) == before
    if isinstance(case.expected, Refused):
        _require_refused(case.expected, seen.error, path)
    else:
        _require_taken(case.expected, seen, path)
        _require_sound(_texts(seen), is_cut=case.expected.is_cut, is_kept=KEPT_GARBLED in case.expected.told)


def _require_refused(expected: Refused, error: RestorationError | None, path: Path) -> None:
    assert error is not None, "it was taken"
    assert type(error) is expected.kind, error
    assert expected.fact in error.fact.zh, error
    assert expected.way_out in error.way_out.zh, error
    assert error.fact.en, error
    assert error.way_out.en, error
    assert isinstance(error, BadRequest) or path.name in error.fact.zh, error  # what a call got wrong may be the same for every file
    assert isinstance(error, BadRequest) or path.name in error.fact.en, error
    assert str(path.parent) not in str(error)
    _require_sound([error.fact.zh, error.fact.en, error.way_out.zh, error.way_out.en])


def _require_taken(expected: Taken, seen: Seen, path: Path) -> None:
    assert seen.error is None, seen.error
    assert (len(seen.rows), seen.left) == (expected.rows, dict(expected.left)), seen.findings
    told = {finding.code for finding in seen.findings} - {ALWAYS_TOLD} - set(expected.left.values())
    assert told == set(expected.told), [str(finding.message) for finding in seen.findings]
    for row, code in expected.left.items():
        assert [finding.file for finding in seen.findings if (finding.code, finding.row) == (code, row)] == [path.name]
    assert {finding.file for finding in seen.findings} <= {path.name}
    assert {layer.crs for layer in seen.layers} == {expected.crs or seen.layers[0].crs} or not expected.crs
    assert {layer.encoding for layer in seen.layers} == {expected.encoding} or not expected.encoding
    assert [layer.name for layer in seen.layers] == list(expected.layers) or not expected.layers
    if expected.mu is not None:
        mu = in_unit(float(area_of_record_m2(seen.rows.geometry.to_numpy()).sum()), "mu")
        assert mu == pytest.approx(expected.mu, abs=_near(expected))
    for column, values in expected.says.items():
        if column.endswith(("_m2", "_pct", "_ratio")):
            assert seen.rows[column].tolist() == pytest.approx(list(values))
        else:
            assert seen.rows[column].tolist() == list(values)


def _near(expected: Taken) -> float:
    """How near the area must be, 亩: rounding, and the plane's own scale."""
    return max(0.01 * expected.rows, 2e-5 * (expected.mu or 0))


def _texts(seen: Seen) -> Iterator[str]:
    for layer in seen.layers:
        for frame in (layer.rows, layer.refused):
            yield from (str(name) for name in frame.columns)
            yield from (value for name in frame.columns if name != "geometry" for value in frame[name].tolist() if isinstance(value, str))
    for finding in seen.findings:
        if finding.code not in ("R103", "R104"):  # they show what was garbled
            yield from (finding.message.zh, finding.message.en, finding.way_out.zh)


def _require_sound(texts: Iterator[str] | list[str], *, is_cut: bool = False, is_kept: bool = False) -> None:
    for text in texts:
        assert is_cut or "\ufffd" not in text, text
        assert is_kept or not is_mangled(text), text


@pytest.mark.parametrize("case", sorted(IMPORTED_TOO), indirect=True)
def test_an_import_takes_the_same_and_once(case: Case, corpus: Mapping[str, Path], office: Path, tmp_path: Path) -> None:
    path, project, before = _laid_out(case, corpus, office, tmp_path)
    options = Options(**{"given": USUAL, **case.how, **case.ask})
    if isinstance(case.expected, Refused):
        with pytest.raises(case.expected.kind):
            project.import_files([path], by="甲", options=options)
        assert state_of(tmp_path) == before
        return
    account = project.import_files([path], by="甲", options=options)
    new, left = case.expected.rows - case.expected.doubled, len(case.expected.left) + case.expected.doubled
    assert (account.plan.count("new"), account.plan.count("refused")) == (new, left)
    assert all(told.why for told in account.plan.account if told.outcome == "refused")
    assert len(account.refused_files) == bool(left)
    again = project.import_files([path], by="甲", options=options, dry_run=True)
    assert again.plan.count("unchanged") == new
    sites = project.sites()
    if case.expected.mu is not None and not case.expected.doubled:
        assert in_unit(float(sites["area_m2"].sum()), "mu") == pytest.approx(case.expected.mu, abs=_near(case.expected))
    if not case.expected.rows:
        assert state_of(tmp_path)["p.gpkg"] == before["p.gpkg"]


def _laid_out(case: Case, corpus: Mapping[str, Path], office: Path, folder: Path) -> tuple[Path, Project, dict[str, bytes]]:
    """The case's files and a new project in one folder: what is handed in, the project, and all that is there."""
    shutil.copytree(corpus[case.id].parent, folder, dirs_exist_ok=True)
    project = Project.open(Path(shutil.copy(office, folder)))
    return folder / corpus[case.id].name, project, state_of(folder)


def test_what_is_written_by_hand_is_the_same_twice(corpus: Mapping[str, Path], tmp_path: Path) -> None:
    again = write(tmp_path)
    for name, case in CASES.items():
        if case.is_exact:
            assert state_of(again[name].parent) == state_of(corpus[name].parent), name


def test_the_table_in_the_documents_is_that_of_the_corpus() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
