"""Visits, findings, follow-up, scores, photos, indicators and exit polls as records (DOMAIN.md section 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from geo.domain.attendance import Sex
from geo.domain.clock import local_today
from geo.domain.monitoring.checklist import Score, check_score, totals
from geo.domain.monitoring.exit_poll import Answer, check_answer
from geo.domain.monitoring.follow_up import FollowUpEntry, check_entry
from geo.domain.monitoring.indicators import Yardstick, check_value, check_yardstick, review_yardstick
from geo.domain.monitoring_codes import (
    AgeBand,
    Direction,
    IndicatorKind,
    Measure,
    PollAspect,
    Severity,
    VisitMethod,
    VisitTopic,
)
from geo.domain.rights import LOCAL, Action, Actor, Subject
from geo.errors import Conflict, Refused
from geo.i18n import Text
from geo.models import (
    ChecklistScore,
    ExitPollAnswer,
    Finding,
    FollowUp,
    Indicator,
    IndicatorValue,
    MonitoringVisit,
    VisitPhoto,
)
from geo.repositories.monitoring import MonitoringRepository, stands
from geo.repositories.plans import PlanRepository
from geo.services.records.resource import Form, Moment, Resource
from geo.services.visit_rules import (
    check_visit_row,
    differences,
    leave_chain,
    municipality_of_settlement,
    municipality_today,
    own_visit,
)

__all__ = [
    "FINDINGS",
    "FOLLOW_UPS",
    "PHOTOS",
    "RESOURCES",
    "SCORES",
    "VALUES",
    "VISITS",
    "ChecklistScoreForm",
    "ExitPollForm",
    "FindingForm",
    "FollowUpForm",
    "IndicatorForm",
    "IndicatorValueForm",
    "MemberSign",
    "VisitForm",
    "VisitPhotoForm",
]

_APPEND_ONLY = frozenset({Action.READ, Action.CREATE, Action.WITHDRAW, Action.PUBLISH})


class MemberSign(TypedDict):
    """What a member of a visit confirms it with: lines of points from 0 to 1, right and down; without any, a tick."""

    __pydantic_config__ = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)  # type: ignore[misc]

    name: str
    strokes: list[list[list[float]]]


class VisitForm(Form):
    """A visit, or the correction of one: then all of it anew."""

    settlement_id: UUID
    activity_id: UUID | None = None
    feature_id: UUID | None = Field(default=None, description="Where the service or the site is on the map.")
    group_id: UUID | None = Field(default=None, description="The monitoring group.")
    corrects_id: UUID | None = Field(default=None, description="The latest entry of the visit that this corrects.")
    topic: VisitTopic
    service: str = Field(default="", description="A service in words, where it has no place on the map.")
    method: VisitMethod
    visited_at: Moment
    located_at: Moment | None = Field(default=None, description="When the device read its point.")
    accuracy_m: float | None = None
    members: list[str] = Field(default_factory=list, description="Names; never public.")
    member_count: int | None = None
    signs: list[MemberSign] | None = Field(default=None, description="Of members: a tick or strokes; never public.")
    quantity_unit: str = ""
    planned_quantity: float | None = None
    actual_quantity: float | None = None
    planned_som: int | None = None
    actual_som: int | None = None
    planned_on: date | None = None
    actual_on: date | None = None
    standard_met: bool | None = None
    summary: str = ""
    recommendations: str = ""
    geometry: BaseGeometry | None = Field(default=None, description="Point of the device.")


class FindingForm(Form):
    """What a visit found."""

    visit_id: UUID
    severity: Severity
    words: str
    geometry: BaseGeometry | None = None


class FollowUpForm(Form):
    """Something agreed on a visit, or with ``follows_id`` a later entry to it."""

    visit_id: UUID
    finding_id: UUID | None = None
    follows_id: UUID | None = None
    words: str = ""
    due_on: date | None = None
    done_on: date | None = None
    done_by: str = Field(default="", description="A person's name; never public.")


class ChecklistScoreForm(Form):
    """Points of one item of the checklist."""

    visit_id: UUID
    item: int = Field(description="1 to 18.")
    score: int
    comment: str


class VisitPhotoForm(Form):
    """What can be said of a photo; it comes by ``POST /api/v1/monitoring-visits/{id}/photos``."""

    visit_id: UUID
    caption: str = ""


class IndicatorForm(Form):
    """What is measured, from where to where."""

    activity_id: UUID | None = None
    settlement_id: UUID | None = None
    title: str
    kind: IndicatorKind
    measure: Measure
    direction: Direction
    unit: str = ""
    baseline: float | None = None
    baseline_year: int | None = None
    target: float | None = None
    target_year: int | None = None
    source: str = Field(default="", description="How it is measured, or who knows.")


class IndicatorValueForm(Form):
    """A value measured on a day."""

    indicator_id: UUID
    visit_id: UUID | None = None
    measured_on: date
    value: float
    note: str = ""


class ExitPollForm(Form):
    """What somebody leaving an office said, without a name."""

    settlement_id: UUID
    service: str
    asked_on: date
    conditions: int | None = None
    staff: int | None = None
    information: int | None = None
    requirements: int | None = None
    timing: int | None = None
    has_result: bool | None = None
    official_som: int | None = None
    unofficial_som: int | None = None
    related_som: int | None = None
    sex: Sex | None = None
    age: AgeBand | None = None


def _of_visit(session: Session, record: Finding | FollowUp | ChecklistScore | VisitPhoto) -> UUID:
    with session.no_autoflush:
        return MonitoringRepository(session).visit(record.visit_id).municipality_id


def _derive_visits(session: Session, visits: Sequence[MonitoringVisit], actor: Actor) -> Sequence[Mapping[str, Any]]:
    chains = {visit.chain_id for visit in visits}
    repository = MonitoringRepository(session)
    latest, seen = repository.latest_of(chains, LOCAL), repository.latest_of(chains, actor)
    return [
        {
            "chain_id": visit.chain_id,
            "number": visit.number,
            # That a correction is there is told to everybody, which one it is to whoever may read it.
            "latest_id": seen.get(visit.chain_id),
            "is_latest": latest.get(visit.chain_id) == visit.id,
            "differences": asdict(differences(visit)),
        }
        for visit in visits
    ]


def _check_finding(_session: Session, finding: Finding) -> tuple[Text, ...]:
    if not finding.words.strip():
        raise Refused("finding.words_missing")
    return ()


def _check_follow_up(session: Session, entry: FollowUp) -> tuple[Text, ...]:
    said = FollowUpEntry(entry.words or "", entry.due_on, entry.done_on)
    check_entry(said, is_first=entry.follows_id is None, today=local_today())
    visits = MonitoringRepository(session)
    with session.no_autoflush:
        chain_id = visits.visit(entry.visit_id).chain_id
        if entry.follows_id is not None:
            first = visits.one(FollowUp, entry.follows_id, key="follow_up.unknown")
            if first.follows_id is not None:
                raise Refused("follow_up.not_first", id=first.follows_id)
            if visits.visit(first.visit_id).chain_id != chain_id:
                raise Refused("follow_up.of_other_visit")
        if entry.finding_id is not None:
            finding = visits.one(Finding, entry.finding_id, key="record.unknown")
            if visits.visit(finding.visit_id).chain_id != chain_id:
                raise Refused("follow_up.of_other_visit")
    return ()


def _check_score(session: Session, row: ChecklistScore) -> tuple[Text, ...]:
    score = Score(row.item, row.score, row.comment)
    check_score(score)
    visits = MonitoringRepository(session)
    with session.no_autoflush:
        # Of two people who score a visit at once the second sees what the first wrote.
        visits.hold_chain(visits.visit(row.visit_id).chain_id)
        others = [one for one in visits.scores_of_visit(row.visit_id) if one.id != row.id]
    if any(one.item == row.item for one in others):
        raise Conflict("checklist_score.twice", item=row.item)
    totals([score, *(Score(one.item, one.score, one.comment) for one in others)])
    return ()


def _own_indicator(session: Session, indicator: Indicator) -> UUID:
    visits = MonitoringRepository(session)
    with session.no_autoflush:
        if indicator.activity_id is not None:
            owner = visits.activity(indicator.activity_id).municipality_id
            village = indicator.settlement_id
            if village is not None and not PlanRepository(session).has_belonged(village, owner):
                raise Refused("indicator.settlement_elsewhere")
            return owner
        if indicator.settlement_id is None:
            raise Refused("indicator.of_nothing")
        return municipality_today(session, indicator.settlement_id, local_today())


def _check_indicator(_session: Session, indicator: Indicator) -> tuple[Text, ...]:
    if not indicator.title.strip():
        raise Refused("indicator.title_missing")
    yardstick = Yardstick(
        measure=indicator.measure,
        direction=indicator.direction,
        baseline=indicator.baseline,
        baseline_year=indicator.baseline_year,
        target=indicator.target,
        target_year=indicator.target_year,
    )
    check_yardstick(yardstick)
    return review_yardstick(yardstick)


def _own_value(session: Session, value: IndicatorValue) -> UUID:
    with session.no_autoflush:
        return MonitoringRepository(session).indicator(value.indicator_id, LOCAL).municipality_id


def _check_value(session: Session, value: IndicatorValue) -> tuple[Text, ...]:
    check_value(value.value)
    if value.measured_on > local_today() + timedelta(days=1):
        raise Refused("indicator.value_in_future", day=value.measured_on.isoformat())
    if value.visit_id is not None:
        visits = MonitoringRepository(session)
        with session.no_autoflush:
            owner = visits.indicator(value.indicator_id, LOCAL).municipality_id
            if visits.visit(value.visit_id).municipality_id != owner:
                raise Refused("indicator.visit_elsewhere")
    return ()


def _own_answer(session: Session, answer: ExitPollAnswer) -> UUID:
    with session.no_autoflush:
        return municipality_of_settlement(session, answer.settlement_id, answer.asked_on)


def _check_answer(_session: Session, answer: ExitPollAnswer) -> tuple[Text, ...]:
    if not answer.service.strip():
        raise Refused("exit_poll.service_missing")
    check_answer(
        Answer(
            scores={aspect: getattr(answer, aspect.value) for aspect in PollAspect},
            has_result=answer.has_result,
            official_som=answer.official_som,
            unofficial_som=answer.unofficial_som,
            related_som=answer.related_som,
        )
    )
    return ()


def _derive_photos(_session: Session, photos: Sequence[VisitPhoto]) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "width_px": photo.width_px,
            "height_px": photo.height_px,
            "large": f"/api/v1/photos/{photo.id}?size=1600",
            "small": f"/api/v1/photos/{photo.id}?size=320",
        }
        for photo in photos
    ]


_PHOTO_METADATA = frozenset(
    {
        *("geometry", "accuracy_m", "taken_at", "time_source", "image_format", "image_bytes"),
        *("image_sha256", "large_sha256", "small_sha256"),
    }
)
"""DOMAIN.md section 11: metadata of photographs is never public."""
_VISIT = "0192e5a1-6b0c-7f00-8000-000000000001"

RESOURCES: tuple[Resource[Any], ...] = (
    Resource(
        name="monitoring-visits",
        subject=Subject.MONITORING,
        model=MonitoringVisit,
        form=VisitForm,
        owner=own_visit,
        check=check_visit_row,
        leaving=leave_chain,
        latest=stands,
        filters=("settlement_id", "activity_id", "feature_id", "group_id", "topic", "method", "chain_id"),
        sorts=("visited_at",),
        actions=_APPEND_ONLY,
        people=frozenset({"members", "signs"}),
        derive_for=_derive_visits,
        example={
            "settlement_id": "01a20004-b16b-71b2-bc71-6bbd3a1b5a11",
            "topic": "service",
            "service": "Ичүүчү суу",
            "method": "observation",
            "visited_at": "2014-11-20T10:30:00+06:00",
            "member_count": 3,
            "standard_met": False,
            "geometry": {"type": "Point", "coordinates": [78.2385, 42.495]},
            "accuracy_m": 6.0,
        },
    ),
    Resource(
        name="findings",
        subject=Subject.MONITORING,
        model=Finding,
        form=FindingForm,
        owner=_of_visit,
        check=_check_finding,
        filters=("visit_id", "severity"),
        actions=_APPEND_ONLY,
        example={"visit_id": _VISIT, "severity": "major", "words": "Үч колонкадан суу акпайт."},
    ),
    Resource(
        name="follow-ups",
        subject=Subject.MONITORING,
        model=FollowUp,
        form=FollowUpForm,
        owner=_of_visit,
        check=_check_follow_up,
        filters=("visit_id", "finding_id", "follows_id"),
        sorts=("due_on",),
        actions=_APPEND_ONLY,
        people=frozenset({"done_by"}),
        example={"visit_id": _VISIT, "words": "Колонкаларды оңдоо", "due_on": "2014-12-20"},
    ),
    Resource(
        name="checklist-scores",
        subject=Subject.MONITORING,
        model=ChecklistScore,
        form=ChecklistScoreForm,
        owner=_of_visit,
        check=_check_score,
        filters=("visit_id", "item"),
        sorts=("item",),
        actions=_APPEND_ONLY,
        example={"visit_id": _VISIT, "item": 6, "score": 1, "comment": "Пандус жок, отургуч бар."},
    ),
    Resource(
        name="visit-photos",
        subject=Subject.MONITORING,
        model=VisitPhoto,
        form=VisitPhotoForm,
        owner=_of_visit,
        filters=("visit_id",),
        actions=frozenset({Action.READ, Action.CHANGE, Action.WITHDRAW, Action.PUBLISH}),
        fixed=frozenset({"visit_id"}),
        private=_PHOTO_METADATA,
        derive=_derive_photos,
        example={"visit_id": _VISIT, "caption": "Колонка, Ынтымак көчөсү"},
    ),
    Resource(
        name="indicators",
        subject=Subject.MONITORING,
        model=Indicator,
        form=IndicatorForm,
        owner=_own_indicator,
        check=_check_indicator,
        filters=("activity_id", "settlement_id", "kind"),
        fixed=frozenset({"activity_id", "settlement_id"}),
        example={
            "settlement_id": "01a20004-b16b-71b2-bc71-6bbd3a1b5a11",
            "title": "Суу булагына чейинки аралык",
            "kind": "baseline",
            "measure": "number",
            "direction": "lower",
            "unit": "м",
            "baseline": 800,
            "baseline_year": 2013,
            "target": 200,
            "target_year": 2015,
        },
    ),
    Resource(
        name="indicator-values",
        subject=Subject.MONITORING,
        model=IndicatorValue,
        form=IndicatorValueForm,
        owner=_own_value,
        check=_check_value,
        filters=("indicator_id", "visit_id"),
        sorts=("measured_on",),
        fixed=frozenset({"indicator_id"}),
        example={"indicator_id": _VISIT, "measured_on": "2014-11-20", "value": 350},
    ),
    Resource(
        name="exit-poll-answers",
        subject=Subject.MONITORING,
        model=ExitPollAnswer,
        form=ExitPollForm,
        owner=_own_answer,
        check=_check_answer,
        filters=("settlement_id", "service"),
        sorts=("asked_on",),
        # A changed answer would show in a table that the public read before: it is withdrawn and given anew.
        actions=_APPEND_ONLY - {Action.PUBLISH},
        never_public=True,
        example={
            "settlement_id": "01a20004-b16b-71b2-bc71-6bbd3a1b5a11",
            "service": "Жарандык абалды каттоо",
            "asked_on": "2014-11-20",
            "conditions": 3,
            "staff": 5,
            "has_result": True,
            "official_som": 100,
            "sex": "female",
            "age": "22-35",
        },
    ),
)

VISITS, FINDINGS, FOLLOW_UPS, SCORES, PHOTOS, _, VALUES, _ = RESOURCES
