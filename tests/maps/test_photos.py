"""Photos on a map: whose they are, what is left of them, and how they are shown."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import folium
import pytest
from PIL import Image

from restoration import lifecycle, maps
from restoration.errors import BadRequest, NotFound
from restoration.frame import as_frame
from restoration.text import speaking

from .conftest import Opened, payload_of, sites_of, square

Open = Callable[[folium.Map], Opened]
SITES = as_frame(
    sites_of(
        {"geometry": square(105.1, 25.1), "site_id": "FSYL-2021-1", "source_id": "1", "village": "红岩村", "name": "红岩1班"},
        {"geometry": square(105.2, 25.1), "site_id": "FSYL-2021-2", "source_id": "2", "village": "白岩村"},
        {"geometry": square(105.3, 25.1), "site_id": "RGZL-2021-2", "source_id": "2", "village": "黑岩村", "measure": "afforestation"},
    ),
    table=lifecycle.table(),
)


def photo(path: Path, *, size: tuple[int, int] = (1600, 900), colour: str = "red", turned: int = 1) -> Path:
    """A photo as a phone takes it: with a place in its EXIF, and perhaps on its side."""
    path.parent.mkdir(exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "PHONE-OF-A-PERSON"
    exif.get_ifd(0x8825)[2] = (25.0, 6.0, 0.0)
    Image.new("RGB", size, colour).save(path, exif=exif)
    return path


def test_photos_go_to_the_sites_that_their_names_say_and_carry_no_place(tmp_path: Path) -> None:
    folder = tmp_path / "照片"
    photo(folder / "FSYL-2021-1_1.jpg", turned=6)
    photo(folder / "FSYL-2021-1_2.png", size=(300, 200))
    photo(folder / "白岩村_2_1.jpg", colour="blue")
    photo(folder / "2_1.jpg")  # of two sites that have this number
    photo(folder / "龙广镇会议.jpg")
    (folder / "黑岩村_2.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    held = maps.site_photos(folder, sites=SITES)
    assert [(one.site_id, one.name) for one in held.photos] == [
        ("FSYL-2021-1", "FSYL-2021-1_1.jpg"), ("FSYL-2021-1", "FSYL-2021-1_2.png"), ("FSYL-2021-2", "白岩村_2_1.jpg"),
    ]  # fmt: skip
    pictures = [Image.open(io.BytesIO(one.jpeg)) for one in held.photos]
    assert [(one.format, one.size) for one in pictures] == [("JPEG", (405, 720)), ("JPEG", (300, 200)), ("JPEG", (720, 405))]
    assert all(not one.getexif() for one in pictures)
    assert not any(b"PHONE-OF" in one.jpeg for one in held.photos)
    assert [re.sub(r"[\d.]+ MB", "N MB", text.zh) for text in held.told] == [
        "照片：3 张（2 个小班，N MB）写进了地图文件，拍摄地点、时间等信息已去掉。",
        "2 个文件的名称对不上任何小班，没有放进去。",
        "1 张读不了（不是 jpg、png 等，或已损坏）：黑岩村_2.jpg",
    ]


def test_a_huge_or_disguised_picture_is_left_out_and_the_rest_stay(tmp_path: Path) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "FSYL-2021-1_1.png")  # a few kB, 144 million pixels
    (tmp_path / "FSYL-2021-1_2.jpg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n")
    (tmp_path / "FSYL-2021-1_3.jpg").write_bytes(b"")
    photo(tmp_path / "FSYL-2021-1_4.jpg")
    held = maps.site_photos(tmp_path, sites=SITES)
    assert [one.name for one in held.photos] == ["FSYL-2021-1_4.jpg"]
    assert held.told[-1].zh.startswith("3 张读不了")


def test_of_many_photos_the_first_are_taken_and_the_rest_told(tmp_path: Path) -> None:
    for number in range(1, 9):
        photo(tmp_path / f"FSYL-2021-1_{number}.jpg", size=(40, 30))
    held = maps.site_photos(tmp_path, sites=SITES)
    assert [one.name for one in held.photos] == [f"FSYL-2021-1_{number}.jpg" for number in range(1, 7)]
    assert held.told[-1].zh == "2 张超出每班张数或总大小，没有放进去。"
    with pytest.raises(NotFound):
        maps.site_photos(tmp_path / "nowhere", sites=SITES)


def test_where_there_is_no_room_every_site_has_one_before_any_has_two(tmp_path: Path) -> None:
    for site in SITES["site_id"]:
        for number in range(1, 4):
            photo(tmp_path / f"{site}_{number}.jpg", size=(40, 30))
    one = len(maps.site_photos(tmp_path, sites=SITES).photos[0].jpeg) / 1e6
    held = maps.site_photos(tmp_path, sites=SITES, most_mb=4.5 * one)
    assert [photo.name for photo in held.photos] == [
        "FSYL-2021-1_1.jpg", "FSYL-2021-1_2.jpg", "FSYL-2021-2_1.jpg", "RGZL-2021-2_1.jpg",
    ]  # fmt: skip
    assert held.told[-1].zh == "5 张超出每班张数或总大小，没有放进去。"
    held = maps.site_photos(tmp_path, sites=SITES, most_mb=1.5 * one)
    assert [photo.name for photo in held.photos] == ["FSYL-2021-1_1.jpg"]
    assert held.told[-1].zh == "其中 2 个小班的照片一张也没放下。"


def test_a_site_shows_its_photos_one_at_a_time(opened: Open, tmp_path: Path) -> None:
    photo(tmp_path / "FSYL-2021-1_1.jpg")
    hostile = "" if os.name == "nt" else "<img src=x onerror=alert(1)>"
    photo(tmp_path / f"FSYL-2021-1_2_{hostile}.jpg", colour="blue")
    with speaking("zh"):
        shown = opened(maps.build(SITES, photos=maps.site_photos(tmp_path, sites=SITES)))
    page = shown.page
    shown.click(105.11, 25.11)
    page.wait_for_selector(".strip img")
    assert page.locator(".strip img").evaluate_all("all => all.map(one => one.complete && one.naturalWidth)") == [720, 720]
    page.locator(".strip button").first.click()
    assert page.locator(".photo p").inner_text() == "FSYL-2021-1_1.jpg  1 / 2"
    page.keyboard.press("ArrowRight")
    assert page.locator(".photo p").inner_text().endswith(".jpg  2 / 2")
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    page.keyboard.press("Escape")
    assert page.locator(".photo").count() == 0
    assert shown.texts(".facts h2") == ["红岩1班"], "the card stays open"
    shown.click(105.21, 25.11)
    page.wait_for_timeout(200)
    assert page.locator(".strip").count() == 0


def test_no_photo_is_on_a_map_for_others(tmp_path: Path) -> None:
    photo(tmp_path / "FSYL-2021-1_1.jpg")
    held = maps.site_photos(tmp_path, sites=SITES)
    with pytest.raises(BadRequest):
        maps.build(SITES, photos=held, public=True)
    _, packs = payload_of(maps.build(SITES, photos=held))
    assert packs["photos"]["pictures"] == held.photos[0].jpeg
