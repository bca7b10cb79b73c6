"""The page that a map stands on: everything inside one file, and nothing compiled twice.

folium renders an element and hands the result to branca as a *template*, which is compiled and run once more, so that a
site's name could run as code. On this page a rendered piece is data: it is put out as it is.
"""

from __future__ import annotations

import html
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from branca.element import Element, Figure
from jinja2 import TemplateSyntaxError

from ..errors import BadRequest
from ..text import Text, language
from .bundle import leaflet_css, leaflet_js
from .references import Reference, references_in

POLICY = {
    "default-src": "'none'",
    "script-src": "'unsafe-inline'",
    "style-src": "'unsafe-inline'",
    "img-src": "data: blob:",
    "font-src": "data:",
    "connect-src": "data: blob:",
    "worker-src": "blob:",
}
"""What a browser may do for a page of ours: nothing that leaves the file."""
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
"""In the place of folium's, which forbids to make letters larger."""


class Rendered(Element):
    """A finished piece of a page: what is in ``code`` is put out as it is and never read as a template.

    ``trusted`` says that it is ours or vendored, so that it need not be searched for outside references; ``references`` are those
    that it has by somebody's choice.
    """

    def __init__(self, code: str, *, trusted: bool = False, references: Sequence[Reference] = ()) -> None:
        super().__init__()
        self._name = "Rendered"
        self.code = code
        self.trusted = trusted
        self.references = tuple(references)

    def render(self, **kwargs: Any) -> str:  # noqa: ARG002 - as branca calls it
        """The piece."""
        return self.code


class _Slot(Element):
    """One part of the page (header, html, script) that takes strings for what they are."""

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Element:
        """Take a piece; a string that branca would compile becomes a `Rendered`."""
        piece = Rendered(child._template_str) if type(child) is Element and child._template_str is not None else child
        return super().add_child(piece, name=name or child.get_name(), index=index)

    def pieces(self) -> list[tuple[str, bool, tuple[Reference, ...]]]:
        """Each piece's code, whether it is trusted, and the references that it declares."""
        return [(child.render(), getattr(child, "trusted", False), getattr(child, "references", ())) for child in self._children.values()]


class Page(Figure):
    """A branca figure that makes one self-contained HTML file under a strict content security policy.

    ``references`` is what the page as last rendered would ask for outside its own file, our own and vendored pieces apart.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slots = tuple(_in(self, _Slot()) for _ in range(3))
        self.header, self.html, self.script = self.slots
        self.references: list[Reference] = []
        self.lang = "en" if language() == "en" else "zh-CN"
        self.header.add_child(Rendered(style(leaflet_css()), trusted=True), name="leaflet_css")
        self.header.add_child(Rendered(script(leaflet_js()), trusted=True), name="leaflet_js")

    def render(self, **kwargs: Any) -> str:
        """The whole page; what is rendered into it is gone again afterwards, so that it renders the same any number of times."""
        pieces = self._pieces(kwargs)
        declared = [reference for part in pieces for _, _, references in part for reference in references]
        self.references = declared + references_in([text for part in pieces for text, trusted, _ in part if not trusted])
        head, body, code = ("\n".join(text for text, _, _ in part) for part in pieces)
        head = re.sub(r'<meta name="viewport"[^>]*>', VIEWPORT, head)
        return (
            f'<!DOCTYPE html>\n<html lang="{self.lang}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_policy(self.references))}">\n'
            f"<title>&#8203;</title>\n{head}\n</head>\n<body>\n{body}\n{script(code)}\n</body>\n</html>\n"
        )

    def _pieces(self, options: Mapping[str, Any]) -> list[list[tuple[str, bool, tuple[Reference, ...]]]]:
        before = [OrderedDict(slot._children) for slot in self.slots]
        try:
            for child in self._children.values():
                _render(child, options)
            return [slot.pieces() for slot in self.slots]
        finally:
            for slot, children in zip(self.slots, before, strict=True):
                slot._children = children


def _render(child: Element, options: Mapping[str, Any]) -> None:
    """Branca still reads a piece as a template before our slots get hold of it; what it cannot read is refused by its name."""
    try:
        child.render(**options)
    except TemplateSyntaxError as error:
        raise BadRequest(
            Text(
                f"地图上某个 folium 图层的文字里有 {{{{、{{% 或 {{#：{error.message}。",
                f"A text of a folium layer holds {{{{, {{% or {{#: {error.message}.",
            ),
            Text("请先用 restoration.maps.inert 处理这些文字。", "Pass such texts through restoration.maps.inert first."),
        ) from error


def _in(page: Page, slot: _Slot) -> _Slot:
    slot._parent = page
    return slot


def _policy(references: Iterable[Reference]) -> str:
    """The strict policy, widened by exactly the hosts that somebody put on the map knowingly."""
    allowed = dict(POLICY)
    for reference in references:
        for directive in reference.directives:
            if reference.host and reference.host not in allowed[directive].split():
                allowed[directive] += f" {reference.host}"
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


def style(sheet: str) -> str:
    """A style sheet as an element."""
    return f"<style>\n{sheet}\n</style>"


def script(code: str, *, identifier: str = "") -> str:
    """A script as an element."""
    known = f' id="{identifier}"' if identifier else ""
    return f"<script{known}>\n{code}\n</script>"


def pack(identifier: str, text: str) -> str:
    """The text of a pack (`restoration.maps.packing`) as an element."""
    return f'<script type="text/plain" id="{identifier}">{text}</script>'


def data(identifier: str, content: object) -> str:
    r"""Data as an element that neither a browser nor Jinja reads as anything else.

    Examples
    --------
    >>> data("d", ["</script>{{ 7*7 }}"])
    '<script type="application/json" id="d">["\\u003c/script\\u003e\\u007b{ 7*7 }}"]</script>'
    """
    return f'<script type="application/json" id="{identifier}">{as_json(content)}</script>'


def as_json(content: object) -> str:
    """JSON in which nothing means anything to HTML, to JavaScript or to Jinja."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # An opening of Jinja's, and half a surrogate pair (which UTF-8 cannot hold), are only ever found inside a string.
    return re.sub(r"[<>&\u2028\u2029\ud800-\udfff]|\{(?=[{%#])", lambda match: f"\\u{ord(match[0]):04x}", text)


def inert(text: str) -> str:
    r"""A label that must go through a folium string, so that it is only a label: for HTML, template literals and Jinja.

    Examples
    --------
    >>> inert("<b>{{ 7*7 }}`${x}\\")
    '&lt;b&gt;&#123;&#123; 7*7 &#125;&#125;&#96;&#36;&#123;x&#125;&#92;'
    """
    return re.sub(r"[{}$\\`]", lambda match: f"&#{ord(match[0])};", html.escape(text))
