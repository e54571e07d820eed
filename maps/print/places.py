"""Finding room: where on the map a name or a pin may stand so that nothing lies over anything else."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maps.vector import Box

__all__ = ["Room", "beside"]

_CELL = 20.0


@dataclass(slots=True)
class Room:
    """The map's frame, and what is taken of it."""

    frame: Box
    _cells: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def is_free(self, place: Box) -> bool:
        """Tell whether a place lies in the frame and meets nothing that is taken."""
        if not self.frame.holds(place):
            return False
        x, y, right, bottom = place.x, place.y, place.right, place.bottom
        for cell in self._over(place):  # written out: on a full map it is asked a million times
            for left, top, width, height in self._cells.get(cell, ()):
                if x < left + width and left < right and y < top + height and top < bottom:
                    return False
        return True

    def take(self, place: Box) -> None:
        """Take a place."""
        for cell in self._over(place):
            self._cells.setdefault(cell, []).append(place)

    def first_free(self, places: Iterable[Box]) -> Box | None:
        """Take the first place that is free, and return it."""
        for place in places:
            if self.is_free(place):
                self.take(place)
                return place
        return None

    def _over(self, place: Box) -> Iterator[tuple[int, int]]:
        for column in range(math.floor(place.x / _CELL), math.floor(place.right / _CELL) + 1):
            for row in range(math.floor(place.y / _CELL), math.floor(place.bottom / _CELL) + 1):
                yield column, row


def beside(x: float, y: float, width: float, height: float, *, gap: float) -> Iterator[Box]:
    """Yield places for a name beside a point, the best first: right, left, below, above, and the corners."""
    left, right = x - gap - width, x + gap
    above, below = y - gap - height, y + gap
    middle, level = x - width / 2, y - height / 2
    for at in (
        *((right, level), (left, level), (middle, below), (middle, above)),
        *((right, below - gap), (right, above + gap), (left, below - gap), (left, above + gap)),
    ):
        yield Box(at[0], at[1], width, height)
