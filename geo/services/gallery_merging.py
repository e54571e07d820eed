"""People decide that problems are the same one, and take that back (DOMAIN.md section 6).

What an event said keeps its words and votes: a merge only says under which problem it counts. See
`geo.domain.gallery.book` for what undoing does to other merges.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from geo.database.audit import ACTOR
from geo.domain.identifiers import new_id
from geo.domain.local_matters import Competence
from geo.domain.problems import ProblemLevel
from geo.domain.rights import LOCAL, Actor
from geo.errors import Conflict, NotFound, Refused
from geo.gallery import MergeSnapshot
from geo.models import Problem, ProblemMerge, ProblemMergeSource
from geo.models.base import now
from geo.repositories.gallery import GalleryRepository
from geo.services.gallery_book import place_problems, read_book
from geo.services.records.repeats import wait_for_twin

__all__ = ["find_merge", "list_merges", "merge_problems", "municipality_of_merge", "undo_merge"]


def merge_problems(
    session: Session,
    problem_ids: Collection[UUID],
    *,
    reason: str,
    into_id: UUID | None = None,
    title: str = "",
    level: ProblemLevel = ProblemLevel.SETTLEMENT,
    competence: str | None = None,
    versions: Mapping[UUID, int] | None = None,
    merge_id: UUID | None = None,
) -> MergeSnapshot:
    """Put problems into another one: their votes count for it from now on.

    Parameters
    ----------
    session
        Of the transaction.
    problem_ids
        The problems to put into another one, and into a new one all of those that are the same.
    reason
        Why they are the same problem.
    into_id
        A problem that is there, which keeps its title; None makes a new one.
    title, level, competence
        Of the new problem: what it is called, whose list it stands on, and who may deal with it (None where its parts
        do not agree on one).
    versions
        Versions of the problems that the person saw.
    merge_id
        UUIDv7 of the decision where the writer gave one; sent again it is met and nothing is done.

    Raises
    ------
    NotFound
        One of the problems is not there.
    Conflict
        One of them was merged or changed meanwhile, or another decision has this id.
    Refused
        There is no reason, no title, too little to merge, or they are of different cycles, villages or levels.
    """
    if not reason.strip():
        raise Refused("merge.no_reason")
    parts = tuple(dict.fromkeys(problem_ids))
    title = title.strip()
    if into_id is not None and title:
        raise Refused("merge.title_and_into")
    if not parts or (into_id is None and len(parts) < 2):
        raise Refused("merge.too_few")
    if into_id is None and not title:
        raise Refused("merge.no_title")
    repository = GalleryRepository(session)
    if merge_id is not None:
        met = _met(session, merge_id, parts, reason=reason.strip(), into_id=into_id, title=title)
        if met is not None:
            return met
    held = repository.hold({*parts, *([into_id] if into_id else [])})
    if len({one.cycle_id for one in held.values()}) > 1:
        raise Refused("merge.other_cycle")
    _check_fresh(repository, held, parts, versions or {})
    target = held[into_id] if into_id else _new(session, [held[one] for one in parts], title, level, competence)
    read_book(session, target.cycle_id).check_merge(parts, target.id)
    decision = ProblemMerge(
        id=merge_id or new_id(),
        municipality_id=target.municipality_id,
        into_id=target.id,
        reason=reason.strip(),
        decided_by=session.info[ACTOR],
        decided_at=now(),
        published_at=target.published_at,
    )
    session.add(decision)
    session.flush()
    for part in parts:
        held[part].merged_into_id = target.id
        session.add(ProblemMergeSource(merge_id=decision.id, problem_id=part))
    session.flush()
    place_problems(session, target.cycle_id, [target.id])
    return find_merge(session, decision.id)


def _met(
    session: Session, merge_id: UUID, parts: Sequence[UUID], *, reason: str, into_id: UUID | None, title: str
) -> MergeSnapshot | None:
    """Return the merge that the same act made before, None where the id is free."""
    wait_for_twin(session, merge_id)
    try:
        found = find_merge(session, merge_id)
    except NotFound:
        return None
    named = found.into_id == into_id if into_id else found.into_title == title
    if found.undone_at is None and named and set(found.problem_ids) == set(parts) and found.reason == reason:
        return found
    raise Conflict("record.exists", id=merge_id)


def undo_merge(session: Session, merge_id: UUID, *, reason: str = "", version: int | None = None) -> MergeSnapshot:
    """Take out again what a merge put into a problem, with everything that had been put into that.

    Other merges, earlier or later, keep what they put in themselves. A problem that was made for the merge and has
    nothing left under it stands on no list.

    Raises
    ------
    NotFound
        There is no such merge.
    Conflict
        It was undone or changed meanwhile.
    """
    repository = GalleryRepository(session)
    decision = repository.merge(merge_id, to_change=True)
    if decision.undone_at is not None:
        raise Conflict("merge.undone_already", by=decision.undone_by)
    if version is not None and version != decision.version:
        raise Conflict("merge.changed_meanwhile", seen=version, current=decision.version)
    sources = repository.sources([decision.id]).get(decision.id, [])
    held = repository.hold({decision.into_id, *(one.problem_id for one in sources)})
    moment = now()
    for source in sources:
        source.undone_at = moment
        held[source.problem_id].merged_into_id = None
    decision.undone_at = moment
    decision.undone_by = session.info[ACTOR]
    decision.undone_reason = reason.strip()
    session.flush()
    place_problems(session, held[decision.into_id].cycle_id, [decision.into_id])
    return find_merge(session, decision.id)


def find_merge(session: Session, merge_id: UUID, *, actor: Actor = LOCAL) -> MergeSnapshot:
    """Return a merge, standing or undone.

    Raises
    ------
    NotFound
        There is none with this id that the actor may see.
    """
    repository = GalleryRepository(session)
    decision = repository.merge(merge_id, actor=actor)
    cycle_id = repository.problem(decision.into_id, with_withdrawn=True).cycle_id
    return _snapshots(session, cycle_id, [decision])[0]


def list_merges(
    session: Session, cycle_id: UUID, actor: Actor = LOCAL, *, standing_only: bool = False
) -> tuple[MergeSnapshot, ...]:
    """Return the merges of a cycle that an actor may see, the oldest first; only those that stand, if asked for."""
    decisions = GalleryRepository(session).merges(cycle_id, actor=actor)
    return _snapshots(session, cycle_id, [one for one in decisions if not standing_only or one.undone_at is None])


def municipality_of_merge(session: Session, problem_ids: Collection[UUID]) -> UUID:
    """Return whose right it is to merge problems.

    Raises
    ------
    NotFound
        One of them is not there.
    Refused
        They are of different municipalities, or there are none.
    """
    repository = GalleryRepository(session)
    found = {repository.problem(one).municipality_id for one in problem_ids}
    if not found:
        raise Refused("merge.too_few")
    if len(found) > 1:
        raise Refused("merge.other_cycle")
    return found.pop()


def _check_fresh(
    repository: GalleryRepository, held: Mapping[UUID, Problem], parts: Sequence[UUID], versions: Mapping[UUID, int]
) -> None:
    for one in parts:
        if held[one].merged_into_id is not None:
            before = repository.merge_of(one)
            by = before.decided_by if before is not None else "—"
            raise Conflict("merge.merged_already", title=held[one].title, by=by)
    for one, seen in versions.items():
        if one in held and held[one].version != seen:
            raise Conflict("merge.changed_meanwhile", seen=seen, current=held[one].version)


def _new(
    session: Session, parts: Sequence[Problem], title: str, level: ProblemLevel, competence: str | None
) -> Problem:
    first = parts[0]
    agreed = {one.competence for one in parts}
    if competence is not None:
        competence = Competence.from_code(competence).code
    elif len(agreed) == 1:
        competence = agreed.pop()
    made = Problem(
        municipality_id=first.municipality_id,
        level=level,
        cycle_id=first.cycle_id,
        settlement_id=first.settlement_id if level is ProblemLevel.SETTLEMENT else None,
        title=title,
        competence=competence,
        published_at=first.published_at if all(one.published_at for one in parts) else None,
    )
    session.add(made)
    session.flush()
    return made


def _snapshots(session: Session, cycle_id: UUID, decisions: Sequence[ProblemMerge]) -> tuple[MergeSnapshot, ...]:
    sources = GalleryRepository(session).sources([one.id for one in decisions])
    book = read_book(session, cycle_id)
    return tuple(
        MergeSnapshot(
            id=one.id,
            version=one.version,
            into_id=one.into_id,
            into_title=book.problems[one.into_id].title,
            problem_ids=tuple(source.problem_id for source in sources.get(one.id, ())),
            level=book.problems[one.into_id].level,
            reason=one.reason,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
            undone_at=one.undone_at,
            undone_by=one.undone_by,
            undone_reason=one.undone_reason,
            votes=sum(statement.votes for statement in book.under(one.into_id)),
        )
        for one in decisions
    )
