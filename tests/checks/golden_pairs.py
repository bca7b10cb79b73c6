"""Golden pairs: ``S101.geojson`` goes in, ``S101.txt`` is what is printed, in Chinese, a line ``---``, and in English.

What a rule needs stands in ``S206.against.geojson``: each feature's ``kind`` says of which reference layer it is, ``photos`` are files.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import geopandas as gpd

from restoration import checks
from restoration.model import Finding
from restoration.text import LANGUAGES, speaking

FOLDER = Path(__file__).parent / "golden"
TODAY = date(2026, 6, 30)


def sites_of(file: Path) -> gpd.GeoDataFrame:
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return gpd.GeoDataFrame.from_features(features, crs=4490)


def against(file: Path) -> tuple[dict[str, gpd.GeoDataFrame], list[str] | None]:
    """The reference layers and the photos that are given beside a golden file."""
    beside = file.with_suffix(".against.geojson")
    if not beside.exists():
        return {}, None
    given = json.loads(beside.read_text(encoding="utf-8"))
    layers: dict[str, list[dict[str, object]]] = {}
    for feature in given["features"]:
        layers.setdefault(feature["properties"]["kind"], []).append(feature)
    return {kind: gpd.GeoDataFrame.from_features(features, crs=4490) for kind, features in layers.items()}, given.get("photos")


def findings_of(file: Path) -> list[Finding]:
    references, photos = against(file)
    found = checks.check(sites_of(file), today=TODAY, references=references, photos=photos)
    return [finding for finding in found if finding.code == file.stem]


def printed(findings: list[Finding]) -> str:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append("\n".join(f"{f.level} {f.code} {f.site_id} {f.other_site_id or '-'}: {f.message}" for f in findings))
    return "\n---\n".join(said) + "\n"


def differences(folder: Path, codes: tuple[str, ...]) -> list[str]:
    """What does not hold of a folder of golden pairs; nothing if all is well."""
    wrong = []
    for code in codes:
        given, expected = folder / f"{code}.geojson", folder / f"{code}.txt"
        if not given.exists() or not expected.exists():
            wrong.append(f"{code}: no golden pair")
            continue
        findings = findings_of(given)
        named = {site for finding in findings for site in (finding.site_id, finding.other_site_id)}
        if printed(findings) != expected.read_text(encoding="utf-8"):
            wrong.append(f"{code}: printed differs")
        if not findings:
            wrong.append(f"{code}: no case that is found")
        if set(sites_of(given)["site_id"]) <= named:
            wrong.append(f"{code}: no case that is right")
    strangers = {file.name.split(".")[0] for file in folder.iterdir()} - set(codes)
    return wrong + [f"{code}: no such rule" for code in sorted(strangers)]
