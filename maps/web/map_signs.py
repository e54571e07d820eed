"""Signs and hatches as SVG pictures that stand alone, for maps that a browser paints from pictures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from geo.domain.vocabulary import Kind
from maps.style.areas import Hatch
from maps.style.features import FeatureStyle, style_of
from maps.style.palette import PALETTE, Role
from maps.style.symbols import symbol_markup

__all__ = ["SIGN_PX", "map_pictures"]

SIGN_PX = 30
"""Width and height of a sign on the map, in pixels of 1/96 inch."""
_SPACE = 'xmlns="http://www.w3.org/2000/svg"'


@cache
def map_pictures(*, dark: bool = False) -> Mapping[str, str]:
    """Return SVG drawings by the names that layers call them: ``sign/<kind>/<theme>``, ``hatch/<kind>/<theme>``.

    Each says its size on the map in ``width`` and ``height``.
    """
    theme = "dark" if dark else "light"
    found = {}
    for kind in Kind:
        style = style_of(kind)
        found[f"sign/{kind.value}/{theme}"] = _sign(style, dark=dark)
        found[f"hatch/{kind.value}/{theme}"] = _hatch(style, dark=dark)
    return MappingProxyType(found)


def _sign(style: FeatureStyle, *, dark: bool) -> str:
    colour = style.tone.dark if dark else style.tone.light
    card, paper = PALETTE[Role.CARD], PALETTE[Role.PAPER]
    ground = card.dark if dark else card.light
    fill, stroke = (colour, paper.dark if dark else paper.light) if style.layer.filled else (ground, colour)
    dash = f' stroke-dasharray="{" ".join(f"{one:g}" for one in style.layer.dash)}"' if style.layer.dash else ""
    return (
        f'<svg {_SPACE} viewBox="-1 -1 38 38" width="{SIGN_PX}" height="{SIGN_PX}">'
        f'<path d="{style.layer.frame.path}" fill="{fill}" stroke="{colour}" stroke-width="2"{dash}/>'
        f'<g transform="translate(8 8) scale({20 / 24:.4f})" fill="none" stroke="{stroke}" color="{stroke}"'
        f' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{symbol_markup(style.symbol)}</g></svg>'
    )


def _hatch(style: FeatureStyle, *, dark: bool) -> str:
    hatch, colour = style.area.hatch, style.tone.dark if dark else style.tone.light
    ends = 'stroke-linecap="round" stroke-width="2"' if hatch is Hatch.DOTS else 'stroke-width="1"'
    return (
        f'<svg {_SPACE} viewBox="0 0 {hatch.tile} {hatch.tile}" width="{hatch.tile}" height="{hatch.tile}">'
        f'<path d="{hatch.path}" fill="none" stroke="{colour}" stroke-opacity="0.65" {ends}/></svg>'
    )
