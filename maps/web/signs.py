"""Signs, line samples and area samples as inline SVG, and the definitions they share."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from geo.domain.vocabulary import Kind
from maps.style import KIND_STYLES, PALETTE, FeatureStyle, Hatch, LayerStyle, Role, Stroke, symbol_markup

__all__ = ["area_sample", "definitions", "hatch_reference", "layer_mark", "line_sample", "sign"]

# All markup below is built from the style tables alone, never from what people typed.
_PAPER = PALETTE[Role.PAPER].light


def hatch_reference(kind: Kind) -> str:
    """Return the id of the pattern that fills areas of a kind."""
    return f"hatch-{kind.value}"


def definitions(symbols: Iterable[Kind], areas: Iterable[Kind]) -> Markup:
    """Define the symbols of kinds and the hatch patterns of areas, once a page."""
    parts = [
        f'<symbol id="symbol-{kind.value}" viewBox="0 0 24 24">{symbol_markup(kind)}</symbol>'
        for kind in sorted(set(symbols))
    ]
    parts += [_pattern(kind) for kind in sorted(set(areas))]
    return Markup(
        f'<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>{"".join(parts)}</defs></svg>'
    )


def _pattern(kind: Kind) -> str:
    style = KIND_STYLES[kind]
    colour, hatch = PALETTE[style.role].light, style.area.hatch
    ends = 'stroke-linecap="round" stroke-width="2"' if hatch is Hatch.DOTS else 'stroke-width="1"'
    return (
        f'<pattern id="{hatch_reference(kind)}" width="{hatch.tile}" height="{hatch.tile}"'
        f' patternUnits="userSpaceOnUse"><rect width="{hatch.tile}" height="{hatch.tile}" fill="{colour}"'
        f' fill-opacity="{style.area.tint}"/><path d="{hatch.path}" fill="none" stroke="{colour}"'
        f' stroke-opacity="0.65" {ends}/></pattern>'
    )


def sign(style: FeatureStyle) -> Markup:
    """Draw the sign of a point feature: the kind's symbol in the layer's frame."""
    colour = style.tone.light
    fill, stroke = (colour, _PAPER) if style.layer.filled else (PALETTE[Role.CARD].light, colour)
    dash = f' stroke-dasharray="{_lengths(style.layer.dash)}"' if style.layer.dash else ""
    return Markup(
        f'<svg class="sign" viewBox="-1 -1 38 38" aria-hidden="true"><path d="{style.layer.frame.path}" fill="{fill}"'
        f' stroke="{colour}" stroke-width="2"{dash}/><use href="#symbol-{style.symbol.value}" x="8" y="8" width="20"'
        f' height="20" color="{stroke}"/></svg>'
    )


def layer_mark(style: LayerStyle) -> Markup:
    """Draw the check box of a layer: its frame, filled and ticked by the page's style sheet while it is on."""
    dash = f' stroke-dasharray="{_lengths(style.dash)}"' if style.dash else ""
    return Markup(
        f'<svg class="layer-mark" viewBox="-1 -1 38 38" aria-hidden="true" color="{PALETTE[style.role].light}">'
        f'<path class="mark-frame" d="{style.frame.path}" fill="none" stroke="currentColor" stroke-width="2.5"{dash}/>'
        f'<path class="mark-tick" d="M10.5 18.5l5 5 10-11" fill="none" stroke="{_PAPER}" stroke-width="3.5"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def line_sample(style: FeatureStyle) -> Markup:
    """Draw a short piece of a line for the legend."""
    strokes = "".join(_sample_stroke(stroke, style) for stroke in style.strokes)
    return Markup(f'<svg class="sample" viewBox="0 0 44 24" aria-hidden="true">{strokes}</svg>')


def _sample_stroke(stroke: Stroke, style: FeatureStyle) -> str:
    ends = "round" if stroke.round_ends and stroke.dash else "butt"
    dash = f' stroke-dasharray="{_lengths(stroke.dash)}"' if stroke.dash else ""
    return (
        f'<path d="M3 15C13 6 29 19 41 9" fill="none" stroke="{_PAPER if stroke.paper else style.tone.light}"'
        f' stroke-width="{stroke.width}" stroke-linecap="{ends}"{dash}/>'
    )


def area_sample(kind: Kind, style: FeatureStyle) -> Markup:
    """Draw a small area for the legend."""
    dash = f' stroke-dasharray="{_lengths(style.area.outline_dash)}"' if style.area.outline_dash else ""
    return Markup(
        f'<svg class="sample" viewBox="0 0 44 24" aria-hidden="true"><path d="M3 4l36-2 3 17-21 3-17-2z"'
        f' fill="url(#{hatch_reference(kind)})" stroke="{style.tone.light}" stroke-width="{style.area.outline}"'
        f' stroke-linejoin="round"{dash}/></svg>'
    )


def _lengths(dash: Iterable[float]) -> str:
    return " ".join(f"{length:g}" for length in dash)
