"""Who is in a group, in numbers; and the facts of a microproject (DOMAIN.md sections 8 and 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small, suppress_counts
from geo.domain.plan.groups import Composition, Member, StatedNumbers, review_group
from geo.domain.plan.microprojects import MicroprojectFacts
from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.domain.rights import LOCAL, Action, Actor, Subject, is_allowed
from geo.models import AppraisalEvent, Microproject, PeopleGroup
from geo.repositories.plans import PlanRepository
from geo.services.plan_progress import history_of

__all__ = ["group_composition", "microproject_facts"]


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
    told = suppress_counts({"members": one.members, "women": one.women})
    either = is_small(one.men) or "women" in told.suppressed  # each would follow from the other
    return replace(
        one,
        members=told.values["members"],
        women=None if either else one.women,
        men=None if either else one.men,
        young=None,
        poor_households=None,
        by_standing={},
        villages_missing=(),
        warnings=(),
    )


def microproject_facts(
    session: Session, microprojects: Sequence[Microproject], *, actor: Actor = LOCAL
) -> list[MicroprojectFacts]:
    """Return what an actor may know of microprojects: from rows, committees, meetings and activities, in order.

    What has been withdrawn is not known. The number of queries is the same for one and for many.
    """
    repository = PlanRepository(session, actor)
    activities = {one.activity_id for one in microprojects}
    committees = repository.by_id(PeopleGroup, [one.committee_id for one in microprojects], Subject.GROUPS)
    meetings = repository.by_id(
        AppraisalEvent,
        [held for one in microprojects for held in (one.first_meeting_id, one.second_meeting_id)],
        Subject.EVENTS,
    )
    histories = repository.histories(activities)
    given = repository.given_to(activities, ContributionSource.COMMUNITY)
    found = []
    for one in microprojects:
        committee = committees.get(one.committee_id) if one.committee_id else None
        first = meetings.get(one.first_meeting_id) if one.first_meeting_id else None
        second = meetings.get(one.second_meeting_id) if one.second_meeting_id else None
        standing = [line for line in history_of(histories.get(one.activity_id, ())) if line.stands]
        begun = next((line.since for line in standing if line.stage is ActivityStage.UNDER_WAY), None)
        done = next((line.since for line in standing if line.stage is ActivityStage.DONE), None)
        parties = (one.party_local_government, one.party_community, one.party_agency)
        found.append(
            MicroprojectFacts(
                first_meeting_on=first.held_on if first else None,
                committee_kind=committee.kind if committee else None,
                committee_on=committee.confirmed_on if committee else None,
                second_meeting_on=second.held_on if second else None,
                community_gave=one.activity_id in given,
                parties=tuple(party for party in parties if party.strip()),
                agreed_on=one.agreed_on,
                work_begun_on=begun,
                completed_on=done,
            )
        )
    return found
