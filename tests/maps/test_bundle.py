"""What a page carries is what was vendored, and runs in the browsers that offices have."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

import pytest

from restoration.errors import Damaged
from restoration.maps import bundle

VENDORED = ("leaflet", "tiny-inflate")
VENDOR = files("restoration.maps") / "vendor"


def test_every_vendored_file_is_listed_and_is_what_was_shipped() -> None:
    assert {sha256((VENDOR / path).read_bytes()).hexdigest() == digest for path, digest in bundle.checksums().items()} == {True}
    there = {f"{name}/{file.name}" for name in VENDORED for file in (VENDOR / name).iterdir()}
    there |= {f"LICENSE-{name}.txt" for name in VENDORED}
    assert there == set(bundle.checksums())


def test_a_changed_file_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "checksums", lambda: {"leaflet/leaflet.css": "0" * 64})
    with pytest.raises(Damaged, match=r"leaflet/leaflet\.css"):
        bundle.vendored.__wrapped__("leaflet/leaflet.css")


def test_leaflet_points_at_nothing_outside() -> None:
    assert "url(images" not in bundle.leaflet_css()
    assert "sourceMappingURL" not in bundle.leaflet_js()
    assert "</script" not in bundle.leaflet_js() + bundle.worker_js() + bundle.own_js() + bundle.basemaps_js()


@pytest.mark.parametrize("newer", [r"\?\.[A-Za-z_(\[]", r"\?\?", r"\.at\(-", r"\.replaceAll\(", r"\.\.\.\{", r"#[a-z]+ = "])
def test_our_scripts_are_plain_es2017(newer: str) -> None:
    assert re.search(newer, bundle.worker_js() + bundle.own_js() + bundle.basemaps_js()) is None


def test_each_script_says_what_it_is_for_and_is_not_long() -> None:
    for name in (*bundle.WORKER_SCRIPTS, *bundle.SCRIPTS, *bundle.BASEMAP_SCRIPTS):
        text = (files("restoration.maps") / "assets" / name).read_text("utf-8")
        assert text.startswith("/* "), name
        assert len(text.splitlines()) <= 300, name


@pytest.mark.parametrize("newer", [r"\binset\s*:", r"aspect-ratio", r":has\(", r":is\(", r"\bdvh\b", r"@layer", r"@container"])
def test_our_style_sheet_needs_nothing_newer_than_chromium_86(newer: str) -> None:
    assert re.search(newer, bundle.own_css() + bundle.basemaps_css()) is None
