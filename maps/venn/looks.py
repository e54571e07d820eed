"""How circles look: shades of violet by kind, each with an edge of its own that is told in black and white."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geo.domain.institutions import Satisfaction
from geo.domain.vocabulary import Kind
from maps.style import PALETTE, Hatch, Role
from maps.vector import Disc, Look, Outline
from maps.vector.drawing import Item

__all__ = ["FAINT", "INK", "KIND_LOOKS", "KindLook", "between", "circle_items", "edge_width", "face", "look_of"]

INK: Final = PALETTE[Role.INK].light
FAINT: Final = PALETTE[Role.FAINT_INK].light
_GOVERNMENT_FILL: Final = 0.34
_FACES: Final[Mapping[Satisfaction, tuple[str, float]]] = MappingProxyType(
    {
        # Colour, and by which part of the radius the mouth bends down.
        Satisfaction.CONTENT: (PALETTE[Role.PASTURE].light, 0.42),
        Satisfaction.MIXED: (PALETTE[Role.APRICOT].light_text, 0.0),
        Satisfaction.DISCONTENT: (PALETTE[Role.FELT].light, -0.42),
    }
)


@dataclass(frozen=True, slots=True)
class KindLook:
    """A kind's shade of violet, the hatch of its edge and the dash of its outline in millimetres."""

    colour: str
    hatch: Hatch
    fill: float = 0.15
    dash: tuple[float, ...] = ()


KIND_LOOKS: Final[Mapping[Kind, KindLook]] = MappingProxyType(
    {
        Kind.LOCAL_INSTITUTION: KindLook(PALETTE[Role.VIOLET].light, Hatch.NONE),
        Kind.OUTSIDE_BODY: KindLook("#77708A", Hatch.DOTS, fill=0.10, dash=(3.0, 1.6)),
        Kind.INTEREST_GROUP: KindLook("#7D55B4", Hatch.DIAGONAL),
        Kind.YOUTH_GROUP: KindLook("#4B51B0", Hatch.FURROWS),
        Kind.WOMENS_GROUP: KindLook("#9A3F8E", Hatch.CROSSED),
    }
)


def look_of(kind: Kind) -> KindLook:
    """Return the look of a kind; what is no institution looks like a local one."""
    return KIND_LOOKS.get(kind, KIND_LOOKS[Kind.LOCAL_INSTITUTION])


def edge_width(radius: float) -> float:
    """Return the width of the hatched edge of a circle, in millimetres; words keep off it."""
    return min(3.2, max(1.1, radius * 0.09))


def circle_items(
    x: float, y: float, radius: float, kind: Kind, *, government: bool = False, about: str = ""
) -> tuple[list[Item], list[Item]]:
    """Return a circle's inside and its outline, so that all outlines lie over all insides."""
    look = look_of(kind)
    width = edge_width(radius)
    inside: list[Item] = [
        Disc(x, y, radius, Look(fill=look.colour, opacity=_GOVERNMENT_FILL if government else look.fill))
    ]
    if look.hatch is not Hatch.NONE:
        ring = _ring(x, y, radius, radius - width)
        inside.append(Outline(ring, Look(hatch=look.hatch, hatch_colour=look.colour, hatch_scale=0.2)))
    outline: list[Item] = [
        Disc(
            x, y, radius, Look(stroke=look.colour, width=0.75, dash=look.dash), role=f"circle {kind.value}", about=about
        )
    ]
    if government:
        outline.append(Disc(x, y, radius - width * 0.62, Look(stroke=look.colour, width=0.9), role="government"))
    return inside, outline


def _ring(x: float, y: float, outer: float, inner: float) -> str:
    def turn(radius: float) -> str:
        return (
            f"M{x - radius:.3f} {y:.3f}a{radius:.3f} {radius:.3f} 0 1 0 {2 * radius:.3f} 0"
            f"a{radius:.3f} {radius:.3f} 0 1 0 {-2 * radius:.3f} 0z"
        )

    return turn(outer) + turn(inner)


def face(satisfaction: Satisfaction, x: float, y: float, radius: float) -> list[Item]:
    """Return the mark for what residents think of an institution: a face, told by its mouth."""
    colour, bend = _FACES[satisfaction]
    width = radius * 0.5
    mouth = y + radius * 0.34 - bend * radius * 0.3
    eyes = [Disc(x + side * radius * 0.36, y - radius * 0.25, radius * 0.12, Look(fill=colour)) for side in (-1.0, 1.0)]
    return [
        Disc(
            x,
            y,
            radius,
            Look(fill=PALETTE[Role.CARD].light, stroke=colour, width=max(0.3, radius * 0.16)),
            role=f"satisfaction {satisfaction.value}",
        ),
        *eyes,
        Outline(
            f"M{x - width:.3f} {mouth:.3f}Q{x:.3f} {mouth + 2 * bend * radius:.3f} {x + width:.3f} {mouth:.3f}",
            Look(stroke=colour, width=max(0.3, radius * 0.16), round_ends=True),
        ),
    ]


def between(one: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float]:
    """Return the point between two circles, each given by its middle and radius, that stands for their contact."""
    (x, y, r), (u, v, s) = one, other
    length = math.hypot(u - x, v - y)
    if length < 1e-9:
        return x, y - min(r, s)
    if length + min(r, s) <= max(r, s):
        # One covers the other: where the covered one's edge is nearest to that of the other.
        (x, y), (u, v), s = ((x, y), (u, v), s) if r >= s else ((u, v), (x, y), r)
        return u + (u - x) / length * s, v + (v - y) / length * s
    along = (r + (length - s)) / 2 / length
    return x + (u - x) * along, y + (v - y) * along
