"""The sign of the house as pictures for home screens, drawn from its SVG."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import typst

__all__ = ["ICON_SIZES", "icon_png"]

ICON_SIZES: Final = (192, 512)
"""Pixels of a side; what Android and desktops ask for when a page is installed."""
_MARK: Final = Path(__file__).parents[1] / "pages" / "static" / "mark.svg"
_FELT: Final = "#A8322A"
_SAFE: Final = 0.8
"""Share of a side that every phone shows, however it cuts the icon (W3C Manifest, section "Icon masks")."""


@cache
def icon_png(size: int) -> bytes:
    """Return the sign as a PNG of ``size`` by ``size`` pixels; its ground fills the corners that phones cut off."""
    page = (
        f'#set page(width: {size}pt, height: {size}pt, margin: 0pt, fill: rgb("{_FELT}"))\n'
        f'#align(center + horizon, image("mark.svg", width: {size * _SAFE}pt))\n'
    )
    # The stub has one type for both the text and the folder.
    return bytes(typst.compile(page.encode(), root=_MARK.parent, format="png", ppi=72))  # type: ignore[call-overload]
