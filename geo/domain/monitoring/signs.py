"""Signs of the members of a visit: a tick, or strokes drawn with a finger; never public (DOMAIN.md section 11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import Refused

__all__ = ["MOST_POINTS", "Sign", "check_signs"]

MOST_POINTS = 2_000
"""Of all strokes of one sign; a page of handwriting has fewer."""

Stroke = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a member confirms with.

    Parameters
    ----------
    name
        The member's, as it stands among the members of the visit.
    strokes
        Lines of points [right, down], both from 0 to 1 over the field that was signed in; none: a tick.
    """

    name: str
    strokes: Sequence[Stroke] = ()


def check_signs(signs: Sequence[Sign], members: Sequence[str]) -> None:
    """Refuse signs of people who are not among the members, and what no hand has drawn.

    Raises
    ------
    Refused
        Somebody signed who is not a member or signed twice, or a stroke leaves the field or has too many points.

    Examples
    --------
    >>> check_signs([Sign("Айгүл", [[[0.1, 0.2], [0.5, 0.4]]])], ["Айгүл", "Бакыт"])
    """
    waiting = {name.strip().casefold() for name in members}
    for sign in signs:
        folded = sign.name.strip().casefold()
        if folded not in waiting:
            raise Refused("visit.sign_of_nobody")  # without the name: messages get into logs
        waiting.remove(folded)
        points = [point for stroke in sign.strokes for point in stroke]
        if len(points) > MOST_POINTS:
            raise Refused("visit.sign_too_long", most=MOST_POINTS)
        if not all(len(point) == 2 and all(0 <= value <= 1 for value in point) for point in points):
            raise Refused("visit.sign_outside")
