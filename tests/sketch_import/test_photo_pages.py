"""Scans: PDF and TIFF of one page or several, and samples of more than eight bits."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
import rasterio
from PIL import Image
from rasterio.io import MemoryFile

from geo.errors import Refused
from geo.i18n import LANGUAGES, text
from sketch_import.photo import MAX_MEGAPIXELS, MAX_PAGES, Photo, load_photo, load_photo_bytes

COLOURS = ("red", "green", "blue")


def pdf(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF file of numbered objects (ISO 32000-1, 7.5), with a right table of where they are."""
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)


def drawn_pdf(boxes: list[bytes], *, content: bytes = b"", trailer: bytes = b"") -> bytes:
    """Pages of the given boxes, such as ``b"0 0 595 842"``, all with the same content."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(len(boxes)))
    pages = [
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R/Resources<</XObject<</I %d 0 R>>>>>>"
        % (box, 4 + len(boxes))
        for box in boxes
    ]
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(boxes)),
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            *pages,
        ],
        trailer=trailer,
    )


def scan_pdf(pictures: list[Image.Image], *, dpi: float = 150) -> bytes:
    file = io.BytesIO()
    pictures[0].save(file, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi)
    return file.getvalue()


def tiff(pictures: list[Image.Image], **options: object) -> bytes:
    file = io.BytesIO()
    pictures[0].save(file, "TIFF", save_all=True, append_images=pictures[1:], **options)
    return file.getvalue()


def refusal(data: bytes, *, page: int | None = None, name: str = "scan.pdf") -> Refused:
    with pytest.raises(Refused) as caught:
        load_photo_bytes(data, name=name, page=page)
    for language in LANGUAGES:
        words = text(caught.value.key, language, **caught.value.params)
        assert name in words
        assert "{" not in words
    return caught.value


def sheets() -> list[Image.Image]:
    return [Image.new("RGB", (300, 200), colour) for colour in COLOURS]


def colour_of(photo: Photo) -> str:
    return COLOURS[int(np.argmax(photo.pixels[photo.height // 2, photo.width // 2]))]


@pytest.mark.parametrize("dpi", [72, 150, 300])
def test_a_scan_keeps_its_own_resolution(dpi: float) -> None:
    rng = np.random.default_rng(3)
    drawn = cv2.GaussianBlur(rng.integers(0, 256, (400, 560, 3), dtype=np.uint8), (0, 0), 4)
    photo = load_photo_bytes(scan_pdf([Image.fromarray(drawn)], dpi=dpi), name="scan.pdf")
    assert (photo.format, photo.page, photo.pages) == ("PDF", 1, 1)
    factor = max(1.0, 100 / dpi)  # never less than 100 dpi
    assert photo.width == pytest.approx(560 * factor, abs=2)
    assert photo.height == pytest.approx(400 * factor, abs=2)
    back = cv2.resize(photo.pixels, (560, 400), interpolation=cv2.INTER_AREA)
    assert np.median(np.abs(back.astype(int) - drawn)) <= 4  # the page holds a JPEG


@pytest.mark.parametrize("make", [scan_pdf, tiff], ids=["PDF", "TIFF"])
def test_of_several_pages_one_is_asked_for(make: object) -> None:
    data = make(sheets())  # type: ignore[operator]
    asked = refusal(data, name="day.scan")
    assert (asked.key, asked.params["pages"]) == ("image.which_page", 3)
    for page, colour in enumerate(COLOURS, start=1):
        photo = load_photo_bytes(data, name="day.scan", page=page)
        assert (photo.page, photo.pages, colour_of(photo)) == (page, 3, colour)
    for page in (0, 4, -1):
        assert refusal(data, page=page, name="day.scan").key == "image.no_such_page"


def test_a_photo_has_one_page(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    sheets()[0].save(path)
    assert load_photo(path, page=1).page == 1
    with pytest.raises(Refused) as caught:
        load_photo(path, page=2)
    assert caught.value.key == "image.no_such_page"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_smaller_copy_in_a_tiff_is_no_page() -> None:
    """TIFF 6.0, section 8: bit 0 of NewSubfileType marks a reduced version, as scanners and GIS programs add."""
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=600, height=400, count=3, dtype="uint8", photometric="RGB", tiled=True
        ) as dataset:
            dataset.write(np.full((3, 400, 600), 200, np.uint8))
            dataset.build_overviews([2, 4], rasterio.enums.Resampling.average)
        data = memory.read()
    photo = load_photo_bytes(data, name="scan.tif")
    assert (photo.pages, photo.width, photo.height) == (1, 600, 400)


def test_five_hundred_pages_are_refused_without_drawing_any(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn_pdf([b"0 0 595 842"] * 500)
    for page in (None, 1, 500):
        error = refusal(data, page=page)
        assert (error.key, error.params["pages"], error.params["limit"]) == ("image.too_many_pages", 500, MAX_PAGES)
    from sketch_import.photo import pdf as module

    monkeypatch.setattr(module, "_render", lambda *_, **__: pytest.fail("a page was drawn"))
    with pytest.raises(Refused):
        module.decode_pdf(io.BytesIO(data), page=7, name="x")


def test_a_tiff_of_endless_pages() -> None:
    """A chain of 5,000 directories, each a valid picture of one pixel."""
    chain, at = b"II*\0" + struct.pack("<I", 8), 8
    entries = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 0), (278, 1), (279, 1)]
    size = 2 + 12 * len(entries) + 4
    for _ in range(5_000):
        at += size
        chain += struct.pack("<H", len(entries))
        chain += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries) + struct.pack("<I", at)
    assert refusal(chain, name="x.tif").key == "image.too_many_pages"


def test_a_locked_pdf() -> None:
    """ISO 32000-1, 7.6.3: a user password that is not the empty one."""
    encryption = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"28" * 32 + b">/U<" + b"11" * 32 + b">>>"
    data = drawn_pdf([b"0 0 595 842"], trailer=encryption + b"/ID[<00><00>]")
    assert refusal(data).key == "image.pdf_locked"


def test_a_damaged_pdf() -> None:
    whole = scan_pdf(sheets()[:1])
    assert refusal(whole[: len(whole) // 2]).key in {"image.truncated", "image.unreadable"}
    assert refusal(b"%PDF-1.7\n" + bytes(2000)).key == "image.truncated"
    assert refusal(b"%PDF-1.7\nnothing of the kind\n%%EOF\n").key == "image.unreadable"


@pytest.mark.parametrize("box", [b"0 0 14400 14400", b"0 0 2000000 2000000", b"0 0 100000 1"])
def test_a_page_as_large_as_a_house(box: bytes) -> None:
    assert refusal(drawn_pdf([box])).key in {"image.pdf_page_size", "image.zero_size"}


def test_an_a0_page_comes_in_fewer_pixels() -> None:
    photo = load_photo_bytes(drawn_pdf([b"0 0 2384 3370"], content=b"1 0 0 rg 0 0 1192 3370 re f"), name="a0.pdf")
    assert 50e6 < photo.width * photo.height <= MAX_MEGAPIXELS * 1e6
    assert tuple(photo.pixels[2000, 1000]) == (255, 0, 0)
    assert tuple(photo.pixels[2000, photo.width - 1000]) == (255, 255, 255)


def test_a_picture_in_a_pdf_that_unpacks_to_gigabytes() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    )
    content = b"595 0 0 842 0 0 cm /I Do"
    data = pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            picture,
        ]
    )
    error = refusal(data)
    assert (error.key, error.params["megapixels"]) == ("image.too_large", 900)


def test_a_turned_page_is_upright() -> None:
    document = pypdfium2.PdfDocument(scan_pdf(sheets()[:1]))
    document[0].set_rotation(90)
    file = io.BytesIO()
    document.save(file)
    document.close()
    photo = load_photo_bytes(file.getvalue(), name="turned.pdf")
    assert (photo.width, photo.height) == (200, 300)


RAMP = np.linspace(0, 65535, 200).astype(np.uint16)


def deep(values: np.ndarray, **options: object) -> bytes:
    """A TIFF of planes, shape (bands, rows, columns), as GDAL writes it."""
    with MemoryFile() as memory:
        bands, rows, columns = values.shape
        profile = {"driver": "GTiff", "width": columns, "height": rows, "count": bands, "dtype": values.dtype.name}
        with memory.open(**(profile | options)) as dataset:
            dataset.write(values)
        data: bytes = memory.read()
        return data


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("order", ["LITTLE", "BIG"])
@pytest.mark.parametrize("interleave", ["pixel", "band"])
@pytest.mark.parametrize("compress", ["none", "lzw", "deflate"])
def test_colours_of_sixteen_bits(order: str, interleave: str, compress: str) -> None:
    planes = np.stack([np.tile(RAMP // share, (50, 1)) for share in (1, 2, 4)])
    data = deep(planes, photometric="RGB", interleave=interleave, compress=compress, endianness=order)
    photo = load_photo_bytes(data, name="x.tif")
    assert np.abs(photo.pixels[25].astype(float) - planes[:, 25].T / 257).max() <= 0.51


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("bits", [8, 16])
def test_white_may_be_zero(bits: int) -> None:
    values = (np.tile(RAMP, (1, 50, 1)) >> (16 - bits)).astype(np.uint8 if bits == 8 else np.uint16)
    photo = load_photo_bytes(deep(values, photometric="MINISWHITE"), name="x.tif")
    assert np.abs(photo.pixels[25, :, 0].astype(float) - (255 - RAMP / 257)).max() <= 1.5


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("kind", ["float32", "uint32", "int16"])
def test_other_ranges_are_stretched(kind: str) -> None:
    ramp = {"float32": RAMP / 65535, "uint32": RAMP.astype(np.uint32) * 65537, "int16": RAMP.astype(int) - 32768}[kind]
    planes = np.stack([np.tile(ramp, (50, 1))] * 3).astype(kind)
    photo = load_photo_bytes(deep(planes, photometric="RGB"), name="x.tif")
    assert np.abs(photo.pixels[25, :, 1].astype(float) - RAMP / 257).max() <= 0.6


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_sixteen_bits_of_opacity_are_laid_on_white() -> None:
    planes = np.zeros((4, 40, 60), np.uint16)
    planes[0], planes[3, :, :30] = 65535, 65535
    photo = load_photo_bytes(deep(planes, photometric="RGB", alpha="non-premultiplied"), name="x.tif")
    assert tuple(photo.pixels[20, 10]) == (255, 0, 0)
    assert tuple(photo.pixels[20, 50]) == (255, 255, 255)


def test_inks_of_a_printer_become_colours() -> None:
    inks = Image.new("RGB", (60, 40), (220, 30, 30)).convert("CMYK")
    photo = load_photo_bytes(tiff([inks], compression="tiff_lzw"), name="x.tif")
    assert np.abs(photo.pixels[20, 20].astype(int) - (220, 30, 30)).max() <= 2
