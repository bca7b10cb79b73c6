"""A project of a few sites and the sheet made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from restoration.project import Project
from tests.making import run, taken_in

from .books import ONE, THREE, TWO, Book


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three sites of 人工造林 2021 with an approved design."""
    path = taken_in(tmp_path, *({"名称": f"红岩{at}班", "乡镇": "雨樟镇"} for at in range(1, 4)))
    Project.open(path).update([ONE, TWO, THREE], to="designed", by="甲", on=date(2021, 3, 2), doc_no="设计1号")
    return path


@pytest.fixture
def made(project: Path) -> Callable[[], Book]:
    """Makes a new sheet of all sites."""

    def make() -> Book:
        out = project.with_name("表.xlsx")
        out.unlink(missing_ok=True)
        assert run("worksheet", out, "--project", project).code == 0
        return Book(out)

    return make
