"""Whatever stands in a name, a note or a title is text: it runs neither in Python nor in the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import folium
import pytest
from branca.element import MacroElement
from PIL import Image

from restoration import lifecycle, maps
from restoration.errors import BadRequest
from restoration.maps.page import as_json, inert
from restoration.maps.photos import Photo
from restoration.model import Event, Level, State
from restoration.text import Text

from .conftest import Opened, sites_of, square

PAYLOADS = (
    "<img src=x onerror='window.ran=1'>",
    "</script><script>window.ran=1</script>",
    "<!--<script>",
    "<svg/onload=window.ran=1>",
    "${window.ran=1}",
    "`+(window.ran=1)+`",
    "a trailing backslash \\",
    "{{ 7*7 }}",
    "{% if true %}shown{% endif %}",
    "{% if",
    "{# gone #}",
    "{{% endraw %}{{ 7*7 }}",
    "{{{ 7*7 }}}",
    "\"quotes\" and 'quotes'",
    "&lt;b&gt; &amp; &#60;",
    "nul\x00nul",
    "carriage\rreturn",
    "line\u2028separator\u2029s",
    "javascript:window.ran=1",
)
FIELDS = ("source_id", "name", "county_code", "town_code", "town", "village", "unit", "mine_id", "species", "closure_on", "last_on",
          "last_by", "last_doc_no")  # fmt: skip
TEXTS = """row => {
    restoration.opened.facts.show([row]);
    const parts = '.facts h2, .facts dd, .facts .note, .facts .history .quiet';
    const facts = [...document.querySelectorAll(parts)].map(node => node.textContent);
    const tip = restoration.opened.facts.tip([row, row]).textContent;
    restoration.opened.facts.list([row, row]);
    return [facts, tip, document.querySelector('.choices').textContent];
}"""


def starts_a_program(folder: Path) -> str:
    return f"{{{{ cycler.__init__.__globals__.os.mkdir('{folder}') }}}}"


def history_of(site_id: str, text: str) -> list[Event]:
    state = State("county_accepted", 1, 1)
    return [Event("e", site_id, 1, None, "noted", None, date(2025, 1, 1), "2025-01-01T00:00:00.000Z", text, text, text, {}, state)]


def test_every_payload_in_every_field_is_shown_as_text(opened: Callable[[folium.Map], Opened], tmp_path: Path) -> None:
    payloads = [*PAYLOADS, starts_a_program(tmp_path / "made")]
    rows = [{"geometry": square(105 + k / 10, 25, 0.05), "site_id": text, **dict.fromkeys(FIELDS, text)} for k, text in enumerate(payloads)]
    shown = opened(maps.build(sites_of(*rows), histories={text: history_of(text, text) for text in payloads}, title="".join(payloads)))
    for row, text in enumerate(payloads):
        facts, tip, choices = shown.page.evaluate(TEXTS, row)
        # heading, site_id, the fields but the name (which is the heading), document, note and who
        assert sum(text in told for told in facts) == 1 + 1 + len(FIELDS) - 1 + 3, facts
        assert text in tip
        assert text in choices
        if text.isprintable():  # a line of input takes no line breaks
            shown.page.fill("#search", text)
            assert shown.page.evaluate("document.querySelectorAll('#found [role=option]').length") >= 1
    assert shown.page.evaluate("document.querySelector('h1').textContent") == "".join(payloads)
    assert shown.page.evaluate("window.ran") is None
    assert shown.page.evaluate("document.querySelectorAll('img, iframe, object, embed, form').length") == 0
    assert not (tmp_path / "made").exists()


def test_what_a_finding_and_a_photo_s_name_say_is_text(opened: Callable[[folium.Map], Opened], tmp_path: Path) -> None:
    payloads = [*PAYLOADS, starts_a_program(tmp_path / "made")]
    rows = [{"geometry": square(105 + k / 10, 25, 0.05), "site_id": text} for k, text in enumerate(payloads)]
    levels: tuple[Level, ...] = ("error", "warning", "note")
    marks = [
        maps.Mark(code=f"S{k}", level=levels[k % 3], state=text, is_waived=False, about=text, where=text, message=text, way_out=text,
                  place=None, sites=(text,))
        for k, text in enumerate(payloads)
    ]  # fmt: skip
    picture = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(picture, "JPEG")
    photos = maps.Photos(tuple(Photo(text, text, picture.getvalue()) for text in payloads), ())
    shown = opened(maps.build(sites_of(*rows), marks=marks, photos=photos))
    page = shown.page
    page.click(".problems summary")
    abouts = page.locator(".problems .row small").evaluate_all("all => all.map(one => one.textContent)")
    assert sorted(abouts) == sorted(payloads)
    for row, text in enumerate(payloads):
        page.evaluate("row => restoration.opened.facts.show([row])", row)
        page.wait_for_selector(".problem-list li")
        page.wait_for_selector(".strip button")
        told = page.locator(".problem-list :is(small, .message, .quiet)").evaluate_all("all => all.map(one => one.textContent)")
        assert sum(text in one for one in told) == 3, told
        page.locator(".strip button").click()
        assert page.evaluate("document.querySelector('.photo p').textContent") == text
        page.keyboard.press("Escape")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("[...document.images].every(image => image.src.startsWith('blob:'))")
    assert page.evaluate("document.querySelectorAll('iframe, object, embed, form').length") == 0
    assert not (tmp_path / "made").exists()


def test_labels_of_an_office_s_own_table_are_text_too(opened: Callable[[folium.Map], Opened], tmp_path: Path) -> None:
    text = "".join(PAYLOADS[:12]) + starts_a_program(tmp_path / "made")
    known = lifecycle.table()
    label = Text(text, text)
    own = replace(
        known,
        layers=dict.fromkeys(known.layers, label),
        groups=dict.fromkeys(known.groups, label),
        measures={code: replace(measure, label=label) for code, measure in known.measures.items()},
        statuses={code: replace(status, label=label) for code, status in known.statuses.items()},
    )
    made = maps.build(sites_of({"geometry": square(105, 25), "measure": "afforestation"}), table=own)
    folium.LayerControl(collapsed=False).add_to(made)
    shown = opened(made)
    for selector in (".row .name", ".layer-name .name", ".layer li .name", ".leaflet-control-layers-overlays label"):
        assert shown.page.evaluate(f"document.querySelector('{selector}').textContent.trim()") == text
    assert shown.page.evaluate("window.ran") is None
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("feature", ["geojson", "tooltip", "layer name", "attribution"])
def test_on_our_page_folium_s_own_features_do_not_run_python(feature: str, tmp_path: Path) -> None:
    text = starts_a_program(tmp_path / "made")
    made = maps.build(sites_of({"geometry": square(105, 25)}))
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [105, 25]}, "properties": {"name": text}}
    features: dict[str, MacroElement] = {
        "geojson": folium.GeoJson({"type": "FeatureCollection", "features": [point]}),
        "tooltip": folium.Marker([25, 105], tooltip=text),
        "layer name": folium.FeatureGroup(name=text),
        "attribution": folium.TileLayer("https://tiles.example.cn/{z}/{x}/{y}", attr=text),
    }
    made.add_child(features[feature])
    folium.LayerControl().add_to(made)
    with suppress(BadRequest):  # where folium cannot even read the text, the error names the feature
        maps.save(made, tmp_path / "map.html", allow_outside=True)
    assert not (tmp_path / "made").exists()


def test_text_that_folium_would_read_as_a_template_is_named() -> None:
    made = maps.build(sites_of({"geometry": square(105, 25)}))
    folium.FeatureGroup(name="{% if").add_to(made)
    folium.LayerControl().add_to(made)
    with pytest.raises(BadRequest, match=r"(?s)\{%.*inert"):
        made.get_root().render()


def test_a_feature_put_on_a_stock_map_is_as_safe(tmp_path: Path) -> None:
    text = starts_a_program(tmp_path / "made") + "".join(PAYLOADS)
    made = maps.build(sites_of({"geometry": square(105, 25), "name": text}), title=text)
    stock = folium.Map(tiles=None)
    for child in list(made._children.values()):
        stock.add_child(child)
    html = stock.get_root().render()
    assert not (tmp_path / "made").exists()
    assert "window.ran=1</script>" not in html


@pytest.mark.parametrize("text", [*PAYLOADS, "\ud800", "{" * 5 + "%"])
def test_json_means_nothing_to_html_or_jinja(text: str) -> None:
    made = as_json({"a": {"b": [text]}})
    made.encode("utf-8")
    assert [sign for sign in ("<", ">", "&", "\u2028", "\u2029", "{{", "{%", "{#") if sign in made] == []


@pytest.mark.parametrize("text", PAYLOADS)
def test_an_inert_label_means_nothing_to_html_javascript_or_jinja(text: str) -> None:
    assert set("<>{}$\\`\"'").isdisjoint(inert(text))
