"""Whatever bytes come: a text that our own readers parse is read or refused in our own words, in little time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restoration import readers
from restoration.errors import RestorationError

from ..corpus.make import CASES

SEEDS: dict[str, Sequence[str]] = {
    ".kml": ("kml-hole", "kml-data", "kml-gx-array", "kml-lines"),
    ".ovkml": ("ovkml-gcj", "ovkml-unknown"),
    ".ovjsn": ("ovjsn", "ovjsn-gcj"),
    ".gpx": ("gpx", "gpx-gap-small", "gpx-waypoints"),
    ".geojson": ("mixed-collection", "odd-type", "area-words", "crs-link"),
    ".geojsonl": ("geojsonl", "geojsonseq"),
    ".csv": ("csv-wkt-bad-row", "csv-wkt-srid", "table-csv-gbk", "areas-by-column"),
    ".txt": ("txt-gbk", "txt-hole", "dms-primes", "dms-packed", "areas-deduct", "licence"),
}
"""By suffix, the cases of the corpus that are spoiled."""
CHUNKS = (
    b"", b"\0", b"\xff", b"\n", b",", b"<", b">", b"]]>", b"&#x0;", b"nan", b"-inf", b"1e999", b"9" * 400, b"[" * 300, b"{}", b"null",
    b"60", "面".encode(), "\u202e".encode(), b"EMPTY", b"((", b"@", b"J1,1,", b'"', b"\x1e", b"POLYGON", b"GEOMETRYCOLLECTION(",
    b"\xef\xbb\xbf",
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(CHUNKS), st.booleans()), min_size=1, max_size=8)
"""Where (as a share of the whole), how many bytes go, what comes instead, whether what went comes twice."""
SOON = timedelta(seconds=20)


@cache
def content_of(case: str, folder: Path) -> bytes:
    """The bytes of a case of the corpus."""
    return CASES[case].make(folder).read_bytes()


def spoiled(content: bytes, edits: Sequence[tuple[float, int, bytes, bool]]) -> bytes:
    """The content with parts of it cut out, put in twice, or others put in."""
    for share, count, chunk, doubled in edits:
        at = int(share * len(content))
        content = content[:at] + chunk + (content[at : at + count] * 2 if doubled else b"") + content[at + count :]
    return content


def require_own_words(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for crs in (None, "EPSG:4490", "EPSG:4523"):
        with suppress(RestorationError):
            layers, _ = readers.read(path, crs=crs)
            for layer in layers:
                with suppress(RestorationError):
                    readers.intake(layer, given=readers.Given(measure="人工造林", plan_year=2021))


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=30, deadline=SOON)
@given(data=st.data())
def test_a_spoiled_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = content_of(data.draw(st.sampled_from(SEEDS[suffix])), folder)
    require_own_words(folder / f"any{suffix}", spoiled(content, data.draw(EDITS)))


@pytest.mark.parametrize("suffix", SEEDS)
@settings(max_examples=20, deadline=SOON)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes) -> None:
    require_own_words(tmp_path_factory.getbasetemp() / f"any{suffix}", content)


@pytest.mark.parametrize("case", ["dxf", "zip-shp", "zip-gbk-names"])
@settings(max_examples=5, deadline=None)
@given(edits=EDITS)
def test_a_spoiled_drawing_or_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, case: str, edits: Sequence[tuple[float, int, bytes, bool]]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = folder / f"any{'.dxf' if case == 'dxf' else '.zip'}"
    path.write_bytes(spoiled(content_of(case, folder), edits))
    with suppress(RestorationError):
        readers.read(path, crs="EPSG:4544")
