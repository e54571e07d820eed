"""Tell whether a photo whose codes cannot be read shows a given sheet: by the modules that sheets have not in common.

No module needs to be made out by itself. Hundreds of them, however blurred, go with the print of the right sheet, and
with that of another one no more than by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.sheet_layout import CODE_MODULES, SheetLayout, code_modules
from sketch_import.reading.locating import Located
from sketch_import.reading.registering import FittedMark

__all__ = ["Kinship", "compare_print"]

FloatArray = NDArray[np.float64]

_OTHERS = ("5AJ0TX3Z", "W27RMEC9", "0HQ8NB6K", "Q4Z81VGD", "9SXK3P0M", "H6Y7CT2W")
"""Ids of sheets that are as good as random; what is the same in all their codes says nothing."""
_BETTER = 0.15
"""By so much the photo goes better with the right print than with any other."""
_SEEN = 0.7
"""So well it goes with what is the same in all codes, where they are to be seen."""
_BLURRED = 1.3
"""Standard deviation of the blur, in modules, up to which the right print could not be missed."""
_FINE = 4
_QUIET = 2


class Kinship(StrEnum):
    """Whether a photo shows a given sheet."""

    SAME_SHEET = "same_sheet"
    OTHER_SHEET = "other_sheet"
    UNKNOWN = "unknown"
    """Too blurred or too much covered to tell."""


def compare_print(grey: NDArray[np.uint8], located: Located, layout: SheetLayout) -> Kinship:
    """Compare the codes in a photo with those of a sheet.

    Parameters
    ----------
    grey
        The upright photo, shape (h, w).
    located
        Its marks, fitted as marks of `layout`.
    layout
        The sheet that it may be.
    """
    ids = (layout.sheet_id, *_OTHERS)
    likeness, common = [], []
    for mark in located.marks:
        seen = _sampled(grey, mark, located)
        if seen is None:
            continue
        prints = [code_modules(replace(layout.code, sheet_id=one, mark=mark.mark.number)) for one in ids]
        same = np.all([one == prints[0] for one in prints], axis=0)
        blurred = [_blurred(one, _blur(mark)) for one in prints]
        likeness.append([_correlation(seen, one, ~same) for one in blurred])
        common.append(_correlation(seen, blurred[0], same))
    if not likeness:
        return Kinship.UNKNOWN
    ours, *others = np.mean(likeness, axis=0).tolist()
    if ours > max(others) + _BETTER:
        return Kinship.SAME_SHEET
    blur = float(np.median([_blur(mark) for mark in located.marks]))
    return Kinship.OTHER_SHEET if blur < _BLURRED and np.median(common) > _SEEN else Kinship.UNKNOWN


def _blur(mark: FittedMark) -> float:
    """Return the blur in modules."""
    return mark.blur_mm * CODE_MODULES / mark.mark.code.width


def _sampled(grey: NDArray[np.uint8], mark: FittedMark, located: Located) -> FloatArray | None:
    """Return the brightness at the middle of every module; None where the code is not in the picture."""
    code = mark.mark.code
    middles = (np.arange(CODE_MODULES) + 0.5) * code.width / CODE_MODULES
    places = np.stack(np.meshgrid(code.x + middles, code.y + middles), axis=-1).reshape(-1, 2)
    x, y = (located.surface.to_photo(places) - 0.5).T.astype(np.float32)
    if min(x.min(), y.min()) < 0 or x.max() > grey.shape[1] - 1 or y.max() > grey.shape[0] - 1:
        return None
    shape = (CODE_MODULES, CODE_MODULES)
    return np.asarray(cv2.remap(grey, x.reshape(shape), y.reshape(shape), cv2.INTER_LINEAR), np.float64)


def _blurred(black: NDArray[np.bool_], blur: float) -> FloatArray:
    white = np.pad(~black, _QUIET, constant_values=True).astype(np.float32)
    fine = np.kron(white, np.ones((_FINE, _FINE), np.float32))
    soft = cv2.GaussianBlur(fine, (0, 0), max(blur, 0.1) * _FINE)
    middle = cv2.resize(soft, None, fx=1 / _FINE, fy=1 / _FINE, interpolation=cv2.INTER_AREA)
    return np.asarray(middle[_QUIET:-_QUIET, _QUIET:-_QUIET], np.float64)


def _correlation(one: FloatArray, other: FloatArray, where: NDArray[np.bool_]) -> float:
    values: Sequence[FloatArray] = [one[where] - one[where].mean(), other[where] - other[where].mean()]
    size = float(np.sqrt((values[0] @ values[0]) * (values[1] @ values[1])))
    return float(values[0] @ values[1]) / size if size > 0 else 0.0
