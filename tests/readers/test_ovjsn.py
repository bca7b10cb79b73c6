"""OVJSN of 奥维: the datum that each object names decides, and the tree may be as deep as it likes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from restoration import readers
from restoration.errors import FileRefused

from .files import SQUARE, codes, degrees, moved

HERE, THERE = degrees(SQUARE, moved(SQUARE, 2000))


def item(name: str, shape: Any = HERE, *, shifted: int | None = 0, kind: int = 13, beside: bool = False) -> dict[str, Any]:
    """An object of 奥维; its kind stands in ``Object`` or beside it."""
    detail: dict[str, Any] = {"Obj3dView": {"Gcj02": 1}}
    if kind == 7:
        detail |= {"Lat": 25.1, "Lng": 105.1}
    else:
        detail["Latlng"] = [number for x, y in list(shape.exterior.coords)[:-1] for number in (y, x)]
    if shifted is not None:
        detail["Gcj02"] = shifted
    inner: dict[str, Any] = {"Name": name, "ObjectDetail": detail}
    return {"Type": kind, "Object": inner} if beside else {"Object": {**inner, "Type": kind}}


def written(path: Path, *items: Any) -> Path:
    document = {"ObjItems": [{"Type": 30, "Object": {"Name": "文件夹", "ObjectDetail": {"ObjChildren": list(items)}}}]}
    path.write_text("\ufeff" + json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("beside", [True, False])
def test_polygons_are_rows_latitude_first_in_the_file(tmp_path: Path, beside: bool) -> None:  # noqa: FBT001
    layers, findings = readers.read(written(tmp_path / "a.ovjsn", item("0012", beside=beside), item("贰", THERE, beside=beside)))
    assert layers[0].rows["name"].tolist() == ["0012", "贰"]
    assert layers[0].rows.geometry.iloc[1].normalize().equals_exact(shapely.MultiPolygon([THERE]).normalize(), 1e-12)
    assert (layers[0].crs, findings) == ("EPSG:4326", [])


def test_what_says_that_it_is_shifted_is_refused(tmp_path: Path) -> None:
    layers, _ = readers.read(written(tmp_path / "a.ovjsn", item("1"), item("2", THERE, shifted=1)))
    assert (layers[0].rows["name"].tolist(), layers[0].refused["reason_code"].tolist()) == (["1"], ["R125"])


def test_what_does_not_say_needs_consent(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ovjsn", item("1"), item("2", THERE, shifted=None))
    with pytest.raises(FileRefused, match="GCJ-02"):
        readers.read(path)
    assert len(readers.read(path, crs="EPSG:4490")[0][0].rows) == 2


def test_points_lines_and_broken_objects_are_refused_alone(tmp_path: Path) -> None:
    odd, nowhere, words = item("3"), item("4"), item("5")
    odd["Object"]["ObjectDetail"]["Latlng"] = [25.1, 105.1, 25.2]
    nowhere["Object"]["ObjectDetail"]["Latlng"][0] = float("nan")
    words["Object"]["ObjectDetail"]["Latlng"][0] = "north"
    layers, findings = readers.read(written(tmp_path / "a.ovjsn", item("1", kind=7), item("2", kind=8), odd, nowhere, words, item("6")))
    assert layers[0].rows["name"].tolist() == ["6"]
    assert codes(findings) == ["R122", "R122", "R126", "R123", "R126"]


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"ObjItems": []}', "[" * 99999, "<kml/>", '{"ObjectDetail": {}, "Type": [1]}'])
def test_what_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.ovjsn").write_text(text, encoding="utf-8")
    with pytest.raises(FileRefused):
        readers.read(tmp_path / "a.ovjsn")
