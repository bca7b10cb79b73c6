"""What the page knows to print a sheet."""

from __future__ import annotations

import geopandas as gpd
import pytest

from restoration import maps
from restoration.data import builtin
from restoration.frame import conform
from restoration.maps import Mark
from restoration.maps.printing import zone_on_paper
from restoration.text import speaking

from .conftest import payload_of, sites_of, square


def test_the_page_knows_the_papers_and_the_plane_of_its_sites() -> None:
    with speaking("zh"):
        head, _ = payload_of(maps.build(sites_of({"geometry": square(108.2, 25.0)}), office="某某局", review_no="1"))
    assert head["print"]["zone"] == 36
    assert "第 36 带（中央经线 108°E，EPSG:4524）" in head["print"]["plane"]
    assert head["print"]["papers"] == {name: builtin("figure")["paper"][name] for name in ("A4", "A3")}
    assert (head["print"]["office"], head["print"]["review_no"]) == ("某某局", "1")


def test_a_stray_does_not_take_the_sheet_out_of_its_zone() -> None:
    assert zone_on_paper(conform(sites_of(*[{"geometry": square(lon, 25.0)} for lon in (105.0, 105.2, 120.0)]))) == 35


def test_without_ground_the_zone_is_that_of_the_office() -> None:
    home = builtin("crs")["envelope"]
    empty = sites_of({"geometry": square(105.0, 25.0)}).iloc[:0]
    assert zone_on_paper(conform(empty)) == round((home["west"] + home["east"]) / 6)


@pytest.mark.parametrize("kind", ["preview", "findings"])
def test_a_page_that_is_no_map_of_record_prints_no_sheet(kind: str) -> None:
    sites = sites_of({"geometry": square(105.0, 25.0), "site_id": "a"})
    if kind == "findings":
        mark = Mark(
            code="G101", level="error", state="", is_waived=False, about="a", where="", message="m", way_out="w", place=(105.0, 25.0),
            sites=("a",),
        )  # fmt: skip
        made = maps.build_findings(conform(sites), [mark])
    else:
        changes = gpd.GeoDataFrame({"kind": ["new"], "title": ["a"], "text": [""]}, geometry=[square(105.0, 25.0)], crs=4490)
        made = maps.build(sites, changes=changes)
    assert "print" not in payload_of(made)[0]
