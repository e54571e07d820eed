"""Read the codes of a sheet where they must be, though too blurred for any reader of codes.

The place of every code is known to a fraction of a module, and the blur from the markers. Every code is either black
or white, more than a third of its modules are known beforehand (finders, timing, alignment, format), and most of the
rest is the same in all codes of a sheet. So the modules are sought that, blurred alike, come nearest to the photo:
least squares between black and white, all codes at once, by accelerated projected gradients (Beck, Teboulle: A fast
iterative shrinkage-thresholding algorithm, 2009). What comes out must still pass its own error correction and check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import zxingcpp
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

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

__all__ = ["restore_codes"]

FloatArray = NDArray[np.float64]
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_FINE = 2
"""Samples along a module."""
_QUIET = 3
"""Modules of blank paper around a code that are sampled with it."""
_SIDE = CODE_MODULES + 2 * _QUIET
_ROUNDS = 2
"""After the first round the codes that came out badly count less."""
_STEPS = 120
_KNOWN = 0.9
"""Where so much of the light comes from known modules, the sample tells black and white."""
_EXAMPLES = 24


def restore_codes(
    grey: NDArray[np.uint8],
    marks: Sequence[Mark],
    to_photo: Callable[[FloatArray], FloatArray],
    blur_mm: Mapping[int, float],
) -> tuple[SheetCode, ...]:
    """Read the codes of marks whose place and blur are known.

    Parameters
    ----------
    grey
        The upright photo, shape (h, w).
    marks
        Marks of one sheet.
    to_photo
        Paper mm, shape (n, 2), to pixels, to a fraction of a module.
    blur_mm
        Standard deviation of the blur on paper, by the number of the mark; marks that are not in it are left out.

    Returns
    -------
    tuple of SheetCode
        Each passes its own check and says the mark at which it was read; perhaps none.
    """
    seen = [(mark, _sampled(grey, mark, to_photo)) for mark in marks if mark.number in blur_mm]
    kernels = [_blurring(blur_mm[mark.number] * CODE_MODULES / mark.code.width) for mark, _ in seen]
    levelled = [_levelled(patch, kernel) for (_, patch), kernel in zip(seen, kernels, strict=True)]
    usable = [number for number, patch in enumerate(levelled) if patch is not None]
    if not usable:
        return ()
    patches = np.stack([patch for patch in levelled if patch is not None])
    modules = _solved(patches, np.stack([kernels[number] for number in usable]))
    found = (_decoded(one, seen[number][0].number) for one, number in zip(modules, usable, strict=True))
    return tuple(code for code in found if code is not None)


def _solved(patches: FloatArray, kernels: FloatArray) -> FloatArray:
    """Return the modules, shape (codes, 25, 25), from 1 for black to -1 for white."""
    fixed, common, values = _known()
    back = kernels.transpose(0, 2, 1)
    longest = max(float(np.linalg.norm(kernel.T @ kernel, 2)) for kernel in kernels) ** 2
    weights = np.ones(len(patches))
    solved = np.repeat(values[None], len(patches), axis=0)
    for _ in range(_ROUNDS):
        ahead, pace = solved.copy(), 1.0
        for _ in range(_STEPS):
            slope = back @ (kernels @ ahead @ back - patches) @ kernels
            slope[:, common] = np.tensordot(weights / weights.sum(), slope, axes=1)[common]
            moved = np.clip(ahead - slope / longest, -1.0, 1.0)
            moved[:, fixed] = values[fixed]
            faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
            ahead = moved + (pace - 1) / faster * (moved - solved)
            solved, pace = moved, faster
        rest = ((kernels @ solved @ back - patches) ** 2).mean(axis=(1, 2))
        weights = 1 / np.maximum(rest, 1e-6)
    inner = slice(_QUIET, -_QUIET)
    return solved[:, inner, inner]


def _levelled(patch: FloatArray | None, kernel: FloatArray) -> FloatArray | None:
    """Scale samples so that white paper is -1 and ink is 1, by the modules that are known."""
    if patch is None:
        return None
    fixed, _, values = _known()
    sure = kernel @ fixed.astype(np.float64) @ kernel.T > _KNOWN
    expected = (kernel @ np.where(fixed, values, 0.0) @ kernel.T)[sure]
    slope, base = np.polyfit(expected, patch[sure], 1)
    return (patch - base) / slope if slope < -1.0 else None


def _sampled(grey: NDArray[np.uint8], mark: Mark, to_photo: Callable[[FloatArray], FloatArray]) -> FloatArray | None:
    at = (np.arange(_SIDE * _FINE) + 0.5) / _FINE - _QUIET
    module = mark.code.width / CODE_MODULES
    places = np.stack(np.meshgrid(mark.code.x + at * module, mark.code.y + at * module), axis=-1)
    x, y = (to_photo(places.reshape(-1, 2)) - 0.5).T.reshape(2, len(at), len(at)).astype(np.float32)
    height, width = grey.shape
    if not (x.min() >= 0 and y.min() >= 0 and x.max() < width - 1 and y.max() < height - 1):
        return None
    return np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR), np.float64)


@cache
def _edges() -> tuple[FloatArray, FloatArray]:
    return np.arange(_SIDE + 1, dtype=np.float64), (np.arange(_SIDE * _FINE) + 0.5) / _FINE


def _blurring(blur: float) -> FloatArray:
    """Return what of each module falls on each sample along one axis; the blur is in modules."""
    edges, middles = _edges()
    shares = np.diff(ndtr((edges[None] - middles[:, None]) / max(blur, 0.05)), axis=1)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float64)


@cache
def _known() -> tuple[NDArray[np.bool_], NDArray[np.bool_], FloatArray]:
    """Modules the same in every code, those the same in all codes of a sheet, and the values of the former.

    With the quiet zone around; learnt from examples.
    """
    rng = np.random.default_rng(0)
    symbols, differ = [], np.zeros((CODE_MODULES, CODE_MODULES), bool)
    papers, ways, templates = list(PaperSize), list(Orientation), list(Template)
    for _ in range(_EXAMPLES):
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
    black = np.mean(symbols, axis=0)
    fixed = np.pad((black == 0) | (black == 1), _QUIET, constant_values=True)
    values = np.pad(np.where(black == 1, 1.0, np.where(black == 0, -1.0, 0.0)), _QUIET, constant_values=-1.0)
    return fixed, np.pad(~differ, _QUIET, constant_values=True), values


def _decoded(modules: ArrayLike, mark: int) -> SheetCode | None:
    symbol = np.pad(np.where(np.asarray(modules) > 0, 0, 255).astype(np.uint8), 4, constant_values=255)
    picture = np.ascontiguousarray(np.kron(symbol, np.ones((3, 3), np.uint8)))
    for one in zxingcpp.read_barcodes(picture, formats=_QR, is_pure=True, try_rotate=False):
        try:
            code = parse_sheet_code(one.text)
        except SheetCodeError:
            continue
        if code.mark == mark:
            return code
    return None
