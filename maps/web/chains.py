"""The chain from votes to visits, in words: what became of a problem, and where it stopped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from geo.domain.labels import label
from geo.domain.plan.money import money_in_words
from geo.domain.plan_codes import ContributionState
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot, ProblemSnapshot, VisitSnapshot
from maps.web.marks import Step
from maps.web.words import day_in_words
from maps.words import date_in_words

__all__ = [
    "activity_chain",
    "grade_letter",
    "money_of",
    "problem_chain",
    "problems_of",
    "som_in_words",
    "unpublished_in_words",
    "visit_in_words",
    "votes_in_words",
]

_MOST_CAUSES = 3
_MOST_VISITS = 3


def problem_chain(problem: ProblemSnapshot, cycle: CycleSnapshot, language: Language) -> tuple[Step, ...]:
    """Return the chain of a problem: its votes and causes, then each activity that answers it."""
    causes = tuple(cause for told in problem.causes for cause in told.causes)[:_MOST_CAUSES]
    votes = (votes_in_words(problem, language), *unpublished_in_words(problem.settlement_id, cycle, language))
    steps = [
        _step("votes", votes, "", language),
        _step("causes", causes, "no_causes", language),
    ]
    activities = cycle.activities_for(problem)
    if not activities:
        return (*steps, _step("activity", (), "no_activity", language))
    for activity in activities:
        steps += _activity_steps(activity, cycle, language)
    return tuple(steps)


def activity_chain(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> tuple[Step, ...]:
    """Return the chain that leads to an activity, and on from it."""
    problems = problems_of(activity, cycle)
    votes = tuple(f"{problem.title}: {votes_in_words(problem, language)}" for problem in problems)
    causes = tuple(cause for problem in problems for told in problem.causes for cause in told.causes)[:_MOST_CAUSES]
    unpublished = unpublished_in_words(activity.settlement_id, cycle, language)
    steps = []
    if votes:
        steps = [_step("votes", (*votes, *unpublished), "", language), _step("causes", causes, "no_causes", language)]
    elif unpublished:  # the chain begins at votes that are not to be seen yet
        steps = [Step(text("web_map.step_votes", language), unpublished, missing=True)]
    return (*steps, *_activity_steps(activity, cycle, language))


def unpublished_in_words(settlement_id: UUID | None, cycle: CycleSnapshot, language: Language) -> tuple[str, ...]:
    """Return the sentence on sessions of a village, or of the whole municipality, that are not published, if any."""
    count = cycle.unpublished_by_settlement.get(settlement_id, 0) if settlement_id else cycle.unpublished_sessions
    return (text("snapshot.unpublished_sessions", language, count=count),) if count else ()


def problems_of(activity: ActivitySnapshot, cycle: CycleSnapshot) -> tuple[ProblemSnapshot, ...]:
    """Return the problems that an activity answers, those of villages first; a merged one is said once."""
    own = tuple(one for one in cycle.problems if activity.id in one.activity_ids)
    return own or tuple(one for one in cycle.municipality_problems if activity.id in one.activity_ids)


def _activity_steps(activity: ActivitySnapshot, cycle: CycleSnapshot, language: Language) -> list[Step]:
    stage = label(activity.status, language)
    if activity.status_since:
        stage = text(
            "web_map.stage_since",
            language,
            stage=stage,
            date=day_in_words(activity.status_since, activity.status_precision, language),
        )
    visits = tuple(visit_in_words(visit, language) for visit in cycle.visits_to(activity.id)[:_MOST_VISITS])
    return [
        _step("activity", (activity.title, stage), "", language),
        _step("money", money_of(activity, language), "no_money", language),
        _step("visits", visits, "no_visits", language),
    ]


def _step(name: str, words: Sequence[str], otherwise: str, language: Language) -> Step:
    heading = text(f"web_map.step_{name}", language)
    if words:
        return Step(heading, tuple(words))
    return Step(heading, (text(f"web_map.{otherwise}", language),), missing=True)


def votes_in_words(problem: ProblemSnapshot, language: Language) -> str:
    """Return a problem's votes and its place in its list."""
    if problem.rank is None:
        return text("web_map.votes", language, number=problem.votes)
    key = "votes_tied" if problem.is_tied else "votes_rank"
    return text(f"web_map.{key}", language, number=problem.votes, rank=problem.rank)


def money_of(activity: ActivitySnapshot, language: Language) -> tuple[str, ...]:
    """Return what is needed and who gives how much; promises are said to be promises."""
    lines = []
    if activity.gap and activity.gap.need_som is not None:
        lines.append(text("web_map.money_need", language, money=som_in_words(activity.gap.need_som, language)))
    for one in activity.contributions:
        if one.amount_som is not None:
            key = "money_promised" if one.state is ContributionState.PROMISED else "money_som"
            money = som_in_words(one.amount_som, language, at_least=one.at_least)
            lines.append(text(f"web_map.{key}", language, source=label(one.source, language), money=money))
    return tuple(lines)


def som_in_words(som: int, language: Language, *, at_least: bool = False) -> str:
    """Return a sum of whole som."""
    return money_in_words(som, language, at_least=at_least)


def visit_in_words(visit: VisitSnapshot, language: Language) -> str:
    """Return the day of a visit and how well it is evidenced."""
    date = date_in_words(visit.day, language)
    if visit.evidence is None:
        return date
    return text("web_map.visit_line", language, date=date, grade=label(visit.evidence.grade, language))


def grade_letter(visits: Iterable[VisitSnapshot]) -> str:
    """Return the letter of the newest visit's grade; empty where none has one."""
    return next((one.evidence.grade.value.upper() for one in visits if one.evidence), "")
