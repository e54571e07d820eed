"""Ties that the drawing of a diagram shows, kept beside those that people enter."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.institutions import Diagram, TieOrigin
from geo.domain.venn.diagram import pair_of
from geo.domain.venn.drawn import DrawnCircle, derive_ties
from geo.i18n import Language, text
from geo.models import InstitutionCircle, InstitutionTie
from geo.models.base import now
from geo.repositories.institutions import InstitutionRepository

__all__ = ["derive_event_ties", "return_ties_of", "withdraw_ties_of"]


def derive_event_ties(session: Session, event_id: UUID, diagram: Diagram) -> int:
    """Read the ties of a diagram off its drawn circles again; entered ties stay as they are.

    Circles of different sheets lie in different pixels and are not compared. A derived tie that the drawing no longer
    shows is withdrawn; one that it shows otherwise is changed.

    Returns
    -------
    int
        Number of derived ties that now stand.
    """
    repository = InstitutionRepository(session)
    circles = repository.circles(event_id, diagram)
    by_sheet: dict[UUID | None, list[DrawnCircle]] = {}
    for circle in circles:
        if circle.pixel_x is not None and circle.pixel_y is not None and circle.pixel_radius is not None:
            drawn = DrawnCircle(circle.id, circle.pixel_x, circle.pixel_y, circle.pixel_radius)
            by_sheet.setdefault(circle.sheet_id, []).append(drawn)
    shown = {tie.pair: tie for drawings in by_sheet.values() for tie in derive_ties(drawings)}
    standing = {
        pair_of(tie.first_id, tie.second_id): tie
        for tie in repository.ties(event_id, diagram)
        if tie.origin is TieOrigin.DERIVED
    }
    for pair, stored in standing.items():
        if pair in shown:
            if stored.relation is not shown[pair].relation:
                stored.relation = shown[pair].relation
        else:
            _withdraw(session, stored, "venn.redrawn")
    known = {circle.id: circle for circle in circles}
    for pair, tie in shown.items():
        if pair not in standing:
            first, second = known[tie.first], known[tie.second]
            session.add(
                InstitutionTie(
                    event_id=event_id,
                    diagram=diagram,
                    first_id=first.id,
                    second_id=second.id,
                    relation=tie.relation,
                    origin=TieOrigin.DERIVED,
                    municipality_id=first.municipality_id,
                    published_at=first.published_at if second.published_at else None,
                )
            )
    session.flush()
    return len(shown)


def withdraw_ties_of(session: Session, circle_id: UUID) -> None:
    """Withdraw the ties of a circle that leaves its diagram."""
    for tie in InstitutionRepository(session).ties_of(circle_id):
        _withdraw(session, tie, "venn.circle_gone")
    session.flush()


def return_ties_of(session: Session, circle: InstitutionCircle) -> None:
    """Put back what people said of a circle that is on its diagram again, where nobody said otherwise meanwhile.

    A tie to a circle that is away comes back with that one. What the drawing shows is read off it anyway.
    """
    repository = InstitutionRepository(session)
    there = {one.id for one in repository.circles(circle.event_id, circle.diagram)}
    said = {
        pair_of(tie.first_id, tie.second_id)
        for tie in repository.ties(circle.event_id, circle.diagram)
        if tie.origin is TieOrigin.ENTERED
    }
    gone = text("venn.circle_gone", Language.KY)
    for tie in repository.ties_of(circle.id, with_withdrawn=True):
        pair = pair_of(tie.first_id, tie.second_id)
        left_with_it = tie.withdrawn_at is not None and tie.withdrawn_reason == gone
        if left_with_it and tie.origin is TieOrigin.ENTERED and there.issuperset(pair) and pair not in said:
            tie.withdrawn_at, tie.withdrawn_by, tie.withdrawn_reason = None, "", ""
            said.add(pair)
    session.flush()


def _withdraw(session: Session, tie: InstitutionTie, reason: str) -> None:
    tie.withdrawn_at = now()
    tie.withdrawn_by = session.info[ACTOR]
    tie.withdrawn_reason = text(reason, Language.KY)
