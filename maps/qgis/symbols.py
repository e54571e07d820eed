"""Symbols of QGIS made from the style tables: markers, lines and fills, all sizes in millimetres.

Element and option names are those QGIS 3.22 writes; a newer one reads them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from geo.domain.vocabulary import Kind, Layer
from maps.qgis.drawings import embedded, hatch_svg, sign_svg
from maps.style import FeatureStyle, Role, Stroke, style_of
from maps.style.palette import PALETTE

__all__ = ["MM_PER_PIXEL", "fill_symbol", "line_symbol", "marker_symbol", "rgba"]

MM_PER_PIXEL = 25.4 / 96
"""Sizes of the style tables are pixels of 1/96 inch."""
_SIGN_PIXELS = {1: 34, 2: 30, 3: 26}
"""Width of a sign by rank, as on the web map."""


def marker_symbol(name: str, kind: Kind, layer: Layer, *, desired_kind: Kind | None = None) -> Element:
    """Return the sign of a kind as a marker symbol."""
    symbol = _symbol(name, "marker")
    rank = style_of(kind, layer=layer, desired_kind=desired_kind).rank
    options = {
        "name": embedded(sign_svg(kind, layer, desired_kind)),
        "size": _mm(_SIGN_PIXELS[rank]),
        "size_unit": "MM",
        "scale_method": "diameter",
        "angle": "0",
        "offset": "0,0",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": "1",
    }
    _layer(symbol, "SvgMarker", options)
    return symbol


def line_symbol(name: str, kind: Kind, layer: Layer) -> Element:
    """Return the pile of strokes of a kind as a line symbol."""
    symbol = _symbol(name, "line")
    style = style_of(kind, layer=layer)
    for stroke in style.strokes:
        _layer(symbol, "SimpleLine", _stroke_options(stroke, style))
    return symbol


def fill_symbol(name: str, kind: Kind, layer: Layer) -> Element:
    """Return the tint, hatch and outline of a kind as a fill symbol."""
    symbol = _symbol(name, "fill")
    style = style_of(kind, layer=layer)
    tint = {"color": rgba(style.tone.light, style.area.tint), "style": "solid", "outline_style": "no"}
    _layer(symbol, "SimpleFill", tint)
    tile = hatch_svg(kind)
    if tile:
        options = {
            "svgFile": embedded(tile),
            "width": _mm(style.area.hatch.tile),
            "pattern_width_unit": "MM",
            "angle": "0",
        }
        hatch = _layer(symbol, "SVGFill", options)
        # Its own outline, which QGIS would else draw black.
        nothing = SubElement(hatch, "symbol", {"type": "line", "name": f"@{name}@1", "alpha": "0"})
        _layer(nothing, "SimpleLine", {"line_color": "0,0,0,0", "line_style": "no", "line_width": "0"})
    outline = Stroke(style.area.outline, dash=style.area.outline_dash, round_ends=False)
    _layer(symbol, "SimpleLine", _stroke_options(outline, style))
    return symbol


def rgba(colour: str, opacity: float = 1.0) -> str:
    """Return ``#RRGGBB`` as QGIS writes colours.

    >>> rgba("#0E6FC2", 0.5)
    '14,111,194,128'
    """
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _stroke_options(stroke: Stroke, style: FeatureStyle) -> dict[str, str]:
    colour = PALETTE[Role.PAPER].light if stroke.paper else style.tone.light
    options = {
        "line_color": rgba(colour),
        "line_style": "solid",
        "line_width": _mm(stroke.width),
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "round" if stroke.round_ends else "flat",
    }
    if stroke.dash:
        lengths = ";".join(_mm(length) for length in stroke.dash)
        options |= {"use_custom_dash": "1", "customdash": lengths, "customdash_unit": "MM"}
    return options


def _symbol(name: str, kind: str) -> Element:
    return Element("symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"})


def _layer(symbol: Element, kind: str, options: Mapping[str, str]) -> Element:
    layer = SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    held = SubElement(layer, "Option", {"type": "Map"})
    for name, value in _sorted(options):
        SubElement(held, "Option", {"type": "QString", "name": name, "value": value})
    return layer


def _sorted(options: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return sorted(options.items())


def _mm(pixels: float) -> str:
    return f"{pixels * MM_PER_PIXEL:.4g}"
