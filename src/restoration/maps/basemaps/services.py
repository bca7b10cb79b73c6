"""Which service a word means: one of `data/basemaps.toml`, one of the office's own, or an address."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...data import builtin, from_file
from ...errors import BadRequest, FileRefused, UnknownName
from ...text import Text
from .kinds import SHIFTED, Datum, Service

_FIELDS = {"code", "zh", "en", "urls", "subdomains", "max_zoom", "datum", "attribution", "source"}
_NEEDED = {"code", "zh", "en", "urls", "attribution", "source"}
_OGC = {"tilematrix": "{z}", "tilerow": "{y}", "tilecol": "{x}"}
_OTHER_GRID = re.compile(r"tilematrixset=(c\b|[^&]*(4326|4490))|/\w+_c/wmts|[?&]T=\w+_c\b", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")
_USUAL_SUBDOMAINS = ("a", "b", "c")


def service(word: str, *, own: Path | None = None) -> Service:
    """The service that a name, a code or an address means.

    Parameters
    ----------
    word
        A name of the table in either language, its code, or an address with ``{z}``, ``{x}``, ``{y}`` (``{s}`` is a, b or c), also one
        of WMTS with ``{TileMatrix}``, ``{TileRow}``, ``{TileCol}``.
    own
        An office's own table.

    Raises
    ------
    UnknownName
        No service has that name.
    BadRequest
        The service needs a key and there is none, or the address is of no use.
    FileRefused
        The office's own table is not written as it should be.
    """
    if "://" in word:
        return _of_address(word)
    rows = {row["code"]: row for row in (*builtin("basemaps")["service"], *_own(own))}
    found = next((row for row in rows.values() if word.strip().casefold() in _names(row)), None)
    if found is None:
        raise UnknownName(Text("底图", "basemap"), word, [str(label_of(row)) for row in rows.values()])
    return _of_row(found)


def label_of(row: Mapping[str, Any]) -> Text:
    """What a service of the table is called."""
    return Text(row["zh"], row["en"])


def _names(row: Mapping[str, Any]) -> set[str]:
    return {str(row[name]).casefold() for name in ("code", "zh", "en")}


def _own(path: Path | None) -> list[dict[str, Any]]:
    rows = from_file(path).get("service", []) if path is not None else []
    for row in rows if isinstance(rows, list) else [None]:
        right = isinstance(row, dict) and set(row) <= _FIELDS and set(row) >= _NEEDED and _typed(row)
        if not right:
            raise FileRefused(
                Text(f"{path} 里有一个底图写得不对。", f"A service in {path} is not written as it should be."),
                Text(
                    f"每个 [[service]] 要写 {'、'.join(sorted(_NEEDED))}，可写 {'、'.join(sorted(_FIELDS - _NEEDED))}。",
                    f"Each [[service]] has {', '.join(sorted(_NEEDED))}, and may have {', '.join(sorted(_FIELDS - _NEEDED))}.",
                ),
            )
    return list(rows)


def _typed(row: Mapping[str, Any]) -> bool:
    lists = all(isinstance(part, str) for name in ("urls", "subdomains") for part in row.get(name, []))
    texts = all(isinstance(row.get(name, ""), str) for name in _FIELDS - {"urls", "subdomains", "max_zoom"})
    return lists and texts and isinstance(row.get("max_zoom", 18), int) and isinstance(row["urls"], list)


def _of_row(row: Mapping[str, Any]) -> Service:
    told = [_needs_network(str(label_of(row)))]
    urls = [str(url) for url in row["urls"]]
    if "key_from" in row:
        key = _key(str(label_of(row)), row["key_from"])
        urls = [url.replace("{key}", key) for url in urls]
        told.append(_key_shown(row["key_from"]))
    datum: Datum = row.get("datum", "cgcs2000")
    return Service(
        name=str(label_of(row)),
        attribution=str(row["attribution"]),
        urls=tuple(urls),
        subdomains=tuple(row.get("subdomains", ())),
        max_zoom=row.get("max_zoom", 18),
        datum=datum,
        told=(*told, *([SHIFTED] if datum == "gcj02" else [])),
    )


def _of_address(address: str) -> Service:
    url = re.sub(r"\{(\w+)\}", lambda match: _OGC.get(match[1].lower(), match[0]), address.strip())
    host = urlsplit(url).hostname or "" if url.isprintable() else ""
    datum = _datum_of(url, host)
    if _OTHER_GRID.search(url):
        raise BadRequest(
            Text(
                "这个底图地址是经纬度格网（_c、EPSG:4326/4490）的，放不到地图上。",
                "That basemap is on the grid of EPSG:4326 and does not fit.",
            ),
            Text("请换 EPSG:3857 格网的地址（天地图用 _w）。", "Take the address of its EPSG:3857 grid (_w)."),
        )
    return Service(
        name=host,
        attribution=host,
        urls=(url,),
        subdomains=_USUAL_SUBDOMAINS if "{s}" in url else (),
        datum=datum,
        told=(_needs_network(host), *([SHIFTED] if datum == "gcj02" else [])),
    )


def _datum_of(url: str, host: str) -> Datum:
    """Whose hosts shift their maps is known; of another one it is taken that it does not."""
    shifted = builtin("basemaps")["shifted"]

    def one_of(hosts: list[str]) -> bool:
        return any(host == known or host.endswith(f".{known}") for known in hosts)

    if one_of(shifted["bd09"]):
        raise BadRequest(
            Text(
                f"{url} 是百度的瓦片：BD-09 坐标、自己的格网，放不到地图上。",
                f"{url} has tiles on BD-09 with a grid of their own, which do not fit.",
            ),
            Text("请换天地图等底图。", "Take another basemap, such as Tianditu."),
        )
    return "gcj02" if one_of(shifted["gcj02"]) else "cgcs2000"


def _key(name: str, variable: str) -> str:
    key = os.environ.get(variable, "").strip()
    if not key:
        raise BadRequest(
            Text(f"{name}要用密钥，环境变量 {variable} 里没有。", f"{name} needs a key, and {variable} is not set."),
            Text(
                f"请到 console.tianditu.gov.cn 免费申请，再运行 set {variable}=密钥（Linux 用 export）后重试。",
                f"Get one free at console.tianditu.gov.cn, then set {variable}=KEY (export on Linux) and try again.",
            ),
        )
    if not _KEY.fullmatch(key):
        raise BadRequest(
            Text(
                f"环境变量 {variable} 里的不像密钥：只能是字母、数字、- 和 _。", f"{variable} holds no key: letters, digits, - and _ only."
            ),
            Text("请从申请密钥的网页重新复制。", "Copy it again from where it was issued."),
        )
    return key


def _needs_network(name: str) -> Text:
    return Text(
        f"底图“{name}”：打开地图时从网上取；没有网络时其余照常显示。",
        f"Basemap {name!r}: the map needs the network for it; without, all else is shown.",
    )


def _key_shown(variable: str) -> Text:
    return Text(
        f"注意：{variable} 的密钥写在地图文件里，拿到文件的人都能读到；对外发布请用限定域名的密钥。",
        f"Mind: the key in {variable} stands in the map file and can be read by whoever has it; publish with a key bound to a site.",
    )
