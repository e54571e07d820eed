"""Reads what a map page carries, by the words of `maps.web.encoding`, and its elements as HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from maps.web.encoding import DIGITS

__all__ = ["VOID", "Outline", "data_of", "marks_of"]

VOID = {"meta", "link", "img", "br", "input", "hr"}
_VALUES = {letter: place for place, letter in enumerate(DIGITS)}


class Outline(HTMLParser):
    """Which elements a page has, and whether they are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def with_attribute(self, name: str, value: str | None = None) -> list[dict[str, str | None]]:
        return [found for _, found in self.tags if name in found and (value is None or found[name] == value)]


def data_of(page: str) -> dict[str, Any]:
    """What the page's scripts get, as it stands in the file."""
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def marks_of(page: str) -> list[dict[str, Any]]:
    """The marks of a page in words and degrees; points are lat lon."""
    data = data_of(page)
    strings = data["strings"]
    column = {name: _reader(written) for name, written in data["columns"].items()}

    def number(name: str) -> int:
        return column[name]() if name in column else 0

    shapes, steps = _reader(data["shapes"]), _reader(data["coordinates"])
    here = [0, 0]

    def position() -> list[float]:
        for axis in (0, 1):
            step = steps()
            here[axis] += -(step + 1) // 2 if step % 2 else step // 2
        return [here[1] / 1e6, here[0] / 1e6]

    marks: list[dict[str, Any]] = []
    for place in range(data["count"]):
        row = data["factRows"][number("facts")]
        mark: dict[str, Any] = {
            "name": strings[number("name")],
            "kind": strings[number("kind")],
            "above": strings[number("above")],
            "look": data["looks"][number("look")],
            "error": number("error") / 10 or None,
            "facts": [
                (strings[heading], None if words < 0 else strings[words])
                for heading, words in zip(row[::2], row[1::2], strict=True)
            ],
            "tags": [number(f"tag{switch}") - 1 for switch in range(len(data["switches"]))],
            "side": number("side"),
            "same": number("same") - 1,
            "chain": [
                (strings[heading], bool(missing), [strings[one] for one in words])
                for heading, missing, *words in data["chains"].get(str(place), ())
            ],
            "photos": [(data["pictures"][picture], caption) for picture, caption in data["photos"].get(str(place), ())],
            "shift": data["shifts"].get(str(place)),
            "points": [],
            "lines": [],
            "areas": [],
        }
        for _ in range(shapes()):
            many, kind = divmod(shapes(), 3)
            if kind == 0:
                mark["points"].append(position())
            elif kind == 1:
                mark["lines"].append([position() for _ in range(many)])
            else:
                mark["areas"].append([[position() for _ in range(shapes())] for _ in range(many)])
        marks.append(mark)
    return marks


def _reader(written: str) -> Callable[[], int]:
    letters = iter(written)

    def read() -> int:
        number, place = 0, 0
        while True:
            digit = _VALUES[next(letters)]
            number += (digit & 31) << place
            place += 5
            if digit < 32:
                return number

    return read
