"""A municipality's year of monitoring at one look: visits, what is not visited, what is open, measures (section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.monitoring_codes import FollowUpState
from geo.domain.rights import Actor
from geo.repositories.monitoring import MonitoringRepository
from geo.services.indicator_progress import (
    IndicatorProgress,
    PollSummary,
    exit_poll_summary,
    progress_of_indicators,
)
from geo.services.seen_year import seen_year
from geo.services.visit_reports import Agreement, agreements_of_chains
from geo.snapshots import ActivitySnapshot, CycleSnapshot, VisitSnapshot
from geo.storage import PictureStore

__all__ = ["MonitoringOverview", "OpenAgreement", "monitoring_overview"]

_OPEN = frozenset({FollowUpState.OPEN, FollowUpState.OVERDUE})


@dataclass(frozen=True, slots=True)
class OpenAgreement:
    """Something agreed on a visit that is not done."""

    visit: VisitSnapshot
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class MonitoringOverview:
    """What monitors of a municipality have seen in a cycle, and what they have not.

    Attributes
    ----------
    cycle
        None before the municipality has a year.
    entries
        How many entries the chain of a visit has; above 1 it was corrected.
    not_visited
        Activities of the plan without a visit, in its order.
    polls
        Service and what people said of it, all answers together.
    """

    cycle: CycleSnapshot | None
    visits: tuple[VisitSnapshot, ...] = ()
    entries: Mapping[UUID, int] | None = None
    not_visited: tuple[ActivitySnapshot, ...] = ()
    open: tuple[OpenAgreement, ...] = ()
    indicators: tuple[IndicatorProgress, ...] = ()
    polls: tuple[tuple[str, PollSummary], ...] = ()


def monitoring_overview(
    session: Session,
    pictures: PictureStore,
    municipality_id: UUID,
    year: int,
    *,
    settlement_id: UUID,
    actor: Actor,
    as_of: date,
) -> MonitoringOverview:
    """Return the monitoring of a municipality's year as the actor may see it.

    Parameters
    ----------
    pictures
        Where photos are; none is read.
    settlement_id
        The village whose indicators and exit polls come along.
    as_of
        Day by which agreements are late.
    """
    cycle = seen_year(session, pictures, municipality_id, year, actor=actor, today=as_of)
    if cycle is None:
        return MonitoringOverview(None)
    rows = MonitoringRepository(session)
    activities = cycle.plan.activities if cycle.plan else ()
    visited = {visit.activity_id for visit in cycle.visits}
    with_open = [visit for visit in cycle.visits if any(one.state in _OPEN for one in visit.agreements)]
    chains = rows.chains_of([visit.id for visit in with_open], actor)
    agreed = agreements_of_chains(session, set(chains.values()), actor=actor, today=as_of)
    indicators = rows.indicators_of(settlement_id, [one.id for one in activities], actor)
    return MonitoringOverview(
        cycle,
        visits=cycle.visits,
        entries=rows.chain_lengths([visit.id for visit in cycle.visits], actor),
        not_visited=tuple(one for one in activities if one.id not in visited),
        open=tuple(
            OpenAgreement(visit, one)
            for visit in with_open
            for one in agreed.get(chains.get(visit.id, visit.id), ())
            if one.standing.state in _OPEN
        ),
        indicators=progress_of_indicators(session, indicators, actor=actor),
        # Of a service on which nothing may be told, not even its name is.
        polls=tuple(
            (service, told)
            for service in rows.polled_services(settlement_id)
            for told in [exit_poll_summary(session, settlement_id, service, actor=actor, on=as_of)]
            if told.numbers.count is not None
        ),
    )
