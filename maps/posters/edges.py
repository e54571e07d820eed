"""What stands around map and lists: the heading, where to complain or add, the scale bar, north, credits."""

from __future__ import annotations

import math

import segno

from geo.i18n import Language, text
from geo.sheet_layout import Rect
from maps.posters.contents import PosterContents
from maps.posters.notes import PosterNotes
from maps.posters.sizes import TypeSizes
from maps.print.canvas import FAINT, INK, Canvas, closed, line_mm, words_width
from maps.print.furniture import Parts, scale_bar, true_north_degrees
from maps.print.ground import MapWindow
from maps.print.letters import POINT_MM, printable
from maps.style import PALETTE, Role
from maps.vector import Anchor, Box, Look, Outline, wrap

__all__ = ["draw_credits", "draw_heading", "draw_notes", "draw_scaling", "notes_height", "scaling_place"]

_PAPER = "#FFFFFF"
_BAR_MM = 110.0
"""Longest scale bar, on A1."""
_SMALLEST_TITLE = 0.45
"""A long name may be set so much smaller than a short one before it is cut."""


def draw_heading(canvas: Canvas, place: Box, contents: PosterContents, sizes: TypeSizes) -> float:
    """Write name, what it is and when; return the lower edge."""
    size = sizes.title
    smallest = _SMALLEST_TITLE * sizes.title
    while size > smallest and len(wrap(contents.title, size * POINT_MM, place.width, bold=True)) > 1:
        size *= 0.94
    lines = wrap(contents.title, size * POINT_MM, place.width, bold=True, lines=2)
    top = place.y - 0.06 * size * POINT_MM
    for one in lines:
        top = canvas.line(place.x, top, one, size, bold=True, role="title")
    date = words_width(contents.as_of, sizes.body, bold=True) + 8 * sizes.unit
    small = 0.5 * (sizes.heading + sizes.body)
    if words_width(lines[-1], size, bold=True) + date <= place.width:
        at, after = top - 0.24 * line_mm(size) - 0.77 * line_mm(sizes.body), 0.0
        lower = canvas.block(place.x, top, place.width, contents.subtitle, small, most=2)
    elif words_width(contents.subtitle, small) + date <= place.width:
        lower = canvas.block(place.x, top, place.width - date, contents.subtitle, small, most=2)
        at, after = top + 0.75 * (line_mm(small) - line_mm(sizes.body)), 0.0
    else:
        at = canvas.block(place.x, top, place.width, contents.subtitle, small, most=2)
        lower, after = at, line_mm(sizes.body)
    canvas.line(place.right, at, contents.as_of, sizes.body, bold=True, anchor=Anchor.END, role="as of")
    return lower + after


def notes_height(notes: PosterNotes, language: Language, sizes: TypeSizes, width: float) -> float:
    """Return how high the box with the notes is."""
    return draw_notes(Canvas(), Box(0, 0, width, 0), notes, language, sizes)


def draw_notes(canvas: Canvas, place: Box, notes: PosterNotes, language: Language, sizes: TypeSizes) -> float:
    """Say how to complain or add something; return the lower edge."""
    unit, pad = sizes.unit, 5.0 * sizes.unit
    frame = Canvas()
    code = 0.0
    if notes.web:
        code = 46.0 * unit
        _draw_code(frame, Box(place.right - pad - code, place.y + pad, code, code), notes.web)
    x, width = place.x + pad, place.width - 2 * pad - (code + 6 * unit if code else 0.0)
    top = place.y + pad - 0.1 * line_mm(sizes.body)
    top = frame.block(x, top, width, text("posters.notes_title", language), sizes.body * 1.15, bold=True, most=2)
    top = frame.block(x, top, width, text("posters.notes", language), sizes.detail, most=4) + 1.5 * unit
    for key, said in (("where", notes.where), ("whom", notes.whom), ("phone", notes.phone)):
        top = _field(frame, Box(x, top, width, 0), text(f"posters.{key}", language), printable(said), sizes)
    bottom = top
    if code:
        below = place.y + pad + code + 1.0 * unit
        for one in wrap(text("posters.code", language), sizes.detail * POINT_MM, code + 4 * unit, lines=3):
            below = frame.line(place.right - pad - code / 2, below, one, sizes.detail, anchor=Anchor.MIDDLE)
        bottom = max(top, below)
    bottom += 0.6 * pad
    tint = Look(fill=PALETTE[Role.PAPER].light, stroke=PALETTE[Role.RULE].light, width=0.6 * unit)
    canvas.box(Box(place.x, place.y, place.width, bottom - place.y), tint, role="notes", radius=3.0 * unit)
    canvas.items.extend(frame.items)
    return bottom


