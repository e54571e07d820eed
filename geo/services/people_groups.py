"""Who is in a group, in numbers; and the facts of a microproject (DOMAIN.md sections 8 and 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.plan.groups import Composition, Member, StatedNumbers, review_group
from geo.domain.plan.microprojects import MicroprojectFacts
from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.domain.rights import LOCAL, Action, Actor, Subject, is_allowed
from geo.models import AppraisalEvent, Microproject, PeopleGroup
from geo.repositories.plans import PlanRepository
from geo.services.plan_progress import history_of

__all__ = ["LEAST_SHOWN", "group_composition", "microproject_facts"]

LEAST_SHOWN = 5
"""Smaller counts of people by sex or standing are not public (DOMAIN.md section 11)."""


def group_composition(session: Session, group_id: UUID, *, actor: Actor = LOCAL, today: date) -> Composition:
    """Compare a group with the method.

    Who may not read lists of people gets no count below five, and none from which such a count follows.

    Raises
    ------
    NotFound
        There is no such group for this actor.
    """
    repository = PlanRepository(session, actor)
    group = repository.seen(PeopleGroup, group_id, Subject.GROUPS)
    composition = review_group(
        group.kind,
        [
            Member(one.sex, one.settlement_id, one.standing, one.is_young, one.is_poor_household)
            for one in repository.members(group_id, today)
        ],
        villages=repository.villages(group),
        stated=StatedNumbers(group.stated_members, group.stated_women),
        confirmed_on=group.confirmed_on,
    )
    if is_allowed(Action.READ, Subject.PEOPLE, actor, group.municipality_id):
        return composition
    return _for_everybody(composition)


def _for_everybody(one: Composition) -> Composition:
    few = [count for count in (one.women, one.men) if count is not None and 0 < count < LEAST_SHOWN]
    return replace(
        one,
        members=one.members if one.members is None or one.members >= LEAST_SHOWN else None,
        women=None if few else one.women,
        men=None if few else one.men,
        young=None,
        poor_households=None,
        by_standing={},
        villages_missing=(),
        warnings=(),
    )


def microproject_facts(session: Session, microproject: Microproject) -> MicroprojectFacts:
    """Return what is known of a microproject: from its row, its committee, its meetings and its activity.

    What has been withdrawn is not known.
    """
    repository = PlanRepository(session)
    committee = repository.find(PeopleGroup, microproject.committee_id)
    parties = (microproject.party_local_government, microproject.party_community, microproject.party_agency)
    standing = [line for line in history_of(repository.history(microproject.activity_id)) if line.stands]
    begun = next((line.since for line in standing if line.stage is ActivityStage.UNDER_WAY), None)
    done = next((line.since for line in standing if line.stage is ActivityStage.DONE), None)
    return MicroprojectFacts(
        first_meeting_on=_held_on(repository, microproject.first_meeting_id),
        committee_kind=committee.kind if committee else None,
        committee_on=committee.confirmed_on if committee else None,
        second_meeting_on=_held_on(repository, microproject.second_meeting_id),
        community_gave=bool(repository.contributions_from(microproject.activity_id, ContributionSource.COMMUNITY)),
        parties=tuple(party for party in parties if party.strip()),
        agreed_on=microproject.agreed_on,
        work_begun_on=begun,
        completed_on=done,
    )


def _held_on(repository: PlanRepository, event_id: UUID | None) -> date | None:
    event = repository.find(AppraisalEvent, event_id)
    return event.held_on if event else None
