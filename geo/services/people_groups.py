"""Who is in a group, in numbers (DOMAIN.md section 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small, suppress_counts
from geo.domain.plan.groups import Composition, Member, StatedNumbers, review_group
from geo.domain.rights import LOCAL, Action, Actor, Subject, is_allowed
from geo.models import PeopleGroup
from geo.repositories.plans import PlanRepository

__all__ = ["group_composition"]


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
