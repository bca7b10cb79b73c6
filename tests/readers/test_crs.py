"""Where coordinates are: the declared CRS against the numbers, and what must be confirmed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from restoration import readers
from restoration.data import builtin
from restoration.errors import BadRequest, FileRefused
from restoration.readers.crs import Placed, Wish, place
from restoration.readers.rule import Where
from restoration.readers.windows import zone_of_code

from .files import SQUARE, codes, degrees, geojson, moved, named_crs, only, shapefile, squares

HERE = degrees(SQUARE)[0]


def in_crs(code: int) -> Any:
    """The square in another CRS."""
    return shapely.transform(HERE, lambda xy: np.column_stack(Transformer.from_crs(4490, code, always_xy=True).transform(*xy.T)))


def swapped(shape: Any) -> Any:
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def placed(shape: Any, declared: int | str | None = None, **how: Any) -> Placed:
    """The shape as a layer of its own, with what its file declares."""
    text = f"EPSG:{declared}" if isinstance(declared, int) else declared
    return place(np.array([shape]), text, wish=Wish(**how), where=Where("小班.shp", "小班"))


def middle(found: Placed | readers.Layer) -> tuple[float, ...]:
    shape = found.geometries[0] if isinstance(found, Placed) else found.rows.geometry.iloc[0]
    return tuple(np.round(shapely.get_coordinates(shapely.centroid(shape))[0], 7).tolist())


def refusal(shape: Any, declared: int | str | None = None, **how: Any) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        placed(shape, declared, **how)
    return refused.value


MIDDLE = tuple(np.round(shapely.get_coordinates(shapely.centroid(HERE))[0], 7).tolist())


@pytest.mark.parametrize("code", [4490, 4326, 4523, 4544, 4496, 4507, 4545, 4524, 32648, 3857])
def test_a_declared_crs_that_fits_is_used_without_a_word(code: int) -> None:
    found = placed(in_crs(code), code)
    assert middle(found) == MIDDLE
    assert (found.crs, found.findings) == (f"EPSG:{code}", ())


@pytest.mark.parametrize("code", [4490, 4523, 4544, 3857])
def test_the_prj_of_a_shapefile_is_its_declaration(tmp_path: Path, code: int) -> None:
    layers, findings = readers.read(shapefile(tmp_path, [in_crs(code)], crs=code))
    assert middle(layers[0]) == MIDDLE
    assert (layers[0].crs, findings) == (f"EPSG:{code}", [])


@pytest.mark.parametrize(
    ("code", "suggestion"),
    [(4490, 4490), (4523, 4523), (4544, 4544), (4496, 4496), (4545, 4545), (4524, 4524), (3857, 3857), (4507, 4544), (32648, 4544)],
)
def test_an_undeclared_crs_is_suggested_and_not_taken(code: int, suggestion: int) -> None:
    refused = refusal(in_crs(code))
    assert f"--crs EPSG:{suggestion}" in refused.way_out.zh
    assert f"--crs EPSG:{suggestion}" in refused.way_out.en
    given = placed(in_crs(code), crs=f"EPSG:{code}")
    assert (middle(given), given.findings) == (MIDDLE, ())
    confirmed = placed(in_crs(code), crs="auto")
    assert confirmed.crs == f"EPSG:{suggestion}"
    assert codes(confirmed.findings) == ["R107"]


def test_a_shapefile_without_prj_waits_for_the_callers_word(tmp_path: Path) -> None:
    path = shapefile(tmp_path, squares(1), crs=None)
    with pytest.raises(FileRefused, match="--crs EPSG:4544"):
        readers.read(path)
    assert middle(readers.read(path, crs="auto")[0][0]) == MIDDLE


def test_the_suggestion_names_what_has_the_same_numbers() -> None:
    assert "32648" in refusal(SQUARE).fact.en


def test_degrees_elsewhere_and_numbers_of_nowhere_are_asked_for() -> None:
    assert "--crs EPSG:4490" in refusal(shapely.box(106.6, 26.5, 106.7, 26.6)).way_out.zh
    assert "看不出" in refusal(shapely.box(5e6, 9e6, 6e6, 9.1e6), crs="auto").fact.zh


def test_a_crs_that_is_given_over_another_is_told() -> None:
    found = placed(SQUARE, 32648, crs="EPSG:4544")
    assert "EPSG:4544" in only(found.findings, "R108").message.zh
    assert middle(found) == MIDDLE


def test_wgs84_and_cgcs2000_are_the_same_here() -> None:
    assert placed(HERE, 4326, crs="EPSG:4490").findings == ()


@pytest.mark.parametrize(("declared", "numbers"), [(4523, 4544), (4544, 4523), (4507, 4496), (4496, 4507)])
def test_a_zone_number_too_many_or_too_few_is_mended(declared: int, numbers: int) -> None:
    found = placed(in_crs(numbers), declared)
    assert middle(found) == MIDDLE
    assert (found.crs, codes(found.findings)) == (f"EPSG:{numbers}", ["R109"])


@pytest.mark.parametrize(
    ("declared", "numbers", "suggestion"),
    [
        (4490, 4523, 4523), (4326, 4544, 4544), (4544, 4490, 4490), (3857, 4544, 4544), (4545, 4544, 4544), (4544, 4545, 4545),
        (4524, 4523, 4523), (4545, 4523, 4523), (4479, 4544, 4544),
    ],
)  # fmt: skip
def test_a_declaration_that_the_numbers_contradict_is_refused(declared: int, numbers: int, suggestion: int) -> None:
    assert f"--crs EPSG:{suggestion}" in refusal(in_crs(numbers), declared).way_out.en
    assert middle(placed(in_crs(numbers), declared, crs=f"EPSG:{numbers}")) == MIDDLE
    assert middle(placed(in_crs(numbers), declared, crs="auto")) == MIDDLE


def test_a_geojson_in_metres_is_seen(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--crs EPSG:4523"):
        readers.read(geojson(tmp_path / "bare.geojson", [in_crs(4523)]))
    layers, _ = readers.read(geojson(tmp_path / "named.geojson", [in_crs(4523)], crs=named_crs(4523)))
    assert middle(layers[0]) == MIDDLE


@pytest.mark.parametrize("code", [4490, 4523, 4544, 3857])
def test_swapped_axes_are_refused_until_the_caller_says_so(code: int) -> None:
    assert "--swap-xy" in refusal(swapped(in_crs(code)), code).way_out.zh
    found = placed(swapped(in_crs(code)), code, swapped=True)
    assert (middle(found), codes(found.findings)) == (MIDDLE, ["R110"])


def test_a_ring_that_was_swapped_runs_the_right_way_round(tmp_path: Path) -> None:
    layers, _ = readers.read(geojson(tmp_path / "a.geojson", [swapped(HERE)]), swapped=True)
    assert shapely.is_ccw(shapely.get_exterior_ring(layers[0].rows.geometry.iloc[0].geoms[0]))


def test_swapped_and_undeclared_are_asked_for_together() -> None:
    assert "--swap-xy --crs EPSG:4523" in refusal(swapped(in_crs(4523))).way_out.en


def test_degrees_swapped_outside_the_area_are_seen_by_the_country() -> None:
    assert "--swap-xy" in refusal(swapped(shapely.box(106.6, 26.5, 106.7, 26.6)), 4326).way_out.zh


def test_swapping_what_is_right_is_refused() -> None:
    assert "--swap-xy" in refusal(SQUARE, 4544, swapped=True).way_out.en


@pytest.mark.parametrize("code", [4610, 2359, 2380, 2332, 2343, 4214, 2411, 2432, 21418, 21458])
def test_old_datums_are_refused_without_parameters(code: int) -> None:
    refused = refusal(in_crs(code), code)
    assert "--shift" in refused.way_out.zh
    assert "silently shift by nothing" in refused.fact.en


def test_a_shift_is_for_old_datums_alone() -> None:
    with pytest.raises(BadRequest, match="EPSG:4544"):
        placed(SQUARE, 4544, shift=[1.0, 2.0, 0.0, 0.0])


@pytest.mark.parametrize("code", [4490, 4326, 4523, 4544, 32648])
def test_esri_names_are_understood(code: int) -> None:
    assert placed(in_crs(code), CRS(code).to_wkt("WKT1_ESRI")).crs == f"EPSG:{code}"


@pytest.mark.parametrize("code", [4610, 2359, 4214, 2432])
def test_old_datums_are_known_by_their_esri_names(code: int) -> None:
    assert "--shift" in refusal(in_crs(code), CRS(code).to_wkt("WKT1_ESRI")).way_out.en


def own_projection(datum: str) -> str:
    """A zone about a meridian of its own, as a mine's surveyor makes one."""
    wkt = CRS("+proj=tmerc +lat_0=0 +lon_0=105.25 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m").to_wkt("WKT1_ESRI")
    return wkt.replace("D_Unknown_based_on_GRS_1980_ellipsoid", datum)


