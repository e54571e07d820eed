"""Print the marks of a sheet layout on a drawing, by its code alone."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import segno

from geo.sheet_layout import SheetLayout


def print_marks(light: np.ndarray, layout: SheetLayout) -> np.ndarray:
    """A copy of a picture of the whole paper, shape (h, w, 3), 0 to 1, with the QR symbols of its marks."""
    page = light.copy()
    scale = page.shape[1] / layout.paper_mm[0]
    for mark in layout.marks:
        text = replace(layout.code, mark=mark.number).text()
        symbol = segno.make_qr(text, version=2, error="m", mode="alphanumeric")
        modules = np.array([list(row) for row in symbol.matrix]) > 0
        left, top = round(mark.code.x * scale), round(mark.code.y * scale)
        side = round(mark.code.width * scale)
        picture = cv2.resize(np.where(modules, 0.1, 1.0), (side, side), interpolation=cv2.INTER_NEAREST)
        rim = side // 6
        page[max(0, top - rim) : top + side + rim, max(0, left - rim) : left + side + rim] = 1.0
        page[top : top + side, left : left + side] = picture[..., None]
    return page
