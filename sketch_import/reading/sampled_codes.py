"""Read the codes of a sheet where they must be, once the markers have told where that is.

A reader of bar codes has to find a code before it can read it, and in a blurred photo it finds none. Here the
place is known to a fraction of a module, more than a third of the modules are known beforehand (finders, timing,
alignment, format), and they tell the blur. The blur is taken back (Wiener filter), every module is sampled, and
what all codes of a sheet have in common is averaged over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from geo.sheet_layout import (
    CODE_MODULES,
    Mark,
    Orientation,
    PaperSize,
    SheetCode,
    SheetCodeError,
    Template,
    code_modules,
    parse_sheet_code,
)

__all__ = ["SampledCode", "read_codes", "sample_code"]

FloatArray = NDArray[np.float64]
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_FINE = 4
"""Samples along a module."""
_QUIET = 3
"""Modules of blank paper around a code that are sampled with it."""
_BLURS = (0.0, 0.35, 0.5, 0.65, 0.8, 1.0, 1.2)
"""Standard deviations of the blur that are tried, in modules."""
_NOISE = 0.02
_REACH = 5
"""How far a code may lie from where it is expected, in samples: a module and a quarter."""
_LEAST_LIKENESS = 0.45
"""Correlation of the known modules below which the code is covered or not there."""
_SAMPLES = 24


@dataclass(frozen=True, slots=True, eq=False)
class SampledCode:
    """One code, sampled."""

    mark: int
    modules: FloatArray
    """Shape (25, 25): +1 black, -1 white, between where unsure."""
    likeness: float
    """Correlation of the modules that are the same in every code with what they must be."""
    blur: float
    """Standard deviation of the blur that was taken back, in modules."""
    shift: tuple[float, float]
    """How far beside the expected place it lies, modules right and down."""


@cache
def _constant() -> tuple[NDArray[np.bool_], NDArray[np.bool_], FloatArray]:
    """Modules the same in every code, those the same in all codes of a sheet, and the values of the former."""
    rng = np.random.default_rng(0)
    symbols, differ = [], np.zeros((CODE_MODULES, CODE_MODULES), bool)
    papers, ways, templates = list(PaperSize), list(Orientation), list(Template)
    for _ in range(_SAMPLES):
        code = SheetCode(
            sheet_id="".join(rng.choice(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 8)),
            paper=papers[rng.integers(len(papers))],
            orientation=ways[rng.integers(len(ways))],
            template=templates[rng.integers(len(templates))],
            scale=int(rng.integers(1, 1 << 20)),
            lon_microdegrees=int(rng.integers(-180_000_000, 180_000_000)),
            lat_microdegrees=int(rng.integers(-84_000_000, 84_000_000)),
        )
        one, other = (code_modules(replace(code, mark=int(number))) for number in rng.choice(64, 2, replace=False))
        symbols += [one, other]
        differ |= one != other
    share = np.mean(symbols, axis=0)
    return (share == 0) | (share == 1), ~differ, np.where(share == 1, 1.0, -1.0)


def sample_code(
    grey: NDArray[np.uint8],
    mark: Mark,
    to_photo: Callable[[FloatArray], FloatArray],
    *,
    marker: FloatArray | None = None,
) -> SampledCode | None:
    """Sample the code of a mark where it must be.

    Parameters
    ----------
    grey
        The photo, shape (h, w).
    mark
        Which one.
    to_photo
        Paper mm, shape (n, 2), to pixels of the photo (x right, y down, corner origin); may be off by a module.
    marker
        Corners of the marker beside the code where it was seen, shape (4, 2), pixels: what `to_photo` misses
        there, it misses at the code too.

    Returns
    -------
    SampledCode or None
        None where it lies outside the photo, is covered, or nothing like a code is seen.
    """
    beside = np.zeros(2)
    if marker is not None:
        beside = (marker - to_photo(np.array(mark.marker.corners))).mean(axis=0)
    patch = _patch(grey, mark, lambda mm: to_photo(mm) + beside)
    if patch is None:
        return None
    fixed, _, values = _constant()
    best: tuple[float, float, int, int, FloatArray] | None = None
    for blur in _BLURS:
        sharp = cv2.blur(_sharpened(patch, blur), (2, 2), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
        middles = np.asarray(sharp, np.float64)
        likeness, down, right = _best_shift(middles)
        if best is None or likeness > best[0]:
            best = likeness, blur, down, right, middles
    if best is None or best[0] < _LEAST_LIKENESS:
        return None
    likeness, blur, down, right, middles = best
    seen = _modules(middles, down, right)
    black, white = np.median(seen[fixed & (values > 0)]), np.median(seen[fixed & (values < 0)])
    if not white > black:
        return None
    modules = np.clip((white + black - 2 * seen) / (white - black), -1.0, 1.0)
    modules[fixed] = values[fixed]
    return SampledCode(mark.number, modules, likeness, blur, (right / _FINE, down / _FINE))


def read_codes(sampled: Sequence[SampledCode]) -> tuple[SheetCode, ...]:
    """Read sampled codes: each alone, and where none can be read, all together.

    Returns
    -------
    tuple of SheetCode
        One for every code that passes its own check and says the mark that it was sampled at.
    """
    alone = [code for one in sampled if (code := _decode(one.modules, one.mark)) is not None]
    if alone or len(sampled) < 2:
        return tuple(alone)
    _, common, _ = _constant()
    weights = np.array([one.likeness**4 for one in sampled])
    mean = np.tensordot(weights / weights.sum(), np.stack([one.modules for one in sampled]), axes=1)
    together = (_decode(np.where(common, mean, one.modules), one.mark) for one in sampled)
    return tuple(code for code in together if code is not None)


def _patch(grey: NDArray[np.uint8], mark: Mark, to_photo: Callable[[FloatArray], FloatArray]) -> FloatArray | None:
    side = (CODE_MODULES + 2 * _QUIET) * _FINE
    at = (np.arange(side) + 0.5) / _FINE - _QUIET
    module = mark.code.width / CODE_MODULES
    places = np.stack(np.meshgrid(mark.code.x + at * module, mark.code.y + at * module), axis=-1)
    pixels = to_photo(places.reshape(-1, 2)).reshape(side, side, 2).astype(np.float32) - np.float32(0.5)
    height, width = grey.shape
    low, high = pixels.reshape(-1, 2).min(axis=0), pixels.reshape(-1, 2).max(axis=0)
    if not (np.isfinite(pixels).all() and low.min() > -1 and high[0] < width and high[1] < height):
        return None
    x, y = np.ascontiguousarray(np.moveaxis(pixels, -1, 0), np.float32)
    return np.asarray(cv2.remap(grey, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.float64)


def _sharpened(patch: FloatArray, blur: float) -> FloatArray:
    """Take a Gaussian blur back, as far as the noise allows."""
    if not blur:
        return patch
    frequency = np.fft.fftfreq(len(patch)) * _FINE
    falloff = np.exp(-2 * (np.pi * blur * frequency) ** 2)
    transfer = falloff[:, None] * falloff[None, : len(patch) // 2 + 1]
    spectrum = np.fft.rfft2(patch - patch.mean())
    return np.fft.irfft2(spectrum * transfer / (transfer**2 + _NOISE), s=patch.shape)


@cache
def _templates() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The known modules, and their mean taken off, spread over the samples of a code."""
    fixed, _, values = _constant()
    spread = np.zeros((2, CODE_MODULES * _FINE - 2, CODE_MODULES * _FINE - 2), np.float32)
    places = spread[:, 1::_FINE, 1::_FINE]
    places[0], places[1] = fixed, np.where(fixed, values - values[fixed].mean(), 0.0)
    return spread[0], spread[1]


