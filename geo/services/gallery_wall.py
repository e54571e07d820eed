"""The wall of a session while it is worked at: notes in groups, and moving a note from one group to another.

A group is made of the event's statements that count for one problem of the village, so to put a note into a group is a
merge and to take it out undoes one (DOMAIN.md section 6): words and votes of a note stay what they are.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geo.domain.disclosure import is_small
from geo.domain.gallery.notes import most_votes
from geo.domain.gallery.ranking import PRIORITIES, rank
from geo.domain.problems import ProblemLevel
from geo.domain.rights import Action, Actor, Subject, is_allowed
from geo.errors import ChangedMeanwhile, Conflict, Refused
from geo.gallery import ProblemMove, SessionWall, WallGroup, WallNote
from geo.models import Problem
from geo.repositories.gallery import GalleryRepository
from geo.repositories.ledger import ledger_mark
from geo.services.gallery_book import read_book
from geo.services.gallery_merging import merge_problems, undo_merge

__all__ = ["move_problem", "session_wall", "wall_mark"]

_VILLAGE = ProblemLevel.SETTLEMENT


def wall_mark(session: Session, event_id: UUID, actor: Actor) -> str:
    """Return a word that stays the same as long as an event's wall cannot have changed for an actor.

    It is far cheaper than the wall: it follows from the ledger, and may change though the wall is the same.
    """
    roles = sorted((str(one), sorted(found)) for one, found in actor.roles.items())
    who = (str(actor.account_id), roles, sorted(actor.everywhere))
    return hashlib.sha256(repr((str(event_id), who, ledger_mark(session))).encode()).hexdigest()[:16]


def session_wall(session: Session, event_id: UUID, actor: Actor) -> SessionWall:
    """Return an event's notes in groups, the groups in the order of the event's votes.

    Raises
    ------
    NotFound
        There is no such event that the actor may see.
    """
    repository = GalleryRepository(session)
    event = repository.event(event_id, actor=actor)
    book = repository.book(event.cycle_id, actor=actor)
    own_people = is_allowed(Action.READ, Subject.EVENTS, actor, repository.cycle(event.cycle_id).municipality_id)
    participants = None if is_small(event.participants) and not own_people else event.participants
    notes: defaultdict[UUID, list[WallNote]] = defaultdict(list)
    for note in repository.notes(event_id, actor=actor):
        notes[book.head(note.problem_id, _VILLAGE)].append(note)
    votes = {head: sum(note.votes for note in some) for head, some in notes.items()}
    everywhere = book.tally(_VILLAGE, settlement=event.settlement_id)
    seen = repository.seen(event.cycle_id, actor=actor)
    versions = repository.versions(event.cycle_id)
    return SessionWall(
        event_id=event.id,
        settlement_id=event.settlement_id,
        held_on=event.held_on,
        sex=event.group_sex,
        participants=participants,
        votes=sum(votes.values()),
        most_votes=None if participants is None else most_votes(participants),
        groups=tuple(
            WallGroup(
                problem_id=one.key,
                version=versions[one.key] if one.key in seen else None,
                title=book.problems[one.key].title if one.key in seen else notes[one.key][0].wording,
                competence=book.competence(one.key, seen),
                votes=one.votes,
                votes_elsewhere=everywhere.get(one.key, 0) - one.votes,
                rank=one.rank,
                is_tied=one.is_tied,
                is_priority=one.rank <= PRIORITIES and one.votes > 0,
                notes=tuple(notes[one.key]),
            )
            for one in rank(votes)
        ),
    )


def move_problem(
    session: Session,
    problem_id: UUID,
    *,
    into_id: UUID | None,
    reason: str,
    with_others: bool = False,
    seen_in: UUID | None = None,
) -> ProblemMove:
    """Let a problem count for another one of its village, or for itself, whatever it counted for before.

    What was merged together with it stays where it was. What had been put into it stays together too, unless it is
    moved ``with_others``.

    Parameters
    ----------
    into_id
        Any problem of the group; None lets it stand for itself.
    reason
        Why; it is kept with the merge.
    seen_in
        The problem under which the person saw it count; None takes it from wherever it is.

    Raises
    ------
    NotFound
        One of the problems is not there.
    ChangedMeanwhile
        Somebody moved it since, and elsewhere than this is to put it; carries where it is, and where it was to go.
    Conflict
        It was merged over the villages: that is taken back on the municipality's list.
    Refused
        There is no reason, or the problems are of different villages or years.
    """
    if not reason.strip():
        raise Refused("merge.no_reason")
    repository = GalleryRepository(session)
    repository.hold_cycle(repository.problem(problem_id).cycle_id)
    problem = repository.hold({problem_id, *([into_id] if into_id else [])})[problem_id]
    book = read_book(session, problem.cycle_id)
    if into_id is not None and into_id not in book.problems:
        raise Refused("merge.other_cycle")
    before = problem.merged_into_id
    if before is not None and book.problems[before].level is ProblemLevel.MUNICIPALITY:
        raise Conflict("wall.merged_over_villages", title=book.problems[before].title)
    now_in = book.head(problem_id, _VILLAGE)
    head = None if into_id is None else book.head(into_id, _VILLAGE)
    if head == now_in:
        return ProblemMove(problem_id, before, before, None)
    if seen_in not in (None, now_in):
        title = book.problems[now_in].title
        raise ChangedMeanwhile(
            "wall.moved_meanwhile",
            current={"problem_id": str(problem_id), "into_id": str(now_in), "title": title},
            yours={"from_id": str(seen_in), "into_id": into_id and str(into_id)},
            title=title,
        )
    stays_at = None if before is None else now_in
    others = None if with_others else _leave_others(session, repository, problem, stays_at, reason)
    if before is not None:
        _take_out(session, repository, problem, now_in, reason)
    if head is not None:
        merge_problems(session, [problem_id], into_id=head, reason=reason)
    return ProblemMove(problem_id, stays_at, head, others)


def _leave_others(
    session: Session, repository: GalleryRepository, problem: Problem, stays_at: UUID | None, reason: str
) -> UUID | None:
    """Take out what was put into a problem that is about to go, and keep it together; returns what it counts for."""
    merges = repository.merges_into(problem.id)
    if not merges:
        return None
    left: list[UUID] = []
    for merge in merges:
        left += _undone(session, repository, merge.id, reason)
    if stays_at is None and len(left) == 1:
        return left[0]
    why = merges[0].reason
    if stays_at is None:
        return merge_problems(session, left, title=problem.title, reason=why).into_id
    return merge_problems(session, left, into_id=stays_at, reason=why).into_id


def _take_out(session: Session, repository: GalleryRepository, problem: Problem, now_in: UUID, reason: str) -> None:
    merge = repository.merge_of(problem.id)
    assert merge is not None, "what is merged has a merge that stands"
    why = merge.reason
    left = [one for one in _undone(session, repository, merge.id, reason) if one != problem.id]
    if left:
        merge_problems(session, left, into_id=now_in, reason=why)


def _undone(session: Session, repository: GalleryRepository, merge_id: UUID, reason: str) -> Sequence[UUID]:
    parts = [one.problem_id for one in repository.sources([merge_id]).get(merge_id, [])]
    undo_merge(session, merge_id, reason=reason)
    return parts