def test_a_projection_without_a_code_is_used() -> None:
    """East of 105.25 E by nothing: the middle of the box of HERE lies there."""
    found = placed(shapely.box(499_500, 2_775_000, 500_500, 2_776_000), own_projection("D_China_2000"))
    assert middle(found)[0] == 105.25


def test_a_datum_that_nobody_knows_is_refused() -> None:
    assert "--crs" in refusal(SQUARE, own_projection("D_Unknown_based_on_GRS_1980_ellipsoid")).way_out.zh


def test_a_declaration_that_says_nothing_is_refused() -> None:
    assert "--crs" in refusal(SQUARE, "local grid of the mine").way_out.en


@pytest.mark.parametrize("name", ["+init=/etc/passwd:1", "+proj=longlat +nadgrids=/etc/passwd", "/etc/passwd", "EPSG:4490 " * 9999])
def test_a_declaration_is_a_code_or_wkt_and_nothing_else(name: str) -> None:
    assert "--crs" in refusal(HERE, name).way_out.zh


def test_a_crs_that_nobody_knows_is_the_callers_mistake() -> None:
    with pytest.raises(BadRequest, match="EPSG:4544"):
        placed(SQUARE, 4544, crs="EPSG:999999")


def test_a_layer_without_a_single_place_needs_no_crs_to_be_wrong_with() -> None:
    assert placed(None, 4490).geometries.tolist() == [None]


