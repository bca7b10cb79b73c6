"""Where the sites stand on the screen and under the pointer, also in browsers that lack what the page would like to have."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from playwright.sync_api import Page

from restoration import maps
from restoration.geometry import Geometries
from restoration.text import speaking

from .conftest import Opened, sites_of, square
from .test_in_browser import FAR, Open, alike
from .test_simplifying import halves, wavy

LACKS = {
    "nothing": "",
    "DecompressionStream": "delete window.DecompressionStream;",
    "OffscreenCanvas": "delete window.OffscreenCanvas;",
    "Worker": "delete window.Worker;",
    "all of them": "delete window.DecompressionStream; delete window.OffscreenCanvas; delete window.Worker;",
    "workers where they are forbidden": "window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } };",
    "a worker that runs": """
        const source = URL.createObjectURL(new Blob(['a syntax error']));
        window.Worker = class extends Worker { constructor() { super(source); } };
    """,
}
"""Each is run before any script of the page's."""
COMPARED = """([rings, band]) => {
    const map = restoration.opened.map, size = map.getSize(), place = map.getContainer().getBoundingClientRect();
    const sheet = () => {
        const canvas = Object.assign(document.createElement('canvas'), {width: size.x, height: size.y});
        return canvas.getContext('2d', {willReadFrequently: true});
    };
    const ours = sheet(), inside = sheet(), edges = sheet();
    for (const tile of document.querySelectorAll('.sites-surface canvas')) {
        const box = tile.getBoundingClientRect();
        ours.drawImage(tile, box.left - place.left, box.top - place.top, box.width, box.height);
    }
    edges.lineWidth = 2 * band;
    edges.lineJoin = 'round';
    for (const polygon of rings) {
        const path = new Path2D();
        for (const ring of polygon) {
            ring.forEach(([lon, lat], at) => {
                const point = map.project([lat, lon], map.getZoom()).subtract(map.getPixelBounds().min);
                path[at ? 'lineTo' : 'moveTo'](point.x, point.y);
            });
            path.closePath();
        }
        inside.fill(path, 'evenodd');
        edges.stroke(path);
    }
    const [drawn, full, near] = [ours, inside, edges].map(pen => pen.getImageData(0, 0, size.x, size.y).data);
    const count = {inside: 0, outside: 0, open: 0, stray: 0};
    for (let at = 3; at < drawn.length; at += 4) {
        if (near[at]) { continue; }
        if (full[at] === 255) { count.inside++; count.open += drawn[at] < 40; } else { count.outside++; count.stray += drawn[at] > 0; }
    }
    return count;
}"""
LEVEL = """zoom => {
    const shapes = restoration.opened.store.shapes, into = new Int32Array(shapes.xy.length), rings = [];
    for (let ring = 0; ring < shapes.ringStart.length - 1; ring++) {
        const [first, last] = [shapes.ringStart[ring], shapes.ringStart[ring + 1]];
        rings.push(Array.from(into.slice(0, 2 * restoration.thinned(shapes.xy, first, last, restoration.levelFor(zoom), into))));
    }
    return rings;
}"""
CORNERS = "([a, b]) => [restoration.toUnits(...a), restoration.toUnits(...b)]"
ROWS_AT = "([lon, lat]) => restoration.opened.store.at({lng: lon, lat: lat}, 0)"


def scattered(count: int, seed: int) -> Geometries:
    """Digitised boundaries on one another and beside one another, every third with a hole."""
    chance = np.random.default_rng(seed)
    made = [wavy(seed + k, 105 + 0.03 * float(chance.random()), 25 + 0.02 * float(chance.random()), 0.0005 + 0.003 * float(chance.random()))
            for k in range(count)]  # fmt: skip
    holed = [shape.difference(shapely.Point(shape.centroid).buffer(0.0003)) if k % 3 == 0 else shape for k, shape in enumerate(made)]
    return np.array(holed, dtype=object)


def sites(shapes: Geometries) -> gpd.GeoDataFrame:
    return sites_of(*({"geometry": shape, "name": f"图{row}"} for row, shape in enumerate(shapes)))


def rings(shapes: Geometries) -> list[list[list[list[float]]]]:
    return [[np.asarray(ring.coords).tolist() for ring in shapely.get_rings(shape)] for shape in shapes]


def go(shown: Opened, zoom: float) -> None:
    shown.page.evaluate("zoom => { restoration.opened.map.setZoom(zoom, {animate: false}); }", zoom)
    shown.settle()


