"""The readers that parse bytes themselves, each as a function that takes any bytes; and the corpus as seeds for them.

The formats that GDAL parses are left out: they run in a child process, which may come to grief.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from restoration import readers
from restoration.errors import RestorationError
from restoration.readers import dbf, workbook
from restoration.readers.angles import as_angle
from restoration.readers.cells import as_area, as_date, as_number, as_year, as_years
from restoration.readers.crs import Wish
from restoration.readers.members import Source, opened
from restoration.readers.reading import _FORMATS, _layer
from restoration.readers.rule import Where

GIVEN = readers.Given(measure="人工造林", plan_year=2021)
WISHES = (Wish("auto"), Wish("EPSG:4523"), Wish(), Wish("EPSG:2359", shift=(1.0, 2.0, 0.0, 0.0)))
TEXTS = {
    "geojson": ".geojson",
    "geojsonseq": ".geojsonl",
    "kml": ".kml",
    "ovjsn": ".ovjsn",
    "gpx": ".gpx",
    "wkt": ".csv",
    "corners": ".txt",
}
EVERY = 4
"""One in so many inputs goes the whole way, by its length: on the map, sifted, its columns understood. That takes most of the time."""


def of_format(kind: str) -> Callable[[bytes], None]:
    """Reads a text of one format."""

    def read(content: bytes) -> None:
        source = Source(f"f{TEXTS[kind]}", "f", kind, {TEXTS[kind]: content})
        raw = _FORMATS[kind].read_one(source, "f", given_encoding=None)
        if len(content) % EVERY == 0:
            layer, _ = _layer(raw, WISHES[len(content) // EVERY % len(WISHES)], "", source.file)
            readers.intake(layer, given=GIVEN)

    return read


def table(content: bytes) -> None:
    """Reads the attribute table of a shapefile."""
    dbf.parsed(content, where=Where("f.shp", "f"))


def archive(content: bytes) -> None:
    """Opens an archive, without reading what is in it."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(content)
        file.flush()
        opened(Path(file.name))


def sheets(content: bytes) -> None:
    """Lists the sheets of a workbook."""
    workbook.names(Source("f.xlsx", "f", "workbook", {".xlsx": content}))


def cell(content: bytes) -> None:
    """Reads one cell as anything that a cell may be; for one that is none the parsers raise ValueError."""
    text = content.decode("utf-8", errors="replace")
    for parse in (as_angle, lambda said: as_angle(said, packed=True), as_area, as_date, as_number, as_year, as_years):
        try:
            parse(text)
        except ValueError:
            continue


READERS: dict[str, Callable[[bytes], None]] = {
    **{kind: of_format(kind) for kind in TEXTS}, "table": table, "archive": archive, "sheets": sheets, "cell": cell,
}  # fmt: skip
CELLS = ("105°13′05.12″", "105-13-05.12", "300亩", "2021年3月5日", "1,234.5e3", "E105度13分5.12秒")


def one_input(content: bytes) -> None:
    """One input: the first byte says which reader gets the rest; only our own errors may come out."""
    if content:
        try:
            list(READERS.values())[content[0] % len(READERS)](content[1:])
        except RestorationError:
            return


def write_seeds(folder: Path) -> None:
    """The texts, tables and archives of the corpus, each with the byte of its reader before it."""
    from tests.corpus.make import write  # noqa: PLC0415 - only who asks for seeds has need of it

    folder.mkdir(parents=True, exist_ok=True)
    known = {suffix: kind for kind, suffix in TEXTS.items()}
    known |= {".ovkml": "kml", ".json": "geojson", ".dbf": "table", ".zip": "archive", ".xlsx": "sheets"}
    order = list(READERS)
    with tempfile.TemporaryDirectory() as corpus:
        for name, path in write(Path(corpus)).items():
            for part in (one for one in sorted(path.parent.iterdir()) if one.is_file() and one.suffix in known):
                kind = "corners" if part.suffix == ".csv" and not name.startswith("csv-wkt") else known[part.suffix]
                (folder / f"{name}{part.suffix}").write_bytes(bytes([order.index(kind)]) + part.read_bytes())
    for at, text in enumerate(CELLS):
        (folder / f"cell-{at}").write_bytes(bytes([order.index("cell")]) + text.encode())
