"""Photographs that people hand in: facts read, copies that hold nothing but the picture, bounds."""

from __future__ import annotations

import subprocess
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from geo.domain.monitoring_codes import PhotoTime
from geo.errors import Refused
from geo.photos import Photograph, PhotoLimits, read_photograph
from tests.geo.camera_files import CANARY, corners, exif_block, heic, jpeg, png, png_bomb


def webp(*, exif: bytes | None = None) -> bytes:
    file = BytesIO()
    corners().save(file, "WEBP", exif=exif or exif_block(), xmp=b"<x>" + CANARY + b"</x>", quality=90)
    return file.getvalue()


def read(content: bytes, **limits: int) -> Photograph:
    return read_photograph(BytesIO(content), limits=PhotoLimits(**limits))


def shown(copy: bytes) -> Image.Image:
    image = Image.open(BytesIO(copy))
    image.load()
    return image


def refusal(content: bytes, **limits: int) -> str:
    with pytest.raises(Refused) as caught:
        read(content, **limits)
    return caught.value.key


MAKERS: dict[str, Callable[..., bytes]] = {"JPEG": jpeg, "PNG": png, "WEBP": webp, "HEIF": heic}


@pytest.mark.parametrize("kind", MAKERS)
def test_place_and_time_are_read_from_every_kind(kind: str) -> None:
    photo = read(MAKERS[kind](exif=exif_block(zone="+05:00", accuracy=4.75)))
    assert photo.format == kind
    assert (photo.width_px, photo.height_px) == (400, 300)
    assert photo.facts.lon == pytest.approx(78.2385, abs=1e-6)
    assert photo.facts.lat == pytest.approx(42.495, abs=1e-6)
    assert photo.facts.accuracy_m == pytest.approx(4.75)
    assert photo.facts.taken_at == datetime(2014, 11, 19, 5, 30, tzinfo=UTC)
    assert photo.facts.time_source is PhotoTime.CAMERA_WITH_ZONE


@pytest.mark.parametrize("kind", MAKERS)
def test_no_block_of_the_original_is_in_a_copy(kind: str) -> None:
    original = MAKERS[kind]()
    assert CANARY in original
    photo = read(original)
    for copy in (photo.large, photo.small):
        assert CANARY not in copy
        assert b"script" not in copy.lower()
        assert markers(copy) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA}  # JFIF, tables, frame, scans: no APP1, no COM
        assert copy.endswith(b"\xff\xd9")
        image = shown(copy)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info)


def markers(content: bytes) -> set[int]:
    """Kinds of the segments of a JPEG before its first scan."""
    at, found = 2, set()
    while content[at + 1] != 0xDA:
        assert content[at] == 0xFF
        found.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found | {0xDA}


def test_the_copies_have_their_sizes_and_small_pictures_are_not_blown_up() -> None:
    photo = read(jpeg(corners(4000, 3000)))
    assert shown(photo.large).size == (1600, 1200)
    assert shown(photo.small).size == (320, 240)
    assert (photo.width_px, photo.height_px) == (4000, 3000)
    little = read(png(corners(200, 100)))
    assert shown(little.large).size == shown(little.small).size == (200, 100)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_copy_is_upright_however_the_camera_was_held(orientation: int) -> None:
    # How each orientation stores an upright picture: the inverse of EXIF 2.32, 4.6.4 A, written out by hand.
    way = Image.Transpose
    stored = {
        1: None,
        2: way.FLIP_LEFT_RIGHT,
        3: way.ROTATE_180,
        4: way.FLIP_TOP_BOTTOM,
        5: way.TRANSPOSE,
        6: way.ROTATE_90,
        7: way.TRANSVERSE,
        8: way.ROTATE_270,
    }[orientation]
    image = corners() if stored is None else corners().transpose(stored)
    photo = read(jpeg(image, exif=exif_block(orientation=orientation)))
    assert (photo.width_px, photo.height_px) == (400, 300)
    copy = shown(photo.large)
    assert copy.size == (400, 300)
    assert [nearest(copy.getpixel(at)) for at in ((50, 50), (350, 50), (50, 250), (350, 250))] == [
        "red",
        "green",
        "blue",
        "white",
    ]


def nearest(colour: object) -> str:
    known = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    assert isinstance(colour, tuple)
    return min(known, key=lambda name: sum(abs(a - b) for a, b in zip(known[name], colour, strict=True)))


def test_colours_are_turned_into_srgb() -> None:
    # A profile that calls red what others call blue: with its colourants exchanged, red pixels show as blue.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = srgb.replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"????", b"bXYZ", 1)
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    assert nearest(shown(read(jpeg(red)).large).getpixel((32, 32))) == "red"
    assert nearest(shown(read(jpeg(red, icc=exchanged)).large).getpixel((32, 32))) == "blue"


def test_a_damaged_profile_leaves_the_numbers_as_they_are() -> None:
    brown = Image.new("RGB", (64, 64), (200, 100, 50))
    copy = shown(read(jpeg(brown, icc=b"not a profile" * 20)).large)
    assert copy.getpixel((32, 32)) == pytest.approx((200, 100, 50), abs=4)


