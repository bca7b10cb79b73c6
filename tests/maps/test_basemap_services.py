"""Which service a word means, what is refused, and which hosts a page may ask."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from restoration import maps
from restoration.cli import main
from restoration.data import builtin
from restoration.errors import BadRequest, FileRefused, UnknownName
from restoration.maps.basemaps import Service
from restoration.maps.basemaps.services import service
from restoration.text import speaking

from .conftest import sites_of, square

KEY = "0123456789abcdef"
OWN = """
[[service]]
code = "bureau"
zh = "局影像"
en = "Bureau imagery"
urls = ["http://10.0.0.5:8080/img/{z}/{x}/{y}.png"]
attribution = "本局"
source = "局信息科"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with speaking("zh"):
        assert main(["init", str(tmp_path / "p.gpkg")]) == 0
    return tmp_path / "p.gpkg"


def policy_of(page: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("row", builtin("basemaps")["service"], ids=lambda row: str(row["code"]))
def test_every_service_of_the_table_is_sourced_and_found_by_each_of_its_names(row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIANDITU_TK", KEY)
    assert row["source"]
    assert row["attribution"]
    for name in (row["zh"], row["en"], row["code"], f" {row['en'].upper()} "):
        found = service(name)
        assert found.urls == tuple(url.replace("{key}", KEY) for url in row["urls"])
        assert all("_c" not in url.replace("zh_cn", "") for url in found.urls), "the grid of degrees does not fit"


def test_a_service_that_needs_a_key_is_refused_without_one_in_two_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIANDITU_TK", raising=False)
    with speaking("zh"), pytest.raises(BadRequest) as refused:
        service("天地图影像")
    assert str(refused.value).split("\n") == [
        "天地图影像要用密钥，环境变量 TIANDITU_TK 里没有。",
        "请到 console.tianditu.gov.cn 免费申请，再运行 set TIANDITU_TK=密钥（Linux 用 export）后重试。",
    ]


@pytest.mark.parametrize("key", ["a&x=https://example.cn", "<script>abc", "short", "密钥密钥密钥密钥"])
def test_a_key_that_is_none_never_reaches_a_page(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIANDITU_TK", key)
    with pytest.raises(BadRequest, match="TIANDITU_TK") as refused:
        service("tianditu_vec")
    assert key not in str(refused.value)


def test_an_unknown_name_is_told_what_is_known() -> None:
    with pytest.raises(UnknownName, match="高德影像"), speaking("zh"):
        service("高德卫星")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.cn/tiles.png",
        "ftp://example.cn/{z}/{x}/{y}.png",
        "javascript://x/{z}/{x}/{y}",
        "https://user:word@example.cn/{z}/{x}/{y}.png",
        "https://exa mple.cn/{z}/{x}/{y}.png",
        "https://example.cn;script-src */{z}/{x}/{y}.png",
        "https://*/{z}/{x}/{y}.png",
        "https://{x}.example.cn/{z}/{y}",
        "https:///{z}/{x}/{y}.png",
        "https://例子.cn/{z}/{x}/{y}.png",
        "https://example.cn\n/{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(address: str) -> None:
    with pytest.raises(BadRequest):
        service(address)


def test_wmts_templates_are_taken_as_the_standard_writes_them() -> None:
    found = service("https://example.cn/wmts?LAYER=a&TILEMATRIXSET=w&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}")
    assert found.urls == ("https://example.cn/wmts?LAYER=a&TILEMATRIXSET=w&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",)


@pytest.mark.parametrize(
    "address",
    [
        "https://t0.tianditu.gov.cn/img_c/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "https://t0.tianditu.gov.cn/DataServer?T=img_c&x={x}&y={y}&l={z}",
        "https://example.cn/wmts?TileMatrixSet=EPSG:4490&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
    ],
)
def test_the_grid_of_degrees_is_refused(address: str) -> None:
    with pytest.raises(BadRequest, match="3857"):
        service(address)


@pytest.mark.parametrize(
    ("address", "datum"),
    [
        ("https://webst01.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}", "gcj02"),
        ("https://www.google.cn/maps/vt?lyrs=s&x={x}&y={y}&z={z}", "gcj02"),
        ("https://rt0.map.gtimg.com/tile?z={z}&x={x}&y={y}", "gcj02"),
        ("https://notautonavi.com/{z}/{x}/{y}.png", "cgcs2000"),
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "cgcs2000"),
    ],
)
def test_whose_hosts_shift_their_maps_is_known(address: str, datum: str) -> None:
    assert service(address).datum == datum


def test_baidu_is_refused() -> None:
    with pytest.raises(BadRequest, match="BD-09"):
        service("https://maponline0.bdimg.com/tile/?x={x}&y={y}&z={z}")


def test_the_page_asks_exactly_the_chosen_hosts_and_saving_wants_to_be_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIANDITU_TK", KEY)
    made = maps.build(sites_of({"geometry": square(105, 25)}), basemaps=[service("天地图影像"), service("amap_vec")])
    with pytest.raises(BadRequest, match="allow_outside"):
        maps.save(made, tmp_path / "a.html")
    page = maps.save(made, tmp_path / "a.html", allow_outside=True).read_text("utf-8")
    hosts = [*(f"https://t{n}.tianditu.gov.cn" for n in range(8)), *(f"https://wprd0{n}.is.autonavi.com" for n in range(1, 5))]
    before = policy_of(maps.build(sites_of({"geometry": square(105, 25)})).get_root().render())
    assert policy_of(page) == before.replace("img-src data: blob:", "img-src data: blob: " + " ".join(hosts))
    assert "*" not in policy_of(page)


def test_a_map_without_a_basemap_carries_nothing_of_them() -> None:
    made = maps.build(sites_of({"geometry": square(105, 25)}))
    page = made.get_root().render()
    assert made.get_root().references == []  # type: ignore[attr-defined]
    assert [word for word in ("basemap", "gcj02", "tianditu", "autonavi") if word in page] == []


def test_an_office_s_own_services_stand_beside_the_project(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project.parent / "basemaps.toml").write_text(OWN, "utf-8")
    out = project.parent / "a.html"
    assert main(["map", str(out), "--project", str(project), "--basemap", "局影像"]) == 0
    assert "img-src data: blob: http://10.0.0.5:8080;" in policy_of(out.read_text("utf-8"))
    assert "底图要联网" in capsys.readouterr().out


@pytest.mark.parametrize(
    "own",
    [
        OWN.replace('source = "局信息科"', ""),
        OWN + 'key_from = "HOME"\n',
        OWN.replace('urls = ["', "urls = [1]\nx = ["),
        OWN.replace("[[service]]", "[service]"),
        OWN + "max_zoom = '18'\n",
        "service = 5",
    ],
)
def test_a_table_of_services_that_is_not_right_is_refused(own: str, tmp_path: Path) -> None:
    (tmp_path / "basemaps.toml").write_text(own, "utf-8")
    with pytest.raises(FileRefused):
        service("bureau", own=tmp_path / "basemaps.toml")


def test_the_datum_of_an_own_service_must_be_known(tmp_path: Path) -> None:
    (tmp_path / "basemaps.toml").write_text(OWN + 'datum = "beijing54"\n', "utf-8")
    with pytest.raises(UnknownName, match="gcj02"):
        service("bureau", own=tmp_path / "basemaps.toml")


def test_the_command_tells_of_network_key_datum_and_review(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIANDITU_TK", KEY)
    out = project.parent / "a.html"
    ask = ["map", str(out), "--project", str(project), "--basemap", "天地图影像", "--basemap", "高德影像", "--public"]
    with speaking("zh"):
        assert main(ask) == 0
        told = capsys.readouterr().out
        assert main([*ask, "--review-no", "黔S(2026)001号"]) == 0
    for words in ("底图要联网", "都能读到", "GCJ-02", "面积都不变", "审图号"):
        assert words in told
    assert "须送审" not in capsys.readouterr().out
    assert "黔S(2026)001号" in out.read_text("utf-8")
    assert KEY in out.read_text("utf-8")


def test_without_a_key_nothing_is_written(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("TIANDITU_TK", raising=False)
    assert main(["map", str(project.parent / "a.html"), "--project", str(project), "--basemap", "天地图影像"]) == 2
    assert "TIANDITU_TK" in capsys.readouterr().err
    assert not (project.parent / "a.html").exists()


def test_an_analyst_s_own_service_is_checked_as_well() -> None:
    with pytest.raises(BadRequest):
        Service(name="a", urls=("https://example.cn/{z}/{x}",))
    with pytest.raises(UnknownName):
        Service(name="a", urls=("https://example.cn/{z}/{x}/{y}",), datum="bd09")  # type: ignore[arg-type]
