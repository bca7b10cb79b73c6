"""Where a browser is: the one list of places, for the tests and for ``run.py`` (which has only the standard library)."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable")

LINUX = (
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/microsoft-edge",
    "/opt/microsoft/msedge/msedge",
    "/snap/bin/chromium",
)
MACOS_APPS = ("Google Chrome", "Microsoft Edge", "Chromium")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
PLAYWRIGHT = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)


def find_browser() -> Path | None:
    """The Chrome, Edge or Chromium of this machine, or ``None``; ``RESTORATION_BROWSER`` comes before all others."""
    chosen = os.environ.get("RESTORATION_BROWSER")
    if chosen:
        return Path(chosen) if Path(chosen).is_file() else None
    return next((place for place in _places() if place.is_file()), None)


def _places() -> Iterator[Path]:
    yield from (Path(found) for found in map(shutil.which, COMMANDS) if found)
    if sys.platform == "win32":
        yield from (folder / tail for folder in _windows_folders() for tail in WINDOWS)
    elif sys.platform == "darwin":
        folders = (Path("/Applications"), Path.home() / "Applications")
        yield from (folder / f"{app}.app/Contents/MacOS/{app}" for folder in folders for app in MACOS_APPS)
    else:
        yield from map(Path, LINUX)
    for pattern in PLAYWRIGHT:
        yield from sorted(_playwright_folder().glob(pattern), reverse=True)


def _windows_folders() -> Iterator[Path]:
    names = ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "LOCALAPPDATA")
    return (Path(os.environ[name]) for name in names if os.environ.get(name))


def _playwright_folder() -> Path:
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"