def _field(canvas: Canvas, place: Box, asked: str, said: str, sizes: TypeSizes) -> float:
    """Write a heading and what is known, or a line to write on; return the lower edge."""
    x, top, width = place.x, place.y, place.width
    size, unit = sizes.body, sizes.unit
    room = words_width(asked, sizes.detail) + 3.0 * unit
    drop = 0.75 * (line_mm(size) - line_mm(sizes.detail))
    if said:
        bottom = canvas.block(x + room, top, width - room, said, size, bold=True, most=2)
    else:
        bottom = top + line_mm(size) * 1.25
        canvas.dotted(x + room, x + width, bottom - 0.28 * line_mm(size))
        drop += 0.25 * line_mm(size)
    canvas.line(x, top + drop, asked, sizes.detail, colour=FAINT)
    return bottom


def _draw_code(canvas: Canvas, place: Box, address: str) -> None:
    """Draw a QR code with its quiet zone inside the place."""
    matrix = segno.make_qr(address, error="M").matrix
    count = len(matrix) + 8
    unit = place.width / count
    canvas.box(place, Look(fill=_PAPER), role="code paper")
    squares = []
    for row, modules in enumerate(matrix):
        column = 0
        while column < len(modules):
            start = column
            while column < len(modules) and modules[column]:
                column += 1
            if column > start:
                left, top = place.x + (start + 4) * unit, place.y + (row + 4) * unit
                right, bottom = left + (column - start) * unit, top + unit * 1.01
                squares.append(closed([(left, top), (right, top), (right, bottom), (left, bottom)]))
            column += 1
    canvas.items.append(Outline("".join(squares), Look(fill="#000000"), "code"))


def scaling_place(frame: Box, window: MapWindow, language: Language, sizes: TypeSizes) -> Box:
    """Return the corner of the map that scale bar and north arrow take."""
    unit = sizes.unit
    bar = _bar(window, 0.0, 0.0, language, sizes)
    last = words_width(bar["ticks"][-1]["text"], sizes.detail) / 2
    wide, high = 3 * unit + _north_width(language, sizes) + 6 * unit + bar["length"] + last + 3 * unit, 21.0 * unit
    return Box(frame.x + 3 * unit, frame.bottom - high - 3 * unit, wide, high)


def draw_scaling(canvas: Canvas, place: Box, window: MapWindow, language: Language, sizes: TypeSizes) -> None:
    """Draw scale bar and north arrow."""
    unit, size = sizes.unit, sizes.detail
    look = Look(fill=_PAPER, opacity=0.88, stroke=PALETTE[Role.RULE].light, width=0.4 * unit)
    canvas.box(place, look, role="scaling", radius=2.0 * unit)
    arrow = Box(place.x + 3 * unit, place.y + 2 * unit, _north_width(language, sizes), place.height - 4 * unit)
    _draw_north(canvas, arrow, window, language, sizes)
    left = arrow.right + 6 * unit
    bar = _bar(window, left, place.y, language, sizes)
    step, thick, y = bar["length"] / bar["parts"], 2.4 * unit, place.y + 4.5 * unit
    for part in range(bar["parts"]):
        look = Look(fill=INK if part % 2 == 0 else _PAPER, stroke=INK, width=0.35 * unit)
        canvas.box(Box(left + part * step, y, step, thick), look, role="scale bar")
    for tick in bar["ticks"]:
        anchor = Anchor.START if tick["at"] == 0 else Anchor.MIDDLE
        canvas.line(left + tick["at"] * bar["length"], y + thick + 0.8 * unit, tick["text"], size, anchor=anchor)


def _north_width(language: Language, sizes: TypeSizes) -> float:
    return max(words_width(text("printing.north", language), sizes.detail, bold=True), 10 * sizes.unit)


def _bar(window: MapWindow, x: float, y: float, language: Language, sizes: TypeSizes) -> Parts:
    return scale_bar(window.scale, Rect(x, y, _BAR_MM * sizes.unit, 21.0 * sizes.unit), language)


def _draw_north(canvas: Canvas, place: Box, window: MapWindow, language: Language, sizes: TypeSizes) -> None:
    words = text("printing.north", language)
    letter = line_mm(sizes.detail)
    canvas.line(place.middle[0], place.y - 0.8 * sizes.unit, words, sizes.detail, bold=True, anchor=Anchor.MIDDLE)
    low, high = place.y + letter - 1.0 * sizes.unit, place.bottom
    x, y, half = place.middle[0], (low + high) / 2, (high - low) / 2
    angle = math.radians(true_north_degrees(window))

    def turned(dx: float, dy: float) -> tuple[float, float]:
        return x + dx * math.cos(angle) - dy * math.sin(angle), y + dx * math.sin(angle) + dy * math.cos(angle)

    tip, tail, left, right = (0, -half), (0, 0.6 * half), (-0.55 * half, half), (0.55 * half, half)
    canvas.items.append(Outline(closed([turned(*tip), turned(*tail), turned(*left)]), Look(fill=INK), "north"))
    canvas.items.append(
        Outline(closed([turned(*tip), turned(*tail), turned(*right)]), Look(stroke=INK, width=0.4 * sizes.unit))
    )


def draw_credits(canvas: Canvas, place: Box, words: str, sizes: TypeSizes) -> None:
    """Write where the data come from, in small type at the lower edge."""
    canvas.block(place.x, place.y, place.width, words, sizes.credit, colour=FAINT, most=2, role="credits")
