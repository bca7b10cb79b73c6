"""What every test may use: a browser page that remembers what it asked for. Under CI a skipped test is a failed one."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from .browser import find_browser

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOT_BESIDE = "shared data folder is not beside the project"
"""The one reason for which a test may be skipped under CI, where the folder is truly not there."""

QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--no-skips``, which CI turns on."""
    parser.addoption("--no-skips", action="store_true", default=bool(os.environ.get("CI")), help="a skipped test fails (default under CI)")


def pytest_configure(config: pytest.Config) -> None:
    """A plugin of its own, because the hooks of a conftest do not see the doctests in src."""
    if config.getoption("--no-skips"):
        config.pluginmanager.register(NoSkips())


class NoSkips:
    """Turns a skip, of a test or of a whole file, into a failure that names its reason."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        _fail_if_skipped(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        _fail_if_skipped(report)
        return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if NOT_BESIDE in reason and not SHARED.exists():
        return
    report.outcome = "failed"
    report.longrepr = f"skipped, but everything it needs should be here: {reason}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chrome, Edge or Chromium, without a window."""
    found = find_browser()
    assert found, "no browser: `python run.py test` installs one, or RESTORATION_BROWSER names one"
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*QUIET, *as_root])
        yield launched
        launched.close()


@pytest.fixture
def requested() -> list[str]:
    """The address of every request that `page` has made so far, ``file:`` ones too."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """What `page` has said so far on its console as an error or warning, and every error that no script caught."""
    return []


@pytest.fixture
def page(browser: Browser, requested: list[str], complaints: list[str]) -> Iterator[Page]:
    """An empty page of 1280 × 800 in a profile of its own."""

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.on("request", lambda request: requested.append(request.url))
        context.on("console", heard)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context.new_page()
