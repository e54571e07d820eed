"""Loading photos: every format upright in RGB, and bad files refused with their reason."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from geo.errors import AyilmapError, Failed, Refused
from geo.i18n import LANGUAGES, text
from sketch_import.photo import MAX_MEGAPIXELS, load_photo, load_photo_bytes

pillow_heif.register_heif_opener()


def scene(height: int = 120, width: int = 160) -> np.ndarray:
    """Red top left, green top right, blue below: every turn of it looks different."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (220, 30, 30)
    picture[: height // 2, width // 2 :] = (30, 200, 40)
    picture[height // 2 :] = (30, 40, 210)
    return picture


def stored(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, data: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def refusal(path: Path) -> AyilmapError:
    with pytest.raises(AyilmapError) as caught:
        load_photo(path)
    for language in LANGUAGES:
        words = text(caught.value.key, language, **caught.value.params)
        assert path.name in words
        assert "{" not in words
    return caught.value


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "HEIF", "WEBP", "BMP"])
def test_formats_give_the_same_picture(format: str, tmp_path: Path) -> None:
    data = stored(Image.fromarray(scene()), format)
    path = tmp_path / "photo"
    path.write_bytes(data)
    photo = load_photo(path)
    assert photo.format == format
    assert (photo.width, photo.height) == (160, 120)
    assert photo.pixels.dtype == np.uint8
    inner = np.abs(photo.pixels.astype(int) - scene())[8:-8:9, 8:-8:9]
    assert np.median(inner) <= 6
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert np.array_equal(load_photo_bytes(data, name="photo").pixels, photo.pixels)


# What EXIF 2.32, section 4.6.4 A, says each orientation does to the stored rows.
STORED_AS = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_orientation_is_applied(orientation: int, mode: str) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    image = Image.fromarray(np.ascontiguousarray(STORED_AS[orientation](scene()))).convert(mode)
    photo = load_photo_bytes(stored(image, "PNG", exif=exif), name="turned.png")
    expected = np.asarray(Image.fromarray(scene()).convert(mode).convert("RGB"))
    assert np.array_equal(photo.pixels, expected)
    assert photo.exif.orientation == orientation


@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_heic_is_turned_by_its_own_boxes(orientation: int) -> None:
    """ISO/IEC 23008-12 has `irot` and `imir` say it; the encoder writes them from the EXIF it is given."""
    exif = Image.Exif()
    exif[274] = orientation
    image = Image.fromarray(np.ascontiguousarray(STORED_AS[orientation](scene())))
    photo = load_photo_bytes(stored(image, "HEIF", exif=exif.tobytes(), quality=95), name="turned.heic")
    assert photo.pixels.shape == scene().shape
    assert np.median(np.abs(photo.pixels.astype(int) - scene())) <= 6


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_a_meaningless_orientation_is_ignored(orientation: int) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    photo = load_photo_bytes(stored(Image.fromarray(scene()), "PNG", exif=exif), name="x")
    assert np.array_equal(photo.pixels, scene())
    assert photo.exif.orientation == 1


def test_facts_of_the_camera() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = "2014:11:19 10:20:30"
    exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(42), IFDRational(30), IFDRational(0)), 3: "W"})
    exif.get_ifd(0x8825)[4] = (IFDRational(78), IFDRational(15), IFDRational(36))
    facts = load_photo_bytes(stored(Image.fromarray(scene()), "JPEG", exif=exif), name="x").exif
    assert facts.taken_at == datetime(2014, 11, 19, 10, 20, 30)
    assert facts.lat == pytest.approx(42.5)
    assert facts.lon == pytest.approx(-78.26)


@pytest.mark.parametrize(
    "place",
    [
        {
            1: "N",
            2: (IFDRational(142), IFDRational(0), IFDRational(0)),
            3: "E",
            4: (IFDRational(7), IFDRational(0), IFDRational(0)),
        },
        {
            1: "N",
            2: (IFDRational(4, 0), IFDRational(0), IFDRational(0)),
            3: "E",
            4: (IFDRational(7), IFDRational(0), IFDRational(0)),
        },
        {1: "N", 2: (IFDRational(42), IFDRational(0), IFDRational(0))},
    ],
    ids=["latitude of 142", "divided by zero", "half a place"],
)
def test_a_place_that_cannot_be_is_no_place(place: dict[int, object]) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update(place)
    exif[306] = "yesterday"
    facts = load_photo_bytes(stored(Image.fromarray(scene()), "JPEG", exif=exif), name="x").exif
    assert facts.lon is None
    assert facts.lat is None
    assert facts.taken_at is None


def test_transparency_is_laid_on_white() -> None:
    layer = np.zeros((40, 60, 4), np.uint8)
    layer[10:20, 10:20] = (200, 0, 0, 255)
    photo = load_photo_bytes(stored(Image.fromarray(layer), "PNG"), name="x")
    assert tuple(photo.pixels[0, 0]) == (255, 255, 255)
    assert tuple(photo.pixels[15, 15]) == (200, 0, 0)


