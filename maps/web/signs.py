"""Signs, line samples and area samples as inline SVG, and the definitions they share."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from geo.domain.vocabulary import Kind
from maps.style import (
    KIND_STYLES,
    PALETTE,
    AreaStyle,
    FeatureStyle,
    Hatch,
    LayerStyle,
    Role,
    Stroke,
    Tone,
    symbol_markup,
)

__all__ = ["area_sample", "definitions", "hatch_reference", "layer_mark", "lengths", "line_sample", "pattern", "sign"]

# All markup below is built from the style tables alone, never from what people typed.
_PAPER = PALETTE[Role.PAPER].light


def hatch_reference(kind: Kind) -> str:
    """Return the id of the pattern that fills areas of a kind."""
    return f"hatch-{kind.value}"


def definitions(symbols: Iterable[Kind], areas: Iterable[Kind], *more: Markup) -> Markup:
    """Define the symbols of kinds and the hatch patterns of areas, once a page; more of them as they come."""
    parts = [
        f'<symbol id="symbol-{kind.value}" viewBox="0 0 24 24">{symbol_markup(kind)}</symbol>'
        for kind in sorted(set(symbols))
    ]
    parts += [_pattern(kind) for kind in sorted(set(areas))]
    parts += more
    return Markup(
        f'<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>{"".join(parts)}</defs></svg>'
    )


def _pattern(kind: Kind) -> str:
    style = KIND_STYLES[kind]
    return pattern(hatch_reference(kind), style.area, PALETTE[style.role])


def pattern(reference: str, area: AreaStyle, tone: Tone) -> Markup:
    """Define a pattern that fills areas."""
    hatch = area.hatch
    ends = 'stroke-linecap="round" stroke-width="2"' if hatch is Hatch.DOTS else 'stroke-width="1"'
    return Markup(
        f'<pattern id="{reference}" width="{hatch.tile}" height="{hatch.tile}" patternUnits="userSpaceOnUse"><rect'
        f' width="{hatch.tile}" height="{hatch.tile}" fill="{tone.light}" fill-opacity="{area.tint}"/>'
        f'<path d="{hatch.path}" fill="none" stroke="{tone.light}" stroke-opacity="0.65" {ends}/></pattern>'
    )


def sign(style: FeatureStyle, *, broken: bool = False) -> Markup:
    """Draw the sign of a point feature: the kind's symbol in the layer's frame, broken where its place is not known."""
    colour = style.tone.light
    fill, stroke = (colour, _PAPER) if style.layer.filled else (PALETTE[Role.CARD].light, colour)
    frame_dash = (3, 3) if broken else style.layer.dash
    dash = f' stroke-dasharray="{lengths(frame_dash)}"' if frame_dash else ""
    return Markup(
        f'<svg class="sign" viewBox="-1 -1 38 38" aria-hidden="true"><path d="{style.layer.frame.path}" fill="{fill}"'
        f' stroke="{colour}" stroke-width="2"{dash}/><use href="#symbol-{style.symbol.value}" x="8" y="8" width="20"'
        f' height="20" color="{stroke}"/></svg>'
    )


def layer_mark(style: LayerStyle) -> Markup:
    """Draw the check box of a layer: its frame, filled and ticked by the page's style sheet while it is on."""
    dash = f' stroke-dasharray="{lengths(style.dash)}"' if style.dash else ""
    return Markup(
        f'<svg class="layer-mark" viewBox="-1 -1 38 38" aria-hidden="true" color="{PALETTE[style.role].light}">'
        f'<path class="mark-frame" d="{style.frame.path}" fill="none" stroke="currentColor" stroke-width="2.5"{dash}/>'
        f'<path class="mark-tick" d="M10.5 18.5l5 5 10-11" fill="none" stroke="{_PAPER}" stroke-width="3.5"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def line_sample(strokes: Iterable[Stroke], tone: Tone) -> Markup:
    """Draw a short piece of a line for the legend."""
    drawn = "".join(_sample_stroke(stroke, tone) for stroke in strokes)
    return Markup(f'<svg class="sample" viewBox="0 0 44 24" aria-hidden="true">{drawn}</svg>')


def _sample_stroke(stroke: Stroke, tone: Tone) -> str:
    ends = "round" if stroke.round_ends and stroke.dash else "butt"
    dash = f' stroke-dasharray="{lengths(stroke.dash)}"' if stroke.dash else ""
    return (
        f'<path d="M3 15C13 6 29 19 41 9" fill="none" stroke="{_PAPER if stroke.paper else tone.light}"'
        f' stroke-width="{stroke.width}" stroke-linecap="{ends}"{dash}/>'
    )


def area_sample(reference: str, area: AreaStyle, tone: Tone) -> Markup:
    """Draw a small area for the legend, filled with a pattern of the page."""
    dash = f' stroke-dasharray="{lengths(area.outline_dash)}"' if area.outline_dash else ""
    return Markup(
        f'<svg class="sample" viewBox="0 0 44 24" aria-hidden="true"><path d="M3 4l36-2 3 17-21 3-17-2z"'
        f' fill="url(#{reference})" stroke="{tone.light}" stroke-width="{area.outline}"'
        f' stroke-linejoin="round"{dash}/></svg>'
    )


def lengths(dash: Iterable[float]) -> str:
    """Write a dash as SVG has it."""
    return " ".join(f"{length:g}" for length in dash)
