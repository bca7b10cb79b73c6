"""Workbooks that staff fill in, made and changed as they do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.making import Said, run

HEADING_ROW = 3
ONE, TWO, THREE = "RGZL-2021-001", "RGZL-2021-002", "RGZL-2021-003"


def applied(project: Path, sheet: Path, *words: object) -> Said:
    """What `apply` says."""
    return run("apply", sheet, "--by", "乙", "--project", project, *words)


def told(project: Path, book: Book) -> dict[str, tuple[str, list[str], str]]:
    """By site what would become of its row: outcome, cells, reason."""
    said = applied(project, book.save("改.xlsx"), "--dry-run", "--format", "json")
    return {row["site_id"]: (row["outcome"], row["fields"], row["why"]["zh"]) for row in said.data()["rows"]}


class Book:
    """A workbook that is being filled in: by heading and site, as a person sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        sheet = self.book.worksheets[0]
        assert isinstance(sheet, Worksheet)
        self.sheet = sheet

    def column(self, heading: str) -> int:
        """Where a heading stands."""
        return next(at for at, cell in enumerate(self.sheet[HEADING_ROW], 1) if str(cell.value).replace("\n", "") == heading)

    def row(self, site_id: str) -> int:
        """Where a site stands."""
        at = self.column("编号")
        return next(row for row in range(HEADING_ROW + 1, self.sheet.max_row + 1) if self.sheet.cell(row, at).value == site_id)

    def sites(self) -> list[str]:
        """The sites, from above."""
        at = self.column("编号")
        return [str(self.sheet.cell(row, at).value) for row in range(HEADING_ROW + 1, self.sheet.max_row + 1)]

    def value(self, site_id: str, heading: str) -> Any:
        """What stands in a cell."""
        return self.sheet.cell(self.row(site_id), self.column(heading)).value

    def put(self, site_id: str, values: Mapping[str, Any]) -> None:
        """Fill cells of a site in."""
        for heading, value in values.items():
            self.sheet.cell(self.row(site_id), self.column(heading)).value = value

    def save(self, name: str = "") -> Path:
        """Save it, under another name in the same folder if one is given."""
        out = self.path.with_name(name) if name else self.path
        self.book.save(out)
        return out

    def around(self) -> list[list[Any]]:
        """All cells of the sheet's rows of sites, hidden ones too."""
        return [[cell.value for cell in row] for row in self.sheet.iter_rows(min_row=HEADING_ROW + 1)]
