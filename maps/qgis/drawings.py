"""Signs and hatches as small SVG drawings that stand alone, for QGIS to embed."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from geo.domain.vocabulary import Kind, Layer
from maps.style import KIND_STYLES, PALETTE, Hatch, Role, style_of, symbol_markup

__all__ = ["embedded", "hatch_svg", "sign_svg"]

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{box}">{body}</svg>'


def embedded(svg: str) -> str:
    """Return a drawing as QGIS embeds it: the path of a file is then its content (QGIS 3.6 and later)."""
    return "base64:" + b64encode(svg.encode()).decode("ascii")


@cache
def sign_svg(kind: Kind, layer: Layer, desired_kind: Kind | None = None) -> str:
    """Return the sign of a point: the kind's symbol in the layer's frame, in the colours of paper."""
    style = style_of(kind, layer=layer, desired_kind=desired_kind)
    colour = style.tone.light
    paper = PALETTE[Role.CARD].light
    inside, ink = (colour, PALETTE[Role.PAPER].light) if style.layer.filled else (paper, colour)
    dash = f' stroke-dasharray="{" ".join(f"{one:g}" for one in style.layer.dash)}"' if style.layer.dash else ""
    # Qt knows no currentColor of a parent, so the ink is written out.
    symbol = symbol_markup(style.symbol).replace("currentColor", ink)
    body = (
        f'<path d="{style.layer.frame.path}" fill="{inside}" stroke="{colour}" stroke-width="2"{dash}/>'
        f'<g transform="translate(8 8) scale(0.83333)" fill="none" stroke="{ink}" stroke-width="1.75"'
        f' stroke-linecap="round" stroke-linejoin="round">{symbol}</g>'
    )
    return _SVG.format(width=38, height=38, box="-1 -1 38 38", body=body)


@cache
def hatch_svg(kind: Kind) -> str:
    """Return one tile of the pattern that fills areas of a kind; empty where they have none."""
    style = KIND_STYLES[kind]
    hatch = style.area.hatch
    if not hatch.path:
        return ""
    ends = 'stroke-linecap="round" stroke-width="2"' if hatch is Hatch.DOTS else 'stroke-width="1"'
    body = f'<path d="{hatch.path}" fill="none" stroke="{PALETTE[style.role].light}" stroke-opacity="0.65" {ends}/>'
    return _SVG.format(width=hatch.tile, height=hatch.tile, box=f"0 0 {hatch.tile} {hatch.tile}", body=body)
