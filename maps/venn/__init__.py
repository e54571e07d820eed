"""Venn diagrams drawn by the program: true circles that lie exactly as was recorded (DOMAIN.md section 4)."""

from __future__ import annotations

from geo.i18n import Language
from geo.snapshots import VennSnapshot
from maps.vector import PictureFormat, to_picture
from maps.venn.layout import LineReason, TieLine, VennLayout, layout_venn
from maps.venn.page import Occasion, draw_venn, draw_venn_pair, occasion_of

__all__ = [
    "LineReason",
    "Occasion",
    "TieLine",
    "VennLayout",
    "draw_venn",
    "draw_venn_pair",
    "layout_venn",
    "occasion_of",
    "render_venn",
    "render_venn_pair",
]


def render_venn(
    venn: VennSnapshot,
    language: Language,
    *,
    format: PictureFormat | str = PictureFormat.PDF,
    occasion: Occasion | None = None,
) -> bytes:
    """Draw a diagram for the wall.

    Parameters
    ----------
    venn
        The diagram; any number of circles, none as well.
    language
        Of names, key and title.
    format
        ``svg`` (with its letters, to be opened by itself), ``pdf`` (one page, vectors) or ``png`` (150 to the inch).
    occasion
        Village, day and group, for the title; see `occasion_of`.

    Returns
    -------
    bytes
        A sheet of A3 lying, longer where a list of long names needs it.

    Raises
    ------
    Unavailable
        A typeface is missing; the message names the package.
    """
    return to_picture(draw_venn(venn, language, occasion=occasion), PictureFormat(format))


def render_venn_pair(
    women: VennSnapshot,
    men: VennSnapshot,
    language: Language,
    *,
    format: PictureFormat | str = PictureFormat.PDF,
    occasion: Occasion | None = None,
) -> bytes:
    """Draw women's and men's diagrams side by side with their differences marked; otherwise as `render_venn`."""
    return to_picture(draw_venn_pair(women, men, language, occasion=occasion), PictureFormat(format))
