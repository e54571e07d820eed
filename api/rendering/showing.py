"""The event, the diagram and the village that are meant, in what was read."""

from __future__ import annotations

from uuid import UUID

from geo.domain.institutions import Diagram
from geo.domain.labels import label_text, label_texts
from geo.errors import NotFound, Refused
from geo.snapshots import BreadSnapshot, CycleSnapshot, HeldEvent, VennSnapshot

__all__ = ["bread_of", "diagram_of", "event_of", "village_of"]


def event_of(cycle: CycleSnapshot, event_id: UUID | None) -> HeldEvent:
    """Return an event of a year.

    Raises
    ------
    NotFound
        There is none with this id that the audience may see.
    """
    found = next((one for one in cycle.events if one.id == event_id), None)
    if found is None:
        raise NotFound("record.unknown", id=event_id)
    return found


def diagram_of(event: HeldEvent, diagram: Diagram) -> VennSnapshot:
    """Return a diagram of an event.

    Raises
    ------
    Refused
        It has none of that kind; the message says which it has, or that circles have to be entered first.
    """
    drawn = [one for one in event.venns if one.institutions]
    found = next((one for one in drawn if one.diagram is diagram), None)
    if found is not None:
        return found
    if not drawn:
        raise Refused("rendering.no_venn")
    there = label_texts([one.diagram for one in drawn])
    raise Refused("rendering.no_such_diagram", diagram=label_text(diagram), there=there)


def bread_of(cycle: CycleSnapshot, event_id: UUID | None) -> BreadSnapshot:
    """Return the slices of the bread of an event, or of the only event that has some.

    Raises
    ------
    NotFound
        There is no such event.
    Refused
        No event has slices, or several have and none is named.
    """
    if event_id is not None:
        found = event_of(cycle, event_id).bread
        several = [found] if found else []
    else:
        several = [one.bread for one in cycle.events if one.bread]
    if not several:
        raise Refused("rendering.no_bread")
    if len(several) > 1:
        raise Refused("rendering.which_event")
    return several[0]


def village_of(cycle: CycleSnapshot, settlement_id: UUID | None, event_id: UUID | None) -> UUID:
    """Return the village that is named, the village of the event named, or the only one.

    Raises
    ------
    Refused
        There are several and none is named.
    """
    if settlement_id is not None:
        return settlement_id
    if event_id is not None:
        return event_of(cycle, event_id).settlement_id
    villages = cycle.municipality.settlements
    if len(villages) != 1:
        raise Refused("rendering.which_village")
    return villages[0].id
