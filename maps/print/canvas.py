"""Things put on the paper one after the other, in millimetres from its top-left corner, y down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from maps.print.letters import CAPITAL, POINT_MM
from maps.style import PALETTE, Role
from maps.vector import Anchor, Box, Look, Outline, Words, line_width, wrap
from maps.vector.drawing import Item

__all__ = ["FAINT", "INK", "Canvas", "closed", "line_mm", "polyline", "words_width"]

INK = PALETTE[Role.INK].light
FAINT = PALETTE[Role.FAINT_INK].light
_LINE = 1.25
"""Height of a line over the size of its type."""
_BASE = 0.96
"""From the top of a line to its base line, over the size of the type."""


def line_mm(size: float) -> float:
    """Return the height of a line of type of a size in points."""
    return size * POINT_MM * _LINE


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """Return SVG path data through points."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def closed(points: Sequence[tuple[float, float]]) -> str:
    """Return SVG path data around points."""
    return polyline(points) + "Z"


@dataclass(slots=True)
class Canvas:
    """What has been put on the paper so far."""

    items: list[Item] = field(default_factory=list)

    def line(
        self, x: float, top: float, words: str, size: float, *, bold: bool = False, colour: str = INK,
        anchor: Anchor = Anchor.START, role: str = "",
    ) -> float:  # fmt: skip
        """Write one line, its upper edge at `top`; return where the next one begins."""
        millimetres = size * POINT_MM
        self.items.append(Words(x, top + _BASE * millimetres, words, millimetres, bold, anchor, colour, role))
        return top + line_mm(size)

    def block(
        self, x: float, top: float, width: float, words: str, size: float, *, bold: bool = False, colour: str = INK,
        most: int = 0, role: str = "",
    ) -> float:  # fmt: skip
        """Write words in lines of a width; return where the next line begins."""
        if not words:
            return top
        for one in wrap(words, size * POINT_MM, width, bold=bold, lines=most):
            top = self.line(x, top, one, size, bold=bold, colour=colour, role=role)
        return top

    def centred(self, at: tuple[float, float], words: str, size: float, *, colour: str = INK, role: str = "") -> None:
        """Write bold words with their middle at a place."""
        millimetres = size * POINT_MM
        base = at[1] + CAPITAL / 2 * millimetres
        self.items.append(Words(at[0], base, words, millimetres, True, Anchor.MIDDLE, colour, role))

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.3, colour: str = INK) -> None:
        """Draw a straight line."""
        self.items.append(Outline(polyline([(x1, y1), (x2, y2)]), Look(stroke=colour, width=width)))

    def dotted(self, x1: float, x2: float, y: float) -> None:
        """Draw a line to write on."""
        look = Look(stroke=FAINT, width=0.5, dash=(0.1, 2.0), round_ends=True)
        self.items.append(Outline(polyline([(x1, y), (x2, y)]), look))

    def box(self, place: Box, look: Look, *, role: str = "", radius: float = 0.0) -> None:
        """Draw a rectangle with round corners."""
        x, y, right, bottom, r = place.x, place.y, place.right, place.bottom, radius
        path = (
            f"M{x + r:.2f} {y:.2f}H{right - r:.2f}a{r} {r} 0 0 1 {r} {r}V{bottom - r:.2f}a{r} {r} 0 0 1 {-r} {r}"
            f"H{x + r:.2f}a{r} {r} 0 0 1 {-r} {-r}V{y + r:.2f}a{r} {r} 0 0 1 {r} {-r}Z"
            if r
            else closed([(x, y), (right, y), (right, bottom), (x, bottom)])
        )
        self.items.append(Outline(path, look, role))


def words_width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is, millimetres; the size in points."""
    return line_width(words, size * POINT_MM, bold=bold)
