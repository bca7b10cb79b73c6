"""The files that a page carries inside itself: what is vendored, and verified, and our own scripts and styles."""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files

from ..errors import Damaged
from ..text import Text

WORKER_SCRIPTS = ("slices.js", "packs.js", "shapes.js", "painter.js", "worker.js")
"""Our scripts that run in a worker or, where there is none, in the page."""
SCRIPTS = (
    "crew.js", "initials.js", "store.js", "standing.js", "surface.js", "planes.js", "measuring.js", "surroundings.js", "facts.js",
    "filters.js", "problems.js", "photos.js", "panel.js", "changes.js", "findings.js", "link.js", "table.js", "compare.js", "timeline.js",
    "ruler.js",
    "marks.js", "window.js", "grid.js", "ground.js", "margin.js", "sheet.js", "png.js", "printing.js", "tools.js", "minimap.js", "page.js",
)  # fmt: skip
"""Our scripts of the page, each standing on those before it."""
BASEMAP_SCRIPTS = ("gcj02.js", "basemaps.js", "swipe.js", "backdrop.js", "backdrop_sheet.js")
"""Those of a page with basemaps besides."""
ICONS = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}


@cache
def checksums() -> dict[str, str]:
    """The SHA-256 that each vendored file must have, by its path under ``vendor/``."""
    lines = (files(__package__) / "vendor" / "SHA256SUMS").read_text("utf-8").splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


@cache
def vendored(path: str) -> bytes:
    """A vendored file's bytes.

    Raises
    ------
    Damaged
        The bytes are not those that were vendored.
    """
    content = (files(__package__) / "vendor").joinpath(*path.split("/")).read_bytes()
    if sha256(content).hexdigest() != checksums()[path]:
        raise Damaged(
            Text(f"软件自带的文件 {path} 被改动过。", f"The vendored file {path} is not what was shipped."),
            Text("请重新安装本软件。", "Install the package again."),
        )
    return content


@cache
def leaflet_css() -> str:
    """Leaflet's style sheet with its pictures inside it."""
    sheet = vendored("leaflet/leaflet.css").decode("utf-8")
    return re.sub(r"url\(images/([\w.-]+)\)", lambda match: f"url({_data_uri(match[1])})", sheet)


@cache
def leaflet_js() -> str:
    """Leaflet without its pointer to a source map, with the pictures of its markers inside."""
    script = vendored("leaflet/leaflet.js").decode("utf-8")
    icons = ",".join(f'{option}:"{_data_uri(name)}"' for option, name in ICONS.items())
    return re.sub(r"//# sourceMappingURL=\S*", "", script) + f'\nL.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{icons}}});'


@cache
def own_css() -> str:
    """Our style sheet."""
    return _assets("map.css", "sheet.css")


@cache
def own_js() -> str:
    """Our scripts of the page, one after the other."""
    return _assets(*SCRIPTS)


@cache
def worker_js() -> str:
    """The scripts of the worker, with the inflating that old browsers lack."""
    inflate = vendored("tiny-inflate/index.js").decode("utf-8")
    wrapped = f"self.tinyInflate = (function () {{\nvar module = {{}};\n{inflate}\nreturn module.exports;\n}})();"
    return f"{wrapped}\n{_assets(*WORKER_SCRIPTS)}"


@cache
def basemaps_css() -> str:
    """The style sheet of a page with basemaps, behind `own_css`."""
    return _assets("basemaps.css")


@cache
def basemaps_js() -> str:
    """The scripts of a page with basemaps, behind `own_js`."""
    return _assets(*BASEMAP_SCRIPTS)


def _assets(*names: str) -> str:
    return "\n".join((files(__package__) / "assets" / name).read_text("utf-8") for name in names)


def _data_uri(picture: str) -> str:
    return "data:image/png;base64," + base64.b64encode(vendored(f"leaflet/{picture}")).decode("ascii")
