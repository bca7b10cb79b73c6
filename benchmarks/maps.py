"""The map beside what else one would draw it with: how large the file is, how long it takes to make, to open, to pan and to zoom.

    python benchmarks/maps.py [SITES ...]        10 000 and 100 000 if not given: half an hour, most of it waiting for peers

The sites are `parcels` of about 100 vertices, 13 m apart, a tenth of them on one another, with six columns. Every way makes one HTML
file in a process of its own (data and imports are there before the clock starts), and the file is opened by a Chromium that is offline.
So that the peers have anything to show there, they stand on our page with its Leaflet inside it. A line each:

- MB of the file; CPU and wall seconds to build and write it; MB held at most, on top of the data;
- seconds until the page is open: everything drawn, and two frames shown after it;
- the worst gap between two frames, milliseconds, while panning in four directions, and while zooming in by four and out again; and
  how long from the beginning of one more zoom until all is drawn (of a peer, until its zoom has ended: ours alone can tell).

A peer that is not done in time is left, and the line says so. lonboard's page asks a server for its script, so it is made but cannot be
opened here. It, and what explore asks for, are not among the project's requirements: ``pip install lonboard mapclassify``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
from parcels import DIGITISED, chunks
from peers import measured
from playwright.sync_api import Page, sync_playwright

from restoration import maps
from restoration.frame import conform
from restoration.maps.building import _bare_map
from restoration.model import Event, State

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser import find_browser

HUNDRED_VERTICES = replace(DIGITISED, grid_m=12_200, cell_m2=508_000, fewest=40, most=400, largest_m2=2_400_000)
BUILD_LIMIT_S, OPEN_LIMIT_S = 600, 150
EVENTS = 10
COLOURS = {"planned": "#7A7A7A", "sited": "#7A7A7A", "in_progress": "#0072B2", "county_accepted": "#009E73"}


def frame_of(count: int) -> gpd.GeoDataFrame:
    """A sites frame; the same count gives the same sites."""
    chance = np.random.default_rng(7)
    shapes = np.concatenate(list(chunks(count, kind=HUNDRED_VERTICES)))
    rows = {
        "name": [f"小班{number}" for number in range(count)],
        "measure": chance.choice(["hill_closure", "afforestation"], count),
        "status": chance.choice(list(COLOURS), count),
        "town": [f"第{20 * number // count + 1}镇" for number in range(count)],
    }
    return conform(gpd.GeoDataFrame(rows, geometry=shapes, crs=4490))


def ours(sites: gpd.GeoDataFrame, out: Path) -> None:
    """Our layer, as it comes."""
    maps.save(maps.build(sites), out)


def ours_in_full(sites: gpd.GeoDataFrame, out: Path) -> None:
    """Our layer with every point."""
    maps.save(maps.build(sites, detail="full"), out)


def ours_with_events(sites: gpd.GeoDataFrame, out: Path) -> None:
    """Our layer with ten events a site; making the events is in the time."""
    maps.save(maps.build(sites, histories={site: history_of(site) for site in sites["site_id"]}), out)


def history_of(site: str) -> list[Event]:
    """Ten events of a site."""
    seed, state = int(site), State("planned", 1, 1)
    days = [date(2021, 1, 1) + timedelta(days=60 * number + seed % 50) for number in range(EVENTS)]
    who, doc_no = f"员工{seed % 7}", f"林字{seed % 90}号"
    return [
        Event(f"{site}-{number}", site, number, None, "noted", None, day, f"{day}T01:00:00.000Z", who, doc_no, "", {}, state)
        for number, day in enumerate(days)
    ]


def told(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What a peer is given: the columns that a reader would want to see."""
    return sites[["name", "measure", "status", "town", "area_m2", "geometry"]].to_crs(4326)


def coloured(feature: dict[str, Any]) -> dict[str, Any]:
    """A peer's look of a site."""
    return {"color": COLOURS[feature["properties"]["status"]], "weight": 2, "fillOpacity": 0.4}


def folium_svg(sites: gpd.GeoDataFrame, out: Path) -> None:
    """folium.GeoJson as it comes."""
    on_folium(sites, out, canvas=False)


def folium_canvas(sites: gpd.GeoDataFrame, out: Path) -> None:
    """folium.GeoJson on a map that prefers a canvas."""
    on_folium(sites, out, canvas=True)


def on_folium(sites: gpd.GeoDataFrame, out: Path, *, canvas: bool) -> None:
    """A map with folium.GeoJson and a tooltip."""
    made = _bare_map()
    made.options["preferCanvas"] = canvas
    fields = ["name", "measure", "status", "town", "area_m2"]
    folium.GeoJson(told(sites), style_function=coloured, tooltip=folium.GeoJsonTooltip(fields)).add_to(made)
    made.fit_bounds(made.get_bounds())
    maps.save(made, out)


def explore(sites: gpd.GeoDataFrame, out: Path) -> None:
    """GeoDataFrame.explore, coloured by status, on a map that prefers a canvas."""
    made = _bare_map()
    made.options["preferCanvas"] = True
    told(sites).explore("status", m=made, legend=False)
    made.fit_bounds(made.get_bounds())
    maps.save(made, out, allow_outside=True)


