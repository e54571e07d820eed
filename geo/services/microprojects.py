"""What is known of microprojects, held against the agency's steps (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo.domain.plan.microprojects import MicroprojectFacts, check_microproject
from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.domain.rights import LOCAL, Actor, Subject
from geo.domain.territory import DatePrecision
from geo.i18n import Text
from geo.models import AppraisalEvent, Microproject, PeopleGroup
from geo.repositories.plans import PlanRepository
from geo.services.plan_history import history_of

__all__ = ["check_microprojects", "microproject_facts"]


def check_microprojects(session: Session, microprojects: Sequence[Microproject]) -> tuple[Text, ...]:
    """Hold microprojects against the steps, with what is known of them now.

    Returns
    -------
    tuple of Text
        A warning for each step that was passed over.

    Raises
    ------
    Refused
        What is known contradicts the steps (`geo.domain.plan.microprojects.check_microproject`).
    """
    found = microproject_facts(session, microprojects)
    return tuple(warning for facts in found for warning in check_microproject(facts))


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
        begun = next((line for line in standing if line.stage is ActivityStage.UNDER_WAY), None)
        done = next((line for line in standing if line.stage is ActivityStage.DONE), None)
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
                work_begun_on=begun.since if begun else None,
                completed_on=done.since if done else None,
                begun_precision=begun.precision if begun else DatePrecision.DAY,
                completed_precision=done.precision if done else DatePrecision.DAY,
            )
        )
    return found