@pytest.mark.parametrize("detail", ["full", 2.0])
def test_polygons_stand_where_a_plain_drawing_has_them(detail: maps.Detail, opened: Open) -> None:
    shapes = scattered(40, 3)
    shown = opened(maps.build(sites(shapes), detail=detail))
    home = shown.page.evaluate("restoration.opened.map.getZoom()")
    for zoom in (home - 2, home - 0.5, home, home + 1.5, home + 3):
        go(shown, zoom)
        told = shown.page.evaluate(COMPARED, [rings(shapes), 3 + (2 if detail == 2.0 else 0)])
        assert told["open"] == told["stray"] == 0, (zoom, told)
        assert told["outside"] > 0


def test_sites_of_a_few_pixels_are_dots_where_they_are(opened: Open) -> None:
    middles = [(105 + 0.01 * i, 25 + 0.01 * j) for i in range(12) for j in range(8)]
    shapes = np.array([square(lon - 5e-5, lat - 5e-5, 1e-4) for lon, lat in middles], dtype=object)
    shown = opened(maps.build(sites(shapes)))
    go(shown, 11)
    told = shown.page.evaluate(COMPARED, [rings(shapes), 2])
    assert told["stray"] == 0, told
    seen = shown.colours(*(shown.where(*at) for at in middles))
    own = [0.95 * wanted + 0.05 * ground for wanted, ground in zip((0x00, 0x9E, 0x73), (0xF1, 0xEF, 0xE8), strict=True)]
    assert [alike(colour, own) for colour in seen] == [True] * len(middles), seen


def test_dots_on_one_another_stand_in_the_order_of_the_sites_not_of_their_statuses(opened: Open) -> None:
    places = [(105, "planned", "county_accepted"), (105.2, "county_accepted", "planned")]
    rows = [{"geometry": square(lon, 25, 1e-4), "status": status} for lon, *both in places for status in both]
    shown = opened(maps.build(sites_of(*rows)))
    go(shown, 10)
    green, grey = shown.colours(shown.where(105, 25), shown.where(105.2, 25))
    assert green[1] > green[0] + 80
    assert max(grey) - min(grey) < 10


def test_tiles_that_are_passed_over_while_zooming_are_not_waited_for(page: Page, opened: Open) -> None:
    page.add_init_script("""
        const send = Worker.prototype.postMessage;
        window.asked = 0;
        Worker.prototype.postMessage = function (told, ...rest) {
            asked += told.task === 'paint';
            send.call(this, told, ...rest);
        };
    """)
    shown = opened(maps.build(sites(scattered(10, 3))))
    before = shown.page.evaluate("asked")
    shown.page.evaluate("[1, 2, 3].forEach(() => restoration.opened.map.setZoom(restoration.opened.map.getZoom() + 1, {animate: false}))")
    shown.settle()
    assert 0 < shown.page.evaluate("asked") - before == shown.page.evaluate("document.querySelectorAll('.sites-surface canvas').length")


def test_the_pointer_finds_what_is_there_at_edges_holes_and_overlaps(opened: Open) -> None:
    shapes = scattered(30, 8)
    shown = opened(maps.build(sites(shapes)))
    chance = np.random.default_rng(1)
    on_edges = shapely.get_coordinates(shapely.line_interpolate_point(shapely.boundary(shapes), chance.random(30), normalized=True))
    beside = np.concatenate([on_edges + 1e-6 * chance.normal(0, 1, on_edges.shape) for _ in range(4)])
    anywhere = np.column_stack([chance.uniform(105, 105.03, 150), chance.uniform(25, 25.02, 150)])
    points = np.asarray(shapely.points(np.concatenate([beside, anywhere])), dtype=object)
    tree, edges = shapely.STRtree(shapes), shapely.union_all(shapely.boundary(shapes))
    clear = shapely.distance(edges, points) > 2e-7  # two centimetres: the grid is one
    assert clear.sum() > 200
    found = []
    for point in points[clear]:
        rows = shown.page.evaluate(ROWS_AT, [point.x, point.y])
        assert sorted(rows) == sorted(tree.query(point, predicate="within").tolist())
        boxes = [np.prod(np.subtract(shapes[row].bounds[2:], shapes[row].bounds[:2])) for row in rows]
        assert boxes == sorted(boxes), "the smallest first"
        found.append(len(rows))
    assert max(found) >= 2
    assert min(found) == 0