def test_colours_of_print_become_those_of_a_screen() -> None:
    cmyk = BytesIO()
    Image.new("CMYK", (64, 64), (0, 255, 255, 0)).save(cmyk, "JPEG", quality=95)
    assert nearest(shown(read(cmyk.getvalue()).large).getpixel((32, 32))) == "red"


def test_transparent_and_deep_pictures_become_plain_ones() -> None:
    clear = BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(clear, "PNG")
    assert shown(read(clear.getvalue()).large).getpixel((20, 20)) == (255, 255, 255)
    deep = BytesIO()
    Image.new("I;16", (40, 40), 32768).save(deep, "PNG")
    assert shown(read(deep.getvalue()).large).getpixel((20, 20)) == pytest.approx((128, 128, 128), abs=3)


def test_times_rest_on_the_best_that_is_there() -> None:
    satellite = read(jpeg(exif=exif_block(satellite=True))).facts
    assert satellite.taken_at == datetime(2014, 11, 19, 4, 31, 15, tzinfo=UTC)
    assert satellite.time_source is PhotoTime.SATELLITE
    plain = read(jpeg(exif=exif_block())).facts
    assert plain.taken_at == datetime(2014, 11, 19, 4, 30, tzinfo=UTC)
    assert plain.time_source is PhotoTime.CAMERA


@pytest.mark.parametrize(
    "facts",
    [
        {"taken": "0000:00:00 00:00:00"},
        {"taken": "1970:01:01 00:00:00"},
        {"taken": "2199:01:01 00:00:00"},
        {"taken": "yesterday"},
    ],
)
def test_impossible_times_are_left_out(facts: dict[str, str]) -> None:
    photo = read(jpeg(exif=exif_block(**facts)))  # type: ignore[arg-type]
    assert photo.facts.taken_at is None
    assert photo.facts.time_source is None
    assert photo.facts.lon is not None


@pytest.mark.parametrize("place", [{"lon": 0.0, "lat": 0.0}, {"lon": 190.0}, {"lat": 95.0}, {"lon": None}])
def test_impossible_places_are_left_out(place: dict[str, float]) -> None:
    photo = read(jpeg(exif=exif_block(**place, accuracy=5.0)))  # type: ignore[arg-type]
    assert photo.facts.lon is None
    assert photo.facts.lat is None
    assert photo.facts.accuracy_m is None


def test_damaged_facts_do_not_cost_the_picture() -> None:
    content = jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(200))
    assert shown(read(content).large).size == (400, 300)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
        b"II*\0" + bytes(100),
        b"MZ" + bytes(100),
        b"\0\0\0\x1cftypavif" + bytes(100),
        b"<html>\xff\xd8\xff</html>",
    ],
)
def test_other_files_are_refused_by_their_content(content: bytes) -> None:
    assert refusal(content) == "visit_photo.kind"


def test_empty_large_and_damaged_files_are_refused() -> None:
    assert refusal(b"") == "visit_photo.empty"
    assert refusal(b"\xff\xd8\xff" + bytes(1_000_001), megabytes=1) == "visit_photo.too_many_bytes"
    assert refusal(b"\xff\xd8\xff\xe0" + bytes(500)) == "visit_photo.unreadable"
    assert refusal(jpeg(corners(2000, 1500))[:9000]) == "visit_photo.unreadable"
    assert refusal(heic()[:900]) == "visit_photo.unreadable"


def test_a_file_of_another_kind_behind_a_known_beginning_meets_no_other_decoder() -> None:
    file = BytesIO()
    corners().save(file, "BMP")
    assert refusal(b"\xff\xd8\xff\xe0" + file.getvalue()) == "visit_photo.unreadable"


def test_a_bomb_is_refused_by_what_it_says() -> None:
    bomb = png_bomb(20_000, 20_000)
    assert len(bomb) < 100_000
    assert refusal(bomb) == "visit_photo.too_many_pixels"
    assert refusal(png_bomb(1200, 1200), megapixels=1) == "visit_photo.too_many_pixels"


def test_memory_and_time_are_bounded() -> None:
    assert refusal(png_bomb(7900, 7900), memory_mb=60) == "visit_photo.too_heavy"
    assert refusal(scans(300_000), seconds=1) == "visit_photo.too_heavy"


def scans(passes: int) -> bytes:
    """A progressive JPEG that asks to pass over a large picture again and again."""
    file = BytesIO()
    Image.new("L", (6000, 6000)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data.rfind(b"\xff\xda")
    return data[:-2] + data[last:-2] * (passes // len(data[last:-2])) + b"\xff\xd9"


def test_a_packed_text_block_does_not_fill_the_memory() -> None:
    packed = zlib.compress(bytes(300_000_000), 9)
    whole = png()
    body = b"zTXt" + b"Comment\0\0" + packed
    chunk = len(body[4:]).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    assert refusal(whole[:33] + chunk + whole[33:]) in {"visit_photo.unreadable", "visit_photo.too_heavy"}


def test_many_at_once_are_all_read(tmp_path: Path) -> None:
    done: list[Photograph] = []
    threads = [threading.Thread(target=lambda: done.append(read(jpeg()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 4


def test_no_process_is_left_behind() -> None:
    read(jpeg())
    refusal(b"\xff\xd8\xff\xe0" + bytes(500))
    running = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    import os

    mine = [line for line in running.splitlines() if line.split()[0] == str(os.getpid()) and "geo.photos" in line]
    assert not mine
