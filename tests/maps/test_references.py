"""Outside addresses are found wherever a page could ask for them, and plain text is left alone."""

from __future__ import annotations

import pytest

from restoration.maps.references import references_in


@pytest.mark.parametrize(
    "piece",
    [
        '<script src="https://cdn.example.cn/a.js"></script>',
        "<script defer src='plugin.js'></script>",
        '<link rel="stylesheet" href="//cdn.example.cn/a.css">',
        "<img alt='' src=http://example.cn/a.png>",
        "<style>@import 'https://example.cn/a.css';</style>",
        ".a { background: url(https://example.cn/a.png) }",
        "var t = L.tileLayer(\n 'https://t{s}.example.cn/{z}/{x}/{y}', {});",
        "import('https://example.cn/a.mjs')",
        "fetch('https://example.cn/a.json')",
        "new WebSocket('wss://example.cn')",
        "L.icon({iconUrl: 'https://example.cn/pin.png'})",
    ],
)
def test_a_reference_is_found(piece: str) -> None:
    assert len(references_in([piece])) == 1


@pytest.mark.parametrize(
    "piece",
    [
        "var note = 'see https://example.cn/a for more';",
        "document.createElementNS('http://www.w3.org/2000/svg', 'g')",
        '<img src="data:image/png;base64,AAAA">',
        "// a comment",
        "var half = a / b // c",
    ],
)
def test_plain_text_is_no_reference(piece: str) -> None:
    assert references_in([piece]) == []


def test_a_host_with_a_placeholder_is_a_wildcard_in_the_policy() -> None:
    tiles, other = references_in(["L.tileLayer('https://t{s}.tianditu.example.cn/x')", "L.tileLayer('http://10.0.0.5:8080/{z}')"])
    assert (tiles.host, other.host) == ("https://*.tianditu.example.cn", "http://10.0.0.5:8080")
