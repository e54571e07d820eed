"""Files made to take all memory or time, and cameras that write nonsense."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
import zlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from geo.errors import Refused
from geo.i18n import LANGUAGES, text
from sketch_import.photo import apart, load_photo, load_photo_bytes
from tests.sketch_import.test_photo import chunk, scene, stored
from tests.sketch_import.test_photo_pages import drawn_pdf, tiff

MEASURED = """
import json, resource, sys, time
from pathlib import Path
from sketch_import.photo import load_photo
here, below = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
before, start = resource.getrusage(here).ru_maxrss, time.monotonic()
try:
    photo = load_photo(Path(sys.argv[1]))
    said = "loaded"
except Exception as error:
    said = getattr(error, "key", repr(error))
print(json.dumps({
    "said": said,
    "grown_mb": (resource.getrusage(here).ru_maxrss - before) / 1024,
    "apart_mb": resource.getrusage(below).ru_maxrss / 1024,
    "seconds": time.monotonic() - start,
}))
"""


def measured(path: Path) -> dict[str, object]:
    """Load a file in a process of its own: what was said, memory here and in the decoder's process, time."""
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    result: dict[str, object] = json.loads(done.stdout)
    return result


def png(width: int, height: int, *chunks: bytes, data: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(data or bytes((3 * width + 1) * height))
    body = chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def zipped_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def tiff_of(entries: list[tuple[int, int, int]], data: bytes) -> bytes:
    """A TIFF of one directory; an offset of 0 means where the data begin."""
    start = 8 + 2 + 12 * len(entries) + 4
    rows = [(tag, kind, value or (start if tag in {273, 324} else 0)) for tag, kind, value in entries]
    listed = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in rows)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + struct.pack("<I", 0) + data


@cache
def bombs() -> dict[str, bytes]:
    blown = zipped_zeros(400)
    return {
        "profile.png": png(40, 30, chunk(b"iCCP", b"x\0\0" + blown)),
        "text.png": png(40, 30, chunk(b"zTXt", b"Comment\0\0" + blown)),
        "note.png": png(40, 30, chunk(b"iTXt", b"Comment\0\1\0\0\0" + blown)),
        # One strip that says it holds 60,000 rows, and unpacks to 400 MB.
        "strip.tif": tiff_of(
            [
                *((256, 4, 100), (257, 4, 100), (258, 3, 8), (259, 3, 8), (262, 3, 1), (273, 4, 0), (278, 4, 60_000)),
                *((279, 4, len(blown)),),
            ],
            blown,
        ),
        # A picture of 100 pixels in a tile of 4 gigapixels.
        "tile.tif": tiff_of(
            [
                *((256, 4, 100), (257, 4, 100), (258, 3, 8), (259, 3, 8), (262, 3, 1), (277, 3, 1), (322, 4, 65_536)),
                *(
                    (323, 4, 65_536),
                    (324, 4, 0),
                    (325, 4, len(blown)),
                ),
            ],
            blown,
        ),
        "rows.tif": tiff_of(
            [
                *(
                    (256, 4, 60_000),
                    (257, 4, 60_000),
                    (258, 3, 8),
                    (259, 3, 8),
                    (262, 3, 1),
                    (273, 4, 0),
                    (278, 4, 60_000),
                ),
                *((279, 4, len(blown)),),
            ],
            blown,
        ),
        # A page of a drawing that refers to itself, and one of a hundred million shapes.
        "loop.pdf": drawn_pdf([b"0 0 595 842"], content=b"q /I Do Q"),
        "shapes.pdf": drawn_pdf([b"0 0 595 842"], content=b"0 0 9 9 re f\n" * 300_000),
    }


BOMBS = [
    *("profile.png", "text.png", "note.png", "strip.tif", "tile.tif", "rows.tif"),
    *("loop.pdf", "shapes.pdf"),
]


