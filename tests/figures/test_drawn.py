"""The printed map: what stands on the sheet, where, in which colour, and that it is true to scale."""

from __future__ import annotations

import io
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
import shapely
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text as Letters
from PIL import Image

from restoration import figures, lifecycle, tally
from restoration.errors import BadRequest, MissingExtra, UnknownName
from restoration.figures.sheet import GROUND
from restoration.frame import COLUMNS, conform
from restoration.geometry import from_plane, to_plane
from restoration.maps.legend import thousands
from restoration.style import GROUPS
from restoration.text import speaking
from restoration.units import shown
from tests.maps.conftest import sites_of, square

DAY = date(2021, 12, 31)
DPI = 100
OUTLINE = gpd.GeoDataFrame(geometry=[shapely.box(104.9, 24.9, 105.4, 25.3)], crs=4490)


def axes_of(figure: Figure, label: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_label() == label)


def texts(figure: Figure) -> list[str]:
    return [found.get_text() for found in axes_of(figure, "sheet").texts]


def said(figure: Figure) -> str:
    return "\n".join(texts(figure))


def scale_of(figure: Figure) -> int:
    (told,) = [text for text in texts(figure) if text.startswith("1 : ")]
    return int(told[4:].replace(" ", ""))


def colours(figure: Figure, *places_m: tuple[float, float]) -> list[tuple[int, ...]]:
    """The colours of the printed sheet at places of the plane."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    picture = Image.open(content).convert("RGB")
    at = axes_of(figure, "map").transData.transform(places_m) * DPI / figure.dpi
    return [picture.getpixel((round(x), round(picture.height - y))) for x, y in at]  # type: ignore[misc]


def blend(colour: str, opacity: float, ground: str = GROUND) -> np.ndarray:
    return 255 * (opacity * np.array(to_rgb(colour)) + (1 - opacity) * np.array(to_rgb(ground)))


def in_plane(lon: float, lat: float, zone: int = 35) -> tuple[float, float]:
    x, y = shapely.get_coordinates(to_plane(np.array([shapely.Point(lon, lat)]), zone))[0]
    return float(x), float(y)


def test_a_site_stands_where_it_is_in_the_colour_of_its_group_and_its_hole_is_open() -> None:
    sites = sites_of(
        {"geometry": square(105.0, 25.0, hole=True)},
        {"geometry": square(105.1, 25.0), "status": "in_progress"},
        {"geometry": square(105.1, 25.1), "status": "planned"},
    )
    figure = figures.figure(sites, as_of=DAY)
    at = [in_plane(lon, lat) for lon, lat in ((105.003, 25.003), (105.01, 25.01), (105.11, 25.01), (105.11, 25.11), (105.06, 25.06))]
    filled, hole, under_way, planned, free = colours(figure, *at)
    for found, group in ((filled, "accepted"), (under_way, "under_way"), (planned, "not_started")):
        assert np.abs(found - blend(GROUPS[group].colour, GROUPS[group].fill_opacity)).max() <= 2
    assert np.abs(np.array([hole, free]) - blend(GROUND, 1.0)).max() <= 2


def test_sites_that_overlap_stay_full_and_the_later_group_is_on_top() -> None:
    two = sites_of({"geometry": square(105.0, 25.0)}, {"geometry": square(105.01, 25.0)})
    (both,) = colours(figures.figure(two), in_plane(105.015, 25.005))
    assert np.abs(both - blend(GROUPS["accepted"].colour, GROUPS["accepted"].fill_opacity)).max() <= 2


def test_layers_are_told_apart_by_texture() -> None:
    plain, dotted, slanted = (
        figures.figure(sites_of({"geometry": square(105.0, 25.0), "measure": measure}))
        for measure in ("hill_closure", "afforestation", "mine_regreen")
    )
    spread = []
    for figure in (plain, dotted, slanted):
        x, y = in_plane(105.01, 25.01)
        spread.append(len(set(colours(figure, *((x + 20 * column, y + 20 * row) for column in range(12) for row in range(12))))))
    assert spread[0] == 1
    assert min(spread[1:]) > 1


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize("side", [0.001, 0.02, 0.7, 2.5])
def test_the_scale_is_true_to_the_printed_size(size: str, side: float) -> None:
    figure = figures.figure(sites_of({"geometry": square(105.0, 25.0, side)}), size=size)
    axes, scale = axes_of(figure, "map"), scale_of(figure)
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    width_mm, height_mm = np.array(axes.get_position().size) * figure.get_size_inches() * 25.4
    assert (east - west) / (width_mm / 1000) == pytest.approx(scale, rel=1e-9)
    assert (north - south) / (height_mm / 1000) == pytest.approx(scale, rel=1e-9)
    assert axes.get_aspect() == 1.0
    sheet = axes_of(figure, "sheet")
    assert (*sheet.get_xlim(), *sheet.get_ylim()) == pytest.approx((0, figure.get_figwidth() * 25.4, 0, figure.get_figheight() * 25.4))
    shown_m = shapely.total_bounds(to_plane(np.array([square(105.0, 25.0, side)]), round((105 + side / 2) / 3)))
    assert (west, south) < tuple(shown_m[:2])
    assert (east, north) > tuple(shown_m[2:])


@pytest.mark.parametrize("side", [0.001, 0.02, 0.7])
def test_the_scale_bar_is_as_long_as_it_says(side: float) -> None:
    figure = figures.figure(sites_of({"geometry": square(105.0, 25.0, side)}), size="A4")
    sheet = axes_of(figure, "sheet")
    zero = next(text for text in sheet.texts if text.get_text() == "0")
    unit = next(text for text in sheet.texts if text.get_text() in ("米", "千米"))
    last = max(
        (text for text in sheet.texts if text.get_position()[1] == zero.get_position()[1] and text is not unit),
        key=lambda t: t.get_position()[0],
    )
    told_m = float(last.get_text()) * (1000 if unit.get_text() == "千米" else 1)
    length_mm = last.get_position()[0] - zero.get_position()[0]
    assert length_mm * scale_of(figure) / 1000 == pytest.approx(told_m, rel=1e-9)
    bar = [patch.get_path().get_extents() for patch in sheet.patches + list(sheet.artists) if patch.get_zorder() == 20]
    pieces = [box for box in bar if box.x0 >= zero.get_position()[0] - 1e-6 and box.height == pytest.approx(1.3)]
    assert len(pieces) == 4
    assert (min(box.x0 for box in pieces), max(box.x1 for box in pieces)) == pytest.approx((zero.get_position()[0], last.get_position()[0]))


def test_the_legends_numbers_are_those_of_the_tally() -> None:
    sites = conform(
        sites_of(
            {"geometry": square(105.00, 25.0)},
            {"geometry": square(105.01, 25.0), "measure": "afforestation", "status": "planned"},
            {"geometry": square(105.10, 25.0), "measure": "mine_regreen", "mine_id": "K1"},
            {"geometry": square(105.20, 25.0), "measure": "mine_regreen", "mine_id": "K1", "status": "in_progress"},
            {"geometry": square(105.30, 25.0), "status": "cancelled"},
        )
    )
    found = texts(figures.figure(sites))
    for by in ("layer", "group", "measure"):
        counted = tally.totals(sites, by=[by])
        rows: list[dict[Any, Any]] = [*counted.rows.to_dict("records"), counted.whole]
        for row in rows:
            for name in ("task_m2", "land_m2"):
                assert thousands(shown(row[name])) in found
                assert thousands(shown(row[name], "ha")) in found
    assert "1 座矿山 · 2 个图斑" in found
    assert "另有 1 个已核减/调出图斑：图上画出，不计入数量和面积" in found


def test_one_layer_is_drawn_and_counted_alone() -> None:
    sites = sites_of({"geometry": square(105.0, 25.0)}, {"geometry": square(105.1, 25.0), "measure": "mine_regreen"})
    figure = figures.figure(sites, layer="矿区复绿", as_of=DAY)
    whole = tally.totals(conform(sites).iloc[[1]], by=[]).whole
    assert thousands(shown(whole["task_m2"])) in texts(figure)
    assert "封山育林" not in said(figure)
    assert "矿区复绿 · 截至 2021-12-31 · 按发生日期" in texts(figure)
    with pytest.raises(UnknownName, match=r"矿区绿化.*\n.*mine_sites 矿区复绿"):
        figures.figure(sites, layer="矿区绿化")


def test_what_a_sheet_must_carry() -> None:
    sites = sites_of({"geometry": square(105.0, 25.0), "is_sample": True})
    internal = texts(figures.figure(sites, as_of=DAY, clock="office", outline=OUTLINE, office="某局", made_on=date(2022, 1, 5)))
    for words in (
        "截至 2021-12-31 · 按录入时间", "内部工作用图 不得公开", "示例数据 · 图形为虚构", "坐标北", "区界",
        "制图单位：某局 · 制图日期：2022年1月5日",
        "CGCS2000 · 高斯-克吕格投影 3° 带第 35 带（中央经线 105°E，EPSG:4523）", "105°E", "25°N",
    ):  # fmt: skip
        assert words in internal
    public = texts(figures.figure(sites, public=True))
    assert "内部工作用图 不得公开" in public
    assert "公开使用前须经地图审核并标注审图号" in public
    reviewed = said(figures.figure(sites.assign(is_sample=False), review_no="黔S(2021)005号"))
    assert "审图号：黔S(2021)005号" in reviewed
    assert "内部" not in reviewed
    assert "示例" not in reviewed


def test_everything_is_said_in_english_too() -> None:
    sites = sites_of({"geometry": square(105.0, 25.0)})
    with speaking("en"):
        found = said(figures.figure(sites, as_of=DAY, outline=OUTLINE, public=True, title="Sites"))
    assert not [mark for mark in found if "\u4e00" <= mark <= "\u9fff"]
    assert "grid north" in found
    assert "Gauss-Krüger 3° zone 35" in found


def test_no_column_is_shown_that_is_not_public_and_no_sites_name() -> None:
    words = {column.name: f"w{number}w" for number, column in enumerate(COLUMNS) if column.dtype == "str"}
    hidden = {name: word for name, word in words.items() if name not in ("layer", "measure", "status", "group", "town")}
    for public in (False, True):
        found = said(figures.figure(sites_of({**hidden, "town": "甲镇", "geometry": square(105.0, 25.0)}), public=public))
        assert [word for word in hidden.values() if word in found] == []
        assert "甲镇" in found


HOSTILE = (
    r"$x^2$ \frac{a}{b}",
    "{0} %s {{",
    "a_b^c $",
    "line\nbreak\r\x00",
    "a\u202eb\u2066c",
    "<b>&amp;</b>",
    "\U0001f332 \ufdd0",
    "$\\alpha$" * 40,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_text(text: str, tmp_path: Path) -> None:
    sites = sites_of({"geometry": square(105.0, 25.0), "town": text[:20]})
    figure = figures.figure(sites, title=text, office=text, review_no=text)
    title = texts(figure)
    seen = (
        " ".join(text.replace("\u202e", " ").replace("\u2066", " ").replace("\x00", " ").split())
        .replace("\U0001f332", "□")
        .replace("\ufdd0", "□")
    )
    assert any(found in (seen, seen[: len(found) - 1] + "…") for found in title if len(found) > 2)
    assert not any(set(found) & set("\n\r\x00\u202e\u2066") for found in title)
    assert not any(found.get_parse_math() or found.get_usetex() for found in figure.findobj(Letters) if found.get_text())
    for ending in ("png", "pdf", "svg"):
        assert figures.save(figure, tmp_path / f"a.{ending}", dpi=50).stat().st_size > 5000


def test_towns_do_not_stand_on_each_other_or_on_the_frame() -> None:
    rng = np.random.default_rng(7)
    names = [f"第{number}乡镇" for number in range(400)]
    sites = sites_of(
        *(
            {"geometry": square(x, y, 0.01), "town": name}
            for name, (x, y) in zip(names, rng.uniform((105, 25), (105.1, 25.08), (400, 2)), strict=True)
        )
    )
    figure = figures.figure(sites)
    placed = [text for text in axes_of(figure, "sheet").texts if text.get_text() in names]
    boxes = [shapely.box(*text.get_window_extent().extents) for text in placed]
    assert 10 < len(boxes) < 400
    assert all(shapely.intersection(one, other).area < 1 for one, other in combinations(boxes, 2))
    frame = shapely.box(*axes_of(figure, "map").get_window_extent().extents)
    assert all(frame.covers(box) for box in boxes)


def test_a_site_that_is_too_small_is_a_square_of_its_colour() -> None:
    sites = sites_of({"geometry": square(105.0, 25.0, 0.00005)}, {"geometry": square(105.3, 25.2, 0.02)})
    figure = figures.figure(sites)
    (found,) = colours(figure, in_plane(105.000025, 25.000025))
    assert np.abs(np.array(found) - blend(GROUPS["accepted"].colour, 0.95)).max() <= 3
    assert "图上不足 1.3 毫米的 1 个图斑画成小方块，方块大小不代表面积" in said(figure)


def test_what_has_no_boundary_is_counted_and_told() -> None:
    bow_tie = shapely.Polygon([(105.1, 25), (105.12, 25.02), (105.12, 25), (105.1, 25.02)])
    shapes = [square(105.0, 25.0), None, shapely.Polygon(), bow_tie, shapely.box(105, 25, 119, 26)]
    sites = conform(sites_of(*({"geometry": square(105.0, 25.0)} for _ in shapes))).set_geometry(gpd.GeoSeries(shapes, crs=4490))
    figure = figures.figure(sites)
    assert "另有 3 个图斑没有可画的边界：计入数量" in texts(figure)
    assert "5" in texts(figure)


def test_a_stray_does_not_take_the_map_out_of_its_zone() -> None:
    near = [square(105.0, 25.0), square(105.1, 25.0), square(105.2, 25.0)]
    for stray in (square(109.5, 26.0), square(-100.0, 40.0), square(60.0, -40.0), square(179.9, 85.0)):
        found = said(figures.figure(sites_of(*({"geometry": shape} for shape in [*near, stray]))))
        assert "第 35 带（中央经线 105°E" in found
        assert ("没有可画的边界" in found) == (shapely.bounds(stray)[0] == -100.0)


def test_an_outline_in_metres_without_a_crs_is_refused() -> None:
    bare = OUTLINE.to_crs(4544).set_crs(None, allow_override=True)
    with pytest.raises(BadRequest, match="不是经纬度"):
        figures.figure(sites_of({"geometry": square(105, 25)}), outline=bare)


def test_a_review_number_of_blanks_is_none() -> None:
    assert "内部工作用图 不得公开" in texts(figures.figure(sites_of({"geometry": square(105, 25)}), review_no=" \u200b "))


def test_an_empty_frame_is_a_sheet_that_says_so() -> None:
    found = texts(figures.figure(conform(sites_of({"geometry": square(105, 25)}))[:0]))
    assert "没有图斑" in found
    assert "0.00" in found
    around = figures.figure(conform(sites_of({"geometry": square(105, 25)}))[:0], outline=OUTLINE)
    west, east = axes_of(around, "map").get_xlim()
    assert west < in_plane(104.9, 25.1)[0] < in_plane(105.4, 25.1)[0] < east


def test_ten_thousand_sites_are_a_handful_of_paths() -> None:
    x, y = np.meshgrid(np.arange(100) * 0.004 + 105, np.arange(100) * 0.004 + 25)
    shapes = shapely.box(x.ravel(), y.ravel(), x.ravel() + 0.004, y.ravel() + 0.004)
    sites = gpd.GeoDataFrame({"measure": "afforestation", "status": "in_progress"}, geometry=shapes, crs=4490, index=range(10_000))
    figure = figures.figure(sites)
    assert len(axes_of(figure, "map").get_children()) < 40
    assert thousands("10000") in texts(figure)


def test_the_plane_is_that_of_the_ground_it_shows() -> None:
    figure = figures.figure(sites_of({"geometry": square(120.2, 30.0)}), outline=None)
    assert "CGCS2000 · 高斯-克吕格投影 3° 带第 40 带（中央经线 120°E，EPSG:4528）" in texts(figure)
    west, east = axes_of(figure, "map").get_xlim()
    ends = from_plane(np.array([shapely.Point(west, 3_320_000), shapely.Point(east, 3_320_000)]), 40)
    assert shapely.get_x(ends[0]) < 120.2 < 120.22 < shapely.get_x(ends[1])


def test_an_outline_in_another_plane_is_drawn_where_it_is() -> None:
    figure = figures.figure(sites_of({"geometry": square(105.1, 25.1)}), outline=OUTLINE.to_crs(4523))
    other = figures.figure(sites_of({"geometry": square(105.1, 25.1)}), outline=OUTLINE)
    assert axes_of(figure, "map").get_xlim() == pytest.approx(axes_of(other, "map").get_xlim(), abs=0.01)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"size": "A9"}, r"A9.*\n.*A4、A3"), ({"clock": "moon"}, "moon")],
)
def test_a_wrong_call_is_told(wrong: dict[str, str], told: str) -> None:
    with pytest.raises(UnknownName, match=told):
        figures.figure(sites_of({"geometry": square(105, 25)}), **wrong)  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="坐标系"):
        figures.figure(sites_of({"geometry": square(105, 25)}).set_crs(None, allow_override=True))


def test_without_a_chinese_font_it_says_which_to_install_and_english_works(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [entry for entry in font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", plain)
    sites = sites_of({"geometry": square(105.0, 25.0), "town": "甲镇"})
    with pytest.raises(MissingExtra, match=r"没有中文字体[\s\S]*Noto Sans CJK SC"):
        figures.figure(sites)
    with speaking("en"):
        assert "甲镇" not in said(figures.figure(sites, title="Sites"))
        with pytest.raises(MissingExtra, match="No Chinese font"):
            figures.figure(sites, title="图")


def test_without_matplotlib_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_spec", {}.get)
    with pytest.raises(MissingExtra, match=r'pip install "restoration\[figure\]".*断网.*--no-index'):
        figures.figure(sites_of({"geometry": square(105.0, 25.0)}))


def test_other_figures_are_left_as_they_are() -> None:
    before = dict(mpl.rcParams)
    figures.figure(sites_of({"geometry": square(105.0, 25.0)}), table=lifecycle.table())
    assert dict(mpl.rcParams) == before
