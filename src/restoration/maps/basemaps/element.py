"""The basemaps as an element of a folium map of ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from branca.element import MacroElement
from folium.template import Template

from ..bundle import basemaps_css, basemaps_js
from ..page import Rendered, data, script, style
from .kinds import Basemap, Picture
from .words import WORDS

IDENTIFIER = "restoration-basemaps"


class Backdrop(MacroElement):
    """Basemaps to choose from, the first of them shown, with pictures over it, a slider for how clear they are, and a swipe.

    Parameters
    ----------
    basemaps
        Pictures lie over whatever else is chosen; at most one of the others is shown, or two beside each other.
    review_no
        The number under which the map was reviewed (审图号), shown on it.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            restoration.backdrop({{ this._parent.get_name() }}, {{ this.identifier|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, basemaps: Sequence[Basemap], *, review_no: str = "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Backdrop"
        self.identifier = IDENTIFIER
        self.basemaps = tuple(basemaps)
        self.payload = {
            "words": {name: str(text) for name, text in WORDS.items()},
            "basemaps": [each.as_data() for each in self.basemaps if not isinstance(each, Picture)],
            "pictures": [each.as_data() for each in self.basemaps if isinstance(each, Picture)],
            "review_no": review_no,
        }

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as every MacroElement of branca
        """Put the basemaps into the figure, and the hosts of the services into its policy."""
        figure: Any = self.get_root()
        references = [reference for each in self.basemaps for reference in each.references()]
        figure.header.add_child(Rendered(style(basemaps_css()), trusted=True), name="basemaps_css")
        figure.header.add_child(Rendered(script(basemaps_js()), trusted=True), name="basemaps_js")
        content = Rendered(data(self.identifier, self.payload), trusted=True, references=references)
        figure.html.add_child(content, name=self.identifier)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