def test_what_lies_outside_is_told_row_by_row(tmp_path: Path) -> None:
    path = shapefile(tmp_path, [SQUARE, moved(SQUARE, 200_000), SQUARE])
    finding = only(readers.read(path)[1], "R112")
    assert (finding.row, finding.level) == (2, "warning")
    assert finding.place is not None
    assert 107 < finding.place[0] < 107.5


def test_a_whole_layer_outside_is_told_once(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [shapely.box(9, 48, 9.1, 48.1), shapely.box(10, 48, 10.1, 48.1)])
    assert codes(readers.read(path)[1]) == ["R112"]


@pytest.mark.parametrize("row", builtin("crs")["gauss_kruger"], ids=lambda row: str(row["first_code"]))
def test_the_table_of_zones_agrees_with_the_epsg_database(row: dict[str, Any]) -> None:
    for code in range(row["first_code"], row["last_code"] + 1):
        crs, zone = CRS(code), zone_of_code(code)
        values = {param.name: float(param.value) for param in crs.coordinate_operation.params} if crs.coordinate_operation else {}
        assert zone is not None
        meridian = zone.number * 3 if row["degrees"] == 3 else zone.number * 6 - 3
        assert values["Longitude of natural origin"] == meridian
        assert values["False easting"] == 500_000 + (zone.number * 1_000_000 if row["prefixed"] else 0)
        pair = zone_of_code(int(zone.pair.removeprefix("EPSG:")))
        assert pair is not None
        assert (pair.number, pair.datum, pair.prefixed, pair.pair) == (zone.number, zone.datum, not zone.prefixed, f"EPSG:{code}")


@pytest.mark.parametrize("window", builtin("crs")["window"], ids=lambda window: window["suggest"])
def test_the_number_windows_are_those_of_the_envelope(window: dict[str, Any]) -> None:
    """Each window is the box of the envelope in that CRS, to the metre."""
    box = builtin("crs")["envelope"]
    edge = shapely.segmentize(shapely.box(box["west"], box["south"], box["east"], box["north"]), 0.001)
    crs = CRS(window["suggest"])
    transform = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform
    west, south, east, north = shapely.bounds(shapely.transform(edge, lambda xy: np.column_stack(transform(*xy.T))))
    assert np.allclose([west, east, south, north], [*window["x"], *window["y"]], atol=1.0)


@pytest.mark.parametrize("letter", range(0, 400, 7))
def test_a_damaged_declaration_is_read_or_refused_and_nothing_else(letter: int) -> None:
    wkt = CRS(4544).to_wkt("WKT1_ESRI")
    for damaged in (wkt[:letter] + "\x00" + wkt[letter + 1 :], wkt[:letter] + wkt[letter + 3 :]):
        with suppress(FileRefused):
            assert placed(SQUARE, damaged).crs
