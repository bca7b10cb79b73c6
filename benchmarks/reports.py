"""What the report on many sites takes, set against the same cells alone: as a Word table by python-docx, as a page that Chromium prints.

A seeded ledger (that of `worksheet.py`). The cells are those of the report's tables; the peers draw no map and no chart, and know nothing
of headings that come again, sums or office forms. Each run has a process of its own. Prints seconds on the clock, the most memory that
the process held (of Chromium without its children), and ours over theirs.

    python benchmarks/reports.py [SITES]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from html import escape
from pathlib import Path

import docx
from playwright.sync_api import sync_playwright
from worksheet import measured, project_of

from restoration.project import Project
from restoration.reports import report
from restoration.tables import laid_out

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser import find_browser


def pdf(project: Path, folder: Path) -> None:
    """The report, for print."""
    report(Project.open(project, read_only=True), folder / "ours.pdf")


def word(project: Path, folder: Path) -> None:
    """The report, to be changed."""
    report(Project.open(project, read_only=True), folder / "ours.docx")


def cells_of(project: Path) -> list[list[str]]:
    """The cells of the largest of the office's tables, twice: as many as the report has, whose appendix lists the sites too."""
    page = laid_out(Project.open(project, read_only=True).fill("close_out"))
    rows = [[cell.text for cell in cells] for _, cells in page.lines]
    return [*rows, *rows]


def python_docx(project: Path, folder: Path) -> None:
    """The cells as its documents say."""
    rows = cells_of(project)
    book = docx.Document()
    table = book.add_table(rows=len(rows), cols=len(rows[0]))
    for cell, text in zip(table._cells, (text for row in rows for text in row), strict=True):
        cell.text = text
    book.save(str(folder / "peer.docx"))


def chromium(project: Path, folder: Path) -> None:
    """The cells as a page that is printed."""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in cells_of(project))
    (folder / "peer.html").write_text(f"<meta charset=utf-8><table border=1>{lines}</table>", encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((folder / "peer.html").as_uri())
        page.pdf(path=folder / "peer.pdf", landscape=True)
        browser.close()


def main(count: int) -> None:
    """Print what each takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = project_of(count, folder)
        print(f"{count} sites")
        for ours, peer, made in ((pdf, chromium, "ours.pdf"), (word, python_docx, "ours.docx")):
            mine, theirs = measured(ours, project, folder), measured(peer, project, folder)
            size = (folder / made).stat().st_size / 1e6
            print(f"{ours.__name__:<12} {mine[0]:6.2f} s  {mine[1]:5.0f} MB  {size:.1f} MB of file")
            print(f"{peer.__name__:<12} {theirs[0]:6.2f} s  {theirs[1]:5.0f} MB  ours over theirs {mine[0] / theirs[0]:.1f}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("sites", type=int, nargs="?", default=2_000)
    main(asked.parse_args().sites)
