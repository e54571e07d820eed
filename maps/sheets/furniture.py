"""Words, key, scale bar and north arrow in the margins: which of them stands where, in millimetres."""

from __future__ import annotations

import itertools
import math
from typing import Any

from babel.numbers import format_decimal

from geo.domain.labels import label
from geo.i18n import Language, text
from geo.sheet_layout import Rect, SheetLayout
from maps.print.furniture import Parts, in_digits, line_size, scale_bar, true_north_degrees, words_in
from maps.sheets.face import SheetFace
from maps.words import date_in_words

__all__ = ["furniture", "grid_labels"]

_NARROW = 120.0
"""A panel for scale and id that is narrower than this has them one below the other."""


def furniture(layout: SheetLayout, face: SheetFace) -> Parts:
    """Return words, lines to write on, the key, the scale bar and the north arrow, for the template."""
    words, fields = _top(layout, face)
    key = _key(layout, face)
    info = _info(layout, face.language)
    return {
        "words": words + key["words"] + info["words"],
        "fields": fields + key["fields"],
        "key": key["boxes"],
        "scale_bar": info["scale_bar"],
        "north": info["north"],
    }


def _top(layout: SheetLayout, face: SheetFace) -> tuple[list[Parts], list[Parts]]:
    language, panels = face.language, layout.top_panels
    title = face.title or text("printing.title", language)
    words: list[Parts] = []
    fields: list[Parts] = []

    def put(place: Rect, said: str, **look: Any) -> None:
        if said:
            size = line_size(place.height)
            words.append(words_in(place, said, largest=min(size * 0.8, 40), smallest=size * 0.35, **look))

    def ask(place: Rect, key: str, said: str = "", **look: Any) -> None:
        if said:
            put(place, said, **look)
        else:
            size = min(line_size(place.height) * 0.62, 20)
            fields.append(_field(place, text(key, language), size))

    held_on = date_in_words(face.held_on, language) if face.held_on else ""
    if len(panels) == 1:
        upper, lower = _rows(panels[0], 0.58)
        left, right = _columns(upper, 0.64)
        put(left, title, bold=True)
        ask(Rect(right.x, right.y, right.width, right.height * 0.85), "printing.village", face.village, align="right")
        parts = _columns(lower, *((0.36, 0.64) if face.event else (0.45,)))
        if face.event:
            put(parts[0], face.event)
        ask(parts[-2], "printing.date", held_on)
        ask(parts[-1], "printing.group")
        return words, fields
    put(panels[0], title, bold=True)
    if len(panels) == 2:
        left, right = _columns(panels[1], 0.5)
    else:
        left, right = panels[1], panels[-1]
    if face.event and len(panels) > 3:
        ask(_middle(panels[1]), "printing.village", face.village, bold=True)
        put(_middle(panels[2]), face.event)
    elif face.event:
        upper, lower = _rows(left, 0.52)
        ask(upper, "printing.village", face.village, bold=True)
        put(lower, face.event)
    else:
        ask(_middle(left), "printing.village", face.village, bold=True)
    upper, lower = _rows(right, 0.5)
    ask(upper, "printing.date", held_on)
    ask(lower, "printing.group")
    return words, fields


def _key(layout: SheetLayout, face: SheetFace) -> dict[str, list[Parts]]:
    boxes, words, fields = [], [], []
    places = layout.key_boxes
    for number, place in enumerate(places[: len(face.key)] if face.key else places):
        box = place.box
        boxes.append({"x": box.x, "y": box.y, "w": box.width, "h": box.height})
        if face.key:
            inner = Rect(place.label.x + 0.5, place.label.y + 0.2, place.label.width - 1.0, place.label.height - 0.2)
            name = label(face.key[number], face.language)
            words.append(
                words_in(inner, name, largest=max(9.5, 1.5 * place.label.height), smallest=5, align="center", top=True)
            )
        else:
            fields.append(_field(Rect(box.x, place.label.y, box.width, place.label.height), "", 6))
    if face.key and len(face.key) < len(places):
        after = places[len(face.key)]
        ends = [panel.right for panel in layout.bottom_panels if panel.x <= after.box.x <= panel.right]
        if len(layout.bottom_panels) == 1:
            ends = [places[-1].label.right]
        width = min(ends[0] - after.box.x - 1.0, 80.0)
        beside = Rect(after.box.x + 1.0, after.box.y, width, after.label.bottom - after.box.y)
        words.append(words_in(beside, face.hint or text("printing.how_to_key", face.language), largest=14, smallest=5))
    return {"boxes": boxes, "words": words, "fields": fields}


