"""The QR symbol of a sheet code: the same modules for who prints and who reads."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import segno

from geo.sheet_layout.sheet_code import CODE_CORRECTION, CODE_VERSION, SheetCode

__all__ = ["CODE_MODULES", "code_modules"]

CODE_MODULES: Final = 25
"""Modules along a side of the symbol, without the quiet zone."""
_MASK = 3
"""Every code has the same mask, so that codes of one sheet differ only where the mark's number is written."""


def code_modules(code: SheetCode) -> npt.NDArray[np.bool_]:
    """Return the modules of the symbol, shape (25, 25), True where black, upright as printed.

    >>> from geo.sheet_layout import Orientation, PaperSize, Template
    >>> code = SheetCode("K7M29QXD", PaperSize.A1, Orientation.LANDSCAPE, Template.GRID, 5000, 73250000, 41900000)
    >>> code_modules(code).shape
    (25, 25)
    """
    symbol = segno.make(
        code.text(), version=CODE_VERSION, error=CODE_CORRECTION, mask=_MASK, mode="alphanumeric", boost_error=False
    )
    return np.array([list(row) for row in symbol.matrix], dtype=np.bool_)
