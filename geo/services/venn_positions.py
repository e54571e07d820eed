"""Circles of a diagram laid on the table, several at once: all lie as put down, then the ties are read off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.institutions import Diagram
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.domain.venn.drawn import DrawnCircle
from geo.errors import ChangedMeanwhile, Forbidden, Refused
from geo.models import AppraisalEvent, InstitutionCircle
from geo.repositories.institutions import InstitutionRepository
from geo.repositories.records import RecordRepository, municipalities_of
from geo.repositories.visibility import visible
from geo.services.records.reading import represent
from geo.services.resources.venn import RESOURCES
from geo.services.venn_ties import derive_event_ties

__all__ = ["Position", "lay_circles"]

_CIRCLES = next(one for one in RESOURCES if one.model is InstitutionCircle)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a circle is put; pixels of its sheet or of the table, x right, y down.

    Attributes
    ----------
    version
        Version of the circle that the person saw.
    """

    circle_id: UUID
    x: float
    y: float
    radius: float
    version: int


def lay_circles(
    session: Session, event_id: UUID, diagram: Diagram, positions: Sequence[Position], *, actor: Actor
) -> tuple[InstitutionCircle, ...]:
    """Put circles of one diagram where they lie now, and read its ties off the drawing once.

    Moving them one by one would make and withdraw ties of positions in which the table never was.

    Parameters
    ----------
    session
        Of the transaction.
    event_id, diagram
        Whose circles they are.
    positions
        Each circle once; the others stay.
    actor
        Who moves them.

    Returns
    -------
    tuple of InstitutionCircle
        As they stand now, in the order given.

    Raises
    ------
    NotFound, Forbidden
        There is no such event for the actor, or they may not change its diagrams.
    Refused
        A circle is none of this diagram or is named twice, or a place is impossible.
    ChangedMeanwhile
        Somebody changed a circle since; nothing is moved.
    """
    event = RecordRepository(session, AppraisalEvent).one(event_id, visible(AppraisalEvent, actor, Subject.EVENTS))
    owners = municipalities_of(session, event)
    if not any(is_allowed(Action.CHANGE, Subject.INSTITUTIONS, actor, one) for one in owners):
        raise Forbidden("access.not_allowed")
    seen_by = visible(InstitutionCircle, actor, Subject.INSTITUTIONS)
    there = {circle.id: circle for circle in InstitutionRepository(session).circles(event_id, diagram, seen_by)}
    moved: dict[UUID, InstitutionCircle] = {}
    for position in positions:
        circle = there.get(position.circle_id)
        if circle is None or circle.id in moved:
            raise Refused("venn_position.not_here", id=position.circle_id)
        if circle.version != position.version:
            raise ChangedMeanwhile(
                current=represent(session, _CIRCLES, [circle], actor=actor)[0],
                yours={"pixel_x": position.x, "pixel_y": position.y, "pixel_radius": position.radius},
                seen=position.version,
                version=circle.version,
            )
        DrawnCircle(circle.id, position.x, position.y, position.radius)
        moved[circle.id] = circle
    for position in positions:
        circle = moved[position.circle_id]
        if (circle.pixel_x, circle.pixel_y, circle.pixel_radius) != (position.x, position.y, position.radius):
            circle.pixel_x, circle.pixel_y, circle.pixel_radius = position.x, position.y, position.radius
    session.flush()
    derive_event_ties(session, event_id, diagram)
    return tuple(moved.values())