def _info(layout: SheetLayout, language: Language) -> Parts:
    panel = layout.bottom_panels[-1]
    if len(layout.bottom_panels) == 1:
        panel = Rect(panel.x + panel.width * 2 / 3 + 3.0, panel.y, panel.width / 3 - 3.0, panel.height)
    code = layout.code
    arrow = panel.height * 0.62
    north = Rect(panel.right - arrow * 0.5, panel.y + panel.height * 0.3, arrow * 0.45, arrow)
    letter = Rect(north.x - 2.0, panel.y, north.width + 4.0, panel.height * 0.27)
    wide = Rect(panel.x, panel.y, north.x - 4.0 - panel.x, panel.height)
    scale = f"1:{in_digits(code.scale, language)}"
    zone = f"UTM {layout.epsg % 100}{'N' if layout.epsg < 32700 else 'S'}"
    hint = text("printing.keep_marks", language, zone=zone)
    if wide.width > _NARROW:
        names, rest = _columns(wide, 0.34)
        first, second = _rows(names, 0.58)
        bar, note = _rows(rest, 0.52)
    else:
        first, lower = _rows(wide, 0.36)
        first, second = _columns(first, 0.55)
        bar, note = _rows(lower, 0.5)
    words = [
        words_in(first, code.sheet_id, largest=min(line_size(first.height), 30), smallest=7, bold=True),
        words_in(second, scale, largest=min(line_size(second.height), 20), smallest=6),
        words_in(note, hint, largest=12, smallest=4.5),
        words_in(letter, text("printing.north", language), largest=20, smallest=6, bold=True, align="center"),
    ]
    return {
        "words": words,
        "scale_bar": scale_bar(layout.code.scale, bar, language),
        "north": {
            "x": north.x,
            "y": north.y,
            "w": north.width,
            "h": north.height,
            "degrees": true_north_degrees(layout),
        },
    }


def grid_labels(layout: SheetLayout, language: Language) -> list[Parts]:
    """Return kilometres of the UTM grid at both ends of every line, just inside the frame."""
    frame = layout.frame
    decimals = max(0, math.ceil(3 - math.log10(layout.grid_m)))
    labels = []
    for (x1, y1), (x2, _) in layout.grid_lines:
        east, north = (layout.to_grid([(x1, y1)])[0] / 1000).tolist()
        if x1 == x2:
            if x1 + 12 < frame.right:
                ends = [(x1 + 0.7, frame.y + 0.6), (x1 + 0.7, frame.bottom - 3.0)]
                words = _fixed(east, decimals, language)
                labels += [{"x": x, "y": y, "text": words, "right": False} for x, y in ends]
        elif frame.y + 8 < y1 < frame.bottom - 4:
            words = _fixed(north, decimals, language)
            labels.append({"x": frame.x + 0.7, "y": y1 - 2.8, "text": words, "right": False})
            labels.append({"x": frame.right - 15.7, "y": y1 - 2.8, "text": words, "right": True})
    return labels


def _fixed(number: float, decimals: int, language: Language) -> str:
    pattern = "0." + "0" * decimals if decimals else "0"
    return str(format_decimal(number, format=pattern, locale=language.value))


def _field(place: Rect, words: str, size: float) -> Parts:
    return {"x": place.x, "y": place.y, "w": place.width, "h": place.height, "label": words, "size": size}


def _middle(place: Rect) -> Rect:
    return Rect(place.x, place.y + place.height * 0.2, place.width, place.height * 0.6)


def _rows(place: Rect, share: float) -> tuple[Rect, Rect]:
    upper = place.height * share
    return (
        Rect(place.x, place.y, place.width, upper),
        Rect(place.x, place.y + upper, place.width, place.height - upper),
    )


def _columns(place: Rect, *shares: float) -> tuple[Rect, ...]:
    edges = (0.0, *shares, 1.0)
    gap = 4.0
    return tuple(
        Rect(
            place.x + place.width * begin, place.y, place.width * (end - begin) - (gap if end < 1 else 0), place.height
        )
        for begin, end in itertools.pairwise(edges)
    )
