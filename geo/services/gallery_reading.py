"""The gallery as lists: an event's wall, the priorities of a village and of a municipality, and whether they hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small
from geo.domain.gallery.book import Book
from geo.domain.gallery.counting import count_priorities
from geo.domain.gallery.notes import most_votes
from geo.domain.gallery.ranking import PRIORITIES, rank, top
from geo.domain.gallery.stability import rank_stability
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import NotFound
from geo.gallery import EventGallery, GalleryLine, PriorityCount, PriorityLine, PriorityList, RankStability, Statement
from geo.models import Cycle, Problem, ProblemStatement
from geo.repositories.gallery import GalleryRepository
from geo.repositories.territory import TerritoryRepository
from geo.services.gallery_book import book_of
from geo.services.gallery_merging import list_merges

__all__ = [
    "Wall",
    "event_gallery",
    "list_stability",
    "municipality_priorities",
    "priority_counts",
    "settlement_priorities",
]


def event_gallery(session: Session, event_id: UUID, actor: Actor) -> EventGallery:
    """Return an event's statements in the order of their votes, each with the village's problem it counts for.

    Raises
    ------
    NotFound
        There is no such event that the actor may see.
    """
    repository = GalleryRepository(session)
    event = repository.event(event_id, actor=actor)
    wall = Wall(session, event.cycle_id, actor)
    own_people = is_allowed(Action.READ, Subject.EVENTS, actor, repository.cycle(event.cycle_id).municipality_id)
    participants = None if is_small(event.participants) and not own_people else event.participants
    own = {one.id: one for one in wall.statements if one.event_id == event_id}
    ranked = rank({one.id: one.votes for one in own.values()})
    lines = []
    for one in ranked:
        head = wall.book.head(own[one.key].problem_id, ProblemLevel.SETTLEMENT)
        lines.append(GalleryLine(_statement(own[one.key]), one.rank, one.is_tied, head, wall.title(head)))
    return EventGallery(
        event_id=event.id,
        settlement_id=event.settlement_id,
        held_on=event.held_on,
        participants=participants,
        votes=sum(one.votes for one in own.values()),
        most_votes=None if participants is None else most_votes(participants),
        lines=tuple(lines),
    )


def settlement_priorities(
    session: Session, settlement_id: UUID, actor: Actor, *, cycle_id: UUID | None = None
) -> PriorityList:
    """Return a village's problems in the order of votes; of its newest cycle, if none is named.

    Raises
    ------
    NotFound
        There is no such village or cycle, or the village has no cycle yet.
    """
    TerritoryRepository(session).settlement(settlement_id)
    repository = GalleryRepository(session)
    cycle = repository.cycle(cycle_id) if cycle_id else repository.last_cycle_of_settlement(settlement_id)
    if cycle is None:
        raise NotFound("gallery.no_cycle", id=settlement_id)
    return Wall(session, cycle.id, actor).list(cycle, ProblemLevel.SETTLEMENT, settlement_id)


def municipality_priorities(
    session: Session, municipality_id: UUID, actor: Actor, *, year: int | None = None
) -> PriorityList:
    """Return the problems of a municipality's villages in the order of votes; of its newest year, if none is named.

    Raises
    ------
    NotFound
        The municipality has no cycle in that year.
    """
    cycles = GalleryRepository(session).cycles(municipality_id=municipality_id, year=year)
    if not cycles:
        raise NotFound("gallery.no_cycle", id=municipality_id)
    return Wall(session, cycles[0].id, actor).list(cycles[0], ProblemLevel.MUNICIPALITY, None)


def list_stability(session: Session, listed: PriorityList, actor: Actor) -> RankStability:
    """Say of a list whether its priorities would be others without one of its merges or events that an actor sees."""
    wall = Wall(session, listed.cycle_id, actor)
    merges = {one.id: one.problem_ids for one in list_merges(session, listed.cycle_id, actor, standing_only=True)}
    events = GalleryRepository(session).events_seen(listed.cycle_id, actor=actor)
    found = rank_stability(wall.book, listed.level, merges=merges, events=events, settlement=listed.settlement_id)
    named = {one.key for one in found.top}
    for removal in found.removals:
        named |= {one.key for one in removal.top} | {*removal.entered, *removal.left}
    return RankStability(listed, found, {one: wall.title(one) for one in named})


def priority_counts(
    session: Session,
    actor: Actor,
    *,
    by: ProblemLevel = ProblemLevel.MUNICIPALITY,
    year: int | None = None,
    municipality_id: UUID | None = None,
) -> tuple[PriorityCount, ...]:
    """Count in how many municipalities or villages a matter is among the priorities.

    Problems of which nobody has said who may deal with them are not counted.

    Parameters
    ----------
    by
        Places to count.
    year, municipality_id
        One year, one municipality only.
    """
    cycles = {one.id: one for one in GalleryRepository(session).cycles(municipality_id=municipality_id, year=year)}
    book = GalleryRepository(session).book(*cycles, actor=actor)
    seen = GalleryRepository(session).seen(*cycles, actor=actor)
    lists: defaultdict[tuple[UUID, UUID | None], Counter[UUID]] = defaultdict(Counter)
    for said in book.statements:
        village = said.settlement if by is ProblemLevel.SETTLEMENT else None
        lists[book.problems[said.problem].cycle, village][book.head(said.problem, by)] += said.votes
    matters: dict[UUID, set[str]] = {}
    for (cycle_id, village), votes in lists.items():
        named = {book.competence(line.key, seen) for line in top(rank(votes))}
        place = village or cycles[cycle_id].municipality_id
        matters.setdefault(place, set()).update(competence for competence in named if competence)
    return tuple(
        PriorityCount(
            competence=one.key,
            places=one.votes,
            rank=one.rank,
            is_tied=one.is_tied,
            place_ids=tuple(place for place, found in matters.items() if one.key in found),
        )
        for one in count_priorities(matters)
    )


class Wall:
    """What an actor may see of a cycle's gallery; every list of it comes from the same rows."""

    def __init__(self, session: Session, cycle_id: UUID, actor: Actor) -> None:
        repository = GalleryRepository(session)
        self.problems: dict[UUID, Problem] = {one.id: one for one in repository.problems(cycle_id)}
        self.statements = repository.statements(cycle_id, actor=actor)
        self.seen = repository.seen(cycle_id, actor=actor)
        self.book: Book = book_of(self.problems.values(), self.statements)

    def title(self, problem_id: UUID) -> str:
        """Return a problem's title; the first wording under it where the title itself is not for the actor."""
        if problem_id in self.seen:
            return self.problems[problem_id].title
        under = self.book.under(problem_id)
        wordings = {one.id: one.wording for one in self.statements}
        return wordings[under[0].id] if under else ""

    def list(self, cycle: Cycle, level: ProblemLevel, settlement_id: UUID | None) -> PriorityList:
        """Return a list of this cycle."""
        under: defaultdict[UUID, list[ProblemStatement]] = defaultdict(list)
        for said in self.statements:
            if settlement_id in (None, said.settlement_id):
                under[self.book.head(said.problem_id, level)].append(said)
        ranked = rank(self.book.tally(level, settlement=settlement_id))
        lines = []
        for one in ranked:
            problem = self.problems[one.key]
            villages: Counter[UUID] = Counter()
            for statement in under[one.key]:
                villages[statement.settlement_id] += statement.votes
            lines.append(
                PriorityLine(
                    problem_id=problem.id,
                    version=problem.version if problem.id in self.seen else None,
                    level=problem.level,
                    title=self.title(problem.id),
                    competence=self.book.competence(problem.id, self.seen),
                    votes=one.votes,
                    rank=one.rank,
                    is_tied=one.is_tied,
                    is_priority=one.rank <= PRIORITIES and one.votes > 0,
                    by_settlement=dict(villages),
                    statements=tuple(map(_statement, under[one.key])),
                )
            )
        return PriorityList(
            level=level,
            municipality_id=cycle.municipality_id,
            settlement_id=settlement_id,
            cycle_id=cycle.id,
            year=cycle.year,
            votes=sum(one.votes for one in ranked),
            lines=tuple(lines),
        )


def _statement(one: ProblemStatement) -> Statement:
    return Statement(one.id, one.problem_id, one.event_id, one.settlement_id, one.wording, one.votes, one.competence)
