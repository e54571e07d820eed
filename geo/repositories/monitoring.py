"""Visits, their chains and what hangs on them; indicators and exit polls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from geo.database.withdrawals import WITH_WITHDRAWN
from geo.domain.rights import Actor, Subject
from geo.errors import NotFound
from geo.models import (
    Activity,
    ChecklistScore,
    ExitPollAnswer,
    Indicator,
    IndicatorValue,
    MonitoringVisit,
    PeopleGroup,
    VisitPhoto,
)
from geo.models.governed import Governed
from geo.repositories.visibility import visible

__all__ = ["MonitoringRepository", "stands"]

G = TypeVar("G", bound=Governed)
_AT_ONCE = 900
"""Values of one IN clause; SQLite takes 999 at least."""


def stands(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a visit is the latest entry of its chain that the actor may see."""
    later = aliased(MonitoringVisit)
    return ~exists().where(
        later.chain_id == MonitoringVisit.chain_id,
        later.number > MonitoringVisit.number,
        later.withdrawn_at.is_(None),
        visible(later, actor, Subject.MONITORING),
    )


class MonitoringRepository:
    """Queries on monitoring."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def visit(self, visit_id: UUID, actor: Actor | None = None) -> MonitoringVisit:
        """Return a visit that the actor may see; None stands for whoever works inside the house.

        Raises
        ------
        NotFound
            There is none, or none to be seen.
        """
        seen = true() if actor is None else visible(MonitoringVisit, actor, Subject.MONITORING)
        found = self.session.scalar(select(MonitoringVisit).where(MonitoringVisit.id == visit_id, seen))
        if found is None:
            raise NotFound("visit.unknown", id=visit_id)
        return found

    def stored(self, model: type[G], record_id: UUID) -> bool:
        """Return whether there is a record with this id, withdrawn or not."""
        query = select(model.fid).where(model.id == record_id).execution_options(with_withdrawn=True)
        return self.session.scalar(query) is not None

    def chain(self, chain_id: UUID, actor: Actor | None = None) -> Sequence[MonitoringVisit]:
        """Return every entry of a chain, withdrawn ones too, the first first."""
        seen = true() if actor is None else visible(MonitoringVisit, actor, Subject.MONITORING)
        return self.session.scalars(
            select(MonitoringVisit)
            .where(MonitoringVisit.chain_id == chain_id, seen)
            .order_by(MonitoringVisit.number)
            .execution_options(with_withdrawn=True)
        ).all()

    def chain_lengths(self, visit_ids: Collection[UUID], actor: Actor) -> dict[UUID, int]:
        """Return of visits how many entries of their chains the actor may see, withdrawn ones too."""
        entry = aliased(MonitoringVisit)
        found: dict[UUID, int] = {}
        wanted = sorted(visit_ids)
        for start in range(0, len(wanted), _AT_ONCE):
            query = (
                select(MonitoringVisit.id, func.count(entry.id))
                .join(entry, entry.chain_id == MonitoringVisit.chain_id)
                .where(
                    MonitoringVisit.id.in_(wanted[start : start + _AT_ONCE]),
                    visible(entry, actor, Subject.MONITORING),
                )
                .group_by(MonitoringVisit.id)
                .execution_options(with_withdrawn=True)
            )
            found.update((visit_id, number) for visit_id, number in self.session.execute(query))
        return found

    def hold_chain(self, chain_id: UUID) -> None:
        """Make other writers of a chain wait until this transaction ends."""
        self.session.execute(
            select(MonitoringVisit.id)
            .where(MonitoringVisit.id == chain_id)
            .with_for_update()
            .execution_options(with_withdrawn=True)
        ).all()

    def standing_visits(
        self,
        actor: Actor,
        *,
        activity_id: UUID | None = None,
        feature_id: UUID | None = None,
        settlement_id: UUID | None = None,
        before: datetime | None = None,
    ) -> Sequence[MonitoringVisit]:
        """Return the latest entry of each chain that the actor may see, the last visit first: all of them.

        ``before`` leaves out visits of that moment and later ones.
        """
        wanted = [
            column == value
            for column, value in (
                (MonitoringVisit.activity_id, activity_id),
                (MonitoringVisit.feature_id, feature_id),
                (MonitoringVisit.settlement_id, settlement_id),
            )
            if value is not None
        ]
        if before is not None:
            wanted.append(MonitoringVisit.visited_at < before)
        return self.session.scalars(
            select(MonitoringVisit)
            .where(*wanted, visible(MonitoringVisit, actor, Subject.MONITORING), stands(actor))
            .order_by(MonitoringVisit.visited_at.desc(), MonitoringVisit.fid.desc())
        ).all()

    def of_chains(self, model: type[G], chain_ids: Collection[UUID], actor: Actor) -> Sequence[tuple[UUID, int, G]]:
        """Return what hangs on the visits of chains, with chain and number of the visit, in the order it came."""
        visit, part = aliased(MonitoringVisit), cast("Any", model)
        query = (
            select(visit.chain_id, visit.number, model)
            .join(visit, visit.id == part.visit_id)
            .where(visit.chain_id.in_(chain_ids), visible(model, actor, Subject.MONITORING))
            .order_by(visit.chain_id, visit.number, model.fid)
        )
        # A withdrawn correction takes nothing away that was found on the visit, and what hung on it stays readable.
        query = query.where(model.withdrawn_at.is_(None)).execution_options(with_withdrawn=True)
        return [(row[0], row[1], row[2]) for row in self.session.execute(query)]

    def latest_of(self, chain_ids: Collection[UUID], actor: Actor) -> dict[UUID, UUID]:
        """Return the latest entry of each chain that the actor may see; a chain without one is left out."""
        query = (
            select(MonitoringVisit.chain_id, MonitoringVisit.id)
            .where(MonitoringVisit.chain_id.in_(chain_ids), visible(MonitoringVisit, actor, Subject.MONITORING))
            .order_by(MonitoringVisit.number)
        )
        return {row[0]: row[1] for row in self.session.execute(query)}

    def scores_of_visit(self, visit_id: UUID) -> Sequence[ChecklistScore]:
        """Return the scores given on one entry of a chain."""
        return self.session.scalars(select(ChecklistScore).where(ChecklistScore.visit_id == visit_id)).all()

    def photo(self, photo_id: UUID, actor: Actor) -> VisitPhoto:
        """Return a photo that the actor may see: the public sees a published photo of a published visit.

        Raises
        ------
        NotFound
            There is none, or none to be seen.
        """
        taken, standing = aliased(MonitoringVisit), aliased(MonitoringVisit)
        # The entry that it came with may have been withdrawn for another: the visit was made all the same.
        found = self.session.scalar(
            select(VisitPhoto)
            .join(taken, taken.id == VisitPhoto.visit_id)
            .where(
                VisitPhoto.id == photo_id,
                VisitPhoto.withdrawn_at.is_(None),
                visible(VisitPhoto, actor, Subject.MONITORING),
                exists().where(
                    standing.chain_id == taken.chain_id,
                    standing.withdrawn_at.is_(None),
                    visible(standing, actor, Subject.MONITORING),
                ),
            )
            .execution_options(with_withdrawn=True)
        )
        if found is None:
            raise NotFound("visit_photo.unknown", id=photo_id)
        return found

    def photo_of_image(self, visit_id: UUID, sha256: str) -> VisitPhoto | None:
        """Return the photo of a visit with exactly these bytes, withdrawn or not."""
        return self.session.scalar(
            select(VisitPhoto)
            .where(VisitPhoto.visit_id == visit_id, VisitPhoto.image_sha256 == sha256)
            .execution_options(with_withdrawn=True)
        )

    def one(self, model: type[G], record_id: UUID, *, key: str) -> G:
        """Return a record.

        Raises
        ------
        NotFound
            With this message, where there is none.
        """
        found = self.session.scalar(select(model).where(model.id == record_id))
        if found is None:
            raise NotFound(key, id=record_id)
        return found

    def group(self, group_id: UUID) -> PeopleGroup:
        """Return a group of people."""
        return self.one(PeopleGroup, group_id, key="record.unknown")

    def activity(self, activity_id: UUID) -> Activity:
        """Return an activity."""
        return self.one(Activity, activity_id, key="record.unknown")

    def indicator(self, indicator_id: UUID, actor: Actor) -> Indicator:
        """Return an indicator that the actor may see."""
        found = self.session.scalar(
            select(Indicator).where(Indicator.id == indicator_id, visible(Indicator, actor, Subject.MONITORING))
        )
        if found is None:
            raise NotFound("indicator.unknown", id=indicator_id)
        return found

    def indicators_of(self, settlement_id: UUID, activity_ids: Collection[UUID], actor: Actor) -> Sequence[Indicator]:
        """Return the indicators of a village and of activities that the actor may see, in the order of their entry."""
        of = or_(Indicator.settlement_id == settlement_id, Indicator.activity_id.in_(activity_ids))
        return self.session.scalars(
            select(Indicator).where(of, visible(Indicator, actor, Subject.MONITORING)).order_by(Indicator.fid)
        ).all()

    def polled_services(self, settlement_id: UUID) -> Sequence[str]:
        """Return the services that people of a village were asked about on leaving, by name."""
        return self.session.scalars(
            select(ExitPollAnswer.service)
            .where(ExitPollAnswer.settlement_id == settlement_id)
            .distinct()
            .order_by(ExitPollAnswer.service)
        ).all()

    def indicator_values(self, indicator_ids: Collection[UUID], actor: Actor) -> dict[UUID, list[IndicatorValue]]:
        """Return the values of indicators that the actor may see, by day."""
        found: dict[UUID, list[IndicatorValue]] = {one: [] for one in indicator_ids}
        wanted = sorted(found)
        for start in range(0, len(wanted), _AT_ONCE):
            query = (
                select(IndicatorValue)
                .where(
                    IndicatorValue.indicator_id.in_(wanted[start : start + _AT_ONCE]),
                    visible(IndicatorValue, actor, Subject.MONITORING),
                )
                .order_by(IndicatorValue.measured_on, IndicatorValue.fid)
            )
            for row in self.session.scalars(query):
                found[row.indicator_id].append(row)
        return found

    def chains_of(self, visit_ids: Collection[UUID], actor: Actor) -> dict[UUID, UUID]:
        """Return the chains of visits that the actor may see, by visit."""
        found: dict[UUID, UUID] = {}
        wanted = sorted(visit_ids)
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(MonitoringVisit.id, MonitoringVisit.chain_id).where(
                MonitoringVisit.id.in_(wanted[start : start + _AT_ONCE]),
                visible(MonitoringVisit, actor, Subject.MONITORING),
            )
            found.update((visit_id, chain_id) for visit_id, chain_id in self.session.execute(query))
        return found

    def poll_answers(
        self, settlement_id: UUID, service: str, *, with_withdrawn: bool = False
    ) -> Sequence[ExitPollAnswer]:
        """Return the answers of a village's exit polls of one service."""
        query = (
            select(ExitPollAnswer)
            .where(ExitPollAnswer.settlement_id == settlement_id, ExitPollAnswer.service == service)
            .order_by(ExitPollAnswer.fid)
        )
        return self.session.scalars(query.execution_options(**{WITH_WITHDRAWN: with_withdrawn})).all()