def lonboard(sites: gpd.GeoDataFrame, out: Path) -> None:
    """lonboard, coloured alike."""
    import_module("lonboard").viz(told(sites)).to_html(out)


WAYS: dict[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    way.__name__: way for way in (ours, ours_with_events, ours_in_full, folium_canvas, folium_svg, explore, lonboard)
}
OWN_MAP = "window.restoration ? restoration.opened.map : window[Object.keys(window).find(name => name.startsWith('map_'))]"
FRAMES = """() => {
    window.gaps = [];
    let last = performance.now();
    (function frame() { requestAnimationFrame(now => { window.gaps.push(now - last); last = now; frame(); }); })();
}"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
WHOLE = """() => {
    const opened = window.restoration && restoration.opened;
    return document.readyState === 'complete' && (!opened || (opened.store.isWhole && !opened.map.restorationSurface.waiting));
}"""


def build(way: str, count: int, out: Path) -> dict[str, float]:
    """Make one file and measure it."""
    sites = frame_of(count)
    took = measured(WAYS[way], sites, out)
    return {"mb": out.stat().st_size / 1e6, "cpu_s": took.cpu_s, "wall_s": took.wall_s, "peak_mb": took.peak_mib * 1.048576}


def browse(path: Path) -> dict[str, float]:
    """Open one file offline, pan and zoom."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(1000 * OPEN_LIMIT_S)
        heard: list[str] = []
        page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(path.as_uri())
        settle(page)
        seen = {"open_s": page.evaluate(TWO_FRAMES) / 1000}
        page.evaluate(FRAMES)
        seen["pan_ms"] = worst_gap(page, [f"panBy([{x}, {y}], {{duration: 0.4}})" for x, y in ((300, 0), (0, 250), (-300, 0), (0, -250))])
        seen["zoom_ms"] = worst_gap(page, [f"setZoom(({OWN_MAP}).getZoom() + {step})" for step in (1, 1, 1, 1, -1, -1, -1, -1)])
        settle(page)
        seen |= {"drawn_ms": drawn_ms(page), "complaints": len(heard)}
        seen["heap_mb"] = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    return seen


def settle(page: Page) -> None:
    """Wait until a page has drawn everything."""
    while not page.evaluate(WHOLE):
        time.sleep(0.01)


def drawn_ms(page: Page) -> float:
    """How long after one more zoom begins until all is drawn, milliseconds; it ends no sooner than the zoom itself."""
    start = time.monotonic()
    page.evaluate(f"new Promise(done => {{ const map = {OWN_MAP}; map.once('zoomend', () => done()); map.setZoom(map.getZoom() + 1); }})")
    settle(page)
    return 1000 * (time.monotonic() - start)


def worst_gap(page: Page, moves: list[str]) -> float:
    """The longest time between two frames while the map is moved, each move half a second after the one before."""
    page.evaluate("() => { window.gaps = []; }")
    for move in moves:
        page.evaluate(f"({OWN_MAP}).{move};0")
        page.wait_for_timeout(700)
    return float(page.evaluate("Math.max(...window.gaps)"))


def child(arguments: list[str], limit_s: int) -> dict[str, float] | str:
    """What a process of its own has measured, or why it has not."""
    try:
        done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, timeout=limit_s, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"not done in {limit_s} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended by signal {-done.returncode}"])[-1]
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def report(count: int, folder: Path) -> None:
    """One line a way."""
    print(f"{count} sites")
    print(f"{'':18}{'MB':>8}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'open s':>8}{'pan ms':>8}{'zoom ms':>9}{'drawn ms':>9}{'heap MB':>9}")
    for way in WAYS:
        out = folder / f"{way}.html"
        made = child(["--build", way, str(count), str(out)], BUILD_LIMIT_S)
        if isinstance(made, str):
            print(f"{way:18}{made}", flush=True)
            continue
        line = f"{way:18}{made['mb']:8.1f}{made['cpu_s']:8.1f}{made['wall_s']:8.1f}{made['peak_mb']:9.0f}"
        seen: dict[str, float] | str = "its page needs a server" if way == "lonboard" else child(["--browse", str(out)], OPEN_LIMIT_S)
        out.unlink()
        if isinstance(seen, str):
            print(f"{line}  {seen}", flush=True)
            continue
        shown = f"{seen['open_s']:8.2f}{seen['pan_ms']:8.0f}{seen['zoom_ms']:9.0f}{seen['drawn_ms']:9.0f}{seen['heap_mb']:9.0f}"
        print(line + shown + (f"  {seen['complaints']} complaints" if seen["complaints"] else ""), flush=True)


def main(arguments: list[str]) -> None:
    """Every way for each number of sites; with an option, one step in this very process."""
    if arguments[:1] == ["--build"]:
        print(json.dumps(build(arguments[1], int(arguments[2]), Path(arguments[3]))))
    elif arguments[:1] == ["--browse"]:
        print(json.dumps(browse(Path(arguments[1]))))
    else:
        with tempfile.TemporaryDirectory() as folder:
            for count in [int(word) for word in arguments] or [10_000, 100_000]:
                report(count, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
