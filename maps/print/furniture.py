"""Words that fit their place, scale bars and north: what every printed map has, in millimetres."""

from __future__ import annotations

import math
from typing import Any

from babel.numbers import format_decimal

from geo.i18n import Language
from geo.sheet_layout import Rect
from maps.print.ground import Ground
from maps.words import distance_in_words

__all__ = ["Parts", "in_digits", "line_size", "scale_bar", "true_north_degrees", "words_in"]

Parts = dict[str, Any]
"""Plain values for a template."""
_POINT_MM = 25.4 / 72
_LINE = 1.1
"""Height of a line as the templates set it, in the size of its type."""


def words_in(place: Rect, words: str, *, largest: float, smallest: float, **look: Any) -> Parts:
    """Return words for the template: in the largest size, in points, at which they fit their place."""
    return {
        "x": place.x,
        "y": place.y,
        "w": place.width,
        "h": place.height,
        "text": words,
        "largest": largest,
        "smallest": smallest,
        "bold": False,
        "align": "left",
    } | look


def line_size(height: float) -> float:
    """Return the type, in points, of one line that fills a height in millimetres."""
    return height / _LINE / _POINT_MM


def scale_bar(scale: int, place: Rect, language: Language) -> Parts:
    """Return a bar of a round number of metres, with numbers below it, as long as the place allows."""
    size = max(6.0, min(12.0, line_size(place.height) * 0.42))
    room = place.width - 2 * size  # the last number stands out to the right by half its width
    longest = min(room, 100.0) * scale / 1000
    power = 10.0 ** math.floor(math.log10(longest))
    step, parts = next((n, parts) for n, parts in ((8, 4), (5, 5), (4, 4), (2, 4), (1, 5)) if n * power <= longest)
    metres = step * power
    shown = metres / 1000 if metres >= 1000 else metres
    digits = [in_digits(shown * share, language) for share in (0.0, 0.5)]
    digits.append(distance_in_words(metres, language).replace(" ", "\u00a0"))
    return {
        "x": place.x + 2.0,
        "y": place.y + place.height * 0.14,
        "length": metres * 1000 / scale,
        "thick": max(1.5, place.height * 0.16),
        "parts": parts,
        "size": size,
        "ticks": [{"at": at, "text": words} for at, words in zip((0.0, 0.5, 1.0), digits, strict=True)],
    }


def in_digits(number: float, language: Language) -> str:
    """Return a number as the language writes it, with spaces that do not break.

    >>> in_digits(25000, Language.EN), in_digits(2.5, Language.KY)
    ('25,000', '2,5')
    """
    return str(format_decimal(number, locale=language.value)).replace(" ", "\u00a0")


def true_north_degrees(ground: Ground) -> float:
    """Return by how much true north is off the upper edge, clockwise, at the middle of the frame."""
    frame = ground.frame
    middle = (frame.x + frame.width / 2, frame.y + frame.height / 2)
    ((lon, lat),) = ground.to_lonlat([middle]).tolist()
    (x1, y1), (x2, y2) = ground.from_lonlat([(lon, lat), (lon, lat + 0.001)]).tolist()
    return round(math.degrees(math.atan2(x2 - x1, y1 - y2)), 3)
