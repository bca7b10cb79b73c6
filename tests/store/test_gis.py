"""What a GIS program sees in a copy of the file: spatial views with a CRS, and a style for each."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path

import pyogrio

from restoration.store.schema import SPATIAL_VIEWS
from restoration.style import GROUPS
from tests.making import ledger_of


def test_every_view_is_a_layer(tmp_path: Path) -> None:
    ledger_of(tmp_path / "p.gpkg", 3).backup(tmp_path / "copy.gpkg")
    layers = dict(pyogrio.list_layers(tmp_path / "copy.gpkg").tolist())
    assert {name: layers[name] for name in (*SPATIAL_VIEWS, "boundary")} == dict.fromkeys((*SPATIAL_VIEWS, "boundary"), "MultiPolygon")
    sites = pyogrio.read_dataframe(tmp_path / "copy.gpkg", layer="desertification_control")
    assert (len(sites), sites.crs.to_epsg(), sites["status_group"].unique().tolist()) == (3, 4490, ["not_started"])
    assert len(pyogrio.read_dataframe(tmp_path / "copy.gpkg", layer="mine_sites")) == 0


def test_qgis_finds_a_default_style_for_every_view(tmp_path: Path) -> None:
    """QGIS asks with an empty schema; seen in QGIS 3.22: seven categories with the colours and dashes of `style`."""
    ledger_of(tmp_path / "p.gpkg", 1)
    with closing(sqlite3.connect(tmp_path / "p.gpkg")) as database:
        query = "SELECT f_table_name, styleQML FROM layer_styles WHERE f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault"
        found = dict(database.execute(query).fetchall())
    assert set(found) == set(SPATIAL_VIEWS)
    for document in found.values():
        categories = ElementTree.fromstring(document).findall(".//category")  # noqa: S314 - our own text
        assert [category.get("value") for category in categories] == list(GROUPS)
