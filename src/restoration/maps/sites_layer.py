"""The sites as folium layers: canvas, styled by display group, in any `folium.Map` and its ``LayerControl``."""

from __future__ import annotations

from typing import Any

from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from .bundle import own_css, own_js, worker_js
from .page import Rendered, data, inert, pack, script, style
from .payload import Payload

WORKER = "restoration-worker"
"""The element whose script also runs in a worker, which the page makes from its text."""


class Dataset:
    """The data of a page, which its layers and its panel share; it stands in the page once."""

    def __init__(self, payload: Payload, bounds: list[list[float | None]]) -> None:
        self.payload = payload
        self.bounds = bounds
        self.identifier = "restoration-data"

    def put_into(self, figure: Any) -> None:
        """Put the data, our scripts and our style sheet into a figure, once however often it is called."""
        if self.identifier in figure.html._children:
            return
        figure.header.add_child(Rendered(style(own_css()), trusted=True), name="restoration_css")
        figure.header.add_child(Rendered(script(worker_js(), identifier=WORKER), trusted=True), name="restoration_worker_js")
        figure.header.add_child(Rendered(script(own_js()), trusted=True), name="restoration_js")
        figure.html.add_child(Rendered(data(self.identifier, self.payload.head), trusted=True), name=self.identifier)
        for name, text in self.payload.packs.items():
            identifier = f"{self.identifier}-{name}"
            figure.html.add_child(Rendered(pack(identifier, text), trusted=True), name=identifier)


class SitesLayer(Layer):
    """The sites of one layer of the lifecycle (石漠化综合治理, 造林与森林修复, 矿区复绿).

    Parameters
    ----------
    dataset
        The data of the page.
    code, label
        The layer's code and what it is called.

    Examples
    --------
    >>> from restoration import maps
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> [part.code for part in maps.build(sites)._children.values() if isinstance(part, SitesLayer)]
    ['reforestation']
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = restoration.layer({{ this.dataset.identifier|tojson }}, {{ this.code|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, dataset: Dataset, *, code: str, label: str) -> None:
        super().__init__(name=inert(label), overlay=True, control=True, show=True)
        self._name = "SitesLayer"
        self.dataset = dataset
        self.code = code

    def _get_self_bounds(self) -> list[list[float | None]]:
        return self.dataset.bounds

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as every MacroElement of branca
        """Put the layer into its figure."""
        self.dataset.put_into(self.get_root())
        super().render(**kwargs)  # type: ignore[no-untyped-call]


class Panel(MacroElement):
    """Title, legend, search and facts beside the map; everything in it comes from the page's data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            restoration.page({{ this._parent.get_name() }}, {{ this.dataset.identifier|tojson }}, {
                {% for layer in this.layers %}{{ layer.code|tojson }}: {{ layer.get_name() }}, {% endfor %}
            });
        {% endmacro %}
        """
    )

    def __init__(self, dataset: Dataset, layers: list[SitesLayer]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Panel"
        self.dataset = dataset
        self.layers = layers

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]  # as every MacroElement of branca
        """Put the panel into its figure."""
        self.dataset.put_into(self.get_root())
        super().render(**kwargs)  # type: ignore[no-untyped-call]
