"""What a drawing is made of: discs, outlines, signs and words, in millimetres from its top-left corner, y down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from geo.domain.vocabulary import Kind
from geo.i18n import Language
from maps.style import PALETTE, Hatch, Role

__all__ = ["Anchor", "Box", "Disc", "Drawing", "Item", "Look", "Outline", "Sign", "Words"]

INK = PALETTE[Role.INK].light


class Anchor(StrEnum):
    """Which part of the words stands at their place."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class Box(NamedTuple):
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def grown(self, by: float) -> Box:
        """Return it larger by so much on every side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Box) -> bool:
        """Return whether the two share more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Box, *, slack: float = 1e-6) -> bool:
        """Return whether the other lies wholly in it."""
        return (
            self.x - slack <= other.x
            and self.y - slack <= other.y
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Look:
    """How a shape is filled and outlined; lengths in millimetres."""

    fill: str = ""
    """``#RRGGBB``; empty for no fill."""
    opacity: float = 1.0
    """Of the fill, 0 to 1."""
    stroke: str = ""
    width: float = 0.35
    dash: tuple[float, ...] = ()
    hatch: Hatch = Hatch.NONE
    hatch_colour: str = INK
    hatch_scale: float = 0.26
    """Millimetres of a pixel of the hatch's tile."""
    round_ends: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    look: Look
    role: str = ""
    """What it is, for whoever reads the SVG."""
    about: str = ""
    """What it shows, for whoever points at it or has it read out."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Lines and curves as SVG path data; where it crosses itself, the even-odd rule says what is inside."""

    path: str
    look: Look
    role: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """The symbol of a kind, by its top-left corner."""

    kind: Kind
    x: float
    y: float
    side: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of words; ``y`` is its base line, ``size`` the size of the type in millimetres."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    anchor: Anchor = Anchor.START
    colour: str = INK
    role: str = ""


Item: TypeAlias = Disc | Outline | Sign | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page of things drawn one over the other."""

    width: float
    height: float
    items: tuple[Item, ...]
    language: Language
    title: str
    about: str = ""
    """What is to be seen, for those who cannot see it."""
    paper: str = field(default=PALETTE[Role.PAPER].light)
    """Colour behind everything; empty for none."""

    def words(self) -> Iterator[Words]:
        """Yield everything written on it."""
        return (item for item in self.items if isinstance(item, Words))
