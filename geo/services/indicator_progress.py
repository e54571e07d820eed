"""How far indicators have come, and what exit polls say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.clock import local_day, local_today
from geo.domain.monitoring.exit_poll import Answer, HalfYear, Kept, Summary, printed, summary
from geo.domain.monitoring.indicators import Measured, Progress, Yardstick, progress
from geo.domain.monitoring_codes import Direction, Measure, PollAspect
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.models import ExitPollAnswer, Indicator, IndicatorValue
from geo.repositories.monitoring import MonitoringRepository
from geo.services.visit_rules import municipality_today

__all__ = ["IndicatorProgress", "PollSummary", "exit_poll_summary", "indicator_progress", "progress_of_indicators"]


@dataclass(frozen=True, slots=True)
class IndicatorProgress:
    """An indicator from its baseline over what was measured to its target."""

    id: UUID
    title: str
    unit: str
    measure: Measure
    direction: Direction
    baseline: float | None
    baseline_year: int | None
    target: float | None
    target_year: int | None
    values: tuple[tuple[Measured, float | None], ...]
    """What was measured, by day, each with the share of the way."""
    now: Progress


@dataclass(frozen=True, slots=True)
class PollSummary:
    """An exit poll in numbers; ``half`` None: over all its answers, or none is told yet."""

    half: HalfYear | None
    numbers: Summary


def indicator_progress(session: Session, indicator_id: UUID, *, actor: Actor) -> IndicatorProgress:
    """Return how far an indicator has come, by the values that the actor may see.

    Raises
    ------
    NotFound
        There is no such indicator, or none to be seen.
    """
    indicator = MonitoringRepository(session).indicator(indicator_id, actor)
    return progress_of_indicators(session, [indicator], actor=actor)[0]


def progress_of_indicators(
    session: Session, indicators: Sequence[Indicator], *, actor: Actor
) -> tuple[IndicatorProgress, ...]:
    """Return how far indicators that the actor may see have come, in their order."""
    values = MonitoringRepository(session).indicator_values([one.id for one in indicators], actor)
    return tuple(_progress(one, values[one.id]) for one in indicators)


def _progress(indicator: Indicator, rows: Sequence[IndicatorValue]) -> IndicatorProgress:
    yardstick = Yardstick(
        measure=indicator.measure,
        direction=indicator.direction,
        baseline=indicator.baseline,
        baseline_year=indicator.baseline_year,
        target=indicator.target,
        target_year=indicator.target_year,
    )
    values = [Measured(row.measured_on, row.value) for row in rows]
    return IndicatorProgress(
        id=indicator.id,
        title=indicator.title,
        unit=indicator.unit,
        measure=indicator.measure,
        direction=indicator.direction,
        baseline=indicator.baseline,
        baseline_year=indicator.baseline_year,
        target=indicator.target,
        target_year=indicator.target_year,
        values=tuple((value, progress(yardstick, [value]).share) for value in values),
        now=progress(yardstick, values),
    )


def exit_poll_summary(
    session: Session,
    settlement_id: UUID,
    service: str,
    *,
    actor: Actor,
    half: HalfYear | None = None,
    on: date | None = None,
) -> PollSummary:
    """Return what people said of one service of a village.

    The public is told one half-year, as `geo.domain.monitoring.exit_poll.printed` makes it, and nothing that rests on
    fewer than 5 people.

    Parameters
    ----------
    service
        One service: beside the sum over all, the answers of a small one would follow by subtraction.
    half
        Which half-year; None: all answers, and for the public the last half-year that is told.
    on
        Day of which the village's municipality counts; None: today.

    Raises
    ------
    NotFound
        There is no such village.
    """
    today = on or local_today()
    municipality_id = municipality_today(session, settlement_id, today)
    rows = MonitoringRepository(session)
    if is_allowed(Action.READ, Subject.MONITORING, actor, municipality_id):
        found = rows.poll_answers(settlement_id, service)
        answers = [_answer(row) for row in found if half is None or HalfYear.of(row.asked_on) == half]
        return PollSummary(half, summary(answers, is_public=False))
    kept = [
        Kept(_answer(row), row.asked_on, local_day(row.created_at), row.withdrawn_at and local_day(row.withdrawn_at))
        for row in rows.poll_answers(settlement_id, service, with_withdrawn=True)
    ]
    halves = sorted({HalfYear.of(one.asked_on) for one in kept}, reverse=True) if half is None else [half]
    for one in halves:
        told = printed(kept, one, today=today)
        if told is not None:
            return PollSummary(one, summary(told, is_public=True))
    return PollSummary(half, replace(summary((), is_public=True), count=None))


def _answer(row: ExitPollAnswer) -> Answer:
    return Answer(
        scores={aspect: getattr(row, aspect.value) for aspect in PollAspect},
        has_result=row.has_result,
        official_som=row.official_som,
        unofficial_som=row.unofficial_som,
        related_som=row.related_som,
        sex=row.sex,
        age=row.age,
    )