@pytest.mark.parametrize("name", BOMBS)
def test_memory_and_time_stay_within_bounds(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(bombs()[name])
    result = measured(path)
    assert result["said"] in {"loaded", "image.unreadable", "image.truncated", "image.too_large", "image.too_heavy"}
    if name in {"tile.tif", "rows.tif"}:
        assert result["said"] == "image.too_large"
    assert result["grown_mb"] < 250  # type: ignore[operator]
    assert result["apart_mb"] < 450  # type: ignore[operator]
    assert result["seconds"] < 30  # type: ignore[operator]


def test_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page painted all over two hundred thousand times: ten minutes of work in half a megabyte."""
    monkeypatch.setattr(apart, "MAX_SECONDS", 2)
    data = drawn_pdf([b"0 0 595 842"], content=b"0 0 m 0 842 595 0 595 842 c f\n" * 200_000)
    start = time.monotonic()
    with pytest.raises(Refused) as caught:
        load_photo_bytes(data, name="busy.pdf")
    assert caught.value.key == "image.too_heavy"
    assert time.monotonic() - start < 15


def test_memory_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiff([Image.new("CMYK", (5_000, 5_000))], compression="tiff_lzw")
    assert load_photo_bytes(data, name="large.tif").width == 5_000
    monkeypatch.setattr(apart, "MAX_MEMORY_BYTES", 60_000_000)
    with pytest.raises(Refused) as caught:
        load_photo_bytes(data, name="large.tif")
    assert caught.value.key == "image.too_heavy"
    for language in LANGUAGES:
        assert "large.tif" in text(caught.value.key, language, **caught.value.params)


def heic_claiming(width: int, height: int) -> bytes:
    """A HEIC whose image size box (ISO/IEC 23008-12, 6.5.3) says another size than was coded."""
    pillow_heif.register_heif_opener()
    data = stored(Image.fromarray(scene(480, 640)), "HEIF")
    size = b"ispe" + bytes(4) + struct.pack(">II", 640, 480)
    assert size in data
    return data.replace(size, b"ispe" + bytes(4) + struct.pack(">II", width, height))


@pytest.mark.parametrize("size", [(30_000, 30_000), (60_000, 60_000), (2**31, 2**31)])
def test_a_heic_that_claims_giant_tiles(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "giant.heic"
    path.write_bytes(heic_claiming(*size))
    result = measured(path)
    assert result["said"] in {"image.too_large", "image.unreadable", "image.truncated"}
    assert result["apart_mb"] < 250  # type: ignore[operator]


def test_a_jpeg_of_thousands_of_passes() -> None:
    data = stored(Image.fromarray(scene()), "JPEG", progressive=True)
    assert load_photo_bytes(data, name="x").width == 160
    # The last pass over and over: a few bytes each, and a whole picture of work.
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    with pytest.raises(Refused) as caught:
        load_photo_bytes(data[:-2] + scan * 5000 + b"\xff\xd9", name="x")
    assert caught.value.key == "image.unreadable"


def test_a_large_picture_stays_within_its_memory(tmp_path: Path) -> None:
    """64 megapixels of four channels, through the process with bounds: loaded, not refused as too heavy."""
    picture = Image.new("CMYK", (8_000, 8_000), (0, 90, 90, 0))
    path = tmp_path / "large.tif"
    path.write_bytes(tiff([picture], compression="tiff_lzw"))
    result = measured(path)
    assert result["said"] == "loaded"
    assert result["grown_mb"] < 230  # type: ignore[operator]
    assert result["apart_mb"] < 1300  # type: ignore[operator]


def test_a_file_of_more_bytes_than_any_picture(tmp_path: Path) -> None:
    path = tmp_path / "sparse.jpg"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(2_000_000_000)
    with pytest.raises(Refused) as caught:
        load_photo(path)
    assert caught.value.key == "image.file_too_large"


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_refused(format: str) -> None:
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "blue", "green")]
    with pytest.raises(Refused) as caught:
        load_photo_bytes(stored(frames[0], format, save_all=True, append_images=frames[1:]), name="moving")
    assert caught.value.key == "image.animated"
    assert caught.value.params["format"] == format
    assert load_photo_bytes(stored(frames[0], format), name="still").width == 50


def test_of_a_telephone_s_several_pictures_the_first() -> None:
    """CIPA DC-007: a JPEG with further pictures behind it, such as a depth map or a smaller one."""
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    photo = load_photo_bytes(stored(frames[0], "MPO", save_all=True, append_images=frames[1:]), name="phone.jpg")
    assert photo.format == "MPO"
    assert photo.pixels[20, 20, 0] > 240 > 20 > photo.pixels[20, 20, 2]


def exif_of(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    exif[306] = "2024:05:06 07:08:09"
    return exif.tobytes()


def test_a_damaged_block_of_facts_is_no_reason_to_refuse() -> None:
    rng = np.random.default_rng(11)
    whole = bytearray(exif_of(6))
    for _ in range(60):
        damaged = bytearray(whole)
        for place in rng.integers(6, len(damaged), 4):
            damaged[place] = rng.integers(0, 256)
        data = stored(Image.fromarray(scene()), "JPEG", exif=bytes(damaged), quality=95)
        photo = load_photo_bytes(data, name="x")
        assert {photo.width, photo.height} == {160, 120}
        assert 1 <= photo.exif.orientation <= 8


def test_a_list_of_facts_that_points_to_itself() -> None:
    # Both sub-directories at 8, where the first one is.
    entries = [(274, 3, 6), (0x8769, 4, 8), (0x8825, 4, 8)]
    facts = tiff_of(entries, b"")[: 8 + 2 + 12 * len(entries)] + struct.pack("<I", 8)
    photo = load_photo_bytes(stored(Image.fromarray(scene()), "JPEG", exif=b"Exif\0\0" + facts), name="x")
    assert (photo.width, photo.height, photo.exif.orientation) == (120, 160, 6)


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ("2024:05:06 07:08:09", datetime(2024, 5, 6, 7, 8, 9)),
        ("0000:00:00 00:00:00", None),
        ("1970:01:01 00:00:00", None),
        ("1980:01:06 00:00:00", None),
        ("2024:13:45 99:99:99", None),
        ("9999:12:31 23:59:59", None),
        ("", None),
    ],
)
def test_absurd_times_are_not_believed(said: str, believed: datetime | None) -> None:
    exif = Image.Exif()
    exif[306] = said
    assert load_photo_bytes(stored(Image.fromarray(scene()), "JPEG", exif=exif), name="x").exif.taken_at == believed


def test_a_clock_of_another_time_zone_is_believed() -> None:
    soon = (datetime.now() + timedelta(hours=10)).replace(microsecond=0)
    exif = Image.Exif()
    exif[306] = soon.strftime("%Y:%m:%d %H:%M:%S")
    assert load_photo_bytes(stored(Image.fromarray(scene()), "JPEG", exif=exif), name="x").exif.taken_at == soon


@pytest.mark.parametrize(
    ("lat", "lon"),
    [((0, 0, 0), (0, 0, 0)), ((42, 99, 0), (75, 0, 0)), ((-42, 0, 0), (75, 0, 0)), ((42, 0, 999), (75, 0, 0))],
    ids=["no fix", "99 minutes", "negative degrees", "999 seconds"],
)
def test_places_that_are_none(lat: tuple[int, ...], lon: tuple[int, ...]) -> None:
    exif = Image.Exif()
    ref = {1: "N", 3: "E"}
    parts = {2: tuple(IFDRational(part) for part in lat), 4: tuple(IFDRational(part) for part in lon)}
    exif.get_ifd(0x8825).update(ref | parts)
    facts = load_photo_bytes(stored(Image.fromarray(scene()), "PNG", exif=exif), name="x").exif
    assert (facts.lon, facts.lat) == (None, None)


def test_libraries_keep_their_own_words(tmp_path: Path) -> None:
    """The library behind TIFF writes to standard error on its own account; nothing of it is seen."""
    good = tiff([Image.fromarray(scene(300, 400))], compression="tiff_lzw")
    rng = np.random.default_rng(5)
    for number in range(6):
        damaged = bytearray(good)
        for place in rng.integers(8, len(good), 40):
            damaged[place] = rng.integers(0, 256)
        path = tmp_path / f"damaged{number}.tif"
        path.write_bytes(bytes(damaged))
        assert str(measured(path)["said"]).startswith(("loaded", "image."))


def test_a_picture_does_not_run_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a module of the folder was run')")
    monkeypatch.chdir(tmp_path)
    data = io.BytesIO()
    Image.fromarray(scene()).save(data, "TIFF")
    assert load_photo_bytes(data.getvalue(), name="x").width == 160
