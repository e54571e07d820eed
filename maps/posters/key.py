"""The key: exactly what is on the map, each with its sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.domain.labels import label
from geo.i18n import Language, text
from maps.posters.drawn import draw_badge, draw_sample
from maps.posters.ground_map import BOUNDARY_DASH
from maps.posters.scene import Form, Scene
from maps.posters.sizes import TypeSizes
from maps.print.canvas import FAINT, Canvas, line_mm, polyline, words_width
from maps.print.letters import POINT_MM
from maps.style import PALETTE, FeatureStyle, Role
from maps.vector import Box, Look, Outline, wrap

__all__ = ["Key", "key_of"]

_COLUMN_MM = (86.0, 200.0)
"""Least and largest width of a column, on A1."""
_SAMPLE_MM = 17.0
_GAP_MM = 4.0


@dataclass(frozen=True, slots=True)
class _Entry:
    words: str
    draw: Callable[[Canvas, Box], None]
    is_boundary: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A key, ready to be drawn."""

    entries: tuple[_Entry, ...]
    columns: int
    width: float
    sizes: TypeSizes

    @property
    def height(self) -> float:
        """How high it is."""
        return sum(self._rows())

    def draw(self, canvas: Canvas, x: float, top: float, *, has_boundary: bool) -> None:
        """Draw it, its top-left corner at a place; entries run down the columns.

        Parameters
        ----------
        canvas
            Where to.
        x, top
            Its corner, millimetres.
        has_boundary
            Whether a boundary is on the map; it is the last entry, and left out where none is.
        """
        unit, size = self.sizes.unit, self.sizes.detail
        wide = self.width / self.columns
        high = self._rows()
        for number, entry in enumerate(self.entries):
            if entry.is_boundary and not has_boundary:
                continue
            column, row = divmod(number, len(high))
            left, upper = x + column * wide, top + sum(high[:row])
            lines = self._lines(entry)
            sample = Box(left, upper + (high[row] - 9.5 * unit) / 2, _SAMPLE_MM * unit, 9.5 * unit)
            entry.draw(canvas, sample)
            first = upper + (high[row] - len(lines) * line_mm(size)) / 2
            for one in lines:
                first = canvas.line(sample.right + 2.5 * unit, first, one, size, role="key")

    def _rows(self) -> list[float]:
        """Return the height of each row."""
        count = -(-len(self.entries) // self.columns)
        unit, line = self.sizes.unit, line_mm(self.sizes.detail)
        rows = [10.8 * unit] * count
        for number, entry in enumerate(self.entries):
            rows[number % count] = max(rows[number % count], len(self._lines(entry)) * line + 1.2 * unit)
        return rows

    def _lines(self, entry: _Entry) -> list[str]:
        return wrap(entry.words, self.sizes.detail * POINT_MM, self._room, lines=2)

    @property
    def _room(self) -> float:
        unit = self.sizes.unit
        return self.width / self.columns - (_SAMPLE_MM + 2.5 + _GAP_MM) * unit


def key_of(scene: Scene, language: Language, sizes: TypeSizes, *, width: float, problem: str, activity: str) -> Key:
    """Return the key of a map.

    Parameters
    ----------
    scene
        What is on the map.
    language, sizes
        Of the poster.
    width
        Room for it, millimetres.
    problem, activity
        Numbers of a pin of each sort that is on the map, to show in the key; empty: none is.
    """
    entries: list[_Entry] = []
    unit = sizes.unit
    felt, stone = PALETTE[Role.FELT].light, PALETTE[Role.STONE].light

    def badge(words: str, colour: str, *, is_problem: bool) -> Callable[[Canvas, Box], None]:
        def draw(canvas: Canvas, place: Box) -> None:
            side = (11.5 if is_problem else 9.5) * unit
            size = sizes.detail * (0.62 if len(words) > 1 else 0.8)
            wide = side if is_problem else max(side, words_width(words, size, bold=True) + 3.2 * unit)
            at = Box(place.middle[0] - wide / 2, place.middle[1] - side / 2, wide, side)
            draw_badge(canvas, at, words=words, colour=colour, size=size, is_problem=is_problem, unit=unit)

        return draw

    if problem:
        entries.append(_Entry(text("posters.key_problem", language), badge(problem, felt, is_problem=True)))
    if activity:
        entries.append(_Entry(text("posters.key_activity", language), badge(activity, stone, is_problem=False)))
    for kind, form, style in scene.kinds:
        entries.append(_Entry(label(kind, language), _sampler(kind.value, form, style, sizes)))
    if scene.boundary is not None:
        entries.append(_Entry(text("posters.key_boundary", language), _boundary(sizes), is_boundary=True))
    return Key(tuple(entries), _columns(entries, sizes, width), width, sizes)


def _sampler(kind: str, form: Form, style: FeatureStyle, sizes: TypeSizes) -> Callable[[Canvas, Box], None]:
    def draw(canvas: Canvas, place: Box) -> None:
        draw_sample(canvas, form, style, place, sizes, role=f"key {kind}")

    return draw


def _boundary(sizes: TypeSizes) -> Callable[[Canvas, Box], None]:
    def draw(canvas: Canvas, place: Box) -> None:
        unit, y = sizes.unit, place.middle[1]
        look = Look(stroke=FAINT, width=0.7 * unit, dash=tuple(part * unit for part in BOUNDARY_DASH))
        canvas.items.append(Outline(polyline([(place.x, y), (place.right, y)]), look, "key boundary"))

    return draw


def _columns(entries: Sequence[_Entry], sizes: TypeSizes, width: float) -> int:
    """Return how many columns: as narrow as the longer names allow."""
    unit = sizes.unit
    widths = sorted(words_width(one.words, sizes.detail) for one in entries) or [0.0]
    usual = widths[int(0.85 * (len(widths) - 1))] + (_SAMPLE_MM + 2.5 + _GAP_MM) * unit
    column = min(max(usual, _COLUMN_MM[0] * unit), _COLUMN_MM[1] * unit)
    return max(1, min(int(width // column), len(entries)))
