"""Objects on paper, from the style table of the house: signs, lines and areas in millimetres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path

from maps.print.canvas import Canvas
from maps.style import FeatureStyle, Frame
from maps.vector import Box, Disc, Look, Outline, Sign
from maps.vector.drawing import Item

__all__ = ["draw_area", "draw_line", "scaled_path", "sign_at", "sign_side"]

_PAPER = "#FFFFFF"
_FRAME_SIDE = 36.0
_SHRINK = {1: 1.0, 2: 0.85, 3: 0.66}
"""Signs of things there are many of are smaller."""


def sign_side(style: FeatureStyle, pixel_mm: float) -> float:
    """Return the width of a sign; `pixel_mm` is the length of a pixel of the style table."""
    return _FRAME_SIDE * pixel_mm * _SHRINK[style.rank]


def draw_area(
    canvas: Canvas, style: FeatureStyle, path: str, pixel_mm: float, *, role: str = "", colour: str = ""
) -> None:
    """Draw an area: tint, hatch and outline; in a colour of its own, its outline alone."""
    if not path:
        return
    area, own = style.area, style.tone.light
    outline, dash = area.outline * pixel_mm, tuple(part * pixel_mm for part in area.outline_dash)
    look = Look(stroke=colour or own, width=outline, dash=dash)
    if not colour:
        look = replace(look, fill=own, opacity=area.tint, hatch=area.hatch, hatch_colour=own, hatch_scale=pixel_mm)
    canvas.items.append(Outline(path, look, role))


def draw_line(
    canvas: Canvas, style: FeatureStyle, path: str, pixel_mm: float, *, role: str = "", colour: str = ""
) -> None:
    """Draw a line with all its strokes, one over the other."""
    for stroke in style.strokes if path else ():
        look = Look(
            stroke=_PAPER if stroke.paper else colour or style.tone.light,
            width=stroke.width * pixel_mm,
            dash=tuple(part * pixel_mm for part in stroke.dash),
            round_ends=stroke.round_ends,
        )
        canvas.items.append(Outline(path, look, role))


def sign_at(
    style: FeatureStyle, at: tuple[float, float], side: float, *, role: str = "", colour: str = ""
) -> Iterator[Item]:
    """Yield the sign of a kind: its symbol in the frame of its layer; in a colour of its own it is never filled."""
    place = Box(at[0] - side / 2, at[1] - side / 2, side, side)
    layer, unit = style.layer, side / _FRAME_SIDE
    ink, filled = colour or style.tone.light, layer.filled and not colour
    dash = tuple(part * unit for part in layer.dash)
    look = Look(fill=ink if filled else _PAPER, stroke=ink, width=2 * unit, dash=dash)
    if layer.frame in (Frame.CIRCLE, Frame.DASHED_CIRCLE):
        yield Disc(*place.middle, 15 * unit, look, role)
    else:
        yield Outline(scaled_path(layer.frame.path, unit, place.x, place.y), look, role)
    yield Sign(style.symbol, place.x + 8 * unit, place.y + 8 * unit, 20 * unit, _PAPER if filled else ink)


def scaled_path(path: str, scale: float, dx: float, dy: float) -> str:
    """Return SVG path data, scaled and moved."""
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.3f}")
    parse_path(path, TransformPen(pen, (scale, 0, 0, scale, dx, dy)))
    found: str = pen.getCommands()
    return found
