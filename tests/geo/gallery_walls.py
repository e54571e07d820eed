"""Galleries to test with: the table of Көк-Ирим in a store, and single statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.events import EventKind, GroupSex
from geo.domain.rights import LOCAL
from geo.domain.territory import MunicipalityKind
from geo.models import AppraisalEvent, Cycle, Municipality, ProblemStatement, Settlement
from geo.sample.kok_irim import load_kok_irim
from geo.services.records.writing import Written, create
from geo.services.resources.gallery import RESOURCES, ProblemStatementForm

RESOURCE = {one.name: one for one in RESOURCES}


@dataclass
class Wall:
    """Ids of a stored municipality; statements by village and title."""

    municipality: UUID
    cycle: UUID
    villages: list[UUID]
    events: list[UUID]
    problems: dict[tuple[int, str], UUID]

    def named(self, title: str) -> list[UUID]:
        return [problem for (_, said), problem in self.problems.items() if said == title]


def say(
    session: Session,
    event: UUID,
    wording: str,
    votes: int,
    *,
    competence: str | None = None,
    at: BaseGeometry | None = None,
) -> Written:
    form = ProblemStatementForm(event_id=event, wording=wording, votes=votes, competence=competence, geometry=at)
    return create(session, RESOURCE["problem-statements"], form, actor=LOCAL)


def problem_of(written: Written) -> UUID:
    assert isinstance(written.record, ProblemStatement)
    return written.record.problem_id


def new_event(session: Session, cycle: UUID, village: UUID, *, participants: int | None = None) -> AppraisalEvent:
    event = AppraisalEvent(
        cycle_id=cycle,
        settlement_id=village,
        kind=EventKind.SESSION,
        held_on=date(2014, 4, 1),
        group_sex=GroupSex.MIXED,
        participants=participants,
    )
    session.add(event)
    session.flush()
    return event


def store_kok_irim(session: Session) -> Wall:
    table = load_kok_irim()
    municipality = Municipality(name_ky=table.municipality.ky, kind=MunicipalityKind.AIMAK)
    villages = [
        Settlement(name_ky=one.ky, geometry=Point(74.0 + place / 10, 41.4), is_uncertain=True)
        for place, one in enumerate(table.villages)
    ]
    session.add_all([municipality, *villages])
    session.flush()
    cycle = Cycle(municipality_id=municipality.id, year=table.year)
    session.add(cycle)
    session.flush()
    events = [new_event(session, cycle.id, village.id).id for village in villages]
    problems = {
        (place, one.title.en): problem_of(say(session, events[place], one.title.ky, votes, competence=one.competence))
        for one in table.problems
        for place, votes in enumerate(one.votes)
        if votes is not None
    }
    return Wall(municipality.id, cycle.id, [one.id for one in villages], events, problems)
