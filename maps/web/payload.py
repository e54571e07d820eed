"""What the page's scripts get: marks, looks and words as plain JSON values, every word once."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

from markupsafe import Markup

from geo.i18n import Language, text
from maps.web.encoding import encode_geometries, encode_numbers
from maps.web.marks import ERROR, Look, MapContents, Mark, Step

__all__ = ["as_script_json", "payload_of"]

_WORDS = ("close", "zoom_in", "zoom_out", "whole_map", "not_known", "position_error")
_WEB_WORDS = ("search_nothing", "photo", "chain", "show_on_other")


def payload_of(contents: MapContents, language: Language) -> tuple[dict[str, Any], list[bool]]:
    """Turn a page's marks into what its scripts draw, and say which of them have a place.

    Columns are written by `maps.web.encoding`; position errors are in decimetres, 0 where none is known. A word's
    number is its place in ``strings``.
    """
    strings = _Numbered()
    rows = _Numbered()
    looks = list(contents.looks)
    look_number = {key: place for place, key in enumerate(looks)}
    marks = contents.marks
    geometries = encode_geometries(mark.geometry for mark in marks)
    pictures = _Numbered()
    columns = {
        "name": [strings[mark.name] for mark in marks],
        "kind": [strings[mark.kind] for mark in marks],
        "above": [strings[mark.above] for mark in marks],
        "look": [look_number[mark.look] for mark in marks],
        "error": [_decimetres(mark.error_m) for mark in marks],
        "facts": [rows[_row(mark, strings)] for mark in marks],
        "side": [mark.side for mark in marks],
        "same": [mark.same + 1 for mark in marks],
        "quiet": [int(mark.quiet) for mark in marks],
    } | {
        f"tag{place}": [mark.tags[place] + 1 if mark.tags else 0 for mark in marks]
        for place in range(len(contents.switches))
    }
    chains = {place: _chain(mark.chain, strings) for place, mark in enumerate(marks) if mark.chain}
    photos = {
        place: [[pictures[_data_address(photo.jpeg)], photo.caption] for photo in mark.photos]
        for place, mark in enumerate(marks)
        if mark.photos
    }
    return {
        "count": len(marks),
        "columns": {name: encode_numbers(column) for name, column in columns.items() if any(column)},
        "shapes": geometries.shapes,
        "coordinates": geometries.coordinates,
        "strings": list(strings),
        "factRows": list(rows),
        "chains": chains,
        "photos": photos,
        "pictures": list(pictures),
        "shifts": {place: mark.shift for place, mark in enumerate(marks) if mark.shift},
        "looks": [_look(contents.looks[key]) for key in looks],
        "switches": [
            {"name": switch.name, "values": [option.value for option in switch.options]} for switch in contents.switches
        ],
        "words": {name: text(f"map.{name}", language) for name in _WORDS}
        | {name: text(f"web_map.{name}", language) for name in _WEB_WORDS}
        | {
            "shown": text("map.shown", language, shown="{shown}", total="{total}"),
            "metres": text("map.metres", language, number="{number}"),
            "kilometres": text("map.kilometres", language, number="{number}"),
            "found": text("web_map.found", language, number="{number}"),
        },
    }, geometries.drawn


class _Numbered(dict[Any, int]):
    """Gives each thing the number of its first coming."""

    def __missing__(self, thing: Any) -> int:
        self[thing] = number = len(self)
        return number


def _row(mark: Mark, strings: _Numbered) -> tuple[int, ...]:
    row: list[int] = []
    for heading, words in mark.facts:
        row += (strings[heading], -1 if words == ERROR else strings[words])
    return tuple(row)


def _chain(steps: Iterable[Step], strings: _Numbered) -> list[list[Any]]:
    return [[strings[step.heading], int(step.missing), *[strings[words] for words in step.words]] for step in steps]


def _decimetres(error_m: float | None) -> int:
    return max(1, round(error_m * 10)) if error_m and error_m > 0 and isfinite(error_m) else 0


def _data_address(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def _look(look: Look) -> dict[str, Any]:
    return {
        "row": look.row,
        "colour": look.tone.light,
        "nameColour": look.tone.light_text,
        "rank": look.rank,
        "size": look.size,
        "sign": str(look.sign),
        "strokes": [
            {"width": stroke.width, "dash": list(stroke.dash), "round": stroke.round_ends, "paper": stroke.paper}
            for stroke in look.strokes
        ],
        "fill": look.fill,
        "outline": {"width": look.outline, "dash": list(look.outline_dash)},
    }


def as_script_json(value: object) -> Markup:
    r"""Write a value as JSON that is inert inside an HTML script element, whatever people typed.

    ``<``, ``>`` and ``&`` become ``\u`` escapes, so no tag can begin or end in it; slashes are escaped so that an
    address in a name is not taken for a link; other letters stay readable.

    >>> print(as_script_json("</script> ң http://x"))
    "\u003c\/script\u003e ң http:\/\/x"
    """
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign_, escape in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("/", "\\/"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        written = written.replace(sign_, escape)
    return Markup(written)
