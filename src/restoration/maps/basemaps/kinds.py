"""What may lie under the sites: tiles of a service, tiles that the page carries, or one picture."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from ...errors import BadRequest, UnknownName
from ...text import Text
from ..references import Reference

Datum = Literal["cgcs2000", "wgs84", "gcj02"]
Place = tuple[int, int, int]
"""A tile: zoom, column from the west, row from the north."""
NEEDED = ("{z}", "{x}", "{y}")
MB = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Basemap:
    """A basemap's name and whose it is; ``told`` is what whoever makes the map should know of it.

    Examples
    --------
    >>> Basemap(name="空白").references()
    []
    """

    name: str
    attribution: str = ""
    told: tuple[Text, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """What the page knows of it, ready for JSON."""
        raise TypeError(type(self).__name__)

    def references(self) -> list[Reference]:
        """What the page asks for outside its own file; nothing, unless it is a service."""
        return []


@dataclass(frozen=True, kw_only=True)
class Service(Basemap):
    """Tiles that the browser fetches.

    Parameters
    ----------
    urls
        Addresses with ``{z}``, ``{x}``, ``{y}`` and perhaps ``{s}``, drawn one over the other; EPSG:3857, 256 pixels.
    subdomains
        What stands for ``{s}``.
    max_zoom
        The nearest zoom that the service has.
    datum
        ``gcj02`` has the tiles put where their content belongs; the sites stay where they are.

    Raises
    ------
    BadRequest
        An address is no template of http or https, or its host cannot stand in a content security policy.
    UnknownName
        The datum.
    """

    urls: tuple[str, ...]
    subdomains: tuple[str, ...] = ()
    max_zoom: int = 18
    datum: Datum = "cgcs2000"

    def __post_init__(self) -> None:
        if self.datum not in get_args(Datum):
            raise UnknownName(Text("底图的基准", "datum of a basemap"), self.datum, get_args(Datum))
        for url in self.urls:
            _require_template(url, self.subdomains)

    def as_data(self) -> dict[str, Any]:
        """Its addresses, zooms and datum."""
        return {
            "kind": "service",
            "name": self.name,
            "credit": self.attribution,
            "urls": list(self.urls),
            "subdomains": list(self.subdomains),
            "max": self.max_zoom,
            "datum": self.datum,
        }

    def references(self) -> list[Reference]:
        """Each host by its full name, for pictures alone."""
        return [Reference(address, ("img-src",)) for url in self.urls for address in _addresses(url, self.subdomains)]


def _addresses(url: str, subdomains: tuple[str, ...]) -> list[str]:
    return [url.replace("{s}", part) for part in subdomains] if "{s}" in url else [url]


def _require_template(url: str, subdomains: tuple[str, ...]) -> None:
    missing = [part for part in NEEDED if part not in url]
    for address in _addresses(url, subdomains):
        parts = urlsplit(address) if address.isprintable() and " " not in address else urlsplit("")
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?", parts.netloc) or missing:
            raise BadRequest(
                Text(f"底图地址 {url} 不能用。", f"The address {url} is not that of a basemap."),
                Text(
                    "请写 http(s) 开头、含 {z}、{x}、{y} 的瓦片地址（EPSG:3857）；名称见 restoration map --help。",
                    "Write an address of http or https with {z}, {x} and {y} (EPSG:3857); `restoration map --help` has the names.",
                ),
            )


@dataclass(frozen=True, kw_only=True)
class Tiles(Basemap):
    """Tiles that the page carries: ``images`` by their kind and content, ``places`` with the image that lies there."""

    datum: Datum = "cgcs2000"
    images: tuple[tuple[str, bytes], ...] = field(repr=False)
    places: Mapping[Place, int] = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        """Its tiles as data addresses."""
        zooms = [zoom for zoom, _, _ in self.places]
        return {
            "kind": "tiles",
            "name": self.name,
            "credit": self.attribution,
            "min": min(zooms),
            "max": max(zooms),
            "datum": self.datum,
            "images": [data_url(kind, content) for kind, content in self.images],
            "places": {f"{zoom}/{column}/{row}": image for (zoom, column, row), image in self.places.items()},
        }


@dataclass(frozen=True, kw_only=True)
class Picture(Basemap):
    """One picture in EPSG:3857; ``bounds`` are west, south, east, north in degrees."""

    kind: str
    content: bytes = field(repr=False)
    bounds: tuple[float, float, float, float]

    def as_data(self) -> dict[str, Any]:
        """The picture as a data address, and where it lies."""
        west, south, east, north = self.bounds
        return {
            "kind": "picture",
            "name": self.name,
            "credit": self.attribution,
            "image": data_url(self.kind, self.content),
            "bounds": [[south, west], [north, east]],
        }


SHIFTED = Text(
    "这个底图是 GCJ-02（偏移 400 多米），显示时把瓦片移回原位；图斑、坐标和面积都不变。改正到米级，不作测量依据。",
    "That basemap is on GCJ-02 (more than 400 m off): its tiles are put back where they belong; sites, coordinates and areas stay as they "
    "are. Good to some metres, no ground for a survey.",
)
"""What whoever makes a map with such a basemap should know."""


def data_url(kind: str, content: bytes) -> str:
    """An image as an address that holds it."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