@pytest.mark.parametrize("zoom", [9, 11, 12.5, 14, 15.5, 17, 19])
def test_between_neighbours_there_is_no_gap_at_any_zoom(zoom: float, opened: Open) -> None:
    whole = wavy(1, radius=0.004)
    shown = opened(maps.build(sites(np.array(halves(whole, 1), dtype=object)), detail=2.0))
    one, other = (np.array(ring).reshape(-1, 2) for ring in shown.page.evaluate(LEVEL, zoom))
    corners = shown.page.evaluate(CORNERS, [whole.bounds[:2], whole.bounds[2:]])
    middle, size = np.mean(corners, axis=0), np.abs(np.subtract(*corners))
    cut = {edge for edge in edges(one) if (np.abs(np.array(edge) - middle) < size * [0.2, 0.3]).all()}
    assert len(cut) >= (1 if zoom < 12 else 5)
    assert {edge[::-1] for edge in cut} <= edges(other)


def edges(ring: NDArray[np.int64]) -> set[tuple[tuple[int, int], ...]]:
    points = [tuple(point) for point in ring.tolist()]
    return {(point, after) for point, after in zip(points, [*points[1:], points[0]], strict=True)}


@pytest.fixture
def lacking(page: Page, request: pytest.FixtureRequest) -> str:
    """A browser without something."""
    page.add_init_script(LACKS[request.param])
    return str(request.param)


@pytest.mark.parametrize("lacking", LACKS, indirect=True)
def test_a_browser_that_lacks_it_shows_the_same(lacking: str, opened: Open) -> None:
    shapes = scattered(30, 5)
    with speaking("zh"):
        shown = opened(maps.build(sites(shapes), detail=2.0))
    has_worker = lacking in ("nothing", "DecompressionStream", "OffscreenCanvas")
    assert shown.page.evaluate("Boolean(restoration.opened.store.crew.worker)") is has_worker
    assert shown.page.evaluate("Boolean(restoration.opened.store.crew.painter)") is (lacking not in ("nothing", "DecompressionStream"))
    for zoom in (13, 15.5):
        go(shown, zoom)
        told = shown.page.evaluate(COMPARED, [rings(shapes), 5])
        assert told["open"] == told["stray"] == 0, told
    shown.page.click("[data-group=accepted]")
    shown.page.fill("#search", "图7")
    shown.page.keyboard.press("Enter")
    assert shown.texts(".facts h2") == ["图7"]
    assert "图上界线简化 ≤ 2 米，面积按原始界线计算" in shown.texts("footer")[0]


def test_a_map_in_full_says_nothing_of_simplifying(opened: Open) -> None:
    with speaking("zh"):
        shown = opened(maps.build(sites_of(FAR)))
    assert "简化" not in shown.texts("footer")[0]


def test_while_the_sites_are_read_the_page_is_there_and_says_so(page: Page, opened: Open) -> None:
    page.add_init_script("""
        const send = Worker.prototype.postMessage, held = [];
        Worker.prototype.postMessage = function (...what) { held.push(() => send.apply(this, what)); };
        window.letGo = () => { Worker.prototype.postMessage = send; held.forEach(go => go()); };
    """)
    with speaking("zh"):
        made = maps.build(sites_of({"geometry": square(105, 25), "name": "大坡"}, FAR), title="读图")
    shown = opened(made, settled=False)
    assert shown.texts("h1") == ["读图"]
    assert shown.texts(".empty") == ["正在读取图斑…"]
    assert len(shown.texts(".row")) == 2
    assert shown.page.evaluate("document.querySelectorAll('.graticule-labels span').length") > 0
    shown.click(105.01, 25.01)
    assert shown.texts(".facts") == []
    shown.page.evaluate("letGo()")
    shown.settle()
    assert shown.texts(".empty") == []
    shown.click(105.01, 25.01)
    assert shown.texts(".facts h2") == ["大坡"]


def test_data_that_cannot_be_read_are_said_to_be(opened: Open, complaints: list[str]) -> None:
    with speaking("zh"):
        made = maps.build(sites_of({"geometry": square(105, 25)}, FAR))
    (layer, *_) = [child for child in made._children.values() if isinstance(child, maps.SitesLayer)]
    layer.dataset.payload.packs["shapes"] = layer.dataset.payload.packs["shapes"][::-1]
    shown = opened(made, settled=False)
    shown.page.get_by_text("不能显示本图").wait_for()
    complaints.clear()
