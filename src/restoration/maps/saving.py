"""A map to one HTML file: refused if it would ask for anything outside, and never half written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import folium
from branca.element import Element

from ..errors import BadRequest
from ..naming import replace_file
from ..text import Text
from .page import Page
from .references import Reference, references_in

NEEDS: tuple[tuple[type[Element], str], ...] = (
    (folium.Popup, "jQuery"),
    (folium.Icon, "Leaflet.awesome-markers, Font Awesome"),
)
"""Features of folium that call on files which a page of ours does not carry."""


def save(map: folium.Map, path: str | Path, *, allow_outside: bool = False) -> Path:  # noqa: A002 - the word for it
    """Write a map as one HTML file.

    Parameters
    ----------
    map
        A map of `build`, with or without layers added.
    path
        The file; one that is there is replaced in one step.
    allow_outside
        Allow the page to ask for what somebody put on the map knowingly, such as the tiles of a basemap.

    Raises
    ------
    BadRequest
        The page has an outside reference and ``allow_outside`` is not set, or a folium feature needs files that are not vendored.
    CannotWrite
        The folder is missing or read-only, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> from restoration import maps
    >>> import geopandas, shapely
    >>> rows = {"measure": ["人工造林"], "status": ["施工中"]}
    >>> sites = geopandas.GeoDataFrame(rows, geometry=[shapely.box(105.1, 25.1, 105.11, 25.11)], crs=4490)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(maps.build(sites), Path(folder, "map.html")).stat().st_size > 100_000
    True
    """
    _require_vendored(map)
    page = map.get_root()
    text = page.render()
    outside = page.references if isinstance(page, Page) else references_in([text])
    if outside and not allow_outside:
        raise _outside(outside)
    replace_file(Path(path), text.encode("utf-8"))
    return Path(path)


def _require_vendored(drawn: folium.Map) -> None:
    missing = {f"{type(part).__name__}: {files}" for part in _parts(drawn) for kind, files in NEEDS if isinstance(part, kind)}
    if drawn.objects_to_stay_in_front:
        missing.add("keep_in_front: jQuery")
    if missing:
        names = sorted(missing)
        raise BadRequest(
            Text(
                f"地图用到的 folium 功能需要未随软件提供的文件：{'；'.join(names)}。",
                f"The map uses folium features that need files which are not vendored: {'; '.join(names)}.",
            ),
            Text(
                "请去掉它们；可用 folium.Marker（不带图标）、GeoJson、Tooltip。",
                "Take them off; folium.Marker without an icon, GeoJson and Tooltip work.",
            ),
        )


def _parts(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _parts(child)
    icon = getattr(element, "icon", None)
    if isinstance(icon, Element):
        yield icon


def _outside(references: list[Reference]) -> BadRequest:
    shown = [reference.address for reference in references[:5]]
    return BadRequest(
        Text(
            f"页面引用了 {len(references)} 个外部地址：{'；'.join(shown)}。没有写出文件。",
            f"The page refers to {len(references)} outside addresses: {'; '.join(shown)}. Nothing was written.",
        ),
        Text(
            "请从地图上去掉它们；确实需要底图时用 allow_outside=True（打开时需要联网）。",
            "Take them off the map, or give allow_outside=True where a basemap is wanted (the page then needs the network).",
        ),
    )