def _best_shift(middles: FloatArray) -> tuple[float, int, int]:
    """Return the largest correlation with the known modules over all shifts, and that shift."""
    present, template = _templates()
    edge = _QUIET * _FINE - _REACH
    window = middles[edge : -edge or None, edge : -edge or None]
    window = (window - window.mean()).astype(np.float32)
    product = cv2.matchTemplate(window, template, cv2.TM_CCORR)
    total, squares = (cv2.matchTemplate(values, present, cv2.TM_CCORR) for values in (window, window * window))
    spread = np.sqrt(np.maximum(squares - total**2 / present.sum(), 1e-6))
    likeness = (-product / (spread * np.linalg.norm(template)))[: 2 * _REACH + 1, : 2 * _REACH + 1]
    down, right = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
    return float(likeness[down, right]), int(down) - _REACH, int(right) - _REACH


def _modules(middles: FloatArray, down: int, right: int) -> FloatArray:
    """Return the middle of each module, shape (25, 25)."""
    first = _QUIET * _FINE + 1
    size = CODE_MODULES * _FINE
    return middles[first + down : first + down + size - 1 : _FINE, first + right : first + right + size - 1 : _FINE]


def _decode(modules: FloatArray, mark: int) -> SheetCode | None:
    symbol = np.pad(np.where(modules > 0, 0, 255).astype(np.uint8), 4, constant_values=255)
    picture = np.ascontiguousarray(np.kron(symbol, np.ones((3, 3), np.uint8)))
    found = zxingcpp.read_barcodes(picture, formats=_QR, is_pure=True, try_rotate=False)
    for one in found:
        try:
            code = parse_sheet_code(one.text)
        except SheetCodeError:
            continue
        if code.mark == mark:
            return code
    return None