def test_palette_with_a_transparent_colour() -> None:
    palette = Image.fromarray(scene()).quantize(4)
    photo = load_photo_bytes(stored(palette, "PNG", transparency=palette.getpixel((0, 0))), name="x")
    assert tuple(photo.pixels[5, 5]) == (255, 255, 255)
    assert photo.pixels[110, 80, 2] > 180


@pytest.mark.parametrize("extension", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_keep_their_tones(extension: str, channels: int) -> None:
    ramp = np.linspace(0, 65535, 200).astype(np.uint16)
    image = np.repeat(np.tile(ramp, (50, 1))[..., None], channels, axis=2)
    done, data = cv2.imencode(extension, image)
    assert done
    photo = load_photo_bytes(data.tobytes(), name="x")
    assert photo.pixels.shape == (50, 200, 3)
    assert np.abs(photo.pixels[25, :, 0].astype(float) - ramp / 257).max() <= 1.5


def test_cmyk_becomes_rgb() -> None:
    photo = load_photo_bytes(stored(Image.fromarray(scene()).convert("CMYK"), "JPEG", quality=95), name="x")
    assert np.abs(photo.pixels[20, 20].astype(int) - (220, 30, 30)).max() < 25


def test_missing_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.jpg").key == "image.missing"
    assert refusal(tmp_path).key == "image.not_image"


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert refusal(tmp_path / "pipe.jpg").key == "image.not_image"


def test_word_of_the_library_about_a_bad_file_stays_inside(tmp_path: Path) -> None:
    # 65535 samples a pixel: the library grumbles about it in its log, which nobody set up.
    entries = [(256, 4, 500), (257, 4, 500), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200), (277, 3, 65535)]
    tags = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    tiff = b"II*\0" + struct.pack("<IH", 8, len(entries)) + tags + bytes(20_000)
    path = tmp_path / "x.tif"
    path.write_bytes(tiff)
    # In a process of its own: here the test runner keeps the log.
    script = (
        "import sys\nfrom pathlib import Path\nfrom geo.errors import Refused\n"
        "from sketch_import.photo import load_photo\n"
        "try:\n    load_photo(Path(sys.argv[1]))\nexcept Refused as refusal:\n    print(refusal.key)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("image.truncated\n", "")


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop.jpg"
    loop.symlink_to(loop)
    error = refusal(loop)
    assert isinstance(error, Failed)
    assert error.key == "image.no_access"


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("empty.jpg", b"", "image.empty"),
        ("letter.jpg", "Урматтуу жашоочулар!".encode(), "image.not_image"),
        ("noise.png", bytes(range(256)) * 20, "image.not_image"),
        ("stub.png", stored(Image.fromarray(scene()), "PNG")[:12], "image.truncated"),
        ("zero.png", png_header(0, 0), "image.zero_size"),
        ("flat.png", png_header(640, 0), "image.zero_size"),
        ("damaged.png", png_header(64, 64, b"\x09" * 100), "image.truncated"),
    ],
)
def test_bad_files(name: str, data: bytes, key: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    error = refusal(path)
    assert isinstance(error, Refused)
    assert error.key == key


def test_a_jpeg_of_no_height(tmp_path: Path) -> None:
    data = bytearray(stored(Image.fromarray(scene()), "JPEG"))
    frame = data.find(b"\xff\xc0")
    data[frame + 5 : frame + 7] = b"\0\0"
    path = tmp_path / "zero.jpg"
    path.write_bytes(data)
    assert refusal(path).key == "image.zero_size"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "HEIF", "WEBP", "GIF"])
def test_a_file_cut_in_half(format: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    data = stored(Image.fromarray(noise), format)
    path = tmp_path / f"half.{format.lower()}"
    path.write_bytes(data[: len(data) // 2])
    # WebP does not say why it cannot decode.
    assert refusal(path).key == ("image.unreadable" if format == "WEBP" else "image.truncated")


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (12_000, 8_000), (9_000, 8_000), (100_000, 100_000)])
def test_too_large_is_decided_from_the_header(width: int, height: int, tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_header(width, height))
    tracemalloc.start()
    error = refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.key == "image.too_large"
    assert error.params["megapixels"] == width * height / 1e6
    assert error.params["limit"] == MAX_MEGAPIXELS
    assert f"{MAX_MEGAPIXELS}" in text(error.key, **error.params)
    assert peak < 4_000_000


def test_a_real_bomb_of_200_megapixels_stays_packed(tmp_path: Path) -> None:
    # One row of white, said 10,000 times: 600 MB unpacked from well under a megabyte.
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * 60_000
    data = b"".join(packer.compress(row) for _ in range(10_000)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    assert path.stat().st_size < 1_000_000
    # In a process of its own, for what the decoder takes does not show up in Python's own count.
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom sketch_import.photo import load_photo\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    load_photo(Path(sys.argv[1]))\nexcept Exception as error:\n    print(error.key)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    key, grown_kb = done.stdout.split()
    assert key == "image.too_large"
    assert int(grown_kb) < 20_000
