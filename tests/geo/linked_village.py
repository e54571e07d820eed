"""A village with problems, votes, a plan, its works, visits and a map, for tests of links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely.geometry import LineString
from sqlalchemy.orm import Session

from geo.domain.events import EventKind, GroupSex
from geo.domain.identifiers import new_id
from geo.domain.institutions import Diagram, Importance, TieRelation
from geo.domain.monitoring_codes import VisitMethod, VisitTopic
from geo.domain.plan_codes import ActivityStage, ContributionSource, ContributionState, Coverage, Purpose
from geo.domain.problems import ProblemLevel
from geo.domain.provenance import FeatureSource
from geo.domain.territory import MunicipalityKind
from geo.domain.vocabulary import Kind, layer_of
from geo.models import (
    Activity,
    AppraisalEvent,
    CauseAnalysis,
    Contribution,
    Cycle,
    InstitutionCircle,
    InstitutionTie,
    MapFeature,
    Membership,
    MonitoringVisit,
    Municipality,
    Plan,
    PlanGoal,
    Problem,
    ProblemMerge,
    ProblemMergeSource,
    ProblemStatement,
    Settlement,
    Task,
    VisitPhoto,
)
from tests.geo.repositories.test_nearness import VILLAGE, east_of, north_of

__all__ = ["VISITED_AT", "LinkedVillage", "build"]

VISITED_AT = datetime(2015, 3, 20, 6, 0, tzinfo=UTC)


@dataclass
class LinkedVillage:
    """Ids by name."""

    municipality: UUID
    settlement: UUID
    cycle: UUID
    event: UUID
    plan: UUID
    problems: dict[str, UUID]
    features: dict[str, UUID]
    activities: dict[str, UUID]
    visit: UUID


def build(session: Session) -> LinkedVillage:
    """Store it. Water has 36 votes in two statements merged into one, roads 20, lighting 5; a park nobody asked for."""
    municipality = Municipality(name_ky="Липенка", kind=MunicipalityKind.AIMAK)
    village = Settlement(name_ky="Үлгү", geometry=VILLAGE, population_women=60, population_men=60, households=24)
    session.add_all([municipality, village])
    session.flush()
    cycle = Cycle(municipality_id=municipality.id, year=2014)
    session.add_all([cycle, Membership(settlement_id=village.id, municipality_id=municipality.id)])
    session.flush()
    own = {"municipality_id": municipality.id}

    def event(age_from: int, age_to: int | None) -> AppraisalEvent:
        made = AppraisalEvent(
            cycle_id=cycle.id,
            settlement_id=village.id,
            kind=EventKind.SESSION,
            held_on=date(2014, 11, 19),
            group_age_from=age_from,
            group_age_to=age_to,
            group_sex=GroupSex.MIXED,
            participants=30,
        )
        session.add(made)
        session.flush()
        return made

    young, old = event(18, 35), event(56, None)

    def said(where: AppraisalEvent, wording: str, votes: int, competence: str, at: Any) -> UUID:
        problem = Problem(
            level=ProblemLevel.SETTLEMENT,
            cycle_id=cycle.id,
            settlement_id=village.id,
            title=wording,
            competence=competence,
            geometry=at,
            **own,
        )
        session.add(problem)
        session.flush()
        statement = ProblemStatement(
            event_id=where.id,
            problem_id=problem.id,
            settlement_id=village.id,
            wording=wording,
            votes=votes,
            competence=competence,
            geometry=at,
            **own,
        )
        session.add(statement)
        session.flush()
        return problem.id

    problems = {
        "water": said(young, "Ичүүчү суу жетишсиз", 26, "4", VILLAGE),
        "pipes": said(old, "Колонкадан суу акпайт", 10, "4", VILLAGE),
        "roads": said(old, "Жолдор начар", 20, "6", north_of(3000)),
        "lighting": said(young, "Көчөдө жарык жок", 5, "7", east_of(100)),
    }
    merge = ProblemMerge(
        into_id=problems["water"], reason="Экөө тең суу жөнүндө", decided_by="Айгүл", decided_at=VISITED_AT, **own
    )
    session.add(merge)
    session.flush()
    part = session.get_one(Problem, _fid(session, Problem, problems["pipes"]))
    part.merged_into_id = problems["water"]
    session.add_all(
        [
            ProblemMergeSource(merge_id=merge.id, problem_id=problems["pipes"]),
            CauseAnalysis(problem_id=problems["water"], causes=["Түтүк эски"], solutions=["Түтүк алмаштыруу"], **own),
        ]
    )

    def feature(kind: Kind, at: Any, **attributes: Any) -> UUID:
        made = MapFeature(
            settlement_id=village.id,
            layer=layer_of(kind),
            kind=kind,
            attributes=attributes,
            position_error_m=10.0,
            source=FeatureSource.DRAWN,
            geometry=at,
        )
        session.add(made)
        session.flush()
        return made.id

    features = {
        "standpipe": feature(Kind.STANDPIPE, east_of(30), supply="short"),
        "well": feature(Kind.WELL, east_of(200)),
        "far spring": feature(Kind.SPRING, east_of(4000)),
        "school": feature(Kind.SCHOOL, east_of(20), condition="old"),
        "house near": feature(Kind.HOUSE, east_of(40)),
        "house middle": feature(Kind.HOUSE, east_of(130)),
        "house far": feature(Kind.HOUSE, east_of(1500)),
    }
    plan = Plan(cycle_id=cycle.id, title="БАП", year_from=2014, year_to=2016, **own)
    session.add(plan)
    session.flush()
    goal = PlanGoal(plan_id=plan.id, problem_id=problems["water"], goal="Суу берүү", **own)
    session.add(goal)
    session.flush()
    task = Task(goal_id=goal.id, title="Куруу", **own)
    session.add(task)
    session.flush()

    def activity(title: str, purpose: Purpose, som: int, **fields: Any) -> UUID:
        values = {"coverage": Coverage.POINT, "status": ActivityStage.UNDER_WAY, "settlement_id": village.id, **fields}
        made = Activity(plan_id=plan.id, title=title, purpose=purpose, **own, **values)
        session.add(made)
        session.flush()
        gift = {"source": ContributionSource.LOCAL_BUDGET, "state": ContributionState.PROMISED, "amount_som": som}
        session.add(Contribution(activity_id=made.id, **gift, **own))
        return made.id

    activities = {
        "pipe": activity(
            "Түтүк тартуу",
            Purpose.DRINKING_WATER,
            300_000,
            task_id=task.id,
            coverage=Coverage.LINE,
            geometry=LineString([east_of(10), east_of(300)]),
            beneficiaries_direct=1000,
        ),
        "second pipe": activity(
            "Дагы түтүк", Purpose.DRINKING_WATER, 50_000, geometry=east_of(320), status=ActivityStage.PLANNED
        ),
        "park": activity("Парк", Purpose.RECREATION, 100_000, coverage=Coverage.SETTLEMENT),
        "lamps": activity("Чырактар", Purpose.LIGHTING, 40_000, geometry=east_of(150), status=ActivityStage.PLANNED),
    }
    visit_id = new_id()
    visit = MonitoringVisit(
        id=visit_id,
        activity_id=activities["pipe"],
        settlement_id=village.id,
        chain_id=visit_id,
        topic=VisitTopic.ACTIVITY,
        method=VisitMethod.OBSERVATION,
        visited_at=VISITED_AT,
        located_at=VISITED_AT,
        accuracy_m=8.0,
        member_count=3,
        members=[],
        summary="Түтүк тартылды",
        geometry=north_of(12, east_of(100)),
        **own,
    )
    session.add(visit)
    session.flush()
    session.add(
        VisitPhoto(
            visit_id=visit_id,
            image_sha256="0" * 64,
            image_format="JPEG",
            image_bytes=1,
            width_px=1,
            height_px=1,
            large_sha256="1" * 64,
            small_sha256="2" * 64,
            taken_at=VISITED_AT + timedelta(minutes=7),
            geometry=north_of(20, east_of(100)),
            **own,
        )
    )
    circles = {
        name: InstitutionCircle(
            name_ky=name,
            event_id=young.id,
            settlement_id=village.id,
            diagram=Diagram.EVERYBODY,
            kind=Kind.LOCAL_INSTITUTION,
            importance=Importance.LARGE,
            **own,
        )
        for name in ("айыл өкмөтү", "ТСПАКБ", "мектеп")
    }
    session.add_all(circles.values())
    session.flush()
    for name, relation in (("мектеп", TieRelation.TOUCHING), ("ТСПАКБ", TieRelation.APART)):
        ends = {"first_id": circles["айыл өкмөтү"].id, "second_id": circles[name].id}
        session.add(InstitutionTie(event_id=young.id, diagram=Diagram.EVERYBODY, relation=relation, **ends, **own))
    session.flush()
    return LinkedVillage(
        municipality.id, village.id, cycle.id, young.id, plan.id, problems, features, activities, visit_id
    )


def _fid(session: Session, model: Any, record_id: UUID) -> int:
    fid: int = session.query(model.fid).filter(model.id == record_id).scalar()
    return fid
