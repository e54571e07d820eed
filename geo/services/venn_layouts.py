"""A diagram as what a layout is computed from."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.institutions import Diagram
from geo.domain.rights import Actor
from geo.domain.vocabulary import Kind
from geo.services.venn_network import event_venn
from geo.snapshots import InstitutionSnapshot, VennSnapshot

__all__ = ["diagram_snapshot"]


def diagram_snapshot(session: Session, event_id: UUID, diagram: Diagram, *, actor: Actor) -> VennSnapshot:
    """Return a diagram's circles and the ties that hold, as far as an actor may see them, without where it was drawn.

    Raises
    ------
    NotFound
        There is no such event, it may not be seen, or the diagram has no circles.
    """
    view = event_venn(session, event_id, diagram=diagram, actor=actor)
    institutions = tuple(
        InstitutionSnapshot(
            id=one.id,
            names=view.names[one.id],
            kind=one.kind or Kind.LOCAL_INSTITUTION,
            importance=one.importance,
            ranking=one.ranking,
            satisfaction=one.satisfaction,
            is_local_government=one.is_local_government,
        )
        for one in view.network.circles
    )
    return VennSnapshot(event_id, diagram, institutions, tuple(view.network.ties))
