"""What a poster says, from the public read model of a year: plain words, nothing about where it stands on the paper."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from geo.domain.events import EventKind
from geo.domain.labels import label
from geo.domain.plan.money import money_in_words
from geo.domain.plan_codes import ActivityStage, ContributionSource
from geo.errors import NotFound
from geo.i18n import Language, text
from geo.snapshots import ActivitySnapshot, CycleSnapshot, ProblemSnapshot, VisitSnapshot
from maps.print.furniture import in_digits
from maps.print.letters import printable
from maps.words import date_in_words, span_in_words

__all__ = ["PosterActivity", "PosterContents", "PosterProblem", "poster_contents"]

_PRIORITIES = 5
"""Where the record marks no priorities: the first five, with those tied with the fifth (DOMAIN.md section 6)."""
_TIE_LETTERS = {Language.EN: string.ascii_lowercase}
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшэюя"


@dataclass(frozen=True, slots=True)
class PosterProblem:
    """A priority."""

    mark: str
    """Its number in the list, as on the map; with a letter where several share a place: 1, 2, 3а, 3б, 5."""
    title: str
    votes: int
    is_tied: bool
    place: BaseGeometry | None
    answers: tuple[int, ...]
    """Numbers of the lines of the plan that answer it."""


@dataclass(frozen=True, slots=True)
class PosterActivity:
    """A line of the plan."""

    number: int
    title: str
    stage: ActivityStage
    stage_words: str
    deadline: str
    money: str
    responsible: str
    visited: str
    place: BaseGeometry | None
    marks: tuple[str, ...]
    """Marks of the priorities that it answers."""


@dataclass(frozen=True, slots=True)
class PosterContents:
    """Everything a poster says."""

    language: Language
    title: str
    subtitle: str
    as_of: str
    problems: tuple[PosterProblem, ...]
    problems_beyond: int
    """How many problems the list has beside the priorities."""
    voters: str
    """How many people from how many meetings."""
    unpublished: str
    """That the votes of sessions that are not published are not in the list; empty where every one is."""
    plan_title: str
    plan_note: str
    """How far the plan has been approved; empty where it is not."""
    has_plan: bool
    activities: tuple[PosterActivity, ...]
    credits: tuple[str, ...]

    @property
    def places(self) -> list[BaseGeometry]:
        """Where its problems and its activities are, as far as that is known; lon lat."""
        found = [*(one.place for one in self.problems), *(one.place for one in self.activities)]
        return [one for one in found if one is not None]


def poster_contents(cycle: CycleSnapshot, language: Language, *, settlement_id: UUID | None) -> PosterContents:
    """Put the year of a village, or of the municipality, into words.

    Parameters
    ----------
    cycle
        As those for whom it is drawn may see it.
    language
        Of the poster.
    settlement_id
        The village; None for the municipality.

    Raises
    ------
    NotFound
        ``posters.no_settlement``: the village is not of this municipality.
    """
    village = cycle.settlement(settlement_id)
    if settlement_id is not None and village is None:
        raise NotFound("posters.no_settlement", municipality=cycle.municipality.names.best(language))
    own = cycle if settlement_id is None else cycle.of_settlement(settlement_id)
    listed = own.municipality_problems if settlement_id is None else own.problems
    priorities = _priorities(listed)
    lines = _plan_lines(own, priorities, settlement_id)
    numbers = {activity.id: number for number, activity in enumerate(lines, 1)}
    marks = dict(zip((one.id for one in priorities), _marks(priorities, language), strict=True))
    place = (village or cycle.municipality).names.best(language)
    whole = cycle.municipality.names.best(language) if village else cycle.municipality.rayon.best(language)
    plan = own.plan
    return PosterContents(
        language=language,
        title=printable(place),
        subtitle=printable(" · ".join(filter(None, (whole, text("posters.subtitle", language, year=str(cycle.year)))))),
        as_of=text("posters.as_of", language, date=date_in_words(cycle.as_of, language)),
        problems=tuple(
            PosterProblem(
                mark=marks[one.id],
                title=printable(one.title),
                votes=one.votes,
                is_tied=one.is_tied,
                place=one.geometry,
                answers=tuple(sorted(numbers[each] for each in one.activity_ids if each in numbers)),
            )
            for one in priorities
        ),
        problems_beyond=len(listed) - len(priorities),
        voters=_voters(own, listed, language),
        unpublished=text("snapshot.unpublished_sessions", language, count=own.unpublished_sessions)
        if own.unpublished_sessions
        else "",
        plan_title=text("posters.plan", language, years=_years(plan.year_from, plan.year_to)) if plan else "",
        plan_note=_approval(own, language),
        has_plan=plan is not None,
        activities=tuple(
            _line(number, one, own, language, [marks[each.id] for each in priorities if one.id in each.activity_ids])
            for number, one in enumerate(lines, 1)
        ),
        credits=tuple(map(printable, cycle.credits)),
    )


def _priorities(listed: Sequence[ProblemSnapshot]) -> list[ProblemSnapshot]:
    chosen = [one for one in listed if one.is_priority]
    if not chosen:
        by_votes = sorted((one for one in listed if one.votes), key=lambda one: -one.votes)
        least = by_votes[:_PRIORITIES][-1].votes if by_votes else 0
        chosen = [one for one in by_votes if one.votes >= least]
    return sorted(chosen, key=lambda one: (one.rank if one.rank is not None else len(listed), -one.votes))


def _marks(priorities: Iterable[ProblemSnapshot], language: Language) -> list[str]:
    letters = _TIE_LETTERS.get(language, _CYRILLIC)
    marks: list[str] = []
    for _, tied in groupby(priorities, key=lambda one: (one.rank, one.votes)):
        group = list(tied)
        place = in_digits(group[0].rank or len(marks) + 1, language)
        if len(group) == 1:
            marks.append(place)
        else:
            marks += [
                place + (letters[number] if len(group) <= len(letters) else f".{number + 1}")
                for number in range(len(group))
            ]
    return marks


def _plan_lines(
    own: CycleSnapshot, priorities: Sequence[ProblemSnapshot], settlement_id: UUID | None
) -> list[ActivitySnapshot]:
    """Return the activities of the village and those for everybody; what answers a priority first, in its order."""
    if own.plan is None:
        return []
    wanted = {each: place for place, one in reversed(list(enumerate(priorities))) for each in one.activity_ids}
    listed = [
        one
        for one in own.plan.activities
        if settlement_id is None or one.settlement_id in (None, settlement_id) or one.id in wanted
    ]
    return sorted(listed, key=lambda one: wanted.get(one.id, len(priorities)))


def _voters(own: CycleSnapshot, listed: Sequence[ProblemSnapshot], language: Language) -> str:
    meetings = {said.event_id for one in listed for said in one.statements}
    held = [one for one in own.events if one.id in meetings] or [
        one for one in own.events if one.kind is EventKind.SESSION
    ]
    if not held or not listed:
        return ""
    told = [one.participants for one in held]
    known = [count for count in told if count is not None]
    votes = in_digits(sum(one.votes for one in listed), language)
    said = {"votes": votes, "meetings": in_digits(len(held), language)}
    if not known:
        return text("posters.votes_of_meetings", language, **said)
    key = "posters.votes_of_people" if len(known) == len(told) else "posters.votes_of_people_at_least"
    return text(key, language, people=in_digits(sum(known), language), **said)


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _approval(own: CycleSnapshot, language: Language) -> str:
    steps = own.plan.approvals if own.plan else ()
    if not steps:
        return ""
    last = max(steps, key=lambda one: one.taken_on)
    return f"{label(last.step, language)}: {date_in_words(last.taken_on, language)}"


def _line(
    number: int, activity: ActivitySnapshot, own: CycleSnapshot, language: Language, marks: Sequence[str]
) -> PosterActivity:
    deadline = span_in_words(activity.deadline_from, activity.deadline_to, language, activity.deadline_precision)
    responsible = " · ".join(
        filter(None, (label(activity.responsible, language) if activity.responsible else "", activity.responsible_note))
    )
    return PosterActivity(
        number=number,
        title=printable(activity.title),
        stage=activity.status,
        stage_words=label(activity.status, language),
        deadline=text("posters.deadline", language, when=deadline) if deadline else "",
        money=printable(_money(activity, language)),
        responsible=text("posters.responsible", language, who=printable(responsible)) if responsible else "",
        visited=_visited(own.visits_to(activity.id), activity, language),
        place=activity.geometry,
        marks=tuple(marks),
    )


def _money(activity: ActivitySnapshot, language: Language) -> str:
    parts = []
    for source in ContributionSource:
        sums = activity.money(source)
        name = label(source, language)
        if sums.total:
            words = _sum(sums.total, language, at_least=sums.at_least)
            parts.append(text("posters.from_source", language, source=name, money=words))
        elif sums.untold:
            parts.append(text("posters.untold", language, source=name))
    whole = activity.money()
    said = ", ".join(parts)
    if len(parts) > 1:
        total = _sum(whole.total, language, at_least=whole.at_least)
        said = text("posters.money_total", language, money=total, sources=said)
    missing = activity.gap.gap_som if activity.gap else None
    if missing and missing > 0:
        short = text("posters.missing", language, money=_sum(missing, language))
        said = f"{said}. {short}" if said else short
    elif not said and activity.gap and activity.gap.need_som:
        said = text("posters.need", language, money=_sum(activity.gap.need_som, language))
    return said or text("posters.no_money", language)


def _sum(som: int, language: Language, *, at_least: bool = False) -> str:
    """Return a sum that no line break splits."""
    return money_in_words(som, language, at_least=at_least).replace(" ", "\u00a0")


def _visited(visits: Sequence[VisitSnapshot], activity: ActivitySnapshot, language: Language) -> str:
    if visits:
        return text("posters.visited", language, date=date_in_words(visits[0].day, language))
    begun = activity.status in (ActivityStage.UNDER_WAY, ActivityStage.DONE)
    return text("posters.never_visited", language) if begun else ""
