"""The key box of a sheet: signs with their words (шарттуу белгилер)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geo.domain.drawing import Ink
from geo.domain.vocabulary import Kind
from sketch_import.sample_sheet.hand import FloatArray, Hand, Stroke, dashes, draw, draw_loop
from sketch_import.sample_sheet.lettering import Lettering, write
from sketch_import.sample_sheet.symbols import draw_picture

__all__ = ["Key", "KeyEntry", "draw_key"]


@dataclass(frozen=True, slots=True, eq=False)
class KeyEntry:
    """One line of the key: a sign, its ink, and what it stands for."""

    kind: Kind
    ink: Ink
    strokes: tuple[Stroke, ...]
    words: Lettering


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A key box: its frame (4, 2) in mm on the paper, its heading and its entries."""

    frame: FloatArray
    heading: Lettering
    entries: tuple[KeyEntry, ...]
    border: Stroke

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """Every stroke of the key."""
        signs = [stroke for entry in self.entries for stroke in (*entry.strokes, *entry.words.strokes)]
        return (self.border, *self.heading.strokes, *signs)


_Sign = Callable[[FloatArray, Hand, np.random.Generator], tuple[Stroke, ...]]


def _line(ink: Ink, *heights: float) -> _Sign:
    def sign(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
        return tuple(
            draw(np.add(at, [[-11, height], [11, height + rng.normal(0, 0.4)]]), hand=hand, rng=rng, ink=ink)
            for height in heights
        )

    return sign


def _waves(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
    x = np.linspace(-11, 11, 45)
    return tuple(
        draw(at + np.column_stack([x, height + 0.9 * np.sin(x * 0.75)]), hand=hand, rng=rng, ink=Ink.BLUE)
        for height in (-3.2, 3.2)
    )


def _loop(ink: Ink) -> _Sign:
    def sign(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
        turn = np.linspace(0, 2 * np.pi, 25)[:-1]
        ring = at + np.column_stack([10.5 * np.cos(turn), 4.8 * np.sin(turn)])
        return (draw_loop(ring, hand=replace(hand, corner_mm=0.1), rng=rng, ink=ink),)

    return sign


def _dashed(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
    return dashes(np.add(at, [[-11, 0], [12, 0]]), hand=hand, rng=rng, ink=Ink.RED, dash_mm=5.0, gap_mm=4.4)


def _house(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
    return draw_picture("house", at, hand=hand, rng=rng).strokes


def _well(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
    return draw_picture("well", at, hand=hand, rng=rng).strokes


def _pole(at: FloatArray, hand: Hand, rng: np.random.Generator) -> tuple[Stroke, ...]:
    return draw_picture("pole", at, hand=hand, rng=rng).strokes


_ENTRIES: tuple[tuple[Kind, Ink, _Sign, str], ...] = (
    (Kind.MAIN_ROAD, Ink.BLACK, _line(Ink.BLACK, -3.2, 3.2), "негизги жол"),
    (Kind.SECONDARY_ROAD, Ink.BLACK, _line(Ink.BLACK, 0.0), "ички жол, көчө"),
    (Kind.HOUSE, Ink.BLACK, _house, "үй"),
    (Kind.STREET_LIGHTING, Ink.BLACK, _pole, "жарыгы жок мамы"),
    (Kind.WELL, Ink.BLUE, _well, "кудук"),
    (Kind.RIVER, Ink.BLUE, _waves, "дарыя"),
    (Kind.CANAL, Ink.BLUE, _line(Ink.BLUE, 0.0), "арык"),
    (Kind.ARABLE, Ink.GREEN, _loop(Ink.GREEN), "айдоо, жайыт"),
    (Kind.PROBLEM, Ink.RED, _loop(Ink.RED), "көйгөй"),
    (Kind.DESIRED, Ink.RED, _dashed, "болсо дейбиз"),
)


def draw_key(at: tuple[float, float], *, hand: Hand, rng: np.random.Generator) -> Key:
    """Draw the key with the top-left corner of its frame at `at` (mm, x right, y down)."""
    width, row, head = 158.0, 15.4, 18.0
    x, y = at
    height = head + row * len(_ENTRIES) + 5.0
    frame = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    border = draw_loop(frame, hand=hand, rng=rng, ink=Ink.BLACK)
    heading = write("Шарттуу белгилер", (x + width / 2, y + 10.5), height_mm=8.0, hand=hand, rng=rng, centred=True)
    entries = []
    for number, (kind, ink, sign, words) in enumerate(_ENTRIES):
        middle = np.array([x + 22.0, y + head + row * (number + 0.5) + rng.normal(0, 0.6)])
        entries.append(
            KeyEntry(
                kind,
                ink,
                sign(middle, hand, rng),
                write(f"– {words}", np.add(middle, [17.0, 2.8]), height_mm=7.2, hand=hand, rng=rng),
            )
        )
    return Key(frame, heading, tuple(entries), border)
