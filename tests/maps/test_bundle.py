"""What a page carries is what was vendored, and runs in the browsers that offices have."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files

import pytest

from restoration.errors import Damaged
from restoration.maps import bundle

VENDOR = files("restoration.maps") / "vendor"


def test_every_vendored_file_is_listed_and_is_what_was_shipped() -> None:
    assert {sha256((VENDOR / path).read_bytes()).hexdigest() == digest for path, digest in bundle.checksums().items()} == {True}
    there = {f"leaflet/{file.name}" for file in (VENDOR / "leaflet").iterdir()} | {"LICENSE-leaflet.txt"}
    assert there == set(bundle.checksums())


def test_a_changed_file_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "checksums", lambda: {"leaflet/leaflet.css": "0" * 64})
    with pytest.raises(Damaged, match=r"leaflet/leaflet\.css"):
        bundle.vendored.__wrapped__("leaflet/leaflet.css")


def test_leaflet_points_at_nothing_outside() -> None:
    assert "url(images" not in bundle.leaflet_css()
    assert "sourceMappingURL" not in bundle.leaflet_js()
    assert "</script" not in bundle.leaflet_js() + bundle.own_js() + bundle.basemaps_js()


@pytest.mark.parametrize("newer", [r"\?\.[A-Za-z_(\[]", r"\?\?", r"\.at\(-", r"\.replaceAll\(", r"\.\.\.\{", r"#[a-z]+ = "])
def test_our_scripts_are_plain_es2017(newer: str) -> None:
    assert re.search(newer, bundle.own_js() + bundle.basemaps_js()) is None


@pytest.mark.parametrize("newer", [r"\binset\s*:", r"aspect-ratio", r":has\(", r":is\(", r"\bdvh\b", r"@layer", r"@container"])
def test_our_style_sheet_needs_nothing_newer_than_chromium_86(newer: str) -> None:
    assert re.search(newer, bundle.own_css() + bundle.basemaps_css()) is None
