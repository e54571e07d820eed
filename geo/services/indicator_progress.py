"""How far indicators have come, and what exit polls say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.monitoring.exit_poll import Answer, Summary, summary
from geo.domain.monitoring.indicators import Measured, Progress, Yardstick, progress
from geo.domain.monitoring_codes import Direction, Measure, PollAspect
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.repositories.monitoring import MonitoringRepository
from geo.services.visit_rules import municipality_today

__all__ = ["IndicatorProgress", "exit_poll_summary", "indicator_progress"]


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


def indicator_progress(session: Session, indicator_id: UUID, *, actor: Actor) -> IndicatorProgress:
    """Return how far an indicator has come, by the values that the actor may see.

    Raises
    ------
    NotFound
        There is no such indicator, or none to be seen.
    """
    rows = MonitoringRepository(session)
    indicator = rows.indicator(indicator_id, actor)
    yardstick = Yardstick(
        measure=indicator.measure,
        direction=indicator.direction,
        baseline=indicator.baseline,
        baseline_year=indicator.baseline_year,
        target=indicator.target,
        target_year=indicator.target_year,
    )
    values = [Measured(row.measured_on, row.value) for row in rows.indicator_values(indicator_id, actor)]
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
    session: Session, settlement_id: UUID, service: str, *, actor: Actor, on: date | None = None
) -> Summary:
    """Return what people said of one service of a village; small groups are hidden from the public.

    Parameters
    ----------
    service
        One service: beside the sum over all, the answers of a small one would follow by subtraction.
    on
        Day of which the village's municipality counts; None: today.

    Raises
    ------
    NotFound
        There is no such village.
    """
    municipality_id = municipality_today(session, settlement_id, on or datetime.now(UTC).date())
    answers = [
        Answer(
            scores={aspect: getattr(row, aspect.value) for aspect in PollAspect},
            has_result=row.has_result,
            official_som=row.official_som,
            unofficial_som=row.unofficial_som,
            related_som=row.related_som,
            sex=row.sex,
            age=row.age,
        )
        for row in MonitoringRepository(session).poll_answers(settlement_id, service)
    ]
    return summary(answers, is_public=not is_allowed(Action.READ, Subject.MONITORING, actor, municipality_id))
