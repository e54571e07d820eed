"""What the public pages tell of a year, put into words: priorities and what became of them, plan, money, visits."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from geo.domain.labels import label
from geo.domain.monitoring_codes import FollowUpState
from geo.domain.plan.totals import add_up
from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot, ProblemSnapshot, VisitSnapshot
from maps.web.chains import problem_chain, problems_of, som_in_words
from maps.web.marks import Step
from maps.words import date_in_words, span_in_words

__all__ = ["ActivityLine", "MoneyBar", "PriorityStory", "VisitLine", "money_bars", "plan_lines", "priorities", "visits"]

_MOST_VISITS = 30
_STEPS_OF_ACTIVITY = 3
"""What it is, its money, its visits."""


@dataclass(frozen=True, slots=True)
class PriorityStory:
    """A problem and what became of it, step by step."""

    id: UUID
    title: str
    votes: int
    rank: int | None
    is_tied: bool
    village: str
    """Empty where several villages have it."""
    steps: tuple[Step, ...]
    """Votes and causes; where nothing answers it, that as well."""
    answers: tuple[tuple[Step, ...], ...]
    """Each activity with its money and visits."""
    said: tuple[str, ...]
    """As people said it, the most votes first."""
    photo: str
    """Data URL of a photo of the last visit; empty where there is none."""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """A line of the plan."""

    id: UUID
    title: str
    village: str
    stage: ActivityStage
    when: str
    answers: tuple[tuple[UUID, str], ...]
    """Problems that it answers."""
    money: str
    last_visit: str


@dataclass(frozen=True, slots=True)
class MoneyBar:
    """What a source promised and gave."""

    source: str
    code: str
    promised: str
    received: str
    share: float
    """Of the whole, 0 to 100."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit."""

    id: UUID
    day: str
    what: str
    village: str
    met: bool | None
    summary: str
    open_agreements: int
    photo: str
    caption: str


def priorities(cycle: CycleSnapshot, language: Language, *, only: UUID | None = None) -> tuple[PriorityStory, ...]:
    """Return the municipality's priorities, those alike in votes together; or one problem alone."""
    every = (*cycle.municipality_problems, *cycle.problems)
    if only is not None:
        return tuple(_story(one, cycle, language) for one in every if one.id == only)[:1]
    return tuple(_story(one, cycle, language) for one in cycle.municipality_problems if one.is_priority)


def _story(problem: ProblemSnapshot, cycle: CycleSnapshot, language: Language) -> PriorityStory:
    activities = cycle.activities_for(problem)
    steps = problem_chain(problem, cycle, language)
    begun = len(steps) - _STEPS_OF_ACTIVITY * len(activities)
    seen = [visit for activity in activities for visit in cycle.visits_to(activity.id)]
    said = sorted(problem.statements, key=lambda one: -one.votes)
    return PriorityStory(
        id=problem.id,
        title=problem.title,
        votes=problem.votes,
        rank=problem.rank,
        is_tied=problem.is_tied,
        village=_village(cycle, problem.settlement_id, language),
        steps=steps[:begun],
        answers=tuple(steps[at : at + _STEPS_OF_ACTIVITY] for at in range(begun, len(steps), _STEPS_OF_ACTIVITY)),
        said=tuple(dict.fromkeys(one.wording for one in said)),
        photo=next((found for visit in seen if (found := _photo(visit)[0])), ""),
    )


def plan_lines(cycle: CycleSnapshot, language: Language) -> tuple[ActivityLine, ...]:
    """Return the activities of the plan in their order."""
    return tuple(_activity(one, cycle, language) for one in (cycle.plan.activities if cycle.plan else ()))


def _activity(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> ActivityLine:
    money = activity.money()
    seen = cycle.visits_to(activity.id)
    return ActivityLine(
        id=activity.id,
        title=activity.title,
        village=_village(cycle, activity.settlement_id, language),
        stage=activity.status,
        when=span_in_words(activity.deadline_from, activity.deadline_to, language, activity.deadline_precision),
        answers=tuple((one.id, one.title) for one in problems_of(activity, cycle)),
        money=som_in_words(money.total, language, at_least=money.at_least) if money.total else "",
        last_visit=date_in_words(seen[0].day, language) if seen else "",
    )


def money_bars(cycle: CycleSnapshot, language: Language) -> tuple[str, tuple[MoneyBar, ...]] | None:
    """Return the money of the whole plan in words, and each source's part of it; None without any."""
    if cycle.plan is None:
        return None
    activities = cycle.plan.activities
    sums = {source: add_up(one.money(source) for one in activities) for source in ContributionSource}
    given = {source: one for source, one in sums.items() if one.total}
    whole = add_up(given.values())
    if not whole.total:
        return None
    bars = tuple(
        MoneyBar(
            source=label(source, language),
            code=source.value,
            promised=_som(one.promised, language),
            received=_som(one.received, language),
            share=100 * one.total / whole.total,
        )
        for source, one in sorted(given.items(), key=lambda pair: -pair[1].total)
    )
    return som_in_words(whole.total, language, at_least=whole.at_least), bars


def _som(som: int, language: Language) -> str:
    return som_in_words(som, language) if som else ""


def visits(cycle: CycleSnapshot, language: Language) -> tuple[VisitLine, ...]:
    """Return the newest visits."""
    titles = {one.id: one.title for one in (cycle.plan.activities if cycle.plan else ())}
    return tuple(_visit(one, cycle, _title(titles, one.activity_id), language) for one in cycle.visits[:_MOST_VISITS])


def _title(titles: Mapping[UUID, str], activity_id: UUID | None) -> str | None:
    return titles.get(activity_id) if activity_id else None


def _visit(visit: VisitSnapshot, cycle: CycleSnapshot, title: str | None, language: Language) -> VisitLine:
    photo, caption = _photo(visit)
    agreed: Sequence[FollowUpState] = [one.state for one in visit.agreements]
    return VisitLine(
        id=visit.id,
        day=date_in_words(visit.day, language),
        what=title or visit.service or label(visit.topic, language),
        village=_village(cycle, visit.settlement_id, language),
        met=visit.standard_met,
        summary=visit.summary,
        open_agreements=sum(state in {FollowUpState.OPEN, FollowUpState.OVERDUE} for state in agreed),
        photo=photo,
        caption=caption or text("public.photo_of", language, what=title or visit.service or ""),
    )


def _photo(visit: VisitSnapshot) -> tuple[str, str]:
    if not visit.photos:
        return "", ""
    first = visit.photos[0]
    return f"data:image/jpeg;base64,{base64.b64encode(first.jpeg).decode()}", first.caption


def _village(cycle: CycleSnapshot, settlement_id: UUID | None, language: Language) -> str:
    village = cycle.settlement(settlement_id)
    return village.names.best(language) if village else ""
