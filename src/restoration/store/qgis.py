"""The style that QGIS takes from the file's ``layer_styles``: the colours and dashes of `style`, by display group."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from ..lifecycle import table
from ..style import GROUPS, LEVELS, Look

_SYMBOL = """<symbol type="fill" name="{name}" alpha="1"><layer class="SimpleFill" enabled="1">
<Option type="Map"><Option name="color" type="QString" value="{fill}"/>
<Option name="outline_color" type="QString" value="{line}"/>
<Option name="outline_style" type="QString" value="{style}"/><Option name="outline_width" type="QString" value="{width}"/>
<Option name="outline_width_unit" type="QString" value="Pixel"/><Option name="style" type="QString" value="solid"/>
</Option></layer></symbol>"""
_POINT = """<symbol type="marker" name="{name}" alpha="1"><layer class="SimpleMarker" enabled="1">
<Option type="Map"><Option name="name" type="QString" value="circle"/><Option name="color" type="QString" value="{fill},255"/>
<Option name="outline_color" type="QString" value="255,255,255,255"/><Option name="size" type="QString" value="3.2"/>
</Option></layer></symbol>"""


def styles(layers: Iterable[str]) -> dict[str, str]:
    """A QML document for each layer, coloured by its column ``status_group``."""
    labels = table().groups
    categories = "".join(
        f'<category value={quoteattr(code)} symbol="{row}" label={quoteattr(str(labels[code].zh))} render="true"/>'
        for row, code in enumerate(GROUPS)
    )
    symbols = "".join(_symbol(row, look) for row, look in enumerate(GROUPS.values()))
    return dict.fromkeys(layers, _document("status_group", categories, symbols))


def level_style() -> str:
    """A QML document for points, coloured by their column ``level``."""
    categories = "".join(f'<category value="{level}" symbol="{row}" label="{level}" render="true"/>' for row, level in enumerate(LEVELS))
    symbols = "".join(_POINT.format(name=row, fill=_rgb(colour)) for row, colour in enumerate(LEVELS.values()))
    return _document("level", categories, symbols)


def _document(column: str, categories: str, symbols: str) -> str:
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="{column}" enableorderby="0"><categories>{categories}</categories>'
        f"<symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _symbol(row: int, look: Look) -> str:
    dashes = len(look.dash.split())
    return _SYMBOL.format(
        name=row,
        fill=f"{_rgb(look.colour)},{round(255 * look.fill_opacity)}",
        line=f"{_rgb(look.colour)},255",
        style="solid" if not dashes else "dash dot" if dashes > 2 else "dot" if look.dash.startswith("1 ") else "dash",
        width=look.weight,
    )
