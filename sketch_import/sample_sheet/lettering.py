"""Words written by hand: letters from the single-line alphabet, each a little different."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from geo.domain.drawing import Ink
from sketch_import.sample_sheet.alphabet import CAPITAL_UNITS, GAP_UNITS, glyph
from sketch_import.sample_sheet.hand import FloatArray, Hand, Stroke, draw

__all__ = ["Lettering", "text_width", "write"]

_SPACE_UNITS = 4.2


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """A written line of words: its strokes and the tilted box (4, 2) in mm that holds them."""

    words: str
    strokes: tuple[Stroke, ...]
    box: FloatArray


def text_width(words: str, height_mm: float) -> float:
    """Return how wide a line of words comes out, in mm, for capitals of that height."""
    units = sum(_SPACE_UNITS if letter == " " else glyph(letter).width + GAP_UNITS for letter in words)
    return units * height_mm / CAPITAL_UNITS


def write(
    words: str,
    at: ArrayLike,
    *,
    height_mm: float,
    hand: Hand,
    rng: np.random.Generator,
    ink: Ink = Ink.BLACK,
    angle_deg: float = 0.0,
    centred: bool = False,
    width_mm: float | None = None,
) -> Lettering:
    """Write one line of words.

    Parameters
    ----------
    words
        Kyrgyz or Russian letters, digits and signs of `alphabet.letters`.
    at
        Start of the base line in mm (x right, y down), or the middle of the words if `centred`.
    height_mm
        Height of a capital letter.
    hand, rng
        Whose hand, and its luck.
    ink
        Marker in the hand.
    angle_deg
        Direction of the writing, clockwise on the paper.
    centred
        Put the middle of the words at `at`.
    width_mm
        Width of the stroke; if None, what suits the height.
    """
    scale = height_mm / CAPITAL_UNITS
    pen = width_mm if width_mm is not None else float(np.clip(0.13 * height_mm, 0.9, 2.6))
    total = text_width(words, height_mm) - GAP_UNITS * scale
    shift = np.array([-total / 2, height_mm * 0.4]) if centred else np.zeros(2)
    turn = np.deg2rad(angle_deg)
    along, down = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    origin = np.asarray(at, dtype=np.float64)
    careful = replace(hand, wobble_mm=0.10 * height_mm, tremor_mm=0.012 * height_mm, corner_mm=0.05 * height_mm)
    strokes: list[Stroke] = []
    cursor = 0.0
    for letter in words:
        if letter == " ":
            cursor += _SPACE_UNITS * scale * float(rng.uniform(0.9, 1.1))
            continue
        shape = glyph(letter)
        size = scale * float(rng.normal(1.0, 0.035))
        lift = height_mm * float(rng.normal(0.0, 0.025))
        for part in shape.strokes:
            x = cursor + size * (part[:, 0] + hand.slant * part[:, 1])
            y = lift - size * part[:, 1]
            placed = origin + (x + shift[0])[:, None] * along + (y + shift[1])[:, None] * down
            strokes.append(draw(placed, hand=careful, rng=rng, ink=ink, width_mm=pen))
        cursor += (shape.width + GAP_UNITS) * scale
    drawn = np.vstack([stroke.points for stroke in strokes]) - origin
    across, deep = drawn @ along, drawn @ down
    left, right = across.min() - pen, across.max() + pen
    top, bottom = deep.min() - pen, deep.max() + pen
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Lettering(words, tuple(strokes), np.array([origin + a * along + d * down for a, d in corners]))
