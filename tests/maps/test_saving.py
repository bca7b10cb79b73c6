"""A page is written whole or not at all, and never with an outside reference that nobody asked for."""

from __future__ import annotations

from pathlib import Path

import folium
import pytest
from folium.plugins import Fullscreen

from restoration import maps
from restoration.errors import BadRequest, CannotWrite

from .conftest import sites_of, square

TILES = "https://t{s}.tiles.example.cn/{z}/{x}/{y}.png"


def a_map() -> folium.Map:
    return maps.build(sites_of({"geometry": square(105, 25), "name": "see https://example.cn"}))


def test_a_basemap_is_refused_by_its_address_and_allowed_when_asked_for(tmp_path: Path) -> None:
    made = a_map()
    folium.TileLayer(TILES, attr="tiles").add_to(made)
    with pytest.raises(BadRequest, match=r"https://t\{s\}\.tiles\.example\.cn"):
        maps.save(made, tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []
    text = maps.save(made, tmp_path / "a.html", allow_outside=True).read_text("utf-8")
    assert "img-src data: blob: https://*.tiles.example.cn;" in text
    assert "script-src &#x27;unsafe-inline&#x27;;" in text, "nothing else is let out"


@pytest.mark.parametrize(
    ("feature", "named"),
    [
        (folium.Marker([25, 105], popup="a"), "jQuery"),
        (folium.Marker([25, 105], icon=folium.Icon()), "awesome-markers"),
        (Fullscreen(), r"https://.*fullscreen"),  # type: ignore[no-untyped-call]
    ],
)
def test_a_feature_that_needs_other_files_is_refused_and_they_are_named(feature: folium.Marker, named: str, tmp_path: Path) -> None:
    made = a_map()
    made.add_child(feature)
    with pytest.raises(BadRequest, match=named):
        maps.save(made, tmp_path / "a.html")


def test_a_map_that_is_not_ours_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="leaflet"):
        maps.save(folium.Map(tiles=None), tmp_path / "a.html")


def test_other_maps_of_folium_are_left_as_they_are() -> None:
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    made = a_map()
    made.add_js_link("extra", "https://example.cn/extra.js")
    assert (folium.Map.default_js, folium.Map.default_css) == before


def test_the_file_is_replaced_in_one_step_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "图 1.html"
    path.write_text("old", "utf-8")
    assert maps.save(a_map(), path) == path
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"nowhere"):
        maps.save(a_map(), tmp_path / "nowhere" / "map.html")


def test_what_cannot_be_replaced_stays_and_no_draft_is_left(tmp_path: Path) -> None:
    (tmp_path / "map.html").mkdir()
    with pytest.raises(CannotWrite, match=r"map\.html"):
        maps.save(a_map(), tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == [tmp_path / "map.html"]


def test_it_renders_the_same_twice() -> None:
    page = a_map().get_root()
    assert page.render() == page.render()
