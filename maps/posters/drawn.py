"""Objects, pins and their samples on paper, from the style table of the house."""

from __future__ import annotations

from collections.abc import Iterator

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path

from geo.domain.plan_codes import ActivityStage
from maps.posters.canvas import INK, Canvas, closed, words_width
from maps.posters.scene import Form
from maps.posters.sizes import TypeSizes
from maps.print.letters import CAPITAL, POINT_MM
from maps.style import STAGE_STYLES, FeatureStyle, Frame, LayerStyle
from maps.vector import Box, Disc, Look, Outline, Sign
from maps.vector.drawing import Item

__all__ = [
    "PIXEL_MM",
    "draw_area",
    "draw_badge",
    "draw_line",
    "draw_sample",
    "draw_stage",
    "pin_side",
    "sign_at",
    "sign_side",
]

PIXEL_MM = 0.36
"""Millimetres on A1 of a pixel of the style table: a sign of 36 pixels is 13 mm wide, and read from 2 m."""
_PAPER = "#FFFFFF"
_FRAME_SIDE = 36.0
_SHRINK = {1: 1.0, 2: 0.85, 3: 0.66}
"""Signs of things there are many of are smaller."""


def sign_side(style: FeatureStyle, sizes: TypeSizes) -> float:
    """Return the width of a sign."""
    return _FRAME_SIDE * PIXEL_MM * sizes.unit * _SHRINK[style.rank]


def draw_area(canvas: Canvas, style: FeatureStyle, path: str, sizes: TypeSizes, *, role: str) -> None:
    """Draw an area: tint, hatch and outline."""
    if path:
        canvas.items.append(Outline(path, _area_look(style, sizes), role))


def draw_line(canvas: Canvas, style: FeatureStyle, path: str, sizes: TypeSizes, *, role: str) -> None:
    """Draw a line with all its strokes, one over the other."""
    unit = PIXEL_MM * sizes.unit
    for stroke in style.strokes if path else ():
        look = Look(
            stroke=_PAPER if stroke.paper else style.tone.light,
            width=stroke.width * unit,
            dash=tuple(part * unit for part in stroke.dash),
            round_ends=stroke.round_ends,
        )
        canvas.items.append(Outline(path, look, role))


def sign_at(style: FeatureStyle, at: tuple[float, float], side: float, *, role: str = "") -> Iterator[Item]:
    """Yield the sign of a kind: its symbol in the frame of its layer."""
    x, y = at[0] - side / 2, at[1] - side / 2
    colour, layer = style.tone.light, style.layer
    unit = side / _FRAME_SIDE
    dash = tuple(part * unit for part in layer.dash)
    fill = colour if layer.filled else _PAPER
    yield _frame(layer, Box(x, y, side, side), Look(fill=fill, stroke=colour, width=2 * unit, dash=dash), role)
    yield Sign(style.symbol, x + 8 * unit, y + 8 * unit, 20 * unit, _PAPER if layer.filled else colour)


def _frame(layer: LayerStyle, place: Box, look: Look, role: str) -> Item:
    """Return a frame by its outline in millimetres, drawn anew: the table has it on a grid of pixels."""
    unit = place.width / _FRAME_SIDE
    if layer.frame in (Frame.CIRCLE, Frame.DASHED_CIRCLE):
        return Disc(*place.middle, 15 * unit, look, role)
    return Outline(_scaled(layer.frame.path, unit, place.x, place.y), look, role)


def _area_look(style: FeatureStyle, sizes: TypeSizes) -> Look:
    unit, area, colour = PIXEL_MM * sizes.unit, style.area, style.tone.light
    return Look(
        fill=colour,
        opacity=area.tint,
        stroke=colour,
        width=area.outline * unit,
        dash=tuple(part * unit for part in area.outline_dash),
        hatch=area.hatch,
        hatch_colour=colour,
        hatch_scale=unit,
    )


def draw_sample(canvas: Canvas, form: Form, style: FeatureStyle, place: Box, sizes: TypeSizes, *, role: str) -> None:
    """Draw what a kind looks like, for the key."""
    x, y, right, bottom = place.x, place.y, place.right, place.bottom
    if form is Form.POINT:
        canvas.items.extend(sign_at(style, place.middle, place.height, role=role))
    elif form is Form.LINE:
        wave = (place.height / 3, place.width / 3)
        middle = place.middle[1]
        path = (
            f"M{x:.2f} {middle + wave[0]:.2f}C{x + wave[1]:.2f} {middle - wave[0]:.2f} {right - wave[1]:.2f}"
            f" {middle + wave[0]:.2f} {right:.2f} {middle - wave[0]:.2f}"
        )
        draw_line(canvas, style, path, sizes, role=role)
    else:
        corners = [(x, y + 0.1 * place.height), (right - 0.06 * place.width, y), (right, bottom), (x + 1, bottom)]
        draw_area(canvas, style, closed(corners), sizes, role=role)


def pin_side(words: str, sizes: TypeSizes, *, is_problem: bool) -> float:
    """Return the width of a pin: its number stands in it whole."""
    wide, high = words_width(words, sizes.detail, bold=True), CAPITAL * sizes.detail * POINT_MM
    if is_problem:  # in a square on its corner, words of w by h need a diagonal of w + h
        return max(wide + high + 3.2 * sizes.unit, 15.0 * sizes.unit)
    return max(wide + 4.2 * sizes.unit, 10.5 * sizes.unit)


def draw_badge(
    canvas: Canvas, place: Box, *, words: str, colour: str, size: float, is_problem: bool, unit: float
) -> None:
    """Draw the number of a priority (a filled diamond) or of a line of the plan (a hollow square)."""
    x, y = place.middle
    if is_problem:
        half = place.width / 2
        corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
        canvas.items.append(Outline(closed(corners), Look(fill=colour, stroke=_PAPER, width=0.7 * unit), "problem pin"))
        canvas.centred((x, y), words, size, colour=_PAPER, role="pin")
    else:
        look = Look(fill=_PAPER, stroke=colour, width=1.1 * unit)
        canvas.box(place.grown(-0.6 * unit), look, role="plan pin", radius=1.8 * unit)
        canvas.centred((x, y), words, size, colour=INK, role="pin")


def draw_stage(canvas: Canvas, stage: ActivityStage, place: Box, unit: float) -> None:
    """Draw the symbol of a stage in its round frame."""
    style = STAGE_STYLES[stage]
    colour = style.tone.light
    x, y = place.middle
    dash = tuple(0.35 * unit * part for part in style.dash)
    look = Look(fill=colour if style.filled else _PAPER, stroke=colour, width=0.7 * unit, dash=dash)
    canvas.items.append(Disc(x, y, place.width / 2, look, f"stage {stage.value}"))
    side = 0.68 * place.width
    scale = side / 24
    path = _scaled(style.drawing, scale, x - side / 2, y - side / 2)
    stroke = _PAPER if style.filled else colour
    canvas.items.append(Outline(path, Look(stroke=stroke, width=2.2 * scale, round_ends=True)))


def _scaled(path: str, scale: float, dx: float, dy: float) -> str:
    """Return SVG path data, scaled and moved."""
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.3f}")
    parse_path(path, TransformPen(pen, (scale, 0, 0, scale, dx, dy)))
    found: str = pen.getCommands()
    return found
