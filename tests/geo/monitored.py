"""A village whose plan is monitored, for tests of visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from shapely.geometry import Point

from geo.domain.monitoring_codes import VisitMethod, VisitTopic
from geo.domain.plan_codes import Coverage, GroupKind, Purpose
from geo.domain.rights import Actor, Role
from geo.models import Activity, AppraisalEvent, Cycle, Municipality, PeopleGroup, Plan, Settlement
from geo.repositories.appraisal import AppraisalRepository
from geo.services.resources.monitoring import VisitForm
from geo.services.workspace import Workspace

__all__ = ["VISITED_AT", "Monitored", "monitored"]

VISITED_AT = datetime(2014, 11, 20, 4, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Monitored:
    """Ids of a municipality with a village, an activity and a monitoring group."""

    municipality_id: UUID
    settlement_id: UUID
    activity_id: UUID
    group_id: UUID
    other_group_id: UUID
    """Of another village."""

    @property
    def monitor(self) -> Actor:
        return Actor("monitor", roles={self.municipality_id: frozenset({Role.MONITOR})})

    def visit(self, **changed: Any) -> VisitForm:
        """A form filled in well."""
        whole: dict[str, Any] = {
            "settlement_id": self.settlement_id,
            "activity_id": self.activity_id,
            "group_id": self.group_id,
            "topic": VisitTopic.ACTIVITY,
            "method": VisitMethod.OBSERVATION,
            "visited_at": VISITED_AT,
            "located_at": VISITED_AT,
            "accuracy_m": 6.0,
            "members": ["Айгүл", "Бакыт", "Чынар"],
            "quantity_unit": "даана",
            "planned_quantity": 20,
            "actual_quantity": 17,
            "standard_met": False,
            "summary": "Үч колонкадан суу акпайт.",
            "geometry": Point(78.2385, 42.495),
        }
        return VisitForm.model_validate({**whole, **changed})


@pytest.fixture
def monitored(workspace: Workspace, event_id: UUID) -> Monitored:
    with workspace.write(actor="test") as session:
        event: AppraisalEvent = AppraisalRepository(session).event(event_id)
        municipality = session.query(Municipality).one()
        cycle = session.query(Cycle).one()
        elsewhere = Settlement(name_ky="Башка айыл", geometry=Point(78.3, 42.5))
        plan = Plan(municipality_id=municipality.id, cycle_id=cycle.id, title="БАП", year_from=2014, year_to=2015)
        session.add_all([elsewhere, plan])
        session.flush()
        activity = Activity(
            municipality_id=municipality.id,
            plan_id=plan.id,
            settlement_id=event.settlement_id,
            purpose=next(iter(Purpose)),
            title="20 колонка орнотуу",
            coverage=next(iter(Coverage)),
        )
        groups = [
            PeopleGroup(
                municipality_id=municipality.id, kind=GroupKind.MONITORING, settlement_id=place, name="Мониторинг тобу"
            )
            for place in (event.settlement_id, elsewhere.id)
        ]
        session.add_all([activity, *groups])
        session.flush()
        return Monitored(municipality.id, event.settlement_id, activity.id, groups[0].id, groups[1].id)
