"""Activities of a plan and their histories as records (DOMAIN.md section 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.domain.clock import local_today
from geo.domain.labels import label_text
from geo.domain.plan.periods import check_not_ahead, period
from geo.domain.plan.place import coverage_of, review_place
from geo.domain.plan.purposes import local_matter
from geo.domain.plan.viability import financial_gap
from geo.domain.plan_codes import (
    ActivityStage,
    Coverage,
    Currency,
    GroupKind,
    Purpose,
    Responsible,
    Viability,
)
from geo.domain.rights import Action, Subject
from geo.domain.territory import DatePrecision
from geo.errors import Refused
from geo.i18n import Text
from geo.models import (
    Activity,
    ActivityStatus,
    Contribution,
    Indicator,
    MapFeature,
    Microproject,
    MonitoringVisit,
    PeopleGroup,
    Plan,
    PlanGoal,
    Settlement,
    Task,
)
from geo.repositories.plans import PlanRepository
from geo.services.plan_progress import begin_history
from geo.services.plan_summary import is_late
from geo.services.records.resource import Form, Resource
from geo.services.resources.plan_fields import SomAmount, check_counts, refuse_while, return_with, withdraw_with

__all__ = ["RESOURCES", "ActivityForm"]

_MOST_PEOPLE = 10_000_000
_HANGING = (Contribution.activity_id, ActivityStatus.activity_id)
"""What is withdrawn with an activity, and put back with it."""
_ANSWERING_GROUPS = frozenset({GroupKind.INITIATIVE, GroupKind.INVESTMENT_COMMITTEE})


class ActivityForm(Form):
    """Work to be done; a month is any day of it with the precision ``month``.

    ``coverage`` follows from the geometry where it is left out, and from the settlement where there is no geometry.
    """

    plan_id: UUID | None = Field(default=None, description="Left out, it is that of the task.")
    task_id: UUID | None = None
    settlement_id: UUID | None = None
    ordinal: int = Field(default=0, ge=0, le=100_000)
    purpose: Purpose
    title: str = Field(min_length=1)
    result: str = ""
    indicators: str = ""
    quantity: float | None = None
    quantity_unit: str = ""
    deadline_from: date | None = None
    deadline_to: date | None = None
    deadline_precision: DatePrecision = DatePrecision.DAY
    responsible: Responsible | None = None
    responsible_group_id: UUID | None = None
    responsible_note: str = ""
    beneficiaries_direct: int | None = Field(default=None, ge=0, le=_MOST_PEOPLE)
    beneficiaries_indirect: int | None = Field(default=None, ge=0, le=_MOST_PEOPLE)
    need_som: SomAmount | None = None
    capacity_som: SomAmount | None = None
    currency: Currency = Currency.KGS
    site_feature_id: UUID | None = None
    status: ActivityStage = Field(
        default=ActivityStage.PLANNED, description="Where its history begins; later stages go by their own address."
    )
    status_since: date | None = Field(default=None, description="Left out, it is today.")
    status_precision: DatePrecision = DatePrecision.DAY
    coverage: Coverage | None = None
    note: str = ""
    geometry: BaseGeometry | None = None


class ActivityStatusForm(Form):
    """An entry of a history, to read."""

    activity_id: UUID
    status: ActivityStage
    since: date
    precision: DatePrecision = DatePrecision.DAY
    note: str = ""
    corrects_id: UUID | None = None


def _activity_owner(session: Session, activity: Activity) -> UUID:
    repository = PlanRepository(session)
    with session.no_autoflush:
        _fill_in(repository, activity)
        return repository.plan_of(activity).municipality_id


def _fill_in(repository: PlanRepository, activity: Activity) -> None:
    task_id: UUID | None = activity.task_id
    plan_id: UUID | None = activity.plan_id
    if task_id is not None:
        of_task = repository.one(PlanGoal, repository.one(Task, task_id).goal_id).plan_id
        if plan_id is not None and plan_id != of_task:
            raise Refused("activity.other_plan")
        activity.plan_id = of_task
    elif plan_id is None:
        raise Refused("activity.plan_missing")
    given: Coverage | None = activity.coverage
    if given is None:
        if activity.geometry is not None:
            activity.coverage = coverage_of(activity.geometry.geom_type)
        else:
            activity.coverage = Coverage.SETTLEMENT if activity.settlement_id else Coverage.MUNICIPALITY
    if activity.deadline_from is None:
        activity.deadline_from = activity.deadline_to
    elif activity.deadline_to is None:
        activity.deadline_to = activity.deadline_from
    if activity.deadline_from is not None and activity.deadline_to is not None:
        activity.deadline_from = period(activity.deadline_from, activity.deadline_precision).first
        last = period(activity.deadline_to, activity.deadline_precision)
        activity.deadline_to = last.first
    since = activity.status_since or local_today()
    activity.status_since = period(since, activity.status_precision).first


def _check_activity(session: Session, activity: Activity) -> tuple[Text, ...]:
    repository = PlanRepository(session)
    with session.no_autoflush:
        plan = repository.plan_of(activity)
        _check_references(repository, plan, activity)
        check_counts((activity.quantity,))
        check_not_ahead(activity.status_since or local_today(), activity.status_precision, today=local_today())
        place = review_place(
            activity.coverage,
            None if activity.geometry is None else activity.geometry.geom_type,
            has_settlement=activity.settlement_id is not None,
            has_site=activity.site_feature_id is not None,
        )
        return (*place, *_deadline_warnings(plan, activity), *_money_warnings(activity))


def _check_references(repository: PlanRepository, plan: Plan, activity: Activity) -> None:
    if activity.settlement_id is not None:
        repository.one(Settlement, activity.settlement_id)
        if not repository.has_belonged(activity.settlement_id, plan.municipality_id):
            raise Refused("activity.settlement_elsewhere")
    if activity.site_feature_id is not None:
        site = repository.one(MapFeature, activity.site_feature_id)
        if not repository.has_belonged(site.settlement_id, plan.municipality_id):
            raise Refused("plan.elsewhere")
    if activity.responsible_group_id is not None:
        group = repository.one(PeopleGroup, activity.responsible_group_id)
        if group.municipality_id != plan.municipality_id:
            raise Refused("plan.elsewhere")
        if group.kind not in _ANSWERING_GROUPS:
            raise Refused("activity.group_kind", kind=label_text(group.kind))
        if activity.responsible not in {Responsible.INITIATIVE_GROUP, Responsible.TOGETHER}:
            raise Refused("activity.group_not_responsible")


def _deadline_warnings(plan: Plan, activity: Activity) -> list[Text]:
    found: list[Text] = []
    if activity.responsible is None:
        found.append(Text("activity.no_responsible", {}))
    if activity.deadline_from is None or activity.deadline_to is None:
        return [*found, Text("activity.no_deadline", {})]
    if activity.deadline_to < activity.deadline_from:
        raise Refused(
            "activity.deadline_reversed", deadline_from=activity.deadline_from, deadline_to=activity.deadline_to
        )
    if activity.deadline_from.year < plan.year_from or activity.deadline_to.year > plan.year_to:
        years = {"year_from": plan.year_from, "year_to": plan.year_to}
        found.append(Text("activity.deadline_outside", {"deadline": activity.deadline_to, **years}))
    return found


def _money_warnings(activity: Activity) -> list[Text]:
    gap = financial_gap(activity.need_som, activity.capacity_som)
    if gap.viability is not Viability.NOT_VIABLE or gap.gap_percent is None:
        return []
    return [Text("activity.not_viable", {"percent": f"{gap.gap_percent:.0f}"})]


def _derive(_session: Session, rows: Sequence[Activity]) -> list[Mapping[str, Any]]:
    today = local_today()
    return [
        {
            "local_matter": None if (matter := local_matter(row.purpose)) is None else int(matter),
            "is_late": is_late(row, today),
        }
        for row in rows
    ]


def _leave(session: Session, activity: Activity) -> None:
    # What was seen and measured of a work is not left without it.
    refuse_while(session, activity.id, Microproject.activity_id, MonitoringVisit.activity_id, Indicator.activity_id)
    withdraw_with(session, activity, *_HANGING)


def _status_owner(_session: Session, entry: ActivityStatus) -> UUID:
    return entry.municipality_id


RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="activities",
        subject=Subject.PLANS,
        model=Activity,
        form=ActivityForm,
        owner=_activity_owner,
        check=_check_activity,
        settled=lambda session, activity: begin_history(session, activity, today=local_today()),
        leaving=_leave,
        returning=lambda session, activity: return_with(session, activity, *_HANGING),
        derive=_derive,
        filters=(
            "plan_id",
            "task_id",
            "settlement_id",
            "municipality_id",
            "purpose",
            "status",
            "coverage",
            "site_feature_id",
        ),
        sorts=("ordinal", "title", "deadline_to", "need_som", "status_since"),
        counts=frozenset({"beneficiaries_direct", "beneficiaries_indirect"}),
        fixed=frozenset({"plan_id", "status", "status_since", "status_precision"}),
        example={
            "plan_id": "01a20004-b16b-71b2-bc71-6bd000000001",
            "task_id": "01a20004-b16b-71b2-bc71-6bd000000003",
            "settlement_id": "01a20004-b16b-71b2-bc71-6bc1d5b423e8",
            "purpose": "drinking_water",
            "title": "20 колонка жана 3 км түтүк куруу",
            "result": "Көчө суу менен камсыз болду",
            "indicators": "20 колонка, 3 км түтүк, 1000 адам",
            "deadline_from": "2014-10-01",
            "deadline_to": "2015-03-01",
            "deadline_precision": "month",
            "responsible": "together",
            "beneficiaries_direct": 1000,
            "beneficiaries_indirect": 500,
            "need_som": "1,85 млн сом",
            "capacity_som": 1850000,
            "geometry": {"type": "LineString", "coordinates": [[78.2385, 42.495], [78.241, 42.51]]},
        },
    ),
    Resource(
        name="activity-status",
        subject=Subject.PLANS,
        model=ActivityStatus,
        form=ActivityStatusForm,
        owner=_status_owner,
        filters=("activity_id", "status"),
        sorts=("since",),
        actions=frozenset({Action.READ, Action.PUBLISH}),
        private=frozenset({"set_by"}),
    ),
)
