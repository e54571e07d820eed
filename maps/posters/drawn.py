"""Pins, stages and the samples of the key."""

from __future__ import annotations

from geo.domain.plan_codes import ActivityStage
from maps.posters.scene import Form
from maps.posters.sizes import TypeSizes
from maps.print.canvas import INK, Canvas, closed, words_width
from maps.print.letters import CAPITAL, POINT_MM
from maps.print.objects import draw_area, draw_line, scaled_path, sign_at
from maps.style import STAGE_STYLES, FeatureStyle
from maps.vector import Box, Disc, Look, Outline

__all__ = ["draw_badge", "draw_sample", "draw_stage", "pin_size"]

_PAPER = "#FFFFFF"


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
        draw_line(canvas, style, path, sizes.pixel_mm, role=role)
    else:
        corners = [(x, y + 0.1 * place.height), (right - 0.06 * place.width, y), (right, bottom), (x + 1, bottom)]
        draw_area(canvas, style, closed(corners), sizes.pixel_mm, role=role)


def pin_size(words: str, sizes: TypeSizes, *, is_problem: bool) -> tuple[float, float]:
    """Return width and height of a pin, millimetres: its number stands in it whole."""
    wide, high = words_width(words, sizes.detail, bold=True), CAPITAL * sizes.detail * POINT_MM
    if is_problem:  # in a square on its corner, words of w by h need a diagonal of w + h
        side = max(wide + high + 3.2 * sizes.unit, 15.0 * sizes.unit)
        return side, side
    return max(wide + 4.2 * sizes.unit, 10.5 * sizes.unit), 10.5 * sizes.unit


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
    path = scaled_path(style.drawing, scale, x - side / 2, y - side / 2)
    stroke = _PAPER if style.filled else colour
    canvas.items.append(Outline(path, Look(stroke=stroke, width=2.2 * scale, round_ends=True)))
