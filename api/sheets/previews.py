"""Copies of sheets' pictures, kept in memory: one to look at, and one with its ink told from paper to warp at once."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from geo.snapshots import PhotoSnapshot
from geo.storage import PictureStore
from sketch_import.photo import load_photo_bytes
from sketch_import.warping import ink_opacity

__all__ = ["PREVIEW_PX", "Preview", "picture_jpeg", "preview_of"]

PREVIEW_PX: Final = 1000
"""Longer side of the copy that a trial warps."""
_QUALITY: Final = 85
_KEPT_BYTES: Final = 96_000_000

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A small copy of a sheet's picture."""

    pixels: Bytes
    """RGB, shape (h, w, 3), upright."""
    ink: Bytes
    """How much of each pixel is ink, 0 to 255, shape (h, w)."""


class _Kept:
    """The last things made, up to a number of bytes; two who want one thing wait for one making."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._things: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[Any, int]]) -> Any:
        """Return a thing; ``make`` returns it with the bytes that it takes."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._things:
                    return self._things[key][0]
            try:
                thing, size = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._things[key] = thing, size
                self._bytes += size
                while self._bytes > self._most and len(self._things) > 1:
                    self._bytes -= self._things.popitem(last=False)[1][1]
        return thing


@cache
def _kept() -> _Kept:
    return _Kept(_KEPT_BYTES)


def picture_jpeg(pictures: PictureStore, photo: PhotoSnapshot, *, longest: int) -> bytes:
    """Return the upright picture of a sheet as a JPEG.

    Parameters
    ----------
    pictures, photo
        Where it is, and which.
    longest
        Pixels of the longer side; a smaller picture stays as it is.

    Raises
    ------
    NotFound, Refused
        The picture is gone, or is none.
    """
    key = (photo.shown_sha256, photo.shown_page, longest)

    def make() -> tuple[bytes, int]:
        upright = _upright(pictures, photo)
        # Whoever looks at a sheet will soon place it: the copy for that costs little more now.
        _kept().get(_preview_key(photo), lambda: _preview(upright))
        written = io.BytesIO()
        Image.fromarray(_at_most(upright, longest)).save(written, format="JPEG", quality=_QUALITY, progressive=True)
        return written.getvalue(), written.tell()

    jpeg: bytes = _kept().get(key, make)
    return jpeg


def preview_of(pictures: PictureStore, photo: PhotoSnapshot) -> Preview:
    """Return the copy of a sheet's picture that a trial warps; errors as in `picture_jpeg`."""
    preview: Preview = _kept().get(_preview_key(photo), lambda: _preview(_upright(pictures, photo)))
    return preview


def _preview_key(photo: PhotoSnapshot) -> Hashable:
    return (photo.shown_sha256, photo.shown_page, "preview")


def _preview(upright: Bytes) -> tuple[Preview, int]:
    small = _at_most(upright, PREVIEW_PX)
    preview = Preview(small, ink_opacity(small))
    return preview, preview.pixels.nbytes + preview.ink.nbytes


def _upright(pictures: PictureStore, photo: PhotoSnapshot) -> Bytes:
    kept = pictures.get(photo.shown_sha256)
    return load_photo_bytes(kept, name=photo.shown_sha256[:12], page=photo.shown_page).pixels


def _at_most(pixels: Bytes, longest: int) -> Bytes:
    height, width = pixels.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
